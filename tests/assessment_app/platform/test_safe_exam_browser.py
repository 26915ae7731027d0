"""Safe Exam Browser's file and keys, against values that others published."""

from __future__ import annotations

import hashlib
import plistlib
from typing import Any

import pytest

from assessment_app.platform import safe_exam_browser as seb

# Settings whose Config Key another system computes too: Moodle, whose keys the browser accepts (its tests of
# quizaccess_seb, quiz_settings_test.php, name the three hashes and the settings behind them).
PUBLISHED: dict[str, Any] = {
    "showTaskBar": True, "allowWlan": False, "showReloadButton": True, "showTime": False, "showInputLanguage": True,
    "allowQuit": True, "quitURLConfirm": True, "audioControlEnabled": True, "audioMute": False,
    "allowSpellCheck": False, "browserWindowAllowReload": True, "URLFilterEnable": True,
    "hashedQuitPassword": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "URLFilterRules": [{"action": 1, "active": True, "expression": "test.com", "regex": False}],
    "startURL": "https://www.example.com/moodle/mod/quiz/view.php?id=1", "sendBrowserExamKey": True,
    "examSessionClearCookiesOnStart": False, "allowPreferencesWindow": False,
}  # fmt: skip
VECTORS: list[tuple[dict[str, Any], str]] = [
    (
        {"URLFilterEnableContentFilter": False, "browserWindowWebView": 3},
        "65ff7a3b8aec80e58fbe2e7968826c33cbf0ac444a748055ebe665829cbf4201",
    ),
    (
        {"URLFilterEnableContentFilter": True, "browserWindowWebView": 3},
        "d975b8a2ec4472495a8be7c64d7c8cc960dbb62472d5e88a8847ac0e5d77e533",
    ),
    (
        {"URLFilterEnableContentFilter": False},
        "b35510bd754f9d106ff88b9d2dc1bb297cddc9fc7b4bdde2dbda4e7d9e4b50d8",
    ),
]
KEY = VECTORS[0][1]
URL = "https://ujian.example.go.id/"


@pytest.mark.parametrize(("more", "key"), VECTORS)
def test_the_config_key_is_the_one_that_others_publish(more, key):
    assert seb.config_key(PUBLISHED | more) == key


def test_who_wrote_the_file_does_not_change_the_key():
    assert seb.config_key({**PUBLISHED, "originatorVersion": "SEB_Win_3.7"}) == seb.config_key(PUBLISHED)


def test_an_empty_dictionary_is_left_out_and_an_empty_list_is_not():
    assert seb.config_key({"a": 1, "b": {}}) == seb.config_key({"a": 1})
    assert seb.config_key({"a": 1, "b": []}) != seb.config_key({"a": 1})


@pytest.mark.parametrize(
    ("settings", "written"),
    [
        ({"b": 1, "A": 2, "aB": 3, "aa": True}, '{"A":2,"aa":true,"aB":3,"b":1}'),
        ({"x": "ws:\\localhost", "y": "a/b"}, '{"x":"ws:\\localhost","y":"a/b"}'),
        ({"list": [{"Z": "é", "a": 0}]}, '{"list":[{"a":0,"Z":"é"}]}'),
    ],
)
def test_settings_are_written_sorted_unspaced_and_unescaped(settings, written):
    assert seb.config_key(settings) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize("value", [1.5, None, b"salt"])
def test_a_value_of_another_kind_has_no_key_instead_of_a_wrong_one(value):
    with pytest.raises(TypeError, match="no setting"):
        seb.config_key({"zoom": value})


def test_the_file_holds_exactly_the_settings_that_the_key_is_of():
    settings = seb.exam_settings("https://ujian.example.go.id", "KELUAR")
    read = plistlib.loads(seb.file_of(settings, "ProASN"))
    assert read.pop("originatorVersion") == "ProASN"
    assert read == settings
    assert seb.config_key(read) == seb.config_key(settings)


def test_an_exam_opens_the_servers_pages_and_no_others():
    settings: dict[str, Any] = seb.exam_settings("http://10.0.0.5:8080", "KELUAR")
    assert settings["startURL"] == "http://10.0.0.5:8080/"
    rules = [(rule["expression"], rule["action"]) for rule in settings["URLFilterRules"]]
    assert rules == [("10.0.0.5:8080/*", 1)]
    assert settings["hashedQuitPassword"] == hashlib.sha256(b"KELUAR").hexdigest()


def test_answers_that_are_still_on_the_computer_outlive_the_browser():
    settings = seb.exam_settings(URL, "KELUAR")
    for name in ("removeBrowserProfile", "removeLocalStorage", "examSessionClearCookiesOnEnd"):
        assert settings[name] is False


@pytest.mark.parametrize(
    ("proof", "holds"),
    [
        (seb.Proof(URL, hashlib.sha256((URL + KEY).encode()).hexdigest()), True),
        (seb.Proof(URL, hashlib.sha256((URL + KEY).encode()).hexdigest().upper()), True),
        (seb.Proof(URL + "#atas", hashlib.sha256((URL + KEY).encode()).hexdigest()), True),
        (seb.Proof(URL + "sitting", hashlib.sha256((URL + KEY).encode()).hexdigest()), False),
        (seb.Proof(URL, KEY), False),
        (seb.Proof(URL, ""), False),
        (seb.Proof(URL, "é" * 64), False),
    ],
)
def test_a_proof_holds_for_its_own_address_and_key(proof, holds):
    assert proof.holds(KEY, ()) is holds


def test_where_exam_keys_are_named_one_of_them_has_to_be_shown_too():
    config, exam = seb.url_hash(URL, KEY), seb.url_hash(URL, "b" * 64)
    assert seb.Proof(URL, config, exam).holds(KEY, ["a" * 64, "b" * 64])
    assert not seb.Proof(URL, config, exam).holds(KEY, ["a" * 64])
    assert not seb.Proof(URL, config).holds(KEY, ["a" * 64])
    assert not seb.Proof(URL, "", exam).holds(KEY, ["b" * 64])


def test_a_link_opens_the_file_by_the_scheme_of_its_transport():
    assert seb.link("http://10.0.0.5:8080/a.seb") == "seb://10.0.0.5:8080/a.seb"
    assert seb.link("https://ujian.example.go.id/a.seb") == "sebs://ujian.example.go.id/a.seb"
