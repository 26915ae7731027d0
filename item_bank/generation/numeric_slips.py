"""Wrong numbers from slips that have names, chosen so that the right one is not known by its size or its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from item_bank.generation.figures import Exact

WRONG = 4
"""Wrong answers beside the right one."""

TRIES = 16
"""Choices of slips that are looked at before the item is given up; more of them make it no fairer."""


@dataclass(frozen=True)
class Slip:
    """A wrong number, and what leads to it."""

    value: Exact
    name: str


def spread(
    right: Exact,
    slips: Iterable[Slip],
    chance: Random,
    write: Callable[[Exact], str] = str,
    amounts: Sequence[int] = (),
) -> list[Slip]:
    """Choose slips that are written differently; chance says how many of them are smaller than the right answer.

    The amounts are miscounts: a miscounted right answer comes only together with another slip that is miscounted
    alike, since of three numbers close together the middle one would be chosen. Without fitting slips, nothing.
    """
    below = chance.randint(0, WRONG)
    for wrong in _choices(right, _different(right, slips, write), amounts, chance):
        written = {write(right), *(write(slip.value) for slip in wrong)}
        is_whole = len(written) == WRONG + 1 and min(slip.value for slip in wrong) >= 0
        if is_whole and sum(slip.value < right for slip in wrong) == below:
            return wrong
    return []


def _different(right: Exact, slips: Iterable[Slip], write: Callable[[Exact], str]) -> list[Slip]:
    """Keep the first of slips that are written alike, and none that leads to the right answer."""
    kept: dict[str, Slip] = {}
    for slip in slips:
        kept.setdefault(write(slip.value), slip)
    return [slip for written, slip in kept.items() if written != write(right)]


def _choices(right: Exact, slips: list[Slip], amounts: Sequence[int], chance: Random) -> Iterator[list[Slip]]:
    for _ in range(TRIES):
        if len(slips) >= 2 and amounts and (len(slips) < WRONG or chance.random() < 0.5):
            one, other = chance.sample(slips, 2)
            amount = chance.choice((-1, 1)) * chance.choice(amounts)
            yield [one, other, _miscounted(Slip(right, ""), amount), _miscounted(one, amount)]
        elif len(slips) >= WRONG:
            yield chance.sample(slips, WRONG)


def _miscounted(slip: Slip, amount: int) -> Slip:
    miscount = f"menghitung {abs(amount)} terlalu {'banyak' if amount > 0 else 'sedikit'}"
    return Slip(slip.value + amount, f"{slip.name}, lalu {miscount}" if slip.name else miscount)
