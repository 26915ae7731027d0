"""What a profile says under other rules than its own. Pure.

Only what is reported is computed, category of match, category of potential and box; no probability is, so a province is
judged while somebody waits. The levels and abilities that a profile rests on do not depend on a rule set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import Rules, exact, read
from item_bank.competencies import COMPETENCIES
from scoring_engine.standards.composite import combine
from scoring_engine.standards.match import PLAIN, Variant, job_person_match
from scoring_engine.standards.nine_box import box, category

Document = Mapping[str, Any]
BOXES = 9


@dataclass(frozen=True)
class Numbers:
    """What a rule set says that decides about categories and box."""

    rules: Rules
    variant: Variant

    @classmethod
    def of(cls, document: Document) -> Numbers:
        """Read a rule set's document; refuses with IncompleteRules."""
        value = {name: rule["value"] for name, rule in document["rules"].items()}
        cap, weights = value.get("jpm.cap_total"), value.get("jpm.weights")
        known = Variant(
            bool(value.get("jpm.cap_per_competency")), None if cap is None else exact(cap),
            None if weights is None else tuple(exact(weights[one.code]) for one in COMPETENCIES),
        )  # fmt: skip
        return cls(read(document), PLAIN if known == PLAIN else known)


@dataclass(frozen=True)
class Outcome:
    """What is reported of a person: a category of match, one of potential (0 to 2), a box; None is missing."""

    match: str | None
    potential: int | None
    box: int | None


@dataclass(frozen=True)
class Person:
    """Somebody with a result, as it is and as it would be."""

    sitting_id: int
    name: str
    nip: str
    unit: str
    before: Outcome
    after: Outcome


def reported(profile: Document, numbers: Numbers) -> Outcome:
    """Read what a profile reports under the rule set that it was made with."""
    match = profile["jpm"]["category"]
    potential = category(profile["potential"]["score"], *numbers.rules.potential_cuts)
    row = None if match is None else profile["jpm"]["categories"].index(match)
    return Outcome(match, potential, box(row, potential, numbers.rules.numbering))


def foreseen(profiles: Sequence[Document], own: Sequence[Numbers], numbers: Numbers) -> list[Outcome]:
    """Compute what profiles would report under other rules; ``own`` are those that each was made with."""
    matches = [_match(profile, made, numbers) for profile, made in zip(profiles, own, strict=True)]
    potentials = _potentials(profiles, numbers.rules)
    found = []
    for match, potential in zip(matches, potentials, strict=True):
        row = None if match is None else numbers.rules.thresholds.position(match)
        name = None if row is None else numbers.rules.thresholds.bands[row].name
        found.append(Outcome(name, potential, box(row, potential, numbers.rules.numbering)))
    return found


def _match(profile: Document, own: Numbers, numbers: Numbers) -> Fraction | None:
    competencies, level = profile["competencies"], profile["job_level"]
    levels = [one["level"] for one in competencies]
    if None in levels:
        return None
    required = [one["required"] for one in competencies]
    if all(one == own.rules.standard[level] for one in required):
        required = [numbers.rules.standard[level]] * len(levels)  # else the standard is that of the post itself
    return job_person_match(levels, required, numbers.variant)


def _potentials(profiles: Sequence[Document], rules: Rules) -> list[int | None]:
    if not profiles:
        return []
    theta, se = (
        np.array([[one[part] for one in profile["potential"]["aspects"]] for profile in profiles], dtype=np.float64)
        for part in ("theta", "se")
    )
    scores = combine(theta, se, rules.least_measured).score
    return [category(float(score), *rules.potential_cuts) for score in scores]


@dataclass(frozen=True)
class Move:
    """How many people go from one category or box to another; None is none."""

    before: str | int | None
    after: str | int | None
    people: int


@dataclass(frozen=True)
class Foresight:
    """What changes in a wave: how many people are judged, who of them changes, and from where to where."""

    judged: int
    changed: Sequence[Person]
    matches: Sequence[Move]
    potentials: Sequence[Move]
    boxes: Sequence[Move]


def foresight(people: Sequence[Person]) -> Foresight:
    """Count who changes, and from where to where."""
    changed = [one for one in people if one.before != one.after]
    return Foresight(
        len(people), changed,
        _moves((one.before.match, one.after.match) for one in changed),
        _moves((one.before.potential, one.after.potential) for one in changed),
        _moves((one.before.box, one.after.box) for one in changed),
    )  # fmt: skip


def _moves(pairs: Iterable[tuple[str | int | None, str | int | None]]) -> list[Move]:
    counts = Counter((before, after) for before, after in pairs if before != after)
    return [Move(*pair, number) for pair, number in sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))]


def counts(people: Sequence[Person]) -> list[tuple[int, int, int]]:
    """Count the people of every box before and after, box 9 first: (box, before, after)."""
    before, after = Counter(one.before.box for one in people), Counter(one.after.box for one in people)
    return [(number, before[number], after[number]) for number in range(BOXES, 0, -1)]
