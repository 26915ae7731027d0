"""A sitting that a proctor locked, on both stores: nothing is written, nothing is lost, and the same page goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sitting
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.proctoring import actions
from assessment_app.proctoring.messages import Lock, Release
from tests.assessment_app.exam.browser import browser_of, first, slug


@pytest.fixture
def proctor(stage, moved_clock):
    """What a proctor does to the first participant's seat, gates included."""
    by = Officer(stage.agency_id, "account:proctor")

    def act(wanted, *, seat=1, mirror=True):
        what = actions.release if isinstance(wanted, Release) else actions.lock
        with transaction() as db:
            touched = what(db, by, actions.Seated(stage.session_id, seat), wanted, moved_clock.now())
        if mirror:
            with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
                actions.mirror(answers, db, touched)

    return act


LOCK, UNLOCK = Lock(locked=True, reason="Diminta keluar"), Lock(locked=False, reason="Boleh masuk lagi")


def written() -> int:
    with transaction(ANSWERS, reads_only=True) as answers:
        return len(answers.scalars(select(AnswerEvent)).all())


def test_every_call_of_a_locked_sitting_is_refused_and_writes_nothing(working, item, proctor):
    proctor(LOCK)
    tries = [
        working.sign_in(), working.call("GET", "/sitting"), working.agree(), working.start(), working.finish(),
        working.save([(1, item["id"], first(item))]), working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1}),
    ]  # fmt: skip
    assert {(said.status_code, slug(said)) for said in tries} == {(423, "locked")}
    assert written() == 0


def test_what_was_not_saved_meanwhile_is_saved_by_the_same_page_afterwards(working, item, proctor):
    working.save([(1, item["id"], first(item))])
    proctor(LOCK)
    assert slug(working.save([(2, item["id"], None)])) == "locked"
    proctor(UNLOCK)
    assert working.save([(2, item["id"], None)]).json["acked_seq"] == 2
    assert working.start().json["answers"] == {}


def test_somebody_who_has_not_started_cannot_start_while_locked(browser, proctor):
    browser.sign_in()
    browser.agree()
    proctor(LOCK)
    assert slug(browser.start()) == "locked"
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Attempt).where(Attempt.opened.is_not(None))).all() == []
    proctor(UNLOCK)
    assert browser.start().status_code == 200


def test_a_lock_whose_gates_a_crash_left_out_holds_for_all_but_saves_and_then_for_these(working, item, proctor):
    proctor(LOCK, mirror=False)
    assert slug(working.call("GET", "/sitting")) == "locked"
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        exam.open_gate(answers, db, 1, 1)
    assert slug(working.save([(1, item["id"], first(item))])) == "locked"


def test_an_unlocking_whose_gate_was_left_out_is_made_up_by_the_next_start(working, item, proctor):
    proctor(LOCK)
    proctor(UNLOCK, mirror=False)
    assert working.start().status_code == 200
    assert working.save([(1, item["id"], first(item))]).status_code == 200


def test_the_device_that_lost_a_locked_sitting_is_told_that_it_is_elsewhere(working, item, proctor, server):
    proctor(Release(epoch=1, reason="Komputer rusak"))
    proctor(LOCK)
    assert slug(working.save([(1, item["id"], first(item))])) == "sitting-elsewhere"
    other = browser_of(server, working.nip, working.pin, device="computer-2")
    assert slug(other.sign_in()) == "locked"
    proctor(UNLOCK)
    assert other.sign_in().status_code == 200
    other.start()
    assert other.save([(1, item["id"], first(item))], epoch=2).status_code == 200


def test_a_lock_is_of_one_seat_only(working, proctor, server, stage):
    other = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    other.sign_in()
    proctor(LOCK)
    assert other.call("GET", "/sitting").status_code == 200


def test_a_gate_remembers_a_later_epoch_whether_locked_or_not(working):
    with transaction() as db:
        sitting = db.get_one(Sitting, 1)
        sitting.epoch = 3
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        window = exam.open_gate(answers, db, 1, 1)
        exam.mirror(answers, 1, -2, window)
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.get_one(Gate, 1).epoch == 3
