"""Ability as the highest point of what the answers say: ML, MAP and Warm's weighted likelihood.

All three are roots of the slope of the log-likelihood plus a correction. The slope is first looked at on a grid that
all persons share, where one exact matrix product serves everybody; the sign change there brackets the root, a cubic
through four nodes comes near to it, and a secant inside the bracket finds it. Each person's steps depend on that
person alone.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import NO_ITEMS, Ability, n_answered
from scoring_engine.ability.likelihood import AnswerTable, slopes
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import curves
from scoring_engine.responses import Answers, Bools, Floats, Ints, Texts, checked_responses

NO_ML = "no_ml"
"""The likelihood has no highest point: all right, all wrong, or no better than guessing."""

BOUND = "bound"
"""The root lies beyond the grid; the estimate is its end."""

REACH = 10.0
"""Roots are looked for in -10 to 10 logits, and wherever the prior reaches (psychometrics, section 2)."""

STEP, FINE_STEP = 0.25, 0.025
"""Between nodes: one sign change is certain for log-concave models; asymptotes and nominal items can make several."""

AT_A_TIME = 768
"""Persons whose items are evaluated together: what a core keeps near."""

CLOSE = 1e-13
"""A secant's error shrinks like the product of its last two steps: one this small, in logits squared, is the last."""

AROUND = np.arange(-1, 3)[:, None]
"""A bracket's nodes and their neighbours, counted from the node below the root."""

MOST_OF_CUBIC = 3
"""Newton's steps on a cubic that is nearly a line."""

MOST_STEPS = 60
"""Halving alone closes in on any root to the last digit in fewer."""


@dataclass(frozen=True)
class _Aim:
    """What is added to the slope of the log-likelihood: a prior's pull, Warm's J / (2 I), or nothing."""

    prior: Prior | None = None
    weighted: bool = False

    @property
    def precision(self) -> float:
        """What is known before the first answer, per squared logit."""
        return 0.0 if self.prior is None else 1 / self.prior.sd**2

    def correction(self, theta: Floats, information: Floats, bend: Floats) -> Floats | float:
        """Give what is added at some abilities, per logit."""
        if self.weighted:
            return _ratio(bend, 2 * information)
        return 0.0 if self.prior is None else (self.prior.mean - theta) * self.precision


def maximum_a_posteriori(responses: ArrayLike, items: Items, prior: Prior = STANDARD_NORMAL) -> Ability:
    """Estimate ability as the mode of the posterior under a normal prior (MAP).

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category; -1 is missing and left out.
    items : Items
    prior : Prior
        N(0, 1) unless given.

    Returns
    -------
    Ability
        In logits; SE 1 / sqrt(information + 1 / sd^2) at the mode. Nothing answered gives the prior back.

    Raises
    ------
    ValueError
        A response is not a whole number, is outside its item's categories, or has no item.

    Source
    ------
    Samejima (1969), Psychometrika Monograph 17.
    """
    found = _solve(responses, items, _Aim(prior))
    answered = found.n_items > 0
    theta, se = np.where(answered, found.theta, prior.mean), np.where(answered, found.se, prior.sd)
    return Ability(theta, se, found.n_items, found.flag)


def maximum_likelihood(responses: ArrayLike, items: Items) -> Ability:
    """Estimate ability as the highest point of the likelihood (ML).

    Takes and refuses what `maximum_a_posteriori` does, without a prior.

    Returns
    -------
    Ability
        In logits; SE 1 / sqrt(information). NaN with flag `no_ml` where the likelihood has no highest point, and
        with `no_items` where nothing was answered.

    Source
    ------
    Birnbaum (1968), in Lord & Novick, Statistical Theories of Mental Test Scores, chapter 20.
    """
    found = _solve(responses, items, _Aim())
    flag = np.where(found.flag == BOUND, NO_ML, found.flag)
    return _without(found, flag != "", flag)


def weighted_likelihood(responses: ArrayLike, items: Items) -> Ability:
    """Estimate ability by Warm's weighted likelihood, the root of slope + J / (2 I) (WLE).

    Takes and refuses what `maximum_a_posteriori` does, without a prior.

    Returns
    -------
    Ability
        In logits; SE 1 / sqrt(information). Exists for all right and all wrong too; NaN with flag `no_items`
        where nothing was answered.

    Source
    ------
    Warm (1989), Psychometrika 54(3), 427-450; Penfield & Bergeron (2005), APM 29(3), 218-233.
    """
    found = _solve(responses, items, _Aim(weighted=True))
    return _without(found, found.flag == NO_ITEMS, found.flag)


