"""What watching a room goes by: how a seat stands, and when time may be added. Pure; every moment is an argument."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from assessment_app.exam.rules import OVER, Phase, SittingState
from assessment_app.scheduling.rules import MINUTE_MS

AROUND = timedelta(hours=18)
"""A proctor sees the sessions that are this near: those of today, and the evening before when something is left."""

TAKES_TIME = frozenset({Phase.WAITING, Phase.OPEN, Phase.GRACE})
"""Before the end of its grace an attempt can still be given time; a closed one never opens again."""


RUNNING = frozenset({Phase.OPEN, Phase.GRACE})
"""While an attempt's clock runs, an outage takes time from it."""

OFFLINE_AFTER_MS = 90_000
"""A page is heard of every 30 seconds, every 60 when its tab lies behind another: after this it is cut off."""

IDLE_AFTER_MS = 5 * 60_000
"""A text takes minutes to read; whoever changes nothing for longer than this may need help (D)."""

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
    CALLING = "calling"
    OFFLINE = "offline"
    IDLE = "idle"
    LOCKED = "locked"
    PAUSED = "paused"
    RELEASED = "released"
    DONE = "done"


def seat_state(
    sitting: SittingState | None, *, has_device: bool = True, locked: bool = False, paused: bool = False,
    absent: bool = False,
) -> SeatState:  # fmt: skip
    """Judge a booked seat by its sitting, its device, whether it was locked or paused, and who is stated absent."""
    if sitting is None:
        return SeatState.ABSENT if absent else SeatState.AWAITED
    if sitting is SittingState.DONE:
        return SeatState.DONE
    if locked:
        return SeatState.LOCKED
    if paused:
        return SeatState.PAUSED
    if not has_device:
        return SeatState.RELEASED
    return SeatState.WORKING if sitting is SittingState.WORKING else SeatState.PRESENT


TAKES_CALL = frozenset({SeatState.PRESENT, SeatState.WORKING, SeatState.OFFLINE, SeatState.IDLE})
"""Whoever stands so and calls for a proctor is shown as calling: somebody goes there anyway."""

CALLS = frozenset({SeatState.CALLING, SeatState.OFFLINE, SeatState.IDLE, SeatState.LOCKED})
"""Whoever stands so should not wait until somebody looks at the seat by chance."""

NOTICED_MS = 8_000
"""So long after the end of a pause a page may still wait, and it is given back as well: it asks every five seconds, and
hears how things were three seconds ago."""


def pause_note(ms: int, session_id: UUID) -> str:
    """Note the end of a pause: its whole minutes, for whoever reads the list, then its milliseconds and the session."""
    return f"{round(ms / MINUTE_MS)} {ms} {session_id.hex}"


def given_back_ms(note: str, session_id: UUID) -> int:
    """Give from the note of a pause's end how long it was in a session; 0 of another one, or of a forgotten pause."""
    _minutes, _space, rest = note.partition(" ")
    ms, _space, where = rest.partition(" ")
    return int(ms) if where == session_id.hex else 0


def ends_later_ms(before: Mapping[int, int], gone: Mapping[int, int]) -> int:
    """Say how much later a session has to end after pauses, by sitting and in milliseconds, with those ``before``.

    It covers the longest time that all pauses together took from one person. What the pauses of several people took at
    the same time, or one after the other, is not added up: nobody lost more than their own.
    """
    after = [before.get(sitting_id, 0) + ms for sitting_id, ms in gone.items()]
    return max(0, max(after, default=0) - max(before.values(), default=0))


SAME_WORDS_S = 120
"""A text that was written so lately, or that was not read yet, is not written again: a click counts once."""


def quiet(now_ms: int, heard_ms: int, changed_ms: int) -> tuple[SeatState, int]:
    """Judge whoever has an open part by when the page was heard of and when an answer changed; tells for how long.

    A silent computer comes before an idle person: nobody knows what is answered on it.
    """
    if now_ms - heard_ms > OFFLINE_AFTER_MS:
        return SeatState.OFFLINE, now_ms - heard_ms
    if now_ms - changed_ms > IDLE_AFTER_MS:
        return SeatState.IDLE, now_ms - changed_ms
    return SeatState.WORKING, 0


def current(phases: list[Phase]) -> int:
    """Tell which of a sitting's attempts is at hand: the first that is not over, otherwise the last."""
    return next((place for place, phase in enumerate(phases) if phase not in OVER), len(phases) - 1)
