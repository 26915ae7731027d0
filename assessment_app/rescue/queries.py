"""What loading a file asks the stores. Every query takes the agency, or what was found with it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sitting
from assessment_app.exam.queries import facts, held, views
from assessment_app.platform.audit import AuditEntry
from assessment_app.rescue.rules import Kept, Limits, Place
from assessment_app.scheduling.models import Booking
from item_bank.presentation import FormGuide, parse

LOADED = "sitting.recover"
"""How the audit trail calls it when a file is let in; ``actions.record`` writes it."""


def seat_of(db: Session, agency_id: UUID, sitting_id: int) -> Booking | None:
    """Find where one of the agency's participants sits."""
    wanted = select(Booking).join(Sitting, Sitting.booking_id == Booking.booking_id)
    return db.scalar(wanted.where(Sitting.sitting_id == sitting_id, Sitting.agency_id == agency_id))


def guides(db: Session, attempts: Iterable[Attempt]) -> dict[int, FormGuide]:
    """Compile the forms of attempts, by the number of the part: what fits their items is known from nothing else."""
    return {one.n: FormGuide(parse(views.presentation(db, one.form_id))) for one in attempts}


def log(answers: Session, sitting_id: int) -> dict[Place, Kept]:
    """Read all changes of a sitting by what names them."""
    columns = (AnswerEvent.epoch, AnswerEvent.seq, AnswerEvent.attempt_id, AnswerEvent.item, AnswerEvent.response,
               AnswerEvent.standing)  # fmt: skip
    rows = answers.execute(select(*columns).where(AnswerEvent.sitting_id == sitting_id))
    return {(row.epoch, row.seq): Kept(row.attempt_id, row.item, row.response, row.standing) for row in rows}


def limits(answers: Session, db: Session, sitting: Sitting) -> dict[int, Limits]:
    """Tell until when changes of a sitting's attempts count. A closed gate is closed before the truth says so."""
    grace = facts.grace_ms(db, sitting.wave_id)
    pause = held.of(db, [sitting.sitting_id]).paused.get(sitting.sitting_id)
    windows = {one.attempt_id: facts.window(one, grace, pause) for one in sitting.attempts}
    wanted = select(Gate.attempt_id).where(Gate.attempt_id.in_(windows), Gate.closed)
    closed = set(answers.scalars(wanted))
    return {name: Limits(facts, closed=name in closed or facts.finished is not None) for name, facts in windows.items()}


def is_recorded(db: Session, agency_id: UUID, subject: str, sha256: str) -> bool:
    """Tell whether the audit trail has this file already."""
    of_sitting = AuditEntry.agency_id == agency_id, AuditEntry.action == LOADED, AuditEntry.subject == subject
    return any(detail["file"] == sha256 for detail in db.scalars(select(AuditEntry.detail).where(*of_sitting)))
