"""From items in stock and a blueprint to forms: one, several alike, or one for each person.

What an item tells is its information at the blueprint's abilities, for each construct apart; forms are made alike by
aiming all of them at the same target, the mean of what the items that may be used tell. Items without a model (career
preference has no right answers) are chosen by the bounds alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import msgspec
import numpy as np

from item_bank.bank import BankItem, kind_of
from item_bank.blueprints import Bound, FormBlueprint
from item_bank.calibrations import Estimate, Version, calibrated
from item_bank.drafts import Draft
from item_bank.item_keys import AnyItemKey, OnScale, Preferred, Ranked
from item_bank.presentation import Presentation
from item_bank.stock import Stocked
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import information
from scoring_engine.forms.assembly import Assembly, Infeasible, assemble, on_the_fly
from scoring_engine.forms.blueprint import Blueprint, Row, Stimulus
from scoring_engine.forms.targets import Target
from scoring_engine.instruments import block_information
from scoring_engine.instruments.trait_blocks import TraitBlocks
from scoring_engine.responses import Floats, Ints

LETTERS = "abcdefghijklmnopqrstuvwxyz"
CURVE_AT = tuple(float(at) for at in np.linspace(-3, 3, 25))
"""Abilities in logits at which a form's curve is drawn."""

LOOSE = 5
"""A form on the fly may be so many times the tolerance away from its target: else all people get the same items."""


@dataclass(frozen=True)
class Chosen:
    """One form as it was assembled: which versions, in which order, and what they tell by construct.

    ``information`` is at the blueprint's abilities, ``curve`` at CURVE_AT, per squared logit.
    """

    code: str
    versions: tuple[Version, ...]
    information: dict[str, tuple[float, ...]]
    curve: dict[str, tuple[float, ...]]
    words: int


@dataclass(frozen=True)
class Forms:
    """Forms of one blueprint, with how far they are from the target at most, as a share of it."""

    forms: tuple[Chosen, ...]
    abilities: tuple[float, ...]
    deviation: float | None
    is_proven: bool


class Pool:
    """The items that a blueprint can be followed with, their parameters from a calibration where it has them."""

    def __init__(
        self, stock: Sequence[Stocked], blueprint: FormBlueprint, estimates: Mapping[Version, Estimate],
        exposure: Mapping[str, int],
    ) -> None:  # fmt: skip
        measured = {scale.construct for scale in blueprint.recipe.scales}
        most = blueprint.most_exposure
        self.blueprint = blueprint
        self.stock = [
            one for one in stock
            if one.item.constructs <= measured and (most is None or exposure.get(one.item.id, 0) < most)
        ]  # fmt: skip
        self.items = [one.item for one in self.stock]
        self.versions = [(one.item.id, one.version) for one in self.stock]
        self.keys = [
            calibrated(item.key, estimates.get(version))
            for item, version in zip(self.items, self.versions, strict=True)
        ]
        self.is_calibrated = bool(estimates) and all(version in estimates for version in self.versions)
        self.words = np.array([len(" ".join(item.texts).split()) for item in self.items], dtype=np.int64)
        self._column = {item.id: column for column, item in enumerate(self.items)}

    def targets(self) -> list[Target]:
        """Aim at the mean of what the items tell, times how many a form will have, for each construct apart."""
        found = []
        for scale in self.blueprint.recipe.scales:
            mine = np.array([scale.construct in key.constructs for key in self.keys])
            told = self._told(mine)
            if told is not None:
                wanted = told[:, mine].mean(axis=1) * self._count(scale.construct, int(mine.sum()))
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
        return [
            name for name in scales
            if any(not isinstance(key, Ranked) and key.construct == name for key in self.keys)
        ]  # fmt: skip

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
                return (bound.least + bound.most) // 2
        return round(self.blueprint.length * there / max(1, len(self.items)))

    def rows(self, forms: int, most_forms: int = 1) -> Blueprint:
        """Say the blueprint in columns."""
        bounds = tuple(Row(one.name, self._having(one), one.least, one.most) for one in self.blueprint.bounds)
        words = self.blueprint.words
        reading = () if words is None else (Row("words", self.words, words.least, words.most),)
        return Blueprint(forms, self.blueprint.length, bounds + reading, self._enemies(), self._together(), most_forms)

    def _having(self, bound: Bound) -> Ints:
        return np.array([bound.value in _values(item, bound.attribute) for item in self.items], dtype=np.int64)

    def _enemies(self) -> tuple[tuple[int, ...], ...]:
        """Pair the items that must not meet; it is enough that one of them says so."""
        pairs = {
            tuple(sorted((self._column[item.id], self._column[enemy])))
            for item in self.items for enemy in item.about.enemies if enemy in self._column
        }  # fmt: skip
        return tuple(sorted(pairs))

    def _together(self) -> tuple[Stimulus, ...]:
        """Bind a block that asks another one again to that one: neither stands on a form alone."""
        return tuple(
            Stimulus(f"repetition {item.id}", (self._column[item.key.repeats], column), 2, 2)
            for column, item in enumerate(self.items)
            if isinstance(item.key, Ranked) and item.key.repeats in self._column
        )


