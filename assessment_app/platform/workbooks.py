"""Workbooks as bytes, read into grids of cells: XLSX, XLS, ODS.

They are measured before they are read, because the reader believes what a file claims: it makes a full grid up to the
farthest cell, and a copy of a text for each cell that shows it. A file of 5 kB could take all memory, and where memory
ends the reader takes the whole server along.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from xlsxwriter.utility import xl_cell_to_rowcol

from assessment_app.platform.errors import Invalid

MAX_UNPACKED = 300 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_COLUMNS = 16_384
MAX_TEXT = 1024 * 1024 * 1024
"""Bytes of text if every cell that shows a shared text showed the longest one."""

TOO_LARGE = "Isi berkas terlalu besar setelah dibuka. Bagi menjadi beberapa berkas."

MARKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""How every workbook begins: as a ZIP archive, or as the older compound file."""

DAMAGE = (CalamineError, zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError)
"""What the readers raise when bytes are missing, changed or encrypted."""

# A place may be written in either quotes and either case, or left out: then a cell stands after the one before it.
_PLACES = re.compile(rb"""<(?:[\w.-]+:)?(row|c)(?=[\s/>])|\sr\s*=\s*["']\s*([A-Za-z]*)(\d+)""")
_TEXTS = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")
_SHOWN_TEXTS = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHEETS = re.compile(rb"<(?:[\w.-]+:)?sheet\s([^>]*)>")
_PARTS = re.compile(rb"<Relationship\s([^>]*)>")
_HIDDEN = re.compile(rb"""<(?:[\w.-]+:)?(col|row)\s([^>]*\bhidden\s*=\s*["'](?:1|true)["'][^>]*)>""")
_ODS_TAGS = re.compile(rb"""<table:(table-row|(?:covered-)?table-cell)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ODS_REPEATS = re.compile(rb"""-repeated\s*=\s*["']\s*(\d+)""")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its grid of cells, and what its author hid; columns count from 0, rows as people count them."""

    name: str
    grid: Sequence[Sequence[object]]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()


def grids(content: bytes) -> Iterator[Sequence[Sequence[object]]]:
    """Give the grid of each sheet; refuses with Invalid, in one line, what is damaged or would be too large."""
    return (sheet.grid for sheet in sheets(content))


def sheets(content: bytes) -> Iterator[Sheet]:
    """Give each sheet with what is hidden in it; refuses with Invalid, in one line, what cannot be read."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Invalid("Berkas dikunci kata sandi. Hapus kata sandinya di Excel, simpan, lalu unggah lagi.")
    try:
        _measure(content)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        hidden = _hidden(content)
        for found in book.sheets_metadata:
            if found.typ is SheetTypeEnum.WorkSheet:
                grid = book.get_sheet_by_name(found.name).to_python(skip_empty_area=False)
                unseen = found.visible is not SheetVisibleEnum.Visible
                yield Sheet(found.name[:100], grid, unseen, *hidden.get(found.name, ()))
    except DAMAGE as error:
        raise Invalid("Berkas rusak. Buka di Excel, simpan ulang sebagai XLSX, lalu unggah lagi.") from error


def _measure(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return  # a compound file is as long as its cells, and its grid ends at 65,536 rows of 256
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise Invalid(TOO_LARGE)
        if any(name.lower().endswith("workbook.bin") for name in archive.namelist()):
            raise ValueError("XLSB: its places are not text, so it cannot be measured")
        longest = shown = 0
        # All parts, wherever they lie and whatever their names: reading one also proves the size that it claims.
        for entry in archive.infolist():
            part = archive.read(entry)
            far = _reach_of_ods(part) if entry.filename == "content.xml" else _reach(part)
            if far > MAX_CELLS:
                raise Invalid("Ada isian jauh di luar tabel. Hapus baris dan kolom kosong sampai ujung lembar.")
            longest, shown = max(longest, _longest_text(part)), shown + sum(1 for _ in _SHOWN_TEXTS.finditer(part))
        if longest * shown > MAX_TEXT:
            raise Invalid(TOO_LARGE)


def _reach(sheet: bytes) -> int:
    """Count the cells of the grid that a sheet of XLSX needs, or its cells where they are more."""
    if sheet.count(b"<c ") > MAX_CELLS:  # as most write it: to look at each of so many takes five seconds
        return MAX_CELLS + 1
    row = column = height = width = cells = 0
    for hit in _PLACES.finditer(sheet):
        tag, letters, digits = hit.groups()
        if tag == b"row":
            row, column = row + 1, 0
        elif tag:
            column, cells = column + 1, cells + 1
        elif len(letters) > 3 or len(digits) > 7:
            return MAX_CELLS + 1
        else:
            row = int(digits)
            column = _column(letters) if letters else column
        height, width = max(height, row), max(width, column)
        if cells > MAX_CELLS or height * width > MAX_CELLS:
            return MAX_CELLS + 1
    return height * width


@cache
def _column(letters: bytes) -> int:
    """Number a column from 1; at most three letters are asked for, so there are few to remember."""
    return int(xl_cell_to_rowcol(f"{letters.decode().upper()}1")[1]) + 1


def _longest_text(part: bytes) -> int:
    starts, longest, before = _TEXTS.finditer(part), 0, None
    for start in starts:
        longest, before = max(longest, start.start() - before if before is not None else 0), start.start()
    return max(longest, len(part) - before) if before is not None else 0


def _reach_of_ods(sheet: bytes) -> int:
    """Count the cells of the grid that a sheet of ODS needs, and its texts by hundreds of bytes where they are more.

    Empty rows and cells at the end are repeated up to the last corner and cost nothing; before a filled one they count.
    """
    rows = times = across = height = width = texts = 0
    for tag in _ODS_TAGS.finditer(sheet):
        kind, said = tag.groups()
        number = max((int(repeat[:9]) for repeat in _ODS_REPEATS.findall(said)), default=1)
        if kind == b"table-row":
            rows, times, across = rows + number, number, 0
            continue
        across += number
        if b"office:" in said:
            texts += times * number * (len(said) + _text_after(sheet, tag.end())) // 100
            height, width = max(height, rows), max(width, across)
        if max(height * width, texts) > MAX_CELLS:
            return MAX_CELLS + 1
    return max(height * width, texts)


def _text_after(sheet: bytes, start: int) -> int:
    if sheet[start - 2 : start] == b"/>":
        return 0
    end = sheet.find(b"</table:table-cell", start)
    return (end if end >= 0 else len(sheet)) - start


def _hidden(content: bytes) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Give columns (from 0) and rows (from 1) that are hidden in each sheet of XLSX; the reader of cells does not."""
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        related = archive.read("xl/_rels/workbook.xml.rels")
        parts = {_said(tag, "Id"): _said(tag, "Target").removeprefix("/xl/") for tag in _PARTS.findall(related)}
        tags = _SHEETS.findall(archive.read("xl/workbook.xml"))
        where = {_said(tag, "name"): f"xl/{parts.get(_said(tag, 'r:id'), '')}" for tag in tags}
        return {name: _hidden_in(archive.read(part)) for name, part in where.items() if part in names}


def _hidden_in(sheet: bytes) -> tuple[frozenset[int], frozenset[int]]:
    columns, rows = set[int](), set[int]()
    for kind, tag in _HIDDEN.findall(sheet):
        if kind == b"row":
            rows |= {int(digits) for digits in [_said(tag, "r")] if digits.isdigit()}
        elif (first := _said(tag, "min")).isdigit() and (last := _said(tag, "max")).isdigit():
            columns |= set(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
    return frozenset(columns), frozenset(rows)


def _said(tag: bytes, name: str) -> str:
    hit = re.search(rb"(?<![\w:])" + name.encode() + rb"""\s*=\s*["']([^"']*)""", tag)
    return unescape(hit[1].decode("utf-8", "replace")) if hit else ""
