"""How sure a profile is, and what of it other rules would judge anew: what is kept beside it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment_app.rule_sets.rules import Rules
from scoring_engine.standards.nine_box import category


def certainty(profile: Mapping[str, Any], rules: Rules) -> float | None:
    """Give the chance that both reported categories, of match and of potential, are the right ones.

    It is the lower the nearer a profile lies to a border; nothing while one of the two is missing.
    """
    match, potential = profile["jpm"], profile["potential"]
    if match["chances"] is None or potential["chances"] is None:
        return None
    row = match["categories"].index(match["category"])
    column = potential_category(profile, rules)
    return float(match["chances"][row] * potential["chances"][column])


def potential_category(profile: Mapping[str, Any], rules: Rules) -> int | None:
    """Place the composite of potential: 0 low, 1 middle, 2 high; nothing while too few aspects are measured."""
    return category(profile["potential"]["score"], *rules.potential_cuts)


def is_near_cut(profile: Mapping[str, Any], rules: Rules) -> bool:
    """Tell whether the two reported categories together are less sure than the rule set wants; not while one lacks."""
    known = certainty(profile, rules)
    return known is not None and known < rules.near_cut


def serious(profile: Mapping[str, Any]) -> int:
    """Count the serious flags on how a sitting was worked through; profiles made before there were any have none."""
    return sum(bool(flag["serious"]) for flag in profile.get("validity", ()))


def basis(profile: Mapping[str, Any]) -> dict[str, Any]:
    """Take of a profile what no rule set changes, and what the post requires.

    Levels and required levels by competency, abilities and errors by aspect; None where nothing was measured.
    """
    competencies, aspects = profile["competencies"], profile["potential"]["aspects"]
    return {
        "job_level": profile["job_level"], "levels": [one["level"] for one in competencies],
        "required": [one["required"] for one in competencies], "theta": [one["theta"] for one in aspects],
        "se": [one["se"] for one in aspects],
    }  # fmt: skip
