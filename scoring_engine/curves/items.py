"""Probability of every response to every item, as a function of ability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_expit, logsumexp

from scoring_engine.responses import Floats, Ints, real_numbers

FLOOR = 1e-12
"""No category of a graded item is less probable: derivatives divide by it (psychometrics, section 1)."""


@dataclass(frozen=True, eq=False)
class Items:
    """The parameters of a test whose items are 2PL or graded, in the logistic metric (D = 1).

    An item with one threshold is a 2PL item with that location; an item with m > 1 thresholds is a
    graded item with the categories 0 to m.

    Parameters
    ----------
    slope : shape (items,)
        Per logit, > 0.
    thresholds : shape (items, most thresholds)
        In logits, rising; after an item's last threshold, +inf fills the row.

    Raises
    ------
    ValueError
        Shapes disagree, no item, a slope is not positive and finite, an item without threshold, or
        thresholds that do not rise.
    """

    slope: Floats
    thresholds: Floats

    def __post_init__(self) -> None:
        """Refuse parameters that describe no test."""
        slope = real_numbers("slope", self.slope, 1)
        if self.thresholds.ndim != 2 or len(self.thresholds) != slope.size or slope.size == 0:
            raise ValueError(f"{slope.size} slopes do not fit thresholds of shape {self.thresholds.shape}")
        if (slope <= 0).any():
            raise ValueError(f"slope of item {np.argmax(slope <= 0)} is not positive")
        for item, row in enumerate(self.thresholds):
            _refuse_unless_rising(item, row)

    @classmethod
    def of(cls, slope: Sequence[float], thresholds: Sequence[Sequence[float]]) -> "Items":
        """Build a test from one slope and one list of thresholds per item; raises as the class does."""
        table = np.full((len(thresholds), max(map(len, thresholds), default=0)), np.inf)
        for row, rising in zip(table, thresholds, strict=True):
            row[: len(rising)] = rising
        return cls(np.asarray(slope, dtype=np.float64), table)

    @property
    def categories(self) -> Ints:
        """How many categories each item has, shape (items,)."""
        inner: Ints = np.isfinite(self.thresholds).sum(axis=1)
        return inner + 1

    @property
    def information_bound(self) -> float:
        """What the curvature of any log-likelihood of this test cannot exceed, per squared logit.

        A 2PL item and an end category curve by at most slope^2/4, an inner category by twice that.
        """
        return float((self.slope**2 * np.where(self.categories == 2, 0.25, 0.5)).sum())


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
    2PL: Birnbaum (1968). Graded: Samejima (1969), Psychometrika Monograph 17.
    """
    logs = _log_differences(real_numbers("theta", theta, 1), items)
    graded = np.isfinite(logs) & (items.categories > 2)[:, None]
    floored = np.where(graded, np.maximum(logs, np.log(FLOOR)), logs)
    # What the floor added is taken from all categories alike, so that they still sum to 1.
    shared: Floats = floored - logsumexp(floored, axis=2, keepdims=True)
    return shared


def probabilities(theta: ArrayLike, items: Items) -> Floats:
    """Compute the probability of every category of every item; shapes and errors as for the logarithm."""
    return np.exp(log_probabilities(theta, items))


def _log_differences(nodes: Floats, items: Items) -> Floats:
    """Write S_k - S_(k+1) as a product: the difference of two numbers near 1 loses every digit."""
    end = np.full((items.slope.size, 1), np.inf)
    edges = np.hstack([-end, items.thresholds, end])
    exists = np.arange(edges.shape[1] - 1) < items.categories[:, None]
    with np.errstate(invalid="ignore"):  # inf - inf behind an item's last threshold
        width = np.where(exists, items.slope[:, None] * np.diff(edges), np.inf)
    logit = items.slope[:, None] * (nodes[:, None, None] - edges)
    logs = log_expit(logit[:, :, :-1]) + log_expit(-logit[:, :, 1:]) + np.log(-np.expm1(-width))
    return np.where(exists, logs, -np.inf)


def _refuse_unless_rising(item: int, row: Floats) -> None:
    own = row[np.isfinite(row)]
    if own.size == 0:
        raise ValueError(f"item {item} has no threshold")
    if not (np.isfinite(row[: own.size]).all() and (row[own.size :] == np.inf).all()):
        raise ValueError(f"thresholds of item {item} are not finite")
    if (np.diff(own) <= 0).any():
        raise ValueError(f"thresholds of item {item} do not rise")
