"""From items in stock and a blueprint to forms: one, several alike, or one for each person.

What an item tells is its information at the blueprint's abilities, for each construct apart; forms are made alike by
aiming all of them at the same target, the mean of what the items that may be used tell. Items without a model (career
preference has no right answers) are chosen by the bounds alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

import msgspec
import numpy as np

from item_bank.calibrations import Version
from item_bank.drafts import Draft
from item_bank.item_keys import Ranked
from item_bank.pool import Pool
from item_bank.presentation import Presentation
from scoring_engine.forms.assembly import Assembly, Infeasible, assemble, on_the_fly

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SECONDS = 60.0
"""After which the best forms so far are taken: many times what any blueprint of the demonstration was seen to take, so
that a machine which is busy with other work gives the same forms as an idle one."""

GAP = 0.05
"""How near to the best, as a share of the deviation, is near enough: of two hundredths a thousandth, which nobody would
see in a result, and the search for which takes two thirds of the time."""

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


def parallel(pool: Pool, forms: int, seconds: float = SECONDS) -> Forms:
    """Assemble forms that are alike and share no item; refuses as ``scoring_engine.forms.assembly.assemble``."""
    targets = pool.targets()
    found = assemble(len(pool.items), pool.rows(forms), targets, seconds, GAP)
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
    is_calibrated = pool.parameters.are_measured and all(map(pool.calibration_of, form.versions))
    parameters: Literal["assumed", "calibrated"] = "calibrated" if is_calibrated else "assumed"
    return Draft(shown, parameters, pool.blueprint.recipe, tuple(pool.keys[number] for number in columns))


def largest_difference(forms: Forms) -> float:
    """Say by which share two of the forms differ at most, in what they tell of a construct at an ability."""
    apart = [
        abs(one / other - 1)
        for a, b in combinations(forms.forms, 2) for construct in a.information
        for one, other in zip(a.information[construct], b.information[construct], strict=True)
    ]  # fmt: skip
    return max(apart, default=0.0)
