"""What people can do about work that failed: have it tried again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit, queue
from assessment_app.platform.errors import Conflict
from assessment_app.progress import queries
from assessment_app.progress.messages import Again


class NothingFailed(Conflict):
    """What was to be tried again did not fail, or was tried again meanwhile."""

    title = "Pekerjaan ini tidak lagi gagal: mungkin sudah dicoba lagi atau sudah selesai."


def try_again(db: Session, by: Officer, wave_id: UUID, wanted: Again, now: datetime) -> int:
    """Make failed work of a wave due at once; gives how much.

    Refuses with NotFound another agency's wave, with NothingFailed what did not fail.
    """
    queries.wave(db, by.agency_id, wave_id)
    failed = queries.troubles(db, by.agency_id, wave_id)
    chosen = [one for one in failed if wanted.job_id in (None, one.job.job_id)]
    if not chosen:
        raise NothingFailed
    single = chosen[0] if wanted.job_id is not None else None
    subject = f"sitting:{single.sitting_id}" if single else f"wave:{wave_id}"
    detail: dict[str, object] = {"jobs": len(chosen), "sittings": len({one.sitting_id for one in chosen})}
    if single:
        detail |= {"task": single.job.task, "part": single.n, "reason": single.job.reason}
    queue.try_again(db, [one.job.job_id for one in chosen], now)
    _record(db, by, "result.try_again", subject, now, detail)
    return len(chosen)


def _record(db: Session, by: Officer, action: str, subject: str, now: datetime, detail: dict[str, object]) -> None:
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, "", by.origin, detail), now)
