"""The official matrix: performance by potential, from the tests and from evidence. Pure and exact.

Each component is a value or the reason why it is missing. While one is missing the box is provisional (*sementara*):
it says which boxes the missing parts could still lead to, and what they are. What is on record is taken as exact; the
errors of competency and potential go on into the probability of each box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from assessment_app.scoring.rules.levels import together
from assessment_app.talent.rules.cells import cell_of, number_of
from assessment_app.talent.rules.formula import (
    BY_PREDICATE,
    COMPETENCY,
    FROM_EVIDENCE,
    FULL,
    PERFORMANCE,
    POTENTIAL,
    Formula,
    exact,
)
from assessment_app.talent.rules.profiling import NOTHING, reported
from scoring_engine.responses import Floats
from scoring_engine.standards.match import match_distribution
from scoring_engine.standards.mixed_axis import Measured, mixed_axis
from scoring_engine.standards.nine_box import BoxChances, box_chances, category, known_axis
from scoring_engine.standards.talent_value import AxisFormula, Interval, axis_interval, mix

MEASURED = (COMPETENCY, POTENTIAL)
PRESENT, UNKNOWN = "present", "unknown"


class Known(Protocol):
    """What is known of one component; the slice ``evidence`` gives them, and tests are parts like others."""

    @property
    def state(self) -> str:
        """Present, absent (there is none, and a value follows from that) or unknown (nobody told)."""

    @property
    def value(self) -> Fraction | None:
        """Points from 0 to 100; nothing when unknown."""

    @property
    def why(self) -> str:
        """What the value follows from, or why there is none."""

    @property
    def source(self) -> str:
        """Where it was told."""


@dataclass(frozen=True)
class Part:
    """A component that the platform measured itself."""

    state: str
    value: Fraction | None
    why: str
    source: str


NOT_TOLD = Part(UNKNOWN, None, "", "")


@dataclass(frozen=True)
class Case:
    """One person: a profile, as made or as signed, with what evidence says besides."""

    result: Mapping[str, Any]
    components: Mapping[str, Known]
    predicate: str | None


@dataclass(frozen=True)
class Standing:
    """Where one person stands, before anything is said of its probability."""

    parts: Mapping[str, Known]
    y: Interval
    x: Interval
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    score_rows: tuple[int, ...]
    missing: tuple[str, ...]


def talent_boxes(cases: Sequence[Case], formula: Formula) -> list[dict[str, Any]]:
    """Give box, probabilities and both axes of everybody, in their order; or what is missing and where it may lead."""
    standings = [stand(case, formula) for case in cases]
    final = [n for n, one in enumerate(standings) if not one.missing]
    known = _chances([cases[n].result for n in final], [standings[n] for n in final], formula)
    place = {n: person for person, n in enumerate(final)}
    return [
        _described(one, cases[n].predicate, formula)
        | (
            reported(one.rows[0], one.columns[0], known, place[n], formula.numbering, formula.near_cut)
            if n in place
            else NOTHING
        )
        for n, one in enumerate(standings)
    ]


def stand(case: Case, formula: Formula) -> Standing:
    """Compute where one person stands on both axes, exactly."""
    parts = {name: _sound(case.components.get(name, NOT_TOLD)) for name in FROM_EVIDENCE}
    parts |= {COMPETENCY: competency(case.result), POTENTIAL: potential(case.result)}
    y, x = _interval(formula.y, parts, formula), _interval(formula.x, parts, formula)
    score_rows, columns = _categories(y, formula.cuts[0]), _categories(x, formula.cuts[1])
    missing = (*y.missing, *x.missing)
    if formula.mode != BY_PREDICATE:
        return Standing(parts, y, x, score_rows, columns, score_rows, missing)
    row = formula.row_of.get(case.predicate or "")
    if row is not None:
        return Standing(parts, y, x, (row,), columns, score_rows, missing)
    rows = tuple(sorted(set(formula.row_of.values())))
    if PERFORMANCE not in missing:
        missing = (PERFORMANCE, *missing)
    return Standing(parts, y, x, rows, columns, score_rows, missing)


def competency(result: Mapping[str, Any]) -> Part:
    """Give the match as points of its component: at most 100, which is as far as the component reaches.

    A match of 138.89 % would bring 27.8 of the 20 points that the regulation gives to competency, and hide that
    something else is lacking.
    """
    match = result["jpm"]
    if match["exact"] is None:
        return Part(UNKNOWN, None, f"competencies without answer: {', '.join(match['missing'])}", "profile")
    percent = Fraction(*match["exact"])
    return Part(PRESENT, min(percent, FULL), f"JPM {percent.numerator}/{percent.denominator} %", "profile")


def potential(result: Mapping[str, Any]) -> Part:
    """Give the composite of potential as points of its component: its score, from 0 to 100."""
    known = result["potential"]
    if known["score"] is None:
        return Part(UNKNOWN, None, f"{known['measured']} aspects measured", "profile")
    return Part(PRESENT, exact(known["score"]), f"{known['measured']} aspects measured", "profile")


def _sound(part: Known) -> Known:
    """Take a value that cannot be for one that nobody told, so that one slip stops nobody's placement."""
    if part.value is not None and not 0 <= part.value <= FULL:
        return Part(UNKNOWN, None, f"{part.value} lies outside 0 to 100", part.source)
    return Part(UNKNOWN, None, part.why, part.source) if part.state == UNKNOWN else part


