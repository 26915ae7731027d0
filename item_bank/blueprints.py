"""Blueprints as people write them: what a form is called, how it is scored, and what must stand on it.

A blueprint file is JSON. Bounds are told by what authors know of an item (construct, facet, kind, job level), not by
columns; ``item_bank.assembly`` turns them into the rows of an integer programme.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from item_bank.drafts import UNREADABLE, DraftRefused
from item_bank.instruments import INSTRUMENTS
from item_bank.keys import Recipe
from item_bank.parts import Code, Language, Text, Title
from item_bank.presentation import Instrument, Purpose

Whole = Annotated[int, Meta(ge=0, le=1000)]


class Bound(Struct, frozen=True, forbid_unknown_fields=True):
    """How many items of a form have an attribute; a block that asks another one again has repetition "yes"."""

    attribute: Literal["construct", "facet", "topic", "kind", "job_level", "repetition"]
    value: Annotated[str, Meta(min_length=1, max_length=60)]
    least: Whole
    most: Whole

    @property
    def name(self) -> str:
        """Name the bound as people read it when it cannot be kept."""
        return f"{self.attribute} {self.value} {self.least} to {self.most}"


class Range(Struct, frozen=True, forbid_unknown_fields=True):
    """From least to most, both included."""

    least: Annotated[int, Meta(ge=0, le=1_000_000)]
    most: Annotated[int, Meta(ge=0, le=1_000_000)]


class FormBlueprint(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every form of an instrument is like; ``order`` says whether facets stand together or everything is mixed."""

    schema: Literal["proasn/blueprint/1"]
    code: Code
    title: Title
    instrument: Instrument
    language: Language
    time_limit_ms: Annotated[int, Meta(ge=1000, le=86_400_000)]
    instructions: Annotated[tuple[Text, ...], Meta(min_length=1)]
    recipe: Recipe
    length: Annotated[int, Meta(ge=1, le=500)]
    bounds: tuple[Bound, ...]
    words: Range | None = None
    abilities: Annotated[tuple[float, ...], Meta(min_length=1, max_length=20)] = (-2.0, -1.0, 0.0, 1.0, 2.0)
    tolerance: Annotated[float, Meta(gt=0, le=1)] = 0.02
    order: Literal["mixed", "by_facet"] = "mixed"
    most_exposure: Annotated[int, Meta(ge=1)] | None = None
    purpose: Purpose = "assessment"


def samples() -> list[FormBlueprint]:
    """Read the blueprints of the default battery that come with this package, in the order of their files' names."""
    folder = Path(__file__).parent / "samples" / "blueprints"
    return [parse(file.read_bytes(), file.name) for file in sorted(folder.glob("*.json"))]


def parse(content: bytes, source: str) -> FormBlueprint:
    """Read a blueprint that came from ``source``; refuses with DraftRefused, which says all that is wrong."""
    try:
        found = msgspec.json.decode(content, type=FormBlueprint)
    except UNREADABLE as error:
        raise DraftRefused(source, [f"not a blueprint: {error}"]) from error
    if problems := list(_problems(found)):
        raise DraftRefused(source, problems)
    return found


def _problems(blueprint: FormBlueprint) -> Iterator[str]:
    known = INSTRUMENTS[blueprint.instrument].constructs
    for scale in blueprint.recipe.scales:
        if scale.construct not in known:
            yield f"recipe: '{scale.construct}' is not measured by {blueprint.instrument}; correct the construct"
    for bound in blueprint.bounds:
        if bound.least > bound.most:
            yield f"{bound.name}: the least is more than the most; turn them round"
        if bound.attribute == "construct" and bound.value not in known:
            yield f"{bound.name}: no such construct in {blueprint.instrument}; correct it"
    names = [bound.name for bound in blueprint.bounds]
    for twin in sorted({name for name in names if names.count(name) > 1}):
        yield f"{twin}: it is there twice; keep one"
    if blueprint.words is not None and blueprint.words.least > blueprint.words.most:
        yield "words: the least is more than the most; turn them round"
