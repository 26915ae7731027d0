"""Pictures of a package, each checked to be what it claims to be."""

from __future__ import annotations

import base64
import re
import struct

import msgspec

from item_bank.pictures import JPEG, MOST_DRAWN, MOST_PHOTOGRAPHED, MOST_SIDE, PNG, SVG, Image
from item_bank.qti.markup import Node, Unreadable
from item_bank.qti.reading.findings import Case, NotUnderstood

_MEDIA = {".svg": SVG, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
_WHOLE = re.compile(r"\s*([0-9]{1,5})(?:\.[0-9]*)?\s*(?:px)?\s*")
_BEFORE_SVG = re.compile(r"\s*(<\?xml[^>]*\?>)?(\s|<!--.*?-->)*", re.DOTALL)
_PNG, _JPEG = b"\x89PNG", b"\xff\xd8"
_USUAL_SIZE = (400, 300)
_ACTIVE = ("script", "foreignObject", "iframe", "handler", "set", "animate")


def read_image(shown: Node, case: Case) -> Image:
    """Read the picture that an element shows; refuses with Unreadable what is none, with NotUnderstood what we lack."""
    name = case.named(shown, shown.get("src"))
    content = case.files[name]
    media = _media_of(name, content)
    if media is None:
        raise NotUnderstood(shown, f"'{name}' is a picture of a kind that has no place here; use SVG, PNG or JPEG")
    if len(content) > (MOST_DRAWN * 4 if media == SVG else MOST_PHOTOGRAPHED):
        raise NotUnderstood(shown, f"'{name}' is larger than pictures are here; make it smaller")
    drawn = _drawn(name, case) if media == SVG else None
    data = _text_of(content) if drawn is not None else base64.b64encode(content).decode()
    if drawn is None:
        case.findings.count_shown(content)
    width, height = _size(shown, drawn, content, case)
    if max(width, height) > MOST_SIDE or len(data) > (MOST_DRAWN if media == SVG else MOST_PHOTOGRAPHED):
        raise NotUnderstood(shown, f"'{name}' is larger than pictures are here; make it smaller")
    try:
        return msgspec.convert({"media": media, "width": width, "height": height, "data": data}, Image)
    except msgspec.ValidationError as error:
        if drawn is not None and not _is_active(drawn):
            raise NotUnderstood(shown, f"'{name}': {error}") from error
        raise Unreadable(f"'{name}': {error}; replace the file") from error


def _media_of(name: str, content: bytes) -> str | None:
    """Tell the kind by the first bytes, else by the name; a file that is neither is checked as what it is called."""
    if content.startswith(_PNG):
        return PNG
    if content.startswith(_JPEG):
        return JPEG
    return next((media for ending, media in _MEDIA.items() if name.lower().endswith(ending)), None)


def _drawn(name: str, case: Case) -> Node:
    """Read a drawing, which makes sure that it is harmless XML."""
    try:
        return case.beside(name).shared()
    except Unreadable as error:
        raise Unreadable(*(f"'{name}': {problem}" for problem in error.problems)) from error


def _text_of(content: bytes) -> str:
    """Give a drawing as text that begins with its element."""
    text = content.decode("utf-8-sig")
    start = _BEFORE_SVG.match(text)
    return text[start.end() if start else 0 :]


def _is_active(root: Node) -> bool:
    """Whether a drawing is none, or does more than be seen."""
    return root.name != "svg" or any(one.name in _ACTIVE or _has_handlers(one) for one in (root, *root.everywhere()))


def _has_handlers(element: Node) -> bool:
    return any(name.startswith("on") for name in element.attributes)


def _size(shown: Node, drawn: Node | None, content: bytes, case: Case) -> tuple[int, int]:
    """Give the size that the page says, else that of the file."""
    told = _sides(shown.get("width"), shown.get("height"))
    if told is not None:
        return told
    if drawn is not None:
        own = _size_of_svg(drawn)
    else:
        own = _size_of_png(content) if content.startswith(_PNG) else _size_of_jpeg(content)
    if own is None:
        case.tell(shown, "the picture says no size", f"it was taken as {_USUAL_SIZE[0]} by {_USUAL_SIZE[1]} pixels")
    return own or _USUAL_SIZE


def _sides(width: str, height: str) -> tuple[int, int] | None:
    matches = _WHOLE.fullmatch(width), _WHOLE.fullmatch(height)
    sides = [int(match[1]) for match in matches if match]
    return (sides[0], sides[1]) if len(sides) == 2 and min(sides) > 0 else None


def _size_of_svg(root: Node) -> tuple[int, int] | None:
    box = root.get("viewBox").replace(",", " ").split()
    return _sides(root.get("width"), root.get("height")) or (_sides(box[2], box[3]) if len(box) == 4 else None)


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return (width, height) if width and height else None


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame that says the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in {0xC0, 0xC1, 0xC2}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
