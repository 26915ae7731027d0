"""What is known about each person's ability, as weights on a grid that all persons of a test share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from scoring_engine.exact import total
from scoring_engine.responses import Floats, Ints

REACH = 6.0
"""The grid goes at least this many standard deviations of the prior to both sides (psychometrics, section 0)."""

INTERVALS_PER_SD = 5
"""A step of .2: less only where a long test makes a narrower posterior than that can carry."""

EDGE = 1e-12
"""If the most extreme answers leave more weight than this at an end, the grid goes further out: to 8 as a rule."""

BLOCK = 1024
"""Persons at a time: their weights on 100 nodes take .8 MB, what a core keeps near."""


@dataclass(frozen=True)
class Prior:
    """The normal distribution of ability before any answer; raises ValueError unless sd is positive."""

    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what is no normal distribution."""
        if not (np.isfinite(self.mean) and np.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"a prior needs a finite mean and a positive sd, not {self.mean}, {self.sd}")


STANDARD_NORMAL = Prior()


@dataclass(frozen=True, eq=False)
class Posterior:
    """The distribution of every person's ability after the answers, on equally spaced nodes.

    Parameters
    ----------
    prior : Prior
        What was known before.
    nodes : shape (nodes,)
        Equally spaced, in logits.
    weights : shape (persons, nodes)
        Probability of each node; every row sums to 1.
    n_items : shape (persons,)
        How many items each person answered.
    """

    prior: Prior
    nodes: Floats
    weights: Floats
    n_items: Ints


LogLikelihood = Callable[[Floats], Floats]
"""Takes nodes, returns the log-likelihoods of some persons, shape (nodes, persons)."""


FINE, ENOUGH = 2.0, 1.25
"""Nodes to the narrowest standard error: fine enough to interpolate between them, or enough to add up over them."""


def grid(prior: Prior, information_bound: float, extremes: LogLikelihood, to_se: float = FINE) -> Floats:
    """Lay the nodes of a test so that no answers to it can give a posterior too narrow or too far out.

    The grid depends on the test alone, never on the answers that happen to be in the batch. A sum over equally
    spaced nodes is off by exp(-2 (pi se / step)^2): 4e-14 for a step of .8 of the narrowest standard error.

    Parameters
    ----------
    prior : Prior
    information_bound : float
        What the curvature of the log-likelihood cannot exceed, per squared logit.
    extremes : function
        Gives the log-likelihoods of the lowest and of the highest answers.
    to_se : FINE or ENOUGH

    Returns
    -------
    shape (nodes,)
        From -6 to 6 prior standard deviations or further, 5 nodes to each or more.
    """
    per_sd = max(INTERVALS_PER_SD, int(np.ceil(to_se * np.sqrt(1 + prior.sd**2 * information_bound))))
    reach = REACH
    while True:
        nodes = prior.mean + prior.sd * np.linspace(-reach, reach, 1 + int(2 * reach * per_sd))
        if weigh(prior, nodes, extremes(nodes))[[0, -1]].max() < EDGE:
            return nodes
        reach += 2.0


def weigh(prior: Prior, nodes: Floats, log_likelihood: Floats) -> Floats:
    """Multiply prior and likelihood on the nodes; takes and returns shape (nodes, persons), columns sum to 1."""
    weights = heights(prior, nodes, log_likelihood.copy())
    weights /= total(weights)
    return weights


def heights(prior: Prior, nodes: Floats, log_likelihood: Floats) -> Floats:
    """Multiply prior and likelihood in place; takes and returns shape (nodes, persons), 1 the highest of a column."""
    # Logs, because a product over 500 items underflows float64.
    log_likelihood -= (((nodes - prior.mean) / prior.sd) ** 2 / 2)[:, None]
    log_likelihood -= log_likelihood.max(axis=0)
    return np.exp(log_likelihood, out=log_likelihood)


def moments(nodes: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Compute mean and standard deviation of distributions on nodes.

    Takes nodes of shape (nodes,), in logits, and weights of shape (nodes, persons), of any sum; returns two arrays of
    shape (persons,), in logits.
    """
    middle = nodes[nodes.size // 2]  # so that what is squared is small
    apart = (nodes - middle)[:, None]
    mass, part = total(weights), weights * apart
    mean = total(part) / mass
    part *= apart
    return middle + mean, np.sqrt(np.maximum(total(part) / mass - mean**2, 0.0))


def blocks(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """Part persons or pairs into slices that stay near the processor; takes their number, gives at least one slice."""
    for start in range(0, max(rows, 1), size):
        yield slice(start, min(start + size, rows))
