"""The names of what is measured and of what results say, as people read them."""

from __future__ import annotations

from assessment_app.platform.texts import mark

COMPETENCY_NAMES = {
    "M.01": mark("Integritas"),
    "M.02": mark("Kerja Sama"),
    "M.03": mark("Komunikasi"),
    "M.04": mark("Orientasi pada Hasil"),
    "M.05": mark("Pelayanan Publik"),
    "M.06": mark("Pengembangan Diri dan Orang Lain"),
    "M.07": mark("Mengelola Perubahan"),
    "M.08": mark("Pengambilan Keputusan"),
    "SK.01": mark("Perekat Bangsa"),
}

ASPECT_NAMES = {
    "intellectual": mark("Kemampuan intelektual"),
    "interpersonal": mark("Kemampuan interpersonal"),
    "self_awareness": mark("Kesadaran diri"),
    "strategic_thinking": mark("Berpikir kritis dan strategis"),
    "problem_solving": mark("Pemecahan masalah"),
    "emotional": mark("Kecerdasan emosional"),
    "growth": mark("Belajar cepat dan mengembangkan diri"),
    "motivation": mark("Motivasi dan komitmen"),
}

PILLAR_NAMES = {
    "cakap": mark("Cakap digital"),
    "budaya": mark("Budaya digital"),
    "etika": mark("Etika digital"),
    "keamanan": mark("Keamanan digital"),
}

PILLAR_BANDS = (
    mark("Sangat rendah"), mark("Rendah"), mark("Sedang"), mark("Tinggi"), mark("Sangat tinggi"),
)  # fmt: skip

PATH_NAMES = {
    "path.manajerial": mark("Manajerial"),
    "path.fungsional": mark("Fungsional-keahlian"),
    "path.pelaksana": mark("Pelaksana/operasional"),
}

POTENTIAL_CATEGORIES = (mark("Rendah"), mark("Menengah"), mark("Tinggi"))

MATCH_CATEGORIES = (
    mark("Optimal"), mark("Cukup Optimal"), mark("Kurang Optimal"), mark("MS"), mark("MMS"), mark("KMS"),
)  # fmt: skip
"""The categories of the rule sets that come with a release; another agency's words stay as it wrote them."""

RULE_NAMES = {
    "jpm.pemetaan": mark("Kategori JPM untuk pemetaan"),
    "jpm.pengisian": mark("Kategori JPM untuk pengisian jabatan"),
    "jpm.purpose": mark("Tujuan yang menentukan kategori JPM"),
    "competency.standard": mark("Level wajib per jenjang"),
    "potential.min_measured": mark("Aspek potensi yang sedikitnya harus terukur"),
    "potential.cuts": mark("Batas potensi menengah dan tinggi"),
    "box.numbering": mark("Penomoran kotak"),
    "competency.near_cut": mark("Level dekat batas bila peluang di bawah"),
    "box.near_cut": mark("Dekat batas bila peluang di bawah"),
}

SOURCE_MARKS = {
    "V2": mark("terlihat di dua sumber publik atau lebih"),
    "V1": mark("terlihat di satu sumber publik"),
    "M": mark("belum diverifikasi, perlu dikonfirmasi instansi"),
    "D": mark("rancangan platform"),
}
