"""Forms follow their blueprint, are alike, share nothing, and say what stands in the way."""

import json
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from item_bank import assembly, blueprints
from item_bank.bank import kind_of
from item_bank.calibrations import Estimate
from item_bank.drafts import DraftRefused
from item_bank.item_keys import Ranked
from item_bank.pool import Parameters, Pool, values_of
from item_bank.presentation import Simulation
from item_bank.stock import Stocked
from scoring_engine.forms.assembly import Infeasible

BLUEPRINTS = {one.code: one for one in blueprints.samples()}


def items_of(found, form):
    by_id = {item.id: item for item in found.items}
    return [by_id[item_id] for item_id, _version in form.versions]


@pytest.mark.parametrize("code", sorted(BLUEPRINTS))
def test_two_parallel_forms_of_the_default_battery_are_alike_and_share_no_item(pool, battery, code):
    found, forms = pool(code), battery[code]
    one, other = (items_of(found, form) for form in forms.forms)
    assert not {item.id for item in one} & {item.id for item in other}
    assert assembly.largest_difference(forms) <= 0.05
    for items in (one, other):
        assert len(items) == found.blueprint.length
        for bound in found.blueprint.bounds:
            told = [values_of(item, bound.attribute) for item in items]
            assert bound.least <= sum(bound.value in values for values in told) <= bound.most
        ids = {item.id for item in items}
        assert not any(ids & {*item.about.enemies} for item in items)


def test_a_block_that_asks_another_again_stands_behind_it_on_the_same_form(pool, battery):
    found = pool("karier")
    for form in battery["karier"].forms:
        order = [item_id for item_id, _version in form.versions]
        again = [item for item in items_of(found, form) if item.key.repeats]
        assert len(again) >= 5
        assert all(order.index(item.key.repeats) < order.index(item.id) for item in again)


def test_facets_stand_together_where_the_blueprint_asks_and_are_mixed_elsewhere(pool, battery):
    def changes(code):
        facets = [item.about.facet for item in items_of(pool(code), battery[code].forms[0])]
        return sum(one != other for one, other in pairwise(facets)), len(set(facets))

    together, facets = changes("intelektual")
    assert together == facets - 1
    mixed, competencies = changes("mansoskul")
    assert mixed > 3 * competencies


def test_a_draft_of_a_form_reads_back_and_is_a_demonstration_if_one_of_its_items_is(pool, battery):
    form = battery["emosional"].forms[1]
    draft = assembly.drafted(pool("emosional"), form)
    assert draft.presentation.code == "emosional-b"
    assert draft.presentation.demonstration
    assert draft.parameters == "assumed"
    assert [key.id for key in draft.keys] == [item_id for item_id, _version in form.versions]


def test_parameters_of_a_calibration_take_the_place_of_assumed_ones(pool):
    mine = pool("pemecahan-masalah")
    estimates = {version: Estimate(1.1, (0.2,)) for version in mine.versions}
    found = pool("pemecahan-masalah", estimates)
    draft = assembly.drafted(found, assembly.parallel(found, 2).forms[0])
    assert draft.parameters == "calibrated"
    keys: Any = draft.keys
    assert {(key.a, key.b) for key in keys} == {(1.1, 0.2)}
    half = pool("pemecahan-masalah", dict(list(estimates.items())[:5]))
    assert assembly.drafted(half, assembly.parallel(half, 2).forms[0]).parameters == "assumed"
    assert [half.calibration_of(version) for version in (half.versions[0], half.versions[-1])] == ["K-01", ""]
    judged = Pool(mine.stock, mine.blueprint, Parameters("K-00", estimates), {})
    assert assembly.drafted(judged, assembly.parallel(judged, 1).forms[0]).parameters == "assumed"


def test_a_calibration_counts_by_the_items_of_the_form_and_not_by_all_in_stock(pool):
    mine = pool("pemecahan-masalah")
    form = assembly.parallel(mine, 1).forms[0]
    found = pool("pemecahan-masalah", {version: Estimate(1.1, (0.2,)) for version in form.versions})
    assert assembly.drafted(found, form).parameters == "calibrated"


