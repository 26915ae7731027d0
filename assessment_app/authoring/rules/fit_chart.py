"""The picture of how well items fit: infit against difficulty, with the band in which an item is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment_app.authoring.rules.charts import ABILITY_SPAN, Frame, Tick

LOWEST, HIGHEST = 0.4, 1.8
"""Infit that the picture shows; what lies beyond is drawn at its edge."""


@dataclass(frozen=True)
class Point:
    """One item: its difficulty in logits, its infit, and whether somebody should look at it."""

    name: str
    location: float
    infit: float
    is_doubtful: bool


@dataclass(frozen=True)
class Placed:
    """One item in the picture."""

    name: str
    x: float
    y: float
    is_doubtful: bool


@dataclass(frozen=True)
class FitChart:
    """The picture as geometry; ``band`` is where the band begins and ends, from above."""

    frame: Frame
    points: tuple[Placed, ...]
    band: tuple[float, float]
    infit_ticks: tuple[Tick, ...]
    theta_ticks: tuple[Tick, ...]


def fit_chart(points: Sequence[Point], band: tuple[float, float], width: int) -> FitChart:
    """Place items by difficulty and infit; ``band`` is the lowest and highest infit that is left alone."""
    frame = Frame(width)
    low, high = band
    return FitChart(
        frame,
        tuple(Placed(one.name, _across(frame, one.location), _up(frame, one.infit), one.is_doubtful) for one in points),
        (_up(frame, high), _up(frame, low)),
        tuple(Tick(_up(frame, value), value) for value in (0.5, low, 1.0, high, 1.5)),
        tuple(Tick(frame.across(float(at)), float(at)) for at in range(-4, 5)),
    )


def _across(frame: Frame, location: float) -> float:
    return frame.across(max(-ABILITY_SPAN, min(ABILITY_SPAN, location)))


def _up(frame: Frame, infit: float) -> float:
    return frame.up((max(LOWEST, min(HIGHEST, infit)) - LOWEST) / (HIGHEST - LOWEST))
