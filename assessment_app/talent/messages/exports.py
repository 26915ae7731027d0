"""Placements as a spreadsheet: the layout that SIMATA is seen to take (domain 5.5), and what the platform adds to it.

A missing value is an empty cell, never a zero. The added columns stand behind, so who reads by position finds SIMATA's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from assessment_app.people.messages import harmless, write_book, write_csv
from assessment_app.people.rules import JobLevel
from assessment_app.talent.messages.words import COMPONENT_NAMES, PREDICATE_NAMES, STATE_NAMES
from scoring_engine.standards.match import percent_display

Cell = str | Decimal

SIMATA_X = ("competency", "development", "experience", "potential", "education", "field", "discipline")
SIMATA_Y = ("performance", "award", "team", "feedback_360")

SIMATA_NAMES = {
    "competency": "X - Penilaian Kompetensi", "development": "X - Pengembangan Kompetensi",
    "experience": "X - Pengalaman Jabatan", "potential": "X - Penilaian Potensi",
    "education": "X - Tingkat Pendidikan Formal", "field": "X - Kesesuaian Bidang Ilmu",
    "discipline": "X - Verifikasi Rekam Jejak Disiplin", "performance": "Y - Penilaian Kinerja",
    "award": "Y - Penghargaan", "team": "Y - Penugasan dalam Tim Kerja", "feedback_360": "Y - Umpan Balik Kinerja 360",
}  # fmt: skip
"""The headers of SIMATA's layout; not translated, because a program reads them."""

SIMATA = (
    "NIP", "Nama", "Unit Organisasi", "Jabatan", "Nilai X", "Nilai Y", "Box",
    *(SIMATA_NAMES[part] for part in (*SIMATA_X, *SIMATA_Y)),
)  # fmt: skip

ADDED = (
    "Jenjang", "Keadaan", "Status Kotak", "Kotak yang Mungkin", "Yang Kurang", "Peluang Kotak (%)", "Dekat Batas",
    "Kotak Pesaing", "Kotak Sebelumnya", "Aturan",
)  # fmt: skip
TALENT_ADDED = ("Predikat", "Kotak menurut Nilai Y", "Nilai Talenta")
PROFILING = ("NIP", "Nama", "Unit Organisasi", "Jabatan", "JPM (%)", "Potensi", "Kotak")


class Person(Protocol):
    """Whom a row is about: a current placement."""

    nip: str
    name: str
    unit: str
    post: str
    job_level: str
    state: str
    chance: float | None
    near_cut: bool
    y: int | None
    x: int | None


@dataclass(frozen=True)
class Numbered:
    """A person of a list with the numbers of boxes: the own one, open ones, the rival, by the Y score, and before.

    Of the profile behind it the reported score of potential, and the number of serious notes on how somebody worked.
    """

    person: Person
    document: Mapping[str, Any]
    box: int | None
    open_boxes: Sequence[int]
    rival: int | None
    by_score: int | None
    before: int | None
    potential: float | None
    notes: int


def header(definition: str) -> tuple[str, ...]:
    """Name the columns of a definition's file."""
    return (*SIMATA, *ADDED, *TALENT_ADDED) if definition == "talent" else (*PROFILING, *ADDED)


def row(definition: str, one: Numbered, rules: str) -> list[Cell]:
    """Write one person down; ``rules`` names the rule set."""
    who = one.person
    told: list[Cell] = [who.nip, who.name, who.unit, who.post]
    added: list[Cell] = [
        JobLevel(who.job_level).label, STATE_NAMES[who.state], _standing(one), ", ".join(map(str, one.open_boxes)),
        lacking(one.document), "" if who.chance is None else Decimal(str(round(100 * who.chance, 1))),
        "ya" if who.near_cut else "", _number(one.rival), _number(one.before), rules,
    ]  # fmt: skip
    if definition != "talent":
        return [*told, hundredths(who.y), hundredths(who.x), _number(one.box), *added]
    parts = [_points(one.document["components"][part]["value"]) for part in (*SIMATA_X, *SIMATA_Y)]
    low, high = one.document["value"]
    talent: list[Cell] = [
        PREDICATE_NAMES.get(one.document["predicate"], ""), _number(one.by_score), _points(low) if low == high else ""
    ]  # fmt: skip
    return [*told, hundredths(who.x), hundredths(who.y), _number(one.box), *parts, *added, *talent]


def xlsx(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Write a workbook: texts are texts, numbers numbers, nothing is a formula."""
    return write_book("Sembilan kotak", rows, {})


def csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV with Indonesian settings: semicolons between cells, a comma before decimals, no formula."""
    return write_csv([[_as_text(cell) for cell in row] for row in rows])


def lacking(document: Mapping[str, Any]) -> str:
    """Name what is missing for a box."""
    return ", ".join(COMPONENT_NAMES[part] for part in document["missing"])


def hundredths(value: int | None) -> Cell:
    """Write hundredths of a point as points."""
    return "" if value is None else Decimal(value).scaleb(-2)


def _points(pair: Sequence[int] | None) -> Cell:
    return "" if pair is None else percent_display(Fraction(*pair))


def _standing(one: Numbered) -> str:
    if one.box is not None:
        return "final"
    return "sementara" if one.open_boxes else "belum ada"


def _number(box: int | None) -> Cell:
    return "" if box is None else Decimal(box)


def _as_text(cell: Cell) -> str:
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else harmless(cell)
