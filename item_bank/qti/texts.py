"""Words as XML carries them: white space counts once, a line break is an element, some characters do not exist."""

from __future__ import annotations

import base64
import re
from typing import Any

import msgspec

from item_bank.pictures import SVG
from item_bank.presentation import AnyItem, Hotspot
from item_bank.qti.markup import FORBIDDEN, Child, node

BREAK, GAP = "\x01", "\x00"
"""Stand for a line break and for a field to fill in while words are read; no XML document can hold them."""

_SPACE = re.compile(r"[ \t\r\n]+")
_AROUND_BREAK = re.compile(f" ?{BREAK} ?")


def label(text: str) -> str:
    """Give words as an attribute carries them: on one line."""
    return FORBIDDEN.sub("\ufffd", _SPACE.sub(" ", text)).strip(" ")


def flow(raw: str) -> str:
    """Give the words of an element whose line breaks are marked."""
    return _AROUND_BREAK.sub("\n", _SPACE.sub(" ", raw)).strip(" \n")


def paragraph(text: str) -> str:
    """Give words as an element carries them, which keeps their lines."""
    return flow(FORBIDDEN.sub("\ufffd", text).replace("\n", BREAK))


def broken(text: str) -> list[Child]:
    """Write words as the content of an element, each line end as a break."""
    first, *more = text.split("\n")
    pieces: list[Child] = [first] if first else []
    for line in more:
        pieces.append(node("br"))
        if line:
            pieces.append(line)
    return pieces


def pixels(percent: float, side: int) -> int:
    """Give a place on a picture in whole pixels, as QTI names places."""
    return round(percent * side / 100)


def percent(pixel: float, side: int) -> float:
    """Give a place on a picture in percent of its side."""
    return min(100.0, max(0.0, round(100 * pixel / side, 4)))


def carried(words: AnyItem) -> AnyItem:
    """Give an item's words as they come back from XML; what differs from them needs a file of its own.

    Raises msgspec.ValidationError where nothing would be left of them.
    """
    told: dict[str, Any] = msgspec.to_builtins(words)
    told["stem"] = [paragraph(one) for one in told["stem"]]
    told["question"] = paragraph(told["question"])
    for name in ("low_text", "high_text"):
        if name in told:
            told[name] = paragraph(told[name])
    if "unit" in told:
        told["unit"] = label(told["unit"])
    if "picture" in told:
        told["picture"]["text"] = label(told["picture"]["text"])
        _carry_image(told["picture"])
    if "table" in told:
        _carry_table(told["table"])
    for option in told.get("options", ()):
        option["text"] = label(option["text"]) if "image" in option else paragraph(option["text"])
        if "image" in option:
            _carry_image(option["image"])
    if isinstance(words, Hotspot):
        _carry_regions(told)
    return msgspec.convert(told, type(words))


def _carry_image(image: dict[str, Any]) -> None:
    """Write base64 in its one form; decoders take others too."""
    if image["media"] != SVG:
        image["data"] = base64.b64encode(base64.b64decode(image["data"])).decode()


def _carry_table(table: dict[str, Any]) -> None:
    table["caption"] = paragraph(table["caption"])
    table["head"] = [paragraph(cell) for cell in table["head"]]
    table["rows"] = [[paragraph(cell) for cell in row] for row in table["rows"]]


def _carry_regions(told: dict[str, Any]) -> None:
    for region in told["regions"]:
        region["text"] = label(region["text"])
        for start, length, side in (("x", "width", "width"), ("y", "height", "height")):
            whole = told["picture"][side]
            first = pixels(region[start], whole)
            last = pixels(region[start] + region[length], whole)
            region[start], region[length] = percent(first, whole), percent(last - first, whole)
