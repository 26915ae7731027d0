"""How each peer from PyPI does a job of the scoring benchmark: theta-irt, mirt, girth, catsim.

Run with the python of an environment made of ``benchmarks/scoring/requirements.txt``::

    PEER_PYTHON benchmarks/scoring/peers.py JOB PEER IN.npz OUT.npz [REPEATS]

with JOB one of calibrate_2pl, calibrate_grm, eap, map, wle, simulate_adaptive; IN.npz as simulated.py writes it.
OUT.npz holds what the job found and ``seconds`` (repeats,), each warm: a first run of the same shape is not counted,
except where one run takes minutes. Threads are set outside, by OPENBLAS_NUM_THREADS and OMP_NUM_THREADS; theta-irt and
mirt have threads of their own (XLA, rayon): taskset bounds those too.

Calibrations give ``a`` (items,), ``b`` (items,) or (items, thresholds) and, where the peer tells it, ``log_likelihood``
and ``iterations``. A peer's own log-likelihood rests on its own nodes: compare accuracy by the log-likelihood of its
parameters on one common grid. Scores give ``theta`` and, where the peer tells it, ``se``, at the true item parameters.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

Arrays = Mapping[str, np.ndarray]
Found = dict[str, object]
Job = Callable[[Arrays], Found]

NODES, FOR_EAP = 61, 121
"""For calibration; and for posterior means, which on 61 nodes are off by .001: a comparison is of equal accuracy."""


class Theta:
    """theta-irt: right or wrong items; no WLE, no graded items."""

    @staticmethod
    def calibrate_2pl(given: Arrays) -> Found:
        """Stop at a change of 1e-4 a parameter, the peer's default."""
        import theta

        fit = theta.fit(_with_nan(given["responses"]), "2PL", n_points=NODES, tol=1e-4, max_iter=2000)
        return {
            "a": fit.a,
            "b": fit.b,
            "log_likelihood": float(fit.loglik),
            "iterations": int(fit.n_iter),
            "converged": bool(fit.converged),
        }

    @staticmethod
    def eap(given: Arrays) -> Found:
        """Score on the peer's Gauss-Hermite nodes."""
        return Theta._score(given, "EAP")

    @staticmethod
    def map(given: Arrays) -> Found:
        """Score by the peer's twelve Newton steps; the error is by observed information, as for the 2PL here."""
        return Theta._score(given, "MAP")

    @staticmethod
    def _score(given: Arrays, method: str) -> Found:
        import theta

        lower, upper = np.zeros(len(given["a"])), np.ones(len(given["a"]))
        responses = _with_nan(given["responses"])
        ability, se = theta.score(responses, given["a"], given["b"], lower, upper, method=method, n_points=FOR_EAP)
        return {"theta": np.asarray(ability), "se": np.asarray(se)}


class Mirt:
    """mirt of PyPI (not R's): all jobs."""

    @staticmethod
    def calibrate_2pl(given: Arrays) -> Found:
        """Use its compiled EM, without standard errors."""
        return Mirt._fit(given, "2PL", "difficulty")

    @staticmethod
    def calibrate_grm(given: Arrays) -> Found:
        """Fit graded items, without standard errors."""
        return Mirt._fit(given, "GRM", "thresholds")

    @staticmethod
    def _fit(given: Arrays, model: str, location: str) -> Found:
        import mirt

        fit = mirt.fit_mirt(
            given["responses"].astype(int),
            model,
            n_quadpts=NODES,
            tol=1e-4,
            max_iter=2000,
            compute_standard_errors=False,
        )
        return {
            "a": fit.model.parameters["discrimination"],
            "b": fit.model.parameters[location],
            "log_likelihood": float(fit.log_likelihood),
            "iterations": int(fit.n_iterations),
            "converged": bool(fit.converged),
        }

    @staticmethod
    def eap(given: Arrays) -> Found:
        """Score on 61 nodes."""
        return Mirt._score(given, "EAP")

    @staticmethod
    def map(given: Arrays) -> Found:
        """Score by its vectorised search."""
        return Mirt._score(given, "MAP")

    @staticmethod
    def wle(given: Arrays) -> Found:
        """Score by its vectorised search."""
        return Mirt._score(given, "WLE")

    @staticmethod
    def _score(given: Arrays, method: str) -> Found:
        import mirt

        scores = mirt.fscores(_mirt_2pl(given), given["responses"].astype(int), method=method, n_quadpts=FOR_EAP)
        return {"theta": np.ravel(scores.theta), "se": np.ravel(scores.standard_error)}

    @staticmethod
    def simulate_adaptive(given: Arrays) -> Found:
        """Use its own batch simulation: maximum information, EAP, fixed length."""
        from mirt.cat import CATEngine

        longest = int(given["longest"])
        engine = CATEngine(_mirt_2pl(given), se_threshold=1e-9, max_items=longest, n_quadpts=NODES, seed=1)
        results = engine.run_batch_simulation(given["theta"])
        return {
            "theta": np.array([one.theta for one in results]),
            "se": np.array([one.standard_error for one in results]),
            "n_items": np.array([one.n_items_administered for one in results]),
        }


