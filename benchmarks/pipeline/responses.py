"""Invented people answer a form: a seeded simulator that gives every answer as the piece of JSON it is on a sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from item_bank import item_keys
from item_bank.keys import Key

OMITTED = 0.03
"""The share of items that people leave out."""

PULL = 1.2
"""How much an ability of one standard deviation speaks for an answer that earns one credit more."""

Candidates = Sequence[tuple[object, float]]
"""What an item can be answered with, and how much each answer speaks for ability."""


def candidates(key: item_keys.AnyItemKey) -> Candidates:
    """List answers to an item, good and bad ones, as a page would send them."""
    match key:
        case item_keys.Graded() | item_keys.RightOrWrong():
            return [(option, float(credit)) for option, credit in key.credit.items()]
        case item_keys.Preferred():
            loading = {name: one.loading for name, one in key.statements.items()}
            return [(pair, loading[pair["most"]] - loading[pair["least"]]) for pair in pairs(loading)]
        case item_keys.Ranked():
            return [(pair, 0.0) for pair in pairs(key.statements)]
        case item_keys.Selected():
            return [(list(key.right), 1.0), *([[one], 0.0] for one in key.rationale if (one,) != key.right)]
        case item_keys.Sequenced():
            return [(list(key.right), 1.0), (list(reversed(key.right)), 0.0)]
        case item_keys.Quantity():
            return [(key.value, 1.0), ("987654321", 0.0)]
        case item_keys.Performed():
            return [([], 0.0), *((list(way.taken), float(way.credit)) for way in key.ways)]
    raise TypeError(f"nobody can answer {key!r}")


def pairs(names: object) -> list[dict[str, str]]:
    """Pick every two of some statements as most and least fitting."""
    return [{"most": most, "least": least} for most, least in permutations(names, 2)]  # type: ignore[call-overload]


def answered(key: Key, ability: np.ndarray, chance: np.random.Generator) -> Iterator[tuple[bytes, int]]:
    """Answer a form; gives for each person the answers as canonical JSON and their number.

    Takes abilities of shape (persons,), in standard deviations.
    """
    items = sorted(key.items, key=lambda one: one.id)
    chosen = np.empty((len(ability), len(items)), dtype=np.int64)
    pieces: list[list[str]] = []
    for column, item in enumerate(items):
        offered = candidates(item)
        pull = PULL * np.array([speaks for _, speaks in offered])
        chosen[:, column] = (ability[:, None] * pull + chance.gumbel(size=(len(ability), len(offered)))).argmax(axis=1)
        pieces.append([f"{json.dumps(item.id)}:{written(answer)}" for answer, _ in offered])
    chosen[chance.random(chosen.shape) < OMITTED] = -1
    for row in chosen.tolist():
        said = [piece[one] for piece, one in zip(pieces, row, strict=True) if one >= 0]
        yield ("{" + ",".join(said) + "}").encode(), len(said)


def written(answer: object) -> str:
    """Write an answer as a sheet holds it."""
    return json.dumps(answer, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
