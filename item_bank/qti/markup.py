"""XML as this package needs it: a small tree, read without any of the things that make XML dangerous."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import unquote
from xml.parsers import expat

MOST_DEEP, MOST_ELEMENTS = 60, 300_000
"""Elements in elements, and elements of one document: only a list of ten thousand items comes near."""

_REFERRING = frozenset({
    "href", "src", "srcset", "data", "poster", "longdesc", "background", "cite", "action", "formaction", "codebase",
    "archive", "classid", "primary-path", "fallback-path", "template-location",
})  # fmt: skip
_ELSEWHERE = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*:|//|\\|/)")
_BASE = "http://www.w3.org/XML/1998/namespace base"
_CALLS = re.compile(r"url\s*\(|@import|expression\s*\(", re.IGNORECASE)
_ENCODINGS = (None, "utf-8", "utf8", "us-ascii", "ascii")
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document can hold, not even by their number."""

_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_ATTRIBUTE = _IN_TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_TEXT_TABLE, _ATTRIBUTE_TABLE = str.maketrans(_IN_TEXT), str.maketrans(_IN_ATTRIBUTE)


class Unreadable(ValueError):
    """A document that is no XML, or one that is not read for safety's sake; ``problems`` says all that was seen."""

    def __init__(self, *problems: str) -> None:
        """Join what is wrong."""
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, attributes without prefix, what stands in it, and its line."""

    name: str
    attributes: dict[str, str]
    children: list[Child] = field(default_factory=list)
    line: int = 0

    def get(self, attribute: str, otherwise: str = "") -> str:
        """Give an attribute's value."""
        return self.attributes.get(attribute, otherwise)

    def elements(self, *names: str) -> Iterator[Node]:
        """Give the elements directly in it, all or those of some names."""
        return (one for one in self.children if isinstance(one, Node) and (not names or one.name in names))

    def first(self, name: str) -> Node | None:
        """Give the first element directly in it that has a name."""
        return next(self.elements(name), None)

    def everywhere(self, *names: str) -> Iterator[Node]:
        """Give the elements at any depth in it, all or those of some names, in the order of the document."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            if one is not self and (not names or one.name in names):
                yield one
            waiting += [child for child in reversed(one.children) if isinstance(child, Node)]

    def words(self) -> str:
        """Give all text in it, white space as one blank."""
        pieces: list[str] = []
        waiting: list[Child] = [self]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                pieces.append(one)
            else:
                waiting += reversed(one.children)
        return " ".join("".join(pieces).split())

    @property
    def place(self) -> str:
        """Say where it stands, for people."""
        return f"line {self.line}, <{self.name}>"


Child: TypeAlias = Node | str


def node(name: str, attributes: dict[str, str] | None = None, *children: Child) -> Node:
    """Make an element that is to be written."""
    return Node(name, attributes or {}, list(children))


_WITHOUT: dict[str, str] = {}
"""The attributes of all elements that have none; nothing ever changes them."""


class _Reader:
    """Builds the tree while expat reads, and counts."""

    def __init__(self) -> None:
        self.root = Node("", {})
        self.open = [self.root]
        self.seen = 0
        self.problems: list[str] = []
        self.expat = expat.ParserCreate("utf-8", " ")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self.start
        self.expat.EndElementHandler = self.end
        self.expat.CharacterDataHandler = self.text
        self.expat.StartDoctypeDeclHandler = self.doctype
        self.expat.ProcessingInstructionHandler = self.instruction
        self.expat.XmlDeclHandler = self.declaration

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        if len(self.open) > MOST_DEEP:
            raise Unreadable(f"its elements stand more than {MOST_DEEP} deep in each other; make it flatter")
        if self.seen > MOST_ELEMENTS:
            raise Unreadable(f"it has more than {MOST_ELEMENTS} elements; divide it")
        plain = {one.rpartition(" ")[2]: value for one, value in attributes.items()} if attributes else _WITHOUT
        if _BASE in attributes:
            self.problems.append("it moves the base of all names (xml:base), which is not read here; write whole names")
        new = Node(name.rpartition(" ")[2], plain, [], self.expat.CurrentLineNumber)
        for attribute, value in plain.items():
            if (attribute in _REFERRING and _ELSEWHERE.match(value)) or (attribute == "style" and _CALLS.search(value)):
                self.problems.append(_remote(new, attribute, value))
        self.open[-1].children.append(new)
        self.open.append(new)

    def end(self, _name: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        self.open[-1].children.append(text)

    def doctype(self, *_: object) -> None:
        raise Unreadable("it declares a document type, which could call up other files or entities; remove that")

    def instruction(self, target: str, _content: str) -> None:
        if target == "xml-stylesheet":
            self.problems.append("it asks programs to load a style sheet; remove that instruction")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding.lower() if encoding else None) not in _ENCODINGS:
            raise Unreadable(f"it says that its encoding is {encoding}; save it as UTF-8")


def _remote(element: Node, attribute: str, value: str) -> str:
    return (
        f"{element.place}: '{attribute}' leads out of the package, to '{value[:60]}'; "
        "put the file into the package and name it relatively"
    )


def parse(content: bytes) -> Node:
    """Read a document; refuses with Unreadable, and never opens anything that the document names."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("its bytes are not UTF-8; save it as UTF-8") from error
    if b"\0" in content:  # else expat would read it as UTF-16, whatever it is told
        raise Unreadable("it holds null bytes, which no UTF-8 document does; save it as UTF-8")
    reader = _Reader()
    try:
        reader.expat.Parse(content, True)
    except expat.ExpatError as error:
        raise Unreadable(f"it is no well-formed XML ({error}); mend it or leave it out") from error
    if reader.problems:
        raise Unreadable(*reader.problems)
    return next(reader.root.elements())


def write(root: Node) -> bytes:
    """Write a document; white space is added only where no text stands."""
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n']
    _write(root, "\n", pieces)
    pieces.append("\n")
    return "".join(pieces).encode()


def _write(element: Node, indent: str | None, pieces: list[str]) -> None:
    """Write an element; the indent is what stands before its end, or nothing within text."""
    told = "".join(f' {name}="{in_attribute(value)}"' for name, value in element.attributes.items())
    if not element.children:
        pieces.append(f"<{element.name}{told}/>")
        return
    pieces.append(f"<{element.name}{told}>")
    inner = None if indent is None or any(isinstance(one, str) for one in element.children) else f"{indent} "
    for child in element.children:
        if isinstance(child, str):
            pieces.append(FORBIDDEN.sub("\ufffd", child).translate(_TEXT_TABLE))
        else:
            pieces.append(inner or "")
            _write(child, inner, pieces)
    pieces.append(f"{indent if inner is not None else ''}</{element.name}>")


def in_attribute(value: str) -> str:
    """Write text so that it can stand in an attribute and comes back as it was."""
    return FORBIDDEN.sub("\ufffd", value).translate(_ATTRIBUTE_TABLE)


def resolve(base: str, reference: str) -> str:
    """Name the file that a document refers to; refuses with Unreadable what leads out of the package."""
    plain = unquote(re.split(r"[?#]", reference, maxsplit=1)[0])
    if _ELSEWHERE.match(plain) or "\\" in plain or FORBIDDEN.search(plain):
        raise Unreadable(f"'{reference[:60]}' leads out of the package; name a file in it relatively")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), plain))
    if name.startswith("..") or name == ".":
        raise Unreadable(f"'{reference[:60]}' leads out of the package; name a file in it relatively")
    return name
