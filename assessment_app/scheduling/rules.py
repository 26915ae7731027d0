"""What planning allows: when a session takes sign-ins, and which PIN it has. Pure."""

from __future__ import annotations

import hashlib
import hmac
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

GRACE_MS = 120_000
"""Answers given in time may arrive this late: lab networks drop, people must not pay for it (wave rule, default)."""

CONSENT_VERSION = "2026-1"
"""The text of integrity pact and privacy notice that participants answer."""


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


def pin(secret: bytes, session_id: UUID, pin_round: int) -> str:
    """Derive a session's PIN; it is stored nowhere, and a new round makes a new one."""
    mac = hmac.digest(secret, f"{session_id}:{pin_round}".encode(), hashlib.sha256)
    return "".join(
        PIN_LETTERS[byte % 32] for byte in mac[:PIN_LENGTH]
    )  # 256 is a multiple of 32: no letter is likelier


def pin_matches(given: str, expected: str) -> bool:
    """Compare what was typed with the PIN, forgiving case and spaces, in constant time."""
    typed = "".join(given.split()).upper()
    return hmac.compare_digest(typed.encode(), expected.encode())
