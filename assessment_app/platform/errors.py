"""Refusals: what a use case says no with, and the one place that turns it into an answer.

A use case raises; nothing in between catches. Programs get RFC 9457 problem documents, people get a page in their
language that says what happened, what to do and what is safe.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec
import structlog
from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from assessment_app.platform.texts import gettext as _

log = structlog.get_logger(__name__)


class Refusal(Exception):
    """The system says no, for a reason that the asker can act on."""

    status = 400
    slug = "refused"
    title = "Permintaan tidak dapat dipenuhi."

    def __init__(self, detail: str = "", *, retry_after_s: int | None = None, **members: object) -> None:
        """Take the sentence for the asker, and members that the problem document carries as they are."""
        super().__init__(detail or self.title)
        self.detail, self.retry_after_s, self.members = detail, retry_after_s, members

    def problem(self) -> dict[str, object]:
        """Write the refusal as an RFC 9457 problem document."""
        return {
            "type": f"urn:pro-asn:problem:{self.slug}", "title": self.title, "status": self.status,
            "detail": self.detail or self.title, **self.members,
        }  # fmt: skip


class Invalid(Refusal):
    """What was sent cannot be read or breaks a rule."""

    status, slug, title = 400, "invalid", "Data yang dikirim tidak dapat dibaca. Periksa lalu kirim lagi."


class NotSignedIn(Refusal):
    """Nobody is signed in, or the token is not ours."""

    status, slug, title = 401, "not-signed-in", "Anda perlu masuk terlebih dahulu."


class Forbidden(Refusal):
    """Somebody is signed in, but this is not for their role."""

    status, slug, title = 403, "forbidden", "Halaman ini bukan untuk peran Anda."


class NotFound(Refusal):
    """There is no such thing, or not for the one who asks."""

    status, slug, title = 404, "not-found", "Yang Anda cari tidak ditemukan."


class Conflict(Refusal):
    """It was possible a moment ago, and is not any more."""

    status, slug, title = 409, "conflict", "Keadaan sudah berubah. Muat ulang lalu coba lagi."


class Closed(Conflict):
    """The attempt takes nothing any more."""

    slug, title = "closed", "Bagian ini sudah ditutup."


class TooLarge(Refusal):
    """More was sent than one request may hold."""

    status, slug, title = 413, "too-large", "Kiriman terlalu besar."


class TooEarly(Refusal):
    """The session has not been opened yet."""

    status, slug, title = 425, "too-early", "Sesi belum dibuka. Tunggu sampai pengawas membuka sesi."


class TooMany(Refusal):
    """Too often in too short a time."""

    status, slug, title = 429, "too-many", "Terlalu sering mencoba. Tunggu sebentar lalu coba lagi."


class Busy(Refusal):
    """The server sheds load before it slows everyone down."""

    status, slug, title = 503, "busy", "Server sedang sibuk. Permintaan akan diulang otomatis."


def wants_problem() -> bool:
    """Tell whether the asker is a program, to whom a page would say nothing."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(refusal: Refusal) -> Response:
    """Turn a refusal into the answer its asker can read."""
    if wants_problem():
        document = refusal.problem() | {"title": _(refusal.title)}
        response = Response(msgspec.json.encode(document), refusal.status, mimetype="application/problem+json")
    else:
        page = render_template(
            "platform/error.html", status=refusal.status, title=_(refusal.title),
            detail=_(refusal.detail) if refusal.detail else "", request_id=g.get("request_id", ""),
        )  # fmt: skip
        response = Response(page, refusal.status, mimetype="text/html")
    if refusal.retry_after_s is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


class Broken(Refusal):
    """Our own fault."""

    status, slug = 500, "broken"
    title = "Ada gangguan di server. Jawaban yang sudah tersimpan tetap aman; coba lagi sebentar."


BY_STATUS: dict[int, type[Refusal]] = {
    400: Invalid, 401: NotSignedIn, 403: Forbidden, 404: NotFound, 409: Conflict, 413: TooLarge, 429: TooMany,
}  # fmt: skip


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return Response(error.get_response().get_data(), error.code, dict(error.get_response().headers))
    refusal = BY_STATUS.get(error.code, Refusal)()
    refusal.status = error.code
    response = answer(refusal)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _broken(error: Exception) -> Response:
    log.exception("request_broken", path=request.path, kind=type(error).__name__)
    return answer(Broken())


def install(app: Flask) -> None:
    """Let the app answer refusals, HTTP errors and its own faults."""
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)
