"""Sums of points on a new form, told as sums of points on the base form. Both forms' items are on one scale.

By true scores: the ability at which the new form's expected sum is x, and what the base form expects there. By observed
scores: the sum on the base form that is as rare as x in one population. The two differ a little, most at the ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import nodes_for
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior, weigh
from scoring_engine.ability.sum_scores import sum_score_distribution
from scoring_engine.curves.items import Item, Items, Logistic, Nominal
from scoring_engine.curves.probabilities import expected_scores
from scoring_engine.exact import total
from scoring_engine.responses import Bools, Floats, Ints, real_numbers

NEAR = 1e-9
"""A score no farther from a sum of asymptotes is that sum: adding asymptotes up rounds."""

DOUBLINGS, HALVINGS = 40, 100
"""Enough to reach any ability that matters, and to close in on it to the last digit."""


@dataclass(frozen=True, eq=False)
class Equating:
    """What each sum of points on the new form is worth on the base form.

    Parameters
    ----------
    score : shape (scores,)
        0 to the most points of the new form.
    equated : shape (scores,)
        On the base form, not rounded.
    theta : shape (scores,)
        The ability that links both, in logits; NaN where no ability expects such a sum (the score was then found on
        a straight line), and for all observed-score equating.
    """

    score: Ints
    equated: Floats
    theta: Floats


@dataclass(frozen=True, eq=False)
class _Range:
    """The least and most that a form expects of anybody, and the most points it gives."""

    least: float
    most: float
    points: float

    @classmethod
    def of(cls, items: Items) -> "_Range":
        """Add up the ends of every item's curve."""
        ends = [_ends(number, item) for number, item in enumerate(items.each)]
        return cls(sum(low for low, _ in ends), sum(high for _, high in ends), float((items.categories - 1).sum()))


def true_score_equating(new: Items, base: Items) -> Equating:
    """Equate through the ability at which the new form's expected sum is the score.

    A score up to the sum of the lower asymptotes lies on the line from (0, 0) to both sums of asymptotes; one from
    the sum of the upper asymptotes on the line from there to both most points.

    Parameters
    ----------
    new, base : Items
        Both forms, on one scale; categories count 0, 1, 2, ... points.

    Returns
    -------
    Equating

    Raises
    ------
    ValueError
        A nominal item's slopes do not rise with its categories: more ability would not mean more points.

    Source
    ------
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapter 6; Lord (1980), chapter 13.
    """
    x, y = _Range.of(new), _Range.of(base)
    score = np.arange(int(x.points) + 1)
    inside = (score > x.least + NEAR) & (score < x.most - NEAR)
    theta = np.full(score.size, np.nan)
    theta[inside] = _ability_expecting(score[inside].astype(np.float64), new)
    low = _on_line(score, (0.0, 0.0), (x.least, y.least))
    high = _on_line(score, (x.most, y.most), (x.points, y.points))
    equated = np.where(score <= x.least + NEAR, low, high)
    equated[inside] = expected_scores(theta[inside], base).sum(axis=1)
    return Equating(score, equated, theta)


def observed_score_equating(
    new: Items,
    base: Items,
    populations: Sequence[Prior] = (STANDARD_NORMAL,),
    shares: ArrayLike | None = None,
) -> Equating:
    """Equate through equal percentile ranks in a population made of one or several normal ones.

    Parameters
    ----------
    new, base : Items
        Both forms, on one scale; categories count 0, 1, 2, ... points.
    populations : priors
        Who takes the forms; N(0, 1) unless given.
    shares : shape (populations,), optional
        Of each in the synthetic population, not negative, together 1; equal unless given.

    Returns
    -------
    Equating

    Raises
    ------
    ValueError
        No population, or shares that are none.

    Source
    ------
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapters 2 and 6; Lord & Wingersky (1984).
    """
    parts = _checked_shares(len(populations), shares)
    f, g = (_sums_in(items, populations, parts) for items in (new, base))
    return Equating(np.arange(f.size), equipercentile(f, g), np.full(f.size, np.nan))


