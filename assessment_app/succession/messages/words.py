"""The words of succession: criteria with their reasons, deeds, groups, and what is different now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark, show_date, show_number
from scoring_engine.standards.match import percent_display

POOL_NAMES = {"agency": mark("Instansi"), "national": mark("Nasional")}

PART_NAMES = {
    "box": mark("Kotak"), "discipline": mark("Rekam jejak disiplin"), "retirement": mark("Sisa masa kerja"),
    "result": mark("Hasil penilaian"), "technical": mark("Kecocokan teknis"),
    "match": mark("JPM terhadap jabatan sasaran"), "value": mark("Nilai talenta"), "rank": mark("Peringkat"),
}  # fmt: skip

STATE_NAMES = {"met": mark("Terpenuhi"), "not_met": mark("Tidak terpenuhi"), "unknown": mark("Belum diketahui")}
STATE_LOOKS = {"met": ("ok", "check"), "not_met": ("danger", "cross"), "unknown": ("warn", "help")}

OVERALL_NAMES = {
    "met": mark("Memenuhi saringan"), "not_met": mark("Tidak memenuhi saringan"),
    "unknown": mark("Ada yang belum diketahui"),
}  # fmt: skip

DEED_NAMES = {
    "proposed": mark("Diusulkan"), "taken": mark("Masuk kelompok"), "not_taken": mark("Tidak dimasukkan"),
    "withdrawn": mark("Usulan ditarik"), "taken_out": mark("Dikeluarkan dari kelompok"),
}  # fmt: skip
DEED_LOOKS = {
    "proposed": ("info", "clock"), "taken": ("ok", "star"), "not_taken": ("outline", "minus"),
    "withdrawn": ("outline", "swap"), "taken_out": ("outline", "minus"),
}  # fmt: skip

DONE = {
    "taken": mark("Masuk kelompok rencana suksesi. Dasar keputusan ini tersimpan."),
    "not_taken": mark("Tidak dimasukkan. Alasannya tersimpan."),
    "withdrawn": mark("Usulan ditarik."),
    "taken_out": mark("Dikeluarkan dari kelompok rencana suksesi. Alasannya tersimpan."),
}
"""What the next page says after each act."""

ACT_NAMES = {
    "taken": mark("Masukkan ke kelompok"), "not_taken": mark("Tidak dimasukkan"), "withdrawn": mark("Tarik usulan"),
    "taken_out": mark("Keluarkan dari kelompok"),
}  # fmt: skip

SANCTIONS = {"light": mark("ringan"), "medium": mark("sedang"), "heavy": mark("berat")}

REASONS = {
    "box.final": mark("Kotak %(box)s; kelompok ini diisi dari kotak %(group)s."),
    "box.none_possible": mark("Kotak masih sementara (%(boxes)s); tidak satu pun termasuk kotak %(group)s."),
    "box.provisional": mark("Kotak masih sementara: %(boxes)s. Kelompok ini diisi dari kotak %(group)s."),
    "discipline.grave": mark(
        "Hukuman %(level)s sejak %(since)s (%(name)s), dalam masa saring %(years)s tahun sejak "
        "%(begin)s."
    ),
    "discipline.light": mark(
        "Dalam masa saring %(years)s tahun sejak %(begin)s hanya hukuman ringan (%(name)s, "
        "%(since)s)."
    ),
    "discipline.none": mark("Diperiksa %(day)s: tidak ada hukuman. Masa saring %(years)s tahun sejak %(begin)s."),
    "discipline.conflict": mark(
        "Ada hukuman %(level)s sejak %(since)s, tetapi pada %(day)s dicatat tidak ada. Cabut yang "
        "keliru."
    ),
    "discipline.old": mark(
        "Yang tercatat lebih lama daripada masa saring %(years)s tahun (sejak %(begin)s). Periksa rekam "
        "jejak sekarang."
    ),
    "discipline.unchecked": mark(
        "Rekam jejak disiplin belum diperiksa untuk masa saring %(years)s tahun (sejak "
        "%(begin)s)."
    ),
    "retirement.later": mark(
        "%(months)s bulan sampai pensiun %(start)s (BUP %(age)s); paling sedikit %(least)s "
        "bulan."
    ),
    "retirement.soon": mark(
        "Tinggal %(months)s bulan sampai pensiun %(start)s (BUP %(age)s); paling sedikit %(least)s "
        "bulan."
    ),
    "retirement.contract": mark(
        "PPPK: akhir kontraknya tidak tercatat di sini, BUP %(age)s baru %(start)s. Paling sedikit "
        "%(least)s bulan."
    ),
    "retirement.no_age": mark("Aturan tidak menyebut BUP jabatannya; paling sedikit %(least)s bulan."),
    "retirement.left": mark("Tidak lagi tercatat sebagai pegawai aktif instansi ini."),
    "result.valid": mark("Ditandatangani; asesmen %(assessed)s berlaku %(years)s tahun, sampai %(until)s."),
    "result.expired": mark("Asesmen %(assessed)s hanya berlaku %(years)s tahun, sampai %(until)s."),
    "result.unsigned": mark("Hasil asesmen %(assessed)s belum ditandatangani asesor."),
}  # fmt: skip
"""Why a criterion is what it is, by the codes of ``rules.screening``."""

MATCH_REASONS = {
    "unsigned": mark("Menunggu tanda tangan asesor."), "no_standard": mark("Jabatan sasaran tidak punya standar."),
    "incomplete": mark("Ada kompetensi yang belum terukur."),
}  # fmt: skip

DAYS = ("since", "begin", "day", "start", "there", "assessed", "until")


def why(criterion: Mapping[str, Any]) -> str:
    """Word the reason of a written criterion in the reader's language."""
    pattern = REASONS[criterion["code"]]
    return _(pattern, **{name: _shown(name, one) for name, one in criterion["values"].items()})


