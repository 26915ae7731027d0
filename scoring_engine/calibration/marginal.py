"""A test under calibration: its families, its groups, and one cycle of EM over all that is free."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from scipy.special import logsumexp

from scoring_engine.calibration.expectation import Expected, Sample, expect
from scoring_engine.calibration.families import FIXED_SLOPE, Family
from scoring_engine.calibration.maximisation import gradient, log_prior, step
from scoring_engine.curves.items import Item, Items
from scoring_engine.curves.probabilities import log_probabilities
from scoring_engine.responses import Bools, Floats

REACH, WIDER = 6.0, 8.0
"""Nodes go from -6 to 6; where a group's mean or spread is free, from -8 to 8 (psychometrics, section 0)."""

NODE_STEP, FINE_NODE_STEP = 0.2, 0.1
"""61 nodes, or 81 where a group is free, and half the step for more than 100 items: where a calibration begins."""

EDGE = 1e-8
"""If a larger share of a group than this stands at an end, the nodes go further out."""

SPARE = 1.1
"""Nodes that are laid anew are this much closer than they must be, so that a little more slope needs no others."""

MOST_NODES = 2001
"""Where these are not enough, nothing more than 'not converged' is said."""

SMALLEST_SD = 0.05
"""The spread of a group goes no lower: all that its persons differ by would be chance."""


