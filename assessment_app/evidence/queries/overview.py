"""How complete the evidence of a wave or a unit is: what the BKD still has to fetch, and of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessment_app.evidence.queries.known import components
from assessment_app.evidence.rules import COMPONENTS, Component, Known
from assessment_app.people.models import Employee, Unit
from assessment_app.people.queries import PAGE
from assessment_app.scheduling.models import Booking, Wave


@dataclass(frozen=True)
class Person:
    """An employee with what is known of each component."""

    employee_id: UUID
    nip: str
    name: str
    post_title: str
    unit: str
    known: Mapping[str, Component]

    @property
    def missing(self) -> int:
        """Count the components that nobody told of."""
        return sum(one.state == Known.UNKNOWN for one in self.known.values())


@dataclass(frozen=True)
class Completeness:
    """The people who were asked for by name, and for each component how many are in which state."""

    people: Sequence[Person]
    counts: Mapping[str, Mapping[Known, int]]

    @property
    def whole(self) -> int:
        """Count the people of whom nothing is missing."""
        return sum(not one.missing for one in self.people)


def waves(db: Session, agency_id: UUID) -> list[tuple[UUID, str]]:
    """Name an agency's waves, the newest first."""
    wanted = select(Wave.wave_id, Wave.name).where(Wave.agency_id == agency_id)
    return [(wave_id, name) for wave_id, name in db.execute(wanted.order_by(Wave.created.desc(), Wave.name))]


def completeness(
    db: Session, agency_id: UUID, document: Mapping[str, Any], as_of: date, wave_id: UUID | None, unit_id: UUID | None
) -> Completeness:
    """Judge everybody of a wave, a unit, both, or the whole agency."""
    rows = people_of(db, agency_id, wave_id, unit_id)
    known = components(db, agency_id, [row[0] for row in rows], document, as_of)
    people = [Person(*row, known[row[0]]) for row in rows]
    counts = {name: Counter(one.known[name].state for one in people) for name in COMPONENTS}
    return Completeness(people, counts)


def people_of(
    db: Session, agency_id: UUID, wave_id: UUID | None, unit_id: UUID | None
) -> list[tuple[UUID, str, str, str, str]]:
    """List active employees by name: of a wave, of a unit with those under it, or all."""
    wanted = select(Employee.employee_id, Employee.nip, Employee.name, Employee.post_title, Unit.name)
    wanted = wanted.join(Unit, Unit.unit_id == Employee.unit_id)
    wanted = wanted.where(Employee.agency_id == agency_id, Employee.active)
    if wave_id is not None:
        booked = select(Booking.employee_id).where(Booking.agency_id == agency_id, Booking.wave_id == wave_id)
        wanted = wanted.where(Employee.employee_id.in_(booked))
    if unit_id is not None:
        wanted = wanted.where(or_(Unit.unit_id == unit_id, Unit.parent_id == unit_id))
    return [tuple(row) for row in db.execute(wanted.order_by(Employee.name, Employee.nip))]  # type: ignore[misc]  # five columns as asked


__all__ = ["PAGE", "Completeness", "Person", "completeness", "people_of", "waves"]
