"""Forms that change by hand who sits where, each with a reason and with what its page showed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from assessment_app.people.rules import clean_nip
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scheduling import messages

ADDED, OFF, CAME, LEFT, SEAT = "added", "off", "moved-in", "moved-out", "seat"
AMENDMENTS = {
    ADDED: mark("Ditambahkan"), OFF: mark("Dikeluarkan"), CAME: mark("Pindah ke sesi ini"),
    LEFT: mark("Pindah ke sesi lain"), SEAT: mark("Pindah kursi"),
}  # fmt: skip
"""What can happen to a frozen list, as pages call it."""


@dataclass(frozen=True)
class Place:
    """A seat of a session."""

    session_id: UUID
    seat: int

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read a place as our pages write it; refuses with Invalid."""
        hit = re.fullmatch(r"([0-9a-f-]{36})/(\d{1,4})", text, re.ASCII)
        if hit is None:
            raise Invalid("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")
        return cls(messages.uuid_of(hit[1], mark("Sesi")), int(hit[2]))

    def __str__(self) -> str:
        return f"{self.session_id}/{self.seat}"


@dataclass(frozen=True)
class Move:
    """Somebody is to sit elsewhere: on a seat, or on the first free one where none is named."""

    shown: Place
    session_id: UUID
    seat: int | None
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Move:
        """Read the form; refuses with Invalid."""
        target = messages.uuid_of(form.get("session_id", ""), mark("Sesi"))
        return cls(Place.parse(form.get("shown", "")), target, seat_in(form), messages.reason(form))


@dataclass(frozen=True)
class Swap:
    """Somebody is to change places with whoever sits on another seat."""

    shown: Place
    nip: str
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Swap:
        """Read the form; refuses with Invalid."""
        return cls(Place.parse(form.get("shown", "")), nip_in(form), messages.reason(form))


@dataclass(frozen=True)
class Late:
    """Somebody is to be added to a session by their NIP."""

    nip: str
    seat: int | None
    reason: str

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Late:
        """Read the form; refuses with Invalid."""
        return cls(nip_in(form), seat_in(form), messages.reason(form))


def seat_in(form: MultiDict[str, str]) -> int | None:
    """Read a number of a seat that may be left empty; refuses with Invalid."""
    text = form.get("seat", "").strip()
    if not text:
        return None
    seat = messages.whole_number(text, 1, messages.MOST_SEATS)
    if seat is None:
        raise Invalid(_("Nomor kursi harus angka 1 sampai %(most)s.", most=messages.MOST_SEATS))
    return seat


def nip_in(form: MultiDict[str, str]) -> str:
    """Read a NIP as people type it; refuses with Invalid."""
    nip = clean_nip(form.get("nip", ""))
    if not re.fullmatch(r"\d{18}", nip, re.ASCII):
        raise Invalid("NIP terdiri atas 18 angka. Periksa lalu ketik lagi.")
    return nip
