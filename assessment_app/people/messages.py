"""Personnel sheets as bytes: read into rows of cells; findings and a template written back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from assessment_app.platform import workbooks
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import show_nip

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
HEADER_WITHIN = 40
"""Titles, logos and notes stand above the header in real sheets (domain.md 1.6)."""

COLUMNS = {
    "nip": ("NIP", "NIP BARU"), "name": ("NAMA", "NAMA LENGKAP", "NAMA PEGAWAI"),
    "unit": ("UNIT KERJA", "UNIT", "NAMA UNIT KERJA", "UNOR", "UNIT ORGANISASI", "SATUAN KERJA"),
    "parent_unit": ("UNIT INDUK", "OPD", "SKPD", "PERANGKAT DAERAH", "UNOR INDUK"),
    "title": ("JABATAN", "NAMA JABATAN"), "level": ("JENJANG", "JENJANG JABATAN"), "echelon": ("ESELON",),
    "grade": ("GOLONGAN", "GOL", "GOL RUANG", "GOLONGAN RUANG", "PANGKAT GOLONGAN", "PANGKAT GOL RUANG"),
    "status": ("STATUS", "STATUS PNS PPPK", "STATUS PEGAWAI", "STATUS KEPEGAWAIAN", "JENIS PEGAWAI"),
    "born": ("TANGGAL LAHIR", "TGL LAHIR"), "sex": ("JENIS KELAMIN", "JK", "L P", "KELAMIN"),
}  # fmt: skip
"""Fields and the headers under which they are found; the first is the one we write and speak of."""

NEEDED = ("nip", "name", "unit", "title")
FIELD_OF = {header: field for field, headers in COLUMNS.items() for header in headers}
MONTHS = "januari februari maret april mei juni juli agustus september oktober november desember"

LOSSY = 10**15
"""A spreadsheet keeps 15 digits of a number: from here on the last ones are invented."""
AS_TEXT = "Excel membuang tiga angka terakhir: format kolom sebagai Teks, lalu salin ulang NIP dari sumbernya."

AS_IS = 49  # the number of the format "Text" in every workbook

Cell = object
Spelling = Callable[[str], str]


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


@dataclass(frozen=True)
class EmployeeRow:
    """One row of a sheet: cleaned texts by field, dates as ISO, known words in one spelling."""

    number: int
    cells: Mapping[str, str]
    lost_digits: bool

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


def read_sheet(content: bytes) -> ImportSheet:
    """Read CSV, XLSX, XLS or ODS. Refuses with Invalid, in one line, what holds no personnel rows at all."""
    for grid in grids(content):
        for index, cells in enumerate(grid[:HEADER_WITHIN]):
            columns = match_header(cells)
            if {"nip", "name"} <= columns.keys():
                return _read_below(grid, index, columns)
    raise Invalid("Judul kolom NIP dan NAMA tidak ada dalam 40 baris pertama. Pakai templat dari halaman impor.")


def grids(content: bytes) -> Iterator[Sequence[Sequence[Cell]]]:
    """Give the grid of each sheet of CSV, XLSX, XLS or ODS; refuses with Invalid, in one line, what cannot be read."""
    if len(content) > MAX_BYTES:
        raise Invalid("Berkas lebih dari 10 MB. Hapus gambar dan lembar lain, atau bagi menjadi beberapa berkas.")
    if not content.strip():
        raise Invalid("Berkas kosong. Pilih berkas lain.")
    yield from workbooks.grids(content) if content.startswith(workbooks.MARKS) else _csv(content)


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


def match_header(cells: Iterable[Cell], known: Mapping[str, str] = FIELD_OF) -> dict[str, int]:
    """Find which column holds which field by the headers that are known; exact names first, then a slip of the pen."""
    names = [re.sub(r"[^A-Z]+", " ", str(cell).upper()).strip() for cell in cells]
    found: dict[str, int] = {}
    for position, name in ((at, name) for at, name in enumerate(names) if name in known):
        found.setdefault(known[name], position)
    for position, name in enumerate(names):
        close = get_close_matches(name, known, n=1, cutoff=0.85) if len(name) > 3 else []
        if close and position not in found.values():
            found.setdefault(known[close[0]], position)
    return found


def _read_below(grid: Sequence[Sequence[Cell]], header: int, columns: dict[str, int]) -> ImportSheet:
    if "unit" not in columns and "parent_unit" in columns:
        columns["unit"] = columns.pop("parent_unit")
    missing = [COLUMNS[field][0] for field in NEEDED if field not in columns]
    if missing:
        raise Invalid(f"Kolom {', '.join(missing)} tidak ditemukan pada baris judul (baris {header + 1}).")
    return sheet_below(grid, header, columns, FIELD_OF, SPELLINGS)


def sheet_below(
    grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int], known: Mapping[str, str],
    spellings: Mapping[str, Spelling],
) -> ImportSheet:  # fmt: skip
    """Read the rows under a header of known names; cells of some fields are spelt one way. Refuses with Invalid."""
    rows = list(rows_below(grid, header, columns, spellings))
    letters = {field: xl_col_to_name(position) for field, position in columns.items()}
    whole = tuple(row for row in rows if not row.lost_digits)
    if not rows:
        raise Invalid(f"Tidak ada baris pegawai di bawah baris judul (baris {header + 1}).")
    if not whole:
        raise Invalid(f"Kolom NIP ({letters['nip']}) berisi angka, bukan teks. {AS_TEXT}")
    if len(rows) > MAX_ROWS:
        raise Invalid(f"Lebih dari {MAX_ROWS // 1000}.000 baris pegawai. Bagi menjadi beberapa berkas.")
    findings = [*_misspelt(grid[header], header + 1, columns, known)]
    for row in rows:
        if row.lost_digits:
            sentence = "NIP tersimpan sebagai angka, bukan teks."
            findings.append(row.finding(letters["nip"], "error", sentence, AS_TEXT, row.cells["nip"]))
    return ImportSheet(whole, tuple(findings), letters)


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
            yield EmployeeRow(number, texts, isinstance(raw["nip"], int | float) and raw["nip"] >= LOSSY)


def _misspelt(
    cells: Sequence[Cell], number: int, columns: Mapping[str, int], known: Mapping[str, str]
) -> Iterator[RowFinding]:
    header = EmployeeRow(number, {}, lost_digits=False)
    for field, position in columns.items():
        written = clean("name", cells[position])
        if re.sub(r"[^A-Z]+", " ", written.upper()).strip() not in known:
            title = next(title for title, known_field in known.items() if known_field == field)
            sentence = f"Judul kolom '{written}' dibaca sebagai {title}."
            yield header.finding(xl_col_to_name(position), "warning", sentence, "Periksa isinya.", written)


def clean(field: str, cell: Cell, spellings: Mapping[str, Spelling] | None = None) -> str:
    """Turn a cell into the one text that rules expect of its field; what is not understood stays as it is."""
    spellings = SPELLINGS if spellings is None else spellings
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = " ".join(re.sub(r"[\x00-\x1f\u200b-\u200d\ufeff]", " ", str(cell)).split()).lstrip("'`’")
    return spellings[field](text) if field in spellings and text else text


def spell_day(text: str) -> str:
    """Write a date as ISO: day first, month by number or name, or the serial number of a spreadsheet."""
    if re.fullmatch(r"\d{5}", text):
        return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    written = text
    for number, month in enumerate(MONTHS.split(), 1):
        written = re.sub(rf"\s*\b{month[:3]}[a-z]*\b\.?\s*", f"-{number}-", written, flags=re.IGNORECASE)
    day = re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})", written)
    return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}" if day else text


def spell_grade(text: str) -> str:
    """Write a grade as III/c, wherever it stands in the cell; of a PPPK as a Roman number."""
    hit = re.search(r"\b(IV|I{1,3})\s*[/.\- ]?\s*([A-E])\b", text.upper())
    return f"{hit[1]}/{hit[2].lower()}" if hit else text.upper()


def spell_status(text: str) -> str:
    """Write PNS or PPPK; candidates count as what they will be."""
    hit = re.match(r"(?:C?(PNS)|(PPPK|P3K))\b", text.upper().replace(".", ""))
    return text if hit is None else hit[1] or "PPPK"


def spell_sex(text: str) -> str:
    """Write L or P."""
    hit = re.match(r"(l|pria|m|1)|p|w|f|2", text.lower())
    return text if hit is None else "L" if hit[1] else "P"


SPELLINGS = {"born": spell_day, "grade": spell_grade, "status": spell_status, "sex": spell_sex}


FINDING_HEADERS = ("Baris", "Kolom", "Status", "NIP terbaca", "Nama", "Masalah", "Saran", "Isi sel")


def _finding_cells(finding: RowFinding) -> list[str]:
    state = "Ditolak" if finding.severity == "error" else "Peringatan"
    texts = (show_nip(finding.nip), finding.name, finding.sentence, finding.advice, finding.value)
    return [str(finding.row), finding.column, state, *map(harmless, texts)]


def harmless(text: str) -> str:
    """Mark a text that begins like a formula: it would be one as soon as somebody opens the file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def findings_csv(findings: Iterable[RowFinding]) -> bytes:
    """Write findings for a spreadsheet with Indonesian settings: semicolons, and a mark that says UTF-8."""
    return write_csv([FINDING_HEADERS, *map(_finding_cells, findings)])


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of texts as CSV for a spreadsheet with Indonesian settings."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def findings_xlsx(findings: Iterable[RowFinding]) -> bytes:
    """Write findings as a workbook of texts: nothing is a formula and no NIP loses digits."""
    return write_book("Temuan", [FINDING_HEADERS, *map(_finding_cells, findings)], {})


