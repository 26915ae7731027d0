"""One sheet, one key, parameters and a recipe: canonical bytes, the same again, and nothing made up."""

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from scoring_engine.ability.posterior import Prior
from scoring_engine.canonical import canonical
from scoring_engine.curves.items import Graded, Logistic
from scoring_engine.recipes.answers import Credited, Rated
from scoring_engine.recipes.recipe import (
    ESTIMATORS,
    Composite,
    Norm,
    Preferred,
    Ranked,
    Recipe,
    Scale,
    Statement,
)
from scoring_engine.recipes.scoring import score

RIGHT_B = {"p": 0, "q": 1, "r": 0}
PATHS = ("atas", "tengah", "bawah")
KEY: dict[str, Any] = {
    "s1": Credited("M.01", {"p": 0, "q": 1, "r": 2}), "s2": Credited("M.01", {"p": 2, "q": 0, "r": 1}),
    "v1": Credited("verbal", RIGHT_B), "v2": Credited("verbal", RIGHT_B), "v3": Credited("verbal", RIGHT_B),
    "m1": Preferred("motivation", ("x", "y", "z")), "r1": Rated("calm", 1, 5), "r2": Rated("calm", 1, 5, reverse=True),
    "k1": Ranked({"a": "atas", "b": "tengah", "c": "bawah"}),
    "k2": Ranked({"c": "bawah", "a": "atas", "b": "tengah"}, repeats="k1"),
}  # fmt: skip
PARAMETERS: dict[str, Any] = {
    "s1": Graded(1.4, (-0.8, 0.9)), "s2": Graded(1.1, (-1.0, 0.4)),
    "v1": Logistic(1.2, -0.5), "v2": Logistic(0.9, 0.4), "v3": Logistic(1.5, 0.8, 0.2),
    "m1": [Statement(0.0, 0.9, 1.0), Statement(0.2, -0.5, 1.0), Statement(-0.1, 0.3, 1.0)],
    "r1": Graded(1.0, (-2.0, -0.7, 0.6, 1.8)), "r2": Graded(0.8, (-1.5, -0.4, 0.5, 1.6)),
}  # fmt: skip
RECIPE = Recipe(
    "uji", 3,
    (
        Scale("M.01", cuts=(-0.5, 0.5), norm=Norm("2026", 0.2, 0.8)), Scale("verbal", "wrong", "map"),
        Scale("motivation"), Scale("calm", estimator="wle"), Scale("atas"), Scale("tengah"), Scale("bawah"),
    ),
    composites=(Composite("all", ("M.01", "verbal", "motivation", "calm"), (1, 2, 1, 1), 3),),
)  # fmt: skip
SHEET: dict[str, Any] = {
    "s1": "r", "s2": "r", "v1": "q", "v2": "p", "v3": "q", "m1": {"most": "x", "least": "y"}, "r1": 4, "r2": 2,
    "k1": {"most": "a", "least": "c"}, "k2": {"most": "a", "least": "c"},
}  # fmt: skip


def told(sheet=SHEET, recipe=RECIPE, key=KEY):
    return json.loads(score(sheet, key, PARAMETERS, recipe))


def of(document, construct):
    return next(one for one in document["constructs"] if one["construct"] == construct)


def test_the_same_inputs_give_the_same_canonical_bytes():
    once, again = (score(dict(SHEET), dict(KEY), dict(PARAMETERS), RECIPE) for _ in range(2))
    assert once == again == canonical(json.loads(once))


def test_the_order_of_a_sheet_says_nothing():
    assert score(dict(reversed(SHEET.items())), KEY, PARAMETERS, RECIPE) == score(SHEET, KEY, PARAMETERS, RECIPE)


def test_a_graded_competency_agrees_with_adaptive_integration():
    def reached(theta, a, b):
        return 1 / (1 + math.exp(-a * (theta - b)))

    def density(theta):  # s1: the highest category, s2: the middle one
        return (
            math.exp(-(theta**2) / 2)
            * reached(theta, 1.4, 0.9)
            * (reached(theta, 1.1, -1.0) - reached(theta, 1.1, 0.4))
        )

    mass = quad(density, -9, 9, epsabs=0)[0]
    theta = quad(lambda t: t * density(t), -9, 9, epsabs=0)[0] / mass
    found = of(told(), "M.01")
    assert found["theta"] == pytest.approx(theta, abs=1e-9)
    shares = [quad(density, low, high, epsabs=0)[0] / mass for low, high in ((-9, -0.5), (-0.5, 0.5), (0.5, 9))]
    assert found["levels"] == pytest.approx(shares, abs=1e-8)
    assert (found["level"], found["cuts"]) == (1 + (theta >= -0.5) + (theta >= 0.5), [-0.5, 0.5])
    assert found["norm"]["name"] == "2026"
    wanted = [50 + 10 * (theta - 0.2) / 0.8, 10 * found["se"] / 0.8]
    assert [found["norm"]["t"], found["norm"]["se"]] == pytest.approx(wanted, abs=1e-8)


