"""Shares of three paths, and how consistently they were chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.instruments.preference import consistency, shares

PATHS = ("manajerial", "fungsional", "pelaksana")
BLOCKS = (PATHS, PATHS[::-1], ("fungsional", "manajerial", "pelaksana"))

picks = st.permutations(range(3)).map(lambda order: (order[0], order[1])) | st.just((-1, -1))


def by_hand(blocks, most, least):
    """Two points for the most, none for the least, one for each other statement."""
    points = dict.fromkeys(PATHS, 0)
    for block, best, worst in zip(blocks, most, least, strict=True):
        for place, path in enumerate(block):
            points[path] += 0 if best < 0 else 2 if place == best else 0 if place == worst else 1
    total = sum(points.values())
    return [100 * points[path] / total for path in PATHS] if total else [np.nan] * 3


def test_one_block_divides_two_to_one_to_nothing():
    assert shares([PATHS], PATHS, [0], [2])[0] == pytest.approx([200 / 3, 100 / 3, 0])


def test_the_same_wish_in_every_block_gives_the_most_uneven_profile_there_is():
    most, least = [0, 2, 1], [2, 0, 2]
    assert shares(BLOCKS, PATHS, most, least)[0] == pytest.approx([200 / 3, 100 / 3, 0])


def test_people_are_rows():
    both = shares(BLOCKS, PATHS, [[0, 2, 1], [-1, -1, -1]], [[2, 0, 2], [-1, -1, -1]])
    assert both[0, 0] == pytest.approx(200 / 3)
    assert np.isnan(both[1]).all()


@given(st.lists(picks, min_size=3, max_size=3))
def test_agrees_with_points_given_by_hand(chosen):
    most, least = zip(*chosen, strict=True)
    found = shares(BLOCKS, PATHS, most, least)[0]
    assert found == pytest.approx(by_hand(BLOCKS, most, least), nan_ok=True)


@given(st.lists(picks, min_size=3, max_size=3).filter(lambda chosen: chosen != [(-1, -1)] * 3))
def test_shares_sum_to_a_hundred_and_none_is_negative(chosen):
    most, least = zip(*chosen, strict=True)
    found = shares(BLOCKS, PATHS, most, least)[0]
    assert found.sum() == pytest.approx(100, abs=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize(
    ("most", "least", "index"),
    [
        ([0, 2, 1], [2, 0, 2], 1.0),  # both repetitions alike
        ([0, 2, 0], [2, 0, 2], 0.5),  # block 2 tells another path than block 0
        ([0, 0, 0], [2, 2, 1], 0.0),
        ([0, 2, 1], [2, 1, 2], 0.5),  # the same most, another least: not alike
        ([0, 2, -1], [2, 0, -1], 1.0),  # an unanswered repetition does not count
        ([-1, 2, 1], [-1, 0, 2], np.nan),
    ],
)
def test_consistency_is_the_share_of_repetitions_answered_alike(most, least, index):
    found = consistency(BLOCKS, [(0, 1), (0, 2)], most, least)
    assert found == pytest.approx([index], nan_ok=True)


def test_without_repeated_blocks_there_is_no_consistency():
    assert np.isnan(consistency(BLOCKS, [], [0, 2, 1], [2, 0, 2])).all()


@pytest.mark.parametrize(
    ("blocks", "paths", "sentence"),
    [
        ([("manajerial", "manajerial", "pelaksana")], PATHS, "does not hold each"),
        ([("manajerial", "fungsional")], PATHS, "does not hold each"),
        ([PATHS], ("manajerial", "manajerial", "pelaksana"), "named twice"),
    ],
)
def test_blocks_that_show_a_path_more_often_are_refused(blocks, paths, sentence):
    with pytest.raises(ValueError, match=sentence):
        shares(blocks, paths, [0], [1])


@pytest.mark.parametrize("pair", [(0, 0), (0, 1)])
def test_a_repetition_of_something_else_is_refused(pair):
    with pytest.raises(ValueError, match="not a repetition"):
        consistency([("a", "b"), ("a", "c")], [pair], [0, 0], [1, 1])


@pytest.mark.parametrize(("most", "least"), [([0], [0]), ([3], [0]), ([0], [-1])])
def test_impossible_picks_are_refused(most, least):
    with pytest.raises(ValueError):
        shares([PATHS], PATHS, most, least)
    with pytest.raises(ValueError):
        consistency([PATHS], [], most, least)
