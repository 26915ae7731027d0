"""What a reader of the nine-box asks for, out of the address; nonsense there is as if nothing was said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from assessment_app.platform.asked import uuid_of
from assessment_app.talent.messages.words import AGE_NAMES, DEFINITION_NAMES, STATE_NAMES

PROVISIONAL = "sementara"
"""What stands in the address for those who have no box yet."""

SORTS = ("nama", "y", "x", "peluang")
"""What lists can be sorted by; falling with a minus sign before it."""

SUREST_FIRST = "-peluang"

MOST_LETTERS = 100


@dataclass(frozen=True)
class Wanted:
    """Which people a reader wants to see; empty means all."""

    unit: str = ""
    job_level: str = ""
    age: str = ""
    state: str = ""
    near_cut: bool = False
    search: str = ""
    moved: bool = False

    def born(self, today: date) -> tuple[date, date]:
        """Give the day after which, and the last one on which, people of the wanted ages were born."""
        youngest, _, oldest = self.age.partition("-")
        after = _years_before(today, int(oldest) + 1) if oldest else date.min
        return after, _years_before(today, int(youngest)) if youngest else date.max


@dataclass(frozen=True)
class Asked:
    """A page of the nine-box: which matrix, whom, compared with what, and which people listed in which order."""

    definition: str
    wave_id: UUID | None
    compared_id: UUID | None
    wanted: Wanted
    box: int | None
    provisional: bool
    sort: str
    page: int
    ticked: bool = False
    """Whether everybody of the page is chosen already: for who has no script to do it."""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Asked:
        """Read an address."""
        box = args.get("kotak", "")
        return cls(
            definition=_one_of(args.get("sumbu"), DEFINITION_NAMES) or "profiling",
            wave_id=uuid_of(args.get("gelombang", "")), compared_id=uuid_of(args.get("banding", "")),
            wanted=_wanted(args),
            box=int(box) if re.fullmatch("[1-9]", box) else None, provisional=box == PROVISIONAL,
            sort=_sort(args.get("urut", "")),
            page=int(args["halaman"]) if re.fullmatch("[1-9][0-9]{0,5}", args.get("halaman", "")) else 1,
            ticked=args.get("pilih") == "semua",
        )  # fmt: skip

    @property
    def kept(self) -> dict[str, str]:
        """Give what links keep: everything but the box and the page."""
        w = self.wanted
        said = {
            "sumbu": self.definition if self.definition != "profiling" else "", "gelombang": self.wave_id or "",
            "banding": self.compared_id or "", "unit": w.unit, "jenjang": w.job_level, "usia": w.age,
            "keadaan": w.state, "dekat": "1" if w.near_cut else "", "cari": w.search, "pindah": "1" if w.moved else "",
            "urut": self.sort if self.sort != SUREST_FIRST else "",
        }  # fmt: skip
        return {name: str(value) for name, value in said.items() if value}

    def on_page(self, total: int, size: int) -> Asked:
        """Give the same page, or the last one there is."""
        return replace(self, page=min(self.page, max(-(-total // size), 1)))

    def without_comparison(self) -> Asked:
        """Give the same page compared with nothing."""
        return replace(self, compared_id=None, wanted=replace(self.wanted, moved=False))


def _wanted(args: Mapping[str, str]) -> Wanted:
    return Wanted(
        unit=args.get("unit", ""), job_level=args.get("jenjang", ""), age=_one_of(args.get("usia"), AGE_NAMES),
        state=_one_of(args.get("keadaan"), STATE_NAMES), near_cut=args.get("dekat") == "1",
        search=" ".join(args.get("cari", "").replace("\0", "").split())[:MOST_LETTERS], moved=args.get("pindah") == "1",
    )  # fmt: skip


def _sort(value: str) -> str:
    return value if value.removeprefix("-") in SORTS else SUREST_FIRST


def _one_of(value: str | None, known: Mapping[str, str]) -> str:
    return value if value is not None and value in known else ""


def _years_before(day: date, years: int) -> date:
    """Give the day some years earlier; where it has no 29th of February, the day before."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
