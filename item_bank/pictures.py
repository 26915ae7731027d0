"""Pictures of items: drawings that take the colours of the page, and photographs; each is what it claims to be.

A picture travels inside the presentation, so whoever has the form has its pictures, with no line to a server. A drawing
is SVG of a few elements that can do nothing but be seen: no script, no style, no reference to anything outside.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Literal
from xml.parsers import expat

from msgspec import Meta

from item_bank.parts import Part, Text

MOST_SIDE = 2000
MOST_DRAWN, MOST_PHOTOGRAPHED = 60_000, 400_000
"""Characters of SVG, and of base64: a form of sixty pictures must come over a school's line in a minute."""
MOST_DEEP = 40
"""Elements of a drawing in one another; browsers walk through them by recursion, and not without end."""

SVG, PNG, JPEG = "image/svg+xml", "image/png", "image/jpeg"
SVG_NAMESPACE = "http://www.w3.org/2000/svg"

_SHAPES = {
    "svg": "viewBox width height", "g": "", "path": "d", "rect": "x y width height rx ry", "circle": "cx cy r",
    "ellipse": "cx cy rx ry", "line": "x1 y1 x2 y2", "polyline": "points", "polygon": "points",
    "text": "x y font-size font-weight text-anchor",
}  # fmt: skip
_ANYWHERE = frozenset({
    "fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "opacity",
    "transform",
})  # fmt: skip
_ATTRIBUTES = {name: _ANYWHERE | frozenset(own.split()) for name, own in _SHAPES.items()}
_HARMLESS = re.compile(r"[-+#%.,() \nA-Za-z0-9]*", re.ASCII)
"""Numbers, path letters, colours and transforms; what could name a place (colon, quote, slash) is not among them."""
_NO_CALL = re.compile(r"url|expression|import", re.IGNORECASE)


class Image(Part, frozen=True):
    """A picture's own data: a drawing as text, a photograph in base64; width and height in pixels of the page."""

    media: Literal["image/svg+xml", "image/png", "image/jpeg"]
    width: Annotated[int, Meta(ge=1, le=MOST_SIDE)]
    height: Annotated[int, Meta(ge=1, le=MOST_SIDE)]
    data: Annotated[str, Meta(min_length=1, max_length=MOST_PHOTOGRAPHED)]

    def __post_init__(self) -> None:
        """Refuse what is no picture of the kind that it claims to be."""
        problem = _problem_of_drawing(self.data) if self.media == SVG else _problem_of_photograph(self.media, self.data)
        if problem:
            raise ValueError(f"the picture cannot be used: {problem}")


class Picture(Image, frozen=True):
    """A picture with its neutral description, for who cannot see it."""

    text: Text


@lru_cache(maxsize=8192)  # the same drawing is read again with every item, form and proposal that it stands on
def _problem_of_drawing(data: str) -> str | None:
    """Say why a drawing cannot be used, or nothing."""
    if len(data) > MOST_DRAWN:
        return f"a drawing has at most {MOST_DRAWN} characters"
    if not data.startswith("<svg "):
        return "a drawing begins with <svg and has nothing before it"
    reader = expat.ParserCreate(namespace_separator=" ")
    problems: list[str] = []
    reader.StartDoctypeDeclHandler = lambda *_: problems.append("it declares a document type; remove that")
    reader.ProcessingInstructionHandler = lambda *_: problems.append("it has instructions to programs; remove them")
    inside: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        problems.extend(_problems_of_element(name, attributes))
        if len(inside) > MOST_DEEP:
            problems.append(f"its elements stand more than {MOST_DEEP} deep in one another; draw it with fewer groups")

    reader.StartElementHandler = begin
    reader.EndElementHandler = lambda _name: inside.pop()
    try:
        reader.Parse(data, True)
    except expat.ExpatError as error:
        return f"it is no well-formed SVG ({error})"
    return problems[0] if problems else None


def _problems_of_element(qualified: str, attributes: dict[str, str]) -> Iterator[str]:
    namespace, _, name = qualified.rpartition(" ")
    if namespace != SVG_NAMESPACE or name not in _ATTRIBUTES:
        yield f"it has <{name}>; a drawing is made of {', '.join(_ATTRIBUTES)}"
        return
    for attribute, value in attributes.items():
        if attribute not in _ATTRIBUTES[name]:
            yield f"<{name}> has '{attribute}'; leave it out, or say it with {', '.join(sorted(_ATTRIBUTES[name]))}"
        elif not _HARMLESS.fullmatch(value) or _NO_CALL.search(value):
            yield f"'{attribute}' of <{name}> is '{value[:40]}'; write numbers, letters and #colours"


def _problem_of_photograph(media: str, data: str) -> str | None:
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return "its data is not base64"
    if media == PNG:
        return None if _is_png(content) else "it is no whole PNG file"
    return None if _is_jpeg(content) else "it is no whole JPEG file"


def _is_png(content: bytes) -> bool:
    """Walk the chunks of a PNG file: each must be whole, from the header to the end and nothing behind it."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    at, names = 8, []
    while at + 12 <= len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        name, end = content[at + 4 : at + 8], at + 12 + size
        if (
            end > len(content)
            or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack(">I", content[end - 4 : end])[0]
        ):
            return False
        names.append(name)
        at = end
    return at == len(content) and names[:1] == [b"IHDR"] and b"IDAT" in names and names[-1:] == [b"IEND"]


def _is_jpeg(content: bytes) -> bool:
    """Walk the segments of a JPEG file up to its picture data, past the frame that says its size, to its end."""
    if content[:2] != b"\xff\xd8" or content[-2:] != b"\xff\xd9":
        return False
    at, has_frame = 2, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, (size,) = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])
        has_frame = has_frame or marker in {0xC0, 0xC1, 0xC2}
        if marker == 0xDA:
            return has_frame
        at += 2 + size
    return False
