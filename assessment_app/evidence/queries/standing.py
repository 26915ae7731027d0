"""Whose kept judgement is out of date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from assessment_app.evidence.models import EvidenceFact, EvidenceStanding
from assessment_app.evidence.queries.imports import today
from assessment_app.people.models import Employee
from assessment_app.rule_sets import queries as numbers


@dataclass(frozen=True)
class Terms:
    """By which rules, and on which day, evidence is judged."""

    rule_set: str
    document: Mapping[str, Any]
    as_of: date


@dataclass(frozen=True)
class Stale:
    """An employee whose judgement is out of date, with the number of facts that there are now."""

    employee_id: UUID
    facts: int


def terms(db: Session, agency_id: UUID, now: datetime) -> Terms:
    """Give the rules that are in force for an agency, and the day that it is there."""
    found = numbers.in_force(db, agency_id, now)
    return Terms(found.sha256, found.document, today(db, agency_id, now))


def is_judged(terms: Terms) -> ColumnElement[bool]:
    """Tell whether a kept judgement is of this day and by these rules."""
    return and_(EvidenceStanding.rule_set == terms.rule_set, EvidenceStanding.as_of == terms.as_of)


def stale(db: Session, agency_id: UUID, terms: Terms, most: int) -> Sequence[Stale]:
    """Name employees of whom nothing is kept, or what is kept is of another day, rule set or number of facts."""
    if _all_fresh(db, agency_id, terms):
        return []
    told = (
        select(EvidenceFact.employee_id, func.count().label("facts")).where(EvidenceFact.agency_id == agency_id)
        .group_by(EvidenceFact.employee_id).subquery()
    )  # fmt: skip
    facts = func.coalesce(told.c.facts, 0)
    is_fresh = and_(
        EvidenceStanding.employee_id == Employee.employee_id, is_judged(terms), EvidenceStanding.facts == facts
    )
    wanted: Select[UUID, int] = (
        select(Employee.employee_id, facts).outerjoin(told, told.c.employee_id == Employee.employee_id)
        .outerjoin(EvidenceStanding, is_fresh)
        .where(Employee.agency_id == agency_id, EvidenceStanding.employee_id.is_(None))
        .order_by(Employee.employee_id).limit(most)
    )  # fmt: skip
    return [Stale(employee_id, count) for employee_id, count in db.execute(wanted)]


def _all_fresh(db: Session, agency_id: UUID, terms: Terms) -> bool:
    """Tell that nobody is out of date by counting alone, which is nearly always so and costs a fifth of looking.

    Facts only grow: where as many were judged as there are, of as many people as there are, each was judged on all.
    """
    kept = select(func.count(), func.coalesce(func.sum(EvidenceStanding.facts), 0))
    judged = db.execute(kept.where(EvidenceStanding.agency_id == agency_id, is_judged(terms))).one()
    there = [
        db.scalar(select(func.count()).select_from(table).where(table.agency_id == agency_id))
        for table in (Employee, EvidenceFact)
    ]
    return list(judged) == there
