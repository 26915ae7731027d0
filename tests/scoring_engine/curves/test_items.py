"""Category probabilities of 2PL and graded items."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.curves.items import FLOOR, Items, log_probabilities, probabilities

THETA = np.linspace(-6, 6, 49)

slopes = st.floats(0.2, 3.0)
rising = st.lists(st.integers(-30, 30), min_size=1, max_size=5, unique=True).map(
    lambda tenths: [t / 10 for t in sorted(tenths)]
)
tests = st.lists(st.tuples(slopes, rising), min_size=1, max_size=6).map(
    lambda items: Items.of([a for a, _ in items], [b for _, b in items])
)


def textbook(theta: float, slope: float, thresholds: list[float]) -> list[float]:
    """Difference of cumulative logistic curves, as the books print it."""
    cumulative = [1.0, *(1 / (1 + math.exp(-slope * (theta - b))) for b in thresholds), 0.0]
    return [above - below for above, below in pairwise(cumulative)]


def test_agrees_with_the_textbook_difference_in_a_mixed_test():
    slope, thresholds = [1.1, 0.7, 1.9], [[0.2], [-1.5, -0.5, 0.5, 1.5], [-1.0, 2.0]]
    found = probabilities(THETA, Items.of(slope, thresholds))
    for item, (a, b) in enumerate(zip(slope, thresholds, strict=True)):
        wanted = [textbook(theta, a, b) for theta in THETA]
        assert found[:, item, : len(b) + 1] == pytest.approx(np.array(wanted), abs=1e-11)
        assert (found[:, item, len(b) + 1 :] == 0).all()


def test_gives_the_printed_probabilities_of_baker():
    """Baker (2001), The Basics of Item Response Theory, table 2-2: b = 1.0, a = 0.5."""
    right = probabilities(np.arange(-3.0, 4.0), Items.of([0.5], [[1.0]]))[:, 0, 1]
    assert np.round(right, 2).tolist() == [0.12, 0.18, 0.27, 0.38, 0.50, 0.62, 0.73]


def test_the_tail_of_a_2pl_item_keeps_its_digits():
    log_right = log_probabilities([-500.0], Items.of([2.0], [[0.0]]))[0, 0, 1]
    assert log_right == pytest.approx(-1000.0, rel=1e-12)


def test_no_category_of_a_graded_item_falls_below_the_floor():
    found = probabilities([-40.0, 40.0], Items.of([2.0], [[-1.0, 0.0, 1.0]]))
    assert found.min() == pytest.approx(FLOOR, rel=1e-9, abs=0)
    assert found.sum(axis=2) == pytest.approx(1.0, abs=1e-14)


@given(tests)
def test_probabilities_sum_to_one(items):
    assert probabilities(THETA, items).sum(axis=2) == pytest.approx(1.0, abs=1e-12)


@given(slopes, rising)
def test_turning_the_scale_round_turns_the_categories_round(slope, thresholds):
    plain = probabilities(THETA, Items.of([slope], [thresholds]))
    turned = probabilities(-THETA, Items.of([slope], [[-b for b in reversed(thresholds)]]))
    assert turned[:, :, ::-1] == pytest.approx(plain, abs=1e-12)


@given(slopes, rising)
def test_a_higher_ability_never_makes_a_lower_result_likelier(slope, thresholds):
    at_most = probabilities(THETA, Items.of([slope], [thresholds])).cumsum(axis=2)
    assert (np.diff(at_most, axis=0) <= 1e-11).all()


@given(tests, st.integers(-40, 40).map(lambda tenth: tenth / 10))
def test_the_curvature_of_a_likelihood_stays_below_its_bound(items, theta):
    step = 1e-3
    low, middle, high = log_probabilities([theta - step, theta, theta + step], items)
    exists = np.isfinite(middle)
    low, middle, high = (np.where(exists, logs, 0.0) for logs in (low, middle, high))
    curvature = ((2 * middle - low - high) / step**2).max(axis=1).sum()
    assert curvature <= items.information_bound + 1e-3


@pytest.mark.parametrize(
    ("slope", "thresholds", "sentence"),
    [
        ([], [], "0 slopes"),
        ([1.0, 1.0], [[0.0]], "2 slopes"),
        ([0.0], [[0.0]], "slope of item 0"),
        ([1.0, -1.0], [[0.0], [0.0]], "slope of item 1"),
        ([float("nan")], [[0.0]], "finite"),
        ([1.0], [[]], "item 0 has no threshold"),
        ([1.0, 1.0], [[0.0], [1.0, 0.5]], "thresholds of item 1 do not rise"),
        ([1.0], [[0.0, 0.0]], "do not rise"),
        ([1.0], [[float("nan"), 0.0]], "not finite"),
        ([1.0], [[0.0, float("-inf")]], "not finite"),
    ],
)
def test_parameters_that_describe_no_test_are_refused(slope, thresholds, sentence):
    with pytest.raises(ValueError, match=sentence):
        Items.of(slope, thresholds)


@pytest.mark.parametrize("theta", [[[0.0]], [float("inf")], 0.0])
def test_abilities_that_are_no_row_of_numbers_are_refused(theta):
    with pytest.raises(ValueError, match="theta"):
        probabilities(theta, Items.of([1.0], [[0.0]]))
