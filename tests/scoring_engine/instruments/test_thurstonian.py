"""Several traits from picks and rankings, with their errors and reliabilities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm

from scoring_engine.instruments.block_information import (
    information,
    marginal_reliability,
    refuse_ipsative,
    weakest_direction,
)
from scoring_engine.instruments.thurstonian import empirical_reliability, score
from scoring_engine.instruments.trait_blocks import TraitBlocks, of_picks, of_rankings


def correlated(traits, correlation=0.3):
    return np.full((traits, traits), correlation) + (1 - correlation) * np.eye(traits)


def keyed_both_ways(size, count, traits, seed=0):
    chance, statements = np.random.default_rng(seed), size * count
    turned = np.arange(statements) % size == np.arange(statements) // size % size
    signs = np.where(turned, -1.0, 1.0)
    return TraitBlocks(
        (size,) * count, chance.normal(0, 0.4, statements), signs * chance.uniform(0.6, 1.3, statements),
        chance.uniform(0.6, 1.4, statements), np.arange(statements) % traits,
    )  # fmt: skip


def simulated(blocks, phi, persons, seed):
    chance, statements = np.random.default_rng(seed), sum(blocks.sizes)
    theta = chance.multivariate_normal(np.zeros(len(phi)), phi, persons)
    error = chance.normal(size=(persons, statements)) * np.sqrt(blocks.psi)
    utility = blocks.mean + blocks.loading * theta[:, blocks.trait] + error
    return theta, utility.reshape(persons, len(blocks.sizes), -1)


def picked(utility):
    sizes = (utility.shape[2],) * utility.shape[1]
    return of_picks(utility.argmax(axis=2), utility.argmin(axis=2), sizes)


def ranked(utility):
    ranks = (-utility).argsort(axis=2).argsort(axis=2)
    return of_rankings(ranks.reshape(len(utility), -1), (utility.shape[2],) * utility.shape[1])


def slow_peak(utility, blocks, phi):
    """Peak of one person's log-posterior by a simplex search, with errors from differences; blocks of three."""
    precision = np.linalg.inv(phi)

    def surprise(theta):
        total = theta @ precision @ theta / 2
        for block, row in enumerate(utility):
            most, middle, least = 3 * block + np.argsort(-row)
            place = {
                one: blocks.mean[one] + blocks.loading[one] * theta[blocks.trait[one]] for one in (most, middle, least)
            }
            sd = {one: math.sqrt(blocks.psi[one]) for one in place}
            u = np.linspace(-9, 9, 1201)
            chance = norm.pdf(u, place[middle], sd[middle]) * norm.sf(u, place[most], sd[most])
            total -= math.log((chance * norm.cdf(u, place[least], sd[least])).sum() * (u[1] - u[0]))
        return total

    found = minimize(
        surprise, np.zeros(len(phi)), method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 2000}
    ).x
    step, traits = 1e-3, len(phi)
    move = step * np.eye(traits)
    curvature = [
        [
            sum(a * b * surprise(found + a * move[i] + b * move[k]) for a in (1, -1) for b in (1, -1)) / (4 * step**2)
            for i in range(traits)
        ]
        for k in range(traits)
    ]
    return found, np.sqrt(np.diagonal(np.linalg.inv(curvature)))


@pytest.mark.parametrize("seed", [1, 2])
def test_agrees_with_a_simplex_search_of_the_exact_posterior(seed):
    blocks, phi = keyed_both_ways(3, 5, 2, seed), correlated(2)
    utility = simulated(blocks, phi, 1, seed)[1]
    scores = score(picked(utility), blocks, phi)
    theta, se = slow_peak(utility[0], blocks, phi)
    assert scores.theta[0] == pytest.approx(theta, abs=1e-5)
    assert scores.se[0] == pytest.approx(se, abs=1e-4)


