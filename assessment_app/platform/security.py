"""Headers, CSRF and secrets: what every server of the house does the same way.

Secrets are files that only this installation has, made at the first start; they are in no setting, log or repository.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet
from flask import Flask, Response, g, request, session
from markupsafe import Markup

from assessment_app.platform.errors import Invalid, TooLarge
from assessment_app.platform.settings import Settings, SettingsError, settings

CSRF_FIELD = "_csrf"
PLAIN_FORM, LONGEST_PLAIN_FORM = "application/x-www-form-urlencoded", 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# No inline code, nothing from elsewhere: a lab has no internet, and an injected script finds no way in.
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
    "font-src 'self'", "worker-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class CsrfMismatch(Invalid):
    """The form does not carry the token of this browser's session."""

    slug, title = "csrf", "Halaman ini sudah terlalu lama terbuka. Muat ulang lalu kirim lagi."


def make_secrets(folder: Path) -> None:
    """Make the installation's master secret if there is none yet; readable by its owner alone.

    Refuses with SettingsError when the folder cannot be written to.
    """
    path = folder / "master.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            write_once(path, secrets.token_bytes(32))
    except OSError as error:
        raise SettingsError(
            f"The folder {folder} cannot keep the secret ({error.strerror}). Choose another with PRO_ASN_SECRETS_DIR."
        ) from error


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, on the disk when this returns, and never over what another process wrote."""
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.") as unfinished:  # mode 600
        unfinished.write(content)
        unfinished.flush()
        os.fsync(unfinished.fileno())
        with suppress(FileExistsError):
            os.link(unfinished.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@cache
def _master(path: Path) -> bytes:
    try:
        found = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"The secret {path} cannot be read ({error.strerror}). Run: proasn migrate") from error
    if len(found) != 32:
        raise SettingsError(f"The secret {path} is damaged: it must hold 32 bytes. Restore it from the backup.")
    return found


def secret(purpose: str) -> bytes:
    """Derive the 32-byte secret of one purpose from the master secret, so that none can stand in for another."""
    return hmac.digest(_master(settings().secrets / "master.key"), purpose.encode(), hashlib.sha256)


def _box(purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(secret(purpose)))


def seal_secret(plain: bytes, purpose: str = "at-rest") -> bytes:
    """Encrypt and sign bytes for keeping."""
    return _box(purpose).encrypt(plain)


def open_secret(sealed: bytes, purpose: str = "at-rest") -> bytes:
    """Read back what ``seal_secret`` wrote; raises cryptography's InvalidToken on anything else."""
    return _box(purpose).decrypt(sealed)


def csrf_token() -> str:
    """Give the token of this browser's session, making one at first use."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
        session.permanent = True
    token: str = session["csrf"]
    return token


def csrf_field() -> Markup:
    """Write the hidden input that every form of ours holds."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, csrf_token())


def csrf_matches() -> bool:
    """Tell whether this request carries the token of its session."""
    sent = request.headers.get("X-CSRF-Token") or request.form.get(CSRF_FIELD, "")
    return hmac.compare_digest(sent.encode(), str(session.get("csrf", secrets.token_urlsafe(24))).encode())


def _check_size() -> None:
    # Werkzeug bounds the fields of a multipart form, but reads a plain one whole: ten megabytes of it cost seconds.
    if request.mimetype == PLAIN_FORM and not 0 <= (request.content_length or 0) <= LONGEST_PLAIN_FORM:
        raise TooLarge


def _check_text() -> None:
    # No keyboard writes a NUL and PostgreSQL keeps none: our own fault would be logged where a stranger is at fault.
    is_read_here = request.method not in SAFE_METHODS and not request.path.startswith("/api/exam/")
    if "\0" in request.path or (is_read_here and any("\0" in value for _, value in request.form.items(multi=True))):
        raise Invalid


def _check_csrf() -> None:
    # The exam's API carries a bearer token that no other site can make a browser send.
    if request.method in SAFE_METHODS or request.path.startswith("/api/exam/"):
        return
    if not csrf_matches():
        raise CsrfMismatch


def allow_style(text: str) -> None:
    """Let the answer to this request carry one style sheet inside it: this one, by its hash, and no other."""
    named = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    g.policy = POLICY.replace("style-src 'self'", f"style-src 'self' 'sha256-{named}'")


def _add_headers(response: Response) -> Response:
    if "policy" in g:
        response.headers["Content-Security-Policy"] = g.policy
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings().secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask, chosen: Settings, cookie: str) -> None:
    """Give an app its cookie, its CSRF check and its headers."""
    app.secret_key = secret(f"session-cookie:{cookie}")
    app.config.update(
        SESSION_COOKIE_NAME=cookie, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=chosen.secure_cookies, PERMANENT_SESSION_LIFETIME=chosen.staff_session_hours * 7200,
        # Else a style sheet that arrives after a form's answer brings the old cookie back, and takes its message along.
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024, MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
    )  # fmt: skip
    app.before_request(_check_size)
    app.before_request(_check_text)
    app.before_request(_check_csrf)
    app.after_request(_add_headers)
    app.jinja_env.globals.update(csrf_field=csrf_field, csrf_token=csrf_token)
