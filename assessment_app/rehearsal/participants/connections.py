"""A room's line to the exam server, and the connections that browsers keep open over it."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from assessment_app.platform import clock
from assessment_app.rehearsal.participants.refusals import Refused, Unreachable


@dataclass
class Waits:
    """How long answers took, in seconds, by call; and the answers that were none."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    unanswered: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def timed(self, call: str) -> Iterator[None]:
        """Note how long one call takes."""
        begun = clock.ticks()
        try:
            yield
        except Unreachable:
            self.unanswered[call] += 1
            raise
        except Refused:
            self.taken.setdefault(call, []).append(clock.ticks() - begun)
            raise
        self.taken.setdefault(call, []).append(clock.ticks() - begun)


class Line:
    """A room's way to the exam server; it can be cut, and led through another port of this machine."""

    def __init__(self, address: str) -> None:
        """``address`` is scheme, host and port of the exam server."""
        where = urlsplit(address)
        self.host = where.hostname or "127.0.0.1"
        self.port = self.own_port = where.port or (443 if where.scheme == "https" else 80)
        self.tls = ssl.create_default_context() if where.scheme == "https" else None
        self.is_cut = False
        self.waits = Waits()
        self.contents: dict[str, dict[str, Any]] = {}
        """Content by its address, which names it by hash: thousands fetch it, and it is read once."""
        self._open: set[Connection] = set()

    async def connect(self) -> Connection:
        """Open a connection; raises OSError where the network is cut or nobody listens."""
        if self.is_cut:
            raise ConnectionError("the network of this room is cut")
        loop = asyncio.get_running_loop()
        tls = self.tls if self.port == self.own_port else None
        _, made = await loop.create_connection(lambda: Connection(self.port), self.host, self.port, ssl=tls)
        self._open.add(made)
        made.on_end = self._open.discard
        return made

    @property
    def is_busy(self) -> bool:
        """Whether a request is on its way and unanswered: the moment to kill somebody in mid-commit."""
        return any(one.is_busy for one in self._open)

    def cut(self) -> None:
        """Cut the network of the room; what is under way is lost."""
        self.is_cut = True
        self.hang_up()

    def restore(self) -> None:
        """Give the network back."""
        self.is_cut = False

    def hang_up(self) -> None:
        """Close every connection."""
        for one in tuple(self._open):
            one.close()


Answered = tuple[int, dict[bytes, bytes], bytes]
"""Status, headers by small letters, body."""


class Connection(asyncio.Protocol):
    """One connection of a browser: one call at a time."""

    def __init__(self, port: int) -> None:
        """``port`` is what it leads to."""
        self.port, self.is_open = port, True
        self.on_end: Callable[[Connection], None] = lambda _connection: None
        self._arrived = bytearray()
        self._waiting: asyncio.Future[Answered] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._waiting is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hear that it is open."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # a stream's, as asked for

    async def exchange(self, request: bytes) -> Answered:
        """Send a request and read one whole answer; raises OSError or EOFError when there is none."""
        if not self.is_open:
            raise EOFError("the connection is closed")
        self._arrived.clear()
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._waiting
        finally:
            if not self._waiting.done() or self._waiting.cancelled():
                self.close()  # whatever comes now belongs to nobody
            self._waiting = None

    def data_received(self, data: bytes) -> None:
        """Take in a piece of an answer."""
        self._arrived += data
        end = self._arrived.find(b"\r\n\r\n")
        if end < 0 or self._waiting is None or self._waiting.done():
            return
        try:
            first, *lines = bytes(self._arrived[:end]).split(b"\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
            body = bytes(self._arrived[end + 4 :])
            if len(body) >= int(headers.get(b"content-length", b"0")):
                self._waiting.set_result((int(first.split()[1]), headers, body))
        except (ValueError, IndexError):
            self._waiting.set_exception(EOFError("what answered does not speak HTTP"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Hear that it is over."""
        self.is_open = False
        self.on_end(self)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc if isinstance(exc, OSError) else EOFError("the connection ended"))

    def close(self) -> None:
        """End it at once."""
        self.is_open = False
        self._transport.abort()
