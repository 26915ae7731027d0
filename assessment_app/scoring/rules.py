"""What the scores of a sitting say about a person under a rule set. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import ndtr

from assessment_app.rule_sets.rules import IncompleteRules, Rules, read
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS
from scoring_engine.canonical import kept
from scoring_engine.recipes.signs import LEVELS
from scoring_engine.standards.composite import combine, composite_categories
from scoring_engine.standards.levels import attained_level
from scoring_engine.standards.match import Variant, job_person_match, match_probabilities
from scoring_engine.validity.effort import Effort, response_time_effort

Body = Mapping[str, Any]
"""A score as it was written down."""


@dataclass(frozen=True)
class Limits:
    """From where on a sign of how somebody answered is worth a look; none of them changes a score."""

    rapid_seconds: float
    effort_least: float
    fit_level: str
    least_rated: int
    longstring_share: float
    straight_share: float
    consistency_least: float


@dataclass(frozen=True)
class Terms:
    """All that a rule set says of a profile, read and checked."""

    rules: Rules
    variant: Variant
    limits: Limits


def terms(document: Mapping[str, Any]) -> Terms:
    """Read a rule set's document; refuses with IncompleteRules, naming what is wrong."""
    rules = read(document)
    try:
        value = {name: rule["value"] for name, rule in document["rules"].items()}
        weights, cap = value["jpm.weights"], value["jpm.cap_total"]
        variant = Variant(
            bool(value["jpm.cap_per_competency"]),
            None if cap is None else Fraction(str(cap)),
            None if weights is None else tuple(Fraction(str(weights[one.code])) for one in COMPETENCIES),
        )
        return Terms(rules, variant, _limits(value))
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set is not whole: {error}") from error


def _limits(value: Mapping[str, Any]) -> Limits:
    shares = [float(value[f"validity.{name}"]) for name in (
        "effort_least", "longstring_share", "straight_share", "consistency_least"
    )]  # fmt: skip
    level, seconds = value["validity.fit_level"], float(value["validity.rapid_seconds"])
    if not all(0 <= share <= 1 for share in shares) or seconds <= 0 or level not in LEVELS:
        raise ValueError(f"shares lie from 0 to 1, seconds above 0, and validity.fit_level is one of {LEVELS}")
    effort, longest, straight, consistency = shares
    return Limits(seconds, effort, str(level), int(value["validity.least_rated"]), longest, straight, consistency)


def describe(bodies: Sequence[Body], terms: Terms, job_level: str, standard: Mapping[str, int]) -> dict[str, Any]:
    """Put the scores of a sitting together into a profile against the standard of a post: construct -> level.

    What was not measured, or not answered, is missing and named as missing; nothing is put in its place.
    """
    scores = {score["construct"]: score for body in bodies for score in body["constructs"] if score["answered"]}
    preference = next((body["preference"] for body in bodies if "preference" in body), None)
    competencies = [
        _competency(one.code, scores.get(one.code), terms.rules, standard[one.code]) for one in COMPETENCIES
    ]
    literacy = [_levelled(pillar.code, scores.get(pillar.code)) for pillar in DIGITAL_PILLARS]
    return {
        "schema": "proasn/profile/1",
        "job_level": job_level,
        "parameters": sorted({body["parameters"] for body in bodies}),
        "competencies": competencies,
        "jpm": match(competencies, terms),
        "potential": _potential(scores, terms.rules),
        "literacy": literacy,
        "literacy_total": _whole_literacy(literacy),
        "preference": preference if preference and preference["answered"] else None,
        "validity": list(flags(bodies, terms.limits)),
    }


def _plain(code: str, score: Body | None) -> dict[str, Any]:
    if score is None:
        return {"construct": code, "theta": None, "se": None}
    return {"construct": code, "theta": score["theta"], "se": score["se"]}


def _levelled(code: str, score: Body | None) -> dict[str, Any]:
    """Give a score with its level, the probability of each level, and the borders that both follow from."""
    said = _plain(code, score)
    return said | {part: None if score is None else score.get(part) for part in ("level", "levels", "cuts")}


def _competency(code: str, score: Body | None, rules: Rules, required: int) -> dict[str, Any]:
    said = _levelled(code, score) | {"required": required, "reaches": None, "near_cut": None}
    if score is None:
        return said
    chances = score["levels"]
    return said | {
        "reaches": kept(min(sum(chances[required - 1 :]), 1.0)),  # ten decimals each may sum to more
        "near_cut": chances[score["level"] - 1] < rules.near_level,
    }  # fmt: skip


def match(competencies: Sequence[Mapping[str, Any]], terms: Terms) -> dict[str, Any]:
    """Match person and post, exactly and with the probability of each category; missing while a competency is.

    Takes the competencies of a profile, each with its level, the probabilities of the levels, and what is required.
    ``floor`` tells that the match says nothing: with 1 required everywhere nobody can fall below 100.
    """
    rules = terms.rules
    names = [band.name for band in rules.thresholds.bands]
    missing = [one["construct"] for one in competencies if one["level"] is None]
    standard = [one["required"] for one in competencies]
    said: dict[str, Any] = {
        "purpose": rules.purpose, "categories": names, "missing": missing, "floor": set(standard) == {1},
    }  # fmt: skip
    if missing:
        return said | {"percent": None, "exact": None, "category": None, "chances": None}
    percent = job_person_match([one["level"] for one in competencies], standard, terms.variant)
    levels = np.array([one["levels"] for one in competencies])
    shares = levels / levels.sum(axis=1, keepdims=True)
    chances = match_probabilities(shares, standard, rules.thresholds, terms.variant)[0]
    return said | {
        "percent": kept(float(percent)), "exact": [percent.numerator, percent.denominator],
        "category": rules.thresholds.category(percent), "chances": [kept(chance) for chance in chances],
    }  # fmt: skip


