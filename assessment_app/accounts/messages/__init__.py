"""What comes in from sign-in pages and what waits sealed in them; the words for deeds and roles are in ``words``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
import segno
from cryptography.fernet import InvalidToken
from markupsafe import Markup
from pyotp import TOTP

from assessment_app.accounts.messages.words import (
    ACTORS,
    DEEDS,
    GROUP_NAMES,
    PASSWORD_FAULTS,
    ROLE_NAMES,
)
from assessment_app.platform.security import CSRF_FIELD, open_secret, seal_secret
from assessment_app.platform.texts import mark

__all__ = [
    "ACTORS",
    "DEEDS",
    "DIFFERENT",
    "GROUP_NAMES",
    "ISSUER",
    "MOST_KEPT",
    "NEVER_KEPT",
    "NOT_ADMITTED",
    "PASSWORD_FAULTS",
    "ROLE_NAMES",
    "WRONG_CODE",
    "WRONG_PASSWORD_OR_CODE",
    "Credentials",
    "Enrolment",
    "KeptForm",
    "Visit",
    "parse_code",
]

NOT_ADMITTED = mark(
    "Nama masuk dan kata sandi tidak cocok, atau akun sedang dikunci sementara. "
    "Setelah 5 kali salah, akun dikunci 1 sampai 15 menit."
)
"""One sentence for unknown name, wrong password and lock: the page must not tell who has an account here."""

WRONG_CODE = mark("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu ketik lagi.")
WRONG_PASSWORD_OR_CODE = mark("Kata sandi atau kode tidak cocok. Periksa keduanya, lalu coba lagi.")
DIFFERENT = mark("Kedua isian kata sandi tidak sama.")

Sealed = TypeVar("Sealed")

ISSUER = "Pro ASN"

MOST_KEPT = 200_000
"""Bytes of a form that still travel along through sign-in; a longer one is too much for a page."""

NEVER_KEPT = ("password", "code", "secret", "token")
"""Fields with such names are not carried along: the page would hold a secret."""


@dataclass(frozen=True)
class Visit:
    """Where a request comes from, as people recognise their own sessions by."""

    origin: str
    browser: str

    @classmethod
    def of(cls, address: str | None, agent: str) -> Visit:
        """Shorten what the browser says about itself to its family and system."""
        families = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
        systems = ("Windows", "Android", "iPhone", "Mac OS", "Linux")
        family = next((name for name in families if name in agent), "?")
        system = next((name for name in systems if name in agent), "?")
        return cls(address or "", f"{family.replace('Edg', 'Edge')}, {system}")


@dataclass(frozen=True)
class Credentials:
    """What the sign-in page sends."""

    name: str
    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Credentials:
        """Read the form; what is missing or absurdly long simply matches nothing."""
        return cls(form.get("name", "").strip()[:80], form.get("password", "")[:1000])


def parse_code(form: Mapping[str, str]) -> str:
    """Read a six-digit code as people type it, with or without a space."""
    return "".join(form.get("code", "").split())[:10]


@dataclass(frozen=True)
class Enrolment:
    """A second factor on its way to being proven: it travels sealed through the page, stored nowhere."""

    account_id: UUID
    sign_in_name: str
    secret: str
    made: datetime

    def sealed(self) -> str:
        """Seal it for the page."""
        return seal_secret(msgspec.json.encode(self), "enrolment").decode()

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Enrolment | None:
        """Read one back from the page; nothing if it is not ours."""
        return _opened(form.get("enrolment", ""), "enrolment", cls)

    def groups(self) -> list[str]:
        """Give the secret in groups of four, as people can type it."""
        return [self.secret[i : i + 4] for i in range(0, len(self.secret), 4)]

    def qr(self) -> Markup:
        """Draw what an authenticator app reads; black on white in every theme, or no camera reads it."""
        address = TOTP(self.secret).provisioning_uri(name=self.sign_in_name, issuer_name=ISSUER)
        drawn = segno.make(address, error="m").svg_inline(scale=4, border=4, dark="black", light="white")
        return Markup(drawn)  # nosec B704 # segno draws paths from numbers, no text of anybody gets in


@dataclass(frozen=True)
class KeptForm:
    """A filled form that arrived after its session had expired, kept until its owner has signed in again."""

    account_id: UUID
    path: str
    back: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    withheld: tuple[str, ...]
    kept: datetime

    @classmethod
    def collect(
        cls, account_id: UUID, path: str, back: str,
        form: Iterable[tuple[str, Sequence[str]]], files: Iterable[str | None], now: datetime,
    ) -> KeptForm:  # fmt: skip
        """Take the fields of a form, except secrets and the old CSRF token, and the names of its files."""
        pairs = [(name, value) for name, values in form for value in values if name != CSRF_FIELD]
        secrets = {name for name, _value in pairs if any(word in name for word in NEVER_KEPT)}
        fields = tuple((name, value) for name, value in pairs if name not in secrets)
        return cls(account_id, path, back, fields, tuple(f for f in files if f), tuple(sorted(secrets)), now)

    def sealed(self) -> str:
        """Seal it for the page; empty when the form is too long to travel."""
        plain = msgspec.json.encode(self)
        return seal_secret(plain, "kept-form").decode() if len(plain) <= MOST_KEPT else ""

    @classmethod
    def opened(cls, token: str, now: datetime, life: timedelta) -> KeptForm | None:
        """Read one back; nothing if it is not ours or too old."""
        kept = _opened(token, "kept-form", cls)
        return kept if kept is not None and now - kept.kept <= life else None

    def shown(self) -> list[tuple[str, str]]:
        """Give the fields as people can recognise them: without the empty ones, names without underscores."""
        return [(name.replace("_", " "), value) for name, value in self.fields if value.strip()]


def _opened(token: str, purpose: str, kind: type[Sealed]) -> Sealed | None:
    try:
        return msgspec.json.decode(open_secret(token.encode(), purpose), type=kind)
    except (InvalidToken, msgspec.DecodeError):
        return None
