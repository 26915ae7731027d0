"""Items from a spreadsheet: read whole, or every fault told at its row and column."""

import csv
import io
import zipfile
from datetime import date

import msgspec
import pytest
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from assessment_app.authoring.messages import sheet, sheet_columns
from assessment_app.authoring.messages.sheet import Fault, read_sheet
from assessment_app.authoring.messages.sheet_columns import template
from assessment_app.platform.errors import Invalid
from tests.assessment_app.people.test_messages import ods_of

REASON = "Alasan yang cukup panjang."
BASE = {
    "Kode": "dig-01", "Instrumen": "Literasi Digital", "Jenis": "Pilihan tunggal", "Konstruk": "Cakap digital",
    "Segi": "spreadsheet", "Topik": "angka nol di depan", "Pertanyaan": "Mana yang tepat?", "b": "0,4",
}  # fmt: skip


def options(*worths, **changes):
    """Write the cells of so many options: options(1, 0) for a right and a wrong one."""
    cells: dict[str, object] = {}
    for letter, worth in zip("ABCDEFGH", worths, strict=False):
        cells |= {f"Pilihan {letter}": f"pilihan {letter}", f"Skor {letter}": str(worth), f"Alasan {letter}": REASON}
    return cells | changes


CHOICE = BASE | options(1, 0, 0)
GRADED = BASE | options(2, 1, 0) | {"b": "-1; 1"}
CHOICES = BASE | options(1, 1, 0) | {"Jenis": "Pilihan ganda", "b": "-0,5; 0,5"}
ORDER = BASE | options(2, 1, 3) | {"Jenis": "order", "b": "-1; 1"}
NUMBER = BASE | {"Jenis": "Isian angka", "Jawaban": "12,5", "Toleransi": "0,1", "Satuan": "km", "Alasan kunci": REASON}
PREFERENCE = (BASE | options("path.manajerial", "Fungsional-keahlian", "Pelaksana/operasional")) | {
    "Instrumen": "career_preference", "Jenis": "Paling dan paling tidak", "Konstruk": "", "b": "",
}  # fmt: skip
LOADED = BASE | options("0,7; 0; 1", "-0,4", "0,5; 1") | {"Jenis": "most_least", "b": ""}
KINDS = [CHOICE, GRADED, CHOICES, ORDER, NUMBER, PREFERENCE, LOADED]


def table(*rows, above=()):
    """Lay rows out under all the headings that they use."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    return [*above, headings, *([row.get(heading, "") for heading in headings] for row in rows)]


def xlsx(*sheets):
    """Write grids as the sheets of a workbook: text as text, all else as what it is."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        for grid in sheets:
            page = book.add_worksheet()
            for row, cells in enumerate(grid):
                for column, cell in enumerate(cells):
                    (page.write_string if isinstance(cell, str) else page.write)(row, column, cell)
    return out.getvalue()


