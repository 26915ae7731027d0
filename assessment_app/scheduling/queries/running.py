"""What of an agency goes on at a moment: a number for each, in one statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.scheduling.models import ExamSession


def waves(db: Session, agency_id: UUID, now: datetime) -> int:
    """Count the waves between the beginning of their first session and the end of their last one."""
    extent = (
        select(ExamSession.wave_id).where(ExamSession.agency_id == agency_id).group_by(ExamSession.wave_id)
        .having(func.min(ExamSession.starts) <= now, func.max(ExamSession.ends) >= now)
    )  # fmt: skip
    return db.scalar(select(func.count()).select_from(extent.subquery())) or 0


def sessions(db: Session, agency_id: UUID, now: datetime) -> int:
    """Count the sessions that go on, which is one for each room that is at work."""
    own = ExamSession.agency_id == agency_id, ExamSession.starts <= now, ExamSession.ends >= now
    return db.scalar(select(func.count()).select_from(ExamSession).where(*own)) or 0
