"""Whose development is planned: who they are, and what their reports suggest already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.reports.queries import issued, standing
from assessment_app.reports.rules import State
from assessment_app.scheduling.models import Booking


def bookings(db: Session, agency_id: UUID, sitting_ids: Collection[int]) -> dict[int, Booking]:
    """Give who sat some sittings of an agency, by name; another agency's are left out."""
    wanted = (
        select(Sitting.sitting_id, Booking).join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Sitting.agency_id == agency_id, Sitting.sitting_id.in_(sitting_ids))
        .order_by(Booking.name, Sitting.sitting_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in db.execute(wanted)}


@dataclass(frozen=True)
class Known:
    """What is known of somebody's suggestions: those of a report that counts, or why there are none."""

    suggestions: Sequence[Mapping[str, Any]] | None
    number: str
    why: str

    @property
    def must_be_composed(self) -> bool:
        """Tell whether there is a signed result that no report speaks of yet."""
        return self.suggestions is None and not self.why


def known(db: Session, agency_id: UUID, sitting_ids: Sequence[int]) -> dict[int, Known]:
    """Tell of each sitting what its report suggests, or why there is nothing to suggest."""
    states = standing.states(db, agency_id, sitting_ids)
    reports = issued.newest(db, agency_id, [one for one, state in states.items() if state is State.ISSUED])
    found = {}
    for one in sitting_ids:
        if one in reports:
            found[one] = Known(reports[one].said["suggestions"], reports[one].report.number, "")
        elif one not in states:
            found[one] = Known(None, "", "sitting")
        else:
            found[one] = Known(None, "", "unsigned" if states[one] is State.UNSIGNED else "")
    return found
