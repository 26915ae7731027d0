"""What constructs that go together say of each other.

Each construct is estimated with a prior N(0, 1) of its own. In the population constructs correlate; here a common
normal prior with one correlation takes the place of the many, in closed form, without going back to the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring_engine.responses import Bools, Floats
from scoring_engine.standards.levels import distributions

NODES = 9
"""Of the quadrature over what constructs share: more change no probability by a thousandth."""


@dataclass(frozen=True, eq=False)
class Joint:
    """Posteriors of constructs that correlate.

    With v for variance their covariance is diag(v) + lent v v', their mean is pulled + lent v times the sum of pulled.
    The prior's inverse is a I - b 11', so everything follows by the formula of Sherman and Morrison.
    """

    pulled: Floats
    """Shape (persons, constructs): variance times information; zero where nothing was measured."""
    variance: Floats
    """Shape (persons, constructs): what is unknown before the others speak; zero where nothing was measured."""
    lent: Floats
    """Shape (persons,): how much the others speak for each."""
    determinant: Floats
    """Shape (persons,): logarithm of that of the posterior's covariance, less that of the prior's."""

    @classmethod
    def of(cls, theta: Floats, se: Floats, counts: Bools, correlation: float) -> Joint:
        """Undo the prior of each construct and put a common one in its place."""
        if not 0 <= correlation < 1:
            raise ValueError(f"the correlation {correlation} is not at least 0 and below 1")
        n = counts.sum(axis=1)
        # A skewed posterior may be wider than its prior; then the answers said nothing, and not less than that.
        precision = np.where(counts, np.maximum(1 / np.where(counts, se, 1.0) ** 2 - 1, 0.0), 0.0)
        own = 1 / (1 - correlation)
        shared = correlation * own / (1 + (n - 1) * correlation)
        variance = np.where(counts, 1 / (precision + own), 0.0)
        rest = 1 - shared * variance.sum(axis=1)
        prior = (n - 1) * np.log1p(-correlation) + np.log1p((n - 1) * correlation)
        logs = np.log(np.where(counts, variance, 1.0)).sum(axis=1) - np.log(rest) - prior
        return cls(variance * np.where(counts, theta, 0.0) * (precision + 1), variance, shared / rest, logs)

    def weighted(self, w: Floats) -> tuple[Floats, Floats]:
        """Give mean and variance of the sum of all aspects with weights, for every person."""
        reach = (w * self.variance).sum(axis=1)
        mean = (w * self.pulled).sum(axis=1) + self.lent * reach * self.pulled.sum(axis=1)
        return mean, (w**2 * self.variance).sum(axis=1) + self.lent * reach**2

    def mean(self) -> Floats:
        """Give the posterior mean of every construct, shape (persons, constructs)."""
        shared: Floats = (self.lent * self.pulled.sum(axis=1))[:, None] * self.variance
        return self.pulled + shared

    def levels_at(self, nodes: Floats, borders: Floats) -> Floats:
        """Give the probability of each level at nodes of what is shared: (nodes, persons, constructs, levels)."""
        reach = self.variance * np.sqrt(self.lent)[:, None]
        deviation = np.sqrt(np.where(self.variance > 0, self.variance, 1.0))
        below = ndtr((borders - (self.mean() + nodes[:, None, None] * reach)[..., None]) / deviation[..., None])
        ends = np.zeros((*below.shape[:3], 1))
        return np.maximum(np.diff(np.concatenate([ends, below, ends + 1], axis=3), axis=3), 0.0)

    def log_likelihood(self) -> float:
        """Give the log likelihood of the prior's correlation for all persons, but for what does not depend on it."""
        explained = (self.pulled**2 / np.where(self.variance > 0, self.variance, 1.0)).sum(axis=1)
        explained += self.lent * self.pulled.sum(axis=1) ** 2
        return float(0.5 * (explained + self.determinant).sum())


