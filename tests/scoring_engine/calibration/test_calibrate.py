"""Marginal maximum likelihood: published estimates, an independent likelihood, recovery, and bad data."""

import math
from itertools import product

import numpy as np
import pytest

from scoring_engine.calibration.calibrate import Settings, calibrate, group_numbers
from scoring_engine.calibration.families import MODELS, told_of
from scoring_engine.curves.items import Items, Logistic, Nominal
from tests.scoring_engine.calibration.simulated import answers_of, drawn_test

LSAT6 = np.repeat(
    list(product((0, 1), repeat=5)),
    [
        3,
        6,
        2,
        11,
        1,
        1,
        3,
        4,
        1,
        8,
        0,
        16,
        0,
        3,
        2,
        15,
        10,
        29,
        14,
        81,
        3,
        28,
        15,
        80,
        16,
        56,
        21,
        173,
        11,
        61,
        28,
        298,
    ],
    axis=0,
)
"""Answers of 1,000 persons to section 6 of the LSAT: Bock & Lieberman (1970), Psychometrika 35(2), table 1."""

FAST = Settings(errors=False)


def told(model, items):
    """The true values in the order of the estimates."""
    return np.array([told_of(model, item) for item in items.each])


def log_likelihood(rows, curves, mean=0.0, sd=1.0):
    """The marginal log-likelihood, person by person, over nodes of its own; curves give P of each category."""
    nodes = np.linspace(mean - 7 * sd, mean + 7 * sd, 301)
    weights = np.exp(-(((nodes - mean) / sd) ** 2) / 2)
    weights /= weights.sum()
    tables = [np.array([curve(t) for t in nodes]) for curve in curves]
    height = 0.0
    for row in rows:
        likelihood = weights.copy()
        for x, table in zip(row, tables, strict=True):
            if x >= 0:
                likelihood = likelihood * table[:, x]
        height += math.log(likelihood.sum())
    return height


def two_pl(a, b):
    def curve(theta):
        right = 1 / (1 + math.exp(-a * (theta - b)))
        return [1 - right, right]

    return curve


def test_the_2pl_of_lsat_6_is_what_is_published():
    """Rizopoulos (2006), Journal of Statistical Software 17(5), section 3: estimates and log-likelihood."""
    found = calibrate(LSAT6, "2pl")
    assert found.converged
    assert found.log_likelihood == pytest.approx(-2466.653, abs=0.001)
    a, b = np.array([item.values for item in found.items]).T
    assert a == pytest.approx([0.8254, 0.7229, 0.8905, 0.6886, 0.6575], abs=0.001)
    assert b == pytest.approx([-3.3597, -1.3696, -0.2799, -1.8659, -3.1236], abs=0.005)


def test_the_rasch_model_of_lsat_6_is_what_is_published():
    """The same source: a common slope of 0.7551 with theta ~ N(0, 1) is a slope of 1 with a spread of 0.7551."""
    found = calibrate(LSAT6, "rasch")
    assert found.log_likelihood == pytest.approx(-2466.938, abs=0.001)
    assert found.sd[0] == pytest.approx(0.7551, abs=0.0005)
    b = np.array([item.values[0] for item in found.items]) / found.sd[0]
    assert b == pytest.approx([-3.6153, -1.3224, -0.3176, -1.7301, -2.7802], abs=0.002)


def test_the_log_likelihood_agrees_with_one_computed_person_by_person():
    found = calibrate(LSAT6[::7], "2pl", settings=Settings(errors=False, allow_few=True))
    assert log_likelihood(LSAT6[::7], [two_pl(*item.values) for item in found.items]) == pytest.approx(
        found.log_likelihood, abs=1e-6
    )


def test_no_other_parameters_near_by_are_likelier():
    found = calibrate(LSAT6, "2pl", settings=Settings(errors=False, tolerance=1e-9))
    values = np.array([item.values for item in found.items])
    best = log_likelihood(LSAT6, [two_pl(*row) for row in values])
    for item, parameter, shift in product((0, 2, 4), (0, 1), (-0.02, 0.02)):
        moved = values.copy()
        moved[item, parameter] += shift
        assert log_likelihood(LSAT6, [two_pl(*row) for row in moved]) < best


