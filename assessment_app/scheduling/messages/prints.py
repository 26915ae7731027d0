"""The schedule of a wave as a file, in the columns that agencies and regional offices exchange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessment_app.people.messages import harmless, write_book, write_csv

SCHEDULE = ("No", "NIP", "NAMA", "UNIT KERJA", "JABATAN", "WAKTU", "PELAKSANAAN", "SESI", "LOKASI", "RUANG", "KURSI")
"""The first eight are the columns that a regional office's own tool reads; the rest is what a participant asks."""

ATTENDANCE = ("KURSI", "NIP", "NAMA", "UNIT KERJA", "JABATAN", "HADIR", "KETERANGAN")


@dataclass(frozen=True)
class Row:
    """Where somebody sits and when, as it is written for people."""

    nip: str
    name: str
    unit: str
    post: str
    hours: str
    day: str
    session: int
    site: str
    room: str
    seat: int


def schedule_xlsx(rows: Iterable[Row]) -> bytes:
    """Write the schedule as a workbook of texts."""
    return write_book("Jadwal", _schedule(rows), {})


def schedule_csv(rows: Iterable[Row]) -> bytes:
    """Write the schedule as CSV; a NIP carries an apostrophe, or spreadsheets would round it."""
    head, *lines = _schedule(rows)
    return write_csv([head, *([line[0], f"'{line[1]}", *line[2:]] for line in lines)])


def attendance_xlsx(rows: Iterable[Row]) -> bytes:
    """Write the list of a session for whoever keeps it on a computer."""
    lines = [[str(row.seat), row.nip, *_texts(row.name, row.unit, row.post), "", ""] for row in rows]
    return write_book("Daftar hadir", [ATTENDANCE, *lines], {5: ("HADIR", "TIDAK HADIR")})


def _schedule(rows: Iterable[Row]) -> list[Sequence[str]]:
    return [SCHEDULE, *(
        [
            str(n), row.nip, *_texts(row.name, row.unit, row.post), row.hours, row.day, str(row.session),
            *_texts(row.site, row.room), str(row.seat),
        ]
        for n, row in enumerate(rows, 1)
    )]  # fmt: skip


def _texts(*texts: str) -> list[str]:
    return [harmless(text) for text in texts]
