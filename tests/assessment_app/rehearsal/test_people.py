"""Invented people are as they were meant to be: true values, answers by the item models, and habits."""

from __future__ import annotations

import numpy as np
import pytest

from assessment_app.rehearsal.rules import habits, population
from assessment_app.rehearsal.rules.answering import answered, offered_by
from assessment_app.rehearsal.rules.measures import capacity
from assessment_app.rehearsal.rules.validity import agreement, calibration
from item_bank import demonstration, item_keys

LEVELS = ["pelaksana"] * 1200 + ["pengawas"] * 500 + ["administrator"] * 300
CONSTRUCTS = ["M.01", "M.02", "intellectual"]


@pytest.fixture
def chance() -> np.random.Generator:
    """The same each time."""
    return np.random.default_rng(20261126)


@pytest.fixture
def people(chance) -> population.Population:
    """Two thousand people of three job levels."""
    return population.drawn(LEVELS, CONSTRUCTS, ["jalur"], chance)


def every_item() -> list:
    return [item for stock in demonstration.stocks(set()) for item in stock.items]


def fits_on(item):
    check = item.words.check()
    return lambda _item, answer: check(answer) is None


def test_constructs_of_one_instrument_belong_together_more_than_others(people):
    told = np.corrcoef([people.of(name) for name in CONSTRUCTS])
    assert 0.25 < told[0, 2] < told[0, 1] - 0.1 < 0.65


def test_the_population_has_mean_0_and_variance_1_with_higher_levels_above(people):
    ability = people.of("M.01")
    assert abs(ability.mean()) < 0.08
    assert 0.9 < ability.var() < 1.1
    assert ability[:1200].mean() < ability[1200:1700].mean() < ability[1700:].mean()


def test_the_same_seed_draws_the_same_people():
    one, other = (population.drawn(LEVELS, CONSTRUCTS, [], np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(one.of("M.01"), other.of("M.01"))


def test_answers_follow_the_curve_of_the_item(people, chance):
    key = next(item.key for item in every_item() if isinstance(item.key, item_keys.RightOrWrong))
    people.ability[key.construct] = ability = chance.standard_normal(len(LEVELS))
    (said,) = answered([key], people, chance)
    near = np.abs(ability - key.b) < 0.4
    wanted = 1 / (1 + np.exp(-key.a * (ability[near] - key.b)))
    assert abs(said.earned[near].mean() - wanted.mean()) < 4 * np.sqrt(0.25 / near.sum())


def test_every_demonstration_item_can_be_answered_and_nearly_every_credit_earned():
    lacking = []
    for item in every_item():
        if isinstance(item.key, item_keys.Preferred | item_keys.Ranked):
            continue
        _offered, earned = offered_by(item.key, fits_on(item))
        kinds = (item_keys.Graded, item_keys.RightOrWrong)
        if not isinstance(item.key, kinds) and set(earned) != set(range(len(item.key.borders) + 1)):
            lacking.append(item.id)
    assert len(lacking) <= 3, lacking


def test_about_one_in_twenty_does_not_come_and_one_in_fifty_clicks_through(people, chance):
    days = habits.begun(people, chance)
    assert 0.03 < np.mean([not day.comes for day in days]) < 0.07
    assert 0.01 < np.mean([day.is_rapid for day in days]) < 0.035


def test_whoever_comes_back_to_an_item_ends_with_the_answer_of_the_model(people, chance):
    keys = [item.key for item in every_item() if isinstance(item.key, item_keys.RightOrWrong)][:20]
    form, days = answered(keys, people, chance), habits.begun(people, chance)
    habits.fill(days, 1, form, 3600.0, people, chance)
    assert sum(day.revisits for day in days) > 1000
    for person, day in enumerate(days):
        last = {move.item: move.answer for move in day.moves[1]}
        assert day.is_rapid or all(answer == form[item].chosen[person] for item, answer in last.items())


def test_a_part_that_is_too_short_leaves_items_unreached(people, chance):
    keys = [item.key for item in every_item() if isinstance(item.key, item_keys.RightOrWrong)][:20]
    form, days = answered(keys, people, chance), habits.begun(people, chance)
    habits.fill(days, 1, form, 600.0, people, chance)
    assert all(sum(move.seconds for move in day.moves[1]) <= 600.0 for day in days)
    slowest = days[int(np.argmax(people.tempo))]
    assert slowest.is_rapid or slowest.unreached > 0


def test_right_probabilities_are_found_right_within_their_error(chance):
    stated = chance.dirichlet(np.ones(9), size=5000)
    true = [int(chance.choice(9, p=row)) for row in stated]
    assert all(abs(one["right"] - one["stated"]) < 4 * one["error"] + 1e-9 for one in calibration(stated, true))


def test_probabilities_that_are_too_sure_are_found_out(chance):
    real = chance.dirichlet(np.ones(9), size=5000)
    true = [int(chance.choice(9, p=row)) for row in real]
    boasted = real**3 / (real**3).sum(axis=1, keepdims=True)
    assert any(abs(one["right"] - one["stated"]) > 6 * one["error"] for one in calibration(boasted, true))


def test_whoever_has_no_estimate_is_left_out():
    told = agreement("M.01", [0.0, 1.0, 2.0, 3.0], [0.1, 0.9, 2.2, np.nan])
    assert told["people"] == 3
    assert told["correlation"] > 0.99


def test_where_the_servers_cannot_be_seen_nothing_is_said_of_what_is_left_of_them():
    assert capacity({"acknowledged": 290}, 13.0, 0.0) is None
    seen = capacity({"acknowledged": 1000}, 10.0, 1.0)
    assert seen is not None
    assert (seen["cpu_us_an_answer"], seen["people_at_once"]) == (1000.0, 12_000)
