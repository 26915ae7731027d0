"""The names of rules and of how sure they are, as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark

RULE_NAMES = {
    "jpm.pemetaan": mark("Kategori JPM untuk pemetaan"),
    "jpm.pengisian": mark("Kategori JPM untuk pengisian jabatan"),
    "jpm.purpose": mark("Tujuan yang menentukan kategori JPM"),
    "jpm.cap_per_competency": mark("JPM dibatasi pada standar tiap kompetensi"),
    "jpm.cap_total": mark("Batas atas JPM keseluruhan"),
    "jpm.weights": mark("Bobot kompetensi dalam JPM"),
    "competency.standard": mark("Level wajib per jenjang"),
    "competency.near_cut": mark("Level dekat batas bila peluang di bawah"),
    "competency.correlation": mark("Korelasi antarkompetensi"),
    "assessment.validity_years": mark("Masa berlaku hasil asesmen (tahun)"),
    "assessment.objection_days": mark("Masa keberatan atas laporan (hari)"),
    "assessment.assessors_min": mark("Jumlah asesor paling sedikit"),
    "review.adjustment_limit": mark("Penyesuaian level paling jauh"),
    "review.reason_min_letters": mark("Panjang alasan paling sedikit (huruf)"),
    "validity.rapid_seconds": mark("Jawaban kilat: lebih cepat dari (detik)"),
    "validity.effort_least": mark("Upaya menjawab paling sedikit"),
    "validity.fit_level": mark("Kesesuaian pola: bagian orang jujur di bawah batas"),
    "validity.least_rated": mark("Pernyataan berskala yang sedikitnya terjawab untuk diperiksa"),
    "validity.longstring_share": mark("Jawaban sama berturut-turut paling banyak (bagian)"),
    "validity.straight_share": mark("Jawaban yang sama paling banyak (bagian)"),
    "validity.consistency_least": mark("Konsistensi blok ulang paling sedikit"),
    "potential.weights": mark("Bobot aspek potensi"),
    "potential.min_measured": mark("Aspek potensi yang sedikitnya harus terukur"),
    "potential.correlation": mark("Korelasi antaraspek potensi"),
    "potential.cuts": mark("Batas potensi menengah dan tinggi"),
    "talent.y.weights": mark("Bobot komponen kinerja (sumbu Y)"),
    "talent.x.weights": mark("Bobot komponen potensial (sumbu X)"),
    "talent.axis_weights": mark("Bobot sumbu dalam nilai talenta"),
    "talent.cut.y": mark("Batas kinerja menengah dan tinggi"),
    "talent.cut.x": mark("Batas potensial menengah dan tinggi"),
    "talent.missing_policy": mark("Perlakuan bukti yang belum ada"),
    "talent.subscale.award": mark("Nilai penghargaan menurut tingkat pemberi"),
    "talent.subscale.team": mark("Nilai penugasan tim menurut peran"),
    "talent.subscale.development": mark("Nilai pengembangan kompetensi"),
    "talent.subscale.experience": mark("Nilai lama pengalaman jabatan (tahun)"),
    "talent.subscale.education": mark("Nilai pendidikan formal"),
    "talent.subscale.field": mark("Nilai kesesuaian bidang ilmu"),
    "talent.subscale.discipline": mark("Nilai rekam jejak disiplin"),
    "talent.window.award_years": mark("Penghargaan dihitung (tahun terakhir)"),
    "talent.window.team_years": mark("Penugasan tim dihitung (tahun terakhir)"),
    "talent.window.certificate_years": mark("Sertifikat dihitung (tahun terakhir)"),
    "talent.window.bnsp_certificate_years": mark("Sertifikat BNSP dihitung (tahun terakhir)"),
    "talent.technical_mix": mark("Campuran nilai talenta dan kompetensi teknis"),
    "predicate.matrix": mark("Predikat dari hasil kerja dan perilaku"),
    "predicate.score": mark("Nilai predikat kinerja"),
    "predicate.row": mark("Baris kotak menurut predikat"),
    "box.numbering": mark("Penomoran kotak"),
    "box.near_cut": mark("Dekat batas bila peluang di bawah"),
    "box.performance_mode": mark("Baris kotak ditentukan oleh"),
    "box.recommendations": mark("Rekomendasi per kotak"),
    "succession.eligible": mark("Kotak yang masuk kelompok rencana suksesi"),
    "succession.discipline_window_years": mark("Masa saring hukuman disiplin (tahun)"),
    "succession.min_months_to_bup": mark("Sisa masa kerja paling sedikit (bulan)"),
    "bup.table": mark("Batas usia pensiun per jenjang"),
    "bup.first_day_rule": mark("Mulai pensiun setelah BUP"),
    "bup.special": mark("Batas usia pensiun jabatan tertentu"),
    "payroll.mpp_paid": mark("Masa persiapan pensiun tetap dibayar"),
    "payroll.absence_months": mark("Tanpa tanda kehadiran selama (bulan)"),
}


@dataclass(frozen=True)
class SourceMark:
    """How sure a rule is: the one word for it on every page, and what it means."""

    word: str
    meaning: str
    look: str
    picture: str


SOURCE_MARKS = {
    "V2": SourceMark(mark("dua sumber"), mark("terlihat di dua sumber publik yang terpisah"), "ok", "check"),
    "V1": SourceMark(mark("satu sumber"), mark("terlihat di satu sumber publik"), "ok", "check"),
    "M": SourceMark(
        mark("belum diverifikasi"), mark("belum terlihat di sumber publik; instansi perlu memastikannya"),
        "warn", "warning",
    ),
    "D": SourceMark(
        mark("rancangan platform"), mark("pilihan platform ini, bukan dari peraturan; instansi dapat menetapkan lain"),
        "outline", "pencil",
    ),
}  # fmt: skip


def named(version: str, *, is_released: bool) -> str:
    """Name a rule set in a sentence: that of a release, or the agency's own."""
    if is_released:
        return _("aturan baku, versi %(version)s", version=version)
    return _("aturan instansi, versi %(version)s", version=version)


def titled(version: str, *, is_released: bool) -> str:
    """Name a rule set where a line begins; its technical name stands beside it, for who looks for it."""
    said = named(version, is_released=is_released)
    return said[0].upper() + said[1:]
