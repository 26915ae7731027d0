"""The items in stock that a blueprint can be followed with, in the columns and rows of an integer programme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from item_bank.bank import BankItem, kind_of
from item_bank.blueprints import Bound, FormBlueprint
from item_bank.calibrations import Estimate, Version, calibrated
from item_bank.item_keys import AnyItemKey, OnScale, Preferred, Ranked
from item_bank.stock import Stocked
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import information
from scoring_engine.forms.blueprint import Blueprint, Row, Stimulus
from scoring_engine.forms.targets import Target
from scoring_engine.instruments import block_information
from scoring_engine.instruments.trait_blocks import TraitBlocks
from scoring_engine.responses import Floats, Ints

CURVE_AT = tuple(float(at) for at in np.linspace(-3, 3, 25))
"""Abilities in logits at which a form's curve is drawn."""


@dataclass(frozen=True)
class Parameters:
    """Whose parameters forms take: those of a calibration where it has them, elsewhere what authors assumed.

    ``are_measured`` tells whether the calibration's numbers come from answers at all.
    """

    calibration: str = ""
    estimates: Mapping[Version, Estimate] = field(default_factory=dict)
    are_measured: bool = False


class Pool:
    """The items that a blueprint can be followed with, and their parameters."""

    def __init__(
        self, stock: Sequence[Stocked], blueprint: FormBlueprint, parameters: Parameters, exposure: Mapping[str, int]
    ) -> None:
        measured = {scale.construct for scale in blueprint.recipe.scales}
        most = blueprint.most_exposure
        self.blueprint, self.parameters = blueprint, parameters
        self.stock = _with_what_they_repeat([
            one for one in stock
            if one.item.constructs <= measured and (most is None or exposure.get(one.item.id, 0) < most)
        ])  # fmt: skip
        self.items = [one.item for one in self.stock]
        self.versions = [(one.item.id, one.version) for one in self.stock]
        self.keys = [
            calibrated(item.key, parameters.estimates.get(version))
            for item, version in zip(self.items, self.versions, strict=True)
        ]
        self.words = np.array([len(" ".join(item.texts).split()) for item in self.items], dtype=np.int64)
        self._column = {item.id: column for column, item in enumerate(self.items)}

    def targets(self) -> list[Target]:
        """Aim at the mean of what the items tell, times how many a form will have, for each construct apart.

        What a form may be without has no target.
        """
        found = []
        for scale in self.blueprint.recipe.scales:
            mine = np.array([scale.construct in key.constructs for key in self.keys])
            told = self._told(mine)
            if told is not None and (count := self._count(scale.construct, int(mine.sum()))):
                wanted = told[:, mine].mean(axis=1) * count
                found.append(Target(told, wanted, tolerance=self.blueprint.tolerance, relative=True))
        return found

    def curve(self, columns: Sequence[int]) -> dict[str, tuple[float, ...]]:
        """Compute what some items tell by construct, at CURVE_AT."""
        theta, found = np.array(CURVE_AT), dict[str, Floats]()
        for column in columns:
            key = self.keys[column]
            if not isinstance(key, Ranked):
                found[key.construct] = found.get(key.construct, np.zeros(theta.size)) + _told_by(key, theta)
        return {construct: tuple(float(at) for at in told) for construct, told in found.items()}

    def constructs_told(self) -> list[str]:
        """Name the constructs that ``targets`` aims at, in its order."""
        scales = [scale.construct for scale in self.blueprint.recipe.scales]
        there = {name: sum(name in key.constructs for key in self.keys) for name in scales}
        return [
            name for name in scales
            if any(not isinstance(key, Ranked) and key.construct == name for key in self.keys)
            and self._count(name, there[name])
        ]  # fmt: skip

    def calibration_of(self, version: Version) -> str:
        """Name the calibration whose parameters a version takes; nothing where its author's assumed ones stand."""
        return self.parameters.calibration if version in self.parameters.estimates else ""

    def _told(self, mine: np.ndarray) -> Floats | None:
        """Table what each item of a construct tells, shape (abilities, items); nothing where no item has a model."""
        theta = np.array(self.blueprint.abilities)
        told = np.zeros((theta.size, len(self.items)))
        has_model = False
        for column in np.flatnonzero(mine):
            key = self.keys[column]
            if isinstance(key, Ranked):
                continue
            told[:, column] = _told_by(key, theta)
            has_model = True
        return told if has_model else None

    def _count(self, construct: str, there: int) -> int:
        """Say how many items of a construct a form will have: as its bound asks, else its share of the length."""
        for bound in self.blueprint.bounds:
            if bound.attribute == "construct" and bound.value == construct:
                return (bound.least + bound.most) // 2 if bound.least else 0
        return round(self.blueprint.length * there / max(1, len(self.items)))

    def rows(self, forms: int, most_forms: int = 1) -> Blueprint:
        """Say the blueprint in columns."""
        bounds = tuple(Row(one.name, self._having(one), one.least, one.most) for one in self.blueprint.bounds)
        words = self.blueprint.words
        reading = () if words is None else (Row("words", self.words, words.least, words.most),)
        return Blueprint(forms, self.blueprint.length, bounds + reading, self._enemies(), self._together(), most_forms)

    def _having(self, bound: Bound) -> Ints:
        return np.array([bound.value in values_of(item, bound.attribute) for item in self.items], dtype=np.int64)

    def _enemies(self) -> tuple[tuple[int, ...], ...]:
        """Pair the items that must not meet; it is enough that one of them says so."""
        pairs = {
            tuple(sorted((self._column[item.id], self._column[enemy])))
            for item in self.items for enemy in item.about.enemies if enemy in self._column
        }  # fmt: skip
        return tuple(sorted(pairs))

    def _together(self) -> tuple[Stimulus, ...]:
        """Bind a block that asks another one again to that one, which stands on no form without it."""
        return tuple(
            Stimulus(f"repetition {item.id}", (self._column[item.key.repeats], column), 2, 2)
            for column, item in enumerate(self.items)
            if isinstance(item.key, Ranked) and item.key.repeats in self._column
        )


def _with_what_they_repeat(stock: list[Stocked]) -> list[Stocked]:
    """Leave out blocks that ask again what cannot be asked the first time."""
    there = {one.item.id for one in stock}
    kept = [
        one for one in stock
        if not isinstance(one.item.key, Ranked) or one.item.key.repeats is None or one.item.key.repeats in there
    ]  # fmt: skip
    return kept if len(kept) == len(stock) else _with_what_they_repeat(kept)


def values_of(item: BankItem, attribute: str) -> set[str]:
    """Give what an item has of an attribute that a bound may speak of."""
    match attribute:
        case "construct":
            return item.constructs
        case "facet":
            return {item.about.facet}
        case "topic":
            return {item.about.topic}
        case "kind":
            return {kind_of(item)}
        case "repetition":
            return {"yes"} if isinstance(item.key, Ranked) and item.key.repeats is not None else {"no"}
        case _:
            return {*item.about.job_levels}


def _told_by(key: AnyItemKey, theta: Floats) -> Floats:
    """Compute what one item tells at abilities, shape (abilities,)."""
    if isinstance(key, OnScale):
        alone: Floats = information(theta, Items([key.model()]))[:, 0]
        return alone
    assert isinstance(key, Preferred)
    said = list(key.statements.values())
    mean, loading, psi = np.array([(one.mean, one.loading, one.psi) for one in said]).T
    block = TraitBlocks((len(said),), mean, loading, psi, np.zeros(len(said), dtype=np.int64))
    told: Floats = block_information.information(theta[:, None], block)[:, 0, 0]
    return told
