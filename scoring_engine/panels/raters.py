"""Agreement between raters: intraclass correlations of numbers, kappa of categories.

Intraclass correlations are named as by Shrout & Fleiss. (1): every target has raters of its own. (2): the same raters
judge all targets and stand for others like them, so that their severity counts as error. (3): the same raters, and no
others are meant. Each is for one rating or for the mean of all k.

Values are not cut to 0: less agreement than by chance is printed as a negative number.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc, fdtri, ndtri

from scoring_engine.responses import MISSING, Floats, Ints, checked_responses, whole_numbers

Model = Literal[1, 2, 3]
Weights = Literal["equal", "linear", "quadratic"]
Three = tuple[float, float, float]


@dataclass(frozen=True)
class Intraclass:
    """An intraclass correlation with its interval, and the F test that it is 0 (infinite where there is no error)."""

    value: float
    low: float
    high: float
    f: float
    df1: int
    df2: int
    p: float


def intraclass(ratings: ArrayLike, model: Model, average: bool = False, confidence: float = 0.95) -> Intraclass:
    """Compute an intraclass correlation from the mean squares of targets, raters and error.

    Parameters
    ----------
    ratings : shape (targets, raters)
        In any unit, none missing.
    model, average : 1, 2 or 3; bool
        As the module says; average for the mean of all raters.
    confidence : float
        Of the two-sided interval.

    Returns
    -------
    Intraclass

    Raises
    ------
    ValueError
        A rating is missing, fewer than two targets or raters, all targets have the same mean, or no such model.

    Source
    ------
    Shrout & Fleiss (1979), Psychological Bulletin 86(2), 420-428; interval of (2): Satterthwaite's degrees of
    freedom, the same, p. 424.
    """
    if model not in (1, 2, 3):
        raise ValueError(f"the models are 1, 2 and 3, not {model}")
    _refuse_confidence(confidence)
    squares = _mean_squares(_checked_ratings(ratings))
    shown = _two_way(squares, confidence) if model == 2 else _one_way(squares, model, confidence)
    value, low, high = (_of_mean(single, squares.k) for single in shown) if average else shown
    return Intraclass(value, low, high, *_f_test(squares, model))


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance on ``n`` targets; the interval is value -+ z se.

    ``se_without_agreement`` holds if there were none beyond chance: value / this tests that.
    """

    value: float
    low: float
    high: float
    se: float
    se_without_agreement: float
    n: int


def cohen_kappa(
    first: ArrayLike, second: ArrayLike, n_categories: int, weights: Weights = "equal", confidence: float = 0.95
) -> Kappa:
    """Compute Cohen's kappa of two raters.

    Parameters
    ----------
    first, second : shape (targets,)
        Of n_categories categories from 0; -1 is missing: the target is left out, and `Kappa.n` counts the others.
    weights : "equal", "linear" or "quadratic"
        How near misses count: not at all, or 1 - d or 1 - d^2, with d the distance as a share of the largest.
    confidence : float
        Of the two-sided interval.

    Returns
    -------
    Kappa
        With the standard errors of large samples.

    Raises
    ------
    ValueError
        Another category, unequal numbers, fewer than two targets, or both raters use one and the same category only.

    Source
    ------
    Cohen (1960), Educational and Psychological Measurement 20(1), 37-46, and (1968), Psychological Bulletin 70(4),
    213-220; errors: Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72(5), 323-327.
    """
    _refuse_confidence(confidence)
    counts = _crossed(first, second, n_categories)
    if counts.max() == counts.sum() == np.trace(counts):
        raise ValueError("both raters use the same one category throughout: kappa does not exist")
    value, variance, by_chance = _kappa(counts / counts.sum(), _agreement_weights(n_categories, weights))
    n = int(counts.sum())
    se, reach = np.sqrt(variance / n), np.sqrt(variance / n) * ndtri((1 + confidence) / 2)
    return Kappa(value, value - reach, value + reach, se, np.sqrt(by_chance / n), n)


