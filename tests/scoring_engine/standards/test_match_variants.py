"""Job person match: capped, weighted, incomplete, displayed, and its local thresholds."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_engine.standards.match import (
    PLAIN,
    Variant,
    job_person_match,
    match_interval,
    match_probabilities,
    percent_display,
    weighted_percentage,
)
from tests.scoring_engine.standards.regulation import (
    FILLING,
    JF_EXAM,
    JF_WEIGHTS,
    KKP_OTHERS,
    KKP_SENIOR,
    MAPPING,
)

CAPPED = Variant(cap_per_competency=True)
WEIGHTED = Variant(weights=(Fraction(1, 3), 2, Fraction(5, 7)))
VARIANTS = [
    PLAIN, CAPPED, WEIGHTED, Variant(cap_total=100), Variant(True, 100, (3, 1, 2)), Variant(False, 90, (1, 1, 4)),
]  # fmt: skip


def test_variants_agree_with_the_sums_worked_by_hand():
    levels, standard = [5, 1, 3], [3, 3, 3]
    assert job_person_match(levels, standard, CAPPED) == Fraction(100 * (3 + 1 + 3), 9)
    assert job_person_match(levels, standard, Variant(weights=(2, 1, 1))) == Fraction(100 * (10 + 1 + 3), 12)
    assert job_person_match([5, 5, 5], standard) == Fraction(500, 3)
    assert job_person_match([5, 5, 5], standard, Variant(cap_total=100)) == 100
    assert job_person_match(levels, standard, Variant(True, 100, (2, 1, 1))) == Fraction(100 * (6 + 1 + 3), 12)


three = st.tuples(*[st.integers(0, 5)] * 3)
standards = st.tuples(*[st.integers(1, 5)] * 3)


@given(three, standards, st.sampled_from(VARIANTS), st.integers(0, 2))
def test_a_higher_level_never_lowers_the_match(levels, standard, variant, competency):
    higher = [level + (place == competency) for place, level in enumerate(levels)]
    assert job_person_match(higher, standard, variant) >= job_person_match(levels, standard, variant)


@given(three, standards)
def test_a_cap_never_raises_the_match_and_weights_of_one_size_leave_it(levels, standard):
    plain = job_person_match(levels, standard)
    assert job_person_match(levels, standard, CAPPED) <= min(plain, Fraction(100))
    assert job_person_match(levels, standard, Variant(weights=(Fraction(1, 7),) * 3)) == plain


def by_counting(levels, standard, thresholds, variant):
    """Every combination of levels by itself, in fractions."""
    result = [0.0] * len(thresholds.bands)
    weights = variant.weights or (1,) * len(standard)
    for combination in product(range(len(levels[0])), repeat=len(levels)):
        got = [level + 1 for level in combination]
        if variant.cap_per_competency:
            got = [required if level > required else level for level, required in zip(got, standard, strict=True)]
        over = sum(w * level for w, level in zip(weights, got, strict=True))
        percentage = Fraction(100 * over) / sum(w * level for w, level in zip(weights, standard, strict=True))
        if variant.cap_total is not None and percentage > variant.cap_total:
            percentage = Fraction(variant.cap_total)
        names = [band.name for band in thresholds.bands]
        result[names.index(thresholds.category(percentage))] += math.prod(
            levels[c][level] for c, level in enumerate(combination)
        )
    return result


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("thresholds", [FILLING, MAPPING, KKP_SENIOR])
def test_variant_probabilities_agree_with_counting_every_combination(thresholds, variant):
    levels = np.random.default_rng(8).dirichlet(np.ones(5), (3, 3))
    found = match_probabilities(levels, [3, 2, 4], thresholds, variant)
    for person in range(3):
        assert found[person] == pytest.approx(by_counting(levels[person], [3, 2, 4], thresholds, variant), abs=1e-12)
        alone = match_probabilities(levels[person], [3, 2, 4], thresholds, variant)
        assert alone.tobytes() == found[person].tobytes()


def test_a_capped_total_moves_what_lay_above_it_into_the_category_of_the_cap():
    sure = np.eye(5)[[4, 4, 4]]
    assert match_probabilities(sure, [3, 3, 3], MAPPING).tolist() == [[0, 0, 1]]
    assert match_probabilities(sure, [3, 3, 3], MAPPING, Variant(cap_total=80)).tolist() == [[0, 1, 0]]


def test_missing_levels_leave_the_interval_between_the_lowest_and_the_highest():
    assert match_interval([3, None, 4], [3, 3, 3]) == (Fraction(800, 9), Fraction(1200, 9))
    assert match_interval([3, None, 4], [3, 3, 3], CAPPED) == (Fraction(700, 9), Fraction(100))
    assert match_interval([3, None, 4], [3, 3, 3], lowest=0) == (Fraction(700, 9), Fraction(1200, 9))
    assert match_interval([3, 2, 4], [3, 3, 3]) == (Fraction(100), Fraction(100))


@given(st.tuples(*[st.none() | st.integers(1, 5)] * 3), standards, st.sampled_from(VARIANTS), three)
def test_whatever_is_missing_the_truth_lies_in_the_interval(known, standard, variant, truth):
    levels = [max(one, 1) if level is None else level for level, one in zip(known, truth, strict=True)]
    low, high = match_interval(known, standard, variant)
    assert low <= job_person_match(levels, standard, variant) <= high


@pytest.mark.parametrize(
    ("thresholds", "percentage", "name"),
    [
        (KKP_SENIOR, 91, "sangat baik"), (KKP_SENIOR, Fraction(905, 10), "baik"), (KKP_SENIOR, 85, "baik"),
        (KKP_SENIOR, Fraction(8499, 100), "kurang"), (KKP_OTHERS, 85, "sangat baik"), (KKP_OTHERS, 75, "baik"),
        (KKP_OTHERS, Fraction(845, 10), "baik"), (KKP_OTHERS, 74, "kurang"), (JF_EXAM, 68, "lulus"),
        (JF_EXAM, Fraction(6799, 100), "tidak lulus"),
    ],
)  # fmt: skip
def test_local_thresholds_are_inclusive_and_leave_no_percentage_without_category(thresholds, percentage, name):
    """Domain 3.2."""
    assert thresholds.category(percentage) == name


@pytest.mark.parametrize(("rank", "total"), [("madya", 66), ("muda", 65), ("pertama", 64)])
def test_the_exam_of_a_functional_post_weighs_its_two_parts(rank, total):
    assert weighted_percentage([60, 70], JF_WEIGHTS[rank]) == total
    assert weighted_percentage([Fraction(170, 3), 70], (60, 40)) == 62


@pytest.mark.parametrize(
    ("percentages", "weights"), [([60], (40, 60)), ([60, 70], (40, 50)), ([60.0, 70], (40, 60)), ([1, 1], (-10, 110))]
)
def test_parts_that_cannot_be_weighed_are_refused(percentages, weights):
    with pytest.raises(ValueError, match=r"weights|exact"):
        weighted_percentage(percentages, weights)


@given(st.fractions(0, 500), st.integers(0, 4))
def test_the_display_agrees_with_decimal_rounding(percentage, places):
    # Sixty digits of the fraction are enough to see on which side of a half it lies.
    digits = Decimal(percentage.numerator * 10**60 // percentage.denominator).scaleb(-60)
    assert percent_display(percentage, places) == digits.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_a_display_of_eighty_is_not_eighty():
    almost = Fraction(79995, 1000)
    assert (str(percent_display(almost)), FILLING.category(almost)) == ("80.00", "MMS")
    assert (str(percent_display(0)), str(percent_display(Fraction(1, 2), 0))) == ("0.00", "1")


@pytest.mark.parametrize(("percentage", "places"), [(-1, 2), (80.0, 2), (80, -1)])
def test_what_has_no_display_is_refused(percentage, places):
    with pytest.raises(ValueError, match="exact percentage"):
        percent_display(percentage, places)


@pytest.mark.parametrize("wrong", [{"weights": ()}, {"weights": (1, 0)}, {"weights": (0.5, 0.5)}, {"cap_total": 99.5}])
def test_weights_and_caps_that_are_not_exact_and_positive_are_refused(wrong):
    with pytest.raises(ValueError, match="exact positive"):
        Variant(**wrong)


@pytest.mark.parametrize(
    ("levels", "standard", "variant", "sentence"),
    [
        ([], [], PLAIN, "at least one"),
        ([3], [3, 3], PLAIN, "cannot be matched"),
        ([3, -1], [3, 3], PLAIN, "levels must be whole numbers from 0"),
        ([3, 2.5], [3, 3], PLAIN, "whole numbers"),
        ([3, 3], [0, 3], PLAIN, "from 1"),
        ([3, 3], [3, 3], WEIGHTED, "3 weights do not fit 2"),
        ([3, 3], [3, 3], Variant(weights=(1, Fraction(1, 2**40))), "denominator"),
    ],
)
def test_what_cannot_be_matched_is_refused(levels, standard, variant, sentence):
    with pytest.raises(ValueError, match=sentence):
        job_person_match(levels, standard, variant)


def test_probabilities_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 competencies, but 3"):
        match_probabilities(np.eye(2), [1, 1, 1], FILLING)
    with pytest.raises(ValueError, match="must sum to 1"):
        match_probabilities([[0.5, 0.4]], [1], FILLING)
    odd = Variant(weights=tuple(6**place for place in range(9)))
    with pytest.raises(ValueError, match="different sums"):
        match_probabilities(np.full((9, 5), 0.2), [3] * 9, FILLING, odd)
    with pytest.raises(ValueError, match="above the highest"):
        match_interval([None], [3], lowest=5, highest=4)
