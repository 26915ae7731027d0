"""Answers drawn from the models: for simulations, never for people."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import probabilities
from scoring_engine.responses import Answers, Floats, real_numbers


def draw_answers(theta: ArrayLike, items: Items, chance: np.random.Generator) -> Answers:
    """Draw an answer of every person to every item, as the models say.

    Parameters
    ----------
    theta : shape (persons,)
        In logits.
    items : Items
    chance : numpy.random.Generator

    Returns
    -------
    shape (persons, items)
        Categories from 0.

    Raises
    ------
    ValueError
        theta is not a row of finite numbers.
    """
    nodes, right = real_numbers("theta", theta, 1), items.binary
    uniform, answers = chance.random((nodes.size, len(items))), np.zeros((nodes.size, len(items)), dtype=np.int8)
    z = nodes[:, None] * right.slope + right.intercept
    answers[:, right.where] = uniform[:, right.where] < right.lower + (right.upper - right.lower) * expit(z)
    others = np.concatenate([items.graded.where, items.nominal.where])
    if others.size:
        answers[:, others] = _categories(nodes, items.at(others.tolist()), uniform[:, others])
    return answers


def _categories(nodes: Floats, items: Items, uniform: Floats) -> Answers:
    p = probabilities(nodes, items)
    # Counted up to the category before an item's last one: what rounding leaves of the sum belongs to the last.
    passed = [uniform >= p[:, :, : step + 1].sum(axis=2) for step in range(p.shape[2] - 1)]
    answers: Answers = np.minimum(np.sum(passed, axis=0), items.categories - 1).astype(np.int8)
    return answers
