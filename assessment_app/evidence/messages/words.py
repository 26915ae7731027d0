"""The words for kinds, components and states, and the sentences that say why a component is what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from assessment_app.platform.texts import gettext, mark

KIND_NAMES = {
    "performance": mark("Predikat kinerja"), "award": mark("Penghargaan"), "team": mark("Penugasan tim"),
    "feedback_360": mark("Umpan balik 360"), "training": mark("Pelatihan dan sertifikat"),
    "post": mark("Riwayat jabatan"), "education": mark("Pendidikan"), "discipline": mark("Disiplin"),
    "simata": mark("Ekspor SIMATA"),
}  # fmt: skip

COMPONENT_NAMES = {
    "performance": mark("Kinerja"), "award": mark("Penghargaan"), "team": mark("Tim kerja"),
    "feedback_360": mark("Umpan balik 360"), "development": mark("Pengembangan"), "experience": mark("Pengalaman"),
    "education": mark("Pendidikan"), "field": mark("Bidang ilmu"), "discipline": mark("Disiplin"),
}  # fmt: skip

STATE_NAMES = {
    "present": mark("Ada"), "absent": mark("Diperiksa, tidak ada"), "unknown": mark("Belum diketahui"),
}  # fmt: skip

NAMES = {
    "sangat_baik": mark("Sangat Baik"), "baik": mark("Baik"), "butuh_perbaikan": mark("Butuh Perbaikan"),
    "kurang": mark("Kurang"), "sangat_kurang": mark("Sangat Kurang"),
    "award.international": mark("Internasional"), "award.national": mark("Nasional"),
    "award.province": mark("Provinsi"), "award.regency": mark("Kabupaten/Kota"), "award.agency": mark("Instansi"),
    "team.leader": mark("Ketua"), "team.deputy": mark("Wakil ketua"), "team.member": mark("Anggota"),
    "development.has_certificate": mark("Bersertifikat"),
    "education.s3": "S3", "education.s2": "S2", "education.s1": "S1", "education.d4": "D4", "education.d3": "D3",
    "education.slta": "SLTA",
    "discipline.light": mark("Ringan"), "discipline.medium": mark("Sedang"), "discipline.heavy": mark("Berat"),
    "discipline.under_sanction": mark("Sedang dijalani"),
    "rating.0": mark("Di bawah ekspektasi"), "rating.1": mark("Sesuai ekspektasi"),
    "rating.2": mark("Di atas ekspektasi"), "True": mark("ya"), "False": mark("tidak"), "None": mark("belum diisi"),
}  # fmt: skip
"""Codes within facts, as people read them; what is no code stays as it is."""

REASONS = {
    "performance.says": mark("Predikat %(year)s: %(predicate)s."),
    "performance.old": mark("Predikat %(year)s: %(predicate)s. Tahun yang lebih baru belum diterima."),
    "performance.none": mark("Belum ada predikat tahunan. Impor ekspor e-Kinerja."),
    "performance.conflict": mark("Ada %(count)s predikat berbeda untuk %(year)s. Cabut atau koreksi yang keliru."),
    "performance.no_number": mark("Predikat %(predicate)s tidak bernilai dalam aturan yang berlaku."),
    "award.says": mark("Penghargaan tertinggi: %(step)s (%(name)s)."),
    "award.absent": mark("Diperiksa %(day)s: tidak ada penghargaan."),
    "award.conflict": mark("Ada penghargaan, tetapi pada %(day)s dicatat tidak ada. Cabut yang keliru."),
    "award.old": mark("Penghargaan yang tercatat di luar masa hitung. Periksa apakah ada yang lebih baru."),
    "award.none": mark("Belum ada yang memeriksa penghargaan."),
    "team.says": mark("Peran tim tertinggi dengan SK: %(step)s (%(name)s)."),
    "team.absent": mark("Diperiksa %(day)s: tidak ada penugasan tim."),
    "team.conflict": mark("Ada penugasan tim, tetapi pada %(day)s dicatat tidak ada. Cabut yang keliru."),
    "team.old": mark("Penugasan yang tercatat tanpa SK atau di luar masa hitung. Lengkapi atau periksa lagi."),
    "team.none": mark("Belum ada yang memeriksa penugasan tim."),
    "feedback_360.says": mark("Umpan balik 360 tahun %(year)s: %(value)s."),
    "feedback_360.none": mark("Belum ada nilai umpan balik 360."),
    "feedback_360.conflict": mark("Ada %(count)s nilai 360 berbeda untuk %(year)s. Cabut atau koreksi yang keliru."),
    "development.says": mark("Sertifikat yang berlaku: %(name)s."),
    "development.absent": mark("Diperiksa %(day)s: tidak ada sertifikat."),
    "development.conflict": mark("Ada sertifikat, tetapi pada %(day)s dicatat tidak ada. Cabut yang keliru."),
    "development.old": mark("Sertifikat yang tercatat sudah lewat masa hitung. Periksa apakah ada yang lebih baru."),
    "development.none": mark("Belum ada yang memeriksa sertifikat."),
    "experience.says": mark("Pengalaman jabatan %(years)s tahun %(months)s bulan dari %(count)s catatan."),
    "experience.none": mark("Belum ada riwayat jabatan."),
    "education.says": mark("Pendidikan tertinggi: %(step)s %(field)s."),
    "education.none": mark("Belum ada pendidikan yang bernilai dalam aturan."),
    "field.fits": mark("Bidang ilmu sesuai jabatan: %(field)s."),
    "field.else": mark("Bidang ilmu tidak sesuai jabatan: %(field)s."),
    "field.none": mark("Belum ada pendidikan."),
    "field.unchecked": mark("Kesesuaian bidang ilmu belum dinilai."),
    "discipline.says": mark("Hukuman disiplin: %(step)s (%(name)s)."),
    "discipline.absent": mark("Diperiksa %(day)s: tidak pernah dijatuhi hukuman disiplin."),
    "discipline.conflict": mark("Ada hukuman, tetapi pada %(day)s dicatat tidak pernah. Cabut yang keliru."),
    "discipline.old": mark("Hukuman yang tercatat baru berlaku kemudian. Periksa rekam jejak sekarang."),
    "discipline.none": mark("Rekam jejak disiplin belum diperiksa."),
}  # fmt: skip
"""Why a component is what it is, by the codes of ``rules.components``."""

FIELD_NAMES = {
    "year": mark("Tahun"), "predicate": mark("Predikat"), "results": mark("Hasil kerja"),
    "behaviour": mark("Perilaku kerja"), "level": mark("Tingkat"), "name": mark("Nama"), "date": mark("Tanggal"),
    "role": mark("Peran"), "decree": mark("Nomor SK"), "from": mark("Mulai"), "to": mark("Selesai"),
    "value": mark("Nilai"), "number": mark("Nomor"), "bnsp": "BNSP", "title": mark("Jabatan"),
    "field": mark("Bidang ilmu"), "fits": mark("Sesuai jabatan"), "graduated": mark("Tahun lulus"),
    "checked": mark("Diperiksa"), "box": mark("Kotak"), "x": mark("Nilai X"), "y": mark("Nilai Y"),
    "competency": mark("Kompetensi"), "potential": mark("Potensi"),
}  # fmt: skip

PREFIX = {"results": "rating", "behaviour": "rating", "role": "team"}
"""In which group of ``NAMES`` the codes of a field stand, where it is not that of the kind."""


def named(code: str) -> str:
    """Name a code in Indonesian, as findings do; what is no code stays as it is."""
    return NAMES.get(code, code)


def in_source(code: str, values: Mapping[str, object]) -> str:
    """Word a reason in Indonesian, as results keep it."""
    return _word(REASONS[code], values, lambda text: text)


def say(code: str, values: Mapping[str, object]) -> str:
    """Word a reason in the language of whoever reads the page."""
    return _word(gettext(REASONS[code]), values, gettext)


def _word(pattern: str, values: Mapping[str, object], spoken: Callable[[str], str]) -> str:
    shown = {name: spoken(NAMES[value]) if value in NAMES else value for name, value in values.items()}
    return (pattern % shown).replace(" ()", "").replace(" .", ".")


def said_lines(kind: str, said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List what a fact says as pairs of a name and a value in the reader's language; what is empty is left out."""
    told = {name: value for name, value in said.items() if value not in (None, "")}
    return [(_field_name(name), _spoken(code_of(kind, name, value), value)) for name, value in told.items()]


def code_of(kind: str, name: str, value: object) -> str:
    """Tell under which code of ``NAMES`` a value of a fact stands, if it has a name at all."""
    if isinstance(value, bool) or name == "predicate":
        return str(value)
    return f"{PREFIX.get(name, kind)}.{value}"


def _spoken(code: str, value: object) -> str:
    return gettext(NAMES[code]) if code in NAMES else shown(value)


def _field_name(name: str) -> str:
    axis, _, component = name.partition("_")
    if axis in ("x", "y") and component:
        named = COMPONENT_NAMES.get(component) or FIELD_NAMES[component]
        return f"{axis.upper()} · {gettext(named)}"
    return gettext(FIELD_NAMES[name])


def shown(value: object) -> str:
    """Write a value as people do: a day with its year last."""
    written = str(value)
    return "-".join(reversed(written.split("-"))) if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else written
