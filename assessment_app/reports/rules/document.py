"""What a report says, all of it: so that the same report can be printed in years, whatever the rules are then. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import numpy as np

from assessment_app.people.rules import JobLevel
from assessment_app.reports.rules import initials, span
from assessment_app.reports.rules.content import Texts
from assessment_app.reports.rules.findings import ASPECT_NAMES, COMPETENCY_NAMES, PILLAR_NAMES, findings
from assessment_app.review.rules import is_near_required
from assessment_app.rule_sets.rules import Rules
from assessment_app.scoring.rules import Terms, terms
from assessment_app.scoring.rules.levels import together
from assessment_app.scoring.rules.sureness import potential_category
from scoring_engine.standards.match import match_distribution

Document = Mapping[str, Any]

SCHEMA = "proasn/report/1"

TAIL = 0.05
"""The fair range of a match leaves out so much at each end: nine of ten such people lie inside."""

PLACED = ("box", "row", "column", "chance", "chances", "near_cut", "missing")


@dataclass(frozen=True)
class Sat:
    """Who sat what, where and when, as they were on the day."""

    nip: str
    name: str
    post: str
    unit: str
    wave: str
    day: date
    room: str
    site: str
    instruments: int
    items: int


@dataclass(frozen=True)
class Agency:
    """Whose report it is."""

    code: str
    name: str
    timezone: str


@dataclass(frozen=True)
class Signature:
    """Who signed a result, when, and which one it is."""

    n: int
    sha256: str
    by: str
    approved: str | None
    at: datetime


@dataclass(frozen=True)
class Ruled:
    """The rule set of a result: its name, its document, and what that says of profiles."""

    sha256: str
    is_released: bool
    document: Document
    terms: Terms

    @classmethod
    def of(cls, sha256: str, document: Document, *, is_released: bool) -> Ruled:
        """Read a rule set; refuses with IncompleteRules."""
        return cls(sha256, is_released, document, terms(document))


@dataclass(frozen=True)
class Basis:
    """All that a report rests on: a signed result and where it places a person."""

    sat: Sat
    agency: Agency
    result: Document
    signature: Signature
    profiling: Document
    profiling_inputs: str
    talent: Document
    talent_inputs: str
    ruled: Ruled
    is_demonstration: bool
    is_invented: bool


@dataclass(frozen=True)
class Issue:
    """What issuing adds: number, code, which edition, which it replaces, when and by whom."""

    number: str
    code: str
    edition: int
    replaces: str | None
    at: datetime
    on: date
    by: str


def fair_ranges(results: Sequence[Document], terms: Terms) -> list[tuple[Fraction, Fraction] | None]:
    """Give in per cent between which values nine of ten such matches lie, for everybody of one standard at once.

    Exact from the probabilities of the levels. The reported match always lies inside; None where there is none.
    """
    found: list[tuple[Fraction, Fraction] | None] = [None] * len(results)
    by_standard: dict[tuple[int, ...], list[int]] = {}
    for position, one in enumerate(results):
        if one["jpm"]["exact"] is not None:
            by_standard.setdefault(tuple(score["required"] for score in one["competencies"]), []).append(position)
    for standard, those in by_standard.items():
        levels = together([results[position]["competencies"] for position in those], terms.rules.level_correlation)
        percentages, chances = match_distribution(levels.chances, standard, terms.variant, levels.weights)
        below = np.cumsum(chances, axis=1)
        for position, row in zip(those, below, strict=True):
            exact = Fraction(*results[position]["jpm"]["exact"])
            low, high = (percentages[min(int(np.searchsorted(row, share)), len(row) - 1)] for share in (TAIL, 1 - TAIL))
            found[position] = min(low, exact), max(high, exact)
    return found


def body(
    basis: Basis, fair: tuple[Fraction, Fraction] | None, texts: Texts, bands: Sequence[str]
) -> dict[str, Any]:  # fmt: skip
    """Write down all that a report says before it has a number; ``bands`` names the bands of literacy."""
    result, rules = basis.result, basis.ruled.terms.rules
    told = findings(result, rules, texts, bands)
    required = [one["required"] for one in result["competencies"]]
    return {
        "schema": SCHEMA,
        "agency": {"code": basis.agency.code, "name": basis.agency.name, "timezone": basis.agency.timezone},
        "person": _person(basis.sat, result),
        "standard": {"source": result.get("standard_source"), "low": min(required), "high": max(required)},
        "assessed": {
            "wave": basis.sat.wave, "on": basis.sat.day.isoformat(), "room": basis.sat.room, "site": basis.sat.site,
            "instruments": basis.sat.instruments, "items": basis.sat.items,
        },
        "signed": {
            "n": basis.signature.n, "by": basis.signature.by, "approved": basis.signature.approved,
            "at": basis.signature.at.isoformat(),
        },
        "basis": {
            "signed": basis.signature.sha256, "profiling": basis.profiling_inputs, "talent": basis.talent_inputs,
            "rules": basis.ruled.sha256, "rules_version": basis.ruled.document["version"],
            "rules_released": basis.ruled.is_released, "texts": texts.version,
        },
        "labels": {
            "demonstration": basis.is_demonstration, "assumed": "assumed" in result["parameters"],
            "invented": basis.is_invented,
        },
        "match": _match(result, rules, fair),
        "competencies": [_competency(one, rules, _adjusted(result)) for one in result["competencies"]],
        "placement": _placement(basis, rules),
        "potential": _potential(result, rules),
        "literacy": _literacy(result),
        "preference": result["preference"],
        "strengths": list(told.strengths), "areas": list(told.areas), "suggestions": list(told.suggestions),
        "flags": [one for one in result.get("validity", ()) if one["serious"] or one["flag"] == "outage"],
    }  # fmt: skip


def issued(said: Document, issue: Issue, rules: Document, assessed: date) -> dict[str, Any]:
    """Complete a report with its number and dates; ``rules`` are those of its rule set."""
    counts = span(rules, assessed, issue.on)
    return dict(said) | {
        "number": issue.number, "code": issue.code, "edition": issue.edition, "replaces": issue.replaces,
        "issued": {"at": issue.at.isoformat(), "on": issue.on.isoformat(), "by": issue.by},
        "valid_until": counts.valid_until.isoformat(), "objection_until": counts.objection_until.isoformat(),
    }  # fmt: skip


def _person(sat: Sat, result: Document) -> dict[str, Any]:
    return {
        "nip": sat.nip, "name": sat.name, "initials": initials(sat.name), "post": sat.post, "unit": sat.unit,
        "job_level": JobLevel(result["job_level"]).label,
    }  # fmt: skip


def _adjusted(result: Document) -> dict[str, int]:
    """Give the system's level of each competency that an assessor adjusted."""
    return {one["construct"]: one["system"] for one in result["signed"]["adjustments"]}


