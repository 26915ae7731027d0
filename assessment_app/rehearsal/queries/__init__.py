"""What a rehearsal asks the stores while it is played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.people.models import Employee
from assessment_app.platform.queue import Job
from assessment_app.rehearsal.messages import Place
from assessment_app.scheduling.models import Booking, ExamSession
from assessment_app.sealing.models import SessionSeal


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that was begun and has no sheet yet."""

    sitting_id: int
    attempt_id: int
    n: int


def slots(sessions: Sequence[ExamSession]) -> tuple[tuple[Place, ...], ...]:
    """Part sessions into time slots by their beginning, each with its rooms."""
    in_order = sorted(sessions, key=lambda one: one.starts)
    return tuple(
        tuple(Place(f"{one.room.name}, giliran {number}", one.room.seats) for one in group)
        for number, (_, group) in enumerate(groupby(in_order, lambda one: one.starts), 1)
    )


def people(db: Session, agency_id: UUID) -> int:
    """Count who works for an agency."""
    working = select(func.count()).select_from(Employee).where(Employee.agency_id == agency_id, Employee.active)
    return db.scalar(working) or 0


def booked(db: Session, session_id: UUID) -> Sequence[Booking]:
    """List who has a seat in a session, by seat."""
    return db.scalars(select(Booking).where(Booking.session_id == session_id).order_by(Booking.seat)).all()


def open_attempts(db: Session, wave_id: UUID) -> list[OpenAttempt]:
    """List what was begun in a wave and has no sheet yet."""
    wanted = (
        select(Attempt.sitting_id, Attempt.attempt_id, Attempt.n)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .outerjoin(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .where(Sitting.wave_id == wave_id, Attempt.opened.is_not(None), Sheet.attempt_id.is_(None))
    )
    return [OpenAttempt(*row) for row in db.execute(wanted.order_by(Attempt.attempt_id))]


def work_left(db: Session, wave_id: UUID, now: datetime) -> int:
    """Count what workers still have to do for a wave: sheets, jobs that are open, sessions without their seal."""
    subjects = select(Attempt.attempt_id, Attempt.sitting_id).join(Sitting).where(Sitting.wave_id == wave_id)
    known = {str(one) for row in db.execute(subjects) for one in row}
    jobs = sum(subject in known for subject in db.scalars(select(Job.subject).where(Job.done.is_(None))))
    sealed = select(SessionSeal.session_id)
    has_people = select(Booking.session_id).where(Booking.wave_id == wave_id)
    unsealed = select(func.count()).select_from(ExamSession).where(
        ExamSession.wave_id == wave_id, ExamSession.ends < now, ExamSession.session_id.not_in(sealed),
        ExamSession.session_id.in_(has_people),
    )  # fmt: skip
    return jobs + len(open_attempts(db, wave_id)) + (db.scalar(unsealed) or 0)
