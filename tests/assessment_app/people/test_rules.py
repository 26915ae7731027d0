from datetime import date

import pytest

from assessment_app.people.rules import (
    GRADES,
    RANKS,
    JobLevel,
    Nip,
    Severity,
    Sex,
    Status,
    age,
    check_row,
    clean_nip,
    read_job_level,
    read_nip,
)

TODAY = date(2026, 11, 23)
SOUND = "198503172010011987"
ROW = {
    "nip": SOUND, "name": "Contoh", "unit": "Dinas Contoh", "title": "Analis", "level": "Ahli Muda", "status": "PNS",
}  # fmt: skip


def severities(found):
    return [finding.severity for finding in found]


def test_a_sound_nip_says_birth_appointment_and_sex():
    nip, found = read_nip(SOUND, Status.PNS, TODAY)
    assert nip == Nip(SOUND, date(1985, 3, 17), (2010, 1), Sex.MALE, Status.PNS)
    assert found == []


def test_a_pppk_nip_has_no_month_of_appointment():
    nip, found = read_nip("199104052023212987", Status.PPPK, TODAY)
    assert nip == Nip("199104052023212987", date(1991, 4, 5), (2023, None), Sex.FEMALE, Status.PPPK)
    assert found == []


def test_without_a_status_the_pattern_of_pppk_is_taken_with_a_warning():
    nip, found = read_nip("199104052023212987", None, TODAY)
    assert nip is not None
    assert nip.status is Status.PPPK
    assert severities(found) == [Severity.WARNING]


@pytest.mark.parametrize(
    ("digits", "status", "says"),
    [
        ("198513172010011987", Status.PNS, "bukan tanggal lahir"),
        ("198503172010131987", Status.PNS, "bukan tahun dan bulan TMT"),
        ("198503172010131987", None, "bukan tahun dan bulan TMT"),
        ("199104052023212987", Status.PNS, "bukan tahun dan bulan TMT"),
        ("198503172010013987", Status.PNS, "Angka ke-15"),
        ("198503172002121987", Status.PNS, "diangkat pada umur 17"),
        ("198503170000211987", Status.PPPK, "bukan tahun dan bulan TMT"),
        ("000003172010011987", Status.PNS, "bukan tanggal lahir"),
        ("19850317201001198", Status.PNS, "17 angka, seharusnya 18"),
        ("130123456", Status.PNS, "NIP lama"),
        ("1,98503E+17", Status.PNS, "rusak oleh Excel"),
        ("1.98503172010012E+17", None, "rusak oleh Excel"),
        ("1985O3172010011987", Status.PNS, "huruf"),
        ("١٩٨٥٠٣١٧٢٠١٠٠١١٩٨٧", Status.PNS, "huruf"),
        ("  ", Status.PNS, "NIP kosong"),
    ],
)
def test_a_wrong_nip_is_refused_with_a_reason_and_an_advice(digits, status, says):
    nip, found = read_nip(digits, status, TODAY)
    assert nip is None
    assert says in found[0].sentence
    assert all(finding.advice.endswith(".") and finding.sentence.endswith(".") for finding in found)


@pytest.mark.parametrize(
    ("digits", "says"),
    [
        ("198503172010011000", "berakhir 000"),
        ("194503171970011987", "berumur 81"),
        ("196503172015011987", "diangkat pada umur 49"),
        ("198503172027011987", "belum tiba"),
    ],
)
def test_a_doubtful_nip_is_taken_with_a_warning(digits, says):
    nip, found = read_nip(digits, Status.PNS, TODAY)
    assert nip is not None
    assert says in found[0].sentence
    assert severities(found) == [Severity.WARNING]


def test_a_nip_with_two_faults_names_both():
    _, found = read_nip("198513172010013987", Status.PNS, TODAY)
    assert severities(found) == [Severity.ERROR, Severity.ERROR]


@pytest.mark.parametrize(
    "written",
    ["'198503172010011987", " 19850317 201001 1 987", "19850317.201001.1.987", "19850317\u00a0201001\u00a01\u00a0987",
     "“198503172010011987”", "19850317-201001-1-987", "\ufeff198503172010011987\u200b"],
)  # fmt: skip
def test_signs_between_the_digits_do_not_matter(written):
    assert clean_nip(written) == SOUND


@pytest.mark.parametrize(("on", "years"), [(date(2003, 2, 28), 18), (date(2003, 2, 27), 17), (date(2004, 2, 29), 19)])
def test_age_counts_full_years(on, years):
    assert age(date(1985, 2, 28), on) == years


