"""One potential from several aspects."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.standards.composite import combine, composite_categories

NAN = math.nan


def test_agrees_with_the_mean_worked_by_hand():
    found = combine([0.6, 1.2, 0.0, NAN], [0.3, 0.4, 0.5, NAN], 3)
    assert (found.theta[0], found.n_measured[0]) == (pytest.approx(0.6), 3)
    assert found.se[0] == pytest.approx(math.sqrt(0.09 + 0.16 + 0.25) / 3)
    assert found.score[0] == pytest.approx(100 * NormalDist().cdf(0.6))


def test_the_score_of_the_average_person_is_fifty():
    assert combine([0.0, 0.0], [0.3, 0.3], 1).score.tolist() == [50.0]


def test_too_few_measured_aspects_leave_the_composite_missing():
    found = combine([[0.5, NAN, NAN], [0.5, 0.7, NAN], [NAN, NAN, NAN]], np.full((3, 3), 0.4), 2)
    assert np.isnan(found.theta).tolist() == [True, False, True]
    assert np.isnan(found.se).tolist() == [True, False, True]
    assert np.isnan(found.score).tolist() == [True, False, True]
    assert found.n_measured.tolist() == [1, 2, 0]


def test_categories_agree_with_cuts_turned_into_theta():
    found = composite_categories(combine([0.6, 1.0], [0.3, 0.4], 2), 60, 80)[0]
    known = NormalDist(0.8, 0.25)
    low, high = known.cdf(NormalDist().inv_cdf(0.6)), 1 - known.cdf(NormalDist().inv_cdf(0.8))
    assert found == pytest.approx([low, 1 - low - high, high], abs=1e-9)


def test_a_missing_composite_has_no_categories():
    assert np.isnan(composite_categories(combine([0.6, NAN], [0.3, NAN], 2), 60, 80)).all()


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0.1, 1)), min_size=1, max_size=8))
def test_the_composite_lies_among_its_aspects_and_is_surer_than_the_worst(aspects):
    theta, se = zip(*aspects, strict=True)
    found = combine(theta, se, 1)
    assert min(theta) - 1e-9 <= found.theta[0] <= max(theta) + 1e-9
    assert found.se[0] <= max(se) + 1e-12
    assert 0 <= found.score[0] <= 100


@pytest.mark.parametrize(
    ("theta", "se", "least", "sentence"),
    [
        ([0.0, 1.0], [0.3], 1, "shape"),
        ([0.0, 1.0], [0.3, NAN], 1, "finite"),
        ([0.0, math.inf], [0.3, 0.3], 1, "finite"),
        ([0.0, 1.0], [0.3, 0.0], 1, "positive"),
        ([0.0, 1.0], [0.3, -0.1], 1, "positive"),
        ([0.0, 1.0], [0.3, 0.3], 0, "positive"),
    ],
)
def test_aspects_that_cannot_be_averaged_are_refused(theta, se, least, sentence):
    with pytest.raises(ValueError, match=sentence):
        combine(theta, se, least)


@pytest.mark.parametrize(("middle", "high"), [(80, 60), (0, 80), (60, 100), (60, 60)])
def test_cuts_that_are_none_are_refused(middle, high):
    with pytest.raises(ValueError, match="cut"):
        composite_categories(combine([0.0], [0.3], 1), middle, high)
