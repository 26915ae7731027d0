"""How complete the evidence of a wave or a unit is: what the BKD still has to fetch, and of whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from assessment_app.evidence.models import EvidenceStanding
from assessment_app.evidence.queries.known import components
from assessment_app.evidence.queries.standing import Terms, is_judged
from assessment_app.evidence.rules import COMPONENTS, Component, Known
from assessment_app.people.models import Employee, Unit
from assessment_app.people.queries import PAGE, holds
from assessment_app.scheduling.models import Booking, Wave

STATE_OF = {state[0]: state for state in Known}


@dataclass(frozen=True)
class Person:
    """An employee with what is known of each component."""

    employee_id: UUID
    nip: str
    name: str
    post_title: str
    unit: str
    known: Mapping[str, Component]


@dataclass(frozen=True)
class Completeness:
    """How many people there are, of how many nothing is missing, and for each component how many are in which state.

    Who is not judged yet, today and by the rules in force, is in no count but ``pending``.
    """

    judged: int
    pending: int
    whole: int
    counts: Mapping[str, Mapping[Known, int]]


@dataclass(frozen=True)
class Narrowed:
    """Whose evidence a page is about: of a wave, of a unit with those under it, by name or NIP, lacking a component."""

    wave_id: UUID | None
    unit_id: UUID | None
    text: str = ""
    lacking: str = ""


def waves(db: Session, agency_id: UUID) -> list[tuple[UUID, str]]:
    """Name an agency's waves, the newest first."""
    wanted = select(Wave.wave_id, Wave.name).where(Wave.agency_id == agency_id)
    return [(wave_id, name) for wave_id, name in db.execute(wanted.order_by(Wave.created.desc(), Wave.name))]


def completeness(db: Session, agency_id: UUID, terms: Terms, narrowed: Narrowed) -> Completeness:
    """Count everybody of a wave, a unit, both, or the whole agency by what is known of them."""
    wanted = _of(select(EvidenceStanding.states, func.count()).select_from(Employee), agency_id, terms, narrowed)
    found = dict(tuple(row) for row in db.execute(wanted.group_by(EvidenceStanding.states)))
    pending = found.pop(None, 0)
    counts: dict[str, Counter[Known]] = {name: Counter() for name in COMPONENTS}
    for states, count in found.items():
        for name, letter in zip(COMPONENTS, states, strict=True):
            counts[name][STATE_OF[letter]] += count
    unknown = Known.UNKNOWN[0]
    whole = sum(count for states, count in found.items() if unknown not in states)
    return Completeness(sum(found.values()), pending, whole, counts)


def count(db: Session, agency_id: UUID, terms: Terms, narrowed: Narrowed, seen: Completeness) -> int:
    """Count the people of a page's list; what was counted already is not counted again."""
    if narrowed.text:
        wanted = _of(select(func.count()).select_from(Employee), agency_id, terms, narrowed)
        return db.scalar(wanted.where(*_wanted(narrowed))) or 0
    if narrowed.lacking in COMPONENTS:
        return seen.counts[narrowed.lacking].get(Known.UNKNOWN, 0)
    return seen.judged + seen.pending


def listed(db: Session, agency_id: UUID, terms: Terms, narrowed: Narrowed, page: int) -> Sequence[Person]:
    """Give one page of the people by name, each with what is known now."""
    columns = select(Employee.employee_id, Employee.nip, Employee.name, Employee.post_title, Unit.name)
    columns = columns.select_from(Employee).join(Unit, Unit.unit_id == Employee.unit_id)
    wanted = _of(columns, agency_id, terms, narrowed).where(*_wanted(narrowed)).order_by(Employee.name, Employee.nip)
    rows = db.execute(wanted.limit(PAGE).offset((page - 1) * PAGE)).all()
    known = components(db, agency_id, [row[0] for row in rows], terms.document, terms.as_of)
    return [Person(who, nip, name, post, unit, known[who]) for who, nip, name, post, unit in rows]


def _of(
    asked: Select[*tuple[Any, ...]], agency_id: UUID, terms: Terms, narrowed: Narrowed
) -> Select[*tuple[Any, ...]]:  # fmt: skip
    """Ask about active employees of an agency, each with what is kept of them today."""
    kept = and_(EvidenceStanding.employee_id == Employee.employee_id, is_judged(terms))
    wanted = asked.outerjoin(EvidenceStanding, kept).where(Employee.agency_id == agency_id, Employee.active)
    if narrowed.wave_id is not None:
        booked = select(Booking.employee_id).where(Booking.agency_id == agency_id, Booking.wave_id == narrowed.wave_id)
        wanted = wanted.where(Employee.employee_id.in_(booked))
    if narrowed.unit_id is not None:
        inside = select(Unit.unit_id).where(or_(Unit.unit_id == narrowed.unit_id, Unit.parent_id == narrowed.unit_id))
        wanted = wanted.where(Employee.unit_id.in_(inside))
    return wanted


def _wanted(narrowed: Narrowed) -> Iterator[ColumnElement[bool]]:
    if narrowed.lacking in COMPONENTS:
        place = COMPONENTS.index(narrowed.lacking) + 1
        yield func.substr(EvidenceStanding.states, place, 1) == Known.UNKNOWN[0]
    if narrowed.text:
        yield holds(Employee.name, Employee.nip, narrowed.text)


__all__ = ["PAGE", "Completeness", "Narrowed", "Person", "completeness", "count", "listed", "waves"]
