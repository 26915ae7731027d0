"""What a session's day goes by: when something happened, who counts as there, where somebody may be moved. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SLACK = timedelta(minutes=2)
"""A wall clock may be ahead of the server's by so much: what happened "now" is no mistake."""


class IncidentKind(StrEnum):
    """What can go wrong in a room."""

    POWER = "power"
    NETWORK = "network"
    COMPUTER = "computer"
    HEALTH = "health"
    CONDUCT = "conduct"
    LATE = "late"
    IDENTITY = "identity"
    OTHER = "other"


class MarkKind(StrEnum):
    """What a proctor can state of somebody's being there."""

    IDENTITY = "identity"
    ABSENT = "absent"
    LATE = "late"


class Presence(StrEnum):
    """Whether somebody came (domain: a sign-in means present, whatever was stated before)."""

    AWAITED = "awaited"
    PRESENT = "present"
    ABSENT = "absent"


def presence(came: datetime | None, *, stated_absent: bool, is_over: bool) -> Presence:
    """Judge by the first sign-in, by what a proctor stated, and by whether the session is over."""
    if came is not None:
        return Presence.PRESENT
    return Presence.ABSENT if stated_absent or is_over else Presence.AWAITED


def minutes_late(came: datetime | None, starts: datetime) -> int:
    """Count the whole minutes by which somebody came after the start, the one that began included; 0 in time."""
    if came is None or came <= starts:
        return 0
    return -(-(came - starts) // timedelta(minutes=1))


def moment_of(wall: time, zone: ZoneInfo, ends: datetime, now: datetime) -> datetime | None:
    """Say when a time of the wall clock was: today, or on the last day of a session that is written up later.

    None for a time that has not come yet.
    """
    day = min(now.astimezone(zone).date(), ends.astimezone(zone).date())
    moment = datetime.combine(day, wall, zone)
    return None if moment > now + SLACK else min(moment, now)


@dataclass(frozen=True)
class Target:
    """A session to which somebody may be moved, as it stands now."""

    same_session: bool
    same_wave: bool
    is_over: bool
    is_open: bool


class Hindrance(StrEnum):
    """Why somebody cannot be moved to a session."""

    OTHER_WAVE = "other-wave"
    OVER = "over"
    CLOCK_RUNS = "clock-runs"


def hindrance(target: Target, *, clock_runs: bool) -> Hindrance | None:
    """Tell what stands against a move. Within its room nothing does, not even the end: a part may still run.

    Another session takes whoever sits the same wave while it is not over; a clock that runs cannot wait for a door.
    """
    if target.same_session:
        return None
    if not target.same_wave:
        return Hindrance.OTHER_WAVE
    if target.is_over:
        return Hindrance.OVER
    return Hindrance.CLOCK_RUNS if clock_runs and not target.is_open else None
