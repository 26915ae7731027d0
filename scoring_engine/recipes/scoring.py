"""From sheets to scores: one pure function of sheet, key, parameters and recipe, whose output is canonical bytes.

What was not answered stays missing: a construct without an answer has no estimate, never an average one. Numbers are
kept to ten decimals, so that computing again gives the same bytes on any number of cores. Sheets of one form are
computed together, and each gets the bytes that it gets alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from scoring_engine.ability import eap, modes
from scoring_engine.ability.eap import Ability
from scoring_engine.ability.posterior import Posterior, Prior
from scoring_engine.canonical import canonical, kept
from scoring_engine.curves.items import Item, Items
from scoring_engine.instruments import forced_choice, preference
from scoring_engine.recipes.answers import Credited, Unmodelled
from scoring_engine.recipes.recipe import (
    Composite,
    Estimator,
    ItemKey,
    Norm,
    Parameters,
    Preferred,
    Ranked,
    Recipe,
    Scale,
    Statement,
)
from scoring_engine.recipes.sheets import Key, Sheet, Sheets
from scoring_engine.responses import Answers, Ints, omitted_as_wrong
from scoring_engine.standards.composite import combine_weighted
from scoring_engine.standards.levels import attained_level, level_probabilities

Told = dict[str, Any]


def score(sheet: Sheet, key: Key, parameters: Parameters, recipe: Recipe) -> bytes:
    """Compute all that a form measures from one sheet; takes and refuses what `tell` does, returns canonical JSON."""
    return canonical(tell([sheet], key, parameters, recipe)[0])


def tell(sheets: Sequence[Sheet], key: Key, parameters: Parameters, recipe: Recipe) -> list[Told]:
    """Compute all that a form measures from many sheets.

    Parameters
    ----------
    sheets : item -> response, for each person
    key : item -> what each answer earns, in the order of the form
    parameters : item -> model, or statements of a block
    recipe : Recipe

    Returns
    -------
    list of documents
        One for each sheet, the same in any company: `recipe` (name, version, sha256), `constructs` (one for each scale
        that has items: method, theta and se in logits, items, answered, missing, flag, and where asked for levels,
        norm), `composites`, and `preference` where the form has blocks of paths.

    Raises
    ------
    ValueError
        Unfit: an answer or item that the key does not know; Unmodelled: an item without parameters that fit its key;
        or a key whose evidence cannot be counted.
    """
    given = Sheets(sheets, key)
    scales = list(filter(None, (_construct(scale, given, parameters, recipe.prior) for scale in recipe.scales)))
    constructs = [[told[person] for told in scales] for person in range(len(given))]
    composites = [_composite(one, constructs) for one in recipe.composites]
    named = {"name": recipe.name, "version": recipe.version, "sha256": recipe.sha256}
    documents: list[Told] = [
        {"recipe": named, "constructs": own, "composites": [told[person] for told in composites]}
        for person, own in enumerate(constructs)
    ]
    ranked = {item: block for item, block in key.items() if isinstance(block, Ranked)}
    spoken_for = {construct for block in ranked.values() for construct in block.speaks_for.values()}
    if paths := [scale.construct for scale in recipe.scales if scale.construct in spoken_for]:
        told = _preference(ranked, paths, given)
        return [document | {"preference": one} for document, one in zip(documents, told, strict=True)]
    return documents


def _construct(scale: Scale, given: Sheets, parameters: Parameters, prior: Prior) -> list[Told]:
    """Tell of one construct for everybody; nothing where no item of the form measures it."""
    key = given.key
    own = [item for item, one in key.items() if not isinstance(one, Ranked) and one.construct == scale.construct]
    if not own:
        return []
    measure = _forced_choice if isinstance(key[own[0]], Preferred) else _ability
    method, known, found = measure(scale, own, given, parameters, prior)
    told = _estimates(scale, method, found, len(own), given.answered(own))
    if scale.cuts is not None:
        _add_levels(told, known, found, scale.cuts)
    return told


Measured = tuple[Estimator, Posterior, Ability]


def _ability(scale: Scale, own: Sequence[str], given: Sheets, parameters: Parameters, prior: Prior) -> Measured:
    credits = omitted_as_wrong(given.credits) if scale.missing == "wrong" else given.credits
    responses = credits[:, [given.column[item] for item in own]]
    items = Items([_model(item, given.key[item], parameters) for item in own])
    known = eap.posterior(responses, items, prior)
    return scale.estimator, known, _ESTIMATORS[scale.estimator](known, responses, items)


_ESTIMATORS: Mapping[Estimator, Callable[[Posterior, Ints | Answers, Items], Ability]] = {
    "eap": lambda known, _responses, _items: eap.summarise(known),
    "map": lambda known, responses, items: modes.maximum_a_posteriori(responses, items, known.prior),
    "ml": lambda _known, responses, items: modes.maximum_likelihood(responses, items),
    "wle": lambda _known, responses, items: modes.weighted_likelihood(responses, items),
}


def _forced_choice(scale: Scale, own: Sequence[str], given: Sheets, parameters: Parameters, prior: Prior) -> Measured:
    options = [_options(given.key[item]) for item in own]
    statements = [one for item, names in zip(own, options, strict=True) for one in _block(item, names, parameters)]
    blocks = forced_choice.Blocks(
        tuple(map(len, options)), *np.array([(one.mean, one.loading, one.psi) for one in statements]).T
    )
    known = forced_choice.posterior(*given.picks(own, options), blocks, prior)
    return "eap", known, eap.summarise(known)


def _estimates(scale: Scale, method: Estimator, found: Ability, items: int, answered: Sequence[int]) -> list[Told]:
    rows = zip(found.theta.tolist(), found.se.tolist(), map(str, found.flag), answered, strict=True)
    return [_estimate(scale, method, items, *row) for row in rows]


def _estimate(
    scale: Scale, method: Estimator, items: int, theta: float, se: float, flag: str, answered: int
) -> Told:  # fmt: skip
    there = answered > 0 and bool(np.isfinite(theta))
    told: Told = {
        "construct": scale.construct, "method": method, "theta": kept(theta) if there else None,
        "se": kept(se) if there else None, "items": items, "answered": answered, "missing": scale.missing,
        "flag": flag if answered else eap.NO_ITEMS,
    }  # fmt: skip
    if scale.norm is not None:
        told["norm"] = _against(scale.norm, theta, se) if there else _against(scale.norm, None, None)
    return told


def _add_levels(told: Sequence[Told], known: Posterior, found: Ability, cuts: tuple[float, ...]) -> None:
    """Tell the level and how probable each is; with theta the cuts let anybody check the level by hand."""
    there = [one["theta"] is not None for one in told]
    levels = attained_level(np.where(there, found.theta, 0.0), cuts).tolist()
    for one, chances, level in zip(told, level_probabilities(known, cuts).tolist(), levels, strict=True):
        one["cuts"] = list(cuts)
        one["levels"] = [kept(chance) for chance in chances] if one["answered"] else None
        one["level"] = None if one["theta"] is None else level


def _against(norm: Norm, theta: float | None, se: float | None) -> Told:
    t = None if theta is None else kept(50 + 10 * (theta - norm.mean) / norm.sd)
    return {"name": norm.name, "t": t, "se": None if se is None else kept(10 * se / norm.sd)}


def _composite(composite: Composite, constructs: Sequence[Sequence[Told]]) -> list[Told]:
    """Average for everybody what they were measured in."""
    measured = [{one["construct"]: one for one in own if one["theta"] is not None} for own in constructs]
    parts = [[own.get(name) for name in composite.constructs] for own in measured]
    theta = [[np.nan if part is None else part["theta"] for part in own] for own in parts]
    errors = np.array([np.diag([0.0 if part is None else part["se"] ** 2 for part in own]) for own in parts])
    found = combine_weighted(theta, errors, composite.least_measured, composite.weights)
    rows = zip(_kept(found.theta), _kept(found.se), found.n_measured.tolist(), strict=True)
    return [
        {"composite": composite.name, "theta": mean, "se": se if mean is not None else None, "measured": n, "of": of}
        for (mean, se, n), of in zip(rows, map(len, parts), strict=True)
    ]


def _preference(blocks: Mapping[str, Ranked], paths: Sequence[str], given: Sheets) -> list[Told]:
    """Divide the preference over the paths by the blocks that are no repetition; repetitions say how steady it is."""
    names = list(blocks)
    own = [name for name in names if blocks[name].repeats is None]
    number = {name: position for position, name in enumerate(names)}
    for name, block in blocks.items():
        if block.repeats is not None and block.repeats not in own:
            raise ValueError(f"item {name} repeats {block.repeats!r}, which is no block of its own")
    repeats = [(number[again.repeats], number[name]) for name, again in blocks.items() if again.repeats is not None]
    speaks_for = [list(block.speaks_for.values()) for block in blocks.values()]
    best, worst = given.picks(names, [list(block.speaks_for) for block in blocks.values()])
    first = [number[name] for name in own]
    shares = preference.shares([speaks_for[one] for one in first], paths, best[:, first], worst[:, first])
    steady, spread = preference.consistency(speaks_for, repeats, best, worst), preference.differentiation(shares)
    rows = zip(map(_kept, shares), _kept(steady), _kept(spread), given.answered(own), strict=True)
    return [
        {
            "shares": dict(zip(paths, share, strict=True)), "consistency": alike, "differentiation": apart,
            "blocks": len(own), "answered": answered,
        }
        for share, alike, apart, answered in rows
    ]  # fmt: skip


def _kept(numbers: ArrayLike) -> list[float | None]:
    return [None if np.isnan(one) else kept(one) for one in np.asarray(numbers).tolist()]


def _options(key: ItemKey) -> tuple[str, ...]:
    if not isinstance(key, Preferred):
        raise ValueError("a construct is measured by forced choices and by other items: give each a scale of its own")
    return key.options


def _model(item: str, key: ItemKey, parameters: Parameters) -> Item:
    found = parameters.get(item)
    if found is None or isinstance(found, Sequence):
        raise Unmodelled(f"item {item} has no parameters of a model")
    if not isinstance(key, Preferred | Ranked):
        # An option may be missing that would earn the most; a scale or a way of counting cannot have gaps.
        fits = key.highest < found.categories if isinstance(key, Credited) else key.highest == found.categories - 1
        if not fits:
            raise Unmodelled(f"item {item}: credits up to {key.highest}, but {found.categories} categories")
    return found


def _block(item: str, options: Sequence[str], parameters: Parameters) -> Sequence[Statement]:
    found = parameters.get(item)
    if not isinstance(found, Sequence) or len(found) != len(options):
        raise Unmodelled(f"item {item} has not one statement's parameters for each of its {len(options)} options")
    return found
