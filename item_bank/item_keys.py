"""What scoring must know of one item: which answer earns what, under which model, and the author's reasons.

Imported by what may read keys, by nothing that a participant or an office user can reach.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct

from scoring_engine.curves.items import Graded as GradedCurve
from scoring_engine.curves.items import Item as Curve
from scoring_engine.curves.items import Logistic
from scoring_engine.recipes import answers, recipe

STEEPEST, FARTHEST = 10.0, 20.0
"""Bounds of slopes and of borders in logits, far beyond any item's: the engine computes with all that is within."""

Positive = Annotated[float, Meta(gt=0)]
Slope = Annotated[float, Meta(gt=0, le=STEEPEST)]
Location = Annotated[float, Meta(ge=-FARTHEST, le=FARTHEST)]
Name = Annotated[str, Meta(min_length=1, max_length=60)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=60)]
Rationale = Annotated[str, Meta(min_length=10, max_length=1000)]
Borders = Annotated[tuple[Location, ...], Meta(min_length=1, max_length=12)]
Figure = Annotated[str, Meta(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,10})?\Z")]

WHOLE = "whole"
"""Names the answer as a whole in the rationale of an item that has no options."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """Anything in a key: immutable, and without a place for what it does not name."""


class ItemKey(Part, frozen=True, tag_field="model"):
    """What scoring must know of one item; the rationale tells reviewers why each option counts as it does."""

    id: Name

    judges_all = True
    """Whether the key must speak of every option."""


class OneConstruct(ItemKey, frozen=True, kw_only=True):
    """A key to one construct."""

    construct: Name
    rationale: dict[str, Rationale]

    @property
    def constructs(self) -> set[str]:
        """Name what the item measures."""
        return {self.construct}


class Measuring(OneConstruct, frozen=True, kw_only=True):
    """A key on whose construct's scale the item has a slope and a border below each category over 0."""

    a: Slope
    b: Borders

    @property
    def borders(self) -> tuple[float, ...]:
        """Give the borders, also where there is only one."""
        return self.b

    def model(self) -> Curve:
        """Give the item's curve to the scoring engine."""
        return curve_of(self.a, self.borders)


def curve_of(slope: float, borders: tuple[float, ...]) -> Curve:
    """Make the curve of an item: logistic with one border, graded with several."""
    return GradedCurve(slope, borders) if len(borders) > 1 else Logistic(slope, borders[0])


class Graded(Measuring, frozen=True, tag="grm", kw_only=True):
    """Graded options under the graded response model."""

    credit: dict[str, Annotated[int, Meta(ge=0)]]

    def __post_init__(self) -> None:
        """Refuse borders that are not in order, and a credit beyond the last border."""
        refuse_disorder("b", self.b)
        if max(self.credit.values(), default=0) != len(self.b):
            raise ValueError(f"b has {len(self.b)} borders, so the best option must have credit {len(self.b)}")

    @property
    def judged(self) -> Sequence[str]:
        """Name the options that earn a credit."""
        return tuple(self.credit)

    def earns(self) -> recipe.ItemKey:
        """Tell the scoring engine what each option earns."""
        return answers.Credited(self.construct, self.credit)


class RightOrWrong(OneConstruct, frozen=True, tag="2pl", kw_only=True):
    """Right and wrong options under the two-parameter logistic model."""

    a: Slope
    b: Location
    credit: dict[str, Annotated[int, Meta(ge=0, le=1)]]

    def __post_init__(self) -> None:
        """Refuse a key that tells nobody from anybody."""
        if set(self.credit.values()) != {0, 1}:
            raise ValueError("some option must have credit 1 and some other credit 0")

    @property
    def borders(self) -> tuple[float, ...]:
        """Give the one border."""
        return (self.b,)

    @property
    def judged(self) -> Sequence[str]:
        """Name the options that earn a credit."""
        return tuple(self.credit)

    def earns(self) -> recipe.ItemKey:
        """Tell the scoring engine what each option earns."""
        return answers.Credited(self.construct, self.credit)

    def model(self) -> Curve:
        """Give the item's curve to the scoring engine."""
        return Logistic(self.a, self.b)


class Ordered(Measuring, frozen=True, kw_only=True):
    """A key whose borders must rise."""

    def __post_init__(self) -> None:
        """Refuse borders that are not in order, and an answer that cannot earn so many credits."""
        refuse_disorder("b", self.b)
        if self.earns().highest != len(self.b):
            raise ValueError(f"the best answer earns {self.earns().highest}, so b must have as many borders")

    def earns(self) -> answers.Earning:
        """Tell the scoring engine what an answer earns."""
        raise NotImplementedError  # every kind below says it; abc.ABC would need another metaclass than msgspec has


