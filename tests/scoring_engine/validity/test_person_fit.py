"""Standardised log-likelihoods of answers, and limits by simulation."""

import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from scoring_engine.ability.posterior import Prior
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit
from scoring_engine.validity.guttman import guttman_fit, ht
from scoring_engine.validity.person_fit import cut_off, likelihood_fit

MIXED = (
    Logistic(1.2, -0.5), Logistic(0.8, 0.7, 0.2), Logistic(1.5, 0.2, 0.1, 0.95), Graded(1.3, (-1.0, 0.4, 1.2)),
    PartialCredit(0.9, (0.5, -0.3)), Nominal((0.7, 1.8), (0.4, -0.6)),
)  # fmt: skip


def chances(item, theta):
    """Category probabilities from the textbook; shares no code with the engine."""
    if isinstance(item, Logistic):
        p = item.lower + (item.upper - item.lower) / (1 + math.exp(-item.a * (theta - item.b)))
        return [1 - p, p]
    if isinstance(item, Graded):
        reached = [1.0, *(1 / (1 + math.exp(-item.a * (theta - b))) for b in item.b), 0.0]
        return [high - low for high, low in pairwise(reached)]
    if isinstance(item, PartialCredit):
        logits = [sum(item.a * (theta - b) for b in item.b[:k]) for k in range(len(item.b) + 1)]
    else:
        logits = [0.0, *(a * theta + c for a, c in zip(item.a, item.c, strict=True))]
    return [math.exp(z) / sum(map(math.exp, logits)) for z in logits]


def slopes(item, theta, step=1e-5):
    return [(b - a) / (2 * step) for a, b in zip(chances(item, theta - step), chances(item, theta + step), strict=True)]


def bends(item, theta, step=1e-4):
    rows = [chances(item, theta + move) for move in (-step, 0.0, step)]
    return [(a - 2 * b + c) / step**2 for a, b, c in zip(*rows, strict=True)]


def by_hand(row, theta, estimator="ml", mean=0.0, sd=1.0):
    """Both statistics as regression: what is left of each answer's log-likelihood after its score, in plain loops."""
    used = [(answer, item) for answer, item in zip(row, MIXED, strict=True) if answer >= 0]
    tables = [(answer, chances(item, theta), slopes(item, theta), bends(item, theta)) for answer, item in used]
    excess = sum(math.log(p[x]) - sum(q * math.log(q) for q in p) for x, p, _, _ in tables)
    information = sum(d * d / q for _, p, first, _ in tables for d, q in zip(first, p, strict=True))
    share = sum(d * math.log(q) for _, p, first, _ in tables for d, q in zip(first, p, strict=True)) / information
    plain = rest = 0.0
    for _, p, first, _ in tables:
        for weights, add in (
            ([math.log(q) for q in p], 0),
            ([math.log(q) - share * d / q for q, d in zip(p, first, strict=True)], 1),
        ):
            mean_weight = sum(q * w for q, w in zip(p, weights, strict=True))
            variance = sum(q * (w - mean_weight) ** 2 for q, w in zip(p, weights, strict=True))
            plain, rest = (plain, rest + variance) if add else (plain + variance, rest)
    bend = sum(d * e / q for _, p, first, second in tables for q, d, e in zip(p, first, second, strict=True))
    shift = {"ml": 0.0, "map": (mean - theta) / sd**2, "wle": bend / (2 * information)}[estimator]
    return excess / math.sqrt(plain), (excess + share * shift) / math.sqrt(rest)


def map_estimates(answers, a, b):
    """MAP of 2PL items under N(0, 1), by bisection over all persons."""
    low, high = np.full(len(answers), -8.0), np.full(len(answers), 8.0)
    for _ in range(50):
        middle = (low + high) / 2
        p = 1 / (1 + np.exp(-a * (middle[:, None] - b)))
        rises = np.where(answers >= 0, a * (answers - p), 0.0).sum(axis=1) - middle > 0
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return (low + high) / 2


def form(seed, length):
    chance = np.random.default_rng(seed)
    a, b = chance.lognormal(0, 0.3, length), chance.normal(0, 1, length)
    return a, b, Items([Logistic(float(x), float(y)) for x, y in zip(a, b, strict=True)])


def star(answers, a, b, items):
    return likelihood_fit(answers, items, map_estimates(answers, a, b)).lz_star


