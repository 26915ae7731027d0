"""What is known of a test's items: their models and parameters, in the logistic metric (D = 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring_engine.responses import MOST_CATEGORIES, Floats, Ints

STEEPEST = 1000.0
"""No item's slope is above this; a grid that could carry it would have no end."""


@dataclass(frozen=True)
class Logistic:
    """A right or wrong item: P(right) = lower + (upper - lower) / (1 + exp(-a (theta - b))).

    Rasch (a = 1), 2PL (lower 0, upper 1), 3PL (upper 1) and 4PL.

    Source
    ------
    Birnbaum (1968); Barton & Lord (1981), ETS RR-81-20.
    """

    a: float
    b: float
    lower: float = 0.0
    upper: float = 1.0

    def __post_init__(self) -> None:
        """Refuse parameters that describe no such item."""
        _refuse_slope(self.a)
        _refuse_unless_finite("b", (self.b,))
        if not 0 <= self.lower < self.upper <= 1:
            raise ValueError(f"the asymptotes {self.lower} and {self.upper} do not rise between 0 and 1")

    @property
    def categories(self) -> int:
        """Wrong and right."""
        return 2


@dataclass(frozen=True)
class Graded:
    """An item of ordered categories: P(X >= k) = 1 / (1 + exp(-a (theta - b_k))), b rising.

    Source
    ------
    Samejima (1969), Psychometrika Monograph 17.
    """

    a: float
    b: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse parameters that describe no such item."""
        _refuse_slope(self.a)
        _refuse_unless_finite("thresholds", self.b)
        if (np.diff(self.b) <= 0).any():
            raise ValueError(f"thresholds {_told(self.b)} do not rise")

    @property
    def categories(self) -> int:
        """One more than thresholds."""
        return len(self.b) + 1


@dataclass(frozen=True)
class PartialCredit:
    """An item of ordered categories: P_k proportional to exp of the sum of a (theta - b_v) over v <= k.

    The steps b need not rise. PCM with a = 1, GPCM otherwise.

    Source
    ------
    Masters (1982), Psychometrika 47(2), 149-174; Muraki (1992), APM 16(2), 159-176.
    """

    a: float
    b: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse parameters that describe no such item."""
        _refuse_slope(self.a)
        _refuse_unless_finite("steps", self.b)

    @property
    def categories(self) -> int:
        """One more than steps."""
        return len(self.b) + 1


