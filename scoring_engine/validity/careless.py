"""Signs that a person answered a questionnaire without reading it.

No single sign proves anything: an index opens a review and changes no score. Responses are whole numbers from 0, -1
missing, in the order in which people saw the items. Runs and spread are of the answers as given; `even_odd` and the
indices from pairs need reversed items turned back first, because they ask whether like items were answered alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from scoring_engine.responses import MISSING, Bools, Floats, Ints, real_numbers, whole_numbers

ALIKE = 0.60
"""Items that correlate at least so are synonyms, at most minus so antonyms (Meade & Craig 2012)."""

LEAST_POINTS = 3
"""A correlation within a person rests on at least this many points: through two it is always 1 or -1."""


@dataclass(frozen=True, eq=False)
class AnswerMoments:
    """What is usual in a group: mean and covariance of the answers of people who answered all items.

    mean has shape (items,); covariance shape (items, items), divisor persons - 1, and an inverse.
    """

    mean: Floats
    covariance: Floats
    n_persons: int


@dataclass(frozen=True, eq=False)
class Distance:
    """How far the answers of every person lie from what is usual.

    squared is the squared Mahalanobis distance of the answered items, NaN without an answer; df counts them; p is the
    probability of one as large or larger if answers were normal (rating scales: roughly). Shape (persons,).
    """

    squared: Floats
    df: Ints
    p: Floats


def long_string(responses: ArrayLike) -> Ints:
    """Count the longest run of equal answers one after another; a missing answer ends a run.

    Takes shape (persons, items), returns shape (persons,), 0 without an answer. Raises ValueError unless responses
    are whole numbers from -1.

    Source
    ------
    Johnson (2005), Journal of Research in Personality 39(1), 103-129.
    """
    answers = _checked(responses)
    (longest, run), before = np.zeros((2, len(answers)), dtype=np.int64), np.full(len(answers), MISSING)
    for answer in answers.T:
        run = np.where(answer == MISSING, 0, np.where(answer == before, run + 1, 1))
        longest, before = np.maximum(longest, run), answer
    return longest


def straight_lining(responses: ArrayLike) -> Floats:
    """Compute the share of a person's answers that are in the category used most.

    Takes shape (persons, items), returns shape (persons,), from 0 to 1, NaN without an answer. Raises ValueError
    unless responses are whole numbers from -1.

    Source
    ------
    Kim, Dykema, Stevenson, Black & Moberg (2019), Social Science Computer Review 37(2), 214-233.
    """
    answers = _checked(responses)
    most = np.zeros(len(answers), dtype=np.int64)
    for category in np.unique(answers[answers != MISSING]):
        most = np.maximum(most, (answers == category).sum(axis=1))
    n_answered = (answers != MISSING).sum(axis=1)
    return most / np.where(n_answered > 0, n_answered, np.nan)


def individual_variability(responses: ArrayLike) -> Floats:
    """Compute the standard deviation of a person's answers over items, with divisor answers - 1.

    Takes shape (persons, items), returns shape (persons,), in categories, NaN with fewer than two answers. Raises
    ValueError unless responses are whole numbers from -1.

    Source
    ------
    Dunn, Heggestad, Shanock & Theilgard (2018), Journal of Business and Psychology 33(1), 105-121.
    """
    answers = _checked(responses)
    seen = answers != MISSING
    n, given = seen.sum(axis=1), np.where(seen, answers, 0)
    # In whole numbers, so that equal answers give exactly 0.
    spread = n * (given**2).sum(axis=1) - given.sum(axis=1) ** 2
    found: Floats = np.sqrt(spread / np.where(n > 1, n * (n - 1), np.nan))
    return found


def even_odd(responses: ArrayLike, scales: Sequence[Sequence[int]]) -> Floats:
    """Correlate, within a person, the means of the odd with those of the even items over scales, stepped up.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        With reversed items turned back.
    scales : columns of each scale, at least two each
        First, third, ... are odd. At least three scales; some ten are needed for the index to say much.

    Returns
    -------
    shape (persons,)
        By Spearman and Brown, 2 r / (1 + r), but -1 where halves oppose each other so far (r < -1/3) that it would
        fall below. NaN where fewer than three scales have both halves, or where a half never varies.

    Raises
    ------
    ValueError
        Responses are not whole numbers from -1, fewer than three scales, or a scale with fewer than two or unknown
        columns.

    Source
    ------
    Meade & Craig (2012), Psychological Methods 17(3), 437-455; Johnson (2005), JRP 39(1), 103-129.
    """
    answers = _checked(responses)
    if len(scales) < LEAST_POINTS or min(map(len, scales)) < 2:
        raise ValueError(f"even-odd consistency needs {LEAST_POINTS} scales of two items or more")
    _refuse_unknown([column for scale in scales for column in scale], answers.shape[1])
    odd, even = (_scale_means(answers, [scale[half::2] for scale in scales]) for half in (0, 1))
    r = _within_person(odd, even)
    return np.maximum(2 * r / np.maximum(1 + r, 0.5), -1.0)  # the same: at r = -1/2 and below it is under -1 anyway


def related_pairs(responses: ArrayLike, alike: float = ALIKE, antonyms: bool = False) -> Ints:
    """Find the pairs of items that people answer alike, or as antonyms opposed.

    Parameters
    ----------
    responses : shape (persons, items)
        Of a frozen group, reversed items turned back.
    alike : float
        The least correlation, between 0 and 1; antonyms correlate at most minus so.
    antonyms : bool

    Returns
    -------
    shape (pairs, 2)
        Columns i < k. Correlations are of people who answered both; an item that never varies is in no pair.

    Raises
    ------
    ValueError
        Responses are not whole numbers from -1, fewer than three persons, or alike is not between 0 and 1.

    Source
    ------
    Meade & Craig (2012), Psychological Methods 17(3), 437-455.
    """
    answers = _checked(responses)
    if len(answers) < LEAST_POINTS or not 0 < alike <= 1:
        raise ValueError(f"{len(answers)} persons, or a least correlation of {alike:g}, find no pairs")
    r = _item_correlations(answers)
    with np.errstate(invalid="ignore"):
        found = (-r if antonyms else r) >= alike
    return np.argwhere(np.triu(found, 1)).astype(np.int64)


def pair_consistency(responses: ArrayLike, pairs: ArrayLike) -> Floats:
    """Correlate, within a person, the first with the second items of pairs: near 1 for synonyms, -1 for antonyms.

    Takes responses and the columns of pairs, shape (pairs, 2), from `related_pairs` of a frozen group; which of two is
    first makes a small difference. Returns shape (persons,), NaN where fewer than three pairs were answered or a side
    never varies. Raises ValueError unless responses are whole numbers from -1 and pairs are pairs of known columns.

    Source
    ------
    Meade & Craig (2012), Psychological Methods 17(3), 437-455.
    """
    answers, columns = _checked(responses), np.asarray(pairs)
    if columns.ndim != 2 or columns.shape[1] != 2 or columns.dtype.kind not in "iu":
        raise ValueError(f"pairs of shape {columns.shape} are not two columns each")
    _refuse_unknown(columns.ravel().tolist(), answers.shape[1])
    values = np.where(answers == MISSING, np.nan, answers)
    return _within_person(values[:, columns[:, 0]], values[:, columns[:, 1]])


def answer_moments(responses: ArrayLike) -> AnswerMoments:
    """Describe what is usual in a group, from those who answered all items.

    Takes shape (persons, items), returns AnswerMoments. Raises ValueError unless responses are whole numbers from -1,
    more persons than items answered all, and no item follows from the others.

    Source
    ------
    Mahalanobis (1936), Proceedings of the National Institute of Sciences of India 2(1), 49-55.
    """
    answers = _checked(responses)
    whole = answers[(answers != MISSING).all(axis=1)]
    n, n_items = whole.shape
    if n <= n_items:
        raise ValueError(f"{n} persons answered all of {n_items} items; there must be more persons than items")
    # Whole numbers below 2^53: every order of adding gives the same sums.
    sums, products = whole.sum(axis=0).astype(np.float64), whole.T.astype(np.float64) @ whole
    covariance = (products * n - sums[:, None] * sums) / (n * (n - 1.0))
    _cholesky(covariance)
    return AnswerMoments(sums / n, covariance, n)


def mahalanobis(responses: ArrayLike, usual: AnswerMoments) -> Distance:
    """Compute how far the answered items of every person lie from what is usual in a group.

    Takes shape (persons, items), returns Distance. Raises ValueError unless responses are whole numbers from -1 and fit
    the group's items. Each set of answered items that occurs takes a pass of its own.

    Source
    ------
    Mahalanobis (1936); Meade & Craig (2012), Psychological Methods 17(3), 437-455.
    """
    answers = _checked(responses)
    if answers.shape[1] != real_numbers("mean", usual.mean, 1).size:
        raise ValueError(f"responses have {answers.shape[1]} columns, the group has {usual.mean.size} items")
    seen = answers != MISSING
    squared, df = np.full(len(answers), np.nan), seen.sum(axis=1)
    for pattern in np.unique(seen[df > 0], axis=0):
        people, factor = (seen == pattern).all(axis=1), _cholesky(usual.covariance[np.ix_(pattern, pattern)])
        squared[people] = _squared_length(factor, answers[people][:, pattern] - usual.mean[pattern])
    return Distance(squared, df, np.asarray(chdtrc(np.maximum(df, 1), squared)))


def _checked(responses: ArrayLike) -> Ints:
    answers = whole_numbers("responses", responses)
    if answers.shape[1] == 0:
        raise ValueError("responses have no items")
    if (answers < MISSING).any():
        person, item = np.argwhere(answers < MISSING)[0]
        raise ValueError(f"response {answers[person, item]} of person {person} to item {item} is below -1")
    return answers


def _refuse_unknown(columns: Sequence[int], n_items: int) -> None:
    for column in columns:
        if not 0 <= column < n_items:
            raise ValueError(f"column {column} is none of the {n_items} items")


def _scale_means(answers: Ints, scales: Sequence[Sequence[int]]) -> Floats:
    seen = answers != MISSING
    given = np.where(seen, answers, 0)
    n = np.stack([seen[:, list(scale)].sum(axis=1) for scale in scales], axis=1)
    sums = np.stack([given[:, list(scale)].sum(axis=1) for scale in scales], axis=1)
    return sums / np.where(n > 0, n, np.nan)


def _within_person(first: Floats, second: Floats) -> Floats:
    both: Bools = np.isfinite(first) & np.isfinite(second)
    n = both.sum(axis=1)
    enough = np.where(n >= LEAST_POINTS, n, np.nan)[:, None]
    x, y = (np.ascontiguousarray(np.where(both, side, 0.0)) for side in (first, second))
    x, y = (np.where(both, side - side.sum(axis=1, keepdims=True) / enough, 0.0) for side in (x, y))
    spread = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    constant = spread <= 1e-12 * n
    found: Floats = (x * y).sum(axis=1) / np.where(constant, np.nan, spread)
    return np.clip(found, -1.0, 1.0)


def _item_correlations(answers: Ints) -> Floats:
    # Sums of whole numbers: no order of adding matters.
    seen = (answers != MISSING).astype(np.float64)
    given = np.where(answers == MISSING, 0, answers).astype(np.float64)
    n, sums, squares, products = seen.T @ seen, given.T @ seen, (given**2).T @ seen, given.T @ given
    variances = n * squares - sums**2
    spread = np.sqrt(variances * variances.T)
    known = np.where((n >= LEAST_POINTS) & (spread > 0), spread, np.nan)
    found: Floats = (n * products - sums * sums.T) / known
    return found


def _cholesky(covariance: Floats) -> Floats:
    """Factor a covariance column by column: the same bits whatever the number of threads."""
    rest, factor = covariance.copy(), np.zeros_like(covariance)
    for column, variance in enumerate(np.diag(covariance)):
        if rest[column, column] <= 1e-10 * variance or variance <= 0:
            raise ValueError(f"item {column} never varies, or follows from the items before it")
        factor[column:, column] = rest[column:, column] / np.sqrt(rest[column, column])
        rest -= np.outer(factor[:, column], factor[:, column])
    return factor


def _squared_length(factor: Floats, apart: Floats) -> Floats:
    rest, squared = apart.copy(), np.zeros(len(apart))
    for column in range(len(factor)):
        part = rest[:, column] / factor[column, column]
        rest -= part[:, None] * factor[:, column]
        squared += part**2
    return squared
