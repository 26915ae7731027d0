"""Ability as the mean of what is known after the answers."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.likelihood import AnswerTable, log_likelihood_table
from scoring_engine.ability.posterior import (
    ENOUGH,
    FINE,
    STANDARD_NORMAL,
    Posterior,
    Prior,
    blocks,
    grid,
    heights,
    moments,
    weigh,
)
from scoring_engine.curves.items import Item, Items
from scoring_engine.responses import MISSING, Answers, Floats, Ints, Texts, checked_responses

NO_ITEMS = "no_items"
"""Nothing was answered: the estimate is the prior, or missing where there is none."""


@dataclass(frozen=True, eq=False)
class Ability:
    """An estimate for every person, with its uncertainty.

    Parameters
    ----------
    theta, se : shape (persons,)
        In logits.
    n_items : shape (persons,)
        How many items (or blocks) the estimate rests on.
    flag : shape (persons,)
        Why there is no estimate, or what is odd about it: `no_items`, `no_ml`, `bound`; empty otherwise.
    """

    theta: Floats
    se: Floats
    n_items: Ints
    flag: Texts


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
        In logits. The same bytes for a person alone and in any batch.

    Raises
    ------
    ValueError
        A response is not a whole number, is outside its item's categories, or has no item.

    Source
    ------
    Bock & Mislevy (1982), Applied Psychological Measurement 6(4), 431-444.
    """
    answers = checked_responses(responses, items.categories)
    nodes, table = _tabulated(items.each, prior, FINE)
    weights = weigh(prior, nodes, table.sums(answers))
    return Posterior(prior, nodes, weights.T, n_answered(answers))


def eap(responses: ArrayLike, items: Items, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate ability as the posterior mean, with the posterior standard deviation as its error.

    Takes, refuses and rests on what `posterior` does, and keeps no weights: a million persons at a time, or
    a nation chunk by chunk, give the same bytes as each person alone.

    Returns
    -------
    Ability
        In logits. A person without an answer gets the prior back.
    """
    answers = checked_responses(responses, items.categories)
    nodes, table = _tabulated(items.each, prior, ENOUGH)
    theta, se = np.empty((2, len(answers)))
    for part in blocks(len(answers)):
        theta[part], se[part] = moments(nodes, heights(prior, nodes, table.sums(answers[part])))
    return _with_prior(prior, theta, se, n_answered(answers))


def summarise(known: Posterior) -> Ability:
    """Take mean and standard deviation of every posterior; without an answer these are the prior's own.

    Takes weights of shape (persons, nodes), returns an Ability in logits, one number for each person.
    """
    return _with_prior(known.prior, *moments(known.nodes, known.weights.T), known.n_items)


def nodes_for(items: Items, prior: Prior, to_se: float = FINE) -> Floats:
    """Lay the grid of a test; takes items and prior, returns nodes of shape (nodes,), in logits, as `grid` says."""
    ends = np.stack([np.zeros_like(items.categories), items.categories - 1]).astype(np.int8)
    # The last category of a nominal item need not speak most for ability, nor the first one least.
    if items.nominal.where.size:
        slope, there = items.nominal.slope, np.isfinite(items.nominal.intercept)
        ends[0, items.nominal.where] = np.where(there, slope, np.inf).argmin(axis=1)
        ends[1, items.nominal.where] = np.where(there, slope, -np.inf).argmax(axis=1)
    return grid(prior, items.information_bound, lambda at: log_likelihood_table(items, at).sums(ends), to_se)


@lru_cache(maxsize=64)
def _tabulated(items: tuple[Item, ...], prior: Prior, to_se: float) -> tuple[Floats, AnswerTable]:
    """Lay grid and table of a test; kept, because sheets of one form come one after the other."""
    test = Items(items)
    nodes = nodes_for(test, prior, to_se)
    return nodes, log_likelihood_table(test, nodes)


def n_answered(answers: Answers) -> Ints:
    """Count the answered items of every person; takes shape (persons, items), returns (persons,)."""
    count: Ints = np.count_nonzero(answers != MISSING, axis=1)
    return count


def _with_prior(prior: Prior, mean: Floats, sd: Floats, n_items: Ints) -> Ability:
    answered = n_items > 0
    flag = np.where(answered, "", NO_ITEMS)
    return Ability(np.where(answered, mean, prior.mean), np.where(answered, sd, prior.sd), n_items, flag)
