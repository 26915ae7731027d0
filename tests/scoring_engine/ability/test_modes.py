"""ML, MAP and WLE, each against a search that shares no code with the engine."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from scoring_engine.ability.modes import maximum_a_posteriori, maximum_likelihood, weighted_likelihood
from scoring_engine.ability.posterior import Prior
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit

MIXED = Items([
    Logistic(1.2, -0.3), Graded(1.7, (-1.5, -0.5, 0.4, 1.6)), PartialCredit(0.9, (0.6, -0.6, 1.0)),
    Logistic(0.8, 0.7), Graded(0.6, (0.0, 0.4)),
])  # fmt: skip
GUESSED = Items([Logistic(1.0 + 0.1 * k, -1.5 + 0.3 * k, 0.2, 0.98 if k % 2 else 1.0) for k in range(10)])
NOMINAL = Items([Nominal((0.9, 1.7), (0.4, -0.2)), Nominal((-0.7, 0.8, 1.1), (0.0, 0.3, 0.1)), Logistic(1.1, 0.2)])


def log_p(item, theta):
    """Every model's log probabilities as the books print them."""
    match item:
        case Logistic(a, b, lower, upper):
            right = lower + (upper - lower) / (1 + math.exp(-a * (theta - b)))
            return [math.log(1 - right), math.log(right)]
        case Graded(a, b):
            reached = [1.0, *(1 / (1 + math.exp(-a * (theta - one))) for one in b), 0.0]
            return [math.log(reached[k] - reached[k + 1]) for k in range(len(b) + 1)]
        case PartialCredit(a, b):
            logits = [sum(a * (theta - one) for one in b[:k]) for k in range(len(b) + 1)]
        case Nominal(a, c):
            logits = [0.0, *(slope * theta + shift for slope, shift in zip(a, c, strict=True))]
    whole = math.log(sum(map(math.exp, logits)))
    return [logit - whole for logit in logits]


def log_likelihood(items, row, theta):
    return sum(log_p(item, theta)[x] for item, x in zip(items.each, row, strict=True) if x >= 0)


def information_and_bend(items, row, theta, h=1e-4):
    """I and J by central differences of P."""
    information = bend = 0.0
    for item, x in zip(items.each, row, strict=True):
        if x >= 0:
            low, middle, high = ([math.exp(v) for v in log_p(item, theta + step)] for step in (-h, 0, h))
            for below, p, above in zip(low, middle, high, strict=True):
                first, second = (above - below) / (2 * h), (above - 2 * p + below) / h**2
                information, bend = information + first**2 / p, bend + first * second / p
    return information, bend


def highest(function, low=-9.0, high=9.0):
    """The highest point, by a dense look and then a search for the zero of a central difference."""
    places = np.linspace(low, high, 601)
    best = places[int(np.argmax([function(theta) for theta in places]))]
    return brentq(lambda t: function(t + 1e-5) - function(t - 1e-5), best - 0.04, best + 0.04, xtol=1e-13)


def rows_of(items, seed, persons=8):
    chance = np.random.default_rng(seed)
    return chance.integers(-1, items.categories, (persons, len(items)))


@pytest.mark.parametrize("items", [MIXED, GUESSED, NOMINAL])
def test_map_agrees_with_a_search_for_the_highest_posterior(items):
    rows, prior = rows_of(items, 1), Prior(0.4, 1.3)
    found = maximum_a_posteriori(rows, items, prior)
    for row, theta, se, n in zip(rows, found.theta, found.se, found.n_items, strict=True):
        if n:
            wanted = highest(lambda t, row=row: log_likelihood(items, row, t) - ((t - 0.4) / 1.3) ** 2 / 2)
            assert theta == pytest.approx(wanted, abs=1e-6)
            assert se == pytest.approx(1 / math.sqrt(information_and_bend(items, row, theta)[0] + 1 / 1.3**2), abs=1e-6)


@pytest.mark.parametrize("items", [MIXED, GUESSED])
def test_ml_agrees_with_a_search_for_the_highest_likelihood(items):
    rows = rows_of(items, 2, persons=16)
    found = maximum_likelihood(rows, items)
    assert (found.flag == "").sum() > 6
    for row, theta, se, flag in zip(rows, found.theta, found.se, found.flag, strict=True):
        if not flag:
            assert theta == pytest.approx(highest(lambda t, row=row: log_likelihood(items, row, t)), abs=1e-6)
            assert se == pytest.approx(1 / math.sqrt(information_and_bend(items, row, theta)[0]), abs=1e-5)


