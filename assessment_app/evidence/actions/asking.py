"""Whoever learns something about people asks for their placements anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.people.queries import CHUNK
from assessment_app.platform import queue
from assessment_app.scheduling.models import Booking


def ask_for_placements(db: Session, agency_id: UUID, employee_ids: Collection[UUID], now: datetime) -> None:
    """Ask for the placements of all sittings of some employees; who has no result yet is placed when there is one."""
    asked = sorted(set(employee_ids), key=str)
    for first in range(0, len(asked), CHUNK):
        theirs = Booking.agency_id == agency_id, Booking.employee_id.in_(asked[first : first + CHUNK])
        sat = select(Sitting.sitting_id).join(Booking, Booking.booking_id == Sitting.booking_id).where(*theirs)
        queue.enqueue_many(db, "place", map(str, db.scalars(sat)), now)
