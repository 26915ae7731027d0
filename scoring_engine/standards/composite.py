"""One potential from several measured aspects, with its uncertainty."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.responses import Floats, Ints
from scoring_engine.standards.nine_box import normal_axis


@dataclass(frozen=True, eq=False)
class Composite:
    """The composite of every person; NaN where too few aspects were measured.

    Parameters
    ----------
    theta, se : shape (persons,)
        In standard deviations of the aspects.
    score : shape (persons,)
        100 * Phi(theta), from 0 to 100.
    n_measured : shape (persons,)
        How many aspects it rests on.
    """

    theta: Floats
    se: Floats
    score: Floats
    n_measured: Ints


def combine(theta: ArrayLike, se: ArrayLike, least_measured: int) -> Composite:
    """Average the measured aspects with equal weights; their errors are independent.

    Parameters
    ----------
    theta, se : shape (persons, aspects), or (aspects,) for one person
        Each aspect in the metric of N(0, 1); NaN in theta where the aspect was not measured.
    least_measured : int
        With fewer measured aspects the composite is missing, at least 1.

    Raises
    ------
    ValueError
        Shapes disagree, a measured aspect has no positive standard error, or least_measured is below 1.
    """
    values, errors = np.atleast_2d(np.asarray(theta, float), np.asarray(se, float))
    measured = ~np.isnan(values)
    if values.shape != errors.shape:
        raise ValueError(f"theta has shape {values.shape}, se has shape {errors.shape}")
    if not (np.isfinite(values[measured]).all() and np.isfinite(errors[measured]).all()):
        raise ValueError("a measured aspect must have a finite theta and se")
    if least_measured < 1 or (errors[measured] <= 0).any():
        raise ValueError("least_measured and every standard error must be positive")
    n_measured = measured.sum(axis=1)
    n = np.where(n_measured >= least_measured, n_measured, np.nan)
    mean = np.where(measured, values, 0.0).sum(axis=1) / n
    error = np.sqrt(np.where(measured, errors**2, 0.0).sum(axis=1)) / n
    return Composite(mean, error, 100 * ndtr(mean), n_measured)


def composite_categories(known: Composite, middle: float, high: float) -> Floats:
    """Compute the probability of low, middle and high from cuts on the 0 to 100 scale.

    Returns
    -------
    shape (persons, 3)
        NaN where the composite is missing.

    Raises
    ------
    ValueError
        The cuts do not rise, or are not between 0 and 100.
    """
    if not (0 < middle < 100 and 0 < high < 100):
        raise ValueError(f"the cuts {middle} and {high} must lie between 0 and 100")
    return normal_axis(known.theta, known.se, float(ndtri(middle / 100)), float(ndtri(high / 100)))
