"""The life of an agency's own rule set: from a draft over a second person to numbers that decide. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Deed(StrEnum):
    """What somebody did with an agency's own rule set."""

    DRAFT = "draft"
    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """What has become of an agency's own rule set."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


AFTER = {
    Deed.DRAFT: State.OPEN, Deed.EDIT: State.OPEN, Deed.SUBMIT: State.SUBMITTED, Deed.APPROVE: State.APPROVED,
    Deed.SEND_BACK: State.OPEN, Deed.WITHDRAW: State.WITHDRAWN,
}  # fmt: skip

POSSIBLE_IN = {
    Deed.EDIT: frozenset({State.OPEN}), Deed.SUBMIT: frozenset({State.OPEN}),
    Deed.APPROVE: frozenset({State.SUBMITTED}), Deed.SEND_BACK: frozenset({State.SUBMITTED}),
    Deed.WITHDRAW: frozenset({State.OPEN, State.SUBMITTED}),
}  # fmt: skip
"""When each deed is possible. Nothing is possible any more with what was approved or withdrawn: it is superseded."""

AUTHORS_DEEDS = frozenset({Deed.DRAFT, Deed.EDIT, Deed.SUBMIT})
"""Whoever did one of these had a hand in the numbers and cannot be the second person who approves them."""


def state_after(deeds: Sequence[str]) -> State:
    """Tell what the deeds of a draft, in their order, have made of it."""
    return AFTER[Deed(deeds[-1])]


def is_possible(deed: Deed, deeds: Sequence[str]) -> bool:
    """Tell whether a deed can follow on those that were done."""
    return state_after(deeds) in POSSIBLE_IN[deed]


RELEASED = "aturan-baku"
"""The name of the rule sets that come with releases."""


def standing_name(agency_code: str) -> str:
    """Name an agency's own rule sets: never as those of a release are named, and different for every agency."""
    return f"instansi/{agency_code}"
