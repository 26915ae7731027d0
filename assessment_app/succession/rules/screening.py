"""The four criteria that a candidate is screened by, each met, not met or unknown, with its numbers. Pure.

Which numbers count is said by the rule set that placed the person. A criterion rests on facts that are on record;
where they say too little it is unknown, and the sentence says what is lacking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from assessment_app.evidence.rules import Fact, State, is_contradicted, standing
from assessment_app.evidence.rules.components import is_served
from assessment_app.evidence.rules.facts import checked, earliest, latest, since, years_before
from assessment_app.personnel.rules.basis import USED as NEEDED
from assessment_app.personnel.rules.basis import Basis, months_between, pension_of
from assessment_app.personnel.rules.basis import read as read_pension
from assessment_app.personnel.rules.records import Person
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.succession.rules import Pool
from assessment_app.talent.rules.cells import Numbering, cells_of, number_of

RULE_OF = {
    "box": "succession.eligible", "discipline": "succession.discipline_window_years",
    "retirement": "succession.min_months_to_bup", "result": "assessment.validity_years",
}  # fmt: skip
"""The criteria in the order in which they are shown, and the rule that each one follows."""

GRAVE = ("medium", "heavy")
"""Sanctions that keep somebody out while they lie within the window (domain 5.4)."""


class Met(StrEnum):
    """What is known of a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Criterion:
    """One criterion judged: ``code`` and ``values`` are the reason, for whoever words it; days are ISO texts."""

    state: Met
    code: str
    values: Mapping[str, Any]
    source: str = ""

    def written(self) -> dict[str, Any]:
        """Write it as a document keeps it."""
        return {"state": self.state.value, "code": self.code, "values": dict(self.values), "source": self.source}


@dataclass(frozen=True)
class Numbers:
    """What a rule set says of succession."""

    eligible: Mapping[Pool, frozenset[int]]
    discipline_years: int
    least_months: int
    validity_years: int
    numbering: Numbering
    pension: Basis | None
    """Nothing where a rule set of an older release says too little of retirement."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Numbers:
        """Read a rule set's document; refuses with IncompleteRules, naming what is wrong."""
        try:
            value = {name: document["rules"][name]["value"] for name in (*RULE_OF.values(), "box.numbering")}
            return cls(
                {pool: frozenset(value["succession.eligible"][pool]) for pool in Pool},
                int(value["succession.discipline_window_years"]), int(value["succession.min_months_to_bup"]),
                int(value["assessment.validity_years"]), value["box.numbering"],
                read_pension(document) if document["rules"].keys() >= set(NEEDED) else None,
            )  # fmt: skip
        except (KeyError, ValueError, TypeError) as error:
            raise IncompleteRules(f"rule set says too little of succession: {error!r}") from error


def box(cell: int | None, open_cells: int, pool: Pool, numbers: Numbers) -> Criterion:
    """Judge a box, or the boxes that are still possible: when none of them belongs to the group, that is certain."""
    group = sorted(numbers.eligible[pool])
    if cell is not None:
        number = number_of(cell, numbers.numbering)
        met = Met.MET if number in group else Met.NOT_MET
        return Criterion(met, "box.final", {"box": number, "group": group})
    possible = sorted(number_of(one, numbers.numbering) for one in cells_of(open_cells))
    if possible and not set(possible) & set(group):
        return Criterion(Met.NOT_MET, "box.none_possible", {"boxes": possible, "group": group})
    return Criterion(Met.UNKNOWN, "box.provisional", {"boxes": possible, "group": group})


