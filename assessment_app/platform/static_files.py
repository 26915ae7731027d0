"""Static files as they are sent: compressed, kept by browsers for good, and joined where a page asks for one script.

An address that names its content by a hash never changes its meaning, so a browser need not ask for it again. Any
other is asked for anew each time and answered with 304 while it is the same: modules name each other without a hash.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, request, url_for
from markupsafe import Markup
from werkzeug.security import safe_join

from assessment_app.platform import joining, security

HOUSE = Path(__file__).parent.parent
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
WORTH_IT = 1024
"""Bytes from which an answer is compressed: a smaller one fits into one packet as it is."""
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LOADED_BY_PAGES = (".css", ".svg")
"""What only pages name, never a module: its address can carry the hash."""


@cache
def _joined_script(before_paint: str, page: str) -> bytes:
    return joining.join_modules(HOUSE, before_paint, page).encode()


@cache
def _joined_styles(names: tuple[str, ...]) -> str:
    return joining.join_styles(HOUSE, names)


@lru_cache(maxsize=256)
def squeezed(content: bytes) -> bytes:
    """Compress, once for all who ask for the same."""
    return gzip.compress(content, 9, mtime=0)


@lru_cache(maxsize=256)
def _read(path: Path, _changed_ns: int) -> tuple[bytes, str]:
    content = path.read_bytes()
    return content, digest(content)


def _file(of_slice: str, name: str) -> tuple[bytes, str] | None:
    """Read a static file with its hash, anew when it was changed; None where there is none."""
    found = safe_join(str(HOUSE / of_slice / "static"), name)
    path = Path(found) if found else None
    if path is None or not path.is_file():
        return None
    return _read(path, path.stat().st_mtime_ns)


def digest(content: bytes) -> str:
    """Name a content: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def squeeze(response: Response) -> Response:
    """Compress an answer for who can read it; for content without secrets only, whose length tells nothing."""
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) >= WORTH_IT and request.accept_encodings["gzip"] and not response.content_encoding:
        response.set_data(squeezed(content))
        response.content_encoding = "gzip"
    return response


def _send(content: bytes, named: str, kind: str, keep: str) -> Response:
    response = squeeze(Response(content, content_type=f"{kind}; charset=utf-8"))
    response.headers["Cache-Control"] = keep
    response.set_etag(named)
    response.make_conditional(request)
    return response


def page_styles(*names: str) -> Markup:
    """Write style sheets into a page, and let its policy know them."""
    text = _joined_styles(names)
    security.allow_style(text)
    return Markup(f"<style>{text}</style>")  # nosec B704 # files of ours, and join_styles lets no < in


def icon_address() -> str:
    """Write the icon as an address that needs no request."""
    return f"data:image/svg+xml,{quote((HOUSE / 'platform' / 'static' / 'icon.svg').read_text(encoding='utf-8'))}"


def install(app: Flask, slices: frozenset[str], scripts: Mapping[str, str]) -> None:
    """Serve the static files of the slices that a server is made of, and of no other, and the scripts of its pages.

    ``scripts`` names for the module of a page what runs before its first paint, both by their addresses below
    ``/static``. Refuses with NotJoined what cannot be joined: a server that would send half a page does not start.
    """
    joined = {page: _joined_script(before_paint, page) for page, before_paint in scripts.items()}

    @app.url_defaults
    def name_content(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static_of" and str(values["name"]).endswith(LOADED_BY_PAGES):
            found = _file(values["slice"], values["name"])
            values["v"] = found[1] if found else None

    @app.get("/static/<slice>/<path:name>", endpoint="static_of")
    def static_of(slice: str, name: str) -> Response:  # the word of the house
        """Serve a static file of a slice that this server is made of, and of no other."""
        found = _file(slice, name) if slice in slices and Path(name).suffix in KINDS else None
        if found is None:
            abort(404)
        keep = FOR_EVER if request.args.get("v") == found[1] else ASK_AGAIN
        return _send(*found, KINDS[Path(name).suffix], keep)

    @app.get("/joined/<named>/<path:page>", endpoint="joined_of")
    def joined_of(named: str, page: str) -> Response:
        """Serve the one script of a page; an older address is not answered with something newer."""
        content = joined.get(page, b"")
        if not content or digest(content) != named:
            abort(404)
        return _send(content, named, KINDS[".js"], FOR_EVER)

    def page_script(page: str) -> Markup:
        address = url_for("joined_of", named=digest(joined[page]), page=page)
        return Markup('<script src="{}"></script>').format(address)

    app.jinja_env.globals.update(page_script=page_script, page_styles=page_styles, icon_address=icon_address)
