"""Making items by rules: the same family and seed give the same item to the byte."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count as counted
from itertools import islice
from random import Random

from item_bank.bank import BankItem
from item_bank.generation import matrices, series, tables
from item_bank.generation.chance import chance_of
from item_bank.generation.puzzles import Puzzle, assemble
from item_bank.parts import Table
from item_bank.pictures import Picture

Maker = Callable[[Random], Puzzle | None]
"""Makes a puzzle, or nothing where chance led to one that has no single answer."""

FAMILIES: Mapping[str, Maker] = {"figural": matrices.make, "series": series.make, "table": tables.make}
PREFIXES = {"figural": "fig", "series": "num", "table": "tab"}

MOST_TRIES = 200
"""Sub-seeds of a seed; the unluckiest of the first 1,500 seeds of each family needs 12 of them."""

NUMBER = re.compile(r"[\d.]+\d|\d")
Shown = tuple[tuple[str, ...], Picture | None, Table | None, str]


class NoItem(Exception):
    """No sub-seed led to an item with one answer."""


def generate(family: str, seed: int, salt: str = "") -> BankItem:
    """Make the item of a seed: the first of its sub-seeds whose puzzle has one answer; refuses with NoItem.

    Without a salt the item is for demonstration: its name tells the seed, and whoever has this program can make it
    again, key and all. With a secret salt neither is possible, and the same salt still gives the same item.
    """
    source = f"{salt}/{family}" if salt else family
    for puzzle in candidates(FAMILIES[family], source, seed):
        if puzzle is not None:
            return assemble(puzzle, source, _name(family, seed, salt), seed)
    raise NoItem(f"{family} {seed}: none of {MOST_TRIES} sub-seeds has one answer")


def _name(family: str, seed: int, salt: str) -> str:
    told = hashlib.sha256(f"{salt}/{family}/{seed}".encode()).hexdigest()[:10] if salt else f"{seed:04d}"
    return f"{PREFIXES[family]}-{told}"


def candidates(make: Maker, source: str, seed: int) -> Iterator[Puzzle | None]:
    """Try the sub-seeds of a seed, one after the other."""
    return (make(chance_of(source, seed, attempt)) for attempt in range(MOST_TRIES))


def generated(family: str, count: int, salt: str = "") -> tuple[BankItem, ...]:
    """Make items of the seeds from 1 on, leaving out the twins of earlier ones."""
    return tuple(islice(without_twins(generate(family, seed, salt) for seed in counted(1)), count))


def without_twins(items: Iterator[BankItem]) -> Iterator[BankItem]:
    """Leave out every item that shows what an earlier one showed."""
    seen = set()
    for item in items:
        if (shown := shown_by(item)) not in seen:
            seen.add(shown)
            yield item


def shown_by(item: BankItem) -> Shown:
    """Give what makes an item itself, whatever the words: its numbers, its picture, or its table with the question."""
    words = item.words
    return (
        tuple(NUMBER.findall(" ".join(words.stem))),
        words.picture,
        words.table,
        words.question if words.table else "",
    )
