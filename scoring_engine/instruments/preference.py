"""How people divide their preference among paths; there is no right answer and no scale behind it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import MISSING, Floats, Ints, checked_picks


def shares(blocks: Sequence[Sequence[str]], paths: Sequence[str], most: ArrayLike, least: ArrayLike) -> Floats:
    """Divide 100 among the paths by how often each was picked as most and as least fitting.

    A most pick counts +1, a least pick -1, and every answered block adds 1 to each path, so that no share
    is negative. A block that repeats another counts again: leave it out where it is only a check.

    Parameters
    ----------
    blocks : for every block, the path of each of its statements
        Every block holds each path once: otherwise paths that are shown more often would win.
    paths : names
        The order of the result.
    most, least : shape (persons, blocks), or (blocks,) for one person
        Position of the picked statement in its block, from 0; both -1 where the block has no answer.

    Returns
    -------
    shape (persons, paths)
        Every row sums to 100; NaN for a person who answered no block.

    Raises
    ------
    ValueError
        A block does not hold each path once, or a pick is impossible.
    """
    path_of = _path_numbers(blocks, paths)
    best, worst = checked_picks(most, least, np.full(len(path_of), len(paths)))
    answered = (best != MISSING).sum(axis=1, keepdims=True)
    points = answered + _counts(path_of, best) - _counts(path_of, worst)
    with np.errstate(invalid="ignore"):  # 0 / 0 without an answer is NaN, as it should be
        divided: Floats = 100.0 * points / points.sum(axis=1, keepdims=True)
    return divided


def consistency(
    blocks: Sequence[Sequence[str]], repeats: Sequence[tuple[int, int]], most: ArrayLike, least: ArrayLike
) -> Floats:
    """Compute the share of repeated blocks that were answered alike: the same path most and least.

    Parameters
    ----------
    blocks : for every block, the path of each of its statements
    repeats : pairs of block numbers
        The two blocks of a pair hold the same paths, in any order.
    most, least : as for `shares`

    Returns
    -------
    shape (persons,)
        From 0 to 1; NaN for a person who answered no pair completely.

    Raises
    ------
    ValueError
        A pair is not of two blocks with the same paths, or a pick is impossible.
    """
    best, worst = checked_picks(most, least, [len(block) for block in blocks])
    alike, both = np.zeros(len(best)), np.zeros(len(best))
    for first, second in repeats:
        if first == second or sorted(blocks[first]) != sorted(blocks[second]):
            raise ValueError(f"blocks {first} and {second} are not a repetition")
        answered = (best[:, first] != MISSING) & (best[:, second] != MISSING)
        paths, again = np.array(blocks[first]), np.array(blocks[second])
        same_best = paths[best[:, first]] == again[best[:, second]]
        same_worst = paths[worst[:, first]] == again[worst[:, second]]
        both += answered
        alike += answered & same_best & same_worst
    with np.errstate(invalid="ignore"):  # 0 / 0 without a repeated answer is NaN, as it should be
        return alike / both


def _path_numbers(blocks: Sequence[Sequence[str]], paths: Sequence[str]) -> Ints:
    if len(set(paths)) != len(paths):
        raise ValueError("a path is named twice")
    for block in blocks:
        if sorted(block) != sorted(paths):
            raise ValueError(f"block {list(block)} does not hold each of {list(paths)} once")
    return np.array([[paths.index(path) for path in block] for block in blocks], dtype=np.int64)


def _counts(path_of: Ints, picks: Ints) -> Ints:
    picked = path_of[np.arange(len(path_of)), picks]  # (persons, blocks)
    answered = picks != MISSING
    counts = [((picked == path) & answered).sum(axis=1) for path in range(path_of.shape[1])]
    return np.stack(counts, axis=1)
