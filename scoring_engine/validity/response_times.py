"""How long people take for items: the lognormal model, the speed of a person, and times that do not fit it.

log T = beta_j - tau_i + e, with sd(e) = 1 / alpha_j and tau ~ N(0, sigma^2): beta is how much time an item takes, alpha
how surely it takes it, tau how fast a person works. Seconds of 0 and NaN are missing, and the caller makes missing what
no item took: a time over a break of the session or over a lost connection. A flag opens a review; it changes no score.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from scoring_engine.responses import Bools, Floats, Ints, real_numbers

LEAST_VARIANCE = 1e-4
"""An item whose log times vary by less than 1 % around what speed explains is at the bound, and is flagged."""

TOO_FAST = -2.5
"""A time is suspicious below this residual; chance alone puts 0.6 % of the times there (psychometrics, section 13)."""


@dataclass(frozen=True, eq=False)
class TimeModel:
    """The items of a test in the lognormal model.

    Parameters
    ----------
    alpha : shape (items,)
        Discrimination, per log second, > 0.
    beta : shape (items,)
        Time intensity, in log seconds.
    sigma : float
        Standard deviation of speed among people, in log seconds, >= 0.

    Raises
    ------
    ValueError
        Shapes disagree, a number is not finite, an alpha is not positive, or sigma is negative.
    """

    alpha: Floats
    beta: Floats
    sigma: float

    def __post_init__(self) -> None:
        """Refuse parameters that describe no items."""
        if real_numbers("alpha", self.alpha, 1).shape != real_numbers("beta", self.beta, 1).shape:
            raise ValueError(f"{self.alpha.size} alphas do not fit {self.beta.size} betas")
        if self.alpha.size == 0 or not (self.alpha > 0).all():
            raise ValueError("there must be at least one alpha, and every one must be positive")
        if not (np.isfinite(self.sigma) and self.sigma >= 0):
            raise ValueError(f"sigma {self.sigma:g} is no standard deviation")


@dataclass(frozen=True, eq=False)
class TimeCalibration:
    """What calibration found, and how.

    Parameters
    ----------
    model : TimeModel
    loglik : float
        Of the log times at the model.
    iterations : int
    converged : bool
        False when the iterations ran out first.
    at_bound : shape (items,)
        True where the residual variance fell to its least value: that alpha is a bound, not an estimate.
    """

    model: TimeModel
    loglik: float
    iterations: int
    converged: bool
    at_bound: Bools


@dataclass(frozen=True, eq=False)
class Speed:
    """How fast every person worked.

    tau and se have shape (persons,), in log seconds: 0.69 more is half the time. n_items, shape (persons,), is how many
    times they rest on.
    """

    tau: Floats
    se: Floats
    n_items: Ints


@dataclass(frozen=True, eq=False)
class TimeFit:
    """How well the times of every person fit the model; NaN with fewer than two times.

    The statistic is chi-squared distributed with df degrees of freedom, times less one, when the model holds; p is the
    probability of one as large or larger. Each has shape (persons,).
    """

    statistic: Floats
    df: Ints
    p: Floats


def log_times(seconds: ArrayLike, n_items: int | None = None) -> Floats:
    """Take the logarithm of times, with NaN where a time is missing.

    Takes seconds of shape (persons, items), or (items,) for one person, where 0 and NaN are missing, and how many
    columns there must be; returns log seconds of shape (persons, items).

    Raises
    ------
    ValueError
        A time is negative or infinite, or the number of columns is wrong.
    """
    times = np.atleast_2d(np.array(seconds, dtype=np.float64, order="C"))
    if times.ndim != 2 or times.shape[1] == 0 or (n_items is not None and times.shape[1] != n_items):
        raise ValueError(f"times of shape {times.shape} are not one row for each person, one column for each item")
    wrong = (times < 0) | np.isinf(times)
    if wrong.any():
        person, item = np.argwhere(wrong)[0]
        raise ValueError(f"time {times[person, item]:g} of person {person} on item {item} is no number of seconds")
    return np.log(np.where(times > 0, times, np.nan))


def calibrate(seconds: ArrayLike, tolerance: float = 1e-10, most_iterations: int = 2000) -> TimeCalibration:
    """Estimate the items and the spread of speed by maximum marginal likelihood.

    Both steps of the EM algorithm are closed formulas. Missing times are left out.

    Parameters
    ----------
    seconds : as for `log_times`
    tolerance : float
        Ends when a step adds less than this to the log-likelihood of a time.
    most_iterations : int

    Returns
    -------
    TimeCalibration

    Raises
    ------
    ValueError
        As `log_times`; fewer than two items; or an item with fewer than three times, or with equal ones.

    Source
    ------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31(2), 181-204.
    """
    logs = log_times(seconds)
    _refuse_unless_estimable(logs)
    model = TimeModel(1 / np.nanstd(logs, axis=0), np.nanmean(logs, axis=0), float(np.nanstd(logs)) / 2)
    enough = tolerance * np.count_nonzero(np.isfinite(logs))
    last, converged, steps = -np.inf, False, 0
    while not converged and steps < most_iterations:
        model, loglik = _em_step(logs, model)
        last, converged, steps = loglik, bool(loglik - last < enough), steps + 1
    at_bound = model.alpha >= (1 - 1e-9) / np.sqrt(LEAST_VARIANCE)
    loglik = float(_log_densities(logs, model).sum())
    return TimeCalibration(model, loglik, steps, converged, at_bound)


def speed_ml(seconds: ArrayLike, model: TimeModel) -> Speed:
    """Estimate speed as the precision-weighted mean of beta - log T; NaN for a person without a time.

    Takes what `log_times` takes, returns Speed in log seconds. Raises ValueError as `log_times`.

    Source
    ------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31(2), 181-204.
    """
    logs = log_times(seconds, model.alpha.size)
    gain, precision = _gain_and_precision(logs, model)
    known = np.where(precision > 0, precision, np.nan)
    return Speed(gain / known, 1 / np.sqrt(known), _counts(logs, 1))


def speed_eap(seconds: ArrayLike, model: TimeModel) -> Speed:
    """Estimate speed as the posterior mean, its error as the posterior standard deviation; without a time 0, sigma.

    Takes what `log_times` takes, returns Speed in log seconds. Raises ValueError as `log_times`.

    Source
    ------
    van der Linden (2006), Journal of Educational and Behavioral Statistics 31(2), 181-204.
    """
    logs = log_times(seconds, model.alpha.size)
    tau, variance = _posterior(logs, model)
    return Speed(tau, np.sqrt(variance), _counts(logs, 1))


def residuals(seconds: ArrayLike, model: TimeModel) -> Floats:
    """Compute how far every time lies from what the person's other times foretell, in standard deviations.

    Speed is estimated without the item, so that a residual is exactly N(0, 1) when the model holds.

    Takes what `log_times` takes, returns shape (persons, items): negative is fast; NaN where the time is missing or is
    the person's only one. Raises ValueError as `log_times`.

    Source
    ------
    van der Linden & Guo (2008), Psychometrika 73(3), 365-384, with speed by ML from the other items.
    """
    logs = log_times(seconds, model.alpha.size)
    gain, precision = _gain_and_precision(logs, model)
    weight = model.alpha**2
    several = (_counts(logs, 1) > 1)[:, None]
    others = np.where(several & np.isfinite(logs), precision[:, None] - weight, np.nan)
    tau = (gain[:, None] - weight * (model.beta - logs)) / others
    found: Floats = model.alpha * (logs - model.beta + tau) / np.sqrt(1 + weight / others)
    return found


def too_fast(residual: ArrayLike, correct: ArrayLike, hard: ArrayLike, below: float = TOO_FAST) -> Bools:
    """Mark right answers to hard items that came much faster than the person works: a sign of preknowledge.

    Takes residuals and what is right, shape (persons, items), and what is hard, (items,); returns (persons, items). NaN
    is never marked.

    Raises
    ------
    ValueError
        Shapes disagree, or what is right or hard is not said by True and False: -1 for missing would count as right.

    Source
    ------
    van der Linden & Guo (2008), Psychometrika 73(3), 365-384.
    """
    z, right, difficult = np.asarray(residual, np.float64), np.asarray(correct), np.asarray(hard)
    if right.dtype.kind != "b" or difficult.dtype.kind != "b":
        raise ValueError("what is right and what is hard is said by True and False")
    if z.ndim != 2 or right.shape != z.shape or difficult.shape != z.shape[1:]:
        raise ValueError(f"residuals {z.shape}, answers {right.shape} and items {difficult.shape} do not fit")
    marked: Bools = (z < below) & right & difficult
    return marked


def time_fit(seconds: ArrayLike, model: TimeModel) -> TimeFit:
    """Test whether a person worked with one speed: sum of alpha^2 (log T - beta + tau)^2, with tau by ML.

    Takes what `log_times` takes, returns TimeFit. Raises ValueError as `log_times`.

    Source
    ------
    Sinharay (2018), Journal of Educational Measurement 55(4), 457-476.
    """
    logs = log_times(seconds, model.alpha.size)
    gain, precision = _gain_and_precision(logs, model)
    df = _counts(logs, 1) - 1
    tau = gain / np.where(df > 0, precision, np.nan)
    apart = model.alpha * (logs - model.beta + tau[:, None])
    statistic: Floats = np.where(df > 0, np.where(np.isfinite(logs), apart**2, 0.0).sum(axis=1), np.nan)
    return TimeFit(statistic, np.maximum(df, 0), np.asarray(chdtrc(np.maximum(df, 1), statistic)))


def _em_step(logs: Floats, model: TimeModel) -> tuple[TimeModel, float]:
    loglik = float(_log_densities(logs, model).sum())
    tau, variance = _posterior(logs, model)
    tau -= tau.mean()  # the scale of speed begins at its mean; as an expanded model this never lowers the likelihood
    beta = np.nanmean(logs + tau[:, None], axis=0)
    spread = np.nanmean((logs - beta + tau[:, None]) ** 2 + variance[:, None] * np.isfinite(logs), axis=0)
    alpha = 1 / np.sqrt(np.maximum(spread, LEAST_VARIANCE))
    return TimeModel(alpha, beta, float(np.sqrt((tau**2 + variance).mean()))), loglik


def _posterior(logs: Floats, model: TimeModel) -> tuple[Floats, Floats]:
    gain, precision = _gain_and_precision(logs, model)
    variance = model.sigma**2 / (1 + model.sigma**2 * precision)  # also where everyone is equally fast, sigma 0
    return variance * gain, variance


def _gain_and_precision(logs: Floats, model: TimeModel) -> tuple[Floats, Floats]:
    """Sum alpha^2 (beta - log T) and alpha^2 over a person's times, each of shape (persons,)."""
    weight, seen = model.alpha**2, np.isfinite(logs)
    gain = np.where(seen, weight * (model.beta - logs), 0.0).sum(axis=1)
    return gain, np.where(seen, weight, 0.0).sum(axis=1)


def _log_densities(logs: Floats, model: TimeModel) -> Floats:
    seen = np.isfinite(logs)
    gain, precision = _gain_and_precision(logs, model)
    squares = np.where(seen, (model.alpha * (logs - model.beta)) ** 2, 0.0).sum(axis=1)
    scale = np.where(seen, np.log(model.alpha) - np.log(2 * np.pi) / 2, 0.0).sum(axis=1)
    wider = 1 + model.sigma**2 * precision
    found: Floats = scale - np.log(wider) / 2 - (squares - model.sigma**2 * gain**2 / wider) / 2
    return found


def _counts(logs: Floats, axis: int) -> Ints:
    found: Ints = np.isfinite(logs).sum(axis=axis)
    return found


def _refuse_unless_estimable(logs: Floats) -> None:
    if logs.shape[1] < 2:
        raise ValueError("speed and time intensity cannot be told apart with one item")
    for item, n_times in enumerate(_counts(logs, 0)):
        if n_times < 3 or np.nanstd(logs[:, item]) < 1e-6:
            raise ValueError(f"item {item} has {n_times} times that do not vary enough to estimate from")
