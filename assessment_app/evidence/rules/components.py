"""From the facts of one person to the components of the talent value, as they stand on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from assessment_app.evidence.rules.facts import (
    KIND_OF,
    Fact,
    Kind,
    Known,
    State,
    checked,
    earliest,
    is_contradicted,
    latest,
    since,
    standing,
    years_before,
)
from assessment_app.evidence.rules.numbers import NONE, Numbers, exact

SHOWN_SOURCES = 3
MONTHS = 12
DAYS_OF_MONTH = 30
"""Days left over from several posts are put together to months of so many."""

Say = Callable[[str, Mapping[str, object]], str]
"""Turns the code of a reason and its values into a sentence."""


@dataclass(frozen=True)
class Component:
    """What is known of one component: a value from 0 to 100 or none, why, and who says so.

    ``code`` and ``values`` are the same reason for whoever words it in another language.
    """

    state: Known
    value: Fraction | None
    why: str
    source: str
    code: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What a judge of one component found, before it is put into words."""

    state: Known
    value: Fraction | None
    code: str
    values: Mapping[str, object]
    facts: Sequence[Fact] = ()


class Sight:
    """The standing facts of one person by kind, on a day, with the numbers of a rule set."""

    def __init__(self, facts: Iterable[Fact], numbers: Numbers, as_of: date) -> None:
        """Sort the facts; marks of none that were made later than the day are not seen."""
        self.numbers, self.as_of = numbers, as_of
        self.present: dict[Kind, list[Fact]] = defaultdict(list)
        self.marks: dict[Kind, list[Fact]] = defaultdict(list)
        for fact in standing(facts):
            if fact.state == State.PRESENT:
                self.present[fact.kind].append(fact)
            elif checked(fact) <= as_of:
                self.marks[fact.kind].append(fact)

    def begun(self, kind: Kind) -> list[Fact]:
        """Give the facts of a kind that hold on the day already."""
        return [fact for fact in self.present[kind] if since(fact) <= self.as_of]


def components(facts: Iterable[Fact], numbers: Numbers, as_of: date, say: Say) -> dict[str, Component]:
    """Judge every component of one person's evidence, as it stands on a day."""
    sight = Sight(facts, numbers, as_of)
    return {name: _worded(judge(sight), say) for name, judge in JUDGES.items()}


def predicate(facts: Iterable[Fact], as_of: date) -> str | None:
    """Give the predicate of the newest whole year; none when there is none, or two that differ."""
    _, said = newest_predicates([fact for fact in standing(facts) if fact.kind == Kind.PERFORMANCE], as_of)
    return said[0] if len(said) == 1 else None


def newest_predicates(facts: Sequence[Fact], as_of: date) -> tuple[int | None, list[str]]:
    """Find the newest year that was over on a day and has a predicate, and the different ones that it has."""
    years = [fact.said["year"] for fact in facts if fact.said["year"] < as_of.year]
    if not years:
        return None, []
    newest: int = max(years)
    return newest, sorted({fact.said["predicate"] for fact in facts if fact.said["year"] == newest})


def _worded(found: Finding, say: Say) -> Component:
    sources = list(dict.fromkeys(fact.source for fact in found.facts))
    shown = "; ".join(sources[:SHOWN_SOURCES]) + ("; ..." if len(sources) > SHOWN_SOURCES else "")
    return Component(found.state, found.value, say(found.code, found.values), shown, found.code, found.values)


def _unknown(code: str, facts: Sequence[Fact] = (), **values: object) -> Finding:
    return Finding(Known.UNKNOWN, None, code, values, facts)


def _present(worth: Fraction, code: str, facts: Sequence[Fact], **values: object) -> Finding:
    return Finding(Known.PRESENT, worth, code, values, facts)


def _performance(sight: Sight) -> Finding:
    facts = sight.present[Kind.PERFORMANCE]
    year, said = newest_predicates(facts, sight.as_of)
    if year is None:
        return _unknown("performance.none")
    of_year = [fact for fact in facts if fact.said["year"] == year]
    if len(said) > 1:
        return _unknown("performance.conflict", of_year, year=year, count=len(said))
    worth = sight.numbers.predicate.get(said[0])
    if worth is None:
        return _unknown("performance.no_number", of_year, predicate=said[0])
    code = "performance.says" if year == sight.as_of.year - 1 else "performance.old"
    return _present(worth, code, of_year, year=year, predicate=said[0])


def _feedback(sight: Sight) -> Finding:
    facts = [fact for fact in sight.present[Kind.FEEDBACK_360] if fact.said["year"] <= sight.as_of.year]
    if not facts:
        return _unknown("feedback_360.none")
    year = max(fact.said["year"] for fact in facts)
    of_year = [fact for fact in facts if fact.said["year"] == year]
    values = sorted({exact(fact.said["value"]) for fact in of_year})
    if len(values) > 1:
        return _unknown("feedback_360.conflict", of_year, year=year, count=len(values))
    return _present(values[0], "feedback_360.says", of_year, year=year, value=of_year[0].said["value"])


