"""What a proctor can do: free, lock and unlock a sitting, give an attempt more time or a whole room its outage back.

All change the truth in the exam store first. Afterwards ``mirror`` writes the gates beside the answers from that
truth, so that the next save obeys; it may be repeated at will.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import Attempt, Sitting, SittingEvent, TimeEntry
from assessment_app.exam.queries import facts
from assessment_app.exam.rules import BREAK, LOCK, NO_DEVICE, UNLOCK, Phase
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, Conflict
from assessment_app.platform.texts import mark
from assessment_app.proctoring import queries
from assessment_app.proctoring.messages import Break, Lock, MoreTime, Outage, Release, time_note
from assessment_app.proctoring.rules import BY_PROCTOR, OUTAGE, TAKES_TIME
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import MINUTE_MS, Needs

TIME_CHANGED = mark("Waktu bagian ini baru saja diubah. Lihat sisa waktunya, lalu putuskan lagi.")


@dataclass(frozen=True)
class Seated:
    """A seat in a session, as addresses name it."""

    session_id: UUID
    seat: int


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
    sitting = queries.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    if sitting.epoch == wanted.epoch:
        sitting.epoch, sitting.device = sitting.epoch + 1, NO_DEVICE
        _write_down(db, sitting, "release", wanted.reason, now)
        _record(db, by, "sitting.release", sitting, wanted.reason, now, seat=where.seat, epoch=sitting.epoch)
    return _touched(sitting)


def lock(db: Session, by: Officer, where: Seated, wanted: Lock, now: datetime) -> Touched:
    """Lock a sitting, so that nothing of it is written until it is unlocked. Its device stays its owner; time runs on.

    Safe to repeat: what is locked already is left as it is. Refuses with NotFound while nobody has signed in there.
    """
    sitting = queries.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    if bool(facts.locked(db, [sitting.sitting_id])) != wanted.locked:
        kind = LOCK if wanted.locked else UNLOCK
        _write_down(db, sitting, kind, wanted.reason, now)
        _record(db, by, f"sitting.{kind}", sitting, wanted.reason, now, seat=where.seat)
    return _touched(sitting)


def add_time(db: Session, by: Officer, where: Seated, wanted: MoreTime, now: datetime) -> Touched:
    """Give an attempt more time by an entry in its ledger.

    Safe to repeat: what one page asks for twice is added once. Refuses with Closed when the attempt's time and grace
    are over, with Conflict when somebody else changed its time meanwhile, with NotFound while nobody has signed in.
    """
    sitting = queries.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    attempt = facts.attempt(sitting, wanted.n)
    if _is_done_already(attempt, by, wanted):
        return _touched(sitting)
    if attempt.ledger[-1].entry_id != wanted.after_entry:
        raise Conflict(TIME_CHANGED)
    window = facts.window(attempt, facts.grace_ms(db, sitting.wave_id))
    if window.phase(now) not in TAKES_TIME:
        raise Closed("Bagian ini sudah ditutup; waktunya tidak dapat ditambah lagi.")
    attempt.ledger.append(
        TimeEntry(kind=BY_PROCTOR, ms=_milliseconds(wanted), by=by.actor, reason=wanted.reason, at=now)
    )
    _write_down(db, sitting, "add-time", time_note(wanted), now)
    _record(db, by, "attempt.add_time", sitting, wanted.reason, now, seat=where.seat, part=wanted.n,
            minutes=wanted.minutes)  # fmt: skip
    return _touched(sitting)


class NoBreakLeft(Conflict):
    """All breaks that were granted are taken, or none was."""

    slug, title = "no-break-left", "Jatah istirahat peserta ini sudah habis atau tidak ada."


def add_break(db: Session, by: Officer, where: Seated, wanted: Break, now: datetime) -> Touched:
    """Begin a granted break in a part that runs: its length is added to the ledger, so no working time is lost.

    Safe to repeat: what one page asks for twice is one break. Refuses with NoBreakLeft, with Closed a part that does
    not run, with Conflict when its time was changed meanwhile, with NotFound while nobody has signed in.
    """
    sitting = queries.lock_sitting(db, by.agency_id, where.session_id, where.seat)
    attempt = facts.attempt(sitting, wanted.n)
    later = [entry.kind for entry in attempt.ledger if entry.entry_id > wanted.after_entry]
    if later[:1] == [BREAK]:
        return _touched(sitting)
    if later:
        raise Conflict(TIME_CHANGED)
    granted = plans.needs(db, [sitting.booking_id]).get(sitting.booking_id, Needs())
    if queries.breaks_taken(sitting) >= granted.breaks:
        raise NoBreakLeft
    if facts.window(attempt, facts.grace_ms(db, sitting.wave_id)).phase(now) is not Phase.OPEN:
        raise Closed("Istirahat hanya dapat dimulai selama bagian ini berjalan.")
    length = granted.break_minutes * MINUTE_MS
    attempt.ledger.append(TimeEntry(kind=BREAK, ms=length, by=by.actor, reason="accommodation", at=now))
    _write_down(db, sitting, "break", f"{wanted.n} {granted.break_minutes}", now)
    _record(db, by, "attempt.add_break", sitting, "", now, seat=where.seat, part=wanted.n,
            minutes=granted.break_minutes)  # fmt: skip
    return _touched(sitting)


def _is_done_already(attempt: Attempt, by: Officer, wanted: MoreTime) -> bool:
    """Tell whether the entry after the one that the page showed is just what the page asks for."""
    later = [entry for entry in attempt.ledger if entry.entry_id > wanted.after_entry]
    said = (BY_PROCTOR, _milliseconds(wanted), by.actor, wanted.reason)
    return bool(later) and (later[0].kind, later[0].ms, later[0].by, later[0].reason) == said


def _milliseconds(wanted: MoreTime | Outage) -> int:
    return timedelta(minutes=wanted.minutes) // timedelta(milliseconds=1)


def credit_outage(db: Session, by: Officer, session_id: UUID, wanted: Outage, now: datetime) -> tuple[Touched, ...]:
    """Give back the time of an outage to all who are working, and move the end of the session as far.

    One recorded act. Safe to repeat: what one page asks for twice is credited once. Refuses with Conflict when the same
    room was credited meanwhile, or when nobody is working.
    """
    session = queries.lock_session(db, by.agency_id, session_id)
    working = queries.lock_working(db, session, now)
    if (credited := queries.credited_since(db, session, wanted.after_entry)) is not None:
        if (credited.ms, credited.by, credited.reason) == (_milliseconds(wanted), by.actor, wanted.reason):
            return tuple(_touched(attempt.sitting) for attempt in working)
        raise Conflict("Waktu gangguan ruangan ini baru saja dikembalikan. Lihat sisa waktunya, lalu putuskan lagi.")
    if not working:
        raise Conflict("Tidak ada peserta yang sedang mengerjakan; tidak ada waktu yang perlu dikembalikan.")
    for attempt in working:
        attempt.ledger.append(
            TimeEntry(kind=OUTAGE, ms=_milliseconds(wanted), by=by.actor, reason=wanted.reason, at=now)
        )
        _write_down(db, attempt.sitting, "outage", f"{attempt.n} {wanted.minutes} {wanted.reason}", now)
    session.ends += timedelta(minutes=wanted.minutes)
    detail = {"minutes": wanted.minutes, "sittings": [attempt.sitting_id for attempt in working]}
    act = audit.Act(by.agency_id, by.actor, "session.outage", f"session:{session_id}", wanted.reason, by.origin, detail)
    audit.record(db, act, now)
    return tuple(_touched(attempt.sitting) for attempt in working)


def mirror(answers: Session, db: Session, touched: Touched) -> None:
    """Write the gates of a sitting's opened attempts from the truth as it is now. Safe to repeat.

    Locks all of them before it reads: of two acts at the same time the one that writes later has also read later.
    """
    queries.lock_gates(answers, touched.attempt_ids)
    for attempt_id in touched.attempt_ids:
        exam.open_gate(answers, db, touched.sitting_id, attempt_id)


def _touched(sitting: Sitting) -> Touched:
    return Touched(sitting.sitting_id, tuple(attempt.attempt_id for attempt in sitting.attempts))


def _write_down(db: Session, sitting: Sitting, kind: str, note: str, now: datetime) -> None:
    db.add(SittingEvent(sitting_id=sitting.sitting_id, at=now, kind=kind, note=note))


def _record(
    db: Session, by: Officer, action: str, sitting: Sitting, reason: str, now: datetime, **detail: object
) -> None:
    act = audit.Act(by.agency_id, by.actor, action, f"sitting:{sitting.sitting_id}", reason, by.origin, detail)
    audit.record(db, act, now)
