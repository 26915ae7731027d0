"""The lowest of several minima, in whatever order items stand."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import minimize

from scoring_engine.classical.one_factor import one_factor
from scoring_engine.classical.reliability import covariances, omega_total


def misfit(matrix, loadings):
    apart = matrix - np.multiply.outer(loadings, loadings)
    return (apart[~np.eye(len(matrix), dtype=bool)] ** 2).sum()


def two_bundles(seed):
    chance = np.random.default_rng(seed)
    return np.repeat(chance.normal(size=(60, 2)), 3, axis=1) + 0.6 * chance.normal(size=(60, 6))


@pytest.mark.parametrize("seed", [66, 18, 3, 7])
def test_of_several_minima_the_lowest_counts(seed):
    matrix, chance = np.cov(two_bundles(seed).T), np.random.default_rng(1)
    bound = np.sqrt(np.diag(matrix))
    found, converged = one_factor(matrix)
    bounds = list(zip(-bound, bound, strict=True))
    starts = [chance.uniform(-bound, bound) for _ in range(30)]
    others = [minimize(partial(misfit, matrix), start, bounds=bounds).fun for start in starts]
    assert converged
    assert misfit(matrix, found) <= min(others) + 1e-7


@pytest.mark.parametrize("seed", [66, 18, 3, 7])
def test_omega_of_two_bundles_is_the_same_in_any_order_of_items(seed):
    chance = np.random.default_rng(seed)
    bundles = np.repeat(chance.normal(size=(60, 2)), 3, axis=1) + 0.6 * chance.normal(size=(60, 6))
    order = chance.permutation(6)
    found = [omega_total(covariances(part)) for part in (bundles, bundles[:, ::-1], bundles[:, order])]
    assert [one.value for one in found] == pytest.approx([found[0].value] * 3, abs=1e-9)
