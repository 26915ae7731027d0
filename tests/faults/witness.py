"""What participants did and what the server promised them, seen from outside: no fault reaches it.

The judge compares it with what the stores and the computers hold in the end.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.faults.outbox import Disk, Record


def written(response: object) -> str:
    """Write a response so that equal ones are equal texts."""
    return json.dumps(response, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Said:
    """One change as the answer log must hold it."""

    epoch: int
    seq: int
    part: int
    item: str
    response: str

    @classmethod
    def of(cls, record: Record) -> Said:
        """Take from a client's record what the log keeps."""
        words = written(record["response"])
        return cls(record["epoch"], record["seq"], record["attempt"], record["item"], words)


@dataclass
class Witnessed:
    """Everything about one participant; it is the outbox's watcher and the client's diary."""

    nip: str
    made: dict[int, Record] = field(default_factory=dict)
    """By uid: every answer that was given."""
    kept: set[int] = field(default_factory=set)
    """Uids of which the page could say 'saved on this computer'."""
    replaced: set[int] = field(default_factory=set)
    sent: set[Said] = field(default_factory=set)
    acknowledged: dict[Said, int] = field(default_factory=dict)
    """What the client was told it may forget, and which change it was."""
    told_to_count: set[Said] = field(default_factory=set)
    """Of these, what was acknowledged without a word that it came too late."""
    recovered: set[int] = field(default_factory=set)
    """Uids that a later page found on the disk and had to send."""
    finish_asked_ms: dict[int, int] = field(default_factory=dict)
    receipt: dict[str, Any] | None = None
    computers: list[Disk] = field(default_factory=list)
    counts_now = False
    """Whether the answer that is being taken in says that what it acknowledges counts."""

    def superseded(self, record: Record) -> None:
        """Note that a newer change of the same item took its place."""
        self.replaced.add(record["uid"])

    def promised(self, record: Record) -> None:
        """Note that the client forgot a change because the server promised it."""
        said = Said.of(record)
        self.acknowledged[said] = record["uid"]
        if self.counts_now:
            self.told_to_count.add(said)

    def waits_again(self, record: Record) -> None:
        """Note that a change outlived the page that made it."""
        self.recovered.add(record["uid"])

    @property
    def on_computers(self) -> set[int]:
        """Uids that still are on a computer's disk."""
        return {record["uid"] for disk in self.computers for record in disk.records.values()}


@dataclass
class Witness:
    """All participants of a run, and the faults that they met."""

    people: dict[str, Witnessed] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)

    def person(self, nip: str) -> Witnessed:
        """Give a participant's diary."""
        return self.people.setdefault(nip, Witnessed(nip))
