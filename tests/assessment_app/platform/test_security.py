"""Headers, CSRF and secrets: what every server of the house does the same way."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from assessment_app.platform import security, settings
from assessment_app.platform.security import make_secrets, open_secret, seal_secret, secret
from assessment_app.platform.settings import Settings, SettingsError
from tests.assessment_app.platform.apps import furnished

ANSWERS = ["/token", "/nowhere", "/invalid", "/api/broken", "/away", "/static/exam/exam.css", "/static/exam/none"]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_every_header(browser, path):
    answer = browser.get(path, buffered=True)
    assert {name: answer.headers.get(name) for name in security.HEADERS} == security.HEADERS
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
    assert "Strict-Transport-Security" not in answer.headers


def test_behind_tls_the_browser_is_told_to_stay_there(on_sqlite):
    secure = replace(on_sqlite, secure_cookies=True)
    settings.use(secure)
    answer = furnished(secure).test_client().get("/token")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "; Secure;" in answer.headers["Set-Cookie"]


def test_the_cookie_is_for_this_server_and_no_script(browser):
    cookie = browser.get("/token").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in security.POLICY
    assert "http" not in security.POLICY
    assert security.POLICY.startswith("default-src 'none'")


def test_a_form_with_the_token_of_its_session_is_taken(browser):
    token = browser.get("/token").text
    assert browser.post("/send", data={"_csrf": token, "said": "yes"}).text == "yes"
    assert browser.post("/send", headers={"X-CSRF-Token": token}).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é", None])
@pytest.mark.parametrize("has_session", [True, False])
def test_a_form_with_another_token_or_none_is_refused(browser, token, has_session):
    if has_session:
        browser.get("/token")
    answer = browser.post("/send", data={} if token is None else {"_csrf": token})
    assert answer.status_code == 400
    assert "terlalu lama terbuka" in answer.text


def test_the_token_of_another_session_is_refused(app, browser):
    browser.get("/token")
    stranger = app.test_client().get("/token").text
    assert browser.post("/send", data={"_csrf": stranger}).status_code == 400


def test_a_token_in_the_address_is_refused(browser):
    token = browser.get("/token").text
    assert browser.post(f"/send?_csrf={token}").status_code == 400


def test_a_session_that_was_signed_by_another_server_is_nobodys(app, browser):
    token = browser.get("/token").text
    value = browser.get_cookie("test").value
    app.secret_key = secret("session-cookie:another")
    forged = app.test_client()
    forged.set_cookie("test", value)
    assert forged.post("/send", data={"_csrf": token}).status_code == 400


@pytest.mark.parametrize("path", ["/send/../api/exam/v1/save", "/API/exam/v1/save", "//api/exam/v1/save", "/api/exams"])
def test_only_the_exams_own_protocol_goes_without_a_token(browser, path):
    assert browser.post("/api/exam/v1/save").text == "saved"
    assert browser.post(path).status_code == 400


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    make_secrets(tmp_path / "s")
    first = (tmp_path / "s" / "master.key").read_bytes()
    make_secrets(tmp_path / "s")
    assert (tmp_path / "s" / "master.key").read_bytes() == first
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["master.key"]
    assert (tmp_path / "s" / "master.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o700


RACE = """
import sys, time
from pathlib import Path
from assessment_app.platform.security import make_secrets
print("ready", flush=True)
sys.stdin.read()
make_secrets(Path(sys.argv[1]))
print((Path(sys.argv[1]) / "master.key").read_bytes().hex())
"""


def test_processes_that_make_it_at_once_have_one_secret(tmp_path):
    command = [sys.executable, "-c", RACE, str(tmp_path / "s")]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.close()
        racer.stdin = None
    said = [racer.communicate(timeout=20) for racer in racers]
    assert [errors for _, errors in said] == ["", "", ""]
    assert len({key for key, _ in said}) == 1


def test_who_comes_second_keeps_the_secret_of_the_first(tmp_path):
    security.write_once(tmp_path / "master.key", b"first")
    security.write_once(tmp_path / "master.key", b"second")
    assert (tmp_path / "master.key").read_bytes() == b"first"


def test_a_folder_that_takes_no_secret_is_named():
    with pytest.raises(SettingsError, match=r"/proc/none .*PRO_ASN_SECRETS_DIR"):
        make_secrets(Path("/proc/none"))


@pytest.mark.parametrize("found", [None, b"", b"31 bytes are one too few, sorry"])
def test_a_secret_that_is_missing_or_damaged_is_named(tmp_path, found):
    settings.use(Settings(data_dir=tmp_path))
    (tmp_path / "secrets").mkdir()
    if found is not None:
        (tmp_path / "secrets" / "master.key").write_bytes(found)
    with pytest.raises(SettingsError, match=r"master\.key"):
        secret("session-pin")


def test_each_purpose_has_a_secret_of_its_own(on_sqlite):
    assert len({secret(purpose) for purpose in ("session-pin", "exam-token", "at-rest", "totp")}) == 4


def test_what_was_sealed_is_read_back(on_sqlite):
    assert open_secret(seal_secret(b"plain", "totp"), "totp") == b"plain"


@pytest.mark.parametrize("place", [0, 10, 40, -1])
def test_what_was_sealed_and_changed_is_refused(on_sqlite, place):
    sealed = bytearray(seal_secret(b"plain"))
    sealed[place] ^= 1
    with pytest.raises(InvalidToken):
        open_secret(bytes(sealed))


def test_what_was_sealed_for_one_purpose_is_refused_for_another(on_sqlite):
    with pytest.raises(InvalidToken):
        open_secret(seal_secret(b"plain", "totp"), "kept-form")
