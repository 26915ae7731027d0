"""Adaptive tests of many at once: against plain loops, by laws, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.ability.eap import eap
from scoring_engine.curves.draws import draw_answers
from scoring_engine.forms.adaptive import CERTAIN, EXHAUSTED, LONGEST, PRECISE, Design
from scoring_engine.forms.exposure import Progressive, Quotas, Randomesque, SympsonHetter
from scoring_engine.forms.pool import CRITERIA, INFORMATION, Pool
from scoring_engine.forms.simulation import exposure_parameters, simulate
from tests.scoring_engine.forms.banks import MIXED, bank, slow_information, slow_moments, slow_p, slow_posterior

BANK = bank(1, 60)
POOL = Pool.of(BANK, 20)
RULES = [
    Design(12),
    Design(12, criterion="weighted information"),
    Design(12, criterion="posterior variance"),
    Design(12, exposure=Randomesque()),
    Design(12, exposure=Progressive()),
    Design(12, exposure=SympsonHetter(np.where(np.arange(60) % 2, 0.3, 1.0))),
    Design(20, se=0.45, shortest=3),
    Design(20, cuts=(-0.5, 0.8), shortest=3),
    Design(20, se=0.5, shortest=3, exposure=Progressive()),
]


def seeded(number=7):
    return np.random.default_rng(number)


def people(persons, seed=5, items=BANK):
    theta = np.random.default_rng(seed).normal(size=persons)
    return theta, draw_answers(theta, items, np.random.default_rng(seed + 1))


def given_to(found, person):
    return [int(item) for item in found.order[person] if item >= 0]


@pytest.mark.parametrize("person", range(4))
def test_every_item_is_the_most_informative_one_left_at_the_mean_of_the_posterior(person):
    _, answers = people(4)
    found = simulate(answers, POOL, Design(12), seeded())
    path = given_to(found, person)
    for step, item in enumerate(path):
        theta, _ = slow_moments(*slow_posterior(BANK, path[:step], answers[person, path[:step]], step=0.05))
        left = [slow_information(BANK.each[one], theta) for one in range(60) if one not in path[:step]]
        # The table rounds theta to .01: of two items almost as good either may come.
        assert slow_information(BANK.each[item], theta) >= max(left) - 0.01


@pytest.mark.parametrize("longest", [1, 5, 8])
def test_the_final_estimate_is_that_of_the_textbook_formula_for_items_of_any_model(longest):
    _, answers = people(3, items=MIXED)
    found = simulate(answers, Pool.of(MIXED, 8), Design(longest), seeded())
    for person in range(3):
        path = given_to(found, person)
        slow = slow_moments(*slow_posterior(MIXED, path, answers[person, path]))
        assert (found.ability.theta[person], found.ability.se[person]) == pytest.approx(slow, abs=1e-6)


def test_the_final_estimate_is_the_one_that_the_answers_are_scored_with():
    found = simulate(people(200)[1], POOL, Design(20), seeded())
    scored = eap(found.answers, BANK)
    assert found.ability.theta == pytest.approx(scored.theta, abs=1e-9)
    assert found.ability.se == pytest.approx(scored.se, abs=1e-9)


@pytest.mark.parametrize("design", RULES)
def test_the_first_of_many_have_the_tests_that_they_have_as_few_to_the_last_bit(design):
    _, answers = people(300)
    many, few = (simulate(answers[:size], POOL, design, seeded()) for size in (300, 7))
    assert (many.order[:7] == few.order).all()
    assert (many.ability.theta[:7] == few.ability.theta).all()
    assert (many.ability.se[:7] == few.ability.se).all()


@pytest.mark.parametrize("design", RULES)
def test_when_another_test_ends_early_nothing_changes_for_the_rest(design):
    _, answers = people(20)
    gone = answers.copy()
    gone[[0, 3]] = -1
    rest = np.delete(np.arange(20), [0, 3])
    whole, without = (simulate(given, POOL, design, seeded()) for given in (answers, gone))
    assert (whole.order[rest] == without.order[rest]).all()
    assert (whole.ability.theta[rest] == without.ability.theta[rest]).all()


@pytest.mark.parametrize("design", RULES)
def test_a_test_gives_an_item_once_and_takes_the_answer_that_the_person_has(design):
    _, answers = people(100)
    found = simulate(answers, POOL, design, seeded())
    for person in range(100):
        path = given_to(found, person)
        assert len({*path}) == len(path) == found.ability.n_items[person]
        assert sorted(path) == np.flatnonzero(found.answers[person] >= 0).tolist()
        assert (found.answers[person, path] == answers[person, path]).all()


@pytest.mark.parametrize("exposure", [Randomesque(), Progressive()])
def test_another_seed_gives_other_tests_and_the_same_seed_the_same(exposure):
    _, answers = people(50)
    one, again, other = (
        simulate(answers, POOL, Design(12, exposure=exposure), seeded(seed)).order for seed in (1, 1, 2)
    )
    assert (one == again).all()
    assert (one != other).any(axis=1).mean() > 0.9


@pytest.mark.parametrize("criterion", CRITERIA)
def test_another_order_of_the_bank_gives_the_same_items(criterion):
    _, answers = people(40)
    turned = Pool.of(BANK.at(range(59, -1, -1)), 20)
    plain = simulate(answers, POOL, Design(10, criterion=criterion), seeded()).order
    other = simulate(answers[:, ::-1], turned, Design(10, criterion=criterion), seeded()).order
    assert (59 - other == plain).mean() > 0.99  # sums of the posterior in another order may break a near tie otherwise


def test_of_equal_items_the_first_column_is_given():
    same = bank(1, 1).at([0] * 9)
    found = simulate(np.ones((3, 9), dtype=int), Pool.of(same, 4), Design(4), seeded())
    assert found.order.tolist() == [[0, 1, 2, 3]] * 3


@pytest.mark.parametrize("criterion", CRITERIA)
def test_the_standard_error_is_the_error_that_is_made(criterion):
    theta, answers = people(3000)
    found = simulate(answers, POOL, Design(15, criterion=criterion), seeded())
    assert np.mean(((found.ability.theta - theta) / found.ability.se) ** 2) == pytest.approx(1.0, abs=0.08)


def test_choosing_items_measures_better_than_taking_any():
    theta, answers = people(1000)
    chosen = simulate(answers, POOL, Design(12), seeded()).ability.theta
    taken = eap(np.where(np.arange(60) < 12, answers, -1), BANK).theta
    assert np.mean((chosen - theta) ** 2) < 0.75 * np.mean((taken - theta) ** 2)


def test_a_test_ends_as_soon_as_the_error_is_small_enough_and_not_before():
    _, answers = people(100)
    found = simulate(answers, POOL, Design(20, se=0.5, shortest=4), seeded())
    before = simulate(answers, POOL, Design(20), seeded())
    for person in np.flatnonzero(found.ended == PRECISE):
        path = given_to(found, person)
        assert found.ability.se[person] <= 0.5
        assert path == given_to(before, person)[: len(path)]
        shorter = np.where(np.isin(np.arange(60), path[:-1]), answers[person], -1)
        assert len(path) == 4 or eap(shorter, BANK).se[0] > 0.5
    assert (found.ended == PRECISE).any()
    assert ((found.ended == LONGEST) == (found.ability.se > 0.5)).all()


def test_a_certain_classification_is_wrong_as_seldom_as_it_says():
    theta, answers = people(4000)
    found = simulate(answers, POOL, Design(20, cuts=(0.3,), certainty=0.95), seeded())
    sure = found.ended == CERTAIN
    wrong = np.mean((found.ability.theta > 0.3)[sure] != (theta > 0.3)[sure])
    assert sure.mean() > 0.5
    assert 0.02 < wrong < 0.05


def test_certainty_is_the_part_of_the_posterior_beyond_the_cut():
    _, answers = people(200)
    found = simulate(answers, POOL, Design(20, cuts=(0.3,), certainty=0.9), seeded())
    for person in range(0, 200, 20):
        path = given_to(found, person)
        thetas, weights = slow_posterior(BANK, path, answers[person, path])
        above = sum(w for theta, w in zip(thetas, weights, strict=True) if theta > 0.3)
        assert (max(above, 1 - above) >= 0.9 - 0.005) == (found.ended[person] == CERTAIN) or len(path) == 20


def test_what_a_person_did_not_answer_cannot_be_given():
    _, answers = people(50)
    answers[:, ::2] = -1
    found = simulate(answers, POOL, Design(12), seeded())
    assert (found.order % 2 == 1).all()


def test_a_test_ends_when_nothing_is_left():
    _, answers = people(5)
    answers[:, 6:] = -1
    answers[4] = -1
    found = simulate(answers, POOL, Design(12), seeded())
    assert found.ended.tolist() == [EXHAUSTED] * 5
    assert found.ability.n_items.tolist() == [6, 6, 6, 6, 0]
    assert (found.ability.theta[4], found.ability.se[4], found.ability.flag[4]) == (0.0, 1.0, "no_items")


@pytest.mark.parametrize("design", [Design(12, maximum_exposure=0.25), Design(12, 1, INFORMATION, Progressive(), 0.25)])
def test_no_item_goes_to_more_examinees_than_it_may(design):
    found = simulate(people(301)[1], POOL, design, seeded())
    assert found.exposure.max() <= 0.25
    assert (found.ended == LONGEST).all()
    assert found.exposure.sum() == pytest.approx(12)


def test_sympson_hetter_probabilities_keep_exposure_near_the_limit_in_a_new_wave():
    design = Design(12)
    free = simulate(people(2000)[1], POOL, design, seeded())
    rule = exposure_parameters(people(2000)[1], POOL, design, 0.4, seeded())
    found = simulate(people(2000, seed=99)[1], POOL, Design(12, exposure=rule), seeded(3))
    assert free.exposure.max() > 0.8
    assert found.exposure.max() < 0.4 + 3 * np.sqrt(0.4 * 0.6 / 2000)
    assert (found.chosen >= found.exposure - 1e-12).all()
    assert (found.chosen * rule.probability)[found.chosen > 0.1] == pytest.approx(
        found.exposure[found.chosen > 0.1], abs=0.05
    )


def quotas_of(areas, lower, upper):
    member = np.array([[area == k for area in areas] for k in range(len(lower))])
    return Quotas(member, np.array(lower), np.array(upper))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=3, max_size=3))
def test_every_test_keeps_its_quotas(seed, bounds):
    areas = np.random.default_rng(seed).permutation(np.arange(60) % 3)
    lower, upper = zip(*[(low, max(low + more, 1)) for low, more in bounds], strict=True)
    longest = min(12, sum(upper))
    if sum(lower) > longest:
        return
    design = Design(longest, quotas=quotas_of(areas, lower, upper), exposure=Randomesque(3, 4))
    found = simulate(people(20)[1], POOL, design, seeded(seed))
    for person in range(20):
        counts = np.bincount(areas[given_to(found, person)], minlength=3)
        assert (counts >= lower).all()
        assert (counts <= upper).all()
    assert found.quotas_met.all()
    assert (found.ended == LONGEST).all()


def test_precision_ends_no_test_before_its_lower_quotas_are_reached():
    areas = np.arange(60) % 2
    design = Design(20, se=0.9, quotas=quotas_of(areas, [4, 5], [20, 20]))
    found = simulate(people(30)[1], POOL, design, seeded())
    assert (found.ability.n_items == 9).all()
    assert (found.ended == PRECISE).all()


def test_a_quota_that_people_cannot_reach_is_told():
    areas = np.arange(60) % 2
    _, answers = people(4)
    answers[0, areas == 1] = -1
    design = Design(10, quotas=quotas_of(areas, [2, 3], [10, 10]))
    assert simulate(answers, POOL, design, seeded()).quotas_met.tolist() == [False, True, True, True]


@pytest.mark.parametrize("item", range(8))
def test_drawn_answers_come_as_often_as_their_probabilities_say(item):
    theta = np.full(200_000, 0.4)
    drawn = np.bincount(draw_answers(theta, MIXED, seeded())[:, item], minlength=MIXED.categories[item])
    expected = np.array(slow_p(MIXED.each[item], 0.4)) * theta.size
    assert drawn.size == expected.size
    assert ((drawn - expected) ** 2 / expected).sum() < 13  # chi-square with 1 to 3 degrees of freedom: p < .005


REFUSED = [
    (lambda: simulate(np.empty((0, 60), dtype=int), POOL, Design(5), seeded()), "no examinee"),
    (lambda: simulate(np.full((2, 60), 2), POOL, Design(5), seeded()), "response 2 of person 0 to item 0"),
    (lambda: simulate(np.full((2, 59), 1), POOL, Design(5), seeded()), "59 columns"),
    (lambda: simulate(np.full((2, 60), 1), POOL, Design(21), seeded()), "tabled for 20 items"),
    (lambda: simulate(np.full((9, 60), 1), POOL, Design(20, maximum_exposure=0.3), seeded()), "cannot serve"),
    (lambda: simulate(np.full((2, 60), 1), POOL, Design(9, exposure=SympsonHetter(np.ones(5))), seeded()), "5 exp"),
    (lambda: simulate(np.full((2, 60), 1), POOL, Design(9, quotas=quotas_of([0, 1], [1], [1])), seeded()), "for 2 it"),
    (lambda: exposure_parameters(np.full((2, 60), 1), POOL, Design(20), 0.1, seeded()), "cannot serve"),
    (lambda: exposure_parameters(np.full((2, 60), 1), POOL, Design(20), 1.5, seeded()), "exposure up to"),
    (lambda: exposure_parameters(np.full((9, 60), 1), POOL, Design(9), 0.3, seeded(), 1), "still given to 1.000"),
    (lambda: draw_answers([0.0, np.nan], BANK, seeded()), "finite"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_cannot_be_simulated_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        wrong()
