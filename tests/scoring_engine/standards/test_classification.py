"""Accuracy and consistency of cuts, and what other cuts do."""

import math
from itertools import pairwise, product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.ability.sum_scores import sum_score_distribution
from scoring_engine.curves.items import Items
from scoring_engine.standards.classification import (
    effect_of_box_cuts,
    effect_of_cut,
    lee,
    normal_categories,
    rudner,
)
from scoring_engine.standards.joint_axes import error_covariance, joint_box_chances
from scoring_engine.standards.nine_box import box, category, normal_axis

NAN = math.nan
BEFORE, AFTER = ((60.0, 80.0), (60.0, 80.0)), ((60.0, 85.0), (55.0, 80.0))


def by_hand(theta, se, cuts):
    """One person at a time, with the standard library."""
    rows, true = [], []
    for value, error in zip(theta, se, strict=True):
        below = [0.0, *(NormalDist(value, error).cdf(cut) for cut in cuts), 1.0]
        rows.append([b - a for a, b in pairwise(below)])
        true.append(sum(value >= cut for cut in cuts))
    accuracy = sum(row[k] for row, k in zip(rows, true, strict=True)) / len(rows)
    consistency = sum(p * p for row in rows for p in row) / len(rows)
    marginal = [sum(row[k] for row in rows) / len(rows) for k in range(len(cuts) + 1)]
    chance = sum(p * p for p in marginal)
    return accuracy, consistency, chance


people = st.lists(st.tuples(st.floats(-4, 4), st.floats(0.05, 1.5)), min_size=1, max_size=12)


@given(people)
def test_rudner_agrees_with_one_person_at_a_time(persons):
    theta, se = zip(*persons, strict=True)
    found = rudner(theta, se, [-1.0, 0.2, 1.5])
    accuracy, consistency, _ = by_hand(theta, se, [-1.0, 0.2, 1.5])
    assert (found.accuracy, found.consistency) == pytest.approx((accuracy, consistency), abs=1e-12)
    assert found.table.sum() == pytest.approx(1.0, abs=1e-12)
    assert found.table.trace() == pytest.approx(found.accuracy, abs=1e-12)
    assert found.conditional_accuracy.mean() == pytest.approx(found.accuracy, abs=1e-12)
    assert found.conditional_consistency.mean() == pytest.approx(found.consistency, abs=1e-12)


def test_kappa_of_rudner_agrees_with_the_formula_of_cohen():
    theta, se = [-2.0, -0.4, 0.3, 1.7], [0.5, 0.4, 0.3, 0.6]
    _, agreed, by_chance = by_hand(theta, se, [0.0])
    assert rudner(theta, se, [0.0]).kappa == pytest.approx((agreed - by_chance) / (1 - by_chance), abs=1e-12)


def test_a_person_on_the_cut_is_a_coin_toss():
    found = rudner([0.5], [0.3], [0.5])
    assert (found.accuracy, found.consistency) == pytest.approx((0.5, 0.5))
    assert found.kappa == pytest.approx(0.0, abs=1e-12)
    assert found.table == pytest.approx(np.array([[0, 0], [0.5, 0.5]]))  # the cut belongs to the category above


def test_rudner_agrees_with_estimates_drawn_again():
    chance = np.random.default_rng(11)
    theta, se = chance.normal(0, 1, 400), chance.uniform(0.2, 0.6, 400)
    cuts, found = np.array([-0.7, 0.6]), rudner(theta, se, [-0.7, 0.6])
    first, second = (np.searchsorted(cuts, theta + se * chance.normal(size=(1000, 400))) for _ in range(2))
    assert found.accuracy == pytest.approx((first == np.searchsorted(cuts, theta)).mean(), abs=0.003)
    assert found.consistency == pytest.approx((first == second).mean(), abs=0.003)


