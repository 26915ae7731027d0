"""What is printed and handed out: cards, attendance sheets, the proctor's PIN, posters, and the schedule as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from assessment_app.accounts.routes import officer, own_agency
from assessment_app.people import queries as people
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.security import secret
from assessment_app.platform.texts import show_date, show_datetime, show_time
from assessment_app.platform.web import CSV, XLSX, download
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.messages import changes, prints
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.scheduling.queries import lists
from assessment_app.scheduling.routes.door import bp
from assessment_app.scheduling.rules import quit_password
from assessment_app.scheduling.rules.timetable import Number


@bp.get("/<uuid:wave_id>/cetak/kartu")
def cards(wave_id: UUID) -> ResponseReturnValue:
    """Print cards: of a session, of a unit that hands them out, or of the whole wave. A card carries no PIN."""
    session_id, unit = request.args.get("sesi", type=UUID), request.args.get("unit", "")
    with transaction(reads_only=True) as db:
        wave = queries.wave(db, own_agency(), wave_id)
        found = lists.of_wave(db, own_agency(), wave_id, session_id, unit)
        numbers = lists.numbers_of(db, own_agency(), wave_id)
    back = _session(session_id) if session_id else url_for("scheduling.show_wave", wave_id=wave_id)
    ordered = found if session_id else sorted(found, key=lambda one: (one[0].unit, one[0].name, one[0].nip))
    return render_template("scheduling/cards.html", wave=wave, seated=ordered, said=_words(found, numbers), back=back)


@bp.get("/sesi/<uuid:session_id>/cetak/daftar-hadir")
def attendance(session_id: UUID) -> ResponseReturnValue:
    """Print the attendance sheet of a session, in the order of its seats."""
    with transaction(reads_only=True) as db:
        session, number = _with_number(db, session_id)
        frozen = lists.frozen(db, own_agency(), session_id)
        amended = lists.amendments(db, own_agency(), session_id)
        names = people.names_of(db, own_agency(), {one.by for one in amended})
    return render_template(
        "scheduling/attendance.html", session=session, number=number, frozen=frozen, amended=amended, names=names,
        back=_session(session_id), now=clock.now(), kinds=changes.AMENDMENTS,
    )  # fmt: skip


@bp.get("/sesi/<uuid:session_id>/cetak/pin")
def pin_sheet(session_id: UUID) -> ResponseReturnValue:
    """Print the PIN for the proctor. It writes although it is a GET: knowing a PIN is on record."""
    with transaction() as db:
        session, number = _with_number(db, session_id)
        pin = actions.show_pin(db, officer(), session, secret("session-pin"), clock.now())
        rule = queries.browser_of(db, session.wave_id)
    return render_template(
        "scheduling/pin_sheet.html", session=session, number=number, pin=pin, back=_session(session_id),
        opens=session.hours.opens, now=clock.now(),
        password=quit_password(secret("safe-exam-browser"), session.wave_id) if rule else "",
    )  # fmt: skip


@bp.get("/sesi/<uuid:session_id>/cetak/poster")
def poster(session_id: UUID) -> ResponseReturnValue:
    """Print what hangs on the door: names by seat, and no NIP."""
    with transaction(reads_only=True) as db:
        session, number = _with_number(db, session_id)
    return render_template(
        "scheduling/poster.html", session=session, number=number, back=_session(session_id), opens=session.hours.opens
    )


@bp.get("/<uuid:wave_id>/jadwal.xlsx")
def schedule_xlsx(wave_id: UUID) -> ResponseReturnValue:
    """Give the schedule of a wave as a workbook."""
    return download(prints.schedule_xlsx(_rows(wave_id)), "jadwal.xlsx", XLSX)


@bp.get("/<uuid:wave_id>/jadwal.csv")
def schedule_csv(wave_id: UUID) -> ResponseReturnValue:
    """Give the schedule of a wave as CSV."""
    return download(prints.schedule_csv(_rows(wave_id)), "jadwal.csv", CSV)


@bp.get("/sesi/<uuid:session_id>/daftar-hadir.xlsx")
def attendance_xlsx(session_id: UUID) -> ResponseReturnValue:
    """Give the list of a session as a workbook."""
    with transaction(reads_only=True) as db:
        wave_id = queries.session(db, own_agency(), session_id).wave_id
    return download(prints.attendance_xlsx(_rows(wave_id, session_id)), "daftar-hadir.xlsx", XLSX)


def _session(session_id: UUID) -> str:
    return url_for("scheduling.show_session", session_id=session_id)


def _with_number(db: Session, session_id: UUID) -> tuple[ExamSession, Number]:
    session = queries.session(db, own_agency(), session_id)
    return session, lists.numbers_of(db, own_agency(), session.wave_id)[session_id]


def _rows(wave_id: UUID, session_id: UUID | None = None) -> list[prints.Row]:
    with transaction(reads_only=True) as db:
        queries.wave(db, own_agency(), wave_id)
        found = lists.of_wave(db, own_agency(), wave_id, session_id)
        numbers = lists.numbers_of(db, own_agency(), wave_id)
    said = _words(found, numbers)
    return [_row(booking, session, said[session.session_id]) for booking, session in found]


@dataclass(frozen=True)
class Said:
    """A session in words; said once for all who sit in it."""

    number: Number
    day: str
    hours: str
    opens: str
    room: str


def _words(found: Sequence[tuple[Booking, ExamSession]], numbers: Mapping[UUID, Number]) -> dict[UUID, Said]:
    sessions = {session.session_id: session for _booking, session in found}
    return {key: _said(session, numbers[key]) for key, session in sessions.items()}


def _said(session: ExamSession, number: Number) -> Said:
    room = session.room
    first, last = (show_date(at, "full", room.timezone) for at in (session.starts, session.ends))
    ends = (
        show_time(session.ends, room.timezone) if first == last else show_datetime(session.ends, "short", room.timezone)
    )
    hours = f"{show_time(session.starts, room.timezone).partition(' ')[0]}{'-' if first == last else ' - '}{ends}"
    return Said(number, first, hours, show_time(session.hours.opens, room.timezone), f"{room.name}, {room.site}")


def _row(booking: Booking, session: ExamSession, said: Said) -> prints.Row:
    return prints.Row(
        booking.nip, booking.name, booking.unit, booking.post, said.hours, said.day, said.number.running,
        session.room.site, session.room.name, booking.seat,
    )  # fmt: skip
