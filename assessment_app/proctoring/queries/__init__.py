"""What a proctor sees of a room. Every query takes the agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, defer, selectinload
from sqlalchemy.sql.base import ExecutableOption

from assessment_app.accommodations.messages import words
from assessment_app.exam.models import Attempt, Gate, Sitting, SittingEvent, TimeEntry
from assessment_app.exam.queries import facts, held
from assessment_app.exam.rules import ANNOUNCEMENT, BREAK, PAUSE, READ, RESUME, announced_in
from assessment_app.logbook.models import SeatMove
from assessment_app.platform.errors import NotFound
from assessment_app.proctoring.messages import event_words
from assessment_app.proctoring.queries.seats import Seat
from assessment_app.proctoring.queries.talk import Said
from assessment_app.proctoring.rules import CALLS, OUTAGE, RUNNING, SeatState, given_back_ms
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Booking, ExamSession, Form

NEWEST_EVENTS = 8


@dataclass(frozen=True)
class Granted:
    """What somebody was granted, in words, and how many breaks are left of it."""

    words: tuple[str, ...] = ()
    breaks_left: int = 0
    break_minutes: int = 0


@dataclass(frozen=True)
class Event:
    """Something that happened in the room; seat 0 stands for all that were there."""

    at: datetime
    seat: int
    words: str


@dataclass(frozen=True)
class RoomView:
    """A room as it is now."""

    session: ExamSession
    seats: tuple[Seat, ...]
    events: tuple[Event, ...]
    now: datetime
    needs: Mapping[UUID, Granted] = field(default_factory=dict)
    last_credit: int = 0
    """The newest entry of a ledger that gave an outage of the room back; 0 for none."""
    last_given: int = 0
    """The newest entry by which a proctor gave anybody here time."""
    announced: Said | None = None
    """What was announced to the room last."""
    last_hold: int = 0
    """The newest pause, or end of one, in the room; 0 for none."""
    written: str = ""
    """Changes with whatever is written down of the session."""

    def granted(self, seat: Seat) -> Granted:
        """Tell what whoever is booked on a seat was granted."""
        return self.needs.get(seat.booking.booking_id, Granted()) if seat.booking else Granted()

    @property
    def calling(self) -> list[Seat]:
        """The seats that somebody should go to, those who ask first, then the newest first."""
        found = [seat for seat in self.seats if seat.state in CALLS]
        return sorted(found, key=lambda seat: (seat.state is not SeatState.CALLING, seat.quiet_ms, seat.number))

    @property
    def paused(self) -> list[datetime]:
        """Since when those seats stand still whose time does, the longest first."""
        return sorted(seat.paused.since for seat in self.seats if seat.paused and seat.state is SeatState.PAUSED)

    @property
    def there(self) -> int:
        """How many have signed in and not finished: whose time can stand still."""
        return sum(bool(seat.parts) and seat.state is not SeatState.DONE for seat in self.seats)

    @property
    def working(self) -> int:
        """How many have a clock that runs: to them the time of an outage is given back."""
        return sum(seat.part is not None and seat.part.phase in RUNNING for seat in self.seats)

    def end_with(self, minutes: int) -> datetime:
        """When the session would end if it went on for so long after its end."""
        return self.session.ends + timedelta(minutes=minutes)

    @property
    def counts(self) -> dict[SeatState, int]:
        """How many seats stand how, all states named."""
        found = Counter(seat.state for seat in self.seats)
        return {state: found[state] for state in SeatState}

    def seat(self, number: int) -> Seat | None:
        """Give a seat by its number."""
        return next((seat for seat in self.seats if seat.number == number), None)


def _facts() -> tuple[ExecutableOption, ...]:
    """Load with a sitting all that its state follows from, and no form's presentation."""
    attempts = selectinload(Sitting.attempts)
    return (
        attempts.selectinload(Attempt.ledger),
        attempts.selectinload(Attempt.sheet),
        attempts.selectinload(Attempt.form).options(defer(Form.presentation)),
    )


def sittings(db: Session, session: ExamSession) -> Sequence[Sitting]:
    """List the sittings of a session, with all that their state follows from."""
    wanted = select(Sitting).join(Booking, Booking.booking_id == Sitting.booking_id)
    wanted = wanted.where(Booking.session_id == session.session_id, Sitting.agency_id == session.agency_id)
    return list(db.scalars(wanted.options(*_facts())))


def lock_sitting(db: Session, agency_id: UUID, session_id: UUID, seat: int) -> Sitting:
    """Lock the sitting on a seat; refuses with NotFound when nobody has signed in there, or it is another agency's."""
    wanted = select(Sitting).join(Booking, Booking.booking_id == Sitting.booking_id)
    own = Sitting.agency_id == agency_id, Booking.session_id == session_id, Booking.seat == seat
    found = db.scalar(wanted.where(*own).options(*_facts()).with_for_update(of=Sitting))
    if found is None:
        raise NotFound("Belum ada yang masuk di kursi ini.")
    return found


def lock_sittings(db: Session, session: ExamSession) -> Sequence[Sitting]:
    """Lock the sittings of a session, in order."""
    wanted = select(Sitting).join(Booking, Booking.booking_id == Sitting.booking_id).where(
        Booking.session_id == session.session_id, Sitting.agency_id == session.agency_id
    ).order_by(Sitting.sitting_id)  # fmt: skip
    return db.scalars(wanted.options(*_facts()).with_for_update(of=Sitting)).all()


