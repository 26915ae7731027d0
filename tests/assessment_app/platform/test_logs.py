"""A line of the log is JSON, says which request it belongs to, and holds no secret, whoever put it in."""

from __future__ import annotations

import json
import logging
import re
import sys
from errno import ENOSPC
from io import StringIO

import pytest
import structlog

from assessment_app.platform import logs
from tests.assessment_app.platform.apps import furnished

NIP = "198503172010011987"


@pytest.fixture
def lines(monkeypatch):
    """Log as a process does, into memory; everything is as before afterwards."""
    written, root = StringIO(), logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", written)
    logs.install("info", "exam")
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:], level = before
    root.setLevel(level)


def test_a_line_says_when_from_where_and_how_grave(lines):
    structlog.get_logger("x").warning("it_rains", mm=3)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "it_rains", "level": "warning", "process": "exam", "mm": 3}


class Full(StringIO):
    """A file on a disk without room."""

    def write(self, text: str) -> int:
        """Refuse, as the system does."""
        raise OSError(ENOSPC, "No space left on device")


def test_a_disk_without_room_for_a_line_fails_nobody(lines, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Full())
    logs.install("info", "exam")
    structlog.get_logger("x").warning("it_rains")


def test_what_is_below_the_level_is_not_written(lines):
    structlog.get_logger("x").debug("detail")
    assert lines() == []


@pytest.mark.parametrize(
    "name",
    ["password", "pin", "session_pin", "token", "access_token", "NIP", "totp_secret", "responses", "Cookie"],
)
@pytest.mark.parametrize("value", ["abc", ["abc"], {"a": "abc"}, 123])
def test_what_has_a_secrets_name_is_hidden(lines, name, value):
    structlog.get_logger("x").info("event", **{name: value}, deep={"list": [{name: value}]})
    (line,) = lines()
    assert line[name] == "[hidden]"
    assert line["deep"] == {"list": [{name: "[hidden]"}]}


@pytest.mark.parametrize("value", [NIP, int(NIP), f"for {NIP}.", "19850317 201001 1 987", [NIP], {"a": {NIP}}])
def test_a_nip_is_hidden_wherever_it_stands(lines, value):
    structlog.get_logger("x").info("event", value=value)
    assert "[nip]" in json.dumps(lines())
    assert "1985" not in json.dumps(lines())


def test_a_nip_in_the_words_of_an_exception_is_hidden(lines):
    try:
        raise ValueError(f"no such person: {NIP}")
    except ValueError:
        structlog.get_logger("x").exception("broken")
    assert "no such person: [nip]" in lines()[0]["exception"]


def test_the_row_that_postgresql_refuses_is_hidden(lines):
    try:
        raise ValueError("violates check\nDETAIL:  Failing row contains (7, the answer is C).\nHINT: none")
    except ValueError:
        structlog.get_logger("x").exception("broken")
    assert "answer is C" not in lines()[0]["exception"]
    assert "HINT: none" in lines()[0]["exception"]


def test_what_a_library_logs_is_a_line_like_ours(lines):
    try:
        raise ValueError(NIP)
    except ValueError:
        logging.getLogger("celery").exception("for %s", NIP)
    (line,) = lines()
    assert (line["event"], line["process"]) == ("for [nip]", "exam")
    assert "ValueError: [nip]" in line["exception"]


def test_a_line_break_does_not_make_a_second_line(lines):
    structlog.get_logger("x").info("event", value='a\n{"event": "forged"}')
    assert len(lines()) == 1


def test_lines_of_a_request_are_joined_by_its_id(on_sqlite, lines):
    answer = furnished(on_sqlite).test_client().get("/broken")
    broken, request = lines()
    assert (broken["event"], request["event"]) == ("request_broken", "request")
    assert {broken["request_id"], request["request_id"]} == {answer.headers["X-Request-Id"]}
    assert (request["method"], request["path"], request["status"]) == ("GET", "/broken", 500)


def test_a_line_outside_of_a_request_has_none(on_sqlite, lines):
    furnished(on_sqlite).test_client().get("/token")
    structlog.get_logger("x").info("after")
    assert "request_id" not in lines()[-1]


def test_the_query_of_an_address_is_not_written(on_sqlite, lines):
    furnished(on_sqlite).test_client().get("/token?tautan=geheim")
    assert "geheim" not in json.dumps(lines())


def test_an_id_that_a_proxy_gave_is_kept(browser):
    assert browser.get("/token", headers={"X-Request-Id": "abc-123_DEF"}).headers["X-Request-Id"] == "abc-123_DEF"


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space 123", "a\x0bb1234567", "<script>alert(1)</script>"])
def test_an_id_that_could_be_something_else_is_replaced(browser, given):
    assert re.fullmatch(r"[0-9a-f]{16}", browser.get("/token", headers={"X-Request-Id": given}).headers["X-Request-Id"])