HALF: Any = 0.5


def only(construct, missing="ignored", estimator="eap"):
    return Recipe("one", 1, (Scale(construct, missing, estimator),))


def test_the_estimator_is_the_one_that_the_recipe_names():
    found = [of(told(recipe=only("verbal", estimator=one)), "verbal") for one in ESTIMATORS]
    assert [one["method"] for one in found] == list(ESTIMATORS)
    assert len({one["theta"] for one in found}) == len(ESTIMATORS)


def test_omitted_counts_as_wrong_only_where_the_recipe_says_so_and_not_reached_never():
    seen = {"v1": "q", "r1": 3}  # v2 and v3 stand before r1 and were omitted; r2 and what follows were not reached
    wrong = of(told(seen), "verbal")
    ignored = of(told(seen, only("verbal", "ignored", "map")), "verbal")
    answered_wrong = of(told({**seen, "v2": "p", "v3": "p"}), "verbal")
    assert wrong["theta"] == answered_wrong["theta"] < ignored["theta"]
    assert (wrong["answered"], wrong["missing"], ignored["missing"]) == (1, "wrong", "ignored")
    last_reached = of(told({"v1": "q"}), "verbal")
    assert last_reached["theta"] == of(told({"v1": "q"}, only("verbal", "ignored", "map")), "verbal")["theta"]


def test_what_was_not_answered_has_no_estimate_and_says_why():
    found = told({})
    for one in found["constructs"]:
        assert (one["theta"], one["se"], one["answered"], one["flag"]) == (None, None, 0, "no_items")
    assert of(found, "M.01")["level"] is None
    assert found["composites"] == [{"composite": "all", "measured": 0, "of": 4, "se": None, "theta": None}]
    assert set(found["preference"]["shares"].values()) == {None}


def test_null_is_the_same_as_no_answer():
    assert told({**SHEET, "s1": None, "m1": None}) == told({k: v for k, v in SHEET.items() if k not in ("s1", "m1")})


def test_all_wrong_has_no_maximum_likelihood_and_says_so():
    found = of(told({"v1": "p", "v2": "p", "v3": "p"}, only("verbal", estimator="ml")), "verbal")
    assert (found["theta"], found["flag"], found["answered"]) == (None, "no_ml", 3)


def test_a_reversed_rating_counts_from_the_other_end():
    calm = only("calm")
    best = of(told({"r1": 5, "r2": 1}, calm), "calm")["theta"]
    worst = of(told({"r1": 1, "r2": 5}, calm), "calm")["theta"]
    assert best > 1 > -1 > worst


def test_a_composite_is_the_weighted_mean_of_what_was_measured():
    found = told()
    parts = [of(found, name)["theta"] for name in ("M.01", "verbal", "motivation", "calm")]
    assert found["composites"][0]["theta"] == pytest.approx(np.average(parts, weights=[1, 2, 1, 1]), abs=1e-9)
    fewer = told({k: v for k, v in SHEET.items() if not k.startswith("r")})
    assert fewer["composites"][0]["theta"] == pytest.approx(np.average(parts[:3], weights=[1, 2, 1]), abs=1e-9)
    assert told({"s1": "q"})["composites"][0]["theta"] is None


def test_preference_is_divided_by_the_blocks_that_repeat_none():
    found = told()["preference"]
    assert found["shares"]["atas"] == pytest.approx(200 / 3, abs=1e-9)
    assert (found["blocks"], found["answered"], found["consistency"]) == (1, 1, 1.0)
    assert told({**SHEET, "k2": {"most": "b", "least": "c"}})["preference"]["consistency"] == 0.0


def test_every_word_of_a_recipe_changes_its_hash():
    hashes = {
        other.sha256
        for other in (
            RECIPE,
            replace(RECIPE, version=4),
            replace(RECIPE, composites=()),
            replace(RECIPE, scales=RECIPE.scales[:-1]),
            replace(RECIPE, prior=Prior(0.0, 1.1)),
        )
    }
    assert len(hashes) == 5
    assert told()["recipe"] == {"name": "uji", "version": 3, "sha256": RECIPE.sha256}


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        ({"zz": "q"}, "item zz is on the sheet"),
        ({"s1": "x"}, "item s1: the key does not know the response 'x'"),
        ({"m1": {"most": "x", "least": "q"}}, "item m1: the key does not know the option 'q'"),
        ({"m1": {"most": "x", "least": "x"}}, "same statement"),
        ({"r1": 6}, "item r1: 6 is no rating from 1 to 5"),
        ({"r1": "4"}, "item r1: '4' is no rating"),
    ],
)
def test_a_response_that_the_key_does_not_know_is_refused(sheet, sentence):
    with pytest.raises(ValueError, match=sentence):
        told(sheet)


