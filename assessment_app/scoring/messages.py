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
