import csv
import io
import re
import zipfile
from contextlib import suppress
from datetime import date, datetime
from random import Random

import pytest
from python_calamine import CalamineWorkbook

from assessment_app.people import messages
from assessment_app.people.messages import RowFinding, clean, match_header, read_sheet, sheets
from assessment_app.platform.errors import Invalid
from tests.assessment_app.people.conftest import GOOD, HEADER, OTHER, book_of, csv_of


def cells(content):
    return [dict(row.cells) for row in read_sheet(content).rows]


EXPECTED = dict(zip(("nip", "name", "unit", "title", "level", "status"), GOOD, strict=True))


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_wrote_it(delimiter, encoding):
    row = [*GOOD[:1], "Contoh Renée", *GOOD[2:]]
    assert cells(csv_of(HEADER, row, delimiter=delimiter, encoding=encoding)) == [EXPECTED | {"name": "Contoh Renée"}]


def test_xlsx_is_read_like_csv():
    assert cells(book_of(HEADER, GOOD)) == [EXPECTED]


@pytest.mark.parametrize("above", [0, 1, 39])
def test_the_header_may_stand_anywhere_in_the_first_forty_rows(above):
    sheet = read_sheet(book_of(HEADER, GOOD, first=above))
    assert [row.number for row in sheet.rows] == [above + 2]


def test_a_header_below_the_fortieth_row_is_not_found():
    with pytest.raises(Invalid, match="Judul kolom NIP dan NAMA"):
        read_sheet(book_of(HEADER, GOOD, first=40))


def test_rows_and_columns_are_named_as_the_spreadsheet_names_them():
    title = [["Daftar Pegawai"], [], ["", *HEADER], ["", *GOOD]]
    sheet = read_sheet(book_of(*title))
    assert sheet.rows[0].number == 4
    assert sheet.columns["nip"] == "B"


def test_a_misspelt_header_is_taken_and_reported():
    sheet = read_sheet(csv_of(["NIP", "NAMMA", "UNIT KERJAA", "JABTAN", "JENJANG", "STATUS"], GOOD))
    assert dict(sheet.rows[0].cells) == EXPECTED
    assert [finding.sentence for finding in sheet.findings] == [
        "Judul kolom 'NAMMA' dibaca sebagai NAMA.",
        "Judul kolom 'UNIT KERJAA' dibaca sebagai UNIT KERJA.",
        "Judul kolom 'JABTAN' dibaca sebagai JABATAN.",
    ]


def test_other_columns_are_left_alone():
    assert match_header(["No", "NIP", "Nama", "Alamat", "Jabatan", "Unit Kerja"]) == {
        "nip": 1, "name": 2, "title": 4, "unit": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    "other", ["NIP LAMA", "TEMPAT LAHIR", "JENIS JABATAN", "STATUS PERKAWINAN", "TMT GOLONGAN", "TMT JABATAN", "AGAMA"]
)
def test_a_similar_column_is_not_mistaken_for_ours(other):
    assert set(match_header(["NIP", "NAMA", other])) == {"nip", "name"}


def test_degrees_full_of_commas_do_not_hide_the_semicolons():
    rows = [[GOOD[0], f"{n}, S.E., M.M., Ak., CA., QIA.", "Dinas", "Analis"] for n in range(9)]
    assert len(read_sheet(csv_of(HEADER[:4], *rows)).rows) == 9


@pytest.mark.parametrize("seed", range(40))
def test_changed_bytes_are_read_or_refused_but_never_a_fault(seed):
    chance = Random(seed)
    content = bytearray(book_of(HEADER, *[GOOD] * 20))
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    with suppress(Invalid):
        read_sheet(bytes(content))


def test_a_missing_column_is_named():
    with pytest.raises(Invalid, match="Kolom UNIT KERJA, JABATAN tidak ditemukan"):
        read_sheet(csv_of(["NIP", "NAMA", "X"], GOOD[:3]))


def test_the_agency_part_stands_in_for_a_missing_unit():
    assert cells(csv_of(["NIP", "NAMA", "OPD", "JABATAN"], GOOD[:4]))[0]["unit"] == "Dinas Contoh"


def test_empty_rows_and_the_row_of_column_numbers_are_no_employees():
    numbers = [f"({n})" for n in range(1, 7)]
    sheet = read_sheet(csv_of(HEADER, numbers, [""] * 6, GOOD))
    assert [row.number for row in sheet.rows] == [4]


def test_a_short_row_has_empty_cells():
    assert cells(csv_of(HEADER, [GOOD[0]], delimiter=";"))[0]["name"] == ""


def test_a_nip_in_a_number_cell_is_refused_with_the_way_to_mend_it():
    sheet = read_sheet(book_of(HEADER, [198503172010011987, *GOOD[1:]], OTHER))
    assert [row.number for row in sheet.rows] == [3]
    finding = sheet.findings[0]
    assert (finding.row, finding.column, finding.severity) == (2, "A", "error")
    assert finding.sentence == "NIP tersimpan sebagai angka, bukan teks."
    assert "format kolom sebagai Teks" in finding.advice


def test_a_whole_column_of_numbers_is_refused_at_once():
    with pytest.raises(Invalid, match=r"Kolom NIP \(A\) berisi angka"):
        read_sheet(book_of(HEADER, [198503172010011987, *GOOD[1:]], [199104052023212987, *OTHER[1:]]))


def test_dates_come_from_date_cells_and_serial_numbers():
    header = [*HEADER, "TANGGAL LAHIR"]
    day = datetime(1985, 3, 17)  # noqa: DTZ001 - a cell of a spreadsheet has no zone
    sheet = read_sheet(book_of(header, [*GOOD, day], [*OTHER, 33333]))
    assert [row.cells["born"] for row in sheet.rows] == ["1985-03-17", "1991-04-05"]


