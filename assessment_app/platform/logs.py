"""Structured logs: one JSON object a line, with the id of the request; never a key, an answer or a NIP."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog
from flask import Flask, Response, g, request

_NIP = re.compile(r"\d{8} ?\d{6} ?\d ?\d{3}")
_ROW = re.compile(r"(DETAIL:|CONTEXT:)[^\n]*")
"""PostgreSQL says what the row held that it refuses."""
_SECRET_NAMES = frozenset({
    "password", "passwords", "pin", "pins", "token", "tokens", "nip", "nips", "secret", "secrets", "response",
    "responses", "key", "keys", "totp", "cookie", "authorization",
})  # fmt: skip
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def _hide(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out what must not be in a log, whoever put it in."""
    for name, value in event.items():
        if not name.startswith("_"):  # the logging library's own
            event[name] = _without_secrets(name, value)
    return event


def _without_secrets(name: str, value: object) -> object:
    """Hide what has a secret's name, ``session_pin`` too, and every NIP, as deep as they may be."""
    if not _SECRET_NAMES.isdisjoint(name.lower().split("_")):
        return "[hidden]"
    if isinstance(value, Mapping):
        return {str(inner): _without_secrets(str(inner), found) for inner, found in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_secrets("", found) for found in value]
    if value is None or isinstance(value, bool | float):
        return value
    shown = _ROW.sub(r"\1 [hidden]", _NIP.sub("[nip]", str(value)))
    return value if shown == str(value) and isinstance(value, int) else shown


def _named(process: str) -> structlog.typing.Processor:
    """Say in each line which process wrote it; a context variable would be known to one thread alone."""

    def name(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["process"] = process
        return event

    return name


class Forgiving:
    """A stream that drops what it cannot write: on a full disk no save or page must fail for want of its log line."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream`` while that is possible."""
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, or drop."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, or leave it for the next time."""
        with suppress(OSError):
            self._stream.flush()


def install(level: str, process: str) -> None:
    """Let everything in this process log as JSON lines on standard error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _named(process),
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, Forgiving(sys.stderr))),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    ))  # fmt: skip
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    structlog.get_logger("request").info(
        "request", method=request.method, path=request.path, status=response.status_code
    )
    structlog.contextvars.unbind_contextvars("request_id")
    return response


def follow(app: Flask) -> None:
    """Give each request of an app an id, and log how it ended."""
    app.before_request(_begin)
    app.after_request(_end)
