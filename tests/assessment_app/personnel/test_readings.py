"""What cells of real lists mean, and when somebody's pension begins."""

from copy import deepcopy
from datetime import date
from importlib.resources import files

import msgspec
import pytest

from assessment_app.people.rules import JobLevel, Standing, name_key, read_standing
from assessment_app.personnel.rules import basis, readings, rows
from assessment_app.personnel.rules.records import Person
from assessment_app.rule_sets.rules import IncompleteRules


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Aktif", "active"), ("PNS Aktif", "active"), ("Tugas Belajar", "active"), ("CPNS", "active"), ("", "not_said"),
     ("Pensiun", "retired"), ("Pensiun BUP", "retired"), ("Masa Persiapan Pensiun", "mpp"), ("MPP", "mpp"),
     ("CLTN", "unpaid_leave"), ("Cuti di Luar Tanggungan Negara", "unpaid_leave"), ("Cuti Besar", "active"),
     ("Meninggal Dunia", "deceased"), ("Wafat", "deceased"), ("Pemberhentian Sementara", "suspended"),
     ("Pemberhentian dengan hormat", "stopped"), ("Diberhentikan tidak dengan hormat", "stopped"),
     ("Tidak aktif", "stopped"), ("Non-aktif", "stopped"), ("Pindah Instansi", "moved"), ("Mutasi Keluar", "moved"),
     ("Sesuatu", "unknown")],
)  # fmt: skip
def test_a_standing_is_read_for_what_it_means_for_pay(written, meant):
    assert read_standing(written) is Standing(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Dr. H. Nur'aini, S.Sos., M.Si.", "NURAINI"), ("Hj. Siti Ma`ruf", "siti maruf"), ("Sukarno", "SUKARNO, S.H."),
     ("Prof. Dr. Ir. Budi Santoso", "Budi  Santoso"), ("Sri Wahyuni S.Sos M.Si", "Sri Wahyuni"),
     ("José Pereira", "Jose Pereira"), ("H. Ali", "Ali"), ("Drs. Abd. Rahman", "abd rahman")],
)  # fmt: skip
def test_names_agree_without_titles_degrees_and_apostrophes(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Sri Wahyuni", "Sri Wahyuningsih"), ("Ali Budi", "Budi Ali"), ("Ir", "Hj")]
)
def test_names_that_differ_stay_different(one, other):
    assert name_key(one) != name_key(other)


def test_a_shortened_post_is_the_same_post():
    assert readings.post_key("Kasubbag Umum") == readings.post_key("Kepala Subbagian Umum")
    assert readings.post_key("Kabid. Anggaran") == readings.post_key("KEPALA BIDANG ANGGARAN")
    assert readings.post_key("Kepala Bidang Aset") != readings.post_key("Kepala Bidang Anggaran")


@pytest.mark.parametrize(
    "written", ["2026-07-15", "Juli 2026", "juli-2026", "07/2026", "7-2026", "202607", "072026", "2026-07", "Jul 2026"]
)
def test_a_payroll_month_is_read_however_it_is_written(written):
    assert readings.month(written) == date(2026, 7, 1)


@pytest.mark.parametrize(("written", "year", "meant"), [("Juli", "2026", 7), ("8", "2026", 8), ("Agt", "2026", 8)])
def test_a_month_beside_a_column_of_years_is_read(written, year, meant):
    assert readings.month(written, year) == date(2026, meant, 1)


@pytest.mark.parametrize("written", ["", "Juli", "13/2026", "2026", "0000-00-00", "07/0026", "12345678", "gaji"])
def test_what_is_no_month_is_none(written):
    assert readings.month(written) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("540000", 540000), ("Rp 1.234.567,00", 1234567), ("1,234,567.00", 1234567), ("1.234.567", 1234567), ("-", 0),
     ("Rp0", 0), ("0", 0), ("", None), ("banyak", None), ("1.500,5", 1500)],
)  # fmt: skip
def test_an_amount_is_whole_rupiah(written, meant):
    assert readings.amount(written) == meant


