"""The answers of many sheets of one form as arrays: what each answer earns, and which options were picked."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from scoring_engine.recipes.answers import Earning, Unfit
from scoring_engine.recipes.recipe import ItemKey, Preferred, Ranked
from scoring_engine.responses import MISSING, Ints

Sheet = Mapping[str, Any]
"""By item the response, as the exam protocol writes it; an item that is not there, or null, was not answered."""

Key = Mapping[str, ItemKey]
"""By item, in the order in which people see the items: what was omitted and what was not reached shows only there."""


class Sheets:
    """Sheets of one form beside its key; persons are rows, items columns in the order of the key.

    Parameters
    ----------
    sheets : item -> response, one for each person
    key : item -> what each answer earns

    Raises
    ------
    Unfit
        An item that the key does not know; from what is computed here, an answer that it does not know.
    """

    def __init__(self, sheets: Sequence[Sheet], key: Key) -> None:
        for sheet in sheets:
            for stranger in sorted(sheet.keys() - key.keys()):
                raise Unfit(f"item {stranger} is on the sheet, but the key does not know it")
        self.key, self._sheets = key, sheets
        self.column = {item: number for number, item in enumerate(key)}

    def __len__(self) -> int:
        """Count the sheets."""
        return len(self._sheets)

    def said(self, item: str) -> list[Any]:
        """List what everybody answered to an item; None is no answer."""
        return [sheet.get(item) for sheet in self._sheets]

    def answered(self, items: Sequence[str]) -> list[int]:
        """Count how many of some items everybody answered."""
        return [sum(sheet.get(item) is not None for item in items) for sheet in self._sheets]

    @cached_property
    def credits(self) -> Ints:
        """The category of every answer, shape (persons, items); -1 is missing, an answered block counts as 0."""
        columns = [_credits(item, one, self.said(item)) for item, one in self.key.items()]
        return np.array(columns, dtype=np.int64).T

    def picks(self, items: Sequence[str], options: Sequence[Sequence[str]]) -> tuple[Ints, Ints]:
        """Turn most/least answers into positions in each block, both (persons, items); -1 without an answer."""
        picked = [_places(item, offered, self.said(item)) for item, offered in zip(items, options, strict=True)]
        both = np.array(picked, dtype=np.int64).reshape(len(items), len(self), 2)
        return both[:, :, 0].T, both[:, :, 1].T


def _credits(item: str, key: ItemKey, said: Sequence[Any]) -> list[int]:
    """Give the category of every answer to an item; an answered block counts only as answered here."""
    if isinstance(key, Preferred | Ranked):
        return [MISSING if response is None else 0 for response in said]
    known: dict[Any, int] = {}
    return [MISSING if response is None else _credit(item, key, response, known) for response in said]


def _credit(item: str, key: Earning, response: Any, known: dict[Any, int]) -> int:
    """Give an answer's category; texts and lists of them are judged once for all who said the same."""
    name = tuple(response) if isinstance(response, list) and all(isinstance(one, str) for one in response) else response
    if isinstance(name, str | tuple) and name in known:
        return known[name]
    try:
        earned = key.credit(response)
    except Unfit as error:
        raise Unfit(f"item {item}: {error}") from error
    if isinstance(name, str | tuple):
        known[name] = earned
    return earned


def _places(item: str, offered: Sequence[str], said: Sequence[Any]) -> list[tuple[int, int]]:
    """Give the positions of the most and of the least fitting option of every answer to a block."""
    place = {option: number for number, option in enumerate(offered)}
    return [(MISSING, MISSING) if pair is None else _pair(item, place, pair) for pair in said]


def _pair(item: str, place: Mapping[str, int], pair: Any) -> tuple[int, int]:
    if not isinstance(pair, Mapping) or pair.keys() != {"most", "least"}:
        raise Unfit(f"item {item}: {pair!r} is no pair of a most and a least fitting option")
    for picked in (pair["most"], pair["least"]):
        if not isinstance(picked, str) or picked not in place:
            raise Unfit(f"item {item}: the key does not know the option {picked!r}")
    return place[pair["most"]], place[pair["least"]]
