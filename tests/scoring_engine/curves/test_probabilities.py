"""Category probabilities of every model, their derivatives and information."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit
from scoring_engine.curves.probabilities import curves, expected_scores, information, log_probabilities, probabilities

THETA = np.linspace(-6, 6, 49)
MIXED = Items([
    Logistic(1.2, -0.3), Graded(1.7, (-1.5, -0.5, 0.4, 1.6)), Logistic(0.8, 0.7, 0.2),
    PartialCredit(0.9, (0.6, -0.6, 1.0)), Nominal((0.8, -0.4, 1.9), (0.3, 0.1, -1.0)),
    Logistic(1.5, 0.1, 0.15, 0.95), Graded(0.6, (0.0, 0.01)),
])  # fmt: skip


def logistic(z):
    return 1 / (1 + math.exp(-z))


def textbook(theta, item):
    """Each model as the books print it, one ability and one item at a time."""
    match item:
        case Logistic(a, b, lower, upper):
            right = lower + (upper - lower) * logistic(a * (theta - b))
            return [1 - right, right]
        case Graded(a, b):
            reached = [1.0, *(logistic(a * (theta - one)) for one in b), 0.0]
            return [reached[k] - reached[k + 1] for k in range(len(b) + 1)]
        case PartialCredit(a, b):
            weights = [math.exp(sum(a * (theta - one) for one in b[:k])) for k in range(len(b) + 1)]
        case Nominal(a, c):
            weights = [1.0, *(math.exp(slope * theta + shift) for slope, shift in zip(a, c, strict=True))]
    return [weight / sum(weights) for weight in weights]


def flat(table):
    """The categories that exist, one after the other."""
    return np.concatenate([table[:, item, :k] for item, k in enumerate(MIXED.categories)], axis=1)


def test_agrees_with_the_textbook_in_a_mixed_test():
    wanted = [[p for item in MIXED.each for p in textbook(theta, item)] for theta in THETA]
    assert flat(probabilities(THETA, MIXED)) == pytest.approx(np.array(wanted), abs=1e-12)


def test_categories_that_an_item_has_not_are_impossible():
    found = curves(THETA, MIXED)
    for item, k in enumerate(MIXED.categories):
        assert np.isneginf(log_probabilities(THETA, MIXED)[:, item, k:]).all()
        assert not any(table[:, item, k:].any() for table in (found.p, found.first, found.second))


def test_derivatives_agree_with_central_differences():
    h, found = 1e-4, curves(THETA, MIXED)
    low, high = (curves(THETA + step, MIXED) for step in (-h, h))
    assert flat(found.p) == pytest.approx(flat(probabilities(THETA, MIXED)), abs=1e-14)
    assert flat(found.first) == pytest.approx(flat(high.p - low.p) / (2 * h), abs=1e-8)
    assert flat(found.second) == pytest.approx(flat(high.first - low.first) / (2 * h), abs=1e-8)


def test_information_is_the_expected_squared_score():
    """The variance of d log P / d theta over the categories, each by a difference of logarithms."""
    h = 1e-5
    slope = (flat(log_probabilities(THETA + h, MIXED)) - flat(log_probabilities(THETA - h, MIXED))) / (2 * h)
    pieces, start = [], 0
    for k in MIXED.categories:
        part = slice(start, start + k)
        pieces.append((flat(probabilities(THETA, MIXED))[:, part] * slope[:, part] ** 2).sum(axis=1))
        start += k
    assert information(THETA, MIXED) == pytest.approx(np.stack(pieces, axis=1), abs=1e-8)


def test_expected_scores_weigh_every_category_by_its_number():
    wanted = [[sum(k * p for k, p in enumerate(textbook(theta, item))) for item in MIXED.each] for theta in THETA]
    assert expected_scores(THETA, MIXED) == pytest.approx(np.array(wanted), abs=1e-12)


def test_gives_the_printed_probabilities_of_baker():
    """Baker (2001), The Basics of Item Response Theory, table 2-2: b = 1.0, a = 0.5."""
    right = probabilities(np.arange(-3.0, 4.0), Items([Logistic(0.5, 1.0)]))[:, 0, 1]
    assert np.round(right, 2).tolist() == [0.12, 0.18, 0.27, 0.38, 0.50, 0.62, 0.73]


def test_a_2pl_item_tells_most_at_its_location_a_quarter_of_its_squared_slope():
    """Lord (1980), section 5: the maximum of P'^2 / PQ of the 2PL is a^2 / 4, at b."""
    told = information(THETA, Items([Logistic(1.6, 0.5)]))[:, 0]
    assert (told.max(), THETA[told.argmax()]) == (pytest.approx(0.64), 0.5)


