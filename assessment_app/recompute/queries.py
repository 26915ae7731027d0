"""Which results are stored, and whose."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.reports.models import Report
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.review.models import SignedResult
from assessment_app.scheduling.models import Booking
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import CurrentPlacement, Placement


def sittings(db: Session, wave_id: UUID | None = None, nip: str | None = None) -> list[tuple[int, str]]:
    """List (sitting, NIP) of everybody who has a sealed sheet: of a wave, of a person, or all."""
    sealed = select(Attempt.sitting_id).join(Sheet, Sheet.attempt_id == Attempt.attempt_id)
    wanted = select(Sitting.sitting_id, Booking.nip).join(Booking, Booking.booking_id == Sitting.booking_id)
    wanted = wanted.where(Sitting.sitting_id.in_(sealed))
    if wave_id is not None:
        wanted = wanted.where(Sitting.wave_id == wave_id)
    if nip is not None:
        wanted = wanted.where(Booking.nip == nip)
    return [(sitting_id, whose) for sitting_id, whose in db.execute(wanted.order_by(Sitting.sitting_id))]


def sealed_attempts(db: Session, sitting_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give (sitting, part) of every attempt that has a sealed sheet."""
    wanted = select(Attempt.attempt_id, Attempt.sitting_id, Attempt.n).join(
        Sheet, Sheet.attempt_id == Attempt.attempt_id
    )  # fmt: skip
    rows = db.execute(wanted.where(Attempt.sitting_id.in_(sitting_ids)))
    return {attempt_id: (sitting_id, n) for attempt_id, sitting_id, n in rows}


def scores(db: Session, attempt_ids: Collection[int]) -> Sequence[Score]:
    """Give every score of some attempts, under any key and engine."""
    return db.scalars(select(Score).where(Score.attempt_id.in_(attempt_ids)).order_by(Score.scored)).all()


def profiles(db: Session, sitting_ids: Collection[int]) -> Sequence[Profile]:
    """Give every profile of some sittings, the oldest first."""
    wanted = select(Profile).where(Profile.sitting_id.in_(sitting_ids))
    return db.scalars(wanted.order_by(Profile.sitting_id, Profile.made, Profile.inputs_sha256)).all()


def compared(db: Session, sitting_ids: Collection[int]) -> Sequence[RescoredProfile]:
    """Give every profile of some sittings that stands beside another, under another key."""
    wanted = select(RescoredProfile).where(RescoredProfile.sitting_id.in_(sitting_ids))
    return db.scalars(
        wanted.order_by(RescoredProfile.sitting_id, RescoredProfile.key_seal, RescoredProfile.beside)
    ).all()


def signed(db: Session, sitting_ids: Collection[int]) -> Sequence[SignedResult]:
    """Give everything that was signed of some sittings."""
    wanted = select(SignedResult).where(SignedResult.sitting_id.in_(sitting_ids))
    return db.scalars(wanted.order_by(SignedResult.sitting_id, SignedResult.n)).all()


def placements(db: Session, sitting_ids: Collection[int]) -> Sequence[Placement]:
    """Give every placement of some sittings, the oldest first."""
    wanted = select(Placement).where(Placement.sitting_id.in_(sitting_ids))
    return db.scalars(
        wanted.order_by(Placement.placed, Placement.rule_set, Placement.sitting_id, Placement.definition)
    ).all()


def reports(db: Session, sitting_ids: Collection[int]) -> Sequence[Report]:
    """Give every report that was issued about some sittings."""
    wanted = select(Report).where(Report.sitting_id.in_(sitting_ids))
    return db.scalars(wanted.order_by(Report.sitting_id, Report.edition)).all()


def current(db: Session, sitting_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Name the placement that counts, by sitting and definition."""
    rows = db.scalars(select(CurrentPlacement).where(CurrentPlacement.sitting_id.in_(sitting_ids)))
    return {(one.sitting_id, one.definition): one.inputs_sha256 for one in rows}
