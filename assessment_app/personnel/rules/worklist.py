"""What becomes of a mismatch: who decided what, and how a list is narrowed down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from assessment_app.personnel.rules.records import RuleId, Severity


class State(StrEnum):
    """What people have decided about a mismatch; nobody is stopped by any of them."""

    NEW = "baru"
    CONFIRMED = "dikonfirmasi"
    DENIED = "dibantah"
    FIXED = "diperbaiki"


DECISIONS = (State.CONFIRMED, State.DENIED, State.FIXED)


class Change(StrEnum):
    """How a mismatch stands to the comparison before."""

    NEW = "baru"
    STILL = "masih"
    GONE = "hilang"


@dataclass(frozen=True)
class Wanted:
    """Which mismatches are asked for; what is None or empty narrows nothing."""

    rule: RuleId | None = None
    severity: Severity | None = None
    unit: str | None = None
    state: State | None = None
    change: Change | None = None
    text: str = ""

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything is left out."""
        return self != Wanted()

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Read the filters of an address; what is not understood narrows nothing."""
        unit = query.get("unit", ANY_UNIT)
        return cls(
            _one_of(RuleId, query.get("aturan", "")), _one_of(Severity, query.get("keparahan", "")),
            None if unit == ANY_UNIT or not unit.isprintable() else unit[:200],
            _one_of(State, query.get("keadaan", "")), _one_of(Change, query.get("banding", "")),
            "".join(letter for letter in query.get("cari", "") if letter.isprintable()).strip()[:100],
        )  # fmt: skip


ANY_UNIT = "*"
"""The choice of all units; an empty one is for mismatches that name none."""

Choice = TypeVar("Choice", bound=StrEnum)


def _one_of(kind: type[Choice], text: str) -> Choice | None:
    return kind(text) if text in list(kind) else None
