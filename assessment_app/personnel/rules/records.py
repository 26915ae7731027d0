"""One row of either list as the rules see it, and one thing that they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from assessment_app.people.rules import JobLevel, Standing


class Severity(StrEnum):
    """How much money or which right may be at stake (domain.md 12.2)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class RuleId(StrEnum):
    """The eleven rules; R0 tells of rows that could not be compared at all."""

    R0 = "R0"
    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    R6 = "R6"
    R7 = "R7"
    R8 = "R8"
    R9 = "R9"
    R10 = "R10"
    R11 = "R11"


@dataclass(frozen=True)
class Person:
    """Somebody on the personnel list. What is empty or None was not said, or could not be read.

    NIK is in no text that this object turns into: what is logged by mistake must not hold it.
    """

    row: int
    nip: str
    name: str
    nik: str = field(default="", repr=False)
    born: date | None = None
    sex: str = ""
    standing: Standing = Standing.NOT_SAID
    standing_text: str = ""
    post: str = ""
    level: JobLevel | None = None
    grade: str = ""
    unit: str = ""
    pension: date | None = None
    contract_end: date | None = None
    moved_out: bool = False
    moved_on: date | None = None
    dukcapil: str = ""
    allowance: int | None = None
    last_login: date | None = None
    last_presence: date | None = None
    absence_reason: str = ""


@dataclass(frozen=True)
class Pay:
    """One row of a payroll list: who gets what for which month; amounts are whole rupiah."""

    row: int
    nip: str
    name: str
    month: date | None = None
    grade: str = ""
    post: str = ""
    unit: str = ""
    allowance: int | None = None
    net: int | None = field(default=None, repr=False)
    account: str = field(default="", repr=False)

    @property
    def is_paid(self) -> bool:
        """Tell whether money goes out; a row that says nothing of the amount counts as paid."""
        return self.net is None or self.net > 0


@dataclass(frozen=True)
class Absence:
    """The newest wave that somebody was booked for, ended without them."""

    wave: str
    wave_id: str
    on: date


@dataclass(frozen=True)
class Unread:
    """A row that cannot be compared: its place, what stands there, why, and what to do."""

    list_name: str
    row: int
    nip: str
    name: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class Side:
    """One of the two values that stand side by side: what, where it was read, and of which day it speaks."""

    value: str
    where: str
    day: date | None = None


@dataclass(frozen=True)
class Found:
    """One mismatch. ``parts`` name it across runs; they may hold a NIK or an account and are never kept as they are."""

    rule: RuleId
    severity: Severity
    nip: str
    name: str
    unit: str
    left: Side
    right: Side
    sentence: str
    advice: str
    parts: tuple[str, ...] = field(repr=False)
