"""The words of the nine-box pages."""

from __future__ import annotations

from assessment_app.platform.texts import mark

DEFINITION_NAMES = {
    "profiling": mark("Kompetensi × Potensi"),
    "talent": mark("Kinerja × Potensial"),
}

EVIDENCE = (
    (mark("Kinerja"), (
        mark("Predikat kinerja dari e-Kinerja"), mark("Penghargaan"), mark("Penugasan dalam tim kerja"),
        mark("Umpan balik 360"),
    )),
    (mark("Potensial"), (
        mark("Riwayat pengembangan kompetensi"), mark("Pengalaman jabatan"), mark("Pendidikan formal dan bidang ilmu"),
        mark("Rekam jejak disiplin"),
    )),
)  # fmt: skip
"""What the official matrix needs besides the tests, by axis."""
