"""A form's outline as a test of QTI, and why an outline cannot be written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from item_bank.parts import Code, Text, Title
from item_bank.qti.documents import FormOutline
from item_bank.qti.markup import Node, node
from item_bank.qti.names import identifier
from item_bank.qti.texts import broken, label, paragraph
from item_bank.qti.writing.items import LANGUAGE, NAMESPACE

SHORTEST_MS, LONGEST_MS = 1000, 86_400_000


def outline_document(outline: FormOutline) -> Node:
    """Write a test of one part and one section, with its time, its instructions and its items."""
    told = {"identifier": identifier(outline.code), "title": outline.title, "xml:lang": LANGUAGE}
    limits = node("qti-time-limits", {"max-time": seconds(outline.time_limit_ms)})
    part = {"identifier": "PART", "navigation-mode": "nonlinear", "submission-mode": "simultaneous"}
    content = node("qti-test-part", part, _section(outline))
    return node("qti-assessment-test", {"xmlns": NAMESPACE, **told}, limits, content)


def _section(outline: FormOutline) -> Node:
    made = node("qti-assessment-section", {"identifier": "SECTION", "title": outline.title, "visible": "true"})
    if outline.instructions:
        told = node("qti-content-body", {}, *(node("p", {}, *broken(text)) for text in outline.instructions))
        made.children.append(node("qti-rubric-block", {"view": "candidate", "use": "instructions"}, told))
    for item_id in outline.item_ids:
        told_of = {"identifier": identifier(item_id), "href": f"../items/{item_id}.xml"}
        made.children.append(node("qti-assessment-item-ref", told_of))
    return made


def seconds(milliseconds: int) -> str:
    """Write a duration as QTI does."""
    whole, rest = divmod(milliseconds, 1000)
    return f"{whole}.{rest:03}".rstrip("0") if rest else str(whole)


def problems_of_outlines(outlines: Sequence[FormOutline], item_ids: Collection[str]) -> Iterator[str]:
    """Say why outlines cannot be written, and what to do."""
    codes: set[str] = set()
    for outline in outlines:
        yield from (f"form '{outline.code}': {problem}" for problem in _problems_of(outline, item_ids))
        if outline.code in codes:
            yield f"form '{outline.code}': the code is there twice; give each form its own"
        codes.add(outline.code)


def _problems_of(outline: FormOutline, item_ids: Collection[str]) -> Iterator[str]:
    for value, kind, what in ((outline.code, Code, "code"), (outline.title, Title, "title")):
        yield from (f"the {what} does not fit: {problem}" for problem in _misfit(value, kind))
    if outline.title != label(outline.title):
        yield "the title has line breaks, double blanks or characters that XML cannot hold; write it on one line"
    for text in outline.instructions:
        yield from (f"an instruction does not fit: {problem}" for problem in _misfit(text, Text))
        if text != paragraph(text):
            yield "an instruction has double blanks or characters that XML cannot hold; remove them"
    if not SHORTEST_MS <= outline.time_limit_ms <= LONGEST_MS:
        yield f"the time limit is {outline.time_limit_ms} ms; give from {SHORTEST_MS} to {LONGEST_MS}"
    if not outline.item_ids:
        yield "it has no items; name at least one"
    for twin in sorted({one for one in outline.item_ids if outline.item_ids.count(one) > 1}):
        yield f"it names '{twin}' twice; name each item once"
    for stranger in sorted(set(outline.item_ids) - set(item_ids)):
        yield f"it names '{stranger}', which is not among the items; add it or remove the name"


def _misfit(value: object, kind: Any) -> Iterator[str]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield str(error)