class Girth:
    """girth: no standard errors, no WLE; calibration stops at its own rule."""

    @staticmethod
    def calibrate_2pl(given: Arrays) -> Found:
        """Use 61 nodes and many iterations: its default of 25 stops early."""
        import girth

        fit = girth.twopl_mml(given["responses"].T.astype(int), {"quadrature_n": NODES, "max_iteration": 200})
        return {"a": fit["Discrimination"], "b": fit["Difficulty"]}

    @staticmethod
    def calibrate_grm(given: Arrays) -> Found:
        """Fit graded items; categories are counted from 1 there."""
        import girth

        fit = girth.grm_mml(given["responses"].T.astype(int) + 1, {"quadrature_n": NODES, "max_iteration": 200})
        return {"a": fit["Discrimination"], "b": fit["Difficulty"]}

    @staticmethod
    def eap(given: Arrays) -> Found:
        """Score on 61 nodes; it has its own mark for what is missing."""
        import girth

        return {"theta": girth.ability_eap(_for_girth(given), given["b"], given["a"], {"quadrature_n": NODES})}

    @staticmethod
    def map(given: Arrays) -> Found:
        """Score by one scalar search a person."""
        import girth

        return {"theta": girth.ability_map(_for_girth(given), given["b"], given["a"])}


class Catsim:
    """catsim: adaptive tests of right or wrong items, one examinee after the other."""

    @staticmethod
    def simulate_adaptive(given: Arrays) -> Found:
        """Choose by maximum information, estimate by its bounded search, give 30 items."""
        from catsim.estimation import NumericalSearchEstimator
        from catsim.initialization import FixedPointInitializer
        from catsim.selection import MaxInfoSelector
        from catsim.simulation import Simulator
        from catsim.stopping import MinErrorStopper

        items = len(given["a"])
        bank = np.column_stack([given["a"], given["b"], np.zeros(items), np.ones(items)])
        run = Simulator(bank, given["theta"], seed=1)
        stop = MinErrorStopper(1e-9, max_items=int(given["longest"]))
        run.simulate(FixedPointInitializer(0.0), MaxInfoSelector(), NumericalSearchEstimator(), stop)
        return {
            "theta": np.array(run.latest_estimations),
            "n_items": np.array([len(given_items) for given_items in run.administered_items]),
        }


PEERS: dict[str, type] = {"theta-irt": Theta, "mirt": Mirt, "girth": Girth, "catsim": Catsim}
COLD = {("catsim", "simulate_adaptive"), ("girth", "map")}
"""One run takes minutes, and nothing in it is compiled: it is not run twice."""


def measure(job: str, peer: str, given: Arrays, repeats: int) -> Found:
    """Do a job, warm, and add the seconds of each repeat."""
    work: Job = getattr(PEERS[peer], job)
    if (peer, job) in COLD:
        repeats = 1
    else:
        work(given)
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        found = work(given)
        seconds.append(time.perf_counter() - begun)
    return {**found, "seconds": np.array(seconds)}


def _with_nan(responses: np.ndarray) -> np.ndarray:
    return np.where(responses < 0, np.nan, responses.astype(float))


def _for_girth(given: Arrays) -> np.ndarray:
    from girth.utilities import INVALID_RESPONSE

    answers = given["responses"].T.astype(int)
    return np.where(answers < 0, INVALID_RESPONSE, answers)


def _mirt_2pl(given: Arrays) -> object:
    from mirt.models.dichotomous import TwoParameterLogistic

    model = TwoParameterLogistic(len(given["a"])).set_parameters(discrimination=given["a"], difficulty=given["b"])
    model._is_fitted = True  # the parameters are known here, and scoring asks for a fitted model
    return model


def main(job: str, peer: str, source: Path, target: Path, repeats: int) -> None:
    """Read, measure, write."""
    with np.load(source) as given:
        found = measure(job, peer, dict(given), repeats)
    np.savez(target, **found)  # type: ignore[arg-type]  # numbers become arrays


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else 3)
