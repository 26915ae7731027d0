"""What a list of incidents is asked for, and how it is written as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from assessment_app.logbook.messages.forms import KINDS
from assessment_app.people.messages import write_book, write_csv
from assessment_app.platform.asked import uuid_of

MOST_LETTERS = 60

HEADERS = (
    "TANGGAL", "PUKUL", "ZONA", "GELOMBANG", "RUANG", "TEMPAT", "JENIS", "KURSI", "KEJADIAN", "TINDAKAN",
    "MENIT DIKEMBALIKAN", "DICATAT OLEH",
)  # fmt: skip
"""A sheet for other systems: its words are not translated."""


@dataclass(frozen=True)
class Wanted:
    """Which incidents a list shows; what is not known filters nothing."""

    wave_id: UUID | None = None
    kind: str = ""
    text: str = ""
    open_only: bool = False
    """Only those of which nobody wrote down what was done, and for which no time was given back."""

    @classmethod
    def parse(cls, args: Mapping[str, str]) -> Wanted:
        """Read an address."""
        kind = args.get("jenis", "")
        typed = "".join(sign for sign in args.get("cari", "") if sign.isprintable())
        return cls(
            uuid_of(args.get("gelombang", "")), kind if kind in KINDS else "", " ".join(typed.split())[:MOST_LETTERS],
            args.get("tindakan") == "belum",
        )  # fmt: skip

    @property
    def arguments(self) -> dict[str, str]:
        """Give what an address needs to show the same again, without the page."""
        kept = {"gelombang": str(self.wave_id or ""), "jenis": self.kind, "cari": self.text,
                "tindakan": "belum" if self.open_only else ""}  # fmt: skip
        return {name: value for name, value in kept.items() if value}


def incidents_xlsx(rows: list[list[str]]) -> bytes:
    """Write incidents as a workbook of texts."""
    return write_book("Insiden", [list(HEADERS), *rows], {})


def incidents_csv(rows: list[list[str]]) -> bytes:
    """Write incidents for a spreadsheet with Indonesian settings."""
    return write_csv([list(HEADERS), *rows])
