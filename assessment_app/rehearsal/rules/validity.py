"""Whether estimates and stated probabilities hold at values that are known to be true. Pure.

Simulated data prove the arithmetic: that what comes out is what went in. Of what the items ask they prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Borders between stated probabilities that are looked at together."""


def agreement(construct: str, true: ArrayLike, estimated: ArrayLike) -> dict[str, Any]:
    """Compare estimates with true values, both of shape (persons,); NaN where somebody has no estimate."""
    truth, told = np.asarray(true, dtype=np.float64), np.asarray(estimated, dtype=np.float64)
    known = np.isfinite(told)
    truth, told = truth[known], told[known]
    enough = truth.size > 2 and truth.std() > 0 and told.std() > 0
    return {
        "construct": construct, "people": int(truth.size),
        "correlation": float(np.corrcoef(truth, told)[0, 1]) if enough else None,
        "rmse": float(np.sqrt(np.mean((truth - told) ** 2))) if truth.size else None,
    }  # fmt: skip


def calibration(stated: ArrayLike, true: Sequence[int]) -> list[dict[str, Any]]:
    """Compare stated probabilities with what is true, bin by bin.

    Takes the probability of each category for each person, shape (persons, categories), and the true category of each
    from 0. ``error`` is the standard error that chance alone gives the share of a bin.
    """
    chances = np.asarray(stated, dtype=np.float64)
    hit = np.zeros_like(chances)
    hit[np.arange(len(chances)), np.asarray(true, dtype=np.int64)] = 1.0
    flat, right = chances.ravel(), hit.ravel()
    place = np.clip(np.digitize(flat, BINS) - 1, 0, len(BINS) - 2)
    found = []
    for n, (low, high) in enumerate(pairwise(BINS)):
        chosen, count = place == n, int((place == n).sum())
        if count:
            spread = float((flat[chosen] * (1 - flat[chosen])).sum())
            found.append({
                "low": low, "high": high, "count": count, "stated": float(flat[chosen].mean()),
                "right": float(right[chosen].mean()), "error": float(np.sqrt(spread)) / count,
            })  # fmt: skip
    return found
