"""What an exam allows: phases at both ends, what a change counts for, which answer stands, whose token it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_app.exam import rules
from assessment_app.exam.rules import Arrived, Phase, SittingState, Standing, Window

OPENED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SECRET = b"s" * 32
MS = timedelta(milliseconds=1)
WINDOW = Window(OPENED, allowed_ms=60_000, grace_ms=5_000)
DEADLINE = OPENED + timedelta(minutes=1)
END = DEADLINE + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (OPENED, Phase.OPEN), (DEADLINE, Phase.OPEN), (DEADLINE + MS, Phase.GRACE), (END, Phase.GRACE),
        (END + MS, Phase.CLOSED),
    ],
)  # fmt: skip
def test_both_ends_of_a_phase_belong_to_it(moment, phase):
    assert WINDOW.phase(moment) is phase


def test_an_attempt_that_nobody_opened_waits():
    assert Window(None, 60_000, 5_000).phase(END + MS) is Phase.WAITING


def test_a_finished_attempt_is_closed_before_its_deadline():
    assert Window(OPENED, 60_000, 5_000, finished=OPENED + MS).phase(OPENED + 2 * MS) is Phase.CLOSED


def test_a_sealed_attempt_is_sealed_for_ever():
    assert Window(OPENED, 60_000, 5_000, OPENED, sealed=OPENED).phase(OPENED) is Phase.SEALED


def test_the_ledger_moves_the_deadline():
    assert Window(OPENED, 60_000 + 30_000, 0).deadline == DEADLINE + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("window", "moment", "left"),
    [
        (Window(None, 60_000, 0), OPENED, 60_000),
        (WINDOW, OPENED, 60_000),
        (WINDOW, DEADLINE - MS, 1),
        (WINDOW, DEADLINE + MS, 0),
        (Window(OPENED, 60_000, 0, finished=OPENED), OPENED, 0),
    ],
)
def test_remaining_time_is_whole_and_never_negative(window, moment, left):
    assert window.remaining_ms(moment) == left


@pytest.mark.parametrize(
    ("received", "standing"),
    [(100, Standing.IN_TIME), (101, Standing.LATE), (120, Standing.LATE), (121, Standing.ASIDE)],
)
def test_a_change_stands_by_its_moment_of_arrival(received, standing):
    assert rules.standing(received, 100, 20, closed=False) is standing


def test_what_arrives_at_a_closed_gate_is_kept_aside():
    assert rules.standing(1, 100, 20, closed=True) is Standing.ASIDE


@given(offset=st.integers(0, 70_000_000))
def test_nothing_that_arrives_while_the_attempt_is_open_is_late(offset):
    moment = OPENED + timedelta(microseconds=offset)
    standing = rules.standing(rules.milliseconds(moment), rules.milliseconds(DEADLINE), 5_000, closed=False)
    assert standing is Standing.IN_TIME or WINDOW.phase(moment) is not Phase.OPEN


@pytest.mark.parametrize(
    ("phases", "state"),
    [
        ([Phase.WAITING, Phase.WAITING], SittingState.PRESENT),
        ([Phase.OPEN, Phase.WAITING], SittingState.WORKING),
        ([Phase.SEALED, Phase.WAITING], SittingState.WORKING),
        ([Phase.SEALED, Phase.CLOSED], SittingState.DONE),
    ],
)
def test_a_sitting_stands_where_its_attempts_stand(phases, state):
    assert rules.sitting_state(phases) is state


CHANGES = st.builds(
    Arrived, epoch=st.integers(1, 3), seq=st.integers(1, 8), item=st.sampled_from("abc"),
    response=st.sampled_from([None, "p", "q"]), standing=st.sampled_from(list(Standing)),
)  # fmt: skip
LOGS = st.lists(CHANGES, unique_by=lambda change: (change.epoch, change.seq))


def slowly(log: list[Arrived]) -> dict[str, object]:
    """Play the log in order, as somebody with a pencil would."""
    said: dict[str, object] = {}
    for change in sorted(log, key=lambda one: (one.epoch, one.seq)):
        if change.standing in (Standing.IN_TIME, Standing.LATE):
            said[change.item] = change.response
    return {item: response for item, response in said.items() if response is not None}


@given(LOGS)
def test_the_fold_is_the_log_played_in_order(log):
    assert rules.counting_answers(log) == slowly(log)


@given(LOGS, st.randoms(use_true_random=False))
def test_the_fold_knows_no_order_of_arrival(log, chance):
    shuffled = chance.sample(log, len(log))
    assert list(rules.counting_answers(shuffled).items()) == list(rules.counting_answers(log).items())


@given(LOGS)
def test_a_log_that_arrives_twice_says_the_same(log):
    assert rules.counting_answers(log + log) == rules.counting_answers(log)


@given(LOGS, CHANGES)
def test_what_is_aside_or_refused_changes_no_answer(log, change):
    aside = Arrived(9, 9, change.item, change.response, max(change.standing, Standing.ASIDE))
    assert rules.counting_answers([*log, aside]) == rules.counting_answers(log)


def test_a_late_duplicate_cannot_undo_a_newer_answer():
    newer, older = Arrived(1, 5, "i1", "q", 0), Arrived(1, 4, "i1", "p", 1)
    assert rules.counting_answers([newer, older]) == {"i1": "q"}


def test_a_later_device_counts_before_a_higher_seq():
    assert rules.counting_answers([Arrived(1, 9, "i1", "p", 0), Arrived(2, 3, "i1", "q", 0)]) == {"i1": "q"}


def test_a_cleared_answer_is_no_answer():
    assert rules.counting_answers([Arrived(1, 1, "i1", "p", 0), Arrived(1, 2, "i1", None, 0)]) == {}


def test_a_refused_change_leaves_the_answer_before_it():
    assert rules.counting_answers([Arrived(1, 1, "i1", "p", 0), Arrived(1, 2, "i1", "x", 3)]) == {"i1": "p"}


@given(st.integers(1, 2**62), st.integers(1, 2**30))
def test_a_token_of_ours_is_read(sitting_id, epoch):
    assert rules.read_token(rules.make_token(sitting_id, epoch, SECRET), SECRET) == (sitting_id, epoch)


TOKEN = rules.make_token(7, 1, SECRET)
MAC = TOKEN.rpartition(".")[2]


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", MAC, f".{MAC}", f"a.b.{MAC}", f"a.b.{'0' * 32}", f"8.1.{MAC}", f"7.2.{MAC}", f"7.1.1.{MAC}",
        TOKEN[:-1], TOKEN + "0", TOKEN.upper(), TOKEN.rpartition(".")[0], f"7.1.{'é' * 32}", f"7.\ud800.{MAC}",
        rules.make_token(7, 1, b"t" * 32),
    ],
)  # fmt: skip
def test_no_other_text_is_a_token(token):
    assert rules.read_token(token, SECRET) is None


@settings(max_examples=50)
@given(st.text())
def test_no_garbage_is_a_token(text):
    assert rules.read_token(text, SECRET) is None


def test_a_receipt_code_stays_what_was_printed_once():
    assert rules.receipt_code(["a" * 64, "b" * 64]) == "L2NO-QZVN-3GUF-22OD"


def test_a_receipt_code_names_the_sheets_in_their_order():
    assert rules.receipt_code(["a" * 64, "b" * 64]) != rules.receipt_code(["b" * 64, "a" * 64])


def test_the_time_on_an_item_is_the_longest_that_any_change_tells():
    log = [Arrived(1, 1, "i1", "p", 0, 40_000), Arrived(2, 1, "i1", "q", 0, 2_000)]  # a new device counts anew
    assert rules.manner(log, rules.counting_answers(log)).spent_ms == {"i1": 40_000}


def test_no_time_is_told_of_what_does_not_count():
    log = [Arrived(1, 1, "i1", "p", 0, 9_000), Arrived(1, 2, "i1", None, 0, 12_000), Arrived(1, 3, "i2", "p", 2, 7_000)]
    assert rules.manner(log, rules.counting_answers(log)).spent_ms == {}


def test_late_aside_and_recovered_changes_are_counted():
    log = [Arrived(1, 1, "i1", "p", 1), Arrived(1, 2, "i1", "q", 2), Arrived(1, 3, "i1", "r", 2, recovered=True)]
    found = rules.manner(log, rules.counting_answers(log))
    assert (found.late, found.aside, found.recovered) == (1, 2, 1)


@given(LOGS, st.randoms(use_true_random=False))
def test_the_manner_knows_no_order_of_arrival(log, chance):
    said = rules.counting_answers(log)
    assert rules.manner(chance.sample(log, len(log)), said) == rules.manner(log, said)
