"""The nine cells of the matrix: what a box is under any numbering. Pure.

A cell is counted row by row from the lowest, 0 to 8: 3 * row + column, each low 0, middle 1, high 2. Its number comes
from the numbering of a rule set, only when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scoring_engine.standards.nine_box import HIGH, LOW

Numbering = Sequence[Sequence[int]]

SIDE = 3
CELLS = range(SIDE * SIDE)


@dataclass(frozen=True)
class Box:
    """One box of the matrix as it is drawn; ``length`` is its bar, 1 for the fullest box."""

    number: int
    cell: int
    count: int
    share: float
    length: float
    signed: int = 0
    moved: int | None = None
    """By how many it grew since the wave that it is compared with; nothing without one."""

    @property
    def row(self) -> int:
        """Which category of performance or competency, 0 low."""
        return self.cell // SIDE

    @property
    def column(self) -> int:
        """Which category of potential, 0 low."""
        return self.cell % SIDE


def cell_of(row: int, column: int) -> int:
    """Count to a cell."""
    return SIDE * row + column


def number_of(cell: int, numbering: Numbering) -> int:
    """Number a cell."""
    return numbering[cell // SIDE][cell % SIDE]


def cells_by_number(numbering: Numbering) -> dict[int, int]:
    """Find the cell that has a number."""
    return {number_of(cell, numbering): cell for cell in CELLS}


def mask_of(cells: Iterable[int]) -> int:
    """Write a set of cells as the bits of one number."""
    return sum(1 << cell for cell in set(cells))


def cells_of(mask: int) -> list[int]:
    """Read a set of cells, rising."""
    return [cell for cell in CELLS if mask >> cell & 1]


def rival(document: Mapping[str, Any], numbering: Numbering) -> int | None:
    """Name the likeliest other cell of a placement that lies near a cut, the lower number of two equal ones."""
    if not document["near_cut"]:
        return None
    others = [(chance, -number) for number, chance in enumerate(document["chances"], 1) if number != document["box"]]
    return cells_by_number(numbering)[-max(others)[1]]


def matrix(
    counts: Mapping[int, int], signed: Mapping[int, int], numbering: Numbering, before: Mapping[int, int] | None = None
) -> list[list[Box]]:
    """Arrange what was counted by cell as the matrix is drawn, the highest row first."""
    placed, fullest = max(1, sum(counts.values())), max(1, *counts.values(), 1)

    def box(cell: int) -> Box:
        count = counts.get(cell, 0)
        moved = None if before is None else count - before.get(cell, 0)
        number = number_of(cell, numbering)
        return Box(number, cell, count, count / placed, count / fullest, signed.get(cell, 0), moved)

    return [[box(cell_of(row, column)) for column in range(LOW, HIGH + 1)] for row in range(HIGH, LOW - 1, -1)]


def fullest(boxes: Iterable[Iterable[Box]]) -> Box:
    """Choose the box with most people, the lower number of two equal ones."""
    return min((box for row in boxes for box in row), key=lambda one: (-one.count, one.number))
