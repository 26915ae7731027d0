"""Where reviews stand: steps, drafts, leases, and what is signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assessment_app.accounts import queries as accounts
from assessment_app.exam.models import Sitting
from assessment_app.platform.audit import AuditEntry
from assessment_app.review.models import ReviewDraft, ReviewLease, ReviewStep, SignedResult
from assessment_app.review.rules.standing import Last, Lease
from assessment_app.scoring.models import Profile

OPENED = "profile.open"
"""How the audit trail calls it when somebody looks at a profile."""

MOST_NAMED = 500
"""Sittings that one statement names: SQLite takes no more than some thousand values."""


def signed(db: Session, sitting_ids: Collection[int]) -> Mapping[int, SignedResult]:
    """Give the newest signed result of each sitting that has one."""
    found: dict[int, SignedResult] = {}
    for named in _by_hundreds(sitting_ids):
        newest = (
            select(SignedResult.sitting_id, func.max(SignedResult.n).label("n"))
            .where(SignedResult.sitting_id.in_(named)).group_by(SignedResult.sitting_id).subquery()
        )  # fmt: skip
        same = and_(newest.c.sitting_id == SignedResult.sitting_id, newest.c.n == SignedResult.n)
        found |= {row.sitting_id: row for row in db.scalars(select(SignedResult).join(newest, same))}
    return found


def _by_hundreds(sitting_ids: Collection[int]) -> Iterable[Sequence[int]]:
    ordered = sorted(sitting_ids)
    return (ordered[at : at + MOST_NAMED] for at in range(0, len(ordered), MOST_NAMED))


def last_step(db: Session, agency_id: UUID, sitting_id: int) -> ReviewStep | None:
    """Give the newest step of a sitting's review."""
    wanted = select(ReviewStep).where(ReviewStep.sitting_id == sitting_id, ReviewStep.agency_id == agency_id)
    return db.scalar(wanted.order_by(ReviewStep.n.desc()).limit(1))


def steps_of(db: Session, sitting_id: int) -> int:
    """Count the steps that a sitting's review has had."""
    return db.scalar(select(func.max(ReviewStep.n)).where(ReviewStep.sitting_id == sitting_id)) or 0


def last(step: ReviewStep | None) -> Last | None:
    """Keep of a step what says where the review stands."""
    return Last(step.n, step.kind, step.account_id, step.profile_sha256) if step else None


def last_steps(db: Session, agency_id: UUID, wave_id: UUID) -> dict[int, Last]:
    """Give the newest step of each reviewed sitting of a wave."""
    newest = (
        select(ReviewStep.sitting_id, func.max(ReviewStep.n).label("n"))
        .where(ReviewStep.agency_id == agency_id, _of_wave(ReviewStep.sitting_id, wave_id))
        .group_by(ReviewStep.sitting_id).subquery()
    )  # fmt: skip
    same = and_(newest.c.sitting_id == ReviewStep.sitting_id, newest.c.n == ReviewStep.n)
    wanted = select(
        ReviewStep.sitting_id, ReviewStep.n, ReviewStep.kind, ReviewStep.account_id, ReviewStep.profile_sha256
    ).join(newest, same)
    return {sitting_id: Last(n, kind, who, profile) for sitting_id, n, kind, who, profile in db.execute(wanted)}


def _of_wave(column: InstrumentedAttribute[int], wave_id: UUID) -> ColumnElement[bool]:
    return column.in_(select(Sitting.sitting_id).where(Sitting.wave_id == wave_id))


def drafted(db: Session, agency_id: UUID, wave_id: UUID, account_id: UUID) -> set[int]:
    """Name the sittings of a wave of which an assessor has a draft."""
    wanted = select(ReviewDraft.sitting_id).where(
        ReviewDraft.agency_id == agency_id, ReviewDraft.account_id == account_id,
        _of_wave(ReviewDraft.sitting_id, wave_id),
    )  # fmt: skip
    return set(db.scalars(wanted))


def draft(db: Session, agency_id: UUID, sitting_id: int, account_id: UUID) -> ReviewDraft | None:
    """Give what an assessor has written so far about a sitting of the agency."""
    found = db.get(ReviewDraft, (sitting_id, account_id))
    return found if found is not None and found.agency_id == agency_id else None


def leases(db: Session, agency_id: UUID, wave_id: UUID, now: datetime) -> dict[int, Lease]:
    """Tell who works on which sitting of a wave at this moment."""
    wanted = select(ReviewLease).where(
        ReviewLease.agency_id == agency_id, ReviewLease.until > now, _of_wave(ReviewLease.sitting_id, wave_id)
    )
    return _named(db, list(db.scalars(wanted)))


def lease(db: Session, agency_id: UUID, sitting_id: int, now: datetime) -> Lease | None:
    """Tell who works on a sitting at this moment."""
    wanted = select(ReviewLease).where(
        ReviewLease.agency_id == agency_id, ReviewLease.until > now, ReviewLease.sitting_id == sitting_id
    )
    return _named(db, list(db.scalars(wanted))).get(sitting_id)


def _named(db: Session, rows: Sequence[ReviewLease]) -> dict[int, Lease]:
    names = accounts.names_of(db, {row.account_id for row in rows})
    return {row.sitting_id: Lease(row.account_id, names[row.account_id], row.taken, row.until) for row in rows}


def has_opened(db: Session, agency_id: UUID, profile: Profile, actor: str) -> bool:
    """Tell whether somebody has looked at this profile, and not only at an older one."""
    return profile.sitting_id in opened(db, agency_id, [profile], actor)


def opened(db: Session, agency_id: UUID, profiles: Iterable[Profile], actor: str) -> set[int]:
    """Name the sittings whose profile, as it is now, somebody has looked at."""
    newest = {one.sitting_id: one.sha256 for one in profiles}
    found = set()
    for named in _by_hundreds(newest):
        subjects = {subject_of(sitting_id): sitting_id for sitting_id in named}
        wanted = select(AuditEntry.subject, AuditEntry.detail).where(
            AuditEntry.agency_id == agency_id, AuditEntry.action == OPENED, AuditEntry.actor == actor,
            AuditEntry.subject.in_(subjects),
        )  # fmt: skip
        looks = {(subjects[subject], detail.get("profile")) for subject, detail in db.execute(wanted)}
        found |= {sitting_id for sitting_id, sha256 in looks if newest[sitting_id] == sha256}
    return found


def parts_of(db: Session, sitting_id: int) -> Sequence[int | None]:
    """List the numbers of a sitting's parts."""
    return sorted(attempt.n for attempt in db.get_one(Sitting, sitting_id).attempts)


def subject_of(sitting_id: int) -> str:
    """Name a sitting in the audit trail."""
    return f"sitting:{sitting_id}"
