"""Whether a person passes hard items and fails easy ones: Guttman errors, U3 and Ht. No model is needed.

An item of categories 0 to m is m steps, and category x has passed the first x of them. Ordered by how many people pass
them, the steps of a perfect scale are passed up to a point and none beyond; each pair of an easier step failed and a
harder one passed is an error. A right or wrong item is one step. With the ranks R of the steps, the errors of a person
who passed s of them are the sum of R over these less s (s - 1) / 2. The most and the fewest that a total score
allows come from a recursion over items, because a step can be passed only after those before it.

Like `scoring_engine.validity.person_fit`, these rest on the items that a person answered, and open a review only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.posterior import blocks
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses

NO_SPREAD = 1e-12
"""Between the largest and the smallest sum of logits: below this they differ by rounding alone."""


@dataclass(frozen=True, eq=False)
class GuttmanFit:
    """How far every person's answers are from a perfect scale; all of shape (persons,).

    Parameters
    ----------
    errors : floats
        Guttman errors: pairs of an easier step failed and a harder one passed.
    normed : floats
        The share of the most errors that the same total score allows: 0 perfect, 1 reversed.
    u3 : floats
        The same with the logits of the steps' proportions as weights: 0 perfect, 1 reversed.
    n_items : whole numbers
        How many items each rests on.

    All three are NaN where they are undefined: nothing or everything passed, or (the last two) one pattern only.
    """

    errors: Floats
    normed: Floats
    u3: Floats
    n_items: Ints


def step_proportions(responses: ArrayLike, categories: ArrayLike) -> Floats:
    """Compute the share of those who answered an item that reaches each of its categories from 1.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers: 0 to the item's last category, -1 missing.
    categories : shape (items,)
        How many categories each item has.

    Returns
    -------
    shape (items, most categories - 1)
        For right or wrong items the proportion right; NaN where an item has no such step.

    Raises
    ------
    ValueError
        Not such responses, or an item that nobody answered.
    """
    sizes = np.asarray(categories, dtype=np.int64)
    answers = checked_responses(responses, sizes)
    n = np.count_nonzero(answers != MISSING, axis=0)
    if (n == 0).any():
        raise ValueError(f"nobody answered item {int(np.argmax(n == 0))}")
    steps = np.arange(1, sizes.max())
    reached = np.stack([np.count_nonzero(answers >= step, axis=0) for step in steps], axis=1)
    return np.where(steps < sizes[:, None], reached / n[:, None], np.nan)


def guttman_fit(responses: ArrayLike, proportions: ArrayLike) -> GuttmanFit:
    """Count Guttman errors and compute U3, over item steps.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers: 0 to the item's last category, -1 missing.
    proportions : shape (items, steps), or (items,) for right or wrong items
        Of a norm group, as `step_proportions` gives them. Equal ones are taken in the order of the items.

    Returns
    -------
    GuttmanFit

    Raises
    ------
    ValueError
        Not such responses, or proportions that are not between 0 and 1 or rise from a step to the next.

    Source
    ------
    Meijer (1994), APM 18(4), 311-314; van der Flier (1982), JCCP 13(3), 267-298; Emons (2008), APM 32(3), 224-247,
    for more categories.
    """
    shares = _checked_proportions(proportions)
    answers = np.ascontiguousarray(checked_responses(responses, (~np.isnan(shares)).sum(axis=1) + 1))
    errors, normed, u3 = np.empty((3, len(answers)))
    for part in blocks(len(answers)):
        errors[part], normed[part], u3[part] = _against_scale(answers[part], shares)
    return GuttmanFit(errors, normed, u3, np.count_nonzero(answers != MISSING, axis=1).astype(np.int64))


def ht(responses: ArrayLike) -> Floats:
    """Compute the transposed scalability coefficient of every person against all others.

    Parameters
    ----------
    responses : shape (persons, items)
        1 right, 0 wrong, -1 missing. Two persons are compared on the items that both answered; without missing
        answers the time is in proportion to the persons, else to their square.

    Returns
    -------
    shape (persons,)
        1 at most; about 0 for answers that have nothing to do with those of others. NaN where everything
        compared is right, or wrong.

    Raises
    ------
    ValueError
        Not such responses, or fewer than two persons.

    Source
    ------
    Sijtsma (1986), Kwantitatieve Methoden 7, 131-145; Sijtsma & Meijer (1992), APM 16(2), 149-157.
    """
    shape = np.shape(responses)
    if len(shape) != 2 or shape[0] < 2:
        raise ValueError(f"Ht compares each person with others: two or more rows, not the shape {shape}")
    answers = checked_responses(responses, np.full(shape[1], 2))
    complete = not (answers == MISSING).any()
    return _share(*(_against_totals(answers) if complete else _against_each(answers)))


def _checked_proportions(proportions: ArrayLike) -> Floats:
    shares = np.asarray(proportions, dtype=np.float64)
    shares = shares[:, None] if shares.ndim == 1 else shares
    if shares.ndim != 2 or 0 in shares.shape:
        raise ValueError(f"proportions must be items by steps, not of shape {shares.shape}")
    filled = np.where(np.isnan(shares), -1.0, shares)
    wrong = np.isnan(shares[:, 0]) | ~((filled <= 1) & ((filled >= 0) | (filled == -1))).all(axis=1)
    wrong |= (np.diff(filled, axis=1) > 0).any(axis=1)
    if wrong.any():
        raise ValueError(f"the proportions of item {int(np.argmax(wrong))} do not fall, or are not between 0 and 1")
    return shares


def _against_scale(answers: Answers, shares: Floats) -> tuple[Floats, Floats, Floats]:
    """Compute errors, normed errors and U3; persons with the same missing answers share their extremes."""
    exists = ~np.isnan(shares)
    answered, pattern = np.unique(answers != MISSING, axis=0, return_inverse=True)
    pattern = pattern.reshape(-1)
    passed = np.maximum(answers, 0).sum(axis=1, dtype=np.int64)
    some = (passed > 0) & (passed < (answered * exists.sum(axis=1)).sum(axis=1)[pattern])
    ranks = _up_to(_ranks(shares, answered), exists, answered)
    logits = _up_to(np.where(exists, _logit(shares), 0.0)[None], exists, answered)
    rank, logit = _of_answers(ranks, answers, pattern), _of_answers(logits, answers, pattern)
    pairs = passed * (passed - 1) / 2
    most, high, low = _largest(ranks), _largest(logits), -_largest(_turned(logits))
    errors = np.where(some, rank - pairs, np.nan)
    normed = _share(errors, np.where(some, most[pattern, passed] - pairs, 0.0))
    width = np.where(some, high[pattern, passed] - low[pattern, passed], 0.0)
    return errors, normed, _share(high[pattern, passed] - logit, width)


def _ranks(shares: Floats, answered: Bools) -> Floats:
    """Rank the steps from 0, the easiest first, among those of the answered items: (patterns, items, steps)."""
    flat = np.where(np.isnan(shares), -1.0, shares).ravel()  # what is no step comes last
    order = np.argsort(-flat, kind="stable")
    there = (answered[:, :, None] & ~np.isnan(shares)).reshape(len(answered), -1)
    ranks = np.empty(there.shape)
    ranks[:, order] = np.cumsum(there[:, order], axis=1) - 1
    return np.where(there, ranks, 0.0).reshape(len(answered), *shares.shape)


def _logit(shares: Floats) -> Floats:
    """Compute logits; 0 for a step that all or none pass, which tells nothing."""
    safe = np.where((shares > 0) & (shares < 1), shares, 0.5)
    logits: Floats = np.log(safe / (1 - safe))
    return logits


def _up_to(weights: Floats, exists: Bools, answered: Bools) -> Floats:
    """Add up the weights of the first 0, 1, ... steps of each item; -inf for a category that cannot be.

    Takes shape (patterns or 1, items, steps), returns (patterns, items, steps + 1).
    """
    there = answered[:, :, None] & exists
    sums = np.where(there, np.cumsum(weights, axis=2), -np.inf)
    return np.pad(sums, ((0, 0), (0, 0), (1, 0)))


def _turned(sums: Floats) -> Floats:
    return np.where(np.isneginf(sums), sums, -sums)


def _of_answers(sums: Floats, answers: Answers, pattern: Ints) -> Floats:
    """Add the weights of all steps that each person passed; shape (persons,)."""
    found: Floats = sums[pattern[:, None], np.arange(answers.shape[1]), np.maximum(answers, 0)].sum(axis=1)
    return found


def _largest(sums: Floats) -> Floats:
    """Find the largest weight of any answers with each total score, shape (patterns, scores), item by item."""
    best = np.full((len(sums), sums.shape[1] * (sums.shape[2] - 1) + 1), -np.inf)
    best[:, 0] = 0.0
    for item in range(sums.shape[1]):
        new = best.copy()
        for category in range(1, sums.shape[2]):
            np.maximum(new[:, category:], best[:, :-category] + sums[:, item, category, None], out=new[:, category:])
        best = new
    return best


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > NO_SPREAD)


def _against_totals(answers: Answers) -> tuple[Floats, Floats]:
    """Sum the covariances with all others, and their maxima, times squared items; whole numbers, so exact."""
    items, right = answers.shape[1], answers.sum(axis=1, dtype=np.int64)
    together = (answers * answers.sum(axis=0, dtype=np.int64)).sum(axis=1)
    own = right * (items - right)
    scores = np.arange(items + 1)
    largest = np.minimum.outer(scores, scores) * (items - np.maximum.outer(scores, scores))
    most = (largest * np.bincount(right, minlength=items + 1)).sum(axis=1)[right] - own
    return (items * together - right * right.sum() - own).astype(np.float64), most.astype(np.float64)


def _against_each(answers: Answers) -> tuple[Floats, Floats]:
    """Sum covariances and their maxima over all others, each on the items that both answered."""
    given, right = (answers != MISSING).astype(np.float64), (answers == 1).astype(np.float64)
    found, most = np.zeros((2, len(answers)))
    for part in blocks(len(answers)):
        # Products of zeros and ones are whole numbers: exact in any order, on any number of threads.
        n, mine, theirs = given[part] @ given.T, right[part] @ given.T, given[part] @ right.T
        others = np.maximum(n, 1.0) ** 2
        others[np.arange(len(n)), np.arange(part.start, part.stop)] = np.inf
        found[part] = ((n * (right[part] @ right.T) - mine * theirs) / others).sum(axis=1)
        most[part] = (np.minimum(mine, theirs) * (n - np.maximum(mine, theirs)) / others).sum(axis=1)
    return found, most
