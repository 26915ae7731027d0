"""The M-step: item parameters that fit expected counts better, all items of a family at once."""

import numpy as np

from scoring_engine.calibration.families import Family
from scoring_engine.responses import Floats

MOST_HALVINGS = 40
"""An item that no part of its step suits stays where it is."""

LONGEST = 1.0
"""No parameter moves further in one step (psychometrics, section 4)."""


def gradient(family: Family, parameters: Floats, counts: Floats, nodes: Floats) -> tuple[Floats, Floats]:
    """Compute the slope of the expected log-likelihood, priors included, and its expected information.

    Parameters
    ----------
    family : Family
    parameters : shape (items, parameters)
    counts : shape (items, categories, nodes)
        Expected persons.
    nodes : shape (nodes,)

    Returns
    -------
    slope : shape (items, parameters)
    information : shape (items, parameters, parameters)
    """
    log_p, by = family.curve(parameters, nodes)
    items, size = by.shape[:2]
    expected = np.exp(log_p) * counts.sum(axis=1, keepdims=True)
    flat, weight = by.reshape(items, size, -1), expected.reshape(items, 1, -1)
    slope = (flat * counts.reshape(items, 1, -1)).sum(axis=2)
    information = np.matmul(flat * weight, flat.transpose(0, 2, 1))
    for number, (mean, sd) in family.prior.items():
        slope[:, number] -= (parameters[:, number] - mean) / sd**2
        information[:, number, number] += 1 / sd**2
    if family.log_slope_prior is not None:
        # Only the part of its curvature that is never negative, so that the information stays positive.
        mean, sd = family.log_slope_prior
        a = parameters[:, 0]
        slope[:, 0] -= (1 + (np.log(a) - mean) / sd**2) / a
        information[:, 0, 0] += 1 / (sd * a) ** 2
    return slope, information


def log_prior(family: Family, parameters: Floats) -> float:
    """Compute the logarithm of the priors of a family's parameters, but for a constant.

    Takes parameters of shape (items, parameters), returns one number.
    """
    height = sum(-(((parameters[:, number] - mean) / sd) ** 2).sum() / 2 for number, (mean, sd) in family.prior.items())
    if family.log_slope_prior is not None:
        mean, sd = family.log_slope_prior
        log_a = np.log(parameters[:, 0])
        height -= (log_a + ((log_a - mean) / sd) ** 2 / 2).sum()
    return float(height)


def step(family: Family, parameters: Floats, counts: Floats, nodes: Floats) -> Floats:
    """Move every item by one step of Fisher scoring, halved until it describes an item of the model.

    A parameter at its bound that would go further is held, and the others move as if it were known.
    Takes and returns parameters of shape (items, parameters); counts of shape (items, categories, nodes).
    """
    slope, information = gradient(family, parameters, counts, nodes)
    low, high = family.bounds
    held = ((parameters <= low) & (slope < 0)) | ((parameters >= high) & (slope > 0))
    slope[held] = 0.0
    information[held[:, :, None] | held[:, None, :]] = 0.0
    # An item that says nothing at all has no information: a grain keeps the system solvable.
    information += np.where(held, 1.0, 1e-8)[:, :, None] * np.eye(slope.shape[1])
    move = np.clip(np.linalg.solve(information, slope[:, :, None])[:, :, 0], -LONGEST, LONGEST)
    for _ in range(MOST_HALVINGS):
        moved: Floats = np.clip(parameters + move, low, high)
        fine = family.allowed(moved)
        if fine.all():
            return moved
        move[~fine] /= 2
    return np.where(fine[:, None], moved, parameters)
