"""What is saved, and what a commit has to say of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Row(NamedTuple):
    """One change, as the statement takes it."""

    sitting_id: int
    epoch: int
    seq: int
    attempt_id: int
    item: str
    response: str
    at_ms: int
    spent_ms: int
    received_ms: int
    refused: bool
    made_ms: int = 0  # by the browser's own count


class GateRow(NamedTuple):
    """What the gate said in the transaction of the save."""

    attempt_id: int
    epoch: int
    deadline_ms: int
    grace_ms: int
    closed: bool


class SaveFailed(Exception):
    """A save did not reach durable storage; the browser keeps it and tries again."""


@dataclass(slots=True, eq=False)
class Save:
    """One request's changes, and what the commit had to say of them."""

    attempt_id: int
    rows: Sequence[Row]
    gate: GateRow | None = None
    taken: Collection[int] = ()
    """Seqs that stand in the log for something else: a page that lost its count used them again. Not saved."""
    failed: str = ""
    """Why it is not durable."""


Name = tuple[int, int, int]
"""(sitting_id, epoch, seq): what names a row in the log."""


class Flushed(NamedTuple):
    """What a commit has to say: the gates of the attempts, and the rows whose names stood for something else."""

    gates: dict[int, GateRow]
    taken: Collection[Name]


class Writer(Protocol):
    """Whatever writes saves durably: SQLite on one machine, PostgreSQL in a data centre."""

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write all rows of all saves in one transaction; what is written already stands once."""
