"""How many answers two people give alike by chance: exact distributions for many pairs at once.

Given two abilities the answers are independent, and each item is a match with its own probability. The number of
matches then has a Poisson-binomial distribution, which grows item by item in the recursion of Lord & Wingersky. All
terms are positive, so that even a probability of 1e-30 keeps its digits. An item that is left out has probability 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.posterior import blocks
from scoring_engine.exact import total
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, real_numbers, whole_numbers

BLOCK = 1024
"""Pairs at a time: their distributions over 60 items take half a megabyte, what a core keeps near."""

JOINT_BLOCK = 32
"""Pairs at a time where right and wrong matches are counted apart: 61 times as many numbers a pair."""

EQUAL = 1e-9
"""Two tail probabilities that differ by less than this share of them are the same, but for rounding."""


def at_least(p: ArrayLike, observed: ArrayLike) -> Floats:
    """Compute the probability of as many matches as were observed, or more.

    Parameters
    ----------
    p : shape (pairs, items)
        Probability of a match at each item; 0 for an item that is left out.
    observed : shape (pairs,)
        Number of matches.

    Returns
    -------
    shape (pairs,)
        The p value of the generalized binomial test.

    Raises
    ------
    ValueError
        p is not a matrix of numbers between 0 and 1, or a number of matches is not one from 0 to items.

    Source
    ------
    van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics 31(3), 283-304; the
    recursion is that of Lord & Wingersky (1984), Applied Psychological Measurement 8(4), 453-461.
    """
    chances = _checked("p", p)
    counts = _checked_counts(observed, chances)
    tail = np.empty(len(counts))
    for part in blocks(len(counts), BLOCK):
        tail[part] = _upper(_counts(chances[part].T), counts[part])
    return tail


def as_similar(right: ArrayLike, wrong: ArrayLike, n_right: ArrayLike, n_wrong: ArrayLike) -> Floats:
    """Compute the probability of matches at least as extreme as those observed, right and wrong told apart.

    Their joint distribution is the generalized trinomial one. (r, w) is as extreme as what was observed if
    P(R >= r and W >= w) is not greater than there.

    Parameters
    ----------
    right, wrong : shape (pairs, items)
        Probability that both give the right answer, and that both give the same wrong one.
    n_right, n_wrong : shape (pairs,)
        Numbers of such matches.

    Returns
    -------
    shape (pairs,)
        The p value of M4.

    Raises
    ------
    ValueError
        Not two matrices of one shape, of numbers from 0 with sums of at most 1; or a number of matches is not
        one from 0 to items.

    Source
    ------
    Maynes (2014), in Kingston & Clark (eds.), Test Fraud, 53-80.
    """
    first, second = _checked_joint(right, wrong)
    r, w = _checked_counts(n_right, first), _checked_counts(n_wrong, second)
    tail = np.empty(len(r))
    for part in blocks(len(r), JOINT_BLOCK):
        tail[part] = _extreme(_joint_counts(first[part].T, second[part].T), r[part], w[part])
    return tail


@dataclass(frozen=True, eq=False)
class PairBlock:
    """Some pairs with their answers; here items are rows and pairs columns, so that sums over items keep their order.

    Parameters
    ----------
    pairs : shape (pairs, 2)
    one, other : shape (items, pairs)
        Answers of the first and of the second of each pair, -1 missing.
    p : shape (categories, items, persons)
        Probability of every answer, for the persons of these pairs.
    at : shape (pairs, 2)
        Column of p of each person of each pair.
    """

    pairs: Ints
    one: Answers
    other: Answers
    p: Floats
    at: Ints

    def answered(self) -> Bools:
        """Mark the items that both of a pair answered, shape (items, pairs)."""
        both: Bools = (self.one != MISSING) & (self.other != MISSING)
        return both

    def agree(self, counted: Bools | None = None) -> Floats:
        """Compute the probability of a match at every item, shape (items, pairs); 0 where it is left out.

        counted, shape (categories, items, 1), marks the answers that count, all unless given.
        """
        alike = np.zeros(self.one.shape)
        for category, p in enumerate(self.p):
            both = np.take(p, self.at[:, 0], axis=1) * np.take(p, self.at[:, 1], axis=1)
            alike += both if counted is None else np.where(counted[category], both, 0.0)
        return np.where(self.answered(), np.minimum(alike, 1.0), 0.0)

    def repeat(self) -> Floats:
        """Compute the probability that the first gives the second's answer, shape (items, pairs); 0 as above."""
        chance = np.zeros(self.one.shape)
        for category, p in enumerate(self.p):
            np.copyto(chance, np.take(p, self.at[:, 0], axis=1), where=self.other == category)
        return np.where(self.answered(), np.minimum(chance, 1.0), 0.0)


@dataclass(frozen=True, eq=False)
class Runs:
    """The longest run of consecutive items at which both people of a pair gave the same wrong answer.

    Parameters
    ----------
    length : shape (pairs,)
        In items; 0 where no wrong answer is shared.
    start : shape (pairs,)
        Column of its first item, of the first run among equally long ones; -1 without a run.
    """

    length: Ints
    start: Ints


