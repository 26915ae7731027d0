"""What a report is called, how long it holds, and where somebody stands on the way to one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.scheduling.rules import PIN_LETTERS

CODE_LENGTH, CODE_GROUP = 12, 4
"""60 bits: with a limit on attempts nobody finds a code by trying."""

OBJECTION_DAYS = {"value": 14}
"""For rule sets that do not know the rule; the release says that it is the platform's own choice."""

MOST_INITIALS = 6


class State(StrEnum):
    """Where somebody stands on the way to a report, in the order of the work."""

    UNSIGNED = "unsigned"
    HELD = "held"  # signed, and under review again, computed anew, or not placed yet
    WAITING = "waiting"
    ASKED = "asked"  # the worker has it
    ISSUED = "issued"


class Verdict(StrEnum):
    """What verification says of a report."""

    VALID = "valid"
    REPLACED = "replaced"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Span:
    """How long a report counts: the last day on which it is valid, and the last one on which one can object."""

    valid_until: date
    objection_until: date


def span(rules: Mapping[str, Any], assessed: date, issued: date) -> Span:
    """Say how long a report counts, from the rules of its result; refuses with IncompleteRules.

    A result is valid so many years from the assessment (Peraturan BKN 26/2019); objections count from the issue.
    """
    try:
        years = int(rules["assessment.validity_years"]["value"])
        days = int(rules.get("assessment.objection_days", OBJECTION_DAYS)["value"])
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set says nothing of reports: {error}") from error
    return Span(_years_after(assessed, years), issued + timedelta(days=days))


def _years_after(day: date, years: int) -> date:
    """Give the same day some years later; the 28th of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def verdict(valid_until: date, today: date, *, is_replaced: bool) -> Verdict:
    """Judge a report on a day; the last day of its validity belongs to it."""
    if is_replaced:
        return Verdict.REPLACED
    return Verdict.EXPIRED if today > valid_until else Verdict.VALID


def number(agency_code: str, year: int, wave_no: int, n: int) -> str:
    """Name a report: agency, year of issue, the how manieth wave of the agency, place in the wave."""
    return f"{agency_code.upper()}/{year}/G{wave_no}/{n:06d}"


def code_of(secret_bytes: bytes) -> str:
    """Write a code of 12 letters from at least so many bytes that nobody can foresee."""
    return "".join(PIN_LETTERS[byte % len(PIN_LETTERS)] for byte in secret_bytes[:CODE_LENGTH])


def read_code(typed: str) -> str:
    """Read a code as people type it, with or without signs between; empty when it cannot be one."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(PIN_LETTERS) else ""


def grouped(text: str, size: int = CODE_GROUP, between: str = "-") -> str:
    """Write a code or a hash in groups, as it can be read aloud."""
    return between.join(text[at : at + size] for at in range(0, len(text), size))


def initials(name: str) -> str:
    """Give the initials of a name without its titles: Dr. Sri Wahyuningsih, M.M. becomes S.W."""
    words = [word for word in name.partition(",")[0].split() if not word.endswith(".")]
    letters = [word[0].upper() for word in words if word[0].isalpha()] or [name.strip()[:1].upper()]
    return "".join(f"{letter}." for letter in letters[:MOST_INITIALS])


LEAST_TOLD = 0.005
"""A chance below rounds to nothing."""


def other_boxes(placement: Mapping[str, Any]) -> list[tuple[int, float]]:
    """List the boxes beside the one that a placement names, with their chances: the likeliest first, then by number."""
    every = enumerate(placement["chances"], 1)
    told = [(number, chance) for number, chance in every if number != placement["box"] and chance >= LEAST_TOLD]
    return sorted(told, key=lambda one: (-one[1], one[0]))