@dataclass(frozen=True, eq=False)
class FleissKappa:
    """Agreement of many raters beyond chance; the standard error holds if there were none.

    ``by_category``, shape (categories,), is kappa of each against all others; NaN for one that nobody used.
    """

    value: float
    se_without_agreement: float
    by_category: Floats


def fleiss_kappa(counts: ArrayLike) -> FleissKappa:
    """Compute Fleiss' kappa of many raters, who need not be the same for every target.

    Parameters
    ----------
    counts : shape (targets, categories)
        How many raters put the target into the category; every target has the same number of raters.

    Returns
    -------
    FleissKappa

    Raises
    ------
    ValueError
        A negative count, unequal numbers of raters, fewer than two of them or of targets, or one category only.

    Source
    ------
    Fleiss (1971), Psychological Bulletin 76(5), 378-382; error: Fleiss, Nee & Landis (1979), Psychological
    Bulletin 86(5), 974-977.
    """
    table = _checked_counts(counts)
    targets, raters = len(table), int(table[0].sum())
    p = table.sum(axis=0) / (targets * raters)
    spread = p * (1 - p)
    apart = (table * (raters - table)).sum(axis=0)
    within = apart / (targets * raters * (raters - 1))
    by_category = 1 - np.divide(within, spread, out=np.full(p.size, np.nan), where=spread > 0)
    whole = spread.sum()
    variance = 2 * (whole**2 - (spread * (1 - 2 * p)).sum()) / (targets * raters * (raters - 1) * whole**2)
    return FleissKappa(float(1 - within.sum() / whole), float(np.sqrt(max(variance, 0.0))), by_category)


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a table of targets and raters: between targets, within them, between raters, and what is left."""

    n: int
    k: int
    targets: float
    within: float
    raters: float
    error: float


def _mean_squares(table: Floats) -> _Squares:
    n, k = table.shape
    centred = table - table.mean()
    target, rater = centred.mean(axis=1), centred.mean(axis=0)
    left = centred - target[:, None] - rater
    between, across, error = k * (target**2).sum(), n * (rater**2).sum(), (left**2).sum()
    within = (across + error) / (n * (k - 1))
    return _Squares(n, k, between / (n - 1), within, across / (k - 1), error / ((n - 1) * (k - 1)))


def _noise(squares: _Squares, model: Model) -> tuple[float, int]:
    """Take the mean square that targets are held against, and its degrees of freedom."""
    n, k = squares.n, squares.k
    return (squares.within, n * (k - 1)) if model == 1 else (squares.error, (n - 1) * (k - 1))


def _f_test(squares: _Squares, model: Model) -> tuple[float, int, int, float]:
    error, df2 = _noise(squares, model)
    if error == 0:
        return np.inf, squares.n - 1, df2, 0.0
    f = squares.targets / error
    return f, squares.n - 1, df2, float(fdtrc(squares.n - 1, df2, f))


def _one_way(squares: _Squares, model: Model, confidence: float) -> Three:
    error, df2 = _noise(squares, model)
    upper_f, lower_f = fdtri(squares.n - 1, df2, [(1 + confidence) / 2, (1 - confidence) / 2])
    value, low, high = (
        float((squares.targets - q * error) / (squares.targets + (squares.k - 1) * q * error))
        for q in (1.0, upper_f, lower_f)
    )
    return value, low, high


def _two_way(squares: _Squares, confidence: float) -> Three:
    n, k, between, error = squares.n, squares.k, squares.targets, squares.error
    noise = k * squares.raters + (k * n - k - n) * error
    value = n * (between - error) / (noise + n * between)
    one, other = k * value * squares.raters, (n * (1 + (k - 1) * value) - k * value) * error
    one, other = (one, other) if value > 0 else (0.0, n * error)  # or both would cancel
    below = (n - 1) * one**2 + other**2
    freedom = (k - 1) * (n - 1) * (one + other) ** 2 / below if below > 0 else (k - 1) * (n - 1)
    upper_f, lower_f = fdtri([n - 1, freedom], [freedom, n - 1], (1 + confidence) / 2)
    low = n * (between - upper_f * error) / (upper_f * noise + n * between)
    return float(value), float(low), float(n * (lower_f * between - error) / (noise + n * lower_f * between))


def _of_mean(single: float, k: int) -> float:
    """Step up to the mean of k ratings, as all three models do; NaN for a value so low that it would turn positive."""
    below = 1 + (k - 1) * single
    return k * single / below if below > 0 else np.nan


def _kappa(p: Floats, w: Floats) -> tuple[float, float, float]:
    """Compute kappa, and n times its variance: as it is, and if there were no agreement beyond chance."""
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    independent = rows[:, None] * columns
    expected = float((w * independent).sum())
    value = float(((w * p).sum() - expected) / (1 - expected))
    edge = (w * columns).sum(axis=1)[:, None] + (w * rows[:, None]).sum(axis=0)
    spread = float((p * (w - edge * (1 - value)) ** 2).sum()) - (value - expected * (1 - value)) ** 2
    without = float((independent * (w - edge) ** 2).sum()) - expected**2
    scale = (1 - expected) ** 2
    return value, max(spread, 0.0) / scale, max(without, 0.0) / scale


def _agreement_weights(n_categories: int, weights: Weights) -> Floats:
    if weights not in ("equal", "linear", "quadratic"):
        raise ValueError(f"weights are equal, linear or quadratic, not {weights}")
    if weights == "equal":
        return np.eye(n_categories)
    places = np.arange(n_categories)
    distance = np.abs(places[:, None] - places) / (n_categories - 1)
    return np.asarray(1 - distance ** (1 if weights == "linear" else 2))


def _crossed(first: ArrayLike, second: ArrayLike, n_categories: int) -> Ints:
    if n_categories < 2:
        raise ValueError(f"agreement needs at least two categories, not {n_categories}")
    if np.ndim(first) != 1 or np.shape(first) != np.shape(second):
        raise ValueError(f"two raters give two rows of one length, not {np.shape(first)} and {np.shape(second)}")
    pairs = checked_responses(np.stack([first, second], axis=1), [n_categories] * 2)
    pairs = pairs[(pairs != MISSING).all(axis=1)]
    if len(pairs) < 2:
        raise ValueError(f"{len(pairs)} targets were rated by both: at least two are needed")
    cells = pairs[:, 0].astype(np.int64) * n_categories + pairs[:, 1]
    return np.bincount(cells, minlength=n_categories**2).reshape(n_categories, n_categories)


def _checked_ratings(ratings: ArrayLike) -> Floats:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError(f"ratings need at least two targets and two raters, not the shape {table.shape}")
    if not np.isfinite(table).all():
        target, rater = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(f"rating {table[target, rater]} of target {target} by rater {rater} is missing or not finite")
    if np.ptp(table.mean(axis=1)) <= 1e-12 * np.abs(table).max():
        raise ValueError("all targets have the same mean: there is nothing to agree on")
    return table


def _checked_counts(counts: ArrayLike) -> Ints:
    table = whole_numbers("counts", counts)
    if min(table.shape) < 2 or (table < 0).any():
        raise ValueError("counts need at least two targets and two categories, and none is negative")
    raters = table.sum(axis=1)
    if (raters != raters[0]).any() or raters[0] < 2:
        target = int(np.argmax(raters != raters[0]))
        raise ValueError(f"target {target} has {raters[target]} raters: all have the same number, at least two")
    if np.count_nonzero(table.sum(axis=0)) < 2:
        raise ValueError("one category only was used: kappa does not exist")
    return table


def _refuse_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence:g} is not between 0 and 1")
