"""Guttman errors, U3 and Ht."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.validity.guttman import guttman_fit, ht, step_proportions

SIZES = (2, 3, 2, 4)
SHARES = np.array([[0.6, np.nan, np.nan], [0.8, 0.3, np.nan], [0.6, np.nan, np.nan], [0.9, 0.5, 0.2]])


def some_answers(seed, persons, items, missing=0.0, categories=2):
    chance = np.random.default_rng(seed)
    z = chance.normal(0, 1, (persons, 1)) - np.linspace(-1.5, 1.5, items)
    draws = chance.logistic(size=(persons, items))
    answers = np.sum([z - step > draws for step in range(categories - 1)], axis=0)
    return np.where(chance.random(answers.shape) < missing, -1, answers)


def steps_of(row, shares):
    """(share, item, step, passed, logit) of each step of an answered item, the easiest first."""
    found = [
        (share, item, step, answer > step)
        for item, (answer, steps) in enumerate(zip(row, shares, strict=True))
        for step, share in enumerate(steps)
        if answer >= 0 and not math.isnan(share)
    ]
    ordered = sorted(found, key=lambda step: (-step[0], step[1], step[2]))
    return [(passed, math.log(share / (1 - share)) if 0 < share < 1 else 0.0) for share, _, _, passed in ordered]


def errors_by_hand(row, shares):
    steps = steps_of(row, shares)
    return sum(not easy[0] and hard[0] for at, easy in enumerate(steps) for hard in steps[at + 1 :])


def weight_by_hand(row, shares):
    return sum(logit for passed, logit in steps_of(row, shares) if passed)


def by_hand(row, shares):
    """Errors, normed errors and U3 by trying every pattern with the same total and the same missing answers."""
    sizes = [int(np.sum(~np.isnan(steps))) + 1 for steps in shares]
    choices = [range(size) if answer >= 0 else [-1] for answer, size in zip(row, sizes, strict=True)]
    total = sum(max(answer, 0) for answer in row)
    if total in (0, sum(size - 1 for answer, size in zip(row, sizes, strict=True) if answer >= 0)):
        return [math.nan] * 3
    alike = [other for other in product(*choices) if sum(max(answer, 0) for answer in other) == total]
    most = max(errors_by_hand(other, shares) for other in alike)
    weights = [weight_by_hand(other, shares) for other in alike]
    errors, width = errors_by_hand(row, shares), max(weights) - min(weights)
    u3 = (max(weights) - weight_by_hand(row, shares)) / width if width > 1e-12 else math.nan
    return [errors, errors / most if most else math.nan, u3]


def ht_by_hand(answers, person):
    above = below = 0.0
    for other in range(len(answers)):
        both = (answers[person] >= 0) & (answers[other] >= 0)
        if other != person and both.any():
            x, y = answers[person][both], answers[other][both]
            above += (x * y).mean() - x.mean() * y.mean()
            below += (np.sort(x) * np.sort(y)).mean() - x.mean() * y.mean()
    return above / below if below > 0 else math.nan


@pytest.mark.parametrize("missing", [0, -1])
def test_all_patterns_of_a_mixed_scale_agree_with_trying_every_other(missing):
    rows = np.array(list(product(*(range(missing, size) for size in SIZES))))[:: 1 if missing == 0 else 3]
    found = guttman_fit(rows, SHARES)
    wanted = np.array([by_hand(row, SHARES) for row in rows.tolist()])
    assert found.errors == pytest.approx(wanted[:, 0], nan_ok=True)
    assert found.normed == pytest.approx(wanted[:, 1], nan_ok=True)
    assert found.u3 == pytest.approx(wanted[:, 2], nan_ok=True, abs=1e-12)
    assert found.n_items.tolist() == (rows >= 0).sum(axis=1).tolist()


def test_right_or_wrong_items_have_the_closed_forms_of_the_extremes():
    shares = np.array([0.9, 0.7, 0.55, 0.3, 0.2])
    rows = np.array(list(product((0, 1), repeat=5)))[1:-1]
    found, right, logit = guttman_fit(rows, shares), rows.sum(axis=1), np.log(shares / (1 - shares))
    assert found.normed == pytest.approx(found.errors / (right * (5 - right)), rel=1e-12)
    best = np.array([logit[:r].sum() for r in right])
    worst = np.array([logit[5 - r :].sum() for r in right])
    assert found.u3 == pytest.approx((best - (rows * logit).sum(axis=1)) / (best - worst), abs=1e-12)


def test_a_perfect_scale_has_no_errors_and_a_reversed_one_all_of_them():
    found = guttman_fit([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]], [0.8, 0.6, 0.4, 0.2])
    assert found.errors == pytest.approx([0, 4, math.nan, math.nan], nan_ok=True)
    assert found.normed == pytest.approx([0, 1, math.nan, math.nan], nan_ok=True)
    assert found.u3 == pytest.approx([0, 1, math.nan, math.nan], nan_ok=True)


def test_equal_proportions_count_in_the_order_of_the_items_and_leave_u3_undefined():
    found = guttman_fit([[1, 0, 0], [0, 0, 1]], [0.5, 0.5, 0.5])
    assert found.errors.tolist() == [0, 2]
    assert np.isnan(found.u3).all()


def test_an_item_that_all_or_none_pass_has_no_weight_in_u3():
    shares = np.array([[1.0], [0.7], [0.4], [0.0]])
    rows = [[0, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1]]
    assert guttman_fit(rows, shares).u3 == pytest.approx([by_hand(row, shares)[2] for row in rows], abs=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_exchanging_an_easier_right_for_a_harder_one_never_lowers_errors_or_u3(seed):
    answers = some_answers(seed, 40, 8)
    shares = np.linspace(0.9, 0.1, 8)
    movable = (answers[:, 2] == 1) & (answers[:, 5] == 0)
    worse = answers.copy()
    worse[movable, 2], worse[movable, 5] = 0, 1
    plain, moved = guttman_fit(answers, shares), guttman_fit(worse, shares)
    assert (moved.errors[movable] > plain.errors[movable]).all()
    assert (moved.u3[movable] > plain.u3[movable]).all()


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_persons_fit_alone_as_in_any_batch(seed):
    answers = some_answers(seed, 12, 9, missing=0.2, categories=3)
    shares = np.stack([np.linspace(0.9, 0.3, 9), np.linspace(0.6, 0.1, 9)], axis=1)
    whole = guttman_fit(np.asfortranarray(answers), shares)
    alone = [guttman_fit(row, shares) for row in answers]
    for name in ("errors", "normed", "u3"):
        assert np.array([getattr(one, name)[0] for one in alone]).tobytes() == getattr(whole, name).tobytes()


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_ht_agrees_with_the_covariances_of_every_two_persons(missing):
    answers = some_answers(4, 60, 15, missing)
    wanted = [ht_by_hand(answers, person) for person in range(60)]
    assert ht(answers) == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_ht_with_one_missing_answer_is_near_that_without():
    answers = some_answers(5, 1500, 40)
    gap = answers.copy()
    gap[0, 0] = -1
    assert ht(gap)[1:] == pytest.approx(ht(answers)[1:], abs=1e-3)


def test_ht_of_a_perfect_scale_is_one_and_falls_for_random_answers():
    scale = np.tril(np.ones((9, 9), int))[:8]
    assert ht(scale) == pytest.approx(np.ones(8))
    answers = some_answers(6, 400, 40)
    answers[0] = np.random.default_rng(6).integers(0, 2, 40)
    assert ht(answers)[0] < np.quantile(ht(answers), 0.02)


def test_ht_of_all_right_or_all_wrong_is_undefined():
    answers = some_answers(7, 20, 6)
    answers[0], answers[1] = 0, 1
    assert np.isnan(ht(answers)[:2]).all()


def test_step_proportions_are_shares_of_those_who_answered():
    found = step_proportions([[0, 2], [1, 1], [-1, 0], [1, -1]], [2, 3])
    assert found == pytest.approx(np.array([[2 / 3, math.nan], [2 / 3, 1 / 3]]), nan_ok=True)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([0.5, 1.2], "item 1"),
        ([0.5, math.nan], "item 1"),
        ([[0.5, 0.6], [0.5, 0.4]], "item 0"),
        ([[0.5, 0.4], [0.5, -0.1]], "item 1"),
        (0.5, "items by steps"),
        ([], "items by steps"),
    ],
)
def test_proportions_that_cannot_be_are_refused(shares, told):
    with pytest.raises(ValueError, match=told):
        guttman_fit([[0, 1]], shares)


@pytest.mark.parametrize("answers", [[[0, 2]], [[0.5, 1.0]], [[0, 1, 1]]])
def test_answers_that_do_not_fit_the_items_are_refused(answers):
    with pytest.raises(ValueError):
        guttman_fit(answers, [0.5, 0.4])


def test_an_item_that_nobody_answered_has_no_proportions():
    with pytest.raises(ValueError, match="nobody answered item 1"):
        step_proportions([[0, -1], [1, -1]], [2, 2])


@pytest.mark.parametrize("answers", [[[0, 1]], [0, 1], [[0, 1], [2, 0]]])
def test_ht_needs_two_persons_and_right_or_wrong_answers(answers):
    with pytest.raises(ValueError):
        ht(answers)
