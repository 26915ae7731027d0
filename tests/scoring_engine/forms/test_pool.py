"""The criteria of adaptive testing against plain loops."""

import numpy as np
import pytest

from scoring_engine.ability.posterior import Prior
from scoring_engine.forms.pool import CRITERIA, INFORMATION, POSTERIOR_VARIANCE, WEIGHTED_INFORMATION, Pool
from tests.scoring_engine.forms.banks import (
    MIXED,
    bank,
    slow_information,
    slow_moments,
    slow_p,
    slow_posterior,
)

GIVEN, ANSWERS = [0, 3, 5], [1, 2, 1]


def known(pool, given=GIVEN, answers=ANSWERS, copies=1):
    """The engine's posterior after some answers, and its mean."""
    weights = np.exp(-((pool.nodes - pool.prior.mean) ** 2) / (2 * pool.prior.sd**2))[:, None]
    for item, answer in zip(given, answers, strict=True):
        weights = weights * pool.p[:, item, answer][:, None]
    weights = np.repeat(weights / weights.sum(), copies, axis=1)
    return weights, (weights * pool.nodes[:, None]).sum(axis=0)


def expected_variance(items, candidate):
    """What the posterior variance is after the candidate's answer, on average, answer by answer."""
    thetas, weights = slow_posterior(items, GIVEN, ANSWERS)
    total = 0.0
    for category in range(items.categories[candidate]):
        p = [slow_p(items.each[candidate], theta)[category] for theta in thetas]
        chance = sum(w * one for w, one in zip(weights, p, strict=True))
        total += chance * slow_moments(thetas, [w * one / chance for w, one in zip(weights, p, strict=True)])[1] ** 2
    return total


def test_information_is_that_at_the_estimate_to_half_a_step_of_the_table():
    pool = Pool.of(MIXED, 8)
    theta = np.array([-1.3, 0.0, 0.777, 1.2])
    slow = [[slow_information(item, at) for item in MIXED.each] for at in theta]
    weights = np.full((pool.nodes.size, 4), 1 / pool.nodes.size)
    assert pool.values(INFORMATION, weights, theta) == pytest.approx(np.array(slow), abs=0.004)


def test_an_estimate_at_either_end_of_the_table_has_the_information_of_that_end():
    pool = Pool.of(bank(1, 30), 10)
    weights = np.full((pool.nodes.size, 2), 1 / pool.nodes.size)
    far = pool.values(INFORMATION, weights, np.array([-50.0, 50.0]))
    assert (far == pool.information[[0, -1]]).all()


def test_weighted_information_is_the_mean_of_information_over_the_posterior():
    pool = Pool.of(MIXED, 8)
    thetas, weights = slow_posterior(MIXED, GIVEN, ANSWERS)
    slow = [
        sum(w * slow_information(item, theta) for theta, w in zip(thetas, weights, strict=True)) for item in MIXED.each
    ]
    assert pool.values(WEIGHTED_INFORMATION, *known(pool))[0] == pytest.approx(slow, abs=1e-6)


def test_the_expected_fall_of_the_variance_is_what_averaging_over_answers_gives():
    pool = Pool.of(MIXED, 8)
    before = slow_moments(*slow_posterior(MIXED, GIVEN, ANSWERS))[1] ** 2
    slow = [before - expected_variance(MIXED, candidate) for candidate in range(len(MIXED))]
    assert pool.values(POSTERIOR_VARIANCE, *known(pool))[0] == pytest.approx(slow, abs=2e-6)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_values_are_the_same_to_the_last_bit_alone_and_among_others(criterion):
    pool = Pool.of(bank(2, 50), 20)
    weights, theta = known(pool, range(5), [1, 0, 1, 1, 0], copies=700)
    alone = pool.values(criterion, weights[:, :1].copy(), theta[:1])
    assert (pool.values(criterion, weights, theta) == alone).all()


@pytest.mark.parametrize("criterion", CRITERIA)
def test_another_order_of_the_bank_only_relabels_the_values(criterion):
    pool, turned = Pool.of(MIXED, 8), Pool.of(MIXED.at(range(7, -1, -1)), 8)
    plain = pool.values(criterion, *known(pool))
    other = turned.values(criterion, *known(turned, [7 - item for item in GIVEN]))
    assert other[:, ::-1] == pytest.approx(plain, abs=1e-6)


def test_no_item_can_be_expected_to_lose_what_is_known():
    pool = Pool.of(bank(3, 40), 20)
    weights, theta = known(pool, range(10), [0, 1] * 5)
    assert (pool.values(POSTERIOR_VARIANCE, weights, theta) >= 0).all()


def test_nodes_are_at_most_half_the_narrowest_standard_error_apart():
    items = bank(4, 200)
    pool = Pool.of(items, 50)
    narrowest = 1 / np.sqrt(1 + np.sort([item.a**2 / 4 for item in items.each])[-50:].sum())
    assert pool.nodes[1] - pool.nodes[0] <= narrowest / 2 + 1e-12


def test_the_table_follows_the_scale_of_the_prior():
    pool = Pool.of(bank(4, 60), 10, Prior(100.0, 15.0))
    assert pool.thetas[0] < 100 < pool.thetas[-1]
    assert np.diff(pool.thetas) == pytest.approx(np.full(pool.thetas.size - 1, 0.01), abs=1e-9)


@pytest.mark.parametrize("longest", [0, 9])
def test_a_test_longer_than_the_bank_is_refused(longest):
    with pytest.raises(ValueError, match="cannot be taken from 8"):
        Pool.of(MIXED, longest)