def test_what_a_nip_and_a_nik_say():
    assert readings.born_of_nip("198503172010011987") == date(1985, 3, 17)
    assert readings.born_of_nip("198513172010011987") is None
    assert (readings.sex_of_nip("198503172010011987"), readings.sex_of_nip("198503172010013987")) == ("L", "")
    woman = "1871015703850001"
    assert (readings.sex_of_nik(woman), readings.born_of_nik(woman, None)) == ("P", date(1985, 3, 17))
    assert readings.born_of_nik("1871011703050001", date(2005, 3, 17)) == date(2005, 3, 17)
    assert readings.born_of_nik("1871013302850001", None) is None


def test_a_masked_number_shows_four_digits_at_most():
    assert readings.masked("1871015703850001") == "••••0001"
    assert readings.masked("1234") == "••••"


def test_neither_nik_nor_account_is_in_what_a_row_prints():
    person = rows.person(2, {"nip": "198503172010011987", "name": "A", "nik": "1871015703850001"})
    pay = rows.pay(2, {"nip": "198503172010011987", "name": "A", "account": "0081234567890", "net": "4000000"}, None)
    assert person.nik
    assert (pay.account, pay.net) == ("81234567890", 4_000_000)
    assert "1871015703850001" not in repr(person)
    assert "81234567890" not in repr(pay)


def person(**more):
    return Person(2, "196703171990011001", "A", **{"level": JobLevel.PELAKSANA, "born": date(1967, 3, 17), **more})


@pytest.mark.parametrize(
    ("about", "start"),
    [({}, date(2025, 4, 1)), ({"born": date(1967, 3, 1)}, date(2025, 4, 1)),
     ({"born": date(1967, 3, 31)}, date(2025, 4, 1)), ({"born": date(1967, 12, 9)}, date(2026, 1, 1)),
     ({"born": date(1968, 2, 29)}, date(2026, 3, 1)), ({"born": None}, date(2025, 4, 1)),
     ({"level": JobLevel.JPT_PRATAMA}, date(2027, 4, 1)), ({"level": JobLevel.AHLI_UTAMA}, date(2032, 4, 1)),
     ({"level": JobLevel.AHLI_MUDA, "post": "Guru Ahli Muda"}, date(2027, 4, 1)),
     ({"level": None, "post": "Guru Besar"}, date(2037, 4, 1)),
     ({"level": JobLevel.AHLI_MUDA, "post": "Gurunda"}, date(2025, 4, 1)),
     ({"contract_end": date(2024, 12, 31)}, date(2025, 1, 1)),
     ({"contract_end": date(2030, 12, 31)}, date(2025, 4, 1))],
)  # fmt: skip
def test_the_pension_begins_on_the_first_day_of_the_month_after_the_age_is_reached(numbers, about, start):
    pension = basis.pension_of(person(**about), numbers)
    assert pension is not None
    assert pension.start == start


@pytest.mark.parametrize("about", [{"level": None}, {"born": None, "nip": "x"}])
def test_without_level_or_birth_date_no_pension_is_invented(numbers, about):
    nip = about.pop("nip", "196703171990011001")
    known = {"level": JobLevel.PELAKSANA, "born": date(1967, 3, 17), **about}
    assert basis.pension_of(Person(2, nip, "A", **known), numbers) is None


@pytest.fixture
def document():
    kept = files("assessment_app.rule_sets").joinpath("documents", "2026-3.json")
    return deepcopy(msgspec.json.decode(kept.read_bytes()))


@pytest.mark.parametrize("name", basis.USED)
def test_rules_with_a_hole_are_refused(document, name):
    del document["rules"][name]
    with pytest.raises(IncompleteRules):
        basis.read(document)


@pytest.mark.parametrize(
    ("name", "value"),
    [("bup.first_day_rule", "same_day"), ("bup.table", {"pelaksana": 58}), ("bup.special", [["guru", 6]]),
     ("payroll.mpp_paid", "ya"), ("payroll.absence_months", None)],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(document, name, value):
    document["rules"][name]["value"] = value
    with pytest.raises(IncompleteRules):
        basis.read(document)
