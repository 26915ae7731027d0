"""The probability of what was chosen in a block."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from scoring_engine.instruments.block_choices import chosen


def log_probability(mean, variance, strict=False):
    return chosen(np.array(mean, float)[:, None], np.array(variance, float)[:, None], strict).log_probability[0]


def three_in_a_row(mean, variance):
    """Adaptive integration over the utility of the middle statement."""
    sd = [math.sqrt(one) for one in variance]

    def density(u):
        return norm.pdf(u, mean[1], sd[1]) * norm.sf(u, mean[0], sd[0]) * norm.cdf(u, mean[2], sd[2])

    peak = max(np.linspace(-12, 12, 241), key=density)
    return quad(density, peak - 12, peak + 12, points=[peak], epsabs=0, epsrel=1e-11, limit=400)[0]


def four(mean, variance, orders):
    """Gauss-Legendre sums over two middle utilities, the upper and what lies below it, order by order."""
    sd, (place, weight), lowest, summed = np.sqrt(variance), np.polynomial.legendre.leggauss(150), -12.0, 0.0
    for upper, lower in orders:
        half = 12.0
        u, outer = half * place, half * weight
        inner_half = (u - lowest) / 2
        v = lowest + inner_half[:, None] * (place + 1)
        inside = norm.pdf(v, mean[lower], sd[lower]) * norm.cdf(v, mean[3], sd[3])
        inner = (inside * weight).sum(axis=1) * inner_half
        summed += (outer * norm.pdf(u, mean[upper], sd[upper]) * norm.sf(u, mean[0], sd[0]) * inner).sum()
    return summed


@pytest.mark.parametrize("spread", [0.5, 1.0, 3.0])
def test_three_statements_agree_with_adaptive_integration(spread):
    chance = np.random.default_rng(int(10 * spread))
    for _ in range(8):
        mean, variance = chance.normal(0, spread, 3), chance.uniform(0.4, 2, 3)
        assert log_probability(mean, variance) == pytest.approx(math.log(three_in_a_row(mean, variance)), abs=1e-6)


@pytest.mark.parametrize(("strict", "orders"), [(True, [(1, 2)]), (False, [(1, 2), (2, 1)])])
@pytest.mark.parametrize(("spread", "within"), [(0.5, 1e-4), (1.0, 1e-4), (2.5, 1e-2)])
def test_four_statements_agree_with_a_double_integral(strict, orders, spread, within):
    chance = np.random.default_rng(int(10 * spread))
    for _ in range(8):
        mean, variance = chance.normal(0, spread, 4), chance.uniform(0.5, 1.5, 4)
        expected = math.log(four(mean, variance, orders))
        assert log_probability(mean, variance, strict) == pytest.approx(expected, abs=within)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_a_ranking_of_equal_statements_has_one_chance_in_all_orders(size):
    found = log_probability([0.3] * size, [0.8] * size, strict=True)
    assert found == pytest.approx(-math.log(math.factorial(size)), abs=1e-4)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_picks_among_equal_statements_have_one_chance_in_all_ordered_pairs(size):
    assert log_probability([0.3] * size, [0.8] * size) == pytest.approx(-math.log(size * (size - 1)), abs=1e-4)


def test_three_statements_are_an_orthant_of_two_correlated_differences():
    mean, variance = np.array([0.4, -0.2, 0.5]), np.array([0.7, 1.3, 0.9])
    covariance = [[variance[0] + variance[1], -variance[1]], [-variance[1], variance[1] + variance[2]]]
    orthant = multivariate_normal.cdf([mean[0] - mean[1], mean[1] - mean[2]], cov=covariance)
    assert log_probability(mean, variance) == pytest.approx(math.log(orthant), abs=1e-6)


@settings(max_examples=25)
@given(st.lists(st.floats(-1.5, 1.5), min_size=4, max_size=4), st.lists(st.floats(0.5, 2), min_size=4, max_size=4))
def test_the_probabilities_of_all_rankings_sum_to_1(mean, variance):
    everything = [
        math.exp(log_probability(np.array(mean)[list(order)], np.array(variance)[list(order)], strict=True))
        for order in permutations(range(4))
    ]
    assert sum(everything) == pytest.approx(1, abs=3e-5)


@settings(max_examples=25)
@given(st.lists(st.floats(-1.5, 1.5), min_size=5, max_size=5))
def test_picks_are_as_probable_as_all_rankings_that_agree_with_them(mean):
    inside = [
        math.exp(log_probability([mean[0], *(mean[one] for one in order), mean[4]], [1.0] * 5, strict=True))
        for order in permutations((1, 2, 3))
    ]
    assert math.exp(log_probability(mean, [1.0] * 5)) == pytest.approx(sum(inside), rel=1e-3)


@settings(max_examples=25)
@given(st.lists(st.floats(-2, 2), min_size=3, max_size=3), st.floats(-5, 5), st.floats(0.2, 5))
def test_another_origin_and_unit_of_utilities_change_nothing(mean, origin, unit):
    moved = log_probability(unit * np.array(mean) + origin, [unit**2] * 3)
    assert moved == pytest.approx(log_probability(mean, [1.0] * 3), abs=1e-8)


@pytest.mark.parametrize(
    ("size", "strict", "within"), [(2, True, 1e-7), (3, True, 1e-6), (4, True, 1e-3), (5, False, 1e-3)]
)
def test_derivatives_agree_with_differences(size, strict, within):
    chance = np.random.default_rng(size)
    mean, variance = chance.normal(0, 0.8, (size, 20)), np.repeat(chance.uniform(0.6, 1.4, (size, 1)), 20, axis=1)
    here, step = chosen(mean, variance, strict), 1e-4
    for one in range(size):
        move = np.zeros((size, 1))
        move[one] = step
        up, down = chosen(mean + move, variance, strict), chosen(mean - move, variance, strict)
        slope = (up.log_probability - down.log_probability) / (2 * step)
        assert here.gradient[one] == pytest.approx(slope, abs=within)
        assert here.hessian[one] == pytest.approx((up.gradient - down.gradient) / (2 * step), abs=within)


@settings(max_examples=25)
@given(st.lists(st.floats(-3, 3), min_size=3, max_size=3))
def test_the_log_probability_is_concave_in_the_means(mean):
    hessian = chosen(np.array(mean)[:, None], np.ones((3, 1)), strict=True).hessian[..., 0]
    assert np.linalg.eigvalsh(hessian)[-1] < 1e-6


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_cell_alone_has_the_bytes_that_it_has_beside_others(size):
    mean = np.random.default_rng(size).normal(size=(size, 37))
    together = chosen(mean, np.ones((size, 37)), strict=False)
    alone = [chosen(mean[:, [cell]], np.ones((size, 1)), strict=False) for cell in range(37)]
    assert b"".join(one.log_probability.tobytes() for one in alone) == together.log_probability.tobytes()
    assert np.array_equal(np.stack([one.hessian[..., 0] for one in alone], axis=2), together.hessian)


def test_what_is_too_improbable_for_a_double_has_no_derivatives():
    choice = chosen(np.array([[-90.0], [0.0], [90.0]]), np.ones((3, 1)), strict=True)
    assert choice.log_probability[0] == -math.inf
    assert np.isnan(choice.gradient).all()


@pytest.mark.parametrize(
    ("mean", "variance", "sentence"),
    [
        ([[0.0]], [[1.0]], "no block"),
        ([[0.0], [1.0]], [[1.0]], "no block"),
        ([[0.0], [math.nan]], [[1.0], [1.0]], "finite"),
        ([[0.0], [1.0]], [[1.0], [0.0]], "positive"),
    ],
)
def test_what_is_no_block_is_refused(mean, variance, sentence):
    with pytest.raises(ValueError, match=sentence):
        chosen(np.array(mean), np.array(variance), strict=True)
