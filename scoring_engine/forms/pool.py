"""An item bank made ready for adaptive tests, and the criteria by which its items are compared."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior, grid, moments, weigh
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import information, log_probabilities
from scoring_engine.exact import on_grid
from scoring_engine.responses import Answers, Floats, Ints

INFORMATION, WEIGHTED_INFORMATION, POSTERIOR_VARIANCE = CRITERIA = (
    "information",
    "weighted information",
    "posterior variance",
)

STEP = 0.01
"""Logits between two rows of the information table (psychometrics, section 6)."""

FINENESS = 2.0**25
"""Weights and tables are rounded to this part of their size, so that their products add up exactly (exact.py)."""


@dataclass(frozen=True, eq=False)
class Pool:
    """An item bank with what choosing from it needs, tabled once; make it by `Pool.of`.

    Parameters
    ----------
    items : Items
    longest : int
        Items in the longest test that the nodes are fine enough for.
    prior : Prior
    nodes : shape (nodes,)
        Equally spaced, in logits; what is known of an examinee lies on them.
    p : shape (nodes, items, most categories)
    thetas : shape (rows,)
        .01 apart, from the estimate after the lowest answers to the whole bank to that after the highest.
    information : shape (rows, items)
        At thetas, per squared logit.
    """

    items: Items
    longest: int
    prior: Prior
    nodes: Floats
    p: Floats
    thetas: Floats
    information: Floats

    @classmethod
    def of(cls, items: Items, longest: int, prior: Prior = STANDARD_NORMAL) -> "Pool":
        """Table a bank for tests of at most `longest` items; raises ValueError if it has fewer."""
        if not 1 <= longest <= len(items):
            raise ValueError(f"a test of {longest} items cannot be taken from {len(items)}")
        bound = float(np.sort(_information_bounds(items))[-longest:].sum())
        nodes = grid(prior, bound, lambda at: _extremes(items, log_probabilities(at, items)))
        logs = log_probabilities(nodes, items)
        lowest, highest = moments(nodes, weigh(prior, nodes, _extremes(items, logs)))[0]
        steps = np.arange(int((highest - lowest) / STEP) + 2, dtype=np.float64)
        thetas: Floats = lowest + STEP * steps
        return cls(items, longest, prior, nodes, np.exp(logs), thetas, information(thetas, items))

    @cached_property
    def flat_p(self) -> Floats:
        """The probabilities with one column an answer, shape (nodes, items * most categories)."""
        flat: Floats = np.ascontiguousarray(self.p.reshape(len(self.p), -1))
        return flat

    def likelihood(self, item: Ints, answer: Answers) -> Floats:
        """Take the probability of one answer of each examinee; (examinees,) twice gives (nodes, examinees)."""
        # take and not an index: that would lay the result out in columns, and their sums would round otherwise.
        taken: Floats = np.take(self.flat_p, item * self.p.shape[2] + answer, axis=1)
        return taken

    def values(self, criterion: str, weights: Floats, theta: Floats) -> Floats:
        """Compute how good every item would be as the next one.

        Parameters
        ----------
        criterion : one of CRITERIA
        weights : shape (nodes, examinees)
            Posteriors; columns sum to 1.
        theta : shape (examinees,)
            Their means, in logits.

        Returns
        -------
        shape (examinees, items)
            The higher the better: information per squared logit, or the expected fall of the posterior variance.

        Source
        ------
        Birnbaum (1968); van der Linden (1998), Psychometrika 63(2), 201-216.
        """
        if criterion == INFORMATION:
            row = np.rint((theta - self.thetas[0]) / STEP).astype(np.int64)
            at_estimate: Floats = np.take(self.information, np.clip(row, 0, len(self.thetas) - 1), axis=0)
            return at_estimate
        rounded = on_grid(weights, FINENESS).T
        if criterion == WEIGHTED_INFORMATION:
            mean: Floats = rounded @ self._information_at_nodes
            return mean
        return self._expected_fall(rounded)

    def _expected_fall(self, weights: Floats) -> Floats:
        # E[Var after] = E[theta^2] - sum over answers of (sum w theta P)^2 / (sum w P): no loop over answers.
        answers, moments = self._moment_tables
        p, first = weights @ answers, weights @ moments
        gain = np.divide(first**2, p, out=np.zeros_like(p), where=p > 0)
        mean = weights @ on_grid(self.nodes - self.prior.mean, FINENESS * float(np.ptp(self.nodes)))
        after = gain.reshape(len(gain), len(self.items), -1).sum(axis=2)
        fall: Floats = np.maximum(after - mean[:, None] ** 2, 0.0)
        return fall

    @cached_property
    def _information_at_nodes(self) -> Floats:
        table = information(self.nodes, self.items)
        return on_grid(table, FINENESS * float(table.max()))

    @cached_property
    def _moment_tables(self) -> tuple[Floats, Floats]:
        apart = self.nodes - self.prior.mean
        return on_grid(self.flat_p, FINENESS), on_grid(apart[:, None] * self.flat_p, FINENESS * float(np.ptp(apart)))


def _extremes(items: Items, logs: Floats) -> Floats:
    """Add up log P of the lowest and of the highest answers, shape (nodes, 2)."""
    ends = (logs[:, :, 0], logs[:, np.arange(len(items)), items.categories - 1])
    # An asymptote of 1 is a wrong answer that cannot be.
    return np.stack([np.maximum(part, -1e4).sum(axis=1) for part in ends], axis=1)


def _information_bounds(items: Items) -> Floats:
    """Say for every item what `Items.information_bound` says for a test, shape (items,)."""
    bounds = np.zeros(len(items))
    bounds[items.binary.where] = items.binary.slope**2 / 4
    for column in (*items.graded.where, *items.nominal.where):
        bounds[column] = items.at([int(column)]).information_bound
    return bounds