def last_hold(db: Session, sitting_ids: Collection[int]) -> int:
    """Number the newest pause, or end of one, of some sittings; 0 for none."""
    number = func.max(case((SittingEvent.kind.in_((PAUSE, RESUME)), SittingEvent.event_id)))
    return db.scalar(select(number).where(SittingEvent.sitting_id.in_(sitting_ids))) or 0


def given_by_pauses(db: Session, session: ExamSession) -> dict[int, int]:
    """Sum the milliseconds that pauses took in a session, by the sitting of whoever sits there or once did."""
    left = select(SeatMove.booking_id).where(SeatMove.from_session == session.session_id)
    wanted = (
        select(SittingEvent.sitting_id, SittingEvent.note)
        .join(Sitting, Sitting.sitting_id == SittingEvent.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Booking.agency_id == session.agency_id, SittingEvent.kind == RESUME,
               or_(Booking.session_id == session.session_id, Booking.booking_id.in_(left)))
    )  # fmt: skip
    given: Counter[int] = Counter()
    for sitting_id, note in db.execute(wanted):
        given[sitting_id] += given_back_ms(note, session.session_id)
    return given


def lock_working(db: Session, session: ExamSession, now: datetime) -> Sequence[Attempt]:
    """Lock the sittings of a session, in order, and list the attempts that can be worked on, also while paused."""
    return running(db, lock_sittings(db, session), now)


def running(db: Session, found: Sequence[Sitting], now: datetime) -> list[Attempt]:
    """List the attempts whose clock runs, or stands still in a pause."""
    pauses = held.of(db, [sitting.sitting_id for sitting in found]).paused
    grace = {sitting.wave_id: facts.grace_ms(db, sitting.wave_id) for sitting in found}
    return [
        attempt for sitting in found for attempt in sitting.attempts
        if facts.window(attempt, grace[sitting.wave_id], pauses.get(sitting.sitting_id)).phase(now) in RUNNING
    ]  # fmt: skip


def credited_since(
    db: Session, session: ExamSession, entry_id: int, kinds: Collection[str] = (OUTAGE,)
) -> TimeEntry | None:
    """Give the newest entry of these kinds in the ledgers of a room, if it is newer than this one."""
    wanted = (
        select(TimeEntry).join(Attempt, Attempt.attempt_id == TimeEntry.attempt_id)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Booking.session_id == session.session_id, Booking.agency_id == session.agency_id,
               TimeEntry.kind.in_(kinds), TimeEntry.entry_id > entry_id)
        .order_by(TimeEntry.entry_id.desc()).limit(1)
    )  # fmt: skip
    return db.scalar(wanted)


def lock_gates(answers: Session, attempt_ids: Sequence[int]) -> Sequence[Gate]:
    """Lock the gates of attempts, as far as they have one; in order, so that two acts cannot wait for each other."""
    wanted = select(Gate).where(Gate.attempt_id.in_(attempt_ids)).order_by(Gate.attempt_id)
    return list(answers.scalars(wanted.with_for_update()))


def signed_in(db: Session, agency_id: UUID, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count who has signed in, by session."""
    wanted = select(Booking.session_id, func.count()).join(Sitting, Sitting.booking_id == Booking.booking_id)
    own = Booking.agency_id == agency_id, Booking.session_id.in_(session_ids)
    return dict(db.execute(wanted.where(*own).group_by(Booking.session_id)).all())


def events(db: Session, session: ExamSession) -> tuple[Event, ...]:
    """Tell the newest events of a session's sittings, newest first."""
    to_all = SittingEvent.kind == ANNOUNCEMENT
    seat = case((to_all, 0), else_=Booking.seat)
    one = case((to_all, 0), else_=SittingEvent.event_id)  # an announcement is in every sitting, and told once
    what = SittingEvent.at, SittingEvent.kind, SittingEvent.note
    wanted = (
        select(*what, seat)
        .join(Sitting, Sitting.sitting_id == SittingEvent.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Booking.session_id == session.session_id, Booking.agency_id == session.agency_id,
               SittingEvent.kind != READ,
               or_(~to_all, SittingEvent.note.startswith(announced_in(session.session_id))))
        .group_by(*what, seat, one)
        .order_by(SittingEvent.at.desc(), func.max(SittingEvent.event_id).desc()).limit(NEWEST_EVENTS)
    )  # fmt: skip
    return tuple(Event(at, seat, event_words(kind, note)) for at, kind, note, seat in db.execute(wanted))


def breaks_taken(sitting: Sitting) -> int:
    """Count the breaks that were begun in a sitting, over all of its parts."""
    return sum(entry.kind == BREAK for attempt in sitting.attempts for entry in attempt.ledger)


def granted(db: Session, session: ExamSession, found: Sequence[Sitting]) -> dict[UUID, Granted]:
    """Tell by booking what the people of a session were granted."""
    limits = plans.time_limits(db, session.wave_id)
    taken = {sitting.booking_id: breaks_taken(sitting) for sitting in found}
    return {
        booking_id: Granted(tuple(words(needs, limits)), max(0, needs.breaks - taken.get(booking_id, 0)),
                            needs.break_minutes)
        for booking_id, needs in plans.needs(db, [one.booking_id for one in session.bookings]).items()
    }  # fmt: skip
