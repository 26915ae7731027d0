"""How invented people go through the day: when they come, how long they think, what they skip, and who does not come.

Times are seconds of the participant's day; whoever plays them may let that day pass faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assessment_app.rehearsal.rules.answering import Answered
from assessment_app.rehearsal.rules.population import Population

NO_SHOW, LATE, RAPID = 0.05, 0.10, 0.02
"""Shares of people who do not come, who come late, and who give up and click through."""

LATE_UNTIL_S = 900.0
OMITTED, REVISITED, DOUBTED = 0.03, 0.06, 0.10
"""Shares of items that are left blank, that are answered anew in the end, and that are marked for later."""

NEEDED = 0.55
"""Of a part's time, what somebody of middling tempo needs for all of its items."""

SPREAD = 0.45
"""Standard deviation of the logarithm of the time on an item within a person (van der Linden 2006: .3 to .6)."""

RAPID_S = 1.2
BREAK_S = (20.0, 420.0)
"""Between two parts."""


@dataclass(frozen=True, slots=True)
class Move:
    """One answer: the item's place in the form, the answer's place among those offered (-1 clears), seconds before."""

    item: int
    answer: int
    seconds: float


@dataclass
class Day:
    """What one person does: seconds after the door opened until the sign-in, or never; moves and break by part."""

    comes: bool
    after: float
    is_rapid: bool
    moves: dict[int, list[Move]] = field(default_factory=dict)
    breaks: dict[int, float] = field(default_factory=dict)
    doubts: int = 0
    revisits: int = 0
    unreached: int = 0


def begun(people: Population, chance: np.random.Generator) -> list[Day]:
    """Decide who comes, when, and who will not try."""
    size = len(people.tempo)
    late = np.where(chance.random(size) < LATE, chance.uniform(0, LATE_UNTIL_S, size), chance.uniform(0, 120, size))
    comes, rapid = chance.random(size) >= NO_SHOW, chance.random(size) < RAPID
    return [Day(*one) for one in zip(comes.tolist(), late.tolist(), rapid.tolist(), strict=True)]


def fill(
    days: Sequence[Day], n: int, form: Sequence[Answered], limit_s: float, people: Population,
    chance: np.random.Generator, *, blank_is_wrong: bool = False,
) -> None:  # fmt: skip
    """Add part ``n`` to everybody's day; whose time runs out does not reach the rest.

    Where a blank counts as wrong, people leave blank what they would get wrong; elsewhere any item.
    """
    size, items = len(days), len(form)
    middle = np.log(NEEDED * limit_s / items) - SPREAD**2 / 2
    hard = 0.3 * chance.standard_normal(items)
    seconds = np.exp(middle + hard + people.tempo[:, None] + SPREAD * chance.standard_normal((size, items)))
    omitted, revisited, doubted = (chance.random((size, items)) < share for share in (OMITTED, REVISITED, DOUBTED))
    chosen = np.column_stack([one.chosen for one in form])
    if blank_is_wrong:
        omitted &= np.column_stack([one.earned for one in form]) == 0
    for person, day in enumerate(days):
        day.breaks[n] = float(chance.uniform(*BREAK_S))
        if day.is_rapid:
            seconds[person] = RAPID_S * chance.random(items) + 0.3
            chosen[person] = [int(chance.integers(len(one.offered))) for one in form]
        first = [Move(at, int(chosen[person, at]), float(seconds[person, at]))
                 for at in range(items) if not omitted[person, at]]  # fmt: skip
        again = [Move(move.item, move.answer, move.seconds / 3) for move in first
                 if revisited[person, move.item] and len(form[move.item].offered) > 1]  # fmt: skip
        left = limit_s - sum(move.seconds for move in first)
        in_time = np.cumsum([move.seconds for move in again]) <= left
        again = [move for move, there_is in zip(again, in_time, strict=True) if there_is]
        reached = np.cumsum([move.seconds for move in first]) <= limit_s
        moves = _with_other_answers(first, again, form, chance)
        day.moves[n] = [move for move, there_is in zip(moves, reached, strict=True) if there_is] + again
        day.doubts += int(doubted[person].sum())
        day.revisits += len(again)
        day.unreached += len(first) - len({move.item for move in day.moves[n]})


def _with_other_answers(
    first: Sequence[Move], again: Sequence[Move], form: Sequence[Answered], chance: np.random.Generator
) -> list[Move]:
    """Let whoever comes back have answered otherwise before: what is answered in the end is what the model says."""
    changed = {move.item for move in again}
    return [
        Move(move.item, int(chance.integers(len(form[move.item].offered))), move.seconds)
        if move.item in changed else move
        for move in first
    ]  # fmt: skip
