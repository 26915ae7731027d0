"""What placing reads: who sat, their newest profile or signed result, and what evidence says. For workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.evidence import queries as evidence
from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee
from assessment_app.review import queries as review
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import Rules, read
from assessment_app.scheduling.models import Booking, Wave
from assessment_app.scoring.models import Profile
from assessment_app.talent.rules.formula import Formula, read_formula
from assessment_app.talent.rules.talent import Case


@dataclass(frozen=True)
class Person:
    """Who is placed: the sitting, and who they were on the day."""

    sitting_id: int
    agency_id: UUID
    wave_id: UUID
    employee_id: UUID
    demonstration: bool
    timezone: str
    nip: str
    name: str
    unit: str
    post: str
    job_level: str
    birth_date: date


@dataclass(frozen=True)
class Subject:
    """A person with the result that counts: the newest signed one, else the newest profile."""

    person: Person
    profile: Profile
    signed: str | None
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Numbers:
    """A rule set, read for both definitions."""

    document: Mapping[str, Any]
    rules: Rules
    formula: Formula


def subjects(db: Session, sitting_ids: Sequence[int]) -> list[Subject]:
    """Collect whoever of some sittings has a profile, in the order of the sittings."""
    people = persons(db, sitting_ids)
    made = select(Profile).where(Profile.sitting_id.in_(sitting_ids))
    every: dict[int, dict[str, Profile]] = {}
    for profile in db.scalars(made.order_by(Profile.made, Profile.inputs_sha256)):
        every.setdefault(profile.sitting_id, {})[profile.inputs_sha256] = profile
    signed, found = review.signed(db, sitting_ids), []
    for person in people:
        profiles = every.get(person.sitting_id)
        if profiles is None:
            continue
        result = signed.get(person.sitting_id)
        if result is None:
            newest = list(profiles.values())[-1]
            found.append(Subject(person, newest, None, newest.document))
        else:
            found.append(Subject(person, profiles[result.profile_inputs], result.sha256, result.document))
    return found


def subject_of(db: Session, profile: Profile, document: Mapping[str, Any]) -> Subject:
    """Take the person of a profile with a result that nobody signed yet."""
    (person,) = persons(db, [profile.sitting_id])
    return Subject(person, profile, None, document)


def persons(db: Session, sitting_ids: Sequence[int]) -> list[Person]:
    """Tell who sat, as they were on the day."""
    wanted = (
        select(
            Sitting.sitting_id, Sitting.agency_id, Sitting.wave_id, Booking.employee_id, Wave.demonstration,
            Agency.timezone, Booking.nip, Booking.name, Booking.unit, Booking.post, Booking.job_level,
            Employee.birth_date,
        )
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .join(Employee, Employee.employee_id == Booking.employee_id)
        .join(Wave, Wave.wave_id == Sitting.wave_id).join(Agency, Agency.agency_id == Sitting.agency_id)
        .where(Sitting.sitting_id.in_(sitting_ids)).order_by(Sitting.sitting_id)
    )  # fmt: skip
    return [Person(**row) for row in db.execute(wanted).mappings()]


def numbers(db: Session, sha256: str) -> Numbers:
    """Read the rule set that a profile was made with; refuses with IncompleteRules."""
    document = db.get_one(RuleSet, sha256).document
    return Numbers(document, read(document), read_formula(document))


def cases(
    db: Session, found: Sequence[Subject], document: Mapping[str, Any], now: datetime, known_at: datetime | None = None
) -> tuple[list[Case], list[date]]:
    """Put what evidence says of each person beside the result, in their order, as of the day in their agency."""
    told: dict[UUID, tuple[date, Mapping[UUID, Mapping[str, Any]], Mapping[UUID, str | None]]] = {}
    by_agency: dict[UUID, list[Person]] = {}
    for one in found:
        by_agency.setdefault(one.person.agency_id, []).append(one.person)
    for agency_id, people in by_agency.items():
        day, ids = now.astimezone(ZoneInfo(people[0].timezone)).date(), [person.employee_id for person in people]
        told[agency_id] = (
            day, evidence.components(db, agency_id, ids, document, day, known_at),
            evidence.predicates(db, agency_id, ids, day, known_at),
        )  # fmt: skip
    made, days = [], []
    for one in found:
        day, components, predicates = told[one.person.agency_id]
        who = one.person.employee_id
        made.append(Case(one.result, components.get(who, {}), predicates.get(who)))
        days.append(day)
    return made, days
