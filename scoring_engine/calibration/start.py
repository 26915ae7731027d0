"""Where a calibration begins: parameters read off the classical statistics of the items."""

import numpy as np

from scoring_engine.calibration.families import FIXED_SLOPE, Family
from scoring_engine.responses import MISSING, Answers, Floats, Ints

ROUNDS = 20
"""Of reciprocal averaging: from there the calibration goes on."""

ENOUGH = 4000
"""About so many persons a start is computed from: more would cost time and only be improved upon anyway."""


def start(families: list[Family], answers: Answers, categories: Ints) -> list[Floats]:
    """Compute starting parameters of every family, shape (items, parameters) each.

    The slope follows from the item-rest correlation r as 1.7 r / sqrt(1 - r^2), the intercepts from the logits of
    the shares of persons, widened by the slope. Takes answers of shape (persons, items) and categories of shape
    (items,), returns one array for each family.
    """
    some = answers[:: max(1, len(answers) // ENOUGH)]
    slope = 1.7 * (r := _item_rest(some, categories)) / np.sqrt(1 - r**2)
    shares = np.stack([(some == k).sum(axis=0) for k in range(categories.max())], axis=1) + 0.5
    started = []
    for family in families:
        of_family = shares[family.where, : family.categories]
        of_family = of_family / of_family.sum(axis=1, keepdims=True)
        if family.model == "nrm":
            own = some[:, family.where]
            marks = (own[:, :, None] == np.arange(family.categories)).astype(np.float64)
            started.append(_nominal(_worth(own, marks), of_family))
        else:
            started.append(_of_family(family, slope[family.where], of_family))
    return started


def _of_family(family: Family, slope: Floats, shares: Floats) -> Floats:
    if family.model in ("grm", "rasch", "2pl", "3pl", "4pl"):
        # Half a person more in every category keeps neighbours apart that hardly anybody chose.
        reached = np.flip(np.cumsum(np.flip(shares, axis=1), axis=1), axis=1)[:, 1:]
        intercepts = np.log(reached / (1 - reached)) * np.sqrt(1 + slope[:, None] ** 2 / 2.89)
        asymptotes = np.tile([mean for mean, _sd in family.prior.values()], (len(slope), 1))
        parts = [slope[:, None], intercepts, asymptotes]
        return np.hstack(parts[1:] if family.model in FIXED_SLOPE else parts)
    steps = shares.shape[1] - 1
    per_step, intercepts = slope[:, None] / np.sqrt(steps), np.log(shares[:, 1:] / shares[:, :1])
    return intercepts if family.model == "pcm" else np.hstack([per_step, intercepts])


def _nominal(worth: Floats, shares: Floats) -> Floats:
    """Start nominal items: slopes in the order of what each category is worth."""
    slopes = 1.5 * (worth[:, 1:] - worth[:, :1])
    return np.hstack([slopes, np.log(shares[:, 1:] / shares[:, :1])])


def _worth(answers: Answers, marks: Floats) -> Floats:
    """Find what every category of every item is worth, shape (items, categories), by reciprocal averaging.

    A category is worth the mean of those who chose it, and a person the mean of what was chosen, over and over: the
    first dimension of a correspondence analysis, turned so that higher categories are worth more on the whole.
    Guttman (1941), in Horst (ed.), The prediction of personal adjustment.
    """
    worth = np.broadcast_to(np.arange(float(marks.shape[2])), marks.shape[1:])
    given = np.maximum((answers != MISSING).sum(axis=1), 1)
    for _ in range(ROUNDS):
        person = (marks * worth).sum(axis=(1, 2)) / given
        person = (person - person.mean()) / max(float(person.std()), 1e-12)
        worth = (marks * person[:, None, None]).sum(axis=0) / np.maximum(marks.sum(axis=0), 1)
    return worth


def _item_rest(answers: Answers, categories: Ints) -> Floats:
    """Correlate every item with the sum of the others, shape (items,), within .1 to .85; missing is the item's mean."""
    given = answers != MISSING
    score = np.where(given, answers, 0) / (categories - 1)
    mean = score.sum(axis=0) / np.maximum(given.sum(axis=0), 1)
    apart = np.where(given, score - mean, 0.0)
    rest = apart.sum(axis=1, keepdims=True) - apart
    with np.errstate(invalid="ignore", divide="ignore"):  # an item alone has no rest
        r = (apart * rest).sum(axis=0) / np.sqrt((apart**2).sum(axis=0) * (rest**2).sum(axis=0))
    # Rounded, so that the order in which persons were summed leaves no trace in what follows.
    bounded: Floats = np.round(np.clip(np.nan_to_num(r, nan=0.5), 0.1, 0.85), 6)
    return bounded
