"""What a profile says under other rules than its own. Pure.

Only what is reported is computed, category of match, category of potential and box; no probability is, so a province is
judged while somebody waits. The levels and abilities that a profile rests on do not depend on a rule set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from assessment_app.rule_sets.rules import Rules, exact, read
from item_bank.competencies import COMPETENCIES
from scoring_engine.responses import Floats
from scoring_engine.standards.composite import combine
from scoring_engine.standards.match import PLAIN, Variant, job_person_match
from scoring_engine.standards.nine_box import HIGH, LOW, MIDDLE, box, category
from scoring_engine.standards.together import common_correlation

Document = Mapping[str, Any]
BOXES = 9
TELLING = 100
"""People from whom on an estimated correlation says something: its standard error is then about .06."""


@dataclass(frozen=True)
class Outcome:
    """What is reported of a person: a category of match, one of potential (0 to 2), a box; None is missing."""

    match: str | None
    potential: int | None
    box: int | None


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

    @cached_property
    def categories(self) -> list[str]:
        """The categories of the match, the lowest first."""
        return [band.name for band in self.rules.thresholds.bands]

    @cached_property
    def outcomes(self) -> dict[tuple[int | None, int | None], Outcome]:
        """All that can be reported, by the positions of both categories: numbered once, not once for each person."""
        rows, columns = (None, *range(len(self.categories))), (None, LOW, MIDDLE, HIGH)
        return {
            (row, column): Outcome(
                None if row is None else self.categories[row], column, box(row, column, self.rules.numbering)
            )
            for row in rows
            for column in columns
        }


@dataclass(frozen=True)
class Person:
    """Somebody with a result, as it is and as it would be."""

    sitting_id: int
    name: str
    nip: str
    unit: str
    before: Outcome
    after: Outcome


def reported(match: str | None, potential: int | None, numbers: Numbers) -> Outcome:
    """Say what a profile reports, with the box under the rule set that it was made with."""
    return numbers.outcomes[None if match is None else numbers.categories.index(match), potential]


@dataclass(frozen=True)
class Likely:
    """The correlation of aspects under which a wave's results are the most likely; see ``common_correlation``."""

    correlation: float
    se: float | None
    people: int


def likely(people: Sequence[Document]) -> Likely | None:
    """Estimate from what is kept beside the profiles; nothing where fewer people than say much have two aspects."""
    told = [one for one in people if sum(theta is not None for theta in one["theta"]) > 1]
    if len(told) < TELLING:
        return None
    found, error = common_correlation(*_aspects(told))
    return Likely(found, None if np.isnan(error) else error, len(told))


def foreseen(people: Sequence[Document], own: Sequence[Numbers], numbers: Numbers) -> list[Outcome]:
    """Compute what people would be told under other rules.

    Takes of each what is kept beside a profile (``scoring.rules.sureness.basis``) and the rules that it was made with.
    """
    rows, potentials = _Rows(numbers), _potentials(people, numbers.rules)
    every = zip(people, own, potentials, strict=True)
    return [numbers.outcomes[rows.of(one, made), potential] for one, made, potential in every]


class _Rows:
    """Finds the category of a match; the same levels against the same standard are matched once."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers
        self.known: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}

    def of(self, one: Document, made: Numbers) -> int | None:
        """Give the position of the category, none while a competency was not measured."""
        levels, required = tuple(one["levels"]), tuple(one["required"])
        if None in levels:
            return None
        asked = made.rules.standard[one["job_level"]]
        if all(level == asked for level in required):
            required = (self.numbers.rules.standard[one["job_level"]],) * len(levels)  # else it is the post's own
        if self.numbers.variant == PLAIN:  # without caps and weights a match is that of the sums
            levels, required = (sum(levels),), (sum(required),)
        if (levels, required) not in self.known:
            match = job_person_match(levels, required, self.numbers.variant)
            self.known[levels, required] = self.numbers.rules.thresholds.position(match)
        return self.known[levels, required]


def _potentials(people: Sequence[Document], rules: Rules) -> list[int | None]:
    if not people:
        return []
    theta, se = _aspects(people)
    scores = combine(theta, se, rules.least_measured, rules.aspect_weights, rules.aspect_correlation).score
    return [category(score, *rules.potential_cuts) for score in scores.tolist()]


def _aspects(people: Sequence[Document]) -> tuple[Floats, Floats]:
    """Give theta and se, each of shape (persons, aspects), NaN where nothing was measured."""
    return np.array([one["theta"] for one in people], float), np.array([one["se"] for one in people], float)


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
