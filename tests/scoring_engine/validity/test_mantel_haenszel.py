"""Mantel-Haenszel DIF."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2 as chi2_law
from scipy.stats import norm
from scipy.stats.contingency import odds_ratio

from scoring_engine.validity.mantel_haenszel import mantel_haenszel
from scoring_engine.validity.multiplicity import benjamini_hochberg, holm


def people(seed, persons=1200, items=12, shift=None, impact=0.0, categories=2):
    """Answers of a Rasch scale to which focal persons find items harder by ``shift``; every other one is focal."""
    chance = np.random.default_rng(seed)
    group = np.arange(persons) % 2
    theta = chance.normal(0, 1, persons) - impact * group
    shift = np.zeros(items) if shift is None else np.asarray(shift)
    hard = np.linspace(-1.5, 1.5, items) + shift * group[:, None]
    steps = [theta[:, None] - hard - step for step in range(categories - 1)]
    draws = chance.logistic(size=(persons, items))
    return sum((step > draws).astype(int) for step in steps), group


def by_hand(answers, group, studied, match=None):
    """One item from the cells of each stratum, in plain loops; shares no code with the engine."""
    match = range(len(answers[0])) if match is None else match
    strata: dict[int, tuple[list[int], list[int]]] = {}
    for row, focal in zip(answers.tolist(), group.tolist(), strict=True):
        if row[studied] >= 0 and focal >= 0:
            score = sum(max(row[item], 0) for item in {*match, studied})
            strata.setdefault(score, ([], []))[focal].append(row[studied])
    earned = expected = spread = shift = persons = 0.0
    sums = dict.fromkeys(("R", "S", "PR", "PS+QR", "QS"), 0.0)
    for reference, focal in strata.values():
        if not (reference and focal):
            continue
        everyone = [*reference, *focal]
        n = len(everyone)
        mean = sum(everyone) / n
        earned += sum(focal)
        expected += len(focal) * mean
        spread += len(reference) * len(focal) / (n - 1) * sum((y - mean) ** 2 for y in everyone) / n
        shift += sum(focal) - len(focal) * sum(reference) / len(reference)
        persons += len(focal)
        a, b = sum(reference), len(reference) - sum(reference)
        c, d = sum(focal), len(focal) - sum(focal)
        for name, value in (
            ("R", a * d / n), ("S", b * c / n), ("PR", (a + d) * a * d / n**2),
            ("PS+QR", ((a + d) * b * c + (b + c) * a * d) / n**2), ("QS", (b + c) * b * c / n**2),
        ):  # fmt: skip
            sums[name] += value
    return earned - expected, spread, shift / persons, sums


def test_right_or_wrong_items_agree_with_a_table_by_hand():
    answers, group = people(1, shift=[0.8, *[0.0] * 11])
    answers[::17, 3] = -1
    group[::29] = -1
    table = mantel_haenszel(answers, group, purify=False)
    for item in (0, 3, 7):
        excess, spread, difference, s = by_hand(answers, group, item)
        alpha = s["R"] / s["S"]
        variance = s["PR"] / s["R"] ** 2 / 2 + s["PS+QR"] / s["R"] / s["S"] / 2 + s["QS"] / s["S"] ** 2 / 2
        corrected = max(abs(excess) - 0.5, 0.0) ** 2 / spread
        assert table.alpha[item] == pytest.approx(alpha, rel=1e-12)
        assert table.delta[item] == pytest.approx(-2.35 * math.log(alpha), rel=1e-9)
        assert table.log_alpha_se[item] == pytest.approx(math.sqrt(variance), rel=1e-12)
        assert table.chi2[item] == pytest.approx(corrected, rel=1e-9)
        assert table.p[item] == pytest.approx(chi2_law.sf(corrected, 1), rel=1e-9)
        assert table.difference[item] == pytest.approx(difference, rel=1e-9)


def test_items_of_more_categories_agree_with_a_table_by_hand():
    answers, group = people(2, shift=[0.5, *[0.0] * 11], categories=4)
    table = mantel_haenszel(answers, group, purify=False)
    for item in (0, 5):
        excess, spread, difference, _ = by_hand(answers, group, item)
        assert table.chi2[item] == pytest.approx(excess**2 / spread, rel=1e-9)
        assert table.difference[item] == pytest.approx(difference, rel=1e-9)
    assert np.isnan(table.alpha).all()
    assert not table.zero_cells.any()


def test_one_stratum_has_the_sample_odds_ratio_and_its_woolf_error():
    """A second item undoes the first, so that all have one score; the error is then sqrt(1/a + 1/b + 1/c + 1/d)."""
    cells = np.array([[60, 40], [45, 55]])
    first = np.repeat([1, 0, 1, 0], cells.ravel())
    group = np.repeat([0, 0, 1, 1], cells.ravel())
    table = mantel_haenszel(np.stack([first, 1 - first], axis=1), group, purify=False)
    assert table.alpha[0] == pytest.approx(odds_ratio(cells, kind="sample").statistic, rel=1e-12)
    assert table.log_alpha_se[0] == pytest.approx(math.sqrt((1 / cells).sum()), rel=1e-12)
    assert (table.alpha * table.alpha[::-1]) == pytest.approx([1.0, 1.0], rel=1e-12)


def test_ucb_admissions_have_the_published_common_odds_ratio():
    """Bickel, Hammel & O'Connell (1975), Science 187, departments A to F: admitted and rejected, men and women.

    The R manual page of mantelhaen.test uses the same table: common odds ratio 0.9047, chi-square 1.4269 (corrected).
    """
    men = [(512, 313), (353, 207), (120, 205), (138, 279), (53, 138), (22, 351)]
    women = [(89, 19), (17, 8), (202, 391), (131, 244), (94, 299), (24, 317)]
    rows, group = [], []
    for department, sexes in enumerate(zip(men, women, strict=True)):
        for focal, (yes, no) in enumerate(sexes):
            rows += [(1, 2 * department)] * yes + [(0, 2 * department + 1)] * no
            group += [focal] * (yes + no)
    table = mantel_haenszel(np.array(rows), np.array(group), purify=False)
    assert table.alpha[0] == pytest.approx(0.9047, abs=5e-5)
    assert table.chi2[0] == pytest.approx(1.4269, abs=5e-5)


def test_classes_follow_delta_its_error_and_chi_square():
    answers, group = people(3, persons=6000, shift=[1.2, 0.6, 0.0, -1.2, *[0.0] * 8])
    table = mantel_haenszel(answers, group)
    assert table.ets_class[:4].tolist() == ["C", "B", "A", "C"]
    assert (np.sign(table.delta[[0, 3]]) == [-1, 1]).all()
    for item, found in enumerate(table.ets_class):
        size, error = abs(table.delta[item]), 2.35 * table.log_alpha_se[item]
        large = size >= 1.5 and norm.sf((size - 1) / error) < 0.05
        assert found == ("A" if size < 1 or table.p[item] >= 0.05 else "C" if large else "B")


def test_a_large_but_uncertain_delta_is_not_class_c():
    answers, group = people(8, persons=240, shift=[0.6, *[0.0] * 11])
    table = mantel_haenszel(answers, group, purify=False)
    assert (abs(table.delta[0]) > 1.5, table.ets_class[0]) == (True, "B")


def test_classes_of_more_categories_follow_the_difference_in_standard_deviations():
    answers, group = people(4, persons=5000, shift=[0.9, 0.45, *[0.0] * 8], items=10, categories=4)
    table = mantel_haenszel(answers, group)
    assert table.ets_class.tolist() == ["C", "B", *"A" * 8]
    shift = np.abs(table.difference / answers.std(axis=0, ddof=1))
    assert shift[0] > 0.25 > shift[1] > 0.17 > shift[2:].max()


def test_items_of_class_c_leave_the_match_but_for_their_own_table():
    answers, group = people(5, persons=4000, shift=[1.5, 1.5, *[0.0] * 10])
    table = mantel_haenszel(answers, group)
    assert table.in_match.tolist() == [False, False, *[True] * 10]
    for item in (0, 1, 6):
        s = by_hand(answers, group, item, range(2, 12))[3]
        assert table.alpha[item] == pytest.approx(s["R"] / s["S"], rel=1e-12)


def test_purifying_takes_the_false_dif_from_the_fair_items():
    answers, group = people(6, persons=6000, shift=[1.5, 1.5, 1.5, *[0.0] * 9])
    fair = slice(3, None)
    before, after = (mantel_haenszel(answers, group, purify=on).delta[fair].mean() for on in (False, True))
    assert before > 0.4
    assert abs(after) < 0.1


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_adjusted_p_values_are_those_of_the_method_asked_for(adjust):
    answers, group = people(7)
    table = mantel_haenszel(answers, group, adjust=adjust)
    assert table.adjusted_p.tolist() == adjust(table.p).tolist()


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_exchanging_the_groups_turns_the_odds_around(seed):
    answers, group = people(seed, persons=400, items=6)
    plain, turned = mantel_haenszel(answers, group, False), mantel_haenszel(answers, 1 - group, False)
    assert turned.alpha == pytest.approx(1 / plain.alpha, rel=1e-9)
    assert turned.chi2 == pytest.approx(plain.chi2, rel=1e-9, abs=1e-12)


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_the_order_of_persons_and_items_does_not_matter(seed):
    answers, group = people(seed, persons=300, items=5)
    order = np.random.default_rng(seed).permutation(300)
    plain, other = mantel_haenszel(answers, group), mantel_haenszel(answers[order][:, ::-1], group[order])
    for name in ("alpha", "log_alpha_se", "chi2", "adjusted_p", "difference"):
        assert getattr(other, name)[::-1].tolist() == getattr(plain, name).tolist()


@pytest.mark.parametrize(("categories", "impact"), [(2, 0.0), (2, 0.5), (3, 0.0), (3, 0.5)])
def test_five_percent_of_fair_items_are_called_unfair(categories, impact):
    samples = (people(seed, 1000, 20, impact=impact, categories=categories) for seed in range(250))
    p = [mantel_haenszel(answers, group).p for answers, group in samples]
    assert 0.03 <= (np.concatenate(p) < 0.05).mean() <= 0.07


def test_a_cell_sum_of_zero_leaves_the_odds_ratio_missing_with_a_flag():
    answers, group = people(9, persons=600)
    answers[:, 0] = 1
    answers[group == 0, 1] = 1
    table = mantel_haenszel(answers, group, purify=False)
    assert np.isnan(table.alpha[:2]).all()
    assert (table.zero_cells[:3].tolist(), table.ets_class[:2].tolist()) == ([True, True, False], ["", ""])
    assert np.isnan(table.chi2[0])
    assert table.p[1] < 1e-6


def test_groups_below_the_minimum_are_flagged_by_item():
    answers, group = people(10, persons=420)
    answers[:30, 2] = -1
    table = mantel_haenszel(answers, group)
    assert np.flatnonzero(table.too_small).tolist() == [2]


@pytest.mark.parametrize(
    ("answers", "group", "told"),
    [
        ([[0, 1], [1, 0]], [0, 0], "nobody is in the focal group"),
        ([[0, 1], [1, 0]], [1, -1], "nobody is in the reference group"),
        ([[0, 1], [1, 0]], [0, 2], "group 2 of person 1"),
        ([[0, 1], [1, 0]], [0], "groups must be 2"),
        ([[0, 1], [1, 0]], [0.0, 1.0], "groups must be 2 whole numbers"),
        ([[0, 1], [1, -2]], [0, 1], "response -2 of person 1 to item 1"),
        ([[0.0, 1.0], [1.0, math.nan]], [0, 1], "whole numbers"),
        ([0, 1], [0, 1], "persons by items"),
        (np.zeros((2, 0), int), [0, 1], "with an item"),
    ],
)
def test_what_cannot_be_compared_is_refused(answers, group, told):
    with pytest.raises(ValueError, match=told):
        mantel_haenszel(answers, group)


def drawn_right(persons, difference, seed=0):
    """Answers of two groups of one ability; `difference` is how much harder each item is for the focal group."""
    chance = np.random.default_rng(seed)
    theta, group = chance.normal(size=persons), np.arange(persons) % 2
    z = theta[:, None] - np.linspace(-1, 1, len(difference)) - np.multiply.outer(group - 0.5, difference)
    return (chance.random(z.shape) < 1 / (1 + np.exp(-z))).astype(int), group


def test_a_match_that_would_lose_most_of_its_items_stays_as_it_is():
    answers, group = drawn_right(2000, [1.2, -1.2] * 3)
    once, purified = mantel_haenszel(answers, group, purify=False), mantel_haenszel(answers, group)
    assert purified.ets_class.tolist() == once.ets_class.tolist() == ["C"] * 6
    assert purified.in_match.all()


def test_an_item_that_one_group_never_solves_does_not_spoil_the_others():
    answers, group = drawn_right(4000, [0.0] * 8, seed=5)
    answers[group == 1, 0] = 0
    found, alone = mantel_haenszel(answers, group), mantel_haenszel(answers[:, 1:], group)
    assert found.in_match.tolist() == [False] + [True] * 7
    assert found.ets_class[1:].tolist() == alone.ets_class.tolist() == ["A"] * 7
    assert found.zero_cells[0]
    assert found.p[0] < 1e-9
    assert found.delta[1:] == pytest.approx(alone.delta, abs=1e-12)
