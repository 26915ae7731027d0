"""Sums that no order can change."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_engine.ability.eap import eap, posterior
from scoring_engine.curves.items import Graded, Items, Logistic, PartialCredit
from scoring_engine.exact import on_grid, total
from scoring_engine.standards.levels import level_probabilities
from tests.scoring_engine.threads import printed_with_threads

SCORE = """
import hashlib, numpy
from scoring_engine.ability.eap import eap
from scoring_engine.curves.items import Items, Logistic, Graded
chance = numpy.random.default_rng(4)
right_or_wrong = [Logistic(a, b) for a, b in zip(chance.lognormal(0, 0.3, 80), chance.normal(0, 1, 80))]
items = Items([*right_or_wrong, Graded(1.1, (-1, 0, 1))])
answers = chance.integers(-1, 2, (5000, 81))
found = eap(answers, items)
print(hashlib.sha256(found.theta.tobytes() + found.se.tobytes()).hexdigest())
"""


@settings(max_examples=50)
@given(st.lists(st.floats(-500, 500), min_size=1, max_size=60), st.randoms())
def test_a_sum_on_the_grid_is_exact_in_any_order(numbers, chance):
    values = on_grid(np.array(numbers), 500.0 * len(numbers) + 1)
    exact = math.fsum(values)
    for _ in range(5):
        shuffled = values.tolist()
        chance.shuffle(shuffled)
        assert sum(shuffled) == exact


@given(st.floats(-1e3, 1e3), st.floats(1e3, 1e6))
def test_rounding_to_the_grid_moves_a_number_by_no_more_than_it_says(value, bound):
    assert abs(on_grid(np.array([value]), bound)[0] - value) <= bound * 2.0**-51


def test_infinity_stays_infinity_on_the_grid():
    assert on_grid(np.array([-np.inf, 0.0]), 4.0).tolist() == [-np.inf, 0.0]


@pytest.mark.parametrize("persons", [1, 2, 3, 7, 64, 1001])
def test_a_column_sums_to_the_same_bits_beside_any_others(persons):
    columns = np.random.default_rng(persons).normal(size=(61, 1001))
    everybody = total(columns)
    assert (total(columns[:, -persons:]) == everybody[-persons:]).all()


@settings(max_examples=25)
@given(st.integers(1, 40), st.integers(0, 3000), st.integers(0, 2**32 - 1))
def test_a_person_has_the_same_bytes_alone_and_in_any_batch(size, start, seed):
    chance = np.random.default_rng(seed)
    items = Items(
        [Logistic(1.2, 0.1), Graded(0.8, (-1.0, 1.0)), PartialCredit(1.5, (0.4, -0.4)), Logistic(2.0, -1.0, 0.2)]
    )
    answers = chance.integers(-1, 2, (3100, 4))
    whole, part = eap(answers, items), eap(answers[start : start + size], items)
    assert part.theta.tobytes() == whole.theta[start : start + size].tobytes()
    assert part.se.tobytes() == whole.se[start : start + size].tobytes()


def test_level_probabilities_have_the_same_bytes_alone_and_in_a_batch():
    items = Items([Graded(1.3, (-1.5, -0.5, 0.5, 1.5))] * 7)
    answers = np.random.default_rng(2).integers(-1, 5, (300, 7))
    cuts = (-1.5, -0.5, 0.5, 1.5)
    whole = level_probabilities(posterior(answers, items), cuts)
    alone = np.vstack([level_probabilities(posterior(row, items), cuts) for row in answers])
    assert alone.tobytes() == whole.tobytes()


def test_scores_have_the_same_bytes_with_any_number_of_threads():
    assert len(printed_with_threads(SCORE, 1, 2, 4)) == 1
