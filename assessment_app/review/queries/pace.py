"""How long the items of a sitting took, and how the answers came in."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import AnswerEvent, Attempt, TimeEntry
from assessment_app.exam.rules import Standing, milliseconds
from assessment_app.proctoring.rules import OUTAGE
from assessment_app.review.queries import Evidence, Part
from assessment_app.review.rules.times import Arrival, Outage, PartTimes


def times(db: Session, answers: Session, seen: Evidence) -> list[PartTimes]:
    """Collect the time on each item of the scored parts, from the sealed sheets; from the log how answers came in."""
    attempts = {one.attempt_id: one for one in seen.sitting.attempts}
    return [
        _times(db, answers, part, attempts[part.sheet.attempt_id]) for part in seen.parts
        if part.sheet.attempt_id in attempts
    ]  # fmt: skip


def _times(db: Session, answers: Session, part: Part, attempt: Attempt) -> PartTimes:
    opened = attempt.opened or part.sheet.sealed
    how = msgspec.json.decode(part.sheet.body).get("how", {})
    items = [item["id"] for item in msgspec.json.decode(part.form.presentation)["items"]]
    given_back = select(TimeEntry.at, TimeEntry.ms).where(
        TimeEntry.attempt_id == attempt.attempt_id, TimeEntry.kind == OUTAGE
    )
    outages = [Outage(milliseconds(at) - milliseconds(opened), ms) for at, ms in db.execute(given_back)]
    arrivals = _arrivals(answers, attempt.attempt_id, opened)
    return PartTimes(attempt.n, part.form.title, items, how.get("spent_ms", {}), arrivals, outages)


def _arrivals(answers: Session, attempt_id: int, opened: datetime) -> dict[str, Arrival]:
    """Tell of each item how its newest answer that counts came in; later changes replace earlier ones."""
    one, start = AnswerEvent, milliseconds(opened)
    wanted = select(one.item, one.at_ms, one.received_ms).where(
        one.attempt_id == attempt_id, one.standing < Standing.ASIDE.value
    )
    rows = answers.execute(wanted.order_by(one.epoch, one.seq))
    return {item: Arrival(at_ms, received_ms - start - at_ms) for item, at_ms, received_ms in rows}
