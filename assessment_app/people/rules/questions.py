"""What a list leaves open and only a person can decide: whether two units are one, which of two rows is right."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from assessment_app.people.rules.units import Alike, fold

MERGE, APART, NONE = "merge", "apart", "none"


@dataclass(frozen=True)
class Choice:
    """One answer: the value that is kept, the words on its button, and what stands behind it."""

    value: str
    words: str
    detail: str = ""


@dataclass(frozen=True)
class Question:
    """Something open, the rows that wait for it, its answers, and the one that was chosen; empty while it is open."""

    key: str
    kind: str
    sentence: str
    rows: int
    choices: tuple[Choice, ...]
    chosen: str = ""


def unit_key(parent: str, alike: Alike) -> str:
    """Name the question whether two units of one parent are one; the same for every list of an agency."""
    words = "|".join(fold(name) for name in (parent, alike.written, alike.proposed))
    return f"unit:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def about_units(parent: str, alike: Alike, rows: int, chosen: str) -> Question:
    """Ask whether a unit is another one, under another name."""
    where = f" (di bawah '{parent}')" if parent else ""
    said = f"Unit '{alike.written}'{where} tampak sama dengan '{alike.proposed}'."
    choices = (Choice(MERGE, "Satu unit: gabungkan"), Choice(APART, "Unit lain: biarkan terpisah"))
    return Question(unit_key(parent, alike), "unit_alike", said, rows, choices, chosen)


def about_rows(nip: str, rows: tuple[Choice, ...], chosen: str) -> Question:
    """Ask which of some rows with one NIP is right."""
    said = f"NIP {nip} ada di {len(rows)} baris dengan isi berbeda. Baris mana yang benar?"
    none = Choice(NONE, "Tidak satu pun: lewati semuanya")
    return Question(f"nip:{nip}", "duplicate_differs", said, len(rows), (*rows, none), chosen)
