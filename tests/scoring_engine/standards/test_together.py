"""Constructs that go together: their correlation, and levels that are uncertain together."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from scoring_engine.standards.match import match_distribution, match_probabilities
from scoring_engine.standards.thresholds import ThresholdSet
from scoring_engine.standards.together import common_correlation, levels_together
from tests.scoring_engine.standards.population import people

NAN = math.nan
CUTS = np.array([-1.5, -0.5, 0.5, 1.5])
MAPPING = ThresholdSet.rising("Kurang", ("Cukup", Fraction(78)), ("Optimal", Fraction(90)))


@pytest.mark.parametrize("correlation", [0.1, 0.4, 0.7])
def test_the_correlation_of_a_population_is_found(correlation):
    _true, theta, se = people(4_000, 4, correlation, 11)
    theta[::3, 1] = NAN
    theta[::100, 1:] = NAN
    found, error = common_correlation(theta, se)
    assert abs(found - correlation) < 3.5 * error
    assert 0.005 < error < 0.03


def test_aspects_that_do_not_go_together_have_no_correlation():
    assert common_correlation(*people(4_000, 4, 0.0, 4)[1:])[0] == pytest.approx(0, abs=0.03)


def test_nobody_with_two_aspects_says_nothing_of_how_they_go_together():
    assert np.isnan(common_correlation([[0.5, NAN], [NAN, 0.2]], [[0.4, NAN], [NAN, 0.4]])).all()


def own_levels(theta, se, cuts=CUTS):
    """Levels as if each construct were alone."""
    below = np.vectorize(lambda z: 0.5 * math.erfc(-z / math.sqrt(2)))((cuts - theta[..., None]) / se[..., None])
    ends = np.zeros((*below.shape[:-1], 1))
    return np.diff(np.concatenate([ends, below, ends + 1], axis=-1), axis=-1)


def cuts_of(theta, cuts=CUTS):
    return np.broadcast_to(cuts, (*theta.shape, len(cuts)))


def test_levels_agree_with_the_joint_posterior_by_rectangles():
    """Two constructs, two levels each: the probability of each pair is one of a bivariate normal."""
    theta, se, cut = np.array([[0.3, -0.2]]), np.array([[0.6, 0.4]]), np.array([0.1])
    precision = np.diag(1 / se[0] ** 2 - 1) + np.linalg.inv([[1, 0.6], [0.6, 1]])
    spread = np.linalg.inv(precision)
    mean = spread @ (theta[0] / se[0] ** 2)
    weights, levels = levels_together(own_levels(theta, se, cut), theta, se, cuts_of(theta, cut), 0.6)
    both_low = multivariate_normal(mean, spread).cdf([0.1, 0.1])
    found = np.einsum("n,na,nb->ab", weights, levels[:, 0, 0], levels[:, 0, 1])
    assert found[0, 0] == pytest.approx(both_low, abs=1e-4)
    assert found.sum(axis=1)[0] == pytest.approx(multivariate_normal(mean[0], spread[0, 0]).cdf(0.1), abs=1e-6)


def test_without_correlation_levels_stay_as_they_are():
    _true, theta, se = people(20, 3, 0.0, 1)
    levels = own_levels(theta, se)
    weights, found = levels_together(levels, theta, se, cuts_of(theta), 0.0)
    assert weights.tolist() == [1.0]
    assert found[0].tolist() == levels.tolist()


def test_what_was_decided_or_came_without_an_estimate_stays_and_says_nothing():
    theta, se = np.array([[0.8, 0.7, NAN]]), np.array([[0.5, 0.5, NAN]])
    levels = own_levels(theta, se)
    levels[0, 2] = [0.1, 0.2, 0.4, 0.2, 0.1]
    levels[0, 1] = [0, 0, 0, 0, 1]
    weights, found = levels_together(levels, theta, se, cuts_of(theta), 0.5)
    assert (found[:, 0, 2] == levels[0, 2]).all()
    assert (found[:, 0, 1] == levels[0, 1]).all()
    assert found[:, 0, 0].std(axis=0).max() > 0.02
    assert (weights @ found.sum(axis=3)[:, 0]).tolist() == pytest.approx([1, 1, 1])


def test_nine_nodes_are_enough():
    _true, theta, se = people(200, 9, 0.6, 2)
    theta, se = theta[:, :9], se[:, :9]
    weights, levels = levels_together(own_levels(theta, se), theta, se, cuts_of(theta), 0.6)
    found = match_probabilities(levels, [3] * 9, MAPPING, weights=weights)
    drawn = np.random.default_rng(4).standard_normal((40_000, 1))
    for person in range(0, 200, 40):
        precision = np.diag(1 / se[person] ** 2 - 1) + np.linalg.inv(np.full((9, 9), 0.6) + 0.4 * np.eye(9))
        spread = np.linalg.inv(precision)
        draws = np.random.default_rng(person).multivariate_normal(
            spread @ (theta[person] / se[person] ** 2), spread, len(drawn)
        )
        sums = (draws[:, :, None] >= CUTS).sum(axis=2).sum(axis=1) + 9
        shares = np.bincount([MAPPING.position(Fraction(100 * int(one), 27)) for one in sums], minlength=3) / len(sums)
        assert found[person] == pytest.approx(shares, abs=0.012)


@pytest.mark.parametrize("correlation", [0.3, 0.6])
def test_categories_of_a_match_are_as_probable_as_stated(correlation):
    true, theta, se = people(6000, 9, correlation, 9)
    sums = (true[:, :, None] >= CUTS).sum(axis=2).sum(axis=1) + 9
    category = np.array([MAPPING.position(Fraction(100 * int(one), 27)) for one in sums])
    weights, levels = levels_together(own_levels(theta, se), theta, se, cuts_of(theta), correlation)
    found = match_probabilities(levels, [3] * 9, MAPPING, weights=weights)
    for place, (low, up) in itertools.product(range(3), [(0.1, 0.3), (0.3, 0.6), (0.6, 0.95)]):
        stated = found[(found[:, place] >= low) & (found[:, place] < up), place]
        so = category[(found[:, place] >= low) & (found[:, place] < up)] == place
        if len(stated) > 50:
            assert abs(so.mean() - stated.mean()) < 4 * math.sqrt((stated * (1 - stated)).mean() / len(stated))


def test_company_changes_no_bit():
    _true, theta, se = people(50, 9, 0.5, 3)
    levels = own_levels(theta, se)
    weights, all_of_them = levels_together(levels, theta, se, cuts_of(theta), 0.5)
    _percentages, chances = match_distribution(all_of_them, [3] * 9, weights=weights)
    for one in (0, 17, 49):
        here = slice(one, one + 1)
        alone = levels_together(levels[here], theta[here], se[here], cuts_of(theta[here]), 0.5)[1]
        assert (alone == all_of_them[:, here]).all()
        assert (match_distribution(alone, [3] * 9, weights=weights)[1] == chances[here]).all()


@pytest.mark.parametrize(
    ("theta", "cuts", "correlation", "sentence"),
    [
        ([[0.0]], [[CUTS]], 0.5, "fit together"),
        ([[0.0, 0.0]], [[CUTS[:3], CUTS[:3]]], 0.5, "fit together"),
        ([[0.0, 0.0]], [[CUTS, CUTS]], 1.0, "correlation"),
    ],
)
def test_what_does_not_fit_together_is_refused(theta, cuts, correlation, sentence):
    levels = np.full((1, 2, 5), 0.2)
    with pytest.raises(ValueError, match=sentence):
        levels_together(levels, theta, np.full(np.shape(theta), 0.5), cuts, correlation)


def test_weights_that_do_not_fit_levels_are_refused():
    with pytest.raises(ValueError, match="weights"):
        match_distribution(np.full((2, 1, 3, 5), 0.2), [3] * 3, weights=[1.0])
    with pytest.raises(ValueError, match="weights"):
        match_distribution(np.full((1, 3, 5), 0.2), [3] * 3, weights=[1.0])
