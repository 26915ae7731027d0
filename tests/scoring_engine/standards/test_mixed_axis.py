"""Low, middle and high of an axis that is partly on record and partly measured."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.integrate import quad
from scipy.stats import norm

from scoring_engine.standards.match import PLAIN, Variant, job_person_match, match_distribution, match_probabilities
from scoring_engine.standards.mixed_axis import Measured, mixed_axis
from tests.scoring_engine.standards.regulation import MAPPING

WEIGHTS = (20.0, 25.0)


def one(base, points, chances, theta, se):
    measured = Measured(np.array(points, float), np.array([chances], float), np.array([theta]), np.array([se]))
    return mixed_axis([base], measured, WEIGHTS, 60, 80)[0]


def integrated(base, points, chances, theta, se):
    """Add up the mass of each category over a density, value by value."""
    found = np.zeros(3)
    for value, chance in zip(points, chances, strict=True):

        def above(cut, value=value):
            share = (cut - base - 0.20 * value) / 25
            start = -np.inf if share <= 0 else np.inf if share >= 1 else norm.ppf(share)
            return quad(lambda t: norm.pdf(t, theta, se), start, np.inf)[0] if start < np.inf else 0.0

        middle, high = above(60), above(80)
        found += chance * np.array([1 - middle, middle - high, high])
    return found


@given(
    some.floats(0, 55),
    some.lists(some.floats(0.01, 1), min_size=3, max_size=3),
    some.floats(-2, 2),
    some.floats(0.05, 1),
)
def test_agrees_with_integration(base, raw, theta, se):
    chances = np.array(raw) / sum(raw)
    expected = integrated(base, (70, 90, 100), chances, theta, se)
    assert one(base, (70, 90, 100), chances, theta, se) == pytest.approx(expected, abs=1e-6)


def test_who_has_the_cut_on_record_has_it_for_sure():
    assert one(80, (0, 100), (0.5, 0.5), -3.0, 0.3).tolist() == [0, 0, 1]


def test_what_no_score_can_reach_is_never_reached():
    assert one(10, (0, 100), (0.5, 0.5), 3.0, 0.3).tolist() == [1, 0, 0]  # 10 + 20 + 25 = 55


def test_company_changes_no_bit_of_a_result():
    chance = np.random.default_rng(6)
    points, persons = np.linspace(20, 100, 37), 500
    chances = chance.dirichlet(np.ones(37), persons)
    base, theta, se = chance.uniform(20, 55, persons), chance.normal(0, 1, persons), chance.uniform(0.2, 0.5, persons)
    together = mixed_axis(base, Measured(points, chances, theta, se), WEIGHTS, 60, 80)
    alone = [
        mixed_axis(base[[n]], Measured(points, chances[[n]], theta[[n]], se[[n]]), WEIGHTS, 60, 80)[0]
        for n in range(99)
    ]
    assert np.array_equal(together[:99], np.array(alone))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"se": 0.0}, "positive"),
        ({"theta": np.nan}, "finite"),
        ({"base": np.inf}, "finite"),
        ({"points": (1,)}, "shapes"),
    ],
)
def test_what_cannot_be_is_refused(changed, said):
    good = {"base": 40.0, "points": (50, 100), "chances": (0.5, 0.5), "theta": 0.0, "se": 0.3}
    with pytest.raises(ValueError, match=said):
        one(**good | changed)


@pytest.mark.parametrize("variant", [PLAIN, Variant(cap_total=100), Variant(cap_per_competency=True)])
def test_the_distribution_of_the_match_holds_its_categories(variant):
    chance = np.random.default_rng(1)
    levels, standard = chance.dirichlet(np.ones(5), (4, 9)), [2, 2, 3, 3, 2, 4, 1, 2, 3]
    percentages, chances = match_distribution(levels, standard, variant)
    assert list(percentages) == sorted(percentages)
    assert chances.sum(axis=1) == pytest.approx(1)
    categories = [
        sum(chances[:, n] for n, one in enumerate(percentages) if MAPPING.position(one) == k) for k in range(3)
    ]
    assert np.stack(categories, axis=1) == pytest.approx(match_probabilities(levels, standard, MAPPING, variant))


def test_a_level_that_is_certain_leaves_one_percentage():
    levels = np.zeros((9, 5))
    levels[:, 3] = 1
    percentages, chances = match_distribution(levels, [2] * 9)
    assert percentages[int(np.argmax(chances[0]))] == job_person_match([4] * 9, [2] * 9) == Fraction(200)
