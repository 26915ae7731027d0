"""Whether group membership helps to foretell an answer once the score on the form is known, by logistic regression.

Three models of each item, one inside the other: score; score and group; score, group and their product. What the
second adds is uniform DIF (one group always has it harder), what the third adds is non-uniform DIF (another slope).
Items of more than two categories get the cumulative logit of the same predictors, which for two categories is the
logistic regression. Groups, match and purifying are those of `scoring_engine.validity.mantel_haenszel`.

An answer, a group and a score are whole numbers, so people who agree in all three are counted and not repeated: the
regressions of all items run over one table of counts, however many persons there are.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, expit, log_expit, logit

from scoring_engine.responses import Answers, Bools, Floats, Ints
from scoring_engine.validity.mantel_haenszel import (
    LEVEL,
    MINIMUM,
    Adjust,
    Classes,
    answered_alike,
    checked_groups,
    purified,
    strata_counts,
)
from scoring_engine.validity.multiplicity import benjamini_hochberg

MODERATE, LARGE = 0.035, 0.070
"""Bounds of the change of Nagelkerke's R2 between A, B and C (Jodoin & Gierl 2001)."""

STEPS, HALVINGS = 60, 12
ROUNDING = 1e-12
DECREMENT = 1e-11
"""Twice the log-likelihood that a further step could still win, at which the search ends."""

FLAT = 1e-6
"""Information, in standard deviations of the score, below which the estimate has run away: no sample that has a finite
estimate leaves a standard error of 1000, and under separation it falls with every step as the decrement does."""


@dataclass(frozen=True, eq=False)
class LogisticDif:
    """What logistic regression says of every item; all of shape (items,).

    Parameters
    ----------
    uniform, nonuniform, both : floats
        Likelihood ratio chi-squares with 1, 1 and 2 degrees of freedom; the third is the sum of the others.
    p_uniform, p_nonuniform, p_both, adjusted_p : floats
        Their probabilities; adjusted is that of both.
    group_effect : floats
        Log odds of the focal group against the reference group at equal scores, without the product: negative if
        the item is harder for the focal group.
    r2_change_uniform, r2_change : floats
        Change of Nagelkerke's R2 by the group, and by group and product together.
    jg_class : strings
        A negligible, B moderate, C large, by `r2_change` and `p_both`; empty if there is none.
    in_match : booleans
        Whether the item is part of the purified match.
    separated : booleans
        A model has no finite estimate, because groups or scores part the answers wholly or nothing varies: what
        rests on that model is NaN.
    too_small : booleans
        Fewer than 200 answers in a group.
    """

    uniform: Floats
    nonuniform: Floats
    both: Floats
    p_uniform: Floats
    p_nonuniform: Floats
    p_both: Floats
    adjusted_p: Floats
    group_effect: Floats
    r2_change_uniform: Floats
    r2_change: Floats
    jg_class: Classes
    in_match: Bools
    separated: Bools
    too_small: Bools


def logistic_dif(
    responses: ArrayLike, groups: ArrayLike, purify: bool = True, adjust: Adjust = benjamini_hochberg
) -> LogisticDif:
    """Test every item for uniform and non-uniform DIF between two groups.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers from 0, -1 missing.
    groups : shape (persons,)
        0 reference, 1 focal, -1 left out.
    purify : bool
        As for `mantel_haenszel`.
    adjust : function
        `benjamini_hochberg` or `holm`.

    Returns
    -------
    LogisticDif

    Raises
    ------
    ValueError
        Not such responses or groups, no item, or nobody in a group.

    Source
    ------
    Swaminathan & Rogers (1990), Journal of Educational Measurement 27(4), 361-370; Jodoin & Gierl (2001), Applied
    Measurement in Education 14(4), 329-349; Nagelkerke (1991), Biometrika 78(3), 691-692; cumulative logit by
    Zumbo (1999), A Handbook on the Theory and Methods of DIF.
    """
    answers, focal = checked_groups(responses, groups)
    table = _test(answers, focal, np.ones(answers.shape[1], dtype=np.bool_), adjust)
    if not purify:
        return table
    alike = answered_alike(answers, focal)
    endless, large = (lambda one: one.separated & alike), (lambda one: one.jg_class == "C")
    return purified(table, lambda in_match: _test(answers, focal, in_match, adjust), endless, large)


