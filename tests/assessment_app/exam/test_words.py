"""A participant calls for a proctor, and reads what a proctor wrote: by the protocol, on both stores."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import exc, select
from structlog.testing import capture_logs

from assessment_app.accounts.rules import Officer
from assessment_app.exam.hot_path import words as hot_words
from assessment_app.exam.hot_path.words import Newest
from assessment_app.exam.models import SittingEvent
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import Seated, pausing, talk
from assessment_app.proctoring.messages import Lock, Message, Pause, Release, Resume
from tests.assessment_app.exam.browser import browser_of, document, first, slug
from tests.loops import on_a_loop


@pytest.fixture
def proctor(stage, moved_clock):
    """What a proctor says to the first participant, or to the room."""
    by = Officer(stage.agency_id, "account:proctor")

    class Proctor:
        def writes(self, text, seat=1):
            with transaction() as db:
                talk.write(db, by, Seated(stage.session_id, seat), Message(text), moved_clock.now())

        def announces(self, text):
            with transaction() as db:
                return talk.announce(db, by, stage.session_id, Message(text), moved_clock.now())

        def releases(self):
            with transaction() as db:
                actions.release(db, by, Seated(stage.session_id, 1), Release(1, "Rusak"), moved_clock.now())

        def holds(self):
            with transaction() as db:
                pausing.pause(db, by, Seated(stage.session_id, 1), Pause("Alarm", 10**9), moved_clock.now())

        def goes_on(self):
            with transaction() as db:
                pausing.resume(db, by, Seated(stage.session_id, 1), Resume(10**9), moved_clock.now())

        def locks(self, locked):
            with transaction() as db:
                actions.lock(db, by, Seated(stage.session_id, 1), Lock(locked, "Diminta"), moved_clock.now())

        def attends(self, seat=1):
            with transaction() as db:
                talk.attend(db, by, Seated(stage.session_id, seat), moved_clock.now())

    return Proctor()


def call(browser, reason="Layar", *, wanted=True):
    return browser.call("POST", "/assistance", {"wanted": wanted, "reason": reason})


def messages(browser):
    return document(browser.call("GET", "/messages"))


def kinds():
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SittingEvent.kind).order_by(SittingEvent.event_id)))


def test_a_call_is_open_until_it_is_taken_back_and_told_once(working, moved_clock):
    assert messages(working) == {"newest": 0, "call": None, "words": []}
    said = document(call(working, " Layar: silau "))
    assert said["call"] == {"since": "2026-11-23T01:00:00.000Z", "reason": "Layar: silau"}
    moved_clock.forward(minutes=1)
    assert document(call(working, "Layar: silau")) == said == messages(working)  # a double click
    assert document(call(working, "Keluar"))["call"] == {"since": "2026-11-23T01:01:00.000Z", "reason": "Keluar"}
    assert document(call(working, wanted=False))["call"] is None
    assert document(call(working, wanted=False))["newest"] > said["newest"]
    assert [kind for kind in kinds() if kind.startswith("help")] == ["help", "help", "helped"]


def test_a_call_that_a_proctor_answered_is_open_no_more(working, proctor):
    call(working)
    proctor.attends()
    proctor.attends()
    assert messages(working)["call"] is None
    assert kinds().count("helped") == 1


def test_what_a_proctor_wrote_is_shown_in_order_until_it_was_read(working, proctor):
    proctor.writes("Satu")
    proctor.announces("Dua")
    told = messages(working)["words"]
    assert [(word["text"], word["to_all"], word["read"]) for word in told] == [
        ("Satu", False, False),
        ("Dua", True, False),
    ]
    first_one, second = (word["number"] for word in told)
    for number in (first_one, first_one, 1):
        assert working.call("POST", "/messages/read", {"number": number}).status_code == 204
    assert [word["read"] for word in messages(working)["words"]] == [True, False]
    assert working.call("POST", "/messages/read", {"number": second + 500}).status_code == 204
    assert [word["read"] for word in messages(working)["words"]] == [True, True]
    assert kinds().count("read") == 2


def test_every_save_and_heartbeat_numbers_what_is_new_and_so_does_a_reload(server, working, item, proctor):
    before = document(working.save([(1, item["id"], first(item))]))["newest_message"]
    proctor.writes("Tetap duduk")
    for _look in range(2):  # the first has it read, the second surely tells it
        server.newest._due_s = 0.0
        said = document(working.save([(2, item["id"], None)]))["newest_message"]
    number = messages(working)["newest"]
    beat = document(working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1, "focus_lost": 0}))
    assert (before, said, beat["newest_message"]) == (0, number, number)
    assert document(working.call("GET", "/sitting"))["newest_message"] == number


def test_the_newest_are_read_every_few_seconds_for_all_and_not_for_each_save(working, item, statements):
    for seq in range(1, 6):
        working.save([(seq, item["id"], None)])
    read = [line for line in statements if "sitting_event" in line and "GROUP BY" in line]
    assert len(read) == len(set(read)) == 2  # what is new, and who is held


def test_who_asks_but_twice_a_minute_hears_of_a_word_with_the_next_question(server, working, proctor):
    for ask in (
        lambda: working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1}),
        lambda: working.call("GET", "/messages/newest"),
    ):
        proctor.writes(f"Kata {len(kinds())}")
        server.newest = Newest()  # a process that nobody has asked for long, or has just begun
        assert document(ask())["newest_message"] == messages(working)["newest"]


def test_what_nobody_asks_for_is_read_on_while_somebody_is_there_and_no_longer(working, proctor, monkeypatch):
    monkeypatch.setattr(hot_words, "EVERY_S", 0.02)
    reads = []

    class Counted(Newest):
        def _read(self):
            reads.append(clock.ticks())
            super()._read()

    newest = Counted()

    async def a_lone_page():
        before = newest.of(1)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(proctor.writes, "Tetap duduk")
        await asyncio.sleep(0.3)
        heard = newest.of(1)  # the first question after the word
        monkeypatch.setattr(hot_words, "ASKED_WITHIN_S", 0.0)
        await asyncio.sleep(0.1)
        told = len(reads)
        await asyncio.sleep(0.1)
        return before, heard, told, len(reads)

    before, heard, told, later = on_a_loop(a_lone_page())
    assert (before, heard) == (0, messages(working)["newest"])
    assert told == later > 3


def test_a_store_that_hangs_holds_up_a_heartbeat_for_a_moment_and_is_not_asked_again_meanwhile(working, monkeypatch):
    monkeypatch.setattr(hot_words, "EVERY_S", 0.01)
    monkeypatch.setattr(hot_words, "PATIENCE_S", 0.05)
    reads = []

    class Hanging(Newest):
        def _read(self):
            reads.append(clock.ticks())
            time.sleep(1.0)

    newest = Hanging()

    async def ask():
        asked = clock.ticks()
        answers = [await newest.lately(1) for _again in range(3)]
        return answers, clock.ticks() - asked

    answers, took_s = on_a_loop(ask())
    assert (answers, len(reads)) == ([0, 0, 0], 1)
    assert took_s < 0.9


def test_the_cheap_question_reads_no_store_for_each_and_is_asked_with_a_token_only(server, working, statements):
    for _page in range(5):
        assert document(working.call("GET", "/messages/newest")) == {"newest_message": 0, "held": ""}
    assert len([line for line in statements if line.startswith("SELECT")]) <= 2
    assert working.call("HEAD", "/messages/newest").status_code == 405
    working.token = "1.1.forged"
    assert slug(working.call("GET", "/messages/newest")) == "not-signed-in"


def test_what_a_proctor_says_reaches_a_seat_that_is_held_and_its_call_can_be_taken_back(working, proctor):
    call(working)
    proctor.holds()
    proctor.writes("Tetap duduk; waktu Anda berhenti")
    (word,) = messages(working)["words"]
    assert document(working.call("GET", "/messages/newest"))["newest_message"] <= word["number"]
    assert working.call("POST", "/messages/read", {"number": word["number"]}).status_code == 204
    assert messages(working)["words"][0]["read"]
    assert slug(call(working, "Lagi")) == "paused"
    assert document(call(working, wanted=False))["call"] is None


def test_the_cheap_question_says_how_a_sitting_is_held_as_a_refusal_does(server, stage, working, proctor):
    def told():
        server.newest._due_s, server.newest._read_s = 0.0, float("-inf")
        return document(working.call("GET", "/messages/newest"))["held"]

    for act, is_held in (
        (proctor.holds, "paused"), (lambda: proctor.locks(True), "locked"), (proctor.goes_on, "locked"),
        (lambda: proctor.locks(False), ""),
    ):  # fmt: skip
        act()
        assert told() == is_held == (slug(working.call("GET", "/sitting")) if is_held else "")
    other = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    other.sign_in()
    proctor.holds()
    assert (told(), document(other.call("GET", "/messages/newest"))["held"]) == ("paused", "")


def test_a_transaction_that_took_its_number_early_and_committed_late_is_not_passed_over(working, proctor, moved_clock):
    newest = Newest()
    proctor.writes("Satu")
    newest._read()
    with transaction() as db:
        later = SittingEvent(sitting_id=1, at=moved_clock.now(), kind="focus", note="1", event_id=9000)
        db.add(later)
    newest._read()
    with transaction() as db:
        db.add(SittingEvent(sitting_id=1, at=moved_clock.now(), kind="word", note="Dua", event_id=8000))
    newest._read()
    assert newest._numbers == {1: 8000}


def test_a_store_that_is_away_holds_up_no_answer(server, working, item, monkeypatch):
    def away(*_store, **_how):
        raise exc.OperationalError("", None, Exception())

    server.newest._due_s = 0.0
    monkeypatch.setattr(hot_words, "transaction", away)
    with capture_logs() as logs:
        assert working.save([(1, item["id"], first(item))]).status_code == 200
    assert [line["event"] for line in logs] == ["messages_not_read"]


def test_nobody_reads_what_was_written_to_another_seat(server, stage, working, proctor):
    other = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    other.sign_in()
    proctor.writes("Untuk kursi 1", seat=1)
    proctor.announces("Untuk semua")
    assert [word["text"] for word in messages(other)["words"]] == ["Untuk semua"]
    mine = messages(working)["words"][0]["number"]
    other.call("POST", "/messages/read", {"number": mine})
    assert [word["read"] for word in messages(working)["words"]] == [False, False]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"wanted": "ya"}, {"wanted": True, "reason": "x" * 101}, {"wanted": True, "reason": "a\nb"},
        {"wanted": True, "reason": "a\u0000"}, {"wanted": True, "reason": 5}, [],
    ],
)  # fmt: skip
def test_a_call_that_is_none_is_refused_and_nothing_is_written(working, body):
    assert slug(working.call("POST", "/assistance", body)) == "invalid"
    assert "help" not in kinds()


@pytest.mark.parametrize("number", [0, -1, 2**53 + 1, "7", None, 1.5])
def test_a_number_that_is_none_is_refused(working, number):
    assert slug(working.call("POST", "/messages/read", {"number": number})) == "invalid"
    assert "read" not in kinds()


def test_whoever_calls_all_the_time_is_asked_to_wait(working):
    answered = [call(working, f"Ke-{n}").status_code for n in range(8)]
    assert answered == [200] * 6 + [429] * 2
    assert kinds().count("help") == 6


def test_an_older_device_neither_calls_nor_reads(server, stage, working, proctor):
    call(working)
    proctor.releases()
    newer = browser_of(server, stage.nips[0], stage.pin, device="computer-2")
    newer.sign_in()
    assert messages(newer)["call"] is not None
    old = [call(working), working.call("GET", "/messages"), working.call("POST", "/messages/read", {"number": 1})]
    assert {slug(said) for said in old} == {"sitting-elsewhere"}