def test_one_pair_of_one_trait_has_its_peak_where_prior_and_hazard_balance():
    """At the peak of theta^2 / 2 - log Phi(k theta) theta equals k times the inverse Mills ratio."""
    blocks = TraitBlocks((2,), np.zeros(2), np.array([1.0, -1.0]), np.array([0.5, 0.5]), np.array([0, 0]))
    theta = score(of_picks([0], [1], (2,)), blocks, [[1.0]]).theta[0, 0]
    assert theta == pytest.approx(2 * norm.pdf(2 * theta) / norm.cdf(2 * theta), abs=1e-6)


@pytest.mark.parametrize(("size", "choose"), [(2, picked), (3, picked), (4, picked), (4, ranked)])
def test_95_percent_intervals_cover_93_to_97_percent_of_true_traits(size, choose):
    blocks, phi = keyed_both_ways(size, 12, 3, seed=size), correlated(3)
    theta, utility = simulated(blocks, phi, 700, seed=size)
    scores = score(choose(utility), blocks, phi)
    assert scores.converged.all()
    assert 0.93 < (np.abs(scores.theta - theta) < 1.96 * scores.se).mean() < 0.97


def test_the_errors_of_two_traits_are_correlated_as_the_covariance_says():
    blocks, phi = keyed_both_ways(3, 10, 2, seed=5), correlated(2, 0.5)
    theta, utility = simulated(blocks, phi, 1500, seed=5)
    scores = score(picked(utility), blocks, phi)
    assert np.cov((scores.theta - theta).T)[0, 1] == pytest.approx(scores.covariance[:, 0, 1].mean(), abs=0.02)


def test_reliabilities_are_the_squared_correlation_with_the_true_trait():
    blocks, phi = keyed_both_ways(3, 20, 3, seed=8), correlated(3)
    theta, utility = simulated(blocks, phi, 1500, seed=8)
    scores = score(picked(utility), blocks, phi)
    squared = [np.corrcoef(scores.theta[:, trait], theta[:, trait])[0, 1] ** 2 for trait in range(3)]
    assert empirical_reliability(scores) == pytest.approx(squared, abs=0.03)
    assert marginal_reliability(blocks, phi) == pytest.approx(squared, abs=0.03)


def test_a_whole_ranking_of_four_tells_more_than_its_ends():
    blocks = keyed_both_ways(4, 6, 3)
    places = np.array([[0.0, 0.0, 0.0], [1.0, -1.0, 0.5]])
    more = information(places, blocks, strict=True) - information(places, blocks)
    assert (np.linalg.eigvalsh(more)[:, -1] > 0.05).all()
    assert (np.linalg.eigvalsh(more)[:, 0] > -1e-3).all()


def test_information_is_that_of_a_probit_where_blocks_are_pairs():
    """For P = Phi(z), z linear in theta: density squared over P (1 - P), times the outer product of slopes."""
    blocks = TraitBlocks((2,), np.array([0.3, 0.0]), np.array([1.0, -0.7]), np.array([0.4, 0.6]), np.array([0, 1]))
    z = 0.3 + 1.0 * 0.5 + 0.7 * -0.2
    weight = norm.pdf(z) ** 2 / (norm.cdf(z) * norm.sf(z))
    expected = weight * np.outer([1.0, 0.7], [1.0, 0.7])
    assert information([[0.5, -0.2]], blocks)[0] == pytest.approx(expected, abs=1e-10)


def test_picks_and_rankings_of_three_are_the_same_choice():
    blocks, phi = keyed_both_ways(3, 6, 3), correlated(3)
    utility = simulated(blocks, phi, 20, seed=3)[1]
    assert score(picked(utility), blocks, phi).theta.tolist() == score(ranked(utility), blocks, phi).theta.tolist()


def test_orders_name_the_statements_from_most_to_least_fitting():
    assert of_picks([[2], [-1]], [[0], [-1]], (4,)).order.tolist() == [[2, 1, 3, 0], [-1, -1, -1, -1]]
    assert of_rankings([[2, 0, 1, 1, 0], [-1, -1, -1, 0, 1]], (3, 2)).order.tolist() == [
        [1, 2, 0, 1, 0],
        [-1, -1, -1, 0, 1],
    ]


