"""What is asked about a table: the answer computed exactly, and the slips that lead to other ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from item_bank.generation.figures import Exact, whole, with_decimal
from item_bank.generation.numeric_slips import Slip, spread
from item_bank.generation.puzzles import Answer
from item_bank.generation.table_scenes import Parts, Sheet

Slips = Iterator[Slip]


@dataclass(frozen=True)
class Asked:
    """A question of a kind, its answers, and whether they are rounded."""

    kind: str
    question: str
    right: Answer
    wrong: tuple[Answer, ...]
    is_rounded: bool = False


def _asked(
    kind: str, question: str, right: Fraction, slips: Slips, chance: Random, write: Callable[[Exact], str], how: str
) -> Asked | None:
    """Put a question whose answer is a number; without enough slips, nothing."""
    chosen = spread(right, slips, chance, write, [amount for amount in (1, 10, 100) if amount * 3 < right])
    wrong = tuple(Answer(write(slip.value), f"Keliru: {slip.name}.") for slip in chosen)
    answer = Answer(write(right), f"Benar: {how}.")
    return Asked(kind, question, answer, wrong, write is not whole) if wrong else None


def _percent(value: Exact) -> str:
    return f"{with_decimal(value)}%"


def total(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask for the sum of a row or of a column."""
    row, column = _place(sheet, chance)
    by_row = chance.random() < 0.5
    own, crossing = (sheet.cells[row], sheet.column(column)) if by_row else (sheet.column(column), sheet.cells[row])
    others = [cells for cells in (sheet.cells if by_row else zip(*sheet.cells, strict=True)) if list(cells) != own]
    where = sheet.in_row(row) if by_row else f"di semua {sheet.scene.unit.lower()} pada {sheet.columns[column]}"

    def slips() -> Slips:
        for cells in chance.sample(others, 2):
            yield Slip(sum(cells), f"menjumlahkan {'baris' if by_row else 'kolom'} yang salah")
        yield Slip(sum(crossing), f"menjumlahkan {'kolom, bukan baris' if by_row else 'baris, bukan kolom'}")
        yield Slip(sum(own) - chance.choice(own), "melewatkan satu bilangan")
        yield Slip(sum(own) + chance.choice(own), "menjumlahkan satu bilangan dua kali")

    question = f"Berapa jumlah {sheet.scene.noun} {where}?"
    how = "menjumlahkan semua bilangan pada " + ("baris" if by_row else "kolom") + " yang ditanyakan"
    return _asked("total", question, Fraction(sum(own)), slips(), chance, whole, how)


