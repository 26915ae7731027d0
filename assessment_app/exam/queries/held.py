"""Which sittings a proctor holds: locked, or paused. It follows from their events, the newest of each kind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import SittingEvent
from assessment_app.exam.rules import LOCK, PAUSE, RESUME, UNLOCK


@dataclass(frozen=True)
class Pause:
    """Since when the time of a sitting stands still, and why."""

    since: datetime
    reason: str


def locked(db: Session, sitting_ids: Collection[int]) -> frozenset[int]:
    """Name those of the sittings that a proctor locked and nobody unlocked since."""
    return frozenset(_newest(db, sitting_ids, LOCK, UNLOCK))


def paused(db: Session, sitting_ids: Collection[int]) -> dict[int, Pause]:
    """Name those of the sittings that a proctor paused and nobody has let go on since."""
    found = _newest(db, sitting_ids, PAUSE, RESUME)
    return {sitting_id: Pause(event.at, event.note) for sitting_id, event in found.items()}


def _newest(db: Session, sitting_ids: Collection[int], on: str, off: str) -> dict[int, SittingEvent]:
    """Give by sitting the newest of two kinds of events, where it is the first kind."""
    wanted = select(SittingEvent).where(SittingEvent.sitting_id.in_(sitting_ids), SittingEvent.kind.in_((on, off)))
    newest = {event.sitting_id: event for event in db.scalars(wanted.order_by(SittingEvent.event_id))}
    return {sitting_id: event for sitting_id, event in newest.items() if event.kind == on}


def is_locked(sitting_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Tell inside a query whether a sitting is locked."""
    on, off = _numbers(LOCK, UNLOCK)
    return select(on > off).where(*_of(sitting_id, LOCK, UNLOCK)).scalar_subquery()


def paused_since(sitting_id: ColumnElement[int]) -> ScalarSelect[Any]:
    """Tell inside a query since when a sitting is paused; null while it is not."""
    on, off = _numbers(PAUSE, RESUME)
    newest = select(case((on > off, on))).where(*_of(sitting_id, PAUSE, RESUME)).scalar_subquery()
    return select(SittingEvent.at).where(SittingEvent.event_id == newest).scalar_subquery()


def _of(sitting_id: ColumnElement[int], *kinds: str) -> tuple[ColumnElement[bool], ...]:
    return SittingEvent.sitting_id == sitting_id, SittingEvent.kind.in_(kinds)


def _numbers(*kinds: str) -> list[ColumnElement[int]]:
    # Not the newest of both by ORDER BY and LIMIT: PostgreSQL would walk backwards over the events of everybody.
    numbers = (func.max(case((SittingEvent.kind == kind, SittingEvent.event_id))) for kind in kinds)
    return [func.coalesce(number, 0) for number in numbers]
