"""What the scores of a sitting say about a person under a rule set. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import Rules
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS
from scoring_engine.canonical import kept
from scoring_engine.standards.composite import combine, composite_categories
from scoring_engine.standards.match import job_person_match, match_probabilities


def describe(bodies: Sequence[Mapping[str, Any]], rules: Rules, job_level: str) -> dict[str, Any]:
    """Put the scores of a sitting together into a profile.

    What was not measured, or not answered, is missing and named as missing; nothing is put in its place.
    """
    scores = {score["construct"]: score for body in bodies for score in body["constructs"] if score["answered"]}
    preference = next((body["preference"] for body in bodies if "preference" in body), None)
    required = rules.standard[job_level]
    competencies = [_competency(one.code, scores.get(one.code), rules, required) for one in COMPETENCIES]
    return {
        "schema": "proasn/profile/1",
        "job_level": job_level,
        "parameters": sorted({body["parameters"] for body in bodies}),
        "competencies": competencies,
        "jpm": _match(competencies, scores, rules, required),
        "potential": _potential(scores, rules),
        "literacy": [_levelled(pillar.code, scores.get(pillar.code)) for pillar in DIGITAL_PILLARS],
        "preference": preference if preference and preference["answered"] else None,
    }


def _plain(code: str, score: Mapping[str, Any] | None) -> dict[str, Any]:
    if score is None:
        return {"construct": code, "theta": None, "se": None}
    return {"construct": code, "theta": score["theta"], "se": score["se"]}


def _levelled(code: str, score: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a score with its level, the probability of each level, and the borders that both follow from."""
    said = _plain(code, score)
    return said | {part: None if score is None else score.get(part) for part in ("level", "levels", "cuts")}


def _competency(code: str, score: Mapping[str, Any] | None, rules: Rules, required: int) -> dict[str, Any]:
    said = _levelled(code, score) | {"required": required, "reaches": None, "near_cut": None}
    if score is None:
        return said
    chances = score["levels"]
    return said | {
        "reaches": kept(min(sum(chances[required - 1 :]), 1.0)),  # ten decimals each may sum to more
        "near_cut": chances[score["level"] - 1] < rules.near_level,
    }  # fmt: skip


def _match(
    competencies: Sequence[Mapping[str, Any]],
    scores: Mapping[str, Mapping[str, Any]],
    rules: Rules,
    required: int,
) -> dict[str, Any]:
    """Match person and post, exactly and with the probability of each category; missing while a competency is."""
    names = [band.name for band in rules.thresholds.bands]
    missing = [one["construct"] for one in competencies if one["level"] is None]
    said: dict[str, Any] = {"purpose": rules.purpose, "categories": names, "missing": missing}
    if missing:
        return said | {"percent": None, "exact": None, "category": None, "chances": None}
    standard = [required] * len(competencies)
    percent = job_person_match([one["level"] for one in competencies], standard)
    levels = np.array([scores[one["construct"]]["levels"] for one in competencies])
    chances = match_probabilities(levels / levels.sum(axis=1, keepdims=True), standard, rules.thresholds)[0]
    return said | {
        "percent": kept(float(percent)), "exact": [percent.numerator, percent.denominator],
        "category": rules.thresholds.category(percent), "chances": [kept(chance) for chance in chances],
    }  # fmt: skip


def _potential(scores: Mapping[str, Mapping[str, Any]], rules: Rules) -> dict[str, Any]:
    """Combine the measured aspects; the composite says on how many of the eight it rests."""
    aspects = [_plain(aspect.code, scores.get(aspect.code)) for aspect in POTENTIAL_ASPECTS]
    theta = [np.nan if one["theta"] is None else one["theta"] for one in aspects]
    se = [np.nan if one["se"] is None else one["se"] for one in aspects]
    whole = combine(theta, se, rules.least_measured)
    said: dict[str, Any] = {"aspects": aspects, "measured": int(whole.n_measured[0]), "of": len(aspects)}
    if np.isnan(whole.theta[0]):
        return said | {"score": None, "theta": None, "se": None, "chances": None}
    chances = composite_categories(whole, *rules.potential_cuts)[0]
    return said | {
        "score": kept(whole.score[0]), "theta": kept(whole.theta[0]), "se": kept(whole.se[0]),
        "chances": [kept(chance) for chance in chances],
    }  # fmt: skip
