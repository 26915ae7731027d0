"""Calibration of forced-choice statements of several traits."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from scoring_engine.calibration.choice_correlations import ChoiceCorrelations, implied_correlations, tetrachoric
from scoring_engine.calibration.thurstonian import calibrate
from scoring_engine.instruments.thurstonian import score
from scoring_engine.instruments.trait_blocks import TraitBlocks, of_picks, of_rankings


def correlated(traits, correlation=0.3):
    return np.full((traits, traits), correlation) + (1 - correlation) * np.eye(traits)


def true_blocks(size, count, traits, seed=0):
    """Blocks in the metric of the calibration: the first mean 0 and psi 1, psi of pairs 0.5."""
    chance, statements = np.random.default_rng(seed), size * count
    turned = np.arange(statements) % 3 == np.arange(statements) // 3 % 3
    mean, psi = chance.normal(0, 0.4, statements), chance.uniform(0.7, 1.3, statements)
    mean[::size], psi[::size] = 0.0, 1.0
    loading = np.where(turned, -1.0, 1.0) * chance.uniform(0.6, 1.2, statements)
    trait = np.arange(statements) % traits
    return TraitBlocks((size,) * count, mean, loading, np.full(statements, 0.5) if size == 2 else psi, trait)


def ranked(blocks, phi, persons, seed):
    chance, statements = np.random.default_rng(seed), sum(blocks.sizes)
    theta = chance.multivariate_normal(np.zeros(len(phi)), phi, persons)
    error = chance.normal(size=(persons, statements)) * np.sqrt(blocks.psi)
    utility = (blocks.mean + blocks.loading * theta[:, blocks.trait] + error).reshape(persons, len(blocks.sizes), -1)
    return of_rankings((-utility).argsort(axis=2).argsort(axis=2).reshape(persons, -1), blocks.sizes)


@pytest.mark.parametrize(("size", "count", "traits"), [(2, 20, 3), (3, 8, 3), (4, 5, 3)])
def test_the_true_parameters_come_back(size, count, traits):
    blocks, phi = true_blocks(size, count, traits, seed=size), correlated(traits)
    choices = ranked(blocks, phi, 3000, seed=size)
    found = calibrate(choices, blocks.trait, np.sign(blocks.loading))
    assert found.converged
    assert not found.at_limit.any()
    assert math.sqrt(((found.blocks.loading - blocks.loading) ** 2).mean()) < 0.12
    assert math.sqrt(((found.blocks.mean - blocks.mean) ** 2).mean()) < 0.1
    assert found.phi == pytest.approx(phi, abs=0.1)
    true, estimated = score(choices, blocks, phi).theta, score(choices, found.blocks, found.phi).theta
    assert min(np.corrcoef(true[:, trait], estimated[:, trait])[0, 1] for trait in range(traits)) > 0.998


def test_uniquenesses_of_blocks_of_three_come_back():
    plain, phi = true_blocks(3, 8, 3, seed=4), correlated(3)
    psi = np.tile([1.0, 0.5, 2.0], 8)
    blocks = TraitBlocks(plain.sizes, plain.mean, plain.loading, psi, plain.trait)
    found = calibrate(ranked(blocks, phi, 5000, seed=4), blocks.trait, np.sign(blocks.loading)).blocks.psi
    assert [np.median(found[1::3]), np.median(found[2::3])] == pytest.approx([0.5, 2.0], rel=0.15)


def test_blocks_about_one_trait_give_its_differences_of_loadings():
    blocks = true_blocks(2, 12, 1, seed=6)
    found = calibrate(ranked(blocks, np.eye(1), 4000, seed=6), blocks.trait, np.sign(blocks.loading))
    apart = blocks.loading[::2] - blocks.loading[1::2]
    assert found.converged
    assert np.abs(found.blocks.loading[::2]) == pytest.approx(np.full(12, 0.8))
    assert found.blocks.loading[::2] - found.blocks.loading[1::2] == pytest.approx(apart, abs=0.25)


def test_persons_who_left_blocks_out_are_used_for_the_others():
    blocks, phi = true_blocks(3, 6, 3, seed=7), correlated(3)
    whole = ranked(blocks, phi, 4000, seed=7)
    order = whole.order.reshape(4000, 6, 3).copy()
    order[np.random.default_rng(7).random((4000, 6)) < 0.2] = -1
    found = calibrate(type(whole)(whole.sizes, order.reshape(4000, 18), True), blocks.trait, np.sign(blocks.loading))
    assert found.converged
    assert math.sqrt(((found.blocks.loading - blocks.loading) ** 2).mean()) < 0.12


def test_a_fit_that_was_stopped_says_so_and_shows_its_last_state():
    blocks = true_blocks(3, 6, 3)
    found = calibrate(ranked(blocks, correlated(3), 500, seed=1), blocks.trait, np.sign(blocks.loading), most=1)
    assert not found.converged
    assert found.blocks.loading.shape == (18,)


def test_a_key_of_the_other_sign_turns_the_trait_round():
    blocks = true_blocks(3, 6, 3)
    choices, key = ranked(blocks, correlated(3), 1000, seed=2), np.sign(blocks.loading)
    other = np.where(blocks.trait == 0, -key, key)
    there, back = calibrate(choices, blocks.trait, key), calibrate(choices, blocks.trait, other)
    first = blocks.trait == 0
    assert back.blocks.loading[first] == pytest.approx(-there.blocks.loading[first], abs=1e-3)
    assert back.phi[0, 1:] == pytest.approx(-there.phi[0, 1:], abs=1e-3)


@settings(max_examples=30)
@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5), st.floats(-0.9, 0.9))
def test_a_tetrachoric_correlation_is_that_of_the_normals_behind_it(h, k, correlation):
    both = multivariate_normal.cdf([h, k], cov=[[1, correlation], [correlation, 1]])
    assert tetrachoric([norm.cdf(h)], [norm.cdf(k)], [both])[0] == pytest.approx(correlation, abs=1e-5)


def test_at_the_median_a_tetrachoric_correlation_is_a_sine():
    """Sheppard (1899): for thresholds at 0 the probability of both is 1/4 + arcsin(r) / (2 pi)."""
    correlation = np.array([-0.9, -0.2, 0.0, 0.5, 0.99])
    both = 0.25 + np.arcsin(correlation) / (2 * math.pi)
    assert tetrachoric(np.full(5, 0.5), np.full(5, 0.5), both) == pytest.approx(correlation, abs=1e-9)


def test_implied_correlations_are_those_of_utility_differences_term_by_term():
    blocks, phi = true_blocks(3, 2, 3, seed=9), correlated(3, 0.4)
    found = implied_correlations(blocks, phi)

    def covariance(first, second):
        summed = 0.0
        for a, sign_a in zip(first, (1, -1), strict=True):
            for b, sign_b in zip(second, (1, -1), strict=True):
                shared = blocks.psi[a] if a == b else 0.0
                common = blocks.loading[a] * blocks.loading[b] * phi[blocks.trait[a], blocks.trait[b]]
                summed += sign_a * sign_b * (common + shared)
        return summed

    pairs = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]
    for i, first in enumerate(pairs):
        for k, second in enumerate(pairs):
            spread = math.sqrt(covariance(first, first) * covariance(second, second))
            assert found[i, k] == pytest.approx(covariance(first, second) / spread, abs=1e-12)


@pytest.mark.parametrize(("size", "traits"), [(2, 1), (3, 3), (4, 3)])
def test_derivatives_of_implied_correlations_agree_with_differences(size, traits):
    model = ChoiceCorrelations(true_blocks(size, 4, traits))
    free, step = model.first() + np.random.default_rng(size).normal(0, 0.1, model.first().size), 1e-6
    derivative = model.jacobian(free)
    for one in range(free.size):
        move = step * (np.arange(free.size) == one)
        apart = (model.correlations(free + move) - model.correlations(free - move))[model.upper] / (2 * step)
        assert derivative[:, one] == pytest.approx(apart, abs=1e-8)


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ([0.5], [0.5], [0.5]),
        ([0.5], [0.5], [0.0]),
        ([0.9], [0.9], [0.7]),
        ([1.0], [0.5], [0.4]),
        ([math.nan], [0.5], [0.2]),
    ],
)
def test_probabilities_of_no_two_normals_are_refused(first, second, both):
    with pytest.raises(ValueError):
        tetrachoric(first, second, both)


def test_data_that_cannot_be_calibrated_are_refused():
    blocks = true_blocks(3, 6, 3)
    choices, key = ranked(blocks, correlated(3), 300, seed=3), np.sign(blocks.loading)
    few, same = ranked(blocks, correlated(3), 20, seed=3), of_rankings(np.tile([0, 1, 2], (300, 6)), blocks.sizes)
    with pytest.raises(ValueError, match="20 persons are too few"):
        calibrate(few, blocks.trait, key)
    with pytest.raises(ValueError, match="all persons agree"):
        calibrate(same, blocks.trait, key)
    with pytest.raises(ValueError, match="a key is 1 or -1"):
        calibrate(choices, blocks.trait, 0 * key)
    with pytest.raises(ValueError, match="trait has not one number"):
        calibrate(choices, blocks.trait[:5], key)
    with pytest.raises(ValueError, match="let people rank it"):
        calibrate(of_picks(np.zeros((300, 1), int), np.ones((300, 1), int), (4,)), [0, 0, 0, 0], np.ones(4))
