"""Any number of correlated abilities, as the mode of what the answers say of all of them together.

Each item measures one ability, so the information of the answers is a diagonal, and only the prior ties abilities.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.modes import maximum_a_posteriori
from scoring_engine.ability.posterior import Prior, blocks
from scoring_engine.ability.several import (
    CorrelatedPrior,
    Parts,
    SeveralAbilities,
    n_items_of,
    own_answers,
    parts_of,
)
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import curves
from scoring_engine.responses import MISSING, Answers, Floats, Ints, checked_responses

PRECISION, MOST_STEPS = 1e-10, 200
"""The last step in logits, and how many there may be."""

LEAST = 1e-300
"""A probability that underflows is taken for this, so that nothing is divided by 0."""


def several_map(responses: ArrayLike, items: Items, ability: ArrayLike, prior: CorrelatedPrior) -> SeveralAbilities:
    """Estimate any number of correlated abilities as the mode of the posterior.

    Parameters
    ----------
    responses, items, ability, prior : as `several_eap` takes them

    Returns
    -------
    SeveralAbilities
        The covariance is the inverse of (Fisher information + prior precision) at the mode. NaN for a person
        whose mode was not reached in `MOST_STEPS` steps.

    Raises
    ------
    ValueError
        A response cannot be one, or an ability has no item or no prior.

    Source
    ------
    Segall (1996), Psychometrika 61(2), 331-354.
    """
    answers, parts = checked_responses(responses, items.categories), parts_of(items, ability, prior)
    theta = np.empty((len(answers), prior.mean.size))
    covariance = np.empty((*theta.shape, prior.mean.size))
    for some in blocks(len(answers)):
        theta[some], covariance[some] = _modes(answers[some], parts, prior)
    return SeveralAbilities(theta, covariance, n_items_of(answers, parts))


def _modes(answers: Answers, parts: Parts, prior: CorrelatedPrior) -> tuple[Floats, Floats]:
    """Climb by Newton steps from each ability's own mode, in smaller ones where a whole one leads down."""
    priors = [Prior(float(mean), float(sd)) for mean, sd in zip(prior.mean, prior.sd, strict=True)]
    alone = zip(parts, priors, strict=True)
    theta = np.stack(
        [maximum_a_posteriori(own_answers(answers, at), items, own).theta for (at, items), own in alone], 1
    )
    now = _surface(theta, answers, parts, prior)
    stride, active = np.ones(len(theta)), np.arange(len(theta))
    for _ in range(MOST_STEPS):
        step = now.part(active).step()
        goes = np.abs(step).max(axis=1) > PRECISION
        active, step = active[goes], step[goes]
        if not active.size:
            break
        tried = theta[active] + np.clip(stride[active][:, None] * step, -1.0, 1.0)
        found = _surface(tried, answers[active], parts, prior)
        up = found.height >= now.height[active] - 1e-12 * np.abs(now.height[active])
        stride[active] = np.where(up, np.minimum(2 * stride[active], 1.0), stride[active] / 4)
        theta[active[up]] = tried[up]
        now.replace(active[up], found.part(np.flatnonzero(up)))
    covariance = np.linalg.inv(now.precision).astype(np.float64)
    theta[active], covariance[active] = np.nan, np.nan
    return theta, covariance


@dataclass(frozen=True, eq=False)
class _Surface:
    """Log posterior (but for a constant), gradient, bend downwards, and information plus prior precision."""

    height: Floats
    gradient: Floats
    bend: Floats
    precision: Floats

    def part(self, rows: Ints) -> "_Surface":
        """Take some persons."""
        return _Surface(self.height[rows], self.gradient[rows], self.bend[rows], self.precision[rows])

    def replace(self, rows: Ints, by: "_Surface") -> None:
        """Write some persons anew."""
        self.height[rows], self.gradient[rows] = by.height, by.gradient
        self.bend[rows], self.precision[rows] = by.bend, by.precision

    def step(self) -> Floats:
        """Go by the bend itself where it is that of a hill, and else by its expectation (Fisher scoring)."""
        hill = np.linalg.eigvalsh(self.bend)[:, :1] > 1e-3 * np.linalg.eigvalsh(self.precision)[:, :1]
        steps = np.linalg.solve(np.where(hill[:, :, None], self.bend, self.precision), self.gradient[:, :, None])
        return steps[:, :, 0].astype(np.float64)


def _surface(theta: Floats, answers: Answers, parts: Parts, prior: CorrelatedPrior) -> _Surface:
    apart = theta - prior.mean
    pull = (apart[:, None, :] * prior.precision).sum(axis=2)
    height, gradient = (apart * pull).sum(axis=1) / -2, -pull
    bend, precision = np.tile(prior.precision, (2, len(theta), 1, 1))
    for number, (columns, items) in enumerate(parts):
        own, found = own_answers(answers, columns), curves(theta[:, number].copy(), items)
        given, answered = own != MISSING, np.maximum(own, 0)[:, :, None].astype(np.int64)
        p, first, second = (
            np.take_along_axis(part, answered, 2)[:, :, 0] for part in (found.p, found.first, found.second)
        )
        p = np.maximum(p, LEAST)
        expected = (found.first**2 / np.maximum(found.p, LEAST)).sum(axis=2)
        height += np.where(given, np.log(p), 0.0).sum(axis=1)
        gradient[:, number] += np.where(given, first / p, 0.0).sum(axis=1)
        bend[:, number, number] += np.where(given, (first / p) ** 2 - second / p, 0.0).sum(axis=1)
        precision[:, number, number] += np.where(given, expected, 0.0).sum(axis=1)
    return _Surface(height, gradient, bend, precision)
