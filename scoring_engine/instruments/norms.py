"""What a raw score means among people like these: T scores, stens, stanines and percentile ranks by a norm group.

A norm group is data, frozen before it is used: never the wave that is being scored, whose people would then be
compared with themselves. Values stay unrounded; `report` rounds them, once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from scoring_engine.responses import Bools, Floats, Ints, real_numbers

LEAST_PERSONS = 200
"""With fewer people a norm group is flagged: the standard error of a middle percentile rank is then above 3.5."""


@dataclass(frozen=True, eq=False)
class NormGroup:
    """A group of people that scores are compared with: its mean and spread, and where known its distribution.

    Parameters
    ----------
    name : str
    collected : date
        When the last of its people was measured.
    n_persons : int
    mean, sd : float
        Of the raw scores; the sd has divisor n_persons - 1.
    waves : names
        Which waves its people come from.
    scores, counts : shape (scores,), optional
        Rising raw scores and how many people have each; empty when only mean and sd are known.

    Raises
    ------
    ValueError
        Fewer than two persons, no positive sd, scores that do not rise, or counts that do not add up to n_persons.
    """

    name: str
    collected: date
    n_persons: int
    mean: float
    sd: float
    waves: frozenset[str] = frozenset()
    scores: Floats = field(default_factory=lambda: np.zeros(0))
    counts: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Refuse what is no group."""
        if self.n_persons < 2 or not (np.isfinite(self.mean) and np.isfinite(self.sd) and self.sd > 0):
            raise ValueError(f"norm group {self.name} of {self.n_persons} persons has no mean with a positive sd")
        scores, counts = real_numbers("scores", self.scores, 1), np.asarray(self.counts)
        if scores.shape != counts.shape or (np.diff(scores) <= 0).any() or (counts < 0).any():
            raise ValueError(f"norm group {self.name} needs rising scores with one count, not below 0, for each")
        if scores.size and ((counts > 0).sum() < 2 or counts.dtype.kind not in "iu"):
            raise ValueError(f"norm group {self.name} needs whole counts, and people with two different scores")
        if scores.size and counts.sum() != self.n_persons:
            raise ValueError(f"the counts of norm group {self.name} add up to {counts.sum()}, not {self.n_persons}")

    @property
    def is_small(self) -> bool:
        """Whether it has too few people to be trusted alone."""
        return self.n_persons < LEAST_PERSONS

    def refuse_own_wave(self, wave: str) -> None:
        """Raise ValueError if people of this wave, which is to be scored, are in the group."""
        if wave in self.waves:
            raise ValueError(f"wave {wave} is part of norm group {self.name} and cannot be scored by it")


@dataclass(frozen=True, eq=False)
class NormReport:
    """The scores of a wave by a norm group.

    Parameters
    ----------
    value : shape (persons,)
        Unrounded, on the scale asked for; this is what is kept and what cuts are compared with.
    printed : shape (persons,)
        Rounded half away from zero.
    percentile : shape (persons,)
        Mid-rank, 0 to 100, unrounded.
    beyond : shape (persons,)
        True where the raw score lies outside the scores that anyone of the group has.
    small_group : bool
        True where the group has too few people.
    """

    value: Floats
    printed: Floats
    percentile: Floats
    beyond: Bools
    small_group: bool


def norm_group(name: str, collected: date, waves: frozenset[str], scores: ArrayLike, counts: ArrayLike) -> NormGroup:
    """Freeze a norm group from a table of frequencies.

    Parameters
    ----------
    name, collected, waves : as for `NormGroup`
    scores, counts : shape (scores,)
        Rising raw scores, and how many people have each.

    Returns
    -------
    NormGroup
        With the mean and sd of the table.

    Raises
    ------
    ValueError
        Counts are not whole numbers, or as `NormGroup`.
    """
    values, people = real_numbers("scores", scores, 1), np.asarray(counts)
    if people.dtype.kind not in "iu" or people.shape != values.shape or people.min(initial=0) < 0 or people.sum() < 2:
        raise ValueError(f"norm group {name} needs a whole number of people for each score, two at least in all")
    n = int(people.sum())
    mean = float((values * people).sum() / n)
    sd = float(np.sqrt(((values - mean) ** 2 * people).sum() / (n - 1)))
    return NormGroup(name, collected, n, mean, sd, waves, values, people.astype(np.int64))


def z_scores(raw: ArrayLike, group: NormGroup) -> Floats:
    """Compute (raw - mean) / sd of the norm group.

    Takes and returns shape (persons,); NaN, a missing score, stays NaN. Raises ValueError if a score is infinite.
    """
    return (_checked(raw) - group.mean) / group.sd


