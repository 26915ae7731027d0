"""Each of the eleven rules: found where it was planted, silent where nothing is wrong, honest where it cannot look."""

from dataclasses import replace
from datetime import date

import pytest

from assessment_app.personnel.messages import columns, demonstration
from assessment_app.personnel.rules.comparison import RULES
from assessment_app.personnel.rules.records import Absence, RuleId

ABSENT = Absence("Tahap 1", "w", date(2026, 7, 20))


def test_two_lists_that_fit_have_nothing_to_find(rules_of, reach_of):
    pair = demonstration.clean_pair(400)
    assert rules_of(pair, absences={}) == set()
    assert {told[0] for told in reach_of(pair, absences={}).values()} == {"whole"}


def test_everything_planted_is_found_and_nothing_else(found_in):
    pair = demonstration.planted_pair()
    absent = pair.personnel[-2]["nip"]
    pair.personnel[-2] |= {"last_login": "", "last_presence": ""}
    found = found_in(pair, absences={absent: ABSENT}).found
    nips = {one.rule.value: one.nip for one in found}
    planted = pair.planted | {"R0": pair.planted["R0"][:15] + "000", "R10": absent}
    assert nips == planted
    assert set(planted) == {rule.value for rule in RuleId}
    assert len(found) == len(planted)


def test_every_rule_of_the_domain_is_there_with_its_severity():
    high = {rule.value for rule, told in RULES.items() if told.severity == "high"}
    assert high == {"R1", "R2", "R3", "R5", "R8", "R11"}
    assert RULES[RuleId.R7].severity == "low"
    assert len(RULES) == 11


def only(found_in, pair, rule, **more):
    found = [one for one in found_in(pair, **more).found if one.rule == rule]
    assert len(found) == 1, [one.sentence for one in found]
    return found[0]


def retire(pair, at, **more):
    demonstration.PLANTS["R1"](pair, at)
    pair.personnel[at] |= more


@pytest.mark.parametrize(("month", "found"), [("Maret 2025", False), ("April 2025", True), ("Mei 2025", True)])
def test_pay_is_late_from_the_month_in_which_the_pension_begins(pair, rules_of, month, found):
    retire(pair, 3)
    pair.payroll[3]["month"] = month
    assert (("R1", pair.personnel[3]["nip"]) in rules_of(pair)) is found


def test_a_later_day_in_siasn_makes_retirement_a_question_and_no_accusation(pair, found_in):
    retire(pair, 3, pension="01-04-2027")
    one = only(found_in, pair, "R1")
    assert one.severity == "medium"
    assert "SIASN: 01-04-2027" in one.left.value
    assert "hitungan: 01-04-2025 (BUP 58)" in one.left.value


def test_an_earlier_day_in_siasn_is_believed(pair, found_in):
    pair.personnel[3]["pension"] = "01-06-2026"
    assert only(found_in, pair, "R1").severity == "high"


def test_a_person_whose_level_is_not_known_is_counted_and_not_passed_over(pair, reach_of):
    pair.personnel[3] |= {"level": "", "post": "Petugas"}
    pair.payroll[3]["post"] = "Petugas"
    assert reach_of(pair)["R1"] == ("partly", ("1 orang: jenjang jabatan atau tanggal lahir tidak terbaca",))


def test_who_stays_active_in_the_list_after_retirement_is_told_though_not_paid(pair, found_in):
    retire(pair, 3)
    del pair.payroll[3]
    one = only(found_in, pair, "R1")
    assert (one.severity, one.right.value) == ("medium", "tidak dibayar")
    pair.personnel[3]["standing"] = "Pensiun"
    assert found_in(pair).found == ()


def test_a_list_of_several_months_counts_the_months_after_retirement(pair, found_in):
    retire(pair, 3)
    pair.payroll += [pair.payroll[3] | {"month": month} for month in ("Februari 2025", "April 2025", "Juni 2026")]
    assert "Dibayar 3 bulan" in only(found_in, pair, "R1").sentence


@pytest.mark.parametrize("standing", ["Pensiun", "Meninggal Dunia", "CLTN", "Pemberhentian dengan hormat"])
def test_pay_to_who_is_not_active_is_found(pair, found_in, standing):
    pair.personnel[3]["standing"] = standing
    assert only(found_in, pair, "R2").left.value == f"kedudukan: {standing}"


def test_preparation_for_retirement_is_paid_unless_the_rule_says_otherwise(pair, rules_of, numbers):
    pair.personnel[3]["standing"] = "Masa Persiapan Pensiun"
    assert rules_of(pair) == set()
    assert rules_of(pair, basis=replace(numbers, mpp_is_paid=False)) == {("R2", pair.personnel[3]["nip"])}


def test_a_standing_that_nobody_knows_is_told(pair, reach_of):
    pair.personnel[3]["standing"] = "Entah"
    assert reach_of(pair)["R2"] == ("partly", ("1 orang: kedudukan tidak dikenal",))


