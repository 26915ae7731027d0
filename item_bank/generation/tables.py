"""Small tables about government work: what can be read and computed from them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from item_bank.generation import table_questions as numbers
from item_bank.generation import table_rows as rows
from item_bank.generation.difficulty import of_table
from item_bank.generation.puzzles import Puzzle
from item_bank.generation.table_questions import Asked
from item_bank.generation.table_ratios import ratio, with_ratios
from item_bank.generation.table_scenes import Sheet, averaged, counted, parted, retabled
from item_bank.parts import Table

STEM = "Perhatikan tabel berikut."
ROUNDED = "Perhatikan tabel berikut. Hasil dibulatkan sampai satu angka di belakang koma."

Made = tuple[Asked | None, Table]


def make(chance: Random) -> Puzzle | None:
    """Make a question on a table, or nothing where chance led to one without a clear answer."""
    asked, table = chance.choice(KINDS)(chance)
    if asked is None:
        return None
    return Puzzle(
        stem=ROUNDED if asked.is_rounded else STEM,
        question=asked.question,
        table=table,
        right=asked.right,
        wrong=asked.wrong,
        facet="numerik-tabel",
        topic=TOPICS[asked.kind],
        difficulty=of_table(asked.kind, len(table.rows), len(table.head) - 1),
    )


def _on_counts(ask: Callable[[Sheet, Random], Asked | None]) -> Callable[[Random], Made]:
    """Make a question on a table of counts by period."""

    def made(chance: Random) -> Made:
        sheet, table = counted(chance)
        return ask(sheet, chance), table

    return made


def _on_ratios(chance: Random) -> Made:
    sheet, table = counted(chance)
    told = with_ratios(sheet, chance)
    return ratio(told, chance), retabled(told.sheet, table)


def _on_parts(chance: Random) -> Made:
    sheet, parts, table = parted(chance)
    return numbers.part_share(sheet, parts, chance), table


def _conditions_on_parts(chance: Random) -> Made:
    sheet, _, table = parted(chance)
    return rows.conditions(sheet, chance), table


def _on_averages(chance: Random) -> Made:
    sheet, parts, table = averaged(chance)
    return numbers.weighted(sheet, parts, chance), table


KINDS: tuple[Callable[[Random], Made], ...] = (
    *map(
        _on_counts,
        (numbers.total, numbers.difference, numbers.share, numbers.change, rows.growth, rows.conditions, rows.growth),
    ),
    _on_ratios,
    _on_parts,
    _conditions_on_parts,
    _on_averages,
)
TOPICS = {
    "total": "jumlah",
    "difference": "selisih",
    "share": "bagian dalam persen",
    "change": "perubahan dalam persen",
    "ratio": "perbandingan",
    "weighted": "rata-rata gabungan",
    "growth": "kenaikan terbesar",
    "conditions": "dua syarat",
}