def as_csv(grid, delimiter=";", encoding="utf-8-sig"):
    """Write a grid as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(grid)
    return out.getvalue().encode(encoding)


def read(*rows, known=()):
    """Read rows from a workbook."""
    return read_sheet(xlsx(table(*rows)), "butir.xlsx", known)


def told(row, known=()):
    """Give the headings at which a single row is found wrong; "" where no column is named."""
    places = dict(zip(map(xl_col_to_name, range(200)), row, strict=False))
    faults = read(row, known=known).faults
    assert {fault.row for fault in faults} <= {2}
    return [places.get(fault.column, "") for fault in faults]


def test_the_template_reads_back_as_its_examples():
    found = read_sheet(template(), "templat.xlsx", ())
    choice, order = (msgspec.to_builtins(item) for _instrument, item in found.items)
    assert [instrument for instrument, _item in found.items] == ["digital_literacy"] * 2
    assert (choice["words"]["id"], choice["key"]["construct"]) == ("contoh-pilihan", "keamanan")
    assert choice["key"]["credit"] == {"a": 1, "b": 0, "c": 0, "d": 0, "e": 0}
    assert order["about"]["enemies"] == ("contoh-pilihan",)
    assert order["about"]["job_levels"] == ("pelaksana", "pengawas")
    assert [option["text"] for option in order["words"]["options"]][1] == "Merapikan daftar."
    assert (order["key"]["right"], order["key"]["b"]) == (("b", "c", "a"), (-0.5, 0.5))
    assert found.faults == ()


def test_the_template_offers_instruments_and_kinds():
    with zipfile.ZipFile(io.BytesIO(template())) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
    assert page.count("<dataValidation ") == 2
    assert "Preferensi Karier" in page
    assert "Paling dan paling tidak" in page


@pytest.mark.parametrize("row", KINDS, ids=lambda row: row["Jenis"])
def test_every_kind_is_read(row):
    found = read(row)
    assert found.faults == ()
    assert [item.id for _instrument, item in found.items] == ["dig-01"]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (CHOICE | {"Kode": "Dig 01"}, ["Kode"]),
        (CHOICE | {"Instrumen": "Bakat"}, ["Instrumen"]),
        (CHOICE | {"Jenis": "Simulasi"}, ["Jenis"]),
        (CHOICE | {"Jenis": ""}, ["Jenis"]),
        (CHOICE | {"Konstruk": "path.manajerial"}, ["Konstruk"]),
        (CHOICE | {"Segi": "", "Topik": "ab"}, ["Segi", "Topik"]),
        (CHOICE | {"Pertanyaan": "x" * 4001}, ["Pertanyaan"]),
        (CHOICE | {"Situasi": "x" * 4001}, ["Situasi"]),
        (CHOICE | {"Jenjang": "Pelaksana, Lurah"}, ["Jenjang"]),
        (CHOICE | {"Musuh": "dig-99"}, ["Musuh"]),
        (CHOICE | {"a": "0"}, ["a"]),
        (CHOICE | {"a": "satu"}, ["a"]),
        (CHOICE | {"b": "0,1, 0,2"}, ["b"]),
        (CHOICE | {"b": "0; 1"}, ["b"]),
        (GRADED | {"b": "0"}, ["b"]),
        (GRADED | {"b": "1; -1"}, ["b"]),
        (CHOICES | {"b": "-1; 0; 1"}, ["b"]),
        (CHOICE | {"Skor A": "0"}, ["Skor A"]),
        (CHOICE | {"Skor B": "1", "Skor C": "1"}, ["Skor A"]),
        (CHOICE | {"Skor B": "0,5"}, ["Skor B"]),
        (CHOICES | {"Skor A": "0", "Skor B": "0"}, ["Skor A"]),
        (CHOICES | {"Skor C": "2"}, ["Skor C"]),
        (ORDER | {"Skor C": "1"}, ["Skor A"]),
        (ORDER | {"Skor C": ""}, ["Skor C"]),
        (CHOICE | {"Alasan B": ""}, ["Alasan B"]),
        (CHOICE | {"Alasan B": "pendek"}, ["Alasan B"]),
        (CHOICE | {"Pilihan B": ""}, ["Pilihan B"]),
        (BASE | options(1), ["", "Skor A"]),
        (BASE, [""]),
        (NUMBER | {"Jawaban": "1.500"}, ["Jawaban"]),
        (NUMBER | {"Jawaban": "", "Alasan kunci": ""}, ["Jawaban", "Alasan kunci"]),
        (NUMBER | {"Toleransi": "-1"}, ["Toleransi"]),
        (NUMBER | {"Satuan": "x" * 21, "Pilihan A": "x"}, ["Satuan", "Pilihan A"]),
        (NUMBER | {"b": "0; 1"}, ["b"]),
        (CHOICE | {"Jawaban": "1"}, ["Jawaban"]),
        (PREFERENCE | {"Skor B": "M.01"}, ["Skor B"]),
        (PREFERENCE | {"Mengulang": "pref-9"}, ["Mengulang"]),
        (PREFERENCE | {"a": "1"}, ["a"]),
        (LOADED | {"Skor B": "besar"}, ["Skor B"]),
        (LOADED | {"Skor A": "1; 0; 0"}, ["Skor A"]),
        (LOADED | {"Konstruk": ""}, ["Konstruk"]),
        (CHOICE | {"Pilihan B": date(2026, 2, 1)}, ["Pilihan B"]),
        (CHOICE | {"Pilihan B": 0.25}, ["Pilihan B"]),
        (CHOICE | {"Pilihan B": True}, ["Pilihan B"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_column(row, wrong):
    assert told(row) == wrong


def test_a_fault_says_row_column_what_to_do_and_the_value():
    found = read(CHOICE, CHOICE | {"Kode": "dig-02", "Jenis": "Simulasi"})
    said = (
        "Isian tidak dikenal. Pilih dari: Pilihan tunggal; Pilihan ganda; Urutan; Paling dan paling tidak; Isian angka."
    )
    assert found == sheet.SheetItems((), (Fault(3, "C", said, "Simulasi"),))


def test_all_faults_of_all_rows_are_told_at_once():
    found = read(CHOICE | {"Kode": "A B", "Segi": "", "b": "x", "Skor A": "0"}, CHOICE | {"Topik": "", "Alasan A": ""})
    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, "A"), (2, "E"), (2, "H"), (2, "J"), (3, "F"), (3, "K"),
    ]  # fmt: skip


def test_a_long_value_is_shortened():
    (fault,) = read(CHOICE | {"Pertanyaan": "kata " * 1000}).faults
    assert len(fault.value) == 80


def test_a_code_may_be_neither_twice_in_the_sheet_nor_in_stock():
    assert [(fault.row, fault.column) for fault in read(CHOICE, CHOICE).faults] == [(3, "A")]
    assert told(CHOICE, known={"dig-01"}) == ["Kode"]


def test_items_may_speak_of_other_rows_and_of_stock():
    second = PREFERENCE | {"Kode": "pref-2", "Mengulang": "pref-1"}
    found = read(CHOICE | {"Musuh": "pref-2, lama-1"}, PREFERENCE | {"Kode": "pref-1"}, second, known=["lama-1"])
    assert found.faults == ()
    assert found.items[0][1].about.enemies == ("pref-2", "lama-1")
    assert found.items[2][1].key.repeats == "pref-1"


@pytest.mark.parametrize("heading", sorted(sheet_columns.COLUMNS[field][0] for field in sheet_columns.NEEDED))
def test_a_missing_heading_is_told(heading):
    row = {name: cell for name, cell in CHOICE.items() if name != heading}
    (fault,) = read(row).faults
    assert (fault.row, fault.column) == (1, "")
    assert heading in fault.sentence


def test_columns_without_a_known_heading_are_told():
    grid = table(CHOICE | {"Catatan": "x", "b ": "0"})
    grid[1].append("tanpa judul")
    wide = len(grid[0])
    faults = read_sheet(xlsx(grid), "butir.xlsx", ()).faults
    assert [(fault.row, fault.column) for fault in faults] == [(1, xl_col_to_name(wide - at)) for at in (2, 1, 0)]


def test_headings_may_differ_in_case_spaces_and_order():
    row = {name.upper().replace(" ", "  "): cell for name, cell in reversed(CHOICE.items())}
    assert read(row).items == read(CHOICE).items


def test_the_header_may_stand_lower_down_and_rows_keep_their_numbers():
    above = [["Usulan butir"], [], ["Direktorat"]]
    assert read_sheet(xlsx(table(CHOICE, above=above)), "a.xlsx", ()).items == read(CHOICE).items
    (fault,) = read_sheet(xlsx(table({}, CHOICE | {"Segi": ""}, above=above)), "a.xlsx", ()).faults
    assert (fault.row, fault.column) == (6, "E")
    with pytest.raises(Invalid, match="10 baris pertama"):
        read_sheet(xlsx(table(CHOICE, above=[["x"]] * 10)), "a.xlsx", ())


def test_names_and_codes_are_taken_alike():
    coded = {"Instrumen": "digital_literacy", "Jenis": "choice", "Konstruk": "cakap"}
    assert read(CHOICE | coded).items == read(CHOICE).items


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), (",", "cp1252"), ("\t", "utf-16")])
def test_csv_is_read_whatever_its_delimiter(delimiter, encoding):
    rows = [CHOICE | {"Situasi": "Satu; dua, tiga\n\nEmpat – lima"}, NUMBER | {"Kode": "dig-02"}]
    assert read_sheet(as_csv(table(*rows), delimiter, encoding), "butir.csv", ()) == read(*rows)


def test_ods_is_read():
    assert read_sheet(ods_of(*table(CHOICE)), "butir.ods", ()) == read(CHOICE)


def test_paragraphs_are_parted_by_empty_lines_or_bars():
    ((_instrument, item),) = read(CHOICE | {"Situasi": "satu\r\n \r\ndua || tiga"}).items
    assert item.words.stem == ("satu", "dua", "tiga")


def test_empty_rows_are_skipped():
    assert [item.id for _, item in read(CHOICE, {}, {}, CHOICE | {"Kode": "dig-02"}).items] == ["dig-01", "dig-02"]


def test_numbers_may_be_typed_as_numbers():
    cells = {"Jawaban": 1.125, "Toleransi": 0.3, "a": 1.2, "b": -0.5}
    ((_instrument, item),) = read(NUMBER | cells).items
    assert (item.key.value, item.key.tolerance, item.key.a, item.key.b) == ("1.125", "0.3", 1.2, (-0.5,))


def test_what_looks_like_a_formula_is_text():
    row = CHOICE | {"Pilihan A": "=SUM(A1:A3)", "Pilihan B": "#REF!", "Pilihan C": "-1"}
    ((_instrument, item),) = read(row).items
    assert [option.text for option in item.words.options] == ["=SUM(A1:A3)", "#REF!", "-1"]


@pytest.mark.timeout(30)  # it takes a second; what grows with the square of the rows would take minutes
def test_five_hundred_rows_are_read():
    content = xlsx(table(*(GRADED | {"Kode": f"dig-{number}"} for number in range(500))))
    assert len(read_sheet(content, "butir.xlsx", {f"lama-{number}" for number in range(5000)}).items) == 500


def failed():
    """Write a workbook in which a formula has failed."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_formula("C7", "=A0", None, "#REF!")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"%PDF-1.7", "butir.pdf", "XLSX, ODS, atau CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "butir", "Tepat satu lembar"),
        (b"", "butir.csv", "Tepat satu lembar"),
        (b"PK\x03\x04", "butir.xlsx", "rusak"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "butir.xlsx", "rusak"),
        (b"x" * (sheet.MAX_BYTES + 1), "butir.csv", "10 MB"),
        (failed(), "butir.xlsx", "C7"),
        (as_csv(table(CHOICE | {"Pilihan A": "#REF!"})), "butir.csv", "I2"),
        (xlsx(table(CHOICE)[:1]), "butir.xlsx", "1 sampai 2.000"),
        (as_csv(table(*[CHOICE] * (sheet_columns.MAX_ROWS + 1))), "butir.csv", "1 sampai 2.000"),
        (xlsx(table(CHOICE), table(CHOICE)), "butir.xlsx", "Tepat satu lembar"),
    ],
    ids=["pdf", "png", "empty", "cut off", "old", "large", "failed", "failed csv", "no rows", "too many", "two sheets"],
)  # fmt: skip
def test_what_is_no_sheet_of_items_is_refused(content, name, said):
    with pytest.raises(Invalid, match=said):
        read_sheet(content, name, ())
