"""The attendance of a session, line by line, and as a sheet to keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from assessment_app.people.messages import harmless, write_book, write_csv
from assessment_app.platform.texts import mark, show_datetime, show_nip

STATUS = {"present": "HADIR", "absent": "TIDAK HADIR", "awaited": "BELUM"}
"""As agencies' own sheets write it (domain 1.6)."""

TIME_KINDS = {
    "proctor": mark("Tambahan waktu"),
    "outage": mark("Gangguan ruangan"),
    "break": mark("Istirahat"),
    "accommodation": mark("Akomodasi"),
}
"""Kinds of time that comes on top, as the record calls them."""

HEADERS = (
    "NO", "NIP", "NAMA", "UNIT KERJA", "JABATAN", "SESI", "RUANG", "KURSI RENCANA", "KURSI", "STATUS", "IDENTITAS",
    "LOGIN", "SELESAI", "TERLAMBAT (MENIT)", "KETERANGAN", "KOMPUTER", "LEMBAR", "TANDA TERIMA",
)  # fmt: skip
"""A sheet for other systems: its words are not translated."""


@dataclass(frozen=True)
class Line:
    """One line of a session's attendance, judged."""

    nip: str
    name: str
    unit: str
    post: str
    seat: int
    planned: str
    """The seat that was planned, with its room where that is another; empty for the one where they sit."""
    presence: str  # rules.Presence
    identity: bool
    came: datetime | None
    ended: datetime | None
    late: int
    """Minutes after the start."""
    remark: str
    """Why they are absent or were let in late, and who said so."""
    device: str
    sheets: int
    receipt: str


def attendance_cells(starts: datetime, room: str, zone: str, lines: Iterable[Line]) -> list[list[str]]:
    """Write the attendance of a session as rows of texts, the header first; times are of the room's wall clock."""
    place = [show_datetime(starts, zone=zone), harmless(room)]
    return [list(HEADERS), *(
        [
            str(number), line.nip, harmless(line.name), harmless(line.unit), harmless(line.post), *place,
            line.planned or f"{line.seat:02}", f"{line.seat:02}", STATUS[line.presence],
            "DIPERIKSA" if line.identity else "", _wall(line.came, zone), _wall(line.ended, zone),
            str(line.late) if line.late else "", harmless(line.remark), harmless(line.device), str(line.sheets),
            line.receipt,
        ]
        for number, line in enumerate(lines, 1)
    )]  # fmt: skip


def _wall(moment: datetime | None, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def attendance_xlsx(rows: list[list[str]]) -> bytes:
    """Write the attendance as a workbook of texts: no NIP loses digits."""
    return write_book("Daftar hadir", rows, {})


def attendance_csv(rows: list[list[str]]) -> bytes:
    """Write the attendance for a spreadsheet with Indonesian settings; a NIP in groups loses no digits there."""
    return write_csv([rows[0], *([row[0], show_nip(row[1]), *row[2:]] for row in rows[1:])])
