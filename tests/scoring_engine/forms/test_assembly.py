"""Forms chosen by an integer programme: against enumeration, by laws, and when no forms exist."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.curves.items import Items, Logistic
from scoring_engine.curves.probabilities import information
from scoring_engine.forms.assembly import Infeasible, Unsolved, Violation, assemble, on_the_fly
from scoring_engine.forms.blueprint import Blueprint, Row, Stimulus, broken_rows
from scoring_engine.forms.targets import Target

THETA = np.array([-1.0, 1.0])


def bank(seed, size):
    chance = np.random.default_rng(seed)
    slope, location = chance.lognormal(0, 0.3, size), chance.normal(0, 1, size)
    return Items([Logistic(float(a), float(b)) for a, b in zip(slope, location, strict=True)])


def assemble_of(items, blueprint, wanted, kind="minimax", tolerance=0.1, seconds=60.0, gap=0.01):
    target = Target.of(items, THETA, wanted, kind, tolerance)
    return assemble(len(items), blueprint, [target], seconds, gap)


def marks(size, columns):
    return np.isin(np.arange(size), columns).astype(int)


def keeps(form, blueprint):
    """The blueprint of one form in plain python; shares no code with the engine."""
    inside = set(form)
    for row in blueprint.rows:
        if not row.lower <= sum(int(row.amount[item]) for item in form) <= row.upper:
            return False
    if any(len(inside & set(enemies)) > 1 for enemies in blueprint.enemies):
        return False
    used = [(len(inside & set(s.items)), s) for s in blueprint.stimuli]
    return all(n == 0 or s.lower <= n <= s.upper for n, s in used)


def enumerated(items, blueprint):
    """All forms that keep a blueprint, with their information; only for tiny banks."""
    height = [[i.a**2 * p * (1 - p) for i in items.each for p in [1 / (1 + np.exp(-i.a * (at - i.b)))]] for at in THETA]
    return [
        (form, [sum(line[item] for item in form) for line in height])
        for form in combinations(range(len(items)), blueprint.length)
        if keeps(form, blueprint)
    ]


def small(seed):
    chance = np.random.default_rng(seed)
    rows = (
        Row("topic", marks(12, chance.permutation(12)[:6]), 2, 3),
        Row("words", chance.integers(5, 50, 12), 0, 140),
    )
    return Blueprint(1, 5, rows, enemies=((0, 1), (2, 3, 4)), stimuli=(Stimulus("text", (5, 6, 7), 2, 2),))


@pytest.mark.parametrize("seed", range(8))
def test_minimax_finds_what_enumeration_of_all_forms_finds(seed):
    items, blueprint, wanted = bank(seed, 12), small(seed), np.array([0.9, 0.8])
    best = min(max(abs(np.array(height) - wanted)) for _, height in enumerated(items, blueprint))
    found = assemble_of(items, blueprint, wanted, tolerance=1e-6, gap=0.0)
    assert found.deviation == pytest.approx(best, abs=1e-5)
    assert found.proven
    assert keeps(found.forms[0].tolist(), blueprint)


@pytest.mark.parametrize("seed", range(8))
def test_maximin_finds_what_enumeration_of_all_forms_finds(seed):
    items, blueprint, part = bank(seed, 12), small(seed), np.array([1.0, 2.0])
    best = max(min(np.array(height) / part) for _, height in enumerated(items, blueprint))
    found = assemble_of(items, blueprint, part, "maximin", gap=0.0)
    assert found.height == pytest.approx(best, abs=1e-6)
    assert np.isnan(found.deviation)
    assert keeps(found.forms[0].tolist(), blueprint)


def test_two_parallel_forms_are_as_good_as_the_best_pair_of_all_pairs():
    items, wanted = bank(3, 9), np.array([0.6, 0.6])
    forms = enumerated(items, Blueprint(1, 3))
    best = min(
        max(*abs(np.array(one) - wanted), *abs(np.array(other) - wanted))
        for (first, one), (second, other) in combinations(forms, 2)
        if not set(first) & set(second)
    )
    found = assemble_of(items, Blueprint(2, 3), wanted, tolerance=1e-6, gap=0.0)
    assert found.deviation == pytest.approx(best, abs=1e-5)
    assert len({*found.forms.ravel().tolist()}) == 6


def test_an_item_stands_on_no_more_forms_than_it_may():
    found = assemble_of(bank(1, 10), Blueprint(4, 5, most_forms=2), np.array([1.0, 1.0]))
    assert np.bincount(found.forms.ravel()).max() == 2


def test_what_is_told_of_forms_is_what_their_items_add_up_to():
    items, wanted = bank(5, 30), np.array([1.5, 1.5])
    found = assemble_of(items, Blueprint(2, 8), wanted)
    height = information(THETA, items)
    told = [[sum(height[at, item] for item in form) for at in range(2)] for form in found.forms]
    assert found.information[0] == pytest.approx(np.array(told), abs=1e-12)
    assert found.deviation == pytest.approx(np.abs(np.array(told) - wanted).max(), abs=1e-12)
    assert found.deviation <= 0.1 + 1e-6


def test_the_same_blueprint_gives_the_same_forms_again():
    twice = [assemble_of(bank(5, 40), Blueprint(3, 8), np.array([1.5, 1.5])) for _ in range(2)]
    assert (twice[0].forms == twice[1].forms).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_one_more_row_never_makes_forms_better(seed):
    target = Target.of(bank(seed, 15), THETA, np.array([1.0, 1.0]), "maximin")
    row = Row("topic", marks(15, np.random.default_rng(seed).permutation(15)[:7]), 1, 2)
    free, bound = (assemble(15, Blueprint(1, 5, rows), [target], gap=0.0) for rows in [(), (row,)])
    assert bound.height <= free.height + 1e-6


def test_a_blueprint_that_cannot_be_followed_blames_the_fewest_rows_that_explain_it():
    """At least 4 and at most 2 contradict each other, as do at least 4 and at most 1: only the first explains both."""
    amount = marks(20, range(10))
    rows = (
        Row("A at least", amount, 4, 5),
        Row("A at most", amount, 0, 2),
        Row("A at most, again", amount, 0, 1),
        Row("words", np.full(20, 3), 0, 100),
    )
    with pytest.raises(Infeasible) as refusal:
        assemble_of(bank(1, 20), Blueprint(1, 5, rows), np.array([1.0, 1.0]))
    assert refusal.value.violations == (Violation("A at least", 3),)
    assert "A at least (by 3)" in str(refusal.value)


def test_the_amount_that_a_row_is_missed_by_adds_up_over_forms():
    rows = (Row("rare", marks(20, range(3)), 2, 4),)
    with pytest.raises(Infeasible) as refusal:
        assemble_of(bank(1, 20), Blueprint(3, 5, rows), np.array([1.0, 1.0]))
    assert refusal.value.violations == (Violation("rare", 3),)


def test_a_hard_row_is_never_blamed():
    amount = marks(20, range(10))
    rows = (Row("law", amount, 4, 5, hard=True), Row("wish", amount, 0, 2), Row("other wish", amount, 0, 1))
    with pytest.raises(Infeasible) as refusal:
        assemble_of(bank(1, 20), Blueprint(1, 5, rows), np.array([1.0, 1.0]))
    assert [one.row for one in refusal.value.violations] == ["wish", "other wish"]


def test_when_enemies_alone_make_forms_impossible_they_are_blamed_and_no_row():
    everybody = (0, 1, 2, 3, 4, 5)
    blueprint = Blueprint(1, 5, (Row("A", marks(6, [0]), 0, 1),), enemies=(everybody,))
    with pytest.raises(Infeasible) as refusal:
        assemble_of(bank(1, 6), blueprint, np.array([1.0, 1.0]))
    assert refusal.value.violations == (Violation(f"enemies {everybody}", 4),)


def test_enemies_of_which_one_has_to_meet_another_are_blamed():
    triangle = Blueprint(2, 3, enemies=((0, 1), (1, 2), (0, 2)))
    with pytest.raises(Infeasible) as refused:
        assemble_of(bank(1, 6), triangle, np.array([1.0, 1.0]))
    assert len(refused.value.violations) == 1
    assert refused.value.violations[0].row.startswith("enemies (")


def test_no_time_gives_no_forms_and_not_bad_ones():
    blueprint = Blueprint(4, 20, (Row("A", marks(200, range(60)), 5, 6),))
    with pytest.raises(Unsolved, match="within"):
        assemble_of(bank(1, 200), blueprint, np.array([5.0, 5.0]), tolerance=1e-9, seconds=1e-6)


BROKEN = [
    ([[0, 1, 2]], "length, form 0: 3 is not 4 to 4"),
    ([[2, 3, 4, 5]], "A, form 0: 0 is not 1 to 2"),
    ([[0, 1, 4, 8]], "enemies (4, 8), form 0: 2 is not 0 to 1"),
    ([[0, 3, 4, 6]], "stimulus text, form 0: 1 is not 2 to 3"),
    ([[0, 3, 4, 5], [0, 3, 9, 5]], "item 0 on too many forms"),
]


@pytest.mark.parametrize(("forms", "what"), BROKEN)
def test_a_row_that_is_not_kept_is_named(forms, what):
    rows = (Row("A", marks(10, [0, 1]), 1, 2),)
    blueprint = Blueprint(len(forms), 4, rows, ((4, 8),), (Stimulus("text", (6, 7, 2), 2, 3),))
    chosen = np.array([marks(10, form) for form in forms], dtype=bool)
    assert what in broken_rows(chosen, blueprint)


def test_forms_that_keep_everything_break_nothing():
    blueprint = Blueprint(1, 4, (Row("A", marks(10, [0, 1]), 1, 2),), ((4, 8),), (Stimulus("text", (6, 7, 2), 2, 3),))
    assert broken_rows(np.array([marks(10, [0, 4, 6, 7])], dtype=bool), blueprint) == []


def two_constructs(size=40, of_each=6):
    """A bank whose first half measures one construct and whose second half another, and a target for each."""
    told = information(THETA, bank(3, size))
    first = marks(size, range(size // 2))
    halves = [told * first, told * (1 - first)]
    rows = (Row("first", first, of_each, of_each),)
    return rows, [Target(half, half.sum(axis=1) * 0.3, tolerance=0.01, relative=True) for half in halves]


def best_pair(target, columns, size):
    """The smallest deviation that two forms without a common item can have, by looking at all of them."""
    apart = [
        (max(abs(sum(target.told[at, item] for item in form) / target.wanted[at] - 1) for at in range(2)), {*form})
        for form in combinations(columns, size)
    ]
    return min(max(one, other) for (one, a), (other, b) in combinations(apart, 2) if not a & b)


def test_every_construct_is_measured_by_every_form_as_its_target_asks():
    rows, targets = two_constructs(18, 3)
    found = assemble(18, Blueprint(2, 6, rows), targets, gap=0.0)
    for told, target in zip(found.information, targets, strict=True):
        assert np.abs(told / target.wanted - 1).max() <= found.deviation + 1e-12
    best = max(best_pair(target, columns, 3) for target, columns in zip(targets, HALVES, strict=True))
    assert found.deviation == pytest.approx(best, abs=1e-6)


HALVES = (range(9), range(9, 18))


def test_without_a_target_the_blueprint_alone_chooses():
    found = assemble(10, Blueprint(2, 4, (Row("A", marks(10, [0, 1, 2]), 1, 1),)), [])
    assert [len({0, 1, 2} & {*form}) for form in found.forms.tolist()] == [1, 1]
    assert np.isnan(found.deviation)
    assert np.isnan(found.height)


def test_forms_on_the_fly_keep_everything_and_differ_from_person_to_person():
    rows, targets = two_constructs()
    loose = [Target(target.told, target.wanted, tolerance=0.25, relative=True) for target in targets]
    draws = [np.random.default_rng(person).random(40) for person in range(12)]
    forms = [on_the_fly(40, Blueprint(1, 12, rows), loose, draw) for draw in draws]
    for found in forms:
        assert len({*range(20)} & {*found.forms[0].tolist()}) == 6
        assert found.deviation <= 0.25 + 1e-6
    assert len({tuple(found.forms[0]) for found in forms}) > 8
    assert (on_the_fly(40, Blueprint(1, 12, rows), loose, draws[0]).forms == forms[0].forms).all()
    assert len({item for found in forms for item in found.forms[0].tolist()}) > 30


UNKNOWN: Any = "best"
REFUSED = [
    (lambda: Row("A", np.array([0.5, 1.0]), 0, 1), "whole numbers"),
    (lambda: Row("A", np.array([[1]]), 0, 1), "row of whole numbers"),
    (lambda: Row("A", marks(3, [0]), 2, 1), "no range"),
    (lambda: Stimulus("text", (1, 2), 0, 2), "stimulus text"),
    (lambda: Stimulus("text", (1, 2), 2, 3), "stimulus text"),
    (lambda: Target.of(bank(1, 5), THETA, np.array([1.0])), "one positive information"),
    (lambda: Target.of(bank(1, 5), THETA, np.array([1.0, 0.0])), "one positive information"),
    (lambda: Target.of(bank(1, 5), THETA, np.array([1.0, np.nan])), "finite"),
    (lambda: Target.of(bank(1, 5), THETA, np.array([1.0, 1.0]), tolerance=0.0), "tolerance"),
    (lambda: Target.of(bank(1, 5), THETA, np.array([1.0, 1.0]), UNKNOWN), "neither minimax nor maximin"),
    (lambda: assemble(6, Blueprint(1, 3), [Target.of(bank(1, 5), THETA, np.array([1.0, 1.0]))]), "each of 6 items"),
    (lambda: assemble(40, Blueprint(1, 3), mixed_targets()), "all minimax or all maximin"),
    (lambda: on_the_fly(10, Blueprint(2, 3), [], np.zeros(10)), "one form, from 10 numbers"),
    (lambda: on_the_fly(10, Blueprint(1, 3), [], np.zeros(9)), "one form, from 10 numbers"),
    (lambda: follow(Blueprint(0, 3)), "cannot be"),
    (lambda: follow(Blueprint(1, 0)), "cannot be"),
    (lambda: follow(Blueprint(1, 11)), "cannot be"),
    (lambda: follow(Blueprint(4, 3)), "do not fill 12 places"),
    (lambda: follow(Blueprint(1, 3, (Row("A", marks(9, []), 0, 1),))), "row A has amounts for 9 items"),
    (lambda: follow(Blueprint(1, 3, (Row("A", marks(10, []), 0, 1),) * 2)), "one name"),
    (lambda: follow(Blueprint(1, 3, enemies=((1, 10),))), "different columns"),
    (lambda: follow(Blueprint(1, 3, enemies=((1, 1),))), "different columns"),
    (lambda: follow(Blueprint(1, 3, stimuli=(Stimulus("text", (-1, 2), 1, 1),))), "different columns"),
]


def mixed_targets():
    one, other = two_constructs()[1]
    return [one, Target(other.told, other.wanted, "maximin")]


def follow(blueprint):
    return assemble_of(bank(1, 10), blueprint, np.array([1.0, 1.0]))


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_describes_no_forms_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        wrong()
