"""The table of items: read, joined with the columns of responses, and written after a calibration.

A calibration whose data lack a category renumbers the others; the column `categories` then says which answers became
category 0, 1, ... and reading applies it, so that nobody's answer counts as another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from assessment_app.commands.psychometrics.files import HIGHEST, Responses
from assessment_app.commands.psychometrics.results import Cell, say
from assessment_app.commands.psychometrics.tables import Table, read_table, refusal, shown
from assessment_app.platform.errors import Invalid
from scoring_engine.calibration.families import FIXED_SLOPE, MODELS, TWO_CATEGORIES, build, family
from scoring_engine.curves.items import Item, Items
from scoring_engine.responses import MISSING, Answers, Ints

PARAMETER = re.compile(r"[abcu]|[abc][1-9][0-9]{0,2}")
FOLLOWS = re.compile(r"se_(?:[abcu]|[abc][1-9][0-9]{0,2})|n|flag|categories")
"""What stands behind the parameters: standard errors and remarks of a calibration."""

NOT_CONVERGED = "not_converged"

NO_EFFECT = {"a": 1.0, "c": 0.0, "u": 1.0}
"""What other programs write for a parameter that a model has not: it may stand there and changes nothing."""


@dataclass(frozen=True, eq=False)
class Known:
    """One item as a file has it; `kept` are the answers in data that are its categories 0, 1, ..."""

    model: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    kept: tuple[int, ...]
    item: Item


class ItemFile:
    """A table of items; each is looked at when it is asked for, so one that nobody needs cannot stand in the way."""

    def __init__(self, path: Path) -> None:
        self.table: Table = read_table(
            path, "item", ("item", "model"), lambda name: bool(PARAMETER.fullmatch(name) or FOLLOWS.fullmatch(name))
        )
        self.rows = {name: row for row, name in enumerate(self.table.names)}

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The columns that hold parameters."""
        return tuple(name for name in self.table.columns if PARAMETER.fullmatch(name) and name != "n")

    def known(self, name: str) -> Known:
        """Give an item; refuses with Invalid parameters that are missing, too many or describe no item."""
        row = self.rows[name]
        if NOT_CONVERGED in self.table.cell(row, "flag"):
            raise self.table.refusal(row, "flag", "this calibration did not converge; its numbers are not for use")
        model, names = self._model(row)
        values = tuple(self._needed(row, model, column) for column in names)
        self._refuse_others(row, model, names)
        try:
            item = build(model, values)
        except ValueError as error:
            raise self.table.refusal(row, _at_fault(dict(zip(names, values, strict=True))), str(error)) from error
        return Known(model, names, values, self._kept(row, item.categories), item)

    def errors(self, name: str) -> dict[str, float]:
        """Give the standard errors of an item by parameter, as far as the file has them."""
        row = self.rows[name]
        told = {one.removeprefix("se_"): self.table.number(row, one) for one in self.table.columns if one[:3] == "se_"}
        return {parameter: error for parameter, error in told.items() if not np.isnan(error)}

    def _model(self, row: int) -> tuple[str, tuple[str, ...]]:
        model = self.table.cell(row, "model")
        if model not in MODELS:
            raise self.table.refusal(row, "model", f"'{shown(model)}' is no model; these are: {' '.join(MODELS)}")
        letter = "a" if model == "nrm" else "b"
        filled = [int(name[1:]) for name in self.parameters if name[0] == letter and self._has(row, name[1:], name)]
        steps = 1 if model in TWO_CATEGORIES else max(filled, default=0)
        if not 1 <= steps <= HIGHEST:
            raise self.table.refusal(
                row, f"{letter}1", f"{model} needs {letter}1, {letter}2, ... here, up to {HIGHEST}"
            )
        return model, family(model, steps + 1, [0], prior_of_slope=False).names

    def _has(self, row: int, number: str, name: str) -> bool:
        return bool(number) and self.table.cell(row, name) != ""

    def _needed(self, row: int, model: str, column: str) -> float:
        value = self.table.number(row, column)
        if np.isnan(value):
            flag = self.table.cell(row, "flag")
            why = f"; its calibration says {shown(flag)}: leave this item out" if flag else ""
            raise self.table.refusal(row, column, f"the cell is empty, but {model} needs it{why}")
        return value

    def _refuse_others(self, row: int, model: str, names: Sequence[str]) -> None:
        for column in self.parameters:
            value = np.nan if column in names else self.table.number(row, column)
            if not np.isnan(value) and value != NO_EFFECT.get(column):
                raise self.table.refusal(row, column, f"{model} has no such parameter; empty the cell, or change model")

    def _kept(self, row: int, categories: int) -> tuple[int, ...]:
        text = self.table.cell(row, "categories")
        kept = tuple(map(int, text.split())) if re.fullmatch(r"[0-9]{1,3}(?: [0-9]{1,3})*", text) else ()
        if text == "":
            return tuple(range(categories))
        if len(kept) != categories or list(kept) != sorted(set(kept)) or kept[-1] > HIGHEST:
            raise self.table.refusal(row, "categories", f"'{shown(text)}' does not name {categories} rising answers")
        return kept


