"""The words of an item's body, in the order in which they are read, with its table, its pictures and what it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from item_bank.qti.markup import Node
from item_bank.qti.reading.findings import Case, NotUnderstood
from item_bank.qti.texts import BREAK, GAP, flow

PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd", "address", "figcaption", "summary", "qti-prompt",
})  # fmt: skip
AROUND = frozenset({
    "div", "section", "article", "aside", "header", "footer", "main", "nav", "blockquote", "figure", "dl", "details",
    "center", "qti-content-body", "qti-stimulus-body",
})  # fmt: skip
WITHIN = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "dfn", "em", "font", "i", "ins", "kbd", "label",
    "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
})  # fmt: skip
PLAIN = frozenset(("span", "a", "abbr", "label", "bdi", "bdo", "time"))
"""Elements within words that change nothing of how they look."""
ESSENTIAL = {
    "audio": "sound", "video": "a film", "object": "an embedded object", "embed": "an embedded object",
    "iframe": "an embedded page", "canvas": "a drawing surface", "math": "a formula in MathML",
    "svg": "a drawing within the text", "picture": "a picture in several versions", "ruby": "ruby text",
    "qti-printed-variable": "a variable of a template", "qti-template-block": "a part of a template",
    "qti-template-inline": "a part of a template", "qti-media-interaction": "sound or film", "input": "a form field",
    "qti-inline-choice-interaction": "a choice within the text", "qti-hottext": "marked text", "qti-gap": "a gap",
}  # fmt: skip
"""What has no place here and would be missed."""
DROPPED = {
    "qti-feedback-block": "feedback", "qti-feedback-inline": "feedback", "script": "a script", "style": "a style sheet",
    "noscript": "words for browsers without scripts", "link": "a link to another file",
    "qti-stylesheet": "a style sheet", "qti-catalog-info": "alternative content for assistive tools",
    "form": "a form",
}  # fmt: skip
"""What has no place here and is not missed."""
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


@dataclass
class Content:
    """What stands in a body; stimuli that are still to be placed wait under their names."""

    paragraphs: list[str] = field(default_factory=list)
    tables: list[tuple[Node, Case]] = field(default_factory=list)
    pictures: list[tuple[Node, Case]] = field(default_factory=list)
    asked: list[Node] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)
    stimuli: dict[str, tuple[Node, Case]] = field(default_factory=dict)


def read_blocks(parent: Node, case: Case, content: Content) -> None:
    """Add what stands in an element to the content; refuses with NotUnderstood what would be missed."""
    loose: list[str] = []
    for child in parent.children:
        if isinstance(child, str):
            loose.append(child)
        elif child.name in WITHIN or child.name in ("img", "br", "qti-text-entry-interaction"):
            loose.append(_inline_one(child, case, content))
        else:
            _add(content, loose)
            _read_block(child, case, content)
    _add(content, loose)


def _add(content: Content, loose: list[str]) -> None:
    words = flow("".join(loose))
    loose.clear()
    if words:
        content.paragraphs.append(words)


def _read_block(child: Node, case: Case, content: Content) -> None:
    if child.name.endswith("-interaction") and child.name not in ESSENTIAL:
        content.asked.append(child)
    elif child.get("data-stimulus-idref") in content.stimuli:
        read_blocks(*content.stimuli.pop(child.get("data-stimulus-idref")), content)
    elif child.get("class") == "proasn-ends":
        _read_ends(child, case, content)
    elif child.name in PARAGRAPHS:
        _read_paragraph(child, case, content)
    elif child.name in ("ul", "ol"):
        _read_list(child, case, content)
    elif child.name == "table":
        content.tables.append((child, case))
    elif child.name == "qti-rubric-block":
        _read_rubric(child, case, content)
    elif child.name != "hr":
        check_known(child, case, AROUND)
        if child.name not in DROPPED:
            read_blocks(child, case, content)


def _read_paragraph(child: Node, case: Case, content: Content) -> None:
    """Add a paragraph; one that other tools filled with blocks is read as what stands in it."""
    if any(one.name in AROUND or one.name in PARAGRAPHS or one.name in ("ul", "ol", "table")
           for one in child.elements()):  # fmt: skip
        read_blocks(child, case, content)
    else:
        _add(content, [inline(child, case, content)])


def _read_list(child: Node, case: Case, content: Content) -> None:
    for number, entry in enumerate(child.elements(), start=1):
        before = len(content.paragraphs)
        read_blocks(entry, case, content)
        if len(content.paragraphs) > before:
            mark = f"{number}." if child.name == "ol" else "•"
            content.paragraphs[before] = f"{mark} {content.paragraphs[before]}"


def _read_rubric(child: Node, case: Case, content: Content) -> None:
    """Add what a rubric tells the candidate; what it tells others is not for them."""
    if "candidate" in child.get("view").split():
        case.tell(child, "a rubric for the candidate", "its words stand in the stem; the file is kept")
        read_blocks(child, case, content)
    else:
        case.tell(child, f"a rubric for {child.get('view') or 'others'}")


def _read_ends(child: Node, case: Case, content: Content) -> None:
    for span in child.elements("span"):
        content.ends[span.get("class")] = flow(inline(span, case, content))


def check_known(child: Node, case: Case, known: frozenset[str]) -> None:
    """Report an element that has no place here; refuses with NotUnderstood one that would be missed."""
    if child.name in ESSENTIAL:
        raise NotUnderstood(child, f"it has {ESSENTIAL[child.name]}, which has no place here")
    if child.name in DROPPED:
        case.tell(child, DROPPED[child.name])
    elif child.name not in known:
        case.tell(child, "an unknown element", "its words were taken as they are; the file is kept")


def inline(parent: Node, case: Case, content: Content) -> str:
    """Give the words in an element, line breaks and fields marked; pictures and interactions go to the content."""
    return "".join(child if isinstance(child, str) else _inline_one(child, case, content) for child in parent.children)


def _inline_one(child: Node, case: Case, content: Content) -> str:
    if child.name == "br":
        return BREAK
    if child.name == "img":
        content.pictures.append((child, case))
        return ""
    if child.name == "qti-text-entry-interaction":
        content.asked.append(child)
        return GAP
    check_known(child, case, WITHIN)
    if child.name in DROPPED:
        return ""
    words = inline(child, case, content)
    return MARKED.get(child.name, _plain)(child, words, case)


def _plain(child: Node, words: str, case: Case) -> str:
    if child.get("href"):
        case.tell(child, "a link", "its words were taken; the file is kept")
    elif child.name in WITHIN - PLAIN:
        case.tell(child, f"words set off by <{child.name}>", "the words were taken without it; the file is kept")
    return words


def _raised(child: Node, words: str, _case: Case) -> str:
    return _moved(child, words, _RAISED)


def _lowered(child: Node, words: str, _case: Case) -> str:
    return _moved(child, words, _LOWERED)


def _moved(child: Node, words: str, table: dict[int, int]) -> str:
    """Write raised or lowered digits as such: 10² that became 102 would be another question."""
    plain = words.strip()
    if any(ord(letter) not in table for letter in plain):
        raise NotUnderstood(child, f"'{plain[:20]}' stands above or below the line, which only digits can here")
    return plain.translate(table)


MARKED: dict[str, Callable[[Node, str, Case], str]] = {"sup": _raised, "sub": _lowered}
