"""How a profile becomes a box. Pure.

Two definitions exist and are never mixed: ``profiling`` (competency by potential, right after a wave, an early mapping
without official recommendation) and ``talent`` (performance by potential of the regulation, which needs evidence from
outside). Here is the first; the second has no result before that evidence is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import Rules
from scoring_engine.canonical import kept
from scoring_engine.standards.match import percent_display
from scoring_engine.standards.nine_box import HIGH, LOW, box, box_chances, category

PROFILING, TALENT = "profiling", "talent"

Numbering = Sequence[Sequence[int]]
Cell = tuple[int, int]
"""A row and a column of the matrix, each low, middle or high: what a box is under any numbering."""


@dataclass(frozen=True)
class Placed:
    """A person with a result, as the matrix and its lists show them; without a cell something is missing."""

    sitting_id: int
    name: str
    nip: str
    post: str
    unit: str
    job_level: str
    match: Decimal | None
    potential: float | None
    measured: int
    lacking: tuple[str, ...]
    rests_on_demonstration: bool
    cell: Cell | None = None
    chance: float = 0.0
    rival: Cell | None = None


@dataclass(frozen=True)
class Wanted:
    """Which people the reader wants to see; empty means all."""

    unit: str = ""
    job_level: str = ""
    near_cut: bool = False

    def takes(self, person: Placed) -> bool:
        """Tell whether a person is among those wanted; near a cut is only who has a box."""
        is_there = self.unit in ("", person.unit) and self.job_level in ("", person.job_level)
        return is_there and (not self.near_cut or person.rival is not None)


@dataclass(frozen=True)
class Box:
    """One box of the matrix as it is drawn; ``length`` is its bar, 1 for the fullest box."""

    number: int
    cell: Cell
    count: int
    share: float
    length: float


def matrix(people: Iterable[Placed], numbering: Numbering) -> list[list[Box]]:
    """Count people into the nine boxes; the highest row first, as the matrix is drawn."""
    cells = [person.cell for person in people if person.cell is not None]
    axis = range(LOW, HIGH + 1)
    counts = {(row, column): cells.count((row, column)) for row in axis for column in axis}
    fullest = max(1, *counts.values())
    return [
        [
            Box(
                numbering[row][column], (row, column), counts[row, column],
                counts[row, column] / max(1, len(cells)), counts[row, column] / fullest,
            )
            for column in axis
        ]
        for row in reversed(axis)
    ]  # fmt: skip


def fullest(boxes: Iterable[Iterable[Box]]) -> Box:
    """Choose the box with most people, the lower number of two equal ones."""
    return min((box for row in boxes for box in row), key=lambda one: (-one.count, one.number))


def position(profile: Mapping[str, Any], placement: Mapping[str, Any], numbering: Numbering) -> dict[str, Any]:
    """Read from a result what the matrix shows of it; ``numbering`` is the one that it was made under."""
    exact, missing = profile["jpm"]["exact"], profile["jpm"]["missing"]
    potential = profile["potential"]
    said = {
        "match": None if exact is None else percent_display(Fraction(*exact)), "potential": potential["score"],
        "measured": potential["measured"], "lacking": tuple(missing),
    }  # fmt: skip
    if placement["box"] is None:
        return said
    cell_of = {number: (row, column) for row, line in enumerate(numbering) for column, number in enumerate(line)}
    others = [(chance, -number) for number, chance in enumerate(placement["chances"], 1) if number != placement["box"]]
    rival = cell_of[-max(others)[1]] if placement["near_cut"] else None
    return said | {"cell": (placement["row"], placement["column"]), "chance": placement["chance"], "rival": rival}


def profiling_box(profile: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    """Give the nine probabilities, the box and what is missing for one."""
    rows, columns = profile["jpm"]["chances"], profile["potential"]["chances"]
    missing = [name for name, axis in (("competency", rows), ("potential", columns)) if axis is None]
    if missing:
        empty = dict.fromkeys(("box", "row", "column", "chances", "chance", "likeliest", "near_cut"))
        return empty | {"missing": missing}
    known = box_chances(_whole(rows), _whole(columns), rules.numbering, rules.near_cut)
    # The box follows from the two reported categories, so that anybody can check it by hand; its chance stands beside.
    row = profile["jpm"]["categories"].index(profile["jpm"]["category"])
    column = category(profile["potential"]["score"], *rules.potential_cuts)
    number = box(row, column, rules.numbering)
    assert number is not None  # both axes are there
    chances = [kept(chance) for chance in known.probabilities[0]]
    chance = chances[number - 1]
    return {
        "box": number, "row": row, "column": column, "chances": chances, "chance": chance,
        "likeliest": int(known.box[0]), "near_cut": chance < rules.near_cut, "missing": [],
    }  # fmt: skip


def _whole(chances: list[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Let rounded probabilities sum to one again."""
    given = np.array(chances)
    whole: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = given / given.sum()
    return whole
