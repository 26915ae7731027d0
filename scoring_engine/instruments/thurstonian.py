"""Several traits from blocks of statements that people rank, or of which they pick the most and the least fitting.

The utility of a statement is mean + loading * trait + e, e ~ N(0, psi), with the one trait that the statement is about;
the traits are N(0, phi) with variances of 1. The score is the most probable trait vector (MAP). The likelihood is that
of the whole choice in a block (`block_choices`), not of its pairs one by one: pairs of a block share errors, and what
takes them for independent is too sure of itself. The log-posterior is concave, so Newton's steps find its one peak, and
standard errors come from its curvature there. In simulations of 2,000 persons with 5 traits and 8 to 45 blocks of 2, 3
and 4 statements, 95 % intervals covered 93.8 to 95.6 % of the true values of each trait.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.instruments.block_choices import Choice
from scoring_engine.instruments.block_information import refuse_ipsative
from scoring_engine.instruments.trait_blocks import Choices, TraitBlocks, correlations, likelihood
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints

AT_ONCE = 1024
"""Persons at a time, so that the points of a block stay near the processor."""

LONGEST_SEARCH = 60
"""Steps; from the prior mean four or five are usual."""

STILL = 1e-5
"""A step shorter than this in every trait is the last; after it the next one is shorter than 1e-7."""

FARTHEST_STEP = 2.0
"""In standard deviations of a trait: beyond it a quadratic says little about the log-posterior."""

SLACK = 1e-3
"""A log-posterior may fall by this and not count as fallen: it is known no better where choices are improbable."""


@dataclass(frozen=True, eq=False)
class TraitScores:
    """The most probable traits of every person, with their uncertainty.

    Parameters
    ----------
    theta, se : shape (persons, traits)
        In standard deviations of the trait; NaN where the search did not converge.
    covariance : shape (persons, traits, traits)
        Of the errors of one person; se are the roots of its diagonal.
    n_items : shape (persons,)
        How many blocks the person answered. None: the prior, theta 0 and se 1.
    converged : shape (persons,)
    """

    theta: Floats
    se: Floats
    covariance: Floats
    n_items: Ints
    converged: Bools


@dataclass(frozen=True, eq=False)
class _Peak:
    """Value (persons,), gradient (traits, persons), negative Hessian (traits, traits, persons) of a log-posterior."""

    value: Floats
    gradient: Floats
    curvature: Floats


def score(choices: Choices, blocks: TraitBlocks, phi: ArrayLike) -> TraitScores:
    """Estimate all traits of every person as the peak of their posterior distribution.

    Parameters
    ----------
    choices : Choices
        Of persons, made by `of_picks` or `of_rankings`.
    blocks : TraitBlocks
    phi : shape (traits, traits)
        Correlations of the traits among persons.

    Returns
    -------
    TraitScores
        In standard deviations of the traits. The same bytes for a person alone and in any batch.

    Raises
    ------
    ValueError
        Choices of other blocks, phi is no correlation matrix of the traits, or the scores would be ipsative.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    if tuple(choices.sizes) != tuple(blocks.sizes):
        raise ValueError(f"choices were made in blocks of {choices.sizes}, the test has blocks of {blocks.sizes}")
    precision = np.linalg.inv(correlations(phi, blocks.traits)).astype(np.float64, copy=False)
    refuse_ipsative(blocks, phi, choices.strict)
    persons, traits = len(choices.order), blocks.traits
    theta, covariance = np.zeros((persons, traits)), np.zeros((persons, traits, traits))
    converged = np.zeros(persons, dtype=np.bool_)
    for start in range(0, persons, AT_ONCE):
        part = slice(start, start + AT_ONCE)
        theta[part], covariance[part], converged[part] = _searched(
            choices.order[part], choices.strict, blocks, precision
        )
    se = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    firsts = [columns.start for columns in blocks.columns]
    return TraitScores(theta, se, covariance, (choices.order[:, firsts] != MISSING).sum(axis=1), converged)


