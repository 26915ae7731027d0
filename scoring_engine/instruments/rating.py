"""Rating scales from 1 to k: keyed, averaged, checked for yes-saying, and scored.

Ratings are as printed for people, 1 to k, -1 missing; credits are what graded items take, 0 to k - 1, -1 missing. A
missing rating is ignored: on a scale of typical performance there is nothing that it could be wrong about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import Ability, eap
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior
from scoring_engine.curves.items import Items
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, whole_numbers


@dataclass(frozen=True)
class RatingScale:
    """Items that are rated from 1 to the same highest category.

    Parameters
    ----------
    categories : int
        k, at least 2 and at most 127.
    reverse : one truth for each item
        True where agreement speaks for less of what the scale measures.

    Raises
    ------
    ValueError
        No item, or not 2 to 127 categories.
    """

    categories: int
    reverse: tuple[bool, ...]

    def __post_init__(self) -> None:
        """Refuse what is no scale."""
        if not self.reverse or not 2 <= self.categories <= 127:
            raise ValueError(f"{len(self.reverse)} items of {self.categories} categories are no rating scale")


def keyed(ratings: ArrayLike, scale: RatingScale) -> Ints:
    """Turn reversed items back: k + 1 - rating.

    Parameters
    ----------
    ratings : shape (persons, items), or (items,) for one person
        Whole numbers from 1 to k; -1 missing.
    scale : RatingScale

    Returns
    -------
    shape (persons, items)
        From 1 to k; more is more of what the scale measures. -1 stays missing.

    Raises
    ------
    ValueError
        Not whole numbers, another number of columns than items, or outside 1 to k.
    """
    given = _checked(ratings, scale)
    turned = np.where(np.array(scale.reverse), scale.categories + 1 - given, given)
    return np.where(given == MISSING, MISSING, turned)


def credits(ratings: ArrayLike, scale: RatingScale) -> Answers:
    """Make of ratings the responses that graded and partial credit items take.

    Takes what `keyed` takes, returns shape (persons, items), from 0 to k - 1, -1 missing. Raises ValueError as `keyed`.
    """
    turned = keyed(ratings, scale)
    return np.where(turned == MISSING, MISSING, turned - 1).astype(np.int8)


def scale_means(ratings: ArrayLike, scale: RatingScale, least_answered: int) -> Floats:
    """Compute the mean keyed rating of everyone who answered enough items.

    Parameters
    ----------
    ratings, scale : as for `keyed`
    least_answered : int
        From 1 to the number of items.

    Returns
    -------
    shape (persons,)
        From 1 to k; NaN with fewer answers, which is never a low score.

    Raises
    ------
    ValueError
        As `keyed`, or least_answered is not between 1 and the number of items.
    """
    if not 1 <= least_answered <= len(scale.reverse):
        raise ValueError(f"at least {least_answered} answers cannot be asked of {len(scale.reverse)} items")
    turned = keyed(ratings, scale)
    return _means(turned, turned != MISSING, least_answered)


def acquiescence(ratings: ArrayLike, scale: RatingScale, least_answered: int = 2) -> Floats:
    """Compute how much a person agrees whatever is said: the mean raw rating less the middle of the scale.

    The plain and the reversed items count half each, however many there are, so that what the scale measures cancels.

    Parameters
    ----------
    ratings, scale : as for `keyed`
    least_answered : int
        Of the plain and of the reversed items each.

    Returns
    -------
    shape (persons,)
        In categories, from -(k - 1) / 2 to (k - 1) / 2; NaN with fewer answers.

    Raises
    ------
    ValueError
        As `keyed`; least_answered is below 1; or fewer than that many items are plain, or reversed.

    Source
    ------
    Soto, John, Gosling & Potter (2008), Journal of Personality and Social Psychology 94(4), 718-737.
    """
    given, reverse = _checked(ratings, scale), np.array(scale.reverse)
    if not 1 <= least_answered <= min(reverse.sum(), (~reverse).sum()):
        raise ValueError(f"{reverse.sum()} reversed of {reverse.size} items do not tell agreement from content")
    plain, turned = (_means(given, (given != MISSING) & side, least_answered) for side in (~reverse, reverse))
    return (plain + turned) / 2 - (scale.categories + 1) / 2


def score(ratings: ArrayLike, scale: RatingScale, items: Items, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate the trait behind ratings from the calibrated graded or partial credit items.

    Parameters
    ----------
    ratings, scale : as for `keyed`
    items : Items
        Calibrated on credits, each with k categories.
    prior : Prior

    Returns
    -------
    Ability
        In logits; a person without an answer gets the prior back, with n_items 0.

    Raises
    ------
    ValueError
        As `keyed`, or an item has another number of categories.

    Source
    ------
    Samejima (1969), Psychometrika Monograph 17; Bock & Mislevy (1982), APM 6(4), 431-444.
    """
    if len(items) != len(scale.reverse) or (items.categories != scale.categories).any():
        raise ValueError(f"the items are not {len(scale.reverse)} of {scale.categories} categories each")
    return eap(credits(ratings, scale), items, prior)


def _checked(ratings: ArrayLike, scale: RatingScale) -> Ints:
    given = whole_numbers("ratings", ratings)
    if given.shape[1] != len(scale.reverse):
        raise ValueError(f"ratings have {given.shape[1]} columns, the scale has {len(scale.reverse)} items")
    wrong = (given != MISSING) & ((given < 1) | (given > scale.categories))
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        raise ValueError(
            f"rating {given[person, item]} of person {person} on item {item} is not -1 or 1 to {scale.categories}"
        )
    return given


def _means(ratings: Ints, counted: Bools, least: int) -> Floats:
    n = counted.sum(axis=1)
    found: Floats = np.where(counted, ratings, 0).sum(axis=1) / np.where(n >= least, n, np.nan)
    return found
