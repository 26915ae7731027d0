"""Who was there, judged from sign-ins and statements, and what came on top of their time.

Every query takes a session that was found by its agency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting, SittingEvent, TimeEntry
from assessment_app.exam.rules import ANNOUNCEMENT, BASE, announced_in, receipt_code, words_of
from assessment_app.logbook.messages.sheet import Line
from assessment_app.logbook.queries.day import Day
from assessment_app.logbook.rules import minutes_late, presence
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.scheduling.rules import MINUTE_MS

MOVED = 2
"""From this epoch on another computer may have been used before."""


@dataclass(frozen=True)
class Attendance:
    """One line of a session's record: who was booked, when they came and ended, on what, and what they left."""

    booking: Booking
    came: datetime | None
    sheets: int
    receipt: str
    ended: datetime | None = None
    device: str = ""
    """Of the computer that owns the sitting now, as its page named it; empty while it is freed."""
    computers: int = 0
    """How many times the sitting was free to be taken by a computer."""


def _attendance(db: Session, session: ExamSession) -> Iterator[Attendance]:
    theirs = select(Sitting.booking_id, Sitting.sitting_id, Sitting.signed_in, Sitting.device, Sitting.epoch)
    rows = db.execute(theirs.join(Booking).where(Booking.session_id == session.session_id)).all()
    came = {one.booking_id: one for one in rows}
    hashes, ended = defaultdict[int, list[str]](list), dict[int, datetime | None]()
    wanted = select(Attempt.sitting_id, Attempt.finished, Sheet.sha256).join(Sheet)
    own = wanted.where(Attempt.sitting_id.in_([one.sitting_id for one in rows]))
    for sitting_id, finished, sheet in db.execute(own.order_by(Attempt.sitting_id, Attempt.n)):
        hashes[sitting_id].append(sheet)
        ended[sitting_id] = finished  # parts come in order, so the last one stays
    for booking in session.bookings:
        if (sitting := came.get(booking.booking_id)) is None:
            yield Attendance(booking, None, 0, "")
            continue
        sheets = hashes.get(sitting.sitting_id, [])
        receipt = receipt_code(sheets) if sheets else ""
        yield Attendance(booking, sitting.signed_in, len(sheets), receipt, ended.get(sitting.sitting_id),
                         sitting.device, sitting.epoch)  # fmt: skip


@dataclass(frozen=True)
class Given:
    """Time that came on top in a part of somebody's: a line of the ledger."""

    seat: int
    name: str
    n: int
    entry: TimeEntry

    @property
    def minutes(self) -> float:
        """How much."""
        return self.entry.ms / MINUTE_MS


def ledger(db: Session, session: ExamSession) -> list[Given]:
    """List all time that people of a session were given on top of their parts' own, as it was given."""
    wanted = (
        select(Booking.seat, Booking.name, Attempt.n, TimeEntry)
        .join(Sitting, Sitting.booking_id == Booking.booking_id).join(Attempt, Attempt.sitting_id == Sitting.sitting_id)
        .join(TimeEntry, TimeEntry.attempt_id == Attempt.attempt_id)
        .where(Booking.session_id == session.session_id, TimeEntry.kind != BASE)
        .order_by(TimeEntry.at, TimeEntry.entry_id)
    )  # fmt: skip
    return [Given(*row) for row in db.execute(wanted)]


def files(db: Session, session: ExamSession) -> list[tuple[int, SittingEvent]]:
    """List (seat, event) of the answer files that were loaded for people of a session."""
    wanted = (
        select(Booking.seat, SittingEvent).join(Sitting, Sitting.booking_id == Booking.booking_id)
        .join(SittingEvent, SittingEvent.sitting_id == Sitting.sitting_id)
        .where(Booking.session_id == session.session_id, SittingEvent.kind == "recover").order_by(SittingEvent.event_id)
    )  # fmt: skip
    return [(seat, event) for seat, event in db.execute(wanted)]


def announcements(db: Session, session: ExamSession) -> list[tuple[datetime, str, int]]:
    """List (moment, text, people) of what was announced to the room, in order."""
    what = SittingEvent.at, SittingEvent.note
    wanted = (
        select(*what, func.count()).join(Sitting, Sitting.sitting_id == SittingEvent.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Booking.session_id == session.session_id, SittingEvent.kind == ANNOUNCEMENT,
               SittingEvent.note.startswith(announced_in(session.session_id)))
        .group_by(*what).order_by(SittingEvent.at)
    )  # fmt: skip
    return [(at, words_of(ANNOUNCEMENT, note), people) for at, note, people in db.execute(wanted)]


def parts_of(db: Session, session: ExamSession) -> dict[int, tuple[int, int]]:
    """Name by attempt the (seat, part) of everybody of a session who signed in."""
    wanted = (
        select(Attempt.attempt_id, Booking.seat, Attempt.n).join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id).where(Booking.session_id == session.session_id)
    )  # fmt: skip
    return {attempt_id: (seat, n) for attempt_id, seat, n in db.execute(wanted)}


def lines(db: Session, session: ExamSession, day: Day, now: datetime) -> list[Line]:
    """Judge by seat who was there, by sign-ins and by what the proctors stated."""
    return [_line(one, day, session, is_over=now > session.ends) for one in _attendance(db, session)]


def _line(one: Attendance, day: Day, session: ExamSession, *, is_over: bool) -> Line:
    booking, marked = one.booking, day.marked(one.booking)
    moved = day.planned(booking.booking_id)
    place = "" if moved is None else f"{moved.from_seat:02}"
    if moved is not None and moved.from_session != session.session_id:
        place = f"{day.rooms[moved.from_session]} {place}"
    said = [row for row in (marked.absent, marked.late) if row]
    return Line(
        nip=booking.nip, name=booking.name, unit=booking.unit, post=booking.post, seat=booking.seat, planned=place,
        presence=presence(one.came, stated_absent=marked.absent is not None, is_over=is_over),
        identity=marked.identity is not None, came=one.came, ended=one.ended,
        late=minutes_late(one.came, session.starts), device=_computer(one), sheets=one.sheets, receipt=one.receipt,
        remark="; ".join(f"{row.reason} ({day.who(row.by)})" for row in said),
    )  # fmt: skip


def _computer(one: Attendance) -> str:
    """Name a computer in short; with a count where it is not the first."""
    if not one.device:
        return ""
    return one.device[:8] if one.computers < MOVED else f"{one.device[:8]} ({one.computers})"
