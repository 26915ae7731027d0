"""Files made to take the server's memory: none may be read before it has been measured."""

import io
import zipfile

import pytest

from assessment_app.people.messages import findings_csv, read_sheet
from assessment_app.platform import workbooks
from assessment_app.platform.errors import Invalid
from tests.assessment_app.people.conftest import GOOD, HEADER, book_of, csv_of
from tests.assessment_app.people.test_messages import ods_of

CELL = '<c {} t="inlineStr"><is><t>x</t></is></c>'
CORNER = f'<row r="1048576">{CELL}</row>'
SHEET = "xl/worksheets/sheet1.xml"


def changed(change, names=None):
    """Write a sound workbook anew, its parts changed: changed(lambda name, part: part)."""
    out, names = io.BytesIO(), names or {}
    with zipfile.ZipFile(io.BytesIO(book_of(HEADER, GOOD))) as sound, zipfile.ZipFile(out, "w", 8) as archive:
        for name in sound.namelist():
            archive.writestr(names.get(name, name), change(name, sound.read(name)))
    return out.getvalue()


def with_rows(rows, **more):
    """Add rows to the sheet of a sound workbook."""
    added = f"{rows}</sheetData>".encode()
    return changed(lambda _name, part: part.replace(b"</sheetData>", added), **more)


@pytest.mark.parametrize(
    "rows",
    [
        CORNER.format('r="XFD1048576"'),
        CORNER.format("r='XFD1048576'"),
        CORNER.format('r = "xfd1048576"'),
        CORNER.format('r="ZZZZZZZ99999999999999"'),
        f'<row r="1048576">{CELL.format("") * 1000}</row>',
        f"<x:row r='1048576'>{CELL.format('').replace('<c', '<x:c') * 1000}</x:row>",
        '<row r="3">' + '<c r="A3"/>' * (workbooks.MAX_CELLS + 1) + "</row>",
    ],
    ids=["plain", "single quotes", "small letters", "too long", "no places", "prefixed", "one place, many cells"],
)
def test_a_stray_cell_is_found_however_it_is_written(rows):
    with pytest.raises(Invalid, match="jauh di luar tabel"):
        read_sheet(with_rows(rows))


@pytest.mark.parametrize("cell", ['<c r="A3"/>', "<c\tr='A3'/>", '<x:c r="A3"/>'])
def test_many_cells_in_one_place_are_counted_however_they_are_written(monkeypatch, cell):
    monkeypatch.setattr(workbooks, "MAX_CELLS", 1000)
    with pytest.raises(Invalid, match="jauh di luar tabel"):
        workbooks._measure(with_rows(f'<row r="3">{cell * 1001}</row>'))
    workbooks._measure(with_rows(f'<row r="3">{cell * 500}</row>'))


def test_a_sheet_is_measured_wherever_it_lies():
    def moved(_name, part):
        part = part.replace(b"worksheets/sheet1.xml", b"elsewhere/sheet1.xml")
        return part.replace(b"</sheetData>", CORNER.format('r="XFD1048576"').encode() + b"</sheetData>")

    with pytest.raises(Invalid, match="jauh di luar tabel"):
        read_sheet(changed(moved, {SHEET: "xl/elsewhere/sheet1.xml"}))


def test_a_long_text_shown_by_many_cells_is_refused_before_it_is_copied():
    def change(name, part):
        if name == "xl/sharedStrings.xml":
            return part.replace(b"Contoh Satu", b"x" * 1_000_000)
        rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>7</v></c></row>' for n in range(3, 3003))
        return part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")

    with pytest.raises(Invalid, match="terlalu besar setelah dibuka"):
        read_sheet(changed(change))


def test_a_part_larger_than_it_claims_is_damage():
    whole = changed(lambda name, part: part.replace(b"<si>", b" " * 100_000 + b"<si>", 1))
    content = bytearray(whole)
    for mark, back, place in ((content.rfind, 46, 24), (content.find, 30, 22)):
        at = mark(b"xl/sharedStrings.xml") - back + place
        content[at : at + 4] = (500).to_bytes(4, "little")
    with pytest.raises(Invalid, match="Berkas rusak"):
        read_sheet(bytes(content))


def test_a_workbook_whose_places_are_no_text_is_not_read():
    with pytest.raises(Invalid, match="simpan ulang sebagai XLSX"):
        read_sheet(changed(lambda _name, part: part, {"xl/workbook.xml": "xl/workbook.bin"}))


VALUED = '<table:table-row{}><table:table-cell{} office:value="1"/></table:table-row>'
EMPTY = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'


@pytest.mark.parametrize(
    "rows",
    [
        VALUED.format(" table:number-rows-repeated='1000000'", ""),
        VALUED.format(" table:number-rows-repeated='900'", " table:number-columns-repeated='900'") * 10,
        VALUED.format("", " table:number-columns-repeated='900'") + EMPTY + VALUED.format("", ""),
        VALUED.format("", " table:formula='a>b' table:number-columns-repeated='9000000'"),
        '<table:table-row table:number-rows-repeated="900"><table:table-cell table:number-columns-repeated="900" '
        f'office:value-type="string"><text:p>{"x" * 10_000}</text:p></table:table-cell></table:table-row>',
    ],
    ids=["one row", "many rows", "emptiness between", "a bracket in a formula", "a long text"],
)
def test_an_ods_is_measured_by_all_that_it_repeats(rows):
    with pytest.raises(Invalid, match="jauh di luar tabel"):
        read_sheet(ods_of(HEADER, GOOD, rows))


def test_markup_and_formulas_in_cells_come_back_as_text():
    row = ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", *GOOD[2:]]
    sheet = read_sheet(csv_of(HEADER, row))
    text = findings_csv([sheet.rows[0].tell("error", "nip", "NIP salah.", "Perbaiki.", "nip_damaged")]).decode(
        "utf-8-sig"
    )
    assert not [cell for cell in text.replace("\r\n", ";").split(";") if cell[:1] in ("=", "+", "-", "@")]
