"""What the kinds of findings are called on a page, where alike ones stand together."""

from __future__ import annotations

from assessment_app.platform.texts import mark

KIND_WORDS = {
    "nip_missing": mark("NIP kosong"),
    "nip_number": mark("NIP tersimpan sebagai angka"),
    "nip_damaged": mark("NIP rusak"),
    "nip_length": mark("NIP bukan 18 angka"),
    "nip_parts": mark("Isi NIP tidak sah"),
    "nip_doubt": mark("NIP meragukan"),
    "nip_spelling": mark("NIP dibersihkan"),
    "near_pension": mark("Mencapai usia pensiun"),
    "gone": mark("Pensiun, meninggal, berhenti atau pindah"),
    "field_missing": mark("Kolom wajib kosong"),
    "too_long": mark("Isian terlalu panjang"),
    "status_missing": mark("Status kosong"),
    "status_unknown": mark("Status tidak dikenal"),
    "status_spelling": mark("Penulisan status"),
    "level_unknown": mark("Jenjang tidak terbaca"),
    "level_inferred": mark("Jenjang disimpulkan"),
    "born_unread": mark("Tanggal lahir tidak terbaca"),
    "born_differs": mark("Tanggal lahir berbeda dari NIP"),
    "born_spelling": mark("Penulisan tanggal lahir"),
    "sex_differs": mark("Jenis kelamin berbeda dari NIP"),
    "sex_spelling": mark("Penulisan jenis kelamin"),
    "grade_unknown": mark("Golongan tidak dikenal"),
    "grade_spelling": mark("Penulisan golongan"),
    "name_spelling": mark("Penulisan nama"),
    "unit_spelling": mark("Penulisan unit"),
    "unit_merged": mark("Unit digabung"),
    "unit_alike": mark("Unit yang tampak sama"),
    "duplicate_same": mark("Baris ganda, isi sama"),
    "duplicate_differs": mark("Baris ganda, isi berbeda"),
    "duplicate_decided": mark("Baris ganda yang dilewati"),
    "namesake": mark("Mungkin orang yang sama"),
    "elsewhere": mark("Tercatat di instansi lain"),
    "header_misspelt": mark("Judul kolom salah tulis"),
    "header_joined": mark("Judul kolom dua baris"),
    "column_twice": mark("Kolom ganda"),
    "column_hidden": mark("Kolom tersembunyi"),
    "column_unused": mark("Kolom yang tidak dipakai"),
    "rows_hidden": mark("Baris tersembunyi"),
    "row_skipped": mark("Bukan baris pegawai"),
    "sheet_skipped": mark("Lembar yang tidak dibaca"),
}
"""Kind of a finding -> its name; kinds of imports before there were kinds have none."""