def empirical_reliability(scores: TraitScores) -> Floats:
    """Compute the reliability of each trait among the persons that were scored.

    Takes theta of shape (persons, traits), returns shape (traits,): variance of the scores over that variance and
    the mean squared error together. Persons without an answer, or whose search did not converge, are left out.

    Raises
    ------
    ValueError
        Fewer than two persons are left.

    Source
    ------
    Brown & Maydeu-Olivares (2011), Educational and Psychological Measurement 71(3), 460-502.
    """
    kept = scores.converged & (scores.n_items > 0)
    if kept.sum() < 2:
        raise ValueError("a reliability needs at least two persons with scores")
    variance = scores.theta[kept].var(axis=0, ddof=1)
    reliability: Floats = variance / (variance + (scores.se[kept] ** 2).mean(axis=0))
    return reliability


def _searched(order: Answers, strict: bool, blocks: TraitBlocks, precision: Floats) -> tuple[Floats, Floats, Bools]:
    theta = np.zeros((blocks.traits, len(order)))
    now = _posterior(theta, order, strict, blocks, precision)
    share, done = np.ones(len(order)), np.zeros(len(order), dtype=np.bool_)
    active = np.flatnonzero(np.isfinite(now.value))
    for _ in range(LONGEST_SEARCH):
        step = share[active] * _newton_step(now, active)
        still = np.abs(step).max(axis=0) < STILL
        done[active[still]] = True
        theta[:, active[still]] += step[:, still]
        active, step = active[~still], step[:, ~still]
        if not active.size:
            break
        tried = theta[:, active] + step
        there = _posterior(tried, order[active], strict, blocks, precision)
        better = there.value >= now.value[active] - SLACK
        share[active] = np.where(better, 1.0, share[active] / 4)
        theta[:, active[better]] = tried[:, better]
        for field in ("value", "gradient", "curvature"):
            getattr(now, field)[..., active[better]] = getattr(there, field)[..., better]
    theta[:, ~done], now.curvature[..., ~done] = np.nan, np.nan
    covariance = np.linalg.inv(np.moveaxis(now.curvature, 2, 0)).astype(np.float64, copy=False)
    return theta.T, covariance, done


def _newton_step(now: _Peak, active: Ints) -> Floats:
    curvature = np.moveaxis(now.curvature[..., active], 2, 0)
    step = np.linalg.solve(curvature, now.gradient[:, active].T[..., None])[..., 0].T
    longest = np.abs(step).max(axis=0)
    shortened: Floats = step * (FARTHEST_STEP / np.maximum(longest, FARTHEST_STEP))
    return shortened


def _posterior(theta: Floats, order: Answers, strict: bool, blocks: TraitBlocks, precision: Floats) -> _Peak:
    pull = sum(precision[:, [trait]] * theta[trait] for trait in range(blocks.traits))
    value = -sum(pull[trait] * theta[trait] for trait in range(blocks.traits)) / 2
    gradient, curvature = -pull, np.repeat(precision[:, :, None], theta.shape[1], axis=2)
    for block, columns in enumerate(blocks.columns):
        rows = np.flatnonzero(order[:, columns.start] != MISSING)
        if rows.size:
            choice = _in_block(theta[:, rows], order[rows, columns], strict, blocks, block)
            value[rows] += choice.log_probability
            gradient[:, rows] += choice.gradient
            curvature[:, :, rows] -= choice.hessian
    return _Peak(value, gradient, curvature)


def _in_block(theta: Floats, order: Answers, strict: bool, blocks: TraitBlocks, block: int) -> Choice:
    """Give the likelihood of a block; at the start, where all thetas are 0, each different choice is computed once."""
    if theta.any():
        return likelihood(theta, order.T, blocks, block, strict)
    each, which = np.unique(order, axis=0, return_inverse=True)
    once = likelihood(np.zeros((len(theta), len(each))), each.T, blocks, block, strict)
    return Choice(once.log_probability[which], once.gradient[:, which], once.hessian[..., which])