def longest_wrong_run(responses: ArrayLike, pairs: ArrayLike, key: ArrayLike) -> Runs:
    """Find the longest run of consecutive identical wrong answers of every pair.

    An item that both left unanswered is passed over; one that only one of them answered ends the run.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers, -1 missing, columns in the order of the form.
    pairs : shape (pairs, 2)
        Two persons each.
    key : shape (items,)
        The right category of each item.

    Returns
    -------
    Runs

    Raises
    ------
    ValueError
        Not whole numbers from -1, another number of keys than items, or a pair that is none.
    """
    answers = np.ascontiguousarray(whole_numbers("responses", responses).T)
    if (answers < MISSING).any():
        raise ValueError(f"response {answers.min()} is below -1; what is missing is -1")
    right = whole_numbers("key", key)
    if right.shape != (1, len(answers)) or (right < 0).any():
        raise ValueError(f"a key names one right category for each of {len(answers)} items")
    first, second = checked_pairs(pairs, answers.shape[1]).T
    found = Runs(np.zeros(first.size, dtype=np.int64), np.full(first.size, MISSING, dtype=np.int64))
    for part in blocks(first.size, BLOCK):
        _find_runs(answers[:, first[part]], answers[:, second[part]], right[0], found.length[part], found.start[part])
    return found


def checked_pairs(pairs: ArrayLike, persons: int) -> Ints:
    """Check pairs: takes and returns shape (pairs, 2), raises ValueError unless each is two different persons."""
    given = np.asarray(pairs)
    if given.ndim != 2 or given.shape[1] != 2 or (given.size and given.dtype.kind not in "iu"):
        raise ValueError(f"pairs need shape (pairs, 2) and whole numbers, not {given.shape} of {given.dtype}")
    chosen = given.astype(np.int64)
    wrong = (chosen < 0).any(axis=1) | (chosen >= persons).any(axis=1) | (chosen[:, 0] == chosen[:, 1])
    if wrong.any():
        row = int(np.argmax(wrong))
        one, other = chosen[row]
        raise ValueError(f"pair {row}, ({one}, {other}), is not two different ones of {persons} persons")
    return chosen


def _counts(p: Floats) -> Floats:
    """Takes shape (items, pairs), returns shape (items + 1, pairs)."""
    n_items, pairs = p.shape
    found, moved = np.zeros((n_items + 1, pairs)), np.empty((n_items + 1, pairs))
    found[0] = 1.0
    for item, chance in enumerate(np.ascontiguousarray(p)):
        reached = slice(0, item + 1)
        np.multiply(found[reached], chance, out=moved[reached])
        found[reached] *= 1.0 - chance
        found[1 : item + 2] += moved[reached]
    return found


def _upper(counts: Floats, observed: Ints) -> Floats:
    beyond = np.where(np.arange(len(counts))[:, None] >= observed, counts, 0.0)
    return np.minimum(total(beyond[::-1]), 1.0)  # the smallest terms first, so that none is lost


def _joint_counts(right: Floats, wrong: Floats) -> Floats:
    """Takes shape (items, pairs) twice, returns shape (items + 1, items + 1, pairs)."""
    n_items, pairs = right.shape
    found, moved = np.zeros((n_items + 1, n_items + 1, pairs)), np.empty((n_items + 1, n_items + 1, pairs))
    found[0, 0] = 1.0
    other = np.maximum(1.0 - right - wrong, 0.0)
    for item in range(n_items):
        reached, next_one = slice(0, item + 1), slice(1, item + 2)
        before = found[reached, reached].copy()
        step = moved[reached, reached]
        found[reached, reached] *= other[item]
        found[next_one, reached] += np.multiply(before, right[item], out=step)
        found[reached, next_one] += np.multiply(before, wrong[item], out=step)
    return found


def _extreme(counts: Floats, n_right: Ints, n_wrong: Ints) -> Floats:
    beyond = counts[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]  # P(R >= r, W >= w)
    limit = beyond[n_right, n_wrong, np.arange(n_right.size)] * (1 + EQUAL)
    included: Floats = np.where(beyond <= limit, counts, 0.0).reshape(len(counts) ** 2, n_right.size)
    return np.minimum(total(included[::-1]), 1.0)


def _find_runs(one: Ints, other: Ints, key: Ints, length: Ints, start: Ints) -> None:
    """Takes answers of shape (items, pairs); writes the longest run of each pair into length and start."""
    running, begun = np.zeros_like(length), np.zeros_like(start)
    for item, (a, b) in enumerate(zip(one, other, strict=True)):
        alike: Bools = (a == b) & (a != key[item]) & (a != MISSING)
        begun[alike & (running == 0)] = item
        running = np.where(alike, running + 1, np.where((a == MISSING) & (b == MISSING), running, 0))
        longer = running > length
        length[longer], start[longer] = running[longer], begun[longer]


def _checked(name: str, chances: ArrayLike) -> Floats:
    values = real_numbers(name, chances, 2)
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        pair, item = np.argwhere(wrong)[0]
        raise ValueError(f"{name} {values[pair, item]:g} of pair {pair} at item {item} is not between 0 and 1")
    return values


def _checked_joint(right: ArrayLike, wrong: ArrayLike) -> tuple[Floats, Floats]:
    first, second = _checked("right", right), _checked("wrong", wrong)
    if first.shape != second.shape:
        raise ValueError(f"right has shape {first.shape}, wrong has shape {second.shape}")
    _checked("right or wrong", np.where(np.abs(first + second - 1) <= EQUAL, 1.0, first + second))
    return first, second


def _checked_counts(observed: ArrayLike, chances: Floats) -> Ints:
    counts = whole_numbers("numbers of matches", observed)
    pairs, items = chances.shape
    if counts.shape != (1, pairs):
        raise ValueError(f"{pairs} pairs do not fit numbers of matches of shape {counts.shape[1:]}")
    wrong = (counts[0] < 0) | (counts[0] > items)
    if wrong.any():
        pair = int(np.argmax(wrong))
        raise ValueError(f"{counts[0, pair]} matches of pair {pair} are not 0 to {items}")
    return counts.reshape(-1)
