"""The rows of a list of which something is told, as they stood, with that beside them: to mend and send again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from assessment_app.people.messages.cells import Cell, as_text
from assessment_app.people.messages.lists import ListFinding, find_header, sheets_of
from assessment_app.people.messages.sheets import LOSSY
from assessment_app.people.messages.writing import FINDING_HEADERS, STATES, finding_texts, harmless, write_sheets

BESIDE = ("BARIS ASAL", "HASIL", "MASALAH", "SARAN")


def marked_book(content: bytes, findings: Iterable[ListFinding]) -> bytes:
    """Write each list of a file with the rows of which something is told, that beside them; what is of no row apart."""
    of_row: dict[tuple[str, int], list[ListFinding]] = defaultdict(list)
    for finding in findings:
        of_row[finding.row_place].append(finding)
    written, told = {}, set[tuple[str, int]]()
    for sheet in sheets_of(content):
        header = None if sheet.hidden else find_header(sheet)
        if header is None:
            continue
        places = [place for place in of_row if place[0] == sheet.name and place[1] > header.last + 1]
        rows = [
            _row(sheet.grid[number - 1], of_row[sheet.name, number], len(header.cells)) for _, number in sorted(places)
        ]
        told |= set(places)
        written[sheet.name or "Pegawai"] = [[*map(harmless, header.cells), *BESIDE], *rows]
    rest = [finding for place, found in of_row.items() if place not in told for finding in found]
    return write_sheets({**written, "Temuan berkas": [FINDING_HEADERS, *map(finding_texts, rest)]})


def _row(line: Sequence[Cell], found: Sequence[ListFinding], width: int) -> list[str]:
    cells = [harmless(_shown(line[at] if at < len(line) else "")) for at in range(width)]
    states = dict.fromkeys(STATES[finding.severity] for finding in found)
    said = dict.fromkeys(finding.sentence for finding in found)
    advice = dict.fromkeys(finding.advice for finding in found if finding.advice)
    return [*cells, str(found[0].row), *(harmless(" ".join(texts)) for texts in (states, said, advice))]


def _shown(cell: Cell) -> str:
    """Write a cell as people read it; a number that has lost its last digits keeps showing that it has."""
    if isinstance(cell, datetime | date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, int | float) and cell >= LOSSY:
        return f"{cell:.5E}".replace(".", ",")
    return as_text(cell)
