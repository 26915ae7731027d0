"""Between granian and a Flask application: a request takes a thread only once all of it has arrived.

Why not granian's own WSGI: there a thread waits for the body of its request, and two hundred browsers on a bad line
that stop in mid-body hold up everybody else. Here a body is awaited on the event loop, where waiting costs nothing; and
what an application answers itself, without Flask, is answered there too, by a coroutine instead of a thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

import msgspec
import structlog
from granian.rsgi import HTTPProtocol, ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]  # it has them

from assessment_app.platform.errors import Broken, Busy, Invalid, Refusal, TooLarge
from assessment_app.platform.patience import Patience

log = structlog.get_logger(__name__)

PATIENCE_S = 30.0
"""How long a body may take to arrive. 64 kB at 56 kbit/s take ten seconds."""

MOST_FOR_A_THREAD = 1024
"""Requests inside Flask or waiting for a thread; beyond it the server sheds load."""


OURS = frozenset({"content-length", "transfer-encoding"})
"""Headers about how a body travelled: here it is whole."""

TOO_MUCH = str(2**40)
"""Stands for the length of a body that never told its length and became too large."""


class TooSlow(Refusal):
    """The body did not arrive in time."""

    status, slug, title = 408, "too-slow", "Kiriman tidak sampai seluruhnya. Permintaan akan diulang otomatis."


class Headers(Protocol):
    """The headers of a request."""

    def get(self, key: str, default: str, /) -> str:
        """Give a header by its lower-case name."""


class Asked(NamedTuple):
    """One whole request, as much of it as a hot call needs."""

    path: str
    headers: Headers
    body: bytes


class Answered(NamedTuple):
    """What a call answers: bytes and how they travel."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    status: int = 200


Pairs = list[tuple[str, str]]
Handler = Callable[[Asked], Awaitable[Answered]]


class HotCalls(Protocol):
    """Whoever answers some calls without Flask."""

    def handler(self, method: str, path: str) -> Handler | None:
        """Give what answers this call, or nothing when Flask does."""


class NoHotCalls:
    """Flask answers everything."""

    def handler(self, method: str, path: str) -> Handler | None:
        """Give nothing."""
        return None


def refused(refusal: Refusal) -> Answered:
    """Write a refusal as the protocol does."""
    headers = [("Content-Type", "application/problem+json")]
    if refusal.retry_after_s is not None:
        headers.append(("Retry-After", str(refusal.retry_after_s)))
    return Answered(msgspec.json.encode(refusal.problem()), tuple(headers), refusal.status)


def body_length(told: str, most: int) -> int:
    """Read a Content-Length; refuses with Invalid what is no number and with TooLarge what is too much."""
    if not (told.isascii() and told.isdigit()):
        raise Invalid("Content-Length")
    if len(told) > 12 or int(told) > most:  # digits that no limit has
        raise TooLarge
    return int(told)


class Gateway:
    """An RSGI application over a WSGI one."""

    def __init__(self, app: WSGIApplication, *, threads: int, most_bytes: int, hot: HotCalls | None = None) -> None:
        """Take the application, the threads it may use, the bytes a body may have, and who answers hot calls."""
        self._app, self._most, self._hot = app, most_bytes, hot or NoHotCalls()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="flask")
        self._inside, self._patience = 0, Patience(PATIENCE_S)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request."""
        try:
            answered = await self._answer(scope, protocol)
        except Refusal as refusal:
            answered = refused(refusal)
        except (ProtocolClosed, ProtocolError):
            return  # nobody is there any more
        except Exception as error:
            log.exception("request_broken", path=scope.path, kind=type(error).__name__)
            answered = refused(Broken())
        protocol.response_bytes(answered.status, list(answered.headers), answered.body)

    async def _answer(self, scope: Scope, protocol: HTTPProtocol) -> Answered:
        handler = self._hot.handler(scope.method, scope.path)
        try:
            body = await self._body(scope, protocol) if _has_body(scope) else b""
        except TooLarge:
            if handler is not None:
                raise
            body = None  # Flask says so in the words that its asker can read
        if handler is not None and body is not None:
            return await handler(Asked(scope.path, scope.headers, body))
        return await self._in_a_thread(scope, body)

    async def _in_a_thread(self, scope: Scope, body: bytes | None) -> Answered:
        if self._inside >= MOST_FOR_A_THREAD:
            raise Busy(retry_after_s=1)
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._in_flask, scope, body)
        finally:
            self._inside -= 1

    async def _body(self, scope: Scope, protocol: HTTPProtocol) -> bytes:
        told = scope.headers.get("content-length")
        if told is None:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return await self._pieces(protocol)
            except TimeoutError:
                raise TooSlow from None
        body_length(told, self._most)
        arriving: Any = protocol()  # granian's own future
        self._patience.begin(arriving, arriving.get_loop())
        try:
            body: bytes = await arriving
        except asyncio.CancelledError:
            if arriving in self._patience:
                raise  # it is this request that was ended
            raise TooSlow from None
        finally:
            self._patience.end(arriving)
        return body

    async def _pieces(self, protocol: HTTPProtocol) -> bytes:
        """Collect a body that does not tell its length."""
        body = bytearray()
        async for piece in protocol:
            body += piece
            if len(body) > self._most:
                raise TooLarge
        return bytes(body)

    def _in_flask(self, scope: Scope, body: bytes | None) -> Answered:
        """Let the WSGI application answer, in a thread."""
        begun: list[tuple[str, Pairs]] = []
        written: list[bytes] = []

        def start_response(status: str, headers: Pairs, exc_info: object = None) -> Callable[[bytes], object]:
            begun.append((status, headers))
            return written.append

        pieces = self._app(environ_of(scope, body), start_response)
        try:
            rest = list(pieces)  # first: what is written while the pieces are made comes before them
            content = b"".join(written + rest)
        finally:
            if close := getattr(pieces, "close", None):
                close()
        status, headers = begun[-1]
        return Answered(content, tuple((name.lower(), value) for name, value in headers), int(status[:3]))


def _has_body(scope: Scope) -> bool:
    return "content-length" in scope.headers or "transfer-encoding" in scope.headers


def environ_of(scope: Scope, body: bytes | None) -> WSGIEnvironment:
    """Write a request as WSGI does (PEP 3333); without its body where it was too large to be read."""
    server, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"), "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server, "SERVER_PORT": port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.input": BytesIO(body or b""),
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        "CONTENT_LENGTH": scope.headers.get("content-length", TOO_MUCH) if body is None else str(len(body)),
    }  # fmt: skip
    for name, value in scope.headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name not in OURS and "_" not in name:  # X_Forwarded_For must not pass for X-Forwarded-For
            named = "HTTP_" + name.upper().replace("-", "_")
            between = "; " if name == "cookie" else ","
            environ[named] = f"{environ[named]}{between}{value}" if named in environ else value
    return environ
