"""One trait from blocks of statements of which people pick the most and the least fitting.

A pair of picks is one answer to the block, as a category is one answer to an item: its probability is that of the whole
choice, exactly (`block_choices`), and not of the pairs that follow from it, which share errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import Ability, summarise
from scoring_engine.ability.likelihood import AnswerTable
from scoring_engine.ability.posterior import STANDARD_NORMAL, Posterior, Prior, grid, weigh
from scoring_engine.instruments.block_choices import log_chosen
from scoring_engine.responses import MISSING, Answers, Floats, Ints, checked_picks, real_numbers

WIDEST_PSI = 1e5
"""Between the error variances of a block: integrating over errors of such unlike sizes would have no end."""

MOST_STATEMENTS = 11
"""In a block: its 110 pairs of picks are what a byte can number."""

LEAST = -700.0
"""Below this a logarithm of a probability is not computed (`block_choices`): no answer outweighs it."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """The statements of a test, block after block, in the metric of their utilities.

    The utility of a statement for a person with trait eta is mean + loading * eta + e, e ~ N(0, psi).
    All three numbers of all statements are in this one metric: none of them is divided by a total
    standard deviation. psi is a variance.

    Parameters
    ----------
    sizes : one number per block
        How many statements the block has, at least 2.
    mean, loading, psi : shape (statements,)
        All statements of block 0, then of block 1, and so on. psi > 0.

    Raises
    ------
    ValueError
        No block, a block of fewer than 2 statements, shapes disagree, or psi is not positive.
    """

    sizes: tuple[int, ...]
    mean: Floats
    loading: Floats
    psi: Floats

    def __post_init__(self) -> None:
        """Refuse parameters that describe no blocks."""
        if not self.sizes or min(self.sizes) < 2:
            raise ValueError("a test has at least one block, and a block at least two statements")
        if max(self.sizes) > MOST_STATEMENTS:
            raise ValueError(f"a block has {max(self.sizes)} statements; {MOST_STATEMENTS} are the most")
        for name in ("mean", "loading", "psi"):
            if real_numbers(name, getattr(self, name), 1).size != sum(self.sizes):
                raise ValueError(f"{name} has not one number for each of {sum(self.sizes)} statements")
        if (self.psi <= 0).any():
            raise ValueError("psi must be positive")
        if any(self.psi[own].max() > WIDEST_PSI * self.psi[own].min() for own in self.columns):
            raise ValueError(f"within a block one psi is more than {WIDEST_PSI:g} times another: no errors differ so")

    @property
    def columns(self) -> list[slice]:
        """Say which of the statements each block has, one slice per block."""
        ends = np.cumsum(self.sizes)
        return [slice(int(end) - size, int(end)) for size, end in zip(self.sizes, ends, strict=True)]

    @property
    def pairs(self) -> Ints:
        """All pairs (i, k), i < k, of statements that share a block, shape (pairs, 2)."""
        starts = np.cumsum((0, *self.sizes[:-1]))
        inside = [
            (start + i, start + k)
            for start, size in zip(starts, self.sizes, strict=True)
            for i, k in combinations(range(size), 2)
        ]
        return np.array(inside, dtype=np.int64)


def posterior(most: ArrayLike, least: ArrayLike, blocks: Blocks, prior: Prior = STANDARD_NORMAL) -> Posterior:
    """Compute the posterior distribution of every person's trait under the Thurstonian model.

    Parameters
    ----------
    most, least : shape (persons, blocks), or (blocks,) for one person
        Position of the picked statement in its block, from 0; both -1 where the block has no answer.
    blocks : Blocks
    prior : Prior
        Of the trait; N(0, 1) unless given, which is the metric that loadings are calibrated in.

    Returns
    -------
    Posterior
        In standard deviations of the trait; n_items counts answered blocks.

    Raises
    ------
    ValueError
        A pick is outside its block, only one of two is there, or both are the same statement.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502, for the model.
    """
    best, worst = checked_picks(most, least, blocks.sizes)
    nodes, table = _tabulated(
        blocks.sizes, *(tuple(part.tolist()) for part in (blocks.mean, blocks.loading, blocks.psi)), prior
    )
    weights = weigh(prior, nodes, table.sums(_numbered(best, worst, np.array(blocks.sizes))))
    return Posterior(prior, nodes, weights.T, (best != MISSING).sum(axis=1))


def eap(most: ArrayLike, least: ArrayLike, blocks: Blocks, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate the trait as the posterior mean; takes, refuses and rests on what `posterior` does.

    Returns an Ability, one number for each person; none answered gives the prior.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    return summarise(posterior(most, least, blocks, prior))


@lru_cache(maxsize=16)
def _tabulated(
    sizes: tuple[int, ...], mean: tuple[float, ...], loading: tuple[float, ...], psi: tuple[float, ...], prior: Prior
) -> tuple[Floats, AnswerTable]:
    """Lay grid and table of a test; kept, because 45 blocks of four take a second and sheets come one by one."""
    blocks = Blocks(sizes, np.array(mean), np.array(loading), np.array(psi))
    nodes = grid(prior, _information_bound(blocks), lambda at: _extremes(blocks, at))
    return nodes, _table(blocks, nodes)


def _numbered(best: Answers, worst: Answers, sizes: Ints) -> Answers:
    """Number the pairs of picks of a block in the order of `permutations`; -1 without an answer."""
    numbers = best * (sizes - 1) + worst - (worst > best)
    return np.where(best == MISSING, MISSING, numbers).astype(np.int8)


def _table(blocks: Blocks, nodes: Floats) -> AnswerTable:
    """Tabulate the log-probability of every pair of picks of every block."""
    categories = np.array([size * (size - 1) for size in blocks.sizes], dtype=np.int64)
    logs = np.zeros((nodes.size, len(blocks.sizes), int(categories.max())))
    for block, size in enumerate(blocks.sizes):
        picks = list(permutations(range(size), 2))
        logs[:, block, : len(picks)] = _log_p(blocks, block, picks, nodes)
    return AnswerTable.of(categories, logs)


def _extremes(blocks: Blocks, nodes: Floats) -> Floats:
    """Give the log-likelihoods of the picks that speak most for a low and for a high trait, shape (nodes, 2)."""
    found = np.zeros((2, nodes.size))
    for block, columns in enumerate(blocks.columns):
        order = np.argsort(blocks.loading[columns], kind="stable").tolist()
        low, high = (order[0], order[-1]), (order[-1], order[0])
        found += _log_p(blocks, block, [low, high], nodes).T
    return found.T


def _log_p(blocks: Blocks, block: int, picks: Sequence[tuple[int, int]], nodes: Floats) -> Floats:
    """Compute the log-probability of some pairs of picks of one block, shape (nodes, picks)."""
    columns, size = blocks.columns[block], blocks.sizes[block]
    orders = [[most, *({*range(size)} - {most, least}), least] for most, least in picks]
    order = np.repeat(np.array(orders), nodes.size, axis=0).T  # (statements, picks * nodes)
    mean, loading, psi = (part[columns][order] for part in (blocks.mean, blocks.loading, blocks.psi))
    logs = log_chosen(mean + loading * np.tile(nodes, len(picks)), psi, strict=False)
    return np.maximum(logs, LEAST).reshape(len(picks), nodes.size).T


def _information_bound(blocks: Blocks) -> float:
    """Bound the curvature of any log-likelihood: that of all utilities seen, less what is common to a block."""
    bound = 0.0
    for columns in blocks.columns:
        loading, weight = blocks.loading[columns], 1 / blocks.psi[columns]
        bound += float((weight * (loading - (weight * loading).sum() / weight.sum()) ** 2).sum())
    return bound
