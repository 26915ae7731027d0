"""What was done with candidacies: the acts of a post or of a person, the newest of each, and technical fits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from assessment_app.people.models import Employee
from assessment_app.people.queries import CHUNK
from assessment_app.succession.models import SuccessionAct, TargetPost, TargetPostEnd, TechnicalFit
from assessment_app.succession.rules.life import STANDING, Deed


@dataclass(frozen=True)
class Group:
    """A post that somebody is a candidate for, and how they stand there."""

    target: TargetPost
    deed: Deed


def last(agency_id: UUID) -> Select[SuccessionAct]:
    """Ask for the newest act of each candidacy of an agency: where it stands."""
    grouped = SuccessionAct.post_id, SuccessionAct.employee_id
    newest = (
        select(*grouped, func.max(SuccessionAct.n).label("n")).where(SuccessionAct.agency_id == agency_id)
        .group_by(*grouped).subquery()
    )  # fmt: skip
    same = and_(
        SuccessionAct.post_id == newest.c.post_id, SuccessionAct.employee_id == newest.c.employee_id,
        SuccessionAct.n == newest.c.n,
    )  # fmt: skip
    return select(SuccessionAct).join(newest, same)


def of_post(db: Session, target: TargetPost) -> dict[UUID, SuccessionAct]:
    """Give the newest act on each person who was ever proposed for a post, by person."""
    wanted = last(target.agency_id).where(SuccessionAct.post_id == target.post_id)
    return {one.employee_id: one for one in db.scalars(wanted)}


def of_person(db: Session, target: TargetPost, employee_id: UUID) -> Sequence[SuccessionAct]:
    """List everything that was done with somebody's candidacy for a post, the first act first."""
    wanted = select(SuccessionAct).where(
        SuccessionAct.post_id == target.post_id, SuccessionAct.employee_id == employee_id
    )  # fmt: skip
    return db.scalars(wanted.order_by(SuccessionAct.n)).all()


@dataclass(frozen=True)
class Told:
    """One act in the story of a post."""

    at: datetime
    kind: str
    employee_id: UUID
    name: str
    account_id: UUID
    reason: str


def story(db: Session, target: TargetPost, most: int) -> list[Told]:
    """List what was done for a post, whoever it was done to, the newest first; no document is read."""
    columns = (
        SuccessionAct.at, SuccessionAct.kind, SuccessionAct.employee_id, Employee.name, SuccessionAct.account_id,
        SuccessionAct.reason,
    )  # fmt: skip
    wanted = select(*columns).join(Employee, Employee.employee_id == SuccessionAct.employee_id)
    ordered = wanted.where(SuccessionAct.post_id == target.post_id).order_by(
        SuccessionAct.at.desc(), Employee.name, SuccessionAct.n.desc()
    )  # fmt: skip
    return [Told(*row) for row in db.execute(ordered.limit(most))]


def groups(db: Session, agency_id: UUID, employee_ids: Collection[UUID]) -> dict[UUID, list[Group]]:
    """List the open posts for which each of some people is a candidate."""
    found: dict[UUID, list[Group]] = {}
    ordered = sorted(set(employee_ids))
    for first in range(0, len(ordered), CHUNK):
        wanted = (
            last(agency_id).add_columns(TargetPost)
            .join(TargetPost, TargetPost.post_id == SuccessionAct.post_id)
            .outerjoin(TargetPostEnd, TargetPostEnd.post_id == TargetPost.post_id)
            .where(SuccessionAct.employee_id.in_(ordered[first : first + CHUNK]), TargetPostEnd.post_id.is_(None),
                   SuccessionAct.kind.in_(STANDING))
            .order_by(TargetPost.post_key, TargetPost.unit_key)
        )  # fmt: skip
        for act, target in db.execute(wanted):
            found.setdefault(act.employee_id, []).append(Group(target, Deed(act.kind)))
    return found


def technical_fits(db: Session, target: TargetPost, employee_ids: Collection[UUID]) -> dict[UUID, TechnicalFit]:
    """Give the newest technical fit of each of some people with a post, where one was written down."""
    found: dict[UUID, TechnicalFit] = {}
    ordered = sorted(set(employee_ids))
    for first in range(0, len(ordered), CHUNK):
        wanted = select(TechnicalFit).where(
            TechnicalFit.post_id == target.post_id, TechnicalFit.employee_id.in_(ordered[first : first + CHUNK])
        )
        found |= {one.employee_id: one for one in db.scalars(wanted.order_by(TechnicalFit.n))}
    return found


def names(db: Session, agency_id: UUID, employee_ids: Collection[UUID]) -> dict[UUID, Employee]:
    """Give some employees of an agency, placed or not, by their ids."""
    found: dict[UUID, Employee] = {}
    ordered = sorted(set(employee_ids))
    for first in range(0, len(ordered), CHUNK):
        those = Employee.agency_id == agency_id, Employee.employee_id.in_(ordered[first : first + CHUNK])
        found |= {one.employee_id: one for one in db.scalars(select(Employee).where(*those))}
    return found
