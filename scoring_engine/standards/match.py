"""Levels against required levels: the fit between a person and a post (*job person match*)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.responses import Floats, whole_numbers
from scoring_engine.standards.levels import distributions


def job_person_match(levels: Sequence[int], standard: Sequence[int]) -> Fraction:
    """Compute the exact percentage of the required levels that a person reaches.

    Uncapped, equal weights: a level above the standard makes up for one below it elsewhere.

    Parameters
    ----------
    levels : the person's level in every assessed competency, from 0
    standard : the required level in the same competencies, from 1

    Raises
    ------
    ValueError
        No competency, another number of levels than of standards, or a number that is no such level.
    """
    if not levels or len(levels) != len(standard):
        raise ValueError(f"{len(levels)} levels cannot be matched with {len(standard)} required levels")
    return Fraction(100 * _whole_sum("levels", levels, 0), _required(standard))


@dataclass(frozen=True)
class Band:
    """One category of percentages: lower <= percentage < upper; None where it has no end."""

    name: str
    lower: Fraction | int | None
    upper: Fraction | int | None


@dataclass(frozen=True)
class ThresholdSet:
    """Categories of percentages that hold every percentage exactly once.

    Parameters
    ----------
    bands : from the lowest category to the highest

    Raises
    ------
    ValueError
        No band, a name twice, an empty band, a gap, an overlap, disorder, or an end that is not open.
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        """Refuse a set that leaves a percentage without category or gives it two."""
        if not self.bands or len({band.name for band in self.bands}) != len(self.bands):
            raise ValueError("a threshold set needs categories with different names")
        if self.bands[0].lower is not None or self.bands[-1].upper is not None:
            raise ValueError("the lowest category must have no lower and the highest no upper end")
        for band in self.bands:
            _refuse_empty(band)
        for band, above in pairwise(self.bands):
            _refuse_unless_joined(band, above)

    @classmethod
    def rising(cls, lowest: str, *above: tuple[str, Fraction | int]) -> "ThresholdSet":
        """Build a set from its lowest category and the others with their inclusive lower ends, rising.

        For example `ThresholdSet.rising("KMS", ("MMS", 68), ("MS", 80))`. Raises as the class does.
        """
        names = [lowest, *(name for name, _ in above)]
        ends = [None, *(end for _, end in above), None]
        return cls(tuple(map(Band, names, ends[:-1], ends[1:])))

    def position(self, percentage: Fraction | int) -> int:
        """Count from 0, the lowest, to the category that holds the percentage."""
        return sum(percentage >= band.lower for band in self.bands if band.lower is not None)

    def category(self, percentage: Fraction | int) -> str:
        """Name the category that holds the percentage."""
        return self.bands[self.position(percentage)].name


def match_probabilities(levels: ArrayLike, standard: Sequence[int], thresholds: ThresholdSet) -> Floats:
    """Compute the probability of each category of the job person match from those of the levels.

    Exact for levels that are independent between competencies given the answers: the sum of the levels
    is convolved, not simulated and not taken as normal.

    Parameters
    ----------
    levels : shape (persons, competencies, levels), or (competencies, levels) for one person
        Probability of each level of each assessed competency; the first is level 1.
    standard : the required level in the same competencies, from 1
    thresholds : ThresholdSet

    Returns
    -------
    shape (persons, categories)
        In the order of the thresholds, lowest first; rows sum to 1.

    Raises
    ------
    ValueError
        A row is no distribution, or the standard does not fit the competencies.
    """
    given = np.asarray(levels, dtype=np.float64)
    rows = distributions(given[None] if given.ndim == 2 else given, 3)
    if rows.shape[1] != len(standard):
        raise ValueError(f"{rows.shape[1]} competencies, but {len(standard)} required levels")
    sums, required = _sum_distribution(rows), _required(standard)
    result = np.zeros((len(rows), len(thresholds.bands)))
    for extra in range(sums.shape[1]):  # every competency has at least level 1
        percentage = Fraction(100 * (len(standard) + extra), required)
        result[:, thresholds.position(percentage)] += sums[:, extra]
    return result


def _sum_distribution(rows: Floats) -> Floats:
    """Convolve: column s is the probability that the levels sum to s + competencies."""
    sums = np.ones((len(rows), 1))
    for competency in range(rows.shape[1]):
        width, longer = sums.shape[1], np.zeros((len(rows), sums.shape[1] + rows.shape[2] - 1))
        for level in range(rows.shape[2]):
            longer[:, level : level + width] += sums * rows[:, competency, level, None]
        sums = longer
    return sums


def _required(standard: Sequence[int]) -> int:
    return _whole_sum("required levels", standard, 1)


def _whole_sum(name: str, levels: Sequence[int], least: int) -> int:
    if (whole_numbers(name, levels) < least).any():
        raise ValueError(f"{name} must be whole numbers from {least}")
    return sum(levels)


def _refuse_empty(band: Band) -> None:
    if band.lower is not None and band.upper is not None and band.lower >= band.upper:
        raise ValueError(f"category {band.name} is empty: {band.lower} to {band.upper}")


def _refuse_unless_joined(band: Band, above: Band) -> None:
    if band.upper is None or above.lower is None:
        raise ValueError(f"between {band.name} and {above.name} an end is missing")
    if band.upper < above.lower:
        raise ValueError(f"gap: no category from {band.upper} to {above.lower}")
    if band.upper > above.lower:
        raise ValueError(f"overlap or disorder: {band.name} ends at {band.upper}, above {above.lower}")
