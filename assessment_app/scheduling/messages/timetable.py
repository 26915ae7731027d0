"""The form that asks for many sessions at once: days, times, rooms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from uuid import UUID

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scheduling import messages

Times = tuple[time, time]
"""From when until when, on the wall clock of a room."""

FRIDAY = 4
MOST_DAYS = 92
MOST_SESSIONS = 1000
SLOTS = 4
"""Sessions of one day that the form asks for."""

WEEKDAYS = (
    mark("Senin"), mark("Selasa"), mark("Rabu"), mark("Kamis"), mark("Jumat"), mark("Sabtu"), mark("Minggu"),
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)


@dataclass(frozen=True)
class Grid:
    """Days, slots of an ordinary day and of a Friday, and rooms."""

    days: tuple[date, ...]
    usual: tuple[Times, ...]
    friday: tuple[Times, ...]
    room_ids: tuple[UUID, ...]

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Grid:
        """Read the form; refuses with Invalid, saying what to change."""
        days = _days(form)
        usual, friday = _slots(form, ""), _slots(form, "friday_")
        ticked = dict.fromkeys(form.getlist("room_id"))
        rooms = tuple(messages.uuid_of(text, mark("Ruang")) for text in ticked)
        if not rooms:
            raise Invalid("Centang paling sedikit satu ruang.")
        wanted = sum(len(friday if day.weekday() == FRIDAY else usual) for day in days)
        if not wanted:
            raise Invalid("Isi jam paling sedikit satu sesi untuk hari-hari yang dipilih.")
        if wanted * len(rooms) > MOST_SESSIONS:
            raise Invalid(
                _("Paling banyak %(most)s sesi sekali buat. Bagi menjadi beberapa rentang.", most=MOST_SESSIONS)
            )
        return cls(days, usual, friday, rooms)


def _days(form: MultiDict[str, str]) -> tuple[date, ...]:
    first, last = _day(form.get("first", "")), _day(form.get("last", ""))
    if last < first:
        raise Invalid("Tanggal terakhir harus sama dengan atau sesudah tanggal pertama.")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(_("Rentang tanggal paling banyak %(most)s hari.", most=MOST_DAYS))
    chosen = frozenset(int(text) for text in form.getlist("weekday") if text in tuple("0123456"))
    without = frozenset(_day(text) for text in re.split(r"[,;\s]+", form.get("without", "")) if text)
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = tuple(day for day in span if day.weekday() in chosen and day not in without)
    if not days:
        raise Invalid("Tidak ada hari yang tersisa. Periksa rentang tanggal, hari yang dicentang, dan hari libur.")
    return days


def _day(text: str) -> date:
    hit = _DAY.fullmatch(text.strip())
    try:
        if hit is None:
            raise ValueError(text)
        parts = hit.groups()
        found = date(*map(int, parts[:3])) if parts[0] else date(*map(int, reversed(parts[3:])))
    except ValueError as error:
        said = _("Tanggal %(text)s tidak dapat dibaca. Tulis seperti 30-11-2026.", text=f"“{text[:20]}”")
        raise Invalid(said) from error
    if found.year not in messages.YEARS:
        raise Invalid("Periksa tahun sesi.")
    return found


def _slots(form: MultiDict[str, str], prefix: str) -> tuple[Times, ...]:
    pairs = zip(form.getlist(f"{prefix}starts"), form.getlist(f"{prefix}ends"), strict=False)
    slots = sorted((_time(start), _time(end)) for start, end in pairs if start.strip() or end.strip())
    if any(ends <= starts for starts, ends in slots):
        raise Invalid("Sesi harus berakhir sesudah mulai, pada hari yang sama.")
    for before, after in pairwise(slots):
        if after[0] < before[1]:
            first, second = (f"{starts:%H.%M}-{ends:%H.%M}" for starts, ends in (before, after))
            said = _("Jam sesi tumpang tindih: %(first)s dan %(second)s. Satu ruang hanya untuk satu sesi.",
                     first=first, second=second)  # fmt: skip
            raise Invalid(said)
    return tuple(slots)


def _time(text: str) -> time:
    hit = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?:[:.]00)?", text.strip(), re.ASCII)
    try:
        if hit is None:
            raise ValueError(text)
        return time(int(hit[1]), int(hit[2]))
    except ValueError as error:
        raise Invalid("Isi jam mulai dan jam berakhir setiap sesi, seperti 07.30.") from error