def test_standard_errors_agree_with_the_curvature_of_an_independent_likelihood():
    found = calibrate(LSAT6, "2pl", settings=Settings(tolerance=1e-9))
    values = np.array([item.values for item in found.items]).ravel()
    unique, count = np.unique(LSAT6, axis=0, return_counts=True)

    def height(point):
        nodes = np.linspace(-7, 7, 141)
        weights = np.exp(-(nodes**2) / 2)
        a, b = point.reshape(5, 2).T
        right = 1 / (1 + np.exp(-a * (nodes[:, None] - b)))
        each = np.where(unique[:, None], right, 1 - right).prod(axis=2) @ (weights / weights.sum())
        return float(count @ np.log(each))

    h, size = 2e-3, values.size
    unit = np.eye(size) * h
    curvature = [
        [
            height(values + unit[i] + unit[j]) - height(values + unit[i] - unit[j])
            - height(values - unit[i] + unit[j]) + height(values - unit[i] - unit[j])
            for j in range(size)
        ]
        for i in range(size)
    ]  # fmt: skip
    wanted = np.sqrt(np.diag(np.linalg.inv(-np.array(curvature) / (4 * h**2))))
    assert np.concatenate([item.se for item in found.items]) == pytest.approx(wanted, rel=0.005)


PERSONS = {"3pl": 4000, "4pl": 4000, "nrm": 2500}


@pytest.mark.parametrize("model", MODELS)
def test_estimates_recover_the_truth_within_their_errors(model):
    """95 % of the truths lie within two errors, give or take the chance of 12 items, and none is far off."""
    chance = np.random.default_rng(100 + MODELS.index(model))
    items, theta = drawn_test(model, 12, chance), chance.normal(size=PERSONS.get(model, 1500))
    theta = (theta - theta.mean()) / theta.std()  # else all items would share the error of these persons' mean
    answers = answers_of(items, theta, chance, missing=0.05)
    found = calibrate(answers, model)
    assert found.converged
    assert (found.sd_se[0] > 0) == (model in ("rasch", "pcm"))
    z = np.array([(item.values - true) / item.se for item, true in zip(found.items, told(model, items), strict=True)])
    assert np.abs(z).max() < 4.5
    assert (np.abs(z) < 1.96).mean() > 0.85


def test_a_mixed_test_is_calibrated_in_one_run():
    chance = np.random.default_rng(8)
    items = Items([drawn_test(model, 1, chance).each[0] for model in ("2pl", "grm", "gpcm", "2pl", "nrm", "grm")])
    models = ["2pl", "grm", "gpcm", "2pl", "nrm", "grm"]
    found = calibrate(answers_of(items, chance.normal(size=3000), chance), models)
    for model, item, true in zip(models, found.items, items.each, strict=True):
        wanted = told(model, Items([true]))[0]
        assert np.abs((item.values - wanted) / item.se).max() < 4
    assert found.test().categories.tolist() == items.categories.tolist()


def test_groups_differ_in_mean_and_spread():
    chance = np.random.default_rng(9)
    items = drawn_test("2pl", 20, chance)
    theta = np.concatenate([chance.normal(0, 1, 1500), chance.normal(0.8, 1.4, 1500), chance.normal(-0.5, 0.7, 1500)])
    groups = np.repeat([0, 1, 2], 1500)
    mixed = chance.permutation(4500)
    found = calibrate(answers_of(items, theta, chance)[mixed], "2pl", groups[mixed])
    assert (found.mean[0], found.sd[0], found.mean_se[0], found.sd_se[0]) == (0, 1, 0, 0)
    assert np.abs((found.mean[1:] - [0.8, -0.5]) / found.mean_se[1:]).max() < 3
    assert np.abs((found.sd[1:] - [1.4, 0.7]) / found.sd_se[1:]).max() < 3


def test_fixed_anchors_keep_the_scale_of_the_bank():
    chance = np.random.default_rng(10)
    items = drawn_test("2pl", 20, chance)
    answers = answers_of(items, chance.normal(0.7, 1.3, 3000), chance)
    anchors = {column: items.each[column] for column in range(8)}
    found = calibrate(answers, "2pl", fixed=anchors)
    assert [item.flag for item in found.items] == ["fixed"] * 8 + [""] * 12
    assert [found.mean[0], found.sd[0]] == pytest.approx([0.7, 1.3], abs=0.1)
    z = [(item.values - true) / item.se for item, true in zip(found.items[8:], told("2pl", items)[8:], strict=True)]
    assert np.abs(z).max() < 4
    assert found.n_parameters == 2 * 12 + 2


def test_the_order_of_persons_and_items_does_not_matter():
    chance = np.random.default_rng(11)
    rows, columns = chance.permutation(1000), chance.permutation(5)
    plain, turned = calibrate(LSAT6, "2pl", settings=FAST), calibrate(LSAT6[rows][:, columns], "2pl", settings=FAST)
    for position, column in enumerate(columns):
        assert turned.items[position].values == pytest.approx(plain.items[column].values, abs=1e-5)
    assert turned.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)


def test_turned_answers_turn_the_scale():
    plain, turned = calibrate(LSAT6, "2pl", settings=FAST), calibrate(1 - LSAT6, "2pl", settings=FAST)
    for one, other in zip(plain.items, turned.items, strict=True):
        assert other.values == pytest.approx(one.values * [1, -1], abs=1e-4)


