"""Saving answers through HTTP, on both stores: what is promised, what stands, and for whom."""

from __future__ import annotations

from sqlalchemy import select

from assessment_app.exam.models import AnswerEvent, Gate, Sitting, SittingEvent
from assessment_app.platform.db import ANSWERS, transaction
from tests.assessment_app.exam.browser import browser_of, first, slug


def answers_of(browser, n=1):
    return browser.start(n).json["answers"]


def focus_kept():
    with transaction(reads_only=True) as db:
        return db.scalars(select(SittingEvent.note).where(SittingEvent.kind == "focus")).all()


def test_a_save_is_acknowledged_and_found_again(working, item):
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, said.json["acked_seq"], said.json["rejected"], said.json["notices"]) == (200, 1, [], [])
    assert answers_of(working) == {item["id"]: first(item)}


def test_the_same_batch_twice_is_acknowledged_again_and_changes_nothing(working, item):
    batch = [(1, item["id"], first(item)), (2, item["id"], None)]
    assert working.save(batch).json == working.save(batch).json
    assert answers_of(working) == {}


def test_the_highest_seq_wins_in_whatever_order_changes_arrive(working, item):
    newer, older = (item["options"][0]["id"], item["options"][1]["id"])
    working.save([(5, item["id"], newer)])
    working.save([(4, item["id"], older)])
    assert answers_of(working) == {item["id"]: newer}


def test_what_does_not_fit_is_rejected_by_item_and_the_rest_is_stored(working, items):
    said = working.save([(1, items[0]["id"], "no-such-option"), (2, items[1]["id"], first(items[1]))])
    assert said.json["rejected"] == [{"seq": 1, "item": items[0]["id"], "reason": "unknown-option"}]
    assert answers_of(working) == {items[1]["id"]: first(items[1])}


def test_a_rejected_change_keeps_its_seq(working, item):
    assert working.save([(1, item["id"], "no-such-option")]).json["acked_seq"] == 1
    assert working.finish(last_seq=1).status_code == 200


def test_an_unknown_item_is_rejected_even_when_it_is_cleared(working):
    said = working.save([(1, "\x00", None)])
    assert [one["reason"] for one in said.json["rejected"]] == ["unknown-item"]
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.scalars(select(AnswerEvent.item)).all() == [""]


def test_a_seq_that_is_used_for_another_change_is_not_promised(working, items):
    working.save([(1, items[0]["id"], first(items[0]))])
    said = working.save([(1, items[1]["id"], first(items[1]))])
    assert said.json["rejected"] == [{"seq": 1, "item": items[1]["id"], "reason": "seq-taken"}]
    assert answers_of(working) == {items[0]["id"]: first(items[0])}


def test_an_older_epoch_writes_nothing(working, item):
    with transaction(ANSWERS) as answers:
        answers.get_one(Gate, 1).epoch = 2
    said = working.save([(1, item["id"], first(item))])
    assert (said.status_code, slug(said)) == (409, "sitting-elsewhere")
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.scalars(select(AnswerEvent)).all() == []


def test_500_changes_are_saved_together(working, item):
    batch = [(seq, item["id"], first(item)) for seq in range(1, 501)]
    assert working.save(batch).json["acked_seq"] == 500


def test_a_gate_that_a_crash_left_out_is_made_by_the_first_save(working, item):
    with transaction(ANSWERS) as answers:
        answers.delete(answers.get_one(Gate, 1))
    assert working.save([(1, item["id"], first(item))]).json["acked_seq"] == 1


def test_a_gate_that_lags_behind_a_release_follows_the_new_device(working, item, server):
    with transaction() as db:
        sitting = db.get_one(Sitting, 1)
        sitting.epoch, sitting.device = 2, ""
    other = browser_of(server, working.nip, working.pin, device="computer-2")
    other.sign_in()
    assert other.save([(1, item["id"], first(item))], epoch=2).status_code == 200
    assert working.save([(2, item["id"], None)]).status_code == 409


def test_both_stores_tell_what_was_made_in_time_from_what_was_not(working, item, moved_clock):
    limit = working.sitting["attempts"][0]["time_limit_ms"]
    for arrives, made in ((0, limit + 9), (limit + 9, limit), (limit + 9, limit + 1), (limit + 200_000, 0)):
        moved_clock.forward(milliseconds=arrives)
        change = {"seq": arrives + made + 1, "item": item["id"], "response": first(item), "at_ms": made}
        assert working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": [change]}).status_code == 200
        moved_clock.forward(milliseconds=-arrives)
    with transaction(ANSWERS, reads_only=True) as answers:
        kept = answers.execute(select(AnswerEvent.seq, AnswerEvent.standing).order_by(AnswerEvent.seq)).all()
    assert [standing for _seq, standing in kept] == [0, 2, 1, 2]


def test_a_lost_focus_is_kept_and_no_beat_without_one(working):
    for lost in (0, 2, 0, 3):
        working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1, "focus_lost": lost})
    assert focus_kept() == ["2", "3"]


def test_a_page_that_beats_too_fast_fills_no_table(working):
    for _beat in range(20):
        said = working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1, "focus_lost": 1})
        assert said.status_code == 200
    assert len(focus_kept()) == 4


def test_a_device_that_lost_the_sitting_adds_nothing_to_its_events(working):
    assert working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 2, "focus_lost": 1}).status_code == 409
    assert focus_kept() == []


def test_a_heartbeat_answers_as_a_save_does(working, item):
    working.save([(3, item["id"], first(item))])
    said = working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1, "focus_lost": 2}).json
    assert (said["acked_seq"], said["remaining_ms"] > 0, said["notices"]) == (3, True, [])
