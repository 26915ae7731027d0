"""Items in stock, before they stand on a form: words, key, and what an assembler must know of each.

A file of items is JSON. Each item is that of a draft (``words`` and ``key``) with ``about``: what it is for, and
which items must not stand beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from item_bank.drafts import UNREADABLE, DraftItem, DraftRefused, problems_of_item
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import AnyItemKey, Ranked
from item_bank.parts import Id
from item_bank.presentation import AnyItem, Choosing, Hotspot, Instrument, Rating, Simulation

JobLevel = Literal["pelaksana", "pengawas", "administrator", "jpt", "fungsional"]


class About(Struct, frozen=True, forbid_unknown_fields=True):
    """What an item is for: its facet of the construct, its topic, whom it suits, and its enemies."""

    facet: Annotated[str, Meta(min_length=1, max_length=60)]
    topic: Annotated[str, Meta(min_length=3, max_length=80)]
    job_levels: Annotated[tuple[JobLevel, ...], Meta(min_length=1)]
    enemies: tuple[Id, ...] = ()


class BankItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item in stock."""

    words: AnyItem
    key: AnyItemKey
    about: About

    @property
    def id(self) -> str:
        """Its name in the bank."""
        return self.words.id

    @property
    def constructs(self) -> set[str]:
        """What it measures; a ranked block speaks for several."""
        return self.key.constructs

    @property
    def texts(self) -> list[str]:
        """Give all that a participant reads of it."""
        return texts_of(self.words)


class ItemFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it comes, its items still unread, so that a mistake can be told by the item's name."""

    schema: Literal["proasn/items/1"]
    instrument: Instrument
    demonstration: bool
    parameters: Literal["assumed", "calibrated"]
    items: Annotated[tuple[Raw, ...], Meta(min_length=1)]


class Stock(Struct, frozen=True):
    """The items of a file, read and checked."""

    instrument: str
    demonstration: bool
    parameters: str
    items: tuple[BankItem, ...]


def samples() -> list[Stock]:
    """Read the demonstration items that come with this package, in the order of their files' names."""
    folder = Path(__file__).parent / "samples" / "items"
    return [parse(file.read_bytes(), file.name) for file in sorted(folder.glob("*.json"))]


def parse(content: bytes, source: str) -> Stock:
    """Read a file of items that came from ``source``; refuses with DraftRefused, which says all that is wrong."""
    try:
        file = msgspec.json.decode(content, type=ItemFile)
    except UNREADABLE as error:
        raise DraftRefused(source, [f"not a file of items: {error}"]) from error
    items: list[BankItem] = []
    problems: list[str] = []
    for place, raw in enumerate(file.items, start=1):
        try:
            items.append(msgspec.json.decode(raw, type=BankItem))
        except UNREADABLE as error:
            problems.append(f"item number {place}: {error}")
    problems += problems_of(items, file.instrument)
    if problems:
        raise DraftRefused(source, problems)
    return Stock(file.instrument, file.demonstration, file.parameters, tuple(items))


def problems_of(items: Iterable[BankItem], instrument: str, known: Collection[str] = ()) -> Iterator[str]:
    """Say where items contradict themselves, each other, or their instrument, and what to do.

    ``known`` names items in stock that these may speak of.
    """
    ids: set[str] = set()
    for item in items:
        yield from (f"item '{item.id}': {problem}" for problem in problems_of_item(DraftItem(item.words, item.key)))
        if item.id in ids:
            yield f"item '{item.id}': the id is there twice; give each item its own"
        ids.add(item.id)
        for stranger in sorted(item.constructs - set(INSTRUMENTS[instrument].constructs)):
            yield f"item '{item.id}': '{stranger}' is not measured by {instrument}; correct the construct"
    for item in items:
        repeated = item.key.repeats if isinstance(item.key, Ranked) else None
        named = {*item.about.enemies, *([repeated] if repeated else [])}
        if item.id in named:
            yield f"item '{item.id}': it names itself as its enemy or as what it repeats; name another, or none"
        for missing in sorted(named - ids - {*known}):
            yield f"item '{item.id}': it speaks of '{missing}', which is no item here; correct the id"


def texts_of(words: AnyItem) -> list[str]:
    """Give all that a participant reads of an item, or hears of its pictures."""
    told = [*case_of(words), words.question]
    match words:
        case Choosing():
            told += [option.text for option in words.options]
        case Hotspot():
            told += [region.text for region in words.regions]
        case Rating():
            told += [words.low_text, words.high_text]
        case Simulation():
            told += [step.text for step in words.steps] + [step.says for step in words.steps if step.says is not None]
            for screen in words.screens:
                told += [screen.title, *screen.head, *(cell for row in screen.rows for cell in row.cells)]
    return told


def case_of(words: AnyItem) -> list[str]:
    """Give what tells the case of an item: its paragraphs, its table, and what its picture shows."""
    told = [*words.stem]
    if words.table is not None:
        told += [words.table.caption, *words.table.head, *(cell for row in words.table.rows for cell in row)]
    return told if words.picture is None else [*told, words.picture.text]


def kind_of(item: BankItem) -> str:
    """Name the kind of an item, as the exam protocol does."""
    return str(item.words.__struct_config__.tag)
