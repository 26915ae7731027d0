"""Reliability of a sum score in classical test theory.

Everything starts from the covariances of the items, divisor n - 1, computed in one of two ways. Listwise: only persons
who answered every item count. Pairwise: each covariance rests on the persons who answered both items; no data need have
such a table, and intervals use its smallest number of persons.

Nothing is cut to 0 or 1: a negative coefficient is printed as it is. A coefficient is NaN if there are fewer than two
items or the sum score does not vary.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtri

from scoring_engine.classical.items import FEWEST
from scoring_engine.classical.one_factor import one_factor
from scoring_engine.responses import MISSING, Bools, Floats, checked_responses, whole_numbers

Missing = Literal["listwise", "pairwise"]

ROUNDING = 1e-12
"""A variance below this share of the items' own is what rounding leaves of 0."""


@dataclass(frozen=True, eq=False)
class Covariances:
    """All that reliability needs to know of a test.

    Parameters
    ----------
    matrix : shape (items, items)
        Variances and covariances in squared points.
    n : int
        Persons that every entry rests on at least.
    missing : "listwise" or "pairwise"
        How gaps were left out.
    """

    matrix: Floats
    n: int
    missing: Missing

    @property
    def n_items(self) -> int:
        """Count the items."""
        return len(self.matrix)

    @property
    def variance(self) -> float:
        """Sum all entries: the variance of the sum score, in squared points; 0 where only rounding is left of it."""
        whole = float(self.matrix.sum())
        return whole if whole > ROUNDING * np.trace(self.matrix) else min(whole, 0.0)


def covariances(scores: ArrayLike, missing: Missing = "listwise") -> Covariances:
    """Compute the covariances of the items.

    Takes shape (persons, items), whole numbers from 0 with -1 for missing, or real numbers of any sign with NaN for
    missing, and how to leave these out; returns Covariances. Raises ValueError for another matrix, or if fewer than
    three persons answered all items (listwise) or some pair (pairwise).

    Source
    ------
    Little & Rubin (2002), Statistical Analysis with Missing Data, chapter 3.
    """
    values = _scores(scores)
    if missing not in ("listwise", "pairwise"):
        raise ValueError(f"gaps are left out listwise or pairwise, not {missing}")
    if missing == "listwise":
        values = values[~np.isnan(values).any(axis=1)]
    return _covariances(values, missing)


@dataclass(frozen=True, eq=False)
class Alpha:
    """Coefficient alpha with its interval; ``if_dropped``, shape (items,): without each item, by the same persons."""

    value: float
    low: float
    high: float
    if_dropped: Floats


