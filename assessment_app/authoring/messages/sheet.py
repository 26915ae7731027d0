"""Items of a sheet that authors filled in, one row each: read whole, or every fault told at its cell."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from assessment_app.authoring.messages.item_form import JOB_LEVELS, ItemForm, Row
from assessment_app.authoring.messages.sheet_columns import (
    COLUMNS,
    HEADINGS,
    KINDS,
    LETTERS,
    MAX_ROWS,
    NAMES,
    NEEDED,
    OF_OPTION,
    STATEMENT,
)
from assessment_app.authoring.messages.words import WORTHS
from assessment_app.platform import workbooks
from assessment_app.platform.errors import Invalid
from assessment_app.platform.texts import gettext as _
from assessment_app.platform.texts import mark
from item_bank.bank import BankItem, Stock
from item_bank.instruments import INSTRUMENTS

MAX_BYTES, MAX_COLUMNS, HEADER_WITHIN = 10 * 1024 * 1024, 200, 10
OF_NUMBER = {"value", "tolerance", "unit", "whole_why"}
FIGURES = {"a", "b", "value", "tolerance", *(f"worth-{letter}" for letter in LETTERS)}
BARRED = {"number": {field for field in COLUMNS if "-" in field} | {"repeats"}, "most_least": OF_NUMBER | {"a", "b"}}
SCORES = {"choice": "|[0-9]|1[0-2]", "choices": "[01]?", "order": "[1-8]"}
UNKNOWN = mark("Isian tidak dikenal. Pilih dari: %(names)s.")
NO_SHEET = mark("Unggah templat yang sudah diisi sebagai XLSX, ODS, atau CSV, paling besar 10 MB.")
FORMULA = mark("Sel %(cell)s berisi galat rumus seperti #REF!. Ganti dengan isi yang benar lalu unggah lagi.")
_ERROR = re.compile(r"\s*(#(REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)|Err:[0-9]+)\s*")
_ERROR_CELL = re.compile(rb'<(?:x:)?c (?:r="([A-Z]{1,3}[0-9]{1,7})")?[^<>]{0,99} t="e"|calcext:value-type="error"')


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a sheet, and what its author does about it."""

    row: int
    column: str
    sentence: str
    value: str = ""


@dataclass(frozen=True)
class SheetItems:
    """What a sheet holds: items with their instruments, and none of them while anything is wrong."""

    items: tuple[tuple[str, BankItem], ...]
    faults: tuple[Fault, ...]

    def stocks(self) -> list[Stock]:
        """Give the items by instrument, as authors' own with assumed parameters."""
        return [
            Stock(instrument, False, "assumed", tuple(item for of, item in self.items if of == instrument))
            for instrument in dict.fromkeys(of for of, _item in self.items)
        ]


@dataclass(frozen=True)
class _Line:
    number: int
    letters: Mapping[str, str]
    cells: Mapping[str, str]
    doubtful: Collection[str]

    def fault(self, field: str, sentence: str) -> Fault:
        shown = " ".join(self.cells.get(field, "").split())[:80]
        return Fault(self.number, self.letters.get(field, ""), sentence, shown)

    def options(self, name: str) -> dict[str, str]:
        """Give a field of each option, up to the last option of which anything is written."""
        used = [at for at, letter in enumerate(LETTERS, 1) for of in OF_OPTION if self.cells[f"{of}-{letter}"]]
        return {f"{name}-{letter}": self.cells[f"{name}-{letter}"] for letter in LETTERS[: max(used, default=0)]}

    def measures(self) -> bool:
        """Tell whether the statements of a block have parameters, and not a construct each."""
        return any(re.fullmatch(STATEMENT, worth) for worth in self.options("worth").values())


def read_sheet(content: bytes, name: str, known: Collection[str]) -> SheetItems:
    """Read the items of a sheet, or every fault; refuses with Invalid what is damaged, too large or no such sheet."""
    tables = [(at + 1, grid[at:]) for grid in _grids(content, name) if (at := _header(grid)) is not None]
    if len(tables) != 1:
        raise Invalid("Tepat satu lembar harus memuat judul Kode, Instrumen, dan Jenis dalam 10 baris pertama.")
    top, table = tables[0]
    places, faults = _columns(table, top)
    lines = list(_lines(table[1:], top + 1, places))
    if not 0 < len(lines) <= MAX_ROWS:
        raise Invalid("Satu berkas memuat 1 sampai 2.000 butir di bawah baris judul.")
    rows, stock = {line.cells["id"]: line.number for line in reversed(lines)}, frozenset(known)
    taken, items = stock | rows.keys(), list[tuple[str, BankItem]]()
    for line in lines if places.keys() >= NEEDED else ():
        instrument, kind = _code(line.cells["instrument"], NAMES), _code(line.cells["kind"], KINDS)
        wrong = [*_of_names(line, rows, stock), *_of_cells(line, kind), *_of_key(line, instrument, kind)]
        if not wrong:
            item, problems = _form(line, instrument, kind).read(None, taken)
            wrong = [line.fault("", _("Butir ditolak: %(why)s", why=_(problem))) for problem in problems]
            items += [(instrument, item)] if item is not None else []
        faults += wrong
    faults.sort(key=lambda fault: (fault.row, len(fault.column), fault.column))
    return SheetItems(() if faults else tuple(items), tuple(faults))


