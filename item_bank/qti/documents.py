"""What goes into a package beside the items, what comes out of one, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from item_bank.bank import About, JobLevel, Stock
from item_bank.item_keys import AnyItemKey
from item_bank.presentation import AnyItem, Instrument

MOST_PROBLEMS = 100
"""Who must mend a package reads so many sentences and no more; the rest are counted."""


@dataclass(frozen=True)
class FormOutline:
    """A form as a list of items in stock: what a test of QTI can say of it."""

    code: str
    title: str
    time_limit_ms: int
    instructions: tuple[str, ...]
    item_ids: tuple[str, ...]


@dataclass(frozen=True)
class ImportDefaults:
    """What is true of every item of a package that does not say it itself."""

    instrument: str
    construct: str
    facet: str
    topic: str
    job_levels: tuple[JobLevel, ...]


@dataclass(frozen=True)
class Report:
    """Something of a package that has no place here: in which file, where in it, what, and what became of it."""

    file: str
    place: str
    what: str
    became: str


@dataclass(frozen=True)
class Imported:
    """What came out of a package; ``kept`` are the files that were not, or not wholly, understood."""

    stocks: tuple[Stock, ...]
    outlines: tuple[FormOutline, ...]
    reports: tuple[Report, ...]
    kept: Mapping[str, bytes]


class PackageRefused(ValueError):
    """A package cannot be written or read as it is; each line of the message names the file and what to do."""

    def __init__(self, source: str, problems: Sequence[str]) -> None:
        """Join all that is wrong, one line each."""
        self.source = source
        self.problems = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            self.problems.append(f"and {len(problems) - MOST_PROBLEMS} problems more; mend these first")
        super().__init__("\n".join(f"{source}: {problem}" for problem in self.problems))


class Companion(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What QTI has no place for, in a file beside the item; the words only where XML would not carry them exactly."""

    schema: Literal["proasn/qti-item/1"]
    instrument: Instrument
    demonstration: bool
    parameters: Literal["assumed", "calibrated"]
    key: AnyItemKey
    about: About
    words: AnyItem | None = None
