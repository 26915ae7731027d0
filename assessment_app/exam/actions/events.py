"""What is written down of a sitting as it happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment_app.exam.models import SittingEvent
from assessment_app.platform.db import table_of


def note(db: Session, sitting_id: int, kind: str, now: datetime, said: str = "") -> None:
    """Add an event to a sitting."""
    db.execute(_ADD, {"sitting_id": sitting_id, "at": now, "kind": kind, "note": said})


_ADD = insert(table_of(SittingEvent))
"""Made once, and for the table itself: a whole lab starts at the same time."""


def note_focus(db: Session, sitting_id: int, times: int, now: datetime) -> None:
    """Keep how often a page lost the focus since its last heartbeat; a beat that is repeated is kept twice."""
    note(db, sitting_id, "focus", now, str(times))
