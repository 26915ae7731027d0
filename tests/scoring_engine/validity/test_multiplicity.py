"""Adjusted p values."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from scoring_engine.validity.multiplicity import benjamini_hochberg, holm

BENJAMINI_HOCHBERG_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
"""The fifteen p values of the example in their section 4, at which Bonferroni rejects 3 and they reject 4."""

chances = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def closed(p):
    """Holm as the closure of Bonferroni: the worst Bonferroni test of all sets that a hypothesis is in."""
    sets = [s for size in range(1, len(p) + 1) for s in combinations(range(len(p)), size)]
    return [max(min(1.0, len(s) * min(p[i] for i in s)) for s in sets if test in s) for test in range(len(p))]


@given(chances)
def test_holm_is_the_closure_of_bonferroni(p):
    assert holm(p) == pytest.approx(closed(p), abs=1e-15)


@given(chances)
def test_benjamini_hochberg_agrees_with_scipy(p):
    assert benjamini_hochberg(p) == pytest.approx(false_discovery_control(p), abs=1e-15)


def test_the_example_of_benjamini_and_hochberg_rejects_four_and_holm_three():
    assert (benjamini_hochberg(BENJAMINI_HOCHBERG_1995) <= 0.05).sum() == 4
    assert (holm(BENJAMINI_HOCHBERG_1995) <= 0.05).sum() == 3


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@given(p=chances, places=st.lists(st.integers(0, 8), max_size=4))
def test_a_test_that_could_not_be_made_is_not_counted(adjust, p, places):
    gaps = np.insert(np.array(p), [min(place, len(p)) for place in places], math.nan)
    assert adjust(gaps)[~np.isnan(gaps)].tolist() == adjust(p).tolist()
    assert (np.isnan(adjust(gaps)) == np.isnan(gaps)).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@given(p=chances)
def test_the_order_of_tests_does_not_matter_and_no_p_value_falls(adjust, p):
    assert adjust(p[::-1])[::-1].tolist() == adjust(p).tolist()
    assert (adjust(p) >= np.array(p)).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_no_tests_and_no_test_that_could_be_made_give_no_p_values(adjust):
    assert adjust([]).size == 0
    assert np.isnan(adjust([math.nan, math.nan])).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
@pytest.mark.parametrize(("p", "told"), [([0.1, 1.5], "test 1"), ([-0.1], "test 0"), ([[0.1]], "row"), (0.1, "row")])
def test_what_is_no_row_of_probabilities_is_refused(adjust, p, told):
    with pytest.raises(ValueError, match=told):
        adjust(p)
