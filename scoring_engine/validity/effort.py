"""Whether people worked at an item at all: rapid guesses, and what remains without them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import MISSING, Bools, Floats, Ints, whole_numbers
from scoring_engine.validity.response_times import log_times

MEDIAN_SHARE = 0.10
"""Faster than this share of an item's median time is no attempt to solve it (psychometrics, section 13)."""

LEAST_EFFORT = 0.90
"""Who worked at fewer of the items than this gives scores that need a look: a convention, set per instrument."""


@dataclass(frozen=True, eq=False)
class Effort:
    """How much of the test every person worked at.

    Parameters
    ----------
    share : shape (persons,)
        Response-time effort, from 0 to 1; NaN without a time.
    n_items, n_rapid : shape (persons,)
        How many times it rests on, and how many of them are rapid guesses.
    low : shape (persons,)
        True where the share is below the limit.
    """

    share: Floats
    n_items: Ints
    n_rapid: Ints
    low: Bools


def median_thresholds(seconds: ArrayLike, share: float = MEDIAN_SHARE, longest: float = np.inf) -> Floats:
    """Set the threshold of every item at a share of its median time.

    Parameters
    ----------
    seconds : shape (persons, items), or (items,) for one person
        Of a frozen group; 0 and NaN are missing.
    share : float
        Between 0 and 1.
    longest : float
        No threshold is longer than this, in seconds: who reads a page of text for 10 s may be solving.

    Returns
    -------
    shape (items,)
        In seconds; NaN for an item without a time, where no answer is then called rapid.

    Raises
    ------
    ValueError
        A time is negative or infinite, nobody has a row, the share is not between 0 and 1, or longest is not above 0.

    Source
    ------
    Wise & Ma (2012), NCME annual meeting, with the median instead of the mean.
    """
    if not 0 < share < 1 or not longest > 0:
        raise ValueError(f"a share of {share:g} of the median, at most {longest:g} s, is no threshold")
    log_times(seconds)  # refuses what is no time
    times = np.atleast_2d(np.array(seconds, dtype=np.float64))
    if len(times) == 0:
        raise ValueError("nobody's times make no threshold")
    ordered = np.sort(np.where(times > 0, times, np.nan), axis=0)  # missing times come last
    n_times, columns = np.count_nonzero(times > 0, axis=0), np.arange(times.shape[1])
    middle = ordered[(n_times - 1) // 2, columns] / 2 + ordered[n_times // 2, columns] / 2
    thresholds: Floats = np.minimum(share * middle, longest)
    return thresholds


def rapid_guesses(seconds: ArrayLike, thresholds: ArrayLike) -> Bools:
    """Mark the answers that came before a person can have worked at the item.

    Parameters
    ----------
    seconds : shape (persons, items), or (items,) for one person
        0 and NaN are missing, and never rapid.
    thresholds : shape (items,), or one number for all items
        In seconds; a time equal to it is no rapid guess. NaN: the item has none.

    Returns
    -------
    shape (persons, items)

    Raises
    ------
    ValueError
        A time is negative or infinite, a threshold is negative or infinite, or shapes disagree.

    Source
    ------
    Wise & Kong (2005), Applied Measurement in Education 18(2), 163-183.
    """
    limits = np.atleast_1d(np.asarray(thresholds, dtype=np.float64))
    if limits.ndim != 1 or (limits < 0).any() or np.isinf(limits).any():
        raise ValueError("a threshold is negative or infinite, or there is not one for each item")
    log_times(seconds, None if limits.size == 1 else limits.size)
    times = np.atleast_2d(np.array(seconds, dtype=np.float64))
    rapid: Bools = (times > 0) & (times < limits)
    return rapid


def response_time_effort(seconds: ArrayLike, thresholds: ArrayLike, least: float = LEAST_EFFORT) -> Effort:
    """Compute the share of items that each person worked at: those with a time at or above the threshold.

    Parameters
    ----------
    seconds, thresholds : as for `rapid_guesses`
        Items without a threshold are left out.
    least : float
        The limit of `Effort.low`, from 0 to 1.

    Returns
    -------
    Effort

    Raises
    ------
    ValueError
        As `rapid_guesses`, or least is not between 0 and 1.

    Source
    ------
    Wise & Kong (2005), Applied Measurement in Education 18(2), 163-183.
    """
    if not 0 <= least <= 1:
        raise ValueError(f"the least effort {least:g} is not between 0 and 1")
    rapid = rapid_guesses(seconds, thresholds)
    times = np.atleast_2d(np.array(seconds, dtype=np.float64))
    timed = (times > 0) & np.isfinite(np.asarray(thresholds, dtype=np.float64))
    n_items, n_rapid = np.count_nonzero(timed, axis=1), np.count_nonzero(rapid, axis=1)
    share = (n_items - n_rapid) / np.where(n_items > 0, n_items, np.nan)
    return Effort(share, n_items.astype(np.int64), n_rapid.astype(np.int64), share < least)


def effort_moderated(responses: ArrayLike, seconds: ArrayLike, thresholds: ArrayLike) -> Ints:
    """Make every rapid guess a missing answer, so that a score rests on the items a person worked at.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers from 0, -1 missing. An answer without a time stays.
    seconds, thresholds : as for `rapid_guesses`

    Returns
    -------
    shape (persons, items)

    Raises
    ------
    ValueError
        As `rapid_guesses`; responses are not whole numbers from -1; or shapes disagree.

    Source
    ------
    Wise & DeMars (2006), Journal of Educational Measurement 43(1), 19-38.
    """
    answers, rapid = whole_numbers("responses", responses), rapid_guesses(seconds, thresholds)
    if answers.shape != rapid.shape:
        raise ValueError(f"responses have shape {answers.shape}, times have shape {rapid.shape}")
    if (answers < MISSING).any():
        person, item = np.argwhere(answers < MISSING)[0]
        raise ValueError(f"response {answers[person, item]} of person {person} to item {item} is below -1")
    return np.where(rapid, MISSING, answers)
