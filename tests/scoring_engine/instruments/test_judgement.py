"""Situational judgement: keys, credits, and the level of each competency."""

import math
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from scoring_engine.ability.posterior import Prior
from scoring_engine.curves.items import Graded, Items, PartialCredit
from scoring_engine.instruments.judgement import (
    OptionKey,
    best_worst_credits,
    competency_level,
    competency_levels,
    consensus_key,
    distance_scores,
    expert_agreement,
    expert_key,
    graded_credits,
    option_scores,
)

NAN = math.nan
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

KEY = OptionKey(np.array([[0.0, 0.5, 1.0, 0.2], [1.0, 0.0, 0.6, NAN]]))

ITEMS = Items([Graded(1.4, (-1.0, 0.2, 1.1)), PartialCredit(0.9, (-0.5, 0.6)), Graded(2.0, (-0.3, 0.4))])
CUTS = [-1.5, -0.5, 0.5, 1.5]


def test_agreement_of_four_judges_of_six_targets_is_the_one_published():
    """Shrout & Fleiss (1979), tables 2 and 4: ICC(2, 4) = .62."""
    assert expert_agreement(np.transpose(SHROUT_FLEISS)) == pytest.approx(0.62, abs=0.005)


def test_agreement_agrees_with_sums_of_squares_added_one_by_one():
    table = np.random.default_rng(1).normal(size=(5, 9)) + np.linspace(-3, 3, 9)
    k, n, grand = 5, 9, sum(map(sum, table.tolist())) / 45
    rows = [sum(table[e][t] for e in range(k)) / k for t in range(n)]
    columns = [sum(table[e][t] for t in range(n)) / n for e in range(k)]
    between = k * sum((row - grand) ** 2 for row in rows) / (n - 1)
    raters = n * sum((column - grand) ** 2 for column in columns) / (k - 1)
    whole = sum((table[e][t] - grand) ** 2 for e in range(k) for t in range(n))
    error = (whole - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    assert expert_agreement(table) == pytest.approx((between - error) / (between + (raters - error) / n))


def expert_ratings():
    return np.array([
        [[1, 3, 5, 2], [7, 1, 4, NAN]],
        [[2, 4, 6, 2], [6, 2, 4, NAN]],
        [[1, 2, 6, 3], [7, 1, 5, NAN]],
    ])  # fmt: skip


def test_an_expert_key_stretches_the_mean_of_each_item_from_0_to_1():
    found = expert_key(expert_ratings()).credit
    means = [[4 / 3, 3.0, 17 / 3, 7 / 3], [20 / 3, 4 / 3, 13 / 3]]
    for row, mean in zip(found, means, strict=True):
        expected = [(m - min(mean)) / (max(mean) - min(mean)) for m in mean]
        assert row[: len(mean)] == pytest.approx(expected)
    assert np.isnan(found[1, 3])


def test_experts_who_do_not_agree_make_no_key():
    ratings = expert_ratings()
    ratings[2] = 8 - ratings[2]
    with pytest.raises(ValueError, match=r"less than 0\.80"):
        expert_key(ratings)
    with pytest.raises(ValueError, match=r"less than 0\.99"):
        expert_key(expert_ratings(), 0.99)


def test_a_consensus_key_is_the_share_of_those_who_answered():
    choices = [[0, 2], [0, 2], [1, -1], [3, 0]]
    found = consensus_key(choices, [4, 3], frozenset({"2024-1"}))
    assert found.credit[0].tolist() == [0.5, 0.25, 0.0, 0.25]
    assert found.credit[1, :3] == pytest.approx([1 / 3, 0, 2 / 3])
    assert np.isnan(found.credit[1, 3])
    assert found.n_options.tolist() == [4, 3]


def test_a_wave_is_never_scored_by_its_own_consensus():
    key = consensus_key([[0], [1]], [2], frozenset({"2024-1"}))
    assert option_scores([[0]], key, "2025-1").tolist() == [[0.5]]
    with pytest.raises(ValueError, match="made this key"):
        option_scores([[0]], key, "2024-1")
    with pytest.raises(ValueError, match="made this key"):
        graded_credits([[0]], key, "2024-1", 3)


def test_answers_get_the_credit_of_their_option():
    found = option_scores([[2, 0], [3, -1]], KEY, "w")
    assert found[0].tolist() == [1.0, 1.0]
    assert found[1, 0] == 0.2
    assert np.isnan(found[1, 1])


def test_graded_credits_are_the_nearest_of_the_ordered_ones_and_halves_go_up():
    assert graded_credits([[0, 1], [1, 2], [2, 0], [3, -1]], KEY, "w", 3).tolist() == [[0, 0], [1, 1], [2, 2], [0, -1]]
    assert graded_credits([[1, 2]], KEY, "w", 2).tolist() == [[1, 1]]


@settings(max_examples=60)
@given(st.lists(st.sampled_from([NAN, 1.0, 2.0, 3.0, 4.0, 5.0]), min_size=5, max_size=5), st.booleans())
def test_distances_agree_with_standardising_by_hand(row, standardise):
    key = [2.0, 4.5, 3.0, 1.0, 5.0]
    seen = [j for j in range(5) if not math.isnan(row[j])]
    person, expert = [row[j] for j in seen], [key[j] for j in seen]

    def standard(values):
        if len(values) < 2 or len(set(values)) == 1:
            return [NAN] * len(values)
        mean = sum(values) / len(values)
        sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
        return [(v - mean) / sd for v in values]

    if standardise:
        person, expert = standard(person), standard(expert)
    expected = np.full(5, NAN)
    expected[seen] = [-((p - e) ** 2) for p, e in zip(person, expert, strict=True)]
    assert distance_scores(row, key, standardise)[0] == pytest.approx(expected, nan_ok=True, abs=1e-9)


@settings(max_examples=40)
@given(st.permutations([1.0, 2.0, 3.0, 4.0]), st.floats(0.2, 5), st.floats(-5, 5))
def test_a_standardised_distance_forgets_level_and_spread(row, spread, level):
    key = [1.0, 2.0, 3.0, 5.0]
    moved = distance_scores(np.multiply(row, spread) + level, key, standardise=True)
    assert moved == pytest.approx(distance_scores(row, key, standardise=True), abs=1e-9)


@pytest.mark.parametrize(
    ("best", "worst", "credit"),
    [(2, 0, 4), (2, 1, 3), (1, 0, 3), (1, 3, 2), (2, 2, None), (1, 2, 1), (0, 1, 1), (0, 2, 0), (-1, -1, -1)],
)
def test_best_and_worst_picks_score_from_both_inverted_to_both_hit(best, worst, credit):
    if credit is None:
        with pytest.raises(ValueError, match="same"):
            best_worst_credits([best], [worst], [(2, 0)], [4])
    else:
        assert best_worst_credits([best], [worst], [(2, 0)], [4]).tolist() == [[credit]]


def boxcar(answers, low, high, power=0):
    """Integrate the textbook likelihood of ITEMS times the standard normal over a level."""

    def density(theta):
        product = math.exp(-(theta**2) / 2)
        for answer, item in zip(answers, ITEMS.each, strict=True):
            if answer < 0:
                continue
            if isinstance(item, Graded):
                above = [1.0, *(1 / (1 + math.exp(-item.a * (theta - b))) for b in item.b), 0.0]
                product *= above[answer] - above[answer + 1]
            else:
                assert isinstance(item, PartialCredit)
                steps = np.exp(np.cumsum([0.0, *(item.a * (theta - b) for b in item.b)]))
                product *= steps[answer] / steps.sum()
        return theta**power * product

    return quad(density, low, high, epsabs=1e-13, epsrel=1e-11)[0]


@pytest.mark.parametrize("answers", [[3, 2, 2], [0, 0, 0], [1, -1, 1], [2, 1, 0]])
def test_levels_and_their_probabilities_agree_with_adaptive_integration(answers):
    found, mass = competency_level(answers, ITEMS, CUTS), boxcar(answers, -9, 9)
    borders = [-9.0, *CUTS, 9.0]
    expected = [boxcar(answers, low, high) / mass for low, high in pairwise(borders)]
    theta = boxcar(answers, -9, 9, 1) / mass
    se = math.sqrt(boxcar(answers, -9, 9, 2) / mass - theta**2)
    assert found.probabilities[0] == pytest.approx(expected, abs=1e-6)
    assert (found.theta[0], found.se[0]) == pytest.approx((theta, se), abs=1e-6)
    assert found.level[0] == 1 + sum(theta >= cut for cut in CUTS)
    assert found.at_border[0] == any(theta - se <= cut <= theta + se for cut in CUTS)


def test_a_band_that_holds_no_cut_is_not_at_the_border():
    sure = competency_level([3, 2, 2], ITEMS, [-3.0, 3.0], Prior(0.0, 1.0))
    near = competency_level([3, 2, 2], ITEMS, [-3.0, 1.0], Prior(0.0, 1.0))
    assert (sure.at_border.tolist(), near.at_border.tolist()) == ([False], [True])


def test_a_person_without_an_answer_has_no_level():
    found = competency_level([[-1, -1, -1], [1, 1, 1]], ITEMS, CUTS)
    assert found.level[0] == -1
    assert np.isnan([found.theta[0], found.se[0], *found.probabilities[0]]).all()
    assert not found.at_border[0]
    assert found.n_items.tolist() == [0, 3]


def test_each_competency_rests_on_its_own_items_and_cuts():
    answers, cuts = [[3, 2, 0], [0, 1, 2]], {"M.01": CUTS, "M.02": [0.0]}
    found = competency_levels(answers, ITEMS, {"M.01": [0, 1], "M.02": [2]}, cuts)
    alone = competency_level([[0], [2]], ITEMS.at([2]), [0.0])
    assert list(found) == ["M.01", "M.02"]
    assert found["M.02"].theta.tobytes() == alone.theta.tobytes()
    assert found["M.02"].level.tolist() == [1, 2]
    assert found["M.01"].n_items.tolist() == [2, 2]


@settings(max_examples=30)
@given(st.tuples(st.integers(-1, 3), st.integers(-1, 2), st.integers(-1, 2)), st.integers(0, 2))
def test_a_better_answer_never_lowers_the_level(answers, item):
    last = (3, 2, 2)[item]
    rows = [(*answers[:item], credit, *answers[item + 1 :]) for credit in range(last + 1)]
    found = competency_level(rows, ITEMS, CUTS)
    assert (np.diff(found.theta) > 0).all()
    assert (np.diff(found.level) >= 0).all()
    assert found.probabilities.sum(axis=1) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    "credit", [[[0.0, 1.1]], [[-0.1, 1.0]], [[0.5, NAN]], [[NAN, 0.2, 1.0]], [0.0, 1.0], [[0.0, NAN, 1.0]]]
)
def test_what_is_no_key_is_refused(credit):
    with pytest.raises(ValueError):
        OptionKey(np.array(credit))


