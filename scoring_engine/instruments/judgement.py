"""Situational judgement: keys of options, credit for answers, and the level of each competency.

A key gives every option of an item a credit from 0 to 1. It comes from experts who agree, or from a norm group that was
frozen before: never from the wave that is scored, whose people would then mark each other. Levels rest on ordered
credits, 0, 1, 2, ..., as a graded or partial credit item takes them; -1 is missing and left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import posterior, summarise
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior
from scoring_engine.curves.items import Items
from scoring_engine.panels.raters import intraclass
from scoring_engine.responses import (
    MISSING,
    Answers,
    Bools,
    Floats,
    Ints,
    checked_picks,
    checked_responses,
    real_numbers,
)
from scoring_engine.standards.levels import attained_level, level_probabilities

LEAST_AGREEMENT = 0.80
"""ICC(2, k) that the experts of a key must reach (psychometrics, section 9)."""


@dataclass(frozen=True, eq=False)
class OptionKey:
    """What choosing each option is worth.

    credit has shape (items, most options), NaN where an item has no such option; waves names those whose answers made
    the key, none for experts.

    Raises
    ------
    ValueError
        A credit is outside 0 to 1, or an item has fewer than two options or a gap between them.
    """

    credit: Floats
    waves: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what is no key."""
        there = ~np.isnan(self.credit)
        if self.credit.ndim != 2 or (there[:, 1:] & ~there[:, :-1]).any() or (there.sum(axis=1) < 2).any():
            raise ValueError("a key has a row for each item, with a credit for each of its options, at least two")
        if not ((self.credit[there] >= 0) & (self.credit[there] <= 1)).all():
            raise ValueError("a credit lies outside 0 to 1")

    @property
    def n_options(self) -> Ints:
        """How many options each item has, shape (items,)."""
        found: Ints = (~np.isnan(self.credit)).sum(axis=1)
        return found


@dataclass(frozen=True, eq=False)
class CompetencyLevel:
    """The level of every person in one competency, and how sure it is.

    theta and se are in logits, shape (persons,), and NaN without an answer; level is the one that theta lies in, from
    1, and -1 without an answer; probabilities, shape (persons, levels), are those of each level from 1. at_border is
    True where a cut lies within one standard error of theta, so that an assessor looks again.
    """

    theta: Floats
    se: Floats
    level: Ints
    probabilities: Floats
    at_border: Bools
    n_items: Ints


def expert_agreement(ratings: ArrayLike) -> float:
    """Compute ICC(2, k), the reliability of the mean of these experts if others might have been asked.

    Takes shape (experts, rated options), returns one number. Raises ValueError with fewer than two experts or options,
    a rating that is not finite, or ratings that never vary.

    Source
    ------
    Shrout & Fleiss (1979), Psychological Bulletin 86(2), 420-428.
    """
    return intraclass(real_numbers("ratings", ratings, 2).T, 2, average=True).value


