"""Succession lists as spreadsheets: texts and numbers, an unknown an empty cell with a word beside, never a zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assessment_app.people.messages import harmless, write_book, write_csv
from assessment_app.succession.messages import words
from scoring_engine.standards.match import percent_display

Cell = str | Decimal

POST_HEADERS = (
    "Jabatan sasaran",
    "Unit",
    "Jenjang",
    "Kelompok",
    "Menunggu keputusan",
    "Dalam kelompok",
    "Siap",
    "Celah",
)

HEADERS = (
    "Peringkat", "Seri", "NIP", "Nama", "Unit", "Jabatan", "Keadaan", "Saringan", "Kotak", "Peluang kotak (%)",
    "Dekat batas", "Kecocokan teknis", "JPM jabatan sasaran (%)", "Galat baku JPM", "Kategori JPM", "Nilai talenta",
    "Saringan: kotak", "Saringan: disiplin", "Saringan: masa kerja", "Saringan: hasil", "Alasan usulan atau keputusan",
    "Asesmen", "Aturan",
)  # fmt: skip


def numbers(document: Mapping[str, Any]) -> list[Cell]:
    """Write what a document says, from the screening on."""
    match, screening = document["match"], document["screening"]
    technical, chance, error = document["technical"], document["chance"], match.get("error")
    return [
        _whole(document["box"]), "" if chance is None else Decimal(str(round(100 * chance, 1))),
        "ya" if document["near_cut"] else "", "" if technical is None else Decimal(technical["hundredths"]).scaleb(-2),
        _points(match.get("exact")), "" if error is None else Decimal(str(round(error, 2))),
        match.get("category") or words.match(match), _points(document["value"]),
        *(f"{words.state(one)}. {words.why(one)}" for one in screening.values()),
    ]  # fmt: skip


def xlsx(title: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write a workbook of one sheet."""
    return write_book(title, rows, {})


def csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV with Indonesian settings: semicolons between cells, a comma before decimals, no formula."""
    return write_csv([[_as_text(cell) for cell in row] for row in rows])


def _whole(number: int | None) -> Cell:
    return "" if number is None else Decimal(number)


def _points(pair: Sequence[int] | None) -> Cell:
    return "" if pair is None else percent_display(Fraction(*pair))


def _as_text(cell: Cell) -> str:
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else harmless(cell)
