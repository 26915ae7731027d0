"""What is known about each person's ability, as weights on a grid that all persons of a test share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from scoring_engine.responses import Floats, Ints

REACH = 6.0
"""The grid goes this many standard deviations of the prior to both sides (psychometrics, section 0)."""

INTERVALS_PER_SD = 5
"""61 nodes on [-6, 6]: more only where a long test makes a narrower posterior than that can carry."""

EDGE = 1e-7
"""If the most extreme answers leave more weight than this at an end, the grid goes further out."""


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


def grid(prior: Prior, information_bound: float, extremes: Callable[[Floats], Floats]) -> Floats:
    """Lay the nodes of a test so that no answers to it can give a posterior too narrow or too far out.

    The grid depends on the test alone, never on the answers that happen to be in the batch. A step of at
    most half of the narrowest standard error makes equal spacing exact to double precision.

    Parameters
    ----------
    prior : Prior
    information_bound : float
        What the curvature of the log-likelihood cannot exceed, per squared logit.
    extremes : function
        Takes nodes, returns the log-likelihoods of the lowest and of the highest answers, shape (2, nodes).

    Returns
    -------
    shape (nodes,)
        61 nodes from -6 to 6 prior standard deviations, or more.
    """
    per_sd = max(INTERVALS_PER_SD, int(np.ceil(2 * np.sqrt(1 + prior.sd**2 * information_bound))))
    reach = REACH
    while True:
        nodes = prior.mean + prior.sd * np.linspace(-reach, reach, 1 + int(2 * reach * per_sd))
        if weigh(prior, nodes, extremes(nodes))[:, [0, -1]].max() < EDGE:
            return nodes
        reach += 2.0


def weigh(prior: Prior, nodes: Floats, log_likelihood: Floats) -> Floats:
    """Multiply prior and likelihood on the nodes; takes and returns shape (persons, nodes)."""
    # Logs, because a product over 500 items underflows float64.
    weights: Floats = softmax(log_likelihood - ((nodes - prior.mean) / prior.sd) ** 2 / 2, axis=1)
    return weights
