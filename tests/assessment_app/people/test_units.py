"""Which units may be one: asked where it may be so, never where it cannot."""

import pytest

from assessment_app.people.rules import compare


def asked(names, known=()):
    """Give written -> proposed of every pair that is asked about."""
    found = compare(names, known)
    return {one.written: one.proposed for one in found.alike.values()}


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("DINKES", "Dinas Kesehatan"), ("Dinas Kesehatan Kab.", "Dinas Kesehatan"),
        ("Dinas Kesehtan", "Dinas Kesehatan"),
        ("Dinas Kesehatan Kabupaten Contoh", "Dinas Kesehatan"), ("BKD Provinsi Contoh", "Badan Kepegawaian Daerah"),
        ("Badan Kepegawaian", "Badan Kepegawaian Daerah"), ("Kec. Sukamaju", "Kecamatan Sukamaju"),
        ("Kantor Camat Sukamaju", "Kecamatan Sukamaju"), ("Satpol PP", "Satuan Polisi Pamong Praja"),
        ("Bappeda", "Badan Perencanaan Pembangunan Daerah"), ("Dinas Pendidikann", "Dinas Pendidikan"),
    ],
)  # fmt: skip
def test_another_name_of_a_unit_is_asked_about(written, usual):
    assert asked({written: 1, usual: 9}) == {written: usual}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dinas Pertanian", "Dinas Pertanahan"),
        ("SMAN 1 Contoh", "SMAN 2 Contoh"),
        ("Seksi A", "Seksi B"),
        ("Puskesmas Melati I", "Puskesmas Melati II"),
        ("Dinas Sosial", "Badan Sosial"),
        ("Biro Hukum", "Biro Umum"),
        ("Kota Contoh", "Kota Lain"),
        ("Kecamatan Suka", "Kecamatan Duka Lara"),
    ],
)
def test_units_that_only_resemble_each_other_are_two(one, other):
    assert asked({one: 5, other: 5}) == {}


@pytest.mark.parametrize("odd", ["DINAS KESEHATAN", "dinas kesehatan", "Dinas Kesehatan.", "Dinas-Kesehatan"])
def test_capitals_and_dots_make_no_second_unit(odd):
    found = compare({odd: 1, "Dinas Kesehatan": 2}, [])
    assert found.alike == {}
    assert found.spelling[odd] == "Dinas Kesehatan"


def test_a_unit_in_capitals_only_keeps_them_where_nothing_better_is_written():
    assert compare({"BIRO HUKUM": 3}, []).spelling == {"BIRO HUKUM": "BIRO HUKUM"}


def test_a_unit_on_record_is_what_others_are_compared_with():
    assert asked({"Dinas Kesehatan": 50}, ["DINKES"]) == {"Dinas Kesehatan": "DINKES"}
    assert asked({"DINKES": 50}, ["Dinas Kesehatan"]) == {"DINKES": "Dinas Kesehatan"}


def test_two_units_on_record_are_not_asked_about_again():
    assert asked({"DINKES": 5, "Dinas Kesehatan": 5}, ["Dinas Kesehatan", "DINKES"]) == {}


def test_a_slip_in_an_abbreviation_leads_to_the_unit_itself():
    names = {"Dinas Kesehatan": 30, "DINKES": 3, "Dinas Kesehtan Kab. Contoh": 1}
    assert set(asked(names).values()) == {"Dinas Kesehatan"}


def test_many_units_are_compared_in_one_go():
    names = {f"SDN {number} Contoh Kelurahan {'abcdefghij'[number % 10] * 6}": 1 for number in range(5_000)}
    assert asked(names) == {}
