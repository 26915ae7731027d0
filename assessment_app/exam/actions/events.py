"""What is written down of a sitting as it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment_app.exam.models import SittingEvent


def note(db: Session, sitting_id: int, kind: str, now: datetime, said: str = "") -> None:
    """Add an event to a sitting."""
    db.execute(insert(SittingEvent).values(sitting_id=sitting_id, at=now, kind=kind, note=said))


def note_focus(db: Session, sitting_id: int, times: int, now: datetime) -> None:
    """Keep how often a page lost the focus since its last heartbeat; a beat that is repeated is kept twice."""
    note(db, sitting_id, "focus", now, str(times))
