"""What a rehearsal is told to be."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from assessment_app.scheduling.messages import REHEARSAL

CODE = "gladi"
"""An agency whose code begins so is a rehearsal's: nobody of it exists."""


@dataclass(frozen=True)
class Plan:
    """A wave to be rehearsed: its battery, and rooms by time slot with the seats of each."""

    name: str
    form_ids: tuple[str, ...]
    slots: tuple[tuple[Place, ...], ...]
    purpose: str = REHEARSAL
    """What is sat in a rehearsal never becomes a result; only in an installation of its own it may."""


@dataclass(frozen=True)
class Place:
    """A room in a time slot."""

    room: str
    seats: int


@dataclass(frozen=True)
class Seated:
    """One invented person with a seat: who, where, and the session's PIN."""

    nip: str
    pin: str
    room: str
    slot: int
    job_level: str


@dataclass(frozen=True)
class Staged:
    """A wave that can be sat, with everybody who has a seat in it."""

    agency_id: UUID
    wave_id: UUID
    seated: tuple[Seated, ...]


def evenly(people: int, rooms: int, seats: int) -> tuple[tuple[Place, ...], ...]:
    """Lay out as many time slots of so many rooms as everybody's seats take."""
    slots = -(-people // (rooms * seats))
    return tuple(
        tuple(Place(f"Ruang {room + 1}, giliran {slot + 1}", seats) for room in range(rooms)) for slot in range(slots)
    )
