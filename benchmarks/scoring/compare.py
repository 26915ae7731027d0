"""The engine beside its peers from PyPI: calibration and scores, one core and all, as ratios of one run.

Run: ``python benchmarks/scoring/compare.py [PEER_PYTHON]``. PEER_PYTHON is the python of an environment made of
``requirements.txt``; without it only the engine is measured. Every line of JSON is one piece of work on one number of
cores: median seconds of the engine, of each peer, their ratios, and whether both are equally accurate. A calibration
counts only if its log-likelihood, on one common grid, is within .001 of the maximum; `pairs` is its time in products of
the E-step (one X @ Z and one X.T @ W), timed in the same process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

HERE = Path(__file__).parent
REPEATS = 7
CLOSE = 0.001


def median_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Time some work, warm."""
    import numpy as np

    work()
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return float(np.median(seconds))


def peer(python: str, job: str, name: str, source: Path) -> dict[str, object]:
    """Let a peer do a job in its own environment, on the cores that this process has."""
    import numpy as np

    target = source.with_suffix(f".{name}.npz")
    command = [python, str(HERE / "peers.py"), job, name, str(source), str(target), "3"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with np.load(target, allow_pickle=False) as found:
        return {part: found[part] for part in found.files}


def calibration(job: str, model: str, names: tuple[str, ...], source: Path, python: str | None) -> dict[str, object]:
    """Calibrate with the engine and with the peers; all are judged by one log-likelihood."""
    import numpy as np

    from scoring_engine.calibration.calibrate import Settings, calibrate

    with np.load(source) as given:
        responses = given["responses"]
    best = calibrate(responses, model, settings=Settings(tolerance=1e-9, errors=False))
    quick = Settings(tolerance=1e-4, errors=False)
    found = calibrate(responses, model, settings=quick)
    told: dict[str, object] = {
        "work": f"{job} {responses.shape[0]} x {responses.shape[1]}",
        "seconds": median_seconds(lambda: calibrate(responses, model, settings=quick)),
        "cycles": found.iterations, "short_of_maximum": best.log_likelihood - found.log_likelihood,
        "pairs": None,
    }  # fmt: skip
    told["pairs"] = round(float(told["seconds"]) / product_pair(responses), 1)  # type: ignore[arg-type]  # a number
    for name in names if python else ():
        other = peer(str(python), job, name, source)
        told[name] = {
            "seconds": float(np.median(other["seconds"])),
            "ratio": round(float(np.median(other["seconds"])) / float(told["seconds"]), 1),  # type: ignore[arg-type]  # a number
            "short_of_maximum": best.log_likelihood - log_likelihood(responses, model, other),
        }
    return told


def product_pair(responses: object) -> float:
    """Time one X @ Z and one X.T @ W on 61 nodes, X with one column an answer over the lowest."""
    import numpy as np

    answers = np.asarray(responses)
    x = np.concatenate([(answers == k).astype(np.float64) for k in range(1, int(answers.max()) + 1)], axis=1)
    z, w = np.random.default_rng(0).random((x.shape[1], 61)), np.random.default_rng(1).random((len(x), 61))
    return median_seconds(lambda: (x @ z, x.T @ w))


def log_likelihood(responses: object, model: str, found: dict[str, object]) -> float:
    """Compute the marginal log-likelihood of a peer's parameters, on the engine's grid."""
    import numpy as np

    from scoring_engine.calibration.expectation import Sample, expect
    from scoring_engine.curves.items import Items
    from scoring_engine.curves.probabilities import log_probabilities

    a, b, answers = np.asarray(found["a"]), np.asarray(found["b"]), np.asarray(responses)
    items = Items.of(a.tolist(), b.reshape(len(a), -1).tolist())
    nodes = np.linspace(-6, 6, 61)
    weights = np.exp(-(nodes**2) / 2)
    sample = Sample(answers.astype(np.int8), np.array([len(answers)]), items.categories)
    return expect(sample, log_probabilities(nodes, items), np.log(weights / weights.sum())[None]).log_likelihood


def scores(job: str, names: tuple[str, ...], source: Path, python: str | None) -> dict[str, object]:
    """Score with the engine and with the peers at the true parameters."""
    import numpy as np

    from scoring_engine.ability.eap import eap
    from scoring_engine.ability.modes import maximum_a_posteriori, weighted_likelihood
    from scoring_engine.curves.items import Items

    with np.load(source) as given:
        responses, items = given["responses"], Items.of(given["a"].tolist(), given["b"][:, None].tolist())
    work = {"eap": eap, "map": maximum_a_posteriori, "wle": weighted_likelihood}[job]
    seconds, own = median_seconds(lambda: work(responses, items)), work(responses, items)
    told: dict[str, object] = {
        "work": f"{job} with SE, {len(responses)} x {len(items)}", "seconds": seconds,
        "us_a_person": round(seconds / len(responses) * 1e6, 2),
    }  # fmt: skip
    for name in names if python else ():
        other = peer(str(python), job, name, source)
        told[name] = {
            "seconds": float(np.median(other["seconds"])),
            "ratio": round(float(np.median(other["seconds"])) / seconds, 1),
            "largest_difference": float(np.nanmax(np.abs(np.asarray(other["theta"]) - own.theta))),
            "tells_se": "se" in other,
        }
    return told


def streaming(persons: int = 4_500_000, chunk: int = 100_000) -> dict[str, object]:
    """Score a nation chunk by chunk, and tell the memory that it took."""
    import resource

    import numpy as np

    from benchmarks.scoring.simulated import two_pl
    from scoring_engine.ability.eap import eap
    from scoring_engine.curves.items import Items

    given = two_pl(chunk)
    items, seconds = Items.of(given["a"].tolist(), given["b"][:, None].tolist()), 0.0
    theta = np.empty(persons, dtype=np.float64)
    for start in range(0, persons, chunk):
        begun = time.perf_counter()
        theta[start : start + chunk] = eap(given["responses"], items).theta
        seconds += time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"work": f"eap, streaming {persons} x {len(items)}", "seconds": seconds, "peak_mib": round(peak)}


def measure(cores: str, python: str | None) -> None:
    """Do all the work on the cores that this process has, and print a line for each piece."""
    from benchmarks.scoring import simulated

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulated.main(folder)
        pieces = [
            lambda: calibration("calibrate_2pl", "2pl", ("theta-irt", "mirt"), folder / "two_pl.npz", python),
            lambda: calibration("calibrate_grm", "grm", ("mirt", "girth"), folder / "grm.npz", python),
            lambda: scores("eap", ("theta-irt", "mirt", "girth"), folder / "two_pl.npz", python),
            lambda: scores("map", ("theta-irt", "mirt"), folder / "missing.npz", python),
            lambda: scores("wle", ("mirt",), folder / "missing.npz", python),
            streaming,
        ]
        for piece in pieces:
            print(json.dumps({"cores": cores, **piece()}), flush=True)


def main(arguments: list[str]) -> None:
    """Measure on one core and on all, each in a process of its own."""
    if arguments[:1] == ["--here"]:
        measure(arguments[1], arguments[2] if len(arguments) > 2 else None)
        return
    everything = sorted(os.sched_getaffinity(0))
    for cores, label in (({everything[0]}, "one"), (set(everything), "all")):
        threads = {name: str(len(cores)) for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS")}
        subprocess.run(
            [sys.executable, __file__, "--here", label, *arguments], check=True, env={**os.environ, **threads},
            preexec_fn=lambda cores=cores: os.sched_setaffinity(0, cores),
        )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
