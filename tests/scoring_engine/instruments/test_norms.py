"""Scores by a norm group: T, IQ-type, stens, stanines, percentile ranks."""

import math
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist, mean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.instruments.norms import (
    NormGroup,
    hundreds,
    iq_scores,
    norm_group,
    normalised_z,
    percentile_ranks,
    report,
    rounded,
    stanines,
    stens,
    t_scores,
    z_scores,
)

WHEN = date(2025, 3, 1)
NORMAL = NormGroup("pilot", WHEN, 400, 20.0, 4.0, frozenset({"2024-1"}))
TABLE = norm_group("pilot", WHEN, frozenset({"2024-1"}), [10, 12, 13, 15], [2, 5, 2, 1])

tables = st.dictionaries(st.integers(0, 40), st.integers(1, 30), min_size=2, max_size=12).map(
    lambda found: (sorted(found), [found[score] for score in sorted(found)])
)


def of(table):
    return norm_group("group", WHEN, frozenset(), *table)


@settings(max_examples=60)
@given(tables, st.floats(-5, 45) | st.integers(-5, 45))
def test_ranks_mean_and_sd_agree_with_counting_people_one_by_one(table, raw):
    people = [score for score, count in zip(*table, strict=True) for _ in range(count)]
    group = of(table)
    below = sum(100 if score < raw else 50 if score == raw else 0 for score in people)
    assert percentile_ranks([raw], group) == pytest.approx([below / len(people)])
    assert (group.n_persons, group.mean, group.sd) == (
        len(people), pytest.approx(mean(people)), pytest.approx(stdev(people)),
    )  # fmt: skip


@settings(max_examples=60)
@given(tables, st.integers(-5, 45))
def test_normalised_deviates_agree_with_the_standard_library(table, raw):
    people = [score for score, count in zip(*table, strict=True) for _ in range(count)]
    share = sum(1.0 if score < raw else 0.5 if score == raw else 0.0 for score in people) / len(people)
    share = min(max(share, 0.5 / len(people)), 1 - 0.5 / len(people))
    assert normalised_z([raw], of(table)) == pytest.approx([NormalDist().inv_cdf(share)], abs=1e-9)


def test_ranks_of_a_small_table_by_hand():
    assert percentile_ranks([9, 10, 11, 12, 13, 15, 16], TABLE) == pytest.approx([0, 10, 20, 45, 80, 95, 100])


def test_scales_at_known_deviates():
    z = [-1.0, 0.0, 1.5]
    assert t_scores(z).tolist() == [40.0, 50.0, 65.0]
    assert iq_scores(z).tolist() == [85.0, 100.0, 122.5]
    assert hundreds([-4.0, 0.0, 1.0]) == pytest.approx([1.0, 50.0, 84.13447460685429])
    assert z_scores([16.0, 20.0, 26.0], NORMAL).tolist() == z


def test_stanines_hold_4_7_12_17_20_17_12_7_4_per_cent_of_a_normal_group():
    """The shares by which stanines are defined (4, 7, 12, 17, 20, 17, 12, 7, 4)."""
    z = np.array([NormalDist().inv_cdf((rank + 0.5) / 100000) for rank in range(100000)])
    shares = np.bincount(rounded(stanines(z)).astype(int), minlength=10)[1:] / 1000
    assert np.round(shares).tolist() == [4, 7, 12, 17, 20, 17, 12, 7, 4]


def test_stanine_bands_rise_from_1_to_9_and_are_half_a_deviation_wide():
    found = rounded(stanines([-9.0, -1.76, -1.74, -0.26, -0.24, 0.24, 0.25, 1.74, 1.76, 9.0]))
    assert found.tolist() == [1, 1, 2, 4, 5, 5, 6, 8, 9, 9]


def test_sten_5_ends_and_sten_6_begins_at_the_mean_and_each_is_half_a_deviation_wide():
    found = rounded(stens([-3.0, -2.01, -1.99, -0.51, -0.49, -0.01, 0.0, 0.49, 0.51, 1.99, 2.0, 9.0]))
    assert found.tolist() == [1, 1, 2, 4, 5, 5, 6, 6, 7, 9, 10, 10]


@settings(max_examples=200)
@given(st.integers(-20000, 20000))
def test_rounding_is_that_of_decimal_arithmetic_half_away_from_zero(hundredths):
    expected = int(Decimal(hundredths).scaleb(-2).quantize(Decimal(1), ROUND_HALF_UP))
    assert rounded([hundredths / 100]).tolist() == [expected]


