"""Four parallel forms of 40 items from 600, with 20 rows and enemies: how close, how sure, how long.

Run: ``python benchmarks/scoring/assembly.py [tolerance]``. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from scoring_engine.curves.items import Items, Logistic
from scoring_engine.curves.probabilities import information
from scoring_engine.forms.assembly import assemble
from scoring_engine.forms.blueprint import Blueprint, Row, broken_rows
from scoring_engine.forms.targets import Target

BANK, FORMS, LENGTH = 600, 4, 40
THETA = np.array([-1.0, 0.0, 1.0])


def bank(chance: np.random.Generator) -> Items:
    """Draw 600 2PL items."""
    slope, location = chance.lognormal(0, 0.3, BANK), chance.normal(0, 1, BANK)
    return Items([Logistic(float(a), float(b)) for a, b in zip(slope, location, strict=True)])


def blueprint(chance: np.random.Generator) -> Blueprint:
    """Draw 20 rows, of topics, places of the key, levels, overlapping attributes, words and seconds, and 40 enemies."""
    kinds = (("topic", 8, 4, 6), ("key", 4, 8, 12), ("level", 3, 10, 17))
    rows = []
    for name, many, lower, upper in kinds:
        drawn = chance.integers(0, many, BANK)
        rows += [Row(f"{name} {k}", (drawn == k).astype(np.int64), lower, upper) for k in range(many)]
    rows += [Row(f"attribute {k}", (chance.random(BANK) < 0.3).astype(np.int64), 8, 16) for k in range(3)]
    rows += [Row("words", chance.integers(20, 90, BANK), 0, 58 * LENGTH)]
    rows += [Row("seconds", chance.integers(30, 120, BANK), 0, 80 * LENGTH)]
    enemies = [tuple(chance.choice(BANK, 2, replace=False).tolist()) for _ in range(40)]
    return Blueprint(FORMS, LENGTH, tuple(rows), tuple(enemies))


def main(tolerance: float) -> None:
    """Assemble, check, and tell."""
    chance = np.random.default_rng(20250701)
    items, wanted = bank(chance), blueprint(chance)
    height = information(THETA, items).mean(axis=1) * LENGTH * 1.1
    begun = time.perf_counter()
    found = assemble(len(items), wanted, [Target.of(items, THETA, height, tolerance=tolerance)], seconds=60.0)
    seconds = time.perf_counter() - begun
    chosen = np.zeros((FORMS, BANK), dtype=np.bool_)
    chosen[np.arange(FORMS)[:, None], found.forms] = True
    told = {
        "work": "four parallel 40-item forms of 600",
        "rows": len(wanted.rows),
        "enemies": len(wanted.enemies),
        "tolerance": tolerance,
        "deviation": round(found.deviation, 4),
        "proven": found.proven,
        "gap": found.gap,
        "broken_rows": len(broken_rows(chosen, wanted)),
        "seconds": round(seconds, 2),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.1)
