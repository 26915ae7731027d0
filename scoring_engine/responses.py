"""What people answered, as arrays: persons are rows, items or blocks are columns, -1 is missing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Answers = NDArray[np.int8]
"""Checked responses: a byte each, so that a nation's answers fit into memory."""

MOST_CATEGORIES = 127
"""What a byte can number, beside the mark for missing."""

MISSING = -1
"""The mark of an item without a response, and of any other number that is not there."""


def checked_responses(responses: ArrayLike, categories: ArrayLike) -> Answers:
    """Return the responses as a matrix, or refuse what cannot be an answer.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category, -1 missing.
    categories : shape (items,)
        How many categories each item has, at most 127.

    Raises
    ------
    ValueError
        Not whole numbers, another number of columns than items, outside an item's categories, or too many of those.
    """
    matrix, last = _whole("responses", responses), np.asarray(categories) - 1
    if (last >= MOST_CATEGORIES).any():
        raise ValueError(f"an item has {last.max() + 1} categories; {MOST_CATEGORIES} are the most")
    if matrix.shape[1] != last.size:
        raise ValueError(f"responses have {matrix.shape[1]} columns, the test has {last.size} items")
    wrong = (matrix < MISSING) | (matrix > last.astype(np.int8))
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        raise ValueError(
            f"response {matrix[person, item]} of person {person} to item {item} is not -1 or 0 to {last[item]}"
        )
    return matrix.astype(np.int8, copy=False)


def checked_picks(most: ArrayLike, least: ArrayLike, sizes: ArrayLike) -> tuple[Answers, Answers]:
    """Return the most and least picks as two matrices, or refuse what cannot be a pair of picks.

    Parameters
    ----------
    most, least : shape (persons, blocks), or (blocks,) for one person
        Position of the picked statement in its block, from 0; both -1 where the block has no answer.
    sizes : shape (blocks,)
        How many statements each block has.

    Raises
    ------
    ValueError
        As for responses; or only one of the two picks is there; or both are the same statement.
    """
    best, worst = checked_responses(most, sizes), checked_responses(least, sizes)
    if best.shape != worst.shape:
        raise ValueError(f"most has shape {best.shape}, least has shape {worst.shape}")
    if ((best == MISSING) != (worst == MISSING)).any():
        raise ValueError("a block needs both picks or none, most and least")
    if ((best == worst) & (best != MISSING)).any():
        raise ValueError("most and least are the same statement of a block")
    return best, worst


def omitted_as_wrong(responses: ArrayLike) -> Ints:
    """Turn every omitted item into a wrong one, and leave what was not reached missing.

    Omitted is missing before the person's last answered item; not reached is the missing rest. So give
    the columns of the whole form in the order in which people saw them, before scales are taken apart.
    For ability tests only: a typical-performance scale ignores both.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers from 0, -1 missing.

    Returns
    -------
    shape (persons, items)

    Raises
    ------
    ValueError
        Not whole numbers.
    """
    matrix = whole_numbers("responses", responses)
    answered = matrix != MISSING
    reached = np.logical_or.accumulate(answered[:, ::-1], axis=1)[:, ::-1]
    return np.where(reached & ~answered, 0, matrix)


def whole_numbers(name: str, given: ArrayLike) -> Ints:
    """Check whole numbers: takes shape (persons, columns), or (columns,) for one person, returns the matrix.

    Raises
    ------
    ValueError
        Not integers, or more than two dimensions.
    """
    return _whole(name, given).astype(np.int64)


def _whole(name: str, given: ArrayLike) -> NDArray[np.signedinteger]:
    matrix = np.asarray(given)
    if matrix.size and matrix.dtype.kind not in "iu":
        raise ValueError(f"{name} must be whole numbers, not {matrix.dtype}")
    if matrix.ndim not in (1, 2):
        raise ValueError(f"{name} must be one row or a matrix, not {matrix.ndim} dimensions")
    if matrix.dtype.kind == "u":  # a cast alone would turn the largest of all into -1, missing
        matrix = np.minimum(matrix.astype(np.uint64), np.uint64(np.iinfo(np.int64).max))
    return np.atleast_2d(matrix if matrix.dtype.kind == "i" else matrix.astype(np.int64))


def real_numbers(name: str, given: ArrayLike, ndim: int) -> Floats:
    """Check numbers: takes any shape of `ndim` dimensions, returns the same as finite doubles.

    Raises
    ------
    ValueError
        Another number of dimensions, or a number is not finite.
    """
    array = np.asarray(given, dtype=np.float64)
    if array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimensions, not {array.ndim}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array
