"""What lies on an assessor's desk beside a profile: where its review stands, whose turn it is, what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.accounts.rules import Role
from assessment_app.review.models import ReviewDraft, ReviewStep, SignedResult
from assessment_app.review.queries import Evidence, standing
from assessment_app.review.rules.deciding import Boxed, Decision, Effect, adjusted, seen_token
from assessment_app.review.rules.standing import Lease, State, may_approve, may_decide, state_of
from assessment_app.scoring.models import Profile

Boxes = Callable[[Session, Profile, Mapping[str, Any], datetime], Sequence[Boxed]]
"""Tells into which boxes a profile's document leads, by definition."""


@dataclass(frozen=True)
class Desk:
    """All that the decision card shows besides the profile itself."""

    state: State
    step: ReviewStep | None
    step_by: str
    signed: SignedResult | None
    signed_by: str
    approved_by: str
    draft: ReviewDraft | None
    lease: Lease | None
    others: Sequence[str]
    may_decide: bool
    may_approve: bool

    @property
    def steps(self) -> int:
        """How many steps the review has had: what the next one must follow."""
        return self.step.n if self.step else 0

    @property
    def decided(self) -> Decision | None:
        """What the last step decided, if it decided something."""
        return Decision.of(self.step.document) if self.step else None


def desk(db: Session, agency_id: UUID, profile: Profile, account_id: UUID, now: datetime) -> Desk:
    """Lay out what an assessor needs in order to decide."""
    step = standing.last_step(db, agency_id, profile.sitting_id)
    draft = standing.draft(db, agency_id, profile.sitting_id, account_id)
    last = standing.last(step)
    state = state_of(last, profile.sha256, has_draft=draft is not None)
    signed = standing.signed(db, [profile.sitting_id]).get(profile.sitting_id)
    people = [step.account_id] if step else []
    people += [one for one in (signed.signed_by, signed.approved_by) if one] if signed else []
    names = accounts.names_of(db, people)
    colleagues = accounts.holders(db, agency_id, Role.ASSESSOR)
    return Desk(
        state, step, names[step.account_id] if step else "", signed, names[signed.signed_by] if signed else "",
        names[signed.approved_by] if signed and signed.approved_by else "", draft,
        standing.lease(db, agency_id, profile.sitting_id, now),
        [one.full_name for one in colleagues if one.account_id != account_id],
        may_decide(state, last, account_id), may_approve(state, last, account_id),
    )  # fmt: skip


def effect(
    db: Session, profile: Profile, seen: Evidence, decided: Decision, boxes: Boxes, now: datetime
) -> Effect:  # fmt: skip
    """Compute what a decision would change, before anybody signs."""
    document = profile.document
    after = adjusted(document, decided.adjustments, seen.terms) if decided.adjustments else document
    pairs = zip(boxes(db, profile, document, now), boxes(db, profile, after, now), strict=True)
    return Effect(document["jpm"], after["jpm"], list(pairs), seen_token(profile.sha256, decided.adjustments))
