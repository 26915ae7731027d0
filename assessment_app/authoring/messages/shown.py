"""Items as pages show them: their presentation with a number and a gist."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from item_bank.presentation import AnyItem, Choosing, Hotspot, Option, Presentation, Region, Simulation
from item_bank.simulations import Step


@dataclass(frozen=True)
class ShownItem:
    """One item as a participant sees it, with its place on the form."""

    number: int
    words: AnyItem

    @property
    def item_id(self) -> str:
        """Give its name."""
        return self.words.id

    @property
    def kind(self) -> str:
        """Name its kind, as the exam protocol does."""
        return str(self.words.__struct_config__.tag)

    @property
    def options(self) -> tuple[Option | Region | Step, ...]:
        """Give what a key can speak of: options, regions or steps; a kind without any has none."""
        match self.words:
            case Choosing():
                return self.words.options
            case Hotspot():
                return self.words.regions
            case Simulation():
                return self.words.steps
            case _:
                return ()

    @property
    def document(self) -> str:
        """Give what the page's module draws the item from: the presentation, and nothing else."""
        return msgspec.json.encode(self.words).decode()

    @property
    def gist(self) -> str:
        """Give the words by which a list tells this item from the next."""
        texts = self.words.stem or tuple(option.text for option in self.options) or (self.words.question,)
        words = " ".join(texts)
        return words if len(words) <= 70 else words[:70].rsplit(" ", 1)[0].rstrip(" .,;:…") + "…"


def shown(words: Presentation) -> tuple[ShownItem, ...]:
    """Arrange the items of a form for its pages."""
    return tuple(ShownItem(number, item) for number, item in enumerate(words.items, start=1))
