"""Several correlated abilities: the posterior mean on crossing axes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.ability.eap import eap
from scoring_engine.ability.posterior import Prior
from scoring_engine.ability.several import CorrelatedPrior, compensatory_eap, several_eap
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit

MODELS = (
    Logistic(1.3, -0.4), Logistic(0.9, 0.5, 0.2), Graded(1.6, (-0.8, 0.4)), PartialCredit(0.7, (0.3, -0.3)),
    Nominal((0.6, 1.2), (0.2, -0.5)), Logistic(2.0, 0.8), Graded(1.1, (-1.5, 0.0, 1.5)), Logistic(0.6, -1.0),
)  # fmt: skip
ITEMS = Items(MODELS)
TWO = CorrelatedPrior(np.array([0.2, -0.3]), np.array([[1.0, 0.84], [0.84, 1.44]]))
THREE = CorrelatedPrior(np.array([0.0, 0.1, -0.2]), np.array([[1.0, 0.6, 0.3], [0.6, 1.2, 0.5], [0.3, 0.5, 0.8]]))


def logistic(z):
    return 1 / (1 + np.exp(-z))


def chance_of(item, answer, theta):
    """The probability of an answer from the textbook formulas; shares no code with the engine."""
    if isinstance(item, Logistic):
        right = item.lower + (item.upper - item.lower) * logistic(item.a * (theta - item.b))
        return right if answer else 1 - right
    if isinstance(item, Graded):
        tail = [np.ones_like(theta), *(logistic(item.a * (theta - b)) for b in item.b), np.zeros_like(theta)]
        return tail[answer] - tail[answer + 1]
    if isinstance(item, PartialCredit):
        terms = [np.exp(sum((item.a * (theta - b) for b in item.b[:k]), 0 * theta)) for k in range(len(item.b) + 1)]
    else:
        terms = [np.ones_like(theta), *(np.exp(a * theta + c) for a, c in zip(item.a, item.c, strict=True))]
    return terms[answer] / sum(terms)


def integrated(likelihood, prior, points=60):
    """Gauss-Hermite over rotated, independent abilities: no axis in common with the engine."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    grids = np.meshgrid(*[nodes] * prior.mean.size, indexing="ij")
    mass = np.prod(np.meshgrid(*[weights] * prior.mean.size, indexing="ij"), axis=0).ravel()
    theta = prior.mean + np.stack([g.ravel() for g in grids], axis=1) @ np.linalg.cholesky(prior.covariance).T
    mass = mass * likelihood(theta)
    mean = (mass[:, None] * theta).sum(axis=0) / mass.sum()
    apart = theta - mean
    return mean, (mass[:, None, None] * apart[:, :, None] * apart[:, None, :]).sum(axis=0) / mass.sum()


def likelihood_of(answers, items, ability):
    def likelihood(theta):
        found = np.ones(len(theta))
        for answer, item, number in zip(answers, items, ability, strict=True):
            if answer >= 0:
                found = found * chance_of(item, answer, theta[:, number])
        return found

    return likelihood


def random_answers(seed, persons, items=ITEMS):
    chance = np.random.default_rng(seed)
    return np.stack([chance.integers(-1, n, persons) for n in items.categories], axis=1)


@pytest.mark.parametrize(("prior", "ability"), [(TWO, [0, 1, 0, 1, 0, 1, 0, 1]), (THREE, [0, 1, 2, 0, 1, 2, 0, 1])])
def test_agrees_with_a_rotated_integration_for_items_of_all_models(prior, ability):
    answers = random_answers(1, 4)
    found = several_eap(answers, ITEMS, ability, prior)
    for row, theta, covariance in zip(answers, found.theta, found.covariance, strict=True):
        mean, spread = integrated(likelihood_of(row, MODELS, ability), prior)
        assert theta == pytest.approx(mean, abs=1e-6)
        assert covariance == pytest.approx(spread, abs=1e-6)


def test_compensatory_items_agree_with_a_rotated_integration():
    slope = np.array([[1.2, 0.0], [0.8, 0.6], [0.0, 1.5], [1.0, 1.0], [0.3, 0.9]])
    intercept = np.array([0.3, -0.5, 0.2, -1.0, 0.7])
    answers = np.array([[1, 0, 1, -1, 1], [1, 1, 1, 1, 1], [0, 0, 1, 0, -1]])
    found = compensatory_eap(answers, slope, intercept, TWO)
    for row, theta, covariance in zip(answers, found.theta, found.covariance, strict=True):

        def likelihood(at, row=row):
            right = logistic(at @ slope.T + intercept)
            return np.where(row == 1, right, np.where(row == 0, 1 - right, 1.0)).prod(axis=1)

        mean, spread = integrated(likelihood, TWO)
        assert theta == pytest.approx(mean, abs=1e-7)
        assert covariance == pytest.approx(spread, abs=1e-7)
    assert found.n_items.tolist() == [[3, 3], [4, 4], [3, 3]]


