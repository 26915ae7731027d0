"""How sure a profile is, and the drawings of it."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.review import rules
from assessment_app.scoring.rules.sureness import certainty
from tests.assessment_app.talent.people import profile
from tests.assessment_app.talent.people import rules as rule_set

CUTS = [-1.5, -0.5, 0.5, 1.5]
ability = some.floats(-6, 6)


def score(theta=0.3, se=0.4, cuts=CUTS):
    return {"theta": theta, "se": se, "cuts": cuts}


def parts(drawing, name):
    return [
        one.attrib for one in ElementTree.fromstring(str(drawing)).iter() if one.get("class") == f"levelbar__{name}"
    ]


def test_certainty_is_the_chance_that_both_reported_categories_are_right():
    assert certainty(profile(), rule_set()) == pytest.approx(0.8 * 0.7)


@pytest.mark.parametrize("axis", ["jpm", "potential"])
def test_an_incomplete_profile_has_no_certainty(axis):
    known = profile()
    known[axis]["chances"] = None
    assert certainty(known, rule_set()) is None


@pytest.mark.parametrize(
    ("reaches", "is_near"), [(0.74, True), (0.26, True), (0.75, False), (0.25, False), (None, False)]
)
def test_near_the_required_level_is_whoever_may_stand_on_either_side(reaches, is_near):
    assert rules.is_near_required({"reaches": reaches}, rule_set()) is is_near


@pytest.mark.parametrize(("level", "levels", "other"), [
    (2, [0.1, 0.6, 0.3], None), (2, [0.4, 0.3, 0.3], 1), (2, [0.35, 0.3, 0.35], 1), (1, [0.5, 0.5, 0.0], None),
])  # fmt: skip
def test_a_level_that_is_more_probable_than_the_reported_one_is_named(level, levels, other):
    assert rules.likelier_level({"level": level, "levels": levels}) == other


def test_each_cut_is_the_border_between_two_bands():
    assert [rules.on_scale(cut, CUTS) for cut in CUTS] == [1, 2, 3, 4]
    assert rules.on_scale(0, CUTS) == 2.5


@given(ability, ability)
def test_the_scale_never_turns_back_and_never_ends_outside(one, other):
    low, high = sorted((one, other))
    assert 0 <= rules.on_scale(low, CUTS) <= rules.on_scale(high, CUTS) <= 5


@given(ability, some.floats(0.05, 3), some.integers(1, 5))
def test_a_level_bar_is_well_formed_and_stays_inside(theta, se, required):
    drawing = rules.level_bar(score(theta, se), required)
    assert len(parts(drawing, "band")) == 5
    assert 0 <= float(parts(drawing, "knob")[0]["cx"]) <= rules.WIDTH
    assert "style" not in drawing
    assert "nan" not in drawing


def test_the_marker_stands_at_the_lower_edge_of_the_required_level():
    edge = parts(rules.level_bar(score(), 3), "edge")[0]["d"]
    assert float(edge.removeprefix("M").split()[0]) == pytest.approx(2 / 5 * rules.WIDTH, abs=0.1)


def test_a_gap_is_drawn_only_below_the_required_level():
    assert parts(rules.level_bar(score(-1.0), 4), "gap")
    assert not parts(rules.level_bar(score(1.0), 4), "gap")
    assert not parts(rules.level_bar(score(-1.0)), "edge")


def test_an_error_that_goes_on_beyond_the_drawing_has_no_end():
    error = parts(rules.level_bar(score(0.0, 9.0), 2), "error")[0]["d"]
    assert error.count("M") == 1


@given(ability, some.floats(0.05, 3))
def test_an_aspect_grows_from_the_middle(theta, se):
    fill = parts(rules.deviation_bar(theta, se), "fill")[0]
    left, right = float(fill["x"]), float(fill["x"]) + float(fill["width"])
    assert left - 0.2 <= rules.WIDTH / 2 <= right + 0.2
