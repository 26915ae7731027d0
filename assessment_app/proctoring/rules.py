"""What watching a room goes by: how a seat stands, and when time may be added. Pure; every moment is an argument."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from assessment_app.exam.rules import OVER, Phase, SittingState

AROUND = timedelta(hours=18)
"""A proctor sees the sessions that are this near: those of today, and the evening before when something is left."""

TAKES_TIME = frozenset({Phase.WAITING, Phase.OPEN, Phase.GRACE})
"""Before the end of its grace an attempt can still be given time; a closed one never opens again."""


RUNNING = frozenset({Phase.OPEN, Phase.GRACE})
"""While an attempt's clock runs, an outage takes time from it."""

BY_PROCTOR, OUTAGE = "proctor", "outage"
"""Kinds of ledger entries that a proctor makes: for one seat, and for all who worked when the room went dark."""

GIVEN = (BY_PROCTOR, OUTAGE)


class SeatState(StrEnum):
    """How a seat stands; derived from recorded facts, stored nowhere."""

    FREE = "free"
    AWAITED = "awaited"
    ABSENT = "absent"
    PRESENT = "present"
    WORKING = "working"
    LOCKED = "locked"
    RELEASED = "released"
    DONE = "done"


def seat_state(
    sitting: SittingState | None, *, has_device: bool = True, locked: bool = False, absent: bool = False
) -> SeatState:
    """Judge a booked seat by its sitting, its device, whether it was locked, and who was stated to be absent."""
    if sitting is None:
        return SeatState.ABSENT if absent else SeatState.AWAITED
    if sitting is SittingState.DONE:
        return SeatState.DONE
    if locked:
        return SeatState.LOCKED
    if not has_device:
        return SeatState.RELEASED
    return SeatState.WORKING if sitting is SittingState.WORKING else SeatState.PRESENT


def current(phases: list[Phase]) -> int:
    """Tell which of a sitting's attempts is at hand: the first that is not over, otherwise the last."""
    return next((place for place, phase in enumerate(phases) if phase not in OVER), len(phases) - 1)
