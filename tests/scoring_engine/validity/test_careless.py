"""Signs of answering without reading, each against plain counting."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from scoring_engine.validity.careless import (
    answer_moments,
    even_odd,
    individual_variability,
    long_string,
    mahalanobis,
    pair_consistency,
    related_pairs,
    straight_lining,
)

rows = st.lists(st.integers(-1, 4), min_size=12, max_size=12)
SCALES = [[0, 1, 2], [3, 4], [5, 6, 7, 8], [9, 10, 11]]
PAIRS = [(0, 3), (1, 5), (2, 4), (6, 9), (7, 11)]


def correlation(points):
    """Pearson's r, or NaN where there is none."""
    if len(points) < 3:
        return math.nan
    first, second = zip(*points, strict=True)
    if len(set(np.round(first, 9))) == 1 or len(set(np.round(second, 9))) == 1:
        return math.nan
    return statistics.correlation(first, second)


@settings(max_examples=60)
@given(rows)
def test_the_longest_run_is_that_of_grouping_equal_neighbours(row):
    runs = [len(list(group)) for answer, group in itertools.groupby(row) if answer >= 0]
    assert long_string(row).tolist() == [max(runs, default=0)]


@settings(max_examples=60)
@given(rows)
def test_straight_lining_is_the_share_of_the_category_used_most(row):
    given_answers = [answer for answer in row if answer >= 0]
    expected = max(map(given_answers.count, given_answers)) / len(given_answers) if given_answers else np.nan
    assert straight_lining(row) == pytest.approx([expected], nan_ok=True)


@settings(max_examples=60)
@given(rows)
def test_variability_is_the_standard_deviation_of_the_answers(row):
    given_answers = [answer for answer in row if answer >= 0]
    expected = statistics.stdev(given_answers) if len(given_answers) > 1 else np.nan
    assert individual_variability(row) == pytest.approx([expected], nan_ok=True)


@settings(max_examples=100)
@given(rows)
def test_even_odd_is_the_stepped_up_correlation_of_half_means(row):
    points = []
    for scale in SCALES:
        halves = [[row[j] for j in scale[half::2] if row[j] >= 0] for half in (0, 1)]
        if all(halves):
            points.append(tuple(map(statistics.mean, halves)))
    r = correlation(points)
    expected = r if math.isnan(r) else -1.0 if r <= -1 / 3 else 2 * r / (1 + r)
    assert even_odd(row, SCALES) == pytest.approx([expected], nan_ok=True, abs=1e-9)


@settings(max_examples=100)
@given(rows)
def test_pair_consistency_is_the_correlation_over_pairs(row):
    points = [(row[i], row[k]) for i, k in PAIRS if row[i] >= 0 and row[k] >= 0]
    assert pair_consistency(row, PAIRS) == pytest.approx([correlation(points)], nan_ok=True, abs=1e-9)


def test_someone_who_answers_alike_where_items_are_alike_is_perfectly_consistent():
    answers = [4, 4, 4, 0, 0, 2, 2, 2, 2, 1, 1, 1]
    assert even_odd(answers, SCALES) == pytest.approx([1.0])
    assert pair_consistency([0, 1, 4, 0, 4, 1, 2, 3, 0, 2, 0, 3], PAIRS) == pytest.approx([1.0])
    assert pair_consistency([0, 1, 4, 4, 0, 3, 2, 3, 0, 2, 0, 1], PAIRS) == pytest.approx([-1.0])


def test_the_same_answer_everywhere_has_no_consistency_and_no_spread():
    same = [3] * 12
    assert np.isnan([even_odd(same, SCALES)[0], pair_consistency(same, PAIRS)[0]]).all()
    assert (individual_variability(same)[0], straight_lining(same)[0], long_string(same)[0]) == (0.0, 1.0, 12)


def test_a_missing_answer_ends_a_run():
    assert long_string([[2, 2, -1, 2, 2, 2], [-1] * 6]).tolist() == [3, 0]