def difference(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask for the difference of two rows in a column."""
    (one, other, third), column = chance.sample(range(len(sheet.cells)), 3), chance.randrange(len(sheet.columns))
    wrong_column = (column + 1) % len(sheet.columns)
    a, b, c = (sheet.cells[row][column] for row in (one, other, third))
    right = Fraction(abs(a - b))

    def slips() -> Slips:
        yield Slip(abs(a - c), "membaca baris yang salah")
        yield Slip(abs(b - c), "membaca baris pembanding yang salah")
        yield Slip(abs(sheet.cells[one][wrong_column] - sheet.cells[other][wrong_column]), "membaca kolom yang salah")
        yield Slip(abs(a - sheet.cells[other][wrong_column]), "membaca bilangan kedua dari kolom lain")
        yield Slip(a + b, "menjumlahkan, bukan mencari selisih")

    names = f"{sheet.scene.rows[one]} dan {sheet.scene.rows[other]}"
    question = f"Berapa selisih jumlah {sheet.scene.noun} antara {names} pada {sheet.columns[column]}?"
    how = "mengurangkan dua bilangan pada kolom yang ditanyakan"
    return _asked("difference", question, right, slips(), chance, whole, how) if right > 10 else None


def share(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask for a row's share of a column."""
    row, column = _place(sheet, chance)
    part, base = sheet.cells[row][column], sum(sheet.column(column))
    right = Fraction(100 * part, base)

    def slips() -> Slips:
        yield Slip(Fraction(100 * part, sum(sheet.cells[row])), "membagi dengan jumlah baris, bukan jumlah kolom")
        yield Slip(Fraction(100 * part, base - part), "membagi dengan sisanya, bukan dengan seluruhnya")
        yield Slip(Fraction(100 * part, max(sheet.column(column)) + part), "membagi dengan jumlah dua baris saja")
        for other in chance.sample([at for at in range(len(sheet.cells)) if at != row], 3):
            yield Slip(Fraction(100 * sheet.cells[other][column], base), "membaca baris yang salah")
        for at in range(len(sheet.columns)):
            if at != column:
                yield Slip(Fraction(100 * sheet.cells[row][at], sum(sheet.column(at))), "membaca kolom yang salah")

    said = f"Berapa persen {sheet.scene.noun} pada {sheet.columns[column]} yang tercatat di {sheet.scene.rows[row]}?"
    how = "membagi bilangan itu dengan jumlah kolomnya"
    return _asked("share", said, right, _below_all(slips()), chance, _percent, how)


def change(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask for the percentage by which a row grew or fell from one column to another."""
    row = chance.randrange(len(sheet.cells))
    early, late = sorted(chance.sample(range(len(sheet.columns)), 2))
    before, after = sheet.cells[row][early], sheet.cells[row][late]
    right = Fraction(100 * abs(after - before), before)

    def slips() -> Slips:
        yield Slip(Fraction(100 * abs(after - before), after), "memakai nilai akhir sebagai dasar persentase")
        yield Slip(Fraction(100 * after, before), "membandingkan nilai akhir dengan nilai awal tanpa mencari selisih")
        yield Slip(Fraction(100 * abs(after - before), before + after), "membagi dengan jumlah kedua nilai")
        for at in chance.sample([at for at in range(len(sheet.cells)) if at != row], 3):
            one, two = sheet.cells[at][early], sheet.cells[at][late]
            yield Slip(Fraction(100 * abs(two - one), one), "membaca baris yang salah")
        for at in range(len(sheet.columns)):
            if at not in {early, late}:
                yield Slip(Fraction(100 * abs(sheet.cells[row][at] - before), before), "membaca kolom yang salah")

    word = "kenaikan" if after > before else "penurunan"
    steps = f"dari {sheet.columns[early]} ke {sheet.columns[late]}"
    question = f"Berapa persen {word} jumlah {sheet.scene.noun} di {sheet.scene.rows[row]} {steps}?"
    how = "membagi selisih dengan nilai awal"
    is_clear = right > 4
    return _asked("change", question, right, slips(), chance, _percent, how) if is_clear else None


def part_share(sheet: Sheet, parts: Parts, chance: Random) -> Asked | None:
    """Ask for the share of a part in its whole, in one row."""
    row = chance.randrange(len(sheet.cells))
    base, part = sheet.cells[row]
    right = Fraction(100 * part, base)
    others = [cells for at, cells in enumerate(sheet.cells) if at != row]

    def slips() -> Slips:
        yield Slip(Fraction(100 * (base - part), base), "menghitung bagian yang lain")
        yield Slip(Fraction(100 * (base - part), part), "membagi sisanya dengan bagian itu")
        yield Slip(Fraction(100 * part, base + part), "membagi dengan jumlah kedua kolom")
        for other_base, other_part in chance.sample(others, 3):
            yield Slip(Fraction(100 * other_part, other_base), "membaca baris yang salah")
        yield Slip(Fraction(100 * sum(sheet.column(1)), sum(sheet.column(0))), "menghitung persentase semua baris")

    question = f"Berapa persen {sheet.scene.noun} di {sheet.scene.rows[row]} yang {parts.said}?"
    how = "membagi bagian dengan seluruhnya pada baris itu"
    return _asked("share", question, right, _below_all(slips()), chance, _percent, how)


def weighted(sheet: Sheet, parts: Parts, chance: Random) -> Asked | None:
    """Ask for the average over all, where only the averages of the units are given."""
    counts, means = sheet.column(0), sheet.column(1)
    right = _weighted(sheet.cells)

    def slips() -> Slips:
        yield Slip(Fraction(sum(means), len(means)), "merata-ratakan tanpa memperhitungkan banyaknya")
        yield Slip(Fraction(min(means) + max(means), 2), "merata-ratakan nilai terkecil dan terbesar")
        yield Slip(Fraction(means[counts.index(max(counts))]), "memakai nilai kelompok terbesar saja")
        for left_out in range(len(means)):
            rest = [cells for at, cells in enumerate(sheet.cells) if at != left_out]
            yield Slip(_weighted(rest), "melewatkan satu baris")

    question = f"Berapa rata-rata {parts.said} untuk seluruh {parts.unit}?"
    how = "membobot setiap rata-rata dengan banyaknya"
    is_telling = abs(right - Fraction(sum(means), len(means))) > Fraction(1, 2)
    return _asked("weighted", question, right, slips(), chance, with_decimal, how) if is_telling else None


def _weighted(cells: Sequence[Sequence[int]]) -> Fraction:
    return Fraction(sum(count * mean for count, mean in cells), sum(count for count, _ in cells))


def _place(sheet: Sheet, chance: Random) -> tuple[int, int]:
    return chance.randrange(len(sheet.cells)), chance.randrange(len(sheet.columns))


def _below_all(slips: Slips) -> Slips:
    """Leave out what no share can be."""
    return (slip for slip in slips if slip.value < 100)
