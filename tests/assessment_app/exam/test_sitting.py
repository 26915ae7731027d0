"""From consent to receipt, on both stores: what comes before what, and what is sealed."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import delete, select, update

from assessment_app.exam import actions
from assessment_app.exam.messages import stamp
from assessment_app.exam.models import Attempt, Consent, Gate, Sheet, Sitting
from assessment_app.exam.rules import receipt_code
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.queue import Job
from tests.assessment_app.exam.browser import browser_of, first, slug


def sheets() -> list[Sheet]:
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Sheet).order_by(Sheet.attempt_id)))


def test_a_sitting_from_first_to_last(browser):
    browser.walk()
    said = browser.call("GET", "/sitting").json
    assert (said["state"], {part["state"] for part in said["attempts"]}) == ("done", {"sealed"})
    receipt = browser.call("GET", "/receipt").json
    assert receipt["receipt_code"] == receipt_code([sheet.sha256 for sheet in sheets()])
    assert [one["answered"] for one in receipt["sheets"]] == [one["of"] for one in receipt["sheets"]]


def test_a_receipt_tells_the_moment_of_the_last_seal_however_late_it_is_looked_at(browser, moved_clock):
    browser.walk()
    sealed = stamp(moved_clock.now())
    moved_clock.forward(minutes=4)
    browser.sign_in()
    assert browser.call("GET", "/receipt").json["sealed_at"] == sealed


def test_without_consent_nothing_starts(browser):
    browser.sign_in()
    said = browser.start()
    assert (said.status_code, slug(said)) == (409, "consent-missing")


def test_consent_is_kept_with_its_version_and_time(browser, moved_clock):
    browser.sign_in()
    assert browser.agree().status_code == browser.agree().status_code == 204
    with transaction(reads_only=True) as db:
        kept = db.scalars(select(Consent)).one()
        assert (kept.version, kept.accepted, kept.at) == ("2026-1", True, moved_clock.now())


def test_who_refused_the_pact_may_still_accept_it_and_both_answers_stay(browser):
    browser.sign_in()
    for accepted in (False, True):
        said = browser.call("POST", "/consent", {"version": "2026-1", "accepted": accepted})
        assert said.status_code == 204
    assert browser.start(1).status_code == 200
    with transaction(reads_only=True) as db:
        assert sorted(kept.accepted for kept in db.scalars(select(Consent))) == [False, True]


def test_consent_to_another_version_is_refused(browser):
    browser.sign_in()
    said = browser.call("POST", "/consent", {"version": "1999-1", "accepted": True})
    assert (said.status_code, slug(said)) == (409, "conflict")


def test_part_2_does_not_start_while_part_1_is_open(working):
    said = working.start(2)
    assert (said.status_code, slug(said)) == (409, "conflict")


def test_part_2_starts_when_part_1_is_finished(working):
    working.finish()
    assert working.start(2).status_code == 200


def test_finish_is_refused_while_something_is_unsaved(working, item):
    working.save([(1, item["id"], first(item))])
    said = working.finish(last_seq=2)
    assert (said.status_code, slug(said), said.json["acked_seq"]) == (409, "unsaved", 1)


def test_finish_with_nothing_answered_seals_an_empty_sheet(working):
    assert working.finish().status_code == 200
    assert [(sheet.answered, json.loads(sheet.body)["answers"]) for sheet in sheets()] == [(0, {})]


def test_finish_twice_seals_once(working, item):
    working.save([(1, item["id"], first(item))])
    assert working.finish(last_seq=1).json == working.finish(last_seq=1).json
    assert len(sheets()) == 1


def test_a_sheet_holds_what_was_acknowledged_and_names_its_own_bytes(working, items):
    said = {item["id"]: first(item) for item in items}
    working.save([(seq, item, answer) for seq, (item, answer) in enumerate(said.items(), 1)])
    working.finish(last_seq=len(said))
    (sheet,) = sheets()
    assert json.loads(sheet.body)["answers"] == said
    assert sheet.sha256 == hashlib.sha256(sheet.body).hexdigest()


def test_a_sheet_tells_how_it_was_answered_and_what_time_there_was(working, item):
    working.save([(1, item["id"], first(item))])
    working.finish(last_seq=1)
    (sheet,) = sheets()
    body = json.loads(sheet.body)
    how = body["how"]
    assert body["schema"] == "proasn/sheet/2"
    assert list(how["spent_ms"]) == [item["id"]]
    assert (how["late"], how["aside"], how["recovered"], list(how["time_ms"])) == (0, 0, 0, ["base"])


def test_a_sealed_sheet_asks_for_its_scoring_in_the_same_commit(working):
    working.finish()
    with transaction(reads_only=True) as db:
        assert db.execute(select(Job.task, Job.subject, Job.done)).all() == [("score_attempt", "1", None)]


def test_a_part_that_nobody_started_cannot_be_finished(working):
    assert slug(working.finish(2)) == "conflict"
    assert sheets() == []


def test_a_finish_that_crashed_half_way_is_finished_by_the_next(working, item):
    working.save([(1, item["id"], first(item))])
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.close_gate(answers, db, 1, 1)
    assert working.finish(last_seq=1).status_code == 200
    assert [sheet.answered for sheet in sheets()] == [1]


def test_closing_makes_the_gate_that_a_crash_left_out(working, item):
    """Else a save that comes before the sealing would open a gate of its own and be acknowledged for nothing."""
    with transaction(ANSWERS) as answers:
        answers.execute(delete(Gate))
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.close_gate(answers, db, 1, 1)
    said = working.save([(1, item["id"], first(item))])
    assert said.json["notices"] == ["aside"]


def test_there_is_no_receipt_before_the_last_part_is_sealed(working):
    working.finish()
    assert slug(working.call("GET", "/receipt")) == "conflict"


def test_the_device_that_lost_the_sitting_can_do_nothing(browser):
    browser.sign_in()
    with transaction() as db:
        db.execute(update(Sitting).values(epoch=2))
    tries = browser.call("GET", "/sitting"), browser.agree(), browser.start(), browser.finish()
    assert [slug(said) for said in tries] == ["sitting-elsewhere"] * 4
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Consent)).all() == []
        assert db.scalars(select(Attempt).where(Attempt.opened.is_not(None))).all() == []


def test_who_signs_in_after_a_release_that_died_half_way_shuts_the_old_device_out(working, server, stage, item):
    """Else the old device's saves raise what the new one is told is kept, and it forgets answers that it never sent."""
    with transaction() as db:
        db.execute(update(Sitting).values(epoch=2, device=""))  # released, and the gates were never told
    moved = browser_of(server, stage.nips[0], stage.pin, device="computer-2")
    moved.sign_in()
    assert slug(working.save([(9, item["id"], first(item))])) == "sitting-elsewhere"
    beat = moved.call("POST", "/heartbeat", {"attempt": 1, "epoch": 2})
    assert json.loads(beat.data)["acked_seq"] == moved.sitting["acked_seq"] == 0


def test_nobody_finishes_for_somebody_else(working, server, stage):
    other = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    other.sign_in()
    assert slug(other.finish()) == "conflict"
    assert sheets() == []


def test_a_part_that_does_not_exist_cannot_be_started(working):
    assert slug(working.start(9)) == "not-found"


def test_every_call_but_signing_in_needs_a_token(browser):
    browser.token = "7.1." + "0" * 32
    calls = [("GET", "/sitting"), ("GET", "/receipt"), ("POST", "/consent"), ("POST", "/attempts/1/start"),
             ("POST", "/attempts/1/finish")]  # fmt: skip
    assert [slug(browser.call(*call)) for call in calls] == ["not-signed-in"] * 5
