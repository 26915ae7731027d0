"""What can be written down of a session: an incident, its correction, who was there, and who sits elsewhere now.

Everything may be sent again at will: the page names what it sends, and what is there already is left as it is.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam.queries import facts
from assessment_app.logbook.messages.forms import HINDRANCES, Move, NewIncident, NewMark, concerned
from assessment_app.logbook.models import AttendanceMark, Incident, SeatMove
from assessment_app.logbook.queries import day as queries
from assessment_app.logbook.rules import MarkKind, Target, hindrance, moment_of
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict, Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.scheduling.rules import Door


class WrittenOtherwise(Conflict):
    """A page sends something else under a number that is in use."""

    slug, title = "written-otherwise", "Catatan ini sudah tersimpan dengan isi lain. Muat ulang, lalu pakai Koreksi."


class AlreadyCorrected(Conflict):
    """Somebody else corrected the same incident first."""

    slug, title = "already-corrected", "Insiden ini sudah dikoreksi orang lain. Muat ulang, lalu koreksi yang terbaru."


class SeatTaken(Conflict):
    """Somebody is booked on that seat: nobody is put upon anybody, and no two are swapped in one act."""

    slug, title = "seat-taken", "Kursi itu sudah dipakai. Pilih kursi yang kosong."


class CannotMove(Conflict):
    """The session does not take this participant."""

    slug, title = "cannot-move", "Peserta ini tidak dapat dipindahkan ke sesi itu."


class ChangedHands(Conflict):
    """The page shows somebody on a seat who does not sit there any more."""

    slug, title = "changed-hands", "Kursi ini sudah berganti orang. Muat ulang, lalu putuskan lagi."


def record(db: Session, by: Officer, session_id: UUID, wanted: NewIncident, now: datetime) -> tuple[Incident, bool]:
    """Write an incident down, or the correction of one; gives it, and whether it was new.

    Refuses with NotFound, with Invalid a seat that the room does not have and a time that has not come yet, with
    AlreadyCorrected, and with WrittenOtherwise.
    """
    session = queries.lock_session(db, by.agency_id, session_id)
    there = db.get(Incident, wanted.incident_id)
    if there is not None:
        if not _says_the_same(there, session_id, wanted):
            raise WrittenOtherwise
        return there, False
    old = _corrected(db, session_id, wanted.replaces) if wanted.replaces else None
    _check_seats(session, wanted)
    row = Incident(
        incident_id=wanted.incident_id, agency_id=by.agency_id, session_id=session_id, kind=wanted.kind,
        n=queries.last_number(db, Incident, session_id) + 1, happened=_happened(session, wanted, old, now),
        seats=_concerned(db, session_id, wanted, old), told=wanted.told, done=wanted.done,
        minutes=old.minutes if old else wanted.minutes, replaces=wanted.replaces, by=by.actor, at=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    _record(db, by, "incident.correct" if old else "incident.record", f"session:{session_id}", wanted.told, now,
            incident=str(row.incident_id), n=row.n, kind=row.kind, seats=list(wanted.seats))  # fmt: skip
    return row, True


def _says_the_same(there: Incident, session_id: UUID, wanted: NewIncident) -> bool:
    said = there.session_id, there.kind, there.told, there.done, there.replaces, sorted(map(int, there.seats))
    is_same = said == (session_id, wanted.kind, wanted.told, wanted.done, wanted.replaces, list(wanted.seats))
    return is_same and (wanted.replaces is not None or there.minutes == wanted.minutes)


def _corrected(db: Session, session_id: UUID, incident_id: UUID) -> Incident:
    old = queries.incident(db, session_id, incident_id)
    if queries.corrected(db, incident_id) is not None:
        raise AlreadyCorrected
    return old


def _check_seats(session: ExamSession, wanted: NewIncident) -> None:
    if wanted.seats and wanted.seats[-1] > session.room.seats:
        raise Invalid(_("Ruang ini punya %(seats)s kursi. Periksa nomor kursinya.", seats=session.room.seats))


def _happened(session: ExamSession, wanted: NewIncident, old: Incident | None, now: datetime) -> datetime:
    if wanted.wall is None:
        return old.happened if old else now
    zone = ZoneInfo(session.room.timezone)
    if old and (same := old.happened.astimezone(zone)).time().replace(second=0, microsecond=0) == wanted.wall:
        return same  # a correction of other words leaves the moment, and its day, as they were
    moment = moment_of(wanted.wall, zone, session.ends, now)
    if moment is None:
        raise Invalid("Jam kejadian belum tiba. Periksa jamnya.")
    return moment


def _concerned(db: Session, session_id: UUID, wanted: NewIncident, old: Incident | None) -> dict[str, str | None]:
    """Who sat there when it happened: of seats that stay in a correction, those whom the old row names."""
    now = concerned(wanted.seats, queries.booked(db, session_id))
    return now | {seat: who for seat, who in (old.seats if old else {}).items() if seat in now}


def mark(db: Session, by: Officer, session_id: UUID, seat: int, wanted: NewMark, now: datetime) -> bool:
    """State that an identity was checked, that somebody is absent, or may begin late; or take it back. Tells if new.

    Refuses with ChangedHands when somebody else sits there now, with Conflict to call absent who has signed in.
    """
    booking = queries.lock_booking(db, by.agency_id, wanted.booking_id)
    there = db.get(AttendanceMark, wanted.mark_id)
    if there is not None:
        if (there.booking_id, there.kind, there.holds) != (booking.booking_id, wanted.kind, wanted.holds):
            raise WrittenOtherwise
        return False
    check_seat(booking, session_id, seat)
    is_absent = wanted.kind == MarkKind.ABSENT and wanted.holds
    if is_absent and facts.sitting_of_booking(db, booking.booking_id) is not None:
        raise Conflict("Peserta ini sudah masuk, jadi tercatat hadir.")
    db.add(AttendanceMark(
        mark_id=wanted.mark_id, agency_id=by.agency_id, booking_id=booking.booking_id, kind=wanted.kind,
        n=queries.last_number(db, AttendanceMark, booking.booking_id) + 1, holds=wanted.holds, reason=wanted.reason,
        by=by.actor, at=now,
    ))  # fmt: skip
    _record(db, by, "attendance.mark", f"booking:{booking.booking_id}", wanted.reason, now, seat=seat,
            kind=wanted.kind, holds=wanted.holds)  # fmt: skip
    return True


def exported(db: Session, by: Officer, session_id: UUID, kind: str, people: int, now: datetime) -> None:
    """Keep that somebody took the attendance of a session out of the system."""
    _record(db, by, "attendance.export", f"session:{session_id}", "", now, kind=kind, people=people)


def check_seat(booking: Booking, session_id: UUID, seat: int) -> None:
    """Refuse with ChangedHands when somebody whom a page showed on a seat does not sit there any more."""
    if (booking.session_id, booking.seat) != (session_id, seat):
        raise ChangedHands(_("%(name)s tidak lagi di kursi %(seat)s. Muat ulang, lalu putuskan lagi.",
                             name=booking.name, seat=f"{seat:02}"))  # fmt: skip


def is_moved(db: Session, booking: Booking, wanted: Move) -> bool:
    """Tell whether what a page wishes was done already; refuses with WrittenOtherwise another wish of that number."""
    there = db.get(SeatMove, wanted.move_id)
    if there is None:
        return False
    if (there.booking_id, there.to_session, there.to_seat) != (booking.booking_id, wanted.session_id, wanted.seat):
        raise WrittenOtherwise
    return True


def reseat(
    db: Session, by: Officer, booking: Booking, wanted: Move, epoch: int | None, now: datetime, *, clock_runs: bool
) -> SeatMove:
    """Book somebody on another seat, and keep where they sat before; the caller holds the planning and the booking.

    Refuses with NotFound another agency's session, with Invalid a seat that the room does not have, with SeatTaken,
    and with CannotMove where ``rules.hindrance`` finds something.
    """
    target = plans.session(db, by.agency_id, wanted.session_id)
    _check_target(target, booking, now, clock_runs=clock_runs)
    if not 1 <= wanted.seat <= target.room.seats:
        raise Invalid(_("Ruang ini punya %(seats)s kursi. Periksa nomor kursinya.", seats=target.room.seats))
    for other in target.bookings:
        if other.seat == wanted.seat:
            raise SeatTaken(_("Kursi %(seat)s dipakai %(name)s. Pilih kursi yang kosong.",
                              seat=f"{wanted.seat:02}", name=other.name))  # fmt: skip
    row = SeatMove(
        move_id=wanted.move_id, agency_id=by.agency_id, booking_id=booking.booking_id,
        n=queries.last_number(db, SeatMove, booking.booking_id) + 1, from_session=booking.session_id,
        from_seat=booking.seat, to_session=wanted.session_id, to_seat=wanted.seat, epoch=epoch,
        reason=wanted.reason, by=by.actor, at=now,
    )  # fmt: skip
    db.add(row)
    _record(db, by, "seat.move", f"booking:{booking.booking_id}", wanted.reason, now, **_places(row))
    booking.session_id, booking.seat = wanted.session_id, wanted.seat
    db.flush()
    return row


def _check_target(target: ExamSession, booking: Booking, now: datetime, *, clock_runs: bool) -> None:
    door = target.hours.door(now)
    found = hindrance(
        Target(target.session_id == booking.session_id, target.wave_id == booking.wave_id,
               is_over=door is Door.OVER, is_open=door is Door.OPEN),
        clock_runs=clock_runs,
    )  # fmt: skip
    if found is not None:
        raise CannotMove(_(HINDRANCES[found]))


def _places(row: SeatMove) -> dict[str, object]:
    before, after = (str(row.from_session), row.from_seat), (str(row.to_session), row.to_seat)
    return {"from": list(before), "to": list(after), "epoch": row.epoch}


def _record(db: Session, by: Officer, action: str, subject: str, reason: str, now: datetime, **detail: object) -> None:
    act = audit.Act(by.agency_id, by.actor, action, subject, reason, by.origin, detail)
    audit.record(db, act, now)