def _test(answers: Answers, focal: Ints, in_match: Bools, adjust: Adjust) -> LogisticDif:
    counts = strata_counts(answers, focal, in_match)
    loglik, effect = _loglikelihoods(counts)
    n, empty = counts.sum(axis=(1, 2, 3)), loglik[:, 0]
    gain = np.maximum(2 * np.diff(loglik[:, 1:], axis=1), 0.0)
    uniform, nonuniform, both = gain[:, 0], gain[:, 1], np.maximum(2 * (loglik[:, 3] - loglik[:, 1]), 0.0)
    r2 = _nagelkerke(loglik, n)
    p_both: Floats = chdtrc(2, both)
    change = r2[:, 2] - r2[:, 0]
    known = ~np.isnan(change)
    letters = [~known, (change < MODERATE) | (p_both >= LEVEL), change >= LARGE]
    return LogisticDif(
        uniform, nonuniform, both, chdtrc(1, uniform), chdtrc(1, nonuniform), p_both, adjust(p_both), effect,
        r2[:, 1] - r2[:, 0], change, np.select(letters, ["", "A", "C"], "B"), in_match,
        np.isnan(loglik).any(axis=1) | (empty == 0), counts.sum(axis=(1, 3)).min(axis=1) < MINIMUM,
    )  # fmt: skip


def _loglikelihoods(counts: Ints) -> tuple[Floats, Floats]:
    """Fit all models; returns (items, 4), the first without a predictor, and the effect of the group, (items,)."""
    loglik, effect = np.full((len(counts), 4), np.nan), np.full(len(counts), np.nan)
    seen: Bools = np.greater(counts.sum(axis=(1, 2)), 0)
    for categories in np.unique(seen.sum(axis=1)):
        # A category that nobody is in would have a threshold equal to its neighbour's; without it nothing changes.
        where = np.flatnonzero(seen.sum(axis=1) == categories)
        if categories < 2:
            loglik[where, 0] = 0.0
            continue
        kept = np.stack([counts[item][:, :, seen[item]] for item in where])
        cells = kept.reshape(len(where), -1, categories).astype(np.float64)
        predictors = _predictors(cells.sum(axis=2), counts.shape[1])
        start = _thresholds(cells)
        loglik[where, 0] = _likelihood(start, cells, predictors[:, :, :0])
        for model in (1, 2, 3):
            fit = _fit(cells, start, predictors[:, :, :model])
            loglik[where, model] = fit.loglik
            if model == 2:
                effect[where] = np.where(np.isnan(fit.loglik), np.nan, fit.beta[:, -1])
    return loglik, effect


def _predictors(n: Floats, scores: int) -> Floats:
    """Lay out score (standardised over the item's persons), group and product, shape (items, cells, 3)."""
    score, group = (np.tile(axis.ravel().astype(np.float64), (len(n), 1)) for axis in np.indices((scores, 2)))
    size = n.sum(axis=1, keepdims=True)
    score -= (n * score).sum(axis=1, keepdims=True) / size
    spread = np.sqrt((n * score**2).sum(axis=1, keepdims=True) / size)
    score = np.divide(score, spread, out=np.zeros_like(score), where=spread > 0)
    return np.stack([score, group, score * group], axis=2)


def _thresholds(cells: Floats) -> Floats:
    """Compute the intercepts that reproduce how often each category is reached, shape (items, categories - 1)."""
    marginal = cells.sum(axis=1)
    reached = np.cumsum(marginal[:, ::-1], axis=1)[:, -2::-1]
    start: Floats = logit(reached / marginal.sum(axis=1, keepdims=True))
    return start


class _Fit(NamedTuple):
    loglik: Floats
    beta: Floats


