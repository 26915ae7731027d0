"""A refusal reaches a program as a problem document and a person as a page; a fault of ours tells nothing."""

from __future__ import annotations

import pytest

from tests.assessment_app.platform.apps import SECRET


def test_a_program_gets_a_problem_document(browser):
    answer = browser.get("/api/closed")
    assert answer.mimetype == "application/problem+json"
    assert answer.status_code == 409
    assert answer.get_json(force=True) == {
        "type": "urn:pro-asn:problem:closed", "title": "Bagian ini sudah ditutup.", "status": 409,
        "detail": "Bagian ini sudah ditutup.", "attempt": 3,
    }  # fmt: skip


def test_a_program_is_also_known_by_what_it_accepts(browser):
    assert browser.get("/closed", headers={"Accept": "application/json"}).mimetype == "application/problem+json"


def test_a_person_gets_a_page_with_the_reason(browser):
    answer = browser.get("/invalid")
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert "Kolom NIP kosong." in answer.text


def test_a_person_is_told_the_number_of_the_request(browser):
    answer = browser.get("/broken")
    assert answer.headers["X-Request-Id"] in answer.text


@pytest.mark.parametrize("path", ["/busy", "/api/busy"])
def test_who_may_come_back_is_told_when(browser, path):
    answer = browser.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_a_fault_of_ours_tells_nothing_about_itself(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text


@pytest.mark.parametrize("fault", ["away", "full"])
def test_a_store_that_does_not_answer_is_503(browser, fault):
    answer = browser.get(f"/api/{fault}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "refused" not in answer.text


def test_a_wrong_method_is_told_which_are_right(browser):
    answer = browser.put("/token", headers={"X-CSRF-Token": browser.get("/token").text})
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(("path", "status"), [("/folder", 200), ("//token", 404), ("/token/", 200)])
def test_an_untidy_address_leads_to_no_host_that_the_asker_named(browser, path, status):
    answer = browser.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == status
    assert "Location" not in answer.headers
