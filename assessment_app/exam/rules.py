"""What an exam allows: phases, tokens, receipts, which answer counts. Pure; every moment is an argument."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from uuid import UUID

TOKEN_MAC_BYTES = 16
"""128 bits: nobody guesses a token during an exam, and the header stays short."""

NO_DEVICE = ""
"""Stands for the owner of a sitting that a proctor released: the next device that signs in takes it."""


BASE, ACCOMMODATION = "base", "accommodation"
"""Kinds of ledger entries that nobody decides upon during the sitting: the battery's, and what was granted before."""


BREAK = "break"
"""Kind of the entry that stops the clock for a break: as long as the break, written when it begins."""

SAFE_BROWSER = "safe-exam-browser"
"""Note of a sign-in by which it is known that Safe Exam Browser ran with the wave's settings."""

LOCK, UNLOCK = "lock", "unlock"
"""The events of a sitting from which it follows whether a proctor locked it: the newest of them decides."""

PAUSE, RESUME = "pause", "resume"
"""The events of a sitting from which it follows whether its time stands still: the newest of them decides."""

PAUSE_LASTS = timedelta(hours=12)
"""A pause that everybody forgot holds up no sealing for longer: nobody sits through it."""


def is_forgotten(paused: datetime, now: datetime) -> bool:
    """Tell whether a pause that began then holds up nothing any more."""
    return now - paused > PAUSE_LASTS


HELP, HELPED = "help", "helped"
"""The events from which it follows whether a participant calls for a proctor: the newest of them decides."""

WORD, ANNOUNCEMENT = "word", "announcement"
"""The events by which a proctor wrote to one seat, and to everybody in a room."""


def announced_in(session_id: UUID) -> str:
    """Begin the note of an announcement with the session that it was made in: people move, what was said stays."""
    return f"{session_id.hex[:8]} "


def words_of(kind: str, note: str) -> str:
    """Give what a proctor wrote from the note of its event."""
    return note.partition(" ")[2] if kind == ANNOUNCEMENT else note


READ = "read"
"""The event by which a participant said that what a proctor wrote was read, up to the event that its note names."""

TOLD = (HELP, HELPED, WORD, ANNOUNCEMENT)
"""The events that a participant's page has to show; the newest of them numbers what a page has shown."""


@dataclass(frozen=True)
class Secrets:
    """The two secrets that an exam server has; neither opens a key."""

    pin: bytes
    token: bytes


@dataclass(frozen=True)
class Owner:
    """Who writes to a sitting: what a token says, and what has to be true still."""

    sitting_id: int
    epoch: int


class Phase(StrEnum):
    """Where an attempt stands; derived from recorded facts, stored nowhere."""

    WAITING = "waiting"
    OPEN = "open"
    GRACE = "grace"
    CLOSED = "closed"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"


OVER = (Phase.CLOSED, Phase.SEALED, Phase.WITHDRAWN)
"""Nothing more is done in an attempt: it ended, or its form was withdrawn before it was begun."""


class Standing(IntEnum):
    """What a change that arrived counts for."""

    IN_TIME = 0
    LATE = 1  # after the deadline, within the wave's grace: counts, and is marked
    ASIDE = 2  # after that: kept for proctor and assessor, counts for nothing by itself
    REFUSED = 3  # does not fit its item: only its seq is kept, so that nothing seems to be missing


@dataclass(frozen=True)
class Window:
    """An attempt's time: when it was opened, what the ledger allows, when it ended."""

    opened: datetime | None
    allowed_ms: int
    grace_ms: int
    finished: datetime | None = None
    sealed: datetime | None = None
    withdrawn: bool = False
    paused: datetime | None = None
    """Since when its time stands still; none while it runs."""

    def clock(self, now: datetime) -> datetime:
        """Tell the time as it counts for the attempt."""
        return now if self.paused is None else min(now, self.paused)

    @property
    def deadline(self) -> datetime | None:
        """The last moment that belongs to the attempt; none before it was opened."""
        return None if self.opened is None else self.opened + timedelta(milliseconds=self.allowed_ms)

    @property
    def is_final(self) -> bool:
        """Tell whether no time changes anything any more: it is sealed, or was withdrawn before it was opened."""
        return self.sealed is not None or (self.opened is None and self.withdrawn)

    def phase(self, now: datetime) -> Phase:
        """Both ends belong to the attempt: opened <= now <= deadline is OPEN."""
        if self.sealed is not None:
            return Phase.SEALED
        if self.deadline is None:
            return Phase.WITHDRAWN if self.withdrawn else Phase.WAITING
        moment = self.clock(now)
        if self.finished is not None or moment > self.deadline + timedelta(milliseconds=self.grace_ms):
            return Phase.CLOSED
        return Phase.GRACE if moment > self.deadline else Phase.OPEN

    def remaining_ms(self, now: datetime) -> int:
        """Whole milliseconds until the deadline; all of the allowed time before the start, 0 after the end."""
        if self.deadline is None:
            return self.allowed_ms
        if self.finished is not None:
            return 0
        return max(0, milliseconds(self.deadline) - milliseconds(self.clock(now)))