@pytest.mark.parametrize("estimator", ["ml", "map", "wle"])
def test_every_model_agrees_with_the_definition_in_plain_loops(estimator):
    rows = np.array(list(product(*((-1, item.categories - 1, 0) for item in MIXED[:5]), (1, 2))))[::7]
    rows = rows[(rows >= 0).sum(axis=1) > 2]
    theta = np.linspace(-2, 2, len(rows))
    found = likelihood_fit(rows, Items(MIXED), theta, estimator, Prior(0.3, 1.2))
    wanted = np.array([by_hand(*pair, estimator, 0.3, 1.2) for pair in zip(rows.tolist(), theta.tolist(), strict=True)])
    assert found.lz == pytest.approx(wanted[:, 0], abs=1e-9)
    assert found.lz_star == pytest.approx(wanted[:, 1], abs=1e-5)
    assert found.n_items.tolist() == (rows >= 0).sum(axis=1).tolist()


def test_right_or_wrong_items_agree_with_the_formulas_of_snijders():
    a, b, items = form(1, 12)
    answers = np.random.default_rng(1).integers(0, 2, (20, 12))
    theta = map_estimates(answers, a, b)
    p = 1 / (1 + np.exp(-a * (theta[:, None] - b)))
    w, r = np.log(p / (1 - p)), np.broadcast_to(a, p.shape)
    c = (p * (1 - p) * a * w).sum(axis=1) / (p * (1 - p) * a * r).sum(axis=1)
    spread = (p * (1 - p) * (w - c[:, None] * r) ** 2).sum(axis=1)
    found = likelihood_fit(answers, items, theta)
    assert found.lz == pytest.approx(((answers - p) * w).sum(1) / np.sqrt((w**2 * p * (1 - p)).sum(1)), abs=1e-10)
    assert found.lz_star == pytest.approx((((answers - p) * w).sum(axis=1) - c * theta) / np.sqrt(spread), abs=1e-9)


@pytest.mark.parametrize("theta", [-1.0, 0.3, 1.4])
def test_lz_of_all_possible_answers_has_mean_0_and_variance_1(theta):
    rows = np.array(list(product(*(range(item.categories) for item in MIXED))))
    weight = np.array([math.prod(chances(item, theta)[x] for x, item in zip(row, MIXED, strict=True)) for row in rows])
    lz = likelihood_fit(rows, Items(MIXED), np.full(len(rows), theta)).lz
    assert (weight.sum(), (weight * lz).sum(), (weight * lz**2).sum()) == pytest.approx((1, 0, 1), abs=1e-9)


def test_lz_star_of_ml_needs_no_correction_at_the_root_of_the_score():
    items = Items(MIXED[:2] + MIXED[3:])
    row = [1, 0, 2, 1, 2]

    def score(theta):
        return sum(slopes(item, theta)[x] / chances(item, theta)[x] for x, item in zip(row, items.each, strict=True))

    root = brentq(score, -4, 4, xtol=1e-13)
    ml = likelihood_fit([row], items, [root], "ml").lz_star
    assert likelihood_fit([row], items, [root], "map", Prior(root, 1.0)).lz_star == pytest.approx(ml, abs=1e-12)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_persons_fit_alone_as_in_any_batch_to_the_last_byte(seed):
    chance = np.random.default_rng(seed)
    answers = chance.integers(-1, Items(MIXED).categories, (9, len(MIXED)))
    theta = chance.normal(0, 1, 9)
    whole = likelihood_fit(np.asfortranarray(answers), Items(MIXED), theta)
    alone = [likelihood_fit(row, Items(MIXED), [at]) for row, at in zip(answers, theta, strict=True)]
    assert np.array([one.lz[0] for one in alone]).tobytes() == whole.lz.tobytes()
    assert np.array([one.lz_star[0] for one in alone]).tobytes() == whole.lz_star.tobytes()


@settings(max_examples=20)
@given(st.floats(-2, 2), st.floats(-3, 3), st.floats(0.3, 3))
def test_another_unit_and_origin_of_the_scale_change_nothing(theta, shift, unit):
    a, b, items = form(2, 8)
    moved = Items([Logistic(x / unit, unit * y + shift) for x, y in zip(a.tolist(), b.tolist(), strict=True)])
    row = [[1, 0, 1, 1, 0, 0, 1, -1]]
    plain = likelihood_fit(row, items, [theta])
    other = likelihood_fit(row, moved, [unit * theta + shift], "map", Prior(shift, unit))
    assert (other.lz[0], other.lz_star[0]) == pytest.approx((plain.lz[0], plain.lz_star[0]), abs=1e-8)


