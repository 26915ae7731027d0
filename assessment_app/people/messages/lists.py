"""Lists of people as agencies send them: several sheets, headers of two lines, sums and signatures among people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass

from xlsxwriter.utility import xl_col_to_name

from assessment_app.people.messages.cells import SPELLINGS, Cell, Spelling, clean
from assessment_app.people.messages.columns import COLUMNS, HEADER_WITHIN, LISTED, NEEDED, header_name, match_header
from assessment_app.people.messages.names import spell_name
from assessment_app.people.messages.sheets import (
    AS_TEXT,
    EmployeeRow,
    RowFinding,
    grids,
    misspelt,
    refuse_number,
    rows_below,
    within_limits,
)
from assessment_app.platform import workbooks
from assessment_app.platform.errors import Invalid

SPELT: Mapping[str, Spelling] = {**SPELLINGS, "name": spell_name}

SUM = re.compile(r"(?i)\W*(sub ?|grand ?)?(jumlah|total|rekap)\b")
"""How a line of sums begins, in any column."""

SIGNED = re.compile(r"(?i)\W*(nip|ni ?pppk)\b")
"""What stands under a signature, in any column but that of the NIPs."""

LEAST_DIGITS = 9
"""Digits of the oldest NIP: with fewer, a cell names nobody."""


@dataclass(frozen=True)
class ListFinding(RowFinding):
    """Something about a place of a list: on which sheet, and which findings are alike."""

    sheet: str
    kind: str
    question: str = ""

    @property
    def place(self) -> str:
        """Name the row, and its sheet where the file has sheets."""
        return f"{self.row} ({self.sheet})" if self.sheet else str(self.row)

    @property
    def row_place(self) -> tuple[str, int]:
        """Name the row that it is about."""
        return self.sheet, self.row


@dataclass(frozen=True)
class ListRow:
    """One person's row: where it stands, its cells by field, and how they were written."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    written: Mapping[str, str]
    letters: Mapping[str, str]

    @property
    def place(self) -> tuple[str, int]:
        """Name the row in its file."""
        return self.sheet, self.number

    def tell(self, severity: str, field: str, sentence: str, advice: str, kind: str, question: str = "") -> ListFinding:
        """Say something about one cell of this row."""
        value = self.written.get(field, self.cells.get(field, ""))
        nip, name = self.cells.get("nip", "")[:200], self.cells.get("name", "")[:200]
        place = self.number, self.letters.get(field, "")
        return ListFinding(*place, severity, nip, name, sentence, advice, value[:200], self.sheet, kind, question)


