"""How an archive is written: one canonical JSON document a line, the last of which names all before it. Pure.

Values that JSON does not know are written as ``{"$kind": text}``; a document of a row is wrapped, so that nothing in it
is taken for such a value.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from scoring_engine.canonical import canonical

SCHEMA = "proasn/archive/1"

Row = dict[str, Any]


class Damaged(ValueError):
    """What was read is no archive, or not the whole of one; the message is Indonesian and says where."""


WRITTEN: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("$bytes", lambda value: b64encode(value).decode()), datetime: ("$moment", datetime.isoformat),
    date: ("$day", date.isoformat), UUID: ("$uuid", str), dict: ("$document", lambda value: value),
    list: ("$document", lambda value: value),
}  # fmt: skip

READ: dict[str, Callable[[Any], Any]] = {
    "$bytes": b64decode, "$moment": datetime.fromisoformat, "$day": date.fromisoformat, "$uuid": UUID,
    "$document": lambda value: value,
}  # fmt: skip


def written(value: Any) -> Any:
    """Write one value of a row as JSON knows it."""
    kind = WRITTEN.get(type(value))
    return value if kind is None else {kind[0]: kind[1](value)}


def read(value: Any) -> Any:
    """Read one value of a row; refuses with Damaged."""
    if not isinstance(value, dict):
        return value
    try:
        ((kind, said),) = value.items()
        return READ[kind](said)
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged(f"nilai tidak dikenal: {str(value)[:80]}") from error


def lines(head: Mapping[str, Any], rows: Iterable[tuple[str, Row]]) -> Iterator[bytes]:
    """Write an archive: its head, a line for each (table, row), and the hash of all that."""
    seen, count = hashlib.sha256(), 0
    for document in _documents(head, rows):
        line = canonical(document) + b"\n"
        seen.update(line)
        count += 1
        yield line
    yield canonical({"end": count, "sha256": seen.hexdigest()}) + b"\n"


def _documents(head: Mapping[str, Any], rows: Iterable[tuple[str, Row]]) -> Iterator[Mapping[str, Any]]:
    yield {"schema": SCHEMA, **head}
    for table, row in rows:
        yield {"table": table, "row": {name: written(value) for name, value in row.items()}}


def checked(content: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Give the documents of an archive, the head first; raises Damaged at the end unless it was whole and unchanged.

    So nothing may be kept of what was given before it has come to its end.
    """
    seen, count, last = hashlib.sha256(), 0, b""
    for line in content:
        if last:
            seen.update(last)
            count += 1
            yield _document(last, count)
        last = line
    if not last or _document(last, count + 1) != {"end": count, "sha256": seen.hexdigest()}:
        raise Damaged("arsip terpotong atau berubah: baris terakhirnya tidak menutup isinya")


def _document(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise Damaged(f"baris {number} tidak dapat dibaca") from error
    if number == 1 and found.get("schema") != SCHEMA:
        raise Damaged("berkas ini bukan arsip Pro ASN")
    return found