def test_compensatory_items_of_one_slope_each_are_items_of_simple_structure():
    slope = np.array([[1.2, 0, 0], [0, 0.8, 0], [0, 0, 1.5], [0.7, 0, 0]])
    intercept = np.array([0.3, -0.5, 0.2, -1.0])
    items = Items([Logistic(a, -d / a) for a, d in zip(slope.max(axis=1), intercept, strict=True)])
    answers = random_answers(2, 5, items)
    plain = several_eap(answers, items, [0, 1, 2, 0], THREE)
    crossed = compensatory_eap(answers, slope, intercept, THREE)
    assert crossed.theta == pytest.approx(plain.theta, abs=1e-10)
    assert crossed.covariance == pytest.approx(plain.covariance, abs=1e-10)
    assert (crossed.n_items == plain.n_items).all()


def test_uncorrelated_abilities_are_estimated_as_if_alone():
    prior = CorrelatedPrior(np.array([0.3, -0.2]), np.diag([1.44, 0.64]))
    answers, ability = random_answers(3, 20), np.array([0, 1, 0, 1, 0, 1, 0, 1])
    found = several_eap(answers, ITEMS, ability, prior)
    for number, own in ((0, Prior(0.3, 1.2)), (1, Prior(-0.2, 0.8))):
        columns = np.flatnonzero(ability == number)
        alone = eap(answers[:, columns], ITEMS.at(columns.tolist()), own)
        assert found.theta[:, number] == pytest.approx(alone.theta, abs=1e-7)
        assert np.sqrt(found.covariance[:, number, number]) == pytest.approx(alone.se, abs=1e-6)
    assert np.abs(found.covariance[:, 0, 1]).max() < 1e-9


def test_an_ability_without_answers_borrows_by_the_regression_on_the_other():
    answers, ability = random_answers(4, 10), np.array([0, 1, 0, 1, 0, 1, 0, 1])
    answers[:, ability == 1] = -1
    answers[:, 0] = 1  # nobody has answered nothing
    found = several_eap(answers, ITEMS, ability, TWO)
    alone = eap(answers[:, ability == 0], ITEMS.at([0, 2, 4, 6]), Prior(0.2, 1.0))
    assert found.theta[:, 1] == pytest.approx(-0.3 + 0.84 * (alone.theta - 0.2), abs=1e-7)
    assert found.covariance[:, 1, 1] == pytest.approx(1.44 - 0.84**2 + 0.84**2 * alone.se**2, abs=1e-7)
    assert found.n_items[:, 1].tolist() == [0] * 10


def test_nothing_answered_gives_the_prior_back():
    found = several_eap([-1] * 8, ITEMS, [0, 1, 2, 0, 1, 2, 0, 1], THREE)
    assert (found.theta[0] == THREE.mean).all()
    assert (found.covariance[0] == THREE.covariance).all()


@pytest.mark.parametrize("persons", [1, 2, 7])
@pytest.mark.parametrize(("prior", "abilities"), [(TWO, 2), (THREE, 3)])
def test_a_person_scores_the_same_bytes_in_any_batch(prior, abilities, persons):
    items = Items(MODELS * 4)
    ability, answers = np.arange(32) % abilities, random_answers(6, 12, items)
    whole, part = (
        several_eap(answers, items, ability, prior),
        several_eap(answers[3 : 3 + persons], items, ability, prior),
    )
    assert part.theta.tobytes() == whole.theta[3 : 3 + persons].tobytes()
    assert part.covariance.tobytes() == whole.covariance[3 : 3 + persons].tobytes()


def test_compensatory_items_score_the_same_bytes_in_any_batch():
    chance = np.random.default_rng(8)
    slope, intercept = chance.uniform(0.1, 1.5, (30, 2)), chance.normal(0, 1, 30)
    answers = chance.integers(-1, 2, (90, 30))
    whole, alone = (
        compensatory_eap(answers, slope, intercept, TWO),
        compensatory_eap(answers[70], slope, intercept, TWO),
    )
    assert alone.theta.tobytes() == whole.theta[70:71].tobytes()
    assert alone.covariance.tobytes() == whole.covariance[70:71].tobytes()


@pytest.mark.parametrize("correlation", [0.0, 0.9, 0.98, -0.9])
def test_extreme_answers_of_a_long_test_agree_with_a_rotated_integration(correlation):
    prior = CorrelatedPrior(np.zeros(2), np.array([[1.0, correlation], [correlation, 1.0]]))
    items, ability = [Logistic(1.5, 2.0)] * 40, [0, 1] * 20
    answers = np.array([[1] * 40, [1, 0] * 20])
    found = several_eap(answers, Items(items), ability, prior)
    for row, theta in zip(answers, found.theta, strict=True):
        mean, _ = integrated(likelihood_of(row, items, ability), prior, points=170)
        assert theta == pytest.approx(mean, abs=1e-7)


