"""Seeded data for the scoring benchmark: the same arrays for the engine and for every peer.

Run: ``python benchmarks/scoring/simulated.py FOLDER`` writes ``two_pl.npz``, ``grm.npz``, ``missing.npz`` and
``adaptive.npz`` there. Needs numpy only, so any peer's environment can make them too.

Every file holds ``responses`` (persons, items; -1 missing) or ``theta``, and the true item parameters: ``a`` (items,)
and ``b``, (items,) or (items, thresholds), logistic metric, D = 1.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Arrays: TypeAlias = "dict[str, NDArray[np.generic]]"

PERSONS, ITEMS = 19_000, 60
"""A national wave of one agency: the size of the targets (psychometrics, section 18)."""


def expit(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the logistic function."""
    return 1.0 / (1.0 + np.exp(-z))


def parameters(chance: np.random.Generator, items: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw slopes around 1.1 and locations, (items,) each."""
    return 1.1 * chance.lognormal(0.0, 0.3, items), chance.normal(0.0, 1.0, items)


def two_pl(persons: int = PERSONS, items: int = ITEMS, seed: int = 1) -> Arrays:
    """Draw answers to right or wrong items, none missing."""
    chance = np.random.default_rng(seed)
    a, b = parameters(chance, items)
    theta = chance.normal(size=persons)
    right = chance.random((persons, items)) < expit(a * (theta[:, None] - b))
    return {"responses": right.astype(np.int8), "a": a, "b": b, "theta": theta}


def grm(persons: int = 5_000, items: int = 40, categories: int = 5, seed: int = 2) -> Arrays:
    """Draw answers to graded items; every category of every item is used by somebody."""
    chance = np.random.default_rng(seed)
    a, middle = parameters(chance, items)
    apart = np.cumsum(chance.uniform(0.5, 1.1, (items, categories - 1)), axis=1)
    b = 0.6 * middle[:, None] + apart - apart.mean(axis=1, keepdims=True)
    theta = chance.normal(size=persons)
    reached = expit(a[:, None] * (theta[:, None, None] - b))
    answers = (chance.random((persons, items, 1)) < reached).sum(axis=2)
    return {"responses": answers.astype(np.int8), "a": a, "b": b, "theta": theta}


def missing(persons: int = PERSONS, items: int = ITEMS, seed: int = 3) -> Arrays:
    """Take out of right or wrong answers a tenth at random, and the end of the test of every fifth person."""
    whole = two_pl(persons, items, seed)
    chance = np.random.default_rng(seed + 1_000)
    gone = chance.random((persons, items)) < 0.1
    reached = np.where(chance.random(persons) < 0.2, chance.integers(items // 2, items, persons), items)
    gone |= np.arange(items) >= reached[:, None]
    return {**whole, "responses": np.where(gone, np.int8(-1), whole["responses"])}


def adaptive(persons: int = 1_000, bank: int = 300, longest: int = 30, seed: int = 4) -> Arrays:
    """Draw a bank and people for an adaptive test."""
    chance = np.random.default_rng(seed)
    a, b = parameters(chance, bank)
    return {"a": a, "b": b, "theta": chance.normal(size=persons), "longest": np.array(longest)}


def main(folder: Path) -> None:
    """Write all files."""
    folder.mkdir(parents=True, exist_ok=True)
    for draw in (two_pl, grm, missing, adaptive):
        np.savez(folder / f"{draw.__name__}.npz", **draw())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
