"""The talent value, exact and with what is missing."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.standards.nine_box import BOX, box, category, possible_boxes
from scoring_engine.standards.talent_value import (
    AxisFormula,
    Component,
    Evidence,
    Interval,
    axis_interval,
    axis_intervals,
    mix,
    talent_box,
)
from tests.scoring_engine.standards.regulation import (
    TALENT_CUTS,
    TALENT_WEIGHTS,
    TALENT_X,
    TALENT_Y,
    TECHNICAL_MIX,
)

NAN = math.nan
NOTHING_Y: dict[str, Evidence] = {"performance": None, "award": None, "team": None, "feedback_360": None}
NOTHING_X: dict[str, Evidence] = dict.fromkeys(
    ("competency", "development", "experience", "potential", "education", "field", "discipline")
)
Y5: dict[str, Evidence] = {"performance": 80, "award": 0, "team": 50, "feedback_360": 85}
X5: dict[str, Evidence] = {
    "competency": Fraction("88.89"), "development": 50, "experience": 80, "potential": 75,
    "education": 80, "field": 100, "discipline": 100,
}  # fmt: skip


def bounds(interval):
    return interval.low, interval.high, interval.value


def test_good_performance_and_nothing_else_lies_between_forty_eight_and_eighty_eight():
    """Domain 4.5, rows 1 and 3: 48.0 low, and at most 88.0 high."""
    found = axis_interval(TALENT_Y, NOTHING_Y | {"performance": 80})
    assert bounds(found) == (48, 88, None)
    assert found.missing == ("award", "team", "feedback_360")
    assert (category(found.low, 60, 80), category(found.high, 60, 80)) == (0, 2)


def test_very_good_performance_and_nothing_else_starts_on_the_border_of_the_middle():
    """Domain 4.5, row 2: 60.0, inclusive."""
    found = axis_interval(TALENT_Y, NOTHING_Y | {"performance": 100})
    assert bounds(found) == (60, 100, None)
    assert category(found.low, 60, 80) == 1


def test_two_perfect_tests_alone_vouch_for_forty_five():
    """Domain 4.5, row 4: 20 + 25."""
    found = axis_interval(TALENT_X, NOTHING_X | {"competency": 100, "potential": 100})
    assert bounds(found) == (45, 100, None)
    assert category(found.low, 60, 80) == 0


def test_a_complete_person_has_one_final_box():
    """Domain 4.5, row 5: Y 64.0, X 82.528, box 8."""
    y, x = axis_interval(TALENT_Y, Y5), axis_interval(TALENT_X, X5)
    assert (bounds(y)[2], x.value) == (64, Fraction("82.528"))
    found = talent_box(y, x, TALENT_CUTS)
    assert (found.boxes, found.box) == ((8,), 8)
    assert mix([y, x], TALENT_WEIGHTS).value == Fraction("73.264")


def test_a_missing_potential_leaves_two_boxes_and_none_is_final():
    """Domain 4.5, row 6: treated as zero it would be X 63.778 and box 5, wrongly."""
    y, x = axis_interval(TALENT_Y, Y5), axis_interval(TALENT_X, X5 | {"potential": None})
    assert (x.low, x.high, x.missing) == (Fraction("63.778"), Fraction("88.778"), ("potential",))
    found = talent_box(y, x, TALENT_CUTS)
    assert (found.boxes, found.box) == ((5, 8), None)


def test_a_box_that_missing_parts_cannot_change_is_still_not_final():
    x = axis_interval(TALENT_X, X5 | {"education": None})
    assert (x.low, category(x.low, 60, 80), category(x.high, 60, 80)) == (Fraction("74.528"), 1, 2)
    sure = axis_interval(TALENT_X, X5 | {"potential": (75, 76)})
    found = talent_box(axis_interval(TALENT_Y, Y5), sure, TALENT_CUTS)
    assert (found.boxes, found.box, sure.missing) == ((8,), None, ("potential",))
    y = axis_interval(TALENT_Y, Y5 | {"award": (0, 1)})
    assert talent_box(y, axis_interval(TALENT_X, X5), TALENT_CUTS).box is None


def test_nothing_at_all_leaves_all_nine_boxes():
    found = talent_box(axis_interval(TALENT_Y, NOTHING_Y), axis_interval(TALENT_X, NOTHING_X), TALENT_CUTS)
    assert (found.boxes, found.box) == (tuple(range(1, 10)), None)


def test_another_formula_is_data():
    """Domain 4.4, Ministry of Finance: 70 % competency, half technical, 20 % potential, 10 % track record."""
    formula = AxisFormula.of(technical=35, managerial=35, potential=20, track_record=10)
    found = axis_interval(formula, {"technical": 90, "managerial": 80, "potential": 70, "track_record": 100})
    assert found.value == Fraction(35 * 90 + 35 * 80 + 20 * 70 + 10 * 100, 100)


def test_a_narrower_range_narrows_the_interval():
    formula = AxisFormula((Component("predicate", 60, 20, 100), Component("rest", 40)))
    found = axis_interval(formula, {"predicate": None, "rest": 50})
    assert bounds(found) == (32, 80, None)


@pytest.mark.parametrize(("post", "value"), [("jpt_madya", 74), ("jpt_pratama", 71), ("administrator", 68)])
def test_talent_value_and_technical_competency_mix_by_post(post, value):
    assert mix([Interval(Fraction(80), Fraction(80)), Interval(Fraction(50), Fraction(50))], TECHNICAL_MIX[post]) == (
        Interval(Fraction(value), Fraction(value))
    )


points = st.none() | st.integers(0, 100) | st.tuples(st.integers(0, 50), st.integers(50, 100))
evidence_y = st.fixed_dictionaries(dict.fromkeys(NOTHING_Y, points))
evidence_x = st.fixed_dictionaries(dict.fromkeys(NOTHING_X, points))


def completed(evidence, choose):
    """Put an end or the middle in place of what is missing."""
    whole = {}
    for name, given_points in evidence.items():
        low, high = (0, 100) if given_points is None else np.broadcast_to(given_points, 2).tolist()
        whole[name] = (low, high, Fraction(low + high, 2))[choose(name)]
    return whole


@settings(max_examples=50)
@given(evidence_y, evidence_x, st.data())
def test_however_the_evidence_turns_out_the_box_is_one_of_those_named(y, x, data):
    named = talent_box(axis_interval(TALENT_Y, y), axis_interval(TALENT_X, x), TALENT_CUTS)
    complete = [completed(one, lambda _: data.draw(st.integers(0, 2))) for one in (y, x)]
    worked = [
        sum(Fraction(component.weight * one[component.name], 100) for component in formula.components)
        for formula, one in zip((TALENT_Y, TALENT_X), complete, strict=True)
    ]
    assert box(category(worked[0], 60, 80), category(worked[1], 60, 80)) in named.boxes


@settings(max_examples=50)
@given(st.lists(evidence_x, min_size=1, max_size=5))
def test_a_population_has_the_numbers_of_each_person_in_fractions(people):
    names = [component.name for component in TALENT_X.components]
    known = [[(NAN, NAN) if one[name] is None else np.broadcast_to(one[name], 2) for name in names] for one in people]
    found = axis_intervals(TALENT_X, np.array(known, float)[:, :, 0], np.array(known, float)[:, :, 1])
    for place, person in enumerate(people):
        exact = axis_interval(TALENT_X, person)
        assert (found.low[place], found.high[place]) == (float(exact.low), float(exact.high))
        gone = [names[column] for column in np.flatnonzero(found.missing[place])]
        assert tuple(gone) == exact.missing


def test_decimals_of_a_population_meet_their_border_exactly():
    """The first person has 60 exactly, and less than 60 in doubles added one by one."""
    weights, person = (35, 35, 20, 10), (63.33, 56.25, 68.96, 43.55)
    assert sum(w * points for w, points in zip(weights, person, strict=True)) / 100 < 60
    formula = AxisFormula(tuple(Component(str(place), w) for place, w in enumerate(weights)))
    found = axis_intervals(formula, [person, (63.329999, *person[1:])])
    assert found.low.tolist() == [60.0, 59.99999965]
    # 0.0157 times a million is below 15,700 in doubles.
    assert axis_intervals(AxisFormula.of(only=100), [[0.0157]]).low.tolist() == [0.0157]
    assert not found.missing.any()


def test_the_domain_persons_as_a_population_have_their_boxes():
    y = axis_intervals(TALENT_Y, [[80, 0, 50, 85]] * 2)
    x = axis_intervals(TALENT_X, [[88.89, 50, 80, 75, 80, 100, 100], [88.89, 50, 80, NAN, 80, 100, 100]])
    assert (y.low.tolist(), x.low.tolist(), x.high.tolist()) == ([64.0, 64.0], [82.528, 63.778], [82.528, 88.778])
    mask = possible_boxes(np.stack([y.low, x.low], 1), np.stack([y.high, x.high], 1), TALENT_CUTS, BOX)
    assert [(1 + np.flatnonzero(row)).tolist() for row in mask] == [[8], [5, 8]]


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        (NOTHING_Y | {"performance": 80.5}, "must be exact"),
        (NOTHING_Y | {"performance": 101}, "within 0 to 100"),
        (NOTHING_Y | {"performance": -1}, "within 0 to 100"),
        (NOTHING_Y | {"performance": (80, 70)}, "within 0 to 100"),
        (NOTHING_Y | {"perfomance": 80}, "differ in perfomance"),
        ({"performance": 80}, "differ in award, feedback_360, team"),
    ],
)
def test_evidence_that_does_not_fit_is_refused(evidence, sentence):
    with pytest.raises(ValueError, match=sentence):
        axis_interval(TALENT_Y, evidence)


@pytest.mark.parametrize(
    ("components", "sentence"),
    [
        ((), "different names"),
        ((Component("a", 50), Component("a", 50)), "different names"),
        ((Component("a", 50), Component("b", 49)), "sum to 100"),
    ],
)
def test_a_formula_that_is_no_weighted_mean_is_refused(components, sentence):
    with pytest.raises(ValueError, match=sentence):
        AxisFormula(components)


@pytest.mark.parametrize(("weight", "low", "high"), [(0, 0, 100), (-5, 0, 100), (0.5, 0, 100), (5, 100, 100)])
def test_a_component_that_cannot_count_is_refused(weight, low, high):
    with pytest.raises(ValueError, match=r"exact|positive"):
        Component("a", weight, low, high)


@pytest.mark.parametrize("weights", [(50,), (50, 49), (50.0, 50.0), (150, -50)])
def test_weights_that_mix_nothing_are_refused(weights):
    whole = Interval(Fraction(1), Fraction(1))
    with pytest.raises(ValueError, match="weights"):
        mix([whole, whole], weights)


@pytest.mark.parametrize(
    ("given_points", "most", "sentence"),
    [
        ([80, 0, 50, 85], None, "do not fit 4 components"),
        ([[80, 0, 50]], None, "do not fit 4 components"),
        ([[80, 0, 50, 85], [80, 0, 101, 85]], None, "team outside their range: person 1"),
        ([[80, 0, 50, math.inf]], None, "feedback_360 outside their range: person 0"),
        ([[80, 100 / 3, 50, 85]], None, "award of person 0 has more than six decimals"),
        ([[80, 0, 50, 85]], [[80, 0, 49, 85]], "not below"),
        ([[80, 0, 50, 85]], [[80, 0, 50, 85]] * 2, "as many"),
    ],
)
def test_points_of_a_population_that_do_not_fit_are_refused(given_points, most, sentence):
    with pytest.raises(ValueError, match=sentence):
        axis_intervals(TALENT_Y, given_points, most)


def test_weights_too_fine_for_doubles_are_refused():
    formula = AxisFormula((Component("a", Fraction(100, 3**20)), Component("b", 100 - Fraction(100, 3**20))))
    with pytest.raises(ValueError, match="axis_interval"):
        axis_intervals(formula, [[1, 1]])
