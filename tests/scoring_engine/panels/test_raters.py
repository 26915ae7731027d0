"""Agreement between raters."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from scoring_engine.panels.raters import Model, cohen_kappa, fleiss_kappa, intraclass

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout & Fleiss (1979), table 2: six targets, four judges."""

MODELS: list[tuple[Model, bool]] = [(1, False), (2, False), (3, False), (1, True), (2, True), (3, True)]


def rated(seed, targets=12, raters=4):
    chance = np.random.default_rng(seed)
    severity = chance.normal(0, 0.7, raters)
    return chance.normal(size=(targets, 1)) + severity + chance.normal(0, 0.9, (targets, raters))


@pytest.mark.parametrize(("form", "printed"), [*zip(MODELS, (0.17, 0.29, 0.71, 0.44, 0.62, 0.91), strict=True)])
def test_intraclass_correlations_are_those_that_shrout_and_fleiss_print(form, printed):
    """Shrout & Fleiss (1979), table 4."""
    assert intraclass(SHROUT_FLEISS, *form).value == pytest.approx(printed, abs=0.005)


def test_the_f_tests_of_shrout_and_fleiss_have_their_mean_squares():
    """Shrout & Fleiss (1979), table 3: between targets 11.24, within 6.26, residual 1.02."""
    one, three = intraclass(SHROUT_FLEISS, 1), intraclass(SHROUT_FLEISS, 3)
    assert [one.f, three.f] == [pytest.approx(11.24 / 6.26, abs=0.003), pytest.approx(11.24 / 1.02, abs=0.06)]
    assert [one.df1, one.df2, three.df1, three.df2] == [5, 18, 5, 15]
    assert one.p == pytest.approx(stats.f.sf(one.f, 5, 18), abs=1e-12)
    assert three.p == pytest.approx(stats.f.sf(three.f, 5, 15), abs=1e-12)


def slow_squares(table):
    """Mean squares of targets, of raters, within targets and of the residual, by loops."""
    n, k = len(table), len(table[0])
    grand = sum(map(sum, table)) / (n * k)
    row, column = [sum(r) / k for r in table], [sum(r[j] for r in table) / n for j in range(k)]
    cells = list(itertools.product(range(n), range(k)))
    left = sum((table[i][j] - row[i] - column[j] + grand) ** 2 for i, j in cells)
    between = k * sum((m - grand) ** 2 for m in row) / (n - 1)
    raters = n * sum((m - grand) ** 2 for m in column) / (k - 1)
    within = sum((table[i][j] - row[i]) ** 2 for i, j in cells) / (n * (k - 1))
    return between, raters, within, left / ((n - 1) * (k - 1))


@pytest.mark.parametrize("seed", range(5))
def test_values_agree_with_loops_over_the_table(seed):
    b, j, w, e = slow_squares(rated(seed).tolist())
    n, k = 12, 4
    wanted = [
        (b - w) / (b + (k - 1) * w),
        (b - e) / (b + (k - 1) * e + k * (j - e) / n),
        (b - e) / (b + (k - 1) * e),
        (b - w) / b,
        (b - e) / (b + (j - e) / n),
        (b - e) / b,
    ]
    assert [intraclass(rated(seed), *form).value for form in MODELS] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_intervals_agree_with_the_formulas_of_shrout_and_fleiss(seed):
    b, j, w, e = slow_squares(rated(seed).tolist())
    n, k = 12, 4
    cases: list[tuple[Model, float, int]] = [(1, w, n * (k - 1)), (3, e, (n - 1) * (k - 1))]
    for model, error, df in cases:
        lower, upper = b / error / stats.f.ppf(0.975, n - 1, df), b / error * stats.f.ppf(0.975, df, n - 1)
        single, mean = intraclass(rated(seed), model), intraclass(rated(seed), model, True)
        wanted = [(lower - 1) / (lower + k - 1), (upper - 1) / (upper + k - 1)]
        assert [single.low, single.high] == pytest.approx(wanted, abs=1e-9)
        assert [mean.low, mean.high] == pytest.approx([1 - 1 / lower, 1 - 1 / upper], abs=1e-9)
    found, r, fj = intraclass(rated(seed), 2), intraclass(rated(seed), 2).value, j / e
    inner = n * (1 + (k - 1) * r) - k * r
    df = (k - 1) * (n - 1) * (k * r * fj + inner) ** 2 / ((n - 1) * k**2 * r**2 * fj**2 + inner**2)
    up, down = stats.f.ppf(0.975, n - 1, df), stats.f.ppf(0.975, df, n - 1)
    low = n * (b - up * e) / (up * (k * j + (k * n - k - n) * e) + n * b)
    high = n * (down * b - e) / (k * j + (k * n - k - n) * e + n * down * b)
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-9)


@pytest.mark.parametrize("model", [1, 2, 3])
def test_an_f_test_without_agreement_rejects_in_five_percent_of_samples(model):
    chance = np.random.default_rng(model)
    severity = 0.0 if model == 1 else 1.0
    samples = chance.normal(size=(1500, 10, 3)) + severity * chance.normal(size=(1500, 1, 3))
    assert 0.03 < np.mean([intraclass(each, model).p < 0.05 for each in samples]) < 0.07


