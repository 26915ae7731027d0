"""What a calibration is made from: answers that vary, categories that occur, persons in order of their groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from scoring_engine.calibration.expectation import Sample
from scoring_engine.calibration.families import FIXED_SLOPE, Model, told_of
from scoring_engine.curves.items import Item
from scoring_engine.responses import MISSING, MOST_CATEGORIES, Answers, Ints, checked_responses, whole_numbers

NO_VARIANCE = "no_variance"
"""Everybody gave the same answer: nothing can be said of the item."""

FEWEST_ITEMS = 3
"""Two items correlate in one number only, whatever their slopes."""

FEWEST = {"3pl": 3000, "4pl": 3000}
FEWEST_WITH_SLOPE = 200
"""Persons that a model needs; Rasch and PCM take any number (psychometrics, section 4)."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A sample ready for calibration.

    Parameters
    ----------
    sample : Sample
        Only persons with an answer; categories renumbered from 0 without gaps.
    models : one for each column
    free : columns to be estimated
    fixed : column -> item
    kept : for each column, the answers in the data that became category 0, 1, ...
    answered : for each column, how many persons answered it
    """

    sample: Sample
    models: tuple[Model, ...]
    free: tuple[int, ...]
    fixed: dict[int, Item]
    kept: tuple[tuple[int, ...], ...]
    answered: tuple[int, ...]

    def told(self, column: int) -> tuple[int, tuple[int, ...]]:
        """Say how many persons answered an item, and which answers occur."""
        return self.answered[column], self.kept[column]


def prepare(
    responses: ArrayLike, models: Model | Sequence[Model], groups: ArrayLike | None, fixed: Mapping[int, Item]
) -> Prepared:
    """Check and order the answers; takes what `calibrate` does, same shapes, refuses as it does, returns a Prepared."""
    if 0 in np.shape(responses):
        raise ValueError(f"responses of shape {np.shape(responses)} have no person or no item")
    columns = np.shape(responses)[-1]
    each = (models,) * columns if isinstance(models, str) else tuple(models)
    if len(each) != columns:
        raise ValueError(f"{len(each)} models, but {columns} items")
    _refuse_odd_anchors(each, fixed)
    most = [fixed[column].categories if column in fixed else MOST_CATEGORIES for column in range(columns)]
    matrix, sizes = _in_groups(checked_responses(responses, most), groups)
    kept = _kept(matrix, fixed)
    free = tuple(c for c, known in enumerate(kept) if c not in fixed and len(known) > 1)
    if not free:
        raise ValueError("no item can be calibrated: in none do the answers vary")
    if not fixed and len(free) < FEWEST_ITEMS and any(each[column] not in FIXED_SLOPE for column in free):
        raise ValueError(f"slopes need {FEWEST_ITEMS} items that vary, these are {len(free)}; take rasch or pcm")
    _refuse_apart(matrix[:, [*free, *fixed]], sizes, len(fixed))
    categories = np.array([max(len(known), 2) for known in kept], dtype=np.int64)
    answered = tuple((matrix != MISSING).sum(axis=0).tolist())
    return Prepared(Sample(_renumbered(matrix, kept), sizes, categories), each, free, dict(fixed), kept, answered)


def _refuse_odd_anchors(models: Sequence[Model], fixed: Mapping[int, Item]) -> None:
    for column, item in fixed.items():
        if not 0 <= column < len(models):
            raise ValueError(f"an item is held in column {column}, but columns are 0 to {len(models) - 1}")
        try:
            told_of(models[column], item)
        except ValueError as error:
            raise ValueError(f"column {column}: {error}; give the model of the item that is held") from error


def _refuse_apart(answers: Answers, sizes: Ints, anchors: int) -> None:
    """Refuse groups whose abilities nothing brings onto one scale: no chain of common items, no anchor."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    seen = np.maximum.reduceat(answers, starts, axis=0) != MISSING  # (groups, items)
    count, part = connected_components(csr_array(seen @ seen.T))
    tied = np.zeros(count, dtype=np.bool_)
    tied[part[seen[:, seen.shape[1] - anchors :].any(axis=1)]] = True
    tied[part[0]] |= anchors == 0
    if not tied.all():
        group = int(np.flatnonzero(~tied[part])[0])
        whom = "an anchor" if anchors else "group 0"
        raise ValueError(f"group {group} has no item in common with {whom}, not even by way of other groups")


def refuse_too_few(prepared: Prepared, allow_few: bool) -> None:
    """Refuse fewer persons than the most demanding model needs.

    Takes a Prepared and whether any number will do, returns nothing. Raises ValueError with both numbers.
    """
    persons = len(prepared.sample.answers)
    for model in {prepared.models[column] for column in prepared.free}:
        fewest = FEWEST.get(model, 0 if model in FIXED_SLOPE else FEWEST_WITH_SLOPE)
        if persons < fewest and not allow_few:
            raise ValueError(f"{model} needs at least {fewest} persons, these are {persons}; take a simpler model")


def _in_groups(matrix: Answers, groups: ArrayLike | None) -> tuple[Answers, Ints]:
    """Order the persons who answered anything by group, and count each group."""
    answering = (matrix != MISSING).any(axis=1)
    own = np.zeros((1, len(matrix)), dtype=np.int64) if groups is None else whole_numbers("groups", groups)
    if own.shape != (1, len(matrix)):
        raise ValueError(f"{own.size} persons have a group, {len(matrix)} have responses")
    own = own[0]
    sizes = np.bincount(own[answering]) if ((own >= 0) & (own < own.size)).all() else np.zeros(1, dtype=np.int64)
    if sizes.size == 0 or (sizes == 0).any():
        raise ValueError("groups are numbered from 0 without a gap, and each needs a person who answered something")
    if groups is None and answering.all():
        return matrix, sizes
    order = np.flatnonzero(answering)
    return matrix[order[np.argsort(own[answering], kind="stable")]], sizes


def _kept(matrix: Answers, fixed: Mapping[int, Item]) -> tuple[tuple[int, ...], ...]:
    """Find the answers that occur in every column; those of a fixed item are all that it has."""
    occurs = np.stack([(matrix == answer).any(axis=0) for answer in range(int(matrix.max()) + 1)], axis=1)
    return tuple(
        tuple(range(fixed[column].categories)) if column in fixed else tuple(np.flatnonzero(row).tolist())
        for column, row in enumerate(occurs)
    )


def _renumbered(matrix: Answers, kept: tuple[tuple[int, ...], ...]) -> Answers:
    """Give the answers that occur the numbers 0, 1, ...; an item that does not vary is left out as missing."""
    odd = [column for column, known in enumerate(kept) if known != tuple(range(len(known))) or len(known) < 2]
    answers = matrix.copy() if odd else matrix
    for column in odd:
        known, given = np.array(kept[column]), matrix[:, column]
        there = (given != MISSING) & (known.size > 1)
        answers[:, column] = np.where(there, np.searchsorted(known, given), MISSING)
    return answers