@dataclass(frozen=True, eq=False)
class Marginal:
    """A sample, the families of its free items, and the items that are held fixed.

    Parameters
    ----------
    sample : Sample
    families : of the items that are free
    nodes : shape (nodes,)
    fixed : column -> item that is held as it is
    free_mean, free_sd : the groups whose mean or spread of ability is estimated
    reach : float
        How many of its standard deviations the nodes go to both sides of a group's mean, once they are laid anew.
    """

    sample: Sample
    families: list[Family]
    nodes: Floats
    fixed: dict[int, Item]
    free_mean: list[int] = field(default_factory=list)
    free_sd: list[int] = field(default_factory=list)
    reach: float = WIDER

    @classmethod
    def of(cls, sample: Sample, families: list[Family], fixed: dict[int, Item]) -> "Marginal":
        """Decide what is free: the spread of the first group under slopes of 1, all groups' where items tie them."""
        groups = range(len(sample.sizes))
        anchored = bool(fixed)
        unit_slopes = anchored or any(family.model in FIXED_SLOPE for family in families)
        free_mean = [group for group in groups if anchored or group > 0]
        free_sd = [group for group in groups if unit_slopes or group > 0]
        reach = WIDER if free_mean or free_sd else REACH
        step = FINE_NODE_STEP if sample.answers.shape[1] > 100 else NODE_STEP
        nodes = np.linspace(-reach, reach, 1 + round(2 * reach / step))
        return cls(sample, families, nodes, fixed, free_mean, free_sd)

    @cached_property
    def fixed_log_p(self) -> Floats:
        """log P of the items that are held as they are, 0 elsewhere; shape (nodes, items, most categories)."""
        log_p = np.zeros((self.nodes.size, self.sample.answers.shape[1], int(self.sample.categories.max())))
        for column, item in self.fixed.items():
            known = log_probabilities(self.nodes, Items([item]))
            log_p[:, column, : known.shape[2]] = known[:, 0]
        return log_p

    def coarser(self) -> "Marginal":
        """Take every second node: good for all but the last digits, at half the cost."""
        return replace(self, nodes=self.nodes[::2])

    def laid_for(self, point: Floats, expected: Expected) -> "Marginal":
        """Lay the nodes anew if they are too few or do not reach far enough at a point; else stay as it is."""
        _parameters, mean, sd = self.unpack(point)
        narrowest = self._narrowest(point)
        heavy = bool((expected.mass[:, [0, -1]].max(axis=1) > EDGE * self.sample.sizes).any())
        if not heavy and self.nodes[1] - self.nodes[0] <= narrowest:
            return self
        low, high = float((mean - self.reach * sd).min()), float((mean + self.reach * sd).max())
        count = min(1 + int(np.ceil((high - low) / narrowest * SPARE)), MOST_NODES)
        return replace(self, nodes=np.linspace(low, high, count), reach=self.reach + 2.0 * heavy)

    def _narrowest(self, point: Floats) -> float:
        """Say how narrow a posterior of this test can be, in logits: no step between nodes may be longer.

        The sum over the nodes is then off by exp(-2 pi^2), 3e-9. One item that decides all by itself makes no normal
        posterior: the difference between the slopes of its categories says how near nodes must be.
        """
        parameters, _mean, sd = self.unpack(point)
        shift = 1e-4
        information, steepest = np.zeros_like(self.nodes), 0.0
        pairs = [(family.curve, part) for family, part in zip(self.families, parameters, strict=True)]
        for curve, part in pairs:
            log_p, above, below = (curve(part, self.nodes + step)[0] for step in (0.0, shift, -shift))
            bend = (above - below) / (2 * shift)
            information += (np.exp(log_p) * bend**2).sum(axis=(0, 1))
            steepest = max(steepest, float(np.ptp(bend, axis=1).max()))
        held = Items(list(self.fixed.values())).information_bound if self.fixed else 0.0
        return float(1 / max(np.sqrt(1 / sd.min() ** 2 + information.max() + held), steepest))

    def pack(self, parameters: list[Floats], mean: Floats, sd: Floats) -> Floats:
        """Lay all that is free into one row."""
        return np.concatenate([*(one.ravel() for one in parameters), mean[self.free_mean], sd[self.free_sd]])

    def unpack(self, point: Floats) -> tuple[list[Floats], Floats, Floats]:
        """Give the parameters of every family, and mean and sd of every group."""
        parameters, at = [], 0
        for family in self.families:
            size = len(family.where) * len(family.names)
            parameters.append(point[at : at + size].reshape(len(family.where), -1))
            at += size
        mean, sd = np.zeros(len(self.sample.sizes)), np.ones(len(self.sample.sizes))
        mean[self.free_mean] = point[at : at + len(self.free_mean)]
        sd[self.free_sd] = point[at + len(self.free_mean) :]
        return parameters, mean, sd

    def allowed(self, point: Floats) -> bool:
        """Tell whether a point describes a test and its groups."""
        parameters, _mean, sd = self.unpack(point)
        each = (family.allowed(part).all() for family, part in zip(self.families, parameters, strict=True))
        return bool(all(each) and (sd >= SMALLEST_SD).all() and np.isfinite(point).all())

    def at_bound(self, point: Floats) -> Bools:
        """Mark what ends at its bound, shape (free,): that is no estimate."""
        groups = len(self.sample.sizes)
        low, high = (
            self.pack([np.tile(family.bounds[side], (len(family.where), 1)) for family in self.families], *of_groups)
            for side, of_groups in enumerate(((np.full(groups, -np.inf), np.full(groups, SMALLEST_SD)),
                                              (np.full(groups, np.inf), np.full(groups, np.inf))))
        )  # fmt: skip
        return (point <= low) | (point >= high)

    def expect(self, point: Floats) -> Expected:
        """Compute expected counts and the log-likelihood at a point."""
        parameters, mean, sd = self.unpack(point)
        log_p = self.fixed_log_p.copy()
        for family, part in zip(self.families, parameters, strict=True):
            log_p[:, family.where, : family.categories] = family.curve(part, self.nodes)[0].transpose(2, 0, 1)
        weights = -(((self.nodes - mean[:, None]) / sd[:, None]) ** 2) / 2
        weights -= logsumexp(weights, axis=1, keepdims=True)  # a group may stand far from every node
        return expect(self.sample, log_p, weights)

    def cycle(self, point: Floats) -> tuple[Floats, float]:
        """Do one cycle of EM; gives the next point and the penalised log-likelihood at this one."""
        expected = self.expect(point)
        parameters, _mean, _sd = self.unpack(point)
        pairs = list(zip(self.families, parameters, strict=True))
        moved = [step(family, part, self._counts(family, expected), self.nodes) for family, part in pairs]
        height = expected.log_likelihood + sum(log_prior(family, part) for family, part in pairs)
        return self.pack(moved, *self._moments(expected)), height

    def slope(self, point: Floats) -> Floats:
        """Compute the slope of the penalised marginal log-likelihood, shape (free,): Fisher's identity."""
        expected, (parameters, mean, sd) = self.expect(point), self.unpack(point)
        slopes = [
            gradient(family, part, self._counts(family, expected), self.nodes)[0]
            for family, part in zip(self.families, parameters, strict=True)
        ]
        z = (self.nodes - mean[:, None]) / sd[:, None]
        by_mean = (expected.mass * z).sum(axis=1) / sd
        by_sd = (expected.mass * (z**2 - 1)).sum(axis=1) / sd
        return self.pack(slopes, by_mean, by_sd)

    def _counts(self, family: Family, expected: Expected) -> Floats:
        return expected.counts[:, family.where, : family.categories].transpose(1, 2, 0)

    def _moments(self, expected: Expected) -> tuple[Floats, Floats]:
        share = expected.mass / expected.mass.sum(axis=1, keepdims=True)
        mean = (share * self.nodes).sum(axis=1)
        # A group whose mean is held at 0 spreads around 0, not around what its persons happen to average.
        held = np.isin(np.arange(len(mean)), self.free_mean, invert=True)
        around = np.where(held, 0.0, mean)
        return mean, np.maximum(np.sqrt((share * (self.nodes - around[:, None]) ** 2).sum(axis=1)), SMALLEST_SD)
