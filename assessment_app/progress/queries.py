"""What can be seen of a wave's results on their way: counts, and the work that failed with whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, Subquery, and_, cast, func, or_, select, union_all
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.platform.errors import NotFound
from assessment_app.platform.queue import MOST_TRIES, Job
from assessment_app.progress.rules import Standing
from assessment_app.reports.models import TASK as REPORT
from assessment_app.scheduling.models import Booking, Form, Wave
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import Placement
from scoring_engine import ENGINE_VERSION

OF_SITTINGS = ("make_profile", "place", "compare_versions", REPORT)
"""Tasks whose subject is a sitting; that of the other, to score, is an attempt."""

FAILED: ColumnElement[bool] = and_(Job.done.is_(None), or_(Job.failure != "", Job.tries >= MOST_TRIES))


def waves(db: Session, agency_id: UUID) -> Sequence[Wave]:
    """List an agency's waves that somebody sat, newest first."""
    wanted = select(Wave).where(
        Wave.agency_id == agency_id, Wave.wave_id.in_(select(Sitting.wave_id).where(Sitting.agency_id == agency_id))
    )
    return db.scalars(wanted.order_by(Wave.created.desc(), Wave.wave_id)).all()


def wave(db: Session, agency_id: UUID, wave_id: UUID) -> Wave:
    """Give one of an agency's waves; another agency's does not exist."""
    found = db.scalar(select(Wave).where(Wave.wave_id == wave_id, Wave.agency_id == agency_id))
    if found is None:
        raise NotFound("Gelombang ini tidak ada di instansi Anda.")
    return found


def standing(db: Session, wave_id: UUID) -> Standing:
    """Count how far a wave is."""
    scores = and_(
        Score.attempt_id == Sheet.attempt_id, Score.key_seal == Sheet.key_seal, Score.engine_version == ENGINE_VERSION
    )
    sealed, scored = db.execute(
        select(func.count(Sheet.attempt_id), func.count(Score.attempt_id)).select_from(Sheet)
        .join(Attempt, Attempt.attempt_id == Sheet.attempt_id)
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id).outerjoin(Score, scores)
        .where(Sitting.wave_id == wave_id)
    ).one()  # fmt: skip
    sittings, profiled, placed = (
        db.scalar(wanted) or 0
        for wanted in (
            select(func.count()).select_from(Sitting).where(Sitting.wave_id == wave_id),
            select(func.count(Profile.sitting_id.distinct()))
            .join(Sitting, Sitting.sitting_id == Profile.sitting_id).where(Sitting.wave_id == wave_id),
            select(func.count(Placement.sitting_id.distinct())).where(Placement.wave_id == wave_id),
        )
    )  # fmt: skip
    return Standing(sealed, scored, sittings, profiled, placed, *_work(db, wave_id))


def _work(db: Session, wave_id: UUID) -> tuple[int, int, datetime | None]:
    """Count the open jobs of a wave: those that wait, those that failed, and since when the oldest waits."""
    of_wave = _jobs(wave_id)
    counted = select(FAILED, func.count(), func.min(Job.due)).join(of_wave, of_wave.c.job_id == Job.job_id)
    found = {failed: (count, oldest) for failed, count, oldest in db.execute(counted.group_by(FAILED))}
    waiting, oldest = found.get(False, (0, None))
    return waiting, found.get(True, (0, None))[0], oldest


def _jobs(wave_id: UUID) -> Subquery:
    """Name the open jobs of a wave, each with its sitting and its part; 0 where it concerns the whole sitting.

    A subject is text: it is the number that is written out, because not every task of tomorrow works on a number.
    """
    of_parts = (
        select(Job.job_id, Attempt.sitting_id, Attempt.n).join(Attempt, Job.subject == cast(Attempt.attempt_id, String))
        .join(Sitting, Sitting.sitting_id == Attempt.sitting_id)
        .where(Job.task == "score_attempt", Job.done.is_(None), Sitting.wave_id == wave_id)
    )  # fmt: skip
    of_sittings = (
        select(Job.job_id, Sitting.sitting_id, cast(0, Attempt.n.type))
        .join(Sitting, Job.subject == cast(Sitting.sitting_id, String))
        .where(Job.task.in_(OF_SITTINGS), Job.done.is_(None), Sitting.wave_id == wave_id)
    )  # fmt: skip
    return union_all(of_parts, of_sittings).subquery()


@dataclass(frozen=True)
class Trouble:
    """Work that failed: whom it concerns, in which part (none: the whole sitting), and what is known of why."""

    job: Job
    sitting_id: int
    n: int
    title: str
    booking: Booking

    @property
    def rests(self) -> bool:
        """Tell whether it is not tried again by itself."""
        return self.job.tries >= MOST_TRIES


def troubles(
    db: Session, agency_id: UUID, wave_id: UUID, *, first: int = 0, limit: int | None = None
) -> list[Trouble]:  # fmt: skip
    """List what failed in a wave of an agency, by person and part."""
    of_wave = _jobs(wave_id)
    wanted = (
        select(Job, of_wave.c.sitting_id, of_wave.c.n, Form.title, Booking)
        .join(of_wave, of_wave.c.job_id == Job.job_id)
        .join(Sitting, Sitting.sitting_id == of_wave.c.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .outerjoin(Attempt, and_(Attempt.sitting_id == of_wave.c.sitting_id, Attempt.n == of_wave.c.n))
        .outerjoin(Form, Form.form_id == Attempt.form_id)
        .where(FAILED, Sitting.agency_id == agency_id).order_by(Booking.name, Booking.nip, of_wave.c.n, Job.job_id)
        .offset(first).limit(limit)
    )  # fmt: skip
    return [Trouble(job, sitting, n, title or "", booking) for job, sitting, n, title, booking in db.execute(wanted)]
