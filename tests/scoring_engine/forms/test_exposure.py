"""Exposure rules and quotas on their own."""

import numpy as np
import pytest

from scoring_engine.forms.exposure import (
    Best,
    Progressive,
    Quotas,
    Randomesque,
    SympsonHetter,
    chosen_within,
    passed_over,
)

PERSONS = 20_000
VALUES = np.array([0.1, 0.9, 0.5, 0.8, 0.7, -np.inf, 0.6, 0.2])


def times(rule, step=0, longest=10, values=VALUES, seed=1):
    """How often, of many examinees, each item is chosen."""
    rows = np.tile(values, (PERSONS, 1))
    scores = rule.scores(rows, np.random.default_rng(seed).random(rows.shape), step, longest)
    return np.bincount(scores.argmax(axis=1), minlength=values.size)


def within_chance(found, share):
    return np.abs(found - share * PERSONS).max() < 4 * np.sqrt(PERSONS * share)


def test_the_best_item_is_always_the_best():
    assert times(Best())[1] == PERSONS


def test_randomesque_gives_each_of_the_five_best_equally_often():
    found = times(Randomesque())
    assert (found[[0, 5, 7]] == 0).all()
    assert within_chance(found[[1, 2, 3, 4, 6]], 1 / 5)


def test_randomesque_has_an_end():
    assert times(Randomesque(5, 3), step=2)[1] < PERSONS
    assert times(Randomesque(5, 3), step=3)[1] == PERSONS


def test_randomesque_chooses_among_what_there_is_when_less_than_five_are_left():
    left = np.where(np.arange(8) < 2, VALUES, -np.inf)
    found = times(Randomesque(), values=left)
    assert within_chance(found[:2], 1 / 2)
    assert found[2:].sum() == 0


def test_progressive_begins_with_chance_and_ends_with_the_criterion():
    start, middle, end = (times(Progressive(), step, 10) for step in (0, 5, 10))
    assert within_chance(start[[0, 1, 2, 3, 4, 6, 7]], 1 / 7)
    assert start[5] == 0
    assert PERSONS / 7 < middle[1] < PERSONS
    assert end[1] == PERSONS


def test_progressive_mixes_as_its_formula_says():
    chance = np.random.default_rng(3).random((1, 8))
    found = Progressive().scores(VALUES[None], chance, 3, 10)[0]
    slow = [v if v == -np.inf else 0.7 * u * 0.9 + 0.3 * v for u, v in zip(chance[0], VALUES, strict=True)]
    assert found == pytest.approx(slow, abs=1e-15)


def test_sympson_hetter_walks_down_the_list():
    """K = .5 for the best, .2 for the second: .5, then .5 x .2, then the third always."""
    k = np.ones(8)
    k[[1, 3]] = 0.5, 0.2
    found = times(SympsonHetter(k))
    assert found[1] == pytest.approx(0.5 * PERSONS, abs=300)
    assert found[3] == pytest.approx(0.1 * PERSONS, abs=180)
    assert found[4] == PERSONS - found[1] - found[3]


def test_what_stood_before_the_given_item_is_passed_over():
    marked = passed_over(np.tile(VALUES, (3, 1)), np.array([4, 1, -1]))
    assert [np.flatnonzero(row).tolist() for row in marked] == [[1, 3], [], []]


def test_of_equal_values_the_earlier_column_was_passed_over():
    assert passed_over(np.array([[0.5, 0.5, 0.5]]), np.array([1])).tolist() == [[True, False, False]]


def test_adjusted_probabilities_bring_what_is_chosen_too_often_to_the_limit():
    chosen = np.array([0.8, 0.5, 0.2, 0.1, 0.05])
    k = SympsonHetter(np.ones(5)).adjusted(chosen, 0.25, certain=2).probability
    assert k == pytest.approx([0.3125, 0.5, 1.0, 1.0, 1.0])


