"""The information curve: right numbers, and a picture that holds them."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from assessment_app.authoring.rules.charts import ItemCurve, information, information_chart, peak_of

TWO = ItemCurve(1.3, (0.4,))
GRADED = ItemCurve(1.6, (-1.3, -0.5, 0.4, 1.2))
rising = st.lists(st.floats(-3, 3), min_size=1, max_size=5).map(lambda b: tuple(sorted(b)))
apart = rising.filter(lambda b: all(right - left > 0.05 for left, right in pairwise(b)))


def slow(theta, curve, width=1e-4):
    """Information by its definition, from numeric derivatives of every category."""

    def shares(at):
        reached = [1.0, *(expit(curve.slope * (at - b)) for b in curve.thresholds), 0.0]
        return -np.diff(reached)

    slope = (shares(theta + width) - shares(theta - width)) / (2 * width)
    return float((slope**2 / shares(theta)).sum())


@pytest.mark.parametrize("curve", [TWO, GRADED, ItemCurve(0.5, (-2.0, 2.0))])
@pytest.mark.parametrize("theta", [-3.0, -1.1, 0.0, 0.7, 2.5])
def test_information_agrees_with_its_definition(curve, theta):
    assert information(np.array([theta]), [curve])[0, 0] == pytest.approx(slow(theta, curve), rel=1e-6)


def test_a_right_or_wrong_item_tells_most_at_its_location():
    peak = peak_of(TWO)
    assert peak.theta == 0.4
    assert peak.information == pytest.approx(1.3**2 / 4)


def test_items_of_different_length_stand_side_by_side():
    theta = np.array([-1.0, 0.0, 1.0])
    together = information(theta, [TWO, GRADED])
    assert together[:, 0] == pytest.approx(information(theta, [TWO])[:, 0])
    assert together[:, 1] == pytest.approx(information(theta, [GRADED])[:, 0])


@given(st.floats(0.1, 4), apart)
def test_the_picture_stays_within_its_axes(slope, thresholds):
    chart = information_chart(ItemCurve(slope, thresholds), [TWO], 536)
    numbers = [float(n) for path in (chart.item, chart.scale) for n in re.findall(r"-?[\d.]+", path)]
    assert all(chart.frame.left <= x <= chart.frame.right for x in numbers[::2])
    assert all(chart.frame.top <= y <= chart.frame.bottom for y in numbers[1::2])
    assert 3 <= len(chart.information_ticks) <= 6


def test_the_table_gives_the_numbers_of_the_curve():
    chart = information_chart(TWO, [GRADED], 536)
    at_zero = next(told for told in chart.table if told.theta == 0)
    assert at_zero.item == pytest.approx(slow(0.0, TWO), rel=1e-6)
    assert at_zero.scale == pytest.approx(slow(0.0, TWO) + slow(0.0, GRADED), rel=1e-6)


def test_an_item_alone_has_no_second_line():
    assert information_chart(TWO, [], 536).scale == ""
