"""Findings, a template and other tables as files that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import xlsxwriter

from assessment_app.people.messages.columns import COLUMNS
from assessment_app.people.messages.sheets import MAX_ROWS, RowFinding
from assessment_app.platform.texts import show_nip

AS_IS = 49  # the number of the format "Text" in every workbook

LONGEST_TITLE = 31

FINDING_HEADERS = ("Baris", "Kolom", "Status", "NIP terbaca", "Nama", "Masalah", "Saran", "Isi sel")

STATES = {
    "error": "Ditolak", "question": "Menunggu keputusan", "warning": "Peringatan", "repair": "Diperbaiki",
    "note": "Keterangan",
}  # fmt: skip


def finding_texts(finding: RowFinding) -> list[str]:
    """Write one finding as a row of texts."""
    texts = (show_nip(finding.nip), finding.name, finding.sentence, finding.advice, finding.value)
    return [harmless(finding.place), finding.column, STATES[finding.severity], *map(harmless, texts)]


def harmless(text: str) -> str:
    """Mark a text that begins like a formula: it would be one as soon as somebody opens the file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def findings_csv(findings: Iterable[RowFinding]) -> bytes:
    """Write findings for a spreadsheet with Indonesian settings: semicolons, and a mark that says UTF-8."""
    return write_csv([FINDING_HEADERS, *map(finding_texts, findings)])


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Write rows of texts as CSV for a spreadsheet with Indonesian settings."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def findings_xlsx(findings: Iterable[RowFinding]) -> bytes:
    """Write findings as a workbook of texts: nothing is a formula and no NIP loses digits."""
    return write_book("Temuan", [FINDING_HEADERS, *map(finding_texts, findings)], {})


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
        sheet = _write_sheet(book, title, rows)
        for position, allowed in choices.items():
            rule = {"validate": "list", "source": list(allowed)}
            sheet.data_validation(1, position, MAX_ROWS, position, rule)
    return out.getvalue()


def write_sheets(sheets: Mapping[str, Sequence[Sequence[str | Decimal]]]) -> bytes:
    """Write several sheets as a workbook, the header of each first, with filters; a text never becomes a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number, (title, rows) in enumerate(sheets.items(), 1):
            sheet = _write_sheet(book, _sheet_title(title, number), rows)
            sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
    return out.getvalue()


def _sheet_title(title: str, number: int) -> str:
    """Give a sheet a name that every workbook takes: 31 letters without signs; the number keeps two apart."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", title)
    return plain if plain == title and len(plain) <= LONGEST_TITLE else f"{plain[: LONGEST_TITLE - 4].strip()} {number}"


def _write_sheet(
    book: xlsxwriter.Workbook, title: str, rows: Sequence[Sequence[str | Decimal]]
) -> xlsxwriter.worksheet.Worksheet:
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
    return sheet
