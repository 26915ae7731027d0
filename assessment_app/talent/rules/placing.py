"""What a placement is named by, what it says, and what pages count of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from assessment_app.talent.rules import PROFILING, PROPOSED, SIGNED, TALENT
from assessment_app.talent.rules.cells import Numbering, cell_of, mask_of, rival
from assessment_app.talent.rules.formula import exact
from assessment_app.talent.rules.talent import Known
from scoring_engine.canonical import canonical, digest
from scoring_engine.standards.match import percent_display


@dataclass(frozen=True)
class Basis:
    """What one placement rests on, by hash; with the same basis it is the same placement."""

    definition: str
    profile: str
    signed: str | None
    rules: str
    evidence: str | None

    @property
    def state(self) -> str:
        """Tell whether an assessor signed what the placement rests on."""
        return PROPOSED if self.signed is None else SIGNED

    def document(self) -> dict[str, str | None]:
        """Write the basis down as every placement names it."""
        return {
            "schema": "proasn/placement-inputs/1", "definition": self.definition, "profile": self.profile,
            "signed": self.signed, "rules": self.rules, "evidence": self.evidence,
        }  # fmt: skip

    def named(self) -> str:
        """Hash the basis."""
        return digest(canonical(self.document()))


def evidence_hash(components: Mapping[str, Known], predicate: str | None) -> str:
    """Hash what evidence says of a person: states, values and sources.

    Not the day on which it was asked, nor the words of a reason, which may count days: the same facts, the same basis.
    """
    said = {
        name: [part.state, None if part.value is None else [part.value.numerator, part.value.denominator], part.source]
        for name, part in components.items()
    }
    return digest(canonical({"components": said, "predicate": predicate}))


def placement(basis: Basis, found: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Write a placement's document: what was found, on what basis, and for evidence as of which day."""
    said = {"schema": "proasn/placement/1", "inputs": basis.document(), "state": basis.state, **found}
    return said | {"as_of": as_of.isoformat()} if basis.definition == TALENT else said


def shown(
    definition: str, found: Mapping[str, Any], result: Mapping[str, Any], numbering: Numbering
) -> dict[str, int | float | bool | None]:
    """Say of a placement what pages count, filter and sort by."""
    has_box = found["box"] is not None
    cell = cell_of(found["row"], found["column"]) if has_box else None
    y, x = _profiling_axes(result) if definition == PROFILING else _talent_axes(found)
    return {
        "cell": cell, "chance": found["chance"], "near_cut": bool(found["near_cut"]),
        "rival": rival(found, numbering) if has_box else None, "other_cell": _by_score(found, cell),
        "open_cells": 0 if has_box else mask_of(found.get("cells", ())), "y": _hundredths(y), "x": _hundredths(x),
    }  # fmt: skip


def _by_score(found: Mapping[str, Any], cell: int | None) -> int | None:
    """Name the cell that the Y score would lead to, where predicate and score differ."""
    row = found.get("score_row")
    return None if cell is None or row is None or row == found["row"] else cell_of(row, found["column"])


def _profiling_axes(result: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    match, potential = result["jpm"]["exact"], result["potential"]["score"]
    return None if match is None else Fraction(*match), None if potential is None else exact(potential)


def _talent_axes(found: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    y, x = (tuple(Fraction(*end) for end in found[axis]) for axis in ("y", "x"))
    return y[0] if y[0] == y[1] else None, x[0] if x[0] == x[1] else None


def _hundredths(points: Fraction | None) -> int | None:
    return None if points is None else int(percent_display(points).scaleb(2))
