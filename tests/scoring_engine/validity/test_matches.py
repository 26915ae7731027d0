"""Exact distributions of the number of matches, and the longest run of shared wrong answers."""

from fractions import Fraction
from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from scoring_engine.validity.matches import as_similar, at_least, longest_wrong_run

chances = st.lists(st.floats(0, 1), min_size=1, max_size=7)
answers = st.lists(st.integers(-1, 2), min_size=9, max_size=9)


def outcomes(right, wrong):
    """All ways in which some items can be matched, as exact fractions: (right matches, wrong matches, probability)."""
    each = [(Fraction(r), Fraction(w), 1 - Fraction(r) - Fraction(w)) for r, w in zip(right, wrong, strict=True)]
    for ways in product(range(3), repeat=len(each)):
        yield ways.count(0), ways.count(1), prod(item[way] for item, way in zip(each, ways, strict=True))


def slow_m4(right, wrong, n_right, n_wrong):
    """Sum, over all pairs of counts, those whose upper orthant is no more probable; shares no code with the engine."""
    table: dict[tuple[int, int], Fraction] = {}
    for r, w, chance in outcomes(right, wrong):
        table[r, w] = table.get((r, w), Fraction(0)) + chance

    def orthant(r, w):
        return sum(chance for (more, other), chance in table.items() if more >= r and other >= w)

    limit = orthant(n_right, n_wrong)
    return sum(chance for at, chance in table.items() if orthant(*at) <= limit)


def random_joint(seed, pairs, items):
    three = np.random.default_rng(seed).dirichlet([2.0, 1.0, 2.0], (pairs, items))
    return three[:, :, 0], three[:, :, 1]


def test_the_tail_agrees_with_counting_every_outcome():
    right, _ = random_joint(1, 1, 8)
    for observed in range(9):
        exact = sum(chance for r, _, chance in outcomes(right[0], np.zeros(8)) if r >= observed)
        assert at_least(right, [observed])[0] == pytest.approx(float(exact), rel=1e-12)


def test_equal_probabilities_give_the_binomial_distribution():
    for p, observed in [(0.5, 30), (0.1, 30), (0.01, 60), (0.9, 59)]:
        assert at_least(np.full((1, 60), p), [observed])[0] == pytest.approx(binom.sf(observed - 1, 60, p), rel=1e-9)


def test_a_coin_thrown_ten_times_shows_eight_heads_or_more_in_56_of_1024_cases():
    assert at_least(np.full((1, 10), 0.5), [8])[0] == pytest.approx(56 / 1024, rel=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_right_and_wrong_matches_agree_with_counting_every_outcome(seed):
    right, wrong = random_joint(seed, 1, 6)
    for n_right in range(7):
        for n_wrong in range(7 - n_right):
            slow = float(slow_m4(right[0], wrong[0], n_right, n_wrong))
            assert as_similar(right, wrong, [n_right], [n_wrong])[0] == pytest.approx(slow, rel=1e-9)


def test_without_wrong_matches_it_is_the_binomial_test():
    right, _ = random_joint(4, 50, 12)
    observed = np.random.default_rng(4).integers(0, 13, 50)
    joint = as_similar(right, np.zeros_like(right), observed, np.zeros(50, dtype=int))
    assert joint == pytest.approx(at_least(right, observed), rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.001, 0.5))
def test_no_level_is_exceeded_by_chance(seed, level):
    """The p values are probabilities: the chance of one at or below a level is at most that level."""
    right, wrong = random_joint(seed, 1, 5)
    below = 0.0
    for r, w, chance in outcomes(right[0], wrong[0]):
        below += float(chance) * (as_similar(right, wrong, [r], [w])[0] <= level)
    assert below <= level * (1 + 1e-9)


@given(chances)
def test_more_matches_are_never_more_probable_and_none_are_certain(p):
    tails = at_least([p] * (len(p) + 1), range(len(p) + 1))
    assert tails[0] == pytest.approx(1, abs=1e-12)
    assert (np.diff(tails) <= 0).all()


@given(chances, st.integers(0, 6), st.floats(0, 1), st.integers(0, 7))
def test_likelier_matches_surprise_less(p, item, other, observed):
    item, observed = item % len(p), min(observed, len(p))
    lower, higher = list(p), list(p)
    lower[item], higher[item] = sorted((p[item], other))
    less, more = at_least([lower, higher], [observed, observed])
    assert less <= more + 1e-15


@given(chances, st.integers(0, 7))
def test_an_item_left_out_changes_nothing(p, observed):
    observed = min(observed, len(p))
    assert at_least([[*p, 0.0]], [observed])[0] == at_least([p], [observed])[0]


