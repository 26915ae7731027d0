"""What comes from the computers of a room while people work on them: how far each is, and when it was heard of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import AnswerEvent, SittingContact
from assessment_app.exam.rules import Standing


class Progress(NamedTuple):
    """How far an attempt is: items that are answered, and when the newest change arrived."""

    answered: int
    changed_ms: int


def progress(answers: Session, attempt_ids: Sequence[int]) -> dict[int, Progress]:
    """Count by attempt the items whose newest change that counts is an answer; the same fold as at the sealing."""
    newest = func.row_number().over(
        partition_by=(AnswerEvent.attempt_id, AnswerEvent.item),
        order_by=(AnswerEvent.epoch.desc(), AnswerEvent.seq.desc()),
    )
    counts = AnswerEvent.attempt_id.in_(attempt_ids), AnswerEvent.standing < Standing.ASIDE.value
    one = AnswerEvent
    ranked = select(one.attempt_id, one.response, one.received_ms, newest.label("age")).where(*counts).subquery()
    stands = func.count().filter(ranked.c.age == 1, ranked.c.response != "null")
    wanted = select(ranked.c.attempt_id, stands, func.max(ranked.c.received_ms)).group_by(ranked.c.attempt_id)
    return {attempt_id: Progress(*found) for attempt_id, *found in answers.execute(wanted)}


def heard(db: Session, sitting_ids: Sequence[int]) -> dict[int, int]:
    """Tell by sitting when its page was heard of last, in milliseconds."""
    wanted = select(SittingContact.sitting_id, SittingContact.heard_ms)
    return dict(db.execute(wanted.where(SittingContact.sitting_id.in_(sitting_ids))).all())
