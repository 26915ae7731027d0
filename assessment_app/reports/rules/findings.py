"""What stands out in a signed result: strengths, areas to develop, and what to do about them in twelve months. Pure.

Nothing is said of what lies inside the error: a level counts as above or below the required one where that is as
probable as the rule set wants of a level that may go unread, a T score where it lies two standard errors and half a
standard deviation from the mean. What lies at a border is called a border.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment_app.reports.rules.content import Activity, Texts
from assessment_app.review.rules import is_near_required
from assessment_app.rule_sets.rules import Rules
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import DIGITAL_PILLARS, POTENTIAL_ASPECTS

Document = Mapping[str, Any]

MOST_STRENGTHS, FEW_STRENGTHS = 4, 3
MOST_AREAS = 4
MOST_SUGGESTIONS = 5
"""What two sheets of paper hold; and more than some things at once nobody develops."""

MONTHS = 12
LATEST_BEGIN = 4

MEAN, HALF_A_DEVIATION, SURE = 50.0, 5.0, 2.0

HIGH_BAND, LOW_BAND = 4, 2
"""From the fourth band of literacy on a pillar is a strength, up to the second one to be developed."""

COMPETENCY_NAMES = {one.code: one.name for one in COMPETENCIES}
PILLAR_NAMES = {one.code: one.name for one in DIGITAL_PILLARS}
ASPECT_NAMES = {one.code: one.name for one in POTENTIAL_ASPECTS}


@dataclass(frozen=True)
class Area:
    """Something to develop: how it is told, what it aims at, and what to do."""

    told: str
    aim: str
    activities: Sequence[Activity]


@dataclass(frozen=True)
class Findings:
    """What a report says in sentences; suggestions as it keeps them, with the months from the issue on."""

    strengths: Sequence[str]
    areas: Sequence[str]
    suggestions: Sequence[dict[str, Any]]


def findings(result: Document, rules: Rules, texts: Texts, bands: Sequence[str]) -> Findings:
    """Find what stands out in a result; ``bands`` names the five bands of literacy, the lowest first."""
    areas = [
        *_below(result["competencies"], rules, texts), *_at_border(result["competencies"], rules, texts),
        *_low_pillars(result["literacy"], rules, texts, bands), *_low_aspects(result["potential"], texts),
    ][:MOST_AREAS]  # fmt: skip
    return Findings(_strengths(result, rules, texts, bands), [one.told for one in areas], list(_suggestions(areas)))


def _strengths(result: Document, rules: Rules, texts: Texts, bands: Sequence[str]) -> list[str]:
    above = [one for one in result["competencies"] if _surely_above(one, rules)]
    above.sort(key=lambda one: (one["required"] - one["level"], -_chance_above(one)))
    found = [
        f"{COMPETENCY_NAMES[one['construct']]} (level {one['level']}, wajib {one['required']}): "
        f"{_does(texts, one, one['level'])}."
        for one in above[: MOST_STRENGTHS - 1]
    ]
    found += [
        f"{PILLAR_NAMES[one['construct']]} ({bands[one['level'] - 1].lower()}): "
        f"{texts.pillars[one['construct']].strength}."
        for one in result["literacy"]
        if one["level"] is not None
        and one["level"] >= HIGH_BAND
        and sum(one["levels"][HIGH_BAND - 1 :]) >= rules.near_level
    ]
    found += [
        f"{ASPECT_NAMES[one['construct']]}, di atas rata-rata kelompok norma: "
        f"{texts.aspects[one['construct']].strength}."
        for one in result["potential"]["aspects"]
        if _beyond(one) > 0
    ]
    if len(found) < FEW_STRENGTHS:
        as_required = _as_required(result["competencies"], above, rules, texts)
        found += list(as_required)[: FEW_STRENGTHS - len(found)]
    return found[:MOST_STRENGTHS]


def _as_required(scores: Sequence[Document], told: Sequence[Document], rules: Rules, texts: Texts) -> Iterator[str]:
    """Name what surely reaches its standard; where the standard is level 1 everybody does, so that says nothing."""
    sure = [
        one for one in scores
        if one not in told and one["level"] is not None and one["level"] >= one["required"] > 1
        and not is_near_required(one, rules)
    ]  # fmt: skip
    for one in sorted(sure, key=lambda one: -one["reaches"]):
        yield (
            f"{COMPETENCY_NAMES[one['construct']]} (level {one['level']}, memenuhi standar): "
            f"{_does(texts, one, one['required'])}."
        )


def _chance_above(score: Document) -> float:
    return float(sum(score["levels"][score["required"] :]))


def _surely_above(score: Document, rules: Rules) -> bool:
    level = score["level"]
    return level is not None and level > score["required"] and _chance_above(score) >= rules.near_level


def _does(texts: Texts, score: Document, level: int) -> str:
    return texts.competencies[score["construct"]].levels[level - 1]


def _below(scores: Sequence[Document], rules: Rules, texts: Texts) -> Iterator[Area]:
    """Give what is surely below its standard, the furthest first; the next level is the next step."""
    below = [
        one for one in scores
        if one["level"] is not None and one["level"] < one["required"] and not is_near_required(one, rules)
    ]  # fmt: skip
    for one in sorted(below, key=lambda one: (one["level"] - one["required"], one["reaches"])):
        name, level, required = COMPETENCY_NAMES[one["construct"]], one["level"], one["required"]
        activities = texts.competencies[one["construct"]].activities(level + 1)
        yield Area(
            f"{name} (level {level}, wajib {required}): perlu lebih konsisten {_does(texts, one, level + 1)}.",
            f"{name}: level {level} ke {required}", activities.one if required - level == 1 else activities.more,
        )  # fmt: skip


def _at_border(scores: Sequence[Document], rules: Rules, texts: Texts) -> Iterator[Area]:
    near = [one for one in scores if one["level"] is not None and is_near_required(one, rules)]
    for one in sorted(near, key=lambda one: one["reaches"]):
        name, required = COMPETENCY_NAMES[one["construct"]], one["required"]
        yield Area(
            f"{name}: dekat batas level {required}; mantapkan kebiasaan {_does(texts, one, required)}.",
            f"{name}: level {required} yang mantap",
            texts.competencies[one["construct"]].activities(required).steady,
        )  # fmt: skip


def _low_pillars(pillars: Sequence[Document], rules: Rules, texts: Texts, bands: Sequence[str]) -> Iterator[Area]:
    for one in pillars:
        level = one["level"]
        if level is None or level > LOW_BAND or sum(one["levels"][:LOW_BAND]) < rules.near_level:
            continue
        name, part = PILLAR_NAMES[one["construct"]], texts.pillars[one["construct"]]
        band, next_band = bands[level - 1].lower(), bands[level].lower()
        yield Area(f"{name} ({band}): {part.area}.", f"{name}: {band} ke {next_band}", [part.activity])


def _low_aspects(potential: Document, texts: Texts) -> Iterator[Area]:
    for one in potential["aspects"]:
        if _beyond(one) < 0:
            name, part = ASPECT_NAMES[one["construct"]], texts.aspects[one["construct"]]
            yield Area(f"{name}, di bawah rata-rata kelompok norma: {part.area}.", name, [part.activity])


def _beyond(aspect: Document) -> int:
    """Tell whether an aspect lies surely above (1) or below (-1) the mean of its norm group; 0 without a norm."""
    if aspect["theta"] is None or "norm" not in aspect:
        return 0
    away, error = aspect["norm"]["t"] - MEAN, aspect["norm"]["se"]
    if abs(away) < max(HALF_A_DEVIATION, SURE * error):
        return 0
    return 1 if away > 0 else -1


def _suggestions(areas: Sequence[Area]) -> Iterator[dict[str, Any]]:
    """Spread what is to be done over the year: one thing after the other begins, the most urgent first."""
    every = [(area.aim, activity) for area in areas for activity in area.activities][:MOST_SUGGESTIONS]
    for position, (aim, activity) in enumerate(every, 1):
        begins = min(position, LATEST_BEGIN)
        ends = min(begins + activity.months - 1, MONTHS)
        yield {"aim": aim, "activity": activity.text, "kind": activity.kind, "begins": begins, "ends": ends}
