"""What rules look like that are tables: numbers by key, steps, matrices, lists. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assessment_app.rule_sets.rules import exact
from assessment_app.rule_sets.rules.shapes import Fault, Found, Number, is_pair


@dataclass(frozen=True)
class Table:
    """A number for each of some keys.

    ``falling`` holds lines of keys whose numbers may not rise along the line, or must fall where ``strictly``; where
    ``total`` is given the numbers sum to it.
    """

    keys: tuple[str, ...]
    number: Number
    total: int | None = None
    falling: tuple[tuple[str, ...], ...] = ()
    strictly: bool = False

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not isinstance(value, Mapping):
            yield Fault.FORM, {}
            return
        wrong = [*_keys(self.keys, value), *(
            found for key in self.keys if key in value for found in self.number.faults(value[key], key)
        )]  # fmt: skip
        yield from wrong
        if not wrong:
            yield from self._together(value)

    def _together(self, value: Mapping[str, float]) -> Found:
        total = sum(map(exact, value.values()))
        if self.total is not None and total != self.total:
            yield Fault.SUM, {"sum": float(total), "total": self.total}
        for line in self.falling:
            for upper, lower in pairwise(line):
                if value[lower] > value[upper]:
                    yield Fault.NOT_BELOW, {"upper": upper, "lower": lower}
                elif self.strictly and value[lower] == value[upper]:
                    yield Fault.ABOVE, {"upper": upper, "lower": lower}


@dataclass(frozen=True)
class Shares:
    """Two shares that make up a hundred, for some of the keys."""

    keys: tuple[str, ...]

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not isinstance(value, Mapping) or not value:
            yield Fault.FORM, {}
            return
        for key, shares in value.items():
            if key not in self.keys:
                yield Fault.EXTRA, {"place": key}
            elif not (is_pair(shares) and min(shares) >= 0):
                yield Fault.FORM, {"place": key}
            elif (total := sum(map(exact, shares))) != 100:
                yield Fault.SUM, {"place": key, "sum": float(total), "total": 100}


@dataclass(frozen=True)
class Steps:
    """Values by how much there is of something: from 0, from 3, from 5; both rise, and every amount has its value."""

    number: Number

    def faults(self, value: Any) -> Found:
        """See Shape."""
        steps = value if isinstance(value, list) else []
        pairs = [step for step in steps if is_pair(step)]
        if not pairs or len(pairs) < len(steps):
            yield Fault.FORM, {}
            return
        if pairs[0][0] != 0:
            yield Fault.STARTS_AT_ZERO, {}
        for start, given in pairs:
            for fault, known in self.number.faults(given):
                yield fault, known | {"place": str(start)}
        for (start, given), (next_start, next_given) in pairwise(pairs):
            if next_start <= start or next_given < given:
                yield Fault.STEPS_RISE, {"below": start, "above": next_start}


@dataclass(frozen=True)
class Named:
    """A number for each of some words, in the order in which they are tried."""

    number: Number

    def faults(self, value: Any) -> Found:
        """See Shape."""
        rows = value if isinstance(value, list) else [None]
        for row in rows:
            match row:
                case [str(word), given] if word.strip():
                    for fault, known in self.number.faults(given):
                        yield fault, known | {"place": word}
                case _:
                    yield Fault.FORM, {}


@dataclass(frozen=True)
class Grid:
    """Three rows of three words, each row and each column from low to high; words are ranked from the lowest."""

    ranked: tuple[str, ...]

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not has_nine_cells(value):
            yield Fault.NINE_CELLS, {}
            return
        strange = sorted({str(word) for row in value for word in row if word not in self.ranked})
        if strange:
            yield Fault.CHOICE, {"place": ", ".join(strange), "options": self.ranked}
            return
        ranks = [[self.ranked.index(word) for word in row] for row in value]
        lines = [*ranks, *zip(*ranks, strict=True)]
        if any(high < low for line in lines for low, high in pairwise(line)):
            yield Fault.MATRIX_FALLS, {}


@dataclass(frozen=True)
class Numbering:
    """The numbers 1 to 9 of the boxes, by row and column from low to high."""

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not has_nine_cells(value):
            yield Fault.NINE_CELLS, {}
            return
        cells = [cell for row in value for cell in row]
        if not all(type(cell) is int for cell in cells) or sorted(cells) != list(range(1, 10)):
            yield Fault.PERMUTATION, {}


@dataclass(frozen=True)
class Lines:
    """Some sentences for each of some keys."""

    keys: tuple[str, ...]

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not isinstance(value, Mapping):
            yield Fault.FORM, {}
            return
        yield from _keys(self.keys, value)
        for key in (key for key in self.keys if key in value):
            lines = value[key] if isinstance(value[key], list) else []
            if not lines or not all(isinstance(one, str) and one.strip() for one in lines):
                yield Fault.EMPTY, {"place": key}


@dataclass(frozen=True)
class Boxes:
    """The boxes that belong to each of two groups; those of the second belong to the first too."""

    first: str
    second: str

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not isinstance(value, Mapping):
            yield Fault.FORM, {}
            return
        wrong = list(_keys((self.first, self.second), value))
        for key in (self.first, self.second):
            given = value.get(key, [])
            are_boxes = isinstance(given, list) and all(type(box) is int and 1 <= box <= 9 for box in given)
            if not are_boxes or len(set(given)) < len(given):
                wrong.append((Fault.BOXES, {"place": key}))
        yield from wrong
        if not wrong and (strangers := sorted(set(value[self.second]) - set(value[self.first]))):
            yield Fault.NOT_OF_AGENCY, {"boxes": strangers}


def has_nine_cells(value: object) -> bool:
    """Tell whether a value is three rows of three."""
    is_rows = isinstance(value, list) and len(value) == 3
    return is_rows and all(isinstance(row, list) and len(row) == 3 for row in value)  # type: ignore[attr-defined]  # a list by now


def _keys(wanted: Sequence[str], value: Mapping[str, Any]) -> Found:
    for key in wanted:
        if key not in value:
            yield Fault.LACKS, {"place": key}
    for key in value:
        if key not in wanted:
            yield Fault.EXTRA, {"place": key}
