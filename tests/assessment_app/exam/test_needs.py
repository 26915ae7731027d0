"""What a participant is told of what they were granted, before they start."""

from __future__ import annotations

from assessment_app.accommodations import actions as accommodations
from assessment_app.accommodations.messages import Wanted
from assessment_app.accounts.rules import Officer
from assessment_app.platform.db import transaction
from assessment_app.scheduling.rules import Needs
from tests import factories
from tests.assessment_app.exam.browser import document


def grant(stage, needs):
    """Grant something to whoever sits on every seat: the first NIP is not always on the first."""
    with transaction() as db:
        for seat in (1, 2, 3):
            wanted = Wanted(needs, "Surat 12/2026")
            by = Officer(stage.agency_id, "account:planner")
            accommodations.grant(db, by, stage.session_id, seat, wanted, factories.NOW)


def test_nothing_granted_is_told_as_nothing(browser):
    browser.sign_in()
    assert browser.sitting["needs"] == {
        "extra_ms": 0, "large_text": False, "breaks": 0, "break_ms": 0, "reader": ""
    }  # fmt: skip
    assert {part["extra_ms"] for part in browser.sitting["attempts"]} == {0}


def test_what_was_granted_is_told_with_its_time_and_without_its_reason(browser, stage):
    grant(stage, Needs(factor=130, large_text=True, breaks=2, break_minutes=10, reader="Ani Pembaca"))
    browser.sign_in()
    told, parts = browser.sitting["needs"], browser.sitting["attempts"]
    assert told == {
        "extra_ms": sum(part["extra_ms"] for part in parts), "large_text": True, "breaks": 2, "break_ms": 600_000,
        "reader": "Ani Pembaca",
    }  # fmt: skip
    for part in parts:
        base = part["time_limit_ms"] - part["extra_ms"]
        assert part["extra_ms"] == -(-base * 30 // 6_000_000) * 60_000 > 0
    assert b"Surat" not in b"".join(browser.heard)


def test_the_time_that_starts_is_the_time_that_was_told(browser, stage):
    grant(stage, Needs(factor=150))
    browser.sign_in()
    browser.agree()
    assert document(browser.start())["remaining_ms"] == browser.sitting["attempts"][0]["time_limit_ms"]
