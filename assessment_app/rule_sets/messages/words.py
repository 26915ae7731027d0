"""What is inside the rules, as people read it: the names of keys and choices, and what no value means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessment_app.people.rules import JobLevel
from assessment_app.platform.texts import mark
from item_bank.competencies import COMPETENCIES
from item_bank.instruments import POTENTIAL_ASPECTS

GROUPS = (
    ("jpm.", mark("Kecocokan dengan jabatan (JPM)")),
    ("competency.", mark("Kompetensi")),
    ("assessment.", mark("Asesmen")),
    ("review.", mark("Tinjauan asesor")),
    ("potential.", mark("Potensi")),
    ("talent.", mark("Nilai talenta")),
    ("predicate.", mark("Predikat kinerja")),
    ("box.", mark("Kotak talenta")),
    ("succession.", mark("Suksesi")),
    ("validity.", mark("Keabsahan jawaban")),
    ("bup.", mark("Batas usia pensiun")),
    ("payroll.", mark("Penggajian")),
)
"""How the rules are grouped on pages: the beginning of the name, and what the group is called."""

OTHERS = mark("Aturan lain")

CUT_NAMES = {"0": mark("batas menengah"), "1": mark("batas tinggi")}
CATEGORY_NAMES = {"middle": mark("kategori tengah"), "high": mark("kategori teratas")}
PREDICATE_NAMES = {
    "sangat_baik": mark("Sangat Baik"),
    "baik": mark("Baik"),
    "butuh_perbaikan": mark("Butuh Perbaikan"),
    "kurang": mark("Kurang"),
    "sangat_kurang": mark("Sangat Kurang"),
}
PERFORMANCE_ROWS = (mark("di bawah ekspektasi"), mark("sesuai ekspektasi"), mark("di atas ekspektasi"))
POTENTIAL_COLUMNS = (mark("rendah"), mark("menengah"), mark("tinggi"))

LEVEL_NAMES = {level.value: level.label for level in JobLevel}

KEY_NAMES: Mapping[str, Mapping[str, str]] = {
    "jpm.pemetaan": CATEGORY_NAMES,
    "jpm.pengisian": CATEGORY_NAMES,
    "jpm.weights": {one.code: one.name for one in COMPETENCIES},
    "competency.standard": LEVEL_NAMES,
    "assessment.assessors_min": {
        "assessment_centre": mark("Pusat penilaian"),
        "job_fit": mark("Uji kesesuaian jabatan"),
        "automatic": mark("Penilaian otomatis"),
        "near_cut": mark("Penilaian otomatis, dekat batas"),
    },
    "potential.weights": {one.code: one.name for one in POTENTIAL_ASPECTS},
    "potential.cuts": CUT_NAMES,
    "talent.cut.y": CUT_NAMES,
    "talent.cut.x": CUT_NAMES,
    "talent.y.weights": {
        "performance": mark("Penilaian kinerja"),
        "award": mark("Penghargaan"),
        "team": mark("Penugasan dalam tim kerja"),
        "feedback_360": mark("Umpan balik kinerja 360"),
    },
    "talent.x.weights": {
        "competency": mark("Penilaian kompetensi"),
        "development": mark("Pengembangan kompetensi"),
        "experience": mark("Pengalaman jabatan"),
        "potential": mark("Penilaian potensi"),
        "education": mark("Tingkat pendidikan formal"),
        "field": mark("Kesesuaian bidang ilmu"),
        "discipline": mark("Rekam jejak disiplin"),
    },
    "talent.axis_weights": {"y": mark("Kinerja (sumbu Y)"), "x": mark("Potensial (sumbu X)")},
    "talent.subscale.award": {
        "international": mark("Internasional"),
        "national": mark("Nasional"),
        "province": mark("Provinsi"),
        "regency": mark("Kabupaten/kota"),
        "agency": mark("Instansi"),
        "none": mark("Tidak ada"),
    },
    "talent.subscale.team": {
        "leader": mark("Ketua"),
        "deputy": mark("Wakil ketua"),
        "member": mark("Anggota"),
        "none": mark("Tidak ada"),
    },
    "talent.subscale.development": {"has_certificate": mark("Ada sertifikat"), "none": mark("Tidak ada")},
    "talent.subscale.education": {
        "s3": "S3", "s2": "S2", "s1": "S1", "d4": "D4", "d3": "D3", "slta": "SLTA",
    },
    "talent.subscale.field": {"fits": mark("Sesuai"), "else": mark("Tidak sesuai")},
    "talent.subscale.discipline": {
        "never": mark("Tidak pernah dihukum"),
        "light": mark("Hukuman ringan"),
        "medium": mark("Hukuman sedang"),
        "heavy": mark("Hukuman berat"),
        "under_sanction": mark("Sedang menjalani hukuman"),
    },
    "talent.technical_mix": LEVEL_NAMES,
    "predicate.matrix": PREDICATE_NAMES,
    "predicate.score": PREDICATE_NAMES,
    "predicate.row": PREDICATE_NAMES,
    "succession.eligible": {"agency": mark("Instansi"), "national": mark("Nasional")},
    "bup.table": LEVEL_NAMES,
}  # fmt: skip
"""What stands for each key of a rule that is a table."""


def in_order(rule: str, keys: Iterable[str]) -> list[str]:
    """Put the keys of a rule in the order in which people expect them, whatever order a store gave them back in."""
    known = list(KEY_NAMES.get(rule, ()))
    return sorted(keys, key=lambda key: known.index(key) if key in known else len(known))


CHOICE_NAMES: Mapping[str, Mapping[str, str]] = {
    "jpm.purpose": {"jpm.pemetaan": mark("Pemetaan"), "jpm.pengisian": mark("Pengisian jabatan")},
    "talent.missing_policy": {"interval": mark("Rentang; kotak bersifat sementara")},
    "predicate.matrix": PREDICATE_NAMES,
    "box.performance_mode": {"predicate": mark("Predikat kinerja"), "score": mark("Nilai sumbu Y")},
    "bup.first_day_rule": {"next_month": mark("Tanggal 1 bulan berikutnya")},
}
"""What stands for each word that a rule may choose."""

NONE_WORDS = {"jpm.cap_total": mark("Tanpa batas"), "jpm.weights": mark("Sama untuk setiap kompetensi")}
"""What it means that a rule has no value."""

SHARES = frozenset({"competency.near_cut", "box.near_cut"})
"""Rules whose number is a probability and is read as percent."""

STATES = {
    "open": mark("Draf"),
    "submitted": mark("Menunggu orang kedua"),
    "withdrawn": mark("Ditarik"),
    "in_force": mark("Berlaku"),
    "coming": mark("Akan berlaku"),
    "overtaken": mark("Digantikan"),
}
"""What has become of an agency's own rule set, and of an approved one whether it decides."""

STATE_LOOKS = {
    "open": ("", "pencil"), "submitted": ("pill--info", "clock"), "withdrawn": ("pill--outline", "cross"),
    "in_force": ("pill--ok", "check"), "coming": ("pill--info", "calendar"), "overtaken": ("pill--outline", "history"),
}  # fmt: skip
"""The pill and the icon of each."""

DEEDS = {
    "draft": mark("Draf dibuat"),
    "edit": mark("Draf diubah"),
    "submit": mark("Diajukan"),
    "approve": mark("Disetujui"),
    "send_back": mark("Dikembalikan"),
    "withdraw": mark("Ditarik"),
}
