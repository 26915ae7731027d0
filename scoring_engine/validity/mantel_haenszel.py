"""Whether an item is harder for one of two groups than for people of the same score in the other.

People are matched on their score on the form with the studied item in it; what is missing earns nothing there, and
whoever has no response to the studied item is left out of its table. Omitted items are made wrong before
(`scoring_engine.responses.omitted_as_wrong`), and forms with other items are compared one at a time. The match is
purified once: items of class C leave it, and come back only for their own table.

Right or wrong items get the Mantel-Haenszel odds ratio and the ETS class by delta. Items of more categories get
Mantel's chi-square without a continuity correction, and the class by the standardised mean difference.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses
from scoring_engine.validity.multiplicity import benjamini_hochberg

REFERENCE, FOCAL = 0, 1

MINIMUM = 200
"""Persons that each group needs for more than a screening (psychometrics, section 11)."""

LEVEL = 0.05
ONE_SIDED = 1.6448536269514722
"""The normal point of that level on one side, for |delta| above 1."""

DELTA = -2.35
"""Turns a logarithm of odds into the delta scale of item difficulty (Holland & Thayer 1988)."""

SLIGHT, LARGE = 1.0, 1.5
"""Bounds of |delta| between A, B and C (Zieky 1993, in Holland & Wainer, Differential Item Functioning)."""

SLIGHT_SHIFT, LARGE_SHIFT = 0.17, 0.25
"""The same for the mean difference in standard deviations of the item (Zwick, Thayer & Mazzeo 1997)."""

Adjust = Callable[[ArrayLike], Floats]
Classes = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class DifTable:
    """What the comparison of two groups says of every item; all of shape (items,).

    Parameters
    ----------
    alpha, log_alpha_se : floats
        Common odds ratio, above 1 if the item favours the reference group, and the standard error of its
        logarithm. NaN for more than two categories, and where a cell sum is zero.
    delta : floats
        -2.35 ln alpha: negative if the item is harder for the focal group.
    chi2, p, adjusted_p : floats
        One degree of freedom; NaN where no stratum holds both groups and different answers.
    difference : floats
        Standardised: mean of the focal group less that of the reference group, in score points, in the strata
        of the focal group. P-DIF of right or wrong items, SMD of others.
    ets_class : strings
        A negligible, B moderate, C large; empty if there is none. By p, not by the adjusted p, as ETS does.
    in_match : booleans
        Whether the item is part of the purified match.
    zero_cells : booleans
        A cell sum is zero (or nothing varies), so that the odds ratio of a right or wrong item is missing.
    too_small : booleans
        Fewer than 200 answers in a group.
    """

    alpha: Floats
    log_alpha_se: Floats
    delta: Floats
    chi2: Floats
    p: Floats
    adjusted_p: Floats
    difference: Floats
    ets_class: Classes
    in_match: Bools
    zero_cells: Bools
    too_small: Bools


def mantel_haenszel(
    responses: ArrayLike, groups: ArrayLike, purify: bool = True, adjust: Adjust = benjamini_hochberg
) -> DifTable:
    """Compare two groups at equal scores, for every item.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers from 0, -1 missing.
    groups : shape (persons,)
        0 reference, 1 focal, -1 left out.
    purify : bool
        Take items of class C out of the match and compare again, once; before that, items that one group answered all
        alike, whose odds ratio has no end. A match that would lose more than half of the items stays as it is.
    adjust : function
        `benjamini_hochberg` or `holm`.

    Returns
    -------
    DifTable

    Raises
    ------
    ValueError
        Not such responses or groups, no item, or nobody in a group.

    Source
    ------
    Mantel & Haenszel (1959), JNCI 22(4), 719-748; Mantel (1963), JASA 58, 690-700; Holland & Thayer (1988); standard
    error by Robins, Breslow & Greenland (1986), Biometrics 42(2), 311-323; difference by Dorans & Kulick (1986),
    Journal of Educational Measurement 23(4), 355-368, and Dorans & Schmitt (1991), ETS RR-91-47.
    """
    answers, focal = checked_groups(responses, groups)
    table = _compare(answers, focal, np.ones(answers.shape[1], dtype=np.bool_), adjust)
    if not purify:
        return table
    alike = answered_alike(answers, focal)
    endless, large = (lambda one: one.zero_cells & (one.p < LEVEL) & alike), (lambda one: one.ets_class == "C")
    return purified(table, lambda in_match: _compare(answers, focal, in_match, adjust), endless, large)


class _Matched(Protocol):
    """A table that says which items were its match."""

    @property
    def in_match(self) -> Bools: ...


T = TypeVar("T", bound=_Matched)


def purified(table: T, compare: Callable[[Bools], T], *unfair: Callable[[T], Bools]) -> T:
    """Take unfair items out of the match and compare again, once for each rule.

    A match keeps half of the items, and two at least: one that would lose more stays as it is.

    Parameters
    ----------
    table : of all items, with `in_match` of shape (items,)
    compare : function
        Takes who is in the match, shape (items,), gives a table.
    unfair : functions
        Take a table, give the items to take out, shape (items,).

    Returns
    -------
    The last table, of the same kind.
    """
    for rule in unfair:
        fair = table.in_match & ~rule(table)
        left = int(fair.sum())
        if left < table.in_match.sum() and left >= 2 and 2 * left >= fair.size:
            table = compare(fair)
    return table


def answered_alike(answers: Answers, focal: Ints) -> Bools:
    """Mark items to which everybody of one group gave one answer, and not everybody of the other did.

    Takes checked answers, shape (persons, items), and who is focal, (persons,); returns shape (items,).
    """
    alike = []
    for group in (REFERENCE, FOCAL):
        own = answers[focal == group]
        alike.append(own.max(axis=0) == np.where(own == MISSING, 127, own).min(axis=0))
    found: Bools = alike[0] != alike[1]
    return found


def checked_groups(responses: ArrayLike, groups: ArrayLike) -> tuple[Answers, Ints]:
    """Check responses and groups, and leave out the persons of no group (-1).

    Takes what `mantel_haenszel` takes; returns responses, shape (persons, items), and who is focal, shape (persons,).

    Raises
    ------
    ValueError
        As `mantel_haenszel`.
    """
    shape, group = np.shape(responses), np.asarray(groups)
    if len(shape) != 2 or not shape[1]:
        raise ValueError(f"responses must be persons by items, with an item, not of shape {shape}")
    if group.shape != shape[:1] or group.dtype.kind not in "iu":
        raise ValueError(f"groups must be {shape[0]} whole numbers, not {group.dtype} of shape {group.shape}")
    wrong = (group < MISSING) | (group > FOCAL)
    if wrong.any():
        person = int(np.argmax(wrong))
        raise ValueError(f"group {group[person]} of person {person} is not 0 reference, 1 focal or -1 left out")
    for number, name in ((REFERENCE, "reference"), (FOCAL, "focal")):
        if not (group == number).any():
            raise ValueError(f"nobody is in the {name} group")
    known = group != MISSING
    return checked_responses(responses, np.full(shape[1], 127))[known], group[known].astype(np.int64)


def strata_counts(answers: Answers, focal: Ints, in_match: Bools) -> Ints:
    """Count the answers to every item by score on the match, group and category.

    Parameters
    ----------
    answers : shape (persons, items)
    focal : shape (persons,)
        0 reference, 1 focal.
    in_match : shape (items,)
        Items whose sum is the match; the studied item counts besides.

    Returns
    -------
    shape (items, scores, 2, categories)
    """
    columns = np.ascontiguousarray(answers.T)
    categories = int(answers.max()) + 1 if answers.size and answers.max() > 0 else 2
    match = np.maximum(answers[:, in_match], 0).sum(axis=1, dtype=np.int64)
    scores = 1 + int(np.maximum(columns.max(axis=1), 0).sum(dtype=np.int64))
    counts = np.empty((len(columns), scores * 2 * categories), dtype=np.int64)
    for item, column in enumerate(columns):
        given = column != MISSING
        answer = column[given].astype(np.int64)
        score = match[given] if in_match[item] else match[given] + answer
        counts[item] = np.bincount((score * 2 + focal[given]) * categories + answer, minlength=counts.shape[1])
    return counts.reshape(len(columns), scores, 2, categories)


def _compare(answers: Answers, focal: Ints, in_match: Bools, adjust: Adjust) -> DifTable:
    counts = strata_counts(answers, focal, in_match)
    binary: Bools = np.equal(counts[:, :, :, 2:].sum(axis=(1, 2, 3)), 0)
    cells = np.where((counts.sum(axis=3) > 0).all(axis=2)[:, :, None, None], counts, 0).astype(np.float64)
    chi2 = _chi_square(cells, binary)
    p: Floats = chdtrc(1, chi2)
    alpha, se = _odds_ratio(np.where(binary[:, None, None, None], cells, 0.0))
    delta, difference = DELTA * np.log(alpha), _difference(cells)
    by_delta = _classes(np.abs(delta), p, SLIGHT, LARGE, np.abs(delta) + DELTA * ONE_SIDED * se > SLIGHT)
    by_shift = _classes(np.abs(_ratio(difference, _deviation(counts))), p, SLIGHT_SHIFT, LARGE_SHIFT, ~binary)
    return DifTable(
        alpha, se, delta, chi2, p, adjust(p), difference, np.where(binary, by_delta, by_shift), in_match,
        np.isnan(chi2) | (binary & np.isnan(alpha)), counts.sum(axis=(1, 3)).min(axis=1) < MINIMUM,
    )  # fmt: skip


def _chi_square(cells: Floats, binary: Bools) -> Floats:
    """Mantel's, which for two categories is that of Mantel and Haenszel; corrected by a half there."""
    score = np.arange(cells.shape[3], dtype=np.float64)
    n, both = cells.sum(axis=3), cells.sum(axis=2)
    size = np.maximum(n.sum(axis=2), 2.0)  # a stratum that is left out holds zeros, and adds 0 / 2
    points, squares = (both * score).sum(axis=2), (both * score**2).sum(axis=2)
    earned = (cells[:, :, FOCAL] * score).sum(axis=2)
    excess = np.abs((earned - n[:, :, FOCAL] * points / size).sum(axis=1))
    spread = n[:, :, 0] * n[:, :, 1] * (size * squares - points**2) / (size**2 * (size - 1))
    corrected = excess - np.where(binary, np.minimum(0.5, excess), 0.0)
    return _ratio(corrected**2, spread.sum(axis=1))


