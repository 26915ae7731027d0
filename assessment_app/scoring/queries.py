"""What scoring can show: scores and profiles, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling.models import Booking, Wave, WithdrawnForm
from assessment_app.scoring.models import Profile, Score


def sealed_sheet(db: Session, attempt_id: int) -> tuple[Sheet, Attempt]:
    """Give a sealed sheet with its attempt; refuses with NotFound while there is none."""
    found = db.execute(
        select(Sheet, Attempt)
        .join(Attempt, Attempt.attempt_id == Sheet.attempt_id)
        .where(Sheet.attempt_id == attempt_id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"no sealed sheet of attempt {attempt_id}")
    return found[0], found[1]


def scores_of(db: Session, sitting_id: int, engine_version: str) -> list[Score] | None:
    """Give one score per attempt of a sitting in the order of the battery; nothing while one is missing."""
    wanted = (
        select(Attempt.attempt_id, Score).outerjoin(Sheet, Sheet.attempt_id == Attempt.attempt_id)
        .outerjoin(Score, (Score.attempt_id == Attempt.attempt_id) & (Score.key_seal == Sheet.key_seal)
                   & (Score.engine_version == engine_version))
        .outerjoin(WithdrawnForm, WithdrawnForm.form_id == Attempt.form_id)
        # A part whose form was withdrawn before it was begun is not waited for.
        .where(Attempt.sitting_id == sitting_id, Attempt.opened.is_not(None) | WithdrawnForm.form_id.is_(None))
        .order_by(Attempt.n)
    )  # fmt: skip
    scores = [score for _, score in db.execute(wanted)]
    return None if None in scores else scores


@dataclass(frozen=True)
class MeasuredWave:
    """A wave from which there are profiles, with the number of people booked in it."""

    wave: Wave
    booked: int


def measured_waves(db: Session, agency_id: UUID) -> Sequence[MeasuredWave]:
    """List an agency's waves that have a profile, newest first."""
    measured = (
        select(Sitting.wave_id)
        .join(Profile, Profile.sitting_id == Sitting.sitting_id)
        .where(Profile.agency_id == agency_id)
    )
    wanted = (
        select(Wave, func.count(Booking.booking_id)).join(Booking, Booking.wave_id == Wave.wave_id)
        .where(Wave.agency_id == agency_id, Wave.wave_id.in_(measured)).group_by(Wave.wave_id)
        .order_by(Wave.created.desc(), Wave.wave_id)
    )  # fmt: skip
    return [MeasuredWave(wave, booked) for wave, booked in db.execute(wanted)]


def chosen_wave(waves: Sequence[MeasuredWave], wave_id: UUID | None) -> MeasuredWave | None:
    """Take the wave that is asked for, else the newest; refuses with NotFound one that is not among them."""
    if wave_id is None:
        return waves[0] if waves else None
    found = next((one for one in waves if one.wave.wave_id == wave_id), None)
    if found is None:
        raise NotFound("Gelombang ini tidak ada di instansi Anda, atau belum ada hasilnya.")
    return found


def profiles(db: Session, agency_id: UUID, wave_id: UUID | None = None) -> Sequence[tuple[Profile, Booking]]:
    """List an agency's newest profiles with the person's booking, by name."""
    newest = (
        select(Profile.sitting_id, func.max(Profile.made).label("made")).where(Profile.agency_id == agency_id)
        .group_by(Profile.sitting_id).subquery()
    )  # fmt: skip
    wanted = (
        select(Profile, Booking)
        .join(newest, (newest.c.sitting_id == Profile.sitting_id) & (newest.c.made == Profile.made))
        .join(Sitting, Sitting.sitting_id == Profile.sitting_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Profile.agency_id == agency_id).order_by(Booking.name)
    )  # fmt: skip
    if wave_id is not None:
        wanted = wanted.where(Booking.wave_id == wave_id)
    return [(profile, booking) for profile, booking in db.execute(wanted)]


def profile(db: Session, agency_id: UUID, sitting_id: int) -> tuple[Profile, Booking]:
    """Give the newest profile of a sitting; another agency's does not exist."""
    wanted = (
        select(Profile, Booking).join(Sitting, Sitting.sitting_id == Profile.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Profile.sitting_id == sitting_id, Profile.agency_id == agency_id).order_by(Profile.made.desc())
    )  # fmt: skip
    found = db.execute(wanted.limit(1)).one_or_none()
    if found is None:
        raise NotFound("Profil ini tidak ada di instansi Anda.")
    return found[0], found[1]


def newest_profile(db: Session, sitting_id: int) -> Profile:
    """Give the newest profile of a sitting, for the workers."""
    found = db.scalar(select(Profile).where(Profile.sitting_id == sitting_id).order_by(Profile.made.desc()).limit(1))
    if found is None:
        raise NotFound(f"no profile of sitting {sitting_id}")
    return found