def test_answers_far_beyond_the_prior_lengthen_the_axes():
    prior = CorrelatedPrior(np.zeros(2), np.array([[1.0, 0.5], [0.5, 1.0]]))
    items = Items([Logistic(2.5, 8.0)] * 60)
    found = several_eap([1] * 60, items, [0] * 30 + [1] * 30, prior)
    grid = np.linspace(-2, 14, 801)
    x, y = np.meshgrid(grid, grid, indexing="ij")
    log = -(x**2 - x * y + y**2) / 1.5 - 30 * np.logaddexp(0, -2.5 * (x - 8)) - 30 * np.logaddexp(0, -2.5 * (y - 8))
    weights = np.exp(log - log.max())
    assert found.theta[0, 0] == pytest.approx((weights * x).sum() / weights.sum(), abs=1e-8)
    assert found.theta[0, 0] > 6


def test_abilities_turned_round_give_estimates_turned_round():
    answers, ability = random_answers(7, 6), np.array([0, 1, 2, 0, 1, 2, 0, 1])
    order = np.array([2, 0, 1])
    turned = CorrelatedPrior(THREE.mean[order], THREE.covariance[np.ix_(order, order)])
    plain, other = (
        several_eap(answers, ITEMS, ability, THREE),
        several_eap(answers, ITEMS, np.argsort(order)[ability], turned),
    )
    assert other.theta == pytest.approx(plain.theta[:, order], abs=1e-9)
    assert other.covariance == pytest.approx(plain.covariance[:, order][:, :, order], abs=1e-9)


rows = st.tuples(*(st.integers(-1, int(n) - 1) for n in ITEMS.categories))


@settings(max_examples=25)
@given(rows, st.floats(-0.95, 0.95))
def test_covariances_are_positive_and_nothing_gets_less_certain_than_the_prior_for_log_concave_items(row, correlation):
    prior = CorrelatedPrior(np.zeros(2), np.array([[1.0, correlation], [correlation, 1.0]]))
    row = np.where(np.arange(8) == 1, -1, row)  # the guessing item is not log-concave
    covariance = several_eap(row, ITEMS, [0, 1] * 4, prior).covariance[0]
    assert np.linalg.eigvalsh(covariance)[0] > 0
    assert np.linalg.eigvalsh(prior.covariance - covariance)[0] > -1e-9


@settings(max_examples=25)
@given(rows, st.floats(0.1, 0.95))
def test_a_right_answer_raises_both_positively_correlated_abilities(row, correlation):
    prior = CorrelatedPrior(np.zeros(2), np.array([[1.0, correlation], [correlation, 1.0]]))
    both = np.array([(0, *row[1:]), (1, *row[1:])])
    wrong, right = several_eap(np.where(np.arange(8) == 1, -1, both), ITEMS, [0, 1] * 4, prior).theta
    assert (right > wrong).all()


@pytest.mark.parametrize(
    "covariance",
    [
        [[1.0, 1.0], [1.0, 1.0]],
        [[1.0, 0.2], [0.3, 1.0]],
        [[1.0, 0.0], [0.0, -1.0]],
        [[1.0]],
        [[1.0, math.nan], [0.0, 1.0]],
    ],
)
def test_a_covariance_that_is_none_is_refused(covariance):
    with pytest.raises(ValueError, match="covariance"):
        CorrelatedPrior(np.zeros(2), np.array(covariance))


@pytest.mark.parametrize(
    ("ability", "message"),
    [
        ([0] * 8, "the items measure"),
        ([0, 1] * 3, "one of each item"),
        ([0, 2] * 4, "measure"),
        ([0.0, 1.0] * 4, "whole"),
    ],
)
def test_items_that_do_not_fit_the_abilities_are_refused(ability, message):
    with pytest.raises(ValueError, match=message):
        several_eap([0] * 8, ITEMS, ability, TWO)


def test_what_would_cross_too_often_is_refused():
    items, four = Items([Logistic(2.0, 0.0)] * 300), CorrelatedPrior(np.zeros(4), np.eye(4))
    with pytest.raises(ValueError, match="several_map"):
        several_eap([1] * 300, items, [0, 1, 2] * 100, THREE)
    with pytest.raises(ValueError, match="several_map"):
        several_eap([1] * 300, items, [0, 1, 2, 3] * 75, four)


def test_answers_and_slopes_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="item 0"):
        several_eap([2, 0, 0, 0, 0, 0, 0, 0], ITEMS, [0, 1] * 4, TWO)
    for slope in ([[1.0, -0.1], [0.5, 0.5]], [[0.0, 0.0], [0.5, 0.5]], [[1.0], [1.0]], [[math.nan, 1.0], [1.0, 1.0]]):
        with pytest.raises(ValueError, match="slope"):
            compensatory_eap([0, 1], slope, [0.0, 0.0], TWO)


def test_a_covariance_may_differ_in_its_last_digit():
    chance = np.random.default_rng(1)
    for _ in range(50):
        sd, r = chance.uniform(0.5, 2, 3), np.full((3, 3), 0.4) + 0.6 * np.eye(3)
        prior = CorrelatedPrior(np.zeros(3), sd[:, None] * r * sd)
        assert (prior.covariance == prior.covariance.T).all()
