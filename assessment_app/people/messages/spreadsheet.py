"""A list of invented people as agencies really send it, with faults planted of which the truth is known.

Three sheets of people with titles above, headers of two lines, misspelt or merged; sums, signatures and notes between
and below; columns, rows and a sheet that are hidden; one fault in some of the rows (``faults``).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import cycle, islice
from random import Random

import xlsxwriter

from assessment_app.people.messages.faults import FAULTS, RANKS, REPEATED, Cells, Value, cells_of
from assessment_app.people.messages.invented import LABEL, UNITS, Person, invent

SHARE = 0.25
"""How many of the rows have a fault, unless somebody wants it otherwise."""

STRUCTURAL, FUNCTIONAL, OTHERS = "Struktural", "Fungsional", "Pelaksana dan PPPK"
ROWS_BETWEEN = 60
"""After so many people a sheet has an empty line and a sum."""

LEAST_SOUND = 3
"""Rows with the usual spelling of a unit for each that spells it otherwise: a list knows its units by their custom."""

HEADS: Mapping[str, tuple[Sequence[Sequence[str]], Sequence[str]]] = {
    STRUCTURAL: (
        [["NO", "NIP", "NAMA", "PANGKAT / GOL. RUANG", "", "JABATAN", "", "UNIT KERJA", "TGL. LAHIR", "L/P", "STATUS",
          "KETERANGAN"],
         ["", "", "", "PANGKAT", "GOL. RUANG", "NAMA", "ESELON", "", "", "", "", ""]],
        ["number", "nip", "name", "rank", "grade", "title", "echelon", "unit", "born", "sex", "status", "standing"],
    ),
    FUNCTIONAL: (
        [["NO.", "N I P", "NAMMA PEGAWAI", "GOL/RUANG", "JABTAN", "JENJANG JABATAN", "UNIT KERJA", "UNIT KERJAA",
          "TGL LAHIR", "JENIS KELAMIN", "STATUS PEGAWAI", "KET"]],
        ["number", "nip", "name", "grade", "title", "level", "old_unit", "unit", "born", "sex", "status", "standing"],
    ),
    OTHERS: (
        [["DATA PEGAWAI", "", "", "", "", "", "UNIT KERJA", "", "", "", ""],
         ["NO", "NIP/NI PPPK", "NAMA ASN", "GOL", "NAMA JABATAN", "JENJANG", "", "TANGGAL LAHIR", "JK", "JENIS PEGAWAI",
          "KEDUDUKAN"]],
        ["number", "nip", "name", "grade", "title", "level", "unit", "born", "sex", "status", "standing"],
    ),
}  # fmt: skip
"""Each sheet of people: the lines of its header, and what its columns hold."""

HIDDEN_COLUMN = {FUNCTIONAL: "old_unit"}
TITLES = (LABEL, "DAFTAR NOMINATIF PESERTA PEMETAAN KOMPETENSI", "PEMERINTAH PROVINSI CONTOH")
SIGNATURE = ("Contoh, 24 November 2026", "Kepala Badan Kepegawaian Daerah,", "Dr. Contoh Peraga, M.Si.",
             "NIP. 197001011995031001")  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """What is true of one row of people: where it stands, its fault, what an import must say, and who it means."""

    sheet: str
    row: int
    fault: str
    outcome: str
    kind: str
    person: Person


@dataclass(frozen=True)
class Planted:
    """A row before it is written: its cells, its fault, and who it means."""

    cells: Cells
    person: Person
    fault: str = ""
    outcome: str = ""
    kind: str = ""


@dataclass
class Spreadsheet:
    """The workbook and the truth of each of its rows, in the order of sheets and rows."""

    content: bytes
    truths: list[Truth] = field(default_factory=list)

    def people(self) -> dict[str, Person]:
        """Give, by NIP, everybody whom a faultless import lets in without a question."""
        return {one.person.nip: one.person for one in self.truths if one.outcome in ("", "repair", "warning")}

    def mended(self, day: date) -> Spreadsheet:
        """Write down, without a fault, whoever still works and was not let in: what an agency sends again."""
        there = {(one.name, one.born) for one in self.people().values()}
        rows = {sheet: list[Planted]() for sheet in HEADS}
        for one in self.truths:
            who = one.person.name, one.person.born
            if one.kind != GONE and who not in there:
                there.add(who)
                rows[_sheet_of(one.person)].append(Planted(cells_of(one.person), one.person))
        return _written(rows, Random(len(there)), day)


def make(rows: int, seed: int, day: date, units: int = len(UNITS), share: float = SHARE) -> Spreadsheet:
    """Write a list of so many rows about people, a share of them with a fault; the same arguments give the same bytes.

    Refuses with ValueError fewer than one row, or a share outside 0 to 1.
    """
    if rows < 1 or not 0 <= share <= 1:
        raise ValueError("there must be at least one row, and a share between 0 and 1")
    chance = Random(f"{seed}:{rows}:{units}:faults")
    names = [*FAULTS, *REPEATED]
    chance.shuffle(names)
    faults = list(islice(cycle(names), round(rows * share)))
    twice = [fault for fault in faults if fault in REPEATED][: rows // 2]
    people = invent(rows - len(twice), seed, day, units)
    planted = _plant(people, [fault for fault in faults if fault in FAULTS], twice, chance)
    return _written(planted, chance, day)


def _plant(
    people: Sequence[Person], single: Iterable[str], twice: Sequence[str], chance: Random
) -> dict[str, list[Planted]]:
    """Give the rows of each sheet, and after all others those that repeat somebody."""
    rows = {sheet: list[Planted]() for sheet in HEADS}
    free = list(people)
    chance.shuffle(free)
    usual, odd = Counter(person.unit for person in people), Counter[str]()
    faulty: dict[str, Planted] = {}
    for fault in single:
        found = next((one for one in free if _can_have(fault, one, usual, odd)), None)
        if found is not None:
            free.remove(found)
            odd[found.unit] += fault.startswith("unit_")
            faulty[found.nip] = _with_fault(fault, found, chance)
    repeated = {person.nip: (fault, person) for fault, person in zip(twice, free, strict=False)}
    for person in people:
        fault, _ = repeated.get(person.nip, ("", person))
        plain = Planted(cells_of(person), person)
        first = replace(plain, fault=fault, outcome=REPEATED[fault], kind=fault) if fault in FIRST_TOO else plain
        rows[_sheet_of(person)].append(faulty.get(person.nip, first))
    for fault, person in repeated.values():
        rows[_sheet_of(person)].append(_again(fault, person, chance))
    return rows


GONE = "gone"
"""What is found of people who do not work for the agency any more."""

FIRST_TOO = ("duplicate_differs", "namesake")
"""Faults of two rows of which the first is in doubt as well."""


def _can_have(fault: str, person: Person, usual: Mapping[str, int], odd: Mapping[str, int]) -> bool:
    sound = not fault.startswith("unit_") or (odd[person.unit] + 1) * (LEAST_SOUND + 1) <= usual[person.unit]
    return sound and FAULTS[fault].fits(person)


def _with_fault(name: str, person: Person, chance: Random) -> Planted:
    fault = FAULTS[name]
    cells = cells_of(person) | fault.change(person, chance)
    nip = str(cells["nip"]) if fault.outcome == "warning" else person.nip
    meant = replace(fault.meant(person), nip=nip)
    if name == "old_age":
        meant = replace(meant, born=date(int(nip[:4]), int(nip[4:6]), int(nip[6:8])))
    return Planted(cells, meant, name, fault.outcome, fault.kind)


def _again(fault: str, person: Person, chance: Random) -> Planted:
    """Write somebody a second time: with the same words, in another unit, or under another number."""
    cells, meant = cells_of(person), person
    if fault == "duplicate_differs":
        meant = replace(person, unit=chance.choice([unit for unit in UNITS if unit != person.unit]))
    elif fault == "namesake":
        meant = replace(person, nip=f"{person.nip[:15]}{900 + chance.randint(0, 99)}")
    cells |= {"unit": meant.unit, "nip": meant.nip}
    return Planted(cells, meant, fault, REPEATED[fault], fault)


def _sheet_of(person: Person) -> str:
    if person.echelon:
        return STRUCTURAL
    return OTHERS if person.status == "PPPK" or person.level == "Pelaksana" else FUNCTIONAL


def _written(planted: Mapping[str, Sequence[Planted]], chance: Random, day: date) -> Spreadsheet:
    out, truths = io.BytesIO(), list[Truth]()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(day.year, 1, 1, tzinfo=UTC), "comments": LABEL})
        for sheet, rows in planted.items():
            truths += _write_people(book, sheet, rows)
        _write_others(book, planted, chance)
    return Spreadsheet(out.getvalue(), truths)


def _write_people(book: xlsxwriter.Workbook, name: str, rows: Sequence[Planted]) -> Iterator[Truth]:
    sheet, (head, columns) = book.add_worksheet(name), HEADS[name]
    lines: list[Sequence[Value]] = [[title] for title in TITLES] + [[]] + list(head)
    lines.append([f"({number})" for number in range(1, len(columns) + 1)])
    for number, row in enumerate(rows, 1):
        if number % ROWS_BETWEEN == 0:
            lines += [[], ["JUMLAH", "", "", ROWS_BETWEEN - 1], list(head[-1]) if len(head) == 1 else []]
        lines.append([_value(column, row, number) for column in columns])
        yield Truth(name, len(lines), row.fault, row.outcome, row.kind, row.person)
    lines += [[], ["", "JUMLAH SELURUHNYA", "", len(rows)], ["Catatan: mohon diperiksa kembali."], []]
    lines += [[*[""] * 5, text] for text in SIGNATURE]
    for at, line in enumerate(lines):
        for position, value in enumerate(line):
            if value != "":
                (sheet.write_string if isinstance(value, str) else sheet.write_number)(at, position, value)
    _merge(book, sheet, len(TITLES) + 1, head)
    if hidden := HIDDEN_COLUMN.get(name):
        sheet.set_column(columns.index(hidden), columns.index(hidden), None, None, {"hidden": True})
    if name == FUNCTIONAL and rows:
        sheet.set_row(len(TITLES) + 1 + len(head) + 1, None, None, {"hidden": True})  # the first person's row


def _value(column: str, row: Planted, number: int) -> Value:
    own: dict[str, Value] = {"number": number, "rank": RANKS.get(row.person.grade, ""), "old_unit": "Dinas Lama"}
    return own[column] if column in own else row.cells[column]


def _merge(
    book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, top: int, head: Sequence[Sequence[str]]
) -> None:
    """Merge a header cell with the empty ones to its right, where the line below parts them."""
    if len(head) < 2:
        return
    bold = book.add_format({"bold": True, "align": "center"})
    for at, text in enumerate(head[0]):
        width = next((n for n, more in enumerate(head[0][at + 1 :], 1) if more), len(head[0]) - at)
        if text and width > 1:
            sheet.merge_range(top, at, top, at + width - 1, text, bold)


def _write_others(book: xlsxwriter.Workbook, planted: Mapping[str, Sequence[Planted]], chance: Random) -> None:
    """Add what is no list: a summary, an empty sheet, and a hidden one with somebody's stale copy."""
    summary = book.add_worksheet("Rekap")
    for at, (sheet, rows) in enumerate(planted.items()):
        summary.write_row(at, 0, [sheet, len(rows)])
    book.add_worksheet("Sheet5")
    stale = book.add_worksheet("Data Lama")
    stale.write_row(0, 0, ["NIP", "NAMA", "JABATAN", "JENJANG", "UNIT KERJA"])
    everybody = [row.person for rows in planted.values() for row in rows]
    for at, person in enumerate(chance.sample(everybody, min(5, len(everybody))), 1):
        stale.write_row(at, 0, [person.nip, person.name, person.post, person.level, "Unit Lama"])
    stale.hide()