@pytest.mark.parametrize("model", [1, 2, 3])
def test_intervals_cover_the_truth_in_95_percent_of_samples(model):
    chance = np.random.default_rng(10 + model)
    shape = (1200, 15, 4)
    severity = chance.normal(0, 0.0 if model == 1 else 0.7, (1200, 1, 4))
    samples = chance.normal(size=(1200, 15, 1)) + severity + chance.normal(size=shape)
    truth = 1 / (2.49 if model == 2 else 2.0)
    missed = [not (r := intraclass(each, model)).low <= truth <= r.high for each in samples]
    assert 0.03 < np.mean(missed) < 0.07


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 20), st.floats(-50, 50), st.sampled_from(MODELS))
def test_unit_origin_and_order_do_not_matter(seed, unit, shift, form):
    table, chance = rated(seed), np.random.default_rng(seed)
    other = (table * unit + shift)[chance.permutation(12)][:, chance.permutation(4)]
    plain, moved = intraclass(table, *form), intraclass(other, *form)
    assert [moved.value, moved.low, moved.high] == pytest.approx([plain.value, plain.low, plain.high], abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_severity_of_a_rater_counts_in_model_2_only_and_not_in_3(seed, severity):
    table = rated(seed)
    table = table - table.mean(axis=0)
    assert intraclass(table + severity, 3).value == pytest.approx(intraclass(table, 3).value, abs=1e-8)
    if intraclass(table, 2).value > 0:
        assert intraclass(table + severity, 2).value <= intraclass(table, 2).value + 1e-12


def test_raters_without_any_error_agree_wholly():
    same = np.arange(5.0)[:, None] + np.zeros(3)
    for form in MODELS:
        found = intraclass(same, *form)
        assert (found.value, found.low, found.high, found.f, found.p) == (1.0, 1.0, 1.0, math.inf, 0.0)


@pytest.mark.parametrize(
    ("ratings", "told"),
    [
        ([[1.0, 2.0], [math.nan, 1.0], [2.0, 2.0]], "target 1 by rater 0"),
        ([[1.0, 2.0]], "two targets"),
        ([[1.0], [2.0]], "two targets"),
        ([1.0, 2.0], "two targets"),
        ([[1.0, 3.0], [3.0, 1.0]], "same mean"),
    ],
)
def test_ratings_without_an_intraclass_correlation_are_refused(ratings, told):
    with pytest.raises(ValueError, match=told):
        intraclass(ratings, 2)


@pytest.mark.parametrize(("model", "confidence"), [(4, 0.95), (2, 1.0)])
def test_a_model_or_a_confidence_that_is_none_is_refused(model, confidence):
    with pytest.raises(ValueError):
        intraclass(SHROUT_FLEISS, model, confidence=confidence)


def pairs_of(table):
    rows = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    first, second = np.array(rows).T
    return first, second


def test_kappa_of_a_table_worked_by_hand():
    """Of 50: yes yes 20, yes no 5, no yes 10, no no 15: observed .70, by chance .25 + .25 = .50, kappa .40."""
    first, second = pairs_of([[20, 5], [10, 15]])
    assert cohen_kappa(first, second, 2).value == pytest.approx(0.4, abs=1e-12)


TABLE = np.array([[30, 6, 2, 0], [4, 25, 7, 1], [1, 8, 20, 5], [0, 2, 6, 23]])
WEIGHTS = {
    "equal": lambda i, j: float(i == j),
    "linear": lambda i, j: 1 - abs(i - j) / 3,
    "quadratic": lambda i, j: 1 - (i - j) ** 2 / 9,
}


def slow_kappa(table, weight):
    n, size = table.sum(), len(table)
    cells = list(itertools.product(range(size), repeat=2))
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    observed = sum(weight(i, j) * table[i, j] / n for i, j in cells)
    expected = sum(weight(i, j) * rows[i] * columns[j] for i, j in cells)
    return (observed - expected) / (1 - expected)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_kappa_and_its_error_agree_with_loops_and_with_a_numerical_derivative(weights):
    """The error by the delta method: kappa differentiated by each cell of the table."""
    first, second = pairs_of(TABLE)
    found = cohen_kappa(first, second, 4, weights)
    share, step = TABLE / TABLE.sum(), 1e-6
    assert found.value == pytest.approx(slow_kappa(TABLE, WEIGHTS[weights]), abs=1e-12)
    slope = np.zeros((4, 4))
    for cell in itertools.product(range(4), repeat=2):
        bump = np.zeros((4, 4))
        bump[cell] = step
        up, down = slow_kappa(share + bump, WEIGHTS[weights]), slow_kappa(share - bump, WEIGHTS[weights])
        slope[cell] = (up - down) / (2 * step)
    variance = (share * slope**2).sum() - (share * slope).sum() ** 2
    assert found.se == pytest.approx(math.sqrt(variance / TABLE.sum()), rel=1e-6)
    assert found.high - found.value == pytest.approx(1.959963984540054 * found.se, rel=1e-9)
    assert found.value - found.low == pytest.approx(found.high - found.value, rel=1e-9)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_error_without_agreement_is_the_spread_of_kappa_between_independent_raters(weights):
    chance = np.random.default_rng(3)
    first, second = chance.choice(3, (2, 1500, 150), p=[0.5, 0.3, 0.2])
    found = [cohen_kappa(a, b, 3, weights) for a, b in zip(first, second, strict=True)]
    z = np.array([each.value / each.se_without_agreement for each in found])
    assert 0.03 < (np.abs(z) > 1.96).mean() < 0.07


def test_quadratic_kappa_of_equal_margins_is_the_correlation():
    table = np.array([[10, 3, 2], [3, 12, 4], [2, 4, 20]])
    first, second = pairs_of(table)
    wanted = np.corrcoef(first, second)[0, 1]
    assert cohen_kappa(first, second, 3, "quadratic").value == pytest.approx(wanted, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=5, max_size=40), st.sampled_from([*WEIGHTS]))