def test_a_row_without_money_is_no_payment(pair, rules_of, found_in):
    pair.personnel[3]["standing"] = "Pensiun"
    pair.payroll[3]["net"] = "0"
    pair.payroll[4]["net"] = "Rp 0,00"
    assert rules_of(pair) == {("R4", pair.personnel[4]["nip"])}
    assert only(found_in, pair, "R4").right.value == "gaji bersih 0"


def test_an_unknown_payee_with_the_name_and_birthday_of_somebody_is_suggested_and_not_matched(pair, found_in):
    right = pair.personnel[3]["nip"]
    pair.payroll[3]["nip"] = f"{right[:17]}{(int(right[17]) + 5) % 10}"
    assert f"sama dengan {right}" in only(found_in, pair, "R3").advice
    only(found_in, pair, "R4")


def test_a_name_alone_never_matches_anybody(pair, found_in):
    pair.personnel[3]["name"] = pair.personnel[4]["name"] = pair.payroll[3]["name"] = pair.payroll[4]["name"] = (
        "Sukarno"
    )
    assert found_in(pair).found == ()


@pytest.mark.parametrize("why", ["standing", "moved_out", "dukcapil", "pension", "appointed"])
def test_who_must_not_be_paid_is_not_reported_as_unpaid(pair, rules_of, why):
    changes = {"standing": "CLTN", "moved_out": "01-06-2026", "dukcapil": "Meninggal", "pension": "01-06-2026"}
    if why == "appointed":
        nip = pair.personnel[3]["nip"]
        pair.personnel[3]["nip"] = f"{nip[:8]}202609{nip[14:]}"
    else:
        pair.personnel[3][why] = changes[why]
    pair.payroll[3]["nip"] = ""
    assert "R4" not in {rule for rule, _ in rules_of(pair)}


def test_without_a_birth_date_one_name_is_no_double_identity(pair, rules_of):
    for at in (3, 4):
        nip = f"19851317{pair.personnel[at]['nip'][8:]}"
        pair.personnel[at] |= {"nip": nip, "name": "Sukarno", "born": "", "nik": ""}
        pair.payroll[at] |= {"nip": nip, "name": "Sukarno"}
    assert {rule for rule, _ in rules_of(pair)} == {"R6"}


def test_one_name_in_two_spellings_is_no_conflict(pair, rules_of):
    pair.personnel[3]["name"], pair.payroll[3]["name"] = "Muhammad", "Mohamad, S.E."
    assert rules_of(pair) == set()


def test_one_nik_with_two_nips_is_found_and_masked(pair, found_in):
    pair.personnel[4]["nik"] = pair.personnel[3]["nik"]
    pair.personnel[4] |= {"born": "", "sex": ""}
    one = only(found_in, pair, "R5")
    assert "2 NIP dengan NIK yang sama" in one.sentence
    assert pair.personnel[3]["nik"] not in one.left.value + one.right.value + one.sentence
    assert f"••••{pair.personnel[3]['nik'][-4:]}" in one.left.value


def test_one_name_and_birthday_with_two_nips_is_found(pair, found_in):
    nip = pair.personnel[3]["nip"]
    twin = f"{nip[:15]}777"
    pair.personnel.append(
        pair.personnel[3] | {"nip": twin, "nik": "", "name": f"Hj. {pair.personnel[3]['name']}, S.Sos."}
    )
    pair.payroll.append(pair.payroll[3] | {"nip": twin, "account": "99887766554"})
    assert "nama dan tanggal lahir" in only(found_in, pair, "R5").sentence


def test_an_account_that_a_whole_office_shares_is_one_finding(pair, found_in):
    for row in pair.payroll:
        row["account"] = "0011223344"
    one = only(found_in, pair, "R5")
    assert "12 NIP" in one.sentence
    assert "dan 7 lagi" in one.right.value


@pytest.mark.parametrize("account", ["", "-", "0", "000000000", "tunai"])
def test_a_placeholder_is_no_account(pair, rules_of, account):
    for row in pair.payroll:
        row["account"] = account
    assert rules_of(pair) == set()


def test_a_nip_that_begins_with_no_date_is_an_identity_conflict(pair, found_in):
    for row in (pair.personnel[3], pair.payroll[3]):
        row["nip"] = f"19851317{row['nip'][8:]}"
    assert only(found_in, pair, "R6").left.value == "NIP: tidak terbaca"


def test_a_birthday_in_the_nik_that_differs_is_a_conflict(pair, found_in):
    nik = pair.personnel[3]["nik"]
    pair.personnel[3]["nik"] = f"{nik[:10]}99{nik[12:]}"
    assert "NIK: " in only(found_in, pair, "R6").right.value


