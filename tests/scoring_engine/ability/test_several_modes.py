"""Any number of correlated abilities: the mode of the posterior."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from scoring_engine.ability.modes import maximum_a_posteriori
from scoring_engine.ability.posterior import Prior
from scoring_engine.ability.several import CorrelatedPrior, several_eap
from scoring_engine.ability.several_modes import several_map
from scoring_engine.curves.items import Graded, Items, Logistic, PartialCredit

CHANCE = np.random.default_rng(11)
SLOPE, PLACE = CHANCE.uniform(0.6, 2.0, 40), CHANCE.normal(0, 1, 40)
ITEMS = Items([Logistic(a, b) for a, b in zip(SLOPE, PLACE, strict=True)])
ABILITY = np.arange(40) % 5
CORRELATION = 0.5 + 0.5 * np.eye(5)
FIVE = CorrelatedPrior(
    np.array([0.0, 0.2, -0.2, 0.5, 0.0]), CORRELATION * np.outer([1, 1.2, 0.8, 1, 1], [1, 1.2, 0.8, 1, 1])
)
ANSWERS = CHANCE.integers(-1, 2, (30, 40))


def minus_log_posterior(theta, answers):
    """The textbook formula in plain loops; shares no code with the engine."""
    total = (theta - FIVE.mean) @ np.linalg.solve(FIVE.covariance, theta - FIVE.mean) / 2
    for answer, a, b, number in zip(answers, SLOPE, PLACE, ABILITY, strict=True):
        if answer >= 0:
            total += np.logaddexp(0.0, (1 - 2 * answer) * a * (theta[number] - b))
    return total


def test_agrees_with_a_general_minimiser():
    found = several_map(ANSWERS[:6], ITEMS, ABILITY, FIVE)
    for answers, theta in zip(ANSWERS[:6], found.theta, strict=True):
        best = minimize(minus_log_posterior, FIVE.mean, (answers,), method="BFGS", options={"gtol": 1e-8})
        assert theta == pytest.approx(best.x, abs=1e-6)


def test_the_covariance_inverts_information_plus_prior_precision():
    found = several_map(ANSWERS[:3], ITEMS, ABILITY, FIVE)
    for answers, theta, covariance in zip(ANSWERS[:3], found.theta, found.covariance, strict=True):
        precision = np.linalg.inv(FIVE.covariance)
        for answer, a, b, number in zip(answers, SLOPE, PLACE, ABILITY, strict=True):
            p = 1 / (1 + np.exp(-a * (theta[number] - b)))
            precision[number, number] += (answer >= 0) * a**2 * p * (1 - p)
        assert covariance == pytest.approx(np.linalg.inv(precision), abs=1e-10)


def test_uncorrelated_abilities_are_estimated_as_if_alone():
    items = Items(
        [Graded(1.4, (-1.0, 0.5)), Logistic(1.2, 0.0, 0.2), PartialCredit(0.9, (0.3, -0.5)), Logistic(1.0, 0.4)]
    )
    answers = np.array([[0, 1, 2, 1], [2, 0, 1, -1], [1, 1, 0, 0]])
    found = several_map(answers, items, [0, 1, 0, 1], CorrelatedPrior(np.array([0.0, 0.5]), np.diag([1.0, 2.25])))
    for number, prior in enumerate((Prior(), Prior(0.5, 1.5))):
        columns = [number, number + 2]
        alone = maximum_a_posteriori(answers[:, columns], items.at(columns), prior)
        assert found.theta[:, number] == pytest.approx(alone.theta, abs=1e-8)
        assert np.sqrt(found.covariance[:, number, number]) == pytest.approx(alone.se, abs=1e-8)


def test_an_ability_without_answers_borrows_by_the_regression_on_the_others():
    answers = np.where(ABILITY == 4, -1, ANSWERS)
    found = several_map(answers, ITEMS, ABILITY, FIVE)
    weights = np.linalg.solve(FIVE.covariance[:4, :4], FIVE.covariance[:4, 4])
    assert found.theta[:, 4] == pytest.approx((found.theta[:, :4] - FIVE.mean[:4]) @ weights, abs=1e-8)
    assert found.n_items[:, 4].tolist() == [0] * 30


def test_nothing_answered_gives_the_prior_back():
    found = several_map([-1] * 40, ITEMS, ABILITY, FIVE)
    assert found.theta[0] == pytest.approx(FIVE.mean, abs=1e-12)
    assert found.covariance[0] == pytest.approx(FIVE.covariance, abs=1e-12)


def test_many_answers_bring_mode_and_mean_together():
    chance = np.random.default_rng(3)
    items = Items([Logistic(1.5, b) for b in chance.normal(0, 1, 300)])
    prior = CorrelatedPrior(np.zeros(2), np.array([[1.0, 0.7], [0.7, 1.0]]))
    answers = chance.integers(0, 2, (5, 300))
    mode, mean = several_map(answers, items, [0, 1] * 150, prior), several_eap(answers, items, [0, 1] * 150, prior)
    assert mode.theta == pytest.approx(mean.theta, abs=0.01)
    assert mode.covariance == pytest.approx(mean.covariance, abs=0.001)


def test_a_person_scores_alone_as_in_any_batch():
    whole = several_map(ANSWERS, ITEMS, ABILITY, FIVE)
    alone = np.concatenate([several_map(row, ITEMS, ABILITY, FIVE).theta for row in ANSWERS])
    assert alone == pytest.approx(whole.theta, abs=1e-12)


@pytest.mark.parametrize("answer", [0, 1])
def test_extreme_answers_have_a_mode_too(answer):
    found = several_map([answer] * 40, ITEMS, ABILITY, FIVE)
    best = minimize(minus_log_posterior, FIVE.mean, ([answer] * 40,), method="BFGS", options={"gtol": 1e-8})
    assert found.theta[0] == pytest.approx(best.x, abs=1e-6)


def test_answers_that_contradict_each_other_still_have_a_mode_that_no_place_nearby_tops():
    """Steep items with guessing: the log posterior is no hill everywhere."""
    chance = np.random.default_rng(0)
    slope, place = chance.uniform(1, 6, 32), chance.normal(0, 1, 32)
    items = Items([Logistic(a, b, 0.25) for a, b in zip(slope, place, strict=True)])
    prior = CorrelatedPrior(np.zeros(4), 0.7 + 0.3 * np.eye(4))
    answers, ability = chance.integers(0, 2, (200, 32)), np.arange(32) % 4
    theta = several_map(answers, items, ability, prior).theta
    assert np.isfinite(theta).all()

    def height(at):
        right = 0.25 + 0.75 / (1 + np.exp(-slope * (at[:, ability] - place)))
        logs = np.log(np.where(answers == 1, right, 1 - right)).sum(axis=1)
        return logs - (at * np.linalg.solve(prior.covariance, at.T).T).sum(axis=1) / 2

    for direction in chance.normal(0, 1, (20, 4)):
        assert (height(theta + 1e-3 * direction) <= height(theta) + 1e-12).all()


@settings(max_examples=20)
@given(st.integers(0, 29), st.integers(0, 39))
def test_a_right_answer_raises_every_positively_correlated_ability(person, item):
    both = np.stack([ANSWERS[person], ANSWERS[person]])
    both[:, item] = (0, 1)
    wrong, right = several_map(both, ITEMS, ABILITY, FIVE).theta
    assert (right > wrong).all()


def test_input_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="item 0"):
        several_map([2] + [0] * 39, ITEMS, ABILITY, FIVE)
    with pytest.raises(ValueError, match="the items measure"):
        several_map([0] * 40, ITEMS, np.arange(40) % 4, FIVE)
