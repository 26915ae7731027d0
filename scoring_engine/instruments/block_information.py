"""What blocks of statements tell about several traits, and whether they tell anything about all of them.

A forced choice compares a person with himself. Statements that are all keyed alike and load alike say only which trait
is higher than which, never how high all of them are: scores would turn ipsative. Here the weighted sum of traits is
found that the blocks tell least about, and a test that tells next to nothing about it is refused. In simulated tests
of 30 blocks with all statements keyed alike the share of information in that direction was 0 with equal loadings, 0.01
with loadings of 0.9 to 1.1, 0.04 to 0.09 with 0.7 to 1.3; it was 0.08 to 0.12 once a single statement was turned round.
"""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scoring_engine.instruments.trait_blocks import TraitBlocks, correlations, likelihood
from scoring_engine.responses import Floats, real_numbers

IPSATIVE = 0.05
"""Share of the average information in the weakest direction below which a test is refused: in tests of 30 blocks that
is a reliability of about 0.2 of that sum of traits."""

NOTHING = 1e-9
"""Average information that is no more than what rounding leaves."""


@dataclass(frozen=True, eq=False)
class Direction:
    """The weighted sum of traits that a test tells least about.

    Parameters
    ----------
    weights : shape (traits,)
        Of the traits in the sum, which has a variance of 1 among persons.
    information : float
        About that sum, averaged over persons; its reliability is information / (1 + information).
    share : float
        That information divided by the mean over all directions; 0 makes ipsative scores.
    """

    weights: Floats
    information: float
    share: float


def information(traits: ArrayLike, blocks: TraitBlocks, strict: bool = False) -> Floats:
    """Compute the expected information of all blocks together at given traits.

    Parameters
    ----------
    traits : shape (places, traits)
        In standard deviations.
    blocks : TraitBlocks
    strict : bool
        True for blocks that are ranked, False for picks of most and least.

    Returns
    -------
    shape (places, traits, traits)
        Per squared standard deviation; without that of the prior.

    Raises
    ------
    ValueError
        Not one finite number for each trait.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    places = real_numbers("traits", traits, 2)
    if places.shape[1] != blocks.traits:
        raise ValueError(f"there are {blocks.traits} traits, not {places.shape[1]}")
    known = sum(_of_block(places.T, blocks, block, strict) for block in range(len(blocks.sizes)))
    return np.moveaxis(np.asarray(known), 2, 0)


def _of_block(theta: Floats, blocks: TraitBlocks, block: int, strict: bool) -> Floats:
    orders = np.array(_outcomes(blocks.sizes[block], strict))
    choice = likelihood(np.tile(theta, len(orders)), np.repeat(orders, theta.shape[1], axis=0).T, blocks, block, strict)
    slope = np.nan_to_num(choice.gradient)  # NaN of what cannot be chosen
    squares = np.exp(choice.log_probability) * slope[:, None] * slope
    told: Floats = squares.reshape(len(theta), len(theta), len(orders), -1).sum(axis=2)
    return told


def weakest_direction(blocks: TraitBlocks, phi: ArrayLike, strict: bool = False) -> Direction:
    """Find the weighted sum of traits, of variance 1 among persons, that the blocks tell least about.

    Takes what `score` does and returns a Direction; weights of shape (traits,). Information is averaged over points
    that have the mean and the covariance of the traits.

    Raises
    ------
    ValueError
        phi is no correlation matrix of the traits.

    Source
    ------
    Arasaratnam & Haykin (2009), IEEE Transactions on Automatic Control 54(6), 1254-1269, for the points.
    """
    factor = np.linalg.cholesky(correlations(phi, blocks.traits))
    average = information(_population(factor), blocks, strict).mean(axis=0)
    values, vectors = np.linalg.eigh(factor.T @ average @ factor)
    lowest, mean = max(float(values[0]), 0.0), float(values.mean())
    return Direction(np.linalg.solve(factor.T, vectors[:, 0]), lowest, lowest / mean if mean > NOTHING else 0.0)


def refuse_ipsative(blocks: TraitBlocks, phi: ArrayLike, strict: bool = False, bound: float = IPSATIVE) -> None:
    """Refuse a test whose blocks say next to nothing about some weighted sum of its traits.

    Takes what `weakest_direction` does, and the lowest share of the average information that is allowed; returns
    nothing.

    Raises
    ------
    ValueError
        The share is below the bound; the sentence names the weights of the traits, shape (traits,).
    """
    weakest = weakest_direction(blocks, phi, strict)
    if weakest.share < bound:
        weights = ", ".join(f"{weight:+.2f}" for weight in weakest.weights)
        raise ValueError(
            f"scores would be ipsative: about the sum of traits with weights {weights} the blocks tell only "
            f"{weakest.share:.1%} of their average information, less than {bound:.1%}; key statements both ways"
        )


def marginal_reliability(blocks: TraitBlocks, phi: ArrayLike, strict: bool = False) -> Floats:
    """Compute what share of each trait's variance the scores of a test are expected to carry.

    Takes and refuses what `weakest_direction` does, returns shape (traits,): 1 less the mean posterior
    variance over the same points.

    Raises
    ------
    ValueError
        phi is no correlation matrix of the traits.

    Source
    ------
    Green, Bock, Humphreys, Linn & Reckase (1984), Journal of Educational Measurement 21(4), 347-360.
    """
    prior = correlations(phi, blocks.traits)
    known = information(_population(np.linalg.cholesky(prior)), blocks, strict)
    left = np.linalg.inv(known + np.linalg.inv(prior))
    shares: Floats = 1 - np.diagonal(left, axis1=1, axis2=2).mean(axis=0)
    return shares


def _population(factor: NDArray[np.floating]) -> Floats:
    points = np.sqrt(len(factor)) * factor.T
    both: Floats = np.concatenate([points, -points])
    return both


def _outcomes(size: int, strict: bool) -> list[tuple[int, ...]]:
    """List all that can be chosen in a block, each once: all orders, or all pairs of a first and a last."""
    orders = permutations(range(size))
    return [order for order in orders if strict or list(order[1:-1]) == sorted(order[1:-1])]
