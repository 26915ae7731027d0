"""The question about the ratio of two rows, on a table where such ratios are small numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd
from random import Random

from item_bank.generation.figures import Exact
from item_bank.generation.numeric_slips import Slip, spread
from item_bank.generation.puzzles import Answer
from item_bank.generation.table_questions import Asked
from item_bank.generation.table_scenes import Sheet

PAIRS = [(a, b) for a in range(2, 10) for b in range(2, 10) if gcd(a, b) == 1 and 0.5 < a / b < 2]
"""Small numbers that are near enough to each other for rows of one table."""


@dataclass(frozen=True)
class Ratios:
    """A sheet two of whose rows have ratios of small numbers in every column."""

    sheet: Sheet
    one: int
    other: int


def with_ratios(sheet: Sheet, chance: Random) -> Ratios:
    """Change two rows of a sheet a little, so that their ratios can be written in small numbers."""
    one, other = chance.sample(range(len(sheet.cells)), 2)
    cells = [list(row) for row in sheet.cells]
    for column, value in enumerate(cells[one]):
        a, b = chance.choice(PAIRS)
        times = ceil(value / a)
        cells[one][column], cells[other][column] = a * times, b * times
    return Ratios(Sheet(sheet.scene, sheet.columns, cells), one, other)


def ratio(told: Ratios, chance: Random) -> Asked | None:
    """Ask for the ratio of two rows in a column."""
    sheet = told.sheet
    column = chance.randrange(len(sheet.columns))
    right = _ratio_in(told, column)
    chosen = spread(right, _slips(told, column), chance, _written)
    wrong = tuple(Answer(_written(slip.value), f"Keliru: {slip.name}.") for slip in chosen)
    names = f"{sheet.scene.rows[told.one]} dengan {sheet.scene.rows[told.other]}"
    question = f"Berapa perbandingan jumlah {sheet.scene.noun} di {names} pada {sheet.columns[column]}?"
    answer = Answer(_written(right), "Benar: membandingkan dua bilangan menurut urutan yang ditanyakan.")
    return Asked("ratio", question, answer, wrong) if wrong else None


def _ratio_in(told: Ratios, column: int) -> Fraction:
    return Fraction(told.sheet.cells[told.one][column], told.sheet.cells[told.other][column])


def _slips(told: Ratios, column: int) -> Iterator[Slip]:
    right = _ratio_in(told, column)
    yield Slip(1 / right, "membalik urutan perbandingan")
    yield Slip(right / (1 + right), "membandingkan dengan jumlah keduanya")
    yield Slip((1 + right) / right, "membandingkan jumlah keduanya dengan yang pertama")
    yield Slip(1 + right, "membandingkan jumlah keduanya dengan yang kedua")
    for other in range(len(told.sheet.columns)):
        if other != column:
            yield Slip(_ratio_in(told, other), "membaca kolom yang salah")
            yield Slip(1 / _ratio_in(told, other), "membaca kolom yang salah dan membalik urutan")


def _written(value: Exact) -> str:
    return f"{value.numerator}:{value.denominator}"
