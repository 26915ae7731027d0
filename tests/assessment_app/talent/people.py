"""Results of people, and what evidence says of them, for tests of placements."""

from fractions import Fraction
from functools import cache
from importlib.resources import files

import msgspec
from scipy.special import ndtri

from assessment_app.rule_sets.rules import read
from assessment_app.talent.rules.formula import read_formula
from assessment_app.talent.rules.talent import Case, Part

NAMES = ["Kurang Optimal", "Cukup Optimal", "Optimal"]
CODES = [*(f"M.0{n}" for n in range(1, 9)), "SK.01"]

COMPLETE = {
    "performance": 80, "award": 0, "team": 50, "feedback_360": 85, "development": 50, "experience": 80,
    "education": 80, "field": 100, "discipline": 100,
}  # fmt: skip
"""The person of domain 4.5: Baik, no award, member of a team, S1 that fits, never punished."""


@cache
def document():
    """Read the rule set that comes with the release."""
    newest = max((f for f in files("assessment_app.rule_sets").joinpath("documents").iterdir()), key=lambda f: f.name)
    return msgspec.json.decode(newest.read_bytes())


def changed(**rules):
    """Give that document with other values: changed(box__near_cut=0.9)."""
    said = {name.replace("__", "."): value for name, value in rules.items()}
    whole = msgspec.json.decode(msgspec.json.encode(document()))
    for name, value in said.items():
        whole["rules"][name]["value"] = value
    return whole


def formula(**rules):
    """Read the talent formula of the release, or of the release with other values."""
    return read_formula(changed(**rules))


def rules(**values):
    """Read the numbers behind a profile."""
    return read(changed(**values))


def result(match=Fraction(800, 9), potential=75.0, levels=None, required=2, se=0.3):
    """Make a profile: match and potential are what is reported, ``levels`` how sure the levels are."""
    sure = [0.0, 1.0, 0.0, 0.0, 0.0]
    whole = [levels or sure] * 9
    match_known = match is not None
    category = None if match is None else NAMES[(match >= 78) + (match >= 90)]
    theta = None if potential is None else float(ndtri(potential / 100))
    return {
        "parameters": ["calibrated"],
        "competencies": [
            {"construct": code, "level": 2, "levels": one, "required": required}
            for code, one in zip(CODES, whole, strict=True)
        ],
        "jpm": {
            "exact": [Fraction(match).numerator, Fraction(match).denominator] if match_known else None,
            "category": category, "categories": NAMES, "missing": [] if match_known else ["M.03"],
            "chances": [float(category == name) for name in NAMES] if match_known else None,
        },
        "potential": {
            "score": potential, "theta": theta, "se": None if potential is None else se,
            "measured": 0 if potential is None else 4, "chances": None if potential is None else [0.1, 0.2, 0.7],
        },
    }  # fmt: skip


def profile(category="Optimal", rows=(0.05, 0.15, 0.8), score=85.0, columns=(0.1, 0.2, 0.7)):
    """Make a profile whose categories are as sure as is said."""
    known = result(match=95, potential=score)
    known["jpm"] |= {"chances": list(rows), "category": category}
    known["potential"]["chances"] = list(columns)
    return known


def told(**points):
    """Say what evidence gives: points by component, None for what nobody told."""
    return {
        name: Part("unknown", None, "belum ada", "") if value is None else Part("present", Fraction(value), "", "test")
        for name, value in points.items()
    }


def case(known=None, predicate="baik", **changes):
    """Make the complete person of domain 4.5 with changes."""
    return Case(known or result(), told(**(COMPLETE | changes)), predicate)
