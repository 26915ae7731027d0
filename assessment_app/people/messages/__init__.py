"""Personnel sheets as bytes: read into rows of cells; findings and a template written back."""

from assessment_app.people.messages.cells import Cell, clean, spell_day
from assessment_app.people.messages.columns import COLUMNS, HEADER_WITHIN, match_header
from assessment_app.people.messages.lists import ListFinding, ListRow, PeopleFile, read_sheet
from assessment_app.people.messages.marked import marked_book
from assessment_app.people.messages.sheets import (
    AS_TEXT,
    LOSSY,
    MAX_BYTES,
    MAX_ROWS,
    EmployeeRow,
    ImportSheet,
    RowFinding,
    grids,
    rows_below,
    sheet_below,
)
from assessment_app.people.messages.words import KIND_WORDS
from assessment_app.people.messages.writing import (
    FINDING_HEADERS,
    findings_csv,
    findings_xlsx,
    harmless,
    template_xlsx,
    write_book,
    write_csv,
)

__all__ = [
    "AS_TEXT",
    "COLUMNS",
    "FINDING_HEADERS",
    "HEADER_WITHIN",
    "KIND_WORDS",
    "LOSSY",
    "MAX_BYTES",
    "MAX_ROWS",
    "Cell",
    "EmployeeRow",
    "ImportSheet",
    "ListFinding",
    "ListRow",
    "PeopleFile",
    "RowFinding",
    "clean",
    "findings_csv",
    "findings_xlsx",
    "grids",
    "harmless",
    "marked_book",
    "match_header",
    "read_sheet",
    "rows_below",
    "sheet_below",
    "spell_day",
    "template_xlsx",
    "write_book",
    "write_csv",
]
