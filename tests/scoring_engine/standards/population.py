"""People whose constructs go together, as unbiased measurements see them."""

import math

import numpy as np


def people(count, aspects, correlation, seed):
    """True values, and what unbiased measurements of different quality say of them under a prior N(0, 1) each."""
    chance = np.random.default_rng(seed)
    shared, own = chance.standard_normal((count, 1)), chance.standard_normal((count, aspects))
    true = math.sqrt(correlation) * shared + math.sqrt(1 - correlation) * own
    noise = chance.uniform(0.15, 0.8, (count, aspects))
    seen = true + np.sqrt(noise) * chance.standard_normal((count, aspects))
    return true, seen / (1 + noise), np.sqrt(noise / (1 + noise))
