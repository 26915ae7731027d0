"""Do parameters and abilities come back? Bias and root mean squared error of engine and peers on the same seeded data.

Run: ``python benchmarks/scoring/recovery.py [PEER_PYTHON] [SEEDS]``. Ten samples of 1,000 persons, with 30 right or
wrong items or 20 graded items of four categories. One line of JSON for each program: bias and RMSE of slopes, of
locations, and of abilities (posterior means at the program's own parameters, by the engine's arithmetic for all).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.scoring import simulated
from benchmarks.scoring.compare import peer
from scoring_engine.ability.eap import eap
from scoring_engine.calibration.calibrate import Settings, calibrate
from scoring_engine.curves.items import Items

WORK = {
    "2pl": ("calibrate_2pl", lambda seed: simulated.two_pl(1000, 30, seed), ("theta-irt", "mirt", "girth")),
    "grm": ("calibrate_grm", lambda seed: simulated.grm(1000, 20, 4, seed), ("mirt", "girth")),
}


def engine(model: str, given: simulated.Arrays) -> tuple[np.ndarray, np.ndarray]:
    """Calibrate with the engine; gives slopes and locations."""
    found = calibrate(given["responses"], model, settings=Settings(errors=False))
    values = np.array([item.values for item in found.items])
    return values[:, 0], values[:, 1:]


def errors(given: simulated.Arrays, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
    """Subtract the truth from what a program found."""
    b = b.reshape(len(a), -1)
    ability = eap(given["responses"], Items.of(a.tolist(), b.tolist())).theta
    truth = given["b"].reshape(len(a), -1)
    return {"a": a - given["a"], "b": (b - truth).ravel(), "theta": ability - given["theta"]}


def main(python: str | None, seeds: int) -> None:
    """Calibrate every sample with every program, and tell bias and RMSE over all."""
    for model, (job, draw, peers) in WORK.items():
        names = ("engine", *(peers if python else ()))
        found: dict[str, list[dict[str, np.ndarray]]] = {name: [] for name in names}
        for seed in range(seeds):
            given = draw(seed)
            with tempfile.TemporaryDirectory() as folder:
                source = Path(folder) / "in.npz"
                np.savez(source, **given)
                for name in names:
                    if name == "engine":
                        a, b = engine(model, given)
                    else:
                        other = peer(str(python), job, name, source)
                        a, b = np.asarray(other["a"]), np.asarray(other["b"])
                    found[name].append(errors(given, a, b))
        for name, samples in found.items():
            told: dict[str, object] = {"model": model, "program": name, "samples": seeds}
            for part in ("a", "b", "theta"):
                every = np.concatenate([sample[part] for sample in samples])
                told[part] = {
                    "bias": round(float(every.mean()), 4),
                    "rmse": round(float(np.sqrt((every**2).mean())), 4),
                }
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None, int(sys.argv[2]) if len(sys.argv) > 2 else 10)
