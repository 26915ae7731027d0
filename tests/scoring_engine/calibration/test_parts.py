"""The parts of a calibration: derivatives, the E-step, the acceleration, the same bytes."""

import numpy as np
import pytest

from scoring_engine.calibration.acceleration import fixed_point
from scoring_engine.calibration.expectation import Sample, expect
from scoring_engine.calibration.families import MODELS, build, family
from scoring_engine.calibration.marginal import Marginal
from scoring_engine.curves.items import Items
from scoring_engine.curves.probabilities import log_probabilities
from tests.scoring_engine.calibration.simulated import answers_of, drawn_test, to_parameters
from tests.scoring_engine.threads import printed_with_threads

NODES = np.linspace(-4, 4, 17)

CALIBRATE = """
import hashlib, numpy
from scoring_engine.calibration.calibrate import calibrate
chance = numpy.random.default_rng(4)
theta = chance.normal(size=4000)
answers = (chance.random((4000, 30)) < 1 / (1 + numpy.exp(-(theta[:, None] - chance.normal(size=30))))).astype(int)
found = calibrate(answers, "2pl")
print(hashlib.sha256(b"".join(item.values.tobytes() + item.se.tobytes() for item in found.items)).hexdigest())
"""


def drawn_family(model, seed=0):
    items = drawn_test(model, 3, np.random.default_rng(seed))
    own = family(model, int(items.categories[0]), [0, 1, 2], prior_of_slope=False)
    return items, own, np.array([to_parameters(model, item) for item in items.each])


@pytest.mark.parametrize("model", MODELS)
def test_a_family_has_the_curves_of_its_items(model):
    items, own, parameters = drawn_family(model)
    log_p = own.curve(parameters, NODES)[0].transpose(2, 0, 1)
    assert log_p == pytest.approx(log_probabilities(NODES, items), abs=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_slopes_by_every_parameter_agree_with_central_differences(model):
    _items, own, parameters = drawn_family(model)
    slopes, h = own.curve(parameters, NODES)[1], 1e-6
    for number in range(parameters.shape[1]):
        shift = h * np.eye(parameters.shape[1])[number]
        high, low = (own.curve(parameters + sign * shift, NODES)[0] for sign in (1, -1))
        assert slopes[:, number] == pytest.approx((high - low) / (2 * h), abs=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_what_is_told_of_an_item_builds_it_again(model):
    items, own, parameters = drawn_family(model)
    again = Items([build(model, row) for row in own.told(parameters)])
    assert log_probabilities(NODES, again) == pytest.approx(log_probabilities(NODES, items), abs=1e-9)


def test_expected_counts_agree_with_bayes_person_by_person():
    chance = np.random.default_rng(3)
    items = Items([*drawn_test("grm", 2, chance).each, *drawn_test("2pl", 2, chance).each])
    answers = answers_of(items, chance.normal(size=40), chance, missing=0.2).astype(np.int8)
    log_p = log_probabilities(NODES, items)
    prior = np.log(np.stack([np.full(17, 1 / 17), np.arange(1, 18) / 153]))
    found = expect(Sample(answers, np.array([25, 15]), items.categories), log_p, prior)
    counts, mass, height = np.zeros_like(log_p), np.zeros((2, 17)), 0.0
    for person, row in enumerate(answers):
        group = int(person >= 25)
        each = np.exp(prior[group]) * np.prod([np.exp(log_p[:, j, x]) for j, x in enumerate(row) if x >= 0], axis=0)
        height, each = height + np.log(each.sum()), each / each.sum()
        mass[group] += each
        for j, x in enumerate(row):
            if x >= 0:
                counts[:, j, x] += each
    assert found.log_likelihood == pytest.approx(height, abs=1e-10)
    assert found.counts == pytest.approx(counts, abs=1e-10)
    assert found.mass == pytest.approx(mass, abs=1e-10)


@pytest.mark.parametrize("model", MODELS)
def test_a_plain_cycle_never_lowers_the_likelihood(model):
    chance = np.random.default_rng(5)
    items = drawn_test(model, 6, chance)
    answers = answers_of(items, chance.normal(size=400), chance).astype(np.int8)
    own = family(model, int(items.categories[0]), range(6), prior_of_slope=True)
    test = Marginal.of(Sample(answers, np.array([400]), items.categories), [own], {})
    point = test.pack([np.array([to_parameters(model, one) for one in items.each])], np.zeros(1), np.ones(1))
    heights = []
    for _ in range(12):
        point, height = test.cycle(point)
        heights.append(height)
    assert (np.diff(heights) > -1e-8).all()


@pytest.mark.parametrize("model", ["2pl", "3pl", "pcm"])
def test_the_slope_of_the_marginal_likelihood_agrees_with_central_differences(model):
    chance = np.random.default_rng(6)
    items = drawn_test(model, 4, chance)
    answers = answers_of(items, chance.normal(size=300), chance).astype(np.int8)
    own = family(model, int(items.categories[0]), range(4), prior_of_slope=True)
    test = Marginal.of(Sample(answers, np.array([200, 100]), items.categories), [own], {})
    parameters = [np.array([to_parameters(model, one) for one in items.each])]
    point = test.pack(parameters, np.array([0.0, 0.3]), np.array([1.0, 1.2]))
    slope, h = test.slope(point), 1e-4
    for number in range(point.size):
        shift = h * np.eye(point.size)[number]
        rise = (test.cycle(point + shift)[1] - test.cycle(point - shift)[1]) / (2 * h)
        assert slope[number] == pytest.approx(rise, rel=1e-5, abs=1e-4)


def test_a_linear_contraction_ends_in_its_fixed_point_in_few_cycles():
    """Anderson's mixing solves a linear problem of 4 unknowns in as many steps, where plain steps need hundreds."""
    turn = np.linalg.qr(np.random.default_rng(7).normal(size=(4, 4)))[0]
    matrix = turn @ np.diag([0.98, 0.9, 0.5, -0.3]) @ turn.T
    goal = np.arange(4.0)

    def cycle(point):
        return goal + matrix @ (point - goal), -float(((point - goal) ** 2).sum())

    found = fixed_point(cycle, np.ones(4) * 9, lambda _point: True, 1e-10, 50)
    assert (found.converged, found.cycles <= 12) == (True, True)
    assert found.point == pytest.approx(goal, abs=1e-8)


def test_a_mixed_step_that_lowers_the_likelihood_is_undone():
    """A map whose mixing overshoots into a worse region must still end where plain steps end."""

    def cycle(point):
        return np.array([point[0] / 2 if abs(point[0]) < 1 else point[0] - 0.6 * np.sign(point[0])]), -abs(point[0])

    found = fixed_point(cycle, np.array([20.3]), lambda _point: True, 1e-9, 500)
    assert found.converged
    assert abs(found.point[0]) < 1e-8


def test_calibrations_have_the_same_bytes_with_any_number_of_threads():
    assert len(printed_with_threads(CALIBRATE, 1, 2, 3)) == 1