def _values(item: BankItem, attribute: str) -> set[str]:
    match attribute:
        case "construct":
            return item.constructs
        case "facet":
            return {item.about.facet}
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


def parallel(pool: Pool, forms: int, seconds: float = 20.0) -> Forms:
    """Assemble forms that are alike and share no item; refuses as ``scoring_engine.forms.assembly.assemble``."""
    targets = pool.targets()
    found = assemble(len(pool.items), pool.rows(forms), targets, seconds)
    return _forms(pool, found, [LETTERS[number] for number in range(forms)])


def blamed(pool: Pool, refused: Infeasible) -> list[str]:
    """Say which demands of a blueprint cannot be kept together, and by how much they are missed at least."""
    names = {
        f"enemies {pair}": "enemies " + " ".join(pool.items[column].id for column in pair)
        for pair in pool.rows(1).enemies
    }
    return [f"{names.get(one.row, one.row)} (missed by {one.amount})" for one in refused.violations]


def for_persons(pool: Pool, persons: int, seed: int, seconds: float = 10.0) -> Forms:
    """Assemble one form for each person, by chance among all that keep the blueprint; the same for the same seed."""
    targets = [replace(target, tolerance=target.tolerance * LOOSE) for target in pool.targets()]
    found, names = [], []
    for person in range(persons):
        chance = np.random.default_rng([seed, person])
        found.append(on_the_fly(len(pool.items), pool.rows(1), targets, chance.random(len(pool.items)), seconds))
        names.append(f"{person + 1:04d}")
    each = [_forms(pool, one, [name]) for one, name in zip(found, names, strict=True)]
    deviations = [one.deviation for one in each if one.deviation is not None]
    return Forms(
        tuple(form for one in each for form in one.forms), pool.blueprint.abilities, max(deviations, default=None),
        all(one.is_proven for one in each),
    )  # fmt: skip


def _forms(pool: Pool, found: Assembly, names: Sequence[str]) -> Forms:
    constructs = pool.constructs_told()
    chosen = []
    for number, (name, columns) in enumerate(zip(names, found.forms, strict=True)):
        told = {
            construct: tuple(float(at) for at in table[number])
            for construct, table in zip(constructs, found.information, strict=True)
        }
        ordered = sorted(columns.tolist(), key=lambda column: _place(pool, column))
        chosen.append(Chosen(
            f"{pool.blueprint.code}-{name}", tuple(pool.versions[column] for column in ordered), told,
            pool.curve(ordered), int(pool.words[columns].sum()),
        ))  # fmt: skip
    deviation = None if np.isnan(found.deviation) else found.deviation
    return Forms(tuple(chosen), pool.blueprint.abilities, deviation, found.proven)


def _place(pool: Pool, column: int) -> tuple[str, bool, str]:
    """Order items by what says nothing of their keys: facets apart if asked, repetitions last, then a hash."""
    item = pool.items[column]
    repeats = isinstance(item.key, Ranked) and item.key.repeats is not None
    facet = item.about.facet if pool.blueprint.order == "by_facet" else ""
    return facet, repeats, hashlib.sha256(item.id.encode()).hexdigest()


def drafted(pool: Pool, form: Chosen) -> Draft:
    """Write a form down as a draft: words and keys together, with the parameters of the pool."""
    column = {version: number for number, version in enumerate(pool.versions)}
    columns = [column[version] for version in form.versions]
    told = {name: getattr(pool.blueprint, name) for name in ("title", "instrument", "language", "time_limit_ms")}
    words = [msgspec.to_builtins(pool.items[number].words) for number in columns]
    shown = msgspec.convert(
        {
            **told, "schema": "proasn/presentation/1", "code": form.code, "purpose": pool.blueprint.purpose,
            "demonstration": any(pool.stock[number].demonstration for number in columns),
            "instructions": pool.blueprint.instructions, "items": words,
        },
        Presentation,
    )  # fmt: skip
    parameters: Literal["assumed", "calibrated"] = "calibrated" if pool.is_calibrated else "assumed"
    return Draft(shown, parameters, pool.blueprint.recipe, tuple(pool.keys[number] for number in columns))


def largest_difference(forms: Forms) -> float:
    """Say by which share two of the forms differ at most, in what they tell of a construct at an ability."""
    apart = [
        abs(one / other - 1)
        for a, b in combinations(forms.forms, 2) for construct in a.information
        for one, other in zip(a.information[construct], b.information[construct], strict=True)
    ]  # fmt: skip
    return max(apart, default=0.0)
