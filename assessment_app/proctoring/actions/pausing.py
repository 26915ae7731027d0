"""How a proctor lets time stand still, for a seat or a whole room, and lets it go on.

While a sitting is paused nothing of it is written and its clock does not run. How long that was is one entry of the
ledger, written when it goes on: no deadline moves before. The session then ends as much later as pauses took from
whoever they took most: a window that fits them fits everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions import events
from assessment_app.exam.models import Sitting
from assessment_app.exam.queries import held
from assessment_app.exam.rules import PAUSE, RESUME, is_forgotten
from assessment_app.logbook.queries import day as written
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict
from assessment_app.proctoring import queries
from assessment_app.proctoring.actions import Seated, Touched, give_back, lock_sitting, record, touched
from assessment_app.proctoring.messages import Pause, Resume
from assessment_app.proctoring.rules import BY_PROCTOR, NOTICED_MS, OUTAGE, ends_later_ms, pause_note
from assessment_app.scheduling.models import ExamSession
from assessment_app.scheduling.rules import MINUTE_MS


def pause(db: Session, by: Officer, where: Seated, wanted: Pause, now: datetime) -> Touched:
    """Let the time of one seat stand still.

    Safe to repeat. Refuses with NotFound while nobody has signed in there, and with Conflict when somebody paused or
    resumed meanwhile.
    """
    sitting = lock_sitting(db, by, where)
    if _hold(db, [sitting], wanted, now):
        record(db, by, "sitting.pause", sitting, wanted.reason, now, seat=where.seat)
    return touched(sitting)


def resume(db: Session, by: Officer, where: Seated, wanted: Resume, now: datetime) -> Touched:
    """Let the time of one seat go on, and let the session end late enough for it.

    Safe to repeat; refuses as ``pause`` does.
    """
    session = written.lock_session(db, by.agency_id, where.session_id)  # first, as every act on a room does
    sitting = lock_sitting(db, by, where)
    gone = _let_go(db, by, session, [sitting], BY_PROCTOR, wanted, now)
    for ms in gone.took.values():
        record(db, by, "sitting.resume", sitting, "", now, seat=where.seat, minutes=_minutes(ms),
               session_minutes=_minutes(gone.later_ms))  # fmt: skip
    return touched(sitting)


def pause_room(db: Session, by: Officer, session_id: UUID, wanted: Pause, now: datetime) -> tuple[Touched, ...]:
    """Let the time of everybody stand still who has signed in and not finished. One recorded act.

    Safe to repeat: who is paused stays so. Refuses with Conflict while there is nobody, and when somebody paused or
    resumed meanwhile.
    """
    found = _there(db, by, session_id)
    fresh = _hold(db, found, wanted, now)
    if not found:
        raise Conflict("Tidak ada peserta yang sedang mengerjakan; tidak ada yang perlu dijeda.")
    if fresh:
        _record(db, by, "session.pause", session_id, wanted.reason, now, sittings=[one.sitting_id for one in fresh])
    return tuple(touched(sitting) for sitting in found)


def resume_room(db: Session, by: Officer, session_id: UUID, wanted: Resume, now: datetime) -> tuple[Touched, ...]:
    """Let the time of everybody go on who is paused, and let the session end late enough for all of them.

    One recorded act. Safe to repeat; refuses with Conflict when somebody paused or resumed meanwhile.
    """
    session = written.lock_session(db, by.agency_id, session_id)
    found = queries.lock_sittings(db, session)
    gone = _let_go(db, by, session, found, OUTAGE, wanted, now)
    if gone.took:
        _record(db, by, "session.resume", session_id, "", now, minutes=_minutes(gone.later_ms), sittings=len(gone.took))
    return tuple(touched(sitting) for sitting in found)


@dataclass(frozen=True)
class Gone:
    """How long the pauses were that ended, by sitting, and how much later the session ends; in milliseconds."""

    took: Mapping[int, int]
    later_ms: int


def _minutes(ms: int) -> int:
    return round(ms / MINUTE_MS)


def _there(db: Session, by: Officer, session_id: UUID) -> list[Sitting]:
    """Lock who has signed in to a room and not finished, after the session itself, as every act on a room does."""
    session = written.lock_session(db, by.agency_id, session_id)
    found = queries.lock_sittings(db, session)
    return [sitting for sitting in found if any(attempt.sheet is None for attempt in sitting.attempts)]


def _check_unchanged(db: Session, found: Sequence[Sitting], after_event: int) -> None:
    """Refuse what a page asks that shows another state: it may be sent again long after somebody else has acted."""
    if queries.last_hold(db, [sitting.sitting_id for sitting in found]) > after_event:
        raise Conflict("Jeda di ruang ini baru saja diubah. Lihat keadaannya, lalu putuskan lagi.")


def _hold(db: Session, found: Sequence[Sitting], wanted: Pause, now: datetime) -> list[Sitting]:
    """Pause those that are not paused; gives them."""
    pauses = held.of(db, [sitting.sitting_id for sitting in found]).paused
    fresh = [sitting for sitting in found if sitting.sitting_id not in pauses]
    if fresh:
        _check_unchanged(db, found, wanted.after_event)
    for sitting in fresh:
        events.note(db, sitting.sitting_id, PAUSE, now, wanted.reason)
    return fresh


def _let_go(
    db: Session, by: Officer, session: ExamSession, found: Sequence[Sitting], kind: str, wanted: Resume, now: datetime
) -> Gone:
    """Let those go on that are paused, give them back what it took, and let the session end late enough.

    A pause that everybody forgot gives nothing back and moves nothing: the sweep has closed what was open.
    """
    pauses = held.of(db, [sitting.sitting_id for sitting in found]).paused
    if pauses:
        _check_unchanged(db, found, wanted.after_event)
    running = queries.running(db, found, now)  # of all at once: a room is forty
    before, gone = queries.given_by_pauses(db, session), {}
    for sitting in found:
        if (pause := pauses.get(sitting.sitting_id)) is None:
            continue
        took = max(timedelta(0), now - pause.since) // timedelta(milliseconds=1) + NOTICED_MS
        if is_forgotten(pause.since, now):
            events.note(db, sitting.sitting_id, RESUME, now, str(_minutes(took)))
            continue
        own = [attempt for attempt in running if attempt.sitting_id == sitting.sitting_id]
        give_back(db, by, own, kind, took, pause.reason, now)
        events.note(db, sitting.sitting_id, RESUME, now, pause_note(took, session.session_id))
        gone[sitting.sitting_id] = took
    later = ends_later_ms(before, gone)
    session.ends += timedelta(milliseconds=later)
    return Gone(gone, later)


def _record(
    db: Session, by: Officer, action: str, session_id: UUID, reason: str, now: datetime, **detail: object
) -> None:
    act = audit.Act(by.agency_id, by.actor, action, f"session:{session_id}", reason, by.origin, detail)
    audit.record(db, act, now)
