"""How a sheet was answered, apart from what it scores: whether its answers fit together, and whether they were read.

The same key and parameters as for the scores; persons are rows, so that a whole wave of one form is looked at in one
go. Signs are numbers, not judgements: limits are a rule set's, and no sign changes a score. A number is None where
the form, or what was answered of it, is too little for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from scoring_engine.ability.modes import maximum_a_posteriori
from scoring_engine.ability.posterior import Prior
from scoring_engine.canonical import kept
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Item, Items
from scoring_engine.recipes.answers import Rated
from scoring_engine.recipes.recipe import ItemKey, Parameters, Preferred, Ranked, Recipe
from scoring_engine.responses import MISSING, Answers, Floats, Ints
from scoring_engine.validity.careless import long_string, straight_lining
from scoring_engine.validity.person_fit import likelihood_fit

LEAST_ITEMS = 10
"""With fewer answered items a form says too little of whether answers fit together."""

LEVELS = (0.001, 0.005, 0.01, 0.02, 0.05)
"""Shares of honest people of whom it is told below which value of the fit they fall."""

SIMULATED, AT_A_TIME = 5_000, 2_500
"""Honest people that a cut-off rests on: 50 of them lie below the one of 1 %."""


@dataclass(frozen=True)
class Form:
    """The items of a form as the signs need them: those with a model by scale, and those rated on a scale.

    Parameters
    ----------
    key : item -> what each answer earns, in the order of the form
    parameters : item -> model, or statements of a block
    recipe : Recipe
    """

    key: Mapping[str, ItemKey]
    parameters: Parameters
    recipe: Recipe

    @cached_property
    def scales(self) -> list[tuple[list[str], Items]]:
        """The items of every scale whose answers have a likelihood: the names and the models, in the form's order."""
        found = []
        for scale in self.recipe.scales:
            names = [
                name
                for name, one in self.key.items()
                if not isinstance(one, Preferred | Ranked) and one.construct == scale.construct
            ]
            models = [model for name in names if isinstance(model := self.parameters.get(name), Item)]
            if len(models) == len(names) > 1:
                found.append((names, Items(models)))
        return found

    @cached_property
    def rated(self) -> list[tuple[str, Rated]]:
        """The items that are rated, in the form's order."""
        return [(name, one) for name, one in self.key.items() if isinstance(one, Rated)]

    @property
    def modelled(self) -> int:
        """How many items the fit of a whole sheet rests on."""
        return sum(len(names) for names, _ in self.scales)


def signs(sheets: Sequence[Mapping[str, Any]], form: Form, cuts: Mapping[str, float] | None) -> list[dict[str, Any]]:
    """Tell of every sheet what its answers show beside the scores.

    Parameters
    ----------
    sheets : item -> response, as `scoring.score` takes them; it refuses what is no answer
    form : Form
    cuts : as from `fit_cuts`

    Returns
    -------
    list, in the order of the sheets
        `fit`: lz* over all scales, how many items it rests on, and the cuts; or None. `runs`: how many items were
        rated, the longest run of equal ratings, and the share of the commonest rating; or None.

    Raises
    ------
    ValueError
        A response that the key does not know.

    Source
    ------
    Magis, Raiche & Beland (2012), JEBS 37(1), 57-81, a scale; scales are added as in Stouffer et al. (1949), The
    American Soldier 1. Johnson (2005), JRP 39(1), 103-129, runs.
    """
    fit, n_items = _fit(_credits(sheets, form), form)
    ratings = np.array([[_place(one, sheet.get(name)) for name, one in form.rated] for sheet in sheets], dtype=np.int64)
    longest, commonest = _runs(ratings.reshape(len(sheets), -1))
    n_rated = (ratings != MISSING).reshape(len(sheets), -1).sum(axis=1)
    return [
        {
            "fit": None if cuts is None or np.isnan(fit[one]) or n_items[one] < LEAST_ITEMS
            else {"lz": kept(fit[one]), "items": int(n_items[one]), "cuts": dict(cuts)},
            "runs": None if n_rated[one] == 0
            else {"rated": int(n_rated[one]), "longest": int(longest[one]), "commonest": kept(commonest[one])},
        }
        for one in range(len(sheets))
    ]  # fmt: skip


