"""Logistic regression DIF."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.stats import chi2 as chi2_law

from scoring_engine.validity.logistic_dif import logistic_dif
from scoring_engine.validity.multiplicity import benjamini_hochberg, holm


def people(seed, persons=600, items=10, shift=0.0, slope=1.0, impact=0.0, categories=2):
    """Answers of a Rasch scale; item 0 is harder by ``shift`` and has another slope for focal persons."""
    chance = np.random.default_rng(seed)
    group = np.arange(persons) % 2
    theta = chance.normal(0, 1, persons) - impact * group
    z = theta[:, None] - np.linspace(-1.5, 1.5, items)
    z[:, 0] = np.where(group == 1, slope * (theta - shift), theta)
    draws = chance.logistic(size=(persons, items))
    return sum((z - step > draws).astype(int) for step in range(categories - 1)), group


def maximum(y, x, categories):
    """The log-likelihood of a cumulative logit over persons, by a general minimiser; shares no code with the engine."""

    def loss(parameters):
        cuts = np.cumsum([parameters[0], *-np.exp(parameters[1 : categories - 1])])
        z = cuts[None, :] + (x @ parameters[categories - 1 :])[:, None]
        reached = np.hstack([np.ones((len(y), 1)), 1 / (1 + np.exp(-np.clip(z, -50, 50))), np.zeros((len(y), 1))])
        p = -np.diff(reached, axis=1)
        return -np.log(np.maximum(p[np.arange(len(y)), y], 1e-30)).sum()

    start = np.zeros(categories - 1 + x.shape[1])
    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-5})
    polished = minimize(loss, found.x, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 4000})
    return -polished.fun, polished.x


def by_hand(answers, group, item, categories=2):
    given = (answers[:, item] >= 0) & (group >= 0)
    y, g = answers[given, item], group[given]
    score = np.maximum(answers[given], 0).sum(axis=1)
    z = (score - score.mean()) / score.std()
    x = np.stack([z, g, z * g], axis=1)
    fits = [maximum(y, x[:, :model], categories) for model in (1, 2, 3)]
    shares = np.bincount(y) / len(y)
    empty = len(y) * sum(share * math.log(share) for share in shares if share)
    r2 = [(1 - math.exp(2 * (empty - fit[0]) / len(y))) / (1 - math.exp(2 * empty / len(y))) for fit in fits]
    return [fit[0] for fit in fits], r2, fits[1][1][-1]


@pytest.mark.parametrize("categories", [2, 4])
def test_agrees_with_a_general_minimiser(categories):
    answers, group = people(1, shift=0.7, slope=1.6, categories=categories)
    answers[::13, 0] = -1
    group[::31] = -1
    table = logistic_dif(answers, group, purify=False)
    for item in (0, 4):
        (score, uniform, both), r2, effect = by_hand(answers, group, item, categories)
        assert table.uniform[item] == pytest.approx(2 * (uniform - score), abs=1e-5)
        assert table.nonuniform[item] == pytest.approx(2 * (both - uniform), abs=1e-5)
        assert table.both[item] == pytest.approx(2 * (both - score), abs=1e-5)
        assert table.r2_change[item] == pytest.approx(r2[2] - r2[0], abs=1e-6)
        assert table.r2_change_uniform[item] == pytest.approx(r2[1] - r2[0], abs=1e-6)
        assert table.group_effect[item] == pytest.approx(effect, abs=1e-3)


def test_p_values_are_those_of_chi_square_and_the_tests_add_up():
    table = logistic_dif(*people(2, shift=0.5))
    assert table.both == pytest.approx(table.uniform + table.nonuniform, abs=1e-9)
    for chi2, p, freedom in (
        (table.uniform, table.p_uniform, 1), (table.nonuniform, table.p_nonuniform, 1), (table.both, table.p_both, 2),
    ):  # fmt: skip
        assert p == pytest.approx(chi2_law.sf(chi2, freedom), rel=1e-9)


def test_a_match_of_one_score_only_leaves_every_model_without_an_estimate():
    first = np.repeat([1, 0, 1, 0], [60, 40, 45, 55])
    group = np.repeat([0, 0, 1, 1], [60, 40, 45, 55])
    table = logistic_dif(np.stack([first, 1 - first], axis=1), group)
    assert table.separated.all()
    assert np.isnan(table.both).all()


def test_a_shift_shows_as_uniform_and_another_slope_as_nonuniform_dif():
    shifted = logistic_dif(*people(3, 4000, shift=0.8))
    turned = logistic_dif(*people(3, 4000, slope=3.0, items=20))
    assert (shifted.p_uniform[0] < 1e-6, shifted.p_nonuniform[0] > 0.01, shifted.group_effect[0] < -0.5) == (True,) * 3
    assert turned.nonuniform[0] > max(20.0, turned.nonuniform[1:].max())


def test_classes_follow_the_change_of_r2_and_the_joint_test():
    small, moderate, large = (logistic_dif(*people(4, 3000, shift=shift, items=20)) for shift in (0.1, 1.1, 2.6))
    assert [table.jg_class[0] for table in (small, moderate, large)] == ["A", "B", "C"]
    assert small.r2_change[0] < 0.035 < moderate.r2_change[0] < 0.070 < large.r2_change[0]
    unsure = logistic_dif(*people(25, 60, items=30))
    assert (unsure.r2_change[unsure.p_both >= 0.05] > 0.035).any()
    assert set(unsure.jg_class[unsure.p_both >= 0.05]) == {"A"}


def test_items_of_class_c_leave_the_match():
    answers, group = people(4, 3000, shift=2.6, items=20)
    table = logistic_dif(answers, group)
    assert table.in_match.tolist() == [False] + [True] * 19
    others = logistic_dif(answers[:, 1:], group, purify=False)
    assert table.both[1:] == pytest.approx(others.both, abs=1e-9)


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_adjusted_p_values_are_those_of_the_method_asked_for(adjust):
    answers, group = people(5)
    table = logistic_dif(answers, group, adjust=adjust)
    assert table.adjusted_p.tolist() == adjust(table.p_both).tolist()


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_exchanging_the_groups_turns_the_effect_around(seed):
    answers, group = people(seed, 300, 6)
    plain, turned = logistic_dif(answers, group, False), logistic_dif(answers, 1 - group, False)
    assert turned.both == pytest.approx(plain.both, abs=1e-7)
    assert turned.group_effect == pytest.approx(-plain.group_effect, abs=1e-6)


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_an_item_is_the_same_alone_in_any_order_of_persons_and_items(seed):
    answers, group = people(seed, 300, 5)
    order = np.random.default_rng(seed).permutation(300)
    plain, other = logistic_dif(answers, group), logistic_dif(answers[order][:, ::-1], group[order])
    assert other.both[::-1].tolist() == plain.both.tolist()


def test_a_category_that_nobody_reached_changes_nothing():
    answers, group = people(6, categories=3)
    gap = answers.copy()
    gap[:, 0] = np.where(answers[:, 0] == 2, 3, answers[:, 0])
    match_kept = np.hstack([gap, np.where(answers[:, :1] == 2, 1, 2)])
    match_plain = np.hstack([answers, np.full_like(answers[:, :1], 2)])
    assert logistic_dif(match_kept, group, False).both[0] == pytest.approx(
        logistic_dif(match_plain, group, False).both[0], abs=1e-9
    )


def separable(x, y):
    """Whether some direction puts all right answers on one side of the wrong ones or the border: a linear program."""
    signed = np.where(y == 1, 1, -1)[:, None] * np.hstack([np.ones((len(x), 1)), x])
    found = linprog(-signed.sum(axis=0), A_ub=-signed, b_ub=np.zeros(len(x)), bounds=[(-1, 1)] * signed.shape[1])
    return float(found.fun or 0.0) < -1e-7


@pytest.mark.parametrize("seed", range(12))
def test_an_estimate_is_missing_exactly_where_the_answers_are_separated(seed):
    answers, group = people(seed, 24, 4)
    table = logistic_dif(answers, group, purify=False)
    score = answers.sum(axis=1) - 2.0
    x = np.stack([score, group, score * group], axis=1)
    for item in range(4):
        parted = [separable(x[:, :model], answers[:, item]) for model in (1, 2, 3)]
        assert np.isnan(table.uniform[item]) == (parted[0] or parted[1])
        assert np.isnan(table.both[item]) == table.separated[item] == any(parted)


def test_a_group_that_is_all_right_is_flagged_as_separated_and_an_item_that_all_know_too():
    answers, group = people(7)
    answers[group == 1, 0] = 1
    answers[:, 1] = 1
    answers[:, 2] = -1
    table = logistic_dif(answers, group)
    assert table.separated.tolist() == [True, True, True] + [False] * 7
    assert np.isnan(table.p_uniform[:3]).all()
    assert set(table.jg_class[:3]) == {""}
    assert table.too_small.tolist() == [False, False, True] + [False] * 7


@pytest.mark.parametrize(("categories", "impact"), [(2, 0.0), (2, 0.5), (3, 0.0)])
def test_five_percent_of_fair_items_are_called_unfair(categories, impact):
    samples = (people(seed, 1000, 20, impact=impact, categories=categories) for seed in range(100))
    tables = [logistic_dif(answers, group) for answers, group in samples]
    for name in ("p_uniform", "p_nonuniform", "p_both"):
        p = np.concatenate([getattr(table, name) for table in tables])
        assert 0.03 <= (p < 0.05).mean() <= 0.07


@pytest.mark.parametrize(
    ("answers", "group", "told"),
    [
        ([[0, 1], [1, 0]], [0, 0], "nobody is in the focal group"),
        ([[0, 1], [1, 0]], [0, 3], "group 3 of person 1"),
        ([[0, 1], [1, -2]], [0, 1], "response -2 of person 1 to item 1"),
        ([[0.5, 1.0], [1.0, 0.0]], [0, 1], "whole numbers"),
    ],
)
def test_what_cannot_be_compared_is_refused(answers, group, told):
    with pytest.raises(ValueError, match=told):
        logistic_dif(answers, group)


def test_an_item_that_one_group_never_solves_does_not_spoil_the_others():
    chance = np.random.default_rng(5)
    theta, group = chance.normal(size=2000), np.arange(2000) % 2
    answers = (chance.random((2000, 8)) < 1 / (1 + np.exp(np.linspace(-1, 1, 8) - theta[:, None]))).astype(int)
    answers[group == 1, 0] = 0
    found, alone = logistic_dif(answers, group), logistic_dif(answers[:, 1:], group)
    assert found.separated.tolist() == [True] + [False] * 7
    assert found.in_match.tolist() == [False] + [True] * 7
    assert found.both[1:] == pytest.approx(alone.both, abs=1e-6)


def test_a_match_that_would_lose_most_of_its_items_stays_as_it_is():
    chance = np.random.default_rng(0)
    theta, group = chance.normal(size=2000), np.arange(2000) % 2
    z = theta[:, None] - np.multiply.outer(group - 0.5, np.array([1.6, -1.6] * 3))
    answers = (chance.random(z.shape) < 1 / (1 + np.exp(-z))).astype(int)
    once, purified = logistic_dif(answers, group, purify=False), logistic_dif(answers, group)
    assert (once.jg_class == "C").sum() > 3
    assert purified.jg_class.tolist() == once.jg_class.tolist()
