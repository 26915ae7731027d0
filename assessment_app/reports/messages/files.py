"""The list of a wave's reports, and plans, as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from assessment_app.people.messages import harmless, write_book, write_csv
from assessment_app.people.rules import JobLevel
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import local
from assessment_app.reports.messages.words import STATES

HEADER = (
    "NIP", "Nama", "Unit Organisasi", "Jabatan", "Jenjang", "Keadaan", "Nomor Laporan", "Tanggal Terbit",
    "Berlaku Sampai", "Menggantikan",
)  # fmt: skip
PLAN_HEADER = ("NIP", "Nama", "Unit Organisasi", "Sasaran", "Kegiatan", "Jenis", "Bulan Mulai", "Bulan Selesai")


class Person(Protocol):
    """Whom a row is about: a booking."""

    nip: str
    name: str
    unit: str
    post: str
    job_level: str


class Filed(Protocol):
    """The report of a row."""

    number: str
    issued: datetime
    valid_until: date
    replaces: str | None


class Listed(Protocol):
    """Somebody in the list: a line of ``queries.standing``."""

    @property
    def booking(self) -> Person:
        """Who it is."""

    @property
    def state(self) -> str:
        """Where they stand."""

    @property
    def report(self) -> Filed | None:
        """The newest report, if there is one."""


def rows(lines: Iterable[Listed]) -> list[list[str]]:
    """Write the list: who, where they stand, and the newest report; days as 2026-11-30."""
    return [list(HEADER), *(_row(one) for one in lines)]


def _row(line: Listed) -> list[str]:
    who, report = line.booking, line.report
    told = [who.nip, who.name, who.unit, who.post, JobLevel(who.job_level).label, _(STATES[line.state])]
    if report is None:
        return [*told, "", "", "", ""]
    day = local(report.issued).date().isoformat()
    return [*told, report.number, day, report.valid_until.isoformat(), report.replaces or ""]


def plan_rows(people: Iterable[tuple[Person, Sequence[Mapping[str, Any]], str]]) -> list[list[str]]:
    """Write plans, a row for each thing to do; who has none is a row that says why."""
    found = [list(PLAN_HEADER)]
    for who, suggestions, why in people:
        told = [who.nip, who.name, who.unit]
        found += [
            [*told, one["aim"], one["activity"], one["kind"], str(one["begins"]), str(one["ends"])]
            for one in suggestions
        ] or [[*told, why, "", "", "", ""]]
    return found


def xlsx(rows: Sequence[Sequence[str]], title: str = "Laporan individu") -> bytes:
    """Write a workbook of texts: nothing is a formula and no NIP loses digits."""
    return write_book(title, rows, {})


def csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write CSV with Indonesian settings; nothing becomes a formula."""
    return write_csv([[harmless(cell) for cell in row] for row in rows])