def discipline(facts: Iterable[Fact], years: int, as_of: date) -> Criterion:
    """Judge the record of sanctions within a window that ends on a day.

    A sanction counts that began or was still served within it. A fact or a look that found none must lie within the
    window too: what was known before says nothing of it. Two that contradict each other leave it unknown.
    """
    begin = years_before(as_of, years)
    rows = standing(facts)
    begun = [one for one in rows if one.state == State.PRESENT and since(one) <= as_of]
    within = [one for one in begun if latest(one.said["from"]) >= begin or is_served(one, begin)]
    grave = [one for one in within if one.said["level"] in GRAVE]
    looks = [one for one in rows if one.state == State.ABSENT and begin <= checked(one) <= as_of]
    window = {"years": years, "begin": begin.isoformat()}
    against = [(look, fact) for look in looks for fact in grave if is_contradicted(look, fact)]
    if against:
        look, fact = against[0]
        told = window | _sanction(fact) | {"day": checked(look).isoformat()}
        return Criterion(Met.UNKNOWN, "discipline.conflict", told, _sources([look, fact]))
    if grave:
        gravest = max(grave, key=lambda one: (GRAVE.index(one.said["level"]), since(one)))
        return Criterion(Met.NOT_MET, "discipline.grave", window | _sanction(gravest), _sources([gravest]))
    if within:
        newest = max(within, key=since)
        return Criterion(Met.MET, "discipline.light", window | _sanction(newest), _sources([newest]))
    if looks:
        look = max(looks, key=checked)
        return Criterion(Met.MET, "discipline.none", window | {"day": checked(look).isoformat()}, _sources([look]))
    return Criterion(Met.UNKNOWN, "discipline.old" if rows else "discipline.unchecked", window)


def _sanction(fact: Fact) -> dict[str, str]:
    return {
        "level": str(fact.said["level"]), "name": str(fact.said["name"]),
        "since": earliest(fact.said["from"]).isoformat(),
    }  # fmt: skip


def _sources(facts: Sequence[Fact]) -> str:
    return "; ".join(dict.fromkeys(fact.source for fact in facts))


def retirement(person: Person, target: Person, *, by_contract: bool, numbers: Numbers, as_of: date) -> Criterion:
    """Judge the months until somebody's pension begins, by the post that is held now.

    ``target`` is the same person as holder of the target post: told beside, because a post with another age moves the
    pension only for whoever is appointed. ``by_contract``: service may end earlier, with a contract that is not on
    record here; then enough months are unknown, and too few are certain.
    """
    basis = numbers.pension
    own, there = (None if basis is None else pension_of(who, basis) for who in (person, target))
    if own is None:
        return Criterion(Met.UNKNOWN, "retirement.no_age", {"least": numbers.least_months})
    months = months_between(as_of, own.start)
    told = {"start": own.start.isoformat(), "age": own.age, "months": months, "least": numbers.least_months}
    if there is not None and there.start != own.start:
        told |= {"there": there.start.isoformat(), "there_age": there.age}
    if months < numbers.least_months:
        return Criterion(Met.NOT_MET, "retirement.soon", told)
    if by_contract:
        return Criterion(Met.UNKNOWN, "retirement.contract", told)
    return Criterion(Met.MET, "retirement.later", told)


def left() -> Criterion:
    """Judge somebody who is not among the agency's active employees any more."""
    return Criterion(Met.NOT_MET, "retirement.left", {})


def result(signed: str | None, assessed: date, years: int, as_of: date) -> Criterion:
    """Judge whether a result is signed and still valid; ``assessed`` is the day of the session."""
    until = years_before(assessed, -years)
    told = {"assessed": assessed.isoformat(), "until": until.isoformat(), "years": years}
    if signed is None:
        return Criterion(Met.NOT_MET, "result.unsigned", told)
    if as_of > until:
        return Criterion(Met.NOT_MET, "result.expired", told)
    return Criterion(Met.MET, "result.valid", told)


def overall(criteria: Mapping[str, Mapping[str, Any]]) -> Met:
    """Put written criteria together: one that is not met decides, then one that is unknown."""
    states = {one["state"] for one in criteria.values()}
    return next((state for state in (Met.NOT_MET, Met.UNKNOWN) if state in states), Met.MET)
