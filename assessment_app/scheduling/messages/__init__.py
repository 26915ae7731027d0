"""Planning forms, parsed at the border."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
REHEARSAL = "gladi"
PURPOSES = {"pemetaan": mark("Pemetaan"), "pengisian": mark("Pengisian jabatan"), REHEARSAL: mark("Gladi")}
INSTRUMENTS = {
    "managerial_sociocultural": mark("Manajerial dan sosial kultural"),
    "potential": mark("Potensi"),
    "digital_literacy": mark("Literasi digital"),
    "career_preference": mark("Preferensi karier"),
}
"""What a form measures, as pages call it."""

MOST_SEATS = 500
MOST_REASON = 150
"""A reason fits on one line of a report and, with what was done, into one event."""

YEARS = range(2020, 2100)
"""A session outside of these is a slip of the finger."""

MOST_KEYS = 50
"""Browser Exam Keys of one wave: one for each version and system that a lab has."""

BROWSER_POLICIES = {
    "off": mark("Tidak dipakai"),
    "optional": mark("Boleh dipakai"),
    "required": mark("Wajib"),
}
"""How a wave can stand to Safe Exam Browser, as pages call it."""

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def _text(form: MultiDict[str, str], name: str, label: str, longest: int) -> str:
    value = " ".join(form.get(name, "").split())
    if not value or len(value) > longest:
        said = _("%(label)s harus diisi, paling banyak %(most)s huruf.", label=_(label), most=longest)
        raise Invalid(said)
    return value


def uuid_of(text: str, label: str) -> UUID:
    """Read a number that a page of ours sent along; refuses with Invalid, naming what it is of."""
    try:
        return UUID(text)
    except ValueError as error:
        said = _("%(label)s tidak dikenal. Muat ulang halaman lalu pilih lagi.", label=_(label))
        raise Invalid(said) from error


def reason(form: MultiDict[str, str]) -> str:
    """Read why somebody does something that has to be explained; refuses with Invalid when nothing is said."""
    return _text(form, "reason", mark("Alasan"), MOST_REASON)


def whole_number(text: str, least: int, most: int) -> int | None:
    """Read a whole number between two others; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if is_number and least <= int(text) <= most else None


def count(form: MultiDict[str, str], name: str) -> int:
    """Read a number that a page of ours sent along; refuses with Invalid."""
    number = whole_number(form.get(name, ""), 0, 10**18)
    if number is None:
        raise Invalid("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")
    return number


@dataclass(frozen=True)
class NewRoom:
    """A room as the planner describes it."""

    name: str
    site: str
    timezone: str
    seats: int

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> NewRoom:
        """Read the form; refuses with Invalid."""
        seats, zone = whole_number(form.get("seats", ""), 1, MOST_SEATS), form.get("timezone", "")
        if seats is None:
            raise Invalid(_("Jumlah kursi harus angka 1 sampai %(most)s.", most=MOST_SEATS))
        if zone not in ZONES:
            raise Invalid("Pilih zona waktu WIB, WITA, atau WIT.")
        name, site = _text(form, "name", mark("Nama ruang"), 80), _text(form, "site", mark("Lokasi"), 120)
        return cls(name, site, zone, seats)

    def columns(self) -> dict[str, object]:
        """Give the values by column."""
        return asdict(self)


@dataclass(frozen=True)
class NewWave:
    """A wave as the planner describes it."""

    name: str
    purpose: str
    form_ids: tuple[str, ...]
    wave_id: UUID = field(default_factory=uuid4)
    """Chosen by the page that asks, so that sending it twice plans one wave."""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> NewWave:
        """Read the form, where a place of the battery may stay empty; refuses with Invalid."""
        purpose, form_ids = form.get("purpose", ""), tuple(filter(None, form.getlist("form_id")))
        if purpose not in PURPOSES:
            raise Invalid("Pilih tujuan gelombang.")
        if not form_ids or len(set(form_ids)) != len(form_ids):
            raise Invalid("Pilih paling sedikit satu naskah, masing-masing satu kali.")
        if not all(_SHA256.fullmatch(form_id) for form_id in form_ids):
            raise Invalid("Naskah ini tidak ada.")
        name = _text(form, "name", mark("Nama gelombang"), 120)
        return cls(name, purpose, form_ids, uuid_of(form.get("wave_id", ""), mark("Gelombang")))


@dataclass(frozen=True)
class NewSession:
    """A session as the planner describes it; the times are of the room's zone."""

    room_id: UUID
    starts: datetime
    ends: datetime

    @classmethod
    def parse(cls, form: MultiDict[str, str], zones: dict[UUID, str]) -> NewSession:
        """Read the form with the zone of each room; refuses with Invalid."""
        room_id = uuid_of(form.get("room_id", ""), mark("Ruang"))
        zone = ZoneInfo(zones.get(room_id, "Asia/Jakarta"))
        starts, ends = _local(form, "starts", zone), _local(form, "ends", zone)
        if ends <= starts:
            raise Invalid("Sesi harus berakhir sesudah mulai.")
        return cls(room_id, starts, ends)


def _local(form: MultiDict[str, str], name: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(form.get(name, "")).replace(tzinfo=zone)
    except ValueError as error:
        raise Invalid("Isi tanggal dan jam mulai serta selesai.") from error
    if moment.year not in YEARS:
        raise Invalid("Periksa tahun sesi.")
    return moment


@dataclass(frozen=True)
class BrowserRule:
    """How a wave is to stand to Safe Exam Browser."""

    policy: str
    exam_keys: tuple[str, ...] = ()

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> BrowserRule:
        """Read the form; refuses with Invalid."""
        if form.get("policy", "") not in BROWSER_POLICIES:
            raise Invalid("Pilih apakah gelombang ini memakai Safe Exam Browser.")
        keys = tuple(dict.fromkeys(form.get("exam_keys", "").lower().split()))
        for place, key in enumerate(keys, 1):
            if not _SHA256.fullmatch(key):
                said = _("Browser Exam Key ke-%(place)s bukan 64 angka heksadesimal. Salin lagi dari SEB Config Tool.",
                         place=place)  # fmt: skip
                raise Invalid(said)
        if len(keys) > MOST_KEYS:
            raise Invalid(_("Paling banyak %(most)s Browser Exam Key.", most=MOST_KEYS))
        return cls(form["policy"], keys)


def employee_ids(form: MultiDict[str, str]) -> list[UUID]:
    """Read which employees were ticked; refuses with Invalid when it was nobody, or more than any room seats."""
    if len(form.getlist("employee_id")) > MOST_SEATS:
        raise Invalid
    ticked = [uuid_of(text, mark("Pegawai")) for text in form.getlist("employee_id")]
    if not ticked:
        raise Invalid("Centang paling sedikit satu pegawai.")
    return ticked


@dataclass(frozen=True)
class Delivery:
    """A published form on its way from the vault to the exam store: words and the name of a key, no key."""

    form_id: str
    key_seal: str
    code: str
    title: str
    instrument: str
    items: int
    time_limit_ms: int
    demonstration: bool
    purpose: str
    presentation: bytes
