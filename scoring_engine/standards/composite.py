"""One potential from several measured aspects, with its uncertainty."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.responses import Bools, Floats, Ints
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

    Returns
    -------
    Composite
        Of every person, in their order.

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


def combine_weighted(
    theta: ArrayLike, covariance: ArrayLike, least_measured: int, weights: ArrayLike | None = None
) -> Composite:
    """Average the measured aspects with weights, when their errors may be correlated.

    The weights of the measured aspects are scaled to sum to 1, so that an unmeasured aspect is left out and
    neither zero nor average. With equal weights and independent errors this is `combine`.

    Parameters
    ----------
    theta : shape (persons, aspects), or (aspects,) for one person
        Each aspect in the metric of N(0, 1); NaN where the aspect was not measured.
    covariance : shape (persons, aspects, aspects), or (aspects, aspects) for all
        Of the errors; rows and columns of unmeasured aspects are not looked at.
    least_measured : int
        With fewer measured aspects the composite is missing, at least 1.
    weights : shape (aspects,)
        Positive, of any sum; equal unless given.

    Returns
    -------
    Composite
        The error is sqrt(w' C w) / sum of w over what was measured; a shared error does not average out.

    Raises
    ------
    ValueError
        Shapes disagree, a weight is not positive, least_measured is below 1, or a person's covariance of the
        measured aspects is not finite, symmetric, positive on its diagonal and without negative variance.
    """
    values = np.ascontiguousarray(np.atleast_2d(np.asarray(theta, dtype=np.float64)))  # sums run along the rows
    measured = ~np.isnan(values)
    w = np.where(measured, _checked_weights(weights, values, least_measured), 0.0)
    errors = _checked_errors(covariance, values, measured)
    n_measured = measured.sum(axis=1)
    whole = np.where(n_measured >= least_measured, w.sum(axis=1), np.nan)
    mean = (w * np.where(measured, values, 0.0)).sum(axis=1) / whole
    spread = (w[:, :, None] * errors * w[:, None, :]).reshape(len(values), -1).sum(axis=1)
    return Composite(mean, np.sqrt(np.maximum(spread, 0.0)) / whole, 100 * ndtr(mean), n_measured)


def composite_categories(known: Composite, middle: float, high: float) -> Floats:
    """Compute the probability of low, middle and high from cuts on the 0 to 100 scale.

    Parameters
    ----------
    known : Composite
    middle, high : float
        The cuts, inclusive.

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


def _checked_weights(weights: ArrayLike | None, values: Floats, least_measured: int) -> Floats:
    given = np.ones(values.shape[-1]) if weights is None else np.asarray(weights, dtype=np.float64)
    if values.ndim != 2 or given.shape != values.shape[1:]:
        raise ValueError(f"theta has shape {values.shape}, weights have shape {given.shape}")
    if np.isinf(values).any():
        raise ValueError("a measured aspect must have a finite theta")
    if least_measured < 1 or not (np.isfinite(given) & (given > 0)).all():
        raise ValueError("least_measured and every weight must be positive")
    return given


def _checked_errors(covariance: ArrayLike, values: Floats, measured: Bools) -> Floats:
    """Return each person's covariance with zeros at what was not measured."""
    given, (persons, aspects) = np.asarray(covariance, dtype=np.float64, order="C"), values.shape
    if given.shape not in ((aspects, aspects), (persons, aspects, aspects)):
        raise ValueError(f"theta has shape {values.shape}, covariance has shape {given.shape}")
    errors = np.where(measured[:, :, None] & measured[:, None, :], given, 0.0)
    variance = np.diagonal(errors, axis1=1, axis2=2)
    wrong = ~np.isfinite(errors).all(axis=(1, 2)) | ((variance <= 0) & measured).any(axis=1)
    largest = np.where(wrong, 1.0, np.max(variance, axis=1, initial=0.0))
    wrong |= (np.abs(errors - errors.transpose(0, 2, 1)) > 1e-9 * largest[:, None, None]).any(axis=(1, 2))
    sound = np.where(wrong[:, None, None], 0.0, errors)
    wrong |= (np.linalg.eigvalsh(sound) < -1e-9 * largest[:, None]).any(axis=1)
    if wrong.any():
        raise ValueError(f"the covariance of person {int(np.argmax(wrong))} is no covariance of measured aspects")
    return errors
