"""How a participant behaves in a part: what is answered, in which order, and after how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from assessment_app.rehearsal.rules.answering import Answered
from assessment_app.rehearsal.rules.habits import Day

Items = Sequence[dict[str, Any]]
"""Items as the server shows them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer to one item."""

    item: str
    response: object
    seconds: float
    """Of thinking before it, in the server's seconds."""
    spent_ms: int
    """What the page says of the time on the item, in the participant's milliseconds."""


class Behaviour(Protocol):
    """A participant's mind."""

    def steps(self, n: int, items: Items) -> Sequence[Step]:
        """Say what will be done in part ``n``; the same each time it is asked."""

    def pause(self, n: int) -> float:
        """Give seconds until part ``n`` is begun, after the one before it."""


class Planned:
    """Does what was drawn for a person, on a day that passes ``speed`` times as fast as it would."""

    def __init__(self, day: Day, forms: Mapping[int, Sequence[Answered]], speed: float) -> None:
        """``forms`` holds by part what can be answered to each item."""
        self._day, self._forms, self._speed = day, forms, speed

    def steps(self, n: int, _items: Items) -> list[Step]:
        """Give the moves of the part."""
        form = self._forms[n]
        return [
            Step(form[move.item].item, None if move.answer < 0 else form[move.item].offered[move.answer],
                 move.seconds / self._speed, round(1000 * move.seconds))
            for move in self._day.moves[n]
        ]  # fmt: skip

    def pause(self, n: int) -> float:
        """Give the break before the part."""
        return self._day.breaks[n] / self._speed


class Whim:
    """Answers at random to every item, some of them twice, and leaves some blank again."""

    def __init__(self, seed: int, think: float) -> None:
        """``think`` is what an answer takes on average, in seconds."""
        self._seed, self._think = seed, think

    def steps(self, n: int, items: Items) -> list[Step]:
        """Answer every item, and some of them again."""
        chance = Random(f"{self._seed}:{n}")
        chosen = [*items, *chance.choices(items, k=len(items) // 2)]
        return [Step(one["id"], choose(one, chance), chance.expovariate(1 / self._think), 100) for one in chosen]

    def pause(self, _n: int) -> float:
        """Begin at once."""
        return 0.0


def choose(item: dict[str, Any], chance: Random) -> object:
    """Choose any answer to a choice or a forced choice, or none."""
    if chance.random() < 0.08:
        return None
    one, other = chance.sample([option["id"] for option in item["options"]], 2)
    return one if item["kind"] == "choice" else {"most": one, "least": other}