def _best(
    sight: Sight, name: str, counted: Sequence[Fact], step: Callable[[Fact], str], window: date | None,
    pick: Callable[..., Any] = max,
) -> Finding:  # fmt: skip
    """Take the best of what counts, else a mark that there is none; both at once, and nothing is known.

    ``step`` names the step of the component's scale that a fact stands on.
    """
    kind, worth = KIND_OF[name], getattr(sight.numbers, name)
    marks = [mark for mark in sight.marks[kind] if window is None or checked(mark) >= window]
    against = [fact for fact in counted for mark in marks if is_contradicted(mark, fact)]
    if against:
        return _unknown(f"{name}.conflict", [*against, *marks], day=_day(max(map(checked, marks))))
    valued = [(worth[step(fact)], fact) for fact in counted if step(fact) in worth]
    if valued:
        value, best = pick(valued, key=lambda one: one[0])
        return _present(value, f"{name}.says", [best], name=best.said["name"], step=f"{name}.{step(best)}")
    if marks:
        newest = max(marks, key=checked)
        return Finding(Known.ABSENT, worth[NONE[name]], f"{name}.absent", {"day": _day(checked(newest))}, [newest])
    return _unknown(f"{name}.old" if sight.present[kind] else f"{name}.none", sight.present[kind])


def _award(sight: Sight) -> Finding:
    window = years_before(sight.as_of, sight.numbers.award_years)
    counted = [fact for fact in sight.begun(Kind.AWARD) if latest(fact.said["date"]) >= window]
    return _best(sight, "award", counted, lambda fact: str(fact.said["level"]), window)


def _team(sight: Sight) -> Finding:
    window = years_before(sight.as_of, sight.numbers.team_years)
    counted = [
        fact for fact in sight.begun(Kind.TEAM)
        if fact.said["decree"] and (fact.said["to"] is None or latest(fact.said["to"]) >= window)
    ]  # fmt: skip
    return _best(sight, "team", counted, lambda fact: str(fact.said["role"]), window)


def _development(sight: Sight) -> Finding:
    spans = {False: sight.numbers.certificate_years, True: sight.numbers.bnsp_years}
    windows = {bnsp: years_before(sight.as_of, years) for bnsp, years in spans.items()}
    counted = [
        fact for fact in sight.begun(Kind.TRAINING) if latest(fact.said["date"]) >= windows[fact.said["bnsp"]]
    ]  # fmt: skip
    return _best(sight, "development", counted, lambda _fact: "has_certificate", windows[False])


def _discipline(sight: Sight) -> Finding:
    def step(fact: Fact) -> str:
        return "under_sanction" if is_served(fact, sight.as_of) else str(fact.said["level"])

    return _best(sight, "discipline", sight.begun(Kind.DISCIPLINE), step, None, pick=min)


def is_served(fact: Fact, day: date) -> bool:
    """Tell whether a sanction is being served on a day; a light one without an end is a word, not a time."""
    until = fact.said["to"]
    return latest(until) >= day if until else fact.said["level"] != "light"


def _experience(sight: Sight) -> Finding:
    facts = sight.begun(Kind.POST)
    if not facts:
        return _unknown("experience.none")
    years = length([(earliest(f.said["from"]), f.said["to"] and latest(f.said["to"])) for f in facts], sight.as_of)
    whole, months = divmod(int(years * MONTHS), MONTHS)
    worth = sight.numbers.experience_worth(years)
    return _present(worth, "experience.says", facts, years=whole, months=months, count=len(facts))


def length(spans: Sequence[tuple[date, date | None]], as_of: date) -> Fraction:
    """Measure in years the time that spans cover together by a day; what overlaps counts once.

    Whole calendar months of each uninterrupted stretch, and the days left over as months of thirty.
    """
    merged: list[tuple[date, date]] = []
    for start, end in sorted((start, min(end or as_of, as_of)) for start, end in spans):
        if merged and start <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    measured = [_months_and_days(start, end) for start, end in merged]
    months = sum(months for months, _ in measured) + sum(days for _, days in measured) // DAYS_OF_MONTH
    return Fraction(months, MONTHS)


def _months_and_days(start: date, end: date) -> tuple[int, int]:
    months = (end.year - start.year) * MONTHS + end.month - start.month
    return (months, end.day - start.day) if end.day >= start.day else (months - 1, end.day + DAYS_OF_MONTH - start.day)


def _education(sight: Sight) -> Finding:
    worth = sight.numbers.education
    valued = [(worth[f.said["level"]], f) for f in sight.present[Kind.EDUCATION] if f.said["level"] in worth]
    if not valued:
        return _unknown("education.none")
    value, best = max(valued, key=lambda one: one[0])
    return _present(value, "education.says", [best], step=f"education.{best.said['level']}", field=best.said["field"])


def _field(sight: Sight) -> Finding:
    facts = sight.present[Kind.EDUCATION]
    fitting = [fact for fact in facts if fact.said["fits"]]
    if fitting:
        return _present(sight.numbers.field["fits"], "field.fits", fitting[:1], field=fitting[0].said["field"])
    if not facts or any(fact.said["fits"] is None for fact in facts):
        return _unknown("field.none" if not facts else "field.unchecked")
    return _present(sight.numbers.field["else"], "field.else", facts, field=facts[0].said["field"])


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


JUDGES: Mapping[str, Callable[[Sight], Finding]] = {
    "performance": _performance, "award": _award, "team": _team, "feedback_360": _feedback,
    "development": _development, "experience": _experience, "education": _education, "field": _field,
    "discipline": _discipline,
}  # fmt: skip
