"""How well the items of a construct measure together: information, error and reliability for a population N(0, 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assessment_app.authoring.rules.charts import TOLD_AT, ItemCurve, information

NODES = np.linspace(-6.0, 6.0, 121)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


@dataclass(frozen=True)
class Precision:
    """One ability: what the items tell there, and the standard error of an estimate with the prior N(0, 1)."""

    theta: float
    information: float
    se: float


@dataclass(frozen=True)
class Measured:
    """How well one construct is measured.

    ``reliability`` is the marginal one, 1 less the mean posterior variance, with the posterior's variance taken as
    1 / (1 + information); ``mean_se`` is the mean standard error, both over N(0, 1).
    """

    construct: str
    items: int
    reliability: float
    mean_se: float
    at: tuple[Precision, ...]


def measured(curves: Mapping[str, Sequence[ItemCurve]]) -> list[Measured]:
    """Tell for each construct how well its items measure; a construct without curves is left out.

    Source: Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement 21(4), 347-360.
    """
    return [_measured(construct, own) for construct, own in curves.items() if own]


def _measured(construct: str, curves: Sequence[ItemCurve]) -> Measured:
    variance = 1 / (1 + information(NODES, curves).sum(axis=1))
    told = information(np.asarray(TOLD_AT), curves).sum(axis=1)
    at = tuple(
        Precision(theta, float(height), float(1 / np.sqrt(1 + height)))
        for theta, height in zip(TOLD_AT, told, strict=True)
    )
    return Measured(
        construct, len(curves), float(1 - WEIGHTS @ variance), float(WEIGHTS @ np.sqrt(variance)), at
    )  # fmt: skip
