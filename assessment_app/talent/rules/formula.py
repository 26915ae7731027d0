"""The numbers of the talent value, read from a rule set and checked. Pure.

What is still missing lies somewhere in the range of its sub-scale, so the range is read from there: a predicate that
nobody told is worth 20 to 100 points, an award 0 to 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessment_app.rule_sets.rules import IncompleteRules
from scoring_engine.standards.match import Variant
from scoring_engine.standards.nine_box import AxisCuts
from scoring_engine.standards.talent_value import AxisFormula

PERFORMANCE, COMPETENCY, POTENTIAL = "performance", "competency", "potential"
Y_PARTS = (PERFORMANCE, "award", "team", "feedback_360")
X_PARTS = (COMPETENCY, "development", "experience", POTENTIAL, "education", "field", "discipline")
FROM_EVIDENCE = tuple(part for part in (*Y_PARTS, *X_PARTS) if part not in (COMPETENCY, POTENTIAL))

FULL = Fraction(100)
"""Every component has points from 0 to 100; a match above it counts as 100."""

SCALES = {PERFORMANCE: "predicate.score"} | {
    part: f"talent.subscale.{part}"
    for part in ("award", "team", "development", "experience", "education", "field", "discipline")
}
"""Which rule holds a component's sub-scale; a component that is not here has any points from 0 to 100."""

INTERVAL, BLOCK = "interval", "block"
BY_PREDICATE, BY_SCORE = "predicate", "score"

USED = (
    "talent.y.weights", "talent.x.weights", "talent.axis_weights", "talent.cut.y", "talent.cut.x",
    "talent.missing_policy", *SCALES.values(), "predicate.row", "box.performance_mode", "box.numbering",
    "box.near_cut", "box.recommendations", "succession.eligible", "competency.standard", "competency.correlation",
    "potential.weights", "potential.min_measured", "potential.correlation", "jpm.weights",
    "talent.window.award_years", "talent.window.team_years", "talent.window.certificate_years",
    "talent.window.bnsp_certificate_years",
)  # fmt: skip
"""The rules behind every box of the talent definition."""


@dataclass(frozen=True)
class Formula:
    """What the talent definition computes with."""

    y: AxisFormula
    x: AxisFormula
    ends: Mapping[str, tuple[Fraction, Fraction]]
    cuts: AxisCuts
    axis_weights: tuple[Fraction, Fraction]
    row_of: Mapping[str, int]
    mode: str
    shows_interval: bool
    numbering: Sequence[Sequence[int]]
    near_cut: float
    match: Variant
    level_correlation: float
    recommendations: Mapping[int, Sequence[str]]
    succession: frozenset[int]

    @property
    def x_weights(self) -> dict[str, Fraction]:
        """The weight of each component of potential, in per cent."""
        return {one.name: Fraction(one.weight) for one in self.x.components}


def exact(number: float) -> Fraction:
    """Take a number of a document as it is written: 12.5 is 25/2 and no binary fraction near it."""
    return Fraction(str(number))


def read_formula(document: Mapping[str, Any]) -> Formula:
    """Read what the talent definition needs; refuses with IncompleteRules, naming what is wrong."""
    try:
        rules = {name: rule["value"] for name, rule in document["rules"].items()}
        return Formula(
            y=_axis(rules["talent.y.weights"], Y_PARTS), x=_axis(rules["talent.x.weights"], X_PARTS),
            ends={part: _ends(rules.get(SCALES.get(part, ""))) for part in (*Y_PARTS, *X_PARTS)},
            cuts=(_rising(rules["talent.cut.y"]), _rising(rules["talent.cut.x"])),
            axis_weights=(exact(rules["talent.axis_weights"]["y"]), exact(rules["talent.axis_weights"]["x"])),
            row_of=_rows(rules["predicate.row"], rules["predicate.score"]),
            mode=_one_of(rules["box.performance_mode"], BY_PREDICATE, BY_SCORE),
            shows_interval=_policy(rules["talent.missing_policy"]) == INTERVAL,
            numbering=rules["box.numbering"], near_cut=float(rules["box.near_cut"]),
            level_correlation=float(rules.get("competency.correlation", 0)),
            match=Variant(bool(rules["jpm.cap_per_competency"]), cap_total=FULL),
            recommendations={int(box): texts for box, texts in rules["box.recommendations"].items()},
            succession=frozenset(rules["succession.eligible"]["agency"]),
        )  # fmt: skip
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"talent rules are not whole: {error!r}") from error


def _axis(weights: Mapping[str, float], parts: Sequence[str]) -> AxisFormula:
    if set(weights) != set(parts):
        raise ValueError(f"an axis is made of {', '.join(parts)}, not of {', '.join(sorted(weights))}")
    return AxisFormula.of(**{part: exact(weights[part]) for part in parts})


def _ends(scale: Mapping[str, float] | Sequence[Sequence[float]] | None) -> tuple[Fraction, Fraction]:
    """Give the lowest and the highest points of a sub-scale."""
    if scale is None:
        return Fraction(0), FULL
    points = [exact(one) for one in (scale.values() if isinstance(scale, Mapping) else [pair[1] for pair in scale])]
    if not 0 <= min(points) <= max(points) <= FULL:
        raise ValueError("a sub-scale has points from 0 to 100")
    return min(points), max(points)


def _rising(cuts: Sequence[float]) -> tuple[float, float]:
    middle, high = cuts
    if not 0 < middle < high <= FULL:
        raise ValueError(f"the cuts {middle} and {high} do not rise")
    return middle, high


def _rows(rows: Mapping[str, int], scores: Mapping[str, float]) -> Mapping[str, int]:
    if set(rows) != set(scores) or set(rows.values()) - {0, 1, 2}:
        raise ValueError("every predicate has points and a row from 0 to 2")
    return rows


def _policy(value: str) -> str:
    if value == "zero":
        raise ValueError("missing evidence is missing, never zero")
    return _one_of(value, INTERVAL, BLOCK)


def _one_of(value: str, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError(f"'{value}' is none of {', '.join(allowed)}")
    return value
