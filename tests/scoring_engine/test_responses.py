"""What may stand in a response matrix, and what omitted means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.responses import checked_picks, checked_responses, omitted_as_wrong


def test_a_flat_row_is_one_person():
    assert checked_responses([1, 0, -1], [2, 2, 2]).tolist() == [[1, 0, -1]]


@pytest.mark.parametrize(
    ("responses", "sentence"),
    [
        ([0.5, 1.0], "whole numbers"),
        ([float("nan"), 1.0], "whole numbers"),
        ([True, False], "whole numbers"),
        (["1", "0"], "whole numbers"),
        ([[[1, 0]]], "dimensions"),
        ([1, 0, 1], "3 columns"),
        ([1, 3], "response 3 of person 0 to item 1"),
        ([-2, 0], "response -2 of person 0 to item 0"),
        (np.array([1, 2**64 - 1], dtype=np.uint64), "of person 0 to item 1"),
        (np.array([1, 255], dtype=np.uint8), "response 255 of person 0 to item 1"),
    ],
)
def test_what_is_no_response_is_refused(responses, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked_responses(responses, [2, 3])


@pytest.mark.parametrize(
    ("most", "least", "sentence"),
    [
        ([0, 1], [0, 2], "same statement"),
        ([0, -1], [1, 2], "both picks or none"),
        ([0, 3], [1, 2], "response 3 of person 0 to item 1"),
        ([[0, 1]], [[1, 2], [1, 2]], "shape"),
    ],
)
def test_what_is_no_pair_of_picks_is_refused(most, least, sentence):
    with pytest.raises(ValueError, match=sentence):
        checked_picks(most, least, [3, 3])


@pytest.mark.parametrize(
    ("given_row", "scored"),
    [
        ([1, -1, 2, -1, -1], [1, 0, 2, -1, -1]),
        ([-1, -1, -1, -1, 1], [0, 0, 0, 0, 1]),
        ([-1, -1, -1, -1, -1], [-1, -1, -1, -1, -1]),
        ([1, 1, 0, 1, 1], [1, 1, 0, 1, 1]),
    ],
)
def test_missing_before_the_last_answer_is_wrong_and_behind_it_stays_missing(given_row, scored):
    assert omitted_as_wrong(given_row).tolist() == [scored]


@given(st.lists(st.integers(-1, 4), min_size=1, max_size=12))
def test_no_given_answer_changes_when_omitted_ones_turn_wrong(row):
    before, after = np.array(row), omitted_as_wrong(row)[0]
    assert (after[before >= 0] == before[before >= 0]).all()
    assert (omitted_as_wrong(after)[0] == after).all()


@pytest.mark.parametrize("width", [np.uint8, np.uint16, np.uint32, np.uint64, np.int8, np.int32])
def test_whole_numbers_of_any_width_are_responses(width):
    assert checked_responses(np.array([[0, 1]], dtype=width), [2, 2]).tolist() == [[0, 1]]


def test_more_categories_than_a_byte_can_number_are_refused():
    with pytest.raises(ValueError, match="200 categories; 127 are the most"):
        checked_responses([[0]], [200])