def fit_cuts(form: Form, chance: np.random.Generator) -> dict[str, float] | None:
    """Simulate honest people on a form, and give the values of the fit below which the shares of `LEVELS` fall.

    Takes a generator that was begun with something of the form, so that the same form gives the same numbers. Returns
    share as text -> lz* to three decimals, or None for a form with too few items that have a model. Some seconds: once
    a form, not once a sheet. Raises ValueError for items that cannot be simulated.

    Source
    ------
    van Krimpen-Stoop & Meijer (1999), APM 23(4), 327-345; de la Torre & Deng (2008), JEM 45(2), 159-177.
    """
    if form.modelled < LEAST_ITEMS:
        return None
    values = np.sort(np.concatenate([_honest(form, chance) for _ in range(0, SIMULATED, AT_A_TIME)]))
    values = values[~np.isnan(values)]
    if values.size == 0:
        return None
    return {str(level): round(float(np.quantile(values, level, method="lower")), 3) + 0.0 for level in LEVELS}


def _honest(form: Form, chance: np.random.Generator) -> Floats:
    prior = form.recipe.prior
    drawn = [
        draw_answers(chance.normal(prior.mean, prior.sd, AT_A_TIME), items, chance) for _, items in form.scales
    ]  # fmt: skip
    return _fit(drawn, form)[0]


def _credits(sheets: Sequence[Mapping[str, Any]], form: Form) -> list[Answers]:
    """Give the category of every answer, by scale: (sheets, items of the scale)."""
    rows = []
    for names, _ in form.scales:
        earning = [(name, form.key[name]) for name in names]
        found = [[_credit(one, sheet.get(name)) for name, one in earning] for sheet in sheets]
        rows.append(np.array(found, dtype=np.int8).reshape(len(sheets), len(names)))
    return rows


def _fit(credits: Sequence[Answers], form: Form) -> tuple[Floats, Ints]:
    """Add the fit of the scales up, so that its spread stays one: (persons,) of lz*, and of the items it rests on."""
    persons = len(credits[0]) if credits else 0
    total, scales, n_items = np.zeros(persons), np.zeros(persons), np.zeros(persons, dtype=np.int64)
    for given, (_, items) in zip(credits, form.scales, strict=True):
        star, n_answered = _fit_of_scale(given, items, form.recipe.prior)
        there = ~np.isnan(star)
        total, scales = total + np.where(there, star, 0.0), scales + there
        n_items = n_items + np.where(there, n_answered, 0)
    return total / np.sqrt(np.where(scales > 0, scales, np.nan)), n_items


def _fit_of_scale(given: Answers, items: Items, prior: Prior) -> tuple[Floats, Ints]:
    """Take the estimate by MAP, whichever the recipe reports: only for it is the fit corrected (psychometrics 12)."""
    theta = maximum_a_posteriori(given, items, prior).theta
    found = likelihood_fit(given, items, theta, "map", prior)
    return found.lz_star, found.n_items


def _runs(ratings: Ints) -> tuple[Ints, Floats]:
    if ratings.size == 0:
        return np.zeros(len(ratings), dtype=np.int64), np.full(len(ratings), np.nan)
    return long_string(ratings), straight_lining(ratings)


def _credit(one: ItemKey, response: Any) -> int:
    assert not isinstance(one, Preferred | Ranked)  # a scale holds none of them
    return MISSING if response is None else one.credit(response)


def _place(one: Rated, response: Any) -> int:
    """Give the place of a rating on its scale as the person saw it: a reversed item is not turned back."""
    return MISSING if response is None else int(response) - one.low
