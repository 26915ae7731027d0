"""Lists in the shapes that agencies give them: merged headers, several sheets, hidden parts, lines that are nobody."""

import io

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from assessment_app.people.messages import marked_book, read_sheet
from assessment_app.people.messages.names import spell_name
from assessment_app.platform.errors import Invalid
from tests.assessment_app.people.conftest import GOOD, HEADER, OTHER, book_of, csv_of

NAMED = dict(zip(("nip", "name", "unit", "title", "level", "status"), GOOD, strict=True))


def sheets_of(hidden_sheet="", hide=lambda sheet: None, **sheets):
    """Write a workbook of several sheets of texts; hide(sheet) hides parts of the first."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for number, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for position, text in enumerate(row):
                    if text:
                        sheet.write_string(at, position, text)
            if number == 0:
                hide(sheet)
            if name == hidden_sheet:
                sheet.hide()
    return out.getvalue()


def told(content):
    return {(one.sheet, one.kind) for one in read_sheet(content).findings}


def test_every_sheet_of_people_is_read_and_rows_know_their_sheet():
    found = read_sheet(sheets_of(Satu=[HEADER, GOOD], Dua=[["Daftar"], HEADER, OTHER]))
    assert [(row.sheet, row.number, row.cells["nip"]) for row in found.rows] == [
        ("Satu", 2, GOOD[0]), ("Dua", 3, OTHER[0]),
    ]  # fmt: skip


def test_sheets_that_are_no_lists_are_named_and_empty_ones_are_not():
    content = sheets_of(Satu=[HEADER, GOOD], Rekap=[["Jumlah", "1"]], Kosong=[], Kurang=[["NIP", "NAMA"], GOOD[:2]])
    assert told(content) == {("Rekap", "sheet_skipped"), ("Kurang", "sheet_skipped")}


def test_a_hidden_sheet_is_not_read_but_named():
    content = sheets_of(Satu=[HEADER, GOOD], Lama=[HEADER, OTHER], hidden_sheet="Lama")
    found = read_sheet(content)
    assert [row.cells["nip"] for row in found.rows] == [GOOD[0]]
    assert told(content) == {("Lama", "sheet_skipped")}


def test_of_two_columns_of_one_field_the_one_in_sight_is_taken():
    header = ["NIP", "NAMA", "UNIT KERJA", "UNIT KERJA", "JABATAN", "JENJANG", "STATUS"]
    rows = [header, [*GOOD[:2], "Unit Lama", *GOOD[2:]]]
    content = sheets_of(Satu=rows, hide=lambda sheet: sheet.set_column(2, 2, None, None, {"hidden": True}))
    assert read_sheet(content).rows[0].cells["unit"] == GOOD[2]
    assert told(content) == {("Satu", "column_twice")}


def test_a_hidden_column_that_is_needed_is_read_with_a_warning():
    content = sheets_of(Satu=[HEADER, GOOD], hide=lambda sheet: sheet.set_column("C:C", None, None, {"hidden": True}))
    assert read_sheet(content).rows[0].cells["unit"] == GOOD[2]
    assert told(content) == {("Satu", "column_hidden")}


def test_hidden_rows_of_nobody_are_not_worth_a_word():
    content = sheets_of(
        Satu=[HEADER, GOOD, [], OTHER], hide=lambda sheet: sheet.set_row(2, None, None, {"hidden": True})
    )
    assert told(content) == set()


def test_rows_that_a_filter_hides_are_read_and_told():
    content = sheets_of(Satu=[HEADER, GOOD, OTHER], hide=lambda sheet: sheet.set_row(2, None, None, {"hidden": True}))
    assert len(read_sheet(content).rows) == 2
    assert told(content) == {("Satu", "rows_hidden")}


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (["NIP", "NAMA", "UNIT KERJA", "JABATAN", "", "STATUS"], ["", "", "", "NAMA", "JENJANG", ""]),
        (["NIP", "NAMA", "UNIT KERJA", "JABATAN", "", "STATUS"], ["", "", "", "NAMA JABATAN", "JENJANG JABATAN", ""]),
        (["DATA PEGAWAI", "", "UNIT KERJA", "", "", "STATUS"], ["NIP", "NAMA", "", "JABATAN", "JENJANG", ""]),
    ],
)
def test_a_header_of_two_lines_is_one(upper, lower):
    found = read_sheet(csv_of(upper, lower, GOOD, delimiter=";"))
    assert dict(found.rows[0].cells) == NAMED
    assert len(found.rows) == 1


def test_a_person_without_nip_and_name_is_no_second_line_of_a_header():
    assert [row.number for row in read_sheet(csv_of(HEADER, ["", "", "Unit", "Analis", "", ""], GOOD)).rows] == [2, 3]


@pytest.mark.parametrize(
    "line",
    [
        ["JUMLAH", "", "", "", "", ""], ["", "Sub Total", "", "12", "", ""], ["", "Total Dinas", "Dinas", "3"],
        ["Catatan: mohon diperiksa.", "", "", "", "", ""], ["", "", "", "Kepala Badan,", "", ""],
        ["", "Contoh, 24-11-2026"],
        ["NIP. 197001011995031001", "", "", "", "", ""], ["", "", "NIP 197001011995031001", "", "", ""], HEADER,
    ],
)  # fmt: skip
def test_a_line_that_is_nobody_is_passed_over_with_a_note(line):
    found = read_sheet(csv_of(HEADER, GOOD, line, OTHER))
    assert [row.cells["nip"] for row in found.rows] == [GOOD[0], OTHER[0]]
    assert [(one.row, one.kind) for one in found.findings] == [(3, "row_skipped")]


@pytest.mark.parametrize(
    "line", [["", *GOOD[1:]], [GOOD[0], "", "", ""], ["", "Contoh", "Dinas", ""], ["123", *GOOD[1:]]]
)
def test_a_line_that_may_be_somebody_is_never_passed_over(line):
    assert [row.number for row in read_sheet(csv_of(HEADER, line, OTHER)).rows] == [2, 3]


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("SRI CONTOHWATI, S.SOS., M.SI.", "Sri Contohwati, S.Sos., M.Si."), ("budi peraga", "Budi Peraga"),
        ("Budi Peraga ,S.E.", "Budi Peraga, S.E."), ("Budi Peraga, S.E, M.M", "Budi Peraga, S.E, M.M"),
        ("BUDI PERAGA S.SOS.", "Budi Peraga S.Sos."), ("dr. Ani Peraga", "dr. Ani Peraga"),
        ("DR. HJ. Ani", "Dr. Hj. Ani"),
        ("MA'RUF", "Ma'ruf"), ("NUR-AINI PERAGA", "Nur-Aini Peraga"), ("McArthur Peraga", "McArthur Peraga"),
        ("Ani Peraga, S.STP M.Si", "Ani Peraga, S.STP, M.Si"), ("I Made Peraga", "I Made Peraga"), ("AB", "AB"),
        ("", ""),
        ("Ani Peraga, Bidan Ahli", "Ani Peraga, Bidan Ahli"), ("RADEN PERAGA III", "Raden Peraga III"),
    ],
)  # fmt: skip
def test_a_name_is_spelt_with_ordinary_capitals(written, spelt):
    assert spell_name(written) == spelt


def test_rows_with_findings_come_back_beside_what_is_wrong_and_can_be_sent_again():
    content = book_of(HEADER, [198503172010011987, *GOOD[1:]], ["123", *OTHER[1:]], OTHER)
    found = read_sheet(content)
    findings = [*found.findings, found.rows[0].tell("error", "nip", "NIP 3 angka.", "Lengkapi NIP.", "nip_length")]
    book = CalamineWorkbook.from_filelike(io.BytesIO(marked_book(content, findings)))
    rows = book.get_sheet_by_name("Data").to_python()
    assert rows[0] == [*HEADER, "BARIS ASAL", "HASIL", "MASALAH", "SARAN"]
    assert [row[6:8] for row in rows[1:]] == [["2", "Ditolak"], ["3", "Ditolak"]]
    assert rows[1][0] == "1,98503E+17"  # what lost its digits does not look whole now
    again = read_sheet(marked_book(content, findings))
    assert [row.cells["nip"] for row in again.rows] == ["1,98503E+17", "123"]


def test_findings_of_no_row_stand_on_a_sheet_of_their_own():
    content = csv_of(["NIP", "NAMMA", *HEADER[2:]], GOOD)
    book = CalamineWorkbook.from_filelike(io.BytesIO(marked_book(content, read_sheet(content).findings)))
    assert "dibaca sebagai NAMA" in str(book.get_sheet_by_name("Temuan berkas").to_python()[1][5])


def test_a_list_of_only_broken_sheets_says_what_is_missing():
    with pytest.raises(Invalid, match="Kolom UNIT KERJA, JABATAN tidak ditemukan"):
        read_sheet(sheets_of(Satu=[["NIP", "NAMA"], GOOD[:2]]))
