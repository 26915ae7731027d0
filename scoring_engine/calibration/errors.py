"""Standard errors of a calibration from the curvature of the marginal log-likelihood."""

from collections.abc import Callable

import numpy as np

from scoring_engine.calibration.families import Family
from scoring_engine.responses import Bools, Floats

SHIFT = 1e-5
"""Half the distance of the central differences (psychometrics, section 4)."""


FLAT = 1e-10
"""A direction that bends by less than this share of the most bent one is flat."""


def covariance(slope: Callable[[Floats], Floats], point: Floats, held: Bools) -> Floats:
    """Compute the covariance of all free parameters: the inverse of minus the derivative of the marginal slope.

    The marginal slope is the slope of EM's expected log-likelihood where it is taken (Fisher's identity), so its
    derivative is Oakes's formula. It is taken by central differences.

    Parameters
    ----------
    slope : function
        Takes a point of shape (parameters,), gives the slope of the penalised log-likelihood there.
    point : shape (parameters,)
        The maximum.
    held : shape (parameters,)
        Marks parameters that ended at their bound.

    Returns
    -------
    shape (parameters, parameters)
        Of the others as if those were known, NaN for those; NaN throughout if the log-likelihood is flat in some
        direction there: then it is no maximum.

    Source
    ------
    Oakes (1999), Journal of the Royal Statistical Society B 61(2), 479-482.
    """
    free, found = np.flatnonzero(~held), np.full((point.size, point.size), np.nan)
    curvature = np.empty((free.size, free.size))
    for row, column in enumerate(free):
        shift = np.zeros_like(point)
        shift[column] = SHIFT
        curvature[row] = ((slope(point + shift) - slope(point - shift)) / (2 * SHIFT))[free]
    information = -(curvature + curvature.T) / 2
    if free.size and np.isfinite(information).all():
        bends = np.linalg.eigvalsh(information)
        if bends[0] > FLAT * bends[-1]:
            found[np.ix_(free, free)] = np.linalg.inv(information)
    return found


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