def expert_key(ratings: ArrayLike, least_agreement: float = LEAST_AGREEMENT) -> OptionKey:
    """Make a key of how effective experts find each option: their mean, stretched from 0 to 1 within each item.

    Parameters
    ----------
    ratings : shape (experts, items, most options)
        NaN where an item has no such option, for all experts alike.
    least_agreement : float
        The ICC(2, k) that they must reach.

    Returns
    -------
    OptionKey

    Raises
    ------
    ValueError
        An expert left an option out, the experts agree less, or find all options of an item equally good.

    Source
    ------
    Bergman, Drasgow, Donovan, Henning & Juraska (2006), Int. Journal of Selection and Assessment 14(3), 223-235.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 3 or (np.isnan(table) != np.isnan(table[:1])).any():
        raise ValueError("ratings need experts, items and options, and each expert rates every option of an item")
    agreement = expert_agreement(table[:, ~np.isnan(table[0])])
    if not agreement >= least_agreement:
        raise ValueError(f"the experts agree to {agreement:.2f}, less than {least_agreement:.2f}: no key for scoring")
    if np.isnan(table[0]).all(axis=1).any():
        raise ValueError(f"item {np.argmax(np.isnan(table[0]).all(axis=1))} has no option that was rated")
    mean = table.mean(axis=0)
    width = np.nanmax(mean, axis=1, keepdims=True) - np.nanmin(mean, axis=1, keepdims=True)
    # What only the rounding of means makes is no difference.
    alike = width <= 1e-9 * np.nanmax(np.abs(mean))
    if alike.any():
        raise ValueError(f"the experts find all options of item {np.argmax(alike)} equally good")
    return OptionKey((mean - np.nanmin(mean, axis=1, keepdims=True)) / width)


def consensus_key(choices: ArrayLike, n_options: ArrayLike, waves: frozenset[str]) -> OptionKey:
    """Make a key of the share of a frozen norm group that chose each option, of those who answered the item.

    Parameters
    ----------
    choices : shape (persons, items)
        Of the norm group, from 0; -1 missing.
    n_options : shape (items,)
    waves : names
        Which waves the group comes from: none of them can be scored with the key.

    Returns
    -------
    OptionKey

    Raises
    ------
    ValueError
        A choice is impossible, or nobody answered an item.

    Source
    ------
    Legree, Psotka, Tremble & Bourne (2005), in Schulze & Roberts (eds.), Emotional Intelligence.
    """
    given, sizes = checked_responses(choices, n_options), np.asarray(n_options)
    options = np.arange(sizes.max())
    counts = np.stack([(given == option).sum(axis=0) for option in options], axis=1)
    n = counts.sum(axis=1, keepdims=True)
    if (n == 0).any():
        raise ValueError(f"nobody of the norm group answered item {np.argmax(n == 0)}")
    return OptionKey(np.where(options < sizes[:, None], counts / n, np.nan), waves)


def option_scores(choices: ArrayLike, key: OptionKey, wave: str) -> Floats:
    """Give every answer the credit of its option.

    Takes choices from 0 of shape (persons, items), -1 missing, and the name of the wave that is scored; returns shape
    (persons, items), NaN where missing. Raises ValueError if a choice is impossible, or people of this wave made the
    key.
    """
    if wave in key.waves:
        raise ValueError(f"wave {wave} made this key and cannot be scored by it")
    given = checked_responses(choices, key.n_options)
    return np.where(given == MISSING, np.nan, key.credit[np.arange(len(key.credit)), given])


def graded_credits(choices: ArrayLike, key: OptionKey, wave: str, categories: int) -> Answers:
    """Give every answer an ordered credit, 0 to categories - 1, for graded and partial credit items.

    Takes what `option_scores` takes, and how many categories, 2 to 127; the nearest is given, halves up. Returns shape
    (persons, items), -1 missing. Raises ValueError as `option_scores`, or for another number of categories.
    """
    if not 2 <= categories <= 127:
        raise ValueError(f"{categories} categories are not 2 to 127")
    scores = option_scores(choices, key, wave)
    return np.where(np.isnan(scores), MISSING, np.floor(scores * (categories - 1) + 0.5 + 1e-9)).astype(np.int8)


def distance_scores(ratings: ArrayLike, key: ArrayLike, standardise: bool = False) -> Floats:
    """Score ratings of options by how near they come to those of experts: -(rating - key)^2.

    Takes ratings, shape (persons, options), NaN missing, and mean ratings of experts on the same scale, (options,). To
    standardise takes out each person's own level and spread, and those of the key over what the person rated. Returns
    shape (persons, options): 0 is best; NaN where missing, and where person or key does not vary when standardised.
    Raises ValueError if a number is infinite, the key is not finite, or shapes disagree.

    Source
    ------
    McDaniel, Psotka, Legree, Yost & Weekley (2011), Journal of Applied Psychology 96(2), 327-336.
    """
    given, wanted = np.atleast_2d(np.array(ratings, dtype=np.float64, order="C")), real_numbers("key", key, 1)
    if given.ndim != 2 or given.shape[1] != wanted.size or np.isinf(given).any():
        raise ValueError(f"ratings of shape {given.shape} do not fit {wanted.size} options, or one is infinite")
    target = np.where(np.isnan(given), np.nan, wanted)
    if standardise:
        given, target = _standardised(given), _standardised(target)
    return -((given - target) ** 2)


def best_worst_credits(best: ArrayLike, worst: ArrayLike, key: Sequence[tuple[int, int]], sizes: ArrayLike) -> Answers:
    """Score picks of the best and the worst option: 1 for each hit, -1 for each pick of the opposite, 2 added.

    Parameters
    ----------
    best, worst : shape (persons, items), or (items,) for one person
        Position of the option, from 0; both -1 where the item has no answer.
    key : the best and the worst option of each item
    sizes : shape (items,)
        How many options each item has.

    Returns
    -------
    shape (persons, items)
        From 0, both inverted, to 4, both hit: ordered credits. -1 missing.

    Raises
    ------
    ValueError
        A pick or the key is impossible.

    Source
    ------
    Motowidlo, Dunnette & Carter (1990), Journal of Applied Psychology 75(6), 640-647.
    """
    picked, rejected = checked_picks(best, worst, sizes)
    good, bad = checked_picks([pair[0] for pair in key], [pair[1] for pair in key], sizes)
    if (good == MISSING).any():
        raise ValueError("the key lacks an item")
    hits = (picked == good).astype(np.int8) + (rejected == bad) - (picked == bad) - (rejected == good)
    return np.where(picked == MISSING, MISSING, hits + 2).astype(np.int8)


def competency_level(
    credits: ArrayLike, items: Items, cuts: ArrayLike, prior: Prior = STANDARD_NORMAL
) -> CompetencyLevel:
    """Place every person in a level of one competency, with the probability of each level.

    Takes ordered credits of shape (persons, items), -1 missing, the items of the competency, calibrated on such
    credits, and the rising cuts of a panel in logits, shape (levels - 1,). Returns CompetencyLevel. Raises ValueError
    if a credit does not fit its item, or cuts do not rise.

    Source
    ------
    Samejima (1969), Psychometrika Monograph 17; Bock & Mislevy (1982), APM 6(4), 431-444.
    """
    known = posterior(credits, items, prior)
    ability, silent = summarise(known), known.n_items == 0
    chances = np.where(silent[:, None], np.nan, level_probabilities(known, cuts))
    theta, se = np.where(silent, np.nan, ability.theta), np.where(silent, np.nan, ability.se)
    level = np.where(silent, MISSING, attained_level(ability.theta, cuts))
    near = np.abs(theta[:, None] - real_numbers("cuts", cuts, 1)) <= se[:, None]
    return CompetencyLevel(theta, se, level, chances, np.asarray(near.any(axis=1)), known.n_items)


def competency_levels(
    credits: ArrayLike,
    items: Items,
    columns: Mapping[str, Sequence[int]],
    cuts: Mapping[str, ArrayLike],
    prior: Prior = STANDARD_NORMAL,
) -> dict[str, CompetencyLevel]:
    """Place every person in a level of each competency of a test.

    Takes what `competency_level` takes, with columns and cuts of each competency by its name; returns its result for
    each. Raises ValueError as `competency_level`, or when the two do not name the same competencies.
    """
    if columns.keys() != cuts.keys():
        raise ValueError(f"competencies {sorted(columns)} have items, {sorted(cuts)} have cuts")
    given = checked_responses(credits, items.categories)
    return {
        name: competency_level(given[:, list(own)], items.at(own), cuts[name], prior) for name, own in columns.items()
    }


def _standardised(rows: Floats) -> Floats:
    n = np.isfinite(rows).sum(axis=1, keepdims=True)
    apart = rows - np.nansum(rows, axis=1, keepdims=True) / np.where(n > 1, n, np.nan)
    spread = np.sqrt(np.nansum(apart**2, axis=1, keepdims=True) / np.where(n > 1, n - 1, np.nan))
    found: Floats = apart / np.where(spread > 1e-12, spread, np.nan)
    return found
