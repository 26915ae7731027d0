"""What assessors do before they decide: look at a profile, which is an act of its own, write a draft, take a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessment_app.platform import audit
from assessment_app.platform.db import insert_new
from assessment_app.review import queries
from assessment_app.review.models import ReviewDraft, ReviewLease
from assessment_app.review.queries import cases, standing
from assessment_app.review.rules.standing import GLANCE, TAKEN, UNDECIDED, State, is_held_by_other, state_of
from assessment_app.scheduling.models import Booking
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile

SPARE = 20
"""Cases that are looked at beyond those asked for: another assessor may take some at the same moment."""


@dataclass(frozen=True)
class Assessor:
    """Who reviews, for which agency, and from where."""

    agency_id: UUID
    account_id: UUID
    full_name: str
    origin: str = ""

    @property
    def actor(self) -> str:
        """Name the assessor in the audit trail."""
        return f"account:{self.account_id}"


def note(
    db: Session, by: Assessor, action: str, sitting_id: int, now: datetime, reason: str = "", **detail: object
) -> None:  # fmt: skip
    """Leave an entry of the audit trail about a sitting."""
    subject = standing.subject_of(sitting_id)
    audit.record(db, audit.Act(by.agency_id, by.actor, action, subject, reason, by.origin, detail), now)


def open_profile(
    db: Session, by: Assessor, sitting_id: int, now: datetime
) -> tuple[Profile, Booking, queries.Evidence]:  # fmt: skip
    """Give the newest profile of a sitting with what it rests on, and note who looked at it.

    Every look is noted, also a repeated one. While nobody has decided and nobody else works on it, the others see for
    a while who looks. Refuses with NotFound for another agency's.
    """
    profile, booking = scores.profile(db, by.agency_id, sitting_id)
    seen = queries.evidence(db, profile)
    if state_in(db, by, profile) in UNDECIDED:
        hold(db, by, sitting_id, now, taken=False)
    note(db, by, queries.OPENED, sitting_id, now, profile=profile.sha256)
    return profile, booking, seen


def state_in(db: Session, by: Assessor, profile: Profile) -> State:
    """Judge where the review of a profile stands for one assessor."""
    step = standing.last(standing.last_step(db, by.agency_id, profile.sitting_id))
    has_draft = standing.draft(db, by.agency_id, profile.sitting_id, by.account_id) is not None
    return state_of(step, profile.sha256, has_draft=has_draft)


def save_draft(
    db: Session, by: Assessor, sitting_id: int, profile_sha256: str, written: Mapping[str, object], now: datetime
) -> None:
    """Keep what an assessor has written so far, in the place of an earlier draft. Refuses with NotFound."""
    scores.profile(db, by.agency_id, sitting_id)
    values = {"profile_sha256": profile_sha256, "document": dict(written), "saved": now}
    key = {"sitting_id": sitting_id, "account_id": by.account_id}
    if not insert_new(db, ReviewDraft, **key, agency_id=by.agency_id, **values):
        row = db.get_one(ReviewDraft, tuple(key.values()), with_for_update=True)
        row.profile_sha256, row.document, row.saved = profile_sha256, dict(written), now
    hold(db, by, sitting_id, now, taken=True)
    note(db, by, "review.draft", sitting_id, now, profile=profile_sha256)


def hold(db: Session, by: Assessor, sitting_id: int, now: datetime, *, taken: bool) -> bool:
    """Show the others who works on a sitting; nothing happens, and False is said, while somebody else does."""
    until = now + (TAKEN if taken else GLANCE)
    values = {"agency_id": by.agency_id, "account_id": by.account_id, "taken": taken, "until": until}
    if insert_new(db, ReviewLease, sitting_id=sitting_id, **values):
        return True
    row = db.get_one(ReviewLease, sitting_id, with_for_update=True, populate_existing=True)
    is_own = row.account_id == by.account_id
    if not is_own and row.until > now:
        return False
    is_taken = is_own and row.taken and row.until > now
    row.account_id, row.taken = by.account_id, taken or is_taken
    row.until = max(row.until, until) if is_own else until
    return True


def take(db: Session, by: Assessor, sitting_id: int, now: datetime) -> None:
    """Put a case into an assessor's own queue, also if somebody else has it; refuses with NotFound."""
    scores.profile(db, by.agency_id, sitting_id)
    before = standing.lease(db, by.agency_id, sitting_id, now)
    if before is not None and is_held_by_other(before, by.account_id, now):
        db.execute(delete(ReviewLease).where(ReviewLease.sitting_id == sitting_id))
    hold(db, by, sitting_id, now, taken=True)
    from_whom = str(before.account_id) if before and before.account_id != by.account_id else None
    note(db, by, "review.take", sitting_id, now, taken_from=from_whom)


def take_next(db: Session, by: Assessor, wave_id: UUID, count: int, now: datetime) -> list[int]:
    """Put the next undecided cases of a wave, in the order of its queue, into an assessor's own; names them."""
    reader = cases.Reader(by.agency_id, wave_id, by.account_id, now)
    found: list[int] = []
    for sitting_id in cases.free(db, reader, count + SPARE):
        if len(found) < count and hold(db, by, sitting_id, now, taken=True):
            found.append(sitting_id)
    for sitting_id in found:  # after all are held: whoever writes to the audit trail waits for nobody any more
        note(db, by, "review.take", sitting_id, now, taken_from=None)
    return found


def release(db: Session, by: Assessor, sitting_id: int, now: datetime) -> None:
    """Take a case out of an assessor's own queue; safe to repeat. Refuses with NotFound."""
    scores.profile(db, by.agency_id, sitting_id)
    if let_go(db, by, sitting_id):
        note(db, by, "review.release", sitting_id, now)


def let_go(db: Session, by: Assessor, sitting_id: int) -> bool:
    """End an assessor's own hold on a sitting; tells whether there was one."""
    own = select(ReviewLease).where(ReviewLease.sitting_id == sitting_id, ReviewLease.account_id == by.account_id)
    row = db.scalar(own.with_for_update())
    if row is None:
        return False
    db.delete(row)
    db.flush()
    return True
