"""What stands between the network and Flask: whole requests, whoever dawdles."""

from __future__ import annotations

import http.client
import json
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.assessment_app.platform.behind_gateway import MOST_BYTES, MOST_INSIDE
from tests.journeys.platform import free_ports, plain_environment, started, wait_until

STALLED = 200


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server behind the gateway."""
    (chosen,) = free_ports(1)
    command = [sys.executable, "-m", "tests.assessment_app.platform.behind_gateway", str(chosen)]
    with started(plain_environment(), command, tmp_path_factory.mktemp("gateway") / "log"):
        wait_until("the server to listen", 20, lambda: listens(chosen))
        yield chosen


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **given):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, headers or {}, **given)
    answer = connection.getresponse()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]  # for the test
    connection.close()
    return answer


def inside(port: int) -> int:
    """Ask how many requests are inside Flask, without going there."""
    return int(ask(port, "GET", "/hot", headers={"X-Word": "inside"}).text)


def raw(port: int, request: bytes) -> socket.socket:
    sent = socket.create_connection(("127.0.0.1", port), timeout=20)
    sent.sendall(request)
    return sent


def test_a_request_reaches_flask_as_it_was_sent(port):
    lines = [
        "POST /said/a%20b/%C3%A9?q=%20x HTTP/1.1", f"Host: lab:{port}", "X-Word: one", "X-Word: two", "Cookie: a=1",
        "Cookie: b=2", "Content-Type: text/plain", "Content-Length: 3", "Connection: close", "", "abc",
    ]  # fmt: skip
    with raw(port, "\r\n".join(lines).encode()) as sent:
        head, _, body = sent.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(body) == {
        "method": "POST", "path": "/said/a b/é", "query": {"q": " x"}, "cookies": {"a": "1", "b": "2"}, "x": "one,two",
        "host": f"lab:{port}", "from": "127.0.0.1", "spoofed": None, "type": "text/plain", "body": "abc",
    }  # fmt: skip


def test_a_header_with_an_underscore_passes_for_no_other(port):
    assert json.loads(ask(port, "GET", "/said/x", headers={"X_Forwarded_For": "6.6.6.6"}).text)["spoofed"] is None


def test_what_is_written_comes_before_what_is_returned(port):
    assert ask(port, "GET", "/written").text == "first, second"


def test_a_head_request_has_no_body(port):
    assert (ask(port, "HEAD", "/said/x").status, ask(port, "HEAD", "/said/x").text) == (200, "")


@pytest.mark.parametrize("path", ["/said/x", "/hot"])
def test_a_body_in_pieces_arrives_whole(port, path):
    assert "abcdef" in ask(port, "POST", path, iter([b"abc", b"def"]), encode_chunked=True).text


@pytest.mark.parametrize("path", ["/said/x", "/hot"])
def test_a_body_that_is_too_large_is_refused(port, path):
    assert ask(port, "POST", path, b"x" * (MOST_BYTES + 1)).status == 413
    assert ask(port, "POST", path, iter([b"x" * MOST_BYTES, b"x"]), encode_chunked=True).status == 413
    assert ask(port, "POST", path, b"x" * MOST_BYTES).status == 200


def test_two_hundred_uploads_that_stall_in_mid_body_hold_up_nobody(port):
    half = b"POST %s HTTP/1.1\r\nHost: lab\r\nContent-Length: 10\r\n\r\nabc"
    stalled = [raw(port, half % (b"/hot" if number % 2 else b"/said/x")) for number in range(STALLED)]
    assert ask(port, "GET", "/said/x").status == 200
    assert ask(port, "POST", "/hot", b"abc").text == "abc"
    for one in stalled:
        assert one.recv(20).startswith(b"HTTP/1.1 408")  # their time is up, not ours
        one.close()


def test_who_leaves_in_mid_body_is_forgotten(port):
    raw(port, b"POST /said/x HTTP/1.1\r\nHost: lab\r\nContent-Length: 10\r\n\r\nabc").close()
    assert ask(port, "GET", "/said/x").status == 200


def test_too_many_at_once_are_told_to_come_back_while_hot_calls_go_on(port):
    with ThreadPoolExecutor() as pool:
        holding = [pool.submit(ask, port, "GET", "/held") for _ in range(MOST_INSIDE)]
        inside = {"X-Word": "inside"}
        wait_until(
            "the server to be full", 20, lambda: ask(port, "GET", "/hot", headers=inside).text == str(MOST_INSIDE)
        )
        said = ask(port, "GET", "/said/x")
        assert (said.status, said.headers["Retry-After"], json.loads(said.text)["status"]) == (503, "1", 503)
        assert ask(port, "GET", "/hot", headers={"X-Word": "go"}).text == "go"
        assert [one.result().status for one in holding] == [200] * MOST_INSIDE


def test_a_fault_of_ours_is_told_in_the_protocols_words(port):
    said = ask(port, "GET", "/hot", headers={"X-Word": "fault"})
    assert (said.status, json.loads(said.text)["type"]) == (500, "urn:pro-asn:problem:broken")
