"""What each interaction of QTI asks, as the fields of an item of ours; nothing here knows a key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from item_bank.qti.declarations import Declared
from item_bank.qti.markup import Node
from item_bank.qti.names import is_same, own_id
from item_bank.qti.reading.content import Content, read_blocks
from item_bank.qti.reading.findings import Case, NotUnderstood
from item_bank.qti.reading.hotspots import picture_of, region_of
from item_bank.qti.reading.pictures import read_image
from item_bank.qti.texts import GAP, label
from item_bank.qti.writing.items import SIMULATION

MOST_UNIT, USUAL_LENGTH, MOST_LENGTH, MOST_STEPS, MOST_CHOICES = 20, 4000, 20_000, 12, 60
SLOTS = {
    "most": {"most", "best", "paling sesuai", "paling-sesuai", "paling efektif", "most effective", "most likely"},
    "least": {"least", "worst", "paling tidak sesuai", "paling-tidak-sesuai", "paling tidak efektif",
              "least effective", "least likely"},
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """An interaction with the words around it and what was declared of its response."""

    node: Node
    content: Content
    case: Case
    declared: Declared


@dataclass(frozen=True)
class Shape:
    """The fields of an item that follow from its interaction, and our ids by its identifiers."""

    kind: str
    fields: dict[str, Any]
    ids: dict[str, str] = field(default_factory=dict)


def read_interaction(asked: Asked) -> Shape:
    """Read what is asked; refuses with NotUnderstood an interaction that has no kind here."""
    reader = READERS.get(asked.node.name)
    if reader is None:
        raise NotUnderstood(asked.node, "an interaction of a kind that has no place here")
    return reader(asked)


def _question(asked: Asked) -> str:
    """Give the question: the prompt, or else the last paragraph before the interaction."""
    prompt = asked.node.first("qti-prompt")
    inner = Content()
    if prompt is not None:
        read_blocks(prompt, asked.case, inner)
    asked.content.pictures += inner.pictures
    asked.content.tables += inner.tables
    if inner.paragraphs:
        return "\n".join(inner.paragraphs)
    if not asked.content.paragraphs:
        raise NotUnderstood(asked.node, "it has neither a prompt nor a paragraph that could be its question")
    return asked.content.paragraphs.pop()


def _named(asked: Asked, choices: list[Node]) -> dict[str, str]:
    """Give ids of ours to what can be chosen, and report those that had to change."""
    if len(choices) > MOST_CHOICES:
        raise NotUnderstood(asked.node, f"it offers {len(choices)} things, more than an item does here")
    taken, ids = dict[str, int](), dict[str, str]()
    for choice in choices:
        foreign = choice.get("identifier")
        if foreign in ids:
            raise NotUnderstood(choice, f"the identifier '{foreign}' is there twice")
        ids[foreign] = own_id(foreign, taken)
        if not is_same(foreign, ids[foreign]):
            asked.case.tell(choice, f"the identifier '{foreign}'", f"it became '{ids[foreign]}'; the file is kept")
    return ids


def _options(asked: Asked, choices: list[Node], ids: dict[str, str]) -> list[dict[str, Any]]:
    return [_option(asked, choice, ids[choice.get("identifier")]) for choice in choices]


def _option(asked: Asked, choice: Node, own: str) -> dict[str, Any]:
    inner = Content()
    read_blocks(choice, asked.case, inner)
    if inner.asked or inner.tables or len(inner.pictures) > 1 or (inner.pictures and inner.paragraphs):
        raise NotUnderstood(choice, "an option is either words or one picture here, nothing else")
    if not inner.pictures:
        return {"id": own, "text": "\n".join(inner.paragraphs)}
    shown, case = inner.pictures[0]
    image = msgspec.to_builtins(read_image(shown, case))
    return {"id": own, "text": described(shown, case), "image": image}


def described(shown: Node, case: Case) -> str:
    """Give a picture's description, or say that there is none."""
    text = label(shown.get("alt"))
    if not text:
        case.tell(shown, "a picture without a description", "it was described as 'Gambar'; write a description")
    return text or "Gambar"


def _whole(element: Node, attribute: str, otherwise: int) -> int:
    text = element.get(attribute)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _choice(asked: Asked) -> Shape:
    choices = list(asked.node.elements("qti-simple-choice"))
    ids = _named(asked, choices)
    fields = {"question": _question(asked), "options": _options(asked, choices, ids)}
    if asked.declared.cardinality == "single":
        return Shape("choice", fields, ids)
    return Shape("choices", fields | {"at_most": _whole(asked.node, "max-choices", 1) or len(choices)}, ids)


def _order(asked: Asked) -> Shape:
    choices = list(asked.node.elements("qti-simple-choice"))
    if _whole(asked.node, "max-choices", 0) not in (0, len(choices)):
        raise NotUnderstood(asked.node, "only some of the options are to be put in order, which has no place here")
    ids = _named(asked, choices)
    return Shape("order", {"question": _question(asked), "options": _options(asked, choices, ids)}, ids)