def common_correlation(theta: ArrayLike, se: ArrayLike) -> tuple[float, float]:
    """Estimate the correlation that the true values of all pairs of constructs have in common, by maximum likelihood.

    Parameters
    ----------
    theta, se : shape (persons, constructs)
        Posterior mean and deviation under a prior N(0, 1); NaN in theta where it was not measured.

    Returns
    -------
    correlation, standard error
        The correlation from 0 to .99; both NaN when nobody has two, the error also at either end.

    Raises
    ------
    ValueError
        Shapes disagree, or a measured construct has no positive standard error.

    Source
    ------
    Morris, C. N. (1983), Parametric empirical Bayes inference, JASA 78, 47-55.
    """
    from scipy.optimize import minimize_scalar  # here, as every server that knows levels would wait 1.7 s for it

    values, errors = checked_estimates(theta, se)
    told = (~np.isnan(values)).sum(axis=1) > 1
    if not told.any():
        return np.nan, np.nan
    values, errors = values[told], errors[told]
    counts = ~np.isnan(values)

    def unlikely(correlation: float) -> float:
        return -Joint.of(values, errors, counts, correlation).log_likelihood()

    found = float(minimize_scalar(unlikely, bounds=(0.0, 0.99), method="bounded", options={"xatol": 1e-6}).x)
    step = 1e-3
    if not step < found < 0.99 - step:
        return round(found, 2), np.nan
    bend = (unlikely(found - step) - 2 * unlikely(found) + unlikely(found + step)) / step**2
    return found, float(1 / np.sqrt(bend)) if bend > 0 else np.nan


def levels_together(
    levels: ArrayLike, theta: ArrayLike, se: ArrayLike, cuts: ArrayLike, correlation: float
) -> tuple[Floats, Floats]:
    """Take levels apart that go together: given what they share they are independent, so everything can be summed.

    Parameters
    ----------
    levels : shape (persons, constructs, levels)
        Of each under a prior of its own. It stays where theta is NaN, or somebody's decision made it certain.
    theta, se : shape (persons, constructs)
        Posterior mean and deviation under a prior N(0, 1).
    cuts : shape (persons, constructs, levels - 1), rising
    correlation : float
        Of the true values of two constructs, at least 0 and below 1.

    Returns
    -------
    weights, levels : shapes (nodes,) and (nodes, persons, constructs, levels)
        Of each node of what is shared, summing to 1; and the probabilities there. Without correlation one node.

    Raises
    ------
    ValueError
        Shapes disagree, a row of levels is no distribution, or an estimate or the correlation is none.

    Source
    ------
    A one-factor posterior integrated by Gauss and Hermite: Bock and Aitkin (1981), Psychometrika 46, 443-459.
    """
    given = distributions(np.asarray(levels, float), 3)
    values, errors = checked_estimates(theta, se)
    borders = np.asarray(cuts, float)
    if values.shape != given.shape[:2] or borders.shape != (*values.shape, given.shape[2] - 1):
        raise ValueError(f"levels {given.shape}, theta {values.shape} and cuts {borders.shape} do not fit together")
    if correlation == 0:
        return np.ones(1), given[None]
    moved = ~np.isnan(values)
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    shares = Joint.of(values, errors, moved, correlation).levels_at(nodes, borders)
    return weights / weights.sum(), np.where((~moved | (given.max(axis=2) == 1))[..., None], given, shares)


def checked_estimates(theta: ArrayLike, se: ArrayLike) -> tuple[Floats, Floats]:
    """Read estimates; NaN in theta where nothing was measured.

    Parameters
    ----------
    theta, se : shape (persons, constructs), or (constructs,) for one person

    Returns
    -------
    theta, se : shape (persons, constructs)

    Raises
    ------
    ValueError
        Shapes disagree, or a measured construct has no finite theta with a positive standard error.
    """
    values, errors = np.atleast_2d(np.asarray(theta, float), np.asarray(se, float))
    measured = ~np.isnan(values)
    if values.shape != errors.shape:
        raise ValueError(f"theta has shape {values.shape}, se has shape {errors.shape}")
    if not (np.isfinite(values[measured]).all() and np.isfinite(errors[measured]).all()):
        raise ValueError("a measured aspect must have a finite theta and se")
    if (errors[measured] <= 0).any():
        raise ValueError("every standard error must be positive")
    return values, errors
