"""Cut scores by panels and by groups of persons."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit
from scoring_engine.panels.standard_setting import (
    angoff,
    booklet,
    bookmark,
    borderline_group,
    contrasting_groups,
    cut_on_theta,
    hofstee,
)

FIRST, SECOND = [[0.5, 0.6, 0.9], [0.4, 0.8, 0.7], [0.6, 0.5, 1.0]], [[0.5, 0.6, 0.8], [0.5, 0.7, 0.7], [0.6, 0.6, 0.9]]
RATINGS = np.array([FIRST, SECOND])
"""Two rounds, three judges, three items."""


def test_angoff_of_two_rounds_worked_by_hand():
    found = angoff(RATINGS)
    assert found.by_judge == pytest.approx(np.array([[2.0, 1.9, 2.1], [1.9, 1.9, 2.1]]), abs=1e-12)
    assert found.cut == pytest.approx([2.0, 5.9 / 3], abs=1e-12)
    assert found.median == pytest.approx([2.0, 1.9], abs=1e-12)
    wanted = [statistics.stdev(row) / math.sqrt(3) for row in ([2.0, 1.9, 2.1], [1.9, 1.9, 2.1])]
    assert found.se == pytest.approx(wanted, abs=1e-12)
    assert angoff([[0.5, 3.0], [0.7, 2.0]], most=[1, 4]).cut == pytest.approx([3.1], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_no_order_of_judges_or_items_moves_an_angoff_cut_and_every_judge_counts(seed):
    chance = np.random.default_rng(seed)
    ratings = chance.random((5, 8))
    plain, mixed = angoff(ratings), angoff(ratings[chance.permutation(5)][:, chance.permutation(8)])
    assert (mixed.cut[0], mixed.se[0]) == pytest.approx((plain.cut[0], plain.se[0]), abs=1e-12)
    ratings[4] = 0.0
    assert angoff(ratings).cut[0] == pytest.approx(plain.by_judge[0, :4].sum() / 5, abs=1e-12)


@pytest.mark.parametrize("rating", [math.nan, -0.1, 1.1])
def test_a_judge_without_a_usable_rating_is_named_and_not_left_out(rating):
    ratings = RATINGS.copy()
    ratings[1, 2, 0] = rating
    with pytest.raises(ValueError, match="round 1, judge 2, item 0"):
        angoff(ratings)


MIXED = Items([Logistic(1.2, -0.5, 0.2), Logistic(0.8, 0.4), Graded(1.1, (-1.0, 0.5)), PartialCredit(0.9, (0.3, -0.2))])


def expected(theta):
    """The expected sum score of MIXED by the textbook formulas."""
    right = 0.2 + 0.8 / (1 + math.exp(-1.2 * (theta + 0.5))) + 1 / (1 + math.exp(-0.8 * (theta - 0.4)))
    graded = sum(1 / (1 + math.exp(-1.1 * (theta - b))) for b in (-1.0, 0.5))
    weights = [1.0, math.exp(0.9 * (theta - 0.3)), math.exp(0.9 * (2 * theta - 0.1))]
    return right + graded + (weights[1] + 2 * weights[2]) / sum(weights)


def test_the_cut_on_theta_has_the_cut_as_its_expected_score():
    theta, se = cut_on_theta([0.5, 3.0, 5.9], MIXED, 0.3)
    assert [expected(t) for t in theta] == pytest.approx([0.5, 3.0, 5.9], abs=1e-10)
    slope = [(expected(t + 1e-5) - expected(t - 1e-5)) / 2e-5 for t in theta]
    assert se == pytest.approx(0.3 / np.array(slope), rel=1e-7)


def test_a_cut_on_theta_of_one_rasch_item_is_its_logit():
    theta, se = cut_on_theta(0.8, Items([Logistic(1.0, 0.5)]), 0.04)
    assert (theta[0], se[0]) == pytest.approx((0.5 + math.log(4), 0.04 / 0.16), abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.3, 5.8), st.floats(0.01, 0.1))
def test_a_higher_cut_lies_higher_on_theta(cut, more):
    theta = cut_on_theta([cut, cut + more], MIXED)[0]
    assert theta[0] < theta[1]


@pytest.mark.parametrize("cut", [0.0, 0.2, 6.0, 7.0, -1.0, math.nan])
def test_a_cut_that_nobody_is_expected_to_reach_is_refused(cut):
    with pytest.raises(ValueError, match="expected score"):
        cut_on_theta([3.0, cut], MIXED)


@pytest.mark.parametrize("call", [booklet, lambda items: cut_on_theta([1.0], items)])
def test_a_nominal_item_sets_no_standard(call):
    with pytest.raises(ValueError, match="item 1 is nominal"):
        call(Items([Logistic(1.0, 0.0), Nominal((1.0,), (0.0,))]))


def test_the_location_of_a_2pl_item_is_ln_2_over_a_above_its_difficulty():
    found = booklet(Items([Logistic(0.8, 1.0), Logistic(1.5, -0.3), Logistic(2.0, 0.1)]))
    assert found.location == pytest.approx([-0.3 + math.log(2) / 1.5, 0.1 + math.log(2) / 2, 1 + math.log(2) / 0.8])
    assert (found.item.tolist(), found.category.tolist()) == ([1, 2, 0], [1, 1, 1])


def test_the_two_rules_of_a_3pl_item_solve_their_own_equation():
    item = Items([Logistic(1.3, 0.4, 0.25)])
    corrected, plain = booklet(item).location[0], booklet(item, guessing="plain").location[0]
    p = [0.25 + 0.75 / (1 + math.exp(-1.3 * (theta - 0.4))) for theta in (corrected, plain)]
    assert (p[0] - 0.25) / 0.75 == pytest.approx(2 / 3, abs=1e-10)
    assert p[1] == pytest.approx(2 / 3, abs=1e-10)
    assert corrected == pytest.approx(0.4 + math.log(2) / 1.3, abs=1e-10)


def test_every_category_above_the_lowest_has_its_page():
    found = booklet(MIXED, 0.6)
    pages = {(int(i), int(k)): t for i, k, t in zip(found.item, found.category, found.location, strict=True)}
    assert sorted(pages) == [(0, 1), (1, 1), (2, 1), (2, 2), (3, 1), (3, 2)]
    assert (np.diff(found.location) >= 0).all()
    assert pages[2, 2] == pytest.approx(0.5 + math.log(0.6 / 0.4) / 1.1, abs=1e-10)
    weights = [1.0, math.exp(0.9 * (pages[3, 1] - 0.3)), math.exp(0.9 * (2 * pages[3, 1] - 0.1))]
    assert sum(weights[1:]) / sum(weights) == pytest.approx(0.6, abs=1e-10)


PAGES = [-1.0, -0.4, 0.1, 0.5, 1.3]


def test_bookmark_cuts_worked_by_hand():
    before = bookmark([[3, 4, 6], [4, 4, 4]], PAGES)
    assert before.by_judge.tolist() == [[-0.4, 0.1, 1.3], [0.1, 0.1, 0.1]]
    assert before.cut == pytest.approx([1.0 / 3, 0.1], abs=1e-12)
    assert before.median.tolist() == [0.1, 0.1]
    assert before.se == pytest.approx([statistics.stdev([-0.4, 0.1, 1.3]) / math.sqrt(3), 0.0], abs=1e-12)
    assert bookmark([3, 5], PAGES, "at").by_judge.tolist() == [[0.1, 1.3]]
    assert bookmark([3, 5], PAGES, "between").by_judge[0] == pytest.approx([-0.15, 0.9], abs=1e-12)


@pytest.mark.parametrize(
    ("mark", "rule", "possible"), [
        (1, "before", False), (6, "before", True), (1, "at", True), (6, "at", False), (1, "between", False),
        (6, "between", False), (0, "at", False), (7, "before", False),
    ],
)  # fmt: skip
def test_a_mark_that_leaves_its_rule_without_a_page_is_refused_by_judge(mark, rule, possible):
    if possible:
        assert bookmark([2, mark], PAGES, rule).by_judge.shape == (1, 2)
    else:
        with pytest.raises(ValueError, match="judge 1: mark"):
            bookmark([2, mark], PAGES, rule)


def slow_hofstee(scores, low, high, least, most):
    """Walk along all cuts in small steps and keep the last at which the fail rate is not above the line."""
    best = None
    for cut in np.arange(-5, 60, 0.001):
        line = most + (cut - low) / (high - low) * (least - most)
        if sum(score < cut for score in scores) / len(scores) <= line:
            best = cut
    return best


@pytest.mark.parametrize("seed", range(4))
def test_hofstee_agrees_with_a_walk_along_the_line(seed):
    chance = np.random.default_rng(seed)
    scores = chance.integers(0, 50, 20)
    found = hofstee(scores, [[10.0, 40.0], [14.0, 36.0]], [[0.1, 0.8], [0.0, 0.7]])
    assert found.corner == ""
    assert found.cut == pytest.approx(slow_hofstee(scores.tolist(), 12, 38, 0.05, 0.75), abs=0.002)
    assert found.fail_rate == np.mean(scores < found.cut)


def test_hofstee_between_two_scores_lies_on_the_line():
    """Half of the persons fail at any cut from 20 to 40: the line passes 0.5 at 30."""
    found = hofstee([20, 40], [[25.0, 35.0]] * 2, [[0.4, 0.6]] * 2)
    assert found.cut == pytest.approx(30.0, abs=1e-12)
    assert (found.fail_rate, found.corner) == (0.5, "")


@pytest.mark.parametrize(
    ("scores", "cut", "rate", "corner"),
    [([5, 6], 10, 1.0, "lowest"), ([9, 10], 10, 0.5, ""), ([45, 46], 30, 0.0, "highest")],
)
def test_a_curve_that_misses_the_line_gives_the_nearer_end_and_says_so(scores, cut, rate, corner):
    found = hofstee(scores, [[10.0, 30.0]] * 2, [[0.1, 0.5]] * 2)
    assert (found.cut, found.fail_rate, found.corner) == (cut, rate, corner)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.integers(0, 20))
def test_better_scores_never_lower_a_hofstee_cut_and_another_unit_moves_it_along(scores, more):
    limits = [[10.0, 40.0], [12.0, 30.0]], [[0.0, 0.6], [0.1, 0.7]]
    plain, better = hofstee(scores, *limits), hofstee(np.array(scores) + more, *limits)
    assert 11.0 <= plain.cut <= better.cut <= 35.0
    moved = hofstee(np.array(scores) * 2 + 1, np.array(limits[0]) * 2 + 1, limits[1])
    assert moved.cut == pytest.approx(plain.cut * 2 + 1, abs=1e-9)
    assert moved.corner == plain.corner


def test_the_borderline_cut_is_the_median():
    found = borderline_group([10.0, 14.0, 11.0, 30.0])
    assert (found.cut, found.n) == (12.5, 4)
    assert found.se == pytest.approx(math.sqrt(math.pi / 2) * statistics.stdev([10, 14, 11, 30]) / 2, abs=1e-12)


def groups(seed, persons=150):
    chance = np.random.default_rng(seed)
    scores = chance.normal(50, 10, persons).round()
    return scores, chance.random(persons) < 1 / (1 + np.exp(-(scores - 55) / 6))


def test_the_midpoint_lies_between_the_means():
    scores, competent = groups(1)
    found, high, low = contrasting_groups(scores, competent, "midpoint"), scores[competent], scores[~competent]
    assert found.cut == pytest.approx((statistics.mean(high) + statistics.mean(low)) / 2, abs=1e-12)
    variance = sum(statistics.variance(part) / len(part) for part in (high, low))
    assert found.se == pytest.approx(math.sqrt(variance) / 2, abs=1e-12)


@pytest.mark.parametrize("seed", [2, 3])
def test_the_logistic_cut_agrees_with_a_general_optimiser(seed):
    """Written with the cut as a parameter, so that its error is read off the curvature at once."""
    scores, competent = groups(seed)

    def misfit(at):
        z = (scores - at[0]) * at[1]
        return np.logaddexp(0, np.where(competent, -z, z)).sum()

    fit = minimize(misfit, [50.0, 0.1], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000})
    found = contrasting_groups(scores, competent)
    assert found.cut == pytest.approx(fit.x[0], abs=1e-5)
    h = np.array([1e-2, 1e-4])
    bend = np.empty((2, 2))
    for i, j in np.ndindex(2, 2):
        one, two = np.eye(2)[i] * h, np.eye(2)[j] * h
        corners = misfit(fit.x + one + two) - misfit(fit.x + one - two) - misfit(fit.x - one + two)
        bend[i, j] = (corners + misfit(fit.x - one - two)) / (4 * h[i] * h[j])
    assert found.se == pytest.approx(math.sqrt(np.linalg.inv(bend)[0, 0]), rel=1e-3)


def test_a_score_so_far_out_that_a_whole_newton_step_goes_too_far_does_not_matter():
    competent = [False, False, *[True] * 48, False]
    far, near = ([lowest, -1000, *range(48), 301] for lowest in (-7e5, -1e4))
    assert contrasting_groups(far, competent).cut == pytest.approx(contrasting_groups(near, competent).cut, abs=1e-5)


def test_the_logistic_cut_recovers_where_half_are_competent():
    found = contrasting_groups(*groups(4, persons=20_000))
    assert abs(found.cut - 55) < 3 * found.se < 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-1000, 1000), st.sampled_from(["logistic", "midpoint"]))
def test_unit_and_origin_only_relabel_a_group_cut(seed, unit, shift, rule):
    scores, competent = groups(seed)
    plain, moved = (
        contrasting_groups(scores, competent, rule),
        contrasting_groups(scores * unit + shift, competent, rule),
    )
    assert moved.cut == pytest.approx(plain.cut * unit + shift, abs=1e-6 * (1 + unit))
    assert moved.se == pytest.approx(plain.se * unit, rel=1e-6)


@pytest.mark.parametrize(
    ("scores", "competent", "rule", "told"), [
        ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1], "logistic", "True or False"),
        ([1, 2, 3, 4, 5, 6], [False] * 3 + [True] * 3, "logistic", "overlap"),
        ([1, 2, 3, 3, 5, 6], [False] * 3 + [True] * 3, "logistic", "overlap"),
        ([4, 5, 6, 1, 2, 3], [False] * 3 + [True] * 3, "midpoint", "no cut"),
        ([1, 2, 3, 4, 5, 6], [False] * 4 + [True] * 2, "midpoint", "competent group"),
        ([2, 2, 2, 4, 5, 6], [False] * 3 + [True] * 3, "midpoint", "other group"),
        ([1, 2, 3, 4, 5, 6], [False] * 3 + [True] * 3, "mean", "rule"),
        ([1, 2, math.nan], [False, True, True], "midpoint", "finite"),
    ],
)  # fmt: skip
def test_groups_that_no_cut_parts_are_refused(scores, competent, rule, told):
    with pytest.raises(ValueError, match=told):
        contrasting_groups(scores, competent, rule)


PERSON, LINE, FAILS = [1.0], [[1.0, 2.0]] * 2, [[0.1, 0.5]] * 2


@pytest.mark.parametrize(
    ("function", "given"), [
        (angoff, ([[0.5, 0.5]],)), (angoff, ([0.5, 0.5],)), (angoff, (np.empty((1, 3, 0)),)),
        (booklet, (Items([Logistic(1.0, 0.0, 0.3)]), 0.25, "plain")),
        (booklet, (Items([Logistic(1.0, 0.0, 0.0, 0.6)]), 2 / 3, "corrected")),
        (booklet, (MIXED, 1.0)), (booklet, (MIXED, math.nan)), (booklet, (MIXED, 0.5, "none")),
        (bookmark, ([2.0, 3.0], PAGES)), (bookmark, ([2], PAGES)), (bookmark, ([2, 3], PAGES[::-1])),
        (bookmark, ([2, 3], PAGES, "near")), (bookmark, ([2, 3], [0.0, math.nan, 1.0])),
        (hofstee, ([], LINE, FAILS)), (hofstee, ([math.nan], LINE, FAILS)), (hofstee, (PERSON, LINE[:1], FAILS[:1])),
        (hofstee, (PERSON, [[1.0, 3.0], [3.0, 2.0]], FAILS)), (hofstee, (PERSON, LINE * 2, FAILS)),
        (hofstee, (PERSON, LINE, [[0.1, math.nan], [0.1, 0.5]])), (hofstee, (PERSON, [[2.0, 2.0]] * 2, FAILS)),
        (hofstee, (PERSON, LINE, [[0.5, 0.5]] * 2)), (hofstee, (PERSON, LINE, [[10.0, 50.0]] * 2)),
        (borderline_group, ([1.0, 2.0],)), (borderline_group, ([3.0, 3.0, 3.0],)),
        (borderline_group, ([1.0, 2.0, math.inf],)), (borderline_group, ([[1.0, 2.0, 3.0]],)),
    ],
)  # fmt: skip
def test_judgements_that_set_no_cut_are_refused(function, given):
    with pytest.raises(ValueError):
        function(*given)