@pytest.mark.parametrize("items", [MIXED, GUESSED])
def test_wle_is_a_root_of_the_slope_with_warms_correction(items):
    rows = rows_of(items, 3)
    found = weighted_likelihood(rows, items)
    for row, theta in zip(rows, found.theta, strict=True):

        def slope(t, row=row):
            information, bend = information_and_bend(items, row, t)
            rise = (log_likelihood(items, row, t + 1e-5) - log_likelihood(items, row, t - 1e-5)) / 2e-5
            return rise + bend / (2 * information)

        assert slope(theta - 1e-4) > 0 > slope(theta + 1e-4)


def test_ml_and_its_error_are_what_baker_prints():
    """Baker (2001), chapter 5: b = -1, 0, 1; a = 1, 1.2, 0.8; answers 1 0 1 give 0.3249 with error 1.23."""
    found = maximum_likelihood([1, 0, 1], Items([Logistic(1.0, -1.0), Logistic(1.2, 0.0), Logistic(0.8, 1.0)]))
    assert (round(found.theta[0], 2), round(found.se[0], 2)) == (0.32, 1.23)


def test_wle_of_one_right_rasch_answer_is_ln_3_above_its_location():
    """x - P + (1 - 2P) / 2 = 0 gives P = 3/4: Warm (1989), equation 14, for one item."""
    found = weighted_likelihood([[1], [0]], Items([Logistic(1.0, 0.5)]))
    assert found.theta == pytest.approx([0.5 + math.log(3), 0.5 - math.log(3)], abs=1e-12)


@pytest.mark.parametrize("answer", [0, 1])
def test_all_right_or_all_wrong_has_no_ml_but_a_map_and_a_wle(answer):
    items = Items([Logistic(1.2, 0.1 * k) for k in range(-5, 6)])
    row = [answer] * 11
    none = maximum_likelihood(row, items)
    assert (none.flag[0], np.isnan(none.theta[0]), np.isnan(none.se[0])) == ("no_ml", True, True)
    for estimate in (maximum_a_posteriori, weighted_likelihood):
        found = estimate(row, items)
        assert found.flag[0] == ""
        assert np.sign(found.theta[0]) == (1 if answer else -1)


def test_a_pattern_worse_than_guessing_has_no_ml():
    items = Items([Logistic(1.5, 0.0, 0.25)] * 8)
    assert maximum_likelihood([1, 0, 0, 0, 0, 0, 0, 0], items).flag.tolist() == ["no_ml"]


def test_nothing_answered_gives_the_prior_or_nothing():
    row = [-1] * len(MIXED)
    found = maximum_a_posteriori(row, MIXED, Prior(0.3, 1.2))
    assert (found.theta[0], found.se[0], found.flag[0], found.n_items[0]) == (0.3, 1.2, "no_items", 0)
    for estimate in (maximum_likelihood, weighted_likelihood):
        found = estimate(row, MIXED)
        assert (np.isnan(found.theta[0]), np.isnan(found.se[0]), found.flag[0]) == (True, True, "no_items")


def test_one_answer_has_a_map_and_a_wle_but_no_ml():
    row = [1, -1, -1, -1, -1]
    assert maximum_likelihood(row, MIXED).flag.tolist() == ["no_ml"]
    assert (maximum_a_posteriori(row, MIXED).flag[0], weighted_likelihood(row, MIXED).flag[0]) == ("", "")


def test_a_local_peak_below_the_end_of_the_scale_is_no_ml():
    """Guessing explains the answers better than any ability: the likelihood is highest at minus infinity."""
    items = Items([Logistic(3.0, 2.0, 0.5)] * 4 + [Logistic(2.0, -1.0)] * 2)
    row = [1, 1, 0, 0, 0, 0]
    assert log_likelihood(items, row, -9.0) > max(log_likelihood(items, row, t) for t in np.linspace(-2, 6, 81))
    assert maximum_likelihood(row, items).flag.tolist() == ["no_ml"]


def test_of_two_peaks_the_higher_is_taken():
    """A likelihood with two maxima: easy items wrong, hard ones with guessing right."""
    items = Items([Logistic(3.0, -2.0)] * 6 + [Logistic(3.0, 2.0, 0.3)] * 5)
    row = [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    wanted = highest(lambda t: log_likelihood(items, row, t))
    assert maximum_likelihood(row, items).theta[0] == pytest.approx(wanted, abs=1e-6)


def test_a_root_beyond_the_grid_is_flagged():
    far = Items([Logistic(0.05, 8.0)] * 3)
    assert weighted_likelihood([1, 1, 1], far).flag.tolist() == ["bound"]


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1), st.integers(1, 530))
def test_a_person_has_the_same_bytes_alone_and_in_any_batch(seed, size):
    long = Items([*MIXED.each] * 12)
    rows = rows_of(long, seed, persons=530)
    for estimate in (maximum_a_posteriori, weighted_likelihood):
        whole, part = estimate(rows, long), estimate(rows[-size:], long)
        assert part.theta.tobytes() == whole.theta[-size:].tobytes()
        assert part.se.tobytes() == whole.se[-size:].tobytes()