def test_a_half_that_arithmetic_missed_by_a_bit_is_a_half():
    assert rounded([np.nextafter(57.5, 0), 57.4999999, -2.5, math.nan]).tolist()[:3] == [58.0, 57.0, -3.0]
    assert np.isnan(rounded([math.nan])[0])


def test_a_report_keeps_the_unrounded_score_and_rounds_once():
    found = report([20.98, math.nan], NORMAL, "2025-2")
    assert found.value[0] == pytest.approx(52.45)
    assert found.printed[0] == 52.0  # rounded at the second decimal first it would be 53 after 52.5
    assert found.percentile[0] == pytest.approx(100 * NormalDist().cdf(0.245))
    assert np.isnan([found.value[1], found.printed[1], found.percentile[1]]).all()
    assert not found.beyond[1]


def test_a_report_by_mid_ranks_says_which_scores_no_one_of_the_group_has():
    found = report([9, 10, 15, 15.5], TABLE, "2025-2", normalised=True)
    assert found.beyond.tolist() == [True, False, False, True]
    ends = 50 + 10 * np.array([NormalDist().inv_cdf(0.05), NormalDist().inv_cdf(0.95)])
    assert found.value[[0, 3]] == pytest.approx(ends)


def test_a_wave_is_never_scored_by_its_own_people():
    with pytest.raises(ValueError, match="wave 2024-1 is part of norm group pilot"):
        report([20.0], NORMAL, "2024-1")


def test_fewer_than_two_hundred_people_are_flagged():
    assert [replace(NORMAL, n_persons=n).is_small for n in (199, 200)] == [True, False]
    assert report([12], TABLE, "2025-2").small_group
    assert not report([12], NORMAL, "2025-2").small_group


@settings(max_examples=40)
@given(tables)
def test_a_higher_raw_score_is_never_told_lower(table):
    group, raw = of(table), np.arange(-1.0, 42.0, 0.5)
    for scores in (percentile_ranks(raw, group), normalised_z(raw, group), stens(z_scores(raw, group))):
        assert (np.diff(scores) >= 0).all()


@settings(max_examples=40)
@given(tables, st.floats(0.1, 10), st.floats(-50, 50))
def test_another_unit_and_origin_of_raw_scores_change_no_norm_score(table, unit, shift):
    scores, counts = table
    moved = of(([unit * score + shift for score in scores], counts))
    raw = np.array([unit * score + shift for score in scores])
    assert z_scores(raw, moved) == pytest.approx(z_scores(np.array(scores), of(table)), abs=1e-8)
    assert normalised_z(raw, moved) == pytest.approx(normalised_z(scores, of(table)), abs=1e-12)


@settings(max_examples=40)
@given(tables)
def test_the_mean_rank_of_the_group_itself_is_fifty(table):
    ranks = percentile_ranks(table[0], of(table))
    assert (ranks * table[1]).sum() / sum(table[1]) == pytest.approx(50)


@pytest.mark.parametrize(
    ("scores", "counts"),
    [
        ([1, 1], [3, 3]),
        ([2, 1], [3, 3]),
        ([1, 2], [3, -1]),
        ([1, 2], [3]),
        ([1, 2], [3.5, 1.0]),
        ([1], [9]),
        ([1, 2], [1, 0]),
    ],
)
def test_tables_that_are_no_group_are_refused(scores, counts):
    with pytest.raises(ValueError, match="norm group"):
        norm_group("group", WHEN, frozenset(), scores, counts)


@pytest.mark.parametrize(
    "wrong", [{"n_persons": 1}, {"sd": 0.0}, {"sd": math.nan}, {"mean": math.inf}, {"n_persons": 11}, {"sd": -1.0}]
)
def test_a_group_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValueError, match="norm group"):
        replace(TABLE, **wrong)


def test_infinite_scores_and_mid_ranks_without_a_table_are_refused():
    for function in (t_scores, iq_scores, hundreds, stens, stanines, rounded):
        with pytest.raises(ValueError, match="infinite"):
            function([math.inf])
    for by_group in (z_scores, percentile_ranks):
        with pytest.raises(ValueError, match="infinite"):
            by_group([-math.inf], NORMAL)
    with pytest.raises(ValueError, match="no table"):
        normalised_z([20.0], NORMAL)


@pytest.mark.parametrize(("scores", "counts"), [([0.1], [3]), ([0.1, 0.2], [3, 0]), ([1.0, 2.0], [1.5, 1.5])])
def test_a_group_in_which_everybody_has_one_score_is_none(scores, counts):
    with pytest.raises(ValueError):
        norm_group("g", date(2026, 1, 1), frozenset(), scores, counts)
