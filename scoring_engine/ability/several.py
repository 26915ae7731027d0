"""Several abilities of a person at once, known to be correlated: the answers to one speak for the others too.

By default each item measures one ability and may be of any model. The likelihood of each ability is tabulated on its
own axis, and multiplied with the normal prior where the axes cross: exact, for two or three abilities. Where the axes
would cross too often, `several_modes` takes the mode of the posterior instead.

Right or wrong items that measure several abilities at once (compensatory: P(right) = logistic(sum of slope theta, plus
intercept)) are multiplied out on the same axes.

Sums over the crossings are made person by person in the memory's order, so a person's bytes are the same in any batch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_expit

from scoring_engine.ability.eap import n_answered
from scoring_engine.ability.likelihood import AnswerTable, log_likelihood_table
from scoring_engine.curves.items import Items
from scoring_engine.responses import MISSING, Answers, Floats, Ints, checked_responses, real_numbers

REACH = 6.0
"""The axes go this many standard deviations of the prior to both sides (psychometrics, section 0)."""

EDGE = 1e-9
"""For whom an end of an axis has more weight than this, the axes go on: beyond it lies less than half of it."""

PER_SD = {2: 5.0, 3: 2.5}
"""Least intervals to a standard deviation of the prior, by abilities: 61 and 31 nodes (psychometrics, section 2)."""

PER_SE = {2: 2.0, 3: 1.5}
"""Least intervals to the narrowest posterior in any direction: doubled, no estimate moved by more than 1e-9."""

MOST_CROSSINGS, AT_A_TIME = 2_000_000, 200_000
"""Of all axes for one person, and in memory together: 16 and 1.6 MB."""


@dataclass(frozen=True, eq=False)
class CorrelatedPrior:
    """The normal distribution of several abilities before any answer.

    Parameters
    ----------
    mean : shape (abilities,)
    covariance : shape (abilities, abilities)
        Symmetric and positive definite; raises ValueError otherwise.
    """

    mean: Floats
    covariance: Floats

    def __post_init__(self) -> None:
        """Refuse what is no normal distribution."""
        mean, covariance = real_numbers("mean", self.mean, 1), real_numbers("covariance", self.covariance, 2)
        if covariance.shape != (mean.size, mean.size) or mean.size == 0:
            raise ValueError(f"a covariance of shape {covariance.shape} does not fit {mean.size} means")
        apart = np.abs(covariance - covariance.T).max()
        if apart > 1e-12 * covariance.max() or np.linalg.eigvalsh(covariance)[0] <= 1e-10 * covariance.max():
            raise ValueError("the covariance of a prior must be symmetric and positive definite")
        # A last digit may differ where it was computed; what is kept is symmetric.
        object.__setattr__(self, "covariance", (covariance + covariance.T) / 2)

    @property
    def sd(self) -> Floats:
        """Standard deviations, shape (abilities,)."""
        sd: Floats = np.sqrt(np.diag(self.covariance))
        return sd

    @property
    def precision(self) -> Floats:
        """Inverse of the covariance, shape (abilities, abilities)."""
        precision: Floats = np.linalg.inv(self.covariance).astype(np.float64)
        return precision


@dataclass(frozen=True, eq=False)
class SeveralAbilities:
    """Estimates of several abilities for every person, with their uncertainty.

    Parameters
    ----------
    theta : shape (persons, abilities)
        In logits. Where nothing was answered to an ability, what the others and the prior say of it.
    covariance : shape (persons, abilities, abilities)
        Of the error; the standard errors are the roots of its diagonal.
    n_items : shape (persons, abilities)
        How many answered items measure the ability.
    """

    theta: Floats
    covariance: Floats
    n_items: Ints


LogLikelihood = Callable[[Answers], Floats]
"""Takes checked answers, returns shape (persons, nodes of the first axis, of the second, ...)."""

Moments = tuple[Floats, Floats, Floats]
"""Of every person: mean, covariance, and the most weight at an end of an axis."""

Parts = list[tuple[Ints, Items]]
"""Of each ability: the columns of its items, and the items."""


def several_eap(responses: ArrayLike, items: Items, ability: ArrayLike, prior: CorrelatedPrior) -> SeveralAbilities:
    """Estimate two or three correlated abilities as the posterior mean, each item measuring one of them.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category; -1 is missing and left out, never counted as wrong.
    items : Items
    ability : shape (items,)
        Which ability each item measures, from 0.
    prior : CorrelatedPrior

    Returns
    -------
    SeveralAbilities
        The same bytes for a person alone and in any batch.

    Raises
    ------
    ValueError
        A response cannot be one, an ability has no item, or the axes would cross too often: long tests and
        correlations near 1, or more than three abilities. Then take `several_map`.

    Source
    ------
    Bock & Mislevy (1982), APM 6(4), 431-444; Segall (1996), Psychometrika 61(2), 331-354.
    """
    answers, parts = checked_responses(responses, items.categories), parts_of(items, ability, prior)
    bound = np.diag([some.information_bound for _, some in parts])
    theta, covariance = _posterior_means(answers, prior, bound, lambda axes: _of_parts(parts, axes))
    return SeveralAbilities(theta, covariance, n_items_of(answers, parts))


def compensatory_eap(
    responses: ArrayLike, slope: ArrayLike, intercept: ArrayLike, prior: CorrelatedPrior
) -> SeveralAbilities:
    """Estimate two or three correlated abilities from right or wrong items that may measure several at once.

    Takes responses, refuses and returns what `several_eap` does; P(right) = logistic(slope . theta + intercept).

    Parameters
    ----------
    slope : shape (items, abilities)
        Per logit; none negative, and one of each item positive.
    intercept : shape (items,)
        In logits.

    Source
    ------
    Reckase (2009), Multidimensional Item Response Theory, chapter 4.
    """
    a, d = real_numbers("slope", slope, 2), real_numbers("intercept", intercept, 1)
    if a.shape != (d.size, prior.mean.size):
        raise ValueError(f"slopes of shape {a.shape} do not fit {d.size} items and {prior.mean.size} abilities")
    if (a < 0).any() or not (a > 0).any(axis=1).all():
        raise ValueError("every item needs a positive slope, and none may be negative")
    answers = checked_responses(responses, np.full(d.size, 2))
    bound = (a[:, :, None] * a[:, None, :]).sum(axis=0) / 4
    theta, covariance = _posterior_means(answers, prior, bound, lambda axes: _of_compensatory(a, d, axes))
    return SeveralAbilities(theta, covariance, ((answers != MISSING)[:, :, None] & (a > 0)).sum(axis=1))


def parts_of(items: Items, ability: ArrayLike, prior: CorrelatedPrior) -> Parts:
    """Part items by ability; takes which one each measures, shape (items,), returns a part for each.

    Raises
    ------
    ValueError
        Not one whole number of each item, or an ability has no item or no prior.
    """
    measures, abilities = np.asarray(ability), prior.mean.size
    if measures.shape != (len(items),) or measures.dtype.kind not in "iu":
        raise ValueError(f"ability must be {len(items)} whole numbers, one of each item")
    if sorted(set(measures.tolist())) != list(range(abilities)):
        raise ValueError(f"the items measure {sorted(set(measures.tolist()))}, the prior has 0 to {abilities - 1}")
    columns = [np.flatnonzero(measures == number) for number in range(abilities)]
    return [(where, items.at(where.tolist())) for where in columns]


def own_answers(answers: Answers, columns: Ints) -> Answers:
    """Pick columns: takes shape (persons, items), returns (persons, columns), each person's side by side in memory.

    In another order sums over a person's columns would end in other bits.
    """
    return np.ascontiguousarray(answers[:, columns])


def n_items_of(answers: Answers, parts: Parts) -> Ints:
    """Count the answered items of each ability; takes shape (persons, items), returns (persons, abilities)."""
    return np.stack([n_answered(answers[:, columns]) for columns, _ in parts], axis=1)


def _of_parts(parts: Parts, axes: list[Floats]) -> LogLikelihood:
    tables = [log_likelihood_table(items, axis) for (_, items), axis in zip(parts, axes, strict=True)]
    others = [[place for place in range(1, len(axes) + 1) if place != number + 1] for number in range(len(axes))]

    def log_likelihood(answers: Answers) -> Floats:
        found: Floats = np.zeros((1,) * (1 + len(axes)))
        for table, (columns, _), rest in zip(tables, parts, others, strict=True):
            own = np.ascontiguousarray(table.sums(own_answers(answers, columns)).T)
            found = found + np.expand_dims(own, rest)
        return found

    return log_likelihood


def _of_compensatory(slope: Floats, intercept: Floats, axes: list[Floats]) -> LogLikelihood:
    logit = ((_crossed(axes)[..., None, :] * slope).sum(axis=-1) + intercept).reshape(-1, intercept.size)
    logs = np.stack([log_expit(-logit), log_expit(logit)], axis=2)
    table = AnswerTable.of(np.full(intercept.size, 2), logs)
    return lambda answers: np.ascontiguousarray(table.sums(answers).T).reshape(-1, *(axis.size for axis in axes))


def _crossed(axes: list[Floats]) -> Floats:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def _axes(prior: CorrelatedPrior, bound: Floats, reach: float) -> list[Floats]:
    """Lay axes fine enough for the narrowest posterior in any direction, not only along an axis."""
    abilities = prior.mean.size
    if abilities not in PER_SD:
        raise ValueError(f"axes cross for two or three abilities, not {abilities}: take eap or several_map")
    narrowest = np.linalg.inv(prior.precision + bound)
    se = np.sqrt(np.diag(narrowest))
    step = se * np.sqrt(np.linalg.eigvalsh(narrowest / np.outer(se, se))[0]) / PER_SE[abilities]
    intervals = np.ceil(reach * np.maximum(prior.sd / step, PER_SD[abilities])).astype(np.int64)
    if np.prod(2.0 * intervals + 1) > MOST_CROSSINGS:
        raise ValueError(f"axes of {(2 * intervals + 1).tolist()} nodes cross too often: take several_map")
    ends = zip(prior.mean, prior.sd, intervals, strict=True)
    return [mean + sd * np.linspace(-reach, reach, 1 + 2 * int(half)) for mean, sd, half in ends]


def _posterior_means(
    answers: Answers, prior: CorrelatedPrior, bound: Floats, on: Callable[[list[Floats]], LogLikelihood]
) -> tuple[Floats, Floats]:
    """Compute mean and covariance of every posterior; on longer axes for whom the first ones are too short."""
    theta, covariance = np.tile(prior.mean, (len(answers), 1)), np.tile(prior.covariance, (len(answers), 1, 1))
    left, reach = np.flatnonzero((answers != MISSING).any(axis=1)), REACH
    while left.size:
        axes = _axes(prior, bound, reach)
        theta[left], covariance[left], at_ends = _on_axes(answers[left], prior, axes, on(axes))
        left, reach = left[at_ends > EDGE], reach + 2.0
    return theta, covariance


def _on_axes(answers: Answers, prior: CorrelatedPrior, axes: list[Floats], log_likelihood: LogLikelihood) -> Moments:
    apart = [axis - mean for axis, mean in zip(axes, prior.mean, strict=True)]
    crossed = _crossed(apart)
    log_prior = (crossed[..., None] * crossed[..., None, :] * prior.precision).sum(axis=(-2, -1)) / -2
    found, at_once = [], max(1, AT_A_TIME // log_prior.size)
    for start in range(0, len(answers), at_once):
        weights = log_likelihood(answers[start : start + at_once]) + log_prior
        flat = weights.reshape(len(weights), -1)
        flat -= flat.max(axis=1)[:, None]
        np.exp(flat, out=flat)
        found.append(_moments(weights, apart))
    mean, covariance, at_ends = (np.concatenate(part) for part in zip(*found, strict=True))
    return mean + prior.mean, covariance, at_ends


def _moments(weights: Floats, apart: list[Floats]) -> Moments:
    """Take the moments of weights, of any sum, of shape (persons, nodes of each axis)."""
    persons, abilities, at_ends = len(weights), len(apart), np.zeros(len(weights))
    mean, square = np.empty((persons, abilities)), np.empty((persons, abilities, abilities))
    for one, other in combinations(range(abilities), 2):
        rest = ({0, 1, 2} - {one, other}).pop() + 1
        both = weights if abilities == 2 else weights.sum(axis=rest)
        mass = both.reshape(persons, -1).sum(axis=1)
        product = (both * np.outer(apart[one], apart[other])).reshape(persons, -1)
        square[:, one, other] = square[:, other, one] = product.sum(axis=1) / mass
        for ability, alone in ((one, both.sum(axis=2)), (other, both.sum(axis=1))):
            mean[:, ability] = (alone * apart[ability]).sum(axis=1) / mass
            square[:, ability, ability] = (alone * apart[ability] ** 2).sum(axis=1) / mass
            at_ends = np.maximum(at_ends, np.maximum(alone[:, 0], alone[:, -1]) / mass)
    return mean, square - mean[:, :, None] * mean[:, None, :], at_ends
