"""Which pairs are tested for similarity, and the adjustment within their rooms."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.validity.multiplicity import holm
from scoring_engine.validity.similarity import holm_within, pairs_in_view, pairs_within

seatings = st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 3), st.integers(-1, 5)), max_size=25, unique=True)


@given(seatings, st.integers(0, 3), st.sampled_from([0, 1, math.inf]))
def test_pairs_in_view_are_those_found_by_looking_at_everybody(places, beside, across):
    expected = [
        [i, j]
        for i, (room, row, seat) in enumerate(places)
        for j, (other_room, other_row, other_seat) in enumerate(places)
        if i < j and room == other_room and min(room, row, seat, other_row, other_seat) >= 0
        and abs(seat - other_seat) <= {0: beside, 1: across}.get(abs(row - other_row), -1)
    ]  # fmt: skip
    rooms, rows, seats = np.array(places, dtype=int).reshape(-1, 3).T
    assert pairs_in_view(rooms, rows, seats, beside, across).tolist() == expected


def test_a_room_of_five_rows_of_eight_has_321_pairs_in_view():
    """In a row 7 + 6 pairs, between two rows 64."""
    assert len(pairs_in_view([7] * 40, np.arange(40) // 8, np.arange(40) % 8)) == 5 * 13 + 4 * 64


@given(st.lists(st.integers(-1, 3), max_size=20))
def test_pairs_within_are_those_found_by_looking_at_everybody(groups):
    expected = [[i, j] for i in range(len(groups)) for j in range(i + 1, len(groups)) if groups[i] == groups[j] >= 0]
    assert pairs_within(np.array(groups, dtype=int)).tolist() == expected


@given(st.lists(st.tuples(st.one_of(st.floats(0, 1), st.just(math.nan)), st.integers(0, 3)), max_size=20))
def test_holm_within_is_holm_of_each_group_alone(tests):
    p, groups = np.array([p for p, _ in tests]), np.array([group for _, group in tests], dtype=int)
    adjusted = holm_within(p, groups)
    for group in range(4):
        assert np.array_equal(adjusted[groups == group], holm(p[groups == group]), equal_nan=True)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (([0, 0], [0, 0], [3, 3]), "persons 0 and 1 have the same seat"),
        (([0, 0], [0, 0], [3]), "not of the same persons"),
        (([0, -2], [0, 0], [3, 4]), "rooms"),
        (([0, 0], [0.5, 0], [3, 4]), "whole"),
        (([[0, 0]], [0, 0], [3, 4]), "rooms"),
    ],
)
def test_impossible_seats_are_refused(places, told):
    with pytest.raises(ValueError, match=told):
        pairs_in_view(*places)


def test_groups_that_do_not_fit_the_tests_are_refused():
    with pytest.raises(ValueError, match="1 groups"):
        holm_within([0.1, 0.2], [0])
