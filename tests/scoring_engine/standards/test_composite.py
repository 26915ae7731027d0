"""One potential from several aspects."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.standards.composite import combine, combine_weighted, composite_categories
from tests.scoring_engine.standards.population import people

NAN = math.nan


def test_agrees_with_the_mean_worked_by_hand():
    found = combine([0.6, 1.2, 0.0, NAN], [0.3, 0.4, 0.5, NAN], 3)
    assert (found.theta[0], found.n_measured[0]) == (pytest.approx(0.6), 3)
    assert found.se[0] == pytest.approx(math.sqrt(0.09 + 0.16 + 0.25) / 3)
    assert found.score[0] == pytest.approx(100 * NormalDist().cdf(0.6))


def test_the_score_of_the_average_person_is_fifty():
    assert combine([0.0, 0.0], [0.3, 0.3], 1).score.tolist() == [50.0]


def test_too_few_measured_aspects_leave_the_composite_missing():
    found = combine([[0.5, NAN, NAN], [0.5, 0.7, NAN], [NAN, NAN, NAN]], np.full((3, 3), 0.4), 2)
    assert np.isnan(found.theta).tolist() == [True, False, True]
    assert np.isnan(found.se).tolist() == [True, False, True]
    assert np.isnan(found.score).tolist() == [True, False, True]
    assert found.n_measured.tolist() == [1, 2, 0]


def test_categories_agree_with_cuts_turned_into_theta():
    found = composite_categories(combine([0.6, 1.0], [0.3, 0.4], 2), 60, 80)[0]
    known = NormalDist(0.8, 0.25)
    low, high = known.cdf(NormalDist().inv_cdf(0.6)), 1 - known.cdf(NormalDist().inv_cdf(0.8))
    assert found == pytest.approx([low, 1 - low - high, high], abs=1e-9)


def test_a_missing_composite_has_no_categories():
    assert np.isnan(composite_categories(combine([0.6, NAN], [0.3, NAN], 2), 60, 80)).all()


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.1, 1)), min_size=1, max_size=8))
def test_the_composite_lies_among_its_aspects_and_is_surer_than_the_worst(aspects):
    theta, se = zip(*aspects, strict=True)
    found = combine(theta, se, 1)
    assert min(theta) - 1e-9 <= found.theta[0] <= max(theta) + 1e-9
    assert found.se[0] <= max(se) + 1e-12
    assert 0 <= found.score[0] <= 100


@pytest.mark.parametrize(
    ("theta", "se", "least", "sentence"),
    [
        ([0.0, 1.0], [0.3], 1, "shape"),
        ([0.0, 1.0], [0.3, NAN], 1, "finite"),
        ([0.0, math.inf], [0.3, 0.3], 1, "finite"),
        ([0.0, 1.0], [0.3, 0.0], 1, "positive"),
        ([0.0, 1.0], [0.3, -0.1], 1, "positive"),
        ([0.0, 1.0], [0.3, 0.3], 0, "positive"),
    ],
)
def test_aspects_that_cannot_be_averaged_are_refused(theta, se, least, sentence):
    with pytest.raises(ValueError, match=sentence):
        combine(theta, se, least)


def by_matrices(theta, se, weights, correlation):
    """One person: one common normal prior of all that was measured, by inverting matrices."""
    there = [place for place, value in enumerate(theta) if not math.isnan(value) and weights[place] > 0]
    t, error, w = (np.array([values[i] for i in there], float) for values in (theta, se, weights))
    prior = np.full((len(there),) * 2, correlation) + (1 - correlation) * np.eye(len(there))
    spread = np.linalg.inv(np.diag(1 / error**2 - 1) + np.linalg.inv(prior))
    share = w / w.sum()
    return share @ spread @ (t / error**2), math.sqrt(share @ spread @ share)


ASPECT = st.tuples(st.one_of(st.floats(-3, 3), st.just(NAN)), st.floats(0.1, 0.99), st.sampled_from([0, 0.5, 1, 3]))


@given(st.lists(ASPECT, min_size=1, max_size=8), st.floats(0.01, 0.95))
def test_correlated_aspects_agree_with_the_posterior_by_matrices(aspects, correlation):
    theta, se, weights = zip(*aspects, strict=True)
    found = combine(theta, se, 1, weights, correlation)
    counted = sum(not math.isnan(value) and weight > 0 for value, _, weight in aspects)
    assert found.n_measured[0] == counted
    if counted:
        mean, error = by_matrices(theta, se, weights, correlation)
        assert found.theta[0] == pytest.approx(mean, abs=1e-9)
        assert found.se[0] == pytest.approx(error, abs=1e-9)
    else:
        assert np.isnan(found.theta[0])


def test_almost_no_correlation_is_almost_the_plain_average():
    theta, se, weights = [0.6, 1.2, NAN, -0.4], [0.3, 0.4, NAN, 0.7], [1, 2, 1, 1]
    plain, near = combine(theta, se, 3, weights), combine(theta, se, 3, weights, 1e-9)
    assert near.theta == pytest.approx(plain.theta, abs=1e-7)
    assert near.se == pytest.approx(plain.se, abs=1e-7)
    assert plain.theta[0] == pytest.approx((0.6 + 2 * 1.2 - 0.4) / 4)


def test_an_aspect_without_weight_is_left_out_like_one_that_was_not_measured():
    counted = combine([0.5, 0.7, 3.0], [0.4, 0.4, 0.2], 2, [1, 1, 0], 0.4)
    missing = combine([0.5, 0.7, NAN], [0.4, 0.4, NAN], 2, None, 0.4)
    assert (counted.theta[0], counted.se[0], counted.n_measured[0]) == (missing.theta[0], missing.se[0], 2)
    assert np.isnan(combine([0.5, 0.7, 3.0], [0.4, 0.4, 0.2], 3, [1, 1, 0], 0.4).theta[0])


def test_answers_that_said_less_than_nothing_say_nothing():
    """A skewed posterior may be wider than its prior."""
    found = combine([1.0, 0.2], [0.5, 1.08], 1, None, 0.5)
    assert math.isfinite(found.theta[0])
    assert found.se[0] < 1


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6])
def test_what_is_stated_is_so_when_the_correlation_is_right(correlation):
    true, theta, se = people(40_000, 4, correlation, 7)
    high = composite_categories(combine(theta, se, 4, None, correlation), 60, 80)[:, 2]
    is_high = true.mean(axis=1) >= NormalDist().inv_cdf(0.8)
    for low, up in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 1.0)):
        those = (high >= low) & (high < up)
        error = math.sqrt((high[those] * (1 - high[those])).mean() / those.sum())
        assert abs(is_high[those].mean() - high[those].mean()) < 4 * error


def test_aspects_that_go_together_are_misjudged_as_if_they_did_not():
    true, theta, se = people(40_000, 4, 0.6, 7)
    high = composite_categories(combine(theta, se, 4), 60, 80)[:, 2]
    those = (high >= 0.2) & (high < 0.35)
    is_high = true[those].mean(axis=1) >= NormalDist().inv_cdf(0.8)
    assert is_high.mean() > high[those].mean() + 0.15


@pytest.mark.parametrize(
    ("weights", "correlation", "sentence"),
    [([1.0], 0.4, "weights"), ([1, -1], 0.4, "weights"), ([1, NAN], 0.4, "weights"), (None, 1.0, "correlation"),
     (None, -0.1, "correlation"), (None, NAN, "correlation")],
)  # fmt: skip
def test_weights_and_correlations_that_are_none_are_refused(weights, correlation, sentence):
    with pytest.raises(ValueError, match=sentence):
        combine([0.0, 1.0], [0.3, 0.3], 1, weights, correlation)


@pytest.mark.parametrize(("middle", "high"), [(80, 60), (0, 80), (60, 100), (60, 60)])
def test_cuts_that_are_none_are_refused(middle, high):
    with pytest.raises(ValueError, match="cut"):
        composite_categories(combine([0.0], [0.3], 1), middle, high)


def by_loops(theta, covariance, weights):
    """One person, measured aspects only, in plain loops."""
    there = [place for place, value in enumerate(theta) if not math.isnan(value)]
    whole = sum(weights[i] for i in there)
    mean = sum(weights[i] * theta[i] for i in there) / whole
    variance = sum(weights[i] * weights[j] * covariance[i][j] for i in there for j in there)
    return mean, math.sqrt(variance) / whole


def test_correlated_errors_and_weights_agree_with_plain_loops():
    chance = np.random.default_rng(2)
    theta = chance.normal(size=(30, 5))
    theta[chance.uniform(size=theta.shape) < 0.2] = NAN
    theta[:, 0] = 0.4
    roots = chance.normal(size=(30, 5, 7))
    covariance, weights = roots @ roots.transpose(0, 2, 1) / 50, [3.0, 1.0, 0.5, 2.0, 1.0]
    found = combine_weighted(theta, covariance, 1, weights)
    expected = [by_loops(row, errors, weights) for row, errors in zip(theta, covariance, strict=True)]
    assert np.stack([found.theta, found.se], axis=1) == pytest.approx(np.array(expected), abs=1e-12)
    assert found.score[0] == pytest.approx(100 * NormalDist().cdf(expected[0][0]))
    alone = [combine_weighted(theta[p], covariance[p], 1, weights) for p in range(30)]
    assert np.concatenate([one.se for one in alone]).tobytes() == found.se.tobytes()
    turned = combine_weighted(np.asfortranarray(theta), np.asfortranarray(covariance), 1, weights)
    assert (turned.theta.tobytes(), turned.se.tobytes()) == (found.theta.tobytes(), found.se.tobytes())


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.1, 1)), min_size=1, max_size=8), st.integers(1, 3))
def test_equal_weights_and_independent_errors_are_the_plain_composite(aspects, least):
    theta, se = zip(*aspects, strict=True)
    plain, found = combine(theta, se, least), combine_weighted(theta, np.diag(np.square(se)), least)
    assert found.theta == pytest.approx(plain.theta, abs=1e-12, nan_ok=True)
    assert found.se == pytest.approx(plain.se, abs=1e-12, nan_ok=True)
    assert found.n_measured.tolist() == plain.n_measured.tolist()


def test_an_error_shared_by_all_aspects_does_not_average_out():
    found = combine_weighted([0.2, 0.8, 0.5], np.full((3, 3), 0.09), 1, [1.0, 5.0, 2.0])
    assert found.se[0] == pytest.approx(0.3)


@given(st.floats(0.01, 100))
def test_only_the_proportions_of_weights_matter(size):
    theta, covariance = [[0.2, NAN, 1.1]], [[0.09, 0.02, 0.01], [0.02, 0.16, 0.0], [0.01, 0.0, 0.25]]
    plain = combine_weighted(theta, covariance, 2, [1.0, 2.0, 3.0])
    sized = combine_weighted(theta, covariance, 2, [size, 2 * size, 3 * size])
    assert (sized.theta[0], sized.se[0]) == pytest.approx((plain.theta[0], plain.se[0]), abs=1e-12)


def test_too_few_measured_aspects_leave_the_weighted_composite_missing():
    found = combine_weighted([[0.5, NAN], [0.5, 0.7], [NAN, NAN]], np.eye(2), 2)
    assert np.isnan(found.theta).tolist() == np.isnan(found.se).tolist() == [True, False, True]
    assert found.n_measured.tolist() == [1, 2, 0]


def test_what_is_said_of_an_unmeasured_aspect_is_not_looked_at():
    covariance = [[0.09, NAN], [NAN, NAN]]
    assert combine_weighted([0.5, NAN], covariance, 1).se[0] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("theta", "covariance", "least", "weights", "sentence"),
    [
        ([0.0, 1.0], np.eye(3), 1, None, "shape"),
        ([0.0, 1.0], np.eye(2), 1, [1.0], "shape"),
        ([0.0, math.inf], np.eye(2), 1, None, "finite"),
        ([0.0, 1.0], np.eye(2), 0, None, "positive"),
        ([0.0, 1.0], np.eye(2), 1, [1.0, 0.0], "positive"),
        ([0.0, 1.0], np.eye(2), 1, [1.0, NAN], "positive"),
        ([[0.0, 1.0]] * 2, [np.eye(2), np.diag([1.0, 0.0])], 1, None, "person 1"),
        ([[0.0, 1.0]] * 2, [np.eye(2), [[1.0, NAN], [NAN, 1.0]]], 1, None, "person 1"),
        ([0.0, 1.0], [[1.0, 0.5], [0.4, 1.0]], 1, None, "person 0"),
        ([0.0, 1.0], [[1.0, 2.0], [2.0, 1.0]], 1, None, "person 0"),
    ],
)
def test_what_cannot_be_weighed_is_refused(theta, covariance, least, weights, sentence):
    with pytest.raises(ValueError, match=sentence):
        combine_weighted(theta, covariance, least, weights)