def test_a_person_without_an_answer_gets_the_prior_back():
    blocks = keyed_both_ways(3, 6, 3)
    scores = score(of_picks([[-1] * 6, [0] * 6], [[-1] * 6, [1] * 6], blocks.sizes), blocks, correlated(3))
    assert (scores.theta[0].tolist(), scores.n_items.tolist()) == ([0.0] * 3, [0, 6])
    assert scores.covariance[0] == pytest.approx(correlated(3), abs=1e-12)


def test_an_unanswered_block_is_the_same_as_a_test_without_it():
    whole, phi = keyed_both_ways(3, 7, 3), correlated(3)
    shorter = TraitBlocks((3,) * 6, whole.mean[:18], whole.loading[:18], whole.psi[:18], whole.trait[:18])
    most, least = [0, 1, 2, 0, 1, 2], [1, 2, 0, 2, 0, 1]
    gap = score(of_picks([*most, -1], [*least, -1], whole.sizes), whole, phi)
    assert gap.theta.tolist() == score(of_picks(most, least, shorter.sizes), shorter, phi).theta.tolist()


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_person_scores_alone_with_the_bytes_of_any_batch(size):
    blocks, phi = keyed_both_ways(size, 6, 3), correlated(3)
    utility = simulated(blocks, phi, 25, seed=size)[1]
    together = score(picked(utility), blocks, phi)
    alone = [score(picked(utility[[person]]), blocks, phi) for person in range(25)]
    assert np.array_equal(np.concatenate([one.theta for one in alone]), together.theta)
    assert np.array_equal(np.concatenate([one.se for one in alone]), together.se)


def test_no_persons_give_no_scores():
    blocks = keyed_both_ways(3, 6, 3)
    assert score(
        of_picks(np.empty((0, 6), int), np.empty((0, 6), int), blocks.sizes), blocks, correlated(3)
    ).theta.shape == (
        0,
        3,
    )


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)), st.integers(0, 1000))
def test_the_order_of_blocks_does_not_matter(order, seed):
    blocks, phi = keyed_both_ways(3, 6, 3), correlated(3)
    utility = simulated(blocks, phi, 3, seed)[1]
    columns = np.concatenate([np.arange(3 * block, 3 * block + 3) for block in order])
    turned = TraitBlocks(
        blocks.sizes, blocks.mean[columns], blocks.loading[columns], blocks.psi[columns], blocks.trait[columns]
    )
    there = score(picked(utility[:, list(order)]), turned, phi)
    assert there.theta == pytest.approx(score(picked(utility), blocks, phi).theta, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.2, 5), st.integers(0, 1000))
def test_all_numbers_of_a_block_in_another_unit_give_the_same_traits(unit, seed):
    blocks, phi = keyed_both_ways(4, 5, 3), correlated(3)
    choices = picked(simulated(blocks, phi, 3, seed)[1])
    other = TraitBlocks(blocks.sizes, unit * blocks.mean, unit * blocks.loading, unit**2 * blocks.psi, blocks.trait)
    assert score(choices, other, phi).theta == pytest.approx(score(choices, blocks, phi).theta, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_the_opposite_ranking_of_statements_without_means_gives_the_opposite_traits(seed):
    plain, phi = keyed_both_ways(4, 5, 3), correlated(3)
    blocks = TraitBlocks(plain.sizes, np.zeros(20), plain.loading, plain.psi, plain.trait)
    utility = simulated(blocks, phi, 3, seed)[1]
    there, back = score(ranked(utility), blocks, phi), score(ranked(-utility), blocks, phi)
    assert there.theta == pytest.approx(-back.theta, abs=2e-3)


def test_choices_that_no_double_can_hold_are_not_scored():
    mean, loading = np.array([90.0, 0.0, -90.0, *[0.0] * 4]), np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0])
    blocks = TraitBlocks((3, 2, 2), mean, loading, np.ones(7), np.zeros(7, int))
    scores = score(of_picks([[2, 0, 0], [0, 0, 0]], [[0, 1, 1], [2, 1, 1]], (3, 2, 2)), blocks, [[1.0]])
    assert scores.converged.tolist() == [False, True]
    assert np.isnan([scores.theta[0, 0], scores.se[0, 0]]).all()


