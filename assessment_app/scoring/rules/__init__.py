"""What the scores of a sitting say about a person under a rule set. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.special import ndtr

from assessment_app.rule_sets.rules import IncompleteRules, Rules, read
from assessment_app.scoring.rules.flags import Body, Limits, flags, limits_of
from assessment_app.scoring.rules.levels import together
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS
from scoring_engine.canonical import kept
from scoring_engine.standards.composite import combine, composite_categories
from scoring_engine.standards.levels import attained_level
from scoring_engine.standards.match import Variant, job_person_match, match_probabilities


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
        return Terms(rules, variant, limits_of(value))
    except (KeyError, ValueError, TypeError) as error:
        raise IncompleteRules(f"rule set is not whole: {error}") from error


def describe(bodies: Sequence[Body], terms: Terms, job_level: str, standard: Mapping[str, int]) -> dict[str, Any]:
    """Put the scores of a sitting together into a profile against the standard of a post: construct -> level."""
    return with_match_chances([describe_scores(bodies, terms, job_level, standard)], terms)[0]


def described_again(
    profile: Mapping[str, Any], bodies: Sequence[Body], terms: Terms, inputs: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """Put scores together as a profile's were: against the same standard; lacks only the probabilities of the match.

    ``inputs`` are those that the new document names; with the scores and the inputs of the profile it is the same one.
    """
    levels = inputs["standard"]["levels"]
    told = {"standard": levels, "standard_source": profile["standard_source"], "inputs": inputs}
    return {**describe_scores(bodies, terms, inputs["job_level"], levels), **told}


def describe_scores(
    bodies: Sequence[Body], terms: Terms, job_level: str, standard: Mapping[str, int]
) -> dict[str, Any]:  # fmt: skip
    """Put the scores of a sitting together into a profile that lacks only the probabilities of the match.

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
        "jpm": _match(competencies, terms),
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
    return matches([competencies], terms)[0]


def matches(people: Sequence[Sequence[Mapping[str, Any]]], terms: Terms) -> list[dict[str, Any]]:
    """Match many people as ``match`` does one, each against what stands beside the own competencies."""
    begun = [{"competencies": competencies, "jpm": _match(competencies, terms)} for competencies in people]
    return [one["jpm"] for one in with_match_chances(begun, terms)]


def _match(competencies: Sequence[Mapping[str, Any]], terms: Terms) -> dict[str, Any]:
    rules = terms.rules
    standard = [one["required"] for one in competencies]
    said: dict[str, Any] = {
        "purpose": rules.purpose, "categories": [band.name for band in rules.thresholds.bands],
        "missing": [one["construct"] for one in competencies if one["level"] is None],
        "floor": set(standard) == {1}, "chances": None,
    }  # fmt: skip
    if said["missing"]:
        return said | {"percent": None, "exact": None, "category": None}
    percent = job_person_match([one["level"] for one in competencies], standard, terms.variant)
    return said | {
        "percent": kept(float(percent)), "exact": [percent.numerator, percent.denominator],
        "category": rules.thresholds.category(percent),
    }  # fmt: skip


def with_match_chances(profiles: Sequence[dict[str, Any]], terms: Terms) -> list[dict[str, Any]]:
    """Add to each profile the probability of each category of the match: computed for all of one standard at once."""
    whole = [position for position, one in enumerate(profiles) if not one["jpm"]["missing"]]
    by_standard: dict[tuple[int, ...], list[int]] = {}
    for position in whole:
        standard = tuple(one["required"] for one in profiles[position]["competencies"])
        by_standard.setdefault(standard, []).append(position)
    done = list(profiles)
    for standard, those in by_standard.items():
        levels = together([profiles[position]["competencies"] for position in those], terms.rules.level_correlation)
        found = match_probabilities(levels.chances, standard, terms.rules.thresholds, terms.variant, levels.weights)
        for position, chances in zip(those, found.tolist(), strict=True):
            jpm = profiles[position]["jpm"] | {"chances": [kept(chance) for chance in chances]}
            done[position] = profiles[position] | {"jpm": jpm}
    return done


def _potential(scores: Mapping[str, Body], rules: Rules) -> dict[str, Any]:
    """Combine the measured aspects; the composite says on how many of the eight it rests."""
    aspects = [_plain(aspect.code, scores.get(aspect.code)) for aspect in POTENTIAL_ASPECTS]
    for aspect in aspects:
        if norm := scores.get(aspect["construct"], {}).get("norm"):
            aspect["norm"] = norm
    theta = [np.nan if one["theta"] is None else one["theta"] for one in aspects]
    se = [np.nan if one["se"] is None else one["se"] for one in aspects]
    whole = combine(theta, se, rules.least_measured, rules.aspect_weights, rules.aspect_correlation)
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