def _odds_ratio(cells: Floats) -> tuple[Floats, Floats]:
    """Estimate alpha and the standard error of its logarithm; NaN where a sum of cross products is zero."""
    (a, b), (c, d) = (cells[:, :, group, [1, 0]].transpose(2, 0, 1) for group in (REFERENCE, FOCAL))
    size = np.maximum(a + b + c + d, 1.0)
    agree, differ, right, wrong = (a + d) / size, (b + c) / size, a * d / size, b * c / size
    for_reference, for_focal = right.sum(axis=1), wrong.sum(axis=1)
    known = (for_reference > 0) & (for_focal > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (
            (agree * right).sum(axis=1) / for_reference**2
            + (agree * wrong + differ * right).sum(axis=1) / (for_reference * for_focal)
            + (differ * wrong).sum(axis=1) / for_focal**2
        ) / 2
        return np.where(known, for_reference / for_focal, np.nan), np.where(known, np.sqrt(variance), np.nan)


def _difference(cells: Floats) -> Floats:
    n, earned = cells.sum(axis=3), (cells * np.arange(cells.shape[3])).sum(axis=3)
    mean = earned / np.maximum(n, 1.0)
    weight = n[:, :, FOCAL]
    return _ratio((weight * (mean[:, :, FOCAL] - mean[:, :, REFERENCE])).sum(axis=1), weight.sum(axis=1))


def _deviation(counts: Ints) -> Floats:
    """Compute the standard deviation of each item in both groups together."""
    marginal, score = counts.sum(axis=(1, 2)), np.arange(counts.shape[3])
    n = marginal.sum(axis=1)
    squares = n * (marginal * score**2).sum(axis=1) - (marginal * score).sum(axis=1) ** 2
    return np.sqrt(_ratio(squares.astype(np.float64), (n * (n - 1)).astype(np.float64)))


def _classes(effect: Floats, p: Floats, slight: float, large: float, surely: Bools) -> Classes:
    known = ~(np.isnan(effect) | np.isnan(p))
    return np.select([~known, (effect < slight) | (p >= LEVEL), (effect >= large) & surely], ["", "A", "C"], "B")


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