@pytest.mark.parametrize("ratings", [[[1.0, 2.0]], [[1.0], [2.0]], [[1.0, 1.0], [1.0, 1.0]], [[1.0, NAN], [1.0, 2.0]]])
def test_ratings_that_tell_no_agreement_are_refused(ratings):
    with pytest.raises(ValueError):
        expert_agreement(ratings)


def test_an_item_whose_options_are_equally_good_or_unrated_has_no_expert_key():
    flat, gap = expert_ratings(), expert_ratings()
    flat[:, 1, :3] = 4
    gap[0, 0, 1] = NAN
    with pytest.raises(ValueError, match="options of item 1 equally good"):
        expert_key(flat, 0.0)
    with pytest.raises(ValueError, match="rates every option"):
        expert_key(gap)


def test_impossible_choices_are_refused():
    for choices in ([[0, 3]], [[4, 0]], [[0]], [[0.0, 1.0]], [[-2, 0]]):
        with pytest.raises(ValueError):
            option_scores(choices, KEY, "w")
        with pytest.raises(ValueError):
            consensus_key(choices, [4, 3], frozenset())
    with pytest.raises(ValueError, match="answered item 1"):
        consensus_key([[0, -1]], [4, 3], frozenset())


@pytest.mark.parametrize("categories", [1, 128])
def test_too_few_or_many_categories_are_refused(categories):
    with pytest.raises(ValueError, match="categories"):
        graded_credits([[0, 0]], KEY, "w", categories)


