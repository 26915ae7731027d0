"""Who candidates are, and what screening rests on: pointers and facts, never a document of a result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessment_app.evidence import queries as evidence
from assessment_app.evidence.rules import Fact, Kind
from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee
from assessment_app.people.queries import CHUNK
from assessment_app.people.rules import JobLevel, Status
from assessment_app.personnel.rules.records import Person
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scheduling.models import Booking, ExamSession, Room, Wave
from assessment_app.succession.models import TargetPost
from assessment_app.succession.rules import Pool, screening
from assessment_app.succession.rules.screening import Criterion, Numbers
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.rules import SIGNED, TALENT


@dataclass(frozen=True)
class Subject:
    """An employee with the placement that counts: that of the newest signed result, else the newest one.

    Only the definition of the regulation places anybody here; the early mapping never does.
    """

    employee: Employee
    placed: CurrentPlacement
    signed: str | None
    assessed: date
    wave: str


@dataclass(frozen=True)
class Basis:
    """What screening some people takes: their sanctions, the rule sets that placed them, and the day."""

    facts: Mapping[UUID, Sequence[Fact]]
    rule_sets: Mapping[str, RuleSet]
    numbers: Mapping[str, Numbers]
    as_of: date


def subjects(db: Session, agency_id: UUID, employee_ids: Collection[UUID]) -> dict[UUID, Subject]:
    """Give those of some employees of an agency who have a placement."""
    found: dict[UUID, tuple[tuple[bool, datetime, int], Subject]] = {}
    ordered = sorted(set(employee_ids))
    for first in range(0, len(ordered), CHUNK):
        wanted = (
            select(Employee, CurrentPlacement, Placement.signed_sha256, ExamSession.starts, Room.timezone, Wave.name)
            .join(Booking, Booking.employee_id == Employee.employee_id)
            .join(Sitting, Sitting.booking_id == Booking.booking_id)
            .join(CurrentPlacement, and_(CurrentPlacement.sitting_id == Sitting.sitting_id,
                                         CurrentPlacement.definition == TALENT))
            .join(Placement, and_(Placement.sitting_id == CurrentPlacement.sitting_id, Placement.definition == TALENT,
                                  Placement.inputs_sha256 == CurrentPlacement.inputs_sha256))
            .join(ExamSession, ExamSession.session_id == Booking.session_id)
            .join(Room, Room.room_id == ExamSession.room_id).join(Wave, Wave.wave_id == Booking.wave_id)
            .where(Employee.agency_id == agency_id, Employee.employee_id.in_(ordered[first : first + CHUNK]))
        )  # fmt: skip
        for employee, placed, signed, starts, timezone, wave in db.execute(wanted):
            day = starts.astimezone(ZoneInfo(timezone)).date()
            order = (placed.state == SIGNED, starts, placed.sitting_id)
            before = found.get(employee.employee_id)
            if before is None or before[0] < order:
                found[employee.employee_id] = order, Subject(employee, placed, signed, day, wave)
    return {employee_id: subject for employee_id, (_order, subject) in found.items()}


def employees_of(db: Session, agency_id: UUID, sitting_ids: Collection[int]) -> list[UUID]:
    """Name the employees of some sittings that the definition of the regulation places; others are left out."""
    wanted = select(CurrentPlacement.employee_id).where(
        CurrentPlacement.agency_id == agency_id, CurrentPlacement.definition == TALENT,
        CurrentPlacement.sitting_id.in_(set(sitting_ids)),
    )  # fmt: skip
    return sorted(set(db.scalars(wanted)))


def basis(db: Session, agency_id: UUID, found: Collection[Subject], now: datetime) -> Basis:
    """Read what screening some people takes; refuses with IncompleteRules."""
    people = {one.employee.employee_id for one in found}
    sets = {sha256: numbers.rule_set(db, sha256) for sha256 in {one.placed.rule_set for one in found}}
    return Basis(
        evidence.facts(db, agency_id, people, [Kind.DISCIPLINE]), sets,
        {sha256: Numbers.of(one.document) for sha256, one in sets.items()}, evidence.today(db, agency_id, now),
    )  # fmt: skip


def screened(one: Subject, target: TargetPost | None, basis: Basis) -> dict[str, Criterion]:
    """Judge every criterion of one person, for a post or, without one, for the agency's group."""
    rules, placed = basis.numbers[one.placed.rule_set], one.placed
    pool = Pool(target.pool) if target is not None else Pool.AGENCY
    facts = basis.facts.get(one.employee.employee_id, ())
    return {
        "box": screening.box(placed.cell, placed.open_cells, pool, rules),
        "discipline": screening.discipline(facts, rules.discipline_years, basis.as_of),
        "retirement": _retirement(one.employee, target, rules, basis.as_of),
        "result": screening.result(one.signed, one.assessed, rules.validity_years, basis.as_of),
    }


def _retirement(employee: Employee, target: TargetPost | None, rules: Numbers, as_of: date) -> Criterion:
    if not employee.active:
        return screening.left()
    own = _holder(employee, employee.post_title, employee.job_level)
    there = own if target is None else _holder(employee, target.post, target.job_level)
    by_contract = employee.status == Status.PPPK
    return screening.retirement(own, there, by_contract=by_contract, numbers=rules, as_of=as_of)


def _holder(employee: Employee, post: str, level: str) -> Person:
    """Give an employee as holder of a post, as the rules of retirement know people."""
    return Person(0, employee.nip, employee.name, born=employee.birth_date, post=post, level=JobLevel(level))
