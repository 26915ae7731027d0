"""Lists of sessions: frozen or not, how they were amended, what hangs on a booking, and how sessions are numbered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from assessment_app.people.models import Employee
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import Model
from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.scheduling.models import Booking, ExamSession, FrozenList, ListAmendment, Room
from assessment_app.scheduling.rules.timetable import Number, numbers
from scoring_engine.canonical import canonical

BOOKING = "booking.booking_id"
LIST_FORMAT = "proasn/session-list/1"


def frozen(db: Session, agency_id: UUID, session_id: UUID) -> FrozenList | None:
    """Give the frozen list of an agency's session, if somebody froze it."""
    own = FrozenList.session_id == session_id, FrozenList.agency_id == agency_id
    return db.scalar(select(FrozenList).where(*own))


def frozen_ids(db: Session, agency_id: UUID, wave_id: UUID) -> frozenset[UUID]:
    """Name the sessions of a wave whose list is frozen."""
    wanted = select(FrozenList.session_id).join(ExamSession, ExamSession.session_id == FrozenList.session_id)
    return frozenset(db.scalars(wanted.where(ExamSession.wave_id == wave_id, FrozenList.agency_id == agency_id)))


def amendments(db: Session, agency_id: UUID, session_id: UUID) -> Sequence[ListAmendment]:
    """List what changed in a session since its list was frozen, in order."""
    own = ListAmendment.session_id == session_id, ListAmendment.agency_id == agency_id
    return list(db.scalars(select(ListAmendment).where(*own).order_by(ListAmendment.n)))


def next_amendment(db: Session, session_id: UUID) -> int:
    """Number the next change of a frozen list."""
    newest = select(func.max(ListAmendment.n)).where(ListAmendment.session_id == session_id)
    return (db.scalar(newest) or 0) + 1


def document(session: ExamSession) -> bytes:
    """Write down who is called to a session, and where, so that equal lists are equal bytes."""
    return canonical({
        "format": LIST_FORMAT, "session": str(session.session_id), "wave": str(session.wave_id),
        "room": session.room.name, "site": session.room.site, "starts": session.starts.isoformat(),
        "ends": session.ends.isoformat(),
        "people": [
            {"seat": one.seat, "nip": one.nip, "name": one.name, "unit": one.unit, "post": one.post}
            for one in sorted(session.bookings, key=lambda one: one.seat)
        ],
    })  # fmt: skip


def booking(db: Session, agency_id: UUID, booking_id: UUID, *, locks: bool = False) -> Booking | None:
    """Give somebody's booking with its session; held until the end of the transaction where it is to be changed."""
    wanted = select(Booking).where(Booking.booking_id == booking_id, Booking.agency_id == agency_id)
    wanted = wanted.options(joinedload(Booking.session).joinedload(ExamSession.wave))
    return db.scalar(wanted.with_for_update(of=Booking) if locks else wanted)


def held_booking(db: Session, agency_id: UUID, booking_id: UUID, *, locks: bool = False) -> Booking:
    """Give somebody's booking as ``booking`` does; refuses with NotFound where there is none."""
    found = booking(db, agency_id, booking_id, locks=locks)
    if found is None:
        raise NotFound("Peserta ini tidak ada lagi di gelombang. Mungkin sudah dikeluarkan orang lain.")
    return found


def seat_of(db: Session, agency_id: UUID, wave_id: UUID, nip: str) -> Booking | None:
    """Give the booking that a NIP has in a wave."""
    own = Booking.agency_id == agency_id, Booking.wave_id == wave_id, Booking.nip == nip
    return db.scalar(select(Booking).where(*own).options(joinedload(Booking.session)))


def rests_on(db: Session, booking_id: UUID, but: Collection[str] = ()) -> bool:
    """Tell whether any table but these names a booking, of whatever slice: then it is history, and stays as it is."""
    tables = (table for table in Model.metadata.sorted_tables if table.name not in but)
    naming = [key.parent for table in tables for key in table.foreign_keys if key.target_fullname == BOOKING]
    return any(db.scalar(select(one).where(one == booking_id).limit(1)) is not None for one in naming)


def employee_with(db: Session, agency_id: UUID, nip: str) -> Employee:
    """Find an active employee by NIP; refuses with Invalid."""
    own = Employee.agency_id == agency_id, Employee.nip == nip, Employee.active
    found = db.scalar(select(Employee).where(*own))
    if found is None:
        raise Invalid(
            "NIP itu tidak terdaftar sebagai pegawai aktif instansi Anda. Periksa angkanya, atau impor datanya dahulu."
        )
    return found


def numbers_of(db: Session, agency_id: UUID, wave_id: UUID) -> dict[UUID, Number]:
    """Number the sessions of a wave as cards and lists say it."""
    wanted = select(ExamSession).where(ExamSession.wave_id == wave_id, ExamSession.agency_id == agency_id)
    return numbered(db.scalars(wanted))


def numbered(sessions: Iterable[ExamSession]) -> dict[UUID, Number]:
    """Number all sessions of a wave that are at hand already."""
    return numbers({one.session_id: on_the_wall(one) for one in sessions})


def on_the_wall(session: ExamSession) -> datetime:
    """Give the beginning of a session on the clock of its room."""
    return session.starts.astimezone(ZoneInfo(session.room.timezone))


def of_wave(
    db: Session, agency_id: UUID, wave_id: UUID, session_id: UUID | None = None, unit: str = ""
) -> Sequence[tuple[Booking, ExamSession]]:
    """List who sits where in a wave, in one session or of one unit if wanted, in order of time, room and seat."""
    wanted = select(Booking, ExamSession).join(Booking.session).join(ExamSession.room)
    wanted = wanted.where(Booking.wave_id == wave_id, Booking.agency_id == agency_id)
    if session_id is not None:
        wanted = wanted.where(Booking.session_id == session_id)
    if unit:
        wanted = wanted.where(Booking.unit == unit)
    rows = db.execute(wanted.order_by(ExamSession.starts, Room.site, Room.name, Booking.seat))
    return [(one, found) for one, found in rows]


def units_of(db: Session, agency_id: UUID, wave_id: UUID) -> Sequence[tuple[str, int]]:
    """List the units whose people have a seat in a wave, with their number."""
    wanted = select(Booking.unit, func.count()).where(Booking.wave_id == wave_id, Booking.agency_id == agency_id)
    return [(unit, number) for unit, number in db.execute(wanted.group_by(Booking.unit).order_by(Booking.unit))]


def acts_on(db: Session, agency_id: UUID, booking_id: UUID) -> Sequence[AuditEntry]:
    """List what planners did by hand about a booking, newest first."""
    own = AuditEntry.agency_id == agency_id, AuditEntry.subject == f"booking:{booking_id}"
    by_hand = AuditEntry.action.in_(("booking.move", "booking.add"))
    return list(db.scalars(select(AuditEntry).where(*own, by_hand).order_by(AuditEntry.entry_no.desc())))
