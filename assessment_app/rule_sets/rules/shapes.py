"""What the value of a rule may look like, and everything that is wrong with one that does not. Pure.

A shape gives the faults of a value as (fault, what the sentence about it must know); a fault never stops the search.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

Found = Iterator[tuple["Fault", dict[str, Any]]]


class Fault(StrEnum):
    """What can be wrong with a rule; each has its sentence in messages."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    NO_SOURCE = "no_source"
    NO_MARK = "no_mark"
    FORM = "form"
    NUMBER = "number"
    WHOLE = "whole"
    BETWEEN = "between"
    YES_OR_NO = "yes_or_no"
    CHOICE = "choice"
    LACKS = "lacks"
    EXTRA = "extra"
    SUM = "sum"
    ABOVE = "above"
    NOT_BELOW = "not_below"
    THREE_CATEGORIES = "three_categories"
    CATEGORY_NAMES = "category_names"
    CATEGORY_ORDER = "category_order"
    STARTS_AT_ZERO = "starts_at_zero"
    STEPS_RISE = "steps_rise"
    PERMUTATION = "permutation"
    NINE_CELLS = "nine_cells"
    MATRIX_FALLS = "matrix_falls"
    EMPTY = "empty"
    BOXES = "boxes"
    NOT_OF_AGENCY = "not_of_agency"
    TOO_FEW_WEIGHTED = "too_few_weighted"
    CAP_TOO_LOW = "cap_too_low"
    SCHEMA = "schema"
    VERSION = "version"
    EFFECTIVE = "effective"


class Shape(Protocol):
    """A kind of value."""

    def faults(self, value: Any) -> Found:
        """Give everything that is wrong with a value."""
        ...


def is_number(value: object) -> bool:
    """Tell whether a value is a number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Number:
    """A number with inclusive ends; ``inside`` leaves the ends out."""

    least: float
    most: float
    whole: bool = False
    inside: bool = False

    def faults(self, value: Any, place: str = "") -> Found:
        """See Shape; ``place`` names where inside a rule the number stands."""
        holds = is_number(value) and (isinstance(value, int) or not self.whole)
        if holds and (self.least < value < self.most if self.inside else self.least <= value <= self.most):
            return
        fault = Fault.WHOLE if self.whole else Fault.BETWEEN if self.inside else Fault.NUMBER
        yield fault, {"place": place, "least": self.least, "most": self.most}


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not isinstance(value, bool):
            yield Fault.YES_OR_NO, {}


@dataclass(frozen=True)
class Choice:
    """One of some words or numbers."""

    options: tuple[str | float, ...]

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if value not in self.options or isinstance(value, bool):
            yield Fault.CHOICE, {"options": self.options}


@dataclass(frozen=True)
class Maybe:
    """A value or none."""

    shape: Shape

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if value is not None:
            yield from self.shape.faults(value)


@dataclass(frozen=True)
class Cuts:
    """The lower ends of middle and high on a scale from 0 to 100, rising."""

    def faults(self, value: Any) -> Found:
        """See Shape."""
        if not (isinstance(value, list) and len(value) == 2):
            yield Fault.FORM, {}
            return
        wrong = [found for place, cut in zip("01", value, strict=True) for found in Number(0, 100).faults(cut, place)]
        yield from wrong
        if not wrong and value[0] >= value[1]:
            yield Fault.ABOVE, {"upper": "1", "lower": "0"}


@dataclass(frozen=True)
class Bands:
    """Three categories of a percentage: the lowest, and the others with their inclusive lower ends, rising.

    So written they have neither gap nor overlap and hold every percentage. Three, because they are an axis of the box.
    """

    def faults(self, value: Any) -> Found:
        """See Shape."""
        match value:
            case {"lowest": str(lowest), "above": [[str(middle), low_end], [str(high), high_end]]} if len(value) == 2:
                yield from self._ends(low_end, high_end)
                names = [lowest.strip(), middle.strip(), high.strip()]
                if "" in names or len(set(names)) < 3:
                    yield Fault.CATEGORY_NAMES, {}
            case _:
                yield Fault.THREE_CATEGORIES, {}

    def _ends(self, low: Any, high: Any) -> Found:
        ends = (("middle", low), ("high", high))
        wrong = [found for place, end in ends for found in Number(0, 100, inside=False).faults(end, place)]
        yield from wrong
        if not wrong and low >= high:
            yield Fault.CATEGORY_ORDER, {"below": low, "above": high}


def is_pair(value: object) -> bool:
    """Tell whether a value is two numbers."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))
