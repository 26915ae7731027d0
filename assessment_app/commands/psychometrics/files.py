"""The files of psychometrics other than items: responses, groups, rooms, models, pairs and scores."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assessment_app.commands.psychometrics.results import say
from assessment_app.commands.psychometrics.tables import (
    Table,
    checked_rows,
    read_header,
    read_table,
    records,
    refusal,
    shown,
)
from assessment_app.platform.errors import Invalid
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints

HIGHEST = 126
"""The highest category that the engine can hold."""

UNREADABLE = MISSING - 1
CODES = {"": MISSING} | {str(category): category for category in range(HIGHEST + 1)}

NO_ANSWER = ("no_items", "no_ml")
"""Flags of a score that is no estimate, or the prior and nothing else: for a box it is missing evidence."""


@dataclass(frozen=True, eq=False)
class Responses:
    """Answers of persons (rows) to items (columns), -1 missing, with the names of both."""

    path: Path
    persons: tuple[str, ...]
    items: tuple[str, ...]
    answers: Answers

    def refusal(self, person: int, item: int, what: str) -> Invalid:
        """Say what is wrong with a response."""
        return refusal(self.path, person + 2, self.items[item], what, ("person", self.persons[person]))

    def refuse_where(self, wrong: Bools, why: Mapping[int, str]) -> None:
        """Refuse with Invalid the first response that is marked, for the reason of its column."""
        if wrong.any():
            person, item = map(int, np.argwhere(wrong)[0])
            what = f"{self.answers[person, item]} is no answer to this item, {why[item]}; mend it or leave it empty"
            raise self.refusal(person, item, what)


def read_responses(path: Path) -> Responses:
    """Read responses; refuses with Invalid what is none, with row and column."""
    rows = records(path)
    columns = read_header(path, rows)
    if columns[0] != "person" or len(columns) < 2:
        raise refusal(path, 1, columns[0], "responses have a column person first, and then one column an item")
    persons, codes = list[str](), array("b")
    for number, row in checked_rows(path, columns, "person", rows):
        found = [CODES.get(cell, UNREADABLE) for cell in row[1:]]
        if UNREADABLE in found:
            raise _no_response(path, number, columns, row, found.index(UNREADABLE) + 1)
        persons.append(row[0])
        codes.extend(found)
    if not persons:
        raise Invalid(f"{path}: there is a header but no person below it")
    answers = np.frombuffer(codes, dtype=np.int8).reshape(len(persons), -1)
    return Responses(path, tuple(persons), columns[1:], answers)


def _no_response(path: Path, number: int, columns: Sequence[str], row: Sequence[str], at: int) -> Invalid:
    what = f"'{shown(row[at])}' is no response: a whole number from 0 to {HIGHEST}, or an empty cell for missing"
    return refusal(path, number, columns[at], what, ("person", row[0]))


def read_per_person(path: Path, column: str, persons: Sequence[str]) -> list[str]:
    """Read a table of person and one text (group, room), and give the text of every person asked for.

    Refuses with Invalid an empty cell, and persons who are not in the table, with their number.
    """
    table = read_table(path, "person", ("person", column))
    for row, text in enumerate(table.column(column)):
        if text == "":
            raise table.refusal(row, column, f"the cell is empty; name the {column}, or take the row out")
    known = dict(zip(table.names, table.column(column), strict=True))
    absent = [person for person in persons if person not in known]
    if absent:
        raise Invalid(
            f"{path}, column person: {len(absent)} of {len(persons)} persons are not in it, the first is "
            f"'{shown(absent[0])}'; add their {column}s"
        )
    if len(known) > len(set(persons)):
        say(f"{path}: {len(known) - len(set(persons))} persons have no responses and are left out")
    return [known[person] for person in persons]


def read_models(path: Path) -> Table:
    """Read which model each item is to have."""
    return read_table(path, "item", ("item", "model"))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of persons as a file names them, and the same as rows of the responses, shape (pairs, 2)."""

    table: Table
    rows: Ints


