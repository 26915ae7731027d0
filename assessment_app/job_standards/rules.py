"""Standards of posts: how a post is recognised, what a row of a sheet must say, which standard holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessment_app.people.rules import plain
from item_bank.competencies import COMPETENCIES

CODES = tuple(one.code for one in COMPETENCIES)
LOWEST, HIGHEST = 1, 5
LONGEST = 500
"""Letters of a name, as a booking keeps it."""

POST, LEVEL = "post", "level"


@dataclass(frozen=True)
class Standard:
    """What a person is measured against: construct -> required level, whether of the post or of its level, and why."""

    levels: Mapping[str, int]
    kind: str
    source: str
    sha256: str | None = None

    def written(self) -> dict[str, object]:
        """Write it down as one of the inputs of a profile."""
        return {"kind": self.kind, "levels": dict(self.levels), "sha256": self.sha256}


@dataclass(frozen=True)
class Row:
    """One standard as a sheet gives it."""

    post: str
    code: str
    unit: str
    since: date
    source: str
    levels: Mapping[str, int]

    @property
    def place(self) -> tuple[str, str, date]:
        """Tell for which post it holds from when on."""
        return key_of(self.post), key_of(self.unit), self.since


def key_of(name: str) -> str:
    """Write the name of a post or unit so that capitals, dots and double spaces do not make two of one."""
    return plain(name)


def check(cells: Mapping[str, str]) -> tuple[Row | None, list[tuple[str, str, str]]]:
    """Judge the cells of one row; gives the standard, or what is wrong as (field, sentence, advice)."""
    found = list(_faults(cells))
    if found:
        return None, found
    return Row(
        cells["post"], cells.get("code", ""), cells.get("unit", ""), date.fromisoformat(cells["since"]),
        cells["source"], {code: int(cells[code]) for code in CODES},
    ), []  # fmt: skip


def _faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    if not key_of(cells["post"]):
        yield "post", "JABATAN kosong.", "Isi nama jabatan seperti dalam daftar pegawai."
    if not _is_day(cells["since"]):
        yield "since", f"Tanggal berlaku '{cells['since']}' tidak terbaca.", "Tulis seperti 17-03-2025."
    if not cells["source"]:
        yield "source", "DASAR kosong.", "Isi nomor keputusan yang menetapkan standar ini."
    for field in (field for field, value in cells.items() if len(value) > LONGEST):
        yield field, f"Isian lebih dari {LONGEST} huruf.", "Persingkat."
    for one in COMPETENCIES:
        if not re.fullmatch(f"[{LOWEST}-{HIGHEST}]", cells[one.code]):
            yield one.code, f"Level {one.name} '{cells[one.code]}' bukan 1 sampai 5.", "Isi angka 1, 2, 3, 4, atau 5."


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > 2000  # older than the law that asks for standards: a slip of the pen
    except ValueError:
        return False
