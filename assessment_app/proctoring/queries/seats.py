"""How every seat of a room stands, judged from the facts of its sitting and what is known of its computer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from assessment_app.exam.models import Attempt, Sitting
from assessment_app.exam.queries import facts, held
from assessment_app.exam.rules import BREAK, Phase, Window, milliseconds, sitting_state
from assessment_app.proctoring.queries.signs import Progress
from assessment_app.proctoring.queries.talk import Said, Talk
from assessment_app.proctoring.rules import GIVEN, TAKES_CALL, TAKES_TIME, SeatState, current, quiet, seat_state
from assessment_app.scheduling.models import Booking, ExamSession


@dataclass(frozen=True)
class Part:
    """One part of somebody's battery, as it stands now."""

    n: int
    attempt_id: int
    title: str
    items: int
    answered: int
    phase: Phase
    window: Window
    remaining_ms: int
    extra_ms: int
    last_entry: int

    @property
    def takes_time(self) -> bool:
        """Whether time can still be added."""
        return self.phase in TAKES_TIME

    @property
    def counts_until(self) -> datetime | None:
        """Until when what arrives counts; none before the start and once the part is over."""
        if self.window.deadline is None or self.phase not in TAKES_TIME:
            return None
        return self.window.deadline + timedelta(milliseconds=self.window.grace_ms)

    def deadline_with(self, minutes: int) -> datetime | None:
        """Give the deadline as it would be with more time; none before the start."""
        return None if self.window.deadline is None else self.window.deadline + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Seat:
    """One seat of a room, with whoever is booked on it and how far they are."""

    number: int
    state: SeatState
    booking: Booking | None = None
    epoch: int = 0
    parts: tuple[Part, ...] = ()
    quiet_ms: int = 0
    """For how long nothing was heard of the computer, no answer changed, or somebody has called, as the state says."""
    asks: str = ""
    """What somebody calls for, in their own words."""
    paused: held.Pause | None = None
    """Since when its time stands still, and why."""
    word: Said | None = None
    """What a proctor wrote to this seat alone last."""

    @property
    def part(self) -> Part | None:
        """The part at hand; none before the first sign-in."""
        return self.parts[current([part.phase for part in self.parts])] if self.parts else None

    @property
    def quiet_minutes(self) -> int:
        """For how many whole minutes it has been quiet; 0 while it is not."""
        return self.quiet_ms // 60_000

    @property
    def name(self) -> str:
        """Who sits here, without titles: a tile is narrow."""
        return self.booking.name.split(",")[0] if self.booking else ""

    @property
    def progress(self) -> tuple[int, int]:
        """How many items of how many are answered: of the part at hand, at the end of all."""
        counted = self.parts if self.state is SeatState.DONE else [self.part] if self.part else []
        return sum(part.answered for part in counted), sum(part.items for part in counted)


@dataclass(frozen=True)
class Known:
    """What is known of a room beside its sittings: progress by attempt, when each was heard of, who is locked."""

    grace_ms: int
    progress: Mapping[int, Progress]
    heard: Mapping[int, int]
    locked: Collection[int]
    absent: Collection[UUID] = ()
    paused: Mapping[int, held.Pause] = field(default_factory=dict)
    talk: Talk = field(default_factory=Talk)


def of_room(session: ExamSession, found: Sequence[Sitting], known: Known, now: datetime) -> tuple[Seat, ...]:
    """Judge every seat of a room from the facts."""
    booked = {booking.seat: booking for booking in session.bookings}
    sitting_on = {sitting.booking_id: sitting for sitting in found}
    free = [Seat(n, SeatState.FREE) for n in range(1, session.room.seats + 1) if n not in booked]
    taken = [_seat(booking, sitting_on.get(booking.booking_id), known, now) for booking in booked.values()]
    return tuple(sorted(free + taken, key=lambda seat: seat.number))


def _seat(booking: Booking, sitting: Sitting | None, known: Known, now: datetime) -> Seat:
    if sitting is None:
        return Seat(booking.seat, seat_state(None, absent=booking.booking_id in known.absent), booking)
    paused = known.paused.get(sitting.sitting_id)
    windows = [facts.window(attempt, known.grace_ms, paused) for attempt in sitting.attempts]
    parts = tuple(_part(*one, known.progress, now) for one in zip(sitting.attempts, windows, strict=True))
    locked = sitting.sitting_id in known.locked
    state = seat_state(
        sitting_state([part.phase for part in parts]),
        has_device=bool(sitting.device),
        locked=locked,
        paused=paused is not None,
    )
    at_hand, quiet_ms = current([part.phase for part in parts]), 0
    opened = parts[at_hand].window.opened
    if state is SeatState.WORKING and parts[at_hand].phase is Phase.OPEN and opened is not None:
        newest = _newest(sitting.attempts[at_hand], milliseconds(opened), known)
        state, quiet_ms = quiet(milliseconds(now), *newest)
    asks, call = "", known.talk.calls.get(sitting.sitting_id)
    if call is not None and state in TAKES_CALL:
        state, quiet_ms, asks = SeatState.CALLING, milliseconds(now) - milliseconds(call.at), call.reason
    word = known.talk.words.get(sitting.sitting_id)
    return Seat(booking.seat, state, booking, sitting.epoch, parts, quiet_ms, asks, paused, word)


def _newest(attempt: Attempt, opened_ms: int, known: Known) -> tuple[int, int]:
    """Tell when an open part was heard of and when it was worked on.

    A break that was granted counts as work, and so does time that was given: nothing is heard in a pause or an outage.
    """
    done = known.progress.get(attempt.attempt_id)
    given = [milliseconds(entry.at) for entry in attempt.ledger if entry.kind in GIVEN]
    changed = max([opened_ms, done.changed_ms if done else 0, *given])
    breaks = [milliseconds(entry.at) + entry.ms for entry in attempt.ledger if entry.kind == BREAK]
    return max(changed, known.heard.get(attempt.sitting_id, 0)), max([changed, *breaks])


def _part(attempt: Attempt, window: Window, known: Mapping[int, Progress], now: datetime) -> Part:
    sheet, done = attempt.sheet, known.get(attempt.attempt_id)
    return Part(
        n=attempt.n, attempt_id=attempt.attempt_id, title=attempt.form.title, items=attempt.form.items,
        answered=sheet.answered if sheet else done.answered if done else 0, phase=window.phase(now),
        window=window, remaining_ms=window.remaining_ms(now), last_entry=attempt.ledger[-1].entry_id,
        extra_ms=sum(entry.ms for entry in attempt.ledger if entry.kind != "base"),
    )  # fmt: skip
