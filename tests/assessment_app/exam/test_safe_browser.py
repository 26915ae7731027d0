"""Safe Exam Browser at the exam server: who proves it comes in, who does not is told how, nobody else is bothered."""

from __future__ import annotations

import plistlib

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import Sitting, SittingEvent
from assessment_app.platform import safe_exam_browser as seb
from assessment_app.platform import settings as platform_settings
from assessment_app.platform.db import transaction
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling.messages import BrowserRule
from tests import factories
from tests.assessment_app.exam.browser import browser_of, document, slug

pytestmark = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
EXAM_KEY = "b" * 64


@pytest.fixture
def address(installation):
    return installation.exam_address


def rule(stage, address, policy="required", *exam_keys):
    """Say how the wave stands to Safe Exam Browser; gives its Config Key."""
    with transaction() as db:
        by = Officer(stage.agency_id, "account:planner")
        return scheduling.set_browser(
            db, by, stage.wave_id, BrowserRule(policy, exam_keys), address, b"s" * 32, factories.NOW
        ).config_key


def sign_in(browser, headers=None, shown=None):
    body = {"nip": browser.nip, "pin": browser.pin, "device": browser.device}
    if shown is not None:
        body["browser"] = shown
    return browser.client.post("/api/exam/v1/sign-in", json=body, headers=headers or {})


def headers(address, key, exam_key=""):
    url = f"{address}/api/exam/v1/sign-in"
    sent = {"X-SafeExamBrowser-ConfigKeyHash": seb.url_hash(url, key)}
    return sent | ({"X-SafeExamBrowser-RequestHash": seb.url_hash(url, exam_key)} if exam_key else {})


def note():
    with transaction(reads_only=True) as db:
        return db.scalars(select(SittingEvent.note)).one()


def test_another_browser_is_refused_before_it_owns_anything(browser, stage, address):
    rule(stage, address)
    said = sign_in(browser)
    assert (said.status_code, slug(said)) == (403, "safe-exam-browser")
    assert document(said)["page"] == f"/peramban/{stage.wave_id}"
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Sitting)).all() == []


def test_the_headers_of_a_request_prove_it(browser, stage, address):
    key = rule(stage, address)
    assert sign_in(browser, headers(address, key)).status_code == 200
    assert note() == "safe-exam-browser"


def test_what_the_page_was_told_by_script_proves_it(browser, stage, address):
    """The modern engine of macOS and iOS sends no header."""
    key = rule(stage, address)
    assert sign_in(browser, shown={"config_key": seb.url_hash(f"{address}/", key)}).status_code == 200


@pytest.mark.parametrize(
    "shown",
    [
        {"config_key": "f" * 64}, {"config_key": ""}, {}, {"exam_key": "f" * 64}, {"config_key": "\u00e9" * 64},
    ],
)  # fmt: skip
def test_other_settings_prove_nothing(browser, stage, address, shown):
    rule(stage, address)
    assert slug(sign_in(browser, {"X-SafeExamBrowser-ConfigKeyHash": "f" * 64}, shown)) == "safe-exam-browser"


def test_a_hash_for_another_address_proves_nothing(browser, stage, address):
    key = rule(stage, address)
    said = sign_in(browser, {"X-SafeExamBrowser-ConfigKeyHash": seb.url_hash(f"{address}/", key)})
    assert slug(said) == "safe-exam-browser"
    assert slug(sign_in(browser, headers("http://elsewhere:8080", key))) == "safe-exam-browser"


def test_where_exam_keys_are_entered_the_program_has_to_prove_itself_too(browser, stage, address):
    key = rule(stage, address, "required", "a" * 64, EXAM_KEY)
    assert slug(sign_in(browser, headers(address, key))) == "safe-exam-browser"
    assert slug(sign_in(browser, headers(address, key, "c" * 64))) == "safe-exam-browser"
    assert sign_in(browser, headers(address, key, EXAM_KEY)).status_code == 200


def test_behind_a_proxy_the_address_that_counts_is_the_one_the_browser_knows(browser, stage, installation, monkeypatch):
    public = "https://ujian.example.go.id"
    known = platform_settings.Settings(data_dir=installation.data_dir, exam_public_url=public + "/")
    monkeypatch.setattr(platform_settings, "_in_use", [known])
    key = rule(stage, public)
    spoofed = {"Host": "elsewhere", "X-Forwarded-Host": "elsewhere", "X-Forwarded-Proto": "http"}
    assert sign_in(browser, headers(public, key) | spoofed).status_code == 200
    assert seb.link(f"{public}/peramban/{stage.wave_id}/asesmen.seb") in browser.client.get(
        f"/peramban/{stage.wave_id}"
    ).get_data(as_text=True)


def test_where_it_is_optional_everybody_comes_in_and_it_is_written_down_who_used_it(browser, server, stage, address):
    key = rule(stage, address, "optional")
    assert sign_in(browser).status_code == 200
    other = browser_of(server, stage.nips[1], stage.pin, device="computer-2")
    assert sign_in(other, headers(address, key)).status_code == 200
    with transaction(reads_only=True) as db:
        assert sorted(db.scalars(select(SittingEvent.note))) == ["", "safe-exam-browser"]


@pytest.mark.parametrize("policy", ["off", None])
def test_a_wave_without_it_asks_for_nothing(browser, stage, address, policy):
    if policy:
        rule(stage, address, policy)
    assert sign_in(browser).status_code == 200
    page = browser.client.get("/").get_data(as_text=True)
    assert "Safe Exam Browser" not in page
    for path in (f"/peramban/{stage.wave_id}", f"/peramban/{stage.wave_id}/asesmen.seb"):
        assert browser.client.get(path).status_code == 404


def test_the_sign_in_page_says_it_to_other_browsers_alone(browser, stage, address):
    key = rule(stage, address)
    sent = {"X-SafeExamBrowser-ConfigKeyHash": seb.url_hash(f"{address}/", key)}
    assert "hanya dapat dikerjakan di Safe Exam Browser" in browser.client.get("/").get_data(as_text=True)
    assert "Safe Exam Browser" not in browser.client.get("/", headers=sent).get_data(as_text=True)


def test_the_page_opens_and_gives_the_file_that_the_key_is_of(browser, stage, address):
    key = rule(stage, address)
    page = browser.client.get(f"/peramban/{stage.wave_id}").get_data(as_text=True)
    assert f"seb://{address.removeprefix('http://')}/peramban/{stage.wave_id}/asesmen.seb" in page
    given = browser.client.get(f"/peramban/{stage.wave_id}/asesmen.seb")
    assert given.mimetype == "application/seb"
    assert seb.config_key(plistlib.loads(given.data)) == key


def test_a_wrong_pin_learns_nothing_about_the_wave(browser, stage, address):
    rule(stage, address)
    browser.pin = "AAAAAA"
    assert slug(sign_in(browser)) == "wrong-nip-or-pin"


def test_a_saved_answer_asks_for_no_proof(working, item, stage, address):
    """The token was given to a browser that had proven itself; the hot path stays as it is."""
    rule(stage, address)
    assert working.save([(1, item["id"], None)]).status_code == 200
