"""What a hostile or broken client can send: refused as the protocol says, and nothing in the log that wakes anybody.

What reaches a store runs on both of them; what is refused before runs on one.
"""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from sqlalchemy import select

from assessment_app.exam import rules
from assessment_app.exam.models import AnswerEvent, Sheet
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.security import secret
from tests.assessment_app.exam.browser import browser_of, first, slug

before_the_store = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)

EPOCH = 1
BODIES = ("/answers", "/heartbeat", "/sign-in", "/consent", "/attempts/1/finish")


@pytest.fixture(autouse=True)
def log(caplog):
    """What is logged: one note a request at most, no warning, no trace."""
    with structlog.testing.capture_logs() as lines:
        yield lines
    assert {(line["event"], line["log_level"]) for line in lines} <= {("request", "info")}
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.fixture
def other(server, stage):
    """Somebody else, at work too."""
    found = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    found.sign_in()
    found.agree()
    found.start()
    return found


def kept() -> list[tuple[int, int, str]]:
    with transaction(ANSWERS, reads_only=True) as answers:
        wanted = select(AnswerEvent.sitting_id, AnswerEvent.seq, AnswerEvent.response)
        return sorted((sitting, seq, said) for sitting, seq, said in answers.execute(wanted))


def unlike(expected, sent, answer):
    """List what of all that is sent is not answered with the problem that is expected."""
    return [one for one in sent if slug(answer(one)) != expected]


def change(item, seq=1, **other):
    return {"seq": seq, "item": item["id"], "response": first(item)} | other


def batch(*changes, **other):
    return {"attempt": 1, "epoch": EPOCH, "changes": list(changes)} | other


# Who asks


@before_the_store
def test_no_byte_of_a_token_can_be_changed(working, item):
    genuine = working.token
    for place, letter in enumerate(genuine):
        for forged in ("0" if letter != "0" else "1", "~", ""):
            working.token = genuine[:place] + forged + genuine[place + 1 :]
            assert working.save([(1, item["id"], first(item))]).status_code == 401, working.token
        for unsendable in ("\x00", "\u0663", "\ud800"):
            assert rules.read_token(genuine[:place] + unsendable + genuine[place + 1 :], secret("exam-token")) is None
    assert kept() == []


@before_the_store
def test_what_is_no_token_opens_nothing(working):
    calls = [("GET", "/sitting"), ("POST", "/answers"), ("GET", "/content/x"), ("GET", "/receipt")]
    forged = rules.make_token(1, EPOCH, b"another secret of somebody")
    for token in (forged, "", ".", "..", "1", "1.1", "1.1.", "-1.1." + "0" * 32, "1" * 5000, "null", "1.1.0.0"):
        working.token = token
        assert unlike("not-signed-in", calls, lambda call: working.call(*call)) == [], token


def test_a_token_of_a_sitting_that_does_not_exist_opens_nothing(working, item):
    working.token = rules.make_token(2**40, EPOCH, secret("exam-token"))
    assert working.call("GET", "/sitting").status_code == 401
    assert working.save([(1, item["id"], first(item))]).status_code == 404


def test_nobody_writes_to_or_reads_somebody_elses_sitting(working, other, item):
    other.save([(1, item["id"], first(item))])
    working.save([(1, item["id"], None)])
    assert working.start().json["answers"] == {}
    assert other.start().json["answers"] == {item["id"]: first(item)}
    working.finish(last_seq=1)
    assert other.call("GET", "/sitting").json["attempts"][0]["state"] == "open"


@before_the_store
def test_another_epoch_than_the_tokens_is_refused_and_what_is_none_is_invalid(working, item):
    def save(epoch):
        return working.call("POST", "/answers", batch(change(item), epoch=epoch))

    def beat(epoch):
        return working.call("POST", "/heartbeat", {"attempt": 1, "epoch": epoch})

    for answer in (save, beat):
        assert unlike("sitting-elsewhere", [2, 2**31 - 1], answer) == []
        assert unlike("invalid", [0, -1, 2**31, 2**63, 10**400, 1.5, "1", None, True, [1]], answer) == []


# How much


def test_501_changes_are_refused_whole(working, item):
    assert slug(working.save([(seq, item["id"], None) for seq in range(1, 502)])) == "invalid"
    assert kept() == []


def test_64_kilobytes_are_read_and_one_more_are_not(working, item):
    for more, status in ((0, 200), (1, 413)):
        body = json.dumps(batch(change(item))).encode()
        body += b" " * (64 * 1024 + more - len(body))
        assert working.call("POST", "/answers", data=body).status_code == status


