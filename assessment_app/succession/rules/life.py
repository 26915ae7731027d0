"""What can be done with somebody's candidacy for a post, after what, and by whom. Pure."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID


class Deed(StrEnum):
    """One act on a candidacy; the newest one says where it stands."""

    PROPOSE = "proposed"
    TAKE = "taken"
    LEAVE = "not_taken"
    WITHDRAW = "withdrawn"
    TAKE_OUT = "taken_out"


AFTER: dict[Deed | None, frozenset[Deed]] = {
    None: frozenset({Deed.PROPOSE}), Deed.PROPOSE: frozenset({Deed.TAKE, Deed.LEAVE, Deed.WITHDRAW}),
    Deed.TAKE: frozenset({Deed.TAKE_OUT}), Deed.LEAVE: frozenset({Deed.PROPOSE}),
    Deed.WITHDRAW: frozenset({Deed.PROPOSE}), Deed.TAKE_OUT: frozenset({Deed.PROPOSE}),
}  # fmt: skip
"""What may follow on what; nobody is out for good."""

STANDING = frozenset({Deed.PROPOSE, Deed.TAKE})
"""Whoever stands so is a candidate: screened and ranked as things are now."""

DECISIONS = frozenset({Deed.TAKE, Deed.LEAVE, Deed.TAKE_OUT})
"""What the committee decides; never whoever proposed the person for this post."""


def may_do(deed: Deed, proposed_by: UUID, account_id: UUID) -> bool:
    """Tell whether an account is the right person for an act: the proposer withdraws, and decides nothing."""
    is_own = proposed_by == account_id
    return is_own if deed is Deed.WITHDRAW else not (is_own and deed in DECISIONS)
