"""The life of an item: who may take which step, and where it leads. Pure; the history is an argument.

A version of an item never changes. What is mended is written as a new version, which begins as a draft of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a version of an item stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PILOT = "pilot"
    OPERATIONAL = "operational"
    RECALLED = "recalled"
    RETIRED = "retired"


class Act(StrEnum):
    """What can be done with a version of an item."""

    WRITE = "write"
    ADMIT = "admit"
    SUBMIT = "submit"
    REVIEW = "review"
    RETURN = "return"
    APPROVE = "approve"
    PILOT = "pilot"
    OPERATE = "operate"
    RECALL = "recall"
    REINSTATE = "reinstate"
    RETIRE = "retire"
    COMMENT = "comment"


class Aspect(StrEnum):
    """What a reviewer looks at; each aspect by another person."""

    CONTENT = "content"
    LANGUAGE = "language"
    FAIRNESS = "fairness"


@dataclass(frozen=True)
class Deed:
    """Something that was done with a version; ``aspect`` is empty but for reviews, ``state`` is where it led."""

    act: Act
    who: str
    state: State
    aspect: str = ""


class Reason(StrEnum):
    """Why a step cannot be taken; the words for people belong to who shows them."""

    NOT_IN_THIS_STATE = "not-in-this-state"
    OWN_ITEM = "own-item"
    ASPECT_IS_DONE = "aspect-is-done"
    ANOTHER_ASPECT_IS_YOURS = "another-aspect-is-yours"
    ONLY_DEMONSTRATION = "only-demonstration"


class NotNow(ValueError):
    """A step that cannot be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.SUBMIT): State.IN_REVIEW,
    (State.IN_REVIEW, Act.REVIEW): State.IN_REVIEW,
    (State.IN_REVIEW, Act.RETURN): State.RETURNED,
    (State.REVIEWED, Act.APPROVE): State.APPROVED,
    (State.APPROVED, Act.PILOT): State.PILOT,
    (State.PILOT, Act.OPERATE): State.OPERATIONAL,
    (State.PILOT, Act.RECALL): State.RECALLED,
    (State.OPERATIONAL, Act.RECALL): State.RECALLED,
    (State.RECALLED, Act.REINSTATE): State.OPERATIONAL,
    **{(state, Act.RETIRE): State.RETIRED for state in State if state not in (State.RETIRED, State.IN_REVIEW)},
    **{(state, Act.COMMENT): state for state in State},
}  # fmt: skip
"""Every step but the first; the third review leads on to REVIEWED."""

BY_ANOTHER = frozenset({Act.REVIEW, Act.RETURN, Act.APPROVE})
"""What nobody does with an item of their own."""


def begins(act: Act, *, demonstration: bool) -> State:
    """Say where a version begins; only demonstration content may come in as operational, unreviewed here."""
    if act is Act.ADMIT and not demonstration:
        raise NotNow(Reason.ONLY_DEMONSTRATION)
    return State.OPERATIONAL if act is Act.ADMIT else State.DRAFT


def after(history: Sequence[Deed], act: Act, who: str, aspect: str = "", authors: Collection[str] = ()) -> State:
    """Say where a step leads; refuses with NotNow. The history begins with what wrote the version.

    ``authors`` wrote this version and those before it, whose words it keeps.
    """
    state = history[-1].state
    leads_to = MOVES.get((state, act))
    if leads_to is None:
        raise NotNow(Reason.NOT_IN_THIS_STATE)
    if act in BY_ANOTHER and who in {history[0].who, *authors}:
        raise NotNow(Reason.OWN_ITEM)
    if act is not Act.REVIEW:
        return leads_to
    passed = {deed.aspect: deed.who for deed in history if deed.act is Act.REVIEW}
    if aspect in passed:
        raise NotNow(Reason.ASPECT_IS_DONE)
    if who in passed.values():
        raise NotNow(Reason.ANOTHER_ASPECT_IS_YOURS)
    return State.REVIEWED if {*passed, aspect} == {*Aspect} else leads_to


def open_aspects(history: Sequence[Deed], who: str, authors: Collection[str] = ()) -> list[Aspect]:
    """Name the aspects that somebody may still review."""
    return [aspect for aspect in Aspect if _may(history, Act.REVIEW, who, aspect, authors)]


def open_acts(history: Sequence[Deed], who: str, authors: Collection[str] = ()) -> list[Act]:
    """Name the steps that somebody may take next; for a review see ``open_aspects``."""
    return [act for act in Act if act is not Act.REVIEW and _may(history, act, who, "", authors)]


def _may(history: Sequence[Deed], act: Act, who: str, aspect: str, authors: Collection[str]) -> bool:
    try:
        after(history, act, who, aspect, authors)
    except NotNow:
        return False
    return True
