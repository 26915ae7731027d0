"""What is on record of accommodations. Every query takes the agency."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sitting
from assessment_app.scheduling.models import Accommodation, Booking, ExamSession


def record_of(db: Session, agency_id: UUID, booking_id: UUID) -> Sequence[Accommodation]:
    """List what was ever granted to somebody or taken back, in order."""
    own = Accommodation.booking_id == booking_id, Accommodation.agency_id == agency_id
    return list(db.scalars(select(Accommodation).where(*own).order_by(Accommodation.n)))


def begun(db: Session, agency_id: UUID, session: ExamSession) -> frozenset[UUID]:
    """Name the bookings of a session whose first part was started: nothing is granted to them any more."""
    wanted = (
        select(Sitting.booking_id).join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(Attempt, Attempt.sitting_id == Sitting.sitting_id)
        .where(Booking.session_id == session.session_id, Sitting.agency_id == agency_id, Attempt.opened.is_not(None))
    )  # fmt: skip
    return frozenset(db.scalars(wanted))
