"""A test under calibration: its families, its groups, and one cycle of EM over all that is free."""

from dataclasses import dataclass, field, replace

import numpy as np

from scoring_engine.calibration.expectation import Expected, Sample, expect
from scoring_engine.calibration.families import FIXED_SLOPE, Family
from scoring_engine.calibration.maximisation import gradient, log_prior, step
from scoring_engine.curves.items import Item, Items
from scoring_engine.curves.probabilities import log_probabilities
from scoring_engine.responses import Floats

REACH, WIDER = 6.0, 8.0
"""Nodes go from -6 to 6; where a group's mean or spread is free, from -8 to 8 (psychometrics, section 0)."""

NODE_STEP, FINE_NODE_STEP = 0.2, 0.1
"""61 nodes, or 121 for more than 100 items."""


@dataclass(frozen=True, eq=False)
class Marginal:
    """A sample, the families of its free items, and the items that are held fixed.

    Parameters
    ----------
    sample : Sample
    families : of the items that are free
    fixed_log_p : shape (nodes, items, most categories)
        log P of the items that are held as they are; 0 elsewhere.
    nodes : shape (nodes,)
    free_mean, free_sd : the groups whose mean or spread of ability is estimated
    """

    sample: Sample
    families: list[Family]
    fixed_log_p: Floats
    nodes: Floats
    free_mean: list[int] = field(default_factory=list)
    free_sd: list[int] = field(default_factory=list)

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
        log_p = np.zeros((nodes.size, sample.answers.shape[1], int(sample.categories.max())))
        for column, item in fixed.items():
            known = log_probabilities(nodes, Items([item]))
            log_p[:, column, : known.shape[2]] = known[:, 0]
        return cls(sample, families, log_p, nodes, free_mean, free_sd)

    def coarser(self) -> "Marginal":
        """Take every second node: good for all but the last digits, at half the cost."""
        return replace(self, nodes=self.nodes[::2], fixed_log_p=self.fixed_log_p[::2])

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
        return bool(all(each) and (sd > 0.05).all() and np.isfinite(point).all())

    def expect(self, point: Floats) -> Expected:
        """Compute expected counts and the log-likelihood at a point."""
        parameters, mean, sd = self.unpack(point)
        log_p = self.fixed_log_p.copy()
        for family, part in zip(self.families, parameters, strict=True):
            log_p[:, family.where, : family.categories] = family.curve(part, self.nodes)[0].transpose(2, 0, 1)
        weights = -(((self.nodes - mean[:, None]) / sd[:, None]) ** 2) / 2
        weights -= np.log(np.exp(weights).sum(axis=1, keepdims=True))
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
        return mean, np.sqrt((share * (self.nodes - around[:, None]) ** 2).sum(axis=1))
