"""The likelihood ratio of one ability and two, for items that leaked."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from scoring_engine.curves.items import Items, Logistic, Nominal
from scoring_engine.validity.preknowledge import preknowledge

CHANCE = np.random.default_rng(14)
SLOPE, LOCATION = CHANCE.lognormal(0, 0.3, 60), CHANCE.normal(0, 1, 60)
TEST = Items([Logistic(a, b) for a, b in zip(SLOPE, LOCATION, strict=True)])
LEAKED = np.arange(60) % 3 == 0


def honest(seed, persons):
    chance = np.random.default_rng(seed)
    logit = SLOPE * (chance.normal(0, 1, (persons, 1)) - LOCATION)
    return (chance.random((persons, 60)) < 1 / (1 + np.exp(-logit))).astype(int)


def slow(row, leaked):
    """Maximise the textbook log-likelihood three times; shares no code with the engine."""

    def least(chosen):
        def minus(theta):
            return sum(
                math.log1p(math.exp(-(2 * x - 1) * a * (theta - b)))
                for x, a, b, c in zip(row, SLOPE, LOCATION, chosen, strict=True)
                if c and x >= 0
            )

        found = minimize_scalar(minus, bounds=(-6, 6), method="bounded", options={"xatol": 1e-10})
        return found.x, found.fun

    (theta_e, e), (theta_u, u), (_, all_) = least(leaked), least(~leaked), least(np.ones(60, bool))
    return theta_e, theta_u, math.copysign(math.sqrt(max(0.0, 2 * (all_ - e - u))), theta_e - theta_u)


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_maximising_three_likelihoods(seed):
    row = honest(seed, 1)[0]
    row[seed::10] = -1
    found = preknowledge(row, TEST, LEAKED)
    theta_e, theta_u, z = slow(row, LEAKED)
    assert (found.theta_exposed[0], found.theta_unexposed[0]) == pytest.approx((theta_e, theta_u), abs=1e-3)
    assert found.z[0] == pytest.approx(z, abs=1e-3)


def test_honest_people_are_flagged_at_the_nominal_rate():
    p = preknowledge(honest(1, 20_000), TEST, LEAKED).p
    assert 0.03 < (p <= 0.05).mean() < 0.07
    assert 0.006 < (p <= 0.01).mean() < 0.014


def test_people_who_know_four_of_five_leaked_items_are_found():
    answers = honest(2, 2_000)
    known = LEAKED & (np.random.default_rng(3).random(answers.shape) < 0.8)
    assert (preknowledge(np.where(known, 1, answers), TEST, LEAKED).p <= 0.05).mean() > 0.85


def test_all_exposed_items_right_and_all_others_wrong_is_the_clearest_case():
    row = LEAKED.astype(int)
    found = preknowledge([row, 1 - row, np.ones(60, int)], TEST, LEAKED)
    assert (found.theta_exposed[0], found.theta_unexposed[0]) == (6.0, -6.0)
    assert found.p[0] < 1e-6
    assert found.z[1] < -4
    assert (found.z[2], found.p[2]) == (0.0, 0.5)


def test_a_person_without_an_answer_on_one_side_has_no_result():
    answers = honest(4, 2)
    found = preknowledge([np.where(LEAKED, -1, answers[0]), np.where(LEAKED, answers[1], -1)], TEST, LEAKED)
    assert np.isnan([found.z, found.p]).all()
    assert np.isnan(found.theta_exposed).tolist() == [True, False]
    assert np.isnan(found.theta_unexposed).tolist() == [False, True]


def test_nominal_items_give_what_the_same_items_give_as_right_or_wrong_ones():
    twin = Items([Nominal((a,), (-a * b,)) for a, b in zip(SLOPE, LOCATION, strict=True)])
    answers = honest(5, 20)
    assert preknowledge(answers, twin, LEAKED).z == pytest.approx(preknowledge(answers, TEST, LEAKED).z, abs=1e-6)


def test_a_person_has_the_same_bytes_alone_as_in_any_batch():
    answers = honest(6, 2_100)
    together = preknowledge(answers, TEST, LEAKED)
    for person in (0, 2_047, 2_099):
        assert preknowledge(answers[person], TEST, LEAKED).z.tobytes() == together.z[person : person + 1].tobytes()


@settings(max_examples=30)
@given(st.lists(st.integers(-1, 1), min_size=60, max_size=60))
def test_what_speaks_for_knowing_some_items_speaks_against_knowing_the_others(row):
    one, other = preknowledge(row, TEST, LEAKED), preknowledge(row, TEST, ~LEAKED)
    assert one.z == pytest.approx(-other.z, abs=1e-9, nan_ok=True)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 1), min_size=60, max_size=60), st.sampled_from(np.flatnonzero(LEAKED).tolist()))
def test_one_more_exposed_item_right_never_makes_a_person_less_able_on_them(row, item):
    wrong, right = ([*row[:item], x, *row[item + 1 :]] for x in (0, 1))
    found = preknowledge([wrong, right], TEST, LEAKED)
    assert found.theta_exposed[1] >= found.theta_exposed[0]


def test_no_persons_give_no_results():
    assert preknowledge(np.empty((0, 60), dtype=int), TEST, LEAKED).p.shape == (0,)


@pytest.mark.parametrize("exposed", [np.ones(60, bool), np.zeros(60, bool), np.ones(59, bool), LEAKED.astype(int)])
def test_exposed_items_that_leave_nothing_to_compare_are_refused(exposed):
    with pytest.raises(ValueError, match="exposed"):
        preknowledge(honest(7, 1), TEST, exposed)


def test_answers_that_do_not_fit_the_test_are_refused():
    with pytest.raises(ValueError, match="response 2 of person 0 to item 0"):
        preknowledge([2] * 60, TEST, LEAKED)