def test_missing_answers_are_left_out_wherever_they_stand():
    extra = np.hstack([LSAT6, np.full((1000, 1), -1)])
    alone = np.vstack([extra, np.full((3, 6), -1)])
    found = calibrate(alone, "2pl", settings=FAST)
    assert found.n_persons == 1000
    assert found.log_likelihood == pytest.approx(calibrate(LSAT6, "2pl", settings=FAST).log_likelihood, abs=1e-8)


def test_an_item_that_does_not_vary_is_left_out_and_flagged():
    with_constant = np.hstack([LSAT6, np.ones((1000, 1), dtype=int)])
    found = calibrate(with_constant, "2pl", settings=FAST)
    assert (found.items[5].flag, found.items[5].n) == ("no_variance", 1000)
    assert np.isnan(found.items[5].values).all()
    assert found.items[0].values == pytest.approx(calibrate(LSAT6, "2pl", settings=FAST).items[0].values, abs=1e-9)
    with pytest.raises(ValueError):
        found.test()


def test_a_category_that_nobody_used_is_closed_up_and_the_map_is_kept():
    chance = np.random.default_rng(12)
    items = drawn_test("grm", 6, chance)
    answers = answers_of(items, chance.normal(size=800), chance)
    gap = np.where(answers[:, 2:3] >= 2, answers[:, 2:3] + 1, answers[:, 2:3])
    found = calibrate(np.hstack([answers[:, :2], gap, answers[:, 3:]]), "grm", settings=FAST)
    assert (found.items[2].flag, found.items[2].categories) == ("collapsed", (0, 1, 3, 4))
    assert found.items[2].values == pytest.approx(calibrate(answers, "grm", settings=FAST).items[2].values, abs=1e-9)


def test_a_key_that_is_turned_round_is_flagged_as_a_negative_slope():
    turned = LSAT6.copy()
    turned[:, 2] = 1 - turned[:, 2]
    found = calibrate(turned, "2pl", settings=FAST)
    assert [item.flag for item in found.items] == ["", "", "negative_slope", "", ""]
    with pytest.raises(ValueError, match=r"slope -0\.89"):
        found.items[2].item()


def test_a_calibration_that_runs_out_of_cycles_says_so_with_its_last_state():
    found = calibrate(LSAT6, "2pl", settings=Settings(most_cycles=3, errors=False))
    assert (found.converged, found.iterations) == (False, 3)
    assert found.change > 1e-6
    assert np.isfinite(found.items[0].values).all()


def test_aic_and_bic_of_lsat_6():
    """ltm prints AIC 4953.307 and BIC 5002.384 for the 2PL (same source)."""
    found = calibrate(LSAT6, "2pl", settings=FAST)
    assert [found.aic, found.bic] == pytest.approx([4953.307, 5002.384], abs=0.002)


def test_reference_groups_come_first_and_the_others_by_name():
    numbers, names = group_numbers(["b", "ref", "a", "ref"], "ref")
    assert (numbers.tolist(), names) == ([2, 0, 1, 0], ("ref", "a", "b"))
    with pytest.raises(ValueError, match="no person is in the reference group 'x'"):
        group_numbers(["a"], "x")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((LSAT6, "5pl"), "'5pl' is no model"),
        ((LSAT6, ["2pl", "2pl"]), "2 models, but 5 items"),
        ((LSAT6 * 1.0, "2pl"), "whole numbers"),
        ((LSAT6 - 2, "2pl"), "response -2 of person 0 to item 0"),
        ((LSAT6[:150], "2pl"), "2pl needs at least 200 persons, these are 150"),
        ((LSAT6, "3pl"), "3pl needs at least 3000 persons"),
        ((LSAT6 * 0, "rasch"), "in none do the answers vary"),
        ((LSAT6, "2pl", np.ones(1000, dtype=int)), "numbered from 0 without a gap"),
        ((LSAT6, "2pl", np.zeros(7, dtype=int)), "7 persons have a group, 1000 have responses"),
        ((LSAT6 * 2, "2pl", None, {0: Logistic(1.0, 0.0)}), "response 2 of person"),
        ((LSAT6 + (LSAT6[:, :1] * LSAT6), "2pl"), "2pl is for right or wrong, but an item has 3 categories"),
        ((np.full((5, 3), -1), "rasch"), "each needs a person who answered something"),
    ],
)
def test_data_that_cannot_be_calibrated_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        calibrate(*arguments)


def test_an_item_of_another_model_is_refused():
    with pytest.raises(ValueError, match=r"Nominal.* is not of the model grm"):
        told_of("grm", Nominal((1.0,), (0.0,)))
