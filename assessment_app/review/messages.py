"""What comes in from the pages of review, and how the numbers of a rule set are written for people."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

USED_RULES = (
    "jpm.purpose", "competency.standard", "potential.min_measured", "potential.cuts", "competency.near_cut",
    "box.near_cut", "validity.rapid_seconds", "validity.effort_least", "validity.fit_level",
    "validity.longstring_share", "validity.straight_share", "validity.consistency_least",
)  # fmt: skip
"""The rules behind every profile; the thresholds that the purpose names come on top."""


@dataclass(frozen=True)
class UsedRule:
    """One rule as it was used for a person: its value in words, where it comes from, and how sure that is."""

    name: str
    value: str
    source: str
    mark: str


def used_rules(document: Mapping[str, Any], job_level: str, without: Container[str] = ()) -> list[UsedRule]:
    """List the rules that made a profile, each with what it said for this job level; those ``without`` did not."""
    rules, purpose = document["rules"], document["rules"]["jpm.purpose"]["value"]
    used = [name for name in (purpose, *USED_RULES) if name not in without]
    return [
        UsedRule(name, _written(rules[name]["value"], job_level), rules[name]["source"], rules[name]["mark"])
        for name in used
    ]


def _written(value: Any, job_level: str) -> str:
    """Write a rule's value down briefly; of a table by job level only the line that counts."""
    match value:
        case {"lowest": lowest, "above": above}:
            return ", ".join([*(f"{name} ≥ {lower}" for name, lower in reversed(above)), lowest])
        case dict():
            return str(value[job_level])
        case list():
            return " / ".join(str(part) for part in value)
        case float():
            return str(value).replace(".", ",")
        case _:
            return str(value)
