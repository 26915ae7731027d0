"""Blocks of statements about several traits, and what people chose in them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.instruments.block_choices import Choice, chosen
from scoring_engine.instruments.forced_choice import Blocks
from scoring_engine.responses import MISSING, Answers, Floats, Ints, checked_picks, real_numbers, whole_numbers


@dataclass(frozen=True, eq=False)
class TraitBlocks(Blocks):
    """The statements of a test of several traits, block after block, in the metric of their utilities.

    Parameters
    ----------
    sizes, mean, loading, psi : as in `Blocks`
    trait : shape (statements,)
        Which trait each statement is about, from 0; no number is left out.

    Raises
    ------
    ValueError
        As `Blocks`; or trait has another shape, is not whole, or leaves out a number.
    """

    trait: Ints

    def __post_init__(self) -> None:
        """Refuse parameters that describe no blocks of traits."""
        super().__post_init__()
        numbers = whole_numbers("trait", self.trait)
        if np.ndim(self.trait) != 1 or numbers.size != sum(self.sizes):
            raise ValueError(f"trait has not one number for each of {sum(self.sizes)} statements")
        if set(numbers.ravel().tolist()) != set(range(self.traits)):
            raise ValueError("traits are numbered from 0, and none may be without a statement")

    @property
    def traits(self) -> int:
        """Say how many traits there are."""
        return int(np.max(self.trait)) + 1


@dataclass(frozen=True, eq=False)
class Choices:
    """What people chose in every block, made by `of_picks` or `of_rankings`.

    Parameters
    ----------
    sizes : one number per block
    order : shape (persons, statements)
        In the columns of a block its statements (positions from 0), the most fitting first; -1 without an answer.
    strict : bool
        True if the whole order was chosen; False if only its first and its last.
    """

    sizes: tuple[int, ...]
    order: Answers
    strict: bool


def of_picks(most: ArrayLike, least: ArrayLike, sizes: Sequence[int]) -> Choices:
    """Take what people picked as most and as least fitting.

    Parameters
    ----------
    most, least : shape (persons, blocks), or (blocks,) for one person
        Position of the picked statement in its block, from 0; both -1 where the block has no answer.
    sizes : one number per block

    Returns
    -------
    Choices
        Of shape (persons, statements).

    Raises
    ------
    ValueError
        A pick is outside its block, only one of two is there, or both are the same statement.
    """
    best, worst = checked_picks(most, least, sizes)
    columns = []
    for block, size in enumerate(sizes):
        first, last = best[:, block, None], worst[:, block, None]
        places = np.arange(size, dtype=np.int8)
        rank = np.where(places == first, -1, np.where(places == last, 1, 0))
        order = np.argsort(rank, axis=1, kind="stable").astype(np.int8)
        columns.append(np.where(first == MISSING, np.int8(MISSING), order))
    return Choices(tuple(sizes), np.concatenate(columns, axis=1), strict=False)


def of_rankings(ranks: ArrayLike, sizes: Sequence[int]) -> Choices:
    """Take the rank that people gave to every statement of a block.

    Parameters
    ----------
    ranks : shape (persons, statements), or (statements,) for one person
        0 the most fitting of its block, then 1, 2, ...; -1 for all statements of a block without an answer.
    sizes : one number per block

    Returns
    -------
    Choices
        Of shape (persons, statements).

    Raises
    ------
    ValueError
        Another number of columns than statements, or the ranks of a block are not 0 to n - 1, each once.
    """
    given = whole_numbers("ranks", ranks)
    if given.shape[1] != sum(sizes):
        raise ValueError(f"ranks have {given.shape[1]} columns, the blocks {sum(sizes)} statements")
    columns, start = [], 0
    for block, size in enumerate(sizes):
        part = given[:, start : start + size]
        missing = (part == MISSING).all(axis=1)
        wrong = ~missing & (np.sort(part, axis=1) != np.arange(size)).any(axis=1)
        if wrong.any():
            raise ValueError(
                f"person {int(np.argmax(wrong))} did not rank block {block} from 0 to {size - 1}, each once"
            )
        columns.append(np.where(missing[:, None], MISSING, np.argsort(part, axis=1)))
        start += size
    return Choices(tuple(sizes), np.concatenate(columns, axis=1).astype(np.int8), strict=True)


def correlations(phi: ArrayLike, traits: int) -> Floats:
    """Return the correlations of traits, shape (traits, traits), or refuse what cannot be any.

    Takes phi of the same shape.

    Raises
    ------
    ValueError
        Another shape, not symmetric, not 1 on the diagonal, or not positive definite.
    """
    matrix = real_numbers("phi", phi, 2)
    if matrix.shape != (traits, traits):
        raise ValueError(f"phi has shape {matrix.shape}, there are {traits} traits")
    if (np.diagonal(matrix) != 1).any() or (matrix != matrix.T).any() or np.linalg.eigvalsh(matrix)[0] <= 1e-8:
        raise ValueError("phi is no correlation matrix: symmetric, ones on the diagonal, positive definite")
    return matrix


def likelihood(theta: Floats, order: Ints | Answers, blocks: TraitBlocks, block: int, strict: bool) -> Choice:
    """Compute the log-probability of what persons chose in one block, with its derivatives by the traits.

    Parameters
    ----------
    theta : shape (traits, persons)
        In standard deviations.
    order : shape (statements of the block, persons)
        As in `Choices`, without missing answers.
    blocks, block, strict
        The test, the number of the block in it, and as in `Choices`.

    Returns
    -------
    Choice
        Gradient of shape (traits, persons), Hessian of shape (traits, traits, persons).

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    columns = blocks.columns[block]
    trait, loading = blocks.trait[columns], blocks.loading[columns]
    utility = blocks.mean[columns][:, None] + loading[:, None] * theta[trait]
    choice = chosen(np.take_along_axis(utility, order, axis=0), blocks.psi[columns][order], strict)
    place, cells = np.argsort(order, axis=0), np.arange(theta.shape[1])
    gradient, hessian = np.zeros_like(theta), np.zeros((len(theta), *theta.shape))
    for one, i in enumerate(trait):
        gradient[i] += loading[one] * choice.gradient[place[one], cells]
        for other, k in enumerate(trait):
            hessian[i, k] += loading[one] * loading[other] * choice.hessian[place[one], place[other], cells]
    return Choice(choice.log_probability, gradient, hessian)
