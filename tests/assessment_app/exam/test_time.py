"""The server's clock: deadlines are set once, late is not lost, and nothing that a browser sends moves time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assessment_app.exam import actions
from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sheet, TimeEntry
from assessment_app.exam.queries import facts
from assessment_app.exam.rules import Owner, milliseconds
from assessment_app.platform.db import ANSWERS, transaction
from tests.assessment_app.exam.browser import first, slug

pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)


@pytest.fixture
def limit(working):
    """How long part 1 may take, in milliseconds."""
    return working.sitting["attempts"][0]["time_limit_ms"]


def standings() -> list[int]:
    with transaction(ANSWERS, reads_only=True) as answers:
        return list(answers.scalars(select(AnswerEvent.standing).order_by(AnswerEvent.seq)))


def test_a_second_start_answers_the_same_deadline(working, limit, moved_clock):
    moved_clock.forward(seconds=10)
    assert working.start().json["remaining_ms"] == limit - 10_000


def test_remaining_time_comes_with_every_save(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=1)
    assert working.save([(1, item["id"], first(item))]).json["remaining_ms"] == limit - 1


def test_at_the_deadline_an_answer_is_in_time(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=limit)
    said = working.save([(1, item["id"], first(item))])
    assert (said.json["notices"], said.json["remaining_ms"], standings()) == ([], 0, [0])


def test_within_grace_an_answer_counts_and_is_marked(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=limit + 120_000)
    said = working.save([(1, item["id"], first(item))])
    assert (said.json["acked_seq"], said.json["notices"], standings()) == (1, ["late"], [1])
    assert working.finish(last_seq=1).status_code == 200
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Sheet.answered)).all() == [1]


def test_beyond_grace_an_answer_is_kept_aside_and_counts_for_nothing(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=limit + 120_001)
    said = working.save([(1, item["id"], first(item))])
    assert (said.json["acked_seq"], said.json["notices"], standings()) == (1, ["aside"], [2])
    working.finish(last_seq=1)
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Sheet.answered)).all() == [0]


def test_after_a_finish_an_answer_is_kept_aside(working, item):
    working.finish()
    said = working.save([(1, item["id"], first(item))])
    assert (said.json["notices"], said.json["remaining_ms"], standings()) == (["aside"], 0, [2])


def test_an_entry_of_the_ledger_moves_the_deadline_of_the_next_save(working, item, limit, moved_clock):
    with transaction() as db:
        db.add(TimeEntry(attempt_id=1, kind="outage", ms=60_000, by="test", reason="power", at=moved_clock.now()))
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.open_gate(answers, db, 1, 1)
    moved_clock.forward(milliseconds=limit + 60_000)
    assert working.save([(1, item["id"], first(item))]).json["notices"] == []


@pytest.mark.parametrize("who_is_first", ["proctor", "start"])
def test_time_that_is_added_between_a_start_and_its_gate_counts(browser, moved_clock, who_is_first):
    """The start's gate would be of before: where the proctor's came first it stays, where it comes later it follows."""
    browser.sign_in()
    browser.agree()
    owner, now = Owner(1, 1), moved_clock.now()
    with transaction() as db:
        part, is_new = actions.start(db, owner, 1, now)
    with transaction() as db:
        db.add(TimeEntry(attempt_id=1, kind="outage", ms=60_000, by="test", reason="power", at=now))

    def gate_of_the_proctor():
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            actions.open_gate(answers, db, 1, 1)

    def gate_of_the_start():
        with transaction(ANSWERS) as answers:
            assert actions.make_gate(answers, 1, 1, part.window) is (who_is_first == "start")

    for write in (gate_of_the_proctor, gate_of_the_start)[:: 1 if who_is_first == "proctor" else -1]:
        write()
    assert is_new
    assert part.window.deadline
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.get_one(Gate, 1).deadline_ms == milliseconds(part.window.deadline) + 60_000


def test_a_gate_that_is_written_late_turns_no_epoch_back(working):
    with transaction(reads_only=True) as db:
        window = facts.window(db.get_one(Attempt, 1), 0)
    for epoch in (3, 2):
        with transaction(ANSWERS) as answers:
            actions.mirror(answers, 1, epoch, window)
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.get_one(Gate, 1).epoch == 3


def test_within_grace_what_was_made_after_the_deadline_is_kept_aside(working, items, limit, moved_clock):
    """Grace is for what the network held up: else whoever pulls the cable has two minutes more than the others."""
    moved_clock.forward(milliseconds=limit + 60_000)
    changes = [
        {"seq": seq, "item": item["id"], "response": first(item), "at_ms": at}
        for seq, item, at in ((1, items[0], limit), (2, items[1], limit + 1))
    ]
    said = working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": changes})
    assert (said.json["acked_seq"], said.json["notices"], standings()) == (2, ["late", "aside"], [1, 2])
    assert working.start().json["answers"] == {items[0]["id"]: first(items[0])}


def test_a_browser_that_counts_too_fast_loses_nothing_that_arrived_in_time(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=limit)
    change = {"seq": 1, "item": item["id"], "response": first(item), "at_ms": 86_400_000}
    said = working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": [change]})
    assert (said.json["notices"], standings()) == ([], [0])


def test_more_time_counts_for_what_was_made_in_it(working, item, limit, moved_clock):
    with transaction() as db:
        db.add(TimeEntry(attempt_id=1, kind="outage", ms=60_000, by="test", reason="power", at=moved_clock.now()))
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.open_gate(answers, db, 1, 1)
    moved_clock.forward(milliseconds=limit + 61_000)
    change = {"seq": 1, "item": item["id"], "response": first(item), "at_ms": limit + 60_000}
    assert working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": [change]}).json["notices"] == ["late"]


def test_what_a_browser_says_of_its_time_moves_nothing(working, item, limit, moved_clock):
    moved_clock.forward(milliseconds=limit + 120_001)
    change = {"seq": 1, "item": item["id"], "response": first(item), "at_ms": 1, "spent_ms": 1}
    said = working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": [change]})
    assert said.json["notices"] == ["aside"]


def test_a_part_whose_time_is_over_cannot_be_opened_again(working, limit, moved_clock):
    moved_clock.forward(milliseconds=limit + 120_001)
    assert slug(working.start()) == "closed"


def test_no_part_begins_after_the_session(working, moved_clock):
    working.finish()
    moved_clock.forward(hours=3, milliseconds=1)
    assert slug(working.start(2)) == "closed"


def test_a_part_that_began_before_the_end_of_the_session_goes_on_after_it(browser, moved_clock):
    browser.sign_in()
    browser.agree()
    moved_clock.forward(hours=3)
    assert browser.start().status_code == 200
    moved_clock.forward(minutes=1)
    assert browser.start().status_code == 200


def test_a_server_clock_that_is_set_back_a_day_loses_no_answer_and_lets_a_part_be_finished(working, item, moved_clock):
    moved_clock.forward(days=-1)
    said = working.save([(1, item["id"], first(item))])
    assert (said.json["acked_seq"], said.json["notices"], standings()) == (1, [], [0])
    assert working.finish(1, 1).json["attempts"][0]["state"] == "sealed"
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Sheet.answered)).all() == [1]


def test_a_server_clock_that_jumps_a_day_ahead_keeps_aside_what_comes_meanwhile(working, item, items, moved_clock):
    working.save([(1, item["id"], first(item))])
    moved_clock.forward(days=1)
    said = working.save([(2, items[1]["id"], first(items[1]))])
    assert (said.json["acked_seq"], said.json["notices"]) == (2, ["aside"])
    moved_clock.forward(days=-1)
    working.save([(3, items[2]["id"], first(items[2]))])
    assert standings() == [0, 2, 0]


def test_only_what_is_overdue_is_overdue(working, limit, moved_clock):
    moved_clock.forward(milliseconds=limit + 120_000)
    with transaction(reads_only=True) as db:
        assert facts.overdue(db, moved_clock.now()) == []
        moved_clock.forward(milliseconds=1)
        assert facts.overdue(db, moved_clock.now()) == [(1, 1, 1)]
