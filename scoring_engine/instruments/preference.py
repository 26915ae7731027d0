"""How people divide their preference among paths; there is no right answer and no scale behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_picks, whole_numbers

TYPES = ("R", "I", "A", "S", "E", "C")
"""Realistic, investigative, artistic, social, enterprising, conventional: in a circle, as on Holland's hexagon."""

CLOSENESS = np.array([3, 2, 1, 0, 1, 2])
"""What two types are worth that stand so many steps apart on the hexagon (Brown & Gore 1994)."""

LETTER_WEIGHT = np.array([3, 2, 1])
"""Of the first, second and third letter of a code (Brown & Gore 1994)."""


@dataclass(frozen=True, eq=False)
class HollandCode:
    """The three types that fit every person best.

    Parameters
    ----------
    letters : shape (persons, 3)
        Numbers of types, in the order of `TYPES`, the highest first; -1 for a person without a profile.
    tied : shape (persons,)
        True where two of the four highest scores are equal: another order would be as good.
    """

    letters: Ints
    tied: Bools


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
        if not (0 <= first < len(blocks) and 0 <= second < len(blocks)):
            raise ValueError(f"there are no blocks {first} and {second}; they are 0 to {len(blocks) - 1}")
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


def differentiation(profile: ArrayLike) -> Floats:
    """Compute how clearly a profile stands out: the standard deviation of its scores, with divisor paths.

    Parameters
    ----------
    profile : shape (persons, paths), or (paths,) for one person
        Shares, or scores of interest types on one scale; NaN in all of a person's is a missing profile.

    Returns
    -------
    shape (persons,)
        In the unit of the profile, 0 for a flat one; NaN where it is missing.

    Raises
    ------
    ValueError
        Fewer than two paths, a score that is infinite, or a profile that is missing in part.

    Source
    ------
    Healy & Mourton (1983), Journal of Vocational Behavior 23(3), 318-328: dispersion of the scores.
    """
    rows = _checked_profile(profile, None)
    apart = rows - rows.sum(axis=1, keepdims=True) / rows.shape[1]
    spread: Floats = np.sqrt((apart**2).sum(axis=1) / rows.shape[1])
    return spread


def iachan_differentiation(profile: ArrayLike) -> Floats:
    """Compute half of how far the highest of six scores lies above the mean of the second and the fourth.

    Takes shape (persons, 6), returns shape (persons,), in the unit of the profile, NaN where it is missing. Raises
    ValueError as `differentiation`, or unless there are six scores.

    Source
    ------
    Iachan (1984), Psychometrika 49(2), 217-222.
    """
    ordered = np.sort(_checked_profile(profile, len(TYPES)), axis=1)[:, ::-1]
    return (ordered[:, 0] - (ordered[:, 1] + ordered[:, 3]) / 2) / 2


def holland_code(profile: ArrayLike) -> HollandCode:
    """Find the three highest interest types of every person; of equal ones the earlier in `TYPES`, which is told.

    Takes shape (persons, 6), returns HollandCode. Raises ValueError as `iachan_differentiation`.

    Source
    ------
    Holland (1997), Making Vocational Choices, 3rd edition.
    """
    rows = _checked_profile(profile, len(TYPES))
    order = np.argsort(-rows, axis=1, kind="stable")
    highest = np.take_along_axis(rows, order[:, :4], axis=1)
    missing = np.isnan(rows).any(axis=1, keepdims=True)
    return HollandCode(
        np.where(missing, MISSING, order[:, :3]), np.asarray((np.diff(highest, axis=1) == 0).any(axis=1))
    )


def code_consistency(letters: ArrayLike) -> Ints:
    """Tell how near the first two letters of a code stand: 3 neighbours, 2 one between, 1 opposite, -1 missing.

    Takes shape (persons, 3), numbers of types, returns shape (persons,). Raises ValueError as `congruence`.

    Source
    ------
    Holland (1997), Making Vocational Choices, 3rd edition.
    """
    codes = _checked_codes(letters)
    return np.where(codes[:, 0] == MISSING, MISSING, CLOSENESS[(codes[:, 0] - codes[:, 1]) % 6] + 1)


def congruence(letters: ArrayLike, post: ArrayLike) -> Ints:
    """Compute how well the codes of people and of a post or job family agree, letter by letter: the C index.

    Parameters
    ----------
    letters : shape (persons, 3), or (3,) for one person
        Numbers of types in the order of `TYPES`; a row of -1 is missing.
    post : shape (3,), or (persons, 3)

    Returns
    -------
    shape (persons,)
        From 0, each letter opposite, to 18, the same code; -1 where one is missing.

    Raises
    ------
    ValueError
        A code is not of three different types, or the numbers of people disagree.

    Source
    ------
    Brown & Gore (1994), Journal of Vocational Behavior 45(3), 310-327.
    """
    people, posts = _checked_codes(letters), _checked_codes(post)
    if len(posts) not in (1, len(people)):
        raise ValueError(f"{len(people)} codes of people do not fit {len(posts)} of posts")
    points = (CLOSENESS[(people - posts) % 6] * LETTER_WEIGHT).sum(axis=1)
    return np.where((people[:, 0] == MISSING) | (posts[:, 0] == MISSING), MISSING, points)


def _checked_profile(profile: ArrayLike, n_paths: int | None) -> Floats:
    rows = np.atleast_2d(np.array(profile, dtype=np.float64, order="C"))
    if rows.ndim != 2 or rows.shape[1] < 2 or rows.shape[1] != (n_paths or rows.shape[1]):
        raise ValueError(f"a profile has {n_paths or 'at least two'} scores, not the shape {rows.shape}")
    partial = np.isnan(rows).any(axis=1) & ~np.isnan(rows).all(axis=1)
    if np.isinf(rows).any() or partial.any():
        raise ValueError("a profile is infinite, or missing in part")
    return rows


def _checked_codes(letters: ArrayLike) -> Ints:
    codes = whole_numbers("codes", letters)
    if codes.shape[1] != 3:
        raise ValueError(f"a code has three letters, not {codes.shape[1]}")
    low, middle, high = np.sort(codes, axis=1).T
    wrong = (codes != MISSING).any(axis=1) & ~((low >= 0) & (low < middle) & (middle < high) & (high < len(TYPES)))
    if wrong.any():
        raise ValueError(f"the code of person {np.argmax(wrong)} is not of three different types")
    return codes


def _path_numbers(blocks: Sequence[Sequence[str]], paths: Sequence[str]) -> Ints:
    if len(set(paths)) != len(paths):
        raise ValueError("a path is named twice")
    for block in blocks:
        if sorted(block) != sorted(paths):
            raise ValueError(f"block {list(block)} does not hold each of {list(paths)} once")
    return np.array([[paths.index(path) for path in block] for block in blocks], dtype=np.int64).reshape(-1, len(paths))


def _counts(path_of: Ints, picks: Answers) -> Ints:
    picked = path_of[np.arange(len(path_of)), picks]  # (persons, blocks)
    answered = picks != MISSING
    counts = [((picked == path) & answered).sum(axis=1) for path in range(path_of.shape[1])]
    return np.stack(counts, axis=1)
