"""One way to write a document down, so equal content has equal hashes."""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

DECIMALS = 10
"""Numbers are kept to ten decimals: far below any error of measurement, far above what differs between machines."""


class NotCanonical(ValueError):
    """A document holds something that has no single way to be written."""


def canonical(doc: object) -> bytes:
    """Write a document as JSON: UTF-8, sorted keys, no white space, composed letters (NFC), shortest floats.

    Takes any document, returns bytes. A tuple is written as a list. 1 and 1.0 stay different: a whole number and a
    measure are different things.
    Refuses with NotCanonical: NaN, infinity, keys that are not text, keys that become one when composed, lone
    surrogates, and whatever JSON does not know.
    """
    text = json.dumps(_plain(doc), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with half a surrogate pair has no UTF-8 form") from error


def kept(value: float) -> float:
    """Round a number to what is kept of it; takes and returns one number."""
    return round(float(value), DECIMALS) + 0.0  # + 0.0 so that -0.0 and 0.0 are the same bytes


def digest(content: bytes) -> str:
    """Name content by its SHA-256; takes bytes, returns 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int():
            return value
        case float():
            if not math.isfinite(value):
                raise NotCanonical(f"{value} is not a number that can be written down")
            return value + 0.0  # -0.0 becomes 0.0: they are equal, so they must be written alike
        case str():
            return unicodedata.normalize("NFC", value)
        case list() | tuple():
            return [_plain(member) for member in value]
        case Mapping():
            return _plain_object(value)
        case _:
            raise NotCanonical(f"{type(value).__name__} has no place in a document")


def _plain_object(members: Mapping[Any, object]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in members.items():
        if not isinstance(key, str):
            raise NotCanonical(f"the key {key!r} is not text")
        composed = unicodedata.normalize("NFC", key)
        if composed in plain:
            raise NotCanonical(f"two keys are both {composed!r} once their letters are composed")
        plain[composed] = _plain(value)
    return plain
