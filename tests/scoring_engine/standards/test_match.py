"""Job person match and its categories."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.standards.match import job_person_match, match_probabilities, percent_display
from scoring_engine.standards.thresholds import Band, ThresholdSet
from tests.scoring_engine.standards.regulation import FILLING, MAPPING


def levels_with_sum(total, competencies):
    whole, rest = divmod(total, competencies)
    return [whole + 1] * rest + [whole] * (competencies - rest)


@pytest.mark.parametrize(
    ("standard", "total", "jpm", "filling", "mapping"),
    [
        ([2] * 9, 18, "100.00", "MS", "Optimal"),
        ([2] * 9, 17, "94.44", "MS", "Optimal"),
        ([2] * 9, 16, "88.89", "MS", "Cukup Optimal"),
        ([2] * 9, 15, "83.33", "MS", "Cukup Optimal"),
        ([2] * 9, 14, "77.78", "MMS", "Kurang Optimal"),
        ([2] * 9, 13, "72.22", "MMS", "Kurang Optimal"),
        ([2] * 9, 12, "66.67", "KMS", "Kurang Optimal"),
        ([2] * 9, 25, "138.89", "MS", "Optimal"),
        ([3] * 9, 22, "81.48", "MS", "Cukup Optimal"),
        ([3] * 9, 21, "77.78", "MMS", "Kurang Optimal"),
        ([5] * 9, 36, "80.00", "MS", "Cukup Optimal"),
        ([5] * 10, 45, "90.00", "MS", "Optimal"),
        ([5] * 10, 39, "78.00", "MMS", "Cukup Optimal"),
        ([5] * 10, 34, "68.00", "MMS", "Kurang Optimal"),
    ],
)
def test_the_test_vectors_of_the_domain_reference(standard, total, jpm, filling, mapping):
    """Section 3.3, all rows."""
    match = job_person_match(levels_with_sum(total, len(standard)), standard)
    assert str(percent_display(match)) == jpm
    assert FILLING.category(match) == filling
    assert MAPPING.category(match) == mapping


def test_a_border_is_met_exactly_and_never_by_rounding():
    assert job_person_match([4] * 9, [5] * 9) == 80
    assert FILLING.category(Fraction(79995, 1000)) == "MMS"
    assert FILLING.category(Fraction(80)) == "MS"


@pytest.mark.parametrize(
    ("levels", "standard", "sentence"),
    [
        ([], [], "at least one"),
        ([3], [3, 3], "cannot be matched"),
        ([-1, 3], [3, 3], "levels must be whole numbers from 0"),
        ([2.5, 3], [3, 3], "levels must be whole numbers"),
        ([3, 3], [0, 3], "required levels must be whole numbers from 1"),
        ([3, 3], [2.5, 3], "required levels must be whole numbers"),
    ],
)
def test_levels_that_are_none_are_refused(levels, standard, sentence):
    with pytest.raises(ValueError, match=sentence):
        job_person_match(levels, standard)


@pytest.mark.parametrize(
    ("bands", "sentence"),
    [
        ([], "different names"),
        ([Band("a", None, 85), Band("a", 85, None)], "different names"),
        ([Band("a", None, 84), Band("b", 85, None)], "gap: no category from 84 to 85"),
        ([Band("a", None, 86), Band("b", 85, None)], "overlap"),
        ([Band("a", 0, 85), Band("b", 85, None)], "no lower"),
        ([Band("a", None, 85), Band("b", 85, 100)], "no upper"),
        ([Band("a", None, 85), Band("b", 85, 85), Band("c", 85, None)], "b is empty"),
        ([Band("a", None, 90), Band("b", 90, 80), Band("c", 80, None)], "b is empty"),
        ([Band("a", None, None), Band("b", 85, None)], "an end is missing"),
        ([Band("a", None, 80), Band("c", 90, None), Band("b", 80, 90)], "no upper"),
    ],
)
def test_a_threshold_set_without_gap_overlap_or_disorder_is_the_only_one_taken(bands, sentence):
    with pytest.raises(ValueError, match=sentence):
        ThresholdSet(tuple(bands))


def test_a_set_with_the_gap_of_a_real_regulation_is_refused():
    """Permen KKP 39/2023 art. 52 names >= 91, 85 to 90 and < 85."""
    with pytest.raises(ValueError, match="gap: no category from 90 to 91"):
        ThresholdSet((Band("kurang", None, 85), Band("baik", 85, 90), Band("sangat baik", 91, None)))


def test_falling_lower_ends_are_refused():
    with pytest.raises(ValueError, match="empty"):
        ThresholdSet.rising("KMS", ("MS", 80), ("MMS", 68))


@given(st.fractions(-50, 500))
def test_every_percentage_has_exactly_one_category(percentage):
    holding = [
        band.name
        for band in FILLING.bands
        if (band.lower is None or band.lower <= percentage) and (band.upper is None or percentage < band.upper)
    ]
    assert holding == [FILLING.category(percentage)]


def by_counting(levels, standard, thresholds):
    """Every combination of levels by itself."""
    result = dict.fromkeys((band.name for band in thresholds.bands), 0.0)
    for combination in product(range(len(levels[0])), repeat=len(levels)):
        chance = math.prod(levels[c][level] for c, level in enumerate(combination))
        percentage = Fraction(100 * sum(level + 1 for level in combination), sum(standard))
        result[thresholds.category(percentage)] += chance
    return list(result.values())


@pytest.mark.parametrize("thresholds", [FILLING, MAPPING])
def test_match_probabilities_agree_with_counting_every_combination(thresholds):
    chance, standard = np.random.default_rng(5), [3, 4, 2, 3, 5]
    levels = chance.dirichlet(np.ones(5), (3, 5))
    found = match_probabilities(levels, standard, thresholds)
    for person in range(3):
        assert found[person] == pytest.approx(by_counting(levels[person], standard, thresholds), abs=1e-12)
    assert match_probabilities(levels[1], standard, thresholds) == pytest.approx(found[1:2], abs=1e-12)


def test_certain_levels_give_the_category_of_their_match():
    levels = np.eye(5)[[3] * 9]
    assert match_probabilities(levels, [5] * 9, FILLING).tolist() == [[0.0, 0.0, 1.0]]


distributions = (
    st.lists(st.integers(0, 9), min_size=5, max_size=5)
    .filter(any)
    .map(lambda weights: [weight / sum(weights) for weight in weights])
)


@given(st.lists(distributions, min_size=1, max_size=9))
def test_match_probabilities_sum_to_one(levels):
    found = match_probabilities(levels, [3] * len(levels), MAPPING)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)


def test_another_number_of_competencies_than_standards_is_refused():
    with pytest.raises(ValueError, match="2 competencies, but 3 required"):
        match_probabilities([[1.0, 0.0], [0.5, 0.5]], [1, 1, 1], FILLING)


@pytest.mark.parametrize("end", [float("nan"), float("inf"), 68.5])
def test_ends_and_percentages_that_are_not_exact_are_refused(end):
    with pytest.raises(ValueError, match="whole numbers or fractions"):
        ThresholdSet.rising("A", ("B", end))
    with pytest.raises(ValueError, match="no whole number or fraction"):
        ThresholdSet.rising("A", ("B", 68)).category(end)
