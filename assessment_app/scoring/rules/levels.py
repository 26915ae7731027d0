"""How probable the levels of a profile are, taken together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scoring_engine.responses import Floats
from scoring_engine.standards.together import levels_together


@dataclass(frozen=True, eq=False)
class Levels:
    """Levels of several people, independent of each other at each node of what they share.

    ``chances`` has shape (nodes, persons, competencies, levels), ``weights`` shape (nodes,).
    """

    chances: Floats
    weights: Floats

    def variance_of_sum(self) -> Floats:
        """Give the variance of the sum of each person's levels, shape (persons,)."""
        steps = np.arange(1.0, self.chances.shape[3] + 1)
        mean, square = ((self.chances * power).sum(axis=3) for power in (steps, steps**2))
        within, sums = (square - mean**2).sum(axis=2), mean.sum(axis=2)
        weights = self.weights[:, None]
        between = (weights * sums**2).sum(axis=0) - (weights * sums).sum(axis=0) ** 2
        whole: Floats = np.maximum((weights * within).sum(axis=0) + between, 0.0)
        return whole


def together(people: Sequence[Sequence[Mapping[str, Any]]], correlation: float) -> Levels:
    """Read the competencies of profiles, all measured; those of an assessor's decision are certain and stay so."""
    levels = np.array([[one["levels"] for one in those] for those in people], dtype=np.float64)
    known = [[_known(one) for one in those] for those in people]
    theta, se = (np.array([[one[part] for one in those] for those in known]) for part in (0, 1))
    rising = np.arange(levels.shape[2] - 1, dtype=np.float64)
    cuts = np.array([[rising if one[2] is None else one[2] for one in those] for those in known], dtype=np.float64)
    weights, chances = levels_together(levels / levels.sum(axis=2, keepdims=True), theta, se, cuts, correlation)
    return Levels(chances, weights)


def _known(one: Mapping[str, Any]) -> tuple[float, float, Sequence[float] | None]:
    """Give theta, its error and the borders; a level that came without them stands for itself."""
    if one.get("theta") is None or not one.get("cuts"):
        return np.nan, np.nan, None
    return one["theta"], one["se"], one["cuts"]
