"""A test of QTI as the outline of a form."""

from __future__ import annotations

from collections.abc import Mapping

from item_bank.qti.documents import FormOutline
from item_bank.qti.markup import Node, Unreadable, resolve
from item_bank.qti.names import is_same, own_code
from item_bank.qti.reading.content import Content, read_blocks
from item_bank.qti.reading.findings import Case
from item_bank.qti.texts import label
from item_bank.qti.writing.forms import LONGEST_MS, SHORTEST_MS

MS_PER_ITEM = 60_000
KEPT = "the outline was made without it; the file is kept"

_READ = {
    "qti-outcome-declaration", "qti-time-limits", "qti-test-part", "qti-assessment-section", "qti-rubric-block",
    "qti-assessment-item-ref",
}  # fmt: skip


def read_outline(root: Node, case: Case, ids: Mapping[str, str], taken: dict[str, int]) -> FormOutline | None:
    """Read the outline of a form whose items were imported, by the names of their files; nothing if none was."""
    code = own_code(root.get("identifier"), taken)
    if not is_same(root.get("identifier"), code):
        case.tell(root, f"the identifier '{root.get('identifier')}'", f"it became '{code}'; the file is kept")
    _report(root, case)
    item_ids = _items(root, case, ids)
    if not item_ids:
        case.tell(root, "a test without any item that was imported", "no outline was made; the file is kept")
        return None
    title = label(root.get("title"))[:200] or code
    return FormOutline(code, title, _time(root, case, len(item_ids)), _instructions(root, case), item_ids)


def _report(root: Node, case: Case) -> None:
    """Report what a test has beyond a list of items."""
    for one in root.elements():
        _report_one(one, case)
    sections = [*root.everywhere("qti-assessment-section")]
    if len(sections) > 1:
        case.tell(sections[1], f"{len(sections)} sections", "their items stand in one list; the file is kept")


def _report_one(element: Node, case: Case) -> None:
    if element.name not in _READ:
        case.tell(element, "something beyond a list of items", KEPT)
    elif element.get("navigation-mode") == "linear":
        case.tell(element, "items that come one after the other", "here one may go back; the file is kept")
    if element.name in ("qti-test-part", "qti-assessment-section", "qti-assessment-item-ref"):
        for inner in element.elements():
            _report_one(inner, case)


def _items(root: Node, case: Case, ids: Mapping[str, str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for reference in root.everywhere("qti-assessment-item-ref"):
        try:
            name = resolve(case.file, reference.get("href"))
        except Unreadable as error:
            case.findings.refuse(case.file, f"{reference.place}: {error}")
            continue
        if name not in ids:
            case.tell(reference, f"'{name}', which was not imported", KEPT)
        elif ids[name] in found:
            case.tell(reference, f"'{name}' a second time", KEPT)
        else:
            found[ids[name]] = None
    return tuple(found)


def _time(root: Node, case: Case, items: int) -> int:
    """Give the time of the test, or of its parts or sections together; else assume a minute for each item."""
    parts = [*root.elements("qti-test-part")]
    sections = [one for part in parts for one in part.elements("qti-assessment-section")]
    for level in ([root], parts, sections):
        limits = [_limit(one) for one in level]
        if limits and all(limits) and SHORTEST_MS <= sum(limits) <= LONGEST_MS:
            _report_times(root, case, len(level))
            return sum(limits)
    _report_times(root, case, 0)
    case.tell(root, "it says no time limit for the whole", "a minute for each item was assumed; the file is kept")
    return min(LONGEST_MS, MS_PER_ITEM * items)


def _limit(element: Node) -> int:
    limits = element.first("qti-time-limits")
    return _milliseconds(limits.get("max-time")) if limits else 0


def _report_times(root: Node, case: Case, taken: int) -> None:
    """Report limits that are more than one for the whole."""
    limits = [*root.everywhere("qti-time-limits")]
    if taken > 1:
        case.tell(limits[0], f"{taken} time limits", "they were added up; the file is kept")
    if len(limits) > taken:
        case.tell(limits[-1], f"{len(limits) - taken} time limits of smaller parts", KEPT)
    for one in limits:
        if one.get("min-time"):
            case.tell(one, "a least time", KEPT)


def _milliseconds(seconds: str) -> int:
    try:
        value = float(seconds)
    except ValueError:
        return 0
    return round(value * 1000) if 0 < value < LONGEST_MS else 0


def _instructions(root: Node, case: Case) -> tuple[str, ...]:
    content = Content()
    for rubric in root.everywhere("qti-rubric-block"):
        if "candidate" in rubric.get("view").split():
            read_blocks(rubric, case, content)
        else:
            case.tell(rubric, f"a rubric for {rubric.get('view') or 'others'}", KEPT)
    if content.pictures or content.tables:
        case.tell(root, "a picture or a table in the instructions", KEPT)
    return tuple(content.paragraphs)
