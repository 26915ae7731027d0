"""Boxes under correlated errors."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from scoring_engine.standards.joint_axes import (
    bivariate_normal_cdf,
    error_covariance,
    joint_box_chances,
    rectangle_probabilities,
)
from scoring_engine.standards.nine_box import BOX, box, box_chances, category, known_axis, normal_axis

NAN, INF = math.nan, math.inf
CUTS = ((60.0, 80.0), (60.0, 80.0))
MINISTRY_OF_FINANCE = ((1, 2, 3), (4, 6, 7), (5, 8, 9))


def normal_cdf(z):
    return math.erfc(-z / math.sqrt(2)) / 2


def by_integration(h, k, r):
    """Adaptive integration of P(Y < k given x) over x < h; shares no code with the engine."""
    spread = math.sqrt(1 - r * r)

    def integrand(x):
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi) * normal_cdf((k - r * x) / spread)

    steps = [k / r + turn * spread / abs(r) for turn in (-8, -2, 0, 2, 8)] if r else []
    points = sorted(x for x in [*steps, -3.0, 0.0, 3.0] if -9 < x < h)
    ends = [-9.0, *points, h]
    return sum(quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=200)[0] for a, b in pairwise(ends))


@pytest.mark.parametrize("r", [-0.999999, -0.95, -0.5, -1e-9, 0.0, 0.3, 0.7, 0.93, 0.999, 0.9999999])
@pytest.mark.parametrize("h", [-2.7, -0.4, 0.0, 1.1, 3.2])
def test_the_distribution_function_agrees_with_adaptive_integration(h, r):
    borders = [-3.0, -0.4, 0.0, 0.9, 1.1, 2.5]
    found = bivariate_normal_cdf(h, borders, r)
    assert found == pytest.approx([by_integration(h, k, r) for k in borders], abs=1e-9)


@pytest.mark.parametrize("r", [-1.0, -0.8, -0.5, 0.0, 0.25, 0.5, 1.0])
def test_the_quadrant_has_the_mass_of_sheppard(r):
    """Sheppard (1899): 1/4 + asin(r) / (2 pi)."""
    assert float(bivariate_normal_cdf(0.0, -0.0, r)) == pytest.approx(0.25 + math.asin(r) / (2 * math.pi), abs=1e-15)


@given(st.floats(-8, 8), st.floats(-8, 8), st.floats(-1, 1))
def test_the_distribution_function_keeps_its_laws(h, k, r):
    found = float(bivariate_normal_cdf(h, k, r))
    assert 0 <= found <= min(normal_cdf(h), normal_cdf(k)) + 1e-15
    assert float(bivariate_normal_cdf(k, h, r)) == pytest.approx(found, abs=1e-12)
    assert found + float(bivariate_normal_cdf(h, -k, -r)) == pytest.approx(normal_cdf(h), abs=1e-12)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-1, 1), st.floats(-1, 1))
def test_more_correlation_never_means_less_joint_mass(h, k, one, other):
    low, high = bivariate_normal_cdf(h, k, sorted([one, other]))
    assert low <= high + 1e-12


@pytest.mark.parametrize("r", [-1.0, -0.4, 0.0, 0.9, 1.0])
def test_infinite_borders_leave_the_other_axis_or_nothing(r):
    found = bivariate_normal_cdf([INF, 0.7, -INF, 0.7, INF, INF], [0.7, INF, 0.7, -INF, INF, -INF], r)
    assert found == pytest.approx([normal_cdf(0.7), normal_cdf(0.7), 0, 0, 1, 0], abs=1e-15)


@pytest.mark.parametrize(("h", "k", "r"), [(NAN, 0, 0), (0, NAN, 0), (0, 0, NAN), (0, 0, 1.001), (0, 0, -2)])
def test_borders_and_correlations_that_are_none_are_refused(h, k, r):
    with pytest.raises(ValueError, match=r"NaN|between -1 and 1"):
        bivariate_normal_cdf(h, k, r)


def rectangle(mean, se, r, low, high):
    """Mass of one rectangle by two nested one-dimensional steps: over x, conditional normal in y."""

    def integrand(x):
        centre = mean[1] + r * se[1] * (x - mean[0]) / se[0]
        spread = se[1] * math.sqrt(1 - r * r)
        inside = normal_cdf((high[1] - centre) / spread) - normal_cdf((low[1] - centre) / spread)
        return math.exp(-(((x - mean[0]) / se[0]) ** 2) / 2) / (se[0] * math.sqrt(2 * math.pi)) * inside

    a, b = max(low[0], mean[0] - 9 * se[0]), min(high[0], mean[0] + 9 * se[0])
    return quad(integrand, a, b, points=[min(max(mean[0], a), b)], epsabs=1e-12, limit=300)[0] if a < b else 0.0


@pytest.mark.parametrize("numbering", [BOX, MINISTRY_OF_FINANCE])
@pytest.mark.parametrize("r", [-0.6, 0.0, 0.8])
def test_the_nine_boxes_agree_with_adaptive_integration(numbering, r):
    mean, se = (71.5, 64.0), (6.0, 9.0)
    found = joint_box_chances([mean], error_covariance([se], r), ((60, 80), (58, 77)), numbering)
    rows, columns = [-500, 60, 80, 500], [-500, 58, 77, 500]
    for row in range(3):
        for column in range(3):
            mass = rectangle(mean, se, r, (rows[row], columns[column]), (rows[row + 1], columns[column + 1]))
            assert found.probabilities[0, numbering[row][column] - 1] == pytest.approx(mass, abs=1e-9)
    assert found.probability[0] == found.probabilities.max()
    assert found.box[0] == 1 + found.probabilities[0].argmax()


pairs = st.tuples(st.floats(20, 120), st.floats(20, 120))
errors = st.tuples(st.floats(0.1, 30), st.floats(0.1, 30))


@given(pairs, errors)
def test_independent_errors_give_the_product_of_the_axes(mean, se):
    joint = joint_box_chances([mean], np.diag(np.square(se)), CUTS)
    rows, columns = (normal_axis(value, error, 60, 80) for value, error in zip(mean, se, strict=True))
    assert joint.probabilities == pytest.approx(box_chances(rows, columns).probabilities, abs=1e-12)


@given(pairs, errors, st.floats(-1, 1))
def test_the_chances_sum_to_one_and_the_axes_keep_theirs(mean, se, r):
    cells = rectangle_probabilities([mean], error_covariance([se], r), *CUTS)[0]
    assert (cells >= 0).all()
    assert cells.sum() == pytest.approx(1.0, abs=1e-12)
    assert cells.sum(axis=1) == pytest.approx(normal_axis(mean[0], se[0], 60, 80)[0], abs=1e-12)
    assert cells.sum(axis=0) == pytest.approx(normal_axis(mean[1], se[1], 60, 80)[0], abs=1e-12)


@given(pairs, errors, st.floats(-1, 1), st.floats(0.1, 9), st.floats(-50, 50))
def test_another_unit_and_origin_change_no_chance(mean, se, r, unit, shift):
    plain = joint_box_chances([mean], error_covariance([se], r), CUTS).probabilities
    axis = (unit * 60 + shift, unit * 80 + shift)
    moved = error_covariance([np.multiply(se, unit)], r)
    found = joint_box_chances([np.multiply(mean, unit) + shift], moved, (axis, axis)).probabilities
    assert found == pytest.approx(plain, abs=1e-6)


@pytest.mark.parametrize("r", [-1.0, 1.0])
def test_errors_that_are_one_and_the_same_leave_a_line(r):
    """With r = 1 and equal axes only boxes 1, 5 and 9 are possible; with r = -1 only those of x + y = 140."""
    found = joint_box_chances([[70.0, 70.0]], error_covariance([[8.0, 8.0]], r), CUTS).probabilities[0]
    outer = normal_cdf(-10 / 8)
    diagonal = {1: outer, 5: 1 - 2 * outer, 9: outer} if r > 0 else {4: outer, 5: 1 - 2 * outer, 6: outer}
    assert found == pytest.approx([diagonal.get(number, 0.0) for number in range(1, 10)], abs=1e-12)


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in range(2, 12) for b in range(a + 1, 14)])
def test_roundings_of_a_covariance_do_not_part_errors_that_are_one(first, second):
    """The correlation of these variances is 1 in truth, and up to two roundings beside it in doubles."""
    shared = math.sqrt(first * second)
    borders = [[-math.sqrt(variance), math.sqrt(variance)] for variance in (first, second)]
    found = rectangle_probabilities([[0.0, 0.0]], [[first, shared], [shared, second]], *borders)[0]
    assert found == pytest.approx(np.diag([normal_cdf(-1), 1 - 2 * normal_cdf(-1), normal_cdf(-1)]), abs=1e-12)


@pytest.mark.parametrize(("y", "x"), [(60.0, 80.0), (59.9, 60.0), (80.0, 79.9), (139.0, -5.0)])
def test_values_known_exactly_are_certain_of_the_box_of_their_categories(y, x):
    found = joint_box_chances([[y, x]], np.zeros((2, 2)), CUTS)
    assert (found.box[0], found.probability[0]) == (box(category(y, 60, 80), category(x, 60, 80)), 1.0)


def test_one_axis_known_exactly_leaves_the_other_its_chances():
    found = joint_box_chances([[80.0, 71.0]], np.diag([0.0, 25.0]), CUTS)
    expected = box_chances([0, 0, 1], normal_axis(71.0, 5.0, 60, 80)).probabilities
    assert found.probabilities == pytest.approx(expected, abs=1e-14)


def test_a_known_predicate_beside_an_uncertain_potential_keeps_its_row():
    found = box_chances(known_axis([2, 0, -1]), normal_axis([71.0, 71.0, 71.0], 5.0, 60, 80))
    low, middle, high = normal_axis(71.0, 5.0, 60, 80)[0]
    assert found.probabilities[0] == pytest.approx([0, 0, 0, low, 0, 0, middle, 0, high])
    assert found.probabilities[1] == pytest.approx([low, 0, middle, 0, 0, high, 0, 0, 0])
    assert found.box.tolist() == [7, 3, -1]


def test_a_missing_axis_gives_no_box_and_leaves_the_others_alone():
    mean = [[NAN, 70.0], [70.0, 70.0], [70.0, 70.0], [70.0, NAN]]
    covariance = error_covariance([[4.0, 4.0], [4.0, 4.0], [4.0, NAN], [NAN, NAN]], 0.5)
    found = joint_box_chances(mean, covariance, CUTS)
    assert found.box.tolist() == [-1, 5, -1, -1]
    assert np.isnan(found.probabilities).all(axis=1).tolist() == [True, False, True, True]
    assert found.probabilities[1] == pytest.approx(joint_box_chances(mean[1:2], covariance[1], CUTS).probabilities[0])


def test_a_person_has_the_same_bytes_alone_as_in_any_batch():
    chance = np.random.default_rng(4)
    mean, covariance = chance.normal(70, 15, (300, 2)), error_covariance(chance.uniform(0, 9, (300, 2)), 0.4)
    together = joint_box_chances(mean, covariance, CUTS).probabilities
    alone = [joint_box_chances(mean[[p]], covariance[[p]], CUTS).probabilities for p in range(300)]
    assert np.concatenate(alone).tobytes() == together.tobytes()


@pytest.mark.parametrize(
    ("mean", "covariance", "sentence"),
    [
        ([70, 70], np.eye(2), "go together"),
        ([[70, 70]], np.eye(3), "go together"),
        ([[70, 70]], np.ones((2, 2, 2)), "go together"),
        ([[70, 70], [70, INF]], np.eye(2), "not finite: person 1"),
        ([[70, 70]], [[1, NAN], [NAN, 1]], "not finite: person 0"),
        ([[70, 70]], [[1, 0.5], [0.4, 1]], "not symmetric: person 0"),
        ([[70, 70]], [[1, 2], [2, 1]], "exceeds its variances: person 0"),
        ([[70, 70]], [[1, 0.1], [0.1, 0]], "exceeds its variances: person 0|not symmetric"),
        ([[70, 70]], [[-1, 0], [0, 1]], "negative: person 0"),
    ],
)
def test_a_covariance_that_is_none_is_refused(mean, covariance, sentence):
    with pytest.raises(ValueError, match=sentence):
        joint_box_chances(mean, covariance, CUTS)


@pytest.mark.parametrize("cuts", [((80, 60), (60, 80)), ((60, 80), (60, 60)), ((60, NAN), (60, 80))])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(ValueError, match="cuts"):
        joint_box_chances([[70, 70]], np.eye(2), cuts)


@pytest.mark.parametrize(
    ("se", "r"), [([1, 1], 0), ([[1, -1]], 0), ([[1, 1]], 1.5), ([[1, 1]], NAN), ([[1, 1]], [0.1, 0.2])]
)
def test_errors_that_make_no_covariance_are_refused(se, r):
    with pytest.raises(ValueError):
        error_covariance(se, r)


@settings(max_examples=25)
@given(pairs, errors, st.floats(-0.99, 0.99))
def test_exchanging_the_axes_mirrors_the_cells(mean, se, r):
    cells = rectangle_probabilities([mean], error_covariance([se], r), *CUTS)[0]
    mirrored = rectangle_probabilities([mean[::-1]], error_covariance([se[::-1]], r), *CUTS)[0]
    assert mirrored == pytest.approx(cells.T, abs=1e-12)


@pytest.mark.parametrize("tiny", [5e-324, 2.2250738585072014e-308, -1e-300])
def test_a_border_next_to_the_middle_is_the_middle(tiny):
    assert bivariate_normal_cdf(2.0, tiny, 0.875) == pytest.approx(bivariate_normal_cdf(2.0, 0.0, 0.875), abs=1e-15)
