"""A table of HTML as a table of ours: a caption, names of columns, rows of as many cells."""

from __future__ import annotations

from item_bank.qti.markup import Node
from item_bank.qti.reading.content import Content, inline
from item_bank.qti.reading.findings import Case, NotUnderstood
from item_bank.qti.texts import flow


def read_table(table: Node, case: Case) -> dict[str, object]:
    """Read a table; refuses with NotUnderstood one whose cells are joined or hold more than words."""
    caption = table.first("caption")
    if caption is None:
        case.tell(table, "a table without a caption", "it was given the caption 'Tabel'")
    rows = [_cells(row, case) for row in table.everywhere("tr")]
    if not rows:
        raise NotUnderstood(table, "the table has no rows")
    return {"caption": _words(caption, case) if caption else "Tabel", "head": rows[0], "rows": rows[1:]}


def _cells(row: Node, case: Case) -> list[str]:
    cells = list(row.elements("td", "th"))
    for cell in cells:
        if cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1":
            raise NotUnderstood(cell, "cells of the table are joined, which has no place here")
    return [_words(cell, case) for cell in cells]


def _words(cell: Node, case: Case) -> str:
    inner = Content()
    blocks = [one for one in cell.elements() if one.name in ("p", "div")]
    words = "\x01".join(inline(one, case, inner) for one in blocks or [cell])
    if inner.pictures or inner.asked:
        raise NotUnderstood(cell, "a cell of the table holds a picture or a question, which has no place here")
    return flow(words)