def read_pairs(path: Path, persons: Sequence[str]) -> Pairs:
    """Read pairs, the suspected copier first; refuses with Invalid a stranger, one person twice, a pair twice."""
    table = read_table(path, "", ("person_a", "person_b"))
    known = {person: row for row, person in enumerate(persons)}
    found, seen = list[tuple[int, int]](), dict[tuple[int, int], int]()
    for row in range(len(table)):
        pair = (_known(table, row, "person_a", known), _known(table, row, "person_b", known))
        if pair[0] == pair[1]:
            raise table.refusal(row, "person_b", "the same person as person_a; a pair has two")
        if pair in seen:
            raise table.refusal(row, "person_a", f"the pair is already in row {seen[pair] + 2}; keep one of the two")
        seen[pair] = row
        found.append(pair)
    return Pairs(table, np.array(found, dtype=np.int64))


def _known(table: Table, row: int, column: str, persons: Mapping[str, int]) -> int:
    name = table.cell(row, column)
    if name not in persons:
        raise table.refusal(row, column, f"'{shown(name)}' has no responses; correct the name, or take the row out")
    return persons[name]


@dataclass(frozen=True, eq=False)
class Axes:
    """Performance and potential of every person with their errors; NaN where an axis is missing.

    `mean` has shape (persons, 2), performance first, and `covariance` shape (persons, 2, 2).
    """

    persons: tuple[str, ...]
    mean: Floats
    covariance: Floats


def read_axes(path: Path) -> Axes:
    """Read both axes of every person from one table: x is potential, y is performance, with their errors."""
    columns = ("person", "x", "se_x", "y", "se_y")
    table = read_table(path, "person", columns, lambda name: name == "cov_xy")
    mean = np.stack([table.numbers("y"), table.numbers("x")], axis=1)
    se = np.stack([_errors(table, "se_y"), _errors(table, "se_x")], axis=1)
    missing: Bools = np.any(np.isnan(mean + se), axis=1)
    shared = _shared(table, se, missing) if "cov_xy" in table.columns else np.zeros(len(table))
    return Axes(tuple(table.names), mean, _covariance(se, shared))


def _errors(table: Table, column: str) -> Floats:
    se = table.numbers(column)
    if (se < 0).any():
        raise table.refusal(int(np.argmax(se < 0)), column, "a standard error is not negative")
    return se


def _shared(table: Table, se: Floats, missing: Bools) -> Floats:
    """Read covariances; where an axis is missing they say nothing."""
    shared, bound = table.numbers("cov_xy"), se[:, 0] * se[:, 1]
    unknown, large = np.isnan(shared) & ~missing, ~missing & (np.abs(shared) > bound * (1 + 1e-9))
    if unknown.any():
        raise table.refusal(int(np.argmax(unknown)), "cov_xy", "the cell is empty; write 0 for independent errors")
    if large.any():
        raise table.refusal(int(np.argmax(large)), "cov_xy", "a covariance is at most the product of se_x and se_y")
    return np.where(missing, np.nan, shared)


def _covariance(se: Floats, shared: Floats) -> Floats:
    covariance = np.empty((len(se), 2, 2))
    covariance[:, 0, 0], covariance[:, 1, 1] = se[:, 0] ** 2, se[:, 1] ** 2
    covariance[:, 0, 1] = covariance[:, 1, 0] = shared
    return covariance


def join_axes(performance: Path, potential: Path) -> Axes:
    """Join two tables of scores; a person who is in one only, or whose score rests on no answer, lacks an axis."""
    first, second = _scores(performance), _scores(potential)
    persons = tuple(dict.fromkeys([*first, *second]))
    nothing = (np.nan, np.nan)
    both = np.array([[first.get(person, nothing), second.get(person, nothing)] for person in persons])
    return Axes(persons, both[:, :, 0], _covariance(both[:, :, 1], np.zeros(len(persons))))


def _scores(path: Path) -> dict[str, tuple[float, float]]:
    table = read_table(path, "person", ("person", "theta", "se"), lambda name: name in ("method", "n_items", "flag"))
    theta, se = table.numbers("theta"), _errors(table, "se")
    none = np.isin(np.array(table.column("flag")), NO_ANSWER)
    theta, se = np.where(none, np.nan, theta), np.where(none, np.nan, se)
    return dict(zip(table.names, zip(theta.tolist(), se.tolist(), strict=True), strict=True))
