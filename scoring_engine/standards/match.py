"""Levels against required levels: the fit between a person and a post (*job person match*), exactly.

JPM = 100 * sum of levels / sum of required levels. A regulation or an agency may cap each competency at its standard
(a strength then hides no gap), cap the whole at 100, or weight the competencies: 100 * sum of w * level / sum of
w * standard. Everything is a ratio of whole numbers here, so that a border is met exactly; only the display rounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import Floats, Ints, whole_numbers
from scoring_engine.standards.levels import distributions
from scoring_engine.standards.thresholds import ThresholdSet, is_exact

MOST_SUMS = 100_000
"""Weights that make more different weighted sums than this are no weights of a regulation."""


@dataclass(frozen=True)
class Variant:
    """How a job person match is computed.

    Parameters
    ----------
    cap_per_competency : bool
        A level above its standard counts as the standard.
    cap_total : exact number, or None
        No percentage is above it.
    weights : one exact positive number for each assessed competency, or None for equal weights

    Raises
    ------
    ValueError
        A weight or the cap is not exact and positive.
    """

    cap_per_competency: bool = False
    cap_total: Fraction | int | None = None
    weights: tuple[Fraction | int, ...] | None = None

    def __post_init__(self) -> None:
        """Refuse weights that weigh nothing, and floats, which cannot meet a border exactly."""
        given = (self.weights or ()) + (() if self.cap_total is None else (self.cap_total,))
        if self.weights == () or not is_exact(*given) or min(given, default=1) <= 0:
            raise ValueError("weights and the cap of a match must be exact positive numbers: int or Fraction")


PLAIN = Variant()
"""The default: no cap, equal weights; a level above its standard makes up for one below it elsewhere."""


def job_person_match(levels: Sequence[int], standard: Sequence[int], variant: Variant = PLAIN) -> Fraction:
    """Compute the exact percentage of the required levels that a person reaches, in a variant.

    Parameters
    ----------
    levels : the person's level in every assessed competency, from 0
    standard : the required level in the same competencies, from 1
    variant : Variant

    Returns
    -------
    Fraction
        In per cent; above 100 where a strength is not capped.

    Raises
    ------
    ValueError
        No competency, numbers of levels, standards and weights that differ, or a number that is no such level.
    """
    weights, required = _whole_weights(standard, variant)
    if len(levels) != len(standard):
        raise ValueError(f"{len(levels)} levels cannot be matched with {len(standard)} required levels")
    counted = _counted(_levels(levels), standard, variant)
    return _percentage(sum(w * level for w, level in zip(weights, counted, strict=True)), required, variant)


def match_interval(
    levels: Sequence[int | None], standard: Sequence[int], variant: Variant = PLAIN, lowest: int = 1, highest: int = 5
) -> tuple[Fraction, Fraction]:
    """Compute between which percentages an incomplete match lies; both ends are equal where it is complete.

    Parameters
    ----------
    levels : the level in every competency of the standard; None where it was not measured
    standard : the required level in the same competencies, from 1
    variant : Variant
    lowest, highest : int
        The levels that a competency without evidence can still turn out to have.

    Returns
    -------
    low, high : Fraction
        In per cent, both inclusive.

    Raises
    ------
    ValueError
        As `job_person_match`; or lowest is above highest.
    """
    if lowest > highest:
        raise ValueError(f"the lowest level {lowest} is above the highest {highest}")
    low, high = ([end if level is None else level for level in levels] for end in (lowest, highest))
    return job_person_match(low, standard, variant), job_person_match(high, standard, variant)


def weighted_percentage(percentages: Sequence[Fraction | int], weights: Sequence[Fraction | int]) -> Fraction:
    """Average percentages of parts, as the technical and the other part of an exam, by exact weights.

    Parameters
    ----------
    percentages : of each part, exact
    weights : of the same parts; they must sum to 100

    Returns
    -------
    Fraction
        In per cent.

    Raises
    ------
    ValueError
        Another number of weights, weights that do not sum to 100, or a number that is not exact.
    """
    if len(percentages) != len(weights) or sum(weights) != 100 or min(weights) < 0:
        raise ValueError(f"{len(percentages)} parts need as many weights, none negative, that sum to 100")
    if not is_exact(*percentages, *weights):
        raise ValueError("percentages and weights must be exact: int or Fraction")
    return sum((Fraction(w * p, 100) for w, p in zip(weights, percentages, strict=True)), Fraction(0))


def percent_display(percentage: Fraction | int, places: int = 2) -> Decimal:
    """Round for display, halves up: 79.995 shows as 80.00 and is still below 80.

    Takes an exact percentage, from 0, and the decimals to show; returns a Decimal with that many. Raises
    ValueError if the percentage is negative or not exact, or places is negative.
    """
    if not is_exact(percentage) or percentage < 0 or places < 0:
        raise ValueError(f"only an exact percentage from 0 has a display, not {percentage} to {places} places")
    exact = Fraction(percentage) * 10**places
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return Decimal((0, tuple(map(int, str(whole))), -places))


def match_probabilities(
    levels: ArrayLike, standard: Sequence[int], thresholds: ThresholdSet, variant: Variant = PLAIN,
    weights: ArrayLike | None = None,
) -> Floats:  # fmt: skip
    """Compute the probability of each category of the match in a variant from those of the levels.

    Exact for levels that are independent between competencies given the answers, or at each node of what they share:
    the weighted and capped sum is convolved over whole numbers, not simulated and not taken as normal.

    Parameters
    ----------
    levels : shape (persons, competencies, levels), or (competencies, levels) for one person
        Probability of each level of each assessed competency; the first is level 1.
    standard : the required level in the same competencies, from 1
    thresholds : ThresholdSet
    variant : Variant
    weights : shape (nodes,)
        If given, ``levels`` has shape (nodes, persons, competencies, levels), as `levels_together` gives both.

    Returns
    -------
    shape (persons, categories)
        In the order of the thresholds, lowest first; rows sum to 1.

    Raises
    ------
    ValueError
        A row is no distribution, the standard or the weights do not fit the competencies, or the weights make
        too many different sums.
    """
    percentages, chances = match_distribution(levels, standard, variant, weights)
    result = np.zeros((len(chances), len(thresholds.bands)))
    for column, percentage in enumerate(percentages):
        result[:, thresholds.position(percentage)] += chances[:, column]
    return result


def match_distribution(
    levels: ArrayLike, standard: Sequence[int], variant: Variant = PLAIN, weights: ArrayLike | None = None
) -> tuple[tuple[Fraction, ...], Floats]:
    """Compute every percentage that a match can have, and its probability from those of the levels.

    Exact as `match_probabilities`, which sums it by category.

    Parameters
    ----------
    levels : shape (persons, competencies, levels), or (competencies, levels) for one person
        Probability of each level of each assessed competency; the first is level 1.
    standard : the required level in the same competencies, from 1
    variant : Variant
    weights : shape (nodes,)
        As `match_probabilities` takes them.

    Returns
    -------
    percentages : exact, rising; a cap on the whole is met by several
    chances : shape (persons, percentages)
        Rows sum to 1.

    Raises
    ------
    ValueError
        As `match_probabilities`.
    """
    nodes, rows = _by_node(levels, weights)
    weighed, required = _whole_weights(standard, variant)
    if rows.shape[1] != len(standard):
        raise ValueError(f"{rows.shape[1]} competencies, but {len(standard)} required levels")
    sums, chances = _sum_distribution(rows, weighed, standard, variant)
    whole = np.zeros((len(rows) // len(nodes), len(sums)))
    for weight, here in zip(nodes, chances.reshape(len(nodes), *whole.shape), strict=True):
        whole += weight * here  # node by node: company changes no bit
    return tuple(_percentage(one, required, variant) for one in sums.tolist()), whole


def _by_node(levels: ArrayLike, weights: ArrayLike | None) -> tuple[Floats, Floats]:
    """Give the weights of the nodes, and the levels of each person at each node, (nodes * persons, ...)."""
    given = np.asarray(levels, dtype=np.float64)
    nodes = np.ones(1) if weights is None else np.asarray(weights, dtype=np.float64)
    if weights is not None and (given.ndim != 4 or nodes.shape != given.shape[:1]):
        raise ValueError(f"levels of shape {given.shape} do not fit weights of shape {nodes.shape}")
    flat = given[None] if given.ndim == 2 else given if weights is None else given.reshape(-1, *given.shape[-2:])
    return nodes, distributions(flat, 3)


def _sum_distribution(
    rows: Floats, weights: Sequence[int], standard: Sequence[int], variant: Variant
) -> tuple[Ints, Floats]:
    """Convolve: the different weighted sums, rising, and the probability of each, (persons, sums)."""
    sums, chances = np.zeros(1, dtype=np.int64), np.ones((len(rows), 1))
    for competency, weight in enumerate(weights):
        counted = _counted(range(1, rows.shape[2] + 1), [standard[competency]] * rows.shape[2], variant)
        steps = [weight * level for level in counted]
        wider = np.unique(sums[:, None] + np.array(steps, dtype=np.int64))
        if len(wider) > MOST_SUMS:
            raise ValueError(f"the weights make more than {MOST_SUMS} different sums")
        longer = np.zeros((len(rows), len(wider)))
        for level, step in enumerate(steps):
            longer[:, np.searchsorted(wider, sums + step)] += chances * rows[:, competency, level, None]
        sums, chances = wider, longer
    return sums, chances


def _whole_weights(standard: Sequence[int], variant: Variant) -> tuple[list[int], int]:
    """Turn weights into whole numbers, and weigh the standard with them."""
    if not standard or (whole_numbers("required levels", standard) < 1).any():
        raise ValueError("required levels must be whole numbers from 1, and there must be at least one")
    exact = [Fraction(one) for one in variant.weights or [1] * len(standard)]
    if len(exact) != len(standard):
        raise ValueError(f"{len(exact)} weights do not fit {len(standard)} required levels")
    scale = lcm(*(one.denominator for one in exact))
    whole = [int(one * scale) for one in exact]
    if sum(whole) > 2**31:
        raise ValueError("the weights have no common denominator that is small enough")
    return whole, sum(w * level for w, level in zip(whole, standard, strict=True))


def _levels(levels: Sequence[int]) -> Sequence[int]:
    if (whole_numbers("levels", levels) < 0).any():
        raise ValueError("levels must be whole numbers from 0")
    return levels


def _counted(levels: Sequence[int], standard: Sequence[int], variant: Variant) -> list[int]:
    if not variant.cap_per_competency:
        return list(levels)
    return [min(level, required) for level, required in zip(levels, standard, strict=True)]


def _percentage(weighted: int, required: int, variant: Variant) -> Fraction:
    percentage = Fraction(100 * weighted, required)
    return percentage if variant.cap_total is None else min(percentage, Fraction(variant.cap_total))
