"""Where reviews stand: steps, drafts, leases, and what is signed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

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


def draft(db: Session, agency_id: UUID, sitting_id: int, account_id: UUID) -> ReviewDraft | None:
    """Give what an assessor has written so far about a sitting of the agency."""
    found = db.get(ReviewDraft, (sitting_id, account_id))
    return found if found is not None and found.agency_id == agency_id else None


def lease(db: Session, agency_id: UUID, sitting_id: int, now: datetime) -> Lease | None:
    """Tell who works on a sitting at this moment."""
    wanted = select(ReviewLease).where(
        ReviewLease.agency_id == agency_id, ReviewLease.until > now, ReviewLease.sitting_id == sitting_id
    )
    row = db.scalar(wanted)
    if row is None:
        return None
    return Lease(row.account_id, accounts.names_of(db, [row.account_id])[row.account_id], row.taken, row.until)


def has_opened(db: Session, agency_id: UUID, profile: Profile, actor: str) -> bool:
    """Tell whether somebody has looked at this profile, and not only at an older one."""
    return bool(opened(db, agency_id, {profile.sitting_id: profile.sha256}, actor))


def opened(db: Session, agency_id: UUID, newest: Mapping[int, str], actor: str) -> list[int]:
    """Name those of some sittings whose profile, as it is now, somebody has looked at; in their order."""
    wanted = select(AuditEntry.subject, AuditEntry.detail).where(
        AuditEntry.agency_id == agency_id, AuditEntry.action == OPENED, AuditEntry.actor == actor
    )
    if len(newest) <= MOST_NAMED:  # else it is quicker to go through all that one person looked at
        wanted = wanted.where(AuditEntry.subject.in_(map(subject_of, newest)))
    looks = {(subject, detail.get("profile")) for subject, detail in db.execute(wanted)}
    return [sitting_id for sitting_id, sha256 in newest.items() if (subject_of(sitting_id), sha256) in looks]


def parts_of(db: Session, sitting_id: int) -> Sequence[int | None]:
    """List the numbers of a sitting's parts."""
    return sorted(attempt.n for attempt in db.get_one(Sitting, sitting_id).attempts)


def subject_of(sitting_id: int) -> str:
    """Name a sitting in the audit trail."""
    return f"sitting:{sitting_id}"
