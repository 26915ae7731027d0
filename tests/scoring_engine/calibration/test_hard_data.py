"""Data that no model likes: rare answers, copied items, groups without spread, abilities far apart."""

import numpy as np
import pytest

from scoring_engine.calibration.calibrate import BOUND, FIXED, Settings, calibrate
from scoring_engine.calibration.families import STEEPEST
from scoring_engine.calibration.marginal import SMALLEST_SD
from scoring_engine.curves.draws import draw_answers
from scoring_engine.curves.items import Graded, Items, Logistic
from scoring_engine.curves.probabilities import log_probabilities

QUICK = Settings(errors=False)
TEN = Items([Logistic(1.0, float(b)) for b in np.linspace(-1, 1, 10)])


def drawn(persons=1000, mean=0.0, sd=1.0, test=TEN, seed=11):
    chance = np.random.default_rng(seed)
    return draw_answers(mean + sd * chance.normal(size=persons), test, chance)


def log_likelihood(answers, test, mean, sd):
    """Sum over 2,001 nodes, ten standard deviations to both sides, person by person."""
    nodes = np.linspace(mean - 10 * sd, mean + 10 * sd, 2001)
    log_p = log_probabilities(nodes, test)
    weight = np.exp(-(((nodes - mean) / sd) ** 2) / 2)
    weight /= weight.sum()
    joint = np.sum([log_p[:, item, answers[:, item]] for item in range(answers.shape[1])], axis=0)
    top = joint.max(axis=0)
    return float((top + np.log((weight[:, None] * np.exp(joint - top)).sum(axis=0))).sum())


@pytest.mark.parametrize("counts", [(400, 596, 2, 2), (2, 2, 400, 596), (997, 1, 1, 1)])
def test_rare_neighbouring_categories_do_not_stop_the_search(counts):
    rare = np.repeat(np.arange(4), counts)
    found = calibrate(np.column_stack([rare, drawn()]), "grm", settings=QUICK)
    assert found.converged
    assert (np.diff(found.items[0].values[1:]) > 0).all()


@pytest.mark.parametrize("flipped", [0.0, 0.03, 0.1])
def test_an_item_that_copies_another_ends_at_the_bound_and_says_so(flipped):
    answers = drawn()
    copy = np.where(np.random.default_rng(1).random(1000) < flipped, 1 - answers[:, 0], answers[:, 0])
    found = calibrate(np.column_stack([answers, copy]), "2pl")
    assert found.converged
    steep = [one for one in found.items if one.flag == BOUND]
    assert {float(one.values[0]) for one in steep} == {STEEPEST}
    assert all(np.isnan(one.se[0]) for one in steep)
    assert all(np.isfinite(one.se).all() for one in found.items if one.flag == "")


@pytest.mark.parametrize("model", ["grm", "gpcm", "nrm"])
def test_five_copies_of_an_item_are_no_test(model):
    one = drawn(test=Items([Graded(1.2, (-1.0, 0.0, 1.0))]))
    found = calibrate(np.repeat(one, 5, axis=1), model, settings=QUICK)
    assert {item.flag for item in found.items} == {BOUND}


def test_answers_by_chance_leave_no_spread():
    found = calibrate((np.random.default_rng(0).random((1000, 10)) < 0.5).astype(int), "rasch")
    assert found.sd.tolist() == [SMALLEST_SD]
    assert np.isnan(found.sd_se).all()
    assert np.isfinite([item.se for item in found.items]).all()


def test_a_group_of_one_person_has_no_spread():
    found = calibrate(drawn(), "2pl", (np.arange(1000) == 0).astype(int))
    assert found.sd[1] == SMALLEST_SD
    assert np.isfinite(found.log_likelihood)


def test_a_group_that_knows_everything_is_not_converged():
    answers = drawn()
    answers[:50] = 1
    found = calibrate(answers, "rasch", (np.arange(1000) < 50).astype(int), settings=QUICK)
    assert not found.converged or found.mean[1] > 4


def test_five_people_with_one_answer_have_an_end():
    answers = np.repeat([[0], [0], [1], [1], [1]], 3, axis=1)
    for most in (200, 500):
        settings = Settings(allow_few=True, errors=False, most_cycles=most)
        assert np.isfinite(calibrate(answers, "2pl", [0, 0, 2, 1, 2], settings=settings).log_likelihood)


