"""Classical item statistics and the analysis of options."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoring_engine.classical.items import ability_groups, item_statistics, option_analysis


def simulated(seed, persons=200, items=8, gaps=0.0):
    """Right or wrong and five-category items in turn, all of one ability, with gaps at random."""
    chance = np.random.default_rng(seed)
    ability = chance.normal(size=(persons, 1))
    liking = ability + chance.normal(0, 1.2, (persons, items)) + chance.normal(0, 0.7, items)
    categories = np.array([2, 5] * items)[:items]
    cuts = [(0.0,) if n == 2 else (-1.5, -0.5, 0.5, 1.5) for n in categories]
    answers = np.stack([np.digitize(liking[:, j], cut) for j, cut in enumerate(cuts)], axis=1)
    return np.where(chance.random(answers.shape) < gaps, -1, answers), categories


def slow_correlation(x, y):
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    cross = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    squares = (math.fsum((a - mean) ** 2 for a in v) for v, mean in ((x, mean_x), (y, mean_y)))
    return cross / math.sqrt(math.prod(squares))


def share(row, categories, leave_out=None):
    pairs = [(v, n - 1) for j, (v, n) in enumerate(zip(row, categories, strict=True)) if v >= 0 and j != leave_out]
    return sum(v for v, _ in pairs) / sum(n for _, n in pairs) if pairs else None


@pytest.mark.parametrize("gaps", [0.0, 0.4])
def test_agrees_with_plain_loops_over_persons(gaps):
    answers, categories = simulated(1, gaps=gaps)
    found = item_statistics(answers, categories)
    for j, n in enumerate(categories):
        x = [int(row[j]) for row in answers if row[j] >= 0]
        both = [row for row in answers.tolist() if row[j] >= 0 and share(row, categories, j) is not None]
        own, rest = [row[j] for row in both], [share(row, categories, j) for row in both]
        mean = sum(x) / len(x)
        sd = math.sqrt(sum((v - mean) ** 2 for v in x) / (len(x) - 1))
        assert (found.n[j], found.mean[j], found.sd[j]) == pytest.approx((len(x), mean, sd), rel=1e-12)
        assert found.difficulty[j] == pytest.approx(mean / (n - 1), rel=1e-12)
        assert found.item_rest[j] == pytest.approx(slow_correlation(own, rest), abs=1e-12)
        total = [share(row, categories) for row in both]
        assert found.item_total[j] == pytest.approx(slow_correlation(own, total), abs=1e-12)


def test_without_gaps_the_score_on_right_or_wrong_items_is_the_sum_score():
    answers = (simulated(2)[0] > 0).astype(int)
    found = item_statistics(answers, np.full(8, 2))
    rest = [stats.pearsonr(answers[:, j], np.delete(answers, j, axis=1).sum(axis=1))[0] for j in range(8)]
    total = [stats.pointbiserialr(answers[:, j], answers.sum(axis=1))[0] for j in range(8)]
    assert found.item_rest == pytest.approx(rest, abs=1e-12)
    assert found.item_total == pytest.approx(total, abs=1e-12)


def test_biserial_is_point_biserial_over_the_ordinate_of_the_normal_curve():
    answers = (simulated(3)[0] > 0).astype(int)
    found = item_statistics(answers, np.full(8, 2))
    p = answers.mean(axis=0)
    wanted = found.item_rest * np.sqrt(p * (1 - p)) / stats.norm.pdf(stats.norm.ppf(p))
    assert found.biserial == pytest.approx(wanted, rel=1e-12)


def test_biserial_recovers_the_correlation_of_the_normal_variable_that_was_cut():
    chance = np.random.default_rng(11)
    rest = chance.binomial(60, 0.5, 40_000)  # as good as normal
    others = (np.arange(60) < rest[:, None]).astype(int)
    latent = 0.6 * (rest - 30) / math.sqrt(15) + 0.8 * chance.normal(size=rest.size)
    answers = np.column_stack([latent > 1.0, others]).astype(int)
    assert item_statistics(answers, np.full(61, 2)).biserial[0] == pytest.approx(0.6, abs=0.012)


def test_biserial_is_left_to_items_of_two_categories():
    answers, categories = simulated(4)
    assert np.isnan(item_statistics(answers, categories).biserial).tolist() == (categories > 2).tolist()


def test_discrimination_is_the_upper_less_the_lower_share_of_persons():
    """Ten persons, rest scores 0 to 9 without ties, 30 percent a group: of three 3 right above, 1 below."""
    rest = np.arange(10)
    studied = np.array([0, 1, 0, 0, 0, 1, 0, 1, 1, 1])
    others = (np.arange(9) < rest[:, None]).astype(int)
    found = item_statistics(np.column_stack([studied, others]), np.full(10, 2), tail=0.3)
    assert found.discrimination[0] == pytest.approx(1 - 1 / 3, abs=1e-12)


def test_persons_tied_where_a_group_ends_belong_to_it_in_part():
    """Rest scores 0 0 0 0 1 1 1 1: a quarter is half of each group of four, whoever of the four it is."""
    studied, other = np.array([1, 0, 0, 0, 1, 1, 1, 0]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = item_statistics(np.column_stack([studied, other]), [2, 2], tail=0.25)
    assert found.discrimination[0] == pytest.approx(3 / 4 - 1 / 4, abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3]))
def test_the_order_of_persons_and_items_does_not_matter(seed, gaps):
    answers, categories = simulated(seed, persons=40, items=5, gaps=gaps)
    chance = np.random.default_rng(seed)
    rows, columns = chance.permutation(40), chance.permutation(5)
    plain = item_statistics(answers, categories)
    mixed = item_statistics(answers[rows][:, columns], categories[columns])
    for name in ("mean", "sd", "item_total", "item_rest", "biserial", "discrimination"):
        assert getattr(mixed, name) == pytest.approx(getattr(plain, name)[columns], abs=1e-10, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_turning_an_item_round_turns_its_discrimination_round(seed):
    answers, categories = simulated(seed, persons=40, items=5)
    turned = answers.copy()
    turned[:, 0] = categories[0] - 1 - answers[:, 0]
    plain, other = item_statistics(answers, categories), item_statistics(turned, categories)
    assert other.item_rest[0] == pytest.approx(-plain.item_rest[0], abs=1e-12, nan_ok=True)
    assert other.biserial[0] == pytest.approx(-plain.biserial[0], abs=1e-10, nan_ok=True)
    assert other.discrimination[0] == pytest.approx(-plain.discrimination[0], abs=1e-12)
    assert other.difficulty[0] == pytest.approx(1 - plain.difficulty[0], abs=1e-12)


def test_what_does_not_exist_is_missing():
    found = item_statistics([[1, 0, -1], [1, 1, -1], [1, 1, -1]], [2, 2, 2])
    assert found.n.tolist() == [3, 3, 0]
    assert np.isnan([found.item_rest[0], found.item_rest[1], found.biserial[0]]).all()
    assert np.isnan([found.mean[2], found.difficulty[2], found.discrimination[2]]).all()
    assert np.isnan(item_statistics([[0, 1], [1, 1]], [2, 2]).item_total).all()


@pytest.mark.parametrize(
    ("answers", "categories", "tail"),
    [
        ([[0, 2]], [2, 2], 0.27),
        ([[0, 1, 1]], [2, 2], 0.27),
        ([[0.0, 1.0]], [2, 2], 0.27),
        ([[0, 0]], [2, 1], 0.27),
        ([[0, 1]], [2, 2], 0.6),
        ([[0, 1]], [2, 2], math.nan),
        (np.empty((0, 2), dtype=int), [2, 2], 0.27),
    ],
)
def test_answers_that_do_not_fit_are_refused(answers, categories, tail):
    with pytest.raises(ValueError):
        item_statistics(answers, categories, tail)


def test_groups_of_distinct_scores_are_of_equal_size_and_in_order():
    assert ability_groups([5.0, 1.0, 3.0, 2.0, 4.0, 6.0], 3).tolist() == [2, 0, 1, 0, 1, 2]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(2, 6))
def test_equal_scores_stay_together_and_a_higher_one_is_never_in_a_lower_group(scores, n_groups):
    group = ability_groups(np.array(scores, dtype=float), n_groups)
    assert all(group[i] <= group[j] for i, a in enumerate(scores) for j, b in enumerate(scores) if a <= b)
    assert group.min() >= 0
    assert group.max() < n_groups


@pytest.mark.parametrize(("scores", "n_groups"), [([1.0, math.nan], 2), ([[1.0]], 2), ([1.0, 2.0], 1)])
def test_scores_that_cannot_be_parted_are_refused(scores, n_groups):
    with pytest.raises(ValueError):
        ability_groups(scores, n_groups)


KEY = np.array([0, 2, 1, 3, 1])


def picked(seed, persons=300, gaps=0.1):
    chance = np.random.default_rng(seed)
    able = chance.normal(size=(persons, 1)) > chance.normal(size=(persons, 5))
    picks = np.where(able, KEY, chance.integers(0, 4, (persons, 5)))
    return np.where(chance.random(picks.shape) < gaps, -1, picks)


def test_option_analysis_agrees_with_plain_loops_over_persons():
    picks = picked(1)
    found = option_analysis(picks, np.eye(4)[KEY], n_groups=4)
    right = np.where(picks < 0, -1, picks == KEY)
    for j in range(5):
        used = [i for i in range(300) if picks[i, j] >= 0 and share(right[i], [2] * 5, j) is not None]
        rest = [share(right[i], [2] * 5, j) for i in used]
        rank = stats.rankdata(rest)  # the mean rank of those tied
        group = [int(4 * (2 * r - 1) // (2 * len(used))) for r in rank]
        assert found.group_sizes[j].tolist() == [group.count(g) for g in range(4)]
        for option in range(4):
            took = [int(picks[i, j] == option) for i in used]
            assert found.counts[j, option] == sum(took)
            assert found.shares[j, option] == pytest.approx(sum(took) / len(used), abs=1e-12)
            assert found.correlation[j, option] == pytest.approx(slow_correlation(took, rest), abs=1e-12)
            for g in range(4):
                inside = [t for t, where in zip(took, group, strict=True) if where == g]
                wanted = sum(inside) / len(inside) if inside else math.nan
                assert found.group_shares[j, g, option] == pytest.approx(wanted, abs=1e-12, nan_ok=True)


def test_the_correlation_of_the_key_is_that_of_the_item():
    picks = picked(2, gaps=0.2)
    found = option_analysis(picks, np.eye(4)[KEY])
    items = item_statistics(np.where(picks < 0, -1, picks == KEY), np.full(5, 2))
    assert found.correlation[np.arange(5), KEY] == pytest.approx(items.item_rest, abs=1e-12)


def test_a_wrong_key_shows_as_a_distractor_that_rises():
    wrong_key = KEY.copy()
    wrong_key[2] = 0
    found = option_analysis(picked(3), np.eye(4)[wrong_key])
    assert np.argwhere(found.rises).tolist() == [[2, 1]]
    assert found.group_shares[2, -1, 1] > found.group_shares[2, 0, 1]


def test_a_distractor_that_nobody_takes_is_flagged_and_an_option_that_is_not_there_is_not():
    picks = picked(4)
    picks[picks[:, 0] == 3, 0] = 1
    credit = np.eye(4)[KEY]
    found = option_analysis(picks, credit)
    assert np.argwhere(found.untaken).tolist() == [[0, 3]]
    credit[0, 3] = np.nan
    without = option_analysis(picks, credit)
    assert not without.untaken.any()
    assert np.isnan(without.shares[0, 3])
    assert option_analysis(picks, credit, least_share=1.0).untaken.sum() == 14


def test_a_distractor_without_relation_to_ability_rises_in_five_percent_of_samples():
    chance = np.random.default_rng(5)
    others = (chance.normal(size=(150, 1)) > chance.normal(size=(150, 20))).astype(int)
    loose = chance.integers(0, 3, (150, 500))
    flags = [
        option_analysis(np.column_stack([loose[:, j], others]), CREDIT, n_groups=2).rises[0, 1:] for j in range(500)
    ]
    assert 0.03 < np.mean(flags) < 0.07


CREDIT = np.vstack([[1.0, 0.0, 0.0], np.tile([0.0, 1.0, np.nan], (20, 1))])


def test_partial_credits_of_the_same_sum_tie_whatever_their_binary_digits():
    credit = np.array([[0.1, 1.0, 0.3], [0.2, 1.0, 0.0], [0.0, 1.0, np.nan]])
    picks = np.array([[0, 0, 0], [2, 2, 0], [0, 0, 1], [2, 2, 1]])  # .1 + .2 and .3 + 0
    sizes = option_analysis(picks, credit, n_groups=2).group_sizes
    assert sizes[2].tolist() == [0, 4]


@pytest.mark.parametrize(
    "credit",
    [
        np.eye(4)[KEY][:4],
        np.eye(4)[KEY] - 1,
        np.zeros((5, 4)),
        np.where(np.eye(4)[KEY] > 0, np.nan, 1.0),
        np.full((5, 4), np.inf),
        np.ones(4),
    ],
)
def test_a_table_of_credit_that_is_none_is_refused(credit):
    with pytest.raises(ValueError):
        option_analysis(picked(6), credit)


def test_a_pick_that_is_no_option_is_refused():
    with pytest.raises(ValueError, match="person 0 to item 1"):
        option_analysis([[0, 4, 0, 0, 0]], np.eye(4)[KEY])
