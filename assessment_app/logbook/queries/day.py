"""What was written down of a session. Every query takes the agency, or rows that were found by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from assessment_app.logbook.models import AttendanceMark, Incident, SeatMove
from assessment_app.logbook.rules import MarkKind
from assessment_app.people.queries import names_of
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Booking, ExamSession


@dataclass(frozen=True)
class Marked:
    """What holds of somebody's being there; each with who stated it, when and why."""

    identity: AttendanceMark | None = None
    absent: AttendanceMark | None = None
    late: AttendanceMark | None = None


@dataclass(frozen=True)
class Places:
    """A session with the seats of its room that nobody is booked on."""

    session: ExamSession
    seats: Sequence[int]


@dataclass(frozen=True)
class Told:
    """An incident as pages show it: where it stands among corrections, and who is concerned by name."""

    incident: Incident
    corrects: int
    """The number of the incident that it corrects; 0 for none."""
    corrected_by: int
    """The number of the incident that corrects it; 0 while it holds."""
    names: tuple[str, ...]

    @property
    def seats(self) -> list[int]:
        """Number the seats; none is the whole room."""
        return self.incident.seat_numbers


@dataclass(frozen=True)
class Day:
    """Everything that was written down of a session, and who the writers are."""

    incidents: Sequence[Told] = ()
    marks: Mapping[UUID, Marked] = field(default_factory=dict)
    moves: Sequence[tuple[SeatMove, Booking]] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    rooms: Mapping[UUID, str] = field(default_factory=dict)

    def marked(self, booking: Booking | None) -> Marked:
        """Tell what holds of somebody's being there."""
        return self.marks.get(booking.booking_id, Marked()) if booking else Marked()

    def who(self, actor: str) -> str:
        """Name whoever did something; what is no account stands as it is."""
        return self.names.get(actor, actor)

    @property
    def holding(self) -> list[Told]:
        """List the incidents that hold, newest first."""
        return [told for told in reversed(self.incidents) if not told.corrected_by]

    def planned(self, booking_id: UUID) -> SeatMove | None:
        """Give the move that tells where somebody was planned to sit; none for who sits there."""
        for move, who in self.moves:
            if move.booking_id == booking_id and move.n == 1:
                is_back = (who.session_id, who.seat) == (move.from_session, move.from_seat)
                return None if is_back else move
        return None


def lock_session(db: Session, agency_id: UUID, session_id: UUID) -> ExamSession:
    """Lock a session for whoever writes of it; refuses with NotFound another agency's."""
    own = ExamSession.session_id == session_id, ExamSession.agency_id == agency_id
    found = db.scalar(select(ExamSession).where(*own).with_for_update(of=ExamSession, key_share=True))
    if found is None:
        raise NotFound("Sesi ini tidak ada di instansi Anda.")
    return found


def lock_booking(db: Session, agency_id: UUID, booking_id: UUID) -> Booking:
    """Lock a booking as it is now; refuses with NotFound another agency's."""
    own = Booking.booking_id == booking_id, Booking.agency_id == agency_id
    wanted = select(Booking).where(*own).with_for_update(of=Booking, key_share=True)
    found = db.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("Peserta ini tidak ada di instansi Anda.")
    return found


def booked(db: Session, session_id: UUID) -> dict[int, UUID]:
    """Name who is booked, by seat."""
    rows = db.execute(select(Booking.seat, Booking.booking_id).where(Booking.session_id == session_id))
    return {seat: booking_id for seat, booking_id in rows}  # noqa: C416  # a Row is no pair to dict()


def last_number(db: Session, model: type[Incident | AttendanceMark | SeatMove], owner: UUID) -> int:
    """Give the highest number in use of a session's incidents, or of a booking's marks or moves; 0 for none."""
    of = model.session_id if issubclass(model, Incident) else model.booking_id
    return db.scalar(select(func.max(model.n)).where(of == owner)) or 0


def incident(db: Session, session_id: UUID, incident_id: UUID) -> Incident:
    """Give an incident of a session that was found by its agency; refuses with NotFound."""
    found = db.get(Incident, incident_id)
    if found is None or found.session_id != session_id:
        raise NotFound("Insiden ini tidak ada di sesi ini.")
    return found


def corrected(db: Session, incident_id: UUID) -> Incident | None:
    """Give the row that corrects an incident."""
    return db.scalar(select(Incident).where(Incident.replaces == incident_id))


def day(db: Session, session: ExamSession) -> Day:
    """Gather what was written down of a session; the caller found it by its agency."""
    incidents = list(db.scalars(
        select(Incident).where(Incident.session_id == session.session_id, Incident.agency_id == session.agency_id)
        .order_by(Incident.n)
    ))  # fmt: skip
    found = _marks(db, session)
    moved = _moves(db, session)
    writers = {one.by for one in incidents} | {one.by for one in found} | {move.by for move, _booking in moved}
    return Day(
        incidents=_told(db, incidents), marks=_holding(found), moves=moved, rooms=_rooms(db, moved),
        names=names_of(db, session.agency_id, writers),
    )  # fmt: skip


