"""Who may sit: NIP and PIN, one device, the session's hours, and how often somebody may try."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assessment_app.exam.models import Attempt, Sitting, TimeEntry
from assessment_app.exam.rules import SEALED_WITHIN_MS
from assessment_app.platform import rate
from assessment_app.platform.db import transaction
from assessment_app.scheduling.models import ExamSession
from tests import factories
from tests.assessment_app.exam.browser import API, browser_of, document, slug
from workers import sweeps

pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
NOBODY = "200001012020011001"


def test_signing_in_gives_a_token_and_where_the_participant_stands(browser, stage):
    said = browser.sign_in()
    assert said.status_code == 200
    assert [part["state"] for part in said.json["sitting"]["attempts"]] == ["waiting"] * 4
    assert said.json["sitting"]["participant"]["nip"] == stage.nips[0]
    assert said.json["sitting"]["participant"]["timezone"] == "Asia/Jakarta"


def test_every_attempt_begins_with_one_entry_of_time(browser):
    browser.sign_in()
    with transaction(reads_only=True) as db:
        assert db.scalar(select(func.count()).select_from(Attempt)) == 4
        assert set(db.scalars(select(TimeEntry.kind))) == {"base"}


def test_signing_in_twice_from_one_device_keeps_the_sitting(browser):
    browser.sign_in()
    token = browser.token
    browser.sign_in()
    assert browser.token == token


def test_a_nip_may_be_typed_with_spaces(browser, stage):
    nip = stage.nips[0]
    assert browser.sign_in(nip=f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}").status_code == 200


def test_a_pin_may_be_typed_in_small_letters(browser, stage):
    assert browser.sign_in(pin=stage.pin.lower()).status_code == 200


def test_a_wrong_pin_and_an_unknown_nip_are_told_alike(browser, stage):
    wrong, unknown = browser.sign_in(pin="AAAAAA"), browser.sign_in(nip=NOBODY, pin="AAAAAA")
    assert (wrong.status_code, slug(wrong), wrong.json) == (401, "wrong-nip-or-pin", unknown.json)


def test_who_is_not_booked_in_the_session_of_the_pin_is_told_so(browser):
    said = browser.sign_in(nip=NOBODY)
    assert (said.status_code, slug(said)) == (403, "not-booked")


def test_another_device_is_sent_away(browser, server):
    browser.sign_in()
    said = browser_of(server, browser.nip, browser.pin, device="computer-2").sign_in()
    assert (said.status_code, slug(said)) == (409, "sitting-elsewhere")


def test_who_finished_everything_gets_to_the_receipt_from_any_device(browser, server):
    browser.walk()
    other = browser_of(server, browser.nip, browser.pin, device="computer-2")
    assert other.sign_in().status_code == 200
    assert other.sitting["state"] == "done"
    receipt = other.call("GET", "/receipt")
    assert receipt.data == browser.call("GET", "/receipt").data
    with transaction(reads_only=True) as db:
        sitting = db.scalars(select(Sitting)).one()
        assert (sitting.device, sitting.epoch) == ("computer-1", 1), "it still belongs to the first"


def test_another_device_that_came_for_the_receipt_changes_no_sheet(browser, server):
    browser.walk()
    receipt = browser.call("GET", "/receipt").data
    other = browser_of(server, browser.nip, browser.pin, device="computer-2")
    other.sign_in()
    assert slug(other.start()) == "closed"
    content = other.call("GET", other.sitting["attempts"][0]["content"].removeprefix(API))
    kept = other.save([(10_000, document(content)["items"][0]["id"], None)])
    assert "aside" in document(kept)["notices"]
    assert other.finish(1, 10_000).status_code == 200
    assert browser.call("GET", "/receipt").data == receipt


def test_before_the_last_part_is_finished_another_device_is_sent_away(browser, server):
    browser.sign_in()
    browser.agree()
    for n in (1, 2, 3):
        browser.start(n)
        browser.finish(n)
    assert slug(browser_of(server, browser.nip, browser.pin, device="computer-2").sign_in()) == "sitting-elsewhere"


def last_part_begun(browser, moved_clock) -> int:
    """Finish all parts but the last, begin that one, and let its time run out; gives its grace in milliseconds."""
    browser.sign_in()
    browser.agree()
    for n in (1, 2, 3):
        browser.start(n)
        browser.finish(n)
    browser.start(4)
    moved_clock.forward(milliseconds=browser.sitting["attempts"][3]["time_limit_ms"] + 1)
    return 120_000


def test_after_all_time_another_device_is_told_to_wait_for_the_seal_and_then_gets_the_receipt(
    browser, server, moved_clock
):
    grace = last_part_begun(browser, moved_clock)
    other = browser_of(server, browser.nip, browser.pin, device="computer-2")
    in_grace = other.sign_in()
    assert (in_grace.status_code, slug(in_grace)) == (425, "too-early")
    assert document(in_grace)["retry_after_ms"] == grace - 1 + SEALED_WITHIN_MS
    assert "sedang disegel" in document(in_grace)["title"]
    moved_clock.forward(milliseconds=grace)
    assert document(other.sign_in())["retry_after_ms"] == SEALED_WITHIN_MS
    sweeps.close_overdue(moved_clock.now())
    assert other.sign_in().status_code == 200
    assert other.call("GET", "/receipt").status_code == 200


def test_while_another_part_is_left_the_end_of_one_part_lets_no_other_device_in(browser, server, moved_clock):
    browser.sign_in()
    browser.agree()
    browser.start(1)
    moved_clock.forward(milliseconds=browser.sitting["attempts"][0]["time_limit_ms"] + 1)
    assert slug(browser_of(server, browser.nip, browser.pin, device="computer-2").sign_in()) == "sitting-elsewhere"


def test_time_that_a_proctor_adds_after_the_end_keeps_another_device_out(browser, server, moved_clock):
    last_part_begun(browser, moved_clock)
    with transaction() as db:
        attempt_id = db.scalars(select(Attempt.attempt_id).where(Attempt.n == 4)).one()
        db.add(
            TimeEntry(
                attempt_id=attempt_id, kind="proctor", ms=600_000, by="account:x", reason="x", at=moved_clock.now()
            )
        )
    assert slug(browser_of(server, browser.nip, browser.pin, device="computer-2").sign_in()) == "sitting-elsewhere"


def test_before_the_door_opens_it_is_told_how_long_to_wait(browser, moved_clock):
    moved_clock.forward(minutes=-61)
    said = browser.sign_in()
    assert (said.status_code, slug(said), said.json["retry_after_ms"]) == (425, "too-early", 60_000)


def test_after_the_session_nobody_signs_in(browser, moved_clock):
    moved_clock.forward(hours=3, milliseconds=1)
    assert slug(browser.sign_in()) == "closed"


def test_both_ends_of_the_session_belong_to_it(browser, moved_clock):
    moved_clock.forward(minutes=-60)
    assert browser.sign_in().status_code == 200
    moved_clock.forward(hours=4)
    assert browser.sign_in().status_code == 200


def test_a_new_round_makes_the_old_pin_wrong(browser, stage):
    with transaction() as db:
        db.get_one(ExamSession, stage.session_id).pin_round += 1
    assert browser.sign_in().status_code == 401


def test_a_nip_is_limited_however_it_is_typed(browser, stage):
    nip = stage.nips[0]
    tries = [browser.sign_in(nip=nip[:turn] + "." + nip[turn:], device=f"computer-{turn}") for turn in range(11)]
    assert [said.status_code for said in tries] == [200] + [409] * 9 + [429]
    assert tries[-1].headers["Retry-After"] == "60"


def test_a_device_is_limited_whatever_nip_it_names(browser):
    tries = [browser.sign_in(nip=f"{NOBODY[:-2]}{turn:02}", pin="AAAAAA") for turn in range(11)]
    assert [said.status_code for said in tries] == [401] * 10 + [429]


@pytest.mark.parametrize(
    "other",
    [{"device": "short"}, {"device": "computer\x001"}, {"device": "x" * 81}, {"nip": "1" * 41}, {"pin": "A" * 21}],
)
def test_what_cannot_be_read_is_refused_before_anything_is_looked_up(browser, other):
    assert slug(browser.sign_in(**other)) == "invalid"


def test_a_flood_is_refused_unread(browser):
    said = browser.call("POST", "/sign-in", data=b" " * 70_000)
    assert (said.status_code, slug(said)) == (413, "too-large")


def test_without_redis_tries_are_counted_all_the_same(server, stage, monkeypatch):
    """A broker that is away must keep nobody from signing in."""
    monkeypatch.setattr(
        rate, "settings", lambda: type("Away", (), {"redis_url": "redis+socket:///nowhere?virtual_host=1"})
    )
    said = [browser_of(server, stage.nips[0], stage.pin).sign_in().status_code for _ in range(11)]
    assert said == [200] * 10 + [429]


def test_redis_counts_for_all_servers(installation, redis_url, monkeypatch):
    monkeypatch.setattr(rate, "settings", lambda: type("There", (), {"redis_url": redis_url}))
    assert [rate.allows("2/minute", "nip:1") for _ in range(3)] == [True, True, False]
    rate._limiter.cache_clear()  # as if another process asked
    assert not rate.allows("2/minute", "nip:1")


def test_a_sitting_that_was_released_belongs_to_the_next_device(browser, server):
    browser.sign_in()
    with transaction() as db:
        sitting = db.scalars(select(Sitting)).one()
        sitting.epoch, sitting.device = 2, ""
    other = browser_of(server, browser.nip, browser.pin, device="computer-2")
    assert other.sign_in().status_code == 200
    assert other.sitting["epoch"] == 2
    assert slug(browser.call("GET", "/sitting")) == "sitting-elsewhere"


def test_two_people_have_two_sittings(server, stage):
    tokens = set()
    for number, nip in enumerate(stage.nips):
        browser = browser_of(server, nip, stage.pin, device=f"computer-{number}")
        browser.sign_in()
        tokens.add(browser.token)
    assert len(tokens) == 3


def test_a_session_of_tomorrow_is_not_open_today(server, installation, moved_clock):
    later = factories.stage(factories.NOW + timedelta(days=1))
    assert browser_of(server, later.nips[0], later.pin).sign_in().status_code == 425


def test_a_lab_that_signs_in_and_starts_asks_the_stores_no_more_for_more_parts(browser, statements):
    browser.sign_in()
    assert sum("INSERT INTO attempt" in one for one in statements) == 1, "four parts, one statement"
    assert sum("INSERT INTO time_entry" in one for one in statements) == 1
    browser.agree()
    statements.clear()
    assert browser.start().status_code == 200
    assert sum("FROM time_entry" in one or "JOIN time_entry" in one for one in statements) == 1
    asked = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert len(asked) == 5, "held, read, opened, noted, and the gate: a whole lab starts at once"
