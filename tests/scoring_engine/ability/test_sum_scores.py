"""Sum scores: their distribution, and the table from sums to ability."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.ability.eap import eap
from scoring_engine.ability.posterior import Prior
from scoring_engine.ability.sum_scores import (
    SumScoreTable,
    ability_of_sums,
    category_weights,
    item_set_key,
    sum_score_ability,
    sum_score_distribution,
    sum_score_eap,
    sum_scores,
)
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit

MIXED = Items([
    Logistic(1.2, -0.5, 0.2, 0.95), Graded(1.5, (-1.0, 0.3, 1.1)), PartialCredit(0.8, (0.4, -0.2)),
    Nominal((0.5, 1.4), (0.3, -0.6)), Logistic(0.7, 1.0),
])  # fmt: skip


def logistic(z):
    return 1 / (1 + math.exp(-z))


def chances(theta):
    """The category probabilities of MIXED from the textbook formulas; shares no code with the engine."""
    right = [0.2 + 0.75 * logistic(1.2 * (theta + 0.5)), logistic(0.7 * (theta - 1.0))]
    tail = [1.0, *(logistic(1.5 * (theta - b)) for b in (-1.0, 0.3, 1.1)), 0.0]
    steps = [1.0, math.exp(0.8 * (theta - 0.4)), math.exp(0.8 * (theta - 0.4) + 0.8 * (theta + 0.2))]
    nominal = [1.0, math.exp(0.5 * theta + 0.3), math.exp(1.4 * theta - 0.6)]
    return [
        [1 - right[0], right[0]], [tail[k] - tail[k + 1] for k in range(4)], [s / sum(steps) for s in steps],
        [n / sum(nominal) for n in nominal], [1 - right[1], right[1]],
    ]  # fmt: skip


def enumerated(theta, worth):
    """Every pattern of answers, one after another."""
    items = chances(theta)
    found = np.zeros(1 + sum(max(points) for points in worth))
    for pattern in product(*(range(len(p)) for p in items)):
        score = sum(points[k] for points, k in zip(worth, pattern, strict=True))
        found[score] += math.prod(p[k] for p, k in zip(items, pattern, strict=True))
    return found


PLAIN = [(0, 1), (0, 1, 2, 3), (0, 1, 2), (0, 1, 2), (0, 1)]
KEYED = [(0, 3), (0, 1, 1, 4), (2, 0, 1), (1, 0, 2), (0, 2)]


def padded(worth):
    return [list(points) + [9] * (4 - len(points)) for points in worth]


@pytest.mark.parametrize("worth", [PLAIN, KEYED])
@pytest.mark.parametrize("theta", [-3.0, 0.1, 2.0])
def test_the_distribution_agrees_with_all_patterns_counted_one_by_one(worth, theta):
    found = sum_score_distribution([theta], MIXED, padded(worth))[0]
    assert found == pytest.approx(enumerated(theta, worth), abs=1e-14)


def test_without_weights_a_category_counts_its_number():
    assert sum_score_distribution([0.3], MIXED)[0] == pytest.approx(enumerated(0.3, PLAIN), abs=1e-14)


def test_one_weight_of_an_item_counts_for_each_of_its_steps():
    by_item = sum_score_distribution([0.3], MIXED, [2, 1, 3, 0, 1])[0]
    worth = [(0, 2), (0, 1, 2, 3), (0, 3, 6), (0, 0, 0), (0, 1)]
    assert by_item == pytest.approx(enumerated(0.3, worth), abs=1e-14)


def test_three_items_give_the_distribution_that_kolen_and_brennan_print():
    """Kolen & Brennan (2014), chapter 6, the recursion for probabilities .26, .27, .18."""
    items = Items([Logistic(1.0, -math.log(p / (1 - p))) for p in (0.26, 0.27, 0.18)])
    assert sum_score_distribution([0.0], items)[0] == pytest.approx([0.4430, 0.4167, 0.1277, 0.0126], abs=5e-5)


@pytest.mark.parametrize("length", [1, 60, 500])
def test_the_mass_is_one_at_every_ability(length):
    chance = np.random.default_rng(length)
    slopes, places = chance.uniform(0.5, 2.5, length), chance.normal(0, 1, length)
    items = Items([Graded(a, (b - 0.5, b + 0.5)) for a, b in zip(slopes, places, strict=True)])
    mass = sum_score_distribution(np.linspace(-8, 8, 33), items).sum(axis=1)
    assert np.abs(mass - 1).max() < 1e-12


def test_the_table_agrees_with_a_slow_integration_over_all_patterns():
    prior, grid = Prior(0.3, 1.2), np.linspace(-10, 10, 801)
    rows = np.array([enumerated(theta, PLAIN) for theta in grid])
    joint = rows * np.exp(-(((grid - 0.3) / 1.2) ** 2) / 2)[:, None]
    mean = (joint * grid[:, None]).sum(axis=0) / joint.sum(axis=0)
    sd = np.sqrt((joint * (grid[:, None] - mean) ** 2).sum(axis=0) / joint.sum(axis=0))
    table = sum_score_eap(MIXED, prior)
    assert table.probability == pytest.approx(joint.sum(axis=0) / joint.sum(), abs=1e-9)
    assert table.eap == pytest.approx(mean, abs=1e-6)
    assert table.sd == pytest.approx(sd, abs=1e-6)


def test_under_the_rasch_model_the_sum_says_all_that_the_pattern_says():
    items = Items([Logistic(1.0, b) for b in (-1.5, -0.3, 0.2, 0.9, 2.0)])
    answers = np.array(list(product((0, 1), repeat=5)))
    by_pattern, by_sum = eap(answers, items), sum_score_ability(answers, items)
    assert by_sum.theta == pytest.approx(by_pattern.theta, abs=1e-10)
    assert by_sum.se == pytest.approx(by_pattern.se, abs=1e-10)


def test_weighted_by_its_slopes_the_sum_of_2pl_items_says_what_the_pattern_says():
    items = Items([Logistic(0.5 * w, b) for w, b in ((1, -0.4), (2, 0.3), (3, 1.0), (2, -1.0))])
    answers = np.array(list(product((0, 1), repeat=4)))
    by_sum = sum_score_ability(answers, items, weights=[1, 2, 3, 2])
    assert by_sum.theta == pytest.approx(eap(answers, items).theta, abs=1e-10)


def test_the_mean_over_sums_is_the_prior_again():
    table, prior = sum_score_eap(MIXED, Prior(-0.4, 0.9)), Prior(-0.4, 0.9)
    mean = (table.probability * table.eap).sum()
    variance = (table.probability * (table.sd**2 + (table.eap - mean) ** 2)).sum()
    assert (table.probability.sum(), mean, variance) == pytest.approx((1.0, prior.mean, prior.sd**2), abs=1e-7)


def test_a_sum_that_no_answers_give_has_no_estimate():
    table = sum_score_eap(Items([Logistic(1.0, 0.0), Logistic(1.0, 1.0)]), weights=[2, 2])
    assert table.probability[[1, 3]].tolist() == [0.0, 0.0]
    assert np.isnan([table.eap[1], table.sd[1], table.eap[3], table.sd[3]]).all()
    with pytest.raises(ValueError, match="sum 3 of person 1"):
        ability_of_sums(table, [2, 3])


def test_a_missing_answer_takes_the_table_of_the_other_items():
    answers = np.array([[1, 2, -1, 1, 0], [-1] * 5, [1, 2, 0, 1, 0]])
    found, table = sum_score_ability(answers, MIXED), sum_score_eap(MIXED.at([0, 1, 3, 4]))
    assert (found.theta[0], found.se[0]) == (table.eap[4], table.sd[4])
    assert (found.theta[1], found.se[1], found.flag[1]) == (0.0, 1.0, "no_items")
    assert found.n_items.tolist() == [4, 0, 5]
    assert found.theta[2] != found.theta[0]


def test_weights_follow_their_items_into_a_smaller_set():
    answers, worth = np.array([[-1, -1, 1, -1, 1]]), padded(KEYED)
    table = sum_score_eap(MIXED.at([2, 4]), weights=[[2, 0, 1], [0, 2, 9]])
    assert sum_score_ability(answers, MIXED, weights=worth).theta[0] == table.eap[2]


def test_tables_made_before_are_used_again():
    answers = np.array([[1, 2, -1, 1, 0], [0, 3, -1, 2, 1], [1, 1, 1, 1, 1]])
    tables: dict[bytes, SumScoreTable] = {}
    first = sum_score_ability(answers, MIXED, tables=tables)
    kept = dict(tables)
    again = sum_score_ability(answers, MIXED, tables=tables)
    assert set(kept) == {item_set_key(row != -1) for row in answers}
    assert all(tables[key] is kept[key] for key in kept)
    assert again.theta.tobytes() == first.theta.tobytes()


def test_a_person_scores_alone_as_in_any_batch_to_the_last_byte():
    chance = np.random.default_rng(5)
    answers = np.stack([chance.integers(-1, n, 40) for n in MIXED.categories], axis=1)
    together = sum_score_ability(answers, MIXED)
    alone = np.concatenate([sum_score_ability(row, MIXED).theta for row in answers])
    assert alone.tobytes() == together.theta.tobytes()


def test_no_persons_give_no_estimates():
    assert sum_score_ability(np.empty((0, 5), dtype=int), MIXED).theta.size == 0


def test_sums_count_points_of_answered_items_only():
    assert sum_scores([[1, 3, 2, 2, 1], [-1, 3, 0, -1, 0]], MIXED).tolist() == [9, 3]
    assert sum_scores([1, 3, 0, 2, -1], MIXED, padded(KEYED)).tolist() == [3 + 4 + 2 + 2]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0.3, 3), st.floats(-2, 2)), min_size=1, max_size=8))
def test_one_point_more_never_means_less_ability(parameters):
    """The sum of right or wrong items has a monotone likelihood ratio: Grayson (1988), Psychometrika 53(3), 383-392."""
    table = sum_score_eap(Items([Logistic(a, b) for a, b in parameters]))
    assert (np.diff(table.eap) > 0).all()


@settings(max_examples=25)
@given(st.permutations(range(5)))
def test_the_order_of_items_does_not_matter(order):
    plain, turned = sum_score_eap(MIXED), sum_score_eap(MIXED.at(order))
    assert turned.eap == pytest.approx(plain.eap, abs=1e-12)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 1, 1, 1], "do not fit"),
        ([1.0, 1.0, 1.0, 1.0, 1.0], "whole numbers"),
        ([0, 0, 0, 0, 0], "worth a point"),
        ([1, 1, -1, 1, 1], "category 1 of item 2"),
        ([[0, 1]] * 5, "do not fit"),
    ],
)
def test_weights_that_are_none_are_refused(weights, message):
    with pytest.raises(ValueError, match=message):
        category_weights(MIXED, weights)


@pytest.mark.parametrize("sums", [[-1], [10], [1.5]])
def test_a_sum_outside_the_table_is_refused(sums):
    with pytest.raises(ValueError, match="sum"):
        ability_of_sums(sum_score_eap(MIXED), sums)


@pytest.mark.parametrize("theta", [[math.nan], [[0.0]], [math.inf]])
def test_abilities_that_are_no_row_of_numbers_are_refused(theta):
    with pytest.raises(ValueError, match="theta"):
        sum_score_distribution(theta, MIXED)
