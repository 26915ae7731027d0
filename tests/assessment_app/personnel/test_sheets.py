"""Files as payroll and personnel offices send them: headers anywhere, damaged numbers, sums, and what is no list."""

import io
from datetime import date

import pytest
import xlsxwriter

from assessment_app.personnel import actions
from assessment_app.personnel.messages import columns, demonstration
from assessment_app.personnel.messages.forms import NewCheck
from assessment_app.personnel.messages.sheets import read_list
from assessment_app.personnel.messages.words import template
from assessment_app.personnel.rules.comparison import compare
from assessment_app.personnel.rules.lists import side_by_side
from assessment_app.platform.errors import Invalid
from tests.assessment_app.personnel.conftest import DAY

SIASN = "no;nipBaru;nama;nik;tglLahir;jenisKelamin;kedudukanPnsNama;jabatanNama;golRuangAkhir;unorNama;tmtPensiun"


def book_of(*rows):
    """Write rows as XLSX: numbers as numbers, all else as text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            for position, value in enumerate(row):
                (sheet.write_string if isinstance(value, str) else sheet.write)(number, position, value)
    return out.getvalue()


def read(content, known=columns.PERSONNEL):
    return read_list(content, known, "Daftar pegawai", DAY)


def found_in(numbers, personnel, payroll, month=date(2026, 7, 1)):
    here, there = actions.both_lists(NewCheck("p", personnel, "g", payroll, DAY, month), None, DAY)
    return compare(side_by_side(here.sheet, there.sheet, {}), numbers)


def test_the_names_that_siasn_uses_are_known():
    row = "1;198503172010011987;A;1871011703850001;17-03-1985;M;Aktif;Guru;III/c;SD 1;01-04-2045"
    got = read(f"Ekspor SIASN\n\n{SIASN}\n{row}".encode())
    assert set(got.headers) == {
        "nip", "name", "nik", "born", "sex", "standing", "post", "grade", "unit", "pension"
    }  # fmt: skip
    assert got.rows[0][1]["born"] == "1985-03-17"
    assert got.rows[0][1]["sex"] == "L"


def test_a_misspelt_header_is_read_and_shown_as_it_was_written():
    got = read(b"NIP;NAMMA;KEDUDUKKAN\n198503172010011987;A;Aktif")
    assert got.headers == {"nip": "NIP", "name": "NAMMA", "standing": "KEDUDUKKAN"}


@pytest.mark.parametrize(
    "written", ["1,98503E+17", "19850317201001198", "tanpa NIP", "130123456", ""],
    ids=["exponent", "17 digits", "words", "old", "empty"],
)  # fmt: skip
def test_a_damaged_nip_is_listed_with_reason_and_advice_and_the_others_go_on(written):
    got = read(f"NIP;NAMA\n198503172010011987;A\n{written};B".encode())
    assert len(got.rows) == 1
    (fault,) = got.faults
    assert (fault.row, fault.name) == (3, "B")
    assert fault.sentence
    assert fault.advice


def test_a_nip_typed_as_a_number_is_never_believed():
    got = read(book_of(["NIP", "NAMA"], ["198503172010011987", "A"], [198503172010011987, "B"]))
    assert [number for number, _ in got.rows] == [2]
    assert got.faults[0].sentence == "NIP tersimpan sebagai angka, bukan teks."


def test_who_lost_digits_in_one_list_is_neither_unknown_nor_unpaid(numbers):
    pair = demonstration.clean_pair(5)
    nip = pair.payroll[2]["nip"]
    pair.payroll[2]["nip"] = f"{nip[:15]}000"
    outcome = found_in(numbers, pair.personnel_csv(), pair.payroll_csv())
    assert [(one.rule.value, one.right.value) for one in outcome.found] == [("R0", "")]
    assert f"Mungkin {nip}." in outcome.found[0].advice


def test_a_nip_that_truly_ends_in_000_is_compared(numbers):
    pair = demonstration.clean_pair(5)
    nip = f"{pair.payroll[2]['nip'][:15]}000"
    pair.payroll[2]["nip"] = pair.personnel[2]["nip"] = nip
    assert found_in(numbers, pair.personnel_csv(), pair.payroll_csv()).found == ()


def test_long_numbers_that_a_workbook_keeps_as_numbers_are_not_used(numbers):
    people = [["198503172010011987", "A", 1871011703850001.0], ["198603172010011988", "B", 1871011703850001.0]]
    pays = [[row[0], row[1], 1234567890123456.0] for row in people]
    outcome = found_in(
        numbers, book_of(["NIP", "NAMA", "NIK"], *people), book_of(["NIP", "NAMA", "NO REKENING"], *pays)
    )
    told = {one.rule.value: one for one in outcome.coverage}["R5"]
    assert "R5" not in {one.rule for one in outcome.found}
    assert told.reasons == (
        "Daftar pegawai: 2 NIK tersimpan sebagai angka, tidak dipakai",
        "Daftar gaji: 2 nomor rekening tersimpan sebagai angka panjang, tidak dipakai",
    )


def test_niks_that_all_end_in_zero_are_doubted(numbers):
    pair = demonstration.clean_pair(20)
    for row in pair.personnel:
        row["nik"] = row["nik"][:15] + "0"
    outcome = found_in(numbers, pair.personnel_csv(), pair.payroll_csv())
    told = {one.rule.value: one for one in outcome.coverage}["R5"]
    assert "20 dari 20 NIK berakhir 0" in told.reasons[0]


def test_sums_headings_and_the_example_of_a_template_are_nobody():
    text = "NIP;NAMA;UNIT\n(1);(2);(3)\n;;Dinas A\n198503172010011987;A;Dinas A\n;JUMLAH;\n;Total;\ncontoh: 1985;X;Y"
    got = read(text.encode())
    assert (len(got.rows), got.faults) == (1, [])


@pytest.mark.parametrize(("name", "known"), [("Pegawai", columns.PERSONNEL), ("Gaji", columns.PAYROLL)])
def test_a_template_has_every_header_and_nobody_in_it(name, known):
    with pytest.raises(Invalid, match="tidak ada satu pun baris"):
        read_list(template(known, name), known, name, DAY)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "kosong"), (b"a;b\n1;2", "judul kolom NIP dan NAMA"), (b"NIP;NAMA\n", "tidak ada satu pun baris"),
     (b"PK\x03\x04rusak", "rusak"), (b"NIP;NAMA\n123;A", "tidak ada satu pun baris")],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_one_line(content, says):
    with pytest.raises(Invalid, match=says):
        read(content)


def test_no_more_rows_than_the_limit():
    with pytest.raises(Invalid, match=r"50\.000"):
        read(b"NIP;NAMA\n" + b"198503172010011987;A\n" * 50_001)


def test_workbooks_and_csv_say_the_same(numbers):
    pair = demonstration.planted_pair()
    as_text = found_in(numbers, pair.personnel_csv(), pair.payroll_csv())
    assert as_text == found_in(numbers, pair.personnel_book(), pair.payroll_book())
    assert len(as_text.found) == len(pair.planted)


def test_the_month_of_the_form_is_for_rows_that_tell_none(numbers):
    pair = demonstration.planted_pair()
    for row in pair.payroll:
        row["month"] = ""
    with_month = found_in(numbers, pair.personnel_csv(), pair.payroll_csv())
    without = found_in(numbers, pair.personnel_csv(), pair.payroll_csv(), month=None)
    assert "R1" in {one.rule for one in with_month.found}
    assert "R1" not in {one.rule for one in without.found}
    assert {one.rule.value: one.reach.value for one in without.coverage}["R1"] == "partly"


def test_a_nip_twice_is_told_and_the_first_row_is_compared(numbers):
    pair = demonstration.clean_pair(5)
    pair.personnel.append(pair.personnel[1] | {"name": "Lain"})
    pair.payroll.append(pair.payroll[2])
    found = found_in(numbers, pair.personnel_csv(), pair.payroll_csv()).found
    assert sorted(one.sentence for one in found) == [
        "Dibayar dua kali pada bulan yang sama: juga di baris 5.", "NIP ganda dengan baris 4; isinya berbeda."
    ]  # fmt: skip


def test_demonstration_files_are_the_same_again_and_say_what_they_are():
    one, other = demonstration.planted_pair(50, seed=7), demonstration.planted_pair(50, seed=7)
    assert one.personnel_csv() == other.personnel_csv() != demonstration.planted_pair(50, seed=8).personnel_csv()
    assert one.payroll_csv().decode("utf-8-sig").startswith("DATA PERAGAAN")
    with pytest.raises(ValueError, match="too few"):
        demonstration.planted_pair(5)