@pytest.mark.parametrize("sd", [3.0, 5.0])
def test_a_wide_population_is_not_cut_off(sd):
    answers = drawn(2000, 0.0, sd, Items([Logistic(1.0, float(b)) for b in np.linspace(-3, 3, 20)]))
    found = calibrate(answers, "rasch")
    assert found.sd[0] == pytest.approx(sd, abs=4 * found.sd_se[0])
    far = log_likelihood(answers, found.test(), 0.0, float(found.sd[0]))
    assert found.log_likelihood == pytest.approx(far, abs=1e-4)


def test_anchors_far_from_the_middle_only_move_the_scale():
    answers, held = drawn(), [0, 2, 4, 6, 8]
    near, far = (
        calibrate(answers, "2pl", fixed={at: Logistic(1.0, float(np.linspace(-1, 1, 10)[at]) + by) for at in held})
        for by in (0.0, 6.0)
    )
    assert far.mean[0] - near.mean[0] == pytest.approx(6.0, abs=1e-4)
    assert far.sd[0] == pytest.approx(near.sd[0], abs=1e-4)
    assert [item.flag == FIXED for item in far.items] == [at in held for at in range(10)]
    assert far.items[2].item() == far.test().each[2]
    assert far.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-3)


def test_a_very_informative_test_gets_the_nodes_it_needs():
    test = Items([Graded(3.0, (b - 1.2, b - 0.4, b + 0.4, b + 1.2)) for b in np.linspace(-1, 1, 60).tolist()])
    answers = drawn(400, test=test)
    found = calibrate(answers, "grm", settings=Settings(errors=False))
    assert found.log_likelihood == pytest.approx(log_likelihood(answers, found.test(), 0.0, 1.0), abs=1e-3)


def test_persons_in_any_order_have_one_likelihood():
    answers = drawn()
    one, other = (calibrate(part, "2pl", settings=QUICK) for part in (answers, answers[::-1]))
    assert one.log_likelihood == other.log_likelihood
    assert [item.values.tolist() for item in one.items] == [item.values.tolist() for item in other.items]


HALF = np.where(np.arange(10) < 5, drawn(), -1)
OTHER = np.where(np.arange(10) < 5, -1, drawn())


@pytest.mark.parametrize(
    ("answers", "options", "words"),
    [
        (drawn()[:, :2], {}, "slopes need 3 items"),
        (np.vstack([HALF, OTHER]), {"groups": np.repeat([0, 1], 1000)}, "group 1 has no item in common with group 0"),
        (
            np.vstack([HALF, OTHER]),
            {"groups": np.repeat([0, 1], 1000), "fixed": {0: Logistic(1.0, 0.0)}},
            "group 1 has no item in common with an anchor",
        ),
        (drawn(), {"fixed": {-1: Logistic(1.0, 0.0)}}, "held in column -1"),
        (drawn(), {"fixed": {10: Logistic(1.0, 0.0)}}, "columns are 0 to 9"),
        (drawn(), {"fixed": {3: Graded(1.0, (0.0, 1.0))}}, "column 3: .* is not of the model 2pl"),
        (drawn(), {"fixed": {3: Logistic(1.0, 0.0, 0.2)}}, "is not of the model 2pl"),
        (drawn(), {"groups": np.arange(1000) * 10**12}, "numbered from 0 without a gap"),
        (drawn(), {"groups": np.zeros((2, 1000), dtype=int)}, "2000 persons have a group"),
        (np.zeros((0, 4), dtype=int), {}, "no person or no item"),
    ],
)
def test_what_cannot_be_told_from_the_data_is_refused(answers, options, words):
    with pytest.raises(ValueError, match=words):
        calibrate(answers, "2pl", **options)


@pytest.mark.parametrize(("tolerance", "cycles"), [(0.0, 5), (float("nan"), 5), (1e-6, 0)])
def test_a_search_without_an_end_is_refused(tolerance, cycles):
    with pytest.raises(ValueError, match="a tolerance above 0"):
        Settings(tolerance, cycles)


def test_a_search_that_is_cut_short_says_where_it_was():
    found = calibrate(drawn(), "2pl", settings=Settings(most_cycles=3, errors=False))
    assert (found.converged, found.iterations) == (False, 3)
    assert found.log_likelihood == pytest.approx(log_likelihood(drawn(), found.test(), 0.0, 1.0), abs=1e-4)


def test_more_answers_than_are_kept_from_cycle_to_cycle_give_the_same_bytes(monkeypatch):
    kept = calibrate(drawn(), "2pl", settings=QUICK)
    monkeypatch.setattr("scoring_engine.calibration.expectation.MOST_MARKS", 0)
    anew = calibrate(drawn(), "2pl", settings=QUICK)
    assert [item.values.tolist() for item in anew.items] == [item.values.tolist() for item in kept.items]
    assert anew.log_likelihood == kept.log_likelihood