def test_one_nip_for_two_quite_different_names_is_a_conflict(pair, found_in):
    pair.payroll[3]["name"] = "Zxq Wkj"
    assert "dua nama" in only(found_in, pair, "R6").sentence


@pytest.mark.parametrize("spelt", ["Moh. {}", "{}, S.E.", "H. {}"])
def test_a_name_spelt_otherwise_is_no_conflict(pair, rules_of, spelt):
    pair.payroll[3]["name"] = spelt.format(pair.payroll[3]["name"])
    assert rules_of(pair) == set()


def test_sex_by_the_nik_that_differs_is_a_conflict_of_low_severity(pair, found_in):
    nik = pair.personnel[3]["nik"]
    pair.personnel[3]["nik"] = f"{nik[:6]}{(int(nik[6:8]) + 40) % 80:02}{nik[8:]}"
    assert only(found_in, pair, "R7").severity == "low"


def test_somebody_dead_who_is_not_paid_but_active_is_told_too(pair, found_in):
    pair.personnel[3]["dukcapil"] = "MENINGGAL"
    pair.payroll[3]["nip"] = ""
    assert "masih berkedudukan aktif" in only(found_in, pair, "R8").sentence


@pytest.mark.parametrize(
    ("field", "here", "there"),
    [("grade", "III/c", "III/d"), ("post", "Analis", "Bendahara"), ("allowance", "540000", "1260000")],
)
def test_what_differs_is_shown_side_by_side(pair, found_in, field, here, there):
    pair.personnel[3][field], pair.payroll[3][field] = here, there
    if field == "post":
        pair.personnel[3]["level"] = "Ahli Muda"
    one = only(found_in, pair, "R9")
    assert (one.left.where, one.right.where) == ("Daftar pegawai, baris 6", "Daftar gaji, baris 6")
    assert (one.left.day, one.right.day) == (date(2026, 7, 31), date(2026, 7, 1))
    assert one.left.value != one.right.value


@pytest.mark.parametrize(("here", "there"), [("III/c", ""), ("", "III/d")])
def test_what_one_list_does_not_say_is_no_difference(pair, rules_of, here, there):
    pair.personnel[3]["grade"], pair.payroll[3]["grade"] = here, there
    assert rules_of(pair) == set()


@pytest.mark.parametrize(
    ("about", "found"),
    [({"last_login": "", "last_presence": ""}, True), ({"last_login": "01-01-2026", "last_presence": ""}, True),
     ({"last_login": "", "last_presence": "01-07-2026"}, False),
     ({"last_login": "", "last_presence": "", "absence_reason": "Sakit, surat dokter"}, False)],
)  # fmt: skip
def test_absence_is_a_question_only_without_reason_and_any_sign_of_life(pair, found_in, about, found):
    pair.personnel[3] |= about
    one = [one for one in found_in(pair, absences={pair.personnel[3]["nip"]: ABSENT}).found if one.rule == "R10"]
    assert bool(one) is found
    assert all("bukan dasar menahan gaji" in told.advice for told in one)


def test_without_a_wave_absence_cannot_be_checked(pair, reach_of):
    assert reach_of(pair, absences=None)["R10"] == ("not", ("belum ada gelombang penilaian yang selesai",))


@pytest.mark.parametrize(
    ("moved", "found"),
    [("01-06-2026", True), ("01-07-2026", True), ("01-08-2026", False), ("Ya", True), ("tidak", False)],
)
def test_pay_after_moving_out_is_found_from_the_day_on(pair, rules_of, moved, found):
    pair.personnel[3]["moved_out"] = moved
    assert (("R11", pair.personnel[3]["nip"]) in rules_of(pair)) is found


COLUMNS = {
    "standing": ("R2", "R4"), "dukcapil": ("R8",), "level post pension": ("R1",), "sex nik": ("R7",),
    "standing moved_out": ("R11", "R2", "R4"), "grade post allowance": ("R9",),
}  # fmt: skip


@pytest.mark.parametrize("fields", COLUMNS)
def test_a_rule_whose_columns_are_missing_says_so_and_is_not_passed_over(pair, reach_of, monkeypatch, fields):
    kept = {name: headers for name, headers in columns.PERSONNEL.items() if name not in fields.split()}
    monkeypatch.setattr(demonstration, "PERSONNEL", kept)
    reach = reach_of(pair, absences={})
    for rule in COLUMNS[fields]:
        assert reach[rule][0] == "not"
        assert all("Daftar pegawai: kolom" in reason for reason in reach[rule][1])
    assert set(reach) == {rule.value for rule in RuleId}


def test_without_rules_in_force_only_what_rests_on_them_is_not_checked(pair, reach_of):
    reach = reach_of(pair, absences={}, basis=None)
    assert {rule for rule, told in reach.items() if told[0] == "not"} == {"R1", "R2", "R10"}
    assert reach["R1"][1] == ("aturan tidak ada",)
