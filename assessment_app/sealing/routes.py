"""The record of a session: who sat, who did not come, what happened, and the seal over what they left."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from assessment_app.accounts.routes import officer, only, own_agency
from assessment_app.accounts.rules import Role
from assessment_app.exam.queries import saved
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.messages import sheet
from assessment_app.logbook.messages.forms import KINDS, show_seats
from assessment_app.logbook.queries import attendance
from assessment_app.logbook.queries import day as written
from assessment_app.logbook.rules import Presence
from assessment_app.people.queries import names_of
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import ExamSession
from assessment_app.sealing import messages, queries
from assessment_app.sealing.verifier import grouped

bp = Blueprint("sealing", __name__, url_prefix="/berita-acara", template_folder="templates")
bp.before_request(only(Role.PROCTOR, Role.BKD_ADMIN))


@bp.get("/sesi/<uuid:session_id>")
def record(session_id: UUID) -> ResponseReturnValue:
    """Show a session's record as it hangs together now; a sheet of paper when it is printed."""
    now = clock.now()
    with transaction(reads_only=True) as db:
        session = plans.session(db, own_agency(), session_id)
        day = written.day(db, session)
        lines = attendance.lines(db, session, day, now)
        given, files = attendance.ledger(db, session), attendance.files(db, session)
        announced = attendance.announcements(db, session)
        parts = attendance.parts_of(db, session)
        names = names_of(db, own_agency(), {one.entry.by for one in given})
        seals = queries.seals(db, session_id, own_agency())
        keys = {key.key_id: key for key in queries.keys(db)}
        waits = queries.waits(db, session_id)
    seal = seals[-1] if seals else None
    return render_template(
        "sealing/record.html", session=session, lines=lines, seals=seals, seal=seal, waits=waits, now=now, day=day,
        key=keys[seal.key_id] if seal else None, qr=messages.qr(session_id, seal.n, seal.root) if seal else "",
        grouped=grouped, counts=_counts(session, lines, day), given=given, files=files, announced=announced,
        unusual=_unusual(parts), kinds=KINDS, show_seats=show_seats, time_kinds=sheet.TIME_KINDS, names=names,
    )  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How many were planned, came, and did not; and what else is counted of them."""

    planned: int
    came_in: int
    """Moved here from another session."""
    went: int
    """Moved from here to another session."""
    present: int
    absent: int
    awaited: int
    late: int
    identity: int
    sheets: int


def _counts(session: ExamSession, lines: list[sheet.Line], day: written.Day) -> Counts:
    first = [move for move, _booking in day.moves if move.n == 1]
    here = {booking.booking_id for booking in session.bookings}
    came_in = sum(move.booking_id in here and move.from_session != session.session_id for move in first)
    went = sum(move.booking_id not in here and move.from_session == session.session_id for move in first)
    stands = [line.presence for line in lines]
    return Counts(
        len(lines) - came_in + went, came_in, went, stands.count(Presence.PRESENT), stands.count(Presence.ABSENT),
        stands.count(Presence.AWAITED), sum(line.late > 0 for line in lines), sum(line.identity for line in lines),
        sum(line.sheets for line in lines),
    )  # fmt: skip


def _unusual(parts: dict[int, tuple[int, int]]) -> list[tuple[int, int, saved.Unusual]]:
    """List (seat, part, what came late, was kept aside or came by a file)."""
    with transaction(ANSWERS, reads_only=True) as answers:
        found = saved.unusual(answers, parts.keys()) if parts else {}
    return sorted((*parts[attempt_id], what) for attempt_id, what in found.items())


@bp.get("/sesi/<uuid:session_id>/daftar-hadir.xlsx")
def attendance_xlsx(session_id: UUID) -> ResponseReturnValue:
    """Give the attendance as a workbook."""
    return download(sheet.attendance_xlsx(_cells(session_id, "xlsx")), "daftar-hadir.xlsx", XLSX)


@bp.get("/sesi/<uuid:session_id>/daftar-hadir.csv")
def attendance_csv(session_id: UUID) -> ResponseReturnValue:
    """Give the attendance as CSV."""
    return download(sheet.attendance_csv(_cells(session_id, "csv")), "daftar-hadir.csv", CSV)


def _cells(session_id: UUID, kind: str) -> list[list[str]]:
    now = clock.now()
    with transaction() as db:
        session = plans.session(db, own_agency(), session_id)
        day = written.day(db, session)
        lines = attendance.lines(db, session, day, now)
        logbook.exported(db, officer(), session_id, kind, len(lines), now)
        return sheet.attendance_cells(session.starts, session.room.name, session.room.timezone, lines)
