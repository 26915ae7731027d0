"""How a proctor lets time stand still, for a seat or a whole room, and lets it go on.

While a sitting is paused nothing of it is written and its clock does not run. How long that was is one entry of the
ledger, written when it goes on: no deadline moves before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions import events
from assessment_app.exam.models import Sitting
from assessment_app.exam.queries import held
from assessment_app.exam.rules import PAUSE, RESUME
from assessment_app.logbook.queries import day as written
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict
from assessment_app.proctoring import queries
from assessment_app.proctoring.actions import Seated, Touched, give_back, lock_sitting, record, touched
from assessment_app.proctoring.messages import Pause
from assessment_app.proctoring.rules import BY_PROCTOR, NOTICED_MS, OUTAGE
from assessment_app.scheduling.rules import MINUTE_MS


def pause(db: Session, by: Officer, where: Seated, wanted: Pause, now: datetime) -> Touched:
    """Let the time of one seat stand still. Safe to repeat; refuses with NotFound while nobody has signed in there."""
    sitting = lock_sitting(db, by, where)
    if _hold(db, [sitting], wanted.reason, now):
        record(db, by, "sitting.pause", sitting, wanted.reason, now, seat=where.seat)
    return touched(sitting)


def resume(db: Session, by: Officer, where: Seated, now: datetime) -> Touched:
    """Let the time of one seat go on. Safe to repeat; refuses with NotFound while nobody has signed in there."""
    sitting = lock_sitting(db, by, where)
    gone = _let_go(db, by, [sitting], BY_PROCTOR, now)
    if gone:
        record(db, by, "sitting.resume", sitting, "", now, seat=where.seat, minutes=round(gone[0] / MINUTE_MS))
    return touched(sitting)


def pause_room(db: Session, by: Officer, session_id: UUID, wanted: Pause, now: datetime) -> tuple[Touched, ...]:
    """Let the time of everybody stand still who has signed in and not finished. One recorded act.

    Safe to repeat: who is paused stays so. Refuses with Conflict while there is nobody.
    """
    found = _there(db, by, session_id)
    fresh = _hold(db, found, wanted.reason, now)
    if not found:
        raise Conflict("Tidak ada peserta yang sedang mengerjakan; tidak ada yang perlu dijeda.")
    if fresh:
        _record(db, by, "session.pause", session_id, wanted.reason, now, sittings=[one.sitting_id for one in fresh])
    return tuple(touched(sitting) for sitting in found)


def resume_room(db: Session, by: Officer, session_id: UUID, now: datetime) -> tuple[Touched, ...]:
    """Let the time of everybody go on who is paused, and move the end of the session as far as the longest pause.

    One recorded act. Safe to repeat.
    """
    session = written.lock_session(db, by.agency_id, session_id)
    found = _there(db, by, session_id)
    gone = _let_go(db, by, found, OUTAGE, now)
    if gone:
        session.ends += timedelta(milliseconds=max(gone))
        _record(db, by, "session.resume", session_id, "", now, minutes=round(max(gone) / MINUTE_MS), sittings=len(gone))
    return tuple(touched(sitting) for sitting in found)


def _there(db: Session, by: Officer, session_id: UUID) -> list[Sitting]:
    """Lock who has signed in to a room and not finished, after the session itself, as every act on a room does."""
    session = written.lock_session(db, by.agency_id, session_id)
    found = queries.lock_sittings(db, session)
    return [sitting for sitting in found if any(attempt.sheet is None for attempt in sitting.attempts)]


def _hold(db: Session, found: Sequence[Sitting], reason: str, now: datetime) -> list[Sitting]:
    """Pause those that are not paused; gives them."""
    pauses = held.of(db, [sitting.sitting_id for sitting in found]).paused
    fresh = [sitting for sitting in found if sitting.sitting_id not in pauses]
    for sitting in fresh:
        events.note(db, sitting.sitting_id, PAUSE, now, reason)
    return fresh


def _let_go(db: Session, by: Officer, found: Sequence[Sitting], kind: str, now: datetime) -> list[int]:
    """Let those go on that are paused, and give them back what it took; gives the milliseconds of each."""
    pauses = held.of(db, [sitting.sitting_id for sitting in found]).paused
    gone = []
    for sitting in found:
        if (pause := pauses.get(sitting.sitting_id)) is None:
            continue
        took = max(timedelta(0), now - pause.since) // timedelta(milliseconds=1) + NOTICED_MS
        give_back(db, by, queries.running(db, [sitting], now), kind, took, pause.reason, now)
        events.note(db, sitting.sitting_id, RESUME, now, str(round(took / MINUTE_MS)))
        gone.append(took)
    return gone


def _record(
    db: Session, by: Officer, action: str, session_id: UUID, reason: str, now: datetime, **detail: object
) -> None:
    act = audit.Act(by.agency_id, by.actor, action, f"session:{session_id}", reason, by.origin, detail)
    audit.record(db, act, now)
