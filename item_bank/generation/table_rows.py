"""Questions whose answers are rows of the table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from item_bank.generation.figures import whole, with_decimal
from item_bank.generation.puzzles import Answer
from item_bank.generation.table_questions import Asked
from item_bank.generation.table_scenes import Sheet


def growth(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask which row grew most in percent; the row that grew most in number must be another."""
    early, late = sorted(chance.sample(range(len(sheet.columns)), 2))
    rises = [row[late] - row[early] for row in sheet.cells]
    rates = [Fraction(100 * rise, row[early]) for rise, row in zip(rises, sheet.cells, strict=True)]
    best = rates.index(max(rates))
    closest = sorted(rates)[-2]
    if rises.index(max(rises)) == best or rates[best] - closest < 2 or closest < 0 or sorted(rates)[-3] < 0:
        return None
    names = _names_of_growth(sheet.column(late), rises, rates)
    answers = [
        Answer(name, f"{reason} ({with_decimal(rate)}%).")
        for name, reason, rate in zip(sheet.scene.rows, names, rates, strict=True)
    ]
    steps = f"dari {sheet.columns[early]} ke {sheet.columns[late]}"
    question = f"{sheet.scene.unit} mana yang persentase kenaikan jumlah {sheet.scene.noun} {steps} paling besar?"
    return _of_rows("growth", question, answers, best)


def _names_of_growth(last: list[int], rises: list[int], rates: list[Fraction]) -> Iterator[str]:
    """Say of each row what it is, the right one first of all."""
    for number, rise, rate in zip(last, rises, rates, strict=True):
        if rate == max(rates):
            yield "Benar: kenaikannya terbesar terhadap nilai awalnya"
        elif rise == max(rises):
            yield "Keliru: memilih kenaikan terbesar dalam jumlah, bukan dalam persen"
        elif number == max(last):
            yield "Keliru: memilih nilai akhir terbesar"
        elif rise < 0:
            yield "Keliru: mengabaikan arah perubahan, padahal nilainya turun"
        else:
            yield "Keliru: memilih kenaikan yang lebih kecil terhadap nilai awalnya"


def conditions(sheet: Sheet, chance: Random) -> Asked | None:
    """Ask which row is above a number in one column and below a number in another."""
    one, other = chance.sample(range(len(sheet.columns)), 2)
    least, most = (_border(sheet.column(column), chance) for column in (one, other))
    meets = [(row[one] > least, row[other] < most) for row in sheet.cells]
    if meets.count((True, True)) != 1 or not {(True, False), (False, True)} <= set(meets):
        return None
    reasons = {
        (True, True): "Benar: memenuhi kedua syarat.",
        (True, False): "Keliru: hanya memperhatikan syarat pertama.",
        (False, True): "Keliru: hanya memperhatikan syarat kedua.",
        (False, False): "Keliru: menukar lebih dengan kurang pada kedua syarat.",
    }
    answers = [Answer(name, reasons[met]) for name, met in zip(sheet.scene.rows, meets, strict=True)]
    first, second = sheet.columns[one], sheet.columns[other]
    borders = f"{_at(first)} lebih dari {whole(least)}, tetapi {_at(second)} kurang dari {whole(most)}"
    question = f"{sheet.scene.unit} mana yang jumlah {sheet.scene.noun} {borders}?"
    return _of_rows("conditions", question, answers, meets.index((True, True)))


def _at(column: str) -> str:
    """Name a column inside a sentence: a period, or a part."""
    return (
        f"pada {column}" if " " in column and column.split()[0] in {"triwulan", "bulan", "tahun"} else f"yang {column}"
    )


def _border(numbers: list[int], chance: Random) -> int:
    """Choose a round number between two of the numbers, or beside them where there is no round one."""
    low, high = chance.choice(list(zip(sorted(numbers), sorted(numbers)[1:], strict=False)))
    for step in (100, 50, 10, 5):
        rounded = (low // step + 1) * step
        if rounded < high:
            return rounded
    return high + 1 if high + 1 not in numbers else high + 2


def _of_rows(kind: str, question: str, answers: list[Answer], right: int) -> Asked:
    wrong = tuple(answer for place, answer in enumerate(answers) if place != right)
    return Asked(kind, question, answers[right], wrong)
