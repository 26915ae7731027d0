"""The early mapping: competency by potential, from test results alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import Rules
from scoring_engine.canonical import kept
from scoring_engine.responses import Floats
from scoring_engine.standards.nine_box import BoxChances, box, box_chances, category

NOTHING = dict.fromkeys(("box", "row", "column", "chances", "chance", "likeliest", "near_cut"))


def profiling_boxes(profiles: Sequence[Mapping[str, Any]], rules: Rules) -> list[dict[str, Any]]:
    """Give everybody's nine probabilities, box and what is missing for one, in their order."""
    rows, columns = (
        _whole([one[axis]["chances"] for one in profiles], width)
        for axis, width in (("jpm", len(rules.thresholds.bands)), ("potential", 3))
    )
    known = box_chances(rows, columns, rules.numbering, rules.near_cut)
    return [_described(profile, known, person, rules) for person, profile in enumerate(profiles)]


def _described(profile: Mapping[str, Any], known: BoxChances, person: int, rules: Rules) -> dict[str, Any]:
    missing = [
        name for name, axis in (("competency", "jpm"), ("potential", "potential")) if profile[axis]["chances"] is None
    ]
    said = {"missing": missing, "lacking": profile["jpm"]["missing"], "measured": profile["potential"]["measured"]}
    if missing:
        return NOTHING | said
    # The box follows from the two reported categories, so that anybody can check it by hand; its chance stands beside.
    row = profile["jpm"]["categories"].index(profile["jpm"]["category"])
    column = category(profile["potential"]["score"], *rules.potential_cuts)
    assert column is not None  # its chances are there, so the score is
    return reported(row, column, known, person, rules.numbering, rules.near_cut) | said


def reported(
    row: int, column: int, known: BoxChances, person: int, numbering: Sequence[Sequence[int]], near_cut: float
) -> dict[str, Any]:
    """Say of a box that follows from two categories how sure it is, and which one is the likeliest."""
    number = box(row, column, numbering)
    assert number is not None  # both axes are there
    chances = [kept(chance) for chance in known.probabilities[person]]
    chance = chances[number - 1]
    return {
        "box": number, "row": row, "column": column, "chances": chances, "chance": chance,
        "likeliest": int(known.box[person]), "near_cut": chance < near_cut,
    }  # fmt: skip


def _whole(chances: Sequence[Sequence[float] | None], width: int) -> Floats:
    """Let rounded probabilities sum to one again; a row of NaN for whoever has none."""
    given = np.array([[np.nan] * width if one is None else one for one in chances], dtype=np.float64)
    whole: Floats = given / given.sum(axis=1, keepdims=True)
    return whole