def _grids(content: bytes, name: str) -> Sequence[Sequence[Sequence[object]]]:
    suffix = PurePath(name).suffix.lower()
    if len(content) > MAX_BYTES or suffix not in ("", ".xlsx", ".xlsm", ".ods", ".csv", ".txt"):
        raise Invalid(NO_SHEET)
    if not content.startswith(workbooks.MARKS):
        return [_csv(content)]
    grids = list(workbooks.grids(content))
    if not content.startswith(b"PK"):
        raise Invalid(NO_SHEET)  # an old XLS, in which nothing shows that a formula failed
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for hit in filter(None, (_ERROR_CELL.search(archive.read(part)) for part in archive.namelist())):
            raise Invalid(_(FORMULA, cell=(hit[1] or b"ODS").decode()))
    return grids


def _csv(content: bytes) -> Sequence[Sequence[str]]:
    try:
        text = content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        grids = (list(csv.reader(io.StringIO(text, newline=""), delimiter=by)) for by in ";\t,")
        grid = next((grid for grid in grids if _header(grid) is not None), [])
    except csv.Error as error:
        raise Invalid("Berkas CSV rusak: tanda kutip tidak ditutup. Simpan ulang lalu unggah lagi.") from error
    wrong = ((row, at) for row, cells in enumerate(grid) for at, cell in enumerate(cells) if _ERROR.fullmatch(cell))
    for row, at in wrong:
        raise Invalid(_(FORMULA, cell=xl_rowcol_to_cell(row, at)))
    return grid


def _header(grid: Sequence[Sequence[object]]) -> int | None:
    rows = ({_code(cell, HEADINGS) for cell in cells[:MAX_COLUMNS]} for cells in grid[:HEADER_WITHIN])
    return next((at for at, fields in enumerate(rows) if len(fields & NEEDED) > 2), None)


def _code(said: object, names: Mapping[str, str]) -> str:
    """Find a code by itself or by its name, whatever the case and spaces; none is empty."""
    texts = (str(text)[:99].casefold() for text in (said, *names, *names.values()))
    wanted, *plain = ("".join(filter(str.isalnum, text)) for text in texts)
    return [*names, *names][plain.index(wanted)] if wanted in plain else ""


def _columns(table: Sequence[Sequence[object]], top: int) -> tuple[dict[str, int], list[Fault]]:
    places, faults = dict[str, int](), list[Fault]()
    for place in sorted({at for cells in table for at, cell in enumerate(cells) if cell != ""})[:MAX_COLUMNS]:
        title = _text(table[0][place]) if place < len(table[0]) else ""
        field = _code(title, HEADINGS)
        if not field or places.setdefault(field, place) != place:
            said = _("Judul kolom ini kosong, ganda, atau tidak dikenal. Samakan dengan templat atau hapus kolomnya.")
            faults.append(Fault(top, xl_col_to_name(place), said, title[:80]))
    for field in sorted(NEEDED - places.keys(), key=[*COLUMNS].index):
        faults.append(Fault(top, "", _("Tambahkan kolom %(heading)s.", heading=HEADINGS[field])))
    return places, faults


def _lines(rows: Sequence[Sequence[object]], first: int, places: Mapping[str, int]) -> Iterator[_Line]:
    letters = {field: xl_col_to_name(place) for field, place in places.items()}
    for number, cells in enumerate(rows, first):
        raw = {field: cells[place] for field, place in places.items() if place < len(cells)}
        texts = {field: _text(raw.get(field, "")) for field in COLUMNS}
        if any(texts.values()):  # a date may have been typed as 1-2, and a share stand there as 25%
            odd = {field for field, cell in raw.items() if not isinstance(cell, str | float)}
            odd |= {field for field in raw.keys() - FIGURES if isinstance(raw[field], float) and "," in texts[field]}
            yield _Line(number, letters, texts, odd)


def _text(cell: object) -> str:
    said = f"{cell:.10f}".rstrip("0").rstrip(".").replace(".", ",") if isinstance(cell, float) else str(cell)
    return re.sub(r"[\x00-\x08\x0b-\x1f\u200b-\u200d\ufeff]", "", re.sub(r"\r\n?|_x000D_\n?", "\n", said)).strip()


