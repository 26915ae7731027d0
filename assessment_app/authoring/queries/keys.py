"""Keys as they look on a page once an action opened them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from assessment_app.authoring.rules.charts import ItemCurve, Peak, peak_of
from item_bank.instruments import INSTRUMENTS
from item_bank.item_keys import (
    AnyItemKey,
    Graded,
    Performed,
    Preferred,
    Quantity,
    Ranked,
    Rated,
    RightOrWrong,
    Selected,
    Sequenced,
)
from item_bank.keys import Key


@dataclass(frozen=True)
class OptionKey:
    """What an option counts for and why; what a model does not have is none or empty."""

    rationale: str
    credit: int | None = None
    is_best: bool = False
    statement: tuple[tuple[str, float], ...] = ()
    construct: str = ""
    place: int | None = None


@dataclass(frozen=True)
class ItemParameters:
    """What scoring knows of an item apart from its options."""

    item_id: str
    model: str
    construct: str
    construct_name: str
    curve: ItemCurve | None = None
    loadings: tuple[float, ...] = ()
    repeats: str = ""

    @property
    def peak(self) -> Peak | None:
        """Tell where the item tells most; nothing for a block of statements, which has no curve of its own."""
        return peak_of(self.curve) if self.curve else None


def _model(key: AnyItemKey) -> str:
    return str(key.__struct_config__.tag)


def parameters_of(key: AnyItemKey, instrument: str) -> ItemParameters:
    """Arrange the parameters of an item for a page."""
    names = INSTRUMENTS[instrument].constructs
    match key:
        case Preferred():
            loadings = tuple(statement.loading for statement in key.statements.values())
            return ItemParameters(key.id, _model(key), key.construct, names[key.construct], loadings=loadings)
        case Ranked():
            return ItemParameters(key.id, _model(key), "", ", ".join(names.values()), repeats=key.repeats or "")
        case _:
            curve = ItemCurve(key.a, key.borders)
            return ItemParameters(key.id, _model(key), key.construct, names[key.construct], curve)


def options_of(key: AnyItemKey, instrument: str) -> dict[str, OptionKey]:
    """Arrange what each option of an item counts for, with the author's reason."""
    reasons = key.rationale
    match key:
        case Graded() | RightOrWrong():
            best = max(key.credit.values())
            return {name: OptionKey(reasons[name], worth, worth == best) for name, worth in key.credit.items()}
        case Preferred():
            return {
                name: OptionKey(reasons[name], statement=tuple(msgspec.structs.asdict(of).items()))
                for name, of in key.statements.items()
            }
        case Ranked():
            names = INSTRUMENTS[instrument].constructs
            return {name: OptionKey(reasons[name], construct=names[code]) for name, code in key.statements.items()}
        case Selected():
            return {name: OptionKey(why, is_best=name in key.right) for name, why in reasons.items()}
        case Sequenced():
            return {name: OptionKey(reasons[name], place=place) for place, name in enumerate(key.right, start=1)}
        case Performed():
            needed = {step for way in key.ways for step in way.taken}
            return {name: OptionKey(why, is_best=name in needed) for name, why in reasons.items()}
        case Quantity() | Rated():
            return {name: OptionKey(why) for name, why in reasons.items()}


@dataclass(frozen=True)
class OpenedItem:
    """The key of one item, opened for somebody who said why."""

    parameters: ItemParameters
    options: dict[str, OptionKey]
    is_calibrated: bool

    @classmethod
    def of(cls, item: AnyItemKey, instrument: str, *, is_calibrated: bool) -> OpenedItem:
        """Arrange what a key says of one item."""
        return cls(parameters_of(item, instrument), options_of(item, instrument), is_calibrated)


@dataclass(frozen=True)
class OpenedForm:
    """The parameters of all items of a form, opened for somebody who said why."""

    items: tuple[ItemParameters, ...]
    recipe: str
    constructs: int
    is_calibrated: bool

    @classmethod
    def of(cls, key: Key, instrument: str) -> OpenedForm:
        """Arrange a key without what its options count for: a psychometrician's table does not need it."""
        items = tuple(parameters_of(item, instrument) for item in key.items)
        recipe = f"{key.recipe.name} {key.recipe.version}"
        return cls(items, recipe, len(key.recipe.scales), key.parameters == "calibrated")

    def with_curve(self, item_id: str) -> ItemParameters | None:
        """Find an item that has a curve: the one asked for, else the first."""
        drawn = [item for item in self.items if item.curve]
        return next((item for item in drawn if item.item_id == item_id), drawn[0] if drawn else None)

    def beside(self, chosen: ItemParameters) -> list[ItemCurve]:
        """Collect the curves of the other items of the same construct."""
        same = [item for item in self.items if item.construct == chosen.construct and item is not chosen]
        return [item.curve for item in same if item.curve]

    def curves_by_construct(self) -> dict[str, list[ItemCurve]]:
        """Collect the curves by the name of what they measure."""
        found: dict[str, list[ItemCurve]] = {}
        for item in self.items:
            if item.curve:
                found.setdefault(item.construct_name, []).append(item.curve)
        return found
