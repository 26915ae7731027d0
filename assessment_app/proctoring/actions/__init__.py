"""What a proctor can do: free, lock, unlock and move a sitting, give attempts more time or a room its outage back.

All change the truth in the exam store first. Afterwards ``mirror`` writes the gates beside the answers from that
truth, so that the next save obeys; it may be repeated at will.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.actions import events
from assessment_app.exam.models import Attempt, Sitting, TimeEntry
from assessment_app.exam.queries import facts, held
from assessment_app.exam.rules import BREAK, LOCK, NO_DEVICE, OVER, UNLOCK, Phase, Window
from assessment_app.logbook import actions as logbook
from assessment_app.logbook.messages.forms import Move, NewIncident
from assessment_app.logbook.models import Incident
from assessment_app.logbook.queries import day as written
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, Conflict
from assessment_app.platform.texts import mark
from assessment_app.proctoring import queries
from assessment_app.proctoring.messages import Break, Lock, MoreTime, Outage, Release, time_note
from assessment_app.proctoring.rules import BY_PROCTOR, GIVEN, OUTAGE, RUNNING, TAKES_TIME
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import MINUTE_MS, Needs

TIME_CHANGED = mark("Waktu bagian ini baru saja diubah. Lihat sisa waktunya, lalu putuskan lagi.")


@dataclass(frozen=True)
class Seated:
    """A seat in a session, as addresses name it."""

    session_id: UUID
    seat: int
    booking_id: UUID | None = None
    """Whom the page showed there; none where nobody asks."""


@dataclass(frozen=True)
class Touched:
    """The attempts whose gates have to be mirrored after the commit."""

    sitting_id: int
    attempt_ids: tuple[int, ...]


def release(db: Session, by: Officer, where: Seated, wanted: Release, now: datetime) -> Touched:
    """Free a sitting from the device that owns it: the next device that signs in takes it.

    Safe to repeat: a wish about an epoch that is past changes nothing. Refuses with NotFound while nobody has signed
    in on that seat.
    """
    sitting = lock_sitting(db, by, where)
    if sitting.epoch == wanted.epoch:
        _free(sitting)
        events.note(db, sitting.sitting_id, "release", now, wanted.reason)
        record(db, by, "sitting.release", sitting, wanted.reason, now, seat=where.seat, epoch=sitting.epoch)
    return touched(sitting)


def lock(db: Session, by: Officer, where: Seated, wanted: Lock, now: datetime) -> Touched:
    """Lock a sitting, so that nothing of it is written until it is unlocked. Its device stays its owner; time runs on.

    Safe to repeat: what is locked already is left as it is. Refuses with NotFound while nobody has signed in there.
    """
    sitting = lock_sitting(db, by, where)
    if bool(held.of(db, [sitting.sitting_id]).locked) != wanted.locked:
        kind = LOCK if wanted.locked else UNLOCK
        events.note(db, sitting.sitting_id, kind, now, wanted.reason)
        record(db, by, f"sitting.{kind}", sitting, wanted.reason, now, seat=where.seat)
    return touched(sitting)


def add_time(db: Session, by: Officer, where: Seated, wanted: MoreTime, now: datetime) -> Touched:
    """Give an attempt more time by an entry in its ledger.

    Safe to repeat: what one page asks for twice is added once. Refuses with Closed when the attempt's time and grace
    are over, with Conflict when somebody else changed its time meanwhile, with NotFound while nobody has signed in.
    """
    sitting = lock_sitting(db, by, where)
    attempt = facts.attempt(sitting, wanted.n)
    if _is_done_already(attempt, by, wanted):
        return touched(sitting)
    if attempt.ledger[-1].entry_id != wanted.after_entry:
        raise Conflict(TIME_CHANGED)
    if _window(db, attempt).phase(now) not in TAKES_TIME:
        raise Closed("Bagian ini sudah ditutup; waktunya tidak dapat ditambah lagi.")
    attempt.ledger.append(
        TimeEntry(kind=BY_PROCTOR, ms=wanted.minutes * MINUTE_MS, by=by.actor, reason=wanted.reason, at=now)
    )
    events.note(db, sitting.sitting_id, "add-time", now, time_note(wanted))
    record(db, by, "attempt.add_time", sitting, wanted.reason, now, seat=where.seat, part=wanted.n,
            minutes=wanted.minutes)  # fmt: skip
    return touched(sitting)


def move(db: Session, by: Officer, where: Seated, wanted: Move, now: datetime) -> tuple[Touched, ...]:
    """Let somebody sit elsewhere, and free their sitting as ``release`` does: the old computer writes nothing more.

    Gives nothing to mirror while they have not signed in. Safe to repeat. Refuses with what ``logbook.reseat`` refuses
    with, and with Conflict who has finished.
    """
    plans.lock_planning(db, by.agency_id)  # nobody is booked on the seat meanwhile
    booking = written.lock_booking(db, by.agency_id, wanted.booking_id)
    sitting = facts.sitting_of_booking(db, booking.booking_id)
    parts = facts.of(db, sitting.sitting_id).parts if sitting else ()
    if not logbook.is_moved(db, booking, wanted):
        phases = [part.window.phase(now) for part in parts]
        if phases and all(phase in OVER for phase in phases):
            raise Conflict("Peserta ini sudah selesai; tidak ada yang perlu dipindahkan.")
        logbook.check_seat(booking, where.session_id, where.seat)
        clock_runs = any(phase in RUNNING for phase in phases)
        epoch = sitting.epoch + 1 if sitting else None
        logbook.reseat(db, by, booking, wanted, epoch, now, clock_runs=clock_runs)
        if sitting:
            _free(sitting)
            events.note(db, sitting.sitting_id, "seat", now, f"{where.seat:02} {wanted.seat:02} {wanted.reason}")
    return (Touched(sitting.sitting_id, tuple(part.attempt_id for part in parts)),) if sitting else ()


class NoBreakLeft(Conflict):
    """All breaks that were granted are taken, or none was."""

    slug, title = "no-break-left", "Jatah istirahat peserta ini sudah habis atau tidak ada."


def add_break(db: Session, by: Officer, where: Seated, wanted: Break, now: datetime) -> Touched:
    """Begin a granted break in a part that runs: its length is added to the ledger, so no working time is lost.

    Safe to repeat: what one page asks for twice is one break. Refuses with NoBreakLeft, with Closed a part that does
    not run, with Conflict when its time was changed meanwhile, with NotFound while nobody has signed in.
    """
    sitting = lock_sitting(db, by, where)
    attempt = facts.attempt(sitting, wanted.n)
    later = [entry.kind for entry in attempt.ledger if entry.entry_id > wanted.after_entry]
    if later[:1] == [BREAK]:
        return touched(sitting)
    if later:
        raise Conflict(TIME_CHANGED)
    granted = plans.needs(db, [sitting.booking_id]).get(sitting.booking_id, Needs())
    if queries.breaks_taken(sitting) >= granted.breaks:
        raise NoBreakLeft
    if _window(db, attempt).phase(now) is not Phase.OPEN:
        raise Closed("Istirahat hanya dapat dimulai selama bagian ini berjalan.")
    length = granted.break_minutes * MINUTE_MS
    attempt.ledger.append(TimeEntry(kind=BREAK, ms=length, by=by.actor, reason="accommodation", at=now))
    events.note(db, sitting.sitting_id, "break", now, f"{wanted.n} {granted.break_minutes}")
    record(db, by, "attempt.add_break", sitting, "", now, seat=where.seat, part=wanted.n,
            minutes=granted.break_minutes)  # fmt: skip
    return touched(sitting)


def _window(db: Session, attempt: Attempt) -> Window:
    sitting = attempt.sitting
    pause = held.of(db, [sitting.sitting_id]).paused.get(sitting.sitting_id)
    return facts.window(attempt, facts.grace_ms(db, sitting.wave_id), pause)


def _is_done_already(attempt: Attempt, by: Officer, wanted: MoreTime) -> bool:
    """Tell whether the entry after the one that the page showed is just what the page asks for."""
    later = [entry for entry in attempt.ledger if entry.entry_id > wanted.after_entry]
    said = (BY_PROCTOR, wanted.minutes * MINUTE_MS, by.actor, wanted.reason)
    return bool(later) and (later[0].kind, later[0].ms, later[0].by, later[0].reason) == said


def credit_outage(db: Session, by: Officer, session_id: UUID, wanted: Outage, now: datetime) -> tuple[Touched, ...]:
    """Give back the time of an outage to all who are working, and move the end of the session as far.

    One recorded act. Safe to repeat: what one page asks for twice is credited once. Refuses with Conflict when the same
    room was credited meanwhile, or when nobody is working.
    """
    session = written.lock_session(db, by.agency_id, session_id)
    working = queries.lock_working(db, session, now)
    if (credited := queries.credited_since(db, session, wanted.after_entry)) is not None:
        if (credited.ms, credited.by, credited.reason) == (wanted.minutes * MINUTE_MS, by.actor, wanted.reason):
            return tuple(touched(attempt.sitting) for attempt in working)
        raise Conflict("Waktu gangguan ruangan ini baru saja dikembalikan. Lihat sisa waktunya, lalu putuskan lagi.")
    if not working:
        raise Conflict("Tidak ada peserta yang sedang mengerjakan; tidak ada waktu yang perlu dikembalikan.")
    give_back(db, by, working, OUTAGE, wanted.minutes * MINUTE_MS, wanted.reason, now)
    session.ends += timedelta(minutes=wanted.minutes)
    detail = {"minutes": wanted.minutes, "sittings": [attempt.sitting_id for attempt in working]}
    act = audit.Act(by.agency_id, by.actor, "session.outage", f"session:{session_id}", wanted.reason, by.origin, detail)
    audit.record(db, act, now)
    return tuple(touched(attempt.sitting) for attempt in working)


def give_back(
    db: Session, by: Officer, attempts: Iterable[Attempt], kind: str, ms: int, reason: str, now: datetime
) -> None:
    """Write the same time into the ledgers of attempts, and tell it as an event of each."""
    for attempt in attempts:
        attempt.ledger.append(TimeEntry(kind=kind, ms=ms, by=by.actor, reason=reason, at=now))
        told = "outage" if kind == OUTAGE else "add-time"
        events.note(db, attempt.sitting.sitting_id, told, now, f"{attempt.n} {round(ms / MINUTE_MS)} {reason}")


@dataclass(frozen=True)
class Outcome:
    """What came of telling an incident: the row, whose gates follow, and which of its seats got no time."""

    incident: Incident
    credited: tuple[Touched, ...] = ()
    left_out: tuple[int, ...] = ()


def tell(db: Session, by: Officer, session_id: UUID, wanted: NewIncident, now: datetime) -> Outcome:
    """Write an incident down and, if wanted, give its time back to those of its seats whose clock runs; one act.

    Of the whole room it moves the end of the session as far. Safe to repeat. Refuses with what ``logbook.record``
    refuses with, and with Conflict when nobody works there, or when their time was changed meanwhile.
    """
    session = written.lock_session(db, by.agency_id, session_id)
    # Held before the trail is, as every act holds what it changes first.
    working = queries.lock_working(db, session, now) if wanted.minutes else ()
    incident, is_new = logbook.record(db, by, session_id, wanted, now)
    if not wanted.minutes:
        return Outcome(incident)
    meant = [one for one in working if not wanted.seats or one.sitting.booking.seat in wanted.seats]
    if is_new:
        _check_unchanged(meant, wanted.after_entry)
        kind = BY_PROCTOR if wanted.seats else OUTAGE
        give_back(db, by, meant, kind, wanted.minutes * MINUTE_MS, wanted.reason, now)
        if not wanted.seats:
            session.ends += timedelta(minutes=wanted.minutes)
        detail = {"minutes": wanted.minutes, "sittings": [one.sitting_id for one in meant], "incident": incident.n}
        subject = f"session:{session_id}"
        act = audit.Act(by.agency_id, by.actor, "session.outage", subject, wanted.reason, by.origin, detail)
        audit.record(db, act, now)
    served = {one.sitting.booking.seat for one in meant}
    left_out = tuple(seat for seat in wanted.seats if seat not in served)
    return Outcome(incident, tuple(touched(one.sitting) for one in meant), left_out)


def _check_unchanged(meant: Sequence[Attempt], after_entry: int) -> None:
    if not meant:
        raise Conflict("Tidak ada yang sedang mengerjakan di kursi itu. Catat insidennya tanpa mengembalikan waktu.")
    given = [entry for one in meant for entry in one.ledger if entry.kind in GIVEN]
    if any(entry.entry_id > after_entry for entry in given):
        raise Conflict("Waktu salah satu kursi itu baru saja diubah. Lihat sisa waktunya, lalu putuskan lagi.")


def mirror(answers: Session, db: Session, touched: Touched) -> None:
    """Write the gates of a sitting's opened attempts from the truth as it is now. Safe to repeat.

    Locks all of them before it reads: of two acts at the same time the one that writes later has also read later.
    """
    queries.lock_gates(answers, touched.attempt_ids)
    for attempt_id in touched.attempt_ids:
        exam.open_gate(answers, db, touched.sitting_id, attempt_id)


def lock_sitting(db: Session, by: Officer, where: Seated) -> Sitting:
    """Hold the sitting on a seat; refuses with NotFound, or with ChangedHands when somebody else sits there now."""
    sitting = queries.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    if where.booking_id not in (None, sitting.booking_id):
        raise logbook.ChangedHands
    return sitting


def _free(sitting: Sitting) -> None:
    sitting.epoch, sitting.device = sitting.epoch + 1, NO_DEVICE


def touched(sitting: Sitting) -> Touched:
    """Name what has to be mirrored of a sitting."""
    return Touched(sitting.sitting_id, tuple(attempt.attempt_id for attempt in sitting.attempts))


def record(
    db: Session, by: Officer, action: str, sitting: Sitting, reason: str, now: datetime, **detail: object
) -> None:
    """Keep on the trail what was done to a sitting."""
    act = audit.Act(by.agency_id, by.actor, action, f"sitting:{sitting.sitting_id}", reason, by.origin, detail)
    audit.record(db, act, now)
