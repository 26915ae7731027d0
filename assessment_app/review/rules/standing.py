"""Where the review of a sitting stands, and who may do what next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GLANCE = timedelta(minutes=30)
"""How long an opened profile shows its reader to the others."""

TAKEN = timedelta(days=7)
"""How long a profile stays in the queue of whoever took it."""


class State(StrEnum):
    """Where the review of a sitting stands, in the order of the work."""

    OPEN = "open"
    DRAFT = "draft"
    RETURNED = "returned"
    WAITING = "waiting"
    REASSESS = "reassess"
    OUTDATED = "outdated"
    SIGNED = "signed"


UNDECIDED = frozenset({State.OPEN, State.DRAFT, State.RETURNED, State.OUTDATED})
"""Somebody still has to decide."""

AFTER = {
    "submitted": State.WAITING, "approved": State.SIGNED, "signed": State.SIGNED, "reassess": State.REASSESS,
    "sent_back": State.RETURNED,
}  # fmt: skip
"""Where a review stands after its last step."""


@dataclass(frozen=True)
class Lease:
    """Who works on a sitting, and until when."""

    account_id: UUID
    who: str
    taken: bool
    until: datetime


@dataclass(frozen=True)
class Last:
    """The last step of a review: how many there were, what it was, whose, and on which profile."""

    n: int
    kind: str
    account_id: UUID
    profile_sha256: str


def state_of(last: Last | None, profile_sha256: str, *, has_draft: bool) -> State:
    """Judge a review from its last step; what was decided on an older profile is outdated."""
    state = AFTER[last.kind] if last else State.OPEN
    if last and state is not State.RETURNED and last.profile_sha256 != profile_sha256:
        state = State.OUTDATED
    return State.DRAFT if has_draft and state in (State.OPEN, State.RETURNED) else state


def may_decide(state: State, last: Last | None, account_id: UUID) -> bool:
    """Tell whether an assessor may decide now; what waits for approval only its own author may decide anew."""
    return state is not State.WAITING or (last is not None and last.account_id == account_id)


def may_approve(state: State, last: Last | None, account_id: UUID) -> bool:
    """Tell whether an assessor is the second person for what waits."""
    return state is State.WAITING and last is not None and last.account_id != account_id


def is_held_by_other(lease: Lease | None, account_id: UUID, now: datetime) -> bool:
    """Tell whether somebody else works on it at this moment."""
    return lease is not None and lease.account_id != account_id and lease.until > now
