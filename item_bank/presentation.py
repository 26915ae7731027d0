"""What a participant may see: a form's words, and whether a response fits them.

Every object refuses fields that it does not know, so no key, credit, weight or item parameter can slip into a
presentation: there is no place where it could stand.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from item_bank import responses
from item_bank.parts import Code, Id, Language, Length, Part, Percent, Table, Text, Title, Worded, refuse_twins
from item_bank.pictures import Image, Picture
from item_bank.responses import Check
from item_bank.simulations import Screens, Steps, refuse_broken
from scoring_engine.canonical import canonical, digest

Instrument = Literal["managerial_sociocultural", "potential", "digital_literacy", "career_preference"]

Purpose = Literal["assessment", "rehearsal"]
"""What a form is for; what is sat in a rehearsal never becomes a result."""


class Region(Part, frozen=True):
    """A rectangle of a picture, in percent of its width and height; the text is for who cannot see it."""

    id: Id
    text: Text
    x: Percent
    y: Percent
    width: Percent
    height: Percent


class Option(Worded, frozen=True):
    """An option of a choice; where it is a picture, its text is the picture's description."""

    image: Image | None = None


Options = Annotated[tuple[Option, ...], Meta(min_length=2, max_length=12)]
Statements = Annotated[tuple[Option, ...], Meta(min_length=3, max_length=6)]
Regions = Annotated[tuple[Region, ...], Meta(min_length=1, max_length=40)]


class Item(Part, frozen=True, tag_field="kind", kw_only=True):
    """One question: paragraphs, a table and a picture that tell the case, and what is asked about it."""

    id: Id
    stem: tuple[Text, ...]
    question: Text
    table: Table | None = None
    picture: Picture | None = None


class Choosing(Item, frozen=True):
    """An item with options."""

    options: Options

    def __post_init__(self) -> None:
        """Refuse twins among the options."""
        refuse_twins("options", self.option_ids)

    @property
    def option_ids(self) -> list[str]:
        """Name the options in the order in which they stand."""
        return [option.id for option in self.options]


class Choice(Choosing, frozen=True, tag="choice"):
    """Choose one option."""

    def check(self) -> Check:
        """One option id."""
        return responses.choice(self.option_ids)


class Choices(Choosing, frozen=True, tag="choices"):
    """Choose all options that apply, up to a number."""

    at_most: Length

    def check(self) -> Check:
        """A list of option ids."""
        return responses.choices(self.option_ids, self.at_most)


class Order(Choosing, frozen=True, tag="order"):
    """Put all options in order."""

    def check(self) -> Check:
        """A list of all option ids."""
        return responses.order(self.option_ids)


class MostLeast(Choosing, frozen=True, tag="most_least"):
    """Choose the option that fits most and the one that fits least."""

    options: Statements

    def check(self) -> Check:
        """Two different option ids."""
        return responses.most_least(self.option_ids)


class Rating(Item, frozen=True, tag="rating"):
    """Choose a whole number on a scale whose ends have names."""

    low: int
    high: int
    low_text: Text
    high_text: Text

    def __post_init__(self) -> None:
        """Refuse a scale without room."""
        if self.low >= self.high:
            raise ValueError("the scale ends before it begins; low must be less than high")

    def check(self) -> Check:
        """A whole number from low to high."""
        return responses.rating(self.low, self.high)


class Number(Item, frozen=True, tag="number"):
    """Write a decimal number; the unit stands behind the field."""

    unit: Annotated[str, Meta(max_length=20)] = ""

    def check(self) -> Check:
        """A decimal as text."""
        return responses.number


class WrittenText(Item, frozen=True, tag="text"):
    """Write freely, up to a length."""

    max_length: Length

    def check(self) -> Check:
        """Text of that length."""
        return responses.text(self.max_length)


class Hotspot(Item, frozen=True, tag="hotspot"):
    """Choose regions of a picture, up to a number."""

    regions: Regions
    at_most: Length

    def __post_init__(self) -> None:
        """Refuse twins among the regions, and regions of no picture."""
        if self.picture is None:
            raise ValueError("there is no picture whose regions could be chosen; add it")
        refuse_twins("regions", [region.id for region in self.regions])

    def check(self) -> Check:
        """A list of region ids."""
        return responses.choices([region.id for region in self.regions], self.at_most)


class Simulation(Item, frozen=True, tag="simulation"):
    """Take steps in a simulated program, which begins at its first screen; a step may be taken again."""

    screens: Screens
    steps: Steps
    at_most: Length

    def __post_init__(self) -> None:
        """Refuse screens and steps that do not join."""
        refuse_broken(self.screens, self.steps)

    def check(self) -> Check:
        """A list of step ids in the order taken."""
        return responses.steps([step.id for step in self.steps], self.at_most)


AnyItem = Choice | Choices | Order | MostLeast | Rating | Number | WrittenText | Hotspot | Simulation


class Presentation(Part, frozen=True):
    """A form as a participant sees it."""

    schema: Literal["proasn/presentation/1"]
    code: Code
    title: Title
    instrument: Instrument
    language: Language
    demonstration: bool
    time_limit_ms: Annotated[int, Meta(ge=1000, le=86_400_000)]
    instructions: Annotated[tuple[Text, ...], Meta(min_length=1)]
    items: Annotated[tuple[AnyItem, ...], Meta(min_length=1)]
    purpose: Purpose = "assessment"

    def __post_init__(self) -> None:
        """Refuse twins among the items."""
        refuse_twins("items", [item.id for item in self.items])


class FormGuide:
    """What fits each item of a form, compiled once, for a server that checks thousands a second."""

    def __init__(self, presentation: Presentation) -> None:
        """Compile the checks of all items."""
        self._checks = {item.id: item.check() for item in presentation.items}

    def check(self, item_id: str, response: object) -> str | None:
        """Say why a response does not fit, or nothing; the reasons are those of ``responses.Reason``."""
        check = self._checks.get(item_id)
        return responses.Reason.UNKNOWN_ITEM if check is None else check(response)


def parse(content: bytes) -> Presentation:
    """Read a presentation; refuses with ValueError, naming the place, whatever is not one."""
    return msgspec.json.decode(content, type=Presentation)


def write(presentation: Presentation) -> bytes:
    """Write a presentation in its one form."""
    return canonical(msgspec.to_builtins(presentation))


def form_id(presentation: Presentation, key_seal: str) -> str:
    """Name a form by the hash of its words and its key's seal; who holds both can check the name."""
    return digest(canonical({"presentation": msgspec.to_builtins(presentation), "key_seal": key_seal}))