answers_to_mixed = st.tuples(*(st.integers(-1, int(last) - 1) for last in MIXED.categories))


@settings(max_examples=60)
@given(answers_to_mixed, st.integers(0, 4))
def test_a_better_answer_always_scores_above_a_worse_one(answers, item):
    rows = [(*answers[:item], k, *answers[item + 1 :]) for k in range(MIXED.categories[item])]
    for estimate in (maximum_a_posteriori, weighted_likelihood):
        assert (np.diff(estimate(rows, MIXED).theta) > 0).all()


@settings(max_examples=30)
@given(answers_to_mixed)
def test_turning_the_scale_round_turns_the_estimate_round(answers):
    items = Items([Graded(1.5, (-1.0, 0.2)), Logistic(1.2, -0.3), Graded(0.8, (-2.0, 0.0, 1.0))])
    turned = Items([Graded(1.5, (-0.2, 1.0)), Logistic(1.2, 0.3), Graded(0.8, (-1.0, 0.0, 2.0))])
    row = [min(x, int(k) - 1) for x, k in zip(answers[:3], items.categories, strict=True)]
    round_about = [int(k) - 1 - x if x >= 0 else -1 for x, k in zip(row, items.categories, strict=True)]
    for estimate in (maximum_a_posteriori, weighted_likelihood):
        one, other = estimate(row, items).theta[0], estimate(round_about, turned).theta[0]
        assert (math.isnan(one) and math.isnan(other)) or one == pytest.approx(-other, abs=1e-9)


def _moved(item, shift, unit):
    b = unit * np.array(item.b) + shift
    return type(item)(item.a / unit, float(b) if b.ndim == 0 else tuple(b))


@settings(max_examples=30)
@given(answers_to_mixed, st.floats(-2, 2), st.floats(0.5, 2))
def test_another_unit_and_origin_of_the_scale_only_relabel_the_estimate(answers, shift, unit):
    moved = Items([_moved(item, shift, unit) for item in MIXED.each])
    plain, other = maximum_a_posteriori(answers, MIXED), maximum_a_posteriori(answers, moved, Prior(shift, unit))
    assert other.theta == pytest.approx(unit * plain.theta + shift, abs=1e-8)
    assert other.se == pytest.approx(unit * plain.se, abs=1e-8)


@pytest.mark.parametrize("answers", [[5, 0, 0, 0, 0], [0, 0], [0.0, 1.0, 0.0, 0.0, 0.0]])
def test_answers_that_do_not_fit_the_test_are_refused(answers):
    for estimate in (maximum_a_posteriori, maximum_likelihood, weighted_likelihood):
        with pytest.raises(ValueError):
            estimate(answers, MIXED)


@pytest.mark.parametrize(
    "items",
    [
        Items([Logistic(3.0, float(b)) for b in np.linspace(-3, -1, 40)]),
        Items([Logistic(3.5, float(b)) for b in np.linspace(-1, 1, 40)]),
        Items([Graded(4.0, (-2.0, -1.0, 0.0))] * 30),
    ],
)
def test_all_right_has_no_ml_even_where_the_slope_runs_out_of_digits(items):
    best, worst = items.categories - 1, np.zeros(len(items), dtype=int)
    for answers in (best, worst):
        assert maximum_likelihood(answers, items).flag.tolist() == ["no_ml"]


def test_of_two_roots_of_wle_the_higher_peak_is_taken():
    found = weighted_likelihood([[1, 0]], Items([Logistic(2.0, -4.0), Logistic(4.0, 4.0)]))

    def objective(theta):
        parts = [(2.0, -4.0), (4.0, 4.0)]
        p = [1 / (1 + math.exp(-a * (theta - b))) for a, b in parts]
        information = sum(a * a * q * (1 - q) for (a, _b), q in zip(parts, p, strict=True))
        return math.log(p[0] * (1 - p[1]) * math.sqrt(information))

    places = np.linspace(-8, 8, 16001)
    assert found.theta[0] == pytest.approx(places[int(np.argmax([objective(at) for at in places]))], abs=1e-3)


def test_an_item_that_nobody_can_miss_does_not_spoil_the_error():
    found = maximum_a_posteriori([[1]], Items([Logistic(1.0, -1000.0, 0.2)]))
    assert (found.theta[0], found.se[0]) == pytest.approx((0.0, 1.0))
