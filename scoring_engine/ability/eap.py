"""Ability of persons from their answers to a test of 2PL and graded items."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.posterior import STANDARD_NORMAL, Posterior, Prior, grid, weigh
from scoring_engine.curves.items import Items, log_probabilities
from scoring_engine.responses import MISSING, Floats, Ints, checked_responses


@dataclass(frozen=True, eq=False)
class Ability:
    """An estimate for every person, with its uncertainty.

    Parameters
    ----------
    theta, se : shape (persons,)
        Posterior mean and posterior standard deviation, in logits.
    n_items : shape (persons,)
        How many items (or blocks) the estimate rests on.
    """

    theta: Floats
    se: Floats
    n_items: Ints


def posterior(responses: ArrayLike, items: Items, prior: Prior = STANDARD_NORMAL) -> Posterior:
    """Compute the posterior distribution of every person's ability.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category; -1 is missing and left out, never counted as wrong.
    items : Items
    prior : Prior
        N(0, 1) unless given.

    Returns
    -------
    Posterior
        In logits. A person alone, in a batch or in another batch agrees within 1e-12.

    Raises
    ------
    ValueError
        A response is not a whole number, is outside its item's categories, or has no item.

    Source
    ------
    Bock & Mislevy (1982), Applied Psychological Measurement 6(4), 431-444.
    """
    answers = checked_responses(responses, items.categories)
    ends = np.stack([np.zeros_like(items.categories), items.categories - 1])
    nodes = grid(prior, items.information_bound, lambda at: _log_likelihood(ends, items, at))
    weights = weigh(prior, nodes, _log_likelihood(answers, items, nodes))
    return Posterior(prior, nodes, weights, (answers != MISSING).sum(axis=1))


def summarise(known: Posterior) -> Ability:
    """Take mean and standard deviation of every posterior; without an answer these are the prior's own."""
    mean = known.weights @ known.nodes
    variance = (known.weights * (known.nodes - mean[:, None]) ** 2).sum(axis=1)
    answered = known.n_items > 0
    theta = np.where(answered, mean, known.prior.mean)
    return Ability(theta, np.where(answered, np.sqrt(variance), known.prior.sd), known.n_items)


def eap(responses: ArrayLike, items: Items, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate ability as the posterior mean; takes, refuses and rests on what `posterior` does."""
    return summarise(posterior(responses, items, prior))


def _log_likelihood(answers: Ints, items: Items, nodes: Floats) -> Floats:
    logs = log_probabilities(nodes, items)
    logs[np.isneginf(logs)] = 0.0  # a category that an item has not is never chosen; 0 * -inf is NaN
    total = np.zeros((len(answers), nodes.size))
    for category in range(logs.shape[2]):
        total += (answers == category).astype(np.float64) @ logs[:, :, category].T
    return total