@dataclass(frozen=True)
class PeopleFile:
    """What a file holds: rows that can be judged, what is already known to be wrong, and where its columns stand."""

    rows: tuple[ListRow, ...]
    findings: tuple[ListFinding, ...]
    columns: Mapping[str, str]
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The line, or two lines, that name the columns: where they end, what they say, which field each column holds."""

    first: int
    last: int
    cells: Sequence[str]
    columns: Mapping[str, int]

    def letters(self) -> dict[str, str]:
        """Name the column of each field as spreadsheets do."""
        return {field: xl_col_to_name(at) for field, at in self.columns.items()}


@dataclass(frozen=True)
class Part:
    """One sheet of people: its header, its rows, and what was found in it."""

    header: Header
    rows: Sequence[ListRow]
    damaged: Sequence[ListRow]
    findings: Sequence[ListFinding]


def read_sheet(content: bytes) -> PeopleFile:
    """Read every list of people in CSV, XLSX, XLS or ODS. Refuses with Invalid, in one line, what holds none at all."""
    parts, findings, refusals = [], list[ListFinding](), list[str]()
    for sheet in sheets_of(content):
        header = None if sheet.hidden else find_header(sheet)
        if header is None:
            findings += _skipped(sheet)
        elif missing := [COLUMNS[field][0] for field in NEEDED if field not in header.columns]:
            said = f"Kolom {', '.join(missing)} tidak ditemukan pada baris judul (baris {header.first + 1})."
            refusals.append(said)
            findings.append(_about(sheet, header.first, "warning", said, "Lembar ini tidak dibaca.", "sheet_skipped"))
        else:
            parts.append(_read_part(sheet, header))
    _refuse_empty(parts, refusals)
    found = [*findings, *(finding for part in parts for finding in part.findings)]
    rows = tuple(row for part in parts for row in part.rows)
    return PeopleFile(rows, tuple(found), parts[0].header.letters(), tuple(dict.fromkeys(row.sheet for row in rows)))


def sheets_of(content: bytes) -> Iterator[workbooks.Sheet]:
    """Give the sheets of a workbook, or a CSV by the delimiter under which it has a header."""
    within_limits(content)
    if content.startswith(workbooks.MARKS):
        yield from workbooks.sheets(content)
        return
    read = [workbooks.Sheet("", grid) for grid in grids(content)]
    yield next((sheet for sheet in read if find_header(sheet) is not None), read[0])


def _refuse_empty(parts: Sequence[Part], refusals: Sequence[str]) -> None:
    if refusals and not parts:
        raise Invalid(refusals[0])
    if not parts:
        raise Invalid("Judul kolom NIP dan NAMA tidak ada dalam 40 baris pertama. Pakai templat dari halaman impor.")
    rows, damaged = (sum(len(getattr(part, kind)) for part in parts) for kind in ("rows", "damaged"))
    header = parts[0].header
    refuse_number(rows + damaged, rows, header.first, header.letters()["nip"])


def find_header(sheet: workbooks.Sheet) -> Header | None:
    """Find the line, or two lines, that name the columns of a list of people."""
    for index, line in enumerate(sheet.grid[:HEADER_WITHIN]):
        columns = match_header(line, LISTED)
        if {"nip", "name"} <= columns.keys():
            last, cells = _whole_header(sheet.grid, index, columns)
            shown = [text if at not in sheet.hidden_columns else "" for at, text in enumerate(cells)]
            columns = {**match_header(cells, LISTED), **match_header(shown, LISTED)}
            if "unit" not in columns and "parent_unit" in columns:
                columns["unit"] = columns.pop("parent_unit")
            return Header(index, last, cells, columns)
    return None


def _whole_header(grid: Sequence[Sequence[Cell]], index: int, columns: Mapping[str, int]) -> tuple[int, list[str]]:
    """Join a header with the line below, where merged cells of it are parted, and with cells merged from above."""
    width = max(len(line) for line in grid[max(index - 1, 0) : index + 2])
    here, below, above = (_texts(grid, at, width) for at in (index, index + 1, index - 1))
    parts = [text for at, text in enumerate(below) if not here[at] and header_name(text) in LISTED]
    parted = bool(parts) and not below[columns["nip"]] and not below[columns["name"]]
    cells, group = [], ""
    for at in range(width):
        group = here[at] or group
        own = here[at] or (above[at] if header_name(above[at]) in LISTED else "")
        cells.append(_joined(group, below[at]) if parted and below[at] else own)
    return index + parted, cells


def _texts(grid: Sequence[Sequence[Cell]], at: int, width: int) -> list[str]:
    line = grid[at] if 0 <= at < len(grid) else ()
    return [clean("", cell) for cell in line] + [""] * (width - len(line))


def _joined(group: str, part: str) -> str:
    """Name a column under a merged header: NAMA under JABATAN is no name of a person."""
    ways = (f"{part} {group}", part, f"{group} {part}")
    return next((way for way in ways if header_name(way) in LISTED), part)


def _read_part(sheet: workbooks.Sheet, header: Header) -> Part:
    letters, rows, damaged = header.letters(), list[ListRow](), list[ListRow]()
    findings = list(_of_header(sheet, header))
    for row in rows_below(sheet.grid, header.last, header.columns, SPELT):
        one = ListRow(sheet.name, row.number, row.cells, row.written, letters)
        texts = [clean("", cell) for cell in sheet.grid[row.number - 1]]
        if reason := _no_person(row, texts, header):
            said = f"Bukan baris pegawai ({reason}), dilewati: {' '.join(filter(None, texts))}"
            advice = "Bila ini pegawai, lengkapi NIP, NAMA, UNIT KERJA dan JABATAN."
            findings.append(one.tell("note", "", said[:400], advice, "row_skipped"))
        elif row.lost_digits:
            findings.append(one.tell("error", "nip", "NIP tersimpan sebagai angka, bukan teks.", AS_TEXT, "nip_number"))
            damaged.append(one)
        else:
            rows.append(one)
    findings += _of_hidden(sheet, header, {one.number for one in (*rows, *damaged)})
    return Part(header, rows, damaged, findings)


def _no_person(row: EmployeeRow, texts: Sequence[str], header: Header) -> str:
    """Say what a row is that is nobody's; empty for a row that may be a person's."""
    nip = row.cells["nip"]
    filled = [field for field in ("name", "unit", "title") if row.cells.get(field)]
    if len(re.sub(r"\D", "", nip)) >= LEAST_DIGITS:
        return "tanda tangan" if SIGNED.match(nip) and not filled else ""
    if any(SUM.match(text) for text in texts):
        return "jumlah"
    if nip and header_name(nip) == header_name(header.cells[header.columns["nip"]]):
        return "judul kolom yang diulang"
    if len(filled) > 1:
        return ""
    return "tanda tangan" if any(SIGNED.match(text) for text in texts) else "catatan"


def _of_header(sheet: workbooks.Sheet, header: Header) -> Iterator[ListFinding]:
    for one in misspelt(header.cells, header.first + 1, header.columns, LISTED):
        yield ListFinding(**asdict(one), sheet=sheet.name, kind="header_misspelt")
    if header.last > header.first:
        said = f"Judul kolom di baris {header.first + 1} dan {header.last + 1} dibaca sebagai satu."
        yield _about(sheet, header.first, "note", said, "", "header_joined")
    used = set(header.columns.values())
    for at, text in enumerate(header.cells):
        field = LISTED.get(header_name(text), "")
        if field in header.columns and at not in used:
            said = f"Ada dua kolom {text}: dipakai kolom {xl_col_to_name(header.columns[field])}."
            yield _about(sheet, header.first, "warning", said, "Hapus kolom yang tidak benar.", "column_twice", at)
    spare = [
        text for at, text in enumerate(header.cells) if text and at not in used and header_name(text) not in LISTED
    ]
    if spare:
        said = f"Kolom lain tidak dipakai: {', '.join(spare)}."
        yield _about(sheet, header.first, "note", said[:400], "", "column_unused")


def _of_hidden(sheet: workbooks.Sheet, header: Header, people: Set[int]) -> Iterator[ListFinding]:
    for at in sorted(sheet.hidden_columns & set(header.columns.values())):
        said = f"Kolom {header.cells[at]} disembunyikan, tetapi dipakai."
        yield _about(
            sheet, header.first, "warning", said, "Tampilkan kolomnya dan periksa isinya.", "column_hidden", at
        )
    if rows := sorted(sheet.hidden_rows & people):
        said = f"{len(rows)} baris tersembunyi ikut dibaca, yang pertama baris {rows[0]}."
        advice = "Hapus baris itu bila tidak ikut; saringan Excel hanya menyembunyikan."
        yield _about(sheet, header.first, "warning", said, advice, "rows_hidden")


def _skipped(sheet: workbooks.Sheet) -> Iterator[ListFinding]:
    if sheet.hidden:
        said, advice = "Lembar ini disembunyikan dan tidak dibaca.", "Tampilkan lembarnya bila pegawainya ikut."
        yield _about(sheet, 0, "note", said, advice, "sheet_skipped")
    elif any(clean("", cell) for line in sheet.grid for cell in line):
        said = "Lembar ini tidak dibaca: judul kolom NIP dan NAMA tidak ada dalam 40 baris pertama."
        yield _about(sheet, 0, "note", said, "Bila berisi pegawai, perbaiki judul kolomnya.", "sheet_skipped")


def _about(
    sheet: workbooks.Sheet, row: int, severity: str, sentence: str, advice: str, kind: str, column: int | None = None
) -> ListFinding:  # fmt: skip
    """Say something about a sheet or its header; ``row`` counts from 0."""
    letter = "" if column is None else xl_col_to_name(column)
    return ListFinding(row + 1, letter, severity, "", "", sentence, advice, "", sheet.name, kind)
