"""A thousand adaptive tests of 30 items from 300: seconds and error, beside catsim and mirt if they are there.

Run: ``python benchmarks/scoring/adaptive.py [PEER_PYTHON]``. Prints one line of JSON. PEER_PYTHON is the python of an
environment made of ``requirements.txt``; catsim then takes a minute or two. The time of the engine is that of all its
work: tabling the bank, drawing the answers, the tests; ``tests_seconds`` leaves out the tabling, which is done once
for a bank and not for every wave that is simulated with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.scoring import simulated
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Items, Logistic
from scoring_engine.forms.adaptive import Design
from scoring_engine.forms.pool import Pool
from scoring_engine.forms.simulation import simulate

HERE = Path(__file__).parent
REPEATS = 15


def rmse(estimate: np.ndarray, truth: np.ndarray) -> float:
    """Compute the root mean squared error, in logits."""
    return float(np.sqrt(np.mean((estimate - truth) ** 2)))


def engine(given: simulated.Arrays) -> dict[str, float]:
    """Simulate with the engine: the best time, and the error over all repeats."""
    items = Items([Logistic(float(a), float(b)) for a, b in zip(given["a"], given["b"], strict=True)])
    longest, chance = int(given["longest"]), np.random.default_rng(1)
    seconds, tests_seconds, errors = [], [], []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        pool = Pool.of(items, longest)
        tabled = time.perf_counter()
        found = simulate(draw_answers(given["theta"], items, chance), pool, Design(longest), chance)
        ended = time.perf_counter()
        seconds.append(ended - begun)
        tests_seconds.append(ended - tabled)
        errors.append(rmse(found.ability.theta, given["theta"]))
    return {
        "seconds": min(seconds),
        "median_seconds": float(np.median(seconds)),
        "tests_seconds": min(tests_seconds),
        "rmse": float(np.mean(errors)),
    }


def peer(python: str, name: str, folder: Path, given: simulated.Arrays) -> dict[str, float]:
    """Simulate with a peer in its own environment."""
    source, target = folder / "in.npz", folder / f"{name}.npz"
    np.savez(source, **given)
    command = [python, str(HERE / "peers.py"), "simulate_adaptive", name, str(source), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with np.load(target) as found:
        return {"seconds": float(found["seconds"].min()), "rmse": rmse(found["theta"], given["theta"])}


def main(python: str | None) -> None:
    """Measure, compare, tell."""
    given = simulated.adaptive()
    told: dict[str, object] = {"work": "1,000 adaptive tests of 30 items from 300"}
    told["engine"] = own = engine(given)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("catsim", "mirt") if python else ():
            told[name] = other = peer(str(python), name, Path(folder), given)
            told[f"times_{name}"] = round(other["seconds"] / own["seconds"], 1)
            told[f"times_{name}_tests"] = round(other["seconds"] / own["tests_seconds"], 1)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
