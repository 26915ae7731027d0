"""CSV tables as people keep them in spreadsheets, and refusals that name row and column as these show them.

UTF-8 with or without a byte order mark, comma, decimal point, an empty cell for what is missing. The header is row 1.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assessment_app.platform.errors import Invalid
from scoring_engine.responses import Floats

NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""No comma, no thousands, no nan and no inf: float() alone would take some of these."""

LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Table:
    """A checked table: every row is as wide as the header, and every row has a key of its own if there is a key."""

    path: Path
    key: str
    columns: tuple[str, ...]
    rows: list[list[str]]

    def __len__(self) -> int:
        """Count the rows below the header."""
        return len(self.rows)

    @property
    def names(self) -> list[str]:
        """The keys, row by row."""
        return self.column(self.key)

    def column(self, name: str) -> list[str]:
        """Give the cells of a column; empty ones if there is no such column."""
        if name not in self.columns:
            return [""] * len(self.rows)
        at = self.columns.index(name)
        return [row[at] for row in self.rows]

    def cell(self, row: int, column: str) -> str:
        """Give one cell, rows counted from 0 below the header; empty if there is no such column."""
        return self.rows[row][self.columns.index(column)] if column in self.columns else ""

    def number(self, row: int, column: str) -> float:
        """Read a cell as a number, NaN if it is empty; refuses with Invalid what is none."""
        text = self.cell(row, column)
        if text == "":
            return math.nan
        value = float(text) if NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(value):
            raise self.refusal(row, column, f"'{shown(text)}' is not a number; write it like -0.5, or leave it empty")
        return value

    def numbers(self, column: str) -> Floats:
        """Read a column as numbers, NaN where it is empty; refuses with Invalid what is none."""
        return np.array([self.number(row, column) for row in range(len(self))], dtype=np.float64)

    def refusal(self, row: int, column: str, what: str) -> Invalid:
        """Say what is wrong with a cell, rows counted from 0 below the header."""
        return refusal(self.path, row + 2, column, what, (self.key, self.cell(row, self.key)))


def refusal(path: Path, row: int, column: str, what: str, named: tuple[str, str] = ("", "")) -> Invalid:
    """Say in one line what is wrong in a file and where, with rows as a spreadsheet counts them."""
    kind, name = named
    who = f" ({kind} {shown(name)})" if name else ""
    return Invalid(f"{path}, row {row}{who}, column {shown(column) or '(no name)'}: {what}")


def shown(text: str) -> str:
    """Shorten what stands in a file, so that it fits into one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 3] + "..."


def read_table(
    path: Path, key: str, required: Sequence[str], optional: Callable[[str], bool] = lambda _name: False
) -> Table:
    """Read a whole table; refuses with Invalid a column that is missing, unknown or there twice.

    `key` is the column that names each row once, or empty.
    """
    rows = records(path)
    columns = read_header(path, rows)
    for column in columns:
        if column not in required and not optional(column):
            known = ", ".join(required)
            raise refusal(path, 1, column, f"there is no such column in this kind of table (it needs {known})")
    refuse_missing_columns(path, columns, required)
    cells = [row for _number, row in checked_rows(path, columns, key, rows)]
    if not cells:
        raise Invalid(f"{path}: there is a header but no row below it")
    return Table(path, key, columns, cells)


def refuse_missing_columns(path: Path, columns: Sequence[str], required: Sequence[str]) -> None:
    """Refuse with Invalid a header without a column that is needed."""
    for column in required:
        if column not in columns:
            raise refusal(path, 1, column, f"the column is missing; the header has {shown(', '.join(columns))}")


def records(path: Path) -> Iterator[list[str]]:
    """Read row by row, header first; refuses with Invalid what is no CSV file in UTF-8."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in _without_blank_end(csv.reader(file, strict=True)):
                number += 1
                yield row
    except OSError as error:
        raise Invalid(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path}: row {number + 1} or one soon after it is not UTF-8; save it as 'CSV UTF-8'") from error
    except csv.Error as error:
        raise Invalid(f"{path}, row {number + 1}: no CSV ({error}); look for a quotation mark too many") from error


def _without_blank_end(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Leave out empty lines at the end of a file, and no others: those would shift the row numbers."""
    blank = 0
    for row in rows:
        if not row:
            blank += 1
            continue
        for _ in range(blank):
            yield []
        blank = 0
        yield row


def read_header(path: Path, rows: Iterator[list[str]]) -> tuple[str, ...]:
    """Take the header; refuses with Invalid an empty file, another separator, an empty name and one given twice."""
    columns = tuple(next(rows, ()))
    if not columns:
        raise Invalid(f"{path}, row 1: the file is empty; it needs a header, and rows below it")
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and separator in columns[0]:
            raise Invalid(f"{path}, row 1: columns are parted by {name}; save it with commas, and points as decimals")
    for at, column in enumerate(columns):
        if column == "":
            raise refusal(path, 1, str(at + 1), "the column has no name")
        if column in columns[:at]:
            raise refusal(path, 1, column, "the name is there twice; each column needs a name of its own")
    return columns


def checked_rows(
    path: Path, columns: Sequence[str], key: str, rows: Iterator[list[str]]
) -> Iterator[tuple[int, list[str]]]:
    """Give each row with its number; refuses with Invalid a row of another width, and a key that is empty or known."""
    at, seen = columns.index(key) if key else -1, dict[str, int]()
    for number, row in enumerate(rows, 2):
        name = row[at] if key and at < len(row) else ""
        if len(row) != len(columns):
            raise _of_other_width(path, columns, number, row, (key, name))
        if key and name == "":
            raise refusal(path, number, key, f"the cell is empty; every row names its {key}")
        if name in seen:
            raise refusal(path, number, key, f"already in row {seen[name]}; keep one of the two", (key, name))
        if key:
            seen[name] = number
        yield number, row


def _of_other_width(
    path: Path, columns: Sequence[str], number: int, row: Sequence[str], named: tuple[str, str]
) -> Invalid:
    column = columns[len(row)] if len(row) < len(columns) else str(len(columns) + 1)
    return refusal(path, number, column, f"the row has {len(row)} cells, the header has {len(columns)} columns", named)
