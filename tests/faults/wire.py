"""One call of the exam protocol over HTTP, as the browser's client makes it: a time limit, and a name for each refusal.

Follows ``protocol.js``.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from random import Random
from typing import Any

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
    """Between two answers of a participant, on average."""


HURRIED = Pace(1.5, 0.1, 1.0, 0.05, 2.0, 0.2, 0.2)
"""The browser's laws with a participant, timers and a day that are all in a hurry."""

BRISK = Pace(4.0, 0.2, 5.0, 0.1, 6.0, 0.5, 2.5)
"""For many people at once: in too great a hurry they would only bury a busy server under calls that they gave up."""


class Unreachable(Exception):
    """No answer came: no network, no server, too late, or not from our server."""


class Refused(Exception):
    """The server answered, and the answer is no."""

    def __init__(self, status: int, problem: dict[str, Any], retry_after_s: float) -> None:
        super().__init__(f"{status} {problem.get('type', '')} {problem.get('detail', '')}")
        self.status = status
        self.slug = str(problem.get("type", "")).replace("/", ":").rpartition(":")[2]
        self.retry_after_s = retry_after_s


class SignedOut(Refused):
    """The token is worth nothing."""


class Elsewhere(Refused):
    """Another device owns the sitting."""


class Unsaved(Refused):
    """Something has not arrived yet."""


class Closed(Refused):
    """The attempt or the session is over."""


class Busy(Refused):
    """The server asks to come back, or is in trouble of its own."""


BY_SLUG: dict[str, type[Refused]] = {"sitting-elsewhere": Elsewhere, "unsaved": Unsaved, "closed": Closed}
BY_STATUS: dict[int, type[Refused]] = {401: SignedOut, 408: Busy, 429: Busy}


def refusal(status: int, problem: dict[str, Any], retry_after_s: float) -> Refused:
    """Name what an answer with an error status means."""
    slug = Refused(status, problem, 0).slug
    kind = BY_SLUG.get(slug) or BY_STATUS.get(status) or (Busy if status >= 500 else Refused)
    return kind(status, problem, retry_after_s)


def delay(tries: int, pace: Pace, chance: Random, at_least: float = 0.0) -> float:
    """Give seconds until the next try: doubling, spread by chance, never before the server's wish."""
    longest = min(pace.longest_delay, pace.first_delay * 2.0 ** min(tries - 1, 16))
    return max(longest * (0.5 + chance.random() / 2), at_least * (1 + chance.random() / 4))


async def ask(port: int, method: str, path: str, token: str, body: object, limit: float) -> dict[str, Any]:
    """Send one call and read its answer; raises Unreachable or a Refused."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: exam\r\nAccept: application/json\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    try:
        async with asyncio.timeout(limit):
            status, headers, text = await exchange(port, head.encode() + sent)
    except (OSError, EOFError, ValueError, TimeoutError) as error:
        raise Unreachable(str(error)) from error
    said = _parse(text)
    if status >= 400:
        raise refusal(status, said or {}, float(headers.get("retry-after", "0")))
    if said is None:
        raise Unreachable("what answered is not the exam server")
    return said


async def exchange(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes to a port of this machine and read one whole answer: status, headers, body.

    Raises OSError, EOFError or ValueError when there is no whole answer.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        await writer.drain()
        head, headers = await read_head(reader)
        return int(head.split()[1]), headers, await reader.readexactly(int(headers.get("content-length", "0")))
    except IndexError as error:
        raise EOFError("the connection ended before an answer") from error
    finally:
        writer.transport.abort()


async def read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Read the head of a message: its first line, and its headers by small letters."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, {name.lower(): value.strip() for name, _, value in pairs}


def _parse(text: bytes) -> dict[str, Any] | None:
    if text == b"":
        return {}
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
