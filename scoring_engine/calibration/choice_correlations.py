"""Correlations of preferences: as observed in choices, and as a Thurstonian model with several traits implies them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.instruments.trait_blocks import TraitBlocks
from scoring_engine.responses import Bools, Floats, Ints, real_numbers

LOG_PSI = (-3.0, 3.0)
"""Limits of the logarithm of a free psi."""

WIDEST_CORRELATION = 0.99
"""Of two traits; beyond it they would be one."""

HALVINGS = 50
"""Of the angle whose sine is a tetrachoric correlation: to 2^-50 of a right angle."""

_ANGLES, _ANGLE_WEIGHTS = np.polynomial.legendre.leggauss(24)


def tetrachoric(first: ArrayLike, second: ArrayLike, both: ArrayLike) -> Floats:
    """Find the correlation of two normals from how often each, and both together, lie above a threshold.

    Parameters
    ----------
    first, second, both : shape (n,)
        Probabilities, 0 < both < min(first, second), both > first + second - 1.

    Returns
    -------
    shape (n,)
        Between -1 and 1, to 1e-9.

    Raises
    ------
    ValueError
        No two normals have these probabilities.

    Source
    ------
    Drezner & Wesolowsky (1990), Journal of Statistical Computation and Simulation 35, 101-107, for the integral.
    """
    p, q, joint = (real_numbers("a probability", given, 1) for given in (first, second, both))
    if not ((joint > np.maximum(p + q - 1, 0)) & (joint < np.minimum(p, q)) & (np.maximum(p, q) < 1)).all():
        raise ValueError("no two normal distributions exceed thresholds this often, alone and together")
    h, k = ndtri(p), ndtri(q)
    low, high = np.full(p.shape, -np.pi / 2), np.full(p.shape, np.pi / 2)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = _both(h, k, middle) > joint
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    correlation: Floats = np.sin((low + high) / 2)
    return correlation


def _both(h: Floats, k: Floats, angle: Floats) -> Floats:
    """Probability that two normals with correlation sin(angle) lie below h and k."""
    at = angle / 2 * (_ANGLES[:, None] + 1)
    exponent = (h**2 + k**2 - 2 * h * k * np.sin(at)) / (2 * np.cos(at) ** 2)
    density = (_ANGLE_WEIGHTS[:, None] * np.exp(-exponent)).sum(axis=0) * angle / 2
    probability: Floats = ndtr(h) * ndtr(k) + density / (2 * np.pi)
    return probability


def implied_correlations(blocks: TraitBlocks, phi: ArrayLike) -> Floats:
    """Compute the correlations that the model implies for the utility differences of all pairs.

    Takes phi of shape (traits, traits), returns shape (pairs, pairs) in the order of `TraitBlocks.pairs`. Raises
    ValueError unless phi is a matrix of finite numbers.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    covariance = implied_covariance(blocks, real_numbers("phi", phi, 2))
    spread = np.sqrt(np.diagonal(covariance))
    correlations: Floats = covariance / spread / spread[:, None]
    return correlations


def contrasts(blocks: TraitBlocks) -> Floats:
    """Make the matrix that takes the utilities of statements to the differences of pairs.

    Takes blocks, returns shape (pairs, statements) of 1, 0 and -1.
    """
    i, k = blocks.pairs.T
    matrix = np.zeros((i.size, sum(blocks.sizes)))
    matrix[np.arange(i.size), i], matrix[np.arange(i.size), k] = 1.0, -1.0
    return matrix


def implied_covariance(blocks: TraitBlocks, phi: Floats) -> Floats:
    """Compute the covariances that the model implies for utility differences; takes and returns what follows.

    Takes phi of shape (traits, traits), returns shape (pairs, pairs); `implied_correlations` divides it by the spread.
    """
    signs = contrasts(blocks)
    slopes = _slopes(blocks)
    covariance: Floats = slopes @ phi @ slopes.T + (signs * blocks.psi) @ signs.T
    return covariance


def _slopes(blocks: TraitBlocks) -> Floats:
    slopes: Floats = (contrasts(blocks) * blocks.loading) @ np.eye(blocks.traits)[blocks.trait]
    return slopes


