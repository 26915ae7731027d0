"""The exam's load generator against the real server: it plays whole sittings, and sees what goes wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from benchmarks.exam import measures
from benchmarks.exam.goals import goals
from benchmarks.exam.measures import QUICK
from benchmarks.exam.people import Participant
from benchmarks.exam.stage import filled, generator, server
from benchmarks.exam.wire import Wire
from benchmarks.installations import Store, installation

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def store():
    with installation("sqlite", filled(QUICK.people)) as made:
        yield made


@pytest.mark.long
def test_whole_sittings_are_played_without_a_bad_answer_and_every_process_is_accounted_for(store: Store):
    with generator(store.people) as player, server(store) as at:
        played = measures.sittings(at, player, QUICK)
        played["endings"] = measures.endings(at, player, QUICK)
    assert {name: (told["bad"], told["rejected"]) for name, told in played.items()} == dict.fromkeys(played, ({}, 0))
    kinds = {name: {kind: seen["count"] for kind, seen in told["kinds"].items()} for name, told in played.items()}
    everybody = QUICK.people
    assert kinds["sign-in storm"] == {"page": everybody, "sign-in": everybody, "consent": everybody}
    assert kinds["start storm"] == {"start": everybody, "content": everybody}
    assert kinds["reloads"] == {"sitting": everybody, "start": everybody}
    assert kinds["answers"]["save"] > 0
    assert kinds["endings"]["receipt"] == QUICK.finishing
    assert all(told["cpu_us"]["server"] > 0 and told["cpu_us"]["generator"] > 0 for told in played.values())


@pytest.mark.long
def test_a_server_that_is_killed_under_load_has_every_change_that_the_generator_saw_acknowledged(store: Store):
    unfinished = store.people[QUICK.finishing :]
    with generator(unfinished) as player:
        with server(store) as at:
            measures.sittings(at, player, replace(QUICK, people=len(unfinished)))
        told = measures.killed(store, player, QUICK)
    assert told["acknowledged"] > 0
    assert (told["lost"], told["sound"]) == (0, True)
    (row,) = (row for row in goals("sqlite", {"kills": told | {"lost": 1}}))
    assert row.reached == "MISSED"


def answering(*answers: bytes) -> int:
    """Serve one connection with these answers, one a request, and then close it; gives the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening, listening.accept()[0] as browser:
            for answer in answers:
                browser.recv(65_536)
                browser.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return int(listening.getsockname()[1])


@pytest.fixture
def to() -> Iterator[Callable[..., Wire]]:
    """Make a wire to a server that gives certain answers."""
    made: list[Wire] = []

    def wire(*answers: bytes) -> Wire:
        made.append(Wire(answering(*answers)))
        return made[-1]

    yield wire
    for one in made:
        one.end()


def test_what_was_refused_or_never_answered_is_told_by_its_kind(to):
    refused = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}"
    wire = to(refused)
    one = Participant("", "", wire)
    wire.run([(0.0, lambda at: one.play(["hello"], at)), (0.0, lambda at: one.play(["page"], at))], patience=5.0)
    assert wire.seen.bad == {"hello 503": 1, "page unanswered": 1}


def test_an_answer_that_comes_in_pieces_is_one_answer_and_waits_from_the_moment_it_was_due(to):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length: 6\r\n\r\n"
    wire = to(head + b"hel", b"lo!")
    one = Participant("", "", wire)
    wire.run([(0.0, lambda at: one.play(["hello"], at))], patience=0.5)
    assert wire.seen.bad == {"hello unanswered": 1}, "half an answer is none"

    wire = to(head + b"hello!")
    one = Participant("", "", wire)
    wire.run([(0.0, lambda at: one.play(["hello"], at))], patience=5.0)
    (wait,) = wire.seen.waits["hello"]
    assert wire.seen.bad == {}
    assert wait > 0
