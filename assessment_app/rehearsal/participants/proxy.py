"""The network of a bad lab: passes requests on to the exam server, and does to them what networks do.

One request a connection. What is armed is done to the next request of the protocol that passes.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

GONE = (OSError, EOFError, ValueError)
"""What an end of a connection looks like."""

PORTAL = b"<!doctype html><title>Masuk ke jaringan sekolah</title>"


@dataclass(frozen=True)
class Request:
    """One request as it came, and who waits for its answer."""

    raw: bytes
    path: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def left(self, seconds: float) -> None:
        """Wait until the client hangs up, or for so long."""
        with suppress(TimeoutError, *GONE):
            async with asyncio.timeout(seconds):
                await self.reader.read()

    async def answer(self, said: bytes) -> None:
        """Send an answer, or what there is of it."""
        with suppress(*GONE):
            self.writer.write(said)
            await self.writer.drain()


async def read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Read the head of a message: its first line, and its headers by small letters."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, {name.lower(): value.strip() for name, _, value in pairs}


class Proxy:
    """Something bad between a lab and the exam server."""

    def __init__(self, upstream: int, chance: Random) -> None:
        """``upstream`` is the port of the exam server; ``chance`` decides how long things last."""
        self._upstream, self._chance = upstream, chance
        self.armed: deque[str] = deque()
        self.done: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._tricks: dict[str, Callable[[Request], Awaitable[None]]] = {
            "cut-before": self._cut_before, "cut-in-request": self._cut_in_request, "lost-answer": self._lost_answer,
            "cut-in-answer": self._cut_in_answer, "half-open": self._half_open, "delayed": self._delayed,
            "reordered": self._reordered, "duplicated": self._duplicated, "replayed": self._replayed,
            "portal": self._portal,
        }  # fmt: skip

    async def listen(self) -> None:
        """Start, on ``port``."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self.port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop, without what was held back."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._remember(asyncio.current_task())
        try:
            first, headers = await read_head(reader)
            body = await reader.readexactly(int(headers["content-length"]))
            headers["connection"] = "close"
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            raw = f"{first}\r\n{head}\r\n".encode("latin-1") + body
            await self._pass(Request(raw, first.split()[1], reader, writer))
            writer.close()
        except (asyncio.CancelledError, *GONE):
            writer.transport.abort()  # the end of the run, or one side hung up: the other end sees the same

    async def _pass(self, request: Request) -> None:
        if not self.armed or "sign-in" in request.path:
            await request.answer(await self._forward(request.raw))
            return
        name = self.armed.popleft()
        self.done[name] += 1
        await self._tricks[name](request)

    async def _forward(self, raw: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        try:
            writer.write(raw)
            await writer.drain()
            return await reader.read()
        finally:
            writer.transport.abort()

    def _after(self, seconds: float, raw: bytes) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            with suppress(*GONE):
                await self._forward(raw)

        self._remember(asyncio.create_task(later()))

    def _remember(self, task: asyncio.Task[None] | None) -> None:
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _cut_before(self, request: Request) -> None:
        request.writer.transport.abort()

    async def _cut_in_request(self, request: Request) -> None:
        _reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        try:
            writer.write(request.raw[: -max(1, len(request.raw) // 20)])
            await writer.drain()
            await asyncio.sleep(0.05)
        finally:
            writer.transport.abort()

    async def _lost_answer(self, request: Request) -> None:
        await self._forward(request.raw)

    async def _cut_in_answer(self, request: Request) -> None:
        said = await self._forward(request.raw)
        await request.answer(said[: self._chance.randrange(max(1, len(said)))])

    async def _half_open(self, request: Request) -> None:
        await request.left(60)

    async def _delayed(self, request: Request) -> None:
        await asyncio.sleep(self._chance.uniform(0.1, 1.2))
        await request.answer(await self._forward(request.raw))

    async def _reordered(self, request: Request) -> None:
        """Hold it until the client has given up and sent newer things, then deliver it after all."""
        await request.left(60)
        self._after(self._chance.uniform(0.2, 4), request.raw)

    async def _duplicated(self, request: Request) -> None:
        first, second = await asyncio.gather(self._forward(request.raw), self._forward(request.raw))
        await request.answer(self._chance.choice([first, second]))

    async def _replayed(self, request: Request) -> None:
        await request.answer(await self._forward(request.raw))
        self._after(self._chance.uniform(0.5, 6), request.raw)

    async def _portal(self, request: Request) -> None:
        said = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
        await request.answer(said % (len(PORTAL), PORTAL))
