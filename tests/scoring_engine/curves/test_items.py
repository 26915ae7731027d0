"""What describes a test, and what does not."""

import numpy as np
import pytest

from scoring_engine.curves.items import Graded, Items, Logistic, Nominal, PartialCredit


def test_a_mixed_test_is_parted_into_blocks_of_one_model_each():
    items = Items(
        [Graded(1.5, (-1.0, 1.0)), Logistic(2.0, 0.5, 0.2), PartialCredit(0.5, (1.0, -1.0)), Logistic(1.0, 0.0)]
    )
    assert items.categories.tolist() == [3, 2, 3, 2]
    assert (items.binary.where.tolist(), items.graded.where.tolist(), items.nominal.where.tolist()) == (
        [1, 3],
        [0],
        [2],
    )
    assert items.binary.intercept.tolist() == [-1.0, 0.0]
    assert items.graded.intercept.tolist() == [[1.5, -1.5]]
    assert items.nominal.slope.tolist() == [[0.0, 0.5, 1.0]]
    assert items.nominal.intercept.tolist() == [[0.0, -0.5, 0.0]]


def test_items_can_be_taken_out_in_any_order():
    items = Items([Logistic(1.0, 0.0), Graded(1.0, (0.0, 1.0)), Nominal((1.0,), (0.5,))])
    assert items.at([2, 0]).each == (items.each[2], items.each[0])


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Items([]), "at least one item"),
        (lambda: Logistic(0.0, 0.0), "slope 0 is not positive"),
        (lambda: Logistic(-1.0, 0.0), "slope -1 is not positive"),
        (lambda: Logistic(float("nan"), 0.0), "slope nan"),
        (lambda: Logistic(1e4, 0.0), "slope 10000 is above 1000"),
        (lambda: Items([Graded(1.0, tuple(map(float, range(127))))]), "128 categories; 127 are the most"),
        (lambda: Logistic(1.0, float("inf")), "b inf"),
        (lambda: Logistic(1.0, 0.0, 0.5, 0.5), "asymptotes 0.5 and 0.5 do not rise"),
        (lambda: Logistic(1.0, 0.0, -0.1), "asymptotes"),
        (lambda: Logistic(1.0, 0.0, 0.0, 1.1), "asymptotes"),
        (lambda: Graded(1.0, ()), r"\(none\)"),
        (lambda: Graded(1.0, (0.0, 0.0)), "thresholds 0, 0 do not rise"),
        (lambda: Graded(1.0, (float("nan"), 0.0)), "finite"),
        (lambda: PartialCredit(-0.5, (0.0,)), "slope"),
        (lambda: PartialCredit(1.0, (0.0, float("-inf"))), "steps"),
        (lambda: Nominal((1.0, 2.0), (0.0,)), "2 slopes do not fit 1 intercepts"),
        (lambda: Nominal((), ()), "none"),
        (lambda: Items.of([1.0, 1.0], [[0.0]]), "zip"),
        (lambda: Items.of([1.0], [[]]), "none"),
    ],
)
def test_parameters_that_describe_no_item_are_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


def test_a_nominal_item_may_prefer_any_category():
    assert np.allclose(Items([Nominal((-1.0, 2.0), (0.5, 0.0))]).nominal.slope, [[0.0, -1.0, 2.0]])
