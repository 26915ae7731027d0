"""One trait from most and least picks."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from scoring_engine.ability.posterior import Prior
from scoring_engine.instruments.forced_choice import Blocks, eap


def normal_cdf(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def blocks_of(sizes, seed=0):
    chance, n = np.random.default_rng(seed), sum(sizes)
    signs = np.where(np.arange(n) % 2, -1.0, 1.0)
    return Blocks(tuple(sizes), chance.normal(0, 0.5, n), signs * chance.uniform(0.5, 1.2, n), np.ones(n))


def picks(chance, sizes, persons):
    pairs = [[chance.choice(size, 2, replace=False) for size in sizes] for _ in range(persons)]
    return np.moveaxis(np.array(pairs), 2, 0)


def log_choice(eta, best, worst, mean, loading, psi):
    """P(best above all, worst below all) as a double integral over the utilities of the two that were picked."""
    at, sd = mean + loading * eta, np.sqrt(psi)
    node, weight = np.polynomial.legendre.leggauss(60)
    low, high = at.min() - 7 * sd.max(), at.max() + 7 * sd.max()
    x = low + (high - low) * (node[:, None] + 1) / 2
    y = low + (x - low) * (node + 1) / 2  # below x: no kink is integrated over
    value = norm.pdf(x, at[best], sd[best]) * norm.pdf(y, at[worst], sd[worst]) * (x - low) / 2
    for other in set(range(len(at))) - {best, worst}:
        value = value * (norm.cdf(x, at[other], sd[other]) - norm.cdf(y, at[other], sd[other]))
    return math.log(weight @ value @ weight * (high - low) / 2)


def exact(most, least, blocks):
    """A trapezoid over the trait; for two statements the closed form, else the double integral above."""
    eta = np.linspace(-6, 6, 81)
    logs, start = -(eta**2) / 2, 0
    for size, best, worst in zip(blocks.sizes, most, least, strict=True):
        own = slice(start, start + size)
        mean, loading, psi = blocks.mean[own], blocks.loading[own], blocks.psi[own]
        if size == 2:
            gap = mean[best] - mean[worst] + (loading[best] - loading[worst]) * eta
            logs = logs + np.log([normal_cdf(one / math.sqrt(psi.sum())) for one in gap])
        else:
            logs = logs + np.array([log_choice(one, best, worst, mean, loading, psi) for one in eta])
        start += size
    density = np.exp(logs - logs.max())
    mean = (eta * density).sum() / density.sum()
    return mean, math.sqrt((eta**2 * density).sum() / density.sum() - mean**2)


@pytest.mark.parametrize(("size", "close"), [(2, 1e-8), (3, 1e-6), (4, 1e-4)])
def test_agrees_with_integrals_over_utilities_and_trait(size, close):
    blocks = blocks_of([size] * 4, seed=size)
    most, least = picks(np.random.default_rng(size), blocks.sizes, 2)
    ability = eap(most, least, blocks)
    for person in range(2):
        found = ability.theta[person], ability.se[person]
        assert found == pytest.approx(exact(most[person], least[person], blocks), abs=close)


@pytest.mark.parametrize(("slope", "offset"), [(0.4, 0.0), (1.5, -0.8), (-1.0, 0.5)])
def test_one_pair_agrees_with_the_closed_form(slope, offset):
    """A normal prior times one probit: Rasmussen & Williams (2006), equations 3.82 to 3.85."""
    blocks = Blocks((2,), np.array([offset, 0.0]), np.array([slope, 0.0]), np.array([0.5, 0.5]))
    ability = eap([0], [1], blocks)
    k = offset / math.sqrt(1 + slope**2)
    hazard = math.exp(-(k**2) / 2) / math.sqrt(2 * math.pi) / normal_cdf(k)
    mean = slope / math.sqrt(1 + slope**2) * hazard
    variance = 1 - slope**2 / (1 + slope**2) * hazard * (k + hazard)
    assert (ability.theta[0], ability.se[0]) == pytest.approx((mean, math.sqrt(variance)), abs=1e-7)


def test_extreme_picks_on_statements_keyed_both_ways_are_not_cut_off_at_the_grid():
    """100 pairs that turn at a trait of 6.5: a sum over 40,001 points from -12 to 12 is the judge."""
    loading = np.array([1.0, -1.0, -1.0, 1.0] * 50)
    blocks = Blocks((2,) * 100, -6.5 * loading, loading, np.full(200, 0.5))
    ability = eap([0, 1] * 50, [1, 0] * 50, blocks)
    eta = np.linspace(-12, 12, 40001)
    turning = np.array([normal_cdf(2 * (point - 6.5)) for point in eta])
    density = np.exp(-(eta**2) / 2 + 100 * np.log(np.maximum(turning, 1e-300)))
    mean = (eta * density).sum() / density.sum()
    assert mean > 5.5
    assert ability.theta[0] == pytest.approx(mean, abs=1e-6)


def test_pairs_are_those_of_statements_in_one_block():
    assert blocks_of([3, 2]).pairs.tolist() == [[0, 1], [0, 2], [1, 2], [3, 4]]


def test_a_person_has_the_same_bytes_alone_and_in_any_batch():
    blocks = blocks_of([4, 3, 2, 3])
    most, least = picks(np.random.default_rng(5), blocks.sizes, 40)
    whole = eap(most, least, blocks)
    alone = np.concatenate([eap(best, worst, blocks).theta for best, worst in zip(most, least, strict=True)])
    assert alone.tobytes() == whole.theta.tobytes()


def test_nothing_picked_gives_the_prior_back():
    ability = eap([-1, -1], [-1, -1], blocks_of([3, 3]), Prior(0.2, 0.9))
    assert (ability.theta[0], ability.se[0], ability.n_items[0]) == (0.2, pytest.approx(0.9), 0)


def test_an_unanswered_block_is_the_same_as_a_test_without_it():
    whole = blocks_of([3, 3])
    half = Blocks((3,), whole.mean[:3], whole.loading[:3], whole.psi[:3])
    with_gap, without = eap([0, -1], [1, -1], whole), eap([0], [1], half)
    assert with_gap.theta == pytest.approx(without.theta, abs=1e-8)
    assert with_gap.se == pytest.approx(without.se, abs=1e-8)
    assert with_gap.n_items.tolist() == [1]


def test_statements_that_load_alike_tell_nothing():
    blocks = Blocks((3,), np.array([0.1, 0.5, -0.2]), np.full(3, 0.9), np.ones(3))
    ability = eap([0], [2], blocks)
    assert (ability.theta[0], ability.se[0]) == pytest.approx((0.0, 1.0), abs=1e-6)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_standard_error_is_the_error_that_people_have(size):
    """4,000 simulated persons, utilities with shared errors: within a thirtieth of the true error."""
    blocks = blocks_of([size] * 10, seed=11)
    chance = np.random.default_rng(size)
    eta = chance.normal(size=4000)
    utility = blocks.mean + eta[:, None] * blocks.loading + chance.normal(size=(4000, sum(blocks.sizes)))
    utility = utility.reshape(4000, 10, size)
    ability = eap(utility.argmax(axis=2), utility.argmin(axis=2), blocks)
    error = math.sqrt(((ability.theta - eta) ** 2).mean())
    assert math.sqrt((ability.se**2).mean()) == pytest.approx(error, rel=0.03)


block_picks = st.permutations(range(3)).map(lambda order: (order[0], order[1]))


@settings(max_examples=20)
@given(st.lists(block_picks, min_size=3, max_size=3))
def test_the_opposite_picks_on_statements_without_means_give_the_opposite_trait(chosen):
    plain = blocks_of([3, 3, 3])
    blocks = Blocks(plain.sizes, np.zeros(9), plain.loading, plain.psi)
    most, least = zip(*chosen, strict=True)
    there, back = eap(most, least, blocks), eap(least, most, blocks)
    assert there.theta == pytest.approx(-back.theta, abs=1e-6)
    assert there.se == pytest.approx(back.se, abs=1e-6)


@given(st.floats(0.1, 10))
def test_all_three_numbers_in_another_unit_give_the_same_trait(unit):
    plain = blocks_of([3, 3])
    scaled = Blocks(plain.sizes, unit * plain.mean, unit * plain.loading, unit**2 * plain.psi)
    assert eap([0, 1], [1, 2], scaled).theta == pytest.approx(eap([0, 1], [1, 2], plain).theta, abs=1e-9)


def test_picking_the_higher_loading_statement_scores_above_picking_the_lower():
    blocks = Blocks((2,), np.zeros(2), np.array([1.0, -0.5]), np.ones(2))
    assert eap([0], [1], blocks).theta > 0 > eap([1], [0], blocks).theta


@pytest.mark.parametrize(
    ("sizes", "psi", "sentence"),
    [
        ((), [], "at least one block"),
        ((3, 1), [1.0] * 4, "at least two statements"),
        ((12,), [1.0] * 12, "12 statements; 11 are the most"),
        ((2,), [1.0] * 3, "mean has not one number"),
        ((3,), [1.0, 0.0, 1.0], "psi must be positive"),
        ((3,), [1.0, math.nan, 1.0], "finite"),
    ],
)
def test_parameters_that_describe_no_blocks_are_refused(sizes, psi, sentence):
    with pytest.raises(ValueError, match=sentence):
        Blocks(sizes, np.zeros(len(psi)), np.ones(len(psi)), np.array(psi))


@pytest.mark.parametrize(("most", "least"), [([0], [0]), ([0], [-1]), ([3], [0]), ([0, 1], [1, 0])])
def test_impossible_picks_are_refused(most, least):
    with pytest.raises(ValueError):
        eap(most, least, blocks_of([3]))


def test_error_variances_of_unlike_sizes_are_refused():
    with pytest.raises(ValueError, match="no errors differ so"):
        Blocks((3,), np.zeros(3), np.array([1.0, 0.5, -1.0]), np.array([1.0, 1.0, 1e-8]))