def alpha(known: Covariances, confidence: float = 0.95) -> Alpha:
    """Compute coefficient alpha, J / (J - 1) (1 - sum of variances / variance of the sum).

    Parameters
    ----------
    known : Covariances
    confidence : float
        Of the two-sided interval 1 - (1 - alpha) F, F with n - 1 and (n - 1)(J - 1) degrees of freedom.

    Returns
    -------
    Alpha

    Raises
    ------
    ValueError
        The confidence is not between 0 and 1.

    Source
    ------
    Cronbach (1951), Psychometrika 16(3), 297-334; Feldt (1965), Psychometrika 30(3), 357-370.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence:g} is not between 0 and 1")
    variances, items = np.diag(known.matrix), known.n_items
    value = float(_alpha(items, variances.sum(), np.array(known.variance)))
    tails = np.array([1 + confidence, 1 - confidence]) / 2
    low, high = 1 - (1 - value) * fdtri(known.n - 1, (known.n - 1) * max(items - 1, 1), tails)
    rest = known.variance - 2 * known.matrix.sum(axis=1) + variances
    return Alpha(value, float(low), float(high), _alpha(items - 1, variances.sum() - variances, rest))


def kr20(right: ArrayLike, missing: Missing = "listwise") -> float:
    """Compute Kuder and Richardson's formula 20: alpha, for right or wrong items only.

    Takes shape (persons, items): 1 right, 0 wrong, -1 missing; returns one number. Raises ValueError for another
    answer, and as `covariances`.

    Source
    ------
    Kuder & Richardson (1937), Psychometrika 2(3), 151-160.
    """
    answers = checked_responses(right, np.full(np.shape(np.atleast_2d(right))[1], 2))
    return alpha(covariances(answers, missing)).value


def lambda2(known: Covariances) -> float:
    """Compute Guttman's second lower bound from covariances: never below alpha. Takes Covariances, returns a number.

    Source
    ------
    Guttman (1945), Psychometrika 10(4), 255-282.
    """
    between, items = known.matrix - np.diag(np.diag(known.matrix)), known.n_items
    if items < 2 or not known.variance > 0:
        return np.nan
    return float((between.sum() + np.sqrt(items / (items - 1) * (between**2).sum())) / known.variance)


@dataclass(frozen=True, eq=False)
class Omega:
    """Reliability under one common factor; ``value`` is NaN unless ``converged``.

    ``loadings`` (in points, their sum not negative), ``uniquenesses`` (squared points) and ``improper`` have shape
    (items,). Improper is an item whose uniqueness stopped at 0 (a Heywood case): look at it before using omega.
    """

    value: float
    loadings: Floats
    uniquenesses: Floats
    improper: Bools
    converged: bool


def omega_total(known: Covariances) -> Omega:
    """Compute omega, (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses), of the sum score.

    The factor fits the covariances by least squares outside the diagonal (minres), no uniqueness below 0. Takes
    Covariances, returns an Omega. Raises ValueError for fewer than three items, or an item that does not vary.

    Source
    ------
    McDonald (1999), Test Theory, chapter 6; Harman & Jones (1966), Psychometrika 31(3), 351-368; the bound:
    Harman & Fukuda (1966), Psychometrika 31(4), 563-571.
    """
    variances = np.diag(known.matrix)
    if known.n_items < 3:
        raise ValueError(f"one factor of {known.n_items} items is not determined: it takes three")
    if not (variances > 0).all():
        raise ValueError(f"item {int(np.argmin(variances))} does not vary")
    loadings, converged = one_factor(known.matrix)
    unique, common = np.maximum(variances - loadings**2, 0.0), loadings.sum() ** 2
    value = float(common / (common + unique.sum())) if converged else np.nan
    return Omega(value, loadings, unique, unique <= 1e-9 * variances, converged)


@dataclass(frozen=True, eq=False)
class SplitHalf:
    """Two halves of a test: ``first``, shape (items,), marks the items of one; their correlation; the reliability.

    The reliability is that of the whole test, by Spearman-Brown, in Horst's form where the halves are unequal.
    """

    first: Bools
    correlation: float
    reliability: float


def split_half(known: Covariances, chance: np.random.Generator | None = None, n_splits: int = 1000) -> SplitHalf:
    """Split a test into odd and even items; given chance, take the best of that and of many random splits.

    The largest of many is too large in a small sample: a bound, no estimate. Takes Covariances, a Generator and
    the number of splits to draw, returns a SplitHalf. Raises ValueError for fewer than two items.

    Source
    ------
    Spearman (1910), British Journal of Psychology 3, 271-295; Brown (1910), the same, 296-322; Horst (1951),
    Educational and Psychological Measurement 11(3), 368-371.
    """
    if known.n_items < 2:
        raise ValueError("a test of one item has no halves")
    plain = (np.arange(known.n_items) % 2 == 0)[None]
    drawn = plain[:0] if chance is None else chance.permuted(np.repeat(plain, n_splits, axis=0), axis=1)
    first = np.vstack([plain, drawn])
    correlation = _between_halves(known.matrix, np.where(first, 1.0, -1.0))
    reliability = _stepped_up(correlation, np.count_nonzero(first, axis=1) / known.n_items)
    at = int(np.argmax(np.nan_to_num(reliability, nan=-np.inf)))
    return SplitHalf(first[at], float(correlation[at]), float(reliability[at]))


def standard_error(sd: ArrayLike, reliability: ArrayLike) -> Floats:
    """Compute the standard error of measurement, sd sqrt(1 - reliability), in the unit of sd.

    Takes numbers or arrays that fit each other, returns their common shape, NaN where one is NaN. Raises ValueError
    if an sd is negative or a reliability above 1.

    Source
    ------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, section 3.8.
    """
    spread, share = np.asarray(sd, dtype=np.float64), np.asarray(reliability, dtype=np.float64)
    if (spread < 0).any() or (share > 1).any():
        raise ValueError("a standard deviation is negative, or a reliability above 1")
    return np.asarray(spread * np.sqrt(1 - share))


def _scores(given: ArrayLike) -> Floats:
    matrix = np.asarray(given)
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise ValueError(f"scores are a matrix of persons and items, not of shape {matrix.shape}")
    if matrix.dtype.kind == "f":
        values, wrong = matrix.astype(np.float64), np.isinf(matrix)
    else:
        whole = whole_numbers("scores", matrix)
        values, wrong = np.where(whole == MISSING, np.nan, whole), whole < MISSING
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        raise ValueError(f"{matrix[person, item]} of person {person} on item {item} is no score")
    return values


def _covariances(values: Floats, missing: Missing) -> Covariances:
    seen = np.ascontiguousarray(~np.isnan(values).T)
    n = np.array([np.count_nonzero(row & seen, axis=1) for row in seen])
    if n.min() < FEWEST:
        one, other = np.argwhere(n < FEWEST)[0]
        raise ValueError(f"{n[one, other]} persons count for items {one} and {other} ({missing}): {FEWEST} are needed")
    # Centred first, so that little is subtracted; then at the means of the persons of each pair.
    centred = np.ascontiguousarray(np.where(seen.T, values - np.nanmean(values, axis=0), 0.0).T)
    centred[np.nanmin(values, axis=0) == np.nanmax(values, axis=0)] = 0.0
    # Row by row, not as a matrix product, whose last bits depend on the number of threads.
    products = np.array([(row * centred).sum(axis=1) for row in centred])
    sums = np.array([(row * seen).sum(axis=1) for row in centred])
    return Covariances((products - sums * sums.T / n) / (n - 1), int(n.min()), missing)


def _alpha(items: int, variances: Floats, whole: Floats) -> Floats:
    found = np.full(np.shape(whole), np.nan)
    if items >= 2:
        np.divide(items * (whole - variances), (items - 1) * whole, out=found, where=whole > ROUNDING * variances)
    return found


def _between_halves(matrix: Floats, sign: Floats) -> Floats:
    whole, lean = matrix.sum(), (sign * matrix.sum(axis=1)).sum(axis=1)
    difference = np.sum([sign[:, j] * (sign * row).sum(axis=1) for j, row in enumerate(matrix)], axis=0)
    one, other = ((whole + difference) / 2 + lean) / 2, ((whole + difference) / 2 - lean) / 2
    exists = np.minimum(one, other) > ROUNDING * np.trace(matrix)
    spread = np.sqrt(np.where(exists, one * other, 1.0))
    return np.where(exists, (whole - difference) / 4 / spread, np.nan)


def _stepped_up(r: Floats, share: Floats) -> Floats:
    """Apply Horst's formula, its fraction turned round to stand r = 1; equal halves give 2r / (1 + r)."""
    inner = r**2 + 4 * share * (1 - share) * (1 - r**2)
    below = r + np.sqrt(np.where(inner > 0, inner, np.nan))
    return np.where(below > 0, 2 * r / np.where(below > 0, below, 1.0), np.nan)
