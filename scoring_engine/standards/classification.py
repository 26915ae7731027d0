"""How often cuts classify people rightly, how often they would do so the same way again, and what other cuts do.

Two models of the error. Rudner: an estimate is normal around the ability, with its own standard error. Lee: the sum
score given the ability has the distribution that the item response model implies. Either gives each person (or each
point of an ability distribution) a probability for every category; accuracy is the probability of the true category,
consistency the probability that two parallel forms agree, the sum of squares. Cuts are inclusive: a value on a cut
belongs to the category above it. Categories count from 0, the lowest.

A changed cut is answered three ways: who moves and from where to where by the estimates as they stand, how many are
expected to stand in each category given the errors, and each person's own chance that the move concerns the truth.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from scoring_engine.responses import MISSING, Bools, Floats, Ints, real_numbers
from scoring_engine.standards.joint_axes import rectangle_probabilities
from scoring_engine.standards.levels import distributions, rising_cuts
from scoring_engine.standards.nine_box import BOX, AxisCuts, Numbering, chances_of_cells

ON_CUT = 1e-9
"""An expected score this little below a cut lies on it: a symmetric test must not be split by a rounding."""


@dataclass(frozen=True, eq=False)
class Classification:
    """Accuracy and consistency of a classification.

    Parameters
    ----------
    accuracy, consistency : float
        Means over the persons, from 0 to 1.
    kappa : float
        Consistency beyond chance; NaN where everybody is certain to stand in one and the same category.
    probabilities : shape (persons, categories)
        Of each category; persons are points where an ability distribution was given.
    conditional_accuracy, conditional_consistency : shape (persons,)
        The same for each person alone.
    table : shape (categories, categories)
        Share of the persons by the category they are counted to belong to (row; Rudner: where the estimate lies,
        Lee: where the expected score lies) and by the one that the error leads to (column); sums to 1, and its
        diagonal to the accuracy. Rudner's columns are the truth, Lee's the observed category.
    """

    accuracy: float
    consistency: float
    kappa: float
    probabilities: Floats
    conditional_accuracy: Floats
    conditional_consistency: Floats
    table: Floats


def normal_categories(mean: ArrayLike, se: ArrayLike, cuts: ArrayLike) -> Floats:
    """Compute the probability of each category for values that are known with a normal error.

    Parameters
    ----------
    mean, se : shape (persons,)
        On the scale of the cuts; NaN in either is missing, se 0 is a value known exactly.
    cuts : shape (categories - 1,)
        Rising.

    Returns
    -------
    shape (persons, categories)
        NaN for a person whose value is missing.

    Raises
    ------
    ValueError
        Shapes disagree, a value is infinite, an se is negative or infinite, or cuts do not rise.
    """
    value, error, borders = np.asarray(mean, dtype=np.float64), np.asarray(se, dtype=np.float64), rising_cuts(cuts)
    if value.ndim != 1 or value.shape != error.shape:
        raise ValueError(f"mean of shape {value.shape} and se of shape {error.shape} do not go together")
    wrong = np.isinf(value) | np.isinf(error) | (error < 0)
    if wrong.any():
        raise ValueError(f"person {int(np.argmax(wrong))} has an infinite value or no standard error")
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = borders - value[:, None]
        z = np.where(error[:, None] > 0, gap / error[:, None], np.where(gap > 0, np.inf, -np.inf))
    z = np.pad(z, ((0, 0), (1, 1)), constant_values=((0, 0), (-np.inf, np.inf)))
    # Each interval from its own tail: far above the mean both distribution functions are 1.
    lower, upper, above = z[:, :-1], z[:, 1:], z[:, :-1] > 0
    chances: Floats = ndtr(np.where(above, -lower, upper)) - ndtr(np.where(above, -upper, lower))
    chances[np.isnan(value) | np.isnan(error)] = np.nan
    return chances


def rudner(theta: ArrayLike, se: ArrayLike, cuts: ArrayLike) -> Classification:
    """Compute accuracy and consistency from estimates with normal errors.

    Parameters
    ----------
    theta, se : shape (persons,)
        In logits.
    cuts : shape (categories - 1,)
        In logits, rising.

    Returns
    -------
    Classification
        One row of probabilities a person; the true category of a person is taken to be that of the estimate.

    Raises
    ------
    ValueError
        No person, shapes disagree, a number is not finite, an se is negative, or cuts do not rise.

    Source
    ------
    Rudner (2005), Practical Assessment, Research & Evaluation 10(13); consistency as the sum of squares: Wyse &
    Hao (2012), Applied Psychological Measurement 36(7), 602-624.
    """
    values, errors = real_numbers("theta", theta, 1), real_numbers("se", se, 1)
    chances = normal_categories(values, errors, cuts)
    return _classified(chances, np.searchsorted(rising_cuts(cuts), values, side="right"), np.ones(len(values)))


def lee(conditional: ArrayLike, cuts: ArrayLike, weights: ArrayLike | None = None) -> Classification:
    """Compute accuracy and consistency from the distribution of the sum score given ability.

    Parameters
    ----------
    conditional : shape (points, scores)
        Probability of each sum score, from 0, at each ability: points of an ability distribution, or persons at
        their estimates; from the recursion of Lord & Wingersky.
    cuts : shape (categories - 1,)
        Sum scores, rising: the lowest score of each category but the first.
    weights : shape (points,)
        Of the ability distribution, of any positive sum; equal unless given, as for persons.

    Returns
    -------
    Classification
        One row of probabilities a point; its true category is that of its expected score.

    Raises
    ------
    ValueError
        A row is no distribution, a weight is negative, all are 0, or cuts do not rise.

    Source
    ------
    Lee (2010), Journal of Educational Measurement 47(1), 1-17.
    """
    rows, borders = np.ascontiguousarray(distributions(conditional, 2)), rising_cuts(cuts)
    share = np.ones(len(rows)) if weights is None else real_numbers("weights", weights, 1)
    if share.shape != (len(rows),) or (share < 0).any():
        raise ValueError(f"{len(rows)} points need as many weights, none negative")
    scores = np.arange(rows.shape[1])
    category = np.searchsorted(borders, scores, side="right")
    chances = np.stack([(rows * (category == k)).sum(axis=1) for k in range(borders.size + 1)], axis=1)
    expected = (rows * scores).sum(axis=1)
    return _classified(chances, np.searchsorted(borders, expected + ON_CUT, side="right"), share)


@dataclass(frozen=True, eq=False)
class CutEffect:
    """What other cuts do to the categories, or the boxes, of the same people.

    Parameters
    ----------
    before, after : shape (persons,)
        Category from 0, or number of the box from 1, by the estimate as it stands; -1 while it is missing.
    moved : shape (persons,)
        True for who stands elsewhere after.
    transitions : shape (categories, categories)
        How many persons stand in a category (row) before and in another (column) after.
    expected : shape (categories, categories)
        The same as expected numbers, given the errors: row sums are those expected before, column sums after.
    chance : shape (persons,)
        Probability that the person's true value is one that the new cuts place elsewhere; NaN while missing.
    """

    before: Ints
    after: Ints
    moved: Bools
    transitions: Ints
    expected: Floats
    chance: Floats


def effect_of_cut(mean: ArrayLike, se: ArrayLike, before: ArrayLike, after: ArrayLike) -> CutEffect:
    """Compute what changed cuts of one axis would do.

    Parameters
    ----------
    mean, se : shape (persons,)
        On the scale of the cuts; NaN is missing and is counted nowhere.
    before, after : shape (categories - 1,)
        Two sets of rising cuts.

    Returns
    -------
    CutEffect
        Of categories, from 0.

    Raises
    ------
    ValueError
        As `normal_categories`; or the two sets differ in number.
    """
    old, new = rising_cuts(before), rising_cuts(after)
    if old.shape != new.shape:
        raise ValueError(f"{old.size} cuts before cannot be compared with {new.size} after")
    borders, (was, becomes) = _merged(old, new)
    value = np.asarray(mean, dtype=np.float64)
    chances = normal_categories(value, se, borders)
    missing = np.isnan(chances).any(axis=1)
    places = [np.where(missing, MISSING, np.searchsorted(cuts, value, side="right")) for cuts in (old, new)]
    return _effect(chances, was, becomes, places[0], places[1], old.size + 1)


def effect_of_box_cuts(
    mean: ArrayLike, covariance: ArrayLike, before: AxisCuts, after: AxisCuts, numbering: Numbering = BOX
) -> CutEffect:
    """Compute what changed cuts of performance and potential would do to the nine boxes.

    Parameters
    ----------
    mean : shape (persons, 2)
        Performance and potential; NaN where one is missing, which counts the person nowhere.
    covariance : shape (persons, 2, 2), or (2, 2) for all
        Of their errors.
    before, after : of performance and of potential, each (middle, high)
    numbering : number of the box by [performance][potential]

    Returns
    -------
    CutEffect
        Of boxes: row and column n - 1 of its tables is box n.

    Raises
    ------
    ValueError
        As `joint_box_chances`.
    """
    rows, columns = (_merged(rising_cuts(old), rising_cuts(new)) for old, new in zip(before, after, strict=True))
    cells = rectangle_probabilities(mean, covariance, rows[0], columns[0])
    number = np.array(numbering) - 1
    was, becomes = (number[np.ix_(row, column)].ravel() for row, column in zip(rows[1], columns[1], strict=True))
    missing = np.isnan(cells).any(axis=(1, 2))
    # Where the estimates stand: the same rectangles with no error at all.
    exact = np.zeros((2, 2))
    places = [
        np.where(missing, MISSING, chances_of_cells(rectangle_probabilities(mean, exact, *cuts), numbering).box)
        for cuts in (before, after)
    ]
    chances = cells.reshape(len(cells), -1)
    shifted = [np.where(missing, MISSING, place - 1) for place in places]
    found = _effect(chances, was, becomes, shifted[0], shifted[1], 9)
    return CutEffect(places[0], places[1], found.moved, found.transitions, found.expected, found.chance)


def _classified(chances: Floats, true: Ints, weights: Floats) -> Classification:
    if not weights.sum() > 0:
        raise ValueError("a classification needs at least one person with a weight")
    share, categories = weights / weights.sum(), chances.shape[1]
    right, again = chances[np.arange(len(chances)), true], (chances**2).sum(axis=1)
    marginal = (share[:, None] * chances).sum(axis=0)
    table = np.zeros((categories, categories))
    np.add.at(table, true, share[:, None] * chances)
    accuracy, consistency, chance = (share * right).sum(), (share * again).sum(), (marginal**2).sum()
    kappa = (consistency - chance) / (1 - chance) if 1 - chance > 1e-12 else np.nan
    return Classification(float(accuracy), float(consistency), float(kappa), chances, right, again, table)


def _merged(old: Floats, new: Floats) -> tuple[Floats, tuple[Ints, Ints]]:
    """Return all borders of two sets, and for every interval between them its category in each set."""
    borders = np.union1d(old, new)
    inside = np.append(-np.inf, borders)  # the lower end of each interval, which belongs to it
    return borders, (np.searchsorted(old, inside, side="right"), np.searchsorted(new, inside, side="right"))


def _effect(chances: Floats, was: Ints, becomes: Ints, before: Ints, after: Ints, size: int) -> CutEffect:
    there = before != MISSING
    transitions, expected = np.zeros((size, size), dtype=np.int64), np.zeros((size, size))
    np.add.at(transitions, (before[there], after[there]), 1)
    np.add.at(expected, (was, becomes), chances[there].sum(axis=0))
    # A column at a time, so that no batch changes the order of the sum.
    chance = np.zeros(len(chances))
    for column in np.flatnonzero(was != becomes):
        chance += chances[:, column]
    chance[~there] = np.nan
    return CutEffect(before, after, before != after, transitions, expected, chance)