def test_estimates_without_error_are_always_right():
    found = rudner([-1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [0.0])
    assert (found.accuracy, found.consistency, found.kappa) == (1.0, 1.0, 1.0)
    assert math.isnan(rudner([1.0, 2.0], [0.0, 0.0], [0.0]).kappa)


@given(st.floats(-4, 4), st.floats(0.1, 1.0), st.floats(1.1, 3.0))
def test_a_larger_error_never_classifies_better(theta, se, factor):
    sure, unsure = rudner([theta], [se], [0.0]), rudner([theta], [se * factor], [0.0])
    assert unsure.accuracy <= sure.accuracy + 1e-12
    assert unsure.consistency <= sure.consistency + 1e-12


@given(people, st.floats(0.2, 9), st.floats(-20, 20))
def test_another_unit_and_origin_change_no_accuracy(persons, unit, shift):
    theta, se = (np.round(column, 3) for column in zip(*persons, strict=True))
    cuts = np.array([-1.00005, 0.20005])
    moved = rudner(unit * theta + shift, unit * se, unit * cuts + shift)
    assert moved.accuracy == pytest.approx(rudner(theta, se, cuts).accuracy, abs=1e-9)


@given(st.floats(-300, 400), st.floats(0.01, 60))
def test_three_normal_categories_are_those_of_an_axis(value, error):
    assert normal_categories([value], [error], [60, 80]) == pytest.approx(normal_axis(value, error, 60, 80), abs=1e-14)


def test_a_far_category_keeps_its_digits():
    upper = normal_categories([0.0], [1.0], [9.0, 10.0])[0, 1]
    assert upper == pytest.approx(math.erfc(9 / math.sqrt(2)) / 2 - math.erfc(10 / math.sqrt(2)) / 2, rel=1e-12, abs=0)


ITEMS = Items.of([1.2, 0.8, 1.5, 1.0], [[-0.5, 0.5], [0.2], [-1.0], [0.7]])
PARAMETERS = [(1.2, (-0.5, 0.5)), (0.8, (0.2,)), (1.5, (-1.0,)), (1.0, (0.7,))]


def by_enumeration(theta, cuts):
    """Category probabilities and true category at one ability from every answer pattern, in plain loops."""

    def chance(a, b, answer):
        ends = [1.0, *(1 / (1 + math.exp(-a * (theta - cut))) for cut in b), 0.0]
        return ends[answer] - ends[answer + 1]

    categories, expected = [0.0] * (len(cuts) + 1), 0.0
    for pattern in product(*(range(len(b) + 1) for _, b in PARAMETERS)):
        p = math.prod(chance(a, b, answer) for (a, b), answer in zip(PARAMETERS, pattern, strict=True))
        categories[sum(sum(pattern) >= cut for cut in cuts)] += p
        expected += p * sum(pattern)
    return categories, sum(expected >= cut for cut in cuts)


def test_lee_agrees_with_counting_every_answer_pattern():
    theta, weights, cuts = [-2.0, -0.6, 0.1, 0.9, 2.2], [0.1, 0.2, 0.4, 0.2, 0.1], [2, 4]
    found = lee(sum_score_distribution(theta, ITEMS), cuts, weights)
    rows = [by_enumeration(one, cuts) for one in theta]
    accuracy = sum(w * row[true] for w, (row, true) in zip(weights, rows, strict=True))
    consistency = sum(w * sum(p * p for p in row) for w, (row, _) in zip(weights, rows, strict=True))
    marginal = [sum(w * row[k] for w, (row, _) in zip(weights, rows, strict=True)) for k in range(3)]
    chance = sum(p * p for p in marginal)
    assert found.probabilities == pytest.approx(np.array([row for row, _ in rows]), abs=1e-12)
    assert (found.accuracy, found.consistency) == pytest.approx((accuracy, consistency), abs=1e-12)
    assert found.kappa == pytest.approx((consistency - chance) / (1 - chance), abs=1e-12)


def test_lee_agrees_with_two_forms_answered_by_simulated_people():
    chance = np.random.default_rng(3)
    theta = np.linspace(-2.5, 2.5, 21)
    rows = sum_score_distribution(theta, ITEMS)
    draws = chance.uniform(size=(2, 4000, 21, 1))
    first, second = (np.digitize((draw > rows.cumsum(axis=1)).sum(axis=2), [3]) for draw in draws)
    found = lee(rows, [3])
    truth = np.digitize((rows * np.arange(rows.shape[1])).sum(axis=1), [3])
    assert found.consistency == pytest.approx((first == second).mean(), abs=0.005)
    assert found.accuracy == pytest.approx((first == truth).mean(), abs=0.005)


def test_a_point_has_the_same_bytes_alone_as_in_any_batch_and_any_layout():
    rows = sum_score_distribution(np.linspace(-2, 2, 30), Items.of([1.3] * 40, [[0.0]] * 40))
    found = lee(np.ascontiguousarray(rows), [15, 25]).probabilities
    assert lee(np.asfortranarray(rows), [15, 25]).probabilities.tobytes() == found.tobytes()
    alone = [lee(rows[[place]], [15, 25]).probabilities for place in range(30)]
    assert np.concatenate(alone).tobytes() == found.tobytes()


def test_equal_weights_are_the_default_and_their_size_does_not_matter():
    rows = sum_score_distribution([-1.0, 0.0, 1.0], ITEMS)
    plain, weighted = lee(rows, [2]), lee(rows, [2], [5.0, 5.0, 5.0])
    assert (plain.accuracy, plain.kappa) == pytest.approx((weighted.accuracy, weighted.kappa), abs=1e-14)


def test_an_expected_score_on_a_cut_is_above_it_in_spite_of_rounding():
    tilted = [0.1, 0.2, 0.4, 0.2, 0.1 - 1e-13]
    found = lee([[p / sum(tilted) for p in tilted]], [2])
    assert found.table[0].tolist() == [0.0, 0.0]
    assert found.accuracy == pytest.approx(0.7)


@given(st.permutations(range(5)))
def test_the_order_of_persons_does_not_matter(order):
    theta = np.array([-2.0, -0.6, 0.1, 0.9, 2.2])
    plain, turned = (lee(sum_score_distribution(one, ITEMS), [2, 4]) for one in (theta, theta[list(order)]))
    assert (turned.accuracy, turned.kappa) == pytest.approx((plain.accuracy, plain.kappa), abs=1e-12)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: rudner([], [], [0.0]), "at least one person"),
        (lambda: rudner([0.0, NAN], [1.0, 1.0], [0.0]), "theta must be finite"),
        (lambda: rudner([0.0], [NAN], [0.0]), "se must be finite"),
        (lambda: rudner([0.0], [1.0, 1.0], [0.0]), "do not go together"),
        (lambda: rudner([0.0, 0.0], [1.0, -1.0], [0.0]), "person 1"),
        (lambda: rudner([0.0], [1.0], []), "cuts must rise"),
        (lambda: rudner([0.0], [1.0], [1.0, 1.0]), "cuts must rise"),
        (lambda: normal_categories([math.inf], [1.0], [0.0]), "person 0"),
        (lambda: lee([[0.5, 0.4]], [1]), "must sum to 1"),
        (lambda: lee([[0.5, 0.5]], [1], [1.0, 1.0]), "as many weights"),
        (lambda: lee([[0.5, 0.5]], [1], [-1.0]), "none negative"),
        (lambda: lee([[0.5, 0.5]], [1], [0.0]), "at least one person"),
        (lambda: effect_of_cut([0.0], [1.0], [0.0], [0.0, 1.0]), "cannot be compared"),
        (lambda: effect_of_box_cuts([[1, 1]], np.eye(2), BEFORE, ((80, 60), (60, 80))), "cuts must rise"),
    ],
)
def test_what_cannot_be_classified_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


