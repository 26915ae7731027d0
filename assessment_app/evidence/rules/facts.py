"""What a fact is: something that a source says of one person, standing until another fact names it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID


class Kind(StrEnum):
    """What a fact is about; one file holds one kind."""

    PERFORMANCE = "performance"
    AWARD = "award"
    TEAM = "team"
    FEEDBACK_360 = "feedback_360"
    TRAINING = "training"
    POST = "post"
    EDUCATION = "education"
    DISCIPLINE = "discipline"
    SIMATA = "simata"


class State(StrEnum):
    """What a row does: says something, says that somebody looked and found none, or takes another row back."""

    PRESENT = "present"
    ABSENT = "absent"
    TAKEN_BACK = "taken_back"


class Known(StrEnum):
    """How much is known of a component; unknown is never zero."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


CHECKABLE = (Kind.AWARD, Kind.TEAM, Kind.TRAINING, Kind.DISCIPLINE)
"""Kinds of which a rule says what it is worth to have none: only these can be marked as checked."""

KIND_OF = {
    "performance": Kind.PERFORMANCE, "award": Kind.AWARD, "team": Kind.TEAM, "feedback_360": Kind.FEEDBACK_360,
    "development": Kind.TRAINING, "experience": Kind.POST, "education": Kind.EDUCATION, "field": Kind.EDUCATION,
    "discipline": Kind.DISCIPLINE,
}  # fmt: skip
"""Components of the talent value that come from outside, axis Y first, and the kind of facts behind each."""

COMPONENTS = tuple(KIND_OF)

DATE_FIELD = {
    Kind.AWARD: "date", Kind.TEAM: "from", Kind.FEEDBACK_360: "year", Kind.TRAINING: "date", Kind.POST: "from",
    Kind.DISCIPLINE: "from", Kind.PERFORMANCE: "year",
}  # fmt: skip
"""Where a fact of each kind says since when it holds."""

DEMONSTRATION = "Peragaan (data rekaan)"
"""The system that files invented for a demonstration come from: every row of them tells, and pages label it."""


@dataclass(frozen=True)
class Fact:
    """One row of evidence: ``said`` is what a reader of its kind made of the source (see ``reading``)."""

    fact_id: UUID
    kind: Kind
    state: State
    said: Mapping[str, Any]
    replaces: UUID | None = None
    source: str = ""


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """Give the facts that no other one has corrected or taken back."""
    rows = list(facts)
    gone = {fact.replaces for fact in rows}
    return [fact for fact in rows if fact.state != State.TAKEN_BACK and fact.fact_id not in gone]


def identity(kind: Kind, state: State, said: Mapping[str, Any]) -> Hashable:
    """Tell what makes two facts the same."""
    return kind, state, frozenset(said.items())


def slot(kind: Kind, said: Mapping[str, Any]) -> str:
    """Name what a fact answers when there can be one answer only: the year of a predicate; empty otherwise."""
    return str(said.get("year", "")) if kind in (Kind.PERFORMANCE, Kind.FEEDBACK_360) else ""


def answer(kind: Kind, said: Mapping[str, Any]) -> str:
    """Give the answer that must be the same in every fact of one slot."""
    return str(said.get("predicate" if kind == Kind.PERFORMANCE else "value", ""))


def earliest(text: object) -> date:
    """Read the first day that a written day can mean: a bare year begins with January."""
    written = str(text)
    return date.fromisoformat(written if len(written) > 4 else f"{written}-01-01")


def latest(text: object) -> date:
    """Read the last day that a written day can mean: a bare year ends with December."""
    written = str(text)
    return date.fromisoformat(written if len(written) > 4 else f"{written}-12-31")


def since(fact: Fact) -> date:
    """Tell from when on a fact holds, at the earliest."""
    return earliest(fact.said[DATE_FIELD[fact.kind]])


def checked(mark: Fact) -> date:
    """Tell on which day somebody looked and found none."""
    return date.fromisoformat(mark.said["checked"])


def is_contradicted(mark: Fact, fact: Fact) -> bool:
    """Tell whether a fact was there already when somebody looked and found none."""
    return since(fact) <= checked(mark)


def years_before(day: date, years: int) -> date:
    """Give the same day some years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