@pytest.mark.parametrize("traits", [1, 2, 3])
def test_blocks_keyed_alike_with_equal_loadings_are_refused_as_ipsative(traits):
    blocks = TraitBlocks((3,) * 10, np.zeros(30), np.full(30, 0.9), np.ones(30), np.arange(30) % traits)
    assert weakest_direction(blocks, correlated(traits)).share < 1e-6
    with pytest.raises(ValueError, match="scores would be ipsative"):
        score(of_picks([0] * 10, [1] * 10, blocks.sizes), blocks, correlated(traits))


def test_the_weakest_direction_of_blocks_keyed_alike_is_the_sum_of_all_traits():
    blocks = TraitBlocks((3,) * 10, np.zeros(30), np.full(30, 0.9), np.ones(30), np.arange(30) % 3)
    weights = weakest_direction(blocks, correlated(3)).weights
    assert weights / weights[0] == pytest.approx(np.ones(3), abs=1e-6)
    assert weights @ correlated(3) @ weights == pytest.approx(1, abs=1e-9)


def test_a_trait_that_no_pair_compares_is_refused_too():
    blocks = TraitBlocks((2,) * 2, np.zeros(4), np.array([1.0, -1.0, 0.0, 0.0]), np.ones(4), np.array([0, 0, 1, 1]))
    with pytest.raises(ValueError, match="ipsative"):
        refuse_ipsative(blocks, correlated(2, 0.0))


@pytest.mark.parametrize(
    ("trait", "sentence"),
    [
        ([0, 1], "not one number"),
        ([0, 2, 0], "numbered from 0"),
        ([[0, 1, 0]], "not one number"),
        ([0.0, 1.0, 0.0], "whole"),
    ],
)
def test_traits_that_do_not_fit_the_statements_are_refused(trait, sentence):
    with pytest.raises(ValueError, match=sentence):
        TraitBlocks((3,), np.zeros(3), np.ones(3), np.ones(3), np.array(trait))


@pytest.mark.parametrize(
    ("phi", "sentence"),
    [
        (np.eye(2), "shape"),
        (np.full((3, 3), 1.0), "no correlation matrix"),
        (2 * np.eye(3), "no correlation matrix"),
        (np.eye(3) + np.eye(3, k=1) / 4, "no correlation matrix"),
        (np.full((3, 3), math.nan), "finite"),
    ],
)
def test_what_is_no_correlation_matrix_of_the_traits_is_refused(phi, sentence):
    blocks = keyed_both_ways(3, 6, 3)
    with pytest.raises(ValueError, match=sentence):
        score(of_picks([0] * 6, [1] * 6, blocks.sizes), blocks, phi)


@pytest.mark.parametrize("ranks", [[0, 1], [0, 1, 1], [0, 1, 3], [0, 1, -1], [0.0, 1.0, 2.0]])
def test_what_is_no_ranking_is_refused(ranks):
    with pytest.raises(ValueError):
        of_rankings(ranks, (3,))


def test_choices_of_other_blocks_and_reliabilities_of_nobody_are_refused():
    blocks = keyed_both_ways(3, 6, 3)
    with pytest.raises(ValueError, match="choices were made in blocks"):
        score(of_picks([0], [1], (3,)), blocks, correlated(3))
    with pytest.raises(ValueError, match="two persons"):
        empirical_reliability(score(of_picks([0] * 6, [1] * 6, blocks.sizes), blocks, correlated(3)))
    with pytest.raises(ValueError, match="there are 3 traits"):
        information([[0.0, 0.0]], blocks)
