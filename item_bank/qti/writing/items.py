"""One item of ours as a QTI item."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from item_bank.bank import BankItem
from item_bank.parts import Table
from item_bank.presentation import (
    Choice,
    Choices,
    Hotspot,
    MostLeast,
    Number,
    Option,
    Order,
    Rating,
    Simulation,
    WrittenText,
)
from item_bank.qti.declarations import RESPONSE, of_outcomes, of_processing, of_response
from item_bank.qti.markup import Child, Node, node
from item_bank.qti.names import identifier
from item_bank.qti.texts import broken, label, pixels
from item_bank.qti.writing.keys import LEAST, MOST, declared
from item_bank.qti.writing.pictures import Album

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
LANGUAGE = "id"
SIMULATION = "urn:proasn:simulation:1"
SLOTS = ((MOST, "Paling sesuai"), (LEAST, "Paling tidak sesuai"))


@dataclass(frozen=True)
class Stimulus:
    """Stem paragraphs that several items share, in a file of their own."""

    name: str
    file: str
    paragraphs: tuple[str, ...]

    @property
    def title(self) -> str:
        """Give the beginning of its words."""
        return label(self.paragraphs[0])[:60] or self.name


def item_document(item: BankItem, stimulus: Stimulus | None, album: Album) -> Node:
    """Write an item; its stem is in the stimulus if there is one."""
    key = declared(item)
    told = {
        "xmlns": NAMESPACE, "identifier": identifier(item.id), "title": label(item.about.topic) or item.id,
        "adaptive": "false", "time-dependent": "false", "xml:lang": LANGUAGE,
    }  # fmt: skip
    made = node("qti-assessment-item", told, of_response(key), *of_outcomes(key))
    if stimulus is not None:
        shown = {"identifier": stimulus.name, "href": f"../{stimulus.file}", "title": stimulus.title}
        made.children.append(node("qti-assessment-stimulus-ref", shown))
    made.children.append(node("qti-item-body", {}, *_body(item, stimulus, album)))
    made.children += of_processing(key)
    return made


def stimulus_document(stimulus: Stimulus) -> Node:
    """Write shared stem paragraphs."""
    told = {"xmlns": NAMESPACE, "identifier": stimulus.name, "title": stimulus.title, "xml:lang": LANGUAGE}
    return node("qti-assessment-stimulus", told, node("qti-stimulus-body", {}, *map(_told, stimulus.paragraphs)))


def _told(text: str) -> Node:
    return node("p", {}, *broken(text))


def _body(item: BankItem, stimulus: Stimulus | None, album: Album) -> Iterator[Node]:
    words = item.words
    if stimulus is not None:
        yield node("div", {"class": "qti-shared-stimulus", "data-stimulus-idref": stimulus.name})
    else:
        yield from map(_told, words.stem)
    if words.table is not None:
        yield _table(words.table)
    if words.picture is not None and not isinstance(words, Hotspot):
        yield node("div", {}, album.show(words.picture, words.picture.text))
    yield from WRITERS[type(words)](words, album)


def _table(table: Table) -> Node:
    head = node("tr", {}, *(node("th", {"scope": "col"}, *broken(cell)) for cell in table.head))
    rows = (
        node("tr", {}, node("th", {"scope": "row"}, *broken(first)), *(node("td", {}, *broken(one)) for one in more))
        for first, *more in table.rows
    )
    return node("table", {}, node("caption", {}, *broken(table.caption)), node("thead", {}, head),
                node("tbody", {}, *rows))  # fmt: skip


def _shown(option: Option, album: Album) -> list[Child]:
    return broken(option.text) if option.image is None else [album.show(option.image, option.text)]


def _interaction(name: str, words: Asked, told: dict[str, str], *inside: Node) -> Node:
    """Write an interaction that begins with its question."""
    prompt = node("qti-prompt", {}, *broken(words.question))
    return node(f"qti-{name}-interaction", {"response-identifier": RESPONSE, **told}, prompt, *inside)


def _simple(words: Choice | Choices | Order, album: Album) -> list[Node]:
    return [
        node("qti-simple-choice", {"identifier": identifier(option.id)}, *_shown(option, album))
        for option in words.options
    ]


def _choice(words: Choice, album: Album) -> list[Node]:
    return [_interaction("choice", words, {"max-choices": "1", "shuffle": "false"}, *_simple(words, album))]


def _choices(words: Choices, album: Album) -> list[Node]:
    told = {"max-choices": str(words.at_most), "shuffle": "false"}
    return [_interaction("choice", words, told, *_simple(words, album))]


def _order(words: Order, album: Album) -> list[Node]:
    return [_interaction("order", words, {"shuffle": "false"}, *_simple(words, album))]


def _most_least(words: MostLeast, album: Album) -> list[Node]:
    """Write two slots, and statements of which each can be put into one of them."""
    statements = (_associable(option.id, *_shown(option, album)) for option in words.options)
    slots = (_associable(name, text) for name, text in SLOTS)
    told = {"max-associations": "2", "shuffle": "false"}
    sets = (node("qti-simple-match-set", {}, *one) for one in (statements, slots))
    return [_interaction("match", words, told, *sets)]


def _associable(name: str, *inside: Child) -> Node:
    return node("qti-simple-associable-choice", {"identifier": identifier(name), "match-max": "1"}, *inside)


def _rating(words: Rating, _album: Album) -> list[Node]:
    """Write a slider, and below it what its ends mean, for which the slider itself has no place."""
    told = {"lower-bound": str(words.low), "upper-bound": str(words.high), "step": "1", "step-label": "true"}
    low = node("span", {"class": "proasn-low"}, *broken(words.low_text))
    high = node("span", {"class": "proasn-high"}, *broken(words.high_text))
    ends = node("p", {"class": "proasn-ends"}, f"{words.low}: ", low, f" \u2013 {words.high}: ", high)
    return [_interaction("slider", words, told), ends]


def _number(words: Number, _album: Album) -> list[Node]:
    entry = node("qti-text-entry-interaction", {"response-identifier": RESPONSE, "expected-length": "20"})
    field = node("p", {}, entry, f" {words.unit}") if words.unit else node("p", {}, entry)
    return [_told(words.question), field]


def _written(words: WrittenText, _album: Album) -> list[Node]:
    told = {"expected-length": str(words.max_length), "format": "plain"}
    return [_interaction("extended-text", words, told)]


def _hotspot(words: Hotspot, album: Album) -> list[Node]:
    picture = words.picture
    if picture is None:  # a hotspot without one cannot be made
        return []
    spots = []
    for region in words.regions:
        left, top = pixels(region.x, picture.width), pixels(region.y, picture.height)
        right = pixels(region.x + region.width, picture.width)
        bottom = pixels(region.y + region.height, picture.height)
        told = {"identifier": identifier(region.id), "shape": "rect", "coords": f"{left},{top},{right},{bottom}"}
        spots.append(node("qti-hotspot-choice", told | {"hotspot-label": region.text}))
    shown = album.show(picture, picture.text)
    return [_interaction("hotspot", words, {"max-choices": str(words.at_most)}, shown, *spots)]


def _simulation(words: Simulation, _album: Album) -> list[Node]:
    """Write the program as the properties of a custom interaction; a system without our module shows a sentence."""
    program = {"screens": words.screens, "steps": words.steps, "at_most": words.at_most}
    told = {
        "response-identifier": RESPONSE, "custom-interaction-type-identifier": SIMULATION,
        "module": "proasn-simulation", "data-document": json.dumps(msgspec.to_builtins(program), separators=(",", ":")),
    }  # fmt: skip
    sentence = node("p", {}, "Simulasi ini memerlukan modul proasn-simulation.")
    markup = node("qti-interaction-markup", {}, node("div", {"class": "proasn-simulation"}, sentence))
    return [_told(words.question), node("qti-portable-custom-interaction", told, markup)]


Asked = Choice | Choices | Order | MostLeast | Rating | Number | WrittenText | Hotspot | Simulation

WRITERS: dict[type, Callable[..., list[Node]]] = {
    Choice: _choice, Choices: _choices, Order: _order, MostLeast: _most_least, Rating: _rating, Number: _number,
    WrittenText: _written, Hotspot: _hotspot, Simulation: _simulation,
}  # fmt: skip
"""By kind of item, what writes its question and its interaction."""