def test_blocks_that_ask_again_what_is_gone_are_left_out(pool):
    whole = pool("karier")
    repeated = {item.key.repeats for item in whole.items if isinstance(item.key, Ranked) and item.key.repeats}
    found = pool("karier", exposure=dict.fromkeys(repeated, 1), most_exposure=1)
    assert len(whole.items) - len(found.items) == 2 * len(repeated)
    assert not any(isinstance(item.key, Ranked) and item.key.repeats for item in found.items)


def test_a_construct_that_a_form_may_be_without_has_no_target(pool):
    bounds = tuple(
        msgspec.structs.replace(one, least=0, most=1) if one.value == "budaya" and one.attribute == "construct" else one
        for one in BLUEPRINTS["literasi"].bounds
    )
    found = pool("literasi", bounds=bounds)
    assert "budaya" not in found.constructs_told()
    assert len(found.targets()) == len(found.constructs_told()) == 3


def test_items_that_stood_on_enough_forms_are_left_out(pool):
    worn = {item.id: 3 for item in pool("pemecahan-masalah").items[:10]}
    found = pool("pemecahan-masalah", exposure=worn, most_exposure=3)
    assert not worn.keys() & {item.id for item in found.items}
    with pytest.raises(ValueError, match="do not fill"):
        assembly.parallel(found, 2)


def test_forms_for_persons_are_drawn_by_seed_and_keep_the_blueprint(pool):
    found = pool("literasi")
    forms = assembly.for_persons(found, 4, seed=7).forms
    assert len({form.versions for form in forms}) == 4
    for form in forms:
        items = items_of(found, form)
        assert len(items) == 40
        assert 6 <= sum(kind_of(item) == "simulation" for item in items) <= 7
    assert assembly.for_persons(found, 4, seed=7).forms == forms
    assert assembly.for_persons(found, 1, seed=8).forms[0].versions != forms[0].versions


def test_an_infeasible_blueprint_names_the_demands_that_cannot_be_kept_together(pool):
    asked = blueprints.Bound("facet", "mengelola", 25, 30)
    found = pool("emosional", bounds=(*BLUEPRINTS["emosional"].bounds[1:], asked))
    with pytest.raises(Infeasible) as refused:
        assembly.parallel(found, 2)
    assert any("facet mengelola 25 to 30 (missed by" in one for one in assembly.blamed(found, refused.value))


def test_enemies_that_must_meet_are_named_by_their_items(pool):
    found = pool("pemecahan-masalah", length=22)
    three = found.items[:3]
    ids = [item.id for item in three]
    for item in three:
        place = found.items.index(item)
        about = msgspec.structs.replace(item.about, enemies=tuple(one for one in ids if one != item.id))
        found.items[place] = msgspec.structs.replace(item, about=about)
    with pytest.raises(Infeasible) as refused:
        assembly.parallel(Pool(_restocked(found), found.blueprint, Parameters(), {}), 2)
    assert assembly.blamed(found, refused.value)[0].startswith("enemies psm-")


def _restocked(found):
    bounds = found.blueprint.bounds
    found.blueprint = msgspec.structs.replace(found.blueprint, bounds=(msgspec.structs.replace(bounds[0], most=22),))
    return [Stocked(item, 1, "potential", True) for item in found.items]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d.update(length=0), "not a blueprint"),
        (lambda d: d["bounds"][0].update(least=9, most=1), "the least is more than the most"),
        (lambda d: d["bounds"].append(d["bounds"][0]), "it is there twice"),
        (
            lambda d: d["bounds"].append(d["bounds"][0] | {"attribute": "construct", "value": "M.99"}),
            "no such construct",
        ),
        (lambda d: d["recipe"]["scales"][0].update(construct="M.99"), "is not measured by"),
        (lambda d: d.update(words={"least": 9, "most": 1}), "words: the least is more"),
        (lambda d: d.update(kunci=1), "unknown field"),
    ],
)
def test_a_blueprint_that_contradicts_itself_is_told_what_to_mend(spoil, told):
    document = json.loads(msgspec.json.encode(BLUEPRINTS["emosional"]))
    spoil(document)
    with pytest.raises(DraftRefused) as refused:
        blueprints.parse(json.dumps(document).encode(), "kisi.json")
    assert told in str(refused.value)


def test_simulations_stand_on_every_form_of_digital_literacy(pool, battery):
    found = pool("literasi")
    for form in battery["literasi"].forms:
        assert sum(isinstance(item.words, Simulation) for item in items_of(found, form)) >= 6