def _match(asked: Asked) -> Shape:
    """Read a match as most and least: one side has two slots that are called so."""
    sides = [list(one.elements("qti-simple-associable-choice")) for one in asked.node.elements("qti-simple-match-set")]
    slots = next((side for side in sides if _are_slots(side)), None)
    if slots is None or len(sides) != 2:
        raise NotUnderstood(asked.node, "a match of two lists, other than of statements to most and least")
    statements = next(side for side in sides if side is not slots)
    ids = _named(asked, statements)
    return Shape("most_least", {"question": _question(asked), "options": _options(asked, statements, ids)}, ids)


def _are_slots(side: list[Node]) -> bool:
    called = [{one.get("identifier").lower(), one.words().lower()} for one in side]
    return len(called) == 2 and bool(called[0] & SLOTS["most"]) and bool(called[1] & SLOTS["least"])


def _slider(asked: Asked) -> Shape:
    """Read a slider as a rating, or as a number where one value on it is right."""
    if asked.declared.correct and not asked.declared.mapping:
        asked.case.tell(asked.node, "a slider with one right value", "it became a number to write; the file is kept")
        return Shape("number", {"question": _question(asked)})
    low, high = _bound(asked, "lower-bound"), _bound(asked, "upper-bound")
    if asked.node.get("step", "1") not in ("1", "1.0") or not 0 < high - low <= MOST_STEPS:
        raise NotUnderstood(asked.node, f"a slider of other than 2 to {MOST_STEPS + 1} whole steps")
    ends = asked.content.ends
    if not ends:
        asked.case.tell(asked.node, "the slider's ends have no names", "they were named by their numbers")
    names = {"low_text": ends.get("proasn-low") or str(low), "high_text": ends.get("proasn-high") or str(high)}
    return Shape("rating", {"question": _question(asked), "low": low, "high": high, **names})


def _bound(asked: Asked, attribute: str) -> int:
    try:
        value = float(asked.node.get(attribute))
    except ValueError:
        value = 0.5
    if not (value == value // 1 and abs(value) < 1e6):
        raise NotUnderstood(asked.node, f"its {attribute} is no whole number")
    return int(value)


def _entry(asked: Asked) -> Shape:
    """Read a field for a number; the words around it are its question, or the unit behind it."""
    if asked.declared.base not in ("float", "integer"):
        raise NotUnderstood(asked.node, "a field for words that a key decides on; here, fields are for numbers")
    paragraphs = asked.content.paragraphs
    at = next((number for number, text in enumerate(paragraphs) if GAP in text), None)
    if at is None:
        return Shape("number", {"question": _question(asked)})
    before, _, after = (part.strip() for part in paragraphs.pop(at).partition(GAP))
    if before or not at or len(after) > MOST_UNIT:
        return Shape("number", {"question": f"{before} \u2026 {after}".strip()})
    return Shape("number", {"question": paragraphs.pop(at - 1), "unit": after})


def _extended(asked: Asked) -> Shape:
    length = _whole(asked.node, "expected-length", 0)
    if not 0 < length <= MOST_LENGTH:
        asked.case.tell(asked.node, "it says no length", f"up to {USUAL_LENGTH} characters can be written")
        length = USUAL_LENGTH
    return Shape("text", {"question": _question(asked), "max_length": length})


def _hotspot(asked: Asked) -> Shape:
    spots = list(asked.node.elements("qti-hotspot-choice"))
    ids = _named(asked, spots)
    shown = picture_of(asked.node)
    image = read_image(shown, asked.case)
    picture = {**msgspec.to_builtins(image), "text": described(shown, asked.case)}
    regions = [region_of(spot, ids[spot.get("identifier")], image, asked.case) for spot in spots]
    at_most = _whole(asked.node, "max-choices", 1) or len(spots)
    return Shape("hotspot", {"question": _question(asked), "picture": picture, "regions": regions, "at_most": at_most},
                 ids)  # fmt: skip


def _program(asked: Asked) -> Shape:
    """Read a simulation of ours; the programs of others are theirs."""
    if asked.node.get("custom-interaction-type-identifier") != SIMULATION:
        raise NotUnderstood(asked.node, "a program of another maker")
    try:
        told = json.loads(asked.node.get("data-document"))
        fields = {name: told[name] for name in ("screens", "steps", "at_most")}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotUnderstood(asked.node, "its program cannot be read") from error
    return Shape("simulation", {"question": _question(asked), **fields})


READERS: dict[str, Callable[[Asked], Shape]] = {
    "qti-choice-interaction": _choice, "qti-order-interaction": _order, "qti-match-interaction": _match,
    "qti-slider-interaction": _slider, "qti-text-entry-interaction": _entry,
    "qti-extended-text-interaction": _extended, "qti-hotspot-interaction": _hotspot,
    "qti-portable-custom-interaction": _program,
}  # fmt: skip
"""By name of the interaction, what reads it."""