@given(st.permutations(range(8)), st.integers(0, 4), st.integers(0, 4))
@settings(max_examples=20)
def test_the_order_of_items_does_not_matter(order, n_right, n_wrong):
    right, wrong = random_joint(5, 1, 8)
    plain = as_similar(right, wrong, [n_right], [n_wrong])
    assert as_similar(right[:, order], wrong[:, order], [n_right], [n_wrong]) == pytest.approx(plain, rel=1e-9)
    assert at_least(right[:, order], [n_right]) == pytest.approx(at_least(right, [n_right]), rel=1e-12)


def test_a_pair_has_the_same_bytes_alone_as_in_any_batch():
    right, wrong = random_joint(6, 1100, 9)
    r, w = np.random.default_rng(6).integers(0, 5, (2, 1100))
    tails, joint = at_least(right, r), as_similar(right[:70], wrong[:70], r[:70], w[:70])
    for pair in (0, 31, 32, 69):
        one = slice(pair, pair + 1)
        assert at_least(right[one], r[one]).tobytes() == tails[one].tobytes()
        assert as_similar(right[one], wrong[one], r[one], w[one]).tobytes() == joint[one].tobytes()
    assert at_least(right[1020:], r[1020:]).tobytes() == tails[1020:].tobytes()


def slow_run(one, other, key):
    """Keep the items that at least one answered, and look at every stretch of them."""
    shown = [(a == b != k and a >= 0, item) for item, (a, b, k) in enumerate(zip(one, other, key, strict=True))
             if a >= 0 or b >= 0]  # fmt: skip
    best = (0, -1)
    for start in range(len(shown)):
        for stop in range(start + 1, len(shown) + 1):
            if all(alike for alike, _ in shown[start:stop]) and stop - start > best[0]:
                best = (stop - start, shown[start][1])
    return best


@given(answers, answers, st.lists(st.integers(0, 2), min_size=9, max_size=9))
def test_the_longest_run_agrees_with_looking_at_every_stretch(one, other, key):
    runs = longest_wrong_run([one, other], [[0, 1]], key)
    assert (runs.length[0], runs.start[0]) == slow_run(one, other, key)


def test_a_run_passes_over_what_both_left_out_and_ends_where_one_did():
    pair = [[1, 1, -1, 1, 1, 1, 0], [1, 1, -1, 1, -1, 1, 0]]
    runs = longest_wrong_run(pair, [[0, 1], [1, 0]], [0] * 7)
    assert (runs.length.tolist(), runs.start.tolist()) == ([3, 3], [0, 0])


@pytest.mark.parametrize(
    ("p", "observed", "told"),
    [
        ([[0.5, 1.5]], [1], "1.5 of pair 0 at item 1"),
        ([[0.5, -0.1]], [1], "-0.1 of pair 0 at item 1"),
        ([[0.5, np.nan]], [1], "finite"),
        ([0.5, 0.5], [1], "dimensions"),
        ([[0.5, 0.5]], [3], "3 matches of pair 0"),
        ([[0.5, 0.5]], [-1], "-1 matches of pair 0"),
        ([[0.5, 0.5]], [1, 1], "1 pairs"),
        ([[0.5, 0.5]], [1.0], "whole"),
    ],
)
def test_impossible_probabilities_and_counts_are_refused(p, observed, told):
    with pytest.raises(ValueError, match=told):
        at_least(p, observed)


@pytest.mark.parametrize(("right", "wrong"), [([[0.7]], [[0.4]]), ([[0.7, 0.1]], [[0.2]]), ([[-0.1]], [[0.2]])])
def test_impossible_joint_probabilities_are_refused(right, wrong):
    with pytest.raises(ValueError):
        as_similar(right, wrong, [0], [0])


@pytest.mark.parametrize(
    ("pairs", "key", "told"),
    [
        ([[0, 0]], [0, 0], r"pair 0, \(0, 0\)"),
        ([[0, 1], [0, 2]], [0, 0], r"pair 1, \(0, 2\)"),
        ([[-1, 1]], [0, 0], "pair 0"),
        ([0, 1], [0, 0], "shape"),
        ([[0.0, 1.0]], [0, 0], "whole"),
        ([[0, 1]], [0], "key"),
        ([[0, 1]], [0, -1], "key"),
    ],
)
def test_runs_of_what_is_no_pair_or_has_no_key_are_refused(pairs, key, told):
    with pytest.raises(ValueError, match=told):
        longest_wrong_run([[1, 1], [1, 1]], pairs, key)


def test_another_code_for_missing_is_no_shared_wrong_answer():
    with pytest.raises(ValueError, match="response -9 is below -1"):
        longest_wrong_run([[-9, -9, -9, 1], [-9, -9, -9, 1]], [[0, 1]], [1, 1, 1, 1])