def test_a_raised_cut_moves_whom_it_passes():
    found = effect_of_cut([55, 79.9, 80, 84, 85, NAN], [3, 3, 3, 3, 3, 3], [60, 80], [60, 85])
    assert found.before.tolist() == [0, 1, 2, 2, 2, -1]
    assert found.after.tolist() == [0, 1, 1, 1, 2, -1]
    assert np.flatnonzero(found.moved).tolist() == [2, 3]
    assert found.transitions.tolist() == [[1, 0, 0], [0, 1, 0], [0, 2, 1]]
    inside = [NormalDist(mean, 3).cdf(85) - NormalDist(mean, 3).cdf(80) for mean in (55, 79.9, 80, 84, 85)]
    assert found.chance[:5] == pytest.approx(inside, abs=1e-12)
    assert math.isnan(found.chance[5])
    assert found.expected[2, 1] == pytest.approx(sum(inside), abs=1e-12)


values = st.lists(st.tuples(st.floats(30, 110), st.floats(0.5, 20)), min_size=1, max_size=8)
two_cuts = st.lists(st.integers(40, 100), min_size=2, max_size=2, unique=True).map(sorted)


@given(values, two_cuts, two_cuts)
def test_the_tables_of_an_effect_have_the_expected_numbers_of_both_cuts_at_their_sides(persons, before, after):
    mean, se = zip(*persons, strict=True)
    found, back = effect_of_cut(mean, se, before, after), effect_of_cut(mean, se, after, before)
    for cuts, axis in ((before, 1), (after, 0)):
        assert found.expected.sum(axis=axis) == pytest.approx(normal_categories(mean, se, cuts).sum(axis=0), abs=1e-9)
        counted = np.bincount(np.searchsorted(cuts, mean, side="right"), minlength=3)
        assert found.transitions.sum(axis=axis).tolist() == counted.tolist()
    assert back.expected.T.tolist() == found.expected.tolist()
    assert found.chance.sum() == pytest.approx(found.expected.sum() - found.expected.trace(), abs=1e-9)
    assert found.moved.sum() == found.transitions.sum() - found.transitions.trace()


