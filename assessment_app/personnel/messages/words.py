"""What rules, severities, states and columns are called, for people; and mismatches as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from assessment_app.people.messages import harmless, write_book, write_csv
from assessment_app.personnel.messages.columns import EXAMPLES
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark

RULE_NAMES = {
    "R0": mark("Baris tidak dapat dibandingkan"),
    "R1": mark("Dibayar setelah batas usia pensiun"),
    "R2": mark("Dibayar padahal tidak aktif"),
    "R3": mark("Penerima gaji tidak dikenal"),
    "R4": mark("Aktif tetapi tidak dibayar"),
    "R5": mark("Identitas ganda"),
    "R6": mark("Tanggal lahir atau nama bertentangan"),
    "R7": mark("Jenis kelamin bertentangan"),
    "R8": mark("Meninggal menurut Dukcapil"),
    "R9": mark("Golongan, jabatan, atau tunjangan berbeda"),
    "R10": mark("Perlu konfirmasi keberadaan"),
    "R11": mark("Mutasi keluar tetapi masih dibayar"),
}

SEVERITIES = {"high": mark("Tinggi"), "medium": mark("Sedang"), "low": mark("Rendah")}

STATES = {
    "baru": mark("Baru"),
    "dikonfirmasi": mark("Dikonfirmasi"),
    "dibantah": mark("Dibantah"),
    "diperbaiki": mark("Diperbaiki"),
}

CHANGES = {
    "baru": mark("Baru muncul"),
    "masih": mark("Masih ada"),
    "hilang": mark("Sudah hilang"),
}
"""Beside the comparison before."""

REACHES = {
    "whole": mark("Diperiksa"),
    "partly": mark("Diperiksa sebagian"),
    "not": mark("Tidak dapat diperiksa"),
}

HEADERS = (
    mark("No."), mark("Aturan"), mark("Nama aturan"), mark("Keparahan"), mark("Status"), mark("NIP"), mark("Nama"),
    mark("Unit kerja"), mark("Temuan"), mark("Nilai pertama"), mark("Sumber pertama"), mark("Tanggal pertama"),
    mark("Nilai kedua"), mark("Sumber kedua"), mark("Tanggal kedua"), mark("Saran"),
)  # fmt: skip


class Mismatch(Protocol):
    """A mismatch as an export needs it; a row of the store is one."""

    finding_no: int
    rule: str
    severity: str
    nip: str
    name: str
    unit: str
    sentence: str
    advice: str
    left_value: str
    left_where: str
    left_day: date | None
    right_value: str
    right_where: str
    right_day: date | None


Exported = tuple[Mismatch, str]


def _cells(found: Mismatch, state: str) -> list[str]:
    texts = (
        _(RULE_NAMES[found.rule]), _(SEVERITIES[found.severity]), _(STATES[state]), found.nip,
        found.name, found.unit, found.sentence, found.left_value, found.left_where, _day(found.left_day),
        found.right_value, found.right_where, _day(found.right_day), found.advice,
    )  # fmt: skip
    return [str(found.finding_no), found.rule, *map(harmless, texts)]


def _day(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _rows(
    found: Iterable[Exported], coverage: Sequence[Mapping[str, Any]], headers: Sequence[str]
) -> Iterator[Sequence[str]]:
    """Write mismatches, and below them what could not be checked: a file without that would say too much."""
    yield headers
    yield from (_cells(one, state) for one, state in found)
    for told in coverage:
        rule, reach = told["rule"], told["reach"]
        if reach != "whole":
            row = ["", rule, _(RULE_NAMES[rule]), "", _(REACHES[reach]), "", "", ""]
            yield [*row, harmless("; ".join(told["reasons"])), *[""] * (len(headers) - 9)]


def findings_csv(found: Iterable[Exported], coverage: Sequence[Mapping[str, Any]]) -> bytes:
    """Write mismatches with their states as CSV."""
    return write_csv(_rows(found, coverage, [_(one) for one in HEADERS]))


def findings_xlsx(found: Iterable[Exported], coverage: Sequence[Mapping[str, Any]]) -> bytes:
    """Write mismatches with their states as a workbook of texts: nothing is a formula and no NIP loses digits."""
    return write_book(_("Temuan"), list(_rows(found, coverage, [_(one) for one in HEADERS])), {})


def template(columns: Mapping[str, Sequence[str]], title: str) -> bytes:
    """Write the workbook to fill in: all columns that are known, and an example row that no comparison takes."""
    example = [EXAMPLES.get(field, "") for field in columns]
    return write_book(title, [[headers[0] for headers in columns.values()], example], {})