def test_failing_an_easy_item_and_passing_a_hard_one_fits_worse_than_the_reverse():
    items = Items([Logistic(1.2, b) for b in (-2.0, -1.0, 0.0, 1.0, 2.0)])
    found = likelihood_fit([[1, 1, 1, 0, 0], [0, 0, 1, 1, 1]], items, [0.0, 0.0])
    assert found.lz[0] > 0.5 > -2 > found.lz[1]
    assert found.lz_star[0] > found.lz_star[1]


def test_without_an_ability_an_answer_or_spread_nothing_is_told():
    items = Items([Logistic(1.0, 0.5)] * 3)
    found = likelihood_fit([[1, 0, 1], [-1, -1, -1], [1, 0, 1], [1, -1, -1]], items, [math.nan, 0.0, 0.2, 0.2])
    assert np.isnan(found.lz).tolist() == [True, True, False, False]
    assert np.isnan(found.lz_star).all()
    assert found.n_items.tolist() == [3, 0, 3, 1]


@pytest.mark.parametrize("length", [40, 80])
def test_lz_star_calls_five_percent_of_honest_people_misfits_by_the_normal_table(length):
    a, b, items = form(length, length)
    chance = np.random.default_rng(length)
    found = star(draw_answers(chance.normal(0, 1, 8000), items, chance), a, b, items)
    assert 0.03 <= (found < norm.ppf(0.05)).mean() <= 0.07


@pytest.mark.parametrize("length", [8, 20])
def test_cut_offs_call_five_percent_of_honest_people_misfits_on_short_forms(length):
    a, b, items = form(length, length)
    shares = np.sort(np.linspace(0.1, 0.9, length))[np.argsort(np.argsort(-b))]
    fresh = np.random.default_rng(99)
    answers = draw_answers(fresh.normal(0, 1, 6000), items, fresh)
    for statistic, sign in (
        (lambda x: star(x, a, b, items), 1), (ht, 1), (lambda x: guttman_fit(x, shares).u3, -1),
        (lambda x: guttman_fit(x, shares).normed, -1), (lambda x: guttman_fit(x, shares).errors, -1),
    ):  # fmt: skip
        limit = cut_off(items, statistic, 0.05 if sign > 0 else 0.95, np.random.default_rng(1), persons=6000)
        assert 0.03 <= (sign * statistic(answers) < sign * limit).mean() <= 0.07


def test_a_cut_off_is_the_same_for_the_same_chance_and_no_larger_share_lies_beyond_it():
    a, b, items = form(5, 10)
    kept = []

    def statistic(answers):
        kept.append(star(answers, a, b, items))
        return kept[-1]

    first, second = (cut_off(items, statistic, 0.01, np.random.default_rng(3), persons=3000) for _ in range(2))
    assert first == second
    assert (kept[0] < first).mean() <= 0.01 <= (kept[0] <= first).mean()


def test_simulated_answers_have_the_probabilities_of_the_model():
    answers = draw_answers(np.full(40_000, 0.4), Items(MIXED), np.random.default_rng(4))
    for column, item in zip(answers.T, MIXED, strict=True):
        share = np.bincount(column, minlength=len(chances(item, 0.4))) / 40_000
        assert share == pytest.approx(chances(item, 0.4), abs=0.012)


@pytest.mark.parametrize(
    ("theta", "estimator", "told"),
    [
        ([0.0], "map", "each of 2 persons"),
        ([0.0, math.inf], "map", "person 1 is infinite"),
        ([0.0, 0.0], "eap", "not for eap"),
    ],
)
def test_estimates_that_lz_star_cannot_use_are_refused(theta, estimator, told):
    with pytest.raises(ValueError, match=told):
        likelihood_fit([[1, 0], [0, 1]], Items(MIXED[:2]), theta, estimator)


@pytest.mark.parametrize("answers", [[[2, 0]], [[1]], [[0.5, 1.0]]])
def test_answers_that_do_not_fit_the_items_are_refused(answers):
    with pytest.raises(ValueError):
        likelihood_fit(answers, Items(MIXED[:2]), [0.0])


def test_a_cut_off_without_a_level_or_enough_people_is_refused():
    items = Items(MIXED)
    with pytest.raises(ValueError, match="level 1"):
        cut_off(items, lambda x: x[:, 0].astype(float), 1.0, np.random.default_rng(1))
    with pytest.raises(ValueError, match="needs 1000"):
        cut_off(items, lambda x: x[:, 0].astype(float), 0.05, np.random.default_rng(1), persons=500)