def template_xlsx(levels: Sequence[str]) -> bytes:
    """Write the sheet to fill in: NIP as text, lists to choose from, an example that no import takes."""
    headers = [names[0] for names in COLUMNS.values()]
    example = "contoh: 198503172010011987|Nama|Bidang|Badan|Analis|Ahli Muda||III/c|PNS|17-03-1985|L"
    choices = {headers.index("JENJANG"): levels, headers.index("STATUS"): ("PNS", "PPPK")}
    return write_book("Pegawai", [headers, example.split("|")], choices)


def write_book(title: str, rows: Sequence[Sequence[str | Decimal]], choices: Mapping[int, Sequence[str]]) -> bytes:
    """Write rows of texts and numbers as a workbook of one sheet, the header first; a text never becomes a formula.

    ``choices`` are the lists that columns let one choose from.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        text, head = book.add_format({"num_format": AS_IS}), book.add_format({"num_format": AS_IS, "bold": True})
        figure = book.add_format({"num_format": "General"})  # or the column's own format would make it a text
        sheet.set_column(0, len(rows[0]) - 1, 22, text)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for position, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(number, position, value, figure)
                else:
                    sheet.write_string(number, position, value, text if number else head)
        for position, allowed in choices.items():
            rule = {"validate": "list", "source": list(allowed)}
            sheet.data_validation(1, position, MAX_ROWS, position, rule)
    return out.getvalue()
