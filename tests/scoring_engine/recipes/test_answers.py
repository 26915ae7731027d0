"""Every way of answering earns what its key says, and what is no answer is refused."""

from decimal import Decimal
from itertools import permutations

import pytest

from scoring_engine.recipes.answers import Measured, Performed, Selected, Sorted, Unfit, Way

PARTS = frozenset("pqrs")
PERFORMED = Performed("aman", PARTS, (Way(1, ("p",)), Way(2, ("p", "q"), frozenset("s"), in_order=True)))


@pytest.mark.parametrize(
    ("selected", "whole", "parts"),
    [("pq", 1, 2), ("qp", 1, 2), ("p", 0, 1), ("pr", 0, 0), ("pqr", 0, 1), ("pqrs", 0, 0), ("rs", 0, 0)],
)
def test_a_selection_is_right_as_a_whole_or_by_its_parts(selected, whole, parts):
    assert Selected("x", PARTS, frozenset("pq")).credit(list(selected)) == whole
    assert Selected("x", PARTS, frozenset("pq"), 2).credit(list(selected)) == parts


def test_an_order_counts_neighbours_that_stand_the_right_way_round():
    by_parts = Sorted("x", ("p", "q", "r"), 2)
    assert by_parts.credit(["p", "q", "r"]) == 2
    assert by_parts.credit(["r", "p", "q"]) == by_parts.credit(["p", "r", "q"]) == 1
    assert by_parts.credit(["r", "q", "p"]) == 0
    whole = Sorted("x", ("p", "q", "r"))
    assert [whole.credit(list(order)) for order in permutations("pqr")] == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("said", "earned"), [("12.5", 1), ("12.60", 1), ("12.61", 0), ("12.4", 1), ("-12.5", 0)])
def test_a_number_is_right_within_its_tolerance_and_nothing_is_rounded(said, earned):
    assert Measured("x", Decimal("12.5"), Decimal("0.1")).credit(said) == earned


@pytest.mark.parametrize(
    ("steps", "earned"),
    [("p", 1), ("pq", 2), ("qp", 1), ("qpq", 2), ("prrq", 2), ("pqs", 1), ("q", 0), ("rs", 0)],
)
def test_the_best_way_that_was_gone_counts(steps, earned):
    assert PERFORMED.credit(list(steps)) == earned


@pytest.mark.parametrize(
    ("key", "response"),
    [
        (Selected("x", PARTS, frozenset("p")), ["p", "p"]), (Selected("x", PARTS, frozenset("p")), "p"),
        (Sorted("x", ("p", "q")), ["p"]), (Sorted("x", ("p", "q")), ["p", "p"]), (Sorted("x", ("p", "q")), ["p", "z"]),
        (Measured("x", Decimal(1)), "satu"), (Measured("x", Decimal(1)), 1), (Measured("x", Decimal(1)), "NaN"),
        (PERFORMED, ["z"]), (PERFORMED, {"p": 1}), (PERFORMED, [1]),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(key, response):
    with pytest.raises(Unfit):
        key.credit(response)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Selected("x", PARTS, frozenset()), lambda: Selected("x", PARTS, frozenset("z")),
        lambda: Selected("x", PARTS, frozenset("pq"), 3), lambda: Sorted("x", ("p",)), lambda: Sorted("x", ("p", "p")),
        lambda: Sorted("x", ("p", "q", "r"), 3), lambda: Measured("x", Decimal(1), Decimal(-1)),
        lambda: Performed("x", PARTS, ()), lambda: Performed("x", PARTS, (Way(2, ("p",)),)),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_earned_is_refused(build):
    with pytest.raises(ValueError, match=r"cannot earn|lies within|none left out"):
        build()
