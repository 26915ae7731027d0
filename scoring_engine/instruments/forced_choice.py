"""One trait from blocks of statements of which people pick the most and the least fitting."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from scoring_engine.ability.eap import Ability, summarise
from scoring_engine.ability.posterior import STANDARD_NORMAL, Posterior, Prior, grid, weigh
from scoring_engine.exact import on_grid
from scoring_engine.responses import MISSING, Bools, Floats, Ints, checked_picks, real_numbers


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
        for name in ("mean", "loading", "psi"):
            if real_numbers(name, getattr(self, name), 1).size != sum(self.sizes):
                raise ValueError(f"{name} has not one number for each of {sum(self.sizes)} statements")
        if (self.psi <= 0).any():
            raise ValueError("psi must be positive")

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


def pair_outcomes(most: ArrayLike, least: ArrayLike, sizes: Sequence[int]) -> Ints:
    """Say of every pair of a block which statement was preferred, where the picks tell it.

    Parameters
    ----------
    most, least : shape (persons, blocks), or (blocks,) for one person
        Position of the picked statement in its block, from 0; both -1 where the block has no answer.
    sizes : one number per block

    Returns
    -------
    shape (persons, pairs), pairs in the order of `Blocks.pairs`
        1 the first is preferred, 0 the second, -1 unknown. A block of n gives 2n - 3 known pairs.

    Raises
    ------
    ValueError
        A pick is outside its block, only one of two is there, or both are the same statement.
    """
    best, worst = checked_picks(most, least, sizes)
    columns = []
    for block, size in enumerate(sizes):
        for i, k in combinations(range(size), 2):
            first = (best[:, block] == i) | (worst[:, block] == k)
            second = (best[:, block] == k) | (worst[:, block] == i)
            columns.append(np.where(first, 1, np.where(second, 0, MISSING)))
    return np.stack(columns, axis=1)


def eap(most: ArrayLike, least: ArrayLike, blocks: Blocks, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate the trait as the posterior mean under the Thurstonian model, pairs independent given it.

    Pairs of one block share errors, so the posterior is too sure of itself. The information that the
    answers add is therefore counted as that of the n - 1 comparisons of a block that can be independent,
    not of its 2n - 3 pairs. In simulated blocks of 3 to 5 the error was up to 39 % above the plain
    standard error; it lies up to 10 % on either side of this one.

    Parameters
    ----------
    most, least : as for `pair_outcomes`
    blocks : Blocks
    prior : Prior
        Of the trait; N(0, 1) unless given, which is the metric that loadings are calibrated in.

    Returns
    -------
    Ability
        In standard deviations of the trait; n_items counts answered blocks. None answered: the prior.

    Raises
    ------
    ValueError
        As `pair_outcomes`.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    outcomes = pair_outcomes(most, least, blocks.sizes)
    location, slope = _pair_curves(blocks)
    upward = (slope > 0).astype(np.int64)
    ends = np.stack([1 - upward, upward])
    nodes = grid(prior, float((slope**2).sum()), lambda at: _log_likelihood(ends, location, slope, at))
    weights = weigh(prior, nodes, _log_likelihood(outcomes, location, slope, nodes))
    answered = checked_picks(most, least, blocks.sizes)[0] != MISSING
    plain = summarise(Posterior(prior, nodes, weights.T, answered.sum(axis=1)))
    return replace(plain, se=_widened(plain.se, answered, np.array(blocks.sizes), prior))


def _pair_curves(blocks: Blocks) -> tuple[Floats, Floats]:
    i, k = blocks.pairs.T
    spread = np.sqrt(blocks.psi[i] + blocks.psi[k])
    return (blocks.mean[i] - blocks.mean[k]) / spread, (blocks.loading[i] - blocks.loading[k]) / spread


def _log_likelihood(outcomes: Ints, location: Floats, slope: Floats, nodes: Floats) -> Floats:
    z = location + slope * nodes[:, None]  # (nodes, pairs)
    lost, won = log_ndtr(-z), log_ndtr(z)
    bound = 2.0 * float(np.maximum(-lost, -won).sum(axis=1).max())
    first, second = (outcomes == 1).astype(np.float64), (outcomes == 0).astype(np.float64)
    total: Floats = on_grid(won, bound) @ first.T + on_grid(lost, bound) @ second.T
    return total


def _widened(se: Floats, answered: Bools, sizes: Ints, prior: Prior) -> Floats:
    independent, known = answered @ (sizes - 1), answered @ (2 * sizes - 3)
    share = independent / np.maximum(known, 1)
    added = np.maximum(1 / se**2 - 1 / prior.sd**2, 0.0)
    widened: Floats = 1 / np.sqrt(1 / prior.sd**2 + share * added)
    return widened
