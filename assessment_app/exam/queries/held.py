"""Which sittings a proctor holds: locked, or paused. It follows from their events, the newest of each kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, case, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import SittingEvent
from assessment_app.exam.queries.words import recent
from assessment_app.exam.refusals import Locked, Paused
from assessment_app.exam.rules import LOCK, PAUSE, RESUME, UNLOCK


@dataclass(frozen=True)
class Pause:
    """Since when the time of a sitting stands still, and why."""

    since: datetime
    reason: str


@dataclass(frozen=True)
class Held:
    """Which of some sittings are locked and nobody unlocked them since, and which are paused and do not go on yet."""

    locked: frozenset[int]
    paused: Mapping[int, Pause]


def of(db: Session, sitting_ids: Collection[int]) -> Held:
    """Tell which of the sittings a proctor holds, in one statement that is made once: a whole lab signs in at once."""
    rows = db.execute(_EVENTS, {"sitting_ids": list(sitting_ids)})
    newest = {(row.sitting_id, row.kind in (LOCK, UNLOCK)): row for row in rows}
    return Held(
        frozenset(sitting_id for (sitting_id, _), row in newest.items() if row.kind == LOCK),
        {sitting_id: Pause(row.at, row.note) for (sitting_id, _), row in newest.items() if row.kind == PAUSE},
    )


_EVENTS = (
    select(SittingEvent.sitting_id, SittingEvent.kind, SittingEvent.at, SittingEvent.note)
    .where(SittingEvent.sitting_id.in_(bindparam("sitting_ids", expanding=True)),
           SittingEvent.kind.in_((LOCK, UNLOCK, PAUSE, RESUME)))
    .order_by(SittingEvent.event_id)
)  # fmt: skip


class Marks(NamedTuple):
    """The numbers of the newest events of each kind from which it follows whether a sitting is held; 0 for none."""

    lock: int = 0
    unlock: int = 0
    pause: int = 0
    resume: int = 0

    @property
    def held(self) -> str:
        """Say how a proctor holds the sitting, as a refusal names it; empty while none does."""
        return Locked.slug if self.lock > self.unlock else Paused.slug if self.pause > self.resume else ""

    def with_later(self, other: Marks) -> Marks:
        """Give what both know."""
        return Marks(*map(max, self, other))


def lately(db: Session) -> dict[int, Marks]:
    """Tell by sitting what is known of its being held, as far as it is among the newest events of all."""
    kinds = LOCK, UNLOCK, PAUSE, RESUME
    wanted = select(SittingEvent.sitting_id, *_numbers(*kinds)).where(*recent(*kinds))
    rows = db.execute(wanted.group_by(SittingEvent.sitting_id))
    return {sitting_id: Marks(*numbers) for sitting_id, *numbers in rows}


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