@before_the_store
def test_every_call_has_the_same_limit(working):
    big = b" " * (64 * 1024 + 1)
    assert unlike("too-large", BODIES, lambda path: working.call("POST", path, data=big)) == []


def test_a_huge_response_is_rejected_by_item(working, item):
    huge = [["p"] * 2_000, "x" * 50_000, {str(key): key for key in range(3_000)}, 10**300]
    for seq, response in enumerate(huge, 1):
        said = working.call("POST", "/answers", batch(change(item, seq, response=response)))
        assert [one["seq"] for one in said.json["rejected"]] == [seq]


# What


@before_the_store
@pytest.mark.parametrize("path", BODIES)
def test_what_is_no_message_is_invalid_however_deep(working, path):
    bodies = [
        b"", b"\xff\xfe", b'{"nip":"\xed\xa0\x80"}', b"NaN", b"1", b'"x"', b"{}", b"[]", b"\x00", b"[" * 30_000,
        b'{"a":' * 10_000, b'{"response":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    ]  # fmt: skip
    assert unlike("invalid", bodies, lambda body: working.call("POST", path, data=body)) == []


def test_a_response_of_the_wrong_kind_is_rejected_by_item_and_the_rest_is_stored(working, items):
    wrong = [
        True, 1, 1.5, -1, [], {}, [[]], "", "no-such-option", ["p"], {"most": "p"}, {"most": "p", "least": "p"},
        {"most": None, "least": []}, {"most": "p", "least": "q", "key": "p"}, "p\x00", "\x00",
    ]  # fmt: skip
    changes = [change(items[0], seq, response=response) for seq, response in enumerate(wrong, 1)]
    said = working.call("POST", "/answers", batch(*changes, change(items[1], 100)))
    assert (said.status_code, said.json["acked_seq"]) == (200, 100)
    assert [one["seq"] for one in said.json["rejected"]] == list(range(1, len(wrong) + 1))
    assert working.start().json["answers"] == {items[1]["id"]: first(items[1])}


def test_an_unknown_item_is_rejected_by_item(working):
    unknown = ["no-such-item", "\x00", "a\x00b", "' OR 1=1 --", "\u0663", "../../etc", "{{7*7}}"]
    said = working.save([(seq, item, "p") for seq, item in enumerate(unknown, 1)])
    assert [(one["item"], one["reason"]) for one in said.json["rejected"]] == [(one, "unknown-item") for one in unknown]


@before_the_store
def test_half_a_surrogate_pair_is_no_json_and_stores_nothing(working, item):
    for text in (r'"\ud800"', r'"\udc00"', r'["\ud800"]', r'{"most":"\ud83d","least":"p"}'):
        body = json.dumps(batch(change(item, response="HERE"))).replace('"HERE"', text)
        assert slug(working.call("POST", "/answers", data=body.encode())) == "invalid"
    assert kept() == []


def test_a_null_character_fails_neither_the_batch_nor_the_saves_of_others(working, other, items):
    """PostgreSQL's jsonb refuses U+0000, and all saves of a moment travel in one jsonb."""
    said = working.save([(1, items[0]["id"], "\x00"), (2, "\x00", "\x00"), (3, items[1]["id"], first(items[1]))])
    assert [one["seq"] for one in said.json["rejected"]] == [1, 2]
    assert other.save([(1, items[0]["id"], first(items[0]))]).json["acked_seq"] == 1
    assert [(sitting, seq) for sitting, seq, _said in kept()] == [(1, 1), (1, 2), (1, 3), (2, 1)]


@before_the_store
def test_a_member_out_of_its_limits_is_invalid(working, item):
    of_a_change = [
        ("seq", 0), ("seq", -1), ("seq", 2**40 + 1), ("seq", 2**64), ("seq", 10**400), ("seq", "1"), ("seq", None),
        ("at_ms", -1), ("at_ms", 86_400_001), ("at_ms", 4_102_444_800_000), ("at_ms", "now"), ("at_ms", 1e308),
        ("spent_ms", -1), ("spent_ms", 2**63), ("item", ""), ("item", "x" * 61), ("item", 1), ("item", None),
    ]  # fmt: skip
    of_the_batch: list[tuple[str, object]] = [("attempt", n) for n in (0, 101, -1, 2**63, 10**400, "1", None, 1.5)] + [
        ("changes", {})
    ]
    sent = [batch(change(item) | {name: value}) for name, value in of_a_change]
    sent += [batch(change(item)) | {name: value} for name, value in of_the_batch]
    assert unlike("invalid", sent, lambda body: working.call("POST", "/answers", body)) == []
    assert kept() == []


@before_the_store
def test_a_focus_that_was_lost_without_measure_is_invalid(working):
    def beat(lost):
        return working.call("POST", "/heartbeat", {"attempt": 1, "epoch": EPOCH, "focus_lost": lost})

    assert unlike("invalid", [-1, 100_001, 2**63, "2", None, 0.5], beat) == []


# When


def test_a_replay_of_everything_changes_nothing_and_is_acknowledged(working, items):
    sent = [batch(change(one, seq)) for seq, one in enumerate(items[:3], 1)]
    once = [working.call("POST", "/answers", one).json["acked_seq"] for one in sent]
    before = kept()
    again = [working.call("POST", "/answers", one).json["acked_seq"] for one in reversed(sent)]
    assert (kept(), sorted(again)) == (before, once)


def test_a_seq_that_goes_back_cannot_undo_what_is_newer(working, item):
    newest, older = [option["id"] for option in item["options"]][:2]
    working.save([(100, item["id"], newest)])
    assert working.save([(7, item["id"], older)]).status_code == 200
    assert working.start().json["answers"] == {item["id"]: newest}


def test_one_seq_twice_in_a_batch_stores_one_and_promises_no_other(working, item):
    one, two = [option["id"] for option in item["options"]][:2]
    said = working.save([(1, item["id"], one), (1, item["id"], two)])
    assert {entry["reason"] for entry in said.json["rejected"]} == {"seq-taken"}
    assert len(kept()) == 1


def test_a_closed_attempt_takes_nothing_that_counts_and_its_sheet_stays(working, item):
    working.save([(1, item["id"], first(item))])
    working.finish(last_seq=1)
    said = working.save([(2, item["id"], None)])
    assert (said.json["acked_seq"], said.json["notices"]) == (2, ["aside"])
    assert working.finish(last_seq=2).status_code == 200
    assert slug(working.start()) == "closed"
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Sheet.answered)).all() == [1]


