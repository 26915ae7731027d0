"""What assessors do: at this stage they read, and reading a person's results is an act of its own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.platform import audit
from assessment_app.review import queries
from assessment_app.scheduling.models import Booking
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile


def open_profile(
    db: Session, agency_id: UUID, sitting_id: int, by: Actor, now: datetime
) -> tuple[Profile, Booking, queries.Evidence]:
    """Give the newest profile of a sitting with what it rests on, and note who looked at it.

    Every look is noted, also a repeated one. Refuses with NotFound for another agency's.
    """
    profile, booking = scores.profile(db, agency_id, sitting_id)
    seen = queries.evidence(db, agency_id, profile)
    act = audit.Act(
        agency_id, by.name, queries.OPENED, queries.subject_of(sitting_id), origin=by.origin,
        detail={"profile": profile.sha256},
    )  # fmt: skip
    audit.record(db, act, now)
    return profile, booking, seen
