"""Rules that keep an adaptive test from giving the same items to everyone, and from missing its content.

Every exposure rule is a way to turn the criterion's values into scores, whose highest is given; -inf is an item that
cannot be given. A rule sees one uniform number for each examinee and item, so what it does to an examinee depends on
that examinee's numbers alone and not on who else is tested.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scoring_engine.responses import MISSING, Bools, Floats, Ints


class ExposureRule(Protocol):
    """A way to depart from the best item."""

    def needs_chance(self, step: int) -> bool:
        """Say whether the rule uses its uniform numbers when `step` items have been given."""

    def scores(self, values: Floats, chance: Floats, step: int, longest: int) -> Floats:
        """Turn values into scores; values, chance and the result have shape (examinees, items)."""


@dataclass(frozen=True)
class Best:
    """Always the best item."""

    def needs_chance(self, step: int) -> bool:
        """Say no."""
        return False

    def scores(self, values: Floats, chance: Floats, step: int, longest: int) -> Floats:
        """Return the values, shape (examinees, items)."""
        return values


@dataclass(frozen=True)
class Randomesque:
    """Any of the `best` items with equal probability, for the `first` items of a test; raises ValueError below 1.

    Source
    ------
    Kingsbury & Zara (1989), Applied Measurement in Education 2(4), 359-375.
    """

    best: int = 5
    first: int = 5

    def __post_init__(self) -> None:
        """Refuse what leaves nothing to choose from."""
        if self.best < 1 or self.first < 0:
            raise ValueError(f"no choice among the best {self.best} for the first {self.first} items")

    def needs_chance(self, step: int) -> bool:
        """Say yes for the first items."""
        return step < self.first

    def scores(self, values: Floats, chance: Floats, step: int, longest: int) -> Floats:
        """Give the best items their uniform numbers as scores; shapes (examinees, items)."""
        if not self.needs_chance(step):
            return values
        left, scores = values.copy(), np.full_like(values, -np.inf)
        person = np.arange(len(values))
        for _ in range(min(self.best, values.shape[1])):
            top = left.argmax(axis=1)  # of equal values the first item, unlike a partial sort
            scores[person, top] = np.where(np.isneginf(left[person, top]), scores[person, top], chance[person, top])
            left[person, top] = -np.inf
        return scores


@dataclass(frozen=True)
class Progressive:
    """Chance at the start of a test, the criterion at its end: (1 - s) R + s I, s the share already given.

    R is uniform between 0 and the largest value of an item that can be given. With a maximum exposure in the
    design this is the progressive restricted rule.

    Source
    ------
    Revuelta & Ponsoda (1998), Journal of Educational Measurement 35(4), 311-327.
    """

    def needs_chance(self, step: int) -> bool:
        """Say yes."""
        return True

    def scores(self, values: Floats, chance: Floats, step: int, longest: int) -> Floats:
        """Mix values with chance; shapes (examinees, items)."""
        share, closed = step / longest, np.isneginf(values)
        known = np.where(closed, 0.0, values)  # a share of 0 times infinity would be no number
        largest = known.max(axis=1, keepdims=True)
        return np.where(closed, -np.inf, (1 - share) * chance * largest + share * known)


@dataclass(frozen=True, eq=False)
class SympsonHetter:
    """Give an item that is chosen only with its probability; if not, it is out for this examinee.

    Parameters
    ----------
    probability : shape (items,)
        K of every item, > 0 to 1; `exposure_parameters` finds them. ValueError otherwise.

    Source
    ------
    Sympson & Hetter (1985), Proceedings of the 27th Military Testing Association, 973-977.
    """

    probability: Floats

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        k = np.asarray(self.probability)
        if k.ndim != 1 or not ((k > 0) & (k <= 1)).all():
            raise ValueError("every item needs a probability above 0 and up to 1")

    def needs_chance(self, step: int) -> bool:
        """Say yes."""
        return True

    def scores(self, values: Floats, chance: Floats, step: int, longest: int) -> Floats:
        """Leave out what chance would not give, were it chosen; shapes (examinees, items)."""
        return np.where(chance < self.probability, values, -np.inf)

    def adjusted(self, chosen: Floats, limit: float, certain: int) -> "SympsonHetter":
        """Set every probability so that an item chosen as often as now is given no more often than the limit.

        The `certain` items with the highest probabilities keep 1, so that no test can run out of items.
        Takes the share of examinees for whom each item was chosen, shape (items,).
        """
        k = np.where(chosen > limit, limit / np.maximum(chosen, limit), 1.0)
        k[np.argsort(-k, kind="stable")[:certain]] = 1.0
        return SympsonHetter(k)


@dataclass(frozen=True, eq=False)
class Quotas:
    """How many items of each content area a test must and may have.

    Parameters
    ----------
    member : shape (quotas, items)
        True where the item counts for the quota; an item may count for several.
    lower, upper : shape (quotas,)
        Whole numbers of items, 0 <= lower <= upper, upper >= 1, lower not above the number of members.

    Raises
    ------
    ValueError
        As above, in the words of the first quota that is wrong.

    Source
    ------
    Cheng & Chang (2009), British Journal of Mathematical and Statistical Psychology 62(2), 369-383.
    """

    member: Bools
    lower: Ints
    upper: Ints

    def __post_init__(self) -> None:
        """Refuse quotas that no test can meet."""
        if self.member.ndim != 2 or not self.lower.shape == self.upper.shape == self.member.shape[:1]:
            raise ValueError(f"{self.member.shape} members do not fit {self.lower.shape} and {self.upper.shape} bounds")
        size = self.member.sum(axis=1)
        wrong = (self.lower < 0) | (self.lower > np.minimum(self.upper, size)) | (self.upper < 1)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise ValueError(f"quota {row}: {self.lower[row]} to {self.upper[row]} of {size[row]} items cannot be")

    def used(self, given: Bools) -> Floats:
        """Count the given items of every quota; takes shape (examinees, items), returns (examinees, quotas)."""
        return given.astype(np.float64) @ self.member.T.astype(np.float64)  # whole numbers: exact in any order

    def met(self, given: Bools) -> Bools:
        """Say whose lower bounds are all reached; takes shape (examinees, items), returns (examinees,)."""
        return np.asarray((self.used(given) >= self.lower).all(axis=1))

    def priorities(self, given: Bools, open_: Bools) -> Floats:
        """Compute the factor by which each item's value is multiplied; 0 is an item that must not be given.

        The product over an item's quotas of the share that is still missing: of the lower bound until it is
        reached, of the upper bound afterwards. While an examinee misses a lower bound, only items that help to
        reach one are given, as long as there are such items.

        Parameters
        ----------
        given, open_ : shape (examinees, items)
            What was given, and what could be given now.

        Returns
        -------
        shape (examinees, items)
            Between 0 and 1.
        """
        used = self.used(given)
        missing = used < self.lower
        bound = np.where(missing, self.lower, self.upper)
        share = np.maximum(bound - used, 0.0) / bound
        product, helps = np.ones(given.shape), np.zeros(given.shape, dtype=np.bool_)
        for quota, member in enumerate(self.member):
            product[:, member] *= share[:, quota, None]
            helps[:, member] |= missing[:, quota, None]
        can_help = (helps & open_ & (product > 0)).any(axis=1, keepdims=True)
        return np.where(can_help & ~helps, 0.0, product)


def chosen_within(capacity: Ints, values: Floats, scores: Callable[[Floats], Floats]) -> Ints:
    """Choose the item with the highest score for every examinee, so that no item is chosen too often.

    Who stands first has the first choice; who finds an item full gets the next best one.

    Parameters
    ----------
    capacity : shape (items,)
        How many more examinees may get each item.
    values : shape (examinees, items)
        Of the criterion; -inf where an item may not be given. What is full for an examinee becomes -inf, in place.
    scores : function
        Turns values into scores of the same shape.

    Returns
    -------
    shape (examinees,)
        Columns; -1 where nothing may be given.
    """
    values[:, capacity <= 0] = -np.inf
    everyone = np.arange(len(values))
    while True:
        found = scores(values)
        item: Ints = found.argmax(axis=1)
        item[np.isneginf(found[everyone, item])] = MISSING
        late = np.flatnonzero((item >= 0) & (_place_in_queue(item) >= capacity[item]))
        if late.size == 0:
            return item
        values[late, item[late]] = -np.inf


def passed_over(values: Floats, item: Ints) -> Bools:
    """Mark what stood before the given item but was not given.

    Takes values of shape (examinees, items), -inf where closed, and items of shape (examinees,), returns booleans of
    shape (examinees, items).
    """
    best = values[np.arange(item.size), item][:, None]
    before = (values > best) | ((values == best) & (np.arange(values.shape[1]) < item[:, None]))
    over: Bools = before & (item >= 0)[:, None]
    return over


def _place_in_queue(item: Ints) -> Ints:
    """Count for every examinee those before who chose the same item."""
    order = np.argsort(item, kind="stable")
    ordered = item[order]
    place = np.empty_like(item)
    place[order] = np.arange(item.size) - np.searchsorted(ordered, ordered)
    return place
