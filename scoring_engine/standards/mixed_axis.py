"""An axis of which some parts are on record and two are measured: how probable are low, middle and high?

Potential of the regulation is a weighted mean. What stands in a file (education, discipline) has no error of
measurement; the match of levels has one that is discrete, the composite of potential one that is normal before it
becomes a score. The mass is summed over the percentages of the match and integrated exactly over the score: nothing is
simulated, and no part is taken as normal that is not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.responses import Floats


@dataclass(frozen=True, eq=False)
class Measured:
    """What is measured of every person, each part independent of the other given the answers.

    Parameters
    ----------
    points : shape (values,)
        What the match can be, in points of its component.
    chances : shape (persons, values)
        How probable each is; rows sum to 1.
    theta, se : shape (persons,)
        The composite of potential in standard deviations; its score is 100 * Phi(theta). se is positive.
    """

    points: Floats
    chances: Floats
    theta: Floats
    se: Floats


def mixed_axis(
    on_record: ArrayLike, measured: Measured, weights: tuple[float, float], middle: float, high: float
) -> Floats:
    """Compute the probability of low, middle and high on an axis of recorded and measured parts.

    Parameters
    ----------
    on_record : shape (persons,)
        What the recorded parts bring to the axis, already weighted.
    measured : Measured
    weights : of the match and of the potential score, in per cent of the axis, positive
    middle, high : float
        The cuts, in points of the axis, inclusive.

    Returns
    -------
    shape (persons, 3)
        Rows sum to 1.

    Raises
    ------
    ValueError
        Cuts that do not rise, a weight or standard error that is not positive, a number that is not finite, or shapes
        that disagree.
    """
    base, theta, se = (np.asarray(one, dtype=np.float64) for one in (on_record, measured.theta, measured.se))
    _refuse_unless_they_fit(base, measured, weights)
    if not middle < high:
        raise ValueError(f"the cut of high, {high}, must lie above that of middle, {middle}")
    of_match, of_potential = weights
    reached = base[:, None] + of_match / 100 * np.asarray(measured.points, dtype=np.float64)  # (persons, values)

    def above(cut: float) -> Floats:
        # The score that potential must have for the cut, in standard errors: at most 0 always has it, 100 never.
        needed = ndtri(np.clip((cut - reached) / of_potential, 0.0, 1.0))
        return (theta[:, None] - needed) / se[:, None]

    # Both tails from their own side: 1 - ndtr(8) would be 0. Sums run along the rows, so that company changes no bit.
    low, tail = ((measured.chances * ndtr(z)).sum(axis=1) for z in (-above(middle), above(high)))
    return np.stack([low, np.maximum(1 - low - tail, 0.0), tail], axis=1)


def _refuse_unless_they_fit(base: Floats, measured: Measured, weights: tuple[float, float]) -> None:
    persons, values = np.shape(measured.chances)
    shapes = [base.shape, np.shape(measured.theta), np.shape(measured.se), np.shape(measured.points)]
    if shapes != [(persons,), (persons,), (persons,), (values,)]:
        raise ValueError(f"shapes {shapes} do not fit chances of {persons} persons and {values} values")
    if not all(np.isfinite(one).all() for one in (base, measured.theta, measured.se, measured.points)):
        raise ValueError("a number is not finite; what is missing has no place on a mixed axis")
    if min(weights) <= 0 or (np.asarray(measured.se) <= 0).any():
        raise ValueError("both weights and every standard error must be positive")