def absent(db: Session, session: ExamSession) -> frozenset[UUID]:
    """Name the bookings of a session whose people a proctor stated to be absent."""
    return frozenset(booking_id for booking_id, held in _holding(_marks(db, session)).items() if held.absent)


def version(db: Session, session: ExamSession) -> str:
    """Give something that changes with everything that is written down of a session."""
    own = Incident.session_id == session.session_id
    touching = or_(SeatMove.from_session == session.session_id, SeatMove.to_session == session.session_id)
    here = select(Booking.booking_id).where(Booking.session_id == session.session_id)
    counts = (
        select(func.count()).select_from(Incident).where(own),
        select(func.count()).select_from(SeatMove).where(touching),
        select(func.count()).select_from(AttendanceMark).where(AttendanceMark.booking_id.in_(here)),
    )
    return "-".join(map(str, db.execute(select(*(one.scalar_subquery() for one in counts))).one()))


def free_places(db: Session, session: ExamSession, now: datetime, *, near: timedelta) -> list[Places]:
    """List where somebody of a session could sit: its own room first, then sessions of the wave that are not over."""
    around = plans.sessions_between(db, session.agency_id, now, now + near)
    others = [one for one, _taken in around if one.wave_id == session.wave_id and one.session_id != session.session_id]
    found = [session, *others]
    booked = select(Booking.session_id, Booking.seat).where(Booking.session_id.in_([one.session_id for one in found]))
    taken = {(session_id, seat) for session_id, seat in db.execute(booked)}
    return [
        Places(one, [seat for seat in range(1, one.room.seats + 1) if (one.session_id, seat) not in taken])
        for one in found
    ]


def _marks(db: Session, session: ExamSession) -> Sequence[AttendanceMark]:
    wanted = select(AttendanceMark).join(Booking, Booking.booking_id == AttendanceMark.booking_id)
    own = Booking.session_id == session.session_id, AttendanceMark.agency_id == session.agency_id
    return db.scalars(wanted.where(*own).order_by(AttendanceMark.booking_id, AttendanceMark.n)).all()


def _holding(rows: Iterable[AttendanceMark]) -> dict[UUID, Marked]:
    newest = {(row.booking_id, row.kind): row for row in rows}
    by_booking: dict[UUID, dict[str, AttendanceMark]] = {}
    for (booking_id, kind), row in newest.items():
        if row.holds:
            by_booking.setdefault(booking_id, {})[kind] = row
    return {
        booking_id: Marked(*(held.get(kind) for kind in (MarkKind.IDENTITY, MarkKind.ABSENT, MarkKind.LATE)))
        for booking_id, held in by_booking.items()
    }  # fmt: skip


def _moves(db: Session, session: ExamSession) -> Sequence[tuple[SeatMove, Booking]]:
    """List the moves of who is booked here now, and those that led away from here, in order."""
    here = Booking.session_id == session.session_id
    touching = or_(here, SeatMove.from_session == session.session_id, SeatMove.to_session == session.session_id)
    wanted = select(SeatMove, Booking).join(Booking, Booking.booking_id == SeatMove.booking_id)
    wanted = wanted.where(touching, SeatMove.agency_id == session.agency_id)
    rows = db.execute(wanted.order_by(SeatMove.at, SeatMove.booking_id, SeatMove.n))
    return [(move, booking) for move, booking in rows]


def _told(db: Session, incidents: Sequence[Incident]) -> list[Told]:
    number = {one.incident_id: one.n for one in incidents}
    corrected_by = {one.replaces: one.n for one in incidents if one.replaces}
    people = {UUID(booking) for one in incidents for booking in one.seats.values() if booking}
    wanted = select(Booking.booking_id, Booking.name).where(Booking.booking_id.in_(people))
    called = {str(booking_id): name for booking_id, name in db.execute(wanted)} if people else {}
    return [
        Told(one, number[one.replaces] if one.replaces else 0, corrected_by.get(one.incident_id, 0),
             tuple(called[booking] for _seat, booking in sorted(one.seats.items(), key=_by_seat) if booking))
        for one in incidents
    ]  # fmt: skip


def _by_seat(item: tuple[str, str | None]) -> int:
    return int(item[0])


def _rooms(db: Session, moved: Iterable[tuple[SeatMove, Booking]]) -> dict[UUID, str]:
    ids = {place for move, _booking in moved for place in (move.from_session, move.to_session)}
    found = db.scalars(select(ExamSession).where(ExamSession.session_id.in_(ids))) if ids else ()
    return {one.session_id: one.room.name for one in found}
