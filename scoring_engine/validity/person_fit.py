"""Whether a person's answers are as likely as those of others with the same ability: lz, lz*, and limits for a flag.

Unlikely answers have many harmless reasons: a flag opens a review, it changes no score. Low lz, lz* and Ht, and high
Guttman errors and U3 (`scoring_engine.validity.guttman`), are misfit. Their distributions depend on the form, above
all below 30 items, so the limit of a flag is found by simulating honest people (`cut_off`), not taken from the normal
table. A missing answer is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability.posterior import STANDARD_NORMAL, Prior, blocks
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import curves
from scoring_engine.responses import MISSING, Answers, Bools, Floats, Ints, checked_responses

ENOUGH = 1000
"""Values that a cut-off rests on at least."""

ESTIMATORS = ("ml", "map", "wle")

NO_SPREAD = 1e-12
"""Share of the variance of lz below which that of lz* is rounding: with the ability given, all patterns fit alike."""


@dataclass(frozen=True, eq=False)
class LikelihoodFit:
    """How likely every person's answers are, as standardised log-likelihoods; all of shape (persons,).

    Parameters
    ----------
    lz : floats
        As if ability were known; with an estimated ability its variance is below 1.
    lz_star : floats
        With the share taken out that fitting the ability explains; about standard normal. NaN without an ability, and
        where the items cannot tell fitting answers from others (one item, or Rasch items of one difficulty).
    n_items : whole numbers
        How many items each rests on.
    """

    lz: Floats
    lz_star: Floats
    n_items: Ints


def likelihood_fit(
    responses: ArrayLike, items: Items, theta: ArrayLike, estimator: str = "map", prior: Prior = STANDARD_NORMAL
) -> LikelihoodFit:
    """Compute lz and lz* of every person, for right or wrong items, items of more categories, and mixtures.

    Parameters
    ----------
    responses : shape (persons, items)
        Whole numbers: 0 to the item's last category, -1 missing.
    items : Items
    theta : shape (persons,)
        The estimates in logits that come from these answers; NaN where there is none.
    estimator : "ml", "map" or "wle"
        Where they come from; lz* of an EAP has no such correction, so give the MAP.
    prior : Prior
        That of the MAP.

    Returns
    -------
    LikelihoodFit
        The same bytes for a person alone and in any batch.

    Raises
    ------
    ValueError
        Not such responses or estimates, or another estimator.

    Source
    ------
    Drasgow, Levine & Williams (1985), BJMSP 38(1), 67-86; Snijders (2001), Psychometrika 66(3), 331-342; Magis,
    Raiche & Beland (2012), JEBS 37(1), 57-81; Sinharay (2016), Psychometrika 81(4), 992-1013, for more categories.
    """
    answers = np.ascontiguousarray(checked_responses(responses, items.categories))
    at = _checked_theta(theta, len(answers), estimator)
    lz, star = np.full((2, len(answers)), np.nan)
    known = np.flatnonzero(~np.isnan(at) & (answers != MISSING).any(axis=1))
    for part in blocks(known.size):
        rows = known[part]
        lz[rows], star[rows] = _standardised(answers[rows], items, at[rows], estimator, prior)
    return LikelihoodFit(lz, star, np.count_nonzero(answers != MISSING, axis=1).astype(np.int64))


def _checked_theta(theta: ArrayLike, persons: int, estimator: str) -> Floats:
    if estimator not in ESTIMATORS:
        raise ValueError(f"lz* is known for the estimators {', '.join(ESTIMATORS)}, not for {estimator}")
    at = np.asarray(theta, dtype=np.float64)
    if at.shape != (persons,):
        raise ValueError(f"theta must be one number for each of {persons} persons, not of shape {at.shape}")
    if np.isinf(at).any():
        raise ValueError(f"theta of person {int(np.argmax(np.isinf(at)))} is infinite")
    return at


def _standardised(answers: Answers, items: Items, theta: Floats, estimator: str, prior: Prior) -> tuple[Floats, Floats]:
    """Weigh each answer by its log-likelihood; for lz*, less its projection on the score function."""
    found, given = curves(theta, items), answers != MISSING
    # Categories first: a sum over them is then a sum of whole matrices, which halves the time.
    p, first, second = (np.ascontiguousarray(part.transpose(2, 0, 1)) for part in (found.p, found.first, found.second))
    log_p = np.log(p, out=np.zeros_like(p), where=p > 0)
    slope = np.divide(first, p, out=np.zeros_like(p), where=p > 0)  # of log P
    information = _total(first * slope, given)
    share = _ratio(_total(first * log_p, given), information)
    shift = {
        "ml": np.zeros_like(theta),
        "map": (prior.mean - theta) / prior.sd**2,
        "wle": _ratio(_total(second * slope, given), 2 * information),
    }[estimator]
    excess, variance = _moments(log_p, p, answers)
    _, rest = _moments(log_p - share[:, None] * slope, p, answers)
    rest[rest <= NO_SPREAD * variance] = np.nan
    return _ratio(excess, np.sqrt(variance)), _ratio(excess + share * shift, np.sqrt(rest))


def _moments(weight: Floats, p: Floats, answers: Answers) -> tuple[Floats, Floats]:
    """Compute observed less expected sum of the weights of the answers, and the variance of that sum."""
    given = answers != MISSING
    apart = weight - (weight * p).sum(axis=0)
    observed = np.where(answers == np.arange(len(p))[:, None, None], apart, 0.0)
    return _total(observed, given), _total(apart**2 * p, given)


def _total(values: Floats, given: Bools) -> Floats:
    """Add over categories, then over the answered items, in their order: (categories, persons, items) to (persons,)."""
    total: Floats = np.where(given, values.sum(axis=0), 0.0).sum(axis=1)
    return total


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def cut_off(
    items: Items,
    statistic: Callable[[Answers], Floats],
    level: float,
    chance: np.random.Generator,
    prior: Prior = STANDARD_NORMAL,
    persons: int = 20_000,
) -> float:
    """Find the value of a person-fit statistic below which a given share of honest people fall on a form.

    Parameters
    ----------
    items : Items
    statistic : function
        Takes answers of shape (persons, items), returns shape (persons,); NaN is left out.
    level : float
        That share: 0.01 if low values are misfit, 0.99 if high ones are.
    chance : numpy.random.Generator
    prior, persons : Prior and int
        Abilities of the people simulated, and how many.

    Returns
    -------
    float
        In the unit of the statistic; at most the share lies beyond it, whichever the side.

    Raises
    ------
    ValueError
        The level is not between 0 and 1, or fewer than 1000 persons have a value.

    Source
    ------
    van Krimpen-Stoop & Meijer (1999), APM 23(4), 327-345; de la Torre & Deng (2008), JEM 45(2), 159-177.
    """
    if not 0 < level < 1:
        raise ValueError(f"the level {level:g} is not between 0 and 1")
    values = statistic(draw_answers(chance.normal(prior.mean, prior.sd, persons), items, chance))
    return _quantile(values[~np.isnan(values)], level)


def _quantile(values: Floats, level: float) -> float:
    if values.size < ENOUGH:
        raise ValueError(f"{values.size} simulated persons have a value, a cut-off needs {ENOUGH}")
    return float(np.quantile(values, level, method="lower" if level < 0.5 else "higher"))
