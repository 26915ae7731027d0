"""Items while they may still change: words and key together, as an author writes them.

A draft file is JSON. Each of its items has ``words`` (what the participant will see) and ``key`` (what
scoring will know, with the author's reason for every option). Publishing takes the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from item_bank import keys, presentation
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import WHOLE, AnyItemKey, Ranked, Rated
from item_bank.keys import Key, Recipe
from item_bank.parts import Code, Text, Title
from item_bank.presentation import AnyItem, Choosing, Hotspot, Presentation, Rating, Simulation
from scoring_engine.canonical import canonical

SCORED_BY: dict[str, tuple[str, ...]] = {
    "choice": ("grm", "2pl"), "most_least": ("thurstone", "ipsative"), "choices": ("set",), "hotspot": ("set",),
    "order": ("sequence",), "number": ("quantity",), "rating": ("rating",), "simulation": ("steps",), "text": (),
}  # fmt: skip
"""By kind of item, the models of its key."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON fails with: other content, bytes that are no UTF-8, brackets in brackets without end."""


class DraftItem(Struct, frozen=True, forbid_unknown_fields=True):
    """One item as its author sees it: both halves."""

    words: AnyItem
    key: AnyItemKey


class Cover(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft file as it comes, its items still unread, so that a mistake can be told by the item's name."""

    schema: Literal["proasn/draft/1"]
    code: Code
    title: Title
    instrument: presentation.Instrument
    language: str
    demonstration: bool
    time_limit_ms: int
    instructions: tuple[Text, ...]
    parameters: Literal["assumed", "calibrated"]
    recipe: Recipe
    items: Annotated[tuple[Raw, ...], Meta(min_length=1)]
    purpose: presentation.Purpose = "assessment"


class Draft(Struct, frozen=True):
    """A whole form before publication: the presentation to be, and what its key will hold but the nonce."""

    presentation: Presentation
    parameters: Literal["assumed", "calibrated"]
    recipe: Recipe
    keys: tuple[AnyItemKey, ...]


class DraftRefused(ValueError):
    """A draft cannot be published as it is; each line of the message names file, item and what to do."""

    def __init__(self, source: str, problems: list[str]) -> None:
        """Join all that is wrong, one line each."""
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))
        self.problems = problems


def read(file: Path) -> Draft:
    """Read a draft from a file; refuses with DraftRefused, or with OSError if the file cannot be read."""
    return parse(file.read_bytes(), file.name)


def samples() -> list[Draft]:
    """Read the demonstration forms that come with this package, in the order of their names."""
    return [read(file) for file in sorted((Path(__file__).parent / "samples").glob("*.json"))]


def parse(content: bytes, source: str) -> Draft:
    """Read a draft that came from ``source``; refuses with DraftRefused, which says all that is wrong."""
    try:
        cover = msgspec.json.decode(content, type=Cover)
    except UNREADABLE as error:
        raise DraftRefused(source, [f"not a draft form: {error}"]) from error
    items, problems = _read_items(cover)
    problems += [f"item '{item.words.id}': {problem}" for item in items for problem in problems_of_item(item)]
    problems += problems_of_form(cover, items)
    if problems:
        raise DraftRefused(source, problems)
    try:
        draft = Draft(_presentation(cover, items), cover.parameters, cover.recipe, tuple(item.key for item in items))
        _read_back(draft)
    except msgspec.ValidationError as error:
        raise DraftRefused(source, [str(error)]) from error
    return draft


def write(draft: Draft) -> bytes:
    """Write a draft in its one form, words and keys together; reading it gives the same draft."""
    shown = msgspec.to_builtins(draft.presentation)
    pairs = zip(shown.pop("items"), draft.keys, strict=True)
    items = [{"words": words, "key": msgspec.to_builtins(key)} for words, key in pairs]
    recipe = msgspec.to_builtins(draft.recipe)
    told = {"schema": "proasn/draft/1", "parameters": draft.parameters, "recipe": recipe, "items": items}
    return canonical(shown | told)


def _read_back(draft: Draft) -> None:
    """Refuse what would not read back: writing composes letters, and a composed text can be too short."""
    presentation.parse(presentation.write(draft.presentation))
    any_nonce = "00" * 32
    keys.parse(keys.write(Key("proasn/key/1", any_nonce, draft.parameters, draft.recipe, draft.keys)))