def normalised_z(raw: ArrayLike, group: NormGroup) -> Floats:
    """Compute the normal deviate of the mid-rank: standard scores that are normal whatever the shape of the raw ones.

    Parameters
    ----------
    raw : shape (persons,)
        NaN is missing.
    group : NormGroup
        With a table of frequencies.

    Returns
    -------
    shape (persons,)
        A score beyond the table gets that of half a person at its end: no deviate is infinite.

    Raises
    ------
    ValueError
        A score is infinite, or the group has no table.

    Source
    ------
    McCall (1922), How to Measure in Education: the T scale.
    """
    if group.scores.size == 0:
        raise ValueError(f"norm group {group.name} has no table of frequencies to normalise by")
    half = 0.5 / group.n_persons
    deviates: Floats = ndtri(np.clip(percentile_ranks(raw, group) / 100, half, 1 - half))
    return deviates


def percentile_ranks(raw: ArrayLike, group: NormGroup) -> Floats:
    """Compute the percentage of the norm group below a score, those at it counted half.

    Parameters
    ----------
    raw : shape (persons,)
        NaN is missing.
    group : NormGroup
        Without a table of frequencies its scores are taken as normal.

    Returns
    -------
    shape (persons,)
        From 0 to 100; NaN for a missing score.

    Raises
    ------
    ValueError
        A score is infinite.

    Source
    ------
    Crocker & Algina (1986), Introduction to Classical and Modern Test Theory, chapter 19.
    """
    scores = _checked(raw)
    if group.scores.size == 0:
        return 100 * np.asarray(ndtr(z_scores(scores, group)))
    up_to = np.concatenate([[0], np.cumsum(group.counts)])
    below, at_most = (up_to[np.searchsorted(group.scores, scores, side=side)] for side in ("left", "right"))
    return np.where(np.isnan(scores), np.nan, 100 * (below + at_most) / (2 * group.n_persons))


def t_scores(z: ArrayLike) -> Floats:
    """Compute 50 + 10 z; takes and returns shape (persons,), unrounded. Raises ValueError if a z is infinite."""
    return 50 + 10 * _checked(z)


def iq_scores(z: ArrayLike) -> Floats:
    """Compute 100 + 15 z; takes and returns shape (persons,), unrounded. Raises ValueError if a z is infinite."""
    return 100 + 15 * _checked(z)


def hundreds(z: ArrayLike) -> Floats:
    """Compute 100 Phi(z), at least 1; takes and returns shape (persons,), unrounded. Raises as `t_scores`."""
    return np.maximum(100 * np.asarray(ndtr(_checked(z))), 1.0)


def stens(z: ArrayLike) -> Floats:
    """Compute 5.5 + 2 z between 1 and 10: bands half a deviation wide that meet at the mean.

    Takes and returns shape (persons,), unrounded but cut to 1 to 10. Raises ValueError if a z is infinite.

    Source
    ------
    Canfield (1951), Educational and Psychological Measurement 11(2), 295-297.
    """
    return np.clip(5.5 + 2 * _checked(z), 1.0, 10.0)


def stanines(z: ArrayLike) -> Floats:
    """Compute 5 + 2 z between 1 and 9: bands half a deviation wide, the fifth around the mean.

    Takes and returns shape (persons,), unrounded but cut to 1 to 9. Raises ValueError if a z is infinite.

    Source
    ------
    Flanagan (1948), The Aviation Psychology Program in the Army Air Forces, report 1.
    """
    return np.clip(5 + 2 * _checked(z), 1.0, 9.0)


def rounded(values: ArrayLike) -> Floats:
    """Round to whole numbers, halves away from zero, for print only.

    What lies within 1e-9 of a half counts as the half: 57.49999999999999 is 57.5 after arithmetic.
    Takes and returns any shape; NaN stays NaN. Raises ValueError if a value is infinite.
    """
    numbers = _checked(values)
    return np.copysign(np.floor(np.abs(numbers) + 0.5 + 1e-9), numbers) + 0.0


def report(
    raw: ArrayLike,
    group: NormGroup,
    wave: str,
    scale: Callable[[ArrayLike], Floats] = t_scores,
    normalised: bool = False,
) -> NormReport:
    """Score a wave by a norm group that holds none of its people.

    Parameters
    ----------
    raw : shape (persons,)
        NaN is missing.
    group : NormGroup
    wave : str
        The name of the wave that is scored.
    scale : t_scores, iq_scores, hundreds, stens or stanines
    normalised : bool
        Take z from mid-ranks instead of mean and sd.

    Returns
    -------
    NormReport

    Raises
    ------
    ValueError
        The wave is part of the group, a score is infinite, or mid-ranks are asked of a group without a table.
    """
    group.refuse_own_wave(wave)
    scores = _checked(raw)
    value = scale(normalised_z(scores, group) if normalised else z_scores(scores, group))
    ends = (group.scores[0], group.scores[-1]) if group.scores.size else (-np.inf, np.inf)
    beyond = (scores < ends[0]) | (scores > ends[1])
    return NormReport(value, rounded(value), percentile_ranks(scores, group), beyond, group.is_small)


def _checked(raw: ArrayLike) -> Floats:
    scores = np.asarray(raw, dtype=np.float64)
    if np.isinf(scores).any():
        raise ValueError("a score is infinite")
    return scores