@pytest.mark.parametrize(
    ("level", "echelon", "title", "known"),
    [
        ("JPT Pratama", "", "Kepala Dinas", JobLevel.JPT_PRATAMA),
        ("Pimpinan Tinggi Madya", "", "", JobLevel.JPT_MADYA),
        ("Jabatan Pimpinan Tinggi Utama", "", "", JobLevel.JPT_UTAMA),
        ("Jabatan Administrator", "", "", JobLevel.ADMINISTRATOR),
        ("PENGAWAS", "", "", JobLevel.PENGAWAS),
        ("Pelaksana", "", "", JobLevel.PELAKSANA),
        ("Madya", "", "Auditor", JobLevel.AHLI_MADYA),
        ("Fungsional Ahli Muda", "", "", JobLevel.AHLI_MUDA),
        ("ahli-pertama", "", "", JobLevel.AHLI_PERTAMA),
        ("Ahli Utama", "", "", JobLevel.AHLI_UTAMA),
        ("Penyelia", "", "", JobLevel.PENYELIA),
        ("mahir", "", "", JobLevel.MAHIR),
        ("Terampil", "", "", JobLevel.TERAMPIL),
        ("Pemula", "", "", JobLevel.PEMULA),
        ("Eselon II.a", "", "", JobLevel.JPT_PRATAMA),
        ("", "III.b", "", JobLevel.ADMINISTRATOR),
        ("", "IV/a", "", JobLevel.PENGAWAS),
        ("", "Eselon I", "", JobLevel.JPT_MADYA),
        ("-", "V", "", JobLevel.PELAKSANA),
        ("", "", "Perawat Terampil", JobLevel.TERAMPIL),
        ("", "", "Pengawas Sekolah Ahli Madya", JobLevel.AHLI_MADYA),
    ],
)
def test_a_level_is_read_from_whatever_names_it(level, echelon, title, known):
    assert read_job_level(level, echelon, title) == (known, [])


@pytest.mark.parametrize(
    ("title", "known"),
    [("Kepala Bidang Mutasi", JobLevel.ADMINISTRATOR), ("Kepala Sub Bagian Umum", JobLevel.PENGAWAS),
     ("Kepala Dinas Kesehatan", JobLevel.JPT_PRATAMA), ("Lurah Contoh", JobLevel.PENGAWAS)],
)  # fmt: skip
def test_a_level_told_by_the_title_alone_comes_with_a_warning(title, known):
    level, found = read_job_level("", "", title)
    assert level is known
    assert severities(found) == [Severity.WARNING]
    assert level.label in found[0].advice


@pytest.mark.parametrize(
    ("level", "title", "advice"),
    [
        ("", "Kasubag Umpeg", "Mungkin Pengawas"),
        ("Administartor", "", "Mungkin Administrator"),
        ("Ahli Mudah", "", "Mungkin Ahli Muda"),
        ("III/a", "Analis", "Isi kolom JENJANG"),
        ("", "Pengawas Sekolah", "Isi kolom JENJANG"),
        ("", "", "Isi kolom JENJANG"),
    ],
)
def test_an_unknown_level_is_refused_with_a_suggestion(level, title, advice):
    known, found = read_job_level(level, "", title)
    assert known is None
    assert severities(found) == [Severity.ERROR]
    assert advice in found[0].advice


def test_a_level_cell_that_says_nothing_is_replaced_by_the_title_with_a_warning():
    level, found = read_job_level("Fungsional", "", "Analis Kebijakan Ahli Muda")
    assert level is JobLevel.AHLI_MUDA
    assert severities(found) == [Severity.WARNING]


def test_every_level_has_a_label_that_leads_back_to_it():
    assert [read_job_level(level.label, "", "")[0] for level in JobLevel] == list(JobLevel)
    assert {level.group for level in JobLevel} == {"manajerial", "keahlian", "keterampilan", "pelaksana"}


def test_every_grade_of_a_pns_has_a_rank():
    assert len(RANKS) == 17
    assert RANKS["III/a"] == "Penata Muda"
    assert RANKS["IV/e"] == "Pembina Utama"
    assert len(GRADES[Status.PPPK]) == 17


def test_a_whole_row_passes_without_findings():
    verdict, found = check_row(ROW | {"grade": "III/c", "born": "1985-03-17", "sex": "L"}, TODAY)
    assert found == []
    assert verdict is not None
    assert (verdict.level, verdict.grade, verdict.born) == (JobLevel.AHLI_MUDA, "III/c", date(1985, 3, 17))


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"born": "1985-07-12"}, "Tanggal lahir 12-07-1985 berbeda dari NIP (17-03-1985)"),
        ({"born": "12 Juli"}, "tidak terbaca"),
        ({"sex": "P"}, "Jenis kelamin P berbeda"),
        ({"grade": "III/e"}, "bukan golongan PNS"),
        ({"grade": "IX"}, "bukan golongan PNS"),
    ],
)
def test_what_disagrees_with_the_nip_is_a_warning(cells, says):
    verdict, found = check_row(ROW | cells, TODAY)
    assert verdict is not None
    assert severities(found) == [Severity.WARNING]
    assert says in found[0].sentence


def test_the_birth_date_of_the_sheet_wins_over_that_of_the_nip():
    verdict, _ = check_row(ROW | {"born": "1985-07-12"}, TODAY)
    assert verdict is not None
    assert verdict.born == date(1985, 7, 12)


@pytest.mark.parametrize(
    ("cells", "field"),
    [({"name": ""}, "name"), ({"unit": ""}, "unit"), ({"title": ""}, "title"), ({"status": "Honorer"}, "status"),
     ({"name": "x" * 201}, "name"), ({"level": "entah"}, "level"), ({"nip": "1"}, "nip")],
)  # fmt: skip
def test_what_is_missing_or_unknown_keeps_the_row_out(cells, field):
    verdict, found = check_row(ROW | cells, TODAY)
    assert verdict is None
    assert [(f.field, f.severity) for f in found] == [(field, Severity.ERROR)]