def _presentation(cover: Cover, items: list[DraftItem]) -> Presentation:
    """Put the words together; converted and not constructed, because only that checks them."""
    told = {name: getattr(cover, name) for name in Presentation.__struct_fields__ if name not in ("schema", "items")}
    words = [msgspec.to_builtins(item.words) for item in items]
    return msgspec.convert({**told, "schema": "proasn/presentation/1", "items": words}, Presentation)


def _read_items(cover: Cover) -> tuple[list[DraftItem], list[str]]:
    items: list[DraftItem] = []
    problems: list[str] = []
    for place, raw in enumerate(cover.items, start=1):
        try:
            items.append(msgspec.json.decode(raw, type=DraftItem))
        except UNREADABLE as error:
            problems.append(f"item '{_name_of(raw, place)}': {error}")
    return items, problems


def _name_of(raw: Raw, place: int) -> str:
    """Name an item that cannot be read: by its id if that much can be read, else by its place."""
    try:
        match msgspec.json.decode(raw):
            case {"words": {"id": str(name)}}:
                return name
    except UNREADABLE:
        pass
    return f"number {place}"


def problems_of_item(item: DraftItem) -> Iterator[str]:
    """Say where the two halves of an item disagree, and what to do."""
    words, key = item.words, item.key
    if key.id != words.id:
        yield f"its key is for '{key.id}'; give both the same id"
    if _tag(key) not in SCORED_BY[_tag(words)]:
        fitting = " or ".join(SCORED_BY[_tag(words)])
        yield f"no {_tag(key)} model scores the kind {_tag(words)}; " + (
            f"use {fitting}" if fitting else "answers in free words are read by people, not by a key"
        )
        return
    offered = offered_by(words)
    judged = set(key.judged)
    for missing in sorted(offered - judged if key.judges_all else ()):
        yield f"option '{missing}' has no place in the key; add it there"
    for unknown in sorted(judged - offered):
        yield f"the key speaks of '{unknown}', which is not an option; remove it or add the option"
    for unexplained in sorted(offered ^ set(key.rationale)):
        yield f"option and rationale do not pair for '{unexplained}'; write one reason for each option"
    if isinstance(words, Rating) and isinstance(key, Rated) and words.high - words.low != len(key.b):
        yield f"the scale has {words.high - words.low + 1} steps, so b has {words.high - words.low} borders"


def offered_by(words: AnyItem) -> set[str]:
    """Name all that a key has to say something about: options, regions, steps, or the answer as a whole."""
    match words:
        case Choosing():
            return set(words.option_ids)
        case Hotspot():
            return {region.id for region in words.regions}
        case Simulation():
            return {step.id for step in words.steps}
        case _:
            return {WHOLE}


def _tag(part: AnyItem | AnyItemKey) -> str:
    return str(part.__struct_config__.tag)


def problems_of_form(cover: Cover, items: list[DraftItem]) -> Iterator[str]:
    """Say where items, recipe and instrument disagree, and what to do."""
    scales = [scale.construct for scale in cover.recipe.scales]
    for twin in sorted({name for name in scales if scales.count(name) > 1}):
        yield f"recipe: '{twin}' is there twice; keep one scale"
    for stranger in sorted(set(scales) - set(INSTRUMENTS[cover.instrument].constructs)):
        yield f"recipe: '{stranger}' is not measured by {cover.instrument}; correct the scale's construct"
    measured: set[str] = set()
    ids = {item.words.id for item in items}
    for item in items:
        constructs = item.key.constructs
        measured |= constructs
        for stranger in sorted(constructs - set(scales)):
            yield f"item '{item.words.id}': the recipe has no scale '{stranger}'; add it or correct the item"
        if isinstance(item.key, Ranked) and item.key.repeats is not None:
            yield from _problems_of_repeat(item.words.id, item.key.repeats, ids)
    for empty in sorted(set(scales) - measured):
        yield f"recipe: no item measures '{empty}'; add an item or remove the scale"
    if len(set(scales)) == len(scales):  # else it was said above
        yield from _problems_of_recipe(cover.recipe)


def _problems_of_recipe(recipe: Recipe) -> Iterator[str]:
    try:
        recipe.for_engine()
    except ValueError as error:
        yield f"recipe: {error}"


def _problems_of_repeat(item_id: str, repeated: str, ids: set[str]) -> Iterator[str]:
    if repeated == item_id or repeated not in ids:
        yield f"item '{item_id}': it repeats '{repeated}', which is no other item here; correct 'repeats'"