def sample(seed, persons=60, items=6, missing=0.0):
    chance = np.random.default_rng(seed)
    common = chance.normal(size=(persons, 1))
    noise = chance.normal(size=(persons, items))
    answers = np.clip(np.round(2 + common * np.linspace(1.4, -1.2, items) + 0.6 * noise), 0, 4).astype(int)
    return np.where(chance.random(answers.shape) < missing, -1, answers)


@pytest.mark.parametrize("antonyms", [False, True])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_related_pairs_are_those_that_plain_correlations_find(antonyms, missing):
    answers = sample(1, missing=missing)
    expected = []
    for i, k in itertools.combinations(range(answers.shape[1]), 2):
        r = correlation([(x, y) for x, y in answers[:, (i, k)].tolist() if x >= 0 and y >= 0])
        if (-r if antonyms else r) >= 0.6:
            expected.append([i, k])
    assert expected
    assert related_pairs(answers, antonyms=antonyms).tolist() == expected


def test_an_item_that_never_varies_is_in_no_pair():
    answers = sample(2)
    answers[:, 0] = 3
    assert 0 not in related_pairs(answers, 0.01)


def test_items_that_two_people_answered_both_are_no_pair():
    assert related_pairs([[0, 1, 0], [2, 3, 2], [1, -1, 1], [3, -1, 3]]).tolist() == [[0, 2]]


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_distance_agrees_with_the_inverse_of_the_covariance_of_what_was_answered(missing):
    usual, answers = answer_moments(sample(3)), sample(4, missing=missing)
    whole = sample(3).astype(float)
    mean, covariance = whole.mean(axis=0), np.cov(whole.T)
    found = mahalanobis(answers, usual)
    for person, row in enumerate(answers):
        seen = np.flatnonzero(row >= 0)
        apart = row[seen] - mean[seen]
        expected = apart @ np.linalg.inv(covariance[np.ix_(seen, seen)]) @ apart
        assert found.squared[person] == pytest.approx(expected, rel=1e-8)
        assert found.p[person] == pytest.approx(chi2.sf(expected, seen.size), rel=1e-6)
        assert found.df[person] == seen.size


def test_the_distances_of_a_group_to_itself_average_its_number_of_items():
    """The sum over a sample of squared distances is (n - 1) items, whatever the numbers."""
    answers = sample(5, persons=80)
    assert mahalanobis(answers, answer_moments(answers)).squared.sum() == pytest.approx(79 * 6)


def test_the_p_value_keeps_its_error_rate_for_many_near_normal_answers():
    chance = np.random.default_rng(6)
    common = chance.normal(size=(6000, 1))
    answers = np.clip(np.round(50 + 8 * common + 8 * chance.normal(size=(6000, 8))), 0, 100).astype(int)
    assert 0.04 < (mahalanobis(answers, answer_moments(answers)).p < 0.05).mean() < 0.06


def test_a_random_answerer_lies_far_out_and_answers_unlike_things_alike():
    chance = np.random.default_rng(7)
    usual, honest = answer_moments(sample(7, 500)), sample(8, 200)
    random = chance.integers(0, 5, (200, 6))
    assert np.median(mahalanobis(random, usual).p) < 0.01 < np.median(mahalanobis(honest, usual).p)


def test_people_who_left_items_out_are_no_part_of_what_is_usual():
    answers = sample(9)
    gaps = np.vstack([answers, np.where(sample(10) > 2, -1, 4)])
    whole = (gaps >= 0).all(axis=1)
    assert answer_moments(gaps).n_persons == whole.sum()
    assert answer_moments(gaps).mean.tolist() == answer_moments(gaps[whole]).mean.tolist()


def test_a_person_without_an_answer_has_no_index():
    nothing, usual = [-1] * 6, answer_moments(sample(3))
    distance = mahalanobis(nothing, usual)
    assert np.isnan([distance.squared[0], distance.p[0], straight_lining(nothing)[0]]).all()
    assert np.isnan(individual_variability(nothing)[0])


