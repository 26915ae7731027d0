"""One call of the exam protocol over HTTP, as the browser's client makes it: a time limit, and a name for each refusal.

Follows ``protocol.js``. A browser keeps its connections open between calls; what it uses is a room's line, which can be
cut or led through somebody else.
"""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from random import Random
from typing import Any

import msgspec

from assessment_app.rehearsal.participants.connections import Answered, Connection, Line
from assessment_app.rehearsal.participants.refusals import Unreachable, refusal

API = "/api/exam/v1"


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds; the first ones are the browser's own."""

    limit: float = 10.0
    first_delay: float = 0.5
    longest_delay: float = 30.0
    gather: float = 0.2
    heartbeat: float = 30.0
    look_again: float = 1.0
    think: float = 8.0
    """Between two answers of a participant who has no day of its own, and before coming back, on average."""
    speed: float = 1.0
    """How many seconds of a participant's day pass in one of the server's."""


HURRIED = Pace(1.5, 0.1, 1.0, 0.05, 2.0, 0.2, 0.2)
"""The browser's laws with a participant, timers and a day that are all in a hurry."""

BRISK = Pace(4.0, 0.2, 5.0, 0.1, 6.0, 0.5, 2.5)
"""For many people at once: in too great a hurry they would only bury a busy server under calls that they gave up."""


def compressed(speed: float) -> Pace:
    """Give the pace of a day that passes ``speed`` times as fast; a call may take as long as ever."""
    own = Pace()
    return Pace(
        own.limit, own.first_delay, max(2.0, own.longest_delay / speed), max(0.02, own.gather / speed),
        max(3.0, own.heartbeat / speed), own.look_again, own.think / speed, speed,
    )  # fmt: skip


def delay(tries: int, pace: Pace, chance: Random, at_least: float = 0.0) -> float:
    """Give seconds until the next try: doubling, spread by chance, never before the server's wish."""
    longest = min(pace.longest_delay, pace.first_delay * 2.0 ** min(tries - 1, 16))
    return max(longest * (0.5 + chance.random() / 2), at_least * (1 + chance.random() / 4))


class Browser:
    """A browser's connections over one line."""

    def __init__(self, line: Line) -> None:
        """Open nothing yet."""
        self.line = line
        self._idle: list[Connection] = []

    async def ask(self, method: str, path: str, token: str, body: object, limit: float) -> dict[str, Any]:
        """Send one call and read its answer; raises Unreachable or a Refused."""
        sent = b"" if body is None else msgspec.json.encode(body)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self.line.host}\r\nAccept: application/json\r\n"
            f"Accept-Encoding: gzip\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(sent)}\r\n\r\n"
        )
        with self.line.waits.timed(named(path)):
            try:
                async with asyncio.timeout(limit):
                    status, headers, text = await self._exchange(head.encode() + sent)
                    said = self.line.contents.get(path) if status == 200 else None
                    said = _parse(headers, text) if said is None else said
            except (OSError, EOFError, TimeoutError) as error:
                raise Unreachable(str(error)) from error
            if status >= 400:
                raise refusal(status, said or {}, float(headers.get(b"retry-after", b"0")))
            if said is None:
                raise Unreachable("what answered is not the exam server")
            return said

    async def _exchange(self, request: bytes) -> Answered:
        connection = await self._connection()
        answered = await connection.exchange(request)
        if answered[1].get(b"connection", b"").lower() == b"close":
            connection.close()
        elif connection.is_open:
            self._idle.append(connection)
        return answered

    async def _connection(self) -> Connection:
        while self._idle:
            kept = self._idle.pop()
            if kept.is_open and kept.port == self.line.port:
                return kept
            kept.close()
        return await self.line.connect()

    def close(self) -> None:
        """Close what is kept open."""
        while self._idle:
            self._idle.pop().close()


CALLS = {"/answers": "save", "/heartbeat": "heartbeat", "/start": "start", "/finish": "finish"}


def named(path: str) -> str:
    """Name a call without what differs from person to person."""
    for end, name in CALLS.items():
        if path.endswith(end):
            return name
    return path.removeprefix(API).strip("/").partition("/")[0]


def _parse(headers: dict[bytes, bytes], text: bytes) -> dict[str, Any] | None:
    if text == b"":
        return {}
    try:
        whole = gzip.decompress(text) if headers.get(b"content-encoding") == b"gzip" else text
        value = msgspec.json.decode(whole)
    except (ValueError, EOFError, OSError):
        return None
    return value if isinstance(value, dict) else None
