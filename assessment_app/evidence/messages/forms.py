"""The fields of the form by which an officer writes down one fact; what is sent is read like a row of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment_app.evidence.messages.sheets import SPELLINGS
from assessment_app.evidence.messages.words import NAMES, code_of, shown
from assessment_app.people.messages import clean
from assessment_app.platform.texts import mark

RATINGS = ("", "Di atas ekspektasi", "Sesuai ekspektasi", "Di bawah ekspektasi")
AWARDS = ("Internasional", "Nasional", "Provinsi", "Kabupaten/Kota", "Instansi")
YES_NO = ("", "Ya", "Tidak")
AS_A_DAY = mark("Tanggal seperti 17-03-2025, atau tahunnya saja.")


@dataclass(frozen=True)
class FormField:
    """One field: the name is that of the layout; with options it is a choice, and those are what a sheet would say."""

    name: str
    label: str
    options: Sequence[str] = ()
    hint: str = ""
    required: bool = True


FIELDS: Mapping[str, Sequence[FormField]] = {
    "performance": (
        FormField("year", mark("Tahun")),
        FormField("results", mark("Hasil kerja"), RATINGS, required=False),
        FormField("behaviour", mark("Perilaku kerja"), RATINGS, required=False),
        FormField(
            "predicate", mark("Predikat"),
            ("", "Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang"),
            mark("Boleh kosong bila hasil dan perilaku kerja diisi: mengikuti matriks."), required=False,
        ),
    ),
    "award": (
        FormField("level", mark("Tingkat pemberi"), AWARDS),
        FormField("thing", mark("Nama penghargaan")),
        FormField("date", mark("Tanggal"), hint=AS_A_DAY),
    ),
    "team": (
        FormField("role", mark("Peran"), ("Ketua", "Wakil ketua", "Anggota")),
        FormField("thing", mark("Nama tim")),
        FormField("decree", mark("Nomor SK"), hint=mark("Tanpa nomor SK penugasan tidak dihitung."), required=False),
        FormField("from", mark("Mulai"), hint=AS_A_DAY),
        FormField("to", mark("Selesai"), hint=mark("Kosongkan bila masih berjalan."), required=False),
    ),
    "feedback_360": (
        FormField("year", mark("Tahun")),
        FormField("value", mark("Nilai"), hint=mark("Angka 0 sampai 100.")),
    ),
    "training": (
        FormField("thing", mark("Nama pelatihan atau sertifikat")),
        FormField("number", mark("Nomor"), required=False),
        FormField("date", mark("Tanggal"), hint=AS_A_DAY),
        FormField("bnsp", mark("Sertifikat BNSP"), ("Tidak", "Ya")),
    ),
    "post": (
        FormField("title", mark("Jabatan")),
        FormField("from", mark("TMT jabatan"), hint=AS_A_DAY),
        FormField("to", mark("Selesai"), hint=mark("Kosongkan bila masih berjalan."), required=False),
    ),
    "education": (
        FormField("level", mark("Jenjang"), ("S3", "S2", "S1", "D4", "D3", "SLTA")),
        FormField("field", mark("Bidang ilmu"), required=False),
        FormField("graduated", mark("Tahun lulus"), required=False),
        FormField("fits", mark("Sesuai jabatan"), YES_NO, mark("Kosongkan bila belum dinilai."), required=False),
    ),
    "discipline": (
        FormField("level", mark("Tingkat hukuman"), ("Ringan", "Sedang", "Berat")),
        FormField("thing", mark("Jenis hukuman"), required=False),
        FormField("decree", mark("Nomor SK"), required=False),
        FormField("from", mark("Mulai"), hint=AS_A_DAY),
        FormField(
            "to", mark("Selesai"), hint=mark("Kosong pada hukuman sedang atau berat: masih dijalani."), required=False
        ),
    ),
}  # fmt: skip
"""Everything but SIMATA's export can be written down by hand."""


def cells_of(kind: str, form: Mapping[str, str]) -> dict[str, str]:
    """Take what was sent as the cells of a row, cleaned as those of a sheet are."""
    return {field.name: clean(field.name, form.get(field.name, ""), SPELLINGS) for field in FIELDS[kind]}


def day_of(text: str) -> str:
    """Write a day that was typed as ISO; what is not understood stays as it is."""
    return clean("checked", text, SPELLINGS)


def filled(kind: str, said: Mapping[str, Any]) -> dict[str, str]:
    """Fill the fields of the form with what a fact says, so that it can be corrected."""
    return {
        field.name: _written(kind, field, said.get("name" if field.name == "thing" else field.name))
        for field in FIELDS[kind]
    }


def _written(kind: str, field: FormField, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return NAMES.get(code_of(kind, field.name, value), "") if field.options else shown(value)
