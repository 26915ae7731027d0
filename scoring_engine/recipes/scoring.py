"""From a sheet to scores: one pure function of sheet, key, parameters and recipe, whose output is canonical bytes.

What was not answered stays missing: a construct without an answer has no estimate, never an average one. Numbers are
kept to ten decimals, so that computing again gives the same bytes on any number of cores.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from scoring_engine.ability import eap, modes
from scoring_engine.ability.eap import Ability
from scoring_engine.ability.posterior import Posterior
from scoring_engine.canonical import canonical, kept
from scoring_engine.curves.items import Item, Items
from scoring_engine.instruments import forced_choice, preference
from scoring_engine.recipes.answers import Credited, Unfit
from scoring_engine.recipes.recipe import (
    Composite,
    ItemKey,
    Norm,
    Parameters,
    Preferred,
    Ranked,
    Recipe,
    Scale,
    Statement,
)
from scoring_engine.responses import MISSING, Ints, omitted_as_wrong
from scoring_engine.standards.composite import combine_weighted
from scoring_engine.standards.levels import attained_level, level_probabilities

Sheet = Mapping[str, Any]
"""By item the response, as the exam protocol writes it; an item that is not there, or null, was not answered."""

Key = Mapping[str, ItemKey]
"""By item, in the order in which people see the items: what was omitted and what was not reached shows only there."""

Told = dict[str, Any]


def score(sheet: Sheet, key: Key, parameters: Parameters, recipe: Recipe) -> bytes:
    """Compute all that a form measures from one sheet.

    Parameters
    ----------
    sheet : item -> response
    key : item -> what each answer earns, in the order of the form
    parameters : item -> model, or statements of a block
    recipe : Recipe

    Returns
    -------
    bytes
        Canonical JSON: `recipe` (name, version, sha256), `constructs` (one for each scale that has items: method,
        theta and se in logits, items, answered, missing, flag, and where asked for levels, norm), `composites`, and
        `preference` where the form has blocks of paths.

    Raises
    ------
    ValueError
        A response that the key does not know, an item without parameters, or parameters that do not fit the key.
    """
    _refuse_strangers(sheet, key)
    constructs = [_construct(scale, sheet, key, parameters, recipe) for scale in recipe.scales]
    told: Told = {
        "recipe": {"name": recipe.name, "version": recipe.version, "sha256": recipe.sha256},
        "constructs": [one for one in constructs if one],
    }
    measured = {one["construct"]: one for one in told["constructs"] if one["theta"] is not None}
    told["composites"] = [_composite(one, measured) for one in recipe.composites]
    ranked = {item: block for item, block in key.items() if isinstance(block, Ranked)}
    spoken_for = {construct for block in ranked.values() for construct in block.speaks_for.values()}
    paths = [scale.construct for scale in recipe.scales if scale.construct in spoken_for]
    if paths:
        told["preference"] = _preference(ranked, paths, sheet)
    return canonical(told)


def _construct(scale: Scale, sheet: Sheet, key: Key, parameters: Parameters, recipe: Recipe) -> Told:
    own = [item for item, one in key.items() if not isinstance(one, Ranked) and one.construct == scale.construct]
    if not own:
        return {}
    if isinstance(key[own[0]], Preferred):
        return _forced_choice(scale, own, sheet, key, parameters, recipe)
    return _ability(scale, own, sheet, key, parameters, recipe)


def _ability(scale: Scale, own: Sequence[str], sheet: Sheet, key: Key, parameters: Parameters, recipe: Recipe) -> Told:
    credits = np.array([[_credit(item, one, sheet.get(item)) for item, one in key.items()]])
    if scale.missing == "wrong":
        credits = omitted_as_wrong(credits)
    responses = credits[:, [position for position, item in enumerate(key) if item in own]]
    items = Items([_model(item, key[item], parameters) for item in own])
    known = eap.posterior(responses, items, recipe.prior)
    found = {
        "eap": lambda: eap.summarise(known),
        "map": lambda: modes.maximum_a_posteriori(responses, items, recipe.prior),
        "ml": lambda: modes.maximum_likelihood(responses, items),
        "wle": lambda: modes.weighted_likelihood(responses, items),
    }[scale.estimator]()
    told = _estimate(scale, scale.estimator, found, len(own), sum(sheet.get(item) is not None for item in own))
    if scale.cuts is not None:
        _add_levels(told, known, found, scale.cuts)
    return told


def _add_levels(told: Told, known: Posterior, found: Ability, cuts: tuple[float, ...]) -> None:
    """Tell the level and how probable each is; with theta the cuts let anybody check the level by hand."""
    told["cuts"] = list(cuts)
    answered = told["answered"] > 0
    told["levels"] = [kept(chance) for chance in level_probabilities(known, cuts)[0]] if answered else None
    told["level"] = None if told["theta"] is None else int(attained_level(found.theta, cuts)[0])


def _forced_choice(
    scale: Scale, own: Sequence[str], sheet: Sheet, key: Key, parameters: Parameters, recipe: Recipe
) -> Told:
    options = [_options(key[item]) for item in own]
    statements = [one for item, names in zip(own, options, strict=True) for one in _block(item, names, parameters)]
    blocks = forced_choice.Blocks(
        tuple(map(len, options)), *np.array([(one.mean, one.loading, one.psi) for one in statements]).T
    )
    known = forced_choice.posterior(*_picks(own, options, sheet), blocks, recipe.prior)
    found = eap.summarise(known)
    told = _estimate(scale, "eap", found, len(own), int(found.n_items[0]))
    if scale.cuts is not None:
        _add_levels(told, known, found, scale.cuts)
    return told


def _estimate(scale: Scale, method: str, found: Ability, items: int, answered: int) -> Told:
    there = answered > 0 and bool(np.isfinite(found.theta[0]))
    theta, se = (float(part[0]) if there else None for part in (found.theta, found.se))
    flag = str(found.flag[0]) if answered else eap.NO_ITEMS
    told: Told = {
        "construct": scale.construct, "method": method, "theta": None if theta is None else kept(theta),
        "se": None if se is None else kept(se), "items": items, "answered": answered, "missing": scale.missing,
        "flag": flag,
    }  # fmt: skip
    if scale.norm is not None:
        told["norm"] = _against(scale.norm, theta, se)
    return told


def _against(norm: Norm, theta: float | None, se: float | None) -> Told:
    t = None if theta is None else kept(50 + 10 * (theta - norm.mean) / norm.sd)
    return {"name": norm.name, "t": t, "se": None if se is None else kept(10 * se / norm.sd)}


def _composite(composite: Composite, measured: Mapping[str, Told]) -> Told:
    parts = [measured.get(name) for name in composite.constructs]
    theta = [np.nan if part is None else part["theta"] for part in parts]
    errors = np.diag([0.0 if part is None else part["se"] ** 2 for part in parts])
    found = combine_weighted(theta, errors, composite.least_measured, composite.weights)
    there = bool(np.isfinite(found.theta[0]))
    return {
        "composite": composite.name, "theta": kept(found.theta[0]) if there else None,
        "se": kept(found.se[0]) if there else None, "measured": int(found.n_measured[0]), "of": len(parts),
    }  # fmt: skip


def _preference(blocks: Mapping[str, Ranked], paths: Sequence[str], sheet: Sheet) -> Told:
    """Divide the preference over the paths by the blocks that are no repetition; repetitions say how steady it is."""
    names = list(blocks)
    own = [name for name in names if blocks[name].repeats is None]
    number = {name: position for position, name in enumerate(names)}
    for name, block in blocks.items():
        if block.repeats is not None and block.repeats not in own:
            raise ValueError(f"item {name} repeats {block.repeats!r}, which is no block of its own")
    repeats = [(number[again.repeats], number[name]) for name, again in blocks.items() if again.repeats is not None]
    speaks_for = [list(block.speaks_for.values()) for block in blocks.values()]
    shares = preference.shares([speaks_for[number[name]] for name in own], paths, *_ranked_picks(own, blocks, sheet))
    steady = preference.consistency(speaks_for, repeats, *_ranked_picks(names, blocks, sheet))[0]
    spread = preference.differentiation(shares)[0]
    return {
        "shares": {path: None if np.isnan(one) else kept(one) for path, one in zip(paths, shares[0], strict=True)},
        "consistency": None if np.isnan(steady) else kept(steady),
        "differentiation": None if np.isnan(spread) else kept(spread),
        "blocks": len(own), "answered": sum(sheet.get(name) is not None for name in own),
    }  # fmt: skip


def _ranked_picks(names: Sequence[str], blocks: Mapping[str, Ranked], sheet: Sheet) -> tuple[Ints, Ints]:
    return _picks(names, [list(blocks[name].speaks_for) for name in names], sheet)


def _picks(names: Sequence[str], options: Sequence[Sequence[str]], sheet: Sheet) -> tuple[Ints, Ints]:
    """Turn most/least answers into positions in each block, shape (blocks,); -1 where a block has no answer."""
    picks = np.full((2, len(names)), MISSING, dtype=np.int64)
    for column, (name, offered) in enumerate(zip(names, options, strict=True)):
        said = sheet.get(name)
        if said is not None:
            if not isinstance(said, Mapping) or set(said) != {"most", "least"}:
                raise ValueError(f"item {name}: {said!r} is no pair of a most and a least fitting option")
            picks[:, column] = [_place(name, offered, said[which]) for which in ("most", "least")]
    return picks[0], picks[1]


def _credit(item: str, key: ItemKey, response: Any) -> int:
    """Give the category of an answer; an answered block counts only as answered here."""
    if response is None:
        return MISSING
    if isinstance(key, Preferred | Ranked):
        return 0
    try:
        return key.credit(response)
    except Unfit as error:
        raise ValueError(f"item {item}: {error}") from error


def _place(item: str, offered: Sequence[str], picked: Any) -> int:
    if not isinstance(picked, str) or picked not in offered:
        raise ValueError(f"item {item}: the key does not know the option {picked!r}")
    return offered.index(picked)


def _options(key: ItemKey) -> tuple[str, ...]:
    if not isinstance(key, Preferred):
        raise ValueError("a construct is measured by forced choices and by other items: give each a scale of its own")
    return key.options


def _model(item: str, key: ItemKey, parameters: Parameters) -> Item:
    found = parameters.get(item)
    if found is None or isinstance(found, Sequence):
        raise ValueError(f"item {item} has no parameters of a model")
    if not isinstance(key, Preferred | Ranked):
        # An option may be missing that would earn the most; a scale or a way of counting cannot have gaps.
        fits = key.highest < found.categories if isinstance(key, Credited) else key.highest == found.categories - 1
        if not fits:
            raise ValueError(f"item {item}: credits up to {key.highest}, but {found.categories} categories")
    return found


def _block(item: str, options: Sequence[str], parameters: Parameters) -> Sequence[Statement]:
    found = parameters.get(item)
    if not isinstance(found, Sequence) or len(found) != len(options):
        raise ValueError(f"item {item} has not one statement's parameters for each of its {len(options)} options")
    return found


def _refuse_strangers(sheet: Sheet, key: Key) -> None:
    for stranger in sorted(set(sheet) - set(key)):
        raise ValueError(f"item {stranger} is on the sheet, but the key does not know it")
