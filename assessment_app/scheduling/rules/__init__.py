"""What planning allows: when a session takes sign-ins, and which PIN it has. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

PIN_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters that nobody confuses on a blackboard: no I, O, 0 or 1."""

PIN_LENGTH = 6
"""A thousand million PINs; with the limit on attempts nobody guesses one during a session."""

CHECKIN_MINUTES = 60
"""Arrival before the start (Peraturan BKN 5/2024 and agencies' invitations; domain rule wave.checkin_opens_min)."""

MINUTE_MS = 60_000

GRACE_MS = 120_000
"""Answers given in time may arrive this late: lab networks drop, people must not pay for it (wave rule, default)."""

CONSENT_VERSION = "2026-1"
"""The text of integrity pact and privacy notice that participants answer."""


QUIT_PASSWORD_LENGTH = 12
"""60 bits: its hash stands in a file that every participant can read, and must not be guessed from there."""

LEAST_FACTOR, MOST_FACTOR = 105, 300
"""Percent of a part's time that somebody can be granted (domain rule accommodation.time_factor: 130 for the blind)."""

MOST_BREAKS, MOST_BREAK_MINUTES = 9, 30


class Door(StrEnum):
    """Whether a session takes sign-ins."""

    NOT_YET = "not-yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class Hours:
    """When a session happens."""

    starts: datetime
    ends: datetime
    checkin_minutes: int

    @property
    def opens(self) -> datetime:
        """The first moment at which somebody may sign in."""
        return self.starts - timedelta(minutes=self.checkin_minutes)

    def door(self, now: datetime) -> Door:
        """Both ends belong to the session."""
        if now < self.opens:
            return Door.NOT_YET
        return Door.OVER if now > self.ends else Door.OPEN


class BrowserPolicy(StrEnum):
    """Whether a wave is sat in Safe Exam Browser."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Kind(StrEnum):
    """What can be granted."""

    TIME = "time"
    TEXT = "text"
    BREAKS = "breaks"
    READER = "reader"


@dataclass(frozen=True)
class Needs:
    """What somebody is granted for their sitting; as it stands here, nothing."""

    factor: int = 100
    """Percent of each part's time."""
    large_text: bool = False
    breaks: int = 0
    break_minutes: int = 0
    reader: str = ""

    @classmethod
    def of(cls, granted: Iterable[tuple[str, str]]) -> Needs:
        """Fold (kind, value) in the order in which they were granted: of each kind the newest is in force."""
        newest = dict(granted)
        breaks, _x, minutes = newest.get(Kind.BREAKS, "").partition("x")
        return cls(
            factor=int(newest.get(Kind.TIME) or 100), large_text=bool(newest.get(Kind.TEXT)),
            breaks=int(breaks or 0), break_minutes=int(minutes or 0), reader=newest.get(Kind.READER, ""),
        )  # fmt: skip

    def values(self) -> dict[Kind, str]:
        """Write each kind as its row keeps it; empty where nothing is granted."""
        return {
            Kind.TIME: str(self.factor) if self.factor != 100 else "",
            Kind.TEXT: "l" if self.large_text else "",
            Kind.BREAKS: f"{self.breaks}x{self.break_minutes}" if self.breaks else "",
            Kind.READER: self.reader,
        }

    @property
    def takes_longer(self) -> bool:
        """Tell whether a sitting with all this needs a longer session."""
        return self.factor != 100 or self.breaks > 0

    def extra_ms(self, limit_ms: int) -> int:
        """Give what comes on top of a part's own time: whole minutes, rounded up in the person's favour."""
        return -(-limit_ms * (self.factor - 100) // (100 * MINUTE_MS)) * MINUTE_MS

    def __bool__(self) -> bool:
        return any(self.values().values())


def pin(secret: bytes, session_id: UUID, pin_round: int) -> str:
    """Derive a session's PIN; it is stored nowhere, and a new round makes a new one."""
    return _letters(secret, f"{session_id}:{pin_round}", PIN_LENGTH)


def quit_password(secret: bytes, wave_id: UUID) -> str:
    """Derive what lets a proctor leave Safe Exam Browser in a wave; it is stored nowhere."""
    return _letters(secret, str(wave_id), QUIT_PASSWORD_LENGTH)


def _letters(secret: bytes, what: str, length: int) -> str:
    mac = hmac.digest(secret, what.encode(), hashlib.sha256)
    return "".join(PIN_LETTERS[byte % 32] for byte in mac[:length])  # 256 is a multiple of 32: no letter is likelier


def pin_matches(given: str, expected: str) -> bool:
    """Compare what was typed with the PIN, forgiving case and spaces, in constant time."""
    typed = "".join(given.split()).upper()
    return hmac.compare_digest(typed.encode(), expected.encode())
