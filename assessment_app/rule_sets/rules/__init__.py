"""What a rule set says of a profile, read and checked. Pure.

Who uses other parts of a document reads them in a place of its own; every rule has a value, a source and a mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from item_bank.instruments import POTENTIAL_ASPECTS
from scoring_engine.standards.thresholds import ThresholdSet

NO_CORRELATION = {"value": 0}


class IncompleteRules(Exception):
    """A rule set lacks a rule, or one of its rules does not hold together."""


@dataclass(frozen=True)
class Rules:
    """One rule set, read and checked."""

    purpose: str
    thresholds: ThresholdSet
    standard: Mapping[str, int]
    least_measured: int
    aspect_weights: Sequence[float]
    """In the order of the aspects of potential."""
    aspect_correlation: float
    """Of the true values of two aspects; 0 in documents that do not know the rule."""
    level_correlation: float
    """Of the true values of two competencies, likewise."""
    potential_cuts: tuple[float, float]
    numbering: Sequence[Sequence[int]]
    near_cut: float
    near_level: float
    exceeds: bool
    """Whether a match can lie above 100 %: nothing caps it."""


def read(document: Mapping[str, Any]) -> Rules:
    """Read a rule set's document; refuses with IncompleteRules, naming what is wrong."""
    rules = document.get("rules", {})
    for name, rule in rules.items():
        if not rule.get("source") or rule.get("mark") not in ("V2", "V1", "M", "D"):
            raise IncompleteRules(f"rule {name} has no source or no mark")
    try:
        purpose = rules["jpm.purpose"]["value"]
        bands = rules[purpose]["value"]
        middle, high = rules["potential.cuts"]["value"]
        return Rules(
            purpose=purpose,
            thresholds=ThresholdSet.rising(bands["lowest"], *[(name, exact(lower)) for name, lower in bands["above"]]),
            standard=rules["competency.standard"]["value"],
            least_measured=rules["potential.min_measured"]["value"],
            aspect_weights=[float(rules["potential.weights"]["value"][one.code]) for one in POTENTIAL_ASPECTS],
            aspect_correlation=float(rules.get("potential.correlation", NO_CORRELATION)["value"]),
            level_correlation=float(rules.get("competency.correlation", NO_CORRELATION)["value"]),
            potential_cuts=(float(middle), float(high)),
            numbering=rules["box.numbering"]["value"],
            near_cut=float(rules["box.near_cut"]["value"]),
            near_level=float(rules["competency.near_cut"]["value"]),
            exceeds=_exceeds(rules),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set is not whole: {error}") from error


def _exceeds(rules: Mapping[str, Any]) -> bool:
    """Tell whether levels above the standard can lift a match above 100 %."""
    cap = rules["jpm.cap_total"]["value"]
    return not rules["jpm.cap_per_competency"]["value"] and (cap is None or cap > 100)


def exact(number: float) -> Fraction:
    """Read a number of a document as it is written: 79.1 is 791/10, not the nearest binary fraction."""
    return Fraction(str(number))
