"""Levels of a competency and their probabilities."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from scoring_engine.ability.eap import posterior
from scoring_engine.curves.items import Items
from scoring_engine.standards.levels import attained_level, expected_level, level_probabilities, most_probable_level

CUTS = (-1.5, -0.5, 0.5, 1.5)


@pytest.mark.parametrize(
    ("theta", "level"), [(-9.0, 1), (-1.5, 2), (-0.51, 2), (-0.5, 3), (0.0, 3), (1.49, 4), (1.5, 5), (9.0, 5)]
)
def test_a_cut_belongs_to_the_level_above_it(theta, level):
    assert attained_level([theta], CUTS).tolist() == [level]


@pytest.mark.parametrize("cuts", [(-1.5, -0.5, 0.5, 1.5), (-0.03, 0.41, 0.44, 2.9), (-3.0, -2.9, 5.5, 7.0)])
@pytest.mark.parametrize("length", [0, 1, 12, 150])
def test_level_probabilities_agree_with_adaptive_integration(cuts, length):
    slope, thresholds = [1.3] * max(length, 1), [[0.1 * (item % 9) - 0.4] for item in range(max(length, 1))]
    answers = [item % 2 for item in range(length)] or [-1]

    def density(theta):
        value = math.exp(-(theta**2) / 2)
        for answer, (b,) in zip(answers, thresholds, strict=True):
            if answer >= 0:
                right = 1 / (1 + math.exp(-1.3 * (theta - b)))
                value *= 2 * (right if answer else 1 - right)
        return value

    ends = [-10.0, *cuts, 10.0]
    mass = [
        quad(density, low, high, points=[min(max(0.0, low), high)], epsabs=0, epsrel=1e-10, limit=400)[0]
        for low, high in pairwise(ends)
    ]
    found = level_probabilities(posterior(answers, Items.of(slope, thresholds)), cuts)[0]
    assert found == pytest.approx(np.array(mass) / sum(mass), abs=1e-8)


def test_most_probable_and_expected_level_of_printed_rows():
    rows = [[0.1, 0.2, 0.4, 0.2, 0.1], [0.5, 0.0, 0.0, 0.0, 0.5], [0.0, 0.0, 0.0, 0.25, 0.75]]
    assert most_probable_level(rows).tolist() == [3, 1, 5]
    assert expected_level(rows) == pytest.approx([3.0, 3.0, 4.75])


@given(st.lists(st.integers(-1, 2), min_size=6, max_size=6))
def test_level_probabilities_are_a_distribution(answers):
    known = posterior(answers, Items.of([1.5] * 6, [[-1.0, 1.0]] * 6))
    found = level_probabilities(known, CUTS)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= 0).all()


@pytest.mark.parametrize("cuts", [[], [0.0, 0.0], [1.0, 0.0], [math.nan, 1.0], [[0.0]]])
def test_cuts_that_do_not_rise_are_refused(cuts):
    with pytest.raises(ValueError, match="cuts"):
        attained_level([0.0], cuts)
    with pytest.raises(ValueError, match="cuts"):
        level_probabilities(posterior([1], Items.of([1.0], [[0.0]])), cuts)


@pytest.mark.parametrize("rows", [[[0.5, 0.4]], [[1.5, -0.5]], [[math.nan, 1.0]], [0.5, 0.5]])
def test_rows_that_are_no_distribution_are_refused(rows):
    for function in (most_probable_level, expected_level):
        with pytest.raises(ValueError, match="probabilities"):
            function(rows)


def test_a_missing_ability_has_no_level():
    with pytest.raises(ValueError, match="theta must be finite"):
        attained_level([math.nan], CUTS)
