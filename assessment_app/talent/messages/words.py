"""The words of the nine-box pages."""

from __future__ import annotations

from assessment_app.platform.texts import mark

DEFINITION_NAMES = {
    "profiling": mark("Kompetensi × Potensi"),
    "talent": mark("Kinerja × Potensial"),
}

AXIS_NAMES = {
    "profiling": (mark("Kompetensi"), mark("potensi")),
    "talent": (mark("Kinerja"), mark("potensial")),
}
"""The rows and the columns of a matrix, as its heading and its boxes name them."""

AXIS_HINTS = {
    "profiling": (mark("Kompetensi (JPM)"), mark("Potensi (gabungan aspek terukur)")),
    "talent": (mark("Kinerja"), mark("Potensial (kompetensi, potensi, rekam jejak)")),
}

ROW_NAMES = (mark("Di bawah ekspektasi"), mark("Sesuai ekspektasi"), mark("Di atas ekspektasi"))

SIDE_NAMES = {
    "profiling": (mark("sisi kompetensi"), mark("sisi potensi")),
    "talent": (mark("sisi kinerja"), mark("sisi potensial")),
}

STATE_NAMES = {
    "proposed": mark("Usulan sistem"),
    "signed": mark("Ditandatangani asesor"),
}

COMPONENT_NAMES = {
    "performance": mark("Penilaian kinerja"),
    "award": mark("Penghargaan"),
    "team": mark("Penugasan dalam tim kerja"),
    "feedback_360": mark("Umpan balik kinerja 360"),
    "competency": mark("Penilaian kompetensi"),
    "development": mark("Pengembangan kompetensi"),
    "experience": mark("Pengalaman jabatan"),
    "potential": mark("Penilaian potensi"),
    "education": mark("Tingkat pendidikan formal"),
    "field": mark("Kesesuaian bidang ilmu"),
    "discipline": mark("Verifikasi rekam jejak disiplin"),
}

PREDICATE_NAMES = {
    "sangat_baik": mark("Sangat Baik"),
    "baik": mark("Baik"),
    "butuh_perbaikan": mark("Butuh Perbaikan"),
    "kurang": mark("Kurang"),
    "sangat_kurang": mark("Sangat Kurang"),
}

AGE_NAMES = {
    "-34": mark("di bawah 35 tahun"),
    "35-44": mark("35-44 tahun"),
    "45-54": mark("45-54 tahun"),
    "55-": mark("55 tahun ke atas"),
}
