"""Which rules stand behind a matrix, and which of them nobody has verified. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessment_app.talent.rules import TALENT, formula

PROFILING_USED = (
    "jpm.purpose", "jpm.cap_per_competency", "jpm.cap_total", "jpm.weights", "competency.standard",
    "competency.correlation", "potential.weights",
    "potential.min_measured", "potential.correlation", "potential.cuts", "box.numbering", "box.near_cut",
)  # fmt: skip
"""The rules behind every box of the early mapping; the thresholds that the purpose names come on top."""

UNVERIFIED, OWN_DESIGN = "M", "D"


@dataclass(frozen=True)
class Doubtful:
    """A rule without a source outside: from memory, or this platform's own design."""

    name: str
    source: str
    mark: str


def used(document: Mapping[str, Any], definition: str) -> list[str]:
    """Name the rules of a document that stand behind a definition."""
    rules = document["rules"]
    named = formula.USED if definition == TALENT else (rules["jpm.purpose"]["value"], *PROFILING_USED)
    return [name for name in named if name in rules]


def doubtful(document: Mapping[str, Any], definition: str) -> list[Doubtful]:
    """List the rules behind a definition that rest on no public source, the unverified first."""
    rules = document["rules"]
    found = [Doubtful(name, rules[name]["source"], rules[name]["mark"]) for name in used(document, definition)]
    return sorted(
        (one for one in found if one.mark in (UNVERIFIED, OWN_DESIGN)), key=lambda one: one.mark == OWN_DESIGN
    )  # fmt: skip
