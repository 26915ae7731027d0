"""What a rehearsal is told to be, and the sheet of people that it invents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from assessment_app.people.messages import write_csv
from assessment_app.scheduling.messages import REHEARSAL

CODE = "gladi"
"""An agency whose code begins so is a rehearsal's: nobody of it exists."""

LEVELS = (
    ("Pelaksana", 55), ("Ahli Pertama", 15), ("Ahli Muda", 10), ("Pengawas", 12), ("Administrator", 6),
    ("JPT Pratama", 2),
)  # fmt: skip
"""Job levels, and how many of a hundred people hold a post of each."""

UNITS = 40
HEAD = ("NIP", "NAMA", "UNIT KERJA", "JABATAN", "JENJANG", "GOLONGAN", "STATUS")


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
    """Lay out time slots of so many rooms until everybody has a seat, as evenly as it goes."""
    slots = -(-people // (rooms * seats))
    return tuple(
        tuple(Place(f"Ruang {room + 1}, giliran {slot + 1}", seats) for room in range(rooms)) for slot in range(slots)
    )


def invented(count: int, known: frozenset[str] = frozenset()) -> bytes:
    """Write a personnel sheet of people who do not exist, none with a NIP that is known."""
    kinds = [level for level, share in LEVELS for _ in range(share)]
    rows: list[Sequence[str]] = [HEAD]
    number = 0
    while len(rows) <= count:
        if (nip := nip_of(number)) not in known:
            level = kinds[37 * number % len(kinds)]
            rows.append((nip, f"Peserta Gladi {number + 1}", f"Dinas Gladi {number % UNITS + 1}", f"Jabatan {level}",
                         level, "III/c", "PNS"))  # fmt: skip
        number += 1
    return write_csv(rows)


def nip_of(number: int) -> str:
    """Invent a NIP: born in the eighties, appointed in 2010; another for each of the first 3,356,640 numbers."""
    born = f"198{number % 10}{1 + number // 10 % 12:02}{1 + number // 120 % 28:02}"
    return f"{born}2010011{number // 3360 + 1:03}"
