"""Preknowledge: is a person more able on items that are known to have leaked than on the others?

One ability for all items is compared with two, one for each part, by the signed root of the likelihood ratio. Abilities
are sought on a bounded scale, so that a person with all exposed items right, who is the most suspect, is not left out
for want of a finite estimate. A flag opens a review and changes no score.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring_engine.ability.likelihood import AnswerTable, log_likelihood_table
from scoring_engine.ability.posterior import blocks
from scoring_engine.curves.items import Items
from scoring_engine.responses import MISSING, Answers, Bools, Floats, checked_responses

REACH = 6.0
"""Abilities are sought from -6 to 6 logits."""

STEP = 0.05
"""In logits: with the parabola through the three best nodes the greatest log-likelihood is exact to 1e-4."""


@dataclass(frozen=True, eq=False)
class Preknowledge:
    """How much abler every person is on the exposed items than on the others.

    Parameters
    ----------
    theta_exposed, theta_unexposed : shape (persons,)
        Maximum likelihood estimates in logits, from -6 to 6; NaN without an answer.
    z : shape (persons,)
        Signed root of the likelihood ratio, positive if abler on the exposed items; NaN where a part has no answer.
    p : shape (persons,)
        Upper tail of the normal distribution at z; NaN where z is.
    """

    theta_exposed: Floats
    theta_unexposed: Floats
    z: Floats
    p: Floats


def preknowledge(responses: ArrayLike, items: Items, exposed: ArrayLike) -> Preknowledge:
    """Test whether exposed items were easier for a person than the person's other answers allow.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category; -1 is missing and left out.
    items : Items
    exposed : shape (items,)
        True for the items that are known to have leaked.

    Returns
    -------
    Preknowledge

    Raises
    ------
    ValueError
        Responses do not fit the items, or exposed does not mark some of the items and leave others.

    Source
    ------
    Sinharay (2017), Journal of Educational and Behavioral Statistics 42(1), 46-68.
    """
    answers, leaked = checked_responses(responses, items.categories), _checked_exposed(exposed, len(items))
    table = log_likelihood_table(items, np.linspace(-REACH, REACH, 1 + round(2 * REACH / STEP)))
    found = [_compared(table, answers[part], leaked) for part in blocks(len(answers))]
    columns = np.concatenate([np.empty((4, 0)), *found], axis=1)
    return Preknowledge(*columns)


def _compared(table: AnswerTable, answers: Answers, leaked: Bools) -> Floats:
    """Takes checked answers of shape (persons, items); returns the columns of the result, shape (4, persons)."""
    parts = [np.where(chosen, answers, np.int8(MISSING)) for chosen in (leaked, ~leaked)]
    exposed, unexposed = (table.sums(part) for part in parts)
    (theta_e, most_e), (theta_u, most_u) = _peak(exposed), _peak(unexposed)
    _, most = _peak(exposed + unexposed)
    answered_e, answered_u = ((part != MISSING).any(axis=1) for part in parts)
    gain = np.sqrt(2 * np.maximum(most_e + most_u - most, 0.0))
    z = np.where(answered_e & answered_u, np.sign(theta_e - theta_u) * gain, np.nan)
    return np.stack([np.where(answered_e, theta_e, np.nan), np.where(answered_u, theta_u, np.nan), z, ndtr(-z)])


def _peak(log_likelihood: Floats) -> tuple[Floats, Floats]:
    """Find where functions on the nodes, shape (nodes, persons), are greatest, in logits, and how great."""
    best = np.argmax(log_likelihood, axis=0)
    inner = np.clip(best, 1, len(log_likelihood) - 2)
    below, middle, above = (log_likelihood[inner + step, np.arange(best.size)] for step in (-1, 0, 1))
    rise, bend = (above - below) / 2, above - 2 * middle + below
    shift = np.divide(-rise, bend, out=np.zeros_like(bend), where=bend < 0)
    at_end = best != inner  # still rising there: the bound is the estimate
    shift = np.where(at_end, best - inner, np.clip(shift, -1.0, 1.0))
    height = np.where(at_end, log_likelihood[best, np.arange(best.size)], middle + rise * shift + bend * shift**2 / 2)
    return STEP * (inner + shift) - REACH, height


def _checked_exposed(exposed: ArrayLike, n_items: int) -> Bools:
    leaked = np.asarray(exposed)
    if leaked.dtype != np.bool_ or leaked.shape != (n_items,):
        raise ValueError(f"exposed must be true or false for each of {n_items} items")
    if leaked.all() or not leaked.any():
        raise ValueError("some items must be exposed and some not, or there is nothing to compare")
    return leaked