@dataclass(frozen=True)
class Nominal:
    """An item of unordered categories: P_k proportional to exp(a_k theta + c_k); category 0 has a = c = 0.

    ``a`` and ``c`` hold the categories from 1.

    Source
    ------
    Bock (1972), Psychometrika 37(1), 29-51.
    """

    a: tuple[float, ...]
    c: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse parameters that describe no such item."""
        if len(self.a) != len(self.c):
            raise ValueError(f"{len(self.a)} slopes do not fit {len(self.c)} intercepts")
        _refuse_unless_finite("slopes", self.a)
        _refuse_unless_finite("intercepts", self.c)

    @property
    def categories(self) -> int:
        """One more than slopes."""
        return len(self.a) + 1


Item = Logistic | Graded | PartialCredit | Nominal


@dataclass(frozen=True, eq=False)
class BinaryBlock:
    """Items with P = lower + (upper - lower) logistic(slope theta + intercept), each of shape (items,).

    ``where`` is each item's column in the test.
    """

    where: Ints
    slope: Floats
    intercept: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class GradedBlock:
    """Items with P(X >= k) = logistic(slope theta + intercept_k); slope (items,), intercept (items, most - 1).

    Intercepts fall; behind an item's last one stands -inf: no higher category is ever reached.
    """

    where: Ints
    slope: Floats
    intercept: Floats


@dataclass(frozen=True, eq=False)
class NominalBlock:
    """Items with P_k proportional to exp(slope_k theta + intercept_k), both of shape (items, most categories).

    Column 0 is 0; an intercept of -inf marks a category that the item has not. Partial credit items are of this
    kind, with the slopes 0, a, 2a, ...
    """

    where: Ints
    slope: Floats
    intercept: Floats


class Items:
    """A test: items of any models, in their order, and the same as blocks of arrays of one model each.

    Parameters
    ----------
    items : Logistic, Graded, PartialCredit or Nominal, in any mixture

    Raises
    ------
    ValueError
        No item, or one of more than 127 categories.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        if not items:
            raise ValueError("a test has at least one item")
        if (most := max(item.categories for item in items)) > MOST_CATEGORIES:
            raise ValueError(f"an item has {most} categories; {MOST_CATEGORIES} are the most")
        self.each = tuple(items)
        self.categories: Ints = np.array([item.categories for item in items], dtype=np.int64)

    def __len__(self) -> int:
        """Count the items."""
        return len(self.each)

    @classmethod
    def of(cls, slope: Sequence[float], thresholds: Sequence[Sequence[float]]) -> "Items":
        """Build a test of 2PL items (one threshold) and graded items (more); raises ValueError as they do."""
        return cls([
            Logistic(float(a), float(b[0])) if len(b) == 1 else Graded(float(a), tuple(map(float, b)))
            for a, b in zip(slope, thresholds, strict=True)
        ])  # fmt: skip

    def at(self, columns: Sequence[int]) -> "Items":
        """Take some of the items, in the order given."""
        return Items([self.each[column] for column in columns])

    @cached_property
    def binary(self) -> BinaryBlock:
        """The right or wrong items."""
        found = {column: item for column, item in enumerate(self.each) if isinstance(item, Logistic)}
        table = np.array([(i.a, -i.a * i.b, i.lower, i.upper) for i in found.values()]).reshape(-1, 4)
        return BinaryBlock(_columns(found), *table.T)

    @cached_property
    def graded(self) -> GradedBlock:
        """The graded items."""
        found = {column: item for column, item in enumerate(self.each) if isinstance(item, Graded)}
        slope = np.array([item.a for item in found.values()], dtype=np.float64)
        return GradedBlock(_columns(found), slope, _padded([[-i.a * b for b in i.b] for i in found.values()]))

    @cached_property
    def nominal(self) -> NominalBlock:
        """The partial credit and the nominal items."""
        found = {column: item for column, item in enumerate(self.each) if isinstance(item, PartialCredit | Nominal)}
        rows = [_as_nominal(item) for item in found.values()]
        intercept = _padded([[0.0, *item.c] for item in rows])
        slope = np.where(np.isfinite(intercept), _padded([[0.0, *item.a] for item in rows]), 0.0)
        return NominalBlock(_columns(found), slope, intercept)

    @property
    def information_bound(self) -> float:
        """What the curvature of any log-likelihood of this test cannot exceed, per squared logit."""
        binary = (self.binary.slope**2).sum() / 4
        graded = (self.graded.slope**2).sum() / 2  # an inner category bends by the sum of two steps
        reach = np.ptp(self.nominal.slope, axis=1) if len(self.nominal.where) else np.zeros(0)
        return float(binary + graded + (reach**2).sum() / 4)


def _as_nominal(item: PartialCredit | Nominal) -> Nominal:
    if isinstance(item, Nominal):
        return item
    slopes = [item.a * step for step in range(1, item.categories)]
    return Nominal(tuple(slopes), tuple((-item.a * np.cumsum(item.b)).tolist()))


def _columns(found: Mapping[int, Item]) -> Ints:
    return np.array(list(found), dtype=np.int64)


def _padded(rows: Sequence[Sequence[float]]) -> Floats:
    table = np.full((len(rows), max(map(len, rows), default=0)), -np.inf)
    for line, row in zip(table, rows, strict=True):
        line[: len(row)] = row
    return table


def _told(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _refuse_slope(a: float) -> None:
    if not (np.isfinite(a) and a > 0):
        raise ValueError(f"slope {a:g} is not positive: a better answer must not speak for less ability")
    if a > STEEPEST:
        raise ValueError(f"slope {a:g} is above {STEEPEST:g} per logit: no item tells people apart like that")


def _refuse_unless_finite(name: str, numbers: Sequence[float]) -> None:
    if not numbers or not np.isfinite(numbers).all():
        raise ValueError(f"{name} {_told(numbers) or '(none)'} are not finite numbers")