def test_the_tails_keep_their_digits():
    log_p = log_probabilities(
        [-500.0, 500.0], Items([Logistic(2.0, 0.0), Graded(2.0, (-1.0, 1.0)), PartialCredit(1.0, (0.0,))])
    )
    assert log_p[0, :, 1] == pytest.approx([-1000.0, -998.0, -500.0], rel=1e-3)
    assert log_p[1, :, 0] == pytest.approx([-1000.0, -1002.0, -500.0], rel=1e-12)


slopes = st.floats(0.2, 3.0)
numbers = st.integers(-30, 30).map(lambda tenth: tenth / 10)
rising = st.lists(numbers, min_size=1, max_size=5, unique=True).map(lambda b: tuple(sorted(b)))
items = st.one_of(
    st.builds(Logistic, slopes, numbers, st.floats(0, 0.4), st.floats(0.6, 1.0)),
    st.builds(Graded, slopes, rising),
    st.builds(PartialCredit, slopes, st.lists(numbers, min_size=1, max_size=5).map(tuple)),
    st.lists(st.tuples(numbers, numbers), min_size=1, max_size=4).map(lambda rows: Nominal(*zip(*rows, strict=True))),
)
tests = st.lists(items, min_size=1, max_size=6).map(Items)


@settings(max_examples=50)
@given(tests)
def test_probabilities_sum_to_one_and_their_derivatives_to_nothing(items):
    found = curves(THETA, items)
    assert found.p.sum(axis=2) == pytest.approx(1.0, abs=1e-12)
    assert np.abs(found.first.sum(axis=2)).max() < 1e-12
    assert np.abs(found.second.sum(axis=2)).max() < 1e-11


@settings(max_examples=50)
@given(slopes, rising)
def test_turning_the_scale_round_turns_the_categories_round(slope, thresholds):
    plain = probabilities(THETA, Items([Graded(slope, thresholds)]))
    turned = probabilities(-THETA, Items([Graded(slope, tuple(-b for b in reversed(thresholds)))]))
    assert turned[:, :, ::-1] == pytest.approx(plain, abs=1e-12)


@settings(max_examples=50)
@given(st.one_of(st.builds(Graded, slopes, rising), st.builds(PartialCredit, slopes, rising)))
def test_a_higher_ability_never_makes_a_lower_result_likelier(item):
    at_most = probabilities(THETA, Items([item])).cumsum(axis=2)
    assert (np.diff(at_most, axis=0) <= 1e-11).all()


@settings(max_examples=50)
@given(slopes, numbers)
def test_two_categories_are_a_2pl_item_under_every_model(a, b):
    plain = probabilities(THETA, Items([Logistic(a, b)]))
    for same in (Graded(a, (b,)), PartialCredit(a, (b,)), Nominal((a,), (-a * b,))):
        assert probabilities(THETA, Items([same])) == pytest.approx(plain, abs=1e-12)


@settings(max_examples=50)
@given(tests, numbers)
def test_the_curvature_of_a_likelihood_stays_below_its_bound(items, theta):
    found = curves([theta], items)
    there = found.p > 0
    ratio = np.where(there, found.first / np.where(there, found.p, 1.0), 0.0)
    curvature = np.where(there, ratio**2 - found.second / np.where(there, found.p, 1.0), -np.inf)
    assert curvature.max(axis=2).sum() <= items.information_bound + 1e-9


@pytest.mark.parametrize("theta", [[[0.0]], [float("inf")], 0.0])
def test_abilities_that_are_no_row_of_numbers_are_refused(theta):
    for function in (probabilities, curves, information, expected_scores):
        with pytest.raises(ValueError, match="theta"):
            function(theta, MIXED)
