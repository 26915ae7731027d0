"""The lognormal model: what it estimates, how fast people worked, and times that do not fit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import kstest, multivariate_normal, norm

from scoring_engine.validity.response_times import (
    TimeModel,
    calibrate,
    log_times,
    residuals,
    speed_eap,
    speed_ml,
    time_fit,
    too_fast,
)

MODEL = TimeModel(np.array([1.5, 2.0, 0.8, 1.2]), np.array([3.0, 4.0, 3.5, 2.0]), 0.4)


def simulate(seed, persons, model=MODEL):
    chance = np.random.default_rng(seed)
    tau = chance.normal(0, model.sigma, persons)
    noise = chance.normal(size=(persons, model.alpha.size)) / model.alpha
    return np.exp(model.beta - tau[:, None] + noise), tau


def marginal(seconds, alpha, beta, sigma):
    """The density of the log times as a plain multivariate normal, person by person."""
    total = 0.0
    for row in seconds:
        seen = np.flatnonzero(row > 0)
        if seen.size:
            covariance = np.diag(1 / alpha[seen] ** 2) + sigma**2
            total += multivariate_normal.logpdf(np.log(row[seen]), beta[seen], covariance)
    return total


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_calibration_finds_the_maximum_that_a_general_optimiser_finds(missing):
    seconds, _ = simulate(1, 150)
    seconds[np.random.default_rng(2).random(seconds.shape) < missing] = 0
    found = calibrate(seconds)

    def loss(at):
        return -marginal(seconds, np.exp(at[:4]), at[4:8], np.exp(at[8]))

    start = np.concatenate([np.zeros(4), np.full(4, 3.0), [-1.0]])
    best = minimize(loss, start, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-7})
    assert found.converged
    assert found.loglik == pytest.approx(-best.fun, abs=1e-4)
    assert found.model.alpha == pytest.approx(np.exp(best.x[:4]), rel=0.01)
    assert found.model.beta == pytest.approx(best.x[4:8], abs=1e-3)
    assert found.model.sigma == pytest.approx(np.exp(best.x[8]), rel=0.01)


def test_the_log_likelihood_told_is_that_of_the_model_told():
    seconds, _ = simulate(3, 60)
    found = calibrate(seconds)
    told = marginal(seconds, found.model.alpha, found.model.beta, found.model.sigma)
    assert found.loglik == pytest.approx(told, abs=1e-8)


def test_no_step_of_the_algorithm_lowers_the_likelihood():
    seconds, _ = simulate(4, 80)
    seconds[np.random.default_rng(4).random(seconds.shape) < 0.2] = 0
    reached = [calibrate(seconds, tolerance=0, most_iterations=n).loglik for n in range(1, 25)]
    assert (np.diff(reached) > -1e-9).all()


def test_without_missing_times_time_intensity_is_the_mean_log_time():
    seconds, _ = simulate(5, 100)
    assert calibrate(seconds).model.beta == pytest.approx(np.log(seconds).mean(axis=0), abs=1e-10)


def test_calibration_recovers_the_truth_and_leaves_nothing_at_a_bound():
    chance = np.random.default_rng(6)
    truth = TimeModel(chance.uniform(1, 3, 30), chance.normal(3.5, 0.5, 30), 0.3)
    found = calibrate(simulate(7, 4000, truth)[0])
    assert found.model.alpha == pytest.approx(truth.alpha, rel=0.06)
    assert found.model.beta == pytest.approx(truth.beta, abs=0.07)
    assert found.model.sigma == pytest.approx(0.3, rel=0.06)
    assert not found.at_bound.any()


def test_items_whose_times_are_all_speed_are_flagged_at_the_bound():
    chance = np.random.default_rng(8)
    tau = chance.normal(0, 0.5, 200)
    logs = 3.0 - tau[:, None] + chance.normal(size=(200, 4)) * np.array([0.0, 0.0, 0.5, 0.5])
    assert calibrate(np.exp(logs)).at_bound.tolist() == [True, True, False, False]


def test_iterations_that_run_out_are_told():
    assert not calibrate(simulate(9, 50)[0], most_iterations=2).converged


def test_speed_by_ml_is_the_weighted_mean_of_what_each_time_says():
    seconds = [[20.0, 0.0, 33.0, np.nan], [20.0, 55.0, 33.0, 7.0]]
    found = speed_ml(seconds, MODEL)
    for person, columns in enumerate([[0, 2], [0, 1, 2, 3]]):
        weights = [MODEL.alpha[j] ** 2 for j in columns]
        votes = [MODEL.beta[j] - math.log(seconds[person][j]) for j in columns]
        mean = sum(w * v for w, v in zip(weights, votes, strict=True)) / sum(weights)
        assert (found.tau[person], found.se[person]) == pytest.approx((mean, sum(weights) ** -0.5))
    assert found.n_items.tolist() == [2, 4]


def test_speed_by_eap_is_the_mean_of_the_posterior_on_a_fine_grid():
    row = np.array([20.0, 55.0, 0.0, 7.0])
    grid = np.linspace(-4, 4, 40001)
    weight = norm.pdf(grid, 0, MODEL.sigma)
    for j in (0, 1, 3):
        weight *= norm.pdf(np.log(row[j]), MODEL.beta[j] - grid, 1 / MODEL.alpha[j])
    mean = (grid * weight).sum() / weight.sum()
    sd = math.sqrt(((grid - mean) ** 2 * weight).sum() / weight.sum())
    found = speed_eap(row, MODEL)
    assert (found.tau[0], found.se[0]) == pytest.approx((mean, sd), abs=1e-9)


def test_a_person_without_a_time_has_no_ml_speed_and_the_prior_as_eap():
    nothing = [[0.0, np.nan, 0.0, 0.0]]
    assert np.isnan([speed_ml(nothing, MODEL).tau[0], speed_ml(nothing, MODEL).se[0]]).all()
    assert (speed_eap(nothing, MODEL).tau[0], speed_eap(nothing, MODEL).se[0]) == (0.0, pytest.approx(0.4))
    assert np.isnan([time_fit(nothing, MODEL).statistic[0], time_fit(nothing, MODEL).p[0]]).all()


def test_a_residual_is_told_from_the_other_items_alone():
    row = np.array([20.0, 55.0, 0.0, 7.0])
    for item in (0, 1, 3):
        rest = row.copy()
        rest[item] = 0
        others = speed_ml(rest, MODEL)
        foretold = MODEL.beta[item] - others.tau[0]
        sd = math.sqrt(1 / MODEL.alpha[item] ** 2 + others.se[0] ** 2)
        assert residuals(row, MODEL)[0, item] == pytest.approx((math.log(row[item]) - foretold) / sd)
    assert np.isnan(residuals(row, MODEL)[0, 2])


def test_the_only_time_of_a_person_has_no_residual_and_no_fit():
    only = [[20.0, 0.0, 0.0, 0.0]]
    assert np.isnan(residuals(only, MODEL)).all()
    assert np.isnan(time_fit(only, MODEL).p[0])


def test_residuals_and_fit_are_distributed_as_said_when_the_model_holds():
    chance = np.random.default_rng(10)
    truth = TimeModel(chance.uniform(1, 3, 20), chance.normal(3.5, 0.5, 20), 0.3)
    seconds, _ = simulate(11, 8000, truth)
    seconds[chance.random(seconds.shape) < 0.1] = 0
    fit = time_fit(seconds, truth)
    assert 0.04 < (fit.p < 0.05).mean() < 0.06
    assert kstest(fit.p, "uniform").pvalue > 0.001
    z = residuals(seconds, truth)
    assert kstest(z[:, 0][np.isfinite(z[:, 0])], "norm").pvalue > 0.001
    assert (z < -2.5).sum() / np.isfinite(z).sum() == pytest.approx(norm.cdf(-2.5), rel=0.1)


def test_fit_keeps_its_error_rate_when_the_model_was_estimated_from_the_same_people():
    seconds, _ = simulate(12, 6000)
    assert 0.04 < (time_fit(seconds, calibrate(seconds).model).p < 0.05).mean() < 0.06


def test_known_answers_given_at_once_are_found():
    chance = np.random.default_rng(13)
    truth = TimeModel(np.full(30, 2.0), chance.normal(4, 0.3, 30), 0.3)
    seconds, _ = simulate(14, 400, truth)
    seconds[:, :3] /= 8
    hard = np.arange(30) < 10
    marked = too_fast(residuals(seconds, truth), np.ones(seconds.shape, bool), hard)
    assert marked[:, :3].mean() > 0.9
    assert marked[:, 3:10].mean() < 0.01
    assert not marked[:, 10:].any()
    assert (time_fit(seconds, truth).p < 0.01).mean() > 0.9


def test_only_fast_right_answers_to_hard_items_are_marked():
    z = [[-3.0, -3.0, -3.0, -2.5, np.nan]]
    right, hard = [[True, False, True, True, True]], [True, True, False, True, True]
    assert too_fast(z, right, hard).tolist() == [[True, False, False, False, False]]


times = st.lists(st.floats(0.5, 500), min_size=4, max_size=4)


@settings(max_examples=40)
@given(times, st.floats(0.1, 10))
def test_another_unit_of_time_only_moves_time_intensity(row, unit):
    moved = TimeModel(MODEL.alpha, MODEL.beta + math.log(unit), MODEL.sigma)
    assert residuals(np.multiply(row, unit), moved) == pytest.approx(residuals(row, MODEL), abs=1e-9)
    assert speed_eap(np.multiply(row, unit), moved).tau == pytest.approx(speed_eap(row, MODEL).tau, abs=1e-9)


@settings(max_examples=40)
@given(times, st.floats(1.1, 5))
def test_a_person_twice_as_fast_on_all_items_fits_as_well(row, faster):
    slow, fast = speed_ml(row, MODEL), speed_ml(np.divide(row, faster), MODEL)
    assert fast.tau - slow.tau == pytest.approx([math.log(faster)], abs=1e-9)
    assert time_fit(np.divide(row, faster), MODEL).statistic == pytest.approx(time_fit(row, MODEL).statistic, abs=1e-8)


@settings(max_examples=40)
@given(times)
def test_eap_lies_between_ml_and_the_mean_of_speed(row):
    ml, eap = speed_ml(row, MODEL).tau[0], speed_eap(row, MODEL).tau[0]
    assert abs(eap) <= abs(ml)
    assert eap * ml >= 0


@settings(max_examples=40)
@given(times, st.permutations(range(4)))
def test_the_order_of_items_does_not_matter(row, order):
    turned = TimeModel(MODEL.alpha[order], MODEL.beta[order], MODEL.sigma)
    again = residuals(np.array(row)[order], turned)[0]
    assert again == pytest.approx(residuals(row, MODEL)[0][order], abs=1e-9)


def test_a_person_alone_gives_the_same_bytes_as_in_any_batch():
    seconds, _ = simulate(15, 500)
    seconds[3, 2] = 0
    together = (speed_eap(seconds, MODEL).tau, residuals(seconds, MODEL)[:, 1], time_fit(seconds, MODEL).p)
    for person in (0, 3, 499):
        row = np.asfortranarray(seconds[person : person + 1])
        alone = (speed_eap(row, MODEL).tau[0], residuals(row, MODEL)[0, 1], time_fit(row, MODEL).p[0])
        assert alone == tuple(part[person] for part in together)
    reordered = speed_eap(np.asfortranarray(seconds), MODEL).tau
    assert reordered.tobytes() == together[0].tobytes()


def test_a_time_of_nothing_is_missing():
    assert np.isnan(log_times([[0.0, np.nan, 1.0]])).tolist() == [[True, True, False]]


@pytest.mark.parametrize("seconds", [[[1.0, -1.0, 2.0, 3.0]], [[1.0, np.inf, 2.0, 3.0]], [[1.0, 2.0]], [[[1.0]]], []])
def test_impossible_times_are_refused(seconds):
    for function in (speed_ml, speed_eap, residuals, time_fit):
        with pytest.raises(ValueError, match="time"):
            function(seconds, MODEL)


def test_a_refused_time_is_named_by_row_and_column():
    with pytest.raises(ValueError, match="time -5 of person 1 on item 2"):
        log_times([[1.0, 2.0, 3.0], [1.0, 2.0, -5.0]])


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (np.ones((5, 1)), "one item"),
        (np.ones((5, 3)), "item 0 has 5 times"),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), "item 0 has 2 times"),
        (np.array([[1.0, 0.0], [3.0, 0.0], [2.0, 0.0]]), "item 1 has 0 times"),
    ],
)
def test_too_few_times_to_estimate_from_are_refused(seconds, sentence):
    with pytest.raises(ValueError, match=sentence):
        calibrate(seconds)


@pytest.mark.parametrize(
    ("alpha", "beta", "sigma"),
    [
        ([1.0, 0.0], [1.0, 1.0], 1.0),
        ([1.0], [1.0, 1.0], 1.0),
        ([1.0], [np.nan], 1.0),
        ([1.0], [1.0], -1.0),
        ([], [], 1.0),
    ],
)
def test_parameters_that_describe_no_items_are_refused(alpha, beta, sigma):
    with pytest.raises(ValueError):
        TimeModel(np.array(alpha), np.array(beta), sigma)


def test_marks_need_answers_and_items_of_the_same_shape():
    with pytest.raises(ValueError, match="do not fit"):
        too_fast([[1.0, 2.0]], [[True]], [True, True])


@pytest.mark.parametrize(("correct", "hard"), [([[-1, 0, 1]], [True] * 3), ([[True] * 3], [-2.0, -1.0, 2.0])])
def test_numbers_for_right_and_hard_are_refused(correct, hard):
    with pytest.raises(ValueError, match="said by True and False"):
        too_fast([[-9.0] * 3], correct, hard)
