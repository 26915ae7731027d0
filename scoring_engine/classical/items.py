"""Item statistics of classical test theory: how hard an item is, how it goes with the rest, who takes which option.

A person's score is here the share of the points that the person's answered items offer. Without gaps that is the sum
score in another unit, and every correlation is the usual one; with gaps, a gap is not counted as wrong and nobody is
left out for it. The score on the other items never holds the item studied.

A statistic that is not there (fewer than three persons, or one of the two numbers does not vary) is NaN, never 0.
Nothing is cut to a range: a biserial correlation above 1 is printed as it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses, real_numbers

KELLEY = 0.27
"""Upper and lower share of persons that tell most (Kelley 1939, Journal of Educational Psychology 30(1), 17-24)."""

FEWEST = 3
"""Two persons always lie on a line: their correlation says nothing."""

MILLION = 1_000_000
"""Credits are counted in millionths, so that .1 + .2 ties with .3."""


@dataclass(frozen=True, eq=False)
class ItemStatistics:
    """What classical test theory says of every item.

    Parameters
    ----------
    n : shape (items,)
        Persons who answered the item.
    mean, sd : shape (items,)
        In points; divisor n - 1.
    difficulty : shape (items,)
        Mean as a share of the item's points: the share right of a right or wrong item.
    item_total, item_rest : shape (items,)
        Pearson correlation with the score on all items, and on all other items; of a right or wrong item these
        are its point-biserial correlations. They rest on persons who answered another item too.
    biserial : shape (items,)
        The item-rest correlation times sqrt(p q) / phi(z_p); NaN for an item of more than two categories.
    discrimination : shape (items,)
        Difficulty in the upper less that in the lower share of persons by score on the other items.
    """

    n: Ints
    mean: Floats
    sd: Floats
    difficulty: Floats
    item_total: Floats
    item_rest: Floats
    biserial: Floats
    discrimination: Floats


def item_statistics(responses: ArrayLike, categories: ArrayLike, tail: float = KELLEY) -> ItemStatistics:
    """Compute the classical statistics of every item.

    Parameters
    ----------
    responses : shape (persons, items)
        Points: whole numbers from 0 to the item's last category; -1 is missing.
    categories : shape (items,)
        How many categories each item has, at least 2.
    tail : float
        Share of persons in the upper and in the lower group, at most one half. Persons tied where a group ends
        belong to it in part, all in the same part.

    Returns
    -------
    ItemStatistics

    Raises
    ------
    ValueError
        No person, an answer that does not fit its item, an item of one category, or no such tail.

    Source
    ------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, chapter 15.
    """
    last = np.asarray(categories, dtype=np.int64) - 1
    answers = _checked(responses, last + 1)
    if not 0 < tail <= 0.5:
        raise ValueError(f"a tail holds a share of persons above 0 and at most 0.5, not {tail:g}")
    seen = answers != MISSING
    points, most = np.where(seen, answers, 0).sum(axis=1, dtype=np.int64), (seen * last).sum(axis=1)
    rows = np.array([_one_item(answers[:, j], int(last[j]), points, most, tail) for j in range(last.size)])
    return ItemStatistics(np.count_nonzero(seen, axis=0).astype(np.int64), *np.ascontiguousarray(rows.T))


def ability_groups(score: ArrayLike, n_groups: int) -> Ints:
    """Part persons into groups of about equal size by score; equal scores are never parted.

    Parameters
    ----------
    score : shape (persons,)
    n_groups : int
        At least 2.

    Returns
    -------
    shape (persons,)
        0 the lowest group. By the middle rank of a score, so that the order of persons does not matter; where
        many are tied, a group can be empty.

    Raises
    ------
    ValueError
        A score is not finite, or fewer than two groups.
    """
    known = real_numbers("score", score, 1)
    if n_groups < 2:
        raise ValueError(f"persons are parted into at least 2 groups, not {n_groups}")
    below, equal = _ranks(known)
    return n_groups * (2 * below + equal) // (2 * max(known.size, 1))


@dataclass(frozen=True, eq=False)
class OptionAnalysis:
    """Who takes which option of every item, among persons who answered it and another item.

    Parameters
    ----------
    counts, shares : shape (items, most options)
        Persons who took the option, and their share; NaN for an option that the item has not.
    group_sizes : shape (items, groups)
        Persons in each ability group, the lowest first.
    group_shares : shape (items, groups, most options)
        Share of the group that took the option; NaN for an empty group.
    correlation : shape (items, most options)
        Of having taken the option with the score on the other items.
    rises, untaken : shape (items, most options)
        True for an option below full credit whose correlation is above 0 at the level asked (one-sided); and
        for one that at most the least share took.
    """

    counts: Ints
    shares: Floats
    group_sizes: Ints
    group_shares: Floats
    correlation: Floats
    rises: Bools
    untaken: Bools


def option_analysis(
    picks: ArrayLike, credit: ArrayLike, n_groups: int = 5, level: float = 0.05, least_share: float = 0.0
) -> OptionAnalysis:
    """Describe every option of every item by who takes it.

    Parameters
    ----------
    picks : shape (persons, items)
        The option taken, from 0; -1 is missing.
    credit : shape (items, most options)
        What each option is worth, from 0, counted in millionths; NaN behind an item's last option.
    n_groups : int
        Ability groups by score on the other items, as `ability_groups` makes them.
    level, least_share : float
        Of the one-sided t test that a distractor rises; an option that no greater share takes is `untaken`.

    Returns
    -------
    OptionAnalysis

    Raises
    ------
    ValueError
        A pick that is no option, no person, or no such table of credit.

    Source
    ------
    Haladyna & Downing (1993), Educational and Psychological Measurement 53(4), 999-1010.
    """
    worth = _checked_credit(credit)
    exists, millionths = ~np.isnan(worth), np.rint(np.nan_to_num(worth) * MILLION).astype(np.int64)
    full = millionths.max(axis=1)
    counts, sizes, correlation = _all_options(_checked(picks, exists.sum(axis=1)), millionths, full, n_groups)
    return _with_flags(counts, sizes, correlation, exists, millionths < full[:, None], level, least_share)


def _all_options(taken: Answers, credit: Ints, full: Ints, n_groups: int) -> tuple[Ints, Ints, Floats]:
    seen, options = taken != MISSING, np.arange(credit.shape[1])
    earned = np.where(seen, credit[np.arange(len(credit)), taken], 0)
    points, most, found = earned.sum(axis=1), (seen * full).sum(axis=1), []
    for item, column in enumerate(taken.T):
        who = seen[:, item] & (most > full[item])
        rest = (points - earned[:, item])[who] / (most - full[item])[who]
        found.append(_one_item_of_options(column[who][:, None] == options, rest, n_groups))
    counts, sizes, correlation = (np.array(part) for part in zip(*found, strict=True))
    return counts, sizes, correlation


def _with_flags(
    counts: Ints, sizes: Ints, correlation: Floats, exists: Bools, lesser: Bools, level: float, least_share: float
) -> OptionAnalysis:
    taken, n = counts.sum(axis=1), sizes.sum(axis=1, keepdims=True)
    freedom = np.maximum(n - 2.0, 1.0)
    t = stdtrit(freedom, 1 - level)
    with np.errstate(invalid="ignore"):  # 0 persons in a group, NaN where nothing can be said: neither is flagged
        shares, groups = taken / n, np.where(exists[:, None, :], counts / sizes[:, :, None], np.nan)
        rises = lesser & exists & (correlation > t / np.sqrt(freedom + t**2))
    shares = np.where(exists, shares, np.nan)
    return OptionAnalysis(taken, shares, sizes, groups, correlation, rises, lesser & exists & (shares <= least_share))


def _one_item_of_options(took: Bools, rest: Floats, n_groups: int) -> tuple[Ints, Ints, Floats]:
    group = ability_groups(rest, n_groups)[:, None] == np.arange(n_groups)
    counts = [np.count_nonzero(took[inside], axis=0) for inside in group.T]
    correlation = [_pearson(column, rest) for column in took.T]
    return np.array(counts, dtype=np.int64), np.count_nonzero(group, axis=0).astype(np.int64), np.array(correlation)


def _one_item(column: Answers, last: int, points: Ints, most: Ints, tail: float) -> tuple[float, ...]:
    seen = column != MISSING
    with_other = seen & (most > last)
    x, y, n = column[seen], column[with_other], int(seen.sum())
    total, rest = points[with_other] / most[with_other], (points[with_other] - y) / (most[with_other] - last)
    mean = float(x.mean()) if n else np.nan
    sd = float(x.std(ddof=1)) if n > 1 else np.nan
    item_rest = _pearson(y, rest)
    normal = float(_as_biserial(np.array(item_rest), np.array(y.mean()))) if last == 1 and y.size else np.nan
    return mean, sd, mean / last, _pearson(y, total), item_rest, normal, _upper_lower(y / last, rest, tail)


def _upper_lower(x: Floats, score: Floats, tail: float) -> float:
    if x.size < FEWEST:
        return np.nan
    below, equal = _ranks(score)
    lower = np.clip((tail * x.size - below) / equal, 0.0, 1.0)
    upper = np.clip((tail * x.size - (x.size - below - equal)) / equal, 0.0, 1.0)
    return float((upper * x).sum() / upper.sum() - (lower * x).sum() / lower.sum())


def _ranks(score: Floats) -> tuple[Ints, Ints]:
    """Count for every person those with a lower score, and those with the same, the person included."""
    ordered = np.sort(score)
    below = np.searchsorted(ordered, score, side="left")
    return below, np.searchsorted(ordered, score, side="right") - below


def _pearson(x: ArrayLike, y: Floats) -> float:
    first = np.asarray(x, dtype=np.float64)
    if first.size < FEWEST or np.ptp(first) == 0 or np.ptp(y) == 0:
        return np.nan
    first, second = first - first.mean(), y - y.mean()
    return float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))


def _as_biserial(correlation: Floats, p: Floats) -> Floats:
    with np.errstate(invalid="ignore"):  # p of 0 or 1 has no biserial correlation, and already none of the other kind
        density = np.exp(-(ndtri(p) ** 2) / 2) / np.sqrt(2 * np.pi)
        found: Floats = np.where(density > 0, correlation * np.sqrt(p * (1 - p)) / density, np.nan)
    return found


def _checked(responses: ArrayLike, categories: Ints) -> Answers:
    if categories.ndim != 1 or categories.size == 0 or (categories < 2).any():
        raise ValueError("every item has at least two categories, and a test at least one item")
    answers = checked_responses(responses, categories)
    if len(answers) == 0:
        raise ValueError("no person, no statistics")
    return answers


def _checked_credit(credit: ArrayLike) -> Floats:
    worth = np.asarray(credit, dtype=np.float64)
    if worth.ndim != 2 or worth.size == 0:
        raise ValueError("credit is a table of items and options")
    gaps = np.isnan(worth)
    if (gaps[:, :-1] & ~gaps[:, 1:]).any() or not (np.isfinite(worth) | gaps).all():
        raise ValueError("credit is finite, and NaN only behind an item's last option")
    if (worth < 0).any() or (np.nanmax(np.where(gaps, 0.0, worth), axis=1) <= 0).any():
        raise ValueError("credit is not negative, and every item has an option that earns some")
    return worth