def equipercentile(new: ArrayLike, base: ArrayLike) -> Floats:
    """Find the base score with the percentile rank of every new score, each spread evenly over score +- 1/2.

    Parameters
    ----------
    new, base : shape (scores of that form,)
        Probabilities of the scores 0, 1, 2, ...; each sums to 1.

    Returns
    -------
    shape (new scores,)
        From -1/2 to the highest base score + 1/2. The middle, where a run of base scores with probability 0 has it.

    Raises
    ------
    ValueError
        Not finite, negative, or a sum that is not 1.

    Source
    ------
    Kolen & Brennan (2014), Test Equating, Scaling, and Linking, chapter 2.
    """
    f, g = _checked_distribution("new", new), _checked_distribution("base", base)
    below, above = np.cumsum(f) - f / 2, np.cumsum(f[::-1])[::-1] - f / 2
    # Each half from its own end: near 1 a rank has lost the digits that tell rare scores apart.
    from_low, from_high = _at_rank(below, g), g.size - 1 - _at_rank(above, g[::-1])
    return np.where(below <= above, from_low, from_high)


def _at_rank(rank: Floats, probability: Floats) -> Floats:
    """Invert the distribution function of spread scores, which rises in straight pieces."""
    reached, edge = np.append(0.0, np.cumsum(probability)), np.arange(probability.size + 1) - 0.5
    first, last = (np.searchsorted(reached, rank, side=side) for side in ("left", "right"))
    after = np.minimum(last, probability.size)
    rise = reached[after] - reached[after - 1]
    inside = edge[after - 1] + (rank - reached[after - 1]) / np.where(rise > 0, rise, 1.0)
    flat = (edge[np.minimum(first, probability.size)] + edge[np.maximum(last - 1, 0)]) / 2
    found: Floats = np.where(first < last, flat, inside)
    return found


def _ability_expecting(score: Floats, items: Items) -> Floats:
    """Solve for the ability by halving: the expected sum rises everywhere, but may be nearly flat."""

    def too_low(theta: Floats) -> Bools:
        below: Bools = expected_scores(theta, items).sum(axis=1) < score
        return below

    low, high = np.full(score.size, -8.0), np.full(score.size, 8.0)
    for _ in range(DOUBLINGS):
        low_ends, high_ends = too_low(low), ~too_low(high)
        if low_ends.all() and high_ends.all():
            break
        low, high = np.where(low_ends, low, 2 * low), np.where(high_ends, high, 2 * high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rising = too_low(middle)
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    found: Floats = (low + high) / 2
    return found


def _on_line(score: Ints, start: tuple[float, float], end: tuple[float, float]) -> Floats:
    run = end[0] - start[0]
    # A line without length is a single score, and that is the last one or the first.
    share = (score - start[0]) / run if run > 0 else np.full(score.size, start[0] > 0)
    on_line: Floats = start[1] + np.asarray(share, dtype=np.float64) * (end[1] - start[1])
    return on_line


def _ends(number: int, item: Item) -> tuple[float, float]:
    if isinstance(item, Logistic):
        return item.lower, item.upper
    if isinstance(item, Nominal) and (np.diff([0.0, *item.a]) <= 0).any():
        raise ValueError(f"the slopes of nominal item {number} do not rise: more ability would not mean more points")
    return 0.0, float(item.categories - 1)


def _sums_in(items: Items, populations: Sequence[Prior], shares: Floats) -> Floats:
    """Compute the probability of every sum in the synthetic population."""
    found = np.zeros(int((items.categories - 1).sum()) + 1)
    for population, share in zip(populations, shares, strict=True):
        nodes = nodes_for(items, population)
        weights = weigh(population, nodes, np.zeros((nodes.size, 1)))
        found += share * total(sum_score_distribution(nodes, items) * weights)
    return found


def _checked_shares(populations: int, shares: ArrayLike | None) -> Floats:
    if populations == 0:
        raise ValueError("a synthetic population is made of at least one")
    parts = np.full(populations, 1 / populations) if shares is None else real_numbers("shares", shares, 1)
    if parts.size != populations:
        raise ValueError(f"{parts.size} shares of {populations} populations")
    return _checked_distribution("shares", parts)


def _checked_distribution(name: str, given: ArrayLike) -> Floats:
    parts = real_numbers(name, given, 1)
    if parts.size == 0 or (parts < 0).any() or abs(parts.sum() - 1) > 1e-9:
        raise ValueError(f"{name} must be probabilities: none negative, together 1")
    return parts
