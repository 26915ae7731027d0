"""When sessions happen: a grid of days, times and rooms, what a session must hold, how it is numbered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from assessment_app.scheduling.rules import CHECKIN_MINUTES, MINUTE_MS, Needs

PREPARATION_MINUTES = 15
"""Between the start of a session and its first part: pact, check of the computer, practice items."""

FRIDAY = 4
"""As ``date.weekday`` counts."""

PRAYER = (time(11, 30), time(13, 0))
"""No session of a Friday lies over it: who prays must be back without haste."""

TURN = time(7, 30), time(13, 0)
"""When sessions of a day begin where nobody says otherwise (domain rule wave.session_slots)."""


Times = tuple[time, time]


class Slot(NamedTuple):
    """From when until when, on the wall clock of a room."""

    starts: time
    ends: time

    @property
    def minutes(self) -> int:
        """How long it is."""
        return 60 * (self.ends.hour - self.starts.hour) + self.ends.minute - self.starts.minute

    def touches(self, since: time, until: time) -> bool:
        """Tell whether it lies over a part of the day."""
        return self.starts < until and self.ends > since


@dataclass(frozen=True)
class Wanted:
    """A session that somebody wants to have."""

    room_id: UUID
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class TooShort:
    """A slot that does not hold what the battery needs."""

    slot: Slot
    needed: int


@dataclass(frozen=True)
class OverPrayer:
    """A slot of a Friday that lies over the prayer."""

    slot: Slot


@dataclass(frozen=True)
class DoorTooEarly:
    """A slot whose door opens while the one before it is still being sat in the same room."""

    slot: Slot
    before: Slot


Concern = TooShort | OverPrayer | DoorTooEarly


@dataclass(frozen=True, order=True)
class Number:
    """The place of a session among those of its wave: runs on over the days, and by day and slot."""

    running: int
    day: int
    slot: int


def minutes_needed(limits_ms: Iterable[int], needs: Needs | None = None) -> int:
    """How many minutes somebody sits from the start of the session on: preparation, all parts, what was granted."""
    granted, parts = needs or Needs(), list(limits_ms)
    working = sum(limit + granted.extra_ms(limit) for limit in parts)
    return PREPARATION_MINUTES - (-working // MINUTE_MS) + granted.breaks * granted.break_minutes


def usual_slots(needed: int) -> tuple[Slot, ...]:
    """Propose two sessions a day that hold a battery, each as long as it needs in quarters of an hour."""
    return tuple(_slot(start, needed) for start in TURN)


def friday_slots(needed: int) -> tuple[Slot, ...]:
    """Propose the sessions of a Friday: before the prayer only what ends before it, and one well after it."""
    before, after = _slot(TURN[0], needed), _slot(time(13, 30), needed)
    return (after,) if before.touches(*PRAYER) else (before, after)


def _slot(starts: time, needed: int) -> Slot:
    begins = datetime.combine(date.min, starts)
    ends = begins + timedelta(minutes=-(-needed // 15) * 15)
    return Slot(starts, ends.time() if ends.date() == begins.date() else time(23, 59))


def sessions(
    days: Iterable[date], usual: Sequence[Times], friday: Sequence[Times], zones: Mapping[UUID, str]
) -> list[Wanted]:
    """Write a grid out as sessions of rooms, each on the wall clock of its own room."""
    return [
        Wanted(room_id, *(datetime.combine(day, at, ZoneInfo(zone)) for at in slot))
        for day in days
        for slot in (friday if day.weekday() == FRIDAY else usual)
        for room_id, zone in zones.items()
    ]


def concerns(usual: Sequence[Times], friday: Sequence[Times], needed: int) -> list[Concern]:
    """List what a planner should look at before the sessions are made; none of it forbids them."""
    days = [tuple(Slot(*times) for times in sorted(day)) for day in (usual, friday)]
    every = dict.fromkeys(slot for slots in days for slot in slots)
    found: list[Concern] = [TooShort(slot, needed) for slot in every if slot.minutes < needed]
    found += [OverPrayer(slot) for slot in days[1] if slot.touches(*PRAYER)]
    for slots in dict.fromkeys(days):
        for before, slot in pairwise(slots):
            if Slot(before.ends, slot.starts).minutes < CHECKIN_MINUTES:
                found.append(DoorTooEarly(slot, before))
    return found


def numbers(starts: Mapping[UUID, datetime]) -> dict[UUID, Number]:
    """Number sessions by their beginnings on the wall clocks of their rooms: one number for all rooms of one time."""
    days = {day: n for n, day in enumerate(sorted({start.date() for start in starts.values()}), 1)}
    running = {at: n for n, at in enumerate(sorted({start.replace(tzinfo=None) for start in starts.values()}), 1)}
    first_of = {day: min(n for at, n in running.items() if at.date() == day) for day in days}
    return {
        session_id: Number(n, days[start.date()], n - first_of[start.date()] + 1)
        for session_id, start in starts.items()
        for n in [running[start.replace(tzinfo=None)]]
    }
