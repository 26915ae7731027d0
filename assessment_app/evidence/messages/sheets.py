"""Sheets of evidence as agencies send them: one kind a file, recognised by its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assessment_app.people.messages import (
    HEADER_WITHIN,
    ImportSheet,
    grids,
    match_header,
    sheet_below,
    spell_day,
    write_book,
)
from assessment_app.platform.errors import Invalid

DAYS = ("date", "from", "to", "checked", "graduated")
SPELLINGS = dict.fromkeys(DAYS, spell_day)
PERSON = {"nip": ("NIP", "NIP BARU"), "name": ("NAMA", "NAMA LENGKAP", "NAMA PEGAWAI")}
CHECKED = {"checked": ("TANGGAL PERIKSA", "DIPERIKSA TANGGAL")}


@dataclass(frozen=True)
class Layout:
    """What a sheet of one kind holds: fields with their headers, the first of which we write ourselves.

    A header row is one of this kind when it has all fields of one of the sets of ``known_by``.
    """

    columns: Mapping[str, Sequence[str]]
    known_by: Sequence[frozenset[str]]
    example: Sequence[str]

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Name the field of every header, as headers are compared: capitals only."""
        return {
            re.sub(r"[^A-Z]+", " ", header.upper()).strip(): field
            for field, headers in self.columns.items() for header in headers
        }  # fmt: skip

    def fits(self, found: Mapping[str, int]) -> bool:
        """Tell whether a header row with these fields is one of this kind."""
        return any(needed <= found.keys() for needed in self.known_by)


@dataclass(frozen=True)
class ReadFile:
    """A file that was read: its kind, and the rows below its header."""

    kind: str
    sheet: ImportSheet


def _layout(known_by: Sequence[Sequence[str]], example: str, **columns: Sequence[str]) -> Layout:
    return Layout({**PERSON, **columns}, [frozenset(["nip", *needed]) for needed in known_by], example.split("|"))


LAYOUTS: Mapping[str, Layout] = {
    "performance": _layout(
        [["predicate"], ["results", "behaviour"]], "2025|Sesuai Ekspektasi|Di Atas Ekspektasi|Baik",
        year=("TAHUN", "TAHUN PENILAIAN", "PERIODE", "PERIODE PENILAIAN"),
        results=("RATING HASIL KERJA", "HASIL KERJA", "RATING HASIL"),
        behaviour=("RATING PERILAKU KERJA", "PERILAKU KERJA", "RATING PERILAKU", "PERILAKU"),
        predicate=("PREDIKAT KINERJA", "PREDIKAT", "PREDIKAT KINERJA PEGAWAI"),
    ),
    "award": _layout(
        [["level"]], "Provinsi|ASN Berprestasi|17-08-2025|",
        level=("TINGKAT PENGHARGAAN", "TINGKAT", "PEMBERI", "PEMBERI PENGHARGAAN", "TINGKAT PEMBERI"),
        thing=("NAMA PENGHARGAAN", "PENGHARGAAN", "TANDA JASA"),
        date=("TANGGAL PENGHARGAAN", "TANGGAL", "TAHUN PEROLEHAN", "TAHUN", "TANGGAL SK"), **CHECKED,
    ),
    "team": _layout(
        [["role"]], "Ketua|Tim Reformasi Birokrasi|821/12/2025|02-01-2025|31-12-2025|",
        role=("PERAN DALAM TIM", "PERAN", "KEDUDUKAN DALAM TIM", "JABATAN DALAM TIM"),
        thing=("NAMA TIM", "TIM KERJA", "NAMA TIM KERJA", "PENUGASAN"), decree=("NOMOR SK", "NO SK", "SK", "DASAR SK"),
        **{"from": ("TANGGAL MULAI", "MULAI", "TMT", "TANGGAL SK"), "to": ("TANGGAL SELESAI", "SELESAI")}, **CHECKED,
    ),
    "feedback_360": _layout(
        [["value"]], "2025|85,5", year=("TAHUN", "TAHUN PENILAIAN", "PERIODE"),
        value=("NILAI UMPAN BALIK", "NILAI 360", "UMPAN BALIK", "UMPAN BALIK KINERJA 360", "NILAI"),
    ),
    "training": _layout(
        [["thing"]], "Pelatihan Kepemimpinan Pengawas|PKP-12/2024|15-06-2024|Tidak|",
        thing=("NAMA PELATIHAN", "PELATIHAN", "DIKLAT", "NAMA DIKLAT", "SERTIFIKAT", "NAMA SERTIFIKAT"),
        number=("NOMOR SERTIFIKAT", "NO SERTIFIKAT"),
        date=("TANGGAL SERTIFIKAT", "TANGGAL", "TAHUN", "TANGGAL TERBIT", "TANGGAL LULUS"),
        bnsp=("BNSP", "SERTIFIKAT BNSP"), **CHECKED,
    ),
    "post": _layout(
        [["title", "from"]], "Kepala Subbagian Umum|01-03-2019|", title=("JABATAN", "NAMA JABATAN"),
        **{"from": ("TMT JABATAN", "TMT", "MULAI", "TANGGAL MULAI"), "to": ("SELESAI", "TANGGAL SELESAI", "SAMPAI")},
    ),
    "education": _layout(
        [["level"]], "S1|Administrasi Publik|2010|Ya",
        level=("JENJANG PENDIDIKAN", "TINGKAT PENDIDIKAN", "PENDIDIKAN", "PENDIDIKAN TERAKHIR", "TK PENDIDIKAN"),
        field=("BIDANG ILMU", "JURUSAN", "PROGRAM STUDI", "PRODI"), graduated=("TAHUN LULUS", "TANGGAL LULUS"),
        fits=("SESUAI JABATAN", "KESESUAIAN BIDANG ILMU", "SESUAI BIDANG", "KESESUAIAN"),
    ),
    "discipline": _layout(
        [["level"]], "Ringan|Teguran tertulis|800/7/2023|01-02-2023|01-02-2023|",
        level=("TINGKAT HUKUMAN", "HUKUMAN DISIPLIN", "TINGKAT HUKUMAN DISIPLIN", "REKAM JEJAK DISIPLIN"),
        thing=("JENIS HUKUMAN", "JENIS HUKUMAN DISIPLIN"), decree=("NOMOR SK", "NO SK", "SK"),
        **{"from": ("TANGGAL MULAI", "TMT HUKUMAN", "MULAI", "TMT"), "to": ("TANGGAL SELESAI", "SELESAI", "SAMPAI")},
        **CHECKED,
    ),
    "simata": _layout(
        [["x_competency"], ["y_performance"]], "||82,528|64|8|88,89|50|80|75|80|100|100|80|0|50|85",
        unit=("UNIT ORGANISASI", "UNIT KERJA"), title=("JABATAN",), x=("NILAI X",), y=("NILAI Y",), box=("BOX",),
        x_competency=("X - PENILAIAN KOMPETENSI",), x_development=("X - PENGEMBANGAN KOMPETENSI",),
        x_experience=("X - PENGALAMAN JABATAN",), x_potential=("X - PENILAIAN POTENSI",),
        x_education=("X - TINGKAT PENDIDIKAN FORMAL",), x_field=("X - KESESUAIAN BIDANG ILMU",),
        x_discipline=("X - VERIFIKASI REKAM JEJAK DISIPLIN",), y_performance=("Y - PENILAIAN KINERJA",),
        y_award=("Y - PENGHARGAAN",), y_team=("Y - PENUGASAN DALAM TIM KERJA",),
        y_feedback_360=("Y - UMPAN BALIK KINERJA 360",),
    ),
}  # fmt: skip
"""One layout a kind; SIMATA's is that of its export (domain.md 5.5)."""

