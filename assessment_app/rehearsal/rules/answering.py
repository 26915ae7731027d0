"""Answers of invented people to items of every kind, drawn from the models by which the items will be scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np

from assessment_app.rehearsal.rules.population import Population
from item_bank import item_keys
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Items
from scoring_engine.recipes.answers import Earning
from scoring_engine.responses import Ints

MOST_ALIKE = 6
"""Answers that earn the same and are told apart; nobody needs every order of ten options."""


@dataclass(frozen=True)
class Answered:
    """What everybody answers to one item: the answers that there are, and which of them each person gives."""

    item: str
    offered: Sequence[object]
    chosen: Ints
    earned: Ints
    """Credit of what each person gives; 0 where answers earn none."""


Fits = Callable[[str, object], bool]
"""Tells whether an item, by its name, can be answered so on the screen."""


def answered(
    keys: Sequence[item_keys.AnyItemKey], people: Population, chance: np.random.Generator,
    fits: Fits = lambda _item, _answer: True,
) -> list[Answered]:  # fmt: skip
    """Let everybody answer every item of a form as its model says; in the order of the keys."""
    return [_answered(key, people, chance, fits) for key in keys]


def _answered(
    key: item_keys.AnyItemKey, people: Population, chance: np.random.Generator, fits: Fits
) -> Answered:  # fmt: skip
    if isinstance(key, item_keys.Preferred | item_keys.Ranked):
        names = list(key.statements)
        pairs = list(permutations(names, 2))
        place = {pair: number for number, pair in enumerate(pairs)}
        worth = _utilities(key, people, chance)
        picked = zip(worth.argmax(axis=1).tolist(), worth.argmin(axis=1).tolist(), strict=True)
        chosen = np.array([place[names[most], names[least]] for most, least in picked], dtype=np.int64)
        said = [{"most": most, "least": least} for most, least in pairs]
        return Answered(key.id, said, chosen, np.zeros_like(chosen))
    offered, earned = offered_by(key, fits)
    drawn = draw_answers(people.of(key.construct), Items([key.model()]), chance)[:, 0].tolist()
    # A credit that no answer earns is one that nobody can show: the next one below it stands for it.
    near = {wanted: _nearest(wanted, earned) for wanted in set(drawn)}
    reach = {wanted: [n for n, credit in enumerate(earned) if credit == near[wanted]] for wanted in near}
    drawn_answers = [reach[wanted][int(chance.integers(len(reach[wanted])))] for wanted in drawn]
    return Answered(key.id, offered, np.array(drawn_answers, dtype=np.int64),
                    np.array(earned, dtype=np.int64)[drawn_answers])  # fmt: skip


def _nearest(wanted: int, earned: Sequence[int]) -> int:
    return max((credit for credit in earned if credit <= wanted), default=min(earned))


def _utilities(
    key: item_keys.Preferred | item_keys.Ranked, people: Population, chance: np.random.Generator
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Give what each statement is worth to each person, shape (persons, statements)."""
    size = (len(people.tempo), len(key.statements))
    if isinstance(key, item_keys.Ranked):
        interests = np.column_stack([people.of(path) for path in key.statements.values()])
        return np.asarray(interests + chance.gumbel(size=size))
    told = np.array([(one.mean, one.loading, one.psi) for one in key.statements.values()])
    trait = people.of(key.construct)[:, None]
    return np.asarray(told[:, 0] + told[:, 1] * trait + np.sqrt(told[:, 2]) * chance.standard_normal(size))


def offered_by(key: item_keys.OnScale, fits: Fits) -> tuple[list[object], list[int]]:
    """List answers to an item that fit it, a few of each credit, and what each earns.

    Refuses with ValueError an item that nothing fits.
    """
    earns: Earning = key.earns()  # type: ignore[assignment]  # of a key on a scale
    offered, earned, seen = list[object](), list[int](), Counter[int]()
    for one in _candidates(key):
        if fits(key.id, one) and seen[credit := earns.credit(one)] < MOST_ALIKE:
            offered.append(one)
            earned.append(credit)
            seen[credit] += 1
    if not offered:
        raise ValueError(f"no answer fits item {key.id}")
    return offered, earned


def _candidates(key: item_keys.OnScale) -> Iterator[object]:
    match key:
        case item_keys.Graded() | item_keys.RightOrWrong():
            yield from key.credit
        case item_keys.Selected():
            parts = [one for one in key.rationale if one != item_keys.WHOLE]
            yield list(key.right)
            yield from (list(some) for count in range(1, len(parts) + 1) for some in combinations(parts, count))
        case item_keys.Sequenced():
            yield list(key.right)
            yield list(reversed(key.right))
            yield from _swapped(list(key.right))
        case item_keys.Quantity():
            yield key.value
            yield "987654321"
        case item_keys.Rated():
            yield from range(key.low, key.high + 1)
        case item_keys.Performed():
            yield from (list(way.taken) for way in key.ways)
            yield from ([step] for step in key.judged)
            yield from ([step] for step in key.rationale if step != item_keys.WHOLE)


def _swapped(right: list[str]) -> Iterator[list[str]]:
    """Give orders with neighbours and ends turned round, so that every number of right neighbours is there."""
    for count in range(2, len(right)):
        yield [*reversed(right[:count]), *right[count:]]
    for one, other in combinations(range(len(right)), 2):
        made = list(right)
        made[one], made[other] = made[other], made[one]
        yield made
