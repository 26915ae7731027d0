"""Shares of three paths, how consistently they were chosen, and codes of interests."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.instruments.preference import (
    TYPES,
    code_consistency,
    congruence,
    consistency,
    differentiation,
    holland_code,
    iachan_differentiation,
    shares,
)

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


profiles = st.lists(st.integers(0, 50), min_size=6, max_size=6)
codes = st.permutations(range(6)).map(lambda order: order[:3])


def of(letters):
    return [TYPES.index(letter) for letter in letters]


@given(profiles)
def test_differentiation_is_the_population_standard_deviation_of_the_profile(profile):
    assert differentiation(profile) == pytest.approx([statistics.pstdev(profile)])


@given(profiles)
def test_the_index_of_iachan_is_that_of_the_sorted_scores(profile):
    first, second, _, fourth, *_ = sorted(profile, reverse=True)
    assert iachan_differentiation(profile) == pytest.approx([0.5 * (first - (second + fourth) / 2)])


def test_the_most_uneven_shares_of_three_paths_differ_by_27_and_equal_ones_by_nothing():
    found = differentiation([[200 / 3, 100 / 3, 0], [100 / 3] * 3, [np.nan] * 3])
    assert found[:2] == pytest.approx([np.sqrt(2 / 3) * 100 / 3, 0])
    assert np.isnan(found[2])


@given(profiles)
def test_a_code_names_the_three_highest_types_and_tells_ties(profile):
    found = holland_code(profile)
    ranked = sorted(range(6), key=lambda kind: (-profile[kind], kind))
    assert found.letters[0].tolist() == ranked[:3]
    assert found.tied[0] == any(profile[ranked[i]] == profile[ranked[i + 1]] for i in range(3))


def test_a_missing_profile_has_no_code_and_no_index():
    found = holland_code([[np.nan] * 6, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]])
    assert (found.letters.tolist(), found.tied.tolist()) == (
        [[-1, -1, -1], [0, 1, 2]], [False, False],
    )  # fmt: skip
    assert code_consistency(found.letters).tolist() == [-1, 3]
    assert congruence(found.letters, of("RIA")).tolist() == [-1, 18]
    assert np.isnan(iachan_differentiation([np.nan] * 6)[0])


@pytest.mark.parametrize(
    ("person", "post", "index"),
    [
        ("RIA", "RIA", 18),  # the maximum, and
        ("RIA", "SEC", 0),  # every letter opposite: Brown & Gore (1994)
        ("RIA", "IRA", 3 * 2 + 2 * 2 + 3),
        ("SEC", "SCA", 3 * 3 + 2 * 2 + 0 * 1 + 0),
        ("ASE", "RES", 3 * 1 + 2 * 2 + 2),
    ],
)
def test_congruence_weighs_the_distance_of_each_letter_on_the_hexagon(person, post, index):
    steps = [min((of(person)[i] - of(post)[i]) % 6, (of(post)[i] - of(person)[i]) % 6) for i in range(3)]
    assert sum(weight * (3 - step) for weight, step in zip((3, 2, 1), steps, strict=True)) == index
    assert congruence(of(person), of(post)).tolist() == [index]


@given(codes, codes, st.integers(0, 5))
def test_congruence_is_mutual_and_does_not_depend_on_where_the_circle_begins(person, post, turn):
    plain = congruence(person, post)
    assert 0 <= plain[0] <= 18
    assert congruence(post, person) == plain
    assert congruence([(x + turn) % 6 for x in person], [(x + turn) % 6 for x in post]) == plain


def test_neighbouring_first_letters_are_the_most_consistent():
    found = code_consistency([of("RIA"), of("RCA"), of("RAI"), of("RSI"), of("CRI")])
    assert found.tolist() == [3, 3, 2, 1, 3]


@pytest.mark.parametrize("profile", [[1.0], [1.0, np.inf], [1.0, np.nan], [[[1.0, 2.0]]]])
def test_profiles_that_are_none_are_refused(profile):
    with pytest.raises(ValueError, match="profile"):
        differentiation(profile)


def test_a_code_needs_six_scores_and_three_different_types():
    for function in (iachan_differentiation, holland_code):
        with pytest.raises(ValueError, match="6 scores"):
            function([1.0, 2.0, 3.0])
    for code in ([0, 0, 1], [0, 1, 6], [-1, 0, 1], [0, 1], [0.0, 1.0, 2.0]):
        with pytest.raises(ValueError):
            code_consistency(code)
        with pytest.raises(ValueError):
            congruence([0, 1, 2], code)
    with pytest.raises(ValueError, match="2 codes of people"):
        congruence([[0, 1, 2]] * 2, [[0, 1, 2]] * 3)


@pytest.mark.parametrize("pair", [(0, 5), (0, -1)])
def test_a_repetition_of_no_block_is_refused(pair):
    with pytest.raises(ValueError, match="there are no blocks"):
        consistency([["a", "b"], ["b", "a"]], [pair], [[0, 1]], [[1, 0]])
