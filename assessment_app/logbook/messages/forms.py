"""Forms of what is written down of a session, parsed at the border, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scheduling.messages import MOST_REASON, MOST_SEATS, count, reason

KINDS = {
    "power": mark("Listrik"),
    "network": mark("Jaringan"),
    "computer": mark("Komputer"),
    "health": mark("Kesehatan"),
    "conduct": mark("Tata tertib"),
    "late": mark("Terlambat"),
    "identity": mark("Identitas"),
    "other": mark("Lainnya"),
}
"""Kinds of incidents, as pages and the record call them."""

HINDRANCES = {
    "other-wave": mark("Sesi itu milik gelombang lain. Peserta hanya dapat pindah di dalam gelombangnya."),
    "over": mark("Sesi itu sudah selesai. Pilih sesi yang belum selesai."),
    "clock-runs": mark("Bagian peserta ini sedang berjalan. Pindahkan ke sesi yang pintunya terbuka sekarang."),
}
"""Why somebody cannot be moved to a session, in the words of the page."""

MARK_WORDS = {
    ("identity", True): mark("identitas diperiksa"),
    ("identity", False): mark("tanda identitas dicabut"),
    ("absent", True): mark("tidak hadir"),
    ("absent", False): mark("tanda tidak hadir dicabut"),
    ("late", True): mark("diizinkan mulai terlambat"),
    ("late", False): mark("izin terlambat dicabut"),
}
"""What a mark says when it is made, and when it is taken back."""

CHECKED = ("identity", True)
"""The one mark that needs no reason."""

CREDITS = (3, 5, 10, 15, 20, 30, 45, 60, 90)
"""Minutes that an incident can give back in the same act."""

WHOLE_ROOM = ("semua", "all")
MOST_TOLD, MOST_DONE = 500, 300

_SEATS = re.compile(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?", re.ASCII)
_WALL = re.compile(r"([01]\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?", re.ASCII)


def own_id(form: MultiDict[str, str], name: str = "id") -> UUID:
    """Read the number that a page chose for what it sends, so that sending it twice is sending it once."""
    try:
        return UUID(form.get(name, ""))
    except ValueError as error:
        raise Invalid("Halaman ini sudah berubah. Muat ulang lalu coba lagi.") from error


def _text(form: MultiDict[str, str], name: str, label: str, most: int, *, required: bool) -> str:
    value = " ".join(form.get(name, "").replace("\0", " ").split())
    if required and not value:
        raise Invalid(_("%(label)s harus diisi, paling banyak %(most)s huruf.", label=_(label), most=most))
    if len(value) > most:
        raise Invalid(_("%(label)s paling banyak %(most)s huruf.", label=_(label), most=most))
    return value


def read_seats(typed: str) -> tuple[int, ...]:
    """Read ``3, 7-9``; ``semua`` is the whole room and gives nothing. Refuses with Invalid what is neither."""
    text = " ".join(typed.lower().split())
    if text in WHOLE_ROOM:
        return ()
    found = set[int]()
    for piece in re.split(r"[,;]|(?<=\d)\s+(?=\d)", text):
        match = _SEATS.fullmatch(piece.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= MOST_SEATS:
            raise Invalid(_("Tulis nomor kursi seperti 3, 7-9, atau tulis semua untuk seluruh ruangan."))
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def show_seats(numbers: Iterable[int]) -> str:
    """Write seats as a person would: ``03, 07-09``; the whole room in words."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [f"{run[0]:02}" if len(run) == 1 else f"{run[0]:02}-{run[-1]:02}" for run in runs]
    return ", ".join(said) or _("Seluruh ruangan")


@dataclass(frozen=True)
class NewIncident:
    """An incident as the proctor tells it."""

    incident_id: UUID
    kind: str  # of KINDS
    seats: tuple[int, ...]
    """Empty for the whole room."""
    told: str
    done: str = ""
    wall: time | None = None
    """When it happened, by the clock on the wall of the room; none for just now."""
    minutes: int = 0
    """Given back in the same act to those of the seats who are working."""
    after_entry: int = 0
    """The newest entry of the room's ledgers that the page showed: time is given in its light."""
    replaces: UUID | None = None

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> NewIncident:
        """Read the form; refuses with Invalid."""
        replaces = own_id(form, "replaces") if form.get("replaces") else None
        minutes = 0 if replaces or not form.get("minutes") else count(form, "minutes")
        if minutes and minutes not in CREDITS:
            raise Invalid("Pilih berapa menit yang dikembalikan.")
        told = _text(form, "told", mark("Apa yang terjadi"), MOST_TOLD, required=True)
        done = _text(form, "done", mark("Tindakan"), MOST_DONE, required=False)
        return cls(
            own_id(form), read_kind(form.get("kind", "")), read_seats(form.get("seats", "")), told, done,
            _wall(form.get("wall", "")), minutes, count(form, "after_entry") if minutes else 0, replaces,
        )  # fmt: skip

    @property
    def reason(self) -> str:
        """Say in a ledger's line why time was given back."""
        return self.told[:MOST_REASON]


def beside(form: MultiDict[str, str], seats: tuple[int, ...], told: str, done: str, minutes: int) -> NewIncident | None:
    """Read from a form that gives time whether an incident is to be written with it; refuses with Invalid."""
    if not form.get("kind"):
        return None
    return NewIncident(own_id(form), read_kind(form["kind"]), seats, told, done, minutes=minutes)


def read_kind(typed: str) -> str:
    """Read what kind of incident it was; refuses with Invalid."""
    if typed not in KINDS:
        raise Invalid("Pilih jenis insiden.")
    return typed


def _wall(typed: str) -> time | None:
    if not typed:
        return None
    found = _WALL.fullmatch(typed.strip())
    if found is None:
        raise Invalid("Tulis jam kejadian seperti 09.15.")
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class NewMark:
    """What a proctor states of somebody's being there, or takes back."""

    mark_id: UUID
    booking_id: UUID
    """Whom the page showed on the seat."""
    kind: str  # of MARK_WORDS
    holds: bool
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> NewMark:
        """Read the form; an identity that was checked needs no reason, all else does. Refuses with Invalid."""
        kind, holds = form.get("kind", ""), form.get("holds", "1") == "1"
        if (kind, holds) not in MARK_WORDS:
            raise Invalid
        why = "" if (kind, holds) == CHECKED else reason(form)
        return cls(own_id(form), own_id(form, "booking"), kind, holds, why)


@dataclass(frozen=True)
class Move:
    """A wish that somebody sit elsewhere."""

    move_id: UUID
    booking_id: UUID
    """Whom the page showed on the seat."""
    session_id: UUID
    seat: int
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Move:
        """Read the form, whose place is ``session/seat``; refuses with Invalid."""
        place, _slash, seat = form.get("to", "").partition("/")
        wanted = MultiDict({"session": place, "seat": seat})
        if not place:
            raise Invalid("Pilih kursi tujuan.")
        return cls(
            own_id(form), own_id(form, "booking"), own_id(wanted, "session"), count(wanted, "seat"), reason(form)
        )


def concerned(seats: Sequence[int], booked: dict[int, UUID]) -> dict[str, str | None]:
    """Write down who was booked on the seats that an incident names; nobody's seat stands with nothing."""
    return {str(seat): str(booked[seat]) if seat in booked else None for seat in seats}
