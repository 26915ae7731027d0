"""The talent value: weighted components of two axes, exact, with an interval where evidence is missing.

A component that is missing is never zero and never average: it is somewhere in its range, so the axis is an interval,
the box is a set of boxes, and it is final only when every component is there. The formula, its weights and cuts
are data of a rule set.

One person is computed in fractions. A whole population is computed in whole millionths of a point, which gives the same
numbers without a rounding: each end is the double nearest to the exact value, so that comparing it with a cut that is
itself a decimal of a few places decides as the fractions do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import Bools, Floats, Ints
from scoring_engine.standards.nine_box import BOX, HIGH, LOW, AxisCuts, Numbering, box, category
from scoring_engine.standards.thresholds import is_exact

Exact = Fraction | int

GRAIN = 10**6
"""A population's values are decimals of at most six places."""

EXACT_DOUBLE = 2**53
"""Whole numbers below this are doubles without rounding."""


def _refuse_unless_hundred(weights: Sequence[Exact]) -> None:
    if not is_exact(*weights) or min(weights, default=-1) < 0 or sum(weights) != 100:
        raise ValueError("weights must be exact, none negative, and sum to 100")


@dataclass(frozen=True)
class Component:
    """One component of an axis: its weight in per cent, and the range of its points.

    The range says what a missing component could still be; narrow it where the sub-scale does not reach the ends.
    Raises ValueError unless the weight is exact and positive and the range exact and rising.
    """

    name: str
    weight: Exact
    lowest: Exact = 0
    highest: Exact = 100

    def __post_init__(self) -> None:
        """Refuse a component that cannot count."""
        if not is_exact(self.weight, self.lowest, self.highest):
            raise ValueError(f"weight and range of {self.name} must be exact: int or Fraction")
        if self.weight <= 0 or self.lowest >= self.highest:
            raise ValueError(f"{self.name} needs a positive weight and a range that rises")


@dataclass(frozen=True)
class AxisFormula:
    """An axis as a weighted mean of components.

    Raises ValueError unless there is a component, names differ, and the weights sum to 100.
    """

    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        """Refuse a formula that is no weighted mean."""
        names = [one.name for one in self.components]
        if not names or len(set(names)) != len(names):
            raise ValueError("a formula needs components with different names")
        _refuse_unless_hundred([one.weight for one in self.components])

    @classmethod
    def of(cls, **weights: Exact) -> "AxisFormula":
        """Build a formula of components with points from 0 to 100.

        Takes names with exact weights in per cent, returns the AxisFormula; raises ValueError as the class does.
        """
        return cls(tuple(Component(name, weight) for name, weight in weights.items()))


@dataclass(frozen=True)
class Interval:
    """Where a value lies: low <= value <= high, in points, with the names of what is missing for certainty."""

    low: Fraction
    high: Fraction
    missing: tuple[str, ...] = ()

    @property
    def value(self) -> Fraction | None:
        """The value: takes nothing, returns exact points, or None while anything is missing."""
        return None if self.missing else self.low


Evidence = Exact | tuple[Exact, Exact] | None
"""Points of a component; or the ends between which they lie; or None, nothing is known."""


def axis_interval(formula: AxisFormula, evidence: Mapping[str, Evidence]) -> Interval:
    """Compute one person's value on an axis, exactly, or the interval of it.

    Parameters
    ----------
    formula : AxisFormula
    evidence : for each component of the formula its points
        A pair for a component of which only a part is known, None for one that is missing.

    Returns
    -------
    Interval
        In points. Names a component as missing unless it is one number.

    Raises
    ------
    ValueError
        A component without entry, an entry without component, or points that are not exact or not in the range.
    """
    if set(evidence) != {one.name for one in formula.components}:
        differing = sorted(set(evidence) ^ {one.name for one in formula.components})
        raise ValueError(f"evidence and formula differ in {', '.join(differing)}; what is missing is given as None")
    ends = [_ends(one, evidence[one.name]) for one in formula.components]
    missing = tuple(one.name for one, (low, high) in zip(formula.components, ends, strict=True) if low != high)
    weights = [one.weight for one in formula.components]
    least = _mean(weights, [low for low, _ in ends])
    return Interval(least, _mean(weights, [high for _, high in ends]) if missing else least, missing)


def mix(parts: Sequence[Interval], weights: Sequence[Exact]) -> Interval:
    """Average intervals: Y and X to the talent value, or that with technical competency for a post.

    Takes as many exact weights, which sum to 100, as parts; returns the Interval of the mean, which lacks what any
    part lacks. Raises ValueError if the weights do not fit.
    """
    if len(parts) != len(weights):
        raise ValueError(f"{len(parts)} parts cannot have {len(weights)} weights")
    _refuse_unless_hundred(weights)
    missing = tuple(name for part in parts for name in part.missing)
    return Interval(_mean(weights, [one.low for one in parts]), _mean(weights, [one.high for one in parts]), missing)


@dataclass(frozen=True)
class TalentBox:
    """The boxes that a person can be in, by number, rising; ``box`` is None while they are not one, final.

    Where components are missing but cannot change the box, `boxes` has one number and ``box`` is still None: the
    result stays provisional (*sementara*) until the evidence is there.
    """

    boxes: tuple[int, ...]
    box: int | None