def state(criterion: Mapping[str, Any]) -> str:
    """Word what is known of a written criterion."""
    known = STATE_NAMES[criterion["state"]]
    return _(known)


def _shown(name: str, value: Any) -> str:
    if name in DAYS:
        return show_date(date.fromisoformat(value), "short")
    if name == "level":
        return _(SANCTIONS.get(value, value))
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return str(value)


def there(criterion: Mapping[str, Any]) -> str:
    """Say when the pension would begin for whoever is appointed to the target post, where that is another day."""
    values = criterion["values"]
    if "there" not in values:
        return ""
    return _("Bila diangkat ke jabatan sasaran: pensiun %(day)s (BUP %(age)s).",
             day=_shown("there", values["there"]), age=values["there_age"])  # fmt: skip


def match(said: Mapping[str, Any]) -> str:
    """Word a match in one line: percentage, category, or why there is none."""
    if said.get("exact") is None:
        reason = MATCH_REASONS[said["why"]]
        return _(reason)
    category = said["category"]
    return f"{percent(said['exact'])}%, {_(category)}"


def percent(exact: Sequence[int]) -> str:
    """Write an exact number with two decimals."""
    return show_number(float(percent_display(Fraction(*exact))), 2)


def part(name: str, said: Any) -> str:
    """Word one part of a document, for a page that puts two of them side by side."""
    if said is None:
        return _("belum ada")
    if name == "technical":
        return show_number(said["hundredths"] / 100, 2)
    if name == "match":
        return match(said)
    if name == "value":
        return percent(said)
    if name == "rank":
        return rank(said)
    values = said["values"]
    if name == "retirement" and "start" in values:
        return _("%(state)s, pensiun %(day)s", state=state(said), day=_shown("start", values["start"]))
    near = _("Dekat batas.") if said.get("near_cut") else ""
    return f"{state(said)}. {why(said)} {near}".rstrip()


def rank(said: Mapping[str, Any]) -> str:
    """Write a rank; equals say so."""
    if said["rank"] is None:
        return _("tanpa peringkat")
    return _("%(rank)s (seri)", rank=said["rank"]) if said["tied"] else str(said["rank"])


def unused(said: Mapping[str, Any]) -> str:
    """Say which measures could not be compared among people of one box; empty when all could."""
    names = ", ".join(_(PART_NAMES[name]) for name in said["unused"])
    return _("Tidak dipakai karena tidak diketahui pada semua yang setara: %(names)s.", names=names) if names else ""


def changed(parts: Sequence[str]) -> str:
    """Name what has changed."""
    return ", ".join(_(PART_NAMES[name]) for name in parts)
