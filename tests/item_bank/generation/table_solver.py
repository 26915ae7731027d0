"""Answering the questions on tables from their words alone, as a person with a calculator would."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import gcd


def answer(item):
    """Give the answer as it should be written; exactly one way of asking fits."""
    question, table = item.words.question, item.words.table
    found = [(solve, match) for pattern, solve in WAYS if (match := re.fullmatch(pattern, question))]
    ((solve, match),) = found
    return solve(Read(table), **match.groupdict())


class Read:
    """A table as numbers, asked for by the words of a question."""

    def __init__(self, table):
        self.heads = [head.lower() for head in table.head[1:]]
        self.rows = {row[0]: [int(cell.replace(".", "")) for cell in row[1:]] for row in table.rows}

    def column(self, said):
        (place,) = (
            at for at, head in enumerate(self.heads) if said.lower() in {head, f"bulan {head}", f"tahun {head}"}
        )
        return {name: cells[place] for name, cells in self.rows.items()}


def tenths(value):
    """Round halves away from nothing, as Indonesian schools do."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_UP)}".replace(".", ",")


def thousands(value):
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", str(value))


def total_of_row(read, row):
    return thousands(sum(read.rows[row]))


def total_of_column(read, column):
    return thousands(sum(read.column(column).values()))


def difference(read, one, other, column):
    return thousands(abs(read.column(column)[one] - read.column(column)[other]))


def share(read, row, column):
    return tenths(100 * Fraction(read.column(column)[row], sum(read.column(column).values()))) + "%"


def change(read, way, row, early, late):
    before, after = read.column(early)[row], read.column(late)[row]
    assert (way == "kenaikan") == (after > before)
    return tenths(100 * Fraction(abs(after - before), before)) + "%"


def ratio(read, one, other, column):
    a, b = read.column(column)[one], read.column(column)[other]
    return f"{a // gcd(a, b)}:{b // gcd(a, b)}"


def growth(read, early, late):
    before, after = read.column(early), read.column(late)
    return max(read.rows, key=lambda row: Fraction(after[row], before[row]))


def conditions(read, one, least, other, most):
    low, high = (int(text.replace(".", "")) for text in (least, most))
    (row,) = (row for row in read.rows if read.column(one)[row] > low and read.column(other)[row] < high)
    return row


def part(read, row):
    whole, own = read.rows[row]
    return tenths(100 * Fraction(own, whole)) + "%"


def weighted(read):
    return tenths(Fraction(sum(n * mean for n, mean in read.rows.values()), sum(n for n, _ in read.rows.values())))


ROW, COLUMN = r"[A-Z]\w+ [A-E1-5]", r"\w+ \w+"
CONDITION = r"(?:pada|yang) (?P<{0}>[\w ]+) {1} dari (?P<{2}>[\d.]+)"
WAYS: list[tuple[str, Callable[..., str]]] = [
    (rf"Berapa jumlah .+ di (?P<row>{ROW}) selama (?:tiga|empat) \w+ itu\?", total_of_row),
    (rf"Berapa jumlah .+ di semua \w+ pada (?P<column>{COLUMN})\?", total_of_column),
    (rf"Berapa selisih .+ antara (?P<one>{ROW}) dan (?P<other>{ROW}) pada (?P<column>{COLUMN})\?", difference),
    (rf"Berapa persen .+ pada (?P<column>{COLUMN}) yang tercatat di (?P<row>{ROW})\?", share),
    (
        rf"Berapa persen (?P<way>kenaikan|penurunan) .+ di (?P<row>{ROW}) "
        rf"dari (?P<early>{COLUMN}) ke (?P<late>{COLUMN})\?",
        change,
    ),
    (rf"Berapa perbandingan .+ di (?P<one>{ROW}) dengan (?P<other>{ROW}) pada (?P<column>{COLUMN})\?", ratio),
    (rf"\w+ mana yang persentase kenaikan .+ dari (?P<early>{COLUMN}) ke (?P<late>{COLUMN}) paling besar\?", growth),
    (
        rf"\w+ mana yang jumlah .+ {CONDITION.format('one', 'lebih', 'least')}, "
        rf"tetapi {CONDITION.format('other', 'kurang', 'most')}\?",
        conditions,
    ),
    (rf"Berapa persen \w+ di (?P<row>{ROW}) yang [\w ]+\?", part),
    (r"Berapa rata-rata .+ untuk seluruh \w+\?", weighted),
]