def talent_box(y: Interval, x: Interval, cuts: AxisCuts, numbering: Numbering = BOX) -> TalentBox:
    """Place one person, exactly, in the boxes that the evidence leaves open.

    Parameters
    ----------
    y, x : Interval
        Performance and potential, in points.
    cuts : of performance and of potential, each (middle, high), inclusive
    numbering : number of the box by [performance][potential]

    Returns
    -------
    TalentBox
        One box, final, when no component is missing.

    Raises
    ------
    ValueError
        Cuts do not rise, or the numbering is wrong.
    """
    rows, columns = _open_categories(y, *cuts[0]), _open_categories(x, *cuts[1])
    numbers = sorted(box(row, column, numbering) or 0 for row in rows for column in columns)
    return TalentBox(tuple(numbers), None if y.missing or x.missing else numbers[0])


@dataclass(frozen=True, eq=False)
class AxisIntervals:
    """Where each person's value on an axis lies.

    Parameters
    ----------
    low, high : shape (persons,)
        Ends in points, both inclusive, equal where the value is complete.
    missing : shape (persons, components)
        True where a component is not one number.
    """

    low: Floats
    high: Floats
    missing: Bools


def axis_intervals(formula: AxisFormula, points: ArrayLike, most: ArrayLike | None = None) -> AxisIntervals:
    """Compute the value on an axis, or its interval, of all persons at once.

    Parameters
    ----------
    formula : AxisFormula
    points : shape (persons, components)
        In the formula's order, decimals of at most six places; NaN is missing.
    most : shape (persons, components), or None
        Where only an interval of a component is known: its upper ends, with the lower ends in ``points``.

    Returns
    -------
    AxisIntervals
        The ends are the doubles nearest to the exact values.

    Raises
    ------
    ValueError
        Another shape, points outside their range or finer than six decimals (an exact ratio: `axis_interval`), an
        interval that falls, or weights whose denominators are too large.
    """
    weights, scale = _whole_weights(formula)
    low = _grains(formula, points, [one.lowest for one in formula.components])
    high = _grains(formula, points if most is None else most, [one.highest for one in formula.components])
    if low.shape != high.shape or (low > high).any():
        raise ValueError("the upper ends of the components must be as many as the lower, and not below them")
    least, greatest = ((end * weights).sum(axis=1) / (100 * scale * GRAIN) for end in (low, high))
    return AxisIntervals(least, greatest, low != high)


def _ends(component: Component, given: Evidence) -> tuple[Exact, Exact]:
    if given is None:
        return component.lowest, component.highest
    low, high = given if isinstance(given, tuple) else (given, given)
    if not is_exact(low, high):
        raise ValueError(f"points of {component.name} must be exact: int or Fraction, as Fraction('88.89')")
    if not component.lowest <= low <= high <= component.highest:
        raise ValueError(f"points of {component.name} must lie within {component.lowest} to {component.highest}")
    return low, high


def _mean(weights: Sequence[Exact], values: Sequence[Exact]) -> Fraction:
    # Over one denominator, reduced once at the end: reducing every product and every sum takes several times as long.
    total, under = 0, 1
    for weight, value in zip(weights, values, strict=True):
        parts = weight.denominator * value.denominator
        total, under = total * parts + weight.numerator * value.numerator * under, under * parts
    return Fraction(total, 100 * under)


def _open_categories(value: Interval, middle: float, high: float) -> range:
    lowest, highest = category(value.low, middle, high), category(value.high, middle, high)
    return range(LOW if lowest is None else lowest, 1 + (HIGH if highest is None else highest))


def _whole_weights(formula: AxisFormula) -> tuple[Ints, int]:
    exact = [Fraction(one.weight) for one in formula.components]
    scale = lcm(*(one.denominator for one in exact))
    largest = max(abs(Fraction(end)) for one in formula.components for end in (one.lowest, one.highest))
    if 100 * scale * GRAIN * largest >= EXACT_DOUBLE:
        raise ValueError("weights of so large a denominator need `axis_interval`")
    return np.array([int(one * scale) for one in exact], dtype=np.int64), scale


def _grains(formula: AxisFormula, points: ArrayLike, without: Sequence[Exact]) -> Ints:
    """Turn points into whole millionths, with the end of the range where they are missing."""
    values = np.asarray(points, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != len(formula.components):
        raise ValueError(f"points of shape {values.shape} do not fit {len(formula.components)} components")
    for column, component in enumerate(formula.components):
        outside = (values[:, column] < float(component.lowest)) | (values[:, column] > float(component.highest))
        if outside.any():
            raise ValueError(f"points of {component.name} outside their range: person {int(np.argmax(outside))}")
    scaled = np.where(np.isnan(values), np.array([float(end) for end in without]), values) * GRAIN
    whole = np.rint(scaled)
    if (np.abs(scaled - whole) > 1e-5).any():
        person, column = np.argwhere(np.abs(scaled - whole) > 1e-5)[0]
        raise ValueError(f"{formula.components[column].name} of person {person} has more than six decimals")
    grains: Ints = whole.astype(np.int64)
    return grains