def _solve(responses: ArrayLike, items: Items, aim: _Aim) -> Ability:
    answers = checked_responses(responses, items.categories)
    test = _Test.of(items, aim)
    theta, error = np.zeros(len(answers)), np.full(len(answers), np.inf)
    n_items = n_answered(answers)
    flag = np.where(n_items > 0, "", NO_ITEMS).astype("<U8")
    for start in range(0, len(answers), AT_A_TIME):
        rows = np.flatnonzero(n_items[start : start + AT_A_TIME] > 0) + start
        theta[rows], error[rows], bounded = test.solve(answers[rows])
        flag[rows[bounded]] = BOUND
    return Ability(theta, error, n_items, flag)


class _Test:
    """A test with the slopes of its answers at the nodes of a grid."""

    def __init__(self, items: Items, aim: _Aim, step: float) -> None:
        self.items, self.aim, self.step = items, aim, step
        self.nodes = _nodes(aim.prior, step)
        found = curves(self.nodes, items)
        ratio, alike = _ratio(found.first, found.p), np.ones_like(items.categories)
        self.score = AnswerTable.of(items.categories, ratio)
        self.information, self.bend = (
            AnswerTable.of(alike, (ratio * part).sum(axis=2, keepdims=True)) for part in (found.first, found.second)
        )

    @classmethod
    def of(cls, items: Items, aim: _Aim) -> "_Test":
        """Lay a grid on which one sign change is certain, or that is fine enough to tell several peaks apart."""
        one_peak = not (items.binary.lower.any() or (items.binary.upper < 1).any() or len(items.nominal.where))
        return cls(items, aim, STEP if one_peak else FINE_STEP)

    @cached_property
    def finer(self) -> "_Test":
        """The same test on a grid fine enough to tell several peaks apart."""
        return _Test(self.items, self.aim, FINE_STEP)

    def solve(self, answers: Answers) -> tuple[Floats, Floats, Bools]:
        """Give each person's root and its standard error, and who has no root between the ends of the grid."""
        value = self._at_nodes(answers)
        falls = self._falls(value)
        if self.aim.weighted and self.step == STEP and (several := falls.sum(axis=0) > 1).any():
            # Warm's weight makes peaks of its own in short tests.
            found = np.empty((3, len(answers)))
            for rows, test in ((~several, self), (several, self.finer)):
                found[:, rows] = test.solve(answers[rows])
            return found[0], found[1], found[2] > 0
        low, bounded = self._below_root(value, falls)
        theta = np.where(value[0] <= 0, self.nodes[0], self.nodes[-1])
        information = np.empty(len(answers))
        inside, outside = np.flatnonzero(~bounded), np.flatnonzero(bounded)
        around = np.take_along_axis(value, np.clip(low + AROUND, 0, len(value) - 1), axis=0)
        start = self._interpolated(low[inside], around[:, inside])
        theta[inside], information[inside] = self._polish(low[inside], *start, answers[inside])
        information[outside] = slopes(theta[outside], answers[outside], self.items, with_bend=False).information
        with np.errstate(divide="ignore"):  # no information at all: an infinite error, as it should be
            error: Floats = 1 / np.sqrt(information + self.aim.precision)
        return theta, error, bounded

    def _falls(self, value: Floats) -> Bools:
        """Mark the steps of the grid in which a peak stands, shape (nodes - 1, persons)."""
        falls: Bools = (value[:-1] > 0) & (value[1:] <= 0)
        if self.aim.prior is None:
            # A slope that fades to 0 and never turns negative has run out of digits: that is no peak.
            falls &= np.logical_or.accumulate(value[:0:-1] < 0, axis=0)[::-1]
        return falls

    def _below_root(self, value: Floats, falls: Bools) -> tuple[Ints, Bools]:
        """Find the node below the root that is the highest peak, and who has none: an end of the grid is higher."""
        if self.step == STEP:
            none: Bools = ~np.any(falls, axis=0)
            return falls.argmax(axis=0), none
        heights = _heights(value)
        peaks = np.where(falls, heights[:-1], -np.inf)
        bounded: Bools = peaks.max(axis=0) < np.maximum(heights[0], heights[-1])
        return peaks.argmax(axis=0), bounded

    def _at_nodes(self, answers: Answers) -> Floats:
        theta, value = self.nodes[:, None], self.score.sums(answers)
        if self.aim.weighted:
            value += self.aim.correction(theta, self.information.sums(answers), self.bend.sums(answers))
        else:
            value += self.aim.correction(theta, theta, theta)
        return value

    def _interpolated(self, low: Ints, around: Floats) -> tuple[Floats, Floats]:
        """Find the root of the cubic through the four nodes around each bracket, and how far a unit of value moves it.

        At the ends of the grid, and where the cubic leaves the bracket, a straight line serves.
        """
        before, left, right, behind = around
        # p(t) = left + t (one + t (two + t three)), t from 0 to 1 over the bracket
        three = (behind - before) / 6 + (left - right) / 2
        two = (before + right) / 2 - left
        one = right - left - two - three
        line = left / (left - right)
        t = line.copy()
        for _ in range(MOST_OF_CUBIC):
            t -= _ratio(left + t * (one + t * (two + t * three)), one + t * (2 * two + t * 3 * three))
        slope = one + t * (2 * two + t * 3 * three)
        fine = (low > 0) & (low < len(self.nodes) - 2) & (t >= 0) & (t <= 1) & (slope < 0)
        step = self.nodes[low + 1] - self.nodes[low]
        return self.nodes[low] + step * np.where(fine, t, line), step / np.where(fine, -slope, left - right)

    def _polish(self, low: Ints, theta: Floats, move: Floats, answers: Answers) -> tuple[Floats, Floats]:
        """Close in on every root inside its bracket: by a secant, or by halving where that would leave it.

        Gives the roots, and the information there, carried on from the last point as it changed since the one before.
        """
        left, right = self.nodes[low], self.nodes[low + 1]
        last, last_value, last_known, last_step = np.zeros((4, len(low)))
        information = np.empty(len(low))
        active = np.arange(len(low))
        for number in range(MOST_STEPS):
            at = theta[active]
            found = slopes(at, answers[active], self.items, self.aim.weighted)
            here = found.score + self.aim.correction(at, found.information, found.bend)
            left[active], right[active] = np.where(here > 0, at, left[active]), np.where(here > 0, right[active], at)
            since = at - last[active]
            per = _ratio(since, last_value[active] - here) if number else move
            bend = _ratio(found.information - last_known[active], since) if number else np.zeros(len(active))
            step = here * per
            inside = (at + step >= left[active]) & (at + step <= right[active])
            goes = ~inside | (np.abs(step * last_step[active]) > CLOSE) | (number == 0)
            last[active], last_value[active], last_known[active], last_step[active] = at, here, found.information, step
            theta[active] = np.where(inside, at + step, (left[active] + right[active]) / 2)
            information[active] = found.information + bend * step
            active = active[goes & (here != 0)]
            if not active.size:
                break
        return theta, information


def _heights(value: Floats) -> Floats:
    """Integrate slopes over the nodes: the objective at each, but for a factor and a constant."""
    heights: Floats = np.zeros_like(value)
    np.cumsum((value[:-1] + value[1:]) / 2, axis=0, out=heights[1:])
    return heights


def _nodes(prior: Prior | None, step: float) -> Floats:
    low, high = -REACH, REACH
    if prior is not None:
        low, high = min(low, prior.mean - 8 * prior.sd), max(high, prior.mean + 8 * prior.sd)
    return np.linspace(low, high, 1 + int(np.ceil((high - low) / step)))


def _without(found: Ability, missing: Bools, flag: Texts) -> Ability:
    theta, se = (np.where(missing, np.nan, part) for part in (found.theta, found.se))
    return Ability(theta, se, found.n_items, flag)


def _ratio(over: Floats, under: Floats) -> Floats:
    """Divide, and let 0 / 0 be 0: where nothing is known nothing is added."""
    quotient: Floats = np.zeros(np.broadcast_shapes(over.shape, under.shape))
    np.divide(over, under, out=quotient, where=under != 0)
    return quotient
