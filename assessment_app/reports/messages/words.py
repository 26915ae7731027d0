"""The words of the pages of reports."""

from __future__ import annotations

from assessment_app.platform.texts import mark

STATES = {
    "waiting": mark("Siap diterbitkan"),
    "asked": mark("Sedang diterbitkan"),
    "issued": mark("Sudah terbit"),
    "replaced": mark("Terbit sebagai pengganti"),
    "held": mark("Ditahan"),
    "unsigned": mark("Belum ditandatangani"),
}
"""Where somebody stands; ``replaced`` is a filter: a report that took the place of an earlier one."""

WHY = {
    "held": mark("Hasil sedang ditinjau lagi, dihitung ulang, atau belum ditempatkan sesudah ditandatangani."),
    "unsigned": mark("Belum ada hasil yang ditandatangani asesor."),
}
"""Why nobody can issue a report now."""

VERDICTS = {
    "valid": (mark("Sah dan berlaku"), "ok", "check"),
    "replaced": (mark("Sudah diganti laporan yang lebih baru"), "warn", "warning"),
    "expired": (mark("Masa berlakunya sudah lewat"), "warn", "clock"),
}
"""What verification says of a report, with how that looks."""

KINDS = {"Penugasan": mark("Penugasan"), "Mentoring": mark("Mentoring"), "Pelatihan": mark("Pelatihan")}
