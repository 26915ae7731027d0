"""Whether an item behaves as its model says: S-X2 by sum score, infit and outfit by residuals, Q3 between items.

S-X2 compares, among people of the same sum score, how many gave each answer with how many the model expects. It needs
complete answers: who left an item out has another kind of sum. A score at which too few are expected is joined with
its neighbours, and inside a score so are the rarest answers, until one answer at least is expected in every cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from scoring_engine.ability.eap import nodes_for
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior, weigh
from scoring_engine.ability.sum_scores import sum_score_distribution
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import probabilities
from scoring_engine.responses import MISSING, Bools, Floats, Ints, checked_responses, real_numbers, whole_numbers

LEAST_EXPECTED = 1.0
"""No cell of S-X2 is expected to hold fewer answers (Orlando & Thissen 2000)."""

ROUNDING = 1e-9
"""Residuals that lie nearer together than this, in score points, do so by rounding alone."""

FEWEST = 100
"""Persons with complete answers that S-X2 needs."""


@dataclass(frozen=True, eq=False)
class ScoreFit:
    """S-X2 of every item.

    Parameters
    ----------
    statistic : shape (items,)
        Chi-square; NaN where no degree of freedom is left.
    df : shape (items,)
        Cells less one for each score group, less the item's estimated parameters.
    p : shape (items,)
        Probability of a larger one if the item fits.
    rmsea : shape (items,)
        sqrt(max(S-X2 - df, 0) / (df (persons - 1))): misfit that does not grow with the sample.
    persons : int
        With complete answers, on whom all rests.
    """

    statistic: Floats
    df: Ints
    p: Floats
    rmsea: Floats
    persons: int


@dataclass(frozen=True, eq=False)
class MeanSquares:
    """Mean squared residuals of every item, and the same on a standard normal scale; shape (items,) each.

    Parameters
    ----------
    infit, outfit : floats
        1 as the model says, higher is noisier; weighted by information, and unweighted.
    infit_t, outfit_t : floats
        By the cube root of Wilson and Hilferty.
    """

    infit: Floats
    outfit: Floats
    infit_t: Floats
    outfit_t: Floats


def score_fit(
    responses: ArrayLike, items: Items, n_parameters: ArrayLike | None = None, prior: Prior = STANDARD_NORMAL
) -> ScoreFit:
    """Compare answers with what the model expects among people of the same sum score (S-X2).

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers from 0, -1 missing; persons with a missing answer are left out.
    items : Items
    n_parameters : shape (items,)
        How many of each item's parameters were estimated from these responses; 0 unless given.
    prior : Prior
        Of the people; N(0, 1) unless given.

    Returns
    -------
    ScoreFit

    Raises
    ------
    ValueError
        A response does not fit, fewer than 100 persons answered everything, or the numbers of parameters do not fit.

    Source
    ------
    Orlando & Thissen (2000), APM 24(1), 50-64; Kang & Chen (2008), JEM 45(4), 391-406, for more categories.
    """
    answers = checked_responses(responses, items.categories)
    complete = answers[(answers != MISSING).all(axis=1)].astype(np.int64)
    used = np.zeros(len(items), dtype=np.int64)
    if n_parameters is not None:
        used = whole_numbers("numbers of parameters", n_parameters)[0]
    if used.shape != (len(items),) or (used < 0).any():
        raise ValueError(f"{used.size} numbers of parameters do not fit {len(items)} items, or one is negative")
    if len(complete) < FEWEST or len(items) < 2:
        raise ValueError(f"S-X2 needs {FEWEST} persons with complete answers and two items, not {len(complete)}")
    found = [_of_item(item, complete, items, prior) for item in range(len(items))]
    statistic, df = np.array([one[0] for one in found]), np.array([one[1] for one in found], dtype=np.int64) - used
    return _with_p(np.where(df > 0, statistic, np.nan), df, len(complete))


def mean_squares(responses: ArrayLike, items: Items, theta: ArrayLike) -> MeanSquares:
    """Average squared standardised residuals over the persons who answered each item.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers from 0, -1 missing.
    items : Items
    theta : shape (persons,)
        Estimates in logits; a person with NaN is left out.

    Returns
    -------
    MeanSquares
        NaN for an item that nobody with an estimate answered.

    Raises
    ------
    ValueError
        A response does not fit, or there is another number of estimates than persons.

    Source
    ------
    Wright & Masters (1982), Rating Scale Analysis, chapter 5.
    """
    apart, variance, fourth, given = _residuals(responses, items, theta)
    n = given.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody answered: missing, as it should be
        outfit = np.where(given, apart**2 / variance, 0).sum(axis=0) / n
        infit = (apart**2).sum(axis=0) / np.where(given, variance, 0).sum(axis=0)
        of_outfit = (np.where(given, fourth / variance**2, 0).sum(axis=0) / n - 1) / n
        of_infit = np.where(given, fourth - variance**2, 0).sum(axis=0) / np.where(given, variance, 0).sum(axis=0) ** 2
        return MeanSquares(infit, outfit, _cube_root(infit, of_infit), _cube_root(outfit, of_outfit))


def residual_correlations(responses: ArrayLike, items: Items, theta: ArrayLike) -> Floats:
    """Correlate the residuals of every two items over the persons who answered both (Q3).

    Parameters
    ----------
    responses, items, theta
        As for `mean_squares`.

    Returns
    -------
    shape (items, items)
        1 in the diagonal. About -1 / (items - 1) where items hang together by ability alone; flag a pair above the
        mean of all pairs + .2. NaN where two items share fewer than three persons.

    Raises
    ------
    ValueError
        As `mean_squares`.

    Source
    ------
    Yen (1984), APM 8(2), 125-145; Christensen, Makransky & Horton (2017), APM 41(3), 178-194, for the limit.
    """
    apart, _variance, _fourth, given = _residuals(responses, items, theta)
    found = np.eye(len(items))
    for item in range(len(items) - 1):
        both = given[:, item, None] & given[:, item + 1 :]
        r = _correlation(apart[:, item, None], apart[:, item + 1 :], both)
        found[item, item + 1 :] = found[item + 1 :, item] = r
    return found


def _with_p(statistic: Floats, df: Ints, persons: int) -> ScoreFit:
    p: Floats = chdtrc(np.maximum(df, 1), statistic)
    rmsea = np.sqrt(np.maximum(statistic - df, 0) / (np.maximum(df, 1) * (persons - 1)))
    return ScoreFit(statistic, df, p, rmsea, persons)


def _of_item(item: int, answers: Ints, items: Items, prior: Prior) -> tuple[float, int]:
    """Give chi-square and degrees of freedom before the item's own parameters are taken off."""
    others = [other for other in range(len(items)) if other != item]
    sums, top = answers.sum(axis=1), int((items.categories - 1).sum())
    nodes = nodes_for(items, prior)
    rest = sum_score_distribution(nodes, items.at(others))
    weighted = rest * weigh(prior, nodes, np.zeros((nodes.size, 1)))
    p = probabilities(nodes, items.at([item]))[:, 0]
    joint = np.zeros((top + 1, p.shape[1]))  # of sum score and answer
    for category in range(p.shape[1]):
        joint[category : category + rest.shape[1], category] = (weighted * p[:, category, None]).sum(axis=0)
    observed = np.zeros_like(joint)
    np.add.at(observed, (sums, answers[:, item]), 1.0)
    share = joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-300)
    return _chi_square(observed[1:top], observed[1:top].sum(axis=1, keepdims=True) * share[1:top])


