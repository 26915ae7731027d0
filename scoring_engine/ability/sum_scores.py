"""Ability from the sum of points alone: the distribution of sums, and the table from each sum to an estimate.

A sum is what people can add up themselves, so a report by sums can be checked by hand. A table belongs to one set of
items. Whoever left an item out has answered another set and gets another table: a missing answer is no lost point.
"""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.eap import NO_ITEMS, Ability, n_answered, nodes_for
from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior, moments, weigh
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import probabilities
from scoring_engine.exact import total
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses, whole_numbers


@dataclass(frozen=True, eq=False)
class SumScoreTable:
    """What every sum of points on one set of items says of ability.

    Parameters
    ----------
    score : shape (scores,)
        0 to the highest sum, without a gap.
    probability : shape (scores,)
        Of the sum in the population; all of them sum to 1. 0 where no answers give that sum.
    eap, sd : shape (scores,)
        Posterior mean and standard deviation in logits; NaN where the probability is 0.
    n_items : int
        How many items the set has.
    """

    score: Ints
    probability: Floats
    eap: Floats
    sd: Floats
    n_items: int


Tables = MutableMapping[bytes, SumScoreTable]
"""Tables of one test, prior and weighting, by `item_set_key`."""


def category_weights(items: Items, weights: ArrayLike | None = None) -> Ints:
    """Return the points that each category of each item is worth.

    Parameters
    ----------
    items : Items
    weights : shape (items,) or (items, most categories), optional
        Whole numbers from 0: points for each step of an item, or for each of its categories (a nominal item needs
        these; cells that an item has no category for are not read). Category k is worth k points unless given.

    Returns
    -------
    shape (items, most categories)
        0 where an item has no such category.

    Raises
    ------
    ValueError
        Not whole numbers, another shape, a negative number, or nothing is worth a point.
    """
    steps = np.arange(int(items.categories.max()))
    given = np.ones(len(items), dtype=np.int64) if weights is None else np.asarray(weights)
    if given.dtype.kind not in "iu":
        raise ValueError(f"weights must be whole numbers, not {given.dtype}")
    if given.shape not in ((len(items),), (len(items), steps.size)):
        raise ValueError(f"weights of shape {given.shape} do not fit {len(items)} items of {steps.size} categories")
    table = given[:, None] * steps if given.ndim == 1 else given
    points: Ints = np.where(steps < items.categories[:, None], table, 0).astype(np.int64)
    if (points < 0).any():
        item, category = np.argwhere(points < 0)[0]
        raise ValueError(f"category {category} of item {item} is worth {points[item, category]}, less than nothing")
    if not points.any():
        raise ValueError("no category of any item is worth a point")
    return points


def sum_scores(responses: ArrayLike, items: Items, weights: ArrayLike | None = None) -> Ints:
    """Add up every person's points over the answered items.

    Parameters
    ----------
    responses : shape (persons, items), or (items,) for one person
        Whole numbers: 0 to the item's last category; -1 is missing.
    items : Items
    weights : as `category_weights` takes them

    Returns
    -------
    shape (persons,)
        Sums over different sets of items say different things: see `sum_score_ability`.

    Raises
    ------
    ValueError
        A response or a weight cannot be one.
    """
    answers = checked_responses(responses, items.categories)
    return _points(answers, category_weights(items, weights))


def sum_score_distribution(theta: ArrayLike, items: Items, weights: ArrayLike | None = None) -> Floats:
    """Compute the probability of every sum of points at some abilities.

    Parameters
    ----------
    theta : shape (nodes,)
        Abilities in logits.
    items : Items
    weights : as `category_weights` takes them

    Returns
    -------
    shape (nodes, scores)
        Sums 0 to the highest; every row sums to 1.

    Raises
    ------
    ValueError
        theta is not a row of finite numbers, or the weights cannot be weights.

    Source
    ------
    Lord & Wingersky (1984), Applied Psychological Measurement 8(4), 453-461; for more than two categories
    Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19(1), 39-49.
    """
    points = category_weights(items, weights)
    found = np.ones((np.size(theta), 1))
    for p, worth, categories in zip(
        probabilities(theta, items).transpose(1, 2, 0), points, items.categories, strict=True
    ):
        found = _with_item(found, p[:categories], worth[:categories])
    return found


