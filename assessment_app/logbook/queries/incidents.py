"""The incidents of all sessions of an agency that hold: those that no correction has replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from assessment_app.logbook.messages.listing import Wanted
from assessment_app.logbook.models import Incident
from assessment_app.scheduling.models import ExamSession

PAGE = 50
ALL = 100_000
"""More than a province writes down in a year: what a file holds."""

Later = aliased(Incident)
Earlier = aliased(Incident, name="earlier")


@dataclass(frozen=True)
class Totals:
    """What is counted of the incidents that a filter leaves."""

    incidents: int
    sessions: int
    minutes: int
    """Given back, each incident once however many seats it had."""
    kinds: Mapping[str, int]
    """By kind, the filter for the kind left out: each button tells what it would show."""


def listed(
    db: Session, agency_id: UUID, wanted: Wanted, page: int = 1, size: int = PAGE
) -> Sequence[tuple[Incident, ExamSession]]:
    """List one page of the incidents with their sessions, the newest first."""
    found = _narrow(select(Incident, ExamSession), agency_id, wanted, wanted.kind)
    found = found.options(joinedload(ExamSession.wave), joinedload(ExamSession.room))
    rows = db.execute(
        found.order_by(Incident.happened.desc(), Incident.incident_id).limit(size).offset((page - 1) * size)
    )
    return [(incident, session) for incident, session in rows]


def totals(db: Session, agency_id: UUID, wanted: Wanted) -> Totals:
    """Count what a filter leaves."""
    counted = select(
        func.count(), func.count(Incident.session_id.distinct()), func.coalesce(func.sum(Incident.minutes), 0)
    )
    incidents, sessions, minutes = db.execute(_narrow(counted, agency_id, wanted, wanted.kind)).one()
    by_kind = _narrow(select(Incident.kind, func.count()), agency_id, wanted, "").group_by(Incident.kind)
    kinds = Counter({kind: number for kind, number in db.execute(by_kind)})  # noqa: C416  # a Row is no pair to dict()
    return Totals(incidents, sessions, int(minutes), kinds)


def open_ones(db: Session, agency_id: UUID) -> int:
    """Count the incidents that hold, of which nobody wrote down what was done, and for which no time was given back."""
    return db.scalar(_narrow(select(func.count()), agency_id, Wanted(open_only=True), "")) or 0


def _narrow(asked: Select[*tuple[Any, ...]], agency_id: UUID, wanted: Wanted, kind: str) -> Select[*tuple[Any, ...]]:
    holds = ~exists().where(Later.replaces == Incident.incident_id)
    found = (
        asked.select_from(Incident).join(ExamSession, ExamSession.session_id == Incident.session_id)
        .where(Incident.agency_id == agency_id, holds)
    )  # fmt: skip
    if kind:
        found = found.where(Incident.kind == kind)
    if wanted.wave_id is not None:
        found = found.where(ExamSession.wave_id == wanted.wave_id)
    if wanted.open_only:
        gave_time = exists().where(Earlier.incident_id == Incident.replaces, Earlier.minutes > 0)
        found = found.where(Incident.done == "", Incident.minutes == 0, ~gave_time)
    if wanted.text:
        words = (column.icontains(wanted.text, autoescape=True) for column in (Incident.told, Incident.done))
        found = found.where(or_(*words))
    return found