SEALED_WITHIN_MS = 15_000
"""So soon after the last moment at which an answer counts its sheet is sealed: the sweep looks every ten seconds."""


def seal_wait_ms(window: Window, now: datetime) -> int | None:
    """Say how long until an attempt whose time is over is sealed; none while there is time left to work in it."""
    if window.is_final:
        return 0
    phase = window.phase(now)
    if phase is Phase.CLOSED:
        return SEALED_WITHIN_MS
    if phase is not Phase.GRACE or window.deadline is None:
        return None
    return milliseconds(window.deadline) + window.grace_ms - milliseconds(window.clock(now)) + SEALED_WITHIN_MS


def gate_epoch(epoch: int, *, locked: bool) -> int:
    """Say which epoch a gate lets write: none while the sitting is held, and the owner's epoch, negative, says so."""
    return -epoch if locked else epoch


def milliseconds(moment: datetime) -> int:
    """Count a moment in whole milliseconds since 1970, as the answer log keeps it."""
    return round(moment.timestamp() * 1000)


def standing(received_ms: int, deadline_ms: int, grace_ms: int, *, closed: bool, made_ms: int = 0) -> Standing:
    """Say what a change that arrived at ``received_ms`` counts for. PostgreSQL's statement says the same in SQL.

    ``made_ms`` is when it was made by the browser's own count: grace is for what the network held up, not for more
    work. What a browser says can make its change count for less, never for more than the moment of arrival allows.
    """
    if closed or received_ms > deadline_ms + grace_ms or min(received_ms, made_ms) > deadline_ms:
        return Standing.ASIDE
    return Standing.LATE if received_ms > deadline_ms else Standing.IN_TIME


class SittingState(StrEnum):
    """Where a sitting stands; derived from its attempts."""

    PRESENT = "present"
    WORKING = "working"
    DONE = "done"


def sitting_state(phases: Sequence[Phase]) -> SittingState:
    """A sitting is done when every attempt is over, working from the first start on."""
    if all(phase in OVER for phase in phases):
        return SittingState.DONE
    untouched = (Phase.WAITING, Phase.WITHDRAWN)
    return SittingState.PRESENT if all(phase in untouched for phase in phases) else SittingState.WORKING


@dataclass(frozen=True)
class Arrived:
    """One change as the log holds it: where it stands in order, what it says, and how it came about."""

    epoch: int
    seq: int
    item: str
    response: object
    standing: int
    spent_ms: int = 0
    recovered: bool = False


def counting_answers(arrived: Iterable[Arrived]) -> dict[str, object]:
    """Fold changes into answers: for each item the newest by (epoch, seq) that counts; a cleared answer is none."""
    newest: dict[str, Arrived] = {}
    for change in arrived:
        if change.standing >= Standing.ASIDE:
            continue
        old = newest.get(change.item)
        if old is None or (change.epoch, change.seq) > (old.epoch, old.seq):
            newest[change.item] = change
    return {item: change.response for item, change in sorted(newest.items()) if change.response is not None}


@dataclass(frozen=True)
class Manner:
    """How the answers of a sheet were given, as far as the log knows.

    ``spent_ms`` is the time on each answered item, by the browser's own count: the longest that any change of it tells,
    because a device that took over counts anew. The others count changes; one can be counted twice.
    """

    spent_ms: Mapping[str, int]
    late: int = 0
    aside: int = 0
    recovered: int = 0


UNKNOWN = Manner({})
"""Of a sheet whose answers did not come through the log."""


def manner(arrived: Iterable[Arrived], answers: Mapping[str, object]) -> Manner:
    """Tell how the answers that count were given, from all changes that arrived."""
    changes = list(arrived)
    spent: dict[str, int] = {}
    for change in changes:
        if change.item in answers and change.standing < Standing.ASIDE:
            spent[change.item] = max(spent.get(change.item, 0), change.spent_ms)
    late, aside = (sum(one.standing == which for one in changes) for which in (Standing.LATE, Standing.ASIDE))
    return Manner(spent, late, aside, sum(one.recovered for one in changes))


def make_token(sitting_id: int, epoch: int, secret: bytes) -> str:
    """Name a sitting and the device that owns it, signed; says nothing about time, which is the gate's."""
    named = f"{sitting_id}.{epoch}"
    return f"{named}.{_mac(named, secret)}"


def read_token(token: str, secret: bytes) -> tuple[int, int] | None:
    """Give (sitting_id, epoch) of a token of ours, nothing for any other text."""
    if not token.isascii():
        return None
    named, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(named, secret).encode()):
        return None
    sitting_id, _, epoch = named.partition(".")
    return int(sitting_id), int(epoch)


def _mac(named: str, secret: bytes) -> str:
    return hashlib.blake2b(named.encode(), key=secret, digest_size=TOKEN_MAC_BYTES).hexdigest()


def receipt_code(sheet_hashes: Sequence[str]) -> str:
    """Name a whole sitting in 16 letters that can be read aloud: the hash of its sheets' hashes, in order."""
    digest = hashlib.sha256("\n".join(sheet_hashes).encode()).digest()
    letters = b32encode(digest[:10]).decode()
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))
