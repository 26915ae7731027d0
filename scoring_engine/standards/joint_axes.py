"""Nine boxes when the errors of both axes belong together.

Performance and potential that rest on the same test day, or share a component, err together: the product of
the two axes then overstates the boxes off the diagonal. Here each person's pair of values is bivariate normal,
and the probability of a box is the mass of its rectangle.

The distribution function is Owen's: Phi2(h, k; r) = (Phi(h) + Phi(k)) / 2 - T(h, a) - T(k, b) - d with
T(h, a) the mass of a wedge, a = (k / h - r) / sqrt(1 - r^2), b the same with h and k exchanged, and d = 1/2
where h and k have opposite signs. scipy's T is good to 1e-16, so the sum is, in absolute terms.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, owens_t

from scoring_engine.responses import Bools, Floats
from scoring_engine.standards.levels import rising_cuts
from scoring_engine.standards.nine_box import BOX, NEAR_CUT, AxisCuts, BoxChances, Numbering, chances_of_cells

CERTAIN = 1e-15
"""A correlation this near to 1 or -1 is 1 or -1: it is what three roundings do to one that was."""

TOLERANCE = 1e-9
"""By how much, relative to the variances, a covariance may break symmetry or the bound of the variances."""


def bivariate_normal_cdf(h: ArrayLike, k: ArrayLike, correlation: ArrayLike) -> Floats:
    """Compute P(X < h and Y < k) of standard normal X and Y.

    Parameters
    ----------
    h, k : any shapes that go together
        Borders, -inf and inf included.
    correlation : of a shape that goes with them
        From -1 to 1, both ends included.

    Returns
    -------
    the common shape
        Within 1e-12 of the truth wherever the correlation is given exactly.

    Raises
    ------
    ValueError
        A border is NaN, or a correlation is not between -1 and 1.

    Source
    ------
    Owen (1956), Annals of Mathematical Statistics 27(4), 1075-1090.
    """
    x, y, r = np.broadcast_arrays(*(np.asarray(given, dtype=np.float64) for given in (h, k, correlation)))
    if np.isnan(x).any() or np.isnan(y).any():
        raise ValueError("a border must be a number, not NaN")
    if not (np.abs(r) <= 1).all():
        raise ValueError("a correlation must lie between -1 and 1")
    # No joint mass can leave these bounds; at r = 1, at r = -1 and behind an infinite border it equals one of them.
    least, most = np.maximum(ndtr(x) - ndtr(-y), 0.0), np.minimum(ndtr(x), ndtr(y))
    inner = np.isfinite(x) & np.isfinite(y) & (np.abs(r) < 1)
    mass = np.where(r < 0, least, most)
    mass[~np.isfinite(x) | ~np.isfinite(y)] = most[~np.isfinite(x) | ~np.isfinite(y)]
    mass[inner] = np.clip(_owen(x[inner], y[inner], r[inner]), least[inner], most[inner])
    return mass


def error_covariance(se: ArrayLike, correlation: ArrayLike) -> Floats:
    """Compute each person's error covariance from two standard errors and their correlation.

    Parameters
    ----------
    se : shape (persons, 2)
        Of performance and of potential, each on the scale of its cuts; NaN where the axis is missing.
    correlation : shape (persons,), or one number
        Of the two errors, from -1 to 1.

    Returns
    -------
    shape (persons, 2, 2)
        NaN where an axis is missing.

    Raises
    ------
    ValueError
        Another shape, a negative standard error, or a correlation that is none.
    """
    errors, r = np.asarray(se, dtype=np.float64), np.asarray(correlation, dtype=np.float64)
    if errors.ndim != 2 or errors.shape[1] != 2 or r.shape not in ((), (len(errors),)):
        raise ValueError(f"se of shape {errors.shape} and correlation of shape {r.shape} do not go together")
    if (errors < 0).any() or not (np.abs(r) <= 1).all():
        raise ValueError("a standard error must not be negative, and a correlation must lie between -1 and 1")
    covariance = errors[:, :, None] * errors[:, None, :]
    covariance[:, [0, 1], [1, 0]] *= np.broadcast_to(r, len(errors))[:, None]
    return covariance


def rectangle_probabilities(mean: ArrayLike, covariance: ArrayLike, rows: ArrayLike, columns: ArrayLike) -> Floats:
    """Compute the probability of every rectangle that the borders of two axes cut out.

    Parameters
    ----------
    mean : shape (persons, 2)
        Values on two axes; NaN where one is missing.
    covariance : shape (persons, 2, 2), or (2, 2) for all
        Of their errors. A variance of 0 is a value known exactly; a border belongs to what lies above it.
    rows, columns : shape (borders,)
        Rising borders on axis 0 and on axis 1.

    Returns
    -------
    shape (persons, row borders + 1, column borders + 1)
        Each person's sum to 1; NaN for a person with a missing axis.

    Raises
    ------
    ValueError
        Another shape, borders that do not rise, or a covariance that is none, with its person.
    """
    values, errors, missing = _checked_pairs(mean, covariance)
    across, down = rising_cuts(rows), rising_cuts(columns)
    se = np.sqrt(errors[:, [0, 1], [0, 1]])
    h, k = _standardised(values[:, 0], se[:, 0], across), _standardised(values[:, 1], se[:, 1], down)
    below = bivariate_normal_cdf(h[:, :, None], k[:, None, :], _correlation(errors, se)[:, None, None])
    cells = np.maximum(np.diff(np.diff(below, axis=1), axis=2), 0.0)  # roundings of 1e-16 may fall below 0
    cells[missing] = np.nan
    return cells


def joint_box_chances(
    mean: ArrayLike,
    covariance: ArrayLike,
    cuts: AxisCuts,
    numbering: Numbering = BOX,
    near_cut: float = NEAR_CUT,
) -> BoxChances:
    """Compute the probability of each of the nine boxes when the errors of both axes may be correlated.

    Parameters
    ----------
    mean : shape (persons, 2)
        Performance and potential, each on the scale of its cuts; NaN where one is missing.
    covariance : shape (persons, 2, 2), or (2, 2) for all
        Of their errors; `error_covariance` makes it from standard errors and a correlation.
    cuts : of performance and of potential, each (middle, high)
    numbering : number of the box by [performance][potential]
    near_cut : float
        The limit of `BoxChances.near_cut`.

    Returns
    -------
    BoxChances
        Probabilities within 1e-9. A person with a missing axis has NaN and box -1; `possible_boxes` says where
        that person can still end.

    Raises
    ------
    ValueError
        As `rectangle_probabilities`; or the numbering is wrong.

    Source
    ------
    Owen (1956), Annals of Mathematical Statistics 27(4), 1075-1090.
    """
    return chances_of_cells(rectangle_probabilities(mean, covariance, *cuts), numbering, near_cut)


def _owen(x: Floats, y: Floats, r: Floats) -> Floats:
    """Compute the distribution function for finite borders and a correlation inside -1 and 1."""
    h, k = x + 0.0, y + 0.0  # -0.0 becomes 0.0, or a quotient would have the wrong sign
    wedges = owens_t(h, _slope(h, k, r)) + owens_t(k, _slope(k, h, r))
    mass: Floats = (ndtr(h) + ndtr(k)) / 2 - wedges - np.where((h < 0) != (k < 0), 0.5, 0.0)
    return mass


def _slope(h: Floats, k: Floats, r: Floats) -> Floats:
    """Compute (k / h - r) / sqrt(1 - r^2); h = k = 0 counts as k / h = 1."""
    sign, rest = np.where(r < 0, -1.0, 1.0), 1 - np.abs(r)
    # k / h - r as a sum of two small terms: near a correlation of 1 the plain difference loses half the digits.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        apart = np.where((h == 0) & (k == 0), 1.0 - sign, (k - sign * h) / h)
        slope: Floats = (apart + sign * rest) / np.sqrt(rest * (1 + np.abs(r)))
    return slope


def _standardised(value: Floats, se: Floats, borders: Floats) -> Floats:
    """Express borders in standard errors from the value, with -inf before and inf behind them."""
    gap = borders - value[:, None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = np.where(se[:, None] > 0, gap / se[:, None], np.where(gap > 0, np.inf, -np.inf))
    return np.pad(z, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))


def _correlation(covariance: Floats, se: Floats) -> Floats:
    scale = se[:, 0] * se[:, 1]
    r = np.divide(covariance[:, 0, 1], scale, out=np.zeros_like(scale), where=scale > 0)
    return np.where(np.abs(r) > 1 - CERTAIN, np.sign(r), r)


def _checked_pairs(mean: ArrayLike, covariance: ArrayLike) -> tuple[Floats, Floats, Bools]:
    """Return values, covariances and who lacks an axis, with zeros in place of what is missing."""
    values, given = np.array(mean, dtype=np.float64), np.asarray(covariance, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != 2 or given.shape not in ((2, 2), (len(values), 2, 2)):
        raise ValueError(f"mean of shape {values.shape} and covariance of shape {given.shape} do not go together")
    errors = np.array(np.broadcast_to(given, (len(values), 2, 2)))
    unknown = np.isnan(values) | np.isnan(errors[:, [0, 1], [0, 1]])
    missing = unknown[:, 0] | unknown[:, 1]
    values[missing], errors[missing] = 0.0, 0.0
    _refuse_where(~np.isfinite(values).all(axis=1), "a value is not finite")
    _refuse_where(~np.isfinite(errors).all(axis=(1, 2)), "the covariance is not finite")
    variance, shared = errors[:, [0, 1], [0, 1]], errors[:, 0, 1]
    _refuse_where((variance < 0).any(axis=1), "a variance is negative")
    bound = np.sqrt(variance[:, 0]) * np.sqrt(variance[:, 1])
    _refuse_where(np.abs(shared - errors[:, 1, 0]) > TOLERANCE * bound, "the covariance is not symmetric")
    _refuse_where(np.abs(shared) > (1 + TOLERANCE) * bound, "the covariance exceeds its variances")
    return values, errors, missing


def _refuse_where(wrong: Bools | np.bool, why: str) -> None:
    if wrong.any():
        raise ValueError(f"{why}: person {int(np.argmax(wrong))}")
