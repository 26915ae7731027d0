"""What every form of a test must be like, and the check that forms are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring_engine.responses import Bools, Ints


@dataclass(frozen=True, eq=False)
class Row:
    """A bound on a sum over the items of a form: how many have an attribute, how many words they have.

    Parameters
    ----------
    name : str
    amount : shape (items,)
        What each item adds, a whole number: 1 or 0 for an attribute.
    lower, upper : int
    hard : bool
        True for a row that must not be blamed when no form can be found.

    Raises
    ------
    ValueError
        Amounts are not a row of whole numbers, or the bounds fall.
    """

    name: str
    amount: Ints
    lower: int
    upper: int
    hard: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no bound."""
        if np.ndim(self.amount) != 1 or np.asarray(self.amount).dtype.kind not in "iub":
            raise ValueError(f"row {self.name}: the amounts are not a row of whole numbers")
        if self.lower > self.upper:
            raise ValueError(f"row {self.name}: {self.lower} to {self.upper} is no range")


@dataclass(frozen=True)
class Stimulus:
    """Items that share a text or picture: a form has none of them, or from `lower` to `upper`.

    ``items`` are columns. Raises ValueError unless 1 <= lower <= upper <= the number of items.
    """

    name: str
    items: tuple[int, ...]
    lower: int
    upper: int

    def __post_init__(self) -> None:
        """Refuse numbers that no form can have."""
        if not 1 <= self.lower <= self.upper <= len(self.items):
            raise ValueError(f"stimulus {self.name}: {self.lower} to {self.upper} of {len(self.items)} items cannot be")


@dataclass(frozen=True)
class Blueprint:
    """What every form must be like.

    Parameters
    ----------
    forms, length : int
        Number of forms, and of items on each.
    rows : Row
    enemies : columns of items of which a form has at most one
    stimuli : Stimulus
    most_forms : int
        On how many forms an item may stand.
    """

    forms: int
    length: int
    rows: tuple[Row, ...] = ()
    enemies: tuple[tuple[int, ...], ...] = ()
    stimuli: tuple[Stimulus, ...] = ()
    most_forms: int = 1

    @property
    def names(self) -> list[str]:
        """Name all rows, in their order."""
        return [row.name for row in self.rows]


def refuse_unless_it_fits(blueprint: Blueprint, items: int) -> None:
    """Refuse a blueprint that does not fit a bank of so many items, or no bank at all.

    Takes a blueprint and the number of items, returns nothing. Raises ValueError in the words of what does not fit.
    """
    slots = blueprint.forms * blueprint.length
    if min(blueprint.forms, blueprint.length, blueprint.most_forms) < 1 or blueprint.length > items:
        raise ValueError(f"{blueprint.forms} forms of {blueprint.length} items from {items} cannot be")
    if slots > items * blueprint.most_forms:
        raise ValueError(f"{items} items on at most {blueprint.most_forms} forms each do not fill {slots} places")
    if len({*blueprint.names}) != len(blueprint.rows):
        raise ValueError("two rows have one name")
    for row in blueprint.rows:
        if len(row.amount) != items:
            raise ValueError(f"row {row.name} has amounts for {len(row.amount)} items, the bank has {items}")
    for name, columns in _groups(blueprint):
        if not columns or len({*columns}) != len(columns) or not {*columns} <= {*range(items)}:
            raise ValueError(f"{name} are not different columns of a bank of {items} items")


def broken_rows(chosen: Bools, blueprint: Blueprint) -> list[str]:
    """Name what forms do not keep of their blueprint, checked in whole numbers.

    Parameters
    ----------
    chosen : shape (forms, items)
        True where the item stands on the form.
    blueprint : Blueprint

    Returns
    -------
    list of str
        Each with the number of the form; empty if everything is kept.
    """
    too_often = chosen.sum(axis=0) > blueprint.most_forms
    found = [f"item {item} on too many forms" for item in np.flatnonzero(too_often)]
    for number, form in enumerate(chosen):
        found += [
            f"{name}, form {number}: {amount} is not {lower} to {upper}"
            for name, amount, lower, upper in _amounts(form, blueprint)
            if not lower <= amount <= upper
        ]
    return found


def _amounts(form: Bools, blueprint: Blueprint) -> Iterator[tuple[str, int, int, int]]:
    yield "length", int(form.sum()), blueprint.length, blueprint.length
    for row in blueprint.rows:
        # Python's own whole numbers cannot overflow.
        yield row.name, sum(int(amount) for amount in np.asarray(row.amount)[form]), row.lower, row.upper
    for enemies in blueprint.enemies:
        yield f"enemies {enemies}", int(form[list(enemies)].sum()), 0, 1
    for stimulus in blueprint.stimuli:
        used = int(form[list(stimulus.items)].sum())
        yield f"stimulus {stimulus.name}", used, stimulus.lower if used else 0, stimulus.upper


def _groups(blueprint: Blueprint) -> Iterator[tuple[str, tuple[int, ...]]]:
    for enemies in blueprint.enemies:
        yield f"enemies {enemies}", enemies
    for stimulus in blueprint.stimuli:
        yield f"items of stimulus {stimulus.name}", stimulus.items
