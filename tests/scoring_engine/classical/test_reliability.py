"""Reliability of a sum score."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from scoring_engine.classical.reliability import (
    Covariances,
    alpha,
    covariances,
    kr20,
    lambda2,
    omega_total,
    split_half,
    standard_error,
)


def simulated(seed, persons=80, items=7, gaps=0.0):
    chance = np.random.default_rng(seed)
    loading = chance.uniform(0.3, 1.2, items)
    scores = np.round(2.5 + chance.normal(size=(persons, 1)) * loading + chance.normal(size=(persons, items)))
    return np.where(chance.random(scores.shape) < gaps, -1, np.clip(scores, 0, 5)).astype(int)


def slow_covariance(x, y):
    """Over the persons who have both; shares no code with the engine."""
    both = [(a, b) for a, b in zip(x, y, strict=True) if a >= 0 and b >= 0]
    mean_x, mean_y = (math.fsum(v) / len(both) for v in zip(*both, strict=True))
    return math.fsum((a - mean_x) * (b - mean_y) for a, b in both) / (len(both) - 1)


def known(matrix, n=100):
    return Covariances(np.asarray(matrix, dtype=float), n, "listwise")


def one_factor(loadings, unique):
    return known(np.outer(loadings, loadings) + np.diag(unique))


def test_pairwise_covariances_agree_with_plain_loops():
    scores = simulated(1, gaps=0.2)
    found = covariances(scores, "pairwise")
    slow = [[slow_covariance(x, y) for y in scores.T.tolist()] for x in scores.T.tolist()]
    assert found.matrix == pytest.approx(np.array(slow), abs=1e-12)
    assert found.n == min(sum((x >= 0) & (y >= 0)) for x in scores.T for y in scores.T)


def test_listwise_covariances_use_only_persons_without_a_gap():
    scores = simulated(2, gaps=0.05)
    whole = scores[(scores >= 0).all(axis=1)]
    found = covariances(scores)
    assert (found.n, found.missing) == (len(whole), "listwise")
    assert 10 < found.n < 80
    assert found.matrix == pytest.approx(np.cov(whole.T), abs=1e-12)
    assert found.variance == pytest.approx(np.var(whole.sum(axis=1), ddof=1), rel=1e-12)


def test_without_gaps_both_ways_are_the_same_and_a_gap_may_be_a_nan():
    scores = simulated(3)
    assert covariances(scores, "pairwise").matrix == pytest.approx(covariances(scores).matrix, abs=1e-13)
    gappy = simulated(3, gaps=0.1)
    real = np.where(gappy < 0, np.nan, gappy.astype(float))
    assert covariances(real, "pairwise").matrix.tobytes() == covariances(gappy, "pairwise").matrix.tobytes()


def test_far_from_zero_no_digits_are_lost():
    scores = simulated(4).astype(float)
    assert covariances(scores + 1e7).matrix == pytest.approx(covariances(scores).matrix, abs=1e-7)


@pytest.mark.parametrize(
    ("scores", "missing", "told"),
    [
        ([[0, 1], [1, 0], [-1, 1]], "listwise", "2 persons count"),
        ([[0, 1, 1], [1, -1, 0], [1, 1, 0], [0, -1, 1]], "pairwise", "items 0 and 1"),
        ([[0, 1], [1, -2], [1, 1]], "listwise", "person 1 on item 1"),
        ([[0.0, 1.0], [math.inf, 2.0], [1.0, 1.0]], "pairwise", "person 1 on item 0"),
        ([0, 1, 1], "listwise", "shape"),
        (np.empty((3, 0)), "listwise", "shape"),
        (np.empty((0, 3)), "pairwise", "0 persons"),
        ([["a", "b"]], "listwise", "whole numbers"),
        ([[0, 1], [1, 0], [0, 1]], "casewise", "casewise"),
    ],
)
def test_scores_that_cannot_be_used_are_refused(scores, missing, told):
    with pytest.raises(ValueError, match=told):
        covariances(scores, missing)


def test_alpha_of_ten_items_agrees_with_brute_force():
    scores = simulated(5, items=10)
    columns = scores.T.tolist()
    between = sum(slow_covariance(x, y) for x in columns for y in columns)
    own = sum(slow_covariance(x, x) for x in columns)
    found = alpha(covariances(scores))
    assert found.value == pytest.approx(10 / 9 * (1 - own / between), abs=1e-12)
    dropped = [alpha(covariances(np.delete(scores, j, axis=1))).value for j in range(10)]
    assert found.if_dropped == pytest.approx(dropped, abs=1e-12)


def test_alpha_is_the_mean_of_all_split_half_coefficients_of_guttman():
    """Cronbach (1951): the mean over all splits into equal halves of 4 cov(first, second) / variance is alpha."""
    scores = simulated(6, items=6)
    halves = [[j in half for j in range(6)] for half in itertools.combinations(range(6), 3)]
    sums = [(scores[:, half].sum(axis=1), scores[:, ~np.array(half)].sum(axis=1)) for half in halves]
    guttman = [4 * np.cov(a, b)[0, 1] / np.var(a + b, ddof=1) for a, b in sums]
    assert alpha(covariances(scores)).value == pytest.approx(np.mean(guttman), abs=1e-12)


def test_the_interval_of_alpha_is_that_of_its_f_distribution():
    found = alpha(covariances(simulated(7, persons=41, items=6)), confidence=0.9)
    f = stats.f(40, 200)
    wanted = [1 - (1 - found.value) * f.ppf(q) for q in (0.95, 0.05)]
    assert [found.low, found.high] == pytest.approx(wanted, abs=1e-9)
    assert found.low < found.value < found.high


def test_the_interval_covers_the_true_alpha_in_95_percent_of_samples():
    chance = np.random.default_rng(8)
    scores = chance.normal(size=(1500, 40, 1)) + chance.normal(0, 1.5, (1500, 40, 6))
    truth = 6 / (6 + 1.5**2)
    found = [alpha(covariances(sample)) for sample in scores]
    assert 0.03 < np.mean([not each.low <= truth <= each.high for each in found]) < 0.07


def test_kr20_is_the_sum_of_p_q_formula():
    right = (simulated(9) > 2).astype(int)
    p = right.mean(axis=0)
    n, items = right.shape
    variance = np.var(right.sum(axis=1), ddof=1) * (n - 1) / n
    assert kr20(right) == pytest.approx(items / (items - 1) * (1 - (p * (1 - p)).sum() / variance), abs=1e-12)


def test_kr20_refuses_what_is_neither_right_nor_wrong():
    with pytest.raises(ValueError, match="person 1 to item 0"):
        kr20([[0, 1], [2, 1], [0, 0]])


def test_lambda2_agrees_with_plain_loops():
    columns = simulated(10).T.tolist()
    table = [[slow_covariance(x, y) for y in columns] for x in columns]
    off = [table[i][j] for i in range(7) for j in range(7) if i != j]
    wanted = (sum(off) + math.sqrt(7 / 6 * sum(v * v for v in off))) / sum(map(sum, table))
    assert lambda2(covariances(simulated(10))) == pytest.approx(wanted, abs=1e-12)


def minres(matrix):
    """Fit one factor by a general optimiser from several starts: the slow way round."""
    between = ~np.eye(len(matrix), dtype=bool)
    limits = [(-math.sqrt(v), math.sqrt(v)) for v in np.diag(matrix)]

    def misfit(loading):
        return ((matrix - np.outer(loading, loading))[between] ** 2).sum()

    starts = np.random.default_rng(0).uniform(-1, 1, (4, len(matrix)))
    fits = [minimize(misfit, start, bounds=limits, options={"ftol": 1e-15, "gtol": 1e-10}) for start in starts]
    best = min(fits, key=lambda fit: fit.fun)
    return best.x * np.sign(best.x.sum()), best.fun


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_omega_agrees_with_a_general_optimiser(seed):
    table = covariances(simulated(seed)).matrix
    found, (loading, misfit) = omega_total(known(table)), minres(table)
    left = (table - np.outer(found.loadings, found.loadings))[~np.eye(7, dtype=bool)]
    assert (left**2).sum() <= misfit + 1e-12
    assert found.loadings == pytest.approx(loading, abs=1e-4)
    unique = np.diag(table) - loading**2
    assert found.value == pytest.approx(loading.sum() ** 2 / (loading.sum() ** 2 + unique.sum()), abs=1e-5)


def test_omega_returns_the_loadings_that_a_table_was_made_of():
    loadings, unique = np.array([0.9, 0.4, 1.3, -0.2, 0.7]), np.array([0.5, 1.0, 0.8, 0.9, 0.3])
    found = omega_total(one_factor(loadings, unique))
    assert found.loadings == pytest.approx(loadings, abs=1e-10)
    assert found.uniquenesses == pytest.approx(unique, abs=1e-10)
    assert found.value == pytest.approx(3.1**2 / (3.1**2 + 3.5), abs=1e-10)
    assert found.converged
    assert not found.improper.any()


def test_a_heywood_case_is_flagged():
    table = known([[1.0, 0.8, 0.8], [0.8, 1.0, 0.3], [0.8, 0.3, 1.0]])  # the first loading would be 1.46
    found = omega_total(table)
    assert found.improper.tolist() == [True, False, False]
    assert found.loadings == pytest.approx(minres(table.matrix)[0], abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.1, 2), min_size=3, max_size=8), st.floats(0.2, 3))
def test_alpha_is_at_most_lambda2_and_omega_of_one_factor_and_equal_for_equal_loadings(loadings, unique):
    mixed = one_factor(loadings, np.full(len(loadings), unique))
    assert alpha(mixed).value <= lambda2(mixed) + 1e-12
    assert lambda2(mixed) <= omega_total(mixed).value + 1e-9
    equal = one_factor(np.full(len(loadings), loadings[0]), unique * np.arange(1, len(loadings) + 1))
    assert omega_total(equal).value == pytest.approx(alpha(equal).value, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(-100, 100))
def test_another_unit_and_the_order_of_items_do_not_matter(seed, unit, shift):
    scores = simulated(seed)
    order = np.random.default_rng(seed).permutation(7)
    plain, other = covariances(scores), covariances((scores * unit + shift)[:, order])
    assert alpha(other).value == pytest.approx(alpha(plain).value, abs=1e-8)
    assert lambda2(other) == pytest.approx(lambda2(plain), abs=1e-8)
    assert omega_total(other).value == pytest.approx(omega_total(plain).value, abs=1e-7)


def test_a_negative_coefficient_is_printed():
    against = known([[1.0, -0.4], [-0.4, 1.0]])
    assert alpha(against).value == pytest.approx(2 * (1 - 2 / 1.2), abs=1e-12)
    assert split_half(against).reliability == pytest.approx(2 * -0.4 / 0.6, abs=1e-12)


def test_a_test_of_one_item_or_of_equal_sums_has_no_reliability():
    alone, equal = known([[2.0]]), covariances([[0, 1], [1, 0], [0, 1], [1, 0]])
    for table in (alone, equal):
        assert np.isnan([alpha(table).value, alpha(table).low, lambda2(table)]).all()
    assert np.isnan(alpha(known([[1.0, 0.5], [0.5, 1.0]])).if_dropped).all()
    assert np.isnan(split_half(covariances([[1, 1], [1, 0], [1, 1], [1, 0]])).reliability)


@pytest.mark.parametrize("seed", range(8))
def test_what_rounding_leaves_of_no_variance_is_no_variance(seed):
    free = np.random.default_rng(seed).normal(size=(50, 4))
    equal = covariances(np.column_stack([free, 0.1 - free.sum(axis=1)]))
    assert np.isnan([alpha(equal).value, lambda2(equal)]).all()
    dropped = covariances(np.column_stack([free[:, 0], 0.1 - free[:, 0], free[:, 1]]))
    assert np.isnan(alpha(dropped).if_dropped[2])
    halves = covariances(np.column_stack([free[:, 0], free[:, 1], 0.1 - free[:, 0], free[:, 1]]))
    assert np.isnan(split_half(halves).reliability)
    assert (covariances(np.column_stack([free, np.full(50, 0.1)])).matrix[4] == 0).all()


@pytest.mark.parametrize("items", [6, 7])
def test_odd_even_agrees_with_half_scores_and_with_horst(items):
    scores = simulated(14, items=items)
    found = split_half(covariances(scores))
    r = np.corrcoef(scores[:, ::2].sum(axis=1), scores[:, 1::2].sum(axis=1))[0, 1]
    p, q = math.ceil(items / 2) / items, items // 2 / items
    horst = r * (math.sqrt(r**2 + 4 * p * q * (1 - r**2)) - r) / (2 * p * q * (1 - r**2))
    assert (found.correlation, found.reliability) == pytest.approx((r, horst), abs=1e-12)
    assert items == 7 or horst == pytest.approx(2 * r / (1 + r), abs=1e-12)


def test_enough_random_splits_find_the_best_of_all():
    scores = simulated(15, items=6)
    found = split_half(covariances(scores), np.random.default_rng(1), 400)
    halves = [np.isin(np.arange(6), half) for half in itertools.combinations(range(6), 3)]
    r = [np.corrcoef(scores[:, half].sum(axis=1), scores[:, ~half].sum(axis=1))[0, 1] for half in halves]
    assert found.reliability == pytest.approx(2 * max(r) / (1 + max(r)), abs=1e-12)
    half = found.first
    again = np.corrcoef(scores[:, half].sum(axis=1), scores[:, ~half].sum(axis=1))[0, 1]
    assert found.correlation == pytest.approx(again, abs=1e-12)


def test_the_best_split_is_never_worse_than_odd_even_and_a_seed_repeats_it():
    table = covariances(simulated(16, items=20))
    one, two = (split_half(table, np.random.default_rng(2), 5) for _ in range(2))
    assert one.reliability >= split_half(table).reliability
    assert (one.first.tolist(), one.reliability) == (two.first.tolist(), two.reliability)
    assert np.count_nonzero(one.first) == 10


def test_parallel_halves_have_reliability_one():
    twice = np.repeat(simulated(17, items=1), 2, axis=1)
    assert split_half(covariances(twice)).reliability == pytest.approx(1.0, abs=1e-12)


def test_the_standard_error_of_measurement_of_an_iq():
    assert standard_error(15.0, 0.91) == pytest.approx(4.5, abs=1e-12)
    found = standard_error([10.0, 10.0], [-0.44, math.nan])
    assert found == pytest.approx([12.0, math.nan], abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    "call",
    [
        lambda: omega_total(known(np.eye(2))),
        lambda: omega_total(known(np.diag([1.0, 0.0, 1.0]))),
        lambda: split_half(known([[1.0]])),
        lambda: alpha(known(np.eye(3)), confidence=1.0),
        lambda: standard_error(-1.0, 0.5),
        lambda: standard_error(1.0, 1.1),
    ],
)
def test_what_has_no_answer_is_refused(call):
    with pytest.raises(ValueError):
        call()
