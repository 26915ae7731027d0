"""Boxes, their numbers and their chances."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.standards.nine_box import (
    BOX,
    HIGH,
    LOW,
    MIDDLE,
    box,
    box_chances,
    category,
    chances_of_cells,
    known_axis,
    normal_axis,
    possible_boxes,
)

MINISTRY_OF_FINANCE = ((1, 2, 3), (4, 6, 7), (5, 8, 9))


@pytest.mark.parametrize(
    ("performance", "potential", "number"),
    [
        (HIGH, LOW, 4), (HIGH, MIDDLE, 7), (HIGH, HIGH, 9),
        (MIDDLE, LOW, 2), (MIDDLE, MIDDLE, 5), (MIDDLE, HIGH, 8),
        (LOW, LOW, 1), (LOW, MIDDLE, 3), (LOW, HIGH, 6),
    ],
)  # fmt: skip
def test_the_regulation_numbers_the_boxes_so(performance, potential, number):
    """Domain reference, section 5.1, the table as printed."""
    assert box(performance, potential) == number


def test_another_numbering_can_be_active():
    assert [box(row, LOW, MINISTRY_OF_FINANCE) for row in (LOW, MIDDLE, HIGH)] == [1, 4, 5]


@pytest.mark.parametrize(
    ("y", "x", "number"),
    [(64.0, 82.528, 8), (64.0, 63.778, 5), (48.0, 45.0, 1), (60.0, 60.0, 5), (88.0, 80.0, 9)],
)
def test_the_test_vectors_of_the_talent_value(y, x, number):
    """Domain reference, section 4.5, with the cuts 60 and 80."""
    assert box(category(y, 60, 80), category(x, 60, 80)) == number


@pytest.mark.parametrize(
    ("value", "expected"),
    [(59.999, LOW), (60, MIDDLE), (79.999, MIDDLE), (80, HIGH), (Fraction(80), HIGH), (-5, LOW), (139, HIGH)],
)
def test_a_cut_belongs_to_the_category_above_it(value, expected):
    assert category(value, 60, 80) == expected


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_missing_value_has_no_category_and_no_box(missing):
    assert category(missing, 60, 80) is None
    assert box(category(missing, 60, 80), HIGH) is None
    assert box(HIGH, category(missing, 60, 80)) is None


def normal_cdf(z):
    return math.erfc(-z / math.sqrt(2)) / 2


def test_a_normal_axis_agrees_with_the_error_function():
    low, high = normal_cdf((60 - 71.5) / 6), 1 - normal_cdf((80 - 71.5) / 6)
    assert normal_axis(71.5, 6.0, 60, 80)[0] == pytest.approx([low, 1 - low - high, high], abs=1e-12)


def test_a_value_known_exactly_is_certain_and_a_missing_one_unknown():
    found = normal_axis([60.0, 59.9, 80.0, math.nan], [0.0, 0.0, 0.0, 3.0], 60, 80)
    assert found[:3].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert np.isnan(found[3]).all()


@given(st.floats(-200, 300), st.floats(0.01, 50))
def test_the_three_categories_sum_to_one(mean, se):
    found = normal_axis(mean, se, 60, 80)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize("numbering", [BOX, MINISTRY_OF_FINANCE])
def test_box_chances_agree_with_multiplying_one_by_one(numbering):
    performance, potential = (0.2, 0.5, 0.3), (0.1, 0.3, 0.6)
    found = box_chances(performance, potential, numbering)
    for row, p in enumerate(performance):
        for column, q in enumerate(potential):
            assert found.probabilities[0, numbering[row][column] - 1] == pytest.approx(p * q)
    assert (found.box[0], found.probability[0]) == (numbering[1][2], pytest.approx(0.30))


axes = (
    st.lists(st.integers(0, 20), min_size=3, max_size=3)
    .filter(any)
    .map(lambda weights: [weight / sum(weights) for weight in weights])
)


@given(axes, axes)
def test_the_nine_chances_sum_to_one_and_the_likeliest_is_named(performance, potential):
    found = box_chances(performance, potential)
    assert found.probabilities.sum() == pytest.approx(1.0, abs=1e-12)
    assert found.probability[0] == found.probabilities.max() == found.probabilities[0, found.box[0] - 1]


@pytest.mark.parametrize(("sure", "near"), [(0.75, False), (0.74, True)])
def test_near_a_cut_is_a_likeliest_box_below_three_quarters(sure, near):
    found = box_chances([0, 0, 1], [0, 1 - sure, sure])
    assert (found.box[0], found.near_cut[0]) == (9, near)
    assert not box_chances([0, 0, 1], [0, 1 - sure, sure], near_cut=0.5).near_cut[0]


def test_a_missing_axis_gives_no_box_and_leaves_the_others_alone():
    unknown, known = [math.nan] * 3, [0.0, 0.1, 0.9]
    found = box_chances([unknown, known, known], [known, unknown, known])
    assert found.box.tolist() == [-1, -1, 9]
    assert np.isnan(found.probability[:2]).all()
    assert np.isnan(found.probabilities[:2]).all()
    assert found.near_cut.tolist() == [False, False, False]


@pytest.mark.parametrize(
    "numbering",
    [
        ((1, 3, 6), (2, 5, 8)),
        ((1, 3), (2, 5, 8), (4, 7, 9, 6)),
        ((0, 3, 6), (2, 5, 8), (4, 7, 9)),
        ((1, 1, 6), (2, 5, 8), (4, 7, 9)),
    ],
)
def test_a_numbering_that_does_not_number_nine_boxes_is_refused(numbering):
    with pytest.raises(ValueError, match="numbering"):
        box(LOW, LOW, numbering)
    with pytest.raises(ValueError, match="numbering"):
        box_chances([1, 0, 0], [1, 0, 0], numbering)


@pytest.mark.parametrize("cuts", [(80, 60), (60, 60), (math.nan, 80)])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(ValueError, match="cut of high"):
        category(70, *cuts)
    with pytest.raises(ValueError, match="cut of high"):
        normal_axis(70, 5, *cuts)


def test_a_negative_standard_error_is_refused():
    with pytest.raises(ValueError, match="negative"):
        normal_axis(70, -1, 60, 80)


@pytest.mark.parametrize("wrong", [3, -1])
def test_what_is_no_category_is_refused(wrong):
    with pytest.raises(ValueError, match="no category"):
        box(wrong, LOW)


@pytest.mark.parametrize(
    "axis", [[0.5, 0.5], [0.5, 0.5, 0.5], [1.5, -0.5, 0.0], [math.nan, 0.5, 0.5], [[1, 0, 0], [1, 0, 0]]]
)
def test_an_axis_that_is_no_distribution_is_refused(axis):
    with pytest.raises(ValueError):
        box_chances([0, 0, 1], axis)


TWO_AXES = ((60, 80), (55, 77))


def boxes(mask):
    return [(1 + np.flatnonzero(row)).tolist() for row in mask]


def test_an_interval_leaves_every_box_that_it_touches():
    low, high = [[64.0, 63.778], [48.0, 45.0], [64.0, 82.0]], [[64.0, 88.778], [88.0, 100.0], [64.0, 82.0]]
    found = possible_boxes(low, high, ((60, 80), (60, 80)))
    assert boxes(found) == [[5, 8], list(range(1, 10)), [8]]


def test_an_interval_that_ends_on_a_cut_reaches_the_category_above():
    assert boxes(possible_boxes([[70.0, 60.0]], [[80.0, 60.0]], TWO_AXES)) == [[5, 7]]


def test_an_axis_of_which_nothing_is_known_leaves_its_whole_line():
    low = [[64.0, math.nan], [math.nan, 80.0], [math.nan, 60.0]]
    high = [[64.0, math.nan], [math.nan, 80.0], [59.0, 60.0]]
    found = possible_boxes(low, high, TWO_AXES)
    assert boxes(found) == [[2, 5, 8], [6, 8, 9], [3]]
    low_open = possible_boxes([[80.0, 55.0]], [[math.nan, 76.9]], TWO_AXES, MINISTRY_OF_FINANCE)
    assert boxes(low_open) == [[8]]


ends = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)


@given(ends, ends)
def test_possible_boxes_are_those_of_every_whole_value_between(y, x):
    found = possible_boxes([[y[0], x[0]]], [[y[1], x[1]]], TWO_AXES)
    every = {
        box(category(one, *TWO_AXES[0]), category(other, *TWO_AXES[1])) or 0
        for one in range(y[0], y[1] + 1)
        for other in range(x[0], x[1] + 1)
    }
    assert boxes(found) == [sorted(every)]


@pytest.mark.parametrize(
    ("low", "high", "cuts", "sentence"),
    [
        ([70, 70], [70, 70], TWO_AXES, "shape"),
        ([[70, 70]], [[70, 70]] * 2, TWO_AXES, "shape"),
        ([[70, 70], [70, 71]], [[70, 70], [70, 70]], TWO_AXES, "person 1 on axis 1"),
        ([[70, 70]], [[70, 70]], ((60, 80), (80, 60)), "cut of high"),
    ],
)
def test_intervals_that_are_none_are_refused(low, high, cuts, sentence):
    with pytest.raises(ValueError, match=sentence):
        possible_boxes(low, high, cuts)
    with pytest.raises(ValueError, match="numbering"):
        possible_boxes([[1, 1]], [[1, 1]], TWO_AXES, ((1, 2), (3, 4)))


def test_known_categories_are_certain_and_missing_ones_unknown():
    found = known_axis([LOW, HIGH, -1, MIDDLE])
    assert found[[0, 1, 3]].tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert np.isnan(found[2]).all()


@pytest.mark.parametrize("wrong", [[3], [-2], [0.5], [[0]], [math.nan]])
def test_categories_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="categor"):
        known_axis(wrong)


def test_cells_take_their_number_from_the_numbering():
    cells = np.arange(9.0).reshape(1, 3, 3) / 36
    found = chances_of_cells(cells, MINISTRY_OF_FINANCE)
    assert found.probabilities[0] * 36 == pytest.approx([0, 1, 2, 3, 6, 4, 5, 7, 8])
    assert (found.box[0], found.near_cut[0]) == (9, True)


@pytest.mark.parametrize(("mean", "se"), [([50.0], [math.inf]), ([math.inf], [1.0]), ([math.inf], [math.inf])])
def test_what_is_infinite_is_no_evidence(mean, se):
    with pytest.raises(ValueError, match="infinite"):
        normal_axis(mean, se, 40, 60)
