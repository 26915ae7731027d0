"""Loadings, means and uniquenesses of forced-choice statements, and the correlations of traits, from people's choices.

Limited information: only how often one of two statements was preferred, and how often two such preferences came
together, is used. From these follow thresholds and tetrachoric correlations of the latent differences of utilities; the
model implies both. Correlations are fitted by unweighted least squares (ULS); means follow from the thresholds.

What data cannot say is fixed: traits have variance 1; the first statement of a block has mean 0, and psi 1 in a block
of three or more; both psi of a pair are 0.5. In a block about one trait only the differences of loadings matter: its
first loading stays at 0.8 with the sign of the key. Which way a statement is keyed must be told, so that no trait comes
out reversed. Picks of most and least do for blocks of two and three. In larger ones they leave out pairs, and not at
random, which would bias the correlations: such blocks must be ranked. Pairs that are all keyed in opposite directions
determine loadings and correlations of traits badly: some pairs must be keyed alike.

In simulations with 3,000 persons, 3 or 5 traits and 8 to 45 blocks, loadings came back with a root mean square error of
0.06 to 0.07 and correlations of traits to 0.05; scores with the found parameters and with the true ones correlated
above 0.999. Results of the search agree to about six digits, not to the last bit, on another number of processors.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeResult, least_squares
from scipy.special import ndtri

from scoring_engine.calibration.choice_correlations import (
    ChoiceCorrelations,
    contrasts,
    implied_covariance,
    tetrachoric,
)
from scoring_engine.instruments.trait_blocks import Choices, TraitBlocks
from scoring_engine.responses import MISSING, Bools, Floats, Ints, real_numbers

FEWEST_PERSONS = 200
"""Below this tetrachoric correlations are mostly noise."""

FIRST_LOADING = 0.8
"""Where the search starts, with the sign of the key."""

MOST_EVALUATIONS = 200
"""Of the fit; ten to thirty are usual."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """What was found about the statements and traits.

    Parameters
    ----------
    blocks : TraitBlocks
    phi : shape (traits, traits)
        Correlations of the traits.
    residual : float
        Root mean square of observed less implied tetrachoric correlations.
    at_limit : shape (statements,)
        True where psi ended at a limit of the search, so that data do not determine it.
    converged : bool
        False if the fit was stopped before it stood still, or phi is not positive definite: do not use it then. What is
        here is the last state.
    """

    blocks: TraitBlocks
    phi: Floats
    residual: float
    at_limit: Bools
    converged: bool


def calibrate(choices: Choices, trait: ArrayLike, key: ArrayLike, most: int = MOST_EVALUATIONS) -> Calibration:
    """Estimate all parameters of a test of several traits from the choices of many people.

    Parameters
    ----------
    choices : Choices
        Of at least 200 persons. Blocks without an answer are left out pair by pair.
    trait : shape (statements,)
        Which trait each statement is about, from 0.
    key : shape (statements,)
        1 where agreement means more of the trait, -1 where it means less.
    most : int
        How often correlations may be computed before the fit gives up.

    Returns
    -------
    Calibration
        In the metric that `thurstonian.score` takes.

    Raises
    ------
    ValueError
        Too few persons, a pair on which all agree, picks in blocks of more than three, or a key that is not 1 or -1.

    Source
    ------
    Brown & Maydeu-Olivares (2012), Behavior Research Methods 44(4), 1135-1147; Maydeu-Olivares (1999),
    Psychometrika 64(3), 325-340.
    """
    start = _start(choices, np.asarray(trait), real_numbers("key", key, 1))
    outcomes = _outcomes(choices, start)
    threshold, observed = _summaries(outcomes, start.pairs)
    model = ChoiceCorrelations(start)
    found = _fitted(model, observed, most)
    blocks, phi = model.parameters(found.x)
    standing = bool(found.status > 0 and np.linalg.eigvalsh(phi)[0] > 1e-8)
    residual = float(np.sqrt(np.mean(found.fun**2)))
    return Calibration(_with_means(blocks, phi, threshold), phi, residual, model.at_limit(found.x), standing)


def _fitted(model: ChoiceCorrelations, observed: Floats, most: int) -> OptimizeResult:
    def misfit(free: Floats) -> Floats:
        return model.correlations(free)[model.upper] - observed[model.upper]

    return least_squares(
        misfit, model.first(), jac=model.jacobian, bounds=model.limits(), max_nfev=most, xtol=1e-9, ftol=1e-9
    )


def _start(choices: Choices, trait: Ints, key: Floats) -> TraitBlocks:
    if not choices.strict and max(choices.sizes) > 3:
        raise ValueError("picks of most and least leave out pairs of a block of more than three: let people rank it")
    if len(choices.order) < FEWEST_PERSONS:
        raise ValueError(f"{len(choices.order)} persons are too few to calibrate: at least {FEWEST_PERSONS}")
    if not np.isin(key, (-1, 1)).all():
        raise ValueError("a key is 1 or -1 for each statement")
    psi = np.concatenate([np.full(size, 0.5 if size == 2 else 1.0) for size in choices.sizes])
    return TraitBlocks(choices.sizes, np.zeros(psi.size), FIRST_LOADING * key, psi, trait)


def _outcomes(choices: Choices, blocks: TraitBlocks) -> Ints:
    """Say which statement of each pair was preferred: 1 the first, 0 the second, -1 unknown; shape (persons, pairs)."""
    place = np.concatenate([np.argsort(choices.order[:, columns], axis=1) for columns in blocks.columns], axis=1)
    i, k = blocks.pairs.T
    return np.where(choices.order[:, i] == MISSING, MISSING, place[:, i] < place[:, k]).astype(np.int64)


def _summaries(outcomes: Ints, pairs: Ints) -> tuple[Floats, Floats]:
    """Estimate thresholds, shape (pairs,), and tetrachoric correlations, shape (pairs, pairs)."""
    known, preferred = (outcomes != MISSING).astype(np.float64), (outcomes == 1).astype(np.float64)
    count = known.sum(axis=0)
    share = preferred.sum(axis=0) / np.maximum(count, 1)
    if ((share == 0) | (share == 1)).any():
        i, k = pairs[np.argmax((share == 0) | (share == 1))]
        raise ValueError(f"all persons agree, or none answered, which of statements {i} and {k} they prefer")
    row, column = np.triu_indices(share.size, 1)
    together = (known.T @ known)[row, column]  # sums of 0 and 1: exact in any order
    if (together < 2).any():
        raise ValueError("two blocks were never answered by the same two persons")
    both = (preferred.T @ preferred)[row, column] / together
    p, q = share[row], share[column]
    lowest, highest = np.maximum(p + q - 1, 0), np.minimum(p, q)
    margin = np.minimum(0.5 / together, (highest - lowest) / 4)  # half a person where a cell is empty
    correlations = np.eye(share.size)
    correlations[row, column] = tetrachoric(p, q, np.clip(both, lowest + margin, highest - margin))
    correlations[column, row] = correlations[row, column]
    return ndtri(share), correlations


def _with_means(blocks: TraitBlocks, phi: Floats, threshold: Floats) -> TraitBlocks:
    """Add the means whose differences come nearest to the thresholds of the pairs; the first of a block is 0."""
    apart = threshold * np.sqrt(np.diagonal(implied_covariance(blocks, phi)))
    size_of = np.repeat(blocks.sizes, blocks.sizes)
    mean = (contrasts(blocks).T * apart).sum(axis=1) / size_of
    first = np.repeat([columns.start for columns in blocks.columns], blocks.sizes)
    return TraitBlocks(blocks.sizes, mean - mean[first], blocks.loading, blocks.psi, blocks.trait)
