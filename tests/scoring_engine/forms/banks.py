"""Item banks that tests of adaptive testing share."""

import math
from itertools import pairwise

import numpy as np

from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit

MIXED = Items([
    Logistic(1.2, -0.5), Logistic(0.8, 0.7, 0.2), Logistic(1.7, 0.1, 0.1, 0.95), Graded(1.3, (-1.0, 0.2, 1.1)),
    PartialCredit(0.9, (0.5, -0.4)), Nominal((0.7, 1.5), (0.3, -0.6)), Logistic(1.0, 1.5), Graded(1.0, (0.0, 0.8)),
])  # fmt: skip


def bank(seed, size):
    """Draw a bank of 2PL items."""
    chance = np.random.default_rng(seed)
    slope, location = chance.lognormal(0, 0.3, size), chance.normal(0, 1, size)
    return Items([Logistic(float(a), float(b)) for a, b in zip(slope, location, strict=True)])


def slow_p(item, theta):
    """Compute the probability of every category by the textbook formula; shares no code with the engine."""
    if isinstance(item, Logistic):
        right = item.lower + (item.upper - item.lower) / (1 + math.exp(-item.a * (theta - item.b)))
        return [1 - right, right]
    if isinstance(item, Graded):
        steps = [1.0, *(1 / (1 + math.exp(-item.a * (theta - b))) for b in item.b), 0.0]
        return [upper - lower for upper, lower in pairwise(steps)]
    if isinstance(item, PartialCredit):
        z = [sum(item.a * (theta - b) for b in item.b[:k]) for k in range(len(item.b) + 1)]
    else:
        z = [0.0, *(a * theta + c for a, c in zip(item.a, item.c, strict=True))]
    return [math.exp(one) / sum(map(math.exp, z)) for one in z]


def slow_information(item, theta):
    """Compute Fisher information with the derivative as a central difference."""
    h = 1e-5
    slopes = [(up - down) / (2 * h) for up, down in zip(slow_p(item, theta + h), slow_p(item, theta - h), strict=True)]
    return sum(slope**2 / p for slope, p in zip(slopes, slow_p(item, theta), strict=True))


def slow_posterior(items, given, answers, step=0.01):
    """Weigh a fine grid by prior and answers; returns thetas and weights."""
    thetas = [k * step for k in range(-900, 901)]
    weights = []
    for theta in thetas:
        weight = math.exp(-theta * theta / 2)
        for item, answer in zip(given, answers, strict=True):
            weight *= slow_p(items.each[item], theta)[answer]
        weights.append(weight)
    mass = sum(weights)
    return thetas, [weight / mass for weight in weights]


def slow_moments(thetas, weights):
    """Compute mean and standard deviation."""
    mean = sum(theta * weight for theta, weight in zip(thetas, weights, strict=True))
    return mean, math.sqrt(sum((theta - mean) ** 2 * weight for theta, weight in zip(thetas, weights, strict=True)))