def _match(result: Document, rules: Rules, fair: tuple[Fraction, Fraction] | None) -> dict[str, Any]:
    jpm = result["jpm"]
    bands = {band.name: band for band in rules.thresholds.bands}
    band = bands.get(jpm["category"])
    return {
        "exact": jpm["exact"], "category": jpm["category"], "categories": jpm["categories"],
        "from": _pair(band.lower if band else None), "below": _pair(band.upper if band else None),
        "low": _pair(fair[0] if fair else None), "high": _pair(fair[1] if fair else None),
        "missing": [COMPETENCY_NAMES[code] for code in jpm["missing"]], "floor": jpm.get("floor", False),
    }  # fmt: skip


def _pair(value: Fraction | int | None) -> list[int] | None:
    return None if value is None else [Fraction(value).numerator, Fraction(value).denominator]


def _competency(score: Document, rules: Rules, adjusted: Mapping[str, int]) -> dict[str, Any]:
    kept = {name: score[name] for name in ("construct", "level", "required", "theta", "se", "cuts")}
    return kept | {
        "name": COMPETENCY_NAMES[score["construct"]], "near": is_near_required(score, rules),
        "system": adjusted.get(score["construct"]),
    }  # fmt: skip


def _placement(basis: Basis, rules: Rules) -> dict[str, Any]:
    talent, profiling = basis.talent, basis.profiling
    official = {name: talent[name] for name in PLACED} | {
        "boxes": talent["boxes"], "as_of": talent.get("as_of"),
        "recommendations": _recommendations(basis.ruled.document, talent["box"]),
    }  # fmt: skip
    early = {name: profiling[name] for name in PLACED}
    row = profiling["row"]
    early["row_name"] = None if row is None else rules.thresholds.bands[row].name
    return {"numbering": [list(row) for row in rules.numbering], "talent": official, "profiling": early}


def _recommendations(document: Document, box: int | None) -> list[str]:
    return [] if box is None else list(document["rules"]["box.recommendations"]["value"].get(str(box), ()))


def _potential(result: Document, rules: Rules) -> dict[str, Any]:
    known = result["potential"]
    category = potential_category(result, rules)
    return {
        "score": known["score"], "category": category, "measured": known["measured"], "of": known["of"],
        "chance": None if category is None else known["chances"][category], "least": rules.least_measured,
        "aspects": [
            {
                "name": ASPECT_NAMES[one["construct"]], "theta": one["theta"], "se": one["se"],
                "norm": one.get("norm"),
            }
            for one in known["aspects"]
        ],
    }  # fmt: skip


def _literacy(result: Document) -> dict[str, Any]:
    whole = result.get("literacy_total")
    return {
        "whole": {name: whole[name] for name in ("score", "level")} if whole else None,
        "pillars": [
            {"name": PILLAR_NAMES[one["construct"]], **{name: one[name] for name in ("theta", "se", "level", "cuts")}}
            for one in result["literacy"]
        ],
    }  # fmt: skip
