"""Every rule of a document with the shape of its value, and everything that is wrong with a whole document. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assessment_app.people.rules import JobLevel
from assessment_app.rule_sets.rules.shapes import (
    Bands,
    Choice,
    Cuts,
    Fault,
    Flag,
    Maybe,
    Number,
    Shape,
    is_number,
)
from assessment_app.rule_sets.rules.tables import Boxes, Grid, Lines, Named, Numbering, Shares, Steps, Table
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import POTENTIAL_ASPECTS

SCHEMA = "proasn/rules/1"
MARKS = ("V2", "V1", "M", "D")
UNVERIFIED = frozenset({"M", "D"})
"""Marks of what no public source confirms; M waits for the agency's own check, D is this platform's own design."""

MOST_VERSION, MOST_SOURCE = 20, 500

LEVELS = tuple(level.value for level in JobLevel)
LADDERS = (
    ("jpt_utama", "jpt_madya", "jpt_pratama", "administrator", "pengawas", "pelaksana"),
    ("ahli_utama", "ahli_madya", "ahli_muda", "ahli_pertama"),
    ("penyelia", "mahir", "terampil", "pemula"),
)
"""Job levels from the highest rung down: what is asked of a rung is no more than what is asked of the one above."""

PREDICATES = ("sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik")
"""From the lowest: good behaviour with weak results stands above good results with bad behaviour."""

BEST_FIRST = tuple(reversed(PREDICATES))
SCALE = Number(0, 100)
WEIGHT = Number(0, 100)
YEARS = Number(1, 20, whole=True)
CHANCE = Number(0, 1, inside=True)

SHAPES: dict[str, Shape] = {
    "jpm.pemetaan": Bands(),
    "jpm.pengisian": Bands(),
    "jpm.purpose": Choice(("jpm.pemetaan", "jpm.pengisian")),
    "jpm.cap_per_competency": Flag(),
    "jpm.cap_total": Maybe(Number(1, 500)),
    "jpm.weights": Maybe(Table(tuple(one.code for one in COMPETENCIES), Number(0.01, 100))),
    "competency.standard": Table(LEVELS, Number(1, 5, whole=True), falling=LADDERS),
    "competency.near_cut": CHANCE,
    "assessment.validity_years": YEARS,
    "assessment.assessors_min": Table(
        ("assessment_centre", "job_fit", "automatic", "near_cut"), Number(0, 10, whole=True)
    ),
    "review.adjustment_limit": Number(0, 4, whole=True),
    "review.reason_min_letters": Number(1, 1000, whole=True),
    "potential.weights": Table(tuple(one.code for one in POTENTIAL_ASPECTS), WEIGHT),
    "potential.min_measured": Number(1, len(POTENTIAL_ASPECTS), whole=True),
    "potential.cuts": Cuts(),
    "talent.y.weights": Table(("performance", "award", "team", "feedback_360"), WEIGHT, total=100),
    "talent.x.weights": Table(
        ("competency", "development", "experience", "potential", "education", "field", "discipline"), WEIGHT, total=100
    ),
    "talent.axis_weights": Table(("y", "x"), WEIGHT, total=100),
    "talent.cut.y": Cuts(),
    "talent.cut.x": Cuts(),
    "talent.missing_policy": Choice(("interval",)),
    "talent.subscale.award": Table(
        ("international", "national", "province", "regency", "agency", "none"), SCALE,
        falling=(("international", "national", "province", "regency", "agency", "none"),),
    ),
    "talent.subscale.team": Table(
        ("leader", "deputy", "member", "none"), SCALE, falling=(("leader", "deputy", "member", "none"),)
    ),
    "talent.subscale.development": Table(
        ("has_certificate", "none"), SCALE, falling=(("has_certificate", "none"),)
    ),
    "talent.subscale.experience": Steps(SCALE),
    "talent.subscale.education": Table(
        ("s3", "s2", "s1", "d4", "d3", "slta"), SCALE, falling=(("s3", "s2", "s1", "d4", "d3", "slta"),)
    ),
    "talent.subscale.field": Table(("fits", "else"), SCALE, falling=(("fits", "else"),)),
    "talent.subscale.discipline": Table(
        ("never", "light", "medium", "heavy", "under_sanction"), SCALE,
        falling=(("never", "light", "medium", "heavy", "under_sanction"),),
    ),
    "talent.window.award_years": YEARS,
    "talent.window.team_years": YEARS,
    "talent.window.certificate_years": YEARS,
    "talent.window.bnsp_certificate_years": YEARS,
    "talent.technical_mix": Shares(LEVELS),
    "predicate.matrix": Grid(PREDICATES),
    "predicate.score": Table(BEST_FIRST, SCALE, falling=(BEST_FIRST,), strictly=True),
    "predicate.row": Table(BEST_FIRST, Number(0, 2, whole=True), falling=(BEST_FIRST,)),
    "box.numbering": Numbering(),
    "box.near_cut": CHANCE,
    "box.performance_mode": Choice(("predicate", "score")),
    "box.recommendations": Lines(tuple(str(number) for number in range(9, 0, -1))),
    "succession.eligible": Boxes("agency", "national"),
    "succession.discipline_window_years": YEARS,
    "succession.min_months_to_bup": Number(0, 240, whole=True),
    "bup.table": Table(LEVELS, Number(50, 70, whole=True), falling=LADDERS),
    "bup.first_day_rule": Choice(("next_month",)),
}  # fmt: skip
"""Every rule that a document must hold, in the order in which pages show them, with the shape of its value."""

LATER: dict[str, Shape] = {
    "bup.special": Named(Number(50, 75, whole=True)),
    "payroll.mpp_paid": Flag(),
    "payroll.absence_months": Number(1, 60, whole=True),
    "competency.correlation": Number(0, 0.95),
    "potential.correlation": Number(0, 0.95),
    "assessment.objection_days": Number(1, 365, whole=True),
    "validity.rapid_seconds": Number(0, 60, inside=True),
    "validity.effort_least": Number(0, 1),
    "validity.fit_level": Choice((0.001, 0.005, 0.01, 0.02, 0.05)),
    "validity.least_rated": Number(1, 100, whole=True),
    "validity.longstring_share": Number(0, 1),
    "validity.straight_share": Number(0, 1),
    "validity.consistency_least": Number(0, 1),
}
"""Rules that only some releases know: a document may hold them, and must where the release in force does."""

ALL = SHAPES | LATER


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong with a document; ``rule`` is empty where it concerns the document itself."""

    rule: str
    fault: Fault
    known: Mapping[str, Any] = field(default_factory=dict)


