"""A personnel list and a payroll list as bytes, read into rows of cells by the pieces of the people's import."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assessment_app.people.messages import (
    AS_TEXT,
    HEADER_WITHIN,
    LOSSY,
    MAX_ROWS,
    Cell,
    EmployeeRow,
    clean,
    grids,
    match_header,
    rows_below,
    spell_day,
)
from assessment_app.people.rules import clean_nip, read_nip
from assessment_app.personnel.messages.columns import DATES
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _

NOBODY = re.compile(r"(?i)(jumlah|total|sub ?total|grand total)\b")
"""What stands in the column of names under a sum."""

LONG_NUMBERS = {
    "nik": "NIK tersimpan sebagai angka, tidak dipakai",
    "account": "nomor rekening tersimpan sebagai angka panjang, tidak dipakai",
}
"""A spreadsheet keeps 15 digits of a number: the last ones of these would be invented."""

LONGEST = 200

_spelt_day = lru_cache(maxsize=20_000)(spell_day)


@dataclass(frozen=True)
class Fault:
    """A row whose NIP cannot be read: what stands there, why, and what to do."""

    row: int
    nip: str
    name: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class ReadList:
    """One list as it was read: rows with a NIP of 18 digits, the others, and the header of each field for people."""

    rows: Sequence[tuple[int, Mapping[str, str]]]
    faults: Sequence[Fault]
    headers: Mapping[str, str]
    remarks: Sequence[str]


def read_list(content: bytes, known: Mapping[str, Sequence[str]], list_name: str, day: date) -> ReadList:
    """Read one list by the headers that are known; refuses with Invalid, naming the list, what holds none."""
    grid, header, columns = _find(content, known, list_name)
    rows, faults, damaged = [], [], Counter[str]()
    for row in _people_below(grid, header, columns):
        fault = _fault(row, day)
        if fault is None:
            rows.append((row.number, _spelt(row, grid[row.number - 1], columns, damaged)))
        else:
            faults.append(fault)
    if not rows:
        said = _("%(list)s: tidak ada satu pun baris dengan NIP 18 angka di bawah baris judul (baris %(row)s).",
                 list=list_name, row=header + 1)  # fmt: skip
        raise Invalid(said)
    headers = {field: clean("name", grid[header][at])[:LONGEST] for field, at in columns.items()}
    remarks = [f"{list_name}: {number} {LONG_NUMBERS[field]}" for field, number in sorted(damaged.items())]
    return ReadList(rows, faults, headers, remarks)


def _find(
    content: bytes, known: Mapping[str, Sequence[str]], list_name: str
) -> tuple[Sequence[Sequence[Cell]], int, dict[str, int]]:
    fields = {header: field for field, headers in known.items() for header in headers}
    for grid in grids(content):
        for index, cells in enumerate(grid[:HEADER_WITHIN]):
            columns = match_header(cells, fields)
            if {"nip", "name"} <= columns.keys():
                if len(grid) - index > MAX_ROWS:
                    said = _("%(list)s: lebih dari 50.000 baris. Bagi menjadi beberapa berkas.", list=list_name)
                    raise Invalid(said)
                return grid, index, columns
    said = _("%(list)s: judul kolom NIP dan NAMA tidak ada dalam 40 baris pertama. Pakai templat.", list=list_name)
    raise Invalid(said)


def _people_below(grid: Sequence[Sequence[Cell]], header: int, columns: Mapping[str, int]) -> Iterator[EmployeeRow]:
    """Go through the rows that speak of somebody: no sums, no headings of units, no example of a template."""
    for row in rows_below(grid, header, columns):
        nip, name = row.cells["nip"], row.cells["name"]
        if (nip or (name and not NOBODY.match(name))) and not nip.casefold().startswith("contoh"):
            yield row


def _fault(row: EmployeeRow, day: date) -> Fault | None:
    """Say why a row's NIP cannot be compared; whether its date is sound is for the rules."""
    written, name = row.cells["nip"], row.cells["name"][:LONGEST]
    digits = clean_nip(written)
    if row.lost_digits:
        return Fault(row.number, digits[:18], name, "NIP tersimpan sebagai angka, bukan teks.", AS_TEXT)
    if re.fullmatch(r"[0-9]{18}", digits):
        return None
    finding = read_nip(written, None, day)[1][0]
    return Fault(row.number, digits[:40], name, finding.sentence, finding.advice)


def _spelt(
    row: EmployeeRow, cells: Sequence[Cell], columns: Mapping[str, int], damaged: Counter[str]
) -> Mapping[str, str]:
    """Write dates as ISO, and take out the long numbers whose last digits a spreadsheet invented."""
    texts = {field: text[:LONGEST] for field, text in row.cells.items()}
    texts |= {field: _spelt_day(texts[field]) for field in DATES if texts.get(field)}
    for field in LONG_NUMBERS:
        at = columns.get(field, len(cells))
        cell = cells[at] if at < len(cells) else ""
        if isinstance(cell, int | float) and cell >= LOSSY:
            texts[field] = ""
            damaged[field] += 1
    return texts
