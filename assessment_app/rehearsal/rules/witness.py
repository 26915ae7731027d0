"""What participants did and what the server promised them, seen from outside: no fault reaches it.

The judge compares it with what the stores and the computers hold in the end.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Record = dict[str, Any]
"""A change as the browser keeps it: attempt, seq, epoch, base, item, response, at_ms, spent_ms; ``uid`` is ours."""


class Storage(Protocol):
    """The durable storage of a computer."""

    @property
    def records(self) -> Mapping[int, Record]:
        """What is on it, by seq."""


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
    computers: list[Storage] = field(default_factory=list)
    clock_was_wrong: bool = False
    """Whether the moments that its computer told were off, so that a late answer may rightly not count."""
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


@dataclass(frozen=True)
class Happened:
    """A fault that met somebody: when, and how long it lasted until its cause was gone."""

    name: str
    at: datetime
    seconds: float


@dataclass
class Witness:
    """All participants of a run, the faults that they met, and whoever could not go on."""

    people: dict[str, Witnessed] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)
    sent_home: list[str] = field(default_factory=list)
    """NIPs of who did not come to an end in time."""
    stopped: dict[str, str] = field(default_factory=dict)
    """By NIP, an answer that the protocol does not foresee."""

    @property
    def faults(self) -> Counter[str]:
        """Count the faults by name."""
        return Counter(one.name for one in self.happened)

    def person(self, nip: str) -> Witnessed:
        """Give a participant's diary."""
        return self.people.setdefault(nip, Witnessed(nip))