def violations(document: Any, required: Collection[str] = ()) -> list[Violation]:
    """Find everything that is wrong with a whole document, in the order of the rules; empty when it holds.

    ``required`` names rules that it must hold besides those of SHAPES.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("rules"), Mapping):
        return [Violation("", Fault.SCHEMA)]
    rules = document["rules"]
    known = [name for name in ALL if name in SHAPES or name in required or name in rules]
    found = [*_of_document(document), *(one for name in known for one in _of_rule(name, rules))]
    found += [Violation(str(name), Fault.UNKNOWN) for name in rules if name not in ALL]
    broken = {one.rule for one in found}
    return [*found, *_between(rules, broken)]


def _of_document(document: Mapping[str, Any]) -> Iterator[Violation]:
    if document.get("schema") != SCHEMA:
        yield Violation("", Fault.SCHEMA)
    version = document.get("version")
    if not isinstance(version, str) or not 0 < len(version.strip()) <= MOST_VERSION:
        yield Violation("", Fault.VERSION, {"most": MOST_VERSION})
    if effective_of(document) is None:
        yield Violation("", Fault.EFFECTIVE)


def effective_of(document: Mapping[str, Any]) -> datetime | None:
    """Read from when a document holds; nothing when that cannot be read or has no time zone."""
    try:
        moment = datetime.fromisoformat(document["effective"])
    except (KeyError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _of_rule(name: str, rules: Mapping[str, Any]) -> Iterator[Violation]:
    rule = rules.get(name)
    if not isinstance(rule, Mapping) or "value" not in rule:
        yield Violation(name, Fault.MISSING)
        return
    for fault, known in ALL[name].faults(rule["value"]):
        yield Violation(name, fault, known)
    source = rule.get("source")
    if not isinstance(source, str) or not 0 < len(source.strip()) <= MOST_SOURCE:
        yield Violation(name, Fault.NO_SOURCE, {"most": MOST_SOURCE})
    if rule.get("mark") not in MARKS:
        yield Violation(name, Fault.NO_MARK, {"mark": str(rule.get("mark") or "")})
    for part in sorted(rule.keys() - {"value", "source", "mark"}):
        yield Violation(name, Fault.EXTRA, {"place": part})


def _between(rules: Mapping[str, Any], broken: set[str]) -> Iterator[Violation]:
    """Find what holds of each rule alone and not of two of them together."""
    if not broken & {"potential.weights", "potential.min_measured"}:
        weighted = sum(weight > 0 for weight in rules["potential.weights"]["value"].values())
        least = rules["potential.min_measured"]["value"]
        if weighted < least:
            yield Violation("potential.min_measured", Fault.TOO_FEW_WEIGHTED, {"weighted": weighted, "least": least})
    if not broken & {"jpm.cap_total", "jpm.pemetaan", "jpm.pengisian"}:
        cap = rules["jpm.cap_total"]["value"]
        highest = max(rules[name]["value"]["above"][-1][1] for name in ("jpm.pemetaan", "jpm.pengisian"))
        if is_number(cap) and cap < highest:
            yield Violation("jpm.cap_total", Fault.CAP_TOO_LOW, {"cap": cap, "highest": highest})


def ordered(rules: Collection[str]) -> list[str]:
    """Put the names of rules in the order in which pages show them; those that are not known come last."""
    return [*(name for name in ALL if name in rules), *(name for name in rules if name not in ALL)]


def unverified(document: Mapping[str, Any]) -> list[str]:
    """Name the rules of a document that no public source confirms, in the order in which pages show them."""
    rules = document["rules"]
    return [name for name in ordered(rules) if rules[name]["mark"] in UNVERIFIED]


@dataclass(frozen=True)
class Change:
    """A rule that two documents say differently; nothing on the side of a document that lacks it."""

    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """List the rules whose value, source or mark two documents say differently."""
    old, new = before["rules"], after["rules"]
    found = [Change(name, old.get(name), new.get(name)) for name in ordered({**old, **new})]
    return [one for one in found if one.before != one.after]
