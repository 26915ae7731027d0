"""Rating scales: keyed, averaged, checked for yes-saying, scored."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from scoring_engine.curves.items import Graded, Items, PartialCredit
from scoring_engine.instruments.rating import RatingScale, acquiescence, credits, keyed, scale_means, score

SCALE = RatingScale(5, (False, True, False, True, False))
ITEMS = Items([Graded(1.0 + 0.2 * item, (-1.5, -0.5, 0.5, 1.5)) for item in range(5)])

ratings = st.lists(st.sampled_from([-1, 1, 2, 3, 4, 5]), min_size=5, max_size=5)


def test_reversed_items_are_turned_and_missing_ones_stay():
    assert keyed([1, 1, 5, 5, -1], SCALE).tolist() == [[1, 5, 5, 1, -1]]
    assert credits([1, 1, 5, 5, -1], SCALE).tolist() == [[0, 4, 4, 0, -1]]
    assert keyed([-1, -1, 2, 2, 3], SCALE).tolist() == [[-1, -1, 2, 4, 3]]


@settings(max_examples=60)
@given(ratings, st.integers(1, 5))
def test_means_agree_with_plain_averaging(row, least):
    turned = [6 - x if item in (1, 3) else x for item, x in enumerate(row) if x > 0]
    expected = sum(turned) / len(turned) if len(turned) >= least else math.nan
    assert scale_means(row, SCALE, least) == pytest.approx([expected], nan_ok=True)


@settings(max_examples=60)
@given(ratings)
def test_acquiescence_agrees_with_averaging_both_kinds_of_items(row):
    sides = [[x for item, x in enumerate(row) if x > 0 and (item in (1, 3)) == side] for side in (False, True)]
    means = [sum(side) / len(side) if len(side) >= 2 else math.nan for side in sides]
    assert acquiescence(row, SCALE) == pytest.approx([sum(means) / 2 - 3], nan_ok=True)


def test_saying_yes_to_everything_is_the_most_acquiescence_and_content_is_none():
    assert acquiescence([[5] * 5, [1] * 5, [5, 1, 5, 1, 5], [3] * 5], SCALE).tolist() == [2.0, -2.0, 0.0, 0.0]


def test_too_few_answers_give_no_mean_rather_than_a_low_one():
    found = scale_means([[5, -1, -1, -1, -1], [5, 1, 5, -1, -1]], SCALE, 3)
    assert np.isnan(found[0])
    assert found[1] == 5.0


def test_scores_agree_with_adaptive_integration_of_the_keyed_ratings():
    row, slopes = [4, 2, 5, -1, 3], [1.0 + 0.2 * item for item in range(5)]
    wanted = [4, 4, 5, None, 3]  # keyed by hand

    def likelihood(theta):
        product = math.exp(-(theta**2) / 2)
        for slope, category in zip(slopes, wanted, strict=True):
            if category is not None:
                above = [1.0, *(1 / (1 + math.exp(-slope * (theta - b))) for b in (-1.5, -0.5, 0.5, 1.5)), 0.0]
                product *= above[category - 1] - above[category]
        return product

    mass, first, second = (quad(lambda x, k=k: x**k * likelihood(x), -8, 8, epsabs=1e-13)[0] for k in range(3))
    found = score(row, SCALE, ITEMS)
    assert found.theta[0] == pytest.approx(first / mass, abs=1e-7)
    assert found.se[0] == pytest.approx(math.sqrt(second / mass - (first / mass) ** 2), abs=1e-7)
    assert found.n_items[0] == 4


@settings(max_examples=30)
@given(ratings)
def test_turning_scale_and_ratings_changes_no_score_and_turns_acquiescence(row):
    turned = [6 - x if x > 0 else -1 for x in row]
    other = RatingScale(5, tuple(not side for side in SCALE.reverse))
    assert score(turned, other, ITEMS).theta.tobytes() == score(row, SCALE, ITEMS).theta.tobytes()
    assert acquiescence(turned, other) == pytest.approx(-acquiescence(row, SCALE), nan_ok=True)


@settings(max_examples=30)
@given(ratings, st.integers(0, 4))
def test_a_keyed_rating_one_higher_never_scores_lower(row, item):
    rows = np.array([[*row[:item], x, *row[item + 1 :]] for x in range(1, 6)])
    rising = rows[::-1] if SCALE.reverse[item] else rows
    assert (np.diff(score(rising, SCALE, ITEMS).theta) > 0).all()
    assert (np.diff(scale_means(rising, SCALE, 1)) > 0).all()


def test_a_person_alone_gives_the_same_bytes_as_in_any_batch():
    rows = np.random.default_rng(1).integers(1, 6, (300, 5))
    together = (scale_means(rows, SCALE, 1), acquiescence(rows, SCALE))
    for person in (0, 299):
        assert scale_means(rows[person], SCALE, 1)[0] == together[0][person]
        assert acquiescence(rows[person], SCALE)[0] == together[1][person]


@pytest.mark.parametrize("row", [[0, 1, 1, 1, 1], [1, 1, 1, 1, 6], [1, 1, 1, 1], [1.0] * 5, [1, 1, -2, 1, 1]])
def test_what_is_no_rating_is_refused(row):
    for function in (keyed, credits, acquiescence):
        with pytest.raises(ValueError):
            function(row, SCALE)
    with pytest.raises(ValueError):
        scale_means(row, SCALE, 1)


def test_a_refused_rating_is_named_by_row_and_column():
    with pytest.raises(ValueError, match="rating 6 of person 1 on item 4 is not -1 or 1 to 5"):
        keyed([[1] * 5, [1, 1, 1, 1, 6]], SCALE)


@pytest.mark.parametrize("least", [0, 6])
def test_more_answers_than_items_or_none_cannot_be_asked(least):
    with pytest.raises(ValueError, match="cannot be asked"):
        scale_means([1] * 5, SCALE, least)


@pytest.mark.parametrize(
    ("reverse", "least"),
    [((False, False, True), 2), ((False, False, False), 2), ((True, True, True), 1), ((True, False, True), 0)],
)
def test_unbalanced_scales_tell_no_acquiescence(reverse, least):
    with pytest.raises(ValueError, match="do not tell"):
        acquiescence([1, 1, 1], RatingScale(5, reverse), least)


@pytest.mark.parametrize("categories", [2, 127])
def test_two_to_127_categories_are_a_scale_and_its_end_turns_into_the_other(categories):
    scale = RatingScale(categories, (False, True))
    assert keyed([categories, categories], scale).tolist() == [[categories, 1]]


@pytest.mark.parametrize(("categories", "reverse"), [(1, (True,)), (128, (True,)), (5, ())])
def test_what_is_no_scale_is_refused(categories, reverse):
    with pytest.raises(ValueError, match="no rating scale"):
        RatingScale(categories, reverse)


def test_items_of_another_number_of_categories_are_refused():
    for items in (Items([PartialCredit(1.0, (0.0, 1.0))] * 5), ITEMS.at([0, 1])):
        with pytest.raises(ValueError, match="the items are not"):
            score([1] * 5, SCALE, items)
