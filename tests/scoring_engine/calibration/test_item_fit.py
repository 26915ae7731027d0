"""Fit of items: S-X2, infit and outfit, Q3."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import norm

from scoring_engine.ability.modes import weighted_likelihood
from scoring_engine.calibration.calibrate import Settings, calibrate
from scoring_engine.calibration.item_fit import mean_squares, residual_correlations, score_fit
from scoring_engine.curves.items import Graded, Items, Logistic
from tests.scoring_engine.calibration.simulated import answers_of, drawn_test

SHORT = [(1.2, -0.5), (0.8, 0.3), (1.5, 0.8), (1.0, -1.0)]


def right(theta, a, b):
    return 1 / (1 + np.exp(-a * (theta - b)))


def expected_by_enumeration(item, score):
    """P(item right | sum score) over all patterns, with a normal integral of its own."""
    nodes = np.linspace(-8, 8, 401)
    weights = norm.pdf(nodes)
    having = wanted = 0.0
    for pattern in product((0, 1), repeat=4):
        if sum(pattern) == score:
            each = weights * np.prod(
                [right(nodes, a, b) if x else 1 - right(nodes, a, b) for (a, b), x in zip(SHORT, pattern, strict=True)],
                axis=0,
            )
            having += each.sum()
            wanted += pattern[item] * each.sum()
    return wanted / having


def test_sx2_agrees_with_an_enumeration_of_all_patterns():
    chance = np.random.default_rng(1)
    items = Items([Logistic(a, b) for a, b in SHORT])
    answers = answers_of(items, chance.normal(size=900), chance)
    found = score_fit(answers, items)
    sums = answers.sum(axis=1)
    for item in range(4):
        wanted = 0.0
        for score in (1, 2, 3):
            group = answers[sums == score, item]
            e, n = expected_by_enumeration(item, score), len(group)
            wanted += (group.sum() - n * e) ** 2 / (n * e * (1 - e))
        assert found.statistic[item] == pytest.approx(wanted, rel=1e-9)
    assert found.df.tolist() == [3, 3, 3, 3]
    assert found.persons == 900


@pytest.mark.parametrize("model", ["2pl", "grm"])
def test_a_twentieth_of_fitting_items_is_flagged_at_five_percent(model):
    flagged = []
    for seed in range(30):
        chance = np.random.default_rng(1000 + seed)
        items = drawn_test(model, 12, chance)
        answers = answers_of(items, chance.normal(size=600), chance)
        found = calibrate(answers, model, settings=Settings(errors=False, tolerance=1e-4))
        flagged.append(score_fit(answers, found.test(), [len(one.names) for one in found.items]).p < 0.05)
    assert 0.03 <= np.mean(flagged) <= 0.07


def test_an_item_of_another_shape_is_flagged():
    """A steep item that a third of the people guess right: a 2PL cannot follow it."""
    chance = np.random.default_rng(3)
    items = Items([*drawn_test("2pl", 20, chance).each, Logistic(3.0, 0.5, 0.33)])
    answers = answers_of(items, chance.normal(size=4000), chance)
    found = calibrate(answers, "2pl", settings=Settings(errors=False))
    assert score_fit(answers, found.test(), [2] * 21).p[20] < 1e-4


def test_persons_with_a_missing_answer_do_not_count_for_sx2():
    chance = np.random.default_rng(4)
    items = drawn_test("gpcm", 6, chance)
    answers = answers_of(items, chance.normal(size=400), chance)
    with_gaps = np.vstack([answers, np.full((50, 6), -1), np.where(np.arange(6) == 0, -1, answers[:30])])
    plain, other = score_fit(answers, items), score_fit(with_gaps, items)
    assert other.statistic == pytest.approx(plain.statistic, rel=1e-12)
    assert other.persons == 400


def test_mean_squares_agree_with_the_textbook():
    chance = np.random.default_rng(5)
    items = Items([Logistic(1.0, 0.2), Graded(1.3, (-0.5, 0.9))])
    theta = chance.normal(size=30)
    answers = answers_of(items, theta, chance)
    answers[3, 0] = -1
    found = mean_squares(answers, items, theta)
    z, w = [], []
    for person, x in enumerate(answers[:, 0]):
        if x >= 0:
            p = right(theta[person], 1.0, 0.2)
            z.append((x - p) ** 2 / (p * (1 - p)))
            w.append(p * (1 - p))
    assert found.outfit[0] == pytest.approx(np.mean(z), rel=1e-12)
    assert found.infit[0] == pytest.approx(np.dot(z, w) / np.sum(w), rel=1e-12)
    p = right(theta[answers[:, 0] >= 0], 1.0, 0.2)
    excess = ((1 - p) ** 4 * p + p**4 * (1 - p)) / (p * (1 - p)) ** 2 - 1
    outfit_sd = np.sqrt(excess.sum()) / len(z)
    assert found.outfit_t[0] == pytest.approx((np.mean(z) ** (1 / 3) - 1) * 3 / outfit_sd + outfit_sd / 3, rel=1e-10)


def test_mean_squares_of_fitting_items_are_near_one():
    chance = np.random.default_rng(6)
    items = drawn_test("rasch", 25, chance)
    theta = chance.normal(size=4000)
    found = mean_squares(answers_of(items, theta, chance), items, theta)
    assert np.abs(found.infit - 1).max() < 0.08
    assert np.mean(np.abs(found.infit_t) > 1.96) < 0.2


def test_q3_finds_the_two_items_that_ask_the_same():
    chance = np.random.default_rng(7)
    items = drawn_test("2pl", 12, chance)
    answers = answers_of(items, chance.normal(size=1500), chance, missing=0.03)
    answers[:, 5] = np.where(chance.random(1500) < 0.5, answers[:, 4], answers[:, 5])
    q3 = residual_correlations(answers, items, weighted_likelihood(answers, items).theta)
    pairs = q3[np.triu_indices(12, 1)]
    assert (q3[4, 5] == pairs.max(), q3[4, 5] > pairs.mean() + 0.2, (pairs > pairs.mean() + 0.2).sum()) == (
        True,
        True,
        1,
    )
    both = (answers[:, 0] >= 0) & (answers[:, 1] >= 0)
    theta = weighted_likelihood(answers, items).theta[both]
    residual = [answers[both, j] - right(theta, items.each[j].a, items.each[j].b) for j in (0, 1)]
    assert q3[0, 1] == pytest.approx(np.corrcoef(*residual)[0, 1], abs=1e-10)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.zeros((50, 4), dtype=int),), "100 persons with complete answers"),
        ((np.zeros((200, 4), dtype=int), [2]), "1 numbers of parameters do not fit 4 items"),
        ((np.zeros((200, 4), dtype=int), [2, 2, -1, 2]), "or one is negative"),
        ((np.full((200, 4), 2),), "response 2 of person 0"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments, sentence):
    items = Items([Logistic(a, b) for a, b in SHORT])
    with pytest.raises(ValueError, match=sentence):
        score_fit(arguments[0], items, *arguments[1:])
    with pytest.raises(ValueError, match="3 estimates do not fit 2 persons"):
        mean_squares(np.zeros((2, 4), dtype=int), items, [0.0, 0.0, 0.0])


@pytest.mark.parametrize("persons", [7, 11, 20, 100])
def test_everybody_right_correlates_with_nothing(persons):
    items = Items([Logistic(1.0, 0.1), Logistic(1.3, 0.7), Logistic(0.9, -0.4)])
    found = residual_correlations(np.ones((persons, 3), dtype=int), items, np.full(persons, 0.3))
    assert np.isnan(found[~np.eye(3, dtype=bool)]).all()


def test_who_did_not_answer_an_item_leaves_its_outfit_alone():
    items, answers = Items([Logistic(10.0, 0.0), Logistic(1.0, 0.0)]), [[-1, 1], [1, 0], [0, 1], [1, 1]]
    found = mean_squares(answers, items, [80.0, 0.1, -0.1, 0.2])
    assert found.outfit[0] == pytest.approx(mean_squares(answers[1:], items, [0.1, -0.1, 0.2]).outfit[0])