def test_certain_items_keep_probability_one_even_over_the_limit():
    k = SympsonHetter(np.ones(3)).adjusted(np.array([0.8, 0.5, 0.4]), 0.2, certain=2).probability
    assert k == pytest.approx([0.25, 1.0, 1.0])


def test_full_items_go_to_those_who_stand_first():
    values = np.array([[3.0, 2.0, 1.0]] * 5)
    assert chosen_within(np.array([2, 1, 1]), values, lambda now: now).tolist() == [0, 0, 1, 2, -1]


@pytest.mark.parametrize("seed", range(5))
def test_choosing_within_a_capacity_is_choosing_one_after_the_other(seed):
    chance = np.random.default_rng(seed)
    values, capacity = chance.random((40, 12)), chance.integers(0, 6, 12)
    left, slow = capacity.copy(), []
    for row in values:
        open_ = [item for item in range(12) if left[item] > 0]
        best = max(open_, key=lambda item: row[item]) if open_ else -1
        left[best] -= best >= 0
        slow.append(best)
    assert chosen_within(capacity, values.copy(), lambda now: now).tolist() == slow


def quotas():
    """Areas 0-2 and 3-5 with 1 to 2 and 2 to 4 items; item 6 counts for both, item 7 for none."""
    member = np.array([[1, 1, 1, 0, 0, 0, 1, 0], [0, 0, 0, 1, 1, 1, 1, 0]], dtype=bool)
    return Quotas(member, np.array([1, 2]), np.array([2, 4]))


def priorities(given):
    rows = np.isin(np.arange(8), given)[None]
    return quotas().priorities(rows, ~rows)[0].tolist()


def test_priorities_are_the_shares_of_the_lower_bounds_still_missing():
    assert priorities([]) == [1, 1, 1, 1, 1, 1, 1, 0]
    assert priorities([3]) == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0]


def test_an_area_that_has_its_lower_bound_waits_for_the_others():
    assert priorities([0]) == [0, 0, 0, 1, 1, 1, 0.5, 0]


def test_then_priorities_are_the_shares_of_the_upper_bounds():
    assert priorities([0, 3, 4]) == [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 1]
    assert priorities([0, 1, 3, 4]) == [0, 0, 0, 0.5, 0.5, 0.5, 0, 1]


def test_when_nothing_can_help_to_reach_a_lower_bound_the_test_goes_on_with_the_rest():
    given = np.zeros((1, 8), dtype=bool)
    open_ = np.array([[False] * 7 + [True]])
    assert quotas().priorities(given, open_)[0, 7] == 1


REFUSED = [
    (lambda: Randomesque(0), "no choice"),
    (lambda: Randomesque(5, -1), "no choice"),
    (lambda: SympsonHetter(np.array([1.0, 0.0])), "probability above 0"),
    (lambda: SympsonHetter(np.array([1.1])), "probability above 0"),
    (lambda: SympsonHetter(np.array([np.nan])), "probability above 0"),
    (lambda: SympsonHetter(np.ones((2, 2))), "probability above 0"),
    (lambda: Quotas(np.ones(3, dtype=bool), np.array([1]), np.array([1])), "do not fit"),
    (lambda: Quotas(np.ones((1, 3), dtype=bool), np.array([1, 1]), np.array([2])), "do not fit"),
    (lambda: Quotas(np.ones((1, 3), dtype=bool), np.array([3]), np.array([2])), "quota 0: 3 to 2"),
    (lambda: Quotas(np.ones((1, 3), dtype=bool), np.array([4]), np.array([5])), "of 3 items"),
    (lambda: Quotas(np.ones((1, 3), dtype=bool), np.array([0]), np.array([0])), "quota 0: 0 to 0"),
    (lambda: Quotas(np.ones((1, 3), dtype=bool), np.array([-1]), np.array([2])), "quota 0: -1 to 2"),
]


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_is_no_rule_is_refused(wrong, why):
    with pytest.raises(ValueError, match=why):
        wrong()