def _at_fault(values: Mapping[str, float]) -> str:
    """Name the column of the parameter that makes no item: the slope, an asymptote, or a threshold that falls."""
    if values.get("a", 1.0) <= 0:
        return "a"
    if not 0 <= values.get("c", 0.0) < 1:
        return "c"
    if "u" in values:
        return "u"
    steps = [name for name in values if name[0] == "b" and name != "b"]
    falls = [name for before, name in pairwise(steps) if values[name] <= values[before]]
    return falls[0] if falls else next(iter(values))


@dataclass(frozen=True, eq=False)
class Test:
    """Responses joined with their items: `answers` are categories, shape (persons, items), -1 missing."""

    responses: Responses
    known: tuple[Known, ...]
    items: Items
    answers: Answers

    @property
    def n_parameters(self) -> Ints:
        """How many parameters each item's model has, shape (items,)."""
        return np.array([len(one.names) for one in self.known], dtype=np.int64)


def join(responses: Responses, items: ItemFile) -> Test:
    """Find the item of every column; refuses with Invalid a column without one, and an answer that its item has not."""
    for column in responses.items:
        if column not in items.rows:
            what = f"there is no such item in {items.table.path}; add it there, or take the column out"
            raise refusal(responses.path, 1, column, what)
    tell_of_others(items, responses)
    known = {column: items.known(name) for column, name in enumerate(responses.items)}
    answers = as_categories(responses, known)
    return Test(responses, tuple(known.values()), Items([one.item for one in known.values()]), answers)


def tell_of_others(items: ItemFile, responses: Responses) -> None:
    """Say which items of a file have no responses."""
    others = [name for name in items.rows if name not in set(responses.items)]
    if others:
        names = shown(", ".join(others))
        say(f"{items.table.path}: {len(others)} items without responses are left out ({names})")


def as_categories(responses: Responses, known: Mapping[int, Known]) -> Answers:
    """Turn answers into the categories of their items, for the columns that are known; others stay as they are."""
    answers = responses.answers.copy()
    for column, one in known.items():
        code = np.full(HIGHEST + 2, MISSING - 1, dtype=np.int8)
        code[list(one.kept)], code[MISSING] = np.arange(len(one.kept)), MISSING
        answers[:, column] = code[responses.answers[:, column]]
    responses.refuse_where(answers < MISSING, {column: f"which has {_told(one.kept)}" for column, one in known.items()})
    return answers


def _told(kept: Sequence[int]) -> str:
    if tuple(kept) == tuple(range(len(kept))):
        return f"0 to {len(kept) - 1}"
    return " ".join(map(str, kept))


@dataclass(frozen=True)
class Line:
    """What is written about one item."""

    item: str
    model: str
    values: Mapping[str, float]
    se: Mapping[str, float]
    n: int
    flag: str
    kept: tuple[int, ...]


def table_of(lines: Sequence[Line]) -> dict[str, list[Cell]]:
    """Lay out the table of items: parameters, their standard errors, remarks."""
    names = sorted({name for line in lines for name in line.values}, key=_place)
    estimated = [name for name in names if any(name in line.se for line in lines)]
    table: dict[str, list[Cell]] = {"item": [line.item for line in lines], "model": [line.model for line in lines]}
    table |= {name: [line.values.get(name) for line in lines] for name in names}
    table |= {f"se_{name}": [line.se.get(name) for line in lines] for name in estimated}
    table |= {"n": [line.n for line in lines], "flag": [line.flag for line in lines]}
    if any(line.kept != tuple(range(len(line.kept))) for line in lines):
        table["categories"] = [" ".join(map(str, line.kept)) for line in lines]
    return table


def _place(name: str) -> tuple[int, int]:
    """Order columns: a, b, c, u of two categories; b1, b2, ...; a1, ...; c1, ..."""
    kind = "abcu".index(name[0])
    return (kind, 0) if len(name) == 1 else (4 + "bac".index(name[0]), int(name[1:]))


def written_values(model: str, names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
    """Name the parameters of an item as the file has them: a slope that is held at 1 is written too."""
    slope = {"a": 1.0} if model in FIXED_SLOPE else {}
    return slope | dict(zip(names, map(float, values), strict=True))


def refuse_named_test(path: Path, names: Sequence[str]) -> None:
    """Refuse with Invalid an item that has the name of the row about the whole test."""
    if "test" in names:
        raise Invalid(f"{path}: an item is called 'test', as the row of the whole test is; give it another name")
