"""One potential from several measured aspects, with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.responses import Bools, Floats, Ints
from scoring_engine.standards.nine_box import normal_axis
from scoring_engine.standards.together import Joint, checked_estimates


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


def combine(
    theta: ArrayLike, se: ArrayLike, least_measured: int, weights: ArrayLike | None = None, correlation: float = 0.0
) -> Composite:  # fmt: skip
    """Average the measured aspects, whose errors are independent, knowing how aspects go together.

    Each theta was drawn towards the middle by a prior of its own. Given the correlation of all pairs in the population,
    the average under one common normal prior follows in closed form; with a correlation of 0 it is the plain average.

    Parameters
    ----------
    theta, se : shape (persons, aspects), or (aspects,) for one person
        Posterior mean and deviation of each aspect under a prior N(0, 1); NaN in theta where it was not measured.
    least_measured : int
        With fewer measured aspects the composite is missing, at least 1.
    weights : shape (aspects,)
        Of any sum, equal unless given. An aspect of weight 0 is left out as if it were not measured.
    correlation : float
        Of the true values of two aspects, at least 0 and below 1.

    Returns
    -------
    Composite
        Of every person, in their order.

    Raises
    ------
    ValueError
        Shapes disagree, a measured aspect has no positive standard error, or another value is none of these.
    """
    values, errors = checked_estimates(theta, se)
    w = _weights_of(values, weights, least_measured)
    n_measured = (w > 0).sum(axis=1)
    whole = np.where(n_measured >= least_measured, w.sum(axis=1), np.nan)
    if correlation == 0:  # what was made before there was a correlation is computed again to the same bit
        mean = (w * np.where(w > 0, values, 0.0)).sum(axis=1)
        spread = np.where(w > 0, w**2 * errors**2, 0.0).sum(axis=1)
    else:
        mean, spread = Joint.of(values, errors, w > 0, correlation).weighted(w)
    return Composite(mean / whole, np.sqrt(spread) / whole, 100 * ndtr(mean / whole), n_measured)


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


def _weights_of(values: Floats, weights: ArrayLike | None, least_measured: int) -> Floats:
    """Give each person's weights, zero where nothing was measured."""
    if least_measured < 1:
        raise ValueError("least_measured must be positive")
    given = np.ones(values.shape[-1]) if weights is None else np.asarray(weights, float)
    if given.shape != values.shape[1:] or not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError(f"weights must be {values.shape[-1]} numbers of at least 0")
    return np.where(np.isnan(values), 0.0, given)
