"""Many sheets of one form, scored together: each gets the bytes that it gets alone."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.canonical import canonical
from scoring_engine.curves.items import Graded, Logistic
from scoring_engine.recipes.answers import Measured, Performed, Selected, Sorted, Unfit, Unmodelled, Way
from scoring_engine.recipes.recipe import ESTIMATORS, Scale
from scoring_engine.recipes.scoring import score, tell
from tests.scoring_engine.recipes.test_scoring import KEY, PARAMETERS, RECIPE, SHEET

EVERY_KEY: dict[str, Any] = KEY | {
    "d1": Selected("digital", frozenset("abc"), frozenset("ab"), 2), "d2": Sorted("digital", ("a", "b", "c")),
    "d3": Measured("digital", Decimal("0.5")), "d4": Performed("digital", frozenset("ab"), (Way(1, ("a", "b")),)),
}  # fmt: skip
EVERY_PARAMETERS = PARAMETERS | {
    "d1": Graded(1.0, (-1.0, 1.0)), "d2": Logistic(0.7, 0.0), "d3": Logistic(1.0, 1.0), "d4": Logistic(2.0, -1.0),
}  # fmt: skip
PAIRS = {name: [{"most": one, "least": two} for one in names for two in names if one != two]
         for name, names in (("m1", "xyz"), ("k1", "abc"), ("k2", "abc"))}  # fmt: skip
ANSWERS: dict[str, list[Any]] = {
    "s1": ["p", "q", "r"], "s2": ["p", "q", "r"], "v1": ["p", "q"], "v2": ["q", "r"], "v3": ["p", "q"], **PAIRS,
    "r1": [1, 2, 3, 4, 5], "r2": [1, 2, 3, 4, 5], "d1": [[], ["a"], ["c", "a"], ["a", "b"]],
    "d2": [["a", "b", "c"], ["c", "b", "a"]], "d3": ["0.5", "0.50", "1"], "d4": [[], ["b", "a"], ["b"]],
}  # fmt: skip
A_SHEET = st.fixed_dictionaries({}, optional={item: st.sampled_from([None, *said]) for item, said in ANSWERS.items()})


@given(st.lists(A_SHEET, min_size=1, max_size=9), st.sampled_from(ESTIMATORS), st.sampled_from(["ignored", "wrong"]))
@settings(max_examples=60)
def test_sheets_that_are_scored_together_get_the_bytes_that_each_gets_alone(sheets, estimator, missing):
    scales = tuple(replace(one, estimator=estimator, missing=missing) for one in RECIPE.scales)
    recipe = replace(RECIPE, scales=(*scales, Scale("digital", missing, estimator, (-1.0, 0.0, 1.0))))
    given_ = (EVERY_KEY, EVERY_PARAMETERS, recipe)
    assert [canonical(one) for one in tell(sheets, *given_)] == [score(sheet, *given_) for sheet in sheets]


@pytest.mark.parametrize("turned", [True, 1.0])
def test_what_equals_a_rating_but_is_none_is_refused_beside_the_rating_itself(turned):
    with pytest.raises(Unfit, match="item r1"):
        tell([SHEET | {"r1": 1}, SHEET | {"r1": turned}], KEY, PARAMETERS, RECIPE)


def test_an_unknown_answer_is_refused_after_others_gave_known_ones():
    with pytest.raises(Unfit, match="item s2"):
        tell([SHEET, SHEET, SHEET | {"s2": ["r"]}], KEY, PARAMETERS, RECIPE)


def test_what_is_refused_says_of_what_kind_it_is():
    with pytest.raises(Unmodelled):
        score(SHEET, KEY, {name: one for name, one in PARAMETERS.items() if name != "v1"}, RECIPE)
    with pytest.raises(Unfit):
        score(SHEET | {"zz": "q"}, KEY, PARAMETERS, RECIPE)
