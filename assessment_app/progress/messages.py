"""Why something failed and what to do, for people; and the form that asks for another try."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from assessment_app.scoring.rules.faults import Reason

WORDS = {
    Reason.NO_SHEET: (
        mark("Lembar jawaban yang disegel tidak ditemukan."),
        mark("Hubungi admin sistem: basis data ujian mungkin dipulihkan dari cadangan yang lebih lama."),
    ),
    Reason.CHANGED_SHEET: (
        mark("Lembar jawaban tidak sama dengan saat disegel."),
        mark("Jangan dinilai. Laporkan ke auditor dan admin sistem; lembar asli ada di cadangan."),
    ),
    Reason.OTHER_KEY: (
        mark("Lembar jawaban menunjuk kunci lain daripada formulirnya."),
        mark("Laporkan ke psikometris: formulir dan kunci harus berasal dari penerbitan yang sama."),
    ),
    Reason.NO_KEY: (
        mark("Kunci formulir ini tidak ada di brankas."),
        mark("Minta admin sistem memulihkan brankas dari cadangan, lalu coba lagi."),
    ),
    Reason.BROKEN_KEY: (
        mark("Kunci formulir ini rusak di brankas."),
        mark("Minta admin sistem memulihkan brankas dari cadangan, lalu coba lagi. Laporkan ke auditor."),
    ),
    Reason.NO_PARAMETERS: (
        mark("Ada butir yang belum punya parameter yang cocok."),
        mark("Minta psikometris memeriksa kalibrasi formulir ini, lalu coba lagi."),
    ),
    Reason.UNKNOWN_ANSWER: (
        mark("Ada jawaban yang tidak dikenal oleh kunci."),
        mark("Minta psikometris membandingkan formulir yang dikerjakan dengan kuncinya."),
    ),
    Reason.NO_RULES: (
        mark("Belum ada aturan yang berlaku atau aturannya tidak lengkap."),
        mark("Minta admin sistem memeriksa himpunan aturan, lalu coba lagi."),
    ),
    Reason.NO_STANDARD: (
        mark("Jabatan atau standar kompetensi orang ini tidak diketahui."),
        mark("Lengkapi jabatan dan jenjangnya, atau standar jenjang itu dalam aturan, lalu coba lagi."),
    ),
}
"""By reason: what is wrong, and what to do. Nothing of a key is said, not even the item."""

UNKNOWN = (
    mark("Ada gangguan pada sistem."),
    mark("Bila tetap gagal, hubungi admin sistem dan sebutkan nomor pekerjaannya; rinciannya ada di catatan pekerja."),
)
"""For what a person could not have foreseen."""

TASK_NAMES = {
    "score_attempt": mark("Penilaian"), "make_profile": mark("Penyusunan profil"), "place": mark("Penempatan kotak"),
    "compare_versions": mark("Perbandingan versi kunci"), "report_issue": mark("Penerbitan laporan"),
}  # fmt: skip


def words(reason: str) -> tuple[str, str]:
    """Say what is wrong and what to do, in the reader's language."""
    wrong, what_to_do = WORDS.get(Reason(reason), UNKNOWN) if reason in set(Reason) else UNKNOWN
    return _(wrong), _(what_to_do)


def length(seconds: float) -> str:
    """Say how long something has waited, in its two largest units."""
    whole = int(seconds)
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return _("%(days)s hari %(hours)s jam", days=days, hours=hours)
    if hours:
        return _("%(hours)s jam %(minutes)s menit", hours=hours, minutes=minutes)
    if minutes:
        return _("%(minutes)s menit %(seconds)s detik", minutes=minutes, seconds=whole % 60)
    return _("%(seconds)s detik", seconds=whole)


@dataclass(frozen=True)
class Again:
    """Which failed work is to be tried again: one job, or all of the wave's."""

    job_id: int | None

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Again:
        """Read the form; refuses with Invalid."""
        said = form.get("pekerjaan", "")
        if said == "semua":
            return cls(None)
        if not (said.isascii() and said.isdecimal() and len(said) < 10):
            raise Invalid(_("Pilih pekerjaan yang akan dicoba lagi."))
        return cls(int(said))
