"""Answers drawn from a model, for tests of calibration."""

import numpy as np

from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit


def answers_of(items, theta, chance, missing=0.0):
    """Draw answers of persons of known ability."""
    drawn = draw_answers(theta, items, chance)
    return np.where(chance.random(drawn.shape) < missing, -1, drawn)


def drawn_test(model, length, chance):
    """Draw a test of one model."""
    return Items([_item(model, chance) for _ in range(length)])


def _item(model, chance):
    a, b = chance.lognormal(0, 0.25), chance.normal()
    borders = tuple((np.sort(chance.normal(0, 1, 3)) + np.array([0, 0.2, 0.4])).tolist())
    return {
        "rasch": Logistic(1.0, b), "2pl": Logistic(a, b),
        "3pl": Logistic(a, b, 0.2), "4pl": Logistic(1.3 * a, b, 0.2, 0.95),
        "grm": Graded(a, borders), "pcm": PartialCredit(1.0, borders[::-1]), "gpcm": PartialCredit(a, borders),
        "nrm": Nominal((0.7 * a, 1.4 * a, 0.3 * a), tuple(chance.normal(0, 0.7, 3).tolist())),
    }[model]  # fmt: skip
