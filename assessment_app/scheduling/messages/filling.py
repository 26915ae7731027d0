"""The form that fills a wave: who is chosen, and within which limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from assessment_app.people.rules import JobLevel, clean_nip
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scheduling import messages

AWAY_PERCENT = 25
"""How much of a unit may be away at one time, unless the planner says otherwise: services go on."""

SPARE_PERCENT = 5
"""Seats of a room that stay free for broken computers and latecomers (domain rule wave.spare_seat_ratio)."""

MOST_NIPS = 20_000
MOST_UNITS = 2000
_SHOWN = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Filling:
    """Whom to place, and within which limits; as it stands, every active employee without a seat in the wave."""

    unit_ids: frozenset[UUID] = frozenset()
    """Only of these units and those below them; empty means of all."""
    job_levels: frozenset[str] = frozenset()
    """Only of these levels (``people.rules.JobLevel``); empty means of all."""
    nips: tuple[str, ...] = ()
    """Only these people; empty means everybody."""
    spare_percent: int = SPARE_PERCENT
    spare_seats: int = 0
    """Seats of every room that stay free: percent rounded up, or this number where it is more."""
    away_percent: int = AWAY_PERCENT
    """How much of a unit may be away at one time."""
    shown: str = ""
    """Fingerprint of the plan that somebody saw and agrees to; empty agrees to whatever comes out."""

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Filling:
        """Read the form; refuses with Invalid, saying what to change."""
        units, levels = form.getlist("unit_id"), form.getlist("job_level")
        if len(units) > MOST_UNITS or not set(levels) <= set(JobLevel):
            raise Invalid("Halaman ini sudah berubah. Muat ulang lalu coba lagi.")
        shown = form.get("shown", "")
        return cls(
            frozenset(messages.uuid_of(text, mark("Unit kerja")) for text in units), frozenset(levels),
            nips_in(form.get("nips", "")),
            _number(form, "spare_percent", mark("Kursi cadangan (persen)"), 0, 50, SPARE_PERCENT),
            _number(form, "spare_seats", mark("Kursi cadangan (jumlah)"), 0, messages.MOST_SEATS, 0),
            _number(form, "away_percent", mark("Batas unit (persen)"), 1, 100, AWAY_PERCENT),
            shown if _SHOWN.fullmatch(shown) else "",
        )  # fmt: skip


def nips_in(text: str) -> tuple[str, ...]:
    """Read a list of NIPs, one a line or parted by commas, each as people type it; refuses with Invalid."""
    lines = [line for line in re.split(r"[\n\r,;\t]+", text) if line.strip()]
    if len(lines) > MOST_NIPS:
        raise Invalid(_("Paling banyak %(most)s NIP sekali isi.", most=MOST_NIPS))
    return tuple(dict.fromkeys(clean_nip(line)[:40] for line in lines))


def _number(form: MultiDict[str, str], name: str, label: str, least: int, most: int, default: int) -> int:
    text = form.get(name, "").strip()
    if not text:
        return default
    number = messages.whole_number(text, least, most)
    if number is None:
        said = _("%(label)s harus angka %(least)s sampai %(most)s.", label=_(label), least=least, most=most)
        raise Invalid(said)
    return number


WHYS = {
    "no-seat": mark(
        "Kursi habis: yang tersisa hanya kursi cadangan. Tambah sesi atau ruang, atau kurangi kursi cadangan."
    ),
    "unit-away": mark(
        "Batas unit: pada waktu yang masih punya kursi, %(limit)s dari %(heads)s orang %(unit)s sudah pergi. "
        "Tambah sesi pada waktu lain, atau naikkan batas unit."
    ),
    "too-short": mark(
        "Perlu sesi %(needed)s menit karena tambahan waktu; yang terpanjang %(longest)s menit. "
        "Tambah sesi yang lebih panjang."
    ),
    "busy": mark("Sudah punya sesi gelombang lain pada semua waktu yang tersedia. Tambah sesi pada waktu lain."),
    "unknown": mark(
        "NIP ini tidak terdaftar sebagai pegawai aktif instansi Anda. Periksa angkanya, atau impor datanya dahulu."
    ),
    "booked": mark("Sudah punya kursi di gelombang ini; tempatnya tidak diubah."),
}
"""Why somebody is not placed and what to do about it, as pages say it."""

WHY_HEADS = {
    "no-seat": mark("kursi habis; tambah sesi atau ruang, atau kurangi kursi cadangan"),
    "unit-away": mark("batas unit tercapai pada setiap waktu yang masih punya kursi; tambah sesi pada waktu lain, atau "
                      "naikkan batas unit"),
    "too-short": mark("tidak ada sesi yang cukup panjang untuk tambahan waktunya; tambah sesi yang lebih panjang"),
    "busy": mark("sudah punya sesi gelombang lain pada semua waktu yang tersedia; tambah sesi pada waktu lain"),
    "unknown": mark("NIP tidak terdaftar sebagai pegawai aktif; periksa angkanya, atau impor datanya"),
    "booked": mark("sudah punya kursi di gelombang ini"),
}  # fmt: skip
"""The same in one line for many people."""
