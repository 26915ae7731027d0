"""Standard errors of a calibration from the curvature of the marginal log-likelihood."""

from collections.abc import Callable

import numpy as np

from scoring_engine.calibration.families import Family
from scoring_engine.responses import Floats

SHIFT = 1e-5
"""Half the distance of the central differences (psychometrics, section 4)."""


def covariance(slope: Callable[[Floats], Floats], point: Floats) -> Floats:
    """Compute the covariance of all free parameters: the inverse of minus the derivative of the marginal slope.

    The marginal slope is the slope of EM's expected log-likelihood where it is taken (Fisher's identity), so its
    derivative is Oakes's formula. It is taken by central differences.

    Parameters
    ----------
    slope : function
        Takes a point of shape (parameters,), gives the slope of the penalised log-likelihood there.
    point : shape (parameters,)
        The maximum.

    Returns
    -------
    shape (parameters, parameters)
        NaN throughout if the log-likelihood is flat in some direction there: then it is no maximum.

    Source
    ------
    Oakes (1999), Journal of the Royal Statistical Society B 61(2), 479-482.
    """
    curvature = np.empty((point.size, point.size))
    for column in range(point.size):
        shift = np.zeros_like(point)
        shift[column] = SHIFT
        curvature[column] = (slope(point + shift) - slope(point - shift)) / (2 * SHIFT)
    information = -(curvature + curvature.T) / 2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information).min() <= 0:
        return np.full_like(information, np.nan)
    return np.linalg.inv(information).astype(np.float64)


def errors_of_told(family: Family, parameters: Floats, covariances: Floats) -> Floats:
    """Carry covariances over to what is reported, by the delta method.

    Parameters
    ----------
    family : Family
    parameters : shape (items, parameters)
    covariances : shape (items, parameters, parameters)

    Returns
    -------
    shape (items, parameters)
        Standard errors of `Family.told`.
    """
    size, step = parameters.shape[1], 1e-6
    moves = [
        (family.told(parameters + step * unit) - family.told(parameters - step * unit)) / (2 * step)
        for unit in np.eye(size)
    ]
    by = np.stack(moves, axis=2)  # (items, told, parameters)
    variance = ((by[:, :, :, None] * covariances[:, None]).sum(axis=2) * by).sum(axis=2)
    errors: Floats = np.sqrt(variance)
    return errors