@pytest.mark.parametrize("key", [[(0, 0)], [(4, 0)], [(-1, -1)], [(0, 1), (1, 0)]])
def test_impossible_keys_of_picks_are_refused(key):
    with pytest.raises(ValueError):
        best_worst_credits([0], [1], key, [4])


def test_ratings_that_do_not_fit_the_key_are_refused():
    for ratings, key in (([1.0, 2.0], [1.0]), ([1.0, math.inf], [1.0, 2.0]), ([1.0, 2.0], [1.0, NAN])):
        with pytest.raises(ValueError):
            distance_scores(ratings, key)


def test_levels_need_cuts_that_rise_for_every_competency():
    with pytest.raises(ValueError, match="rise"):
        competency_level([1, 1, 1], ITEMS, [0.5, 0.5])
    with pytest.raises(ValueError, match="have cuts"):
        competency_levels([1, 1, 1], ITEMS, {"M.01": [0]}, {"M.02": [0.0]})
    with pytest.raises(ValueError):
        competency_levels([4, 1, 1], ITEMS, {"M.01": [0]}, {"M.01": [0.0]})


def test_a_difference_that_only_rounding_makes_is_none_whatever_the_order_of_experts():
    ratings = np.array([
        [[0.1, 0.3, np.nan], [1, 5, 9]], [[0.2, 0.2, np.nan], [1, 5, 9]], [[0.3, 0.1, np.nan], [1, 5, 9]],
    ])  # fmt: skip
    for order in permutations(range(3)):
        with pytest.raises(ValueError, match="all options of item 0 equally good"):
            expert_key(ratings[list(order)])


def test_an_item_without_options_and_an_endless_credit_are_refused():
    with pytest.raises(ValueError, match="item 1 has no option"):
        expert_key(np.array([[[1.0, 5.0], [np.nan, np.nan]]] * 3))
    with pytest.raises(ValueError, match="outside 0 to 1"):
        OptionKey(np.array([[0.0, 1.0, np.inf]]))