def _interval(formula: AxisFormula, parts: Mapping[str, Known], numbers: Formula) -> Interval:
    told = {one.name: parts[one.name].value for one in formula.components}
    known = {name: numbers.ends[name] if value is None else value for name, value in told.items()}
    return axis_interval(formula, known)


def _categories(value: Interval, cuts: tuple[float, float]) -> tuple[int, ...]:
    low, high = category(value.low, *cuts), category(value.high, *cuts)
    assert low is not None and high is not None  # noqa: PT018  # an interval always has ends
    return tuple(range(low, high + 1))


def _chances(results: Sequence[Mapping[str, Any]], standings: Sequence[Standing], formula: Formula) -> BoxChances:
    """Compute the chances of everybody whose parts are all there; people with one standard at a time."""
    columns = np.empty((len(results), 3))
    by_standard: dict[tuple[int, ...], list[int]] = {}
    for person, result in enumerate(results):
        by_standard.setdefault(tuple(one["required"] for one in result["competencies"]), []).append(person)
    for standard, persons in by_standard.items():
        columns[persons] = _column_chances(
            [results[n] for n in persons], [standings[n] for n in persons], standard, formula
        )
    rows = known_axis(np.array([one.rows[0] for one in standings], dtype=np.int64))
    return box_chances(rows, columns, formula.numbering, formula.near_cut)


def _column_chances(
    results: Sequence[Mapping[str, Any]], standings: Sequence[Standing], standard: Sequence[int], formula: Formula
) -> Floats:
    levels = together([result["competencies"] for result in results], formula.level_correlation)
    percentages, chances = match_distribution(levels.chances, standard, formula.match, levels.weights)
    weights = formula.x_weights
    measured = Measured(
        np.array([float(one) for one in percentages]), chances,
        np.array([result["potential"]["theta"] for result in results]),
        np.array([result["potential"]["se"] for result in results]),
    )  # fmt: skip
    # Both measured parts are there, so the axis is one number, and what is left of it is on record.
    on_record = [
        float(one.x.low) - sum(float(weights[part] * (one.parts[part].value or 0)) / 100 for part in MEASURED)
        for one in standings
    ]
    return mixed_axis(on_record, measured, (float(weights[COMPETENCY]), float(weights[POTENTIAL])), *formula.cuts[1])


def _described(one: Standing, predicate: str | None, formula: Formula) -> dict[str, Any]:
    value = mix([one.y, one.x], formula.axis_weights)
    cells = [cell_of(row, column) for row in one.rows for column in one.columns]
    shown = formula.shows_interval or not one.missing
    return {
        "missing": list(one.missing), "mode": formula.mode, "predicate": predicate,
        "boxes": sorted(number_of(cell, formula.numbering) for cell in cells) if shown else [],
        "cells": cells if shown else [],
        "score_row": one.score_rows[0] if len(one.score_rows) == 1 else None,
        "y": _ends_of(one.y), "x": _ends_of(one.x), "value": _ends_of(value),
        "components": {
            name: {"state": part.state, "value": _pair(part.value), "why": part.why, "source": part.source}
            for name, part in one.parts.items()
        },
    }  # fmt: skip


def _ends_of(value: Interval) -> list[list[int]]:
    return [[value.low.numerator, value.low.denominator], [value.high.numerator, value.high.denominator]]


def _pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]
