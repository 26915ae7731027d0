"""What rooms, waves, sessions and bookings are called, by their ids: what the audit trail keeps is ids alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assessment_app.platform import audit
from assessment_app.platform.db import scoped
from assessment_app.platform.texts import show_datetime
from assessment_app.scheduling.models import Booking, ExamSession, Room, Wave


def names_of(db: Session, agency_id: UUID | None, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Name what is planned, of one agency or, without one, of all; whose id is none of planning's is left out."""
    found = audit.named(
        db, agency_id, ids, (Room.room_id, Room.name, Room.agency_id), (Wave.wave_id, Wave.name, Wave.agency_id),
        (Booking.booking_id, Booking.name, Booking.agency_id),
    )  # fmt: skip
    sessions = select(ExamSession).where(ExamSession.session_id.in_(ids)).options(joinedload(ExamSession.room))
    for one in db.scalars(scoped(sessions, ExamSession.agency_id, agency_id)):
        found[one.session_id] = f"{one.room.name}, {show_datetime(one.starts, 'short', one.room.timezone)}"
    return found
