"""Posterior mean and standard error of ability."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from scoring_engine.ability.eap import eap, posterior
from scoring_engine.ability.posterior import Prior
from scoring_engine.curves.items import Items, Nominal

MIXED = ([1.2, 0.8, 1.5, 1.0], [[-1.5, -0.5, 0.5, 1.5], [0.2], [-1.0, 1.0], [0.5]])


def exact(answers, slope, thresholds, mean=0.0, sd=1.0):
    """Adaptive integration of the textbook formula; shares no code with the engine."""

    def log_density(theta):
        total = -(((theta - mean) / sd) ** 2) / 2
        for answer, a, b in zip(answers, slope, thresholds, strict=True):
            if answer >= 0:
                ends = [math.inf, *(a * (theta - cut) for cut in b), -math.inf]
                upper, lower = (1 / (1 + math.exp(min(-z, 700))) for z in ends[answer : answer + 2])
                total += math.log(max(upper - lower, 1e-300))
        return total

    places = mean + sd * np.linspace(-10, 10, 2001)
    logs = [log_density(theta) for theta in places]
    peak, top = places[int(np.argmax(logs))], max(logs)
    near = [theta for theta, log in zip(places, logs, strict=True) if log > top - 45]

    def moment(power, around=0.0):
        return quad(
            lambda theta: (theta - around) ** power * math.exp(log_density(theta) - top),
            near[0], near[-1], points=[peak], epsabs=1e-14, epsrel=1e-13, limit=400,
        )[0]  # fmt: skip

    mass = moment(0)
    theta = moment(1) / mass
    return theta, math.sqrt(moment(2, theta) / mass)


def random_test(seed, length, persons=1):
    chance = np.random.default_rng(seed)
    slope = chance.lognormal(0, 0.3, length)
    thresholds = [sorted(chance.normal(0, 1, 4 if item % 2 else 1)) for item in range(length)]
    last = np.array([len(b) for b in thresholds])
    return slope, thresholds, chance.integers(-1, last + 1, (persons, length))


@pytest.mark.parametrize("length", [1, 3, 40, 300])
def test_agrees_with_adaptive_integration(length):
    slope, thresholds, answers = random_test(length, length)
    ability = eap(answers, Items.of(slope, thresholds))
    assert (ability.theta[0], ability.se[0]) == pytest.approx(exact(answers[0], slope, thresholds), abs=1e-9)


@pytest.mark.parametrize("category", ["lowest", "highest"])
@pytest.mark.parametrize("length", [5, 60, 400])
def test_extreme_answers_agree_with_adaptive_integration(category, length):
    slope, thresholds = [1.5] * length, [[2.0]] * length
    answers = [int(category == "highest")] * length
    ability = eap(answers, Items.of(slope, thresholds))
    assert (ability.theta[0], ability.se[0]) == pytest.approx(exact(answers, slope, thresholds), abs=1e-9)


def test_agrees_with_adaptive_integration_under_another_prior():
    answers = [3, 1, 0, -1]
    ability = eap(answers, Items.of(*MIXED), Prior(1.5, 0.6))
    assert (ability.theta[0], ability.se[0]) == pytest.approx(exact(answers, *MIXED, 1.5, 0.6), abs=1e-9)


def test_the_likelihood_peaks_where_baker_prints_it():
    """Baker (2001), chapter 5: b = -1, 0, 1; a = 1, 1.2, 0.8; answers 1 0 1 give 0.32."""
    narrow = Prior(0.32, 0.05)
    known = posterior([1, 0, 1], Items.of([1.0, 1.2, 0.8], [[-1.0], [0.0], [1.0]]), narrow)
    likelihood = known.weights[0] / np.exp(-(((known.nodes - 0.32) / 0.05) ** 2) / 2)
    assert known.nodes[np.argmax(likelihood)] == pytest.approx(0.32, abs=0.006)


def test_a_person_with_no_answer_gets_the_prior_back():
    ability = eap([[-1, -1, -1, -1], [0, 0, 0, 0]], Items.of(*MIXED), Prior(0.3, 1.2))
    assert (ability.theta[0], ability.se[0], ability.n_items.tolist()) == (0.3, 1.2, [0, 4])


def test_a_missing_answer_is_the_same_as_a_test_without_the_item():
    shorter = Items.of(MIXED[0][:3], MIXED[1][:3])
    with_gap, without = eap([2, 1, 1, -1], Items.of(*MIXED)), eap([2, 1, 1], shorter)
    assert with_gap.theta == pytest.approx(without.theta, abs=1e-8)
    assert with_gap.se == pytest.approx(without.se, abs=1e-8)


def test_a_person_scores_alone_as_in_any_batch():
    slope, thresholds, answers = random_test(7, 30, persons=50)
    items = Items.of(slope, thresholds)
    together = eap(answers, items)
    alone = np.array([eap(row, items).theta[0] for row in answers])
    assert alone == pytest.approx(together.theta, abs=1e-12)
    assert eap(answers[:7], items).se == pytest.approx(together.se[:7], abs=1e-12)


def test_the_order_of_items_does_not_matter():
    slope, thresholds, answers = random_test(3, 20, persons=5)
    turned = Items.of(slope[::-1], thresholds[::-1])
    plain = eap(answers, Items.of(slope, thresholds))
    assert eap(answers[:, ::-1], turned).theta == pytest.approx(plain.theta, abs=1e-12)


def test_no_persons_give_no_estimates():
    assert eap(np.empty((0, 4), dtype=int), Items.of(*MIXED)).theta.size == 0


def test_a_short_test_has_5_nodes_to_the_logit_and_a_long_one_half_a_standard_error_between_two():
    short = posterior([1], Items.of([1.0], [[0.0]]))
    assert (short.nodes.size, short.nodes[0], short.nodes[-1]) == (81, -8.0, 8.0)
    length = 400
    items = Items.of([1.5] * length, [[0.0]] * length)
    long = posterior([0, 1] * (length // 2), items)
    assert long.nodes[1] - long.nodes[0] <= 0.5 * eap([0, 1] * (length // 2), items).se[0]


@pytest.mark.parametrize("location", [0.0, 5.5])
def test_no_answers_can_leave_weight_at_an_end_of_the_grid(location):
    items = Items.of([2.0] * 200, [[location]] * 200)
    weights = posterior([[1] * 200, [0] * 200], items).weights
    assert weights[:, [0, -1]].max() < 1e-12


answers_to_mixed = st.tuples(*(st.integers(-1, last) for last in (4, 1, 2, 1)))


@given(answers_to_mixed, st.integers(0, 3))
def test_a_better_answer_always_scores_above_a_worse_one(answers, item):
    last = (4, 1, 2, 1)[item]
    rows = np.array([(*answers[:item], category, *answers[item + 1 :]) for category in range(last + 1)])
    assert (np.diff(eap(rows, Items.of(*MIXED)).theta) > 0).all()


@given(answers_to_mixed)
def test_an_answer_never_leaves_less_known_than_before(answers):
    assert eap(answers, Items.of(*MIXED)).se[0] <= 1.0


@settings(max_examples=30)
@given(answers_to_mixed, st.floats(-3, 3), st.floats(0.3, 3))
def test_another_unit_and_origin_of_the_scale_only_relabel_the_estimate(answers, shift, unit):
    slope, thresholds = MIXED
    moved = Items.of([a / unit for a in slope], [[unit * b + shift for b in row] for row in thresholds])
    plain, other = eap(answers, Items.of(*MIXED)), eap(answers, moved, Prior(shift, unit))
    assert other.theta == pytest.approx(unit * plain.theta + shift, abs=1e-9)
    assert other.se == pytest.approx(unit * plain.se, abs=1e-9)


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 0.0), (0.0, -1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_a_prior_that_is_no_distribution_is_refused(mean, sd):
    with pytest.raises(ValueError, match="prior"):
        Prior(mean, sd)


@pytest.mark.parametrize("answers", [[5, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0], [0.0, 1.0, 0.0, 0.0]])
def test_answers_that_do_not_fit_the_test_are_refused(answers):
    with pytest.raises(ValueError):
        eap(answers, Items.of(*MIXED))


def test_nominal_items_whose_first_category_speaks_least_are_not_cut_off():
    items = Items([Nominal((1.0, -1.0, 0.0), (-3.0, -3.0, 0.0))] * 100)
    nodes = np.linspace(-5, 15, 4001)
    logits = np.stack([np.zeros_like(nodes), nodes - 3, -nodes - 3, np.zeros_like(nodes)])
    height = 100 * (logits[1] - np.log(np.exp(logits).sum(axis=0))) - nodes**2 / 2
    weight = np.exp(height - height.max())
    mean = (weight * nodes).sum() / weight.sum()
    sd = math.sqrt((weight * (nodes - mean) ** 2).sum() / weight.sum())
    found = eap(np.ones((1, 100), dtype=int), items)
    assert (found.theta[0], found.se[0]) == pytest.approx((mean, sd), abs=1e-9)