def _fit(cells: Floats, start: Floats, predictors: Floats) -> _Fit:
    """Maximise by Fisher scoring from no effect at all; an item that has arrived stays where it is."""
    beta = np.hstack([start, np.zeros((len(cells), predictors.shape[2]))])
    loglik = _likelihood(beta, cells, predictors)
    arrived, flat = np.zeros((2, len(cells)), dtype=np.bool_)
    for _ in range(STEPS):
        score, information = _slopes(beta, cells, predictors)
        values, vectors = np.linalg.eigh(information)
        along = (vectors * score[:, :, None]).sum(axis=1) / np.maximum(values, 1e-12)
        step = (vectors * along[:, None, :]).sum(axis=2)
        flat = np.where(arrived, flat, values[:, 0] < FLAT)
        arrived |= (step * score).sum(axis=1) < DECREMENT
        if arrived.all():
            break
        beta, loglik = _climb(beta, np.where(arrived[:, None], 0.0, step), loglik, cells, predictors)
    return _Fit(np.where(arrived & ~flat, loglik, np.nan), beta)


def _climb(beta: Floats, step: Floats, loglik: Floats, cells: Floats, predictors: Floats) -> tuple[Floats, Floats]:
    """Take the step, or a half, a quarter, ... of it, so that the likelihood does not fall."""
    for _ in range(HALVINGS):
        reached = _likelihood(beta + step, cells, predictors)
        fell = ~(reached >= loglik * (1 + ROUNDING))  # NaN where thresholds crossed
        if not fell.any():
            break
        step = np.where(fell[:, None], step / 2, step)
    moved = ~fell[:, None]
    return np.where(moved, beta + step, beta), np.where(fell, loglik, reached)


def _edges(beta: Floats, predictors: Floats) -> Floats:
    """Compute the logit of reaching each category, shape (items, cells, categories + 1), inf and -inf at the ends."""
    width = beta.shape[1] - predictors.shape[2]
    common = (predictors * beta[:, None, width:]).sum(axis=2)
    inner = beta[:, None, :width] + common[:, :, None]
    return np.pad(inner, ((0, 0), (0, 0), (1, 1)), constant_values=((0, 0), (0, 0), (np.inf, -np.inf)))


def _log_p(edges: Floats) -> Floats:
    """Compute log(S_k - S_(k+1)) as a product; NaN where thresholds do not rise."""
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.log(-np.expm1(np.diff(edges, axis=2)))
    logs: Floats = log_expit(edges[:, :, :-1]) + log_expit(-edges[:, :, 1:]) + gap
    return logs


def _likelihood(beta: Floats, cells: Floats, predictors: Floats) -> Floats:
    loglik: Floats = (cells * _log_p(_edges(beta, predictors))).sum(axis=2).sum(axis=1)
    return loglik


def _slopes(beta: Floats, cells: Floats, predictors: Floats) -> tuple[Floats, Floats]:
    """Compute the first derivatives, (items, parameters), and the expected information of the counts."""
    edges = _edges(beta, predictors)
    p = np.maximum(np.exp(_log_p(edges)), 1e-300)
    density = expit(edges) * expit(-edges)
    n_edges = edges.shape[2] - 2
    up, down = density[:, :, :-1] / p, density[:, :, 1:] / p
    thresholds = up[..., None] * np.eye(n_edges + 1, n_edges, -1) - down[..., None] * np.eye(n_edges + 1, n_edges)
    effects = (up - down)[..., None] * predictors[:, :, None, :]
    slope = np.concatenate([thresholds, effects], axis=3)
    score: Floats = np.einsum("ick,ickp->ip", cells, slope)
    weight = cells.sum(axis=2)[:, :, None] * p
    information: Floats = np.einsum("ickp,ickq->ipq", weight[..., None] * slope, slope)
    return score, information


def _nagelkerke(loglik: Floats, n: Ints) -> Floats:
    """Compute R2 of the three models, shape (items, 3)."""
    empty, size = loglik[:, :1], n[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):  # an item that nobody answered, or all alike
        r2: Floats = np.expm1(2 * (empty - loglik[:, 1:]) / size) / np.expm1(2 * empty / size)
    return r2
