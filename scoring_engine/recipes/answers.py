"""What each answer earns: for every way of answering a key that turns a response into a category of the item's model.

Where an answer may be partly right, each part is a category; what earns a whole category more is said by the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


class Unfit(ValueError):
    """A response that the key does not know."""


class Unmodelled(ValueError):
    """An item whose parameters are missing, or are those of another way of answering."""


@dataclass(frozen=True)
class Credited:
    """An item of which every option earns a credit from 0, the category of its model; raises ValueError otherwise."""

    construct: str
    options: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuse credits that are no categories: -1 would count as missing."""
        if not self.options or not all(type(credit) is int and credit >= 0 for credit in self.options.values()):
            raise ValueError(f"the credits {dict(self.options)} are not whole numbers from 0")

    @property
    def highest(self) -> int:
        """The credit of the best answer."""
        return max(self.options.values())

    def credit(self, response: Any) -> int:
        """Return what one chosen option earns; raises Unfit for what is no option."""
        if not isinstance(response, str) or response not in self.options:
            raise Unfit(f"the key does not know the response {response!r}")
        return self.options[response]


@dataclass(frozen=True)
class Rated:
    """An item that is rated on whole numbers from `low` to `high`; reversed if agreement speaks for less.

    Raises ValueError unless there are two ratings or more.
    """

    construct: str
    low: int
    high: int
    reverse: bool = False

    def __post_init__(self) -> None:
        """Refuse what nobody could rate."""
        if self.low >= self.high:
            raise ValueError(f"ratings from {self.low} to {self.high} do not rise")

    @property
    def highest(self) -> int:
        """The credit of the best answer."""
        return self.high - self.low

    def credit(self, response: Any) -> int:
        """Return the place of a rating on the scale; raises Unfit for what does not stand on it."""
        if not (type(response) is int and self.low <= response <= self.high):
            raise Unfit(f"{response!r} is no rating from {self.low} to {self.high}")
        return self.high - response if self.reverse else response - self.low


@dataclass(frozen=True)
class Selected:
    """An item of which some parts are to be selected and the others not.

    With `highest` 1 the whole selection is right or wrong; with as many as there are right parts, every right one
    counts and every wrong one takes one back, down to none. Raises ValueError for another number, or without parts.
    """

    construct: str
    offered: frozenset[str]
    right: frozenset[str]
    highest: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        if not self.right or not self.right <= self.offered or self.highest not in (1, len(self.right)):
            raise ValueError(f"{sorted(self.right)} of {sorted(self.offered)} cannot earn {self.highest}")

    def credit(self, response: Any) -> int:
        """Return what a list of parts earns; raises Unfit for what is none, or twice the same."""
        chosen = _listed(response, self.offered)
        if len(set(chosen)) < len(chosen):
            raise Unfit(f"{response!r} selects a part twice")
        if self.highest == 1:
            return int(set(chosen) == self.right)
        hits = len(self.right.intersection(chosen))
        return max(0, hits - (len(chosen) - hits))


@dataclass(frozen=True)
class Sorted:
    """An item whose parts are to be put in order.

    With `highest` 1 the whole order is right or wrong; with one less than there are parts, each pair of neighbours of
    the right order counts that stands the right way round. Raises ValueError for another number.
    """

    construct: str
    right: tuple[str, ...]
    highest: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be counted."""
        if len(set(self.right)) < max(2, len(self.right)) or self.highest not in (1, len(self.right) - 1):
            raise ValueError(f"the order {list(self.right)} cannot earn {self.highest}")

    def credit(self, response: Any) -> int:
        """Return what an order earns; raises Unfit for what is no order of all parts."""
        placed = _listed(response, frozenset(self.right))
        if len(placed) != len(self.right) or len(set(placed)) < len(placed):
            raise Unfit(f"{response!r} is no order of all parts")
        if self.highest == 1:
            return int(tuple(placed) == self.right)
        place = {part: number for number, part in enumerate(placed)}
        return sum(place[one] < place[other] for one, other in zip(self.right, self.right[1:], strict=False))


@dataclass(frozen=True)
class Measured:
    """An item whose answer is a number: right within the tolerance, both ends included.

    Raises ValueError for a tolerance below 0.
    """

    construct: str
    value: Decimal
    tolerance: Decimal = Decimal(0)
    highest: int = 1

    def __post_init__(self) -> None:
        """Refuse a range that nothing is in."""
        if not (self.value.is_finite() and self.tolerance >= 0):
            raise ValueError(f"nothing lies within {self.tolerance} of {self.value}")

    def credit(self, response: Any) -> int:
        """Return 1 for a decimal, as text, within the tolerance, else 0; raises Unfit for what is no decimal."""
        try:
            said = Decimal(response) if isinstance(response, str) else None
        except InvalidOperation:
            said = None
        if said is None or not said.is_finite():
            raise Unfit(f"{response!r} is no number")
        return int(abs(said - self.value) <= self.tolerance)


@dataclass(frozen=True)
class Way:
    """A way through a program and what it earns: steps to be taken, in order if asked, and steps that spoil it."""

    credit: int
    taken: tuple[str, ...]
    avoided: frozenset[str] = frozenset()
    in_order: bool = False

    def fits(self, steps: list[str]) -> bool:
        """Say whether the steps that were taken go this way."""
        if self.avoided.intersection(steps):
            return False
        if not self.in_order:
            return set(self.taken) <= set(steps)
        left = iter(steps)
        return all(wanted in left for wanted in self.taken)


@dataclass(frozen=True)
class Performed:
    """An item that is done step by step: the best of the ways that were gone counts, 0 if none was.

    Raises ValueError unless every credit from 1 to the highest can be earned.
    """

    construct: str
    offered: frozenset[str]
    ways: tuple[Way, ...]

    def __post_init__(self) -> None:
        """Refuse ways that leave a category empty."""
        if {way.credit for way in self.ways} != {*range(1, self.highest + 1)} or not self.ways:
            raise ValueError("the ways of a program earn 1, 2 and so on, none left out")

    @property
    def highest(self) -> int:
        """The credit of the best way."""
        return max((way.credit for way in self.ways), default=0)

    def credit(self, response: Any) -> int:
        """Return what the steps earn; raises Unfit for what is no list of steps."""
        steps = _listed(response, self.offered)
        return max((way.credit for way in self.ways if way.fits(steps)), default=0)


Earning = Credited | Rated | Selected | Sorted | Measured | Performed


def _listed(response: Any, offered: frozenset[str]) -> list[str]:
    if not isinstance(response, list) or not all(isinstance(one, str) and one in offered for one in response):
        raise Unfit(f"the key does not know the response {response!r}")
    return response
