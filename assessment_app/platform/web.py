"""What the three servers have in common: templates, static files, errors, headers, logs, health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog
from flask import Flask, Response
from jinja2 import StrictUndefined
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.middleware.proxy_fix import ProxyFix

from assessment_app.platform import errors, logs, observe, security, static_files, terms, texts
from assessment_app.platform.db import StoreName
from assessment_app.platform.settings import Settings

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TEMPLATES = str(static_files.HOUSE / "platform" / "templates")
"""The base pages; each part of a server brings its own."""

log = structlog.get_logger(__name__)


def furnish(
    app: Flask, chosen: Settings, *, cookie: str, stores: Sequence[StoreName], slices: Sequence[str],
    scripts: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Give an app everything that a server of this house has, whatever it serves; ``static_files`` tells of scripts."""
    # No redirect to a tidier address: it would be written with whatever host the asker says that this is.
    app.url_map.strict_slashes = app.url_map.merge_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if chosen.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=chosen.trusted_proxies, x_proto=1)  # type: ignore[method-assign]  # Flask's documented way
    logs.follow(app)
    security.install(app, chosen, cookie)
    texts.install(app)
    app.jinja_env.globals.update(term_meanings=terms.TERMS)
    errors.install(app)
    app.register_error_handler(OperationalError, _store_away)
    app.register_error_handler(PoolTimeout, _store_away)
    observe.follow(app, stores)
    static_files.install(app, frozenset(slices) | {"platform"}, scripts or {})


def _store_away(error: OperationalError | PoolTimeout) -> Response:
    log.error("store_away", reason=str(getattr(error, "orig", error)).partition("\n")[0])
    return errors.answer(errors.Busy("Basis data belum menjawab.", retry_after_s=5))


def download(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file to keep, of a media type such as ``XLSX``."""
    return Response(content, headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": kind})