@given(values, two_cuts)
def test_the_same_cuts_move_nobody(persons, cuts):
    mean, se = zip(*persons, strict=True)
    found = effect_of_cut(mean, se, cuts, cuts)
    assert not found.moved.any()
    assert not found.chance.any()


def test_moved_box_cuts_agree_with_each_person_placed_by_hand():
    chance = np.random.default_rng(6)
    mean = chance.uniform(40, 100, (60, 2))
    mean[7, 1] = NAN
    found = effect_of_box_cuts(mean, np.diag([9.0, 16.0]), BEFORE, AFTER)
    for (y, x), was, becomes in zip(mean, found.before, found.after, strict=True):
        places = [box(category(y, *cuts[0]), category(x, *cuts[1])) or -1 for cuts in (BEFORE, AFTER)]
        assert [was, becomes] == places
    assert found.transitions.sum() == 59
    assert (found.moved.sum(), found.transitions.trace()) == (59 - found.transitions.trace(), 59 - found.moved.sum())
    assert 0 < found.moved.sum() < 59


def test_expected_moves_between_boxes_agree_with_drawing_the_truth():
    chance = np.random.default_rng(7)
    mean, covariance = chance.uniform(50, 90, (40, 2)), error_covariance(np.full((40, 2), 5.0), 0.6)
    found = effect_of_box_cuts(mean, covariance, BEFORE, AFTER)
    truth = mean + chance.multivariate_normal([0, 0], covariance[0], (4000, 40))
    drawn = np.zeros((9, 9))
    numbers = []
    for cuts in (BEFORE, AFTER):
        row, column = (np.digitize(truth[..., axis], cuts[axis]) for axis in (0, 1))
        numbers.append(np.array([[1, 3, 6], [2, 5, 8], [4, 7, 9]])[row, column] - 1)
    np.add.at(drawn, (numbers[0], numbers[1]), 1 / 4000)
    assert found.expected == pytest.approx(drawn, abs=0.15)
    assert found.chance == pytest.approx((numbers[0] != numbers[1]).mean(axis=0), abs=0.035)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(40, 100), st.floats(40, 100)), min_size=1, max_size=5), st.floats(-0.95, 0.95))
def test_the_sides_of_the_table_of_boxes_are_the_box_chances_of_both_cuts(mean, r):
    covariance = error_covariance(np.full((len(mean), 2), 6.0), r)
    found = effect_of_box_cuts(mean, covariance, BEFORE, AFTER)
    for cuts, axis in ((BEFORE, 1), (AFTER, 0)):
        chances = joint_box_chances(mean, covariance, cuts).probabilities.sum(axis=0)
        assert found.expected.sum(axis=axis) == pytest.approx(chances, abs=1e-9)
