"""Equating: sums of points on a new form as sums on the base form."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from scoring_engine.ability.posterior import Prior
from scoring_engine.calibration.equating import equipercentile, observed_score_equating, true_score_equating
from scoring_engine.calibration.linking import transform
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit


def guessing_form(seed, length=20, shift=0.0):
    chance = np.random.default_rng(seed)
    slopes, places = chance.uniform(0.7, 2, length), chance.normal(shift, 1, length)
    rows = zip(slopes, places, chance.uniform(0.1, 0.25, length), strict=True)
    return Items([Logistic(a, b, c) for a, b, c in rows])


NEW, BASE = guessing_form(1), guessing_form(2, shift=0.3)
MIXED = Items(
    [Logistic(1.2, 0.3), Graded(1.1, (-1.0, 0.5)), PartialCredit(0.9, (0.4, -0.6)), Nominal((0.6, 1.5), (0, 0))]
)


def expected(items, theta):
    """The test characteristic curve of guessing items in plain loops."""
    return sum(i.lower + (1 - i.lower) / (1 + math.exp(-i.a * (theta - i.b))) for i in items.each)


def test_true_scores_agree_with_a_general_root_finder():
    found = true_score_equating(NEW, BASE)
    inside = [x for x in range(20) if x > sum(i.lower for i in NEW.each)]
    for x in inside:
        theta = brentq(lambda at, x=x: expected(NEW, at) - x, -50, 50, xtol=1e-13)
        assert found.theta[x] == pytest.approx(theta, abs=1e-9)
        assert found.equated[x] == pytest.approx(expected(BASE, theta), abs=1e-9)


def test_scores_below_chance_lie_on_the_line_to_zero_and_the_most_points_meet():
    found = true_score_equating(NEW, BASE)
    chance_new, chance_base = (sum(i.lower for i in form.each) for form in (NEW, BASE))
    below = np.arange(math.floor(chance_new) + 1)
    assert found.equated[below] == pytest.approx(below * chance_base / chance_new, abs=1e-12)
    assert np.isnan(found.theta[below]).all()
    assert (found.equated[20], math.isnan(found.theta[20])) == (20.0, True)


def test_without_guessing_only_the_ends_are_fixed():
    found = true_score_equating(Items([Logistic(1.0, b) for b in (-1, 0, 1)]), MIXED)
    assert (found.equated[0], found.equated[3]) == (0.0, 7.0)
    assert np.isfinite(found.theta[1:3]).all()


def test_scores_beyond_upper_asymptotes_lie_on_the_line_to_the_most_points():
    new, base = Items([Logistic(1.0, 0.0, 0.0, 0.8)] * 5), Items([Logistic(1.0, 0.0, 0.0, 0.9)] * 10)
    assert true_score_equating(new, base).equated[4:] == pytest.approx([9.0, 10.0], abs=1e-12)


def test_nothing_is_worth_nothing_and_everything_everything_even_where_the_base_form_expects_neither():
    new, base = Items([Logistic(1.0, 0.0)] * 5), Items([Logistic(1.0, 0.0, 0.2, 0.9)] * 10)
    assert true_score_equating(new, base).equated[[0, 5]].tolist() == [0.0, 10.0]


def test_asymptotes_whose_sum_rounds_to_a_score_leave_it_on_the_line():
    new = Items([Logistic(1.0, 0.0, 0.1)] * 10)  # ten times .1 adds up to .9999999999999999
    found = true_score_equating(new, guessing_form(3))
    assert math.isnan(found.theta[1])
    assert found.equated[1] == pytest.approx(sum(i.lower for i in guessing_form(3).each), abs=1e-9)


@pytest.mark.parametrize("form", [NEW, MIXED])
def test_a_form_equated_to_itself_keeps_its_scores(form):
    scores = np.arange(int((form.categories - 1).sum()) + 1)
    assert true_score_equating(form, form).equated == pytest.approx(scores, abs=1e-9)
    assert observed_score_equating(form, form).equated == pytest.approx(scores, abs=1e-9)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_points_are_always_worth_more(one, other):
    new, base = guessing_form(one, 12), guessing_form(other, 15)
    assert (np.diff(true_score_equating(new, base).equated) > 0).all()
    assert (np.diff(observed_score_equating(new, base).equated) > 0).all()


def test_an_easier_base_form_gives_every_score_more_points():
    harder, easier = guessing_form(1), transform(guessing_form(1), 1.0, -0.5)
    assert (observed_score_equating(harder, easier).equated > np.arange(21)).all()
    found = true_score_equating(harder, easier)
    inside = np.isfinite(found.theta)
    assert (found.equated[inside] > found.score[inside]).all()


def test_true_scores_do_not_depend_on_where_the_scale_begins():
    moved = true_score_equating(transform(NEW, 1.7, -2.0), transform(BASE, 1.7, -2.0))
    assert moved.equated == pytest.approx(true_score_equating(NEW, BASE).equated, abs=1e-9)


def test_four_items_give_the_equivalents_that_kolen_and_brennan_print():
    """Kolen & Brennan (2014), chapter 2: the hypothetical four-item test."""
    found = equipercentile([0.2, 0.3, 0.2, 0.2, 0.1], [0.1, 0.2, 0.2, 0.3, 0.2])
    assert found == pytest.approx([0.50, 1.75, 2.8333, 3.50, 4.25], abs=5e-5)


distributions = st.lists(st.integers(1, 20), min_size=1, max_size=12).map(lambda n: np.array(n) / sum(n))


@settings(max_examples=50)
@given(distributions, distributions)
def test_equated_scores_have_the_percentile_rank_of_the_new_ones(f, g):
    """The definition: the spread base distribution below the equated score holds what the new one does."""
    for x, y in enumerate(equipercentile(f, g)):
        below = sum(p * min(max(y + 0.5 - k, 0.0), 1.0) for k, p in enumerate(g))
        assert below == pytest.approx(f[:x].sum() + f[x] / 2, abs=1e-9)


@settings(max_examples=50)
@given(distributions, distributions)
def test_scores_counted_from_the_other_end_are_equated_from_the_other_end(f, g):
    turned = equipercentile(f[::-1], g[::-1])[::-1]
    assert turned == pytest.approx(g.size - 1 - equipercentile(f, g), abs=1e-9)


def test_a_rank_on_a_run_of_impossible_scores_gets_its_middle():
    assert equipercentile([0.0, 1.0], [0.5, 0.0, 0.0, 0.5])[1] == pytest.approx(1.5)


def test_scores_too_rare_to_show_beside_one_are_still_told_apart():
    rare = np.array([1e-30, 1e-20, 0.5, 0.5, 1e-20, 1e-30])
    assert equipercentile(rare, rare) == pytest.approx(np.arange(6), abs=1e-9)


def test_observed_scores_agree_with_a_simulated_synthetic_population():
    chance = np.random.default_rng(12)
    theta = np.where(np.arange(400_000) % 4 == 0, chance.normal(0.5, 0.8, 400_000), chance.normal(0.0, 1.0, 400_000))

    def sums(form):
        total = np.zeros(theta.size, dtype=int)
        for i in form.each:
            total += chance.random(theta.size) < i.lower + (1 - i.lower) / (1 + np.exp(-i.a * (theta - i.b)))
        return np.bincount(total, minlength=21) / theta.size

    simulated = equipercentile(sums(NEW), sums(BASE))
    found = observed_score_equating(NEW, BASE, [Prior(0.5, 0.8), Prior()], [0.25, 0.75])
    assert found.equated[3:20] == pytest.approx(simulated[3:20], abs=0.04)


def test_populations_share_equally_unless_told_otherwise():
    both = [Prior(0.5, 0.8), Prior(-0.5, 1.2)]
    plain = observed_score_equating(NEW, BASE, both)
    assert plain.equated == pytest.approx(observed_score_equating(NEW, BASE, both, [0.5, 0.5]).equated, abs=1e-12)
    assert plain.equated != pytest.approx(observed_score_equating(NEW, BASE, both, [0.9, 0.1]).equated, abs=1e-6)


def test_nominal_slopes_that_do_not_rise_are_refused():
    with pytest.raises(ValueError, match="nominal item 1"):
        true_score_equating(Items([Logistic(1, 0), Nominal((1.0, 0.5), (0, 0))]), NEW)
    with pytest.raises(ValueError, match="nominal item 0"):
        true_score_equating(NEW, Items([Nominal((-0.1, 0.5), (0, 0))]))


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.2, -0.2], [math.nan, 1.0], [], [[0.5, 0.5]]])
def test_what_is_no_distribution_is_refused(wrong):
    with pytest.raises(ValueError):
        equipercentile(wrong, [0.5, 0.5])
    with pytest.raises(ValueError):
        equipercentile([0.5, 0.5], wrong)


def test_shares_that_are_none_are_refused():
    for populations, shares in (([], None), ([Prior()], [0.5, 0.5]), ([Prior(), Prior()], [0.9, 0.2])):
        with pytest.raises(ValueError, match=r"population|shares"):
            observed_score_equating(NEW, BASE, populations, shares)