def test_items_without_parameters_are_refused():
    with pytest.raises(ValueError, match="item v1 has no parameters of a model"):
        score(SHEET, {"v1": KEY["v1"]} | KEY, {k: v for k, v in PARAMETERS.items() if k != "v1"}, RECIPE)
    with pytest.raises(ValueError, match="item m1 has not one statement's parameters for each of its 3 options"):
        score(SHEET, KEY, PARAMETERS | {"m1": [Statement(0, 1, 1)]}, RECIPE)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: only("a", "zero"), "no rule 'zero'"),
        (lambda: only("a", estimator="best"), "estimator 'best'"),
        (lambda: Scale("a", cuts=(1.0, 0.0)), "cuts do not rise"),
        (lambda: Norm("n", 0.0, 0.0), "positive sd"),
        (lambda: Composite("c", ("a",), (1.0, 2.0), 1), "one positive weight"),
        (lambda: Composite("c", ("a",), (1.0,), 2), "cannot rest on 2"),
        (lambda: Recipe("r", 1, (Scale("a"), Scale("a"))), "two scales"),
        (lambda: Recipe("r", 1, (Scale("a"),), composites=(Composite("c", ("b",), (1.0,), 1),)), "no scale 'b'"),
    ],
)
def test_what_is_no_recipe_is_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


def test_nothing_answered_has_no_level_chances():
    for seen in ({}, {"r1": 3}):  # an item behind it was answered, so the first ones were left out
        for missing in ("ignored", "wrong"):
            recipe = Recipe("one", 1, (Scale("M.01", missing, cuts=(-0.5, 0.5)), Scale("calm")))
            found = of(told(seen, recipe), "M.01")
            assert (found["theta"], found["levels"], found["level"], found["flag"]) == (None, None, None, "no_items")


def test_forced_choices_are_told_in_levels_too():
    recipe = Recipe("one", 1, (Scale("motivation", cuts=(-0.5, 0.5)),))
    found = of(told(recipe=recipe), "motivation")
    assert sum(found["levels"]) == pytest.approx(1.0)
    assert found["level"] == 1 + (found["theta"] >= -0.5) + (found["theta"] >= 0.5)
    below = 0.5 * (1 + math.erf((-0.5 - found["theta"]) / found["se"] / math.sqrt(2)))
    assert found["levels"][0] == pytest.approx(below, abs=0.02)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Credited("verbal", {"p": 1, "q": -1}), "not whole numbers from 0"),
        (lambda: Credited("verbal", {"p": HALF, "q": 0}), "not whole numbers from 0"),
        (lambda: Credited("verbal", {}), "not whole numbers from 0"),
        (lambda: Rated("calm", 5, 1), "do not rise"),
        (lambda: Composite("x", ("a", "a"), (1, 1), 2), "stands there twice"),
        (lambda: Composite("x", ("a", "b"), (1, math.inf), 2), "one positive weight"),
        (lambda: Scale("x", cuts=()), "cuts do not rise"),
        (lambda: replace(RECIPE, composites=RECIPE.composites * 2), "two composites have one name"),
    ],
)
def test_a_key_or_recipe_that_counts_evidence_wrongly_is_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"v1": Credited("verbal", {"p": 0, "q": 2})}, "item v1: credits up to 2, but 2 categories"),
        ({"r1": Rated("calm", 1, 4)}, "item r1: credits up to 3, but 5 categories"),
        ({"k2": Ranked({"c": "bawah", "a": "atas", "b": "tengah"}, repeats="zz")}, "item k2 repeats 'zz'"),
    ],
)
def test_a_key_that_does_not_fit_is_refused_before_anybody_answers(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        score({}, KEY | changes, PARAMETERS, RECIPE)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"m1": "x"}, "item m1: 'x' is no pair"),
        ({"m1": ["x", "y"]}, "is no pair"),
        ({"m1": {"most": "x"}}, "is no pair"),
        ({"m1": {"most": ["x"], "least": "y"}}, "does not know the option"),
        ({"v1": ["q"]}, "does not know the response"),
        ({"r1": True}, "True is no rating"),
    ],
)
def test_an_answer_of_another_shape_is_refused(answer, sentence):
    with pytest.raises(ValueError, match=sentence):
        score(SHEET | answer, KEY, PARAMETERS, RECIPE)
