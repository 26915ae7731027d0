"""Answers drawn from a model, for tests of calibration."""

import numpy as np
from scipy.special import logit

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


def to_parameters(model, item):
    """Turn an item into the parameters of its family, slopes and intercepts."""
    match model, item:
        case "rasch", Logistic(_, b):
            return np.array([-b])
        case (("2pl" | "3pl" | "4pl"), Logistic(a, b, lower, upper)):
            logits = logit(np.clip([lower, upper], 1e-6, 1 - 1e-6))
            return np.array([a, -a * b, *logits][: int(model[0])])
        case "grm", Graded(a, b):
            return np.array([a, *(-a * one for one in b)])
        case "pcm", PartialCredit(_, b):
            return -np.cumsum(b)
        case "gpcm", PartialCredit(a, b):
            return np.array([a, *(-a * np.cumsum(b))])
        case "nrm", Nominal(slopes, intercepts):
            return np.array([*slopes, *intercepts])
