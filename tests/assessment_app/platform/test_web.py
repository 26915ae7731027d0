"""Static files: of the slices that a server is made of, and nothing else from the disk."""

from __future__ import annotations

import gzip

import pytest
from flask import url_for


def test_a_file_of_its_own_slice_is_served(browser):
    assert browser.get("/static/exam/exam.css", buffered=True).mimetype == "text/css"


def test_a_file_that_did_not_change_is_not_sent_again(browser):
    etag = browser.get("/static/platform/tokens.css", buffered=True).headers["ETag"]
    again = browser.get("/static/platform/tokens.css", headers={"If-None-Match": etag}, buffered=True)
    assert again.status_code == 304


def test_a_file_is_compressed_for_who_can_read_that_and_only_then(browser):
    plain = browser.get("/static/platform/base.css")
    small = browser.get("/static/platform/base.css", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


def test_an_address_that_names_its_content_is_kept_for_good_and_one_of_other_content_is_not(browser):
    with browser.application.test_request_context():
        named = url_for("static_of", slice="platform", name="tokens.css")
    assert "immutable" in browser.get(named).headers["Cache-Control"]
    assert browser.get(named[:-1] + "_").headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/platform/office.js").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/talent/talent.css", "/static/accounts/password_strength.js", "/static/commands/demo/pegawai.csv",
        "/static/platform/../settings.py", "/static/platform/%2e%2e/settings.py", "/static/platform/..%2fsettings.py",
        "/static/platform/..%5csettings.py", "/static/platform//etc/passwd", "/static/platform/%2fetc%2fpasswd",
        "/static/../platform/settings.py", "/static/%2e%2e/platform/settings.py", "/static/platform/",
        "/static/platform", "/static/exam/screens", "/static/platform/" + "a" * 3000, "/static/platform/~root",
    ],
)  # fmt: skip
def test_nothing_else_is(browser, path):
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_a_nul_in_a_path_is_refused(browser):
    assert browser.get("/static/platform/tokens.css%00.html").status_code == 400


def test_a_nul_in_a_form_is_refused_before_a_store_can_stumble(browser):
    token = browser.get("/token").text
    assert browser.post("/send", data={"_csrf": token, "said": "a\0b"}).status_code == 400


def test_a_plain_form_beyond_a_megabyte_is_refused_before_it_is_read(browser):
    token = browser.get("/token").text
    said = browser.post(
        "/send", data=f"_csrf={token}&" + "a&" * 600_000, content_type="application/x-www-form-urlencoded"
    )
    assert said.status_code == 413
