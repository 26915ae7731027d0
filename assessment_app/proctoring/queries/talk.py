"""What participants and proctors of a room said to each other: it follows from the events of its sittings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting, SittingEvent
from assessment_app.exam.rules import ANNOUNCEMENT, HELP, HELPED, READ, TOLD, WORD, announced_in, words_of
from assessment_app.scheduling.models import Booking, ExamSession


@dataclass(frozen=True)
class Call:
    """A call for a proctor that nobody has answered yet."""

    at: datetime
    reason: str


@dataclass(frozen=True)
class Said:
    """What a proctor wrote, to how many it went, and how many said that they read it."""

    at: datetime
    text: str
    people: int
    read: int

    def is_same(self, text: str, now: datetime, within_s: int) -> bool:
        """Tell whether this text was written just now: a click counts once."""
        return self.text == text and abs((now - self.at).total_seconds()) <= within_s

    @property
    def stands(self) -> bool:
        """Whether it still stands on a screen."""
        return self.read < self.people


@dataclass(frozen=True)
class Talk:
    """The open calls and the newest words of a room, by sitting, and what was announced to all last."""

    calls: Mapping[int, Call] = field(default_factory=dict)
    words: Mapping[int, Said] = field(default_factory=dict)
    announced: Said | None = None


def talk(db: Session, session: ExamSession) -> Talk:
    """Tell what is said in a room, in one statement."""
    wanted = (
        select(SittingEvent).join(Sitting, Sitting.sitting_id == SittingEvent.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Booking.session_id == session.session_id, Booking.agency_id == session.agency_id,
               SittingEvent.kind.in_((*TOLD, READ)))
        .order_by(SittingEvent.event_id)
    )  # fmt: skip
    events = db.scalars(wanted).all()
    newest = {(event.sitting_id, _about(event.kind)): event for event in events}
    read = {sitting_id: int(event.note) for (sitting_id, about), event in newest.items() if about == READ}
    return Talk(
        calls={sitting_id: Call(event.at, event.note) for (sitting_id, _), event in newest.items()
               if event.kind == HELP},
        words={sitting_id: _said([event], read) for (sitting_id, _), event in newest.items() if event.kind == WORD},
        announced=_announced([event for event in events if event.kind == ANNOUNCEMENT
                              and event.note.startswith(announced_in(session.session_id))], read),
    )  # fmt: skip


def _about(kind: str) -> str:
    """Say which events answer each other: the newest of them stands."""
    return HELP if kind == HELPED else kind


def _announced(events: Sequence[SittingEvent], read: Mapping[int, int]) -> Said | None:
    """Tell what was announced last: one event in each sitting, all of one moment."""
    if not events:
        return None
    last = events[-1].at
    return _said([event for event in events if event.at == last], read)


def _said(events: Sequence[SittingEvent], read: Mapping[int, int]) -> Said:
    first = events[0]
    seen = sum(read.get(event.sitting_id, 0) >= event.event_id for event in events)
    return Said(first.at, words_of(first.kind, first.note), len(events), seen)
