"""How much an item tells about people of each ability, and the picture of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from scoring_engine.curves import probabilities
from scoring_engine.curves.items import Items
from scoring_engine.responses import Floats

ABILITY_SPAN = 4.0
"""The curve is drawn from -4 to 4 logits: 99.99% of N(0, 1) are there."""

TOLD_AT = (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0)
"""Abilities for which the table beside the picture gives figures."""


@dataclass(frozen=True)
class ItemCurve:
    """What the curve of an item needs: slope per logit, and rising thresholds; a 2PL item has one."""

    slope: float
    thresholds: tuple[float, ...]


def information(theta: Floats, curves: Sequence[ItemCurve]) -> Floats:
    """Compute the Fisher information of each item at each ability, shape (nodes, items)."""
    items = Items.of([curve.slope for curve in curves], [curve.thresholds for curve in curves])
    return probabilities.information(theta, items)


@dataclass(frozen=True)
class Peak:
    """Where an item tells most."""

    theta: float
    information: float


def peak_of(curve: ItemCurve) -> Peak:
    """Find the ability at which an item tells most, to a hundredth of a logit."""
    theta = np.linspace(-ABILITY_SPAN, ABILITY_SPAN, 801)
    told = information(theta, [curve])[:, 0]
    best = int(np.argmax(told))
    return Peak(round(float(theta[best]), 2), float(told[best]))


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where it stands in the picture, and the number beside it."""

    at: float
    value: float


@dataclass(frozen=True)
class Told:
    """One column of the table beside the picture."""

    theta: float
    item: float
    scale: float


@dataclass(frozen=True)
class Frame:
    """The size of a picture and where its axes stand, in units of its view box."""

    width: int
    height: int = 250
    left: int = 44
    top: int = 24

    @property
    def right(self) -> int:
        """Where the axis of abilities ends."""
        return self.width - 16

    @property
    def bottom(self) -> int:
        """Where the axis of abilities stands."""
        return self.height - 42

    def across(self, theta: float) -> float:
        """Place an ability."""
        return round(self.left + (theta + ABILITY_SPAN) / (2 * ABILITY_SPAN) * (self.right - self.left), 1)

    def up(self, share: float) -> float:
        """Place a share of the highest number."""
        return round(self.bottom - share * (self.bottom - self.top), 1)


@dataclass(frozen=True)
class InformationChart:
    """The picture of an item's information as geometry; whoever draws it adds words and colours by class.

    ``scale`` is the path of all items of the same construct together, empty when there is no other item.
    """

    frame: Frame
    item: str
    scale: str
    peak: Peak
    peak_at: tuple[float, float]
    theta_ticks: tuple[Tick, ...]
    information_ticks: tuple[Tick, ...]
    table: tuple[Told, ...]


def information_chart(curve: ItemCurve, others: Sequence[ItemCurve], width: int) -> InformationChart:
    """Draw how much an item tells, and dashed, how much its construct's items tell together."""
    frame, peak = Frame(width), peak_of(curve)
    theta = np.linspace(-ABILITY_SPAN, ABILITY_SPAN, 81)
    told = information(theta, [curve, *others])
    item, together = told[:, 0], told.sum(axis=1)
    step, most = _even_steps(max(float(together.max()), peak.information))
    marks = np.arange(0, most + step / 2, step)
    figures = information(np.asarray(TOLD_AT), [curve, *others])
    return InformationChart(
        frame,
        _path(frame, theta, item / most),
        _path(frame, theta, together / most) if others else "",
        peak,
        (frame.across(peak.theta), frame.up(peak.information / most)),
        _theta_ticks(frame),
        tuple(Tick(frame.up(float(mark) / most), round(float(mark), 6)) for mark in marks),
        tuple(Told(at, float(row[0]), float(row.sum())) for at, row in zip(TOLD_AT, figures, strict=True)),
    )


@dataclass(frozen=True)
class Line:
    """One line of a picture: what it is called, which colour it has, and its path."""

    name: str
    colour: int
    path: str


@dataclass(frozen=True)
class CategoryChart:
    """The picture of an item: for each credit over 0 the chance to earn at least that much, at each ability."""

    frame: Frame
    lines: tuple[Line, ...]
    theta_ticks: tuple[Tick, ...]
    chance_ticks: tuple[Tick, ...]


def category_chart(curve: ItemCurve, width: int) -> CategoryChart:
    """Draw the curve of an item, one line for each border."""
    frame = Frame(width)
    theta = np.linspace(-ABILITY_SPAN, ABILITY_SPAN, 81)
    lines = tuple(
        Line(
            f"\N{GREATER-THAN OR EQUAL TO} {credit}", credit, _path(frame, theta, expit(curve.slope * (theta - border)))
        )
        for credit, border in enumerate(curve.thresholds, start=1)
    )
    ticks = tuple(Tick(frame.up(share), share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    return CategoryChart(frame, lines, _theta_ticks(frame), ticks)


@dataclass(frozen=True)
class FormsChart:
    """The picture of what forms tell: one line for each form, all its constructs together."""

    frame: Frame
    lines: tuple[Line, ...]
    theta_ticks: tuple[Tick, ...]
    information_ticks: tuple[Tick, ...]


def forms_chart(
    theta: Sequence[float], told: Mapping[str, Mapping[str, Sequence[float]]], width: int
) -> FormsChart:  # fmt: skip
    """Draw what forms tell at abilities; ``told`` is by form and construct, per squared logit."""
    frame = Frame(width)
    sums = {name: np.sum([*by_construct.values()], axis=0) for name, by_construct in told.items()}
    step, most = _even_steps(max(float(each.max()) for each in sums.values()))
    lines = tuple(
        Line(name, colour, _path(frame, np.asarray(theta), each / most))
        for colour, (name, each) in enumerate(sums.items(), start=1)
    )
    marks = np.arange(0, most + step / 2, step)
    ticks = tuple(Tick(frame.up(float(mark) / most), round(float(mark), 6)) for mark in marks)
    return FormsChart(frame, lines, _theta_ticks(frame), ticks)


def _theta_ticks(frame: Frame) -> tuple[Tick, ...]:
    return tuple(Tick(frame.across(float(at)), float(at)) for at in range(-4, 5))


def _path(frame: Frame, theta: Floats, shares: Floats) -> str:
    points = (f"{frame.across(float(x))} {frame.up(float(y))}" for x, y in zip(theta, shares, strict=True))
    return "M" + " ".join(points)


def _even_steps(highest: float) -> tuple[float, float]:
    """Choose a round step of which three to five reach over the highest number, and where they end."""
    power = 10.0 ** np.floor(np.log10(highest / 2.5))
    step = next(float(power * lead) for lead in (1, 2, 2.5, 5, 10) if highest <= 5 * power * lead)
    return step, float(step * np.ceil(highest / step))