def sum_score_eap(items: Items, prior: Prior = STANDARD_NORMAL, weights: ArrayLike | None = None) -> SumScoreTable:
    """Tabulate the posterior mean and standard deviation of ability for every sum of points.

    Parameters
    ----------
    items : Items
        The answered set: for other persons with other items, another table.
    prior : Prior
        N(0, 1) unless given.
    weights : as `category_weights` takes them

    Returns
    -------
    SumScoreTable

    Raises
    ------
    ValueError
        The weights cannot be weights.

    Source
    ------
    Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19(1), 39-49.
    """
    nodes = nodes_for(items, prior)
    joint = sum_score_distribution(nodes, items, weights) * weigh(prior, nodes, np.zeros((nodes.size, 1)))
    probability = total(joint)
    with np.errstate(invalid="ignore"):  # a sum that no answers give: 0 / 0 is the NaN that is wanted
        mean, sd = moments(nodes, joint / probability)
    return SumScoreTable(np.arange(probability.size), probability, mean, sd, len(items))


def ability_of_sums(table: SumScoreTable, sums: ArrayLike) -> Ability:
    """Look every person's sum up.

    Parameters
    ----------
    table : SumScoreTable
        Of the items that all these persons answered.
    sums : shape (persons,)
        Whole numbers.

    Returns
    -------
    Ability
        In logits.

    Raises
    ------
    ValueError
        A sum is not a whole number, or no answers to these items give it.
    """
    rows = whole_numbers("sums", sums)[0]
    known = np.append(table.probability > 0, False)
    wrong = (rows < 0) | ~known[np.clip(rows, 0, table.score.size)]
    if wrong.any():
        person = int(np.argmax(wrong))
        raise ValueError(f"no answers give the sum {rows[person]} of person {person}")
    return Ability(table.eap[rows], table.sd[rows], np.full(rows.size, table.n_items), np.full(rows.size, ""))


def sum_score_ability(
    responses: ArrayLike, items: Items, prior: Prior = STANDARD_NORMAL, weights: ArrayLike | None = None,
    tables: Tables | None = None,
) -> Ability:  # fmt: skip
    """Estimate ability from every person's sum over the items answered, by the table of exactly these items.

    Parameters
    ----------
    responses, items, weights : as `sum_scores` takes them
    prior : Prior
        N(0, 1) unless given.
    tables : mapping, optional
        Tables made before for this test, prior and weighting: read, and filled with those made now.

    Returns
    -------
    Ability
        In logits, one per person. A person without an answer gets the prior back.

    Raises
    ------
    ValueError
        A response or a weight cannot be one.

    Source
    ------
    Thissen, Pommerich, Billeaud & Williams (1995), Applied Psychological Measurement 19(1), 39-49.
    """
    answers = checked_responses(responses, items.categories)
    points = category_weights(items, weights)
    sums, n_items = _points(answers, points), n_answered(answers)
    theta, se = np.full(len(answers), prior.mean), np.full(len(answers), prior.sd)
    for answered, persons in _item_sets(answers):
        if points[answered].any():  # else there is nothing to win, and a sum of 0 says nothing
            table = _table_of(answered, items, prior, points, {} if tables is None else tables)
            theta[persons], se[persons] = table.eap[sums[persons]], table.sd[sums[persons]]
    return Ability(theta, se, n_items, np.where(n_items > 0, "", NO_ITEMS))


def item_set_key(answered: Bools) -> bytes:
    """Name a set of items; takes shape (items,), true where answered, returns the bits as bytes."""
    return np.packbits(answered).tobytes()


def _table_of(answered: Bools, items: Items, prior: Prior, points: Ints, tables: Tables) -> SumScoreTable:
    """Take the table of an item set, or make it and keep it."""
    key = item_set_key(answered)
    if key not in tables:
        some = items.at(np.flatnonzero(answered).tolist())
        tables[key] = sum_score_eap(some, prior, points[answered, : int(some.categories.max())])
    return tables[key]


def _points(answers: Answers, points: Ints) -> Ints:
    worth = points[np.arange(answers.shape[1]), np.maximum(answers, 0)]
    sums: Ints = np.where(answers != MISSING, worth, 0).sum(axis=1)
    return sums


def _with_item(found: Floats, p: Floats, worth: Ints) -> Floats:
    """Add an item: P(x) becomes the sum over its categories of P(x - worth) P(category)."""
    nodes, scores = found.shape
    longer = np.zeros((nodes, scores + int(worth.max())))
    for chance, gained in zip(p, worth, strict=True):
        longer[:, gained : gained + scores] += found * chance[:, None]
    return longer


def _item_sets(answers: Answers) -> Iterator[tuple[Bools, Ints]]:
    """Part persons by which items they answered; one row of items and the persons' numbers at a time."""
    if len(answers) == 0:
        return
    sets, of_person = np.unique(answers != MISSING, axis=0, return_inverse=True)
    order = np.argsort(of_person.reshape(-1), kind="stable")
    counts = np.bincount(of_person.reshape(-1), minlength=len(sets))
    yield from zip(sets, np.split(order, np.cumsum(counts)[:-1]), strict=True)
