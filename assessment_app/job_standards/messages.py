"""Sheets with standards of posts: read into rows of cells, and a template written back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from assessment_app.people.messages import (
    HEADER_WITHIN,
    Cell,
    RowFinding,
    clean,
    grids,
    match_header,
    spell_day,
    write_book,
)
from assessment_app.platform.errors import Invalid
from item_bank.competencies import COMPETENCIES

MAX_ROWS = 20_000

COLUMNS = {
    "post": ("JABATAN", "NAMA JABATAN"), "code": ("KODE JABATAN", "KODE"),
    "unit": ("UNIT KERJA", "UNIT", "UNIT ORGANISASI", "UNOR"),
    "since": ("BERLAKU SEJAK", "TMT", "TANGGAL BERLAKU", "TANGGAL SK"),
    "source": ("DASAR", "NOMOR SK", "DASAR HUKUM", "SUMBER", "KEPUTUSAN"),
    **{one.code: (one.name.upper(),) for one in COMPETENCIES},
}  # fmt: skip
"""Fields and the headers under which they are found; the first is the one we write and speak of."""

FREE = ("code", "unit")
"""What a sheet may leave out: without a unit a standard holds for the post in every unit."""

FIELD_OF = {header: field for field, headers in COLUMNS.items() for header in headers}


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet: cleaned texts by field."""

    number: int
    cells: Mapping[str, str]

    def finding(self, column: str, sentence: str, advice: str, value: str) -> RowFinding:
        """Report why this row stays out."""
        return RowFinding(
            self.number, column, "error", "", self.cells.get("post", "")[:200], sentence, advice, value[:200]
        )


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and the letter of each field's column."""

    rows: tuple[SheetRow, ...]
    columns: Mapping[str, str]


def read_sheet(content: bytes) -> Sheet:
    """Read CSV, XLSX, XLS or ODS. Refuses with Invalid, in one line, what holds no standards at all."""
    for grid in grids(content):
        for index, cells in enumerate(grid[:HEADER_WITHIN]):
            columns = match_header(cells, FIELD_OF)
            if "post" in columns and len(columns) > len(COMPETENCIES) / 2:
                return _read_below(grid, index, columns)
    raise Invalid("Judul kolom JABATAN dan nama kompetensi tidak ada dalam 40 baris pertama. Pakai templat.")


def _read_below(grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int]) -> Sheet:
    missing = [names[0] for field, names in COLUMNS.items() if field not in columns and field not in FREE]
    if missing:
        raise Invalid(f"Kolom {', '.join(missing)} tidak ditemukan pada baris judul (baris {header + 1}).")
    rows = tuple(_rows(grid, header, columns))
    if not rows:
        raise Invalid(f"Tidak ada baris standar di bawah baris judul (baris {header + 1}).")
    if len(rows) > MAX_ROWS:
        raise Invalid(f"Lebih dari {MAX_ROWS // 1000}.000 baris. Bagi menjadi beberapa berkas.")
    return Sheet(rows, {field: xl_col_to_name(position) for field, position in columns.items()})


def _rows(grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int]) -> Iterator[SheetRow]:
    for number, cells in enumerate(grid[header + 1 :], header + 2):
        texts = {field: clean(field, cells[at] if at < len(cells) else "") for field, at in columns.items()}
        texts["since"] = spell_day(texts["since"]) if texts["since"] else ""
        # A line (1) (2) (3) under the header is the custom of Indonesian tables.
        counts_columns = texts["post"].strip("()").isdecimal()
        if any(texts.values()) and not counts_columns:
            yield SheetRow(number, texts)


def template_xlsx() -> bytes:
    """Write the sheet to fill in, with an example that no import takes."""
    headers = [names[0] for names in COLUMNS.values()]
    example = [
        "contoh: Kepala Subbagian Umum",
        "",
        "",
        "contoh",
        "Keputusan Bupati 12/2025",
        *["2"] * len(COMPETENCIES),
    ]
    levels = {headers.index(one.name.upper()): ("1", "2", "3", "4", "5") for one in COMPETENCIES}
    return write_book("Standar jabatan", [headers, example], levels)
