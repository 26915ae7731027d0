"""What a calibration is made from: answers that vary, categories that occur, persons in order of their groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.calibration.expectation import Sample
from scoring_engine.calibration.families import FIXED_SLOPE, Model
from scoring_engine.curves.items import Item
from scoring_engine.responses import MISSING, Answers, Ints, whole_numbers

NO_VARIANCE = "no_variance"
"""Everybody gave the same answer: nothing can be said of the item."""

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
    """

    sample: Sample
    models: tuple[Model, ...]
    free: tuple[int, ...]
    fixed: dict[int, Item]
    kept: tuple[tuple[int, ...], ...]

    def told(self, column: int) -> tuple[int, tuple[int, ...]]:
        """Say how many persons answered an item, and which answers occur."""
        return int((self.sample.answers[:, column] != MISSING).sum()), self.kept[column]


def prepare(
    responses: ArrayLike, models: Model | Sequence[Model], groups: ArrayLike | None, fixed: Mapping[int, Item]
) -> Prepared:
    """Check and order the answers; takes what `calibrate` does, same shapes, refuses as it does, returns a Prepared."""
    matrix = whole_numbers("responses", responses)
    each = (models,) * matrix.shape[1] if isinstance(models, str) else tuple(models)
    if len(each) != matrix.shape[1]:
        raise ValueError(f"{len(each)} models, but {matrix.shape[1]} items")
    _refuse_impossible(matrix, fixed)
    order, sizes = _in_groups(matrix, groups)
    matrix = matrix[order]
    kept = [_kept(matrix[:, column], fixed.get(column)) for column in range(matrix.shape[1])]
    answers = np.stack([_renumbered(matrix[:, c], known) for c, known in enumerate(kept)], axis=1)
    free = tuple(c for c, known in enumerate(kept) if c not in fixed and len(known) > 1)
    if not free:
        raise ValueError("no item can be calibrated: in none do the answers vary")
    categories = np.array([max(len(known), 2) for known in kept], dtype=np.int64)
    return Prepared(Sample(answers, sizes, categories), each, free, dict(fixed), tuple(kept))


def refuse_too_few(prepared: Prepared, allow_few: bool) -> None:
    """Refuse fewer persons than the most demanding model needs.

    Takes a Prepared and whether any number will do, returns nothing. Raises ValueError with both numbers.
    """
    persons = len(prepared.sample.answers)
    for model in {prepared.models[column] for column in prepared.free}:
        fewest = FEWEST.get(model, 0 if model in FIXED_SLOPE else FEWEST_WITH_SLOPE)
        if persons < fewest and not allow_few:
            raise ValueError(f"{model} needs at least {fewest} persons, these are {persons}; take a simpler model")


def _refuse_impossible(matrix: Ints, fixed: Mapping[int, Item]) -> None:
    most = np.full(matrix.shape[1], 126)
    for column, item in fixed.items():
        most[column] = item.categories - 1
    wrong = (matrix < MISSING) | (matrix > most)
    if wrong.any():
        person, column = np.argwhere(wrong)[0]
        raise ValueError(
            f"response {matrix[person, column]} of person {person} to item {column} is not -1 or 0 to {most[column]}"
        )


def _in_groups(matrix: Ints, groups: ArrayLike | None) -> tuple[Ints, Ints]:
    """Order the persons who answered anything by group, and count each group."""
    own = np.zeros(len(matrix), dtype=np.int64) if groups is None else whole_numbers("groups", groups)[0]
    if own.size != len(matrix):
        raise ValueError(f"{own.size} persons have a group, {len(matrix)} have responses")
    answering = np.flatnonzero((matrix != MISSING).any(axis=1))
    sizes = np.bincount(own[answering])
    if (own < 0).any() or sizes.size == 0 or (sizes == 0).any():
        raise ValueError("groups are numbered from 0 without a gap, and each needs a person who answered something")
    return answering[np.argsort(own[answering], kind="stable")], sizes


def _kept(column: Ints, item: Item | None) -> tuple[int, ...]:
    if item is not None:
        return tuple(range(item.categories))
    return tuple(np.unique(column[column != MISSING]).tolist())


def _renumbered(column: Ints, kept: tuple[int, ...]) -> Answers:
    """Give the answers that occur the numbers 0, 1, ...; an item that does not vary is left out as missing."""
    if len(kept) < 2:
        return np.full(column.size, MISSING, dtype=np.int8)
    numbers = np.searchsorted(np.array(kept), column)
    return np.where(column == MISSING, MISSING, numbers).astype(np.int8)