@dataclass(frozen=True, eq=False)
class ChoiceCorrelations:
    """Implied correlations as a function of free parameters: loadings, logarithms of free psi, correlations of traits.

    Parameters
    ----------
    start : TraitBlocks
        First loadings, and what stays fixed: psi of pairs and of the first statement of a larger block, and the first
        loading of a block about a single trait.
    """

    start: TraitBlocks

    @property
    def free_loading(self) -> Bools:
        """Say whose loading is free, shape (statements,)."""
        free = np.ones(self.start.loading.size, dtype=np.bool_)
        free[[columns.start for columns in self.start.columns if np.ptp(self.start.trait[columns]) == 0]] = False
        return free

    @property
    def free_psi(self) -> Bools:
        """Say whose psi is free, shape (statements,)."""
        free = np.repeat(np.array(self.start.sizes) > 2, self.start.sizes)
        free[[columns.start for columns in self.start.columns]] = False
        return free

    @property
    def upper(self) -> tuple[Ints, Ints]:
        """Index every correlation once: rows and columns, each of shape (pairs (pairs - 1) / 2,)."""
        row, column = np.triu_indices(len(self.start.pairs), 1)
        return row, column

    @property
    def counts(self) -> list[int]:
        """Count the free loadings, psi and correlations of traits."""
        traits = self.start.traits
        return [int(self.free_loading.sum()), int(self.free_psi.sum()), traits * (traits - 1) // 2]

    def first(self) -> Floats:
        """Give the place where the search starts, shape (parameters,): uncorrelated traits, psi 1."""
        return np.concatenate([self.start.loading[self.free_loading], np.zeros(sum(self.counts[1:]))])

    def limits(self) -> tuple[Floats, Floats]:
        """Give the lowest and the highest parameters, each of shape (parameters,)."""
        low = np.repeat([-np.inf, LOG_PSI[0], -WIDEST_CORRELATION], self.counts)
        high = np.repeat([np.inf, LOG_PSI[1], WIDEST_CORRELATION], self.counts)
        return low, high

    def parameters(self, free: Floats) -> tuple[TraitBlocks, Floats]:
        """Turn free parameters, shape (parameters,), into blocks and phi of shape (traits, traits)."""
        start, (loadings, logs, between) = self.start, np.split(free, np.cumsum(self.counts[:2]))
        loading, psi, phi = start.loading.copy(), start.psi.copy(), np.eye(start.traits)
        loading[self.free_loading], psi[self.free_psi] = loadings, np.exp(logs)
        row, column = np.triu_indices(start.traits, 1)
        phi[row, column] = phi[column, row] = between
        return TraitBlocks(start.sizes, start.mean, loading, psi, start.trait), phi

    def at_limit(self, free: Floats) -> Bools:
        """Say whose psi is at a limit; takes shape (parameters,), returns (statements,)."""
        found = np.zeros(self.start.loading.size, dtype=np.bool_)
        logs = np.split(free, np.cumsum(self.counts[:2]))[1]
        found[self.free_psi] = (logs < LOG_PSI[0] + 1e-3) | (logs > LOG_PSI[1] - 1e-3)
        return found

    def correlations(self, free: Floats) -> Floats:
        """Compute implied correlations, shape (pairs, pairs), at shape (parameters,)."""
        return implied_correlations(*self.parameters(free))

    def jacobian(self, free: Floats) -> Floats:
        """Compute the derivatives of `correlations` above the diagonal, shape (pairs (pairs - 1) / 2, parameters).

        Every derivative of the covariance is x y' + y x' for two vectors x and y.
        """
        (blocks, phi), (row, column) = self.parameters(free), self.upper
        x, y = self._vectors(blocks, phi)
        covariance = implied_covariance(blocks, phi)
        variance = np.diagonal(covariance)
        spread = np.sqrt(variance)
        relative = 2 * x * y / variance[:, None]
        correlation = covariance / spread / spread[:, None]
        change = (x[row] * y[column] + y[row] * x[column]) / (spread[row] * spread[column])[:, None]
        derivative: Floats = change - correlation[row, column][:, None] * (relative[row] + relative[column]) / 2
        return derivative

    def _vectors(self, blocks: TraitBlocks, phi: Floats) -> tuple[Floats, Floats]:
        signs, slopes = contrasts(blocks), _slopes(blocks)
        (row, column), loading, psi = np.triu_indices(blocks.traits, 1), self.free_loading, self.free_psi
        x = [signs[:, loading], signs[:, psi], slopes[:, row]]
        y = [(slopes @ phi)[:, blocks.trait[loading]], signs[:, psi] * blocks.psi[psi] / 2, slopes[:, column]]
        return np.concatenate(x, axis=1), np.concatenate(y, axis=1)