@pytest.mark.parametrize(
    ("field", "cell", "text"),
    [
        ("born", "17-03-1985", "1985-03-17"), ("born", "17/3/1985", "1985-03-17"), ("born", "17.03.1985", "1985-03-17"),
        ("born", "17 Maret 1985", "1985-03-17"), ("born", "5 Agustus 1990", "1990-08-05"),
        ("born", "31123", "1985-03-17"), ("born", "32 Mei 1985", "1985-05-32"),
        ("born", date(1985, 3, 17), "1985-03-17"), ("born", "1985-03-17", "1985-03-17"),
        ("born", "Maret 85", "Maret 85"),
        ("grade", "IIIc", "III/c"), ("grade", "Penata Tk. I (III/d)", "III/d"), ("grade", "iv - a", "IV/a"),
        ("grade", "ix", "IX"), ("status", "CPNS", "PNS"), ("status", "P3K", "PPPK"), ("status", "Pegawai", "Pegawai"),
        ("status", "PPPK Paruh Waktu", "PPPK"), ("sex", "Laki-laki", "L"), ("sex", "Pria", "L"),
        ("sex", "Perempuan", "P"), ("sex", "wanita", "P"), ("sex", "?", "?"),
        ("name", "  Budi \u00a0 Contoh\n", "Budi Contoh"), ("nip", "'1985", "1985"),
        ("nip", 130123456.0, "130123456"), ("name", "", ""), ("name", "Ma'ruf", "Ma'ruf"),
    ],
)  # fmt: skip
def test_a_cell_becomes_the_spelling_that_rules_know(field, cell, text):
    assert clean(field, cell) == text


BROKEN = {
    "empty": (b"", "Berkas kosong"),
    "blank": (b" \r\n ", "Berkas kosong"),
    "too large": (b"x" * (messages.MAX_BYTES + 1), "lebih dari 10 MB"),
    "prose": (b"Yth. Bapak, terlampir.\n", "Judul kolom"),
    "cut off": (book_of(HEADER, GOOD)[:900], "Berkas rusak"),
    "other zip": (b"PK\x03\x04" + b"\0" * 200, "Berkas rusak"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "Berkas rusak"),
    "locked": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "dikunci kata sandi"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0", "bukan CSV, XLSX"),
    "header only": (csv_of(HEADER), "Tidak ada baris pegawai"),
    "open quote": (csv_of(HEADER, GOOD) + b'\r\n"' + b"x" * 200_000, "kutip"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_one_line_that_says_why(name):
    content, says = BROKEN[name]
    with pytest.raises(Invalid, match=says) as refused:
        read_sheet(content)
    assert "\n" not in refused.value.detail


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 1)
    with pytest.raises(Invalid, match="Bagi menjadi"):
        read_sheet(csv_of(HEADER, GOOD, OTHER))


def test_a_stray_cell_in_the_last_corner_is_refused_before_it_costs_memory():
    out = io.BytesIO(book_of(HEADER, GOOD))
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", stray)
    far = io.BytesIO()
    with zipfile.ZipFile(far, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(Invalid, match="jauh di luar tabel"):
        read_sheet(far.getvalue())


def ods_of(*rows):
    """Write rows as ODS; a row is its XML, or a list of texts."""
    xml = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="A">{}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = [
        row if isinstance(row, str) else f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in rows
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml.format("".join(lines)))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


REPEATED = '<table:table-row table:number-rows-repeated="{}"><table:table-cell{}/></table:table-row>'


def test_ods_is_read_like_csv_with_its_million_empty_rows():
    empty = REPEATED.format(1_048_570, ' table:number-columns-repeated="16384"')
    assert cells(ods_of(HEADER, GOOD, empty)) == [EXPECTED]


def test_an_ods_that_repeats_endlessly_is_refused_before_it_costs_memory():
    filled = REPEATED.format(1_000_000, ' office:value-type="float" office:value="1"')
    with pytest.raises(Invalid, match="jauh di luar tabel"):
        read_sheet(ods_of(HEADER, GOOD, filled))


FOUND = [
    RowFinding(7, "A", "error", "198503172010011987", "=HYPERLINK(1)", "NIP ganda dengan baris 2.", "Hapus.", "@x"),
    RowFinding(8, "B", "warning", "", "-", "Periksa.", "Periksa.", ""),
]


def test_findings_as_csv_hold_no_formula_and_no_bare_nip():
    text = messages.findings_csv(FOUND).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[0] == list(messages.FINDING_HEADERS)
    assert rows[1][2:5] == ["Ditolak", "19850317 201001 1 987", "'=HYPERLINK(1)"]
    assert rows[2][2] == "Peringatan"


def test_findings_as_workbook_are_texts():
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(messages.findings_xlsx(FOUND))).get_sheet_by_index(0)
    assert sheet.to_python()[1][0] == "7"


def test_the_template_is_read_by_the_import_but_its_example_never_gets_in():
    sheet = read_sheet(messages.template_xlsx(["Ahli Muda", "Pelaksana"]))
    assert set(sheet.columns) == set(messages.COLUMNS)
    assert sheet.findings == ()
    assert sheet.rows[0].cells["nip"].startswith("contoh")


def test_the_template_keeps_what_is_typed_as_text():
    with zipfile.ZipFile(io.BytesIO(messages.template_xlsx(["Ahli Muda"]))) as archive:
        formats = re.findall(rb'<xf numFmtId="(\d+)"[^>]*xfId', archive.read("xl/styles.xml"))
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert formats == [b"0", b"49", b"49"]
    assert b'<c r="A2" s="1"' in sheet
    assert re.search(rb'<col min="1" max="11"[^>]* style="1"', sheet)