def test_a_person_alone_gives_the_same_bytes_as_in_any_batch():
    answers, usual = sample(11, 300, missing=0.1), answer_moments(sample(3))
    scales, pairs = [[0, 1], [2, 3], [4, 5]], [(0, 1), (2, 3), (4, 5)]
    together = (mahalanobis(answers, usual).squared, even_odd(answers, scales), pair_consistency(answers, pairs))
    for person in (0, 1, 299):
        row = answers[person]
        alone = (mahalanobis(row, usual).squared, even_odd(row, scales), pair_consistency(row, pairs))
        for one, many in zip(alone, together, strict=True):
            assert one.tobytes() == many[person : person + 1].tobytes()


@settings(max_examples=40)
@given(rows)
def test_turning_every_item_changes_no_index(row):
    turned = [4 - answer if answer >= 0 else -1 for answer in row]
    assert long_string(turned) == long_string(row)
    for index in (straight_lining, individual_variability):
        assert index(turned) == pytest.approx(index(row), nan_ok=True)
    assert even_odd(turned, SCALES) == pytest.approx(even_odd(row, SCALES), nan_ok=True, abs=1e-9)


@settings(max_examples=40)
@given(st.lists(rows, min_size=2, max_size=5), st.permutations(range(12)))
def test_spread_and_straight_lining_do_not_depend_on_the_order_of_items(people, order):
    table = np.array(people)
    for index in (straight_lining, individual_variability):
        assert index(table[:, order]).tobytes() == index(table).tobytes()


def test_distance_does_not_depend_on_the_unit_or_order_of_items():
    answers, group = sample(12), sample(3)
    plain = mahalanobis(answers, answer_moments(group)).squared
    assert mahalanobis(3 * answers, answer_moments(3 * group)).squared == pytest.approx(plain)
    assert mahalanobis(answers[:, ::-1], answer_moments(group[:, ::-1])).squared == pytest.approx(plain)


@pytest.mark.parametrize("responses", [[[0, 1, -2]], [[0.0, 1.0, 2.0]], np.empty((2, 0), dtype=int)])
def test_what_is_no_answer_is_refused(responses):
    for index in (long_string, straight_lining, individual_variability, answer_moments):
        with pytest.raises(ValueError):
            index(responses)


def test_a_refused_answer_is_named_by_row_and_column():
    with pytest.raises(ValueError, match="response -3 of person 1 to item 0"):
        long_string([[0, 1], [-3, 1]])


@pytest.mark.parametrize("scales", [[[0, 1], [2, 3]], [[0, 1], [2, 3], [4]], [[0, 1], [2, 3], [4, 12]]])
def test_scales_that_have_no_halves_are_refused(scales):
    with pytest.raises(ValueError):
        even_odd([1] * 12, scales)


@pytest.mark.parametrize("pairs", [[(0, 12)], [(-1, 2)], [0, 1], [(0.0, 1.0)]])
def test_pairs_that_are_none_are_refused(pairs):
    with pytest.raises(ValueError):
        pair_consistency([1] * 12, pairs)


@pytest.mark.parametrize("alike", [0.0, -0.6, 1.1])
def test_a_correlation_that_finds_no_pairs_is_refused(alike):
    with pytest.raises(ValueError, match="no pairs"):
        related_pairs(sample(1), alike)


def test_a_group_that_tells_nothing_usual_is_refused():
    with pytest.raises(ValueError, match="more persons than items"):
        answer_moments(sample(1)[:6])
    constant, double = sample(1), sample(1)
    constant[:, 2] = 1
    double[:, 5] = 4 - double[:, 1]
    with pytest.raises(ValueError, match="item 2 never varies"):
        answer_moments(constant)
    with pytest.raises(ValueError, match="item 5 never varies, or follows"):
        answer_moments(double)
    with pytest.raises(ValueError, match="2 columns"):
        mahalanobis([1, 2], answer_moments(sample(1)))