def _potential(scores: Mapping[str, Body], rules: Rules) -> dict[str, Any]:
    """Combine the measured aspects; the composite says on how many of the eight it rests."""
    aspects = [_plain(aspect.code, scores.get(aspect.code)) for aspect in POTENTIAL_ASPECTS]
    for aspect in aspects:
        if norm := scores.get(aspect["construct"], {}).get("norm"):
            aspect["norm"] = norm
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


def _whole_literacy(pillars: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Average the pillars into digital literacy as a whole, with the band between the averages of their borders.

    None unless every pillar is measured: half of them is another thing than all.
    """
    if any(one["theta"] is None or not one["cuts"] for one in pillars):
        return None
    whole = combine([one["theta"] for one in pillars], [one["se"] for one in pillars], len(pillars))
    cuts = np.mean([one["cuts"] for one in pillars], axis=0)
    below = np.concatenate([[0.0], ndtr((cuts - whole.theta[0]) / whole.se[0]), [1.0]])
    return {
        "score": kept(whole.score[0]), "theta": kept(whole.theta[0]), "se": kept(whole.se[0]),
        "cuts": [kept(cut) for cut in cuts], "level": int(attained_level(whole.theta, cuts)[0]),
        "levels": [kept(chance) for chance in np.diff(below)],
    }  # fmt: skip


def flags(bodies: Sequence[Body], limits: Limits) -> Iterator[dict[str, Any]]:
    """Tell how the sitting was worked at, check by check: what was found, the limit, whether it is worth a look.

    A check for which there is nothing to look at is left out: it is neither passed nor failed.
    """
    signs = [body["validity"] for body in bodies if "validity" in body]
    efforts = [(one["part"], _effort(one["spent_ms"], limits)) for one in signs]
    items, rapid = (sum(int(part[0]) for part in parts) for parts in zip(
        *[(one.n_items, one.n_rapid) for _, one in efforts], strict=True
    )) if efforts else (0, 0)  # fmt: skip
    if items:
        share = (items - rapid) / items
        yield _flag("effort", None, share, limits.effort_least, share < limits.effort_least, items - rapid, items)
    for n, effort in efforts:
        yield from _rapid(n, effort, limits)
    for one in signs:
        yield from _fit(one, limits)
        yield from _runs(one, limits)
    for body in bodies:
        yield from _consistency(body, limits)
    for one in signs:
        yield from _arrivals(one)


def _flag(
    code: str, part: int | None, value: float, limit: float | None, serious: bool, count: int | None = None,
    of: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "flag": code, "part": part, "value": kept(value), "limit": limit, "serious": bool(serious), "count": count,
        "of": of,
    }  # fmt: skip


def _effort(spent_ms: Sequence[int], limits: Limits) -> Effort:
    return response_time_effort(np.array(spent_ms) / 1000, limits.rapid_seconds, limits.effort_least)


def _rapid(n: int, effort: Effort, limits: Limits) -> Iterator[dict[str, Any]]:
    items, rapid = int(effort.n_items[0]), int(effort.n_rapid[0])
    if rapid:
        yield _flag("rapid", n, rapid / items, kept(1 - limits.effort_least), effort.low[0], rapid, items)


def _fit(signs: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    if fit := signs["fit"]:
        cut = fit["cuts"][limits.fit_level]
        yield _flag("fit", signs["part"], fit["lz"], cut, fit["lz"] < cut, of=fit["items"])


def _runs(signs: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    runs = signs["runs"]
    if runs is None or runs["rated"] < limits.least_rated:
        return
    part, of, longest = signs["part"], runs["rated"], runs["longest"]
    share = longest / of
    yield _flag("longstring", part, share, limits.longstring_share, share > limits.longstring_share, longest, of)
    most = runs["commonest"]
    yield _flag("straight", part, most, limits.straight_share, most > limits.straight_share, round(most * of), of)


def _consistency(body: Body, limits: Limits) -> Iterator[dict[str, Any]]:
    steady = body.get("preference", {}).get("consistency")
    if steady is not None:
        part = body.get("validity", {}).get("part")
        yield _flag("consistency", part, steady, limits.consistency_least, steady < limits.consistency_least)


def _arrivals(signs: Body) -> Iterator[dict[str, Any]]:
    """Tell what came late, what was kept aside, and what time an outage gave back; only what there was of it."""
    for code in ("late", "aside", "recovered"):
        if count := signs[code]:
            yield _flag(code, signs["part"], count, None, code == "aside", count)
    if outage := signs["time_ms"].get("outage"):
        yield _flag("outage", signs["part"], outage / 60_000, None, serious=False)