def _of_names(line: _Line, rows: Mapping[str, int], stock: frozenset[str]) -> Iterator[Fault]:
    code, cells = line.cells["id"], line.cells
    if code in stock:
        yield line.fault("id", _("Kode ini sudah ada di bank. Beri kode lain."))
    elif code and rows[code] != line.number:
        yield line.fault("id", _("Kode ini sudah dipakai pada baris %(row)s. Beri kode lain.", row=rows[code]))
    for field, names in (("instrument", NAMES), ("kind", KINDS), ("job_levels", JOB_LEVELS)):
        if not all(_code(part, names) for part in cells[field].split(",") if part.strip()):
            yield line.fault(field, _(UNKNOWN, names="; ".join(map(_, names.values()))))
    for field in ("enemies", "repeats"):
        if missing := sorted({*map(str.strip, cells[field].split(","))} - {""} - rows.keys() - stock):
            yield line.fault(field, _("Tidak ada butir %(ids)s. Perbaiki kodenya.", ids=", ".join(missing)))


def _of_cells(line: _Line, kind: str) -> Iterator[Fault]:
    barred = BARRED.get(kind, OF_NUMBER | {"repeats"}) if kind else set[str]()
    needed = NEEDED | ({"value", "whole_why"} if kind == "number" else {*line.options("text"), *line.options("why")})
    if kind == "most_least":
        barred, needed = (barred | {"repeats"}, needed) if line.measures() else (barred, needed - {"construct"})
    for field, text in line.cells.items():
        _heading, pattern, hint = COLUMNS[field]
        if field in line.doubtful:
            yield line.fault(field, _("Isi sel mungkin diubah Excel. Format sel sebagai Teks, lalu tulis ulang."))
        elif text and field in barred:
            yield line.fault(field, _("Jenis %(kind)s tidak memakai kolom ini. Kosongkan.", kind=_(KINDS[kind])))
        elif (text or field in needed) and not re.fullmatch(pattern, text, re.DOTALL):
            yield line.fault(field, _(hint))


def _of_key(line: _Line, instrument: str, kind: str) -> Iterator[Fault]:
    worths, (least, most) = line.options("worth"), (3, 6) if kind == "most_least" else (2, 8)
    if kind not in ("", "number") and not least <= len(worths) <= most:
        said = _("Jenis ini memerlukan %(least)s sampai %(most)s pilihan.", least=least, most=most)
        yield line.fault(f"text-{LETTERS[min(len(worths), most)]}", said)
    constructs = INSTRUMENTS[instrument].constructs if instrument else {}
    spoken = {"construct": line.cells["construct"]} if line.cells["construct"] else {}
    pattern = STATEMENT if kind == "most_least" else SCORES.get(kind, ".*")
    if kind == "most_least" and not line.measures():
        spoken, pattern = spoken | worths, ".*"
    for field in (field for field, said in spoken.items() if constructs and not _code(said, constructs)):
        yield line.fault(field, _(UNKNOWN, names="; ".join(map(_, constructs.values()))))
    wrong = [field for field, said in worths.items() if not re.fullmatch(pattern, said, re.DOTALL)]
    scores = [] if wrong or kind not in SCORES else [int(said or 0) for said in worths.values()]
    tells = {"choice": {0, 1} <= {*scores} or max(scores, default=0) > 1, "choices": any(scores)}
    if scores and not tells.get(kind, sorted(scores) == [*range(1, len(scores) + 1)]):
        wrong = ["worth-A"]
    yield from (line.fault(field, _(WORTHS[kind][1])) for field in wrong)
    fitting = {"choice": {max(scores, default=0)}, "choices": {1, sum(scores)}, "number": {1}}
    many = fitting.get(kind, {1, len(scores) - 1}) if (scores and not wrong) or kind == "number" else set()
    if re.fullmatch(COLUMNS["b"][1], written := line.cells["b"] or "0"):
        borders = [float(part.replace("\u2212", "-").replace(",", ".")) for part in written.split(";")]
        if borders != sorted({*borders}) or (many and len(borders) not in many):
            told = " / ".join(map(str, sorted(many - {0}))) or "-"
            yield line.fault("b", _("Tulis batas yang naik, dipisah titik koma. Banyaknya: %(many)s.", many=told))


def _form(line: _Line, instrument: str, kind: str) -> ItemForm:
    constructs = INSTRUMENTS[instrument].constructs
    typed: dict[str, Any] = {field: text for field, text in line.cells.items() if text and "-" not in field}
    typed |= {"instrument": instrument, "kind": kind, "construct": _code(line.cells["construct"], constructs)}
    typed["stem"] = re.sub(r"\s*\|\|\s*|\n[ \t]+\n", "\n\n", line.cells["stem"])
    levels = dict.fromkeys(_code(part, JOB_LEVELS) for part in line.cells["job_levels"].split(","))
    typed["job_levels"] = tuple(filter(None, levels)) or tuple(JOB_LEVELS)
    options = zip(*(line.options(of).values() for of in OF_OPTION), strict=True)
    rows = (Row("", text, _code(worth, constructs) or worth, why) for text, worth, why in options)
    return ItemForm(**typed, rows=tuple(rows))
