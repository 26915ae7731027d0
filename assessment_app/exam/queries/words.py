"""What participant and proctor said to each other: it follows from the events of a sitting."""

from __future__ import annotations

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.messages import stamp
from assessment_app.exam.messages.words import Call, Messages, Word
from assessment_app.exam.models import SittingEvent
from assessment_app.exam.rules import ANNOUNCEMENT, HELP, HELPED, READ, TOLD, WORD, words_of

LOOK_BACK = 10_000
"""Events before the newest that are looked at again: a transaction that took a number may commit seconds later."""


def messages(db: Session, sitting_id: int) -> Messages:
    """Tell what a participant's page has to show."""
    own = SittingEvent.sitting_id == sitting_id, SittingEvent.kind.in_((*TOLD, READ))
    events = db.scalars(select(SittingEvent).where(*own).order_by(SittingEvent.event_id)).all()
    told = [event.event_id for event in events if event.kind in TOLD]
    calls = [event for event in events if event.kind in (HELP, HELPED)]
    read = max((int(event.note) for event in events if event.kind == READ), default=0)
    return Messages(
        newest=told[-1] if told else 0,
        call=Call(stamp(calls[-1].at), calls[-1].note) if calls and calls[-1].kind == HELP else None,
        words=[
            Word(event.event_id, stamp(event.at), words_of(event.kind, event.note), event.kind == ANNOUNCEMENT,
                 event.event_id <= read)
            for event in events if event.kind in (WORD, ANNOUNCEMENT)
        ],
    )  # fmt: skip


def newest(sitting_id: ColumnElement[int]) -> ColumnElement[int]:
    """Number the newest thing that a sitting's page has to show, inside a query; 0 for none."""
    # Not max() of the number alone: PostgreSQL would walk backwards over the events of everybody.
    number = func.max(case((SittingEvent.kind.in_(TOLD), SittingEvent.event_id)))
    return select(func.coalesce(number, 0)).where(SittingEvent.sitting_id == sitting_id).scalar_subquery()


def lately(db: Session) -> dict[int, int]:
    """Tell by sitting the newest thing that its page has to show, as far as it is among the newest events of all."""
    wanted = select(SittingEvent.sitting_id, func.max(SittingEvent.event_id)).where(*recent(*TOLD))
    rows = db.execute(wanted.group_by(SittingEvent.sitting_id))
    return {sitting_id: number for sitting_id, number in rows}  # noqa: C416  # a Row is no pair to dict()


def recent(*kinds: str) -> tuple[ColumnElement[bool], ...]:
    """Narrow events to those of some kinds that are among the newest of all."""
    last = select(func.coalesce(func.max(SittingEvent.event_id), 0)).scalar_subquery()
    return SittingEvent.event_id > last - LOOK_BACK, SittingEvent.kind.in_(kinds)