class Selected(Ordered, frozen=True, tag="set", kw_only=True):
    """Some options or regions are right: as a whole with one border, each by itself with as many borders."""

    right: Names

    judges_all = False

    @property
    def judged(self) -> Sequence[str]:
        """Name the right ones."""
        return self.right

    def earns(self) -> answers.Selected:
        """Tell the scoring engine what a selection earns."""
        return answers.Selected(self.construct, frozenset(self.rationale), frozenset(self.right), len(self.b))


class Sequenced(Ordered, frozen=True, tag="sequence", kw_only=True):
    """The options in their right order: as a whole with one border, by neighbours with one fewer than options."""

    right: Names

    @property
    def judged(self) -> Sequence[str]:
        """Name all of them."""
        return self.right

    def earns(self) -> answers.Sorted:
        """Tell the scoring engine what an order earns."""
        return answers.Sorted(self.construct, self.right, len(self.b))


class Quantity(Ordered, frozen=True, tag="quantity", kw_only=True):
    """A number that is right within a tolerance, both as decimals in text so that nothing is rounded."""

    value: Figure
    tolerance: Figure = "0"

    judged = (WHOLE,)

    def earns(self) -> answers.Measured:
        """Tell the scoring engine which numbers are right."""
        return answers.Measured(self.construct, Decimal(self.value), Decimal(self.tolerance))


class Rated(Ordered, frozen=True, tag="rating", kw_only=True):
    """A rating on a scale; reversed where agreement speaks for less of the construct."""

    low: int
    high: int
    reverse: bool = False

    judged = (WHOLE,)

    def earns(self) -> answers.Rated:
        """Tell the scoring engine what a rating earns."""
        return answers.Rated(self.construct, self.low, self.high, self.reverse)


class Way(Part, frozen=True, kw_only=True):
    """A way through a simulated program: what it earns, the steps it needs, those that spoil it."""

    credit: Annotated[int, Meta(ge=1, le=12)]
    taken: Names
    avoided: tuple[Name, ...] = ()
    in_order: bool = False


class Performed(Ordered, frozen=True, tag="steps", kw_only=True):
    """Ways through a simulated program; the best one that was gone counts."""

    ways: Annotated[tuple[Way, ...], Meta(min_length=1, max_length=20)]

    judges_all = False

    @property
    def judged(self) -> Sequence[str]:
        """Name the steps that any way speaks of."""
        return tuple(dict.fromkeys(step for way in self.ways for step in (*way.taken, *way.avoided)))

    def earns(self) -> answers.Performed:
        """Tell the scoring engine what the steps earn."""
        ways = [answers.Way(one.credit, one.taken, frozenset(one.avoided), one.in_order) for one in self.ways]
        return answers.Performed(self.construct, frozenset(self.rationale), tuple(ways))


class Statement(Part, frozen=True):
    """One statement of a forced choice: utility = mean + loading * trait + error of variance psi."""

    loading: Annotated[float, Meta(ge=-STEEPEST, le=STEEPEST)]
    mean: Location
    psi: Annotated[float, Meta(gt=0, le=STEEPEST**2)]


class Preferred(OneConstruct, frozen=True, tag="thurstone", kw_only=True):
    """A block of statements of which one fits most and one least, under the Thurstonian model."""

    statements: dict[str, Statement]

    @property
    def judged(self) -> Sequence[str]:
        """Name the statements that have parameters."""
        return tuple(self.statements)

    def earns(self) -> recipe.ItemKey:
        """Tell the scoring engine whose statements these are."""
        return recipe.Preferred(self.construct, tuple(self.statements))

    def model(self) -> Sequence[recipe.Statement]:
        """Give the statements' parameters to the scoring engine."""
        return [recipe.Statement(one.mean, one.loading, one.psi) for one in self.statements.values()]


class Ranked(ItemKey, frozen=True, tag="ipsative", kw_only=True):
    """A block whose statements each speak for one construct; ``repeats`` names the block it asks again."""

    statements: dict[str, Name]
    repeats: Name | None = None
    rationale: dict[str, Rationale]

    @property
    def constructs(self) -> set[str]:
        """Name what the statements speak for."""
        return set(self.statements.values())

    @property
    def judged(self) -> Sequence[str]:
        """Name the statements that speak for something."""
        return tuple(self.statements)

    def earns(self) -> recipe.ItemKey:
        """Tell the scoring engine what each statement speaks for."""
        return recipe.Ranked(self.statements, self.repeats)

    def model(self) -> None:
        """Give nothing: shares are counted, not estimated."""


OnScale = Graded | RightOrWrong | Selected | Sequenced | Quantity | Rated | Performed
"""Keys of items that have a curve."""

AnyItemKey = OnScale | Preferred | Ranked


def refuse_disorder(name: str, borders: tuple[float, ...]) -> None:
    """Refuse numbers that do not rise; raises ValueError."""
    if not all(math.isfinite(border) for border in borders):
        raise ValueError(f"{name} must be finite numbers")
    if any(left >= right for left, right in pairwise(borders)):
        raise ValueError(f"{name} must rise from one to the next")