def _chi_square(observed: Floats, expected: Floats) -> tuple[float, int]:
    """Join scores upwards until two answers or more can be expected, the rest to the last group, and sum the cells."""
    pools, pool = list[Floats](), np.zeros((2, observed.shape[1]))
    for row in np.stack([observed, expected], axis=1):
        pool = pool + row
        if _cells(pool).shape[1] > 1:
            pools.append(pool)
            pool = np.zeros_like(pool)
    if pools:  # the highest scores, if they alone are too few
        pools[-1] = pools[-1] + pool
    groups = [_cells(pool) for pool in pools]
    return sum(float(((x - e) ** 2 / e).sum()) for x, e in groups), sum(len(x) - 1 for x, _e in groups)


def _cells(pool: Floats) -> Floats:
    """Join neighbouring answers until one at least is expected in each; shape (2, cells)."""
    cells: list[Floats] = []
    held = np.zeros(2)
    for pair in pool.T:
        held = held + pair
        if held[1] >= LEAST_EXPECTED:
            cells.append(held)
            held = np.zeros(2)
    if not cells:
        return held[:, None]
    cells[-1] = cells[-1] + held
    return np.stack(cells, axis=1)


def _residuals(responses: ArrayLike, items: Items, theta: ArrayLike) -> tuple[Floats, Floats, Floats, Bools]:
    """Give residual, variance and fourth moment of every answer, shape (persons, items), and which answers count."""
    answers = checked_responses(responses, items.categories)
    at = np.asarray(theta, dtype=np.float64)
    if at.shape != (len(answers),):
        raise ValueError(f"{at.size} estimates do not fit {len(answers)} persons")
    known = np.isfinite(at)
    p = probabilities(real_numbers("theta", np.where(known, at, 0.0), 1), items)
    step = np.arange(float(p.shape[2]))
    mean = (p * step).sum(axis=2)
    apart = step - mean[:, :, None]
    variance, fourth = (p * apart**2).sum(axis=2), (p * apart**4).sum(axis=2)
    given = (answers != MISSING) & known[:, None]
    return np.where(given, answers - mean, 0.0), variance, fourth, given


def _cube_root(square: Floats, variance: Floats) -> Floats:
    sd = np.sqrt(variance)
    t: Floats = (np.cbrt(square) - 1) * 3 / sd + sd / 3
    return t


def _correlation(one: Floats, others: Floats, both: Bools) -> Floats:
    n = both.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody answered both
        x, y = (
            np.where(both, part - np.where(both, part, 0).sum(axis=0) / n, 0)
            for part in (np.broadcast_to(one, both.shape), others)
        )
        r: Floats = (x * y).sum(axis=0) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    # Residuals that differ by rounding alone do not correlate.
    varies = np.minimum(np.abs(x).max(axis=0, initial=0.0), np.abs(y).max(axis=0, initial=0.0)) > ROUNDING
    return np.where((n > 2) & varies, r, np.nan)
