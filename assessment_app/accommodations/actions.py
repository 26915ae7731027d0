"""Granting accommodations: a row for each thing that changes, and the ledgers of who is signed in already follow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accommodations import queries
from assessment_app.accommodations.messages import Wanted
from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.queries import facts
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, NotFound
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Accommodation, Booking
from assessment_app.scheduling.rules import Kind, Needs


class AlreadyBegun(Closed):
    """The first part was started: what was granted before it stands, and the proctor's acts are for the rest."""

    title = (
        "Peserta ini sudah memulai bagian pertama, jadi akomodasinya tidak dapat diubah lagi. "
        "Bila masih perlu, minta pengawas menambah waktu dari konsolnya."
    )


def grant(db: Session, by: Officer, session_id: UUID, seat: int, wanted: Wanted, now: datetime) -> tuple[Kind, ...]:
    """Grant somebody exactly what is wanted, by a row for each kind that differs; tells which do.

    Safe to repeat: what is granted already makes no row. Refuses with AlreadyBegun from the first start on, with
    Closed after the session, and with NotFound a seat that nobody is booked on or another agency's session.
    """
    plans.lock_planning(db, by.agency_id)
    booking = _booking(db, by, session_id, seat, now)
    sitting = facts.sitting_of_booking(db, booking.booking_id)
    if sitting is not None and facts.of(db, sitting.sitting_id).has_begun:
        raise AlreadyBegun
    record = queries.record_of(db, by.agency_id, booking.booking_id)
    before = Needs.of((row.kind, row.value) for row in record).values()
    changed = {kind: value for kind, value in wanted.needs.values().items() if value != before[kind]}
    for n, (kind, value) in enumerate(changed.items(), len(record) + 1):
        db.add(Accommodation(
            booking_id=booking.booking_id, n=n, agency_id=by.agency_id, kind=kind.value, value=value,
            reason=wanted.reason, by=by.actor, at=now,
        ))  # fmt: skip
    if changed:
        detail = {kind.value: value for kind, value in changed.items()}
        _record(db, by, "accommodation.grant", booking, wanted.reason, now, seat=seat, **detail)
    if sitting is not None:
        exam.follow_needs(db, sitting.sitting_id, booking.booking_id, now)
    return tuple(changed)


def _booking(db: Session, by: Officer, session_id: UUID, seat: int, now: datetime) -> Booking:
    session = plans.session(db, by.agency_id, session_id)
    if now > session.ends:
        raise Closed("Sesi ini sudah selesai.")
    for booking in session.bookings:
        if booking.seat == seat:
            return booking
    raise NotFound("Kursi ini tidak dipakai di sesi ini.")


def _record(
    db: Session, by: Officer, action: str, booking: Booking, reason: str, now: datetime, **detail: object
) -> None:
    act = audit.Act(by.agency_id, by.actor, action, f"booking:{booking.booking_id}", reason, by.origin, detail)
    audit.record(db, act, now)
