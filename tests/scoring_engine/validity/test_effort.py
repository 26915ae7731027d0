"""Rapid guesses, and how much of a test people worked at."""

import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.validity.effort import effort_moderated, median_thresholds, rapid_guesses, response_time_effort

SECONDS = np.array([[40.0, 30.0, 0.0], [2.0, 50.0, 90.0], [60.0, 3.0, np.nan], [80.0, 70.0, 100.0]])

cells = st.floats(0.1, 300) | st.just(0.0) | st.just(float("nan"))
tables = st.integers(1, 6).flatmap(
    lambda items: st.lists(st.lists(cells, min_size=items, max_size=items), min_size=1, max_size=9)
)


@settings(max_examples=60)
@given(tables)
def test_thresholds_agree_with_medians_taken_one_item_at_a_time(table):
    found = median_thresholds(table, 0.1)
    for item, column in enumerate(zip(*table, strict=True)):
        times = [time for time in column if time > 0]
        expected = 0.1 * statistics.median(times) if times else np.nan
        assert found[item] == pytest.approx(expected, nan_ok=True)


@settings(max_examples=60)
@given(tables, st.floats(1, 100))
def test_effort_agrees_with_counting(table, threshold):
    found = response_time_effort(table, threshold)
    for person, row in enumerate(table):
        worked = [time >= threshold for time in row if time > 0]
        expected = sum(worked) / len(worked) if worked else np.nan
        assert found.share[person] == pytest.approx(expected, nan_ok=True)
        assert (found.n_items[person], found.n_rapid[person]) == (len(worked), len(worked) - sum(worked))


def test_ten_per_cent_of_the_median_is_the_threshold_unless_another_share_is_given():
    assert median_thresholds(SECONDS) == pytest.approx([5.0, 4.0, 9.5])
    assert median_thresholds(SECONDS, 0.2) == pytest.approx([10.0, 8.0, 19.0])


def test_no_threshold_is_longer_than_the_longest_allowed():
    assert median_thresholds(SECONDS, longest=4.5) == pytest.approx([4.5, 4.0, 4.5])


def test_a_time_equal_to_the_threshold_is_no_rapid_guess_and_a_missing_one_never_is():
    assert rapid_guesses([[4.99, 5.0, 0.0, np.nan]], 5.0).tolist() == [[True, False, False, False]]


def test_who_worked_at_fewer_than_nine_in_ten_items_is_flagged():
    seconds = np.full((3, 10), 30.0)
    seconds[1, 0] = 1.0
    seconds[2, :2] = 1.0
    found = response_time_effort(seconds, np.full(10, 5.0))
    assert found.share.tolist() == [1.0, 0.9, 0.8]
    assert found.low.tolist() == [False, False, True]


def test_a_person_without_times_has_no_effort_and_no_flag():
    found = response_time_effort([[0.0, np.nan]], 5.0)
    assert np.isnan(found.share[0])
    assert not found.low[0]


def test_an_item_without_a_threshold_does_not_count():
    found = response_time_effort([[1.0, 1.0]], [5.0, np.nan])
    assert (found.share[0], found.n_items[0]) == (0.0, 1)


def test_rapid_guesses_become_missing_and_every_other_answer_stays():
    thresholds = median_thresholds(SECONDS)
    answers = [[1, 0, -1], [1, 1, 0], [0, 1, 1], [1, 0, 1]]
    assert effort_moderated(answers, SECONDS, thresholds).tolist() == [[1, 0, -1], [-1, 1, 0], [0, -1, 1], [1, 0, 1]]


@settings(max_examples=40)
@given(tables, st.floats(1, 50), st.floats(1, 50))
def test_a_higher_threshold_never_finds_more_effort(table, one, other):
    low, high = sorted((one, other))
    less, more = response_time_effort(table, high), response_time_effort(table, low)
    assert (less.n_rapid >= more.n_rapid).all()


@settings(max_examples=40)
@given(tables, st.sampled_from([0.5, 2.0, 8.0]))
def test_another_unit_of_time_changes_no_mark(table, unit):
    scaled = np.array(table) * unit
    marks = rapid_guesses(table, median_thresholds(table, 0.5))
    assert (rapid_guesses(scaled, median_thresholds(scaled, 0.5)) == marks).all()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, np.nan])
def test_a_share_that_makes_no_threshold_is_refused(share):
    with pytest.raises(ValueError, match="no threshold"):
        median_thresholds(SECONDS, share)


def test_nobody_makes_no_threshold():
    with pytest.raises(ValueError, match="nobody"):
        median_thresholds(np.empty((0, 3)))


@pytest.mark.parametrize("thresholds", [-1.0, np.inf, [1.0, 2.0], [[1.0, 2.0, 3.0]]])
def test_impossible_thresholds_are_refused(thresholds):
    with pytest.raises(ValueError):
        rapid_guesses(SECONDS, thresholds)
    with pytest.raises(ValueError):
        response_time_effort(SECONDS, thresholds)


def test_impossible_times_are_refused():
    for wrong in (-1.0, np.inf):
        with pytest.raises(ValueError, match="of person 0 on item 1"):
            rapid_guesses([[1.0, wrong]], 5.0)
        with pytest.raises(ValueError, match="of person 0 on item 1"):
            median_thresholds([[1.0, wrong]])


@pytest.mark.parametrize("least", [-0.1, 1.1, np.nan])
def test_a_least_effort_outside_0_to_1_is_refused(least):
    with pytest.raises(ValueError, match="least effort"):
        response_time_effort(SECONDS, 5.0, least)


def test_answers_that_do_not_fit_the_times_are_refused():
    with pytest.raises(ValueError, match="shape"):
        effort_moderated([[1, 0]], SECONDS, 5.0)
    with pytest.raises(ValueError, match="response -2 of person 0 to item 1"):
        effort_moderated([[-1, -2]], [[9.0, 9.0]], 5.0)
    with pytest.raises(ValueError, match="whole numbers"):
        effort_moderated([[1.0, 0.0]], [[9.0, 9.0]], 5.0)
