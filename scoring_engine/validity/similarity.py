"""Answer similarity: are the answers of two people more alike than those of two who work alone would be?

Given ability, people who work alone answer independently. So each item has a known probability of a match, and an
improbable number of matches speaks against working alone. It never says who helped whom, or why: a flag opens a
review and changes no score.

Abilities are arguments. Take MAP estimates with a wide prior, so that perfect scores stay finite. Give option responses
and nominal items where option parameters are known: two equal wrong options say far more than two wrong answers.
An item that one of a pair did not answer is left out for that pair: nothing says how probable a gap is. Test only
pairs that could see each other (`pairs_in_view`) or shared an address (`pairs_within`), adjusted within each room.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring_engine.ability.posterior import blocks
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import probabilities
from scoring_engine.exact import total
from scoring_engine.responses import MISSING, Answers, Floats, Ints, checked_responses, real_numbers, whole_numbers
from scoring_engine.validity.matches import BLOCK, PairBlock, as_similar, at_least, checked_pairs
from scoring_engine.validity.multiplicity import holm


@dataclass(frozen=True, eq=False)
class Similarity:
    """How alike the answers of every pair are, and how probable that is for two who work alone.

    Parameters
    ----------
    pairs : shape (pairs, 2)
    n_items, matches : shape (pairs,)
        Items that both answered, and those of them answered alike.
    expected, z, p : shape (pairs,)
        Matches expected, how many standard deviations more there are, and the probability of so many or more;
        z and p are NaN where no number of matches could surprise (as without an item).
    """

    pairs: Ints
    n_items: Ints
    matches: Ints
    expected: Floats
    z: Floats
    p: Floats


@dataclass(frozen=True, eq=False)
class JointSimilarity:
    """Matches of every pair on right and on wrong answers, and how probable they are for two who work alone.

    Parameters
    ----------
    pairs : shape (pairs, 2)
    n_items, right, wrong : shape (pairs,)
        Items that both answered, and those of them answered alike, right and wrong.
    expected_right, expected_wrong, p : shape (pairs,)
        Matches expected, and the probability of any as extreme as these; p is NaN without an item.
    """

    pairs: Ints
    n_items: Ints
    right: Ints
    wrong: Ints
    expected_right: Floats
    expected_wrong: Floats
    p: Floats


def omega(responses: ArrayLike, items: Items, theta: ArrayLike, pairs: ArrayLike, exact: bool = False) -> Similarity:
    """Test whether a person repeats another's answers: the other's are fixed, only the copier's are chance.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers: 0 to the item's last category, -1 missing.
    items : Items
    theta : shape (persons,)
        Abilities in logits.
    pairs : shape (pairs, 2)
        Suspected copier, source. `both_ways` gives both orders of each pair.
    exact : bool
        Whether p comes from the exact distribution of the matches, for short tests: there the normal tail is light.

    Returns
    -------
    Similarity
        z is omega; p is the upper tail of the normal distribution there, unless exact.

    Raises
    ------
    ValueError
        Responses do not fit the items, an ability is missing, or a pair is not two of the persons.

    Source
    ------
    Wollack (1997), Applied Psychological Measurement 21(4), 307-320.
    """
    tail: Tail = _exact_tail if exact else lambda p, matches, z: ndtr(-z)
    return _compare(_blocks(responses, items, theta, pairs), PairBlock.repeat, tail)


def gbt(responses: ArrayLike, items: Items, theta: ArrayLike, pairs: ArrayLike) -> Similarity:
    """Test whether two persons answer alike: the generalized binomial test, exact given their abilities.

    Parameters
    ----------
    responses, items, theta, pairs
        As for `omega`, same shapes; the order of a pair makes no difference.

    Returns
    -------
    Similarity

    Raises
    ------
    ValueError
        As `omega`.

    Source
    ------
    van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics 31(3), 283-304.
    """
    return _compare(_blocks(responses, items, theta, pairs), PairBlock.agree, _exact_tail)


def m4(responses: ArrayLike, items: Items, theta: ArrayLike, pairs: ArrayLike, key: ArrayLike) -> JointSimilarity:
    """Test whether two persons answer alike, with matches on right and on wrong answers told apart.

    Costs about a hundred times what `gbt` does: for pairs in view, not for all pairs of a nation.

    Parameters
    ----------
    responses, items, theta, pairs
        As for `gbt`.
    key : shape (items,)
        The right category of each item.

    Returns
    -------
    JointSimilarity

    Raises
    ------
    ValueError
        As `gbt`; or the key names a category that its item has not.

    Source
    ------
    Maynes (2014), in Kingston & Clark (eds.), Test Fraud, 53-80.
    """
    right = checked_responses(np.asarray(key), items.categories)
    if right.shape[0] != 1 or (right == MISSING).any():
        raise ValueError("a key names one right category for every item")
    found = [_joint(block, right[0][:, None]) for block in _blocks(responses, items, theta, pairs)]
    return JointSimilarity(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def pairs_within(groups: ArrayLike) -> Ints:
    """Pair all persons of the same group: a room, a network address.

    Parameters
    ----------
    groups : shape (persons,)
        Whole numbers; -1 is unknown and pairs with nobody.

    Returns
    -------
    shape (pairs, 2)
        The lower person first, in rising order.

    Raises
    ------
    ValueError
        Not a row of whole numbers.
    """
    group = _codes("groups", groups)
    order = np.argsort(group, kind="stable")[np.count_nonzero(group == MISSING) :]
    largest = int(np.unique(group[order], return_counts=True)[1].max(initial=1))
    found = [np.empty((0, 2), dtype=np.int64)]
    for step in range(1, largest):
        ahead, behind = order[:-step], order[step:]
        found.append(np.stack([ahead, behind], axis=1)[group[ahead] == group[behind]])
    pairs = np.concatenate(found)
    sorted_pairs: Ints = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    return sorted_pairs


def pairs_in_view(rooms: ArrayLike, rows: ArrayLike, seats: ArrayLike, beside: int = 2, across: float = np.inf) -> Ints:
    """Pair all persons of a room who can see each other: near in one row, or in adjacent rows.

    Parameters
    ----------
    rooms, rows, seats : shape (persons,)
        Whole numbers: room and session, row, place in the row; -1 is unknown and pairs with nobody.
    beside : int
        How many places apart two of one row may sit.
    across : int
        How many places apart two of adjacent rows may sit; any number unless given.

    Returns
    -------
    shape (pairs, 2)
        The lower person first, in rising order.

    Raises
    ------
    ValueError
        Not rows of whole numbers of one length, or two persons have the same seat.
    """
    room, row, seat = _codes("rooms", rooms), _codes("rows", rows), _codes("seats", seats)
    if not room.size == row.size == seat.size:
        raise ValueError(f"{room.size} rooms, {row.size} rows and {seat.size} seats are not of the same persons")
    pairs = pairs_within(np.where((row == MISSING) | (seat == MISSING), MISSING, room))
    rows_apart, places_apart = (np.abs(where[pairs[:, 0]] - where[pairs[:, 1]]) for where in (row, seat))
    shared = (rows_apart == 0) & (places_apart == 0)
    if shared.any():
        one, other = pairs[np.argmax(shared)]
        raise ValueError(f"persons {one} and {other} have the same seat")
    reach = np.select([rows_apart == 0, rows_apart == 1], [beside, across], -1)
    visible: Ints = pairs[places_apart <= reach]
    return visible


def both_ways(pairs: ArrayLike) -> Ints:
    """Reverse pairs as well; takes shape (pairs, 2), returns them and the reversed; raises ValueError if none."""
    if (given := whole_numbers("pairs", pairs)).shape[1] != 2:
        raise ValueError(f"pairs need shape (pairs, 2), not {np.shape(pairs)}")
    return np.concatenate([given, given[:, ::-1]])


def holm_within(p: ArrayLike, groups: ArrayLike) -> Floats:
    """Adjust the p values of each group as `holm` does, for the number of tests in that group alone.

    Takes p and groups (the room of each pair), returns adjusted p values, all of shape (tests,); NaN stays NaN.
    Raises ValueError as `holm`, or if p and groups do not fit.
    """
    values, group = np.asarray(p, dtype=np.float64), _codes("groups", groups)
    if values.shape != group.shape:
        raise ValueError(f"{group.size} groups do not fit p values of shape {values.shape}")
    adjusted = np.empty_like(values)
    order = np.argsort(group, kind="stable")
    for tests in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        adjusted[tests] = holm(values[tests])
    return adjusted


Tail = Callable[[Floats, Ints, Floats], Floats]


def _exact_tail(p: Floats, matches: Ints, z: Floats) -> Floats:
    return at_least(p.T, matches)


def _compare(parts: Iterator[PairBlock], chance: Callable[[PairBlock], Floats], tail: Tail) -> Similarity:
    found = [_counted(block, chance(block), tail) for block in parts]
    return Similarity(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _blocks(responses: ArrayLike, items: Items, theta: ArrayLike, pairs: ArrayLike) -> Iterator[PairBlock]:
    answers, ability = checked_responses(responses, items.categories), real_numbers("theta", theta, 1)
    if ability.size != len(answers):
        raise ValueError(f"{ability.size} abilities are not those of {len(answers)} persons")
    chosen = checked_pairs(pairs, len(answers))
    for part in blocks(len(chosen), BLOCK):
        persons, at = np.unique(chosen[part], return_inverse=True)
        p = np.ascontiguousarray(probabilities(ability[persons], items).transpose(2, 1, 0))
        one, other = answers[chosen[part].T].transpose(0, 2, 1)
        yield PairBlock(chosen[part], one, other, p, at)


def _counted(block: PairBlock, p: Floats, tail: Tail) -> tuple[Ints | Floats, ...]:
    answered = block.answered()
    matches = np.count_nonzero((block.one == block.other) & answered, axis=0)
    expected, variance = total(p), total(p * (1 - p))
    z = np.full(expected.size, np.nan)
    np.divide(matches - expected, np.sqrt(variance), out=z, where=variance > 0)
    p_value = np.where(variance > 0, tail(p, matches, z), np.nan)
    return block.pairs, np.count_nonzero(answered, axis=0), matches, expected, z, p_value


def _joint(block: PairBlock, key: Answers) -> tuple[Ints | Floats, ...]:
    answered, alike = block.answered(), (block.one == block.other) & block.answered()
    is_key = np.arange(len(block.p))[:, None, None] == key
    right, wrong = block.agree(is_key), block.agree(~is_key)
    n_right, n_wrong = (np.count_nonzero(alike & chosen, axis=0) for chosen in (block.one == key, block.one != key))
    n_items = np.count_nonzero(answered, axis=0)
    p_value = np.where(n_items > 0, as_similar(right.T, wrong.T, n_right, n_wrong), np.nan)
    return block.pairs, n_items, n_right, n_wrong, total(right), total(wrong), p_value


def _codes(name: str, given: ArrayLike) -> Ints:
    codes = whole_numbers(name, given).reshape(-1)
    if np.ndim(given) != 1 or (codes < MISSING).any():
        raise ValueError(f"{name} must be a row of whole numbers from -1")
    return codes
