"""From ability to level: the levels of a competency and the probability of each."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from scoring_engine.ability.posterior import Posterior
from scoring_engine.exact import total
from scoring_engine.responses import Floats, Ints, real_numbers


def level_probabilities(known: Posterior, cuts: ArrayLike) -> Floats:
    """Compute the probability of each level from everything that is known about the ability.

    Level k holds every ability from cut k - 1 up to, but without, cut k; level 1 has no lower and the last
    level no upper end.

    Parameters
    ----------
    known : Posterior
    cuts : shape (levels - 1,)
        Rising, in logits; four cuts make the five levels of a competency.

    Returns
    -------
    shape (persons, levels)
        Rows sum to 1; column 0 is level 1.

    Raises
    ------
    ValueError
        No cut, or cuts that do not rise.
    """
    borders, step = rising_cuts(cuts), known.nodes[1] - known.nodes[0]
    # The weights are samples of a smooth curve, half a standard deviation apart or closer. Integrating
    # the sinc series through them is exact to 1e-9; adding up the nodes below a cut is off by up to 0.1.
    below_cut = 0.5 + sici(np.pi * (borders[:, None] - known.nodes) / step)[0] / np.pi
    below = np.stack([total(known.weights.T * share[:, None]) for share in below_cut], axis=1)
    below = np.maximum.accumulate(np.clip(below, 0.0, 1.0), axis=1)
    return np.diff(below, axis=1, prepend=0.0, append=1.0)


def most_probable_level(probabilities: ArrayLike) -> Ints:
    """Name the level with the highest probability, from 1; the lower of two equal ones.

    Takes shape (persons, levels), returns shape (persons,). Raises ValueError if a row is no distribution.
    """
    highest: Ints = np.argmax(distributions(probabilities, 2), axis=1)
    return highest + 1


def expected_level(probabilities: ArrayLike) -> Floats:
    """Compute the mean of the level over its probabilities.

    Takes shape (persons, levels), returns shape (persons,). Raises ValueError if a row is no distribution.
    """
    rows = distributions(probabilities, 2)
    mean: Floats = (rows * np.arange(1.0, rows.shape[1] + 1)).sum(axis=1)
    return mean


def attained_level(theta: ArrayLike, cuts: ArrayLike) -> Ints:
    """Name the level in which the estimated ability lies, from 1; a cut belongs to the level above it.

    This is the level that is reported. It is chosen over the most probable level because it can be
    checked by hand from two printed numbers, and because a broader level never wins by its breadth.

    Takes shapes (persons,) and (levels - 1,), returns shape (persons,). Raises ValueError if an ability is
    not finite or cuts do not rise.
    """
    return 1 + np.searchsorted(rising_cuts(cuts), real_numbers("theta", theta, 1), side="right")


def distributions(probabilities: ArrayLike, ndim: int) -> Floats:
    """Check rows of probabilities.

    Parameters
    ----------
    probabilities : shape (..., categories)
    ndim : int
        How many dimensions are wanted.

    Returns
    -------
    the same shape

    Raises
    ------
    ValueError
        Not finite, another number of dimensions, a negative number, or a row that does not sum to 1.
    """
    rows = real_numbers("probabilities", probabilities, ndim)
    if (rows < 0).any() or (np.abs(rows.sum(axis=-1) - 1) > 1e-9).any():
        raise ValueError("every row of probabilities must sum to 1, and none may be negative")
    return rows


def rising_cuts(cuts: ArrayLike) -> Floats:
    """Check cuts: takes and returns shape (cuts,), raises ValueError if there is none or they do not rise."""
    borders = real_numbers("cuts", cuts, 1)
    if borders.size == 0 or (np.diff(borders) <= 0).any():
        raise ValueError("cuts must rise, and there must be at least one")
    return borders