def test_a_clock_that_is_a_day_ahead_moves_no_deadline_and_loses_nothing(working, item):
    before = working.call("POST", "/heartbeat", {"attempt": 1, "epoch": EPOCH}).json["remaining_ms"]
    said = working.call("POST", "/answers", batch(change(item, at_ms=86_400_000, spent_ms=86_400_000)))
    assert (said.json["remaining_ms"], said.json["notices"]) == (before, [])
    assert working.start().json["answers"] == {item["id"]: first(item)}


# Where


@before_the_store
@pytest.mark.parametrize("act", ["start", "finish"])
def test_an_attempt_that_cannot_be_is_not_found(working, act):
    for n in ("0", "-1", "101", str(2**63), "9" * 5_000, "1.0", "%ff", "1%2f..", "x", "%2e%2e"):
        said = working.call("POST", f"/attempts/{n}/{act}", {"last_seq": 0})
        assert (said.status_code, slug(said)) == (404, "not-found"), n


@before_the_store
def test_content_that_is_not_ones_own_does_not_exist(working):
    forms = ("x", "0" * 64, "%00", "%ff%fe", "..%2f..%2fexam.db", "f" * 5_000, "%F0%9F%92%A3")
    assert unlike("not-found", forms, lambda form: working.call("GET", f"/content/{form}")) == []


def test_nobody_gets_in_by_trying(browser):
    tries = [browser.sign_in(pin=f"{number:06}") for number in range(11)]
    assert [said.status_code for said in tries] == [401] * 10 + [429]
    assert tries[-1].headers["Retry-After"] == "60"
    assert browser.sign_in().status_code == 429


def test_a_nip_that_is_none_belongs_to_nobody(browser):
    for place, nip in enumerate(["", "' OR ''='", "\u0661\u0662\u0663", "\x00", "-1", "9" * 40]):
        assert slug(browser.sign_in(nip=nip, device=f"computer-{place}")) == "not-booked"
        assert slug(browser.sign_in(nip=nip, device=f"computer-{place}", pin="\x00")) == "wrong-nip-or-pin"


@before_the_store
def test_a_device_without_a_name_that_can_be_kept_is_invalid(browser):
    names = [
        "short",
        "with a space",
        "x" * 81,
        "tab\tin-it-here",
        "nul\x00nul-nul",
        "a-new-line-at-the-end\n",
        "\u00e9migr\u00e9e-1",
    ]
    assert unlike("invalid", names, lambda device: browser.sign_in(device=device)) == []