NIP_HEADERS = {"NIP": "nip", "NIP BARU": "nip"}


def read_file(content: bytes, wanted: str | None = None) -> ReadFile:
    """Read a file of the kind that is wanted, or of the one that its headers tell.

    Refuses with Invalid, in one line that says what to do, what cannot be read, is of no kind or of two.
    """
    layouts = LAYOUTS if wanted is None else {wanted: LAYOUTS[wanted]}
    for grid in grids(content):
        for index, cells in enumerate(grid[:HEADER_WITHIN]):
            if "nip" in match_header(cells, NIP_HEADERS) and (kind := _kind_of(cells, layouts)):
                layout = LAYOUTS[kind]
                columns = match_header(cells, layout.fields)
                return ReadFile(kind, sheet_below(grid, index, columns, layout.fields, SPELLINGS))
    raise Invalid(
        "Judul kolom NIP dan kolom bukti tidak ada dalam 40 baris pertama. Pilih jenis bukti, atau pakai templatnya."
    )


def _kind_of(cells: Sequence[object], layouts: Mapping[str, Layout]) -> str | None:
    found = {kind: match_header(cells, layout.fields) for kind, layout in layouts.items()}
    sizes = {kind: len(columns) for kind, columns in found.items() if layouts[kind].fits(columns)}
    if not sizes:
        return None
    best = [kind for kind, size in sizes.items() if size == max(sizes.values())]
    if len(best) > 1:
        raise Invalid("Judul kolom cocok dengan beberapa jenis bukti. Pilih jenis buktinya, lalu unggah lagi.")
    return best[0]


def template(kind: str) -> bytes:
    """Write the sheet of a kind to fill in, with an example that no import takes."""
    layout = LAYOUTS[kind]
    headers = [headers[0] for headers in layout.columns.values()]
    example = ["contoh: 198503172010011987", "Nama", *layout.example]
    return write_book("Bukti", [headers, example + [""] * (len(headers) - len(example))], {})
