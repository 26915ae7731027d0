"""Performance by potential: one of nine boxes, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring_engine.responses import MISSING, Bools, Floats, Ints

LOW, MIDDLE, HIGH = 0, 1, 2

Numbering = Sequence[Sequence[int]]

BOX: Numbering = ((1, 3, 6), (2, 5, 8), (4, 7, 9))
"""Number of the box by [performance][potential], each low, middle, high (regulation; domain 5.1)."""

AxisCuts = tuple[tuple[float, float], tuple[float, float]]
"""The cuts (middle, high) of performance and those of potential."""

NEAR_CUT = 0.75
"""A person whose most probable box is less probable than this is near a cut: an assessor looks again."""


def category(value: float | Fraction | None, middle: float | Fraction, high: float | Fraction) -> int | None:
    """Place a value on an axis: LOW, MIDDLE or HIGH, and None for a value that is missing (None or NaN).

    A cut belongs to the category above it: middle <= value < high is MIDDLE.

    Parameters
    ----------
    value, middle, high : on one scale, in exact numbers where a border must be met exactly

    Returns
    -------
    int, or None for a missing value

    Raises
    ------
    ValueError
        The cuts do not rise.
    """
    _refuse_unless_rising(middle, high)
    if value is None or value != value:
        return None
    return int(value >= middle) + int(value >= high)


def box(performance: int | None, potential: int | None, numbering: Numbering = BOX) -> int | None:
    """Number the box of two categories; None while an axis is missing, which is never counted as low.

    Parameters
    ----------
    performance, potential : LOW, MIDDLE or HIGH, or None for a missing axis
    numbering : number of the box by [performance][potential]

    Returns
    -------
    int from 1 to 9, or None

    Raises
    ------
    ValueError
        A category is not LOW, MIDDLE or HIGH, or the numbering does not number nine boxes.
    """
    table = _checked_numbering(numbering)
    for axis in (performance, potential):
        if axis not in (None, LOW, MIDDLE, HIGH):
            raise ValueError(f"{axis} is no category of an axis")
    if performance is None or potential is None:
        return None
    return int(table[performance, potential])


def normal_axis(mean: ArrayLike, se: ArrayLike, middle: float, high: float) -> Floats:
    """Compute the probability of low, middle and high for values that are known with a normal error.

    Parameters
    ----------
    mean, se : shape (persons,), or one number each
        On the scale of the cuts. se 0 is a value known exactly: the cut belongs to the category above.
    middle, high : float
        The cuts.

    Returns
    -------
    shape (persons, 3)
        NaN for a person whose value is missing (NaN).

    Raises
    ------
    ValueError
        The cuts do not rise, an se is negative, or a value or se is infinite.
    """
    _refuse_unless_rising(middle, high)
    value, error = np.broadcast_arrays(*np.atleast_1d(np.asarray(mean, float), np.asarray(se, float)))
    if (error < 0).any():
        raise ValueError("a standard error is negative")
    if np.isinf(value).any() or np.isinf(error).any():
        raise ValueError("a value or standard error is infinite; what is not known is missing")
    gap = value[:, None] - np.array([middle, high])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(error[:, None] > 0, gap / error[:, None], np.where(gap >= 0, np.inf, -np.inf))
    z[np.isnan(value) | np.isnan(error)] = np.nan
    # Both tails from their own side: 1 - ndtr(8) would be 0.
    low, high_tail = ndtr(-z[:, 0]), ndtr(z[:, 1])
    return np.stack([low, np.maximum(1 - low - high_tail, 0.0), high_tail], axis=1)


@dataclass(frozen=True, eq=False)
class BoxChances:
    """How probable each box is for every person.

    Parameters
    ----------
    probabilities : shape (persons, 9)
        Column n - 1 is box n; NaN while an axis is missing.
    box : shape (persons,)
        The most probable box, the lower number of two equal ones; -1 while an axis is missing.
    probability : shape (persons,)
        Of that box; NaN while an axis is missing.
    near_cut : shape (persons,)
        True where that probability is below the limit, so that the person lies near a cut.
    """

    probabilities: Floats
    box: Ints
    probability: Floats
    near_cut: Bools


def box_chances(
    performance: ArrayLike, potential: ArrayLike, numbering: Numbering = BOX, near_cut: float = NEAR_CUT
) -> BoxChances:
    """Compute the probability of each of the nine boxes from those of two independent axes.

    Parameters
    ----------
    performance, potential : shape (persons, 3), or (3,) for one person
        Probability of low, middle, high; a row of NaN is a missing axis.
    numbering : number of the box by [performance][potential]
    near_cut : float
        The limit of `BoxChances.near_cut`.

    Returns
    -------
    BoxChances
        Of every person, in their order.

    Raises
    ------
    ValueError
        A row is no distribution, the numbers of persons differ, or the numbering is wrong.
    """
    rows, columns = _checked_axis(performance), _checked_axis(potential)
    if len(rows) != len(columns):
        raise ValueError(f"{len(rows)} persons on one axis, {len(columns)} on the other")
    return chances_of_cells(rows[:, :, None] * columns[:, None, :], numbering, near_cut)


def chances_of_cells(cells: Floats, numbering: Numbering = BOX, near_cut: float = NEAR_CUT) -> BoxChances:
    """Number the nine cells of every person and name the most probable box.

    Parameters
    ----------
    cells : shape (persons, 3, 3)
        Probability of [performance][potential]; a cell of NaN makes the person's box missing.
    numbering : number of the box by [performance][potential]
    near_cut : float
        The limit of `BoxChances.near_cut`.

    Returns
    -------
    BoxChances
        Of every person, in their order.

    Raises
    ------
    ValueError
        The numbering is wrong.
    """
    chances = np.empty((len(cells), 9))
    chances[:, _checked_numbering(numbering).ravel() - 1] = cells.reshape(-1, 9)
    missing = np.isnan(chances).any(axis=1)
    best = np.argmax(chances, axis=1)
    highest = chances[np.arange(len(cells)), best]
    return BoxChances(chances, np.where(missing, MISSING, best + 1), highest, highest < near_cut)


def known_axis(categories: ArrayLike) -> Floats:
    """Turn categories that are known for sure, as a predicate of performance is, into an axis of probabilities.

    With `normal_axis` on the other axis, `box_chances` then covers the mixed case.

    Parameters
    ----------
    categories : shape (persons,)
        LOW, MIDDLE or HIGH; -1 is missing.

    Returns
    -------
    shape (persons, 3)
        1 in the known category; a row of NaN where it is missing.

    Raises
    ------
    ValueError
        Not one row of whole numbers from -1 to 2.
    """
    known = np.asarray(categories)
    if known.ndim != 1 or known.dtype.kind not in "iu":
        raise ValueError(f"categories must be one row of whole numbers, not {known.dtype} of shape {known.shape}")
    wrong = (known < MISSING) | (known > HIGH)
    if wrong.any():
        person = int(np.argmax(wrong))
        raise ValueError(f"category {known[person]} of person {person} is not -1 or {LOW} to {HIGH}")
    return np.where((known == MISSING)[:, None], np.nan, (known[:, None] == np.arange(3)).astype(np.float64))


def possible_boxes(low: ArrayLike, high: ArrayLike, cuts: AxisCuts, numbering: Numbering = BOX) -> Bools:
    """Tell which boxes a person can still end in while parts of an axis are missing.

    Parameters
    ----------
    low, high : shape (persons, 2)
        Ends, both inclusive, between which performance (column 0) and potential (column 1) lie; NaN where
        nothing bounds them on that side. Equal ends are a value that is complete.
    cuts : of performance and of potential, each (middle, high)
    numbering : number of the box by [performance][potential]

    Returns
    -------
    shape (persons, 9)
        Column n - 1 is box n; at least one is True for everybody, and exactly one where both axes are complete.

    Raises
    ------
    ValueError
        Another shape, a low end above the high one, cuts that do not rise, or the numbering is wrong.
    """
    lowest, highest = _categories_of_ends(low, high, cuts)
    axis = np.arange(3)
    open_to = (lowest[:, :, None] <= axis) & (axis <= highest[:, :, None])
    mask = np.empty((len(open_to), 9), dtype=np.bool_)
    cells = open_to[:, 0, :, None] & open_to[:, 1, None, :]
    mask[:, _checked_numbering(numbering).ravel() - 1] = cells.reshape(-1, 9)
    return mask


def _categories_of_ends(low: ArrayLike, high: ArrayLike, cuts: AxisCuts) -> tuple[Ints, Ints]:
    bottom, top = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    if bottom.ndim != 2 or bottom.shape[1] != 2 or bottom.shape != top.shape:
        raise ValueError(f"low and high must both be of shape (persons, 2), not {bottom.shape} and {top.shape}")
    if (bottom > top).any():
        person, axis = np.argwhere(bottom > top)[0]
        ends = f"{bottom[person, axis]} above {top[person, axis]}"
        raise ValueError(f"the interval of person {person} on axis {axis} has its low end {ends}")
    for middle_cut, high_cut in cuts:
        _refuse_unless_rising(middle_cut, high_cut)
    borders = np.array(cuts, dtype=np.float64)  # (axes, cuts)
    top = np.where(np.isnan(top), np.inf, top)  # a low end of NaN is above no cut, as -inf is
    return (bottom[:, :, None] >= borders).sum(axis=2), (top[:, :, None] >= borders).sum(axis=2)


def _refuse_unless_rising(middle: float | Fraction, high: float | Fraction) -> None:
    if not middle < high:
        raise ValueError(f"the cut of high, {high}, must lie above that of middle, {middle}")


def _checked_numbering(numbering: Numbering) -> Ints:
    numbers = sorted(number for row in numbering for number in row)
    if [len(row) for row in numbering] != [3, 3, 3] or numbers != list(range(1, 10)):
        raise ValueError("a numbering gives each of nine boxes, three rows of three, its number from 1 to 9")
    return np.array(numbering, dtype=np.int64)


def _checked_axis(probabilities: ArrayLike) -> Floats:
    rows = np.atleast_2d(np.asarray(probabilities, dtype=np.float64))
    if rows.ndim != 2 or rows.shape[1] != 3:
        raise ValueError(f"an axis has three categories, not the shape {rows.shape}")
    known = rows[~np.isnan(rows).all(axis=1)]
    if not ((known >= 0).all() and (np.abs(known.sum(axis=1) - 1) <= 1e-9).all()):
        raise ValueError("every row of an axis must sum to 1, and none may be negative")
    return rows