def test_kappa_does_not_change_with_who_is_first_and_is_one_only_for_the_same(pairs, weights):
    first, second = np.array([*pairs, (0, 0), (3, 3)]).T
    found = cohen_kappa(first, second, 4, weights)
    assert cohen_kappa(second, first, 4, weights).value == pytest.approx(found.value, abs=1e-12)
    assert (found.value > 1 - 1e-12) == (first == second).all()
    assert cohen_kappa(3 - first, 3 - second, 4, weights).se == pytest.approx(found.se, abs=1e-12)


def test_a_target_that_one_rater_left_out_is_not_counted():
    first, second = pairs_of(TABLE)
    found = cohen_kappa([*first, -1, 2], [*second, 0, -1], 4)
    assert found == cohen_kappa(first, second, 4)
    assert found.n == TABLE.sum()


@pytest.mark.parametrize(
    ("first", "second", "categories", "weights"),
    [
        ([0, 1, 4], [0, 1, 1], 4, "equal"),
        ([0, 1], [0, 1, 1], 4, "equal"),
        ([[0, 1]], [[0, 1]], 4, "equal"),
        ([0, -1], [0, 1], 4, "equal"),
        ([1, 1, 1], [1, 1, 1], 2, "linear"),
        ([0, 0], [0, 0], 1, "equal"),
        ([0, 1], [0, 1], 2, "cubic"),
    ],
)
def test_ratings_without_a_kappa_are_refused(first, second, categories, weights):
    with pytest.raises(ValueError):
        cohen_kappa(first, second, categories, weights)


def test_fleiss_kappa_agrees_with_agreement_counted_pair_by_pair():
    chance = np.random.default_rng(4)
    ratings = np.where(chance.random((20, 5)) < 0.6, chance.integers(0, 3, (20, 1)), chance.integers(0, 3, (20, 5)))
    counts = [[list(row).count(c) for c in range(3)] for row in ratings]
    agree = [a == b for row in ratings for a, b in itertools.combinations(row, 2)]
    p = [np.mean(ratings == c) for c in range(3)]
    expected = sum(v * v for v in p)
    found = fleiss_kappa(counts)
    assert found.value == pytest.approx((np.mean(agree) - expected) / (1 - expected), abs=1e-12)
    for c in range(3):
        two = fleiss_kappa([[row[c], 5 - row[c]] for row in counts])
        assert found.by_category[c] == pytest.approx(two.value, abs=1e-12)


def test_the_error_of_fleiss_kappa_is_its_spread_without_agreement():
    chance = np.random.default_rng(5)
    found = [fleiss_kappa(chance.multinomial(4, [0.5, 0.3, 0.2], 60)) for _ in range(1500)]
    z = np.array([each.value / each.se_without_agreement for each in found])
    assert 0.03 < (np.abs(z) > 1.96).mean() < 0.07


def test_a_category_that_nobody_used_has_no_kappa_and_changes_nothing():
    counts = np.array([[3, 0, 1], [0, 0, 4], [4, 0, 0]])
    found, without = fleiss_kappa(counts), fleiss_kappa(counts[:, [0, 2]])
    assert math.isnan(found.by_category[1])
    assert (found.value, found.se_without_agreement) == (without.value, without.se_without_agreement)


@pytest.mark.parametrize(
    "counts",
    [[[2, 1], [1, 1]], [[1, 0], [0, 1]], [[3, -1], [1, 1]], [[2, 0], [2, 0]], [[2, 1]], [[2], [2]], [[2.0, 1.0]] * 2],
)
def test_counts_without_a_kappa_are_refused(counts):
    with pytest.raises(ValueError):
        fleiss_kappa(counts)


def test_the_interval_holds_the_value_however_low_it_is():
    chance = np.random.default_rng(4)
    tables = [[[4, 2], [4, 1], [2, 4], [5, 1]], [[3, 3], [5, 1], [4, 1]]]
    tables += chance.integers(1, 6, (2000, 4, 2)).tolist()
    for table in tables:
        if np.ptp(np.mean(table, axis=1)) == 0:
            continue
        found = intraclass(table, 2)
        if not math.isnan(found.value):
            assert found.low <= found.value + 1e-12
            assert found.value <= found.high + 1e-12
