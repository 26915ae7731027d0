"""The order of candidates for one post (domain 5.4, a design of this platform until an agency defines its own). Pure.

Box, then technical fit, then the match with the target post, then the talent value. A measure that is unknown of one of
those who are still equal decides nothing among them, and that is said; who stay equal share a rank. Neither NIP nor
name is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

KEYS = ("technical", "match", "value")
"""What decides among people of one box, in this order."""


@dataclass(frozen=True)
class Worth:
    """What somebody is ranked by; None where it is unknown. ``eligible`` is false for whom the screening leaves out."""

    eligible: bool
    box: int | None
    technical: Fraction | None
    match: Fraction | None
    value: Fraction | None

    @property
    def ranks(self) -> bool:
        """Tell whether there is a rank at all: a box that is not final has none."""
        return self.eligible and self.box is not None


@dataclass(frozen=True)
class Place:
    """A rank, counted from 1 and shared by equals; ``unused`` are measures that could not be compared."""

    rank: int | None
    tied: bool = False
    unused: tuple[str, ...] = ()


Group = tuple[list[int], tuple[str, ...]]
"""Positions of people who are equal so far, and the measures that could not be used among them."""


def ranked(worths: Sequence[Worth]) -> list[Place]:
    """Rank candidates; gives a place for each, in their order."""
    places, rank = [Place(None)] * len(worths), 1
    able = sorted((n for n, one in enumerate(worths) if one.ranks), key=lambda n: -(worths[n].box or 0))
    for _box, those in groupby(able, key=lambda n: worths[n].box):
        for group, unused in _split(worths, (list(those), ()), KEYS):
            for n in group:
                places[n] = Place(rank, len(group) > 1, unused)
            rank += len(group)
    return places


def _split(worths: Sequence[Worth], begun: Group, keys: Sequence[str]) -> Iterable[Group]:
    those, unused = begun
    if len(those) == 1 or not keys:
        yield begun
        return
    key, later = keys[0], keys[1:]
    values = {n: getattr(worths[n], key) for n in those}
    if None in values.values():
        yield from _split(worths, (those, (*unused, key)), later)
        return
    for _value, equal in groupby(sorted(those, key=lambda n: -values[n]), key=lambda n: values[n]):
        yield from _split(worths, (list(equal), unused), later)
