"""What an assessor may decide about a profile, and what follows from it. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import IncompleteRules, Rules
from assessment_app.scoring.rules import Terms, match
from assessment_app.scoring.rules.levels import together
from assessment_app.scoring.rules.sureness import certainty, is_near_cut, serious
from scoring_engine.canonical import canonical, digest

Document = Mapping[str, Any]

MOST_LEAST = 1000
"""A rule set that wants longer reasons than this is a slip of the finger: the form takes two thousand letters."""


class Choice(StrEnum):
    """What an assessor can decide."""

    CONFIRM = "confirm"
    ADJUST = "adjust"
    REASSESS = "reassess"


@dataclass(frozen=True)
class ReviewRules:
    """What a rule set says of reviews."""

    furthest: int
    least_letters: int
    plain: int
    near_cut: int

    def assessors_needed(self, profile: Document, rules: Rules, *, is_adjusted: bool) -> int:
        """Count who must agree: two for what a person changed, else as the rule set says, at least one."""
        if is_adjusted:
            return 2
        return max(1, self.near_cut if is_near_cut(profile, rules) else self.plain)


def read_review(document: Document) -> ReviewRules:
    """Read the rules of review from a rule set's document; refuses with IncompleteRules."""
    try:
        rules = document["rules"]
        least = rules["assessment.assessors_min"]["value"]
        found = ReviewRules(
            furthest=int(rules["review.adjustment_limit"]["value"]),
            least_letters=int(rules["review.reason_min_letters"]["value"]),
            plain=int(least["automatic"]), near_cut=int(least["near_cut"]),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set says nothing of reviews: {error}") from error
    if not (found.furthest >= 0 and 0 <= found.least_letters <= MOST_LEAST):
        raise IncompleteRules("a limit of the review is out of reach")
    if not (0 <= found.plain <= 2 and 0 <= found.near_cut <= 2):
        raise IncompleteRules("a result is signed by one assessor or by two, not by more")
    return found


@dataclass(frozen=True)
class Adjustment:
    """Another level for one competency, and why."""

    construct: str
    system: int
    level: int
    reason: str


@dataclass(frozen=True)
class Decision:
    """What an assessor decided about one profile; ``why`` explains a correction or a new assessment."""

    choice: Choice
    adjustments: tuple[Adjustment, ...] = ()
    part: int | None = None
    why: str = ""

    def said(self) -> dict[str, Any]:
        """Write the decision down as the steps of a review keep it."""
        return {
            "choice": self.choice.value, "part": self.part, "why": self.why,
            "adjustments": [
                {"construct": one.construct, "system": one.system, "signed": one.level, "reason": one.reason}
                for one in self.adjustments
            ],
        }  # fmt: skip

    @classmethod
    def of(cls, said: Document) -> Decision:
        """Read a decision from what a step keeps."""
        adjustments = tuple(
            Adjustment(one["construct"], one["system"], one["signed"], one["reason"]) for one in said["adjustments"]
        )
        return cls(Choice(said["choice"]), adjustments, said["part"], said["why"])


def decision(
    profile: Document, choice: Choice, levels: Mapping[str, int], reasons: Mapping[str, str], part: int | None, why: str
) -> Decision:
    """Keep of a filled form what counts for the choice: a level that is the system's own adjusts nothing."""
    adjusted = tuple(
        Adjustment(one["construct"], one["level"], levels[one["construct"]], reasons.get(one["construct"], ""))
        for one in profile["competencies"]
        if one["level"] is not None and levels.get(one["construct"], one["level"]) != one["level"]
    )
    is_adjusting, is_asking = choice is Choice.ADJUST, choice is Choice.REASSESS
    return Decision(choice, adjusted if is_adjusting else (), part if is_asking else None, why)


class Fault(StrEnum):
    """Why a decision cannot be taken."""

    NOTHING_ADJUSTED = "nothing_adjusted"
    TOO_FAR = "too_far"
    TOO_SHORT = "too_short"
    NO_PART = "no_part"
    WHY_TOO_SHORT = "why_too_short"


def faults(
    taken: Decision, profile: Document, limits: ReviewRules, parts: Container[int | None], *, is_correction: bool
) -> list[tuple[Fault, str]]:
    """List what is wrong with a decision, each with the competency it speaks of; empty when it may be taken."""
    found = [fault for one in taken.adjustments for fault in _faults_of(one, profile, limits)]
    if taken.choice is Choice.ADJUST and not taken.adjustments:
        found.append((Fault.NOTHING_ADJUSTED, ""))
    if taken.choice is Choice.REASSESS and taken.part not in parts:
        found.append((Fault.NO_PART, ""))
    if (is_correction or taken.choice is Choice.REASSESS) and len(taken.why) < limits.least_letters:
        found.append((Fault.WHY_TOO_SHORT, ""))
    return found


def _faults_of(one: Adjustment, profile: Document, limits: ReviewRules) -> list[tuple[Fault, str]]:
    allowed = allowed_levels(competency(profile, one.construct), limits)
    wrong = {Fault.TOO_FAR: one.level not in allowed, Fault.TOO_SHORT: len(one.reason) < limits.least_letters}
    return [(fault, one.construct) for fault, applies in wrong.items() if applies]


def competency(profile: Document, construct: str) -> Document:
    """Find a competency of a profile."""
    found: Document = next(one for one in profile["competencies"] if one["construct"] == construct)
    return found


def allowed_levels(score: Document, limits: ReviewRules) -> range:
    """List the levels that an assessor may give instead of the system's; none where nothing was measured."""
    if score["level"] is None:
        return range(0)
    highest = len(score["levels"])
    return range(max(1, score["level"] - limits.furthest), min(highest, score["level"] + limits.furthest) + 1)


def adjusted(profile: Document, adjustments: Sequence[Adjustment], terms: Terms) -> dict[str, Any]:
    """Give the profile as it is with these levels: they are certain, and the match is computed anew."""
    levels = {one.construct: one.level for one in adjustments}
    competencies = [
        _settled(one, levels[one["construct"]]) if one["construct"] in levels else one
        for one in profile["competencies"]
    ]  # fmt: skip
    return dict(profile) | {"competencies": competencies, "jpm": match(competencies, terms)}


def _settled(score: Document, level: int) -> dict[str, Any]:
    chances = [float(number == level) for number in range(1, len(score["levels"]) + 1)]
    reaches = float(level >= score["required"])
    return dict(score) | {"level": level, "levels": chances, "reaches": reaches, "near_cut": False}


def signed_document(
    profile: Document, taken: Decision, terms: Terms, signature: Document
) -> dict[str, Any]:  # fmt: skip
    """Write a profile as it is signed: nothing of the confirmed one is touched, ``signed`` says what was decided."""
    whole = adjusted(profile, taken.adjustments, terms) if taken.adjustments else dict(profile)
    return whole | {"signed": {"schema": "proasn/signed/1"} | taken.said() | dict(signature)}


@dataclass(frozen=True)
class Boxed:
    """The box of one definition, named by the text of its axes; no number while something is missing."""

    definition: str
    number: int | None
    chance: float | None


@dataclass(frozen=True)
class Effect:
    """What a decision changes: the match and the boxes, before and after it, and the name of just this effect."""

    before: Document
    after: Document
    boxes: Sequence[tuple[Boxed, Boxed]]
    token: str


def seen_token(profile_sha256: str, adjustments: Sequence[Adjustment]) -> str:
    """Name an effect, so that who signs proves to have been shown this one and no other."""
    levels = sorted((one.construct, one.level) for one in adjustments)
    return digest(canonical({"profile": profile_sha256, "levels": levels}))


def is_plain(profile: Document, rules: Rules, limits: ReviewRules) -> bool:
    """Tell whether a profile may be confirmed together with others: whole, near no cut, nothing serious against it."""
    is_whole = certainty(profile, rules) is not None
    is_single = limits.assessors_needed(profile, rules, is_adjusted=False) == 1
    return is_whole and is_single and not is_near_cut(profile, rules) and not serious(profile)


def match_error(profile: Document, rules: Rules) -> float | None:
    """Give the standard error of the match in per cent, from the probabilities of the levels; none without a match."""
    if profile["jpm"]["exact"] is None:
        return None
    (variance,) = together([profile["competencies"]], rules.level_correlation).variance_of_sum()
    required = sum(one["required"] for one in profile["competencies"])
    return float(100 * np.sqrt(variance) / required)
