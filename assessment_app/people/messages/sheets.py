"""Sheets as bytes, read into rows of cells below a header; of any kind of list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of

from xlsxwriter.utility import xl_col_to_name

from assessment_app.people.messages.cells import Cell, Spelling, as_text, clean
from assessment_app.people.messages.columns import header_name
from assessment_app.platform import workbooks
from assessment_app.platform.errors import Invalid

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000

LOSSY = 10**15
"""A spreadsheet keeps 15 digits of a number: from here on the last ones are invented."""
AS_TEXT = "Excel membuang tiga angka terakhir: format kolom sebagai Teks, lalu salin ulang NIP dari sumbernya."


@dataclass(frozen=True)
class RowFinding:
    """What is wrong at one place of a sheet, in words for the clerk who mends it."""

    row: int
    column: str
    severity: str
    nip: str
    name: str
    sentence: str
    advice: str
    value: str

    @property
    def place(self) -> str:
        """Name the row as a list of findings does."""
        return str(self.row)


@dataclass(frozen=True)
class EmployeeRow:
    """One row of a sheet: cleaned texts by field, dates as ISO, known words in one spelling."""

    number: int
    cells: Mapping[str, str]
    lost_digits: bool
    written: Mapping[str, str] = of(default_factory=dict)
    """Texts of the cells that were read otherwise than they stood; a date cell stood as it was read."""

    def finding(self, column: str, severity: str, sentence: str, advice: str, value: str) -> RowFinding:
        """Report something about this row."""
        nip, name = self.cells.get("nip", "")[:200], self.cells.get("name", "")[:200]
        return RowFinding(self.number, column, severity, nip, name, sentence, advice, value[:200])


@dataclass(frozen=True)
class ImportSheet:
    """What a file holds: rows that can be judged, and what is already known to be wrong."""

    rows: tuple[EmployeeRow, ...]
    findings: tuple[RowFinding, ...]
    columns: Mapping[str, str]


def grids(content: bytes) -> Iterator[Sequence[Sequence[Cell]]]:
    """Give the grid of each sheet of CSV, XLSX, XLS or ODS; refuses with Invalid, in one line, what cannot be read."""
    within_limits(content)
    yield from workbooks.grids(content) if content.startswith(workbooks.MARKS) else _csv(content)


def within_limits(content: bytes) -> None:
    """Refuse with Invalid what is empty or too large to be looked at."""
    if len(content) > MAX_BYTES:
        raise Invalid("Berkas lebih dari 10 MB. Hapus gambar dan lembar lain, atau bagi menjadi beberapa berkas.")
    if not content.strip():
        raise Invalid("Berkas kosong. Pilih berkas lain.")


def _csv(content: bytes) -> Iterator[Sequence[Sequence[Cell]]]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in content and not wide:
        raise Invalid("Berkas bukan CSV, XLSX, XLS atau ODS. Simpan sebagai XLSX lalu unggah lagi.")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        for delimiter in sorted(";,\t", key=text[:8192].count, reverse=True):
            yield list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid("Berkas CSV rusak: tanda kutip tidak ditutup. Simpan ulang lalu unggah lagi.") from error


def sheet_below(
    grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int], known: Mapping[str, str],
    spellings: Mapping[str, Spelling],
) -> ImportSheet:  # fmt: skip
    """Read the rows under a header of known names; cells of some fields are spelt one way. Refuses with Invalid."""
    rows = list(rows_below(grid, header, columns, spellings))
    letters = {field: xl_col_to_name(position) for field, position in columns.items()}
    whole = tuple(row for row in rows if not row.lost_digits)
    refuse_number(len(rows), len(whole), header, letters["nip"])
    findings = [*misspelt(grid[header], header + 1, columns, known)]
    for row in rows:
        if row.lost_digits:
            sentence = "NIP tersimpan sebagai angka, bukan teks."
            findings.append(row.finding(letters["nip"], "error", sentence, AS_TEXT, row.cells["nip"]))
    return ImportSheet(whole, tuple(findings), letters)


def refuse_number(rows: int, whole: int, header: int, nip_column: str) -> None:
    """Refuse with Invalid a list without rows, or without a whole NIP, or with too many rows."""
    if not rows:
        raise Invalid(f"Tidak ada baris pegawai di bawah baris judul (baris {header + 1}).")
    if not whole:
        raise Invalid(f"Kolom NIP ({nip_column}) berisi angka, bukan teks. {AS_TEXT}")
    if rows > MAX_ROWS:
        raise Invalid(f"Lebih dari {MAX_ROWS // 1000}.000 baris pegawai. Bagi menjadi beberapa berkas.")


def rows_below(
    grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int],
    spellings: Mapping[str, Spelling] | None = None,
) -> Iterator[EmployeeRow]:  # fmt: skip
    """Read the rows below a header line, the cells by field; empty lines and lines that number the columns are none."""
    for number, cells in enumerate(grid[header + 1 :], header + 2):
        raw = {field: cells[at] if at < len(cells) else "" for field, at in columns.items()}
        texts = {field: clean(field, cell, spellings) for field, cell in raw.items()}
        # A line (1) (2) (3) under the header is the custom of Indonesian tables.
        counted = [text for field, text in texts.items() if field in ("nip", "name")]
        counts_columns = all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in counted)
        if any(texts.values()) and not counts_columns:
            lost = isinstance(raw["nip"], int | float) and raw["nip"] >= LOSSY
            yield EmployeeRow(number, texts, lost, _written(raw, texts))


def _written(raw: Mapping[str, Cell], texts: Mapping[str, str]) -> dict[str, str]:
    stood = {field: as_text(cell) for field, cell in raw.items() if isinstance(cell, str | int | float)}
    return {field: text for field, text in stood.items() if text and text != texts[field]}


def misspelt(
    cells: Sequence[Cell], number: int, columns: Mapping[str, int], known: Mapping[str, str]
) -> Iterator[RowFinding]:
    """Tell of every header that was taken for one of ours though it is written otherwise."""
    header = EmployeeRow(number, {}, lost_digits=False)
    for column, position in columns.items():
        written = clean("name", cells[position])
        if header_name(written) not in known:
            title = next(title for title, known_field in known.items() if known_field == column)
            sentence = f"Judul kolom '{written}' dibaca sebagai {title}."
            yield header.finding(xl_col_to_name(position), "warning", sentence, "Periksa isinya.", written)
