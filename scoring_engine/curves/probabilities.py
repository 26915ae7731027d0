"""Probability of every response to every item, and its derivatives, as functions of ability."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit, logsumexp

from scoring_engine.curves.items import BinaryBlock, GradedBlock, Items, NominalBlock
from scoring_engine.responses import Floats, real_numbers


@dataclass(frozen=True, eq=False)
class Curves:
    """Probabilities at some abilities with their first two derivatives, 0 where an item has no such category.

    Parameters
    ----------
    p, first, second : shape (nodes, items, most categories)
        P, dP/dtheta (per logit), d2P/dtheta2 (per squared logit).
    """

    p: Floats
    first: Floats
    second: Floats


def log_probabilities(theta: ArrayLike, items: Items) -> Floats:
    """Compute the logarithm of the probability of every category of every item.

    Parameters
    ----------
    theta : shape (nodes,)
        Abilities in logits.
    items : Items

    Returns
    -------
    shape (nodes, items, most categories)
        -inf where an item has no such category.

    Raises
    ------
    ValueError
        theta is not a row of finite numbers.

    Source
    ------
    As the models of `scoring_engine.curves.items`.
    """
    nodes = real_numbers("theta", theta, 1)
    logs = np.full((nodes.size, len(items), int(items.categories.max())), -np.inf)
    for block, log_p in (
        (items.binary, log_binary(nodes, items.binary)),
        (items.graded, log_graded(nodes, items.graded)),
        (items.nominal, log_nominal(nodes, items.nominal)),
    ):
        logs[:, block.where, : log_p.shape[2]] = log_p
    return logs


def probabilities(theta: ArrayLike, items: Items) -> Floats:
    """Compute the probability of every category; takes, returns and raises as for the logarithm, same shapes."""
    return np.exp(log_probabilities(theta, items))


def curves(theta: ArrayLike, items: Items) -> Curves:
    """Compute the probability of every category of every item with its first two derivatives.

    Parameters
    ----------
    theta : shape (nodes,)
        Abilities in logits.
    items : Items

    Returns
    -------
    Curves

    Raises
    ------
    ValueError
        theta is not a row of finite numbers.

    Source
    ------
    As the models of `scoring_engine.curves.items`; derivatives by the chain rule, without a division by P.
    """
    nodes = real_numbers("theta", theta, 1)
    whole = np.zeros((3, nodes.size, len(items), int(items.categories.max())))
    for block, found in (
        (items.binary, _binary_curves(nodes, items.binary)),
        (items.graded, _graded_curves(nodes, items.graded)),
        (items.nominal, _nominal_curves(nodes, items.nominal)),
    ):
        for part, values in zip(whole, found, strict=True):
            part[:, block.where, : values.shape[2]] = values
    return Curves(*whole)


def information(theta: ArrayLike, items: Items) -> Floats:
    """Compute the expected (Fisher) information of every item, sum over categories of P'^2 / P.

    Parameters
    ----------
    theta : shape (nodes,)
        Abilities in logits.
    items : Items

    Returns
    -------
    shape (nodes, items)
        Per squared logit; the sum over items is that of the test, and 1 / sqrt of it the standard error.

    Raises
    ------
    ValueError
        theta is not a row of finite numbers.

    Source
    ------
    Samejima (1969); Lord (1980), Applications of Item Response Theory, chapter 5.
    """
    nodes = real_numbers("theta", theta, 1)
    told = np.zeros((nodes.size, len(items)))
    for block, values in (
        (items.binary, _binary_information(nodes, items.binary)),
        (items.graded, _graded_information(nodes, items.graded)),
        (items.nominal, _nominal_information(nodes, items.nominal)),
    ):
        told[:, block.where] = values
    return told


def expected_scores(theta: ArrayLike, items: Items) -> Floats:
    """Compute the expected category of every item, sum over k of k P_k.

    Takes theta of shape (nodes,) in logits, returns shape (nodes, items). Raises ValueError if theta is not a
    row of finite numbers.
    """
    p = probabilities(theta, items)
    return p @ np.arange(float(p.shape[2]))


def log_binary(nodes: Floats, block: BinaryBlock) -> Floats:
    """Compute log P of wrong and right without losing digits in either tail.

    Takes nodes of shape (nodes,), in logits, returns shape (nodes, items, 2).
    """
    z = nodes[:, None] * block.slope + block.intercept
    with np.errstate(divide="ignore"):  # an asymptote of 0 or 1 is a logarithm of -inf, which adds nothing
        low, high, width = np.log(block.lower), np.log1p(-block.upper), np.log(block.upper - block.lower)
    return np.stack([np.logaddexp(high, width + log_expit(-z)), np.logaddexp(low, width + log_expit(z))], axis=2)


def log_graded(nodes: Floats, block: GradedBlock) -> Floats:
    """Compute log(S_k - S_(k+1)) as a product: the difference of two numbers near 1 loses every digit.

    Takes nodes of shape (nodes,), in logits, returns shape (nodes, items, most categories).
    """
    edges = _edges(block)
    z = block.slope[:, None] * nodes[:, None, None] + edges
    with np.errstate(invalid="ignore", divide="ignore"):  # -inf - -inf behind an item's last threshold
        logs = log_expit(z[:, :, :-1]) + log_expit(-z[:, :, 1:]) + np.log(-np.expm1(np.diff(edges)))
    whole: Floats = np.where(np.isneginf(edges[:, :-1]), -np.inf, logs)
    return whole


def log_nominal(nodes: Floats, block: NominalBlock) -> Floats:
    """Compute the normalised logarithms; takes shape (nodes,), in logits, returns (nodes, items, most categories)."""
    z = nodes[:, None, None] * block.slope + block.intercept
    logs: Floats = z if z.size == 0 else z - logsumexp(z, axis=2, keepdims=True)
    return logs


Three = tuple[Floats, Floats, Floats]


def _binary_curves(nodes: Floats, block: BinaryBlock) -> Three:
    z, width = nodes[:, None] * block.slope + block.intercept, block.upper - block.lower
    s, not_s = expit(z), expit(-z)
    first = width * block.slope * s * not_s
    second = first * block.slope * (not_s - s)
    p, q = block.lower + width * s, (1 - block.upper) + width * not_s
    return np.stack([q, p], axis=2), np.stack([-first, first], axis=2), np.stack([-second, second], axis=2)


def _binary_information(nodes: Floats, block: BinaryBlock) -> Floats:
    z, width = nodes[:, None] * block.slope + block.intercept, block.upper - block.lower
    s, not_s = expit(z), expit(-z)
    if not block.lower.any() and (block.upper == 1).all():
        return block.slope**2 * s * not_s
    p, q = block.lower + width * s, (1 - block.upper) + width * not_s
    # Written so that nothing is divided by a probability that has underflowed to 0.
    told: Floats = (width * block.slope) ** 2 * np.divide(s, p, out=np.ones_like(s), where=p > 0) * s
    return told * np.divide(not_s, q, out=np.ones_like(s), where=q > 0) * not_s


def _graded_information(nodes: Floats, block: GradedBlock) -> Floats:
    p, first, _second = _graded_curves(nodes, block)
    return _fisher(p, first)


def _nominal_information(nodes: Floats, block: NominalBlock) -> Floats:
    p, first, _second = _nominal_curves(nodes, block)
    return _fisher(p, first)


def _fisher(p: Floats, first: Floats) -> Floats:
    """Sum P'^2 / P; a category so improbable that its P is 0 in double precision adds nothing."""
    told: Floats = np.divide(first**2, p, out=np.zeros_like(p), where=p > 0).sum(axis=2)
    return told


def _graded_curves(nodes: Floats, block: GradedBlock) -> Three:
    z = block.slope[:, None] * nodes[:, None, None] + _edges(block)
    s, spread, slope = expit(z), expit(z) * expit(-z), block.slope[:, None]
    p = np.exp(log_graded(nodes, block))
    ratio = slope * (expit(-z[:, :, :-1]) - s[:, :, 1:])  # P'/P = a (1 - S_k - S_(k+1))
    second = p * (ratio**2 - slope**2 * (spread[:, :, :-1] + spread[:, :, 1:]))
    return p, p * ratio, second


def _nominal_curves(nodes: Floats, block: NominalBlock) -> Three:
    p = np.exp(log_nominal(nodes, block))
    mean = (block.slope * p).sum(axis=2, keepdims=True)
    apart = block.slope - mean
    variance = (apart**2 * p).sum(axis=2, keepdims=True)
    return p, p * apart, p * (apart**2 - variance)


def _edges(block: GradedBlock) -> Floats:
    end = np.full((len(block.where), 1), np.inf)
    return np.hstack([end, block.intercept, -end])
