"""Linking two calibrations by the items that both hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from scoring_engine.ability.posterior import Prior
from scoring_engine.calibration.linking import Method, curve_differences, enough_anchors, link, transform
from scoring_engine.curves.items import Graded, Item, Items, Logistic, Nominal, PartialCredit
from scoring_engine.curves.probabilities import probabilities

METHODS: tuple[Method, ...] = ("mean-mean", "mean-sigma", "haebara", "stocking-lord")
MIXED = Items([
    Logistic(1.2, -0.8), Logistic(0.9, 0.4, 0.2), Logistic(1.7, 1.1, 0.15, 0.97), Graded(1.4, (-1.2, 0.1, 0.9)),
    PartialCredit(0.8, (0.5, -0.4)), Nominal((0.7, 1.6), (0.4, -0.5)), Graded(2.0, (-0.3, 0.8)), Logistic(1.0, -1.5),
])  # fmt: skip
NODES = np.linspace(-6, 6, 61)
WEIGHTS = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()


def disturbed(items, seed, size=0.1):
    """The same items as another calibration would have them."""
    chance = np.random.default_rng(seed)

    def near(value):
        return float(value + chance.normal(0, size))

    found: list[Item] = []
    for item in items.each:
        if isinstance(item, Logistic):
            found.append(Logistic(item.a * math.exp(near(0)), near(item.b), item.lower, item.upper))
        elif isinstance(item, Nominal):
            found.append(Nominal(tuple(map(near, item.a)), tuple(map(near, item.c))))
        else:
            found.append(type(item)(item.a * math.exp(near(0)), tuple(sorted(map(near, item.b)))))
    return Items(found)


def curve(item, theta):
    """Category probabilities at one ability from the textbook formulas; shares no code with the engine."""
    if isinstance(item, Logistic):
        p = item.lower + (item.upper - item.lower) / (1 + math.exp(-item.a * (theta - item.b)))
        return [1 - p, p]
    if isinstance(item, Graded):
        tail = [1.0, *(1 / (1 + math.exp(-item.a * (theta - b))) for b in item.b), 0.0]
        return [tail[k] - tail[k + 1] for k in range(item.categories)]
    if isinstance(item, PartialCredit):
        logs = [sum(item.a * (theta - b) for b in item.b[:k]) for k in range(item.categories)]
    else:
        logs = [0.0, *(a * theta + c for a, c in zip(item.a, item.c, strict=True))]
    return [math.exp(log) / sum(map(math.exp, logs)) for log in logs]


def slow_criterion(line, new, base, method, symmetric):
    """The definitions in plain loops."""
    slope, intercept = line
    found = 0.0
    for theta, weight in zip(NODES, WEIGHTS, strict=True):
        pairs = [(theta, (theta - intercept) / slope)] + [(slope * theta + intercept, theta)] * symmetric
        for on_base, on_new in pairs:
            gaps = [np.subtract(curve(y, on_base), curve(x, on_new)) for x, y in zip(new.each, base.each, strict=True)]
            if method == "haebara":
                found += weight * sum((gap**2).sum() for gap in gaps) / 2
            else:
                found += weight * sum((gap * np.arange(gap.size)).sum() for gap in gaps) ** 2
    return found


@pytest.mark.parametrize("method", METHODS)
def test_a_form_linked_to_itself_stays_where_it_is(method):
    found = link(MIXED, MIXED, method)
    assert (found.slope, found.intercept, found.criterion) == pytest.approx((1.0, 0.0, 0.0), abs=1e-12)
    assert found.kept.all()
    assert found.differences == pytest.approx(np.zeros(8), abs=1e-12)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.7, -1.2), (1.6, 0.9)])
def test_a_known_line_is_found_again_by_every_method_for_items_of_all_models(method, symmetric, slope, intercept):
    found = link(MIXED, transform(MIXED, slope, intercept), method, symmetric=symmetric)
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept), abs=1e-9)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("method", ["haebara", "stocking-lord"])
def test_the_curves_agree_with_a_general_minimiser_of_the_slow_criterion(method, symmetric):
    new = MIXED.at([1, 2, 3, 4, 5])
    base = transform(disturbed(new, 3), 1.2, -0.4)
    found = link(new, base, method, symmetric=symmetric, drop=False)
    slow = minimize(
        slow_criterion, [found.slope + 0.1, found.intercept - 0.1], (new, base, method, symmetric),
        method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-16},
    )  # fmt: skip
    assert (found.slope, found.intercept) == pytest.approx(tuple(slow.x), abs=2e-7)
    assert found.criterion == pytest.approx(slow.fun, abs=1e-12)


def test_curves_that_stay_far_apart_still_reach_the_minimum():
    """Steps that take the gaps for straight lines circle round this minimum."""
    new = Items([
        Graded(1.0, (-0.6, -0.2, 0.0)), Nominal((1.3, -0.5, -0.6), (0.5, 0.4, 0.1)),
        Nominal((0.7, -1.3, -0.5), (-1.9, -1.3, -1.8)),
    ])  # fmt: skip
    base = Items([
        Graded(0.9, (-1.1, -0.1, 0.1)), Nominal((1.2, -1.5, -0.8), (0.5, 0.4, -0.5)),
        Nominal((0.5, -1.7, -0.8), (-1.5, -1.6, -1.8)),
    ])  # fmt: skip
    found = link(new, base, drop=False)
    slow = minimize(
        slow_criterion, [1.0, 0.2], (new, base, "stocking-lord", False), method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-16},
    )  # fmt: skip
    assert (found.slope, found.intercept) == pytest.approx(tuple(slow.x), abs=1e-6)


def test_the_means_agree_with_the_formulas_by_hand():
    new = Items([Logistic(1.0, -1.0), Logistic(2.0, 0.0), Graded(1.5, (0.5, 1.5))])
    base = Items([Logistic(0.8, -0.5), Logistic(1.2, 0.7), Graded(1.0, (1.2, 2.0))])
    by_slopes = link(new, base, "mean-mean", drop=False)
    assert by_slopes.slope == pytest.approx((4.5 / 3) / (3.0 / 3))
    assert by_slopes.intercept == pytest.approx(0.85 - 1.5 * 0.25)
    by_places = link(new, base, "mean-sigma", drop=False)
    slope = np.std([-0.5, 0.7, 1.2, 2.0]) / np.std([-1.0, 0.0, 0.5, 1.5])
    assert (by_places.slope, by_places.intercept) == pytest.approx((slope, 0.85 - slope * 0.25))


def test_parameters_move_as_kolen_and_brennan_print_them():
    """Kolen & Brennan (2014), chapter 6, three items with A = .5 and B = -.5; there D = 1.7."""
    items = Items([Logistic(1.7 * 1.3, -1.3, 0.10), Logistic(1.7 * 0.6, -0.1, 0.17), Logistic(1.7 * 1.7, 0.9, 0.18)])
    moved = transform(items, 0.5, -0.5)
    printed = [(2.6, -1.15, 0.10), (1.2, -0.55, 0.17), (3.4, -0.05, 0.18)]
    found = np.stack(
        [moved.binary.slope / 1.7, -moved.binary.intercept / moved.binary.slope, moved.binary.lower], axis=1
    )
    assert found == pytest.approx(np.array(printed), abs=1e-12)
    assert probabilities([-1.5], moved)[0, :, 1] == pytest.approx([0.26, 0.27, 0.18], abs=0.005)


@settings(max_examples=30)
@given(st.floats(0.3, 3), st.floats(-2, 2), st.floats(-3, 3))
def test_moved_items_have_the_same_curves_at_moved_abilities(slope, intercept, theta):
    moved = probabilities([slope * theta + intercept], transform(MIXED, slope, intercept))
    assert moved == pytest.approx(probabilities([theta], MIXED), abs=1e-12)


@settings(max_examples=15)
@given(st.integers(0, 1000))
def test_symmetric_linking_and_mean_sigma_turned_round_give_the_inverse_line(seed):
    base = disturbed(MIXED, seed, 0.05)
    ways: list[tuple[Method, bool]] = [("mean-sigma", False), ("haebara", True), ("stocking-lord", True)]
    for method, symmetric in ways:
        there = link(MIXED, base, method, symmetric=symmetric, drop=False)
        back = link(base, MIXED, method, symmetric=symmetric, drop=False)
        assert there.slope * back.slope == pytest.approx(1.0, abs=1e-8)
        assert there.slope * back.intercept + there.intercept == pytest.approx(0.0, abs=1e-8)


@settings(max_examples=15)
@given(st.permutations(range(8)), st.sampled_from(METHODS))
def test_the_order_of_anchors_does_not_matter(order, method):
    base = disturbed(MIXED, 1, 0.05)
    plain, turned = link(MIXED, base, method), link(MIXED.at(order), base.at(order), method)
    assert (turned.slope, turned.intercept) == pytest.approx((plain.slope, plain.intercept), abs=1e-9)
    assert turned.differences == pytest.approx(plain.differences[np.array(order)], abs=1e-9)


@settings(max_examples=15)
@given(st.floats(0.5, 2), st.floats(-1, 1), st.sampled_from(["haebara", "stocking-lord"]))
def test_another_base_scale_with_its_population_only_moves_the_line(slope, intercept, method):
    base = disturbed(MIXED, 2, 0.05)
    plain = link(MIXED, base, method, drop=False)
    moved = link(MIXED, transform(base, slope, intercept), method, Prior(intercept, slope), drop=False)
    assert moved.slope == pytest.approx(slope * plain.slope, abs=1e-8)
    assert moved.intercept == pytest.approx(slope * plain.intercept + intercept, abs=1e-8)


def with_changes(length, changed):
    chance = np.random.default_rng(4)
    new = [Logistic(a, b) for a, b in zip(chance.uniform(0.8, 1.6, length), chance.normal(0, 1, length), strict=True)]
    base = [Logistic(i.a, i.b + (1.5 if number in changed else 0.0)) for number, i in enumerate(new)]
    return Items(new), Items(base)


@pytest.mark.parametrize("method", METHODS)
def test_anchors_that_changed_are_dropped_and_then_the_line_is_right(method):
    new, base = with_changes(20, (3, 11))
    found = link(new, base, method)
    assert np.flatnonzero(~found.kept).tolist() == [3, 11]
    assert (found.slope, found.intercept) == pytest.approx((1.0, 0.0), abs=1e-9)
    assert (found.differences[[3, 11]] > 0.1).all()


@pytest.mark.parametrize(("length", "changed", "drop", "kept"), [
    (10, (0, 4, 7), True, 9), (5, (2,), True, 5), (20, (3, 11), False, 20), (20, (3, 11), True, 18),
])  # fmt: skip
def test_anchors_are_dropped_only_while_more_than_four_fifths_remain(length, changed, drop, kept):
    new, base = with_changes(length, changed)
    assert link(new, base, drop=drop).kept.sum() == kept


def test_the_difference_of_an_anchor_is_the_root_of_its_mean_squared_gap():
    base = disturbed(MIXED, 5, 0.2)
    found = curve_differences(MIXED, base, 1.1, 0.2)
    for number, (x, y) in enumerate(zip(MIXED.each, base.each, strict=True)):
        squares = [(np.subtract(curve(y, theta), curve(x, (theta - 0.2) / 1.1)) ** 2).sum() / 2 for theta in NODES]
        assert found[number] == pytest.approx(math.sqrt((WEIGHTS * squares).sum()), abs=1e-12)


def test_the_means_report_the_criterion_of_haebara():
    base = disturbed(MIXED, 5, 0.02)
    found = link(MIXED, base, "mean-sigma", drop=False)
    assert found.criterion == pytest.approx((found.differences**2).sum(), rel=1e-12)


def test_nominal_categories_that_never_cross_do_not_spoil_the_line():
    new = Items([Nominal((0.8, 0.8, 1.5), (0.2, 0.5, -0.3)), Nominal((0.5, 1.2), (0.1, -0.4)), Logistic(1.0, 0.3)])
    for method in METHODS:
        found = link(new, transform(new, 1.3, 0.4), method)
        assert (found.slope, found.intercept) == pytest.approx((1.3, 0.4), abs=1e-9)


@pytest.mark.parametrize(
    ("anchors", "form", "enough"), [(10, 100, True), (9, 100, False), (4, 20, True), (3, 20, False)]
)
def test_a_fifth_of_the_form_or_ten_anchors_are_enough(anchors, form, enough):
    assert enough_anchors(anchors, form) is enough


@pytest.mark.parametrize(
    ("new", "base", "message"),
    [
        ([Logistic(1, 0)], [Logistic(1, 0)] * 2, "1 anchors"),
        ([Logistic(1, 0), Graded(1, (0, 1))], [Logistic(1, 0), PartialCredit(1, (0, 1))], "anchor 1 is Graded"),
        ([Graded(1, (0, 1))], [Graded(1, (0, 1, 2))], "anchor 0 is Graded of 3"),
    ],
)
def test_anchors_that_are_no_pairs_are_refused(new, base, message):
    with pytest.raises(ValueError, match=message):
        link(Items(new), Items(base))


def test_anchors_that_fix_no_line_are_refused():
    alike = Items([Logistic(1.0, 0.5), Logistic(1.3, 0.5)])
    with pytest.raises(ValueError, match="two places"):
        link(alike, alike, "mean-sigma")
    far = Items([Logistic(1.0, 900.0), Logistic(1.3, 900.0)])
    with pytest.raises(ValueError, match="flat"):
        link(far, far, "haebara")


def test_a_method_or_a_line_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no method"):
        link(MIXED, MIXED, "mean-median")  # type: ignore[arg-type]  # that is the point
    for slope, intercept in ((0.0, 0.0), (-1.0, 0.0), (math.nan, 0.0), (1.0, math.inf)):
        with pytest.raises(ValueError, match="positive"):
            transform(MIXED, slope, intercept)
        with pytest.raises(ValueError, match="positive"):
            curve_differences(MIXED, MIXED, slope, intercept)
