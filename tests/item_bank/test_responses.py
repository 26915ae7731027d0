"""What fits each kind of item, by rule 8 of the exam protocol."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from item_bank import responses
from item_bank.responses import Reason

IDS = ["p", "q", "r"]
CHECKS = {
    "choice": responses.choice(IDS),
    "choices": responses.choices(IDS, at_most=2),
    "order": responses.order(IDS),
    "most_least": responses.most_least(IDS),
    "rating": responses.rating(1, 5),
    "number": responses.number,
    "text": responses.text(max_length=5),
    "steps": responses.steps(IDS, at_most=4),
}
FITTING = [
    ("choice", "p"),
    ("choices", ["q"]),
    ("choices", ["q", "p"]),
    ("order", ["r", "p", "q"]),
    ("most_least", {"most": "p", "least": "r"}),
    ("rating", 1),
    ("rating", 5),
    ("number", "-0.50"),
    ("number", "0"),
    ("number", "123456789012345.0123456789"),
    ("text", ""),
    ("text", "a\né 5"),
    ("steps", ["p", "p", "q", "p"]),
]
UNFITTING = [
    ("choice", "z", Reason.UNKNOWN_OPTION),
    ("choice", 0, Reason.WRONG_TYPE),
    ("choice", ["p"], Reason.WRONG_TYPE),
    ("choices", "p", Reason.WRONG_TYPE),
    ("choices", [], Reason.NOTHING_CHOSEN),
    ("choices", ["p", "p"], Reason.REPEATED_OPTION),
    ("choices", ["p", "q", "r"], Reason.TOO_MANY),
    ("choices", ["p", {}], Reason.WRONG_TYPE),
    ("choices", ["p", "z"], Reason.UNKNOWN_OPTION),
    ("order", ["p", "q"], Reason.INCOMPLETE),
    ("order", ["p", "q", "q"], Reason.REPEATED_OPTION),
    ("order", ["p", "q", "r", "p"], Reason.TOO_MANY),
    ("order", "pqr", Reason.WRONG_TYPE),
    ("most_least", {"most": "p"}, Reason.INCOMPLETE),
    ("most_least", {}, Reason.INCOMPLETE),
    ("most_least", {"most": "p", "least": "p"}, Reason.REPEATED_OPTION),
    ("most_least", {"most": "p", "least": "z"}, Reason.UNKNOWN_OPTION),
    ("most_least", {"most": "p", "least": None}, Reason.WRONG_TYPE),
    ("most_least", {"most": "p", "least": "q", "middle": "r"}, Reason.WRONG_TYPE),
    ("most_least", ["p", "q"], Reason.WRONG_TYPE),
    ("rating", 0, Reason.OFF_SCALE),
    ("rating", 6, Reason.OFF_SCALE),
    ("rating", 3.0, Reason.WRONG_TYPE),
    ("rating", True, Reason.WRONG_TYPE),
    ("number", 1.5, Reason.WRONG_TYPE),
    ("number", "1,5", Reason.NOT_A_NUMBER),
    ("number", "1e5", Reason.NOT_A_NUMBER),
    ("number", "NaN", Reason.NOT_A_NUMBER),
    ("number", "\u0661", Reason.NOT_A_NUMBER),
    ("number", "1\n", Reason.NOT_A_NUMBER),
    ("text", "abcdef", Reason.TOO_LONG),
    ("text", "a\x00", Reason.UNREADABLE_TEXT),
    ("text", "\ud800", Reason.UNREADABLE_TEXT),
    ("text", 1, Reason.WRONG_TYPE),
    ("steps", ["p"] * 5, Reason.TOO_MANY),
    ("steps", [], Reason.NOTHING_CHOSEN),
    ("steps", {"p": 1}, Reason.WRONG_TYPE),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(IDS),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["most", "least", "x"]), inner),
)


@pytest.mark.parametrize(("kind", "response"), FITTING)
def test_a_response_that_fits_is_taken(kind, response):
    assert CHECKS[kind](response) is None


@pytest.mark.parametrize(("kind", "response", "reason"), UNFITTING)
def test_a_response_that_does_not_fit_is_refused_with_its_reason(kind, response, reason):
    assert CHECKS[kind](response) is reason


@pytest.mark.parametrize("kind", CHECKS)
def test_null_clears_an_answer_of_every_kind(kind):
    assert CHECKS[kind](None) is None


@given(st.sampled_from(list(CHECKS)), anything)
def test_whatever_a_browser_sends_is_answered_and_never_breaks_the_check(kind, response):
    assert CHECKS[kind](response) in {None, *Reason}
