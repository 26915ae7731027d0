"""How sure a profile is, what an assessor should read first, and the drawings that show it. Pure.

The drawings are SVG without words: the row of the table beside each holds its numbers, so they say nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from markupsafe import Markup

from assessment_app.rule_sets.rules import Rules
from scoring_engine.standards.match import percent_display

WIDTH, HEIGHT, MIDDLE = 212, 26, 13
"""The real size of a drawing: it is never scaled, so its lines stay as thin as they are drawn."""

REACH = 3.0
"""Aspects are drawn from -3 to 3 standard deviations: all but 3 in 1000 people lie there."""

KNOB = 4.0


def percent(exact: Sequence[int]) -> Decimal:
    """Round a match, given as numerator and denominator, for display, halves up."""
    return percent_display(Fraction(*exact))


def is_near_required(competency: Mapping[str, Any], rules: Rules) -> bool:
    """Tell whether it is open on which side of the required level a person stands."""
    reaches = competency["reaches"]
    return reaches is not None and max(reaches, 1 - reaches) < rules.near_level


def likelier_level(score: Mapping[str, Any]) -> int | None:
    """Name the level that is more probable than the reported one, where there is one; the most probable of them.

    The estimate decides which level is reported, and a broad level beside it may hold more of the probability.
    """
    chances = score["levels"]
    best = max(range(len(chances)), key=chances.__getitem__)
    return best + 1 if chances[best] > chances[score["level"] - 1] else None


def unsure_levels(profile: Mapping[str, Any]) -> int:
    """Count the competencies whose level is less probable than an assessor may leave unread."""
    return sum(bool(one["near_cut"]) for one in profile["competencies"])


def on_scale(theta: float, cuts: Sequence[float]) -> float:
    """Place an ability on a scale where every level is one wide: 0 to the number of levels.

    Linear between two cuts. The outer levels have no outer end; they are drawn as wide as their neighbours, and what
    lies beyond stands at the end.
    """
    knots = [2 * cuts[0] - cuts[1], *cuts, 2 * cuts[-1] - cuts[-2]]
    return float(np.interp(theta, knots, range(len(knots))))


def level_bar(score: Mapping[str, Any], required: int | None = None) -> Markup:
    """Draw the levels as bands, the lower edge of the required one, the estimate and one standard error around it."""
    cuts, theta, se = score["cuts"], score["theta"], score["se"]
    step = WIDTH / (len(cuts) + 1)
    at, low, high = (on_scale(value, cuts) * step for value in (theta, theta - se, theta + se))
    bands = Markup().join(_rect(level * step + 1, 8, step - 2, 10, "levelbar__band") for level in range(len(cuts) + 1))
    edge = (required - 1) * step if required is not None else 0.0
    gap = _rect(at, 9.5, edge - at, 7, "levelbar__gap") if edge > at else Markup()
    marker = _marker(max(edge, 1.0)) if required is not None else Markup()
    return _drawing(bands + _rect(1, 9.5, max(at - 1, 0), 7, "levelbar__fill") + gap + _whisker(low, at, high) + marker)


def deviation_bar(theta: float, se: float) -> Markup:
    """Draw an estimate from the middle of a standard scale, with one standard error to each side."""
    at, low, high = (
        (np.clip(value, -REACH, REACH) / REACH + 1) / 2 * WIDTH for value in (theta, theta - se, theta + se)
    )
    centre = WIDTH / 2
    fill = _rect(min(at, centre), 9.5, abs(at - centre), 7, "levelbar__fill")
    line = Markup('<path class="levelbar__middle" d="M{:.1f} 3V23"/>').format(centre)
    return _drawing(_rect(1, 8, WIDTH - 2, 10, "levelbar__band") + fill + line + _whisker(low, at, high))


def _drawing(parts: Markup) -> Markup:
    opening = Markup('<svg class="levelbar" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">')
    return opening.format(WIDTH, HEIGHT) + parts + Markup("</svg>")


def _rect(x: float, y: float, width: float, height: float, name: str) -> Markup:
    shape = Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="2"/>')
    return shape.format(name, x, y, width, height)


def _whisker(low: float, at: float, high: float) -> Markup:
    """Draw the error; an end that reaches the border of the drawing is left open, because the error goes on."""
    ends = [end for end in (low, high) if 0 < end < WIDTH]
    caps = "".join(f"M{end:.1f} 9V17" for end in ends)
    at = float(np.clip(at, KNOB + 1, WIDTH - KNOB - 1))
    return Markup('<path class="levelbar__error" d="M{:.1f} 13H{:.1f}{}"/><circle class="levelbar__knob" '
                  'cx="{:.1f}" cy="13" r="{}"/>').format(low, high, caps, at, KNOB)  # fmt: skip


def _marker(x: float) -> Markup:
    return Markup('<path class="levelbar__edge" d="M{0:.1f} 3V23"/>'
                  '<path class="levelbar__flag" d="M{1:.1f} 1h10l-5 6z"/>').format(x, x - 5)  # fmt: skip
