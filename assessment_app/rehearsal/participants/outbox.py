"""The browser's outbox, law by law (``outbox.js``), over a disk that survives what a browser's does.

A test plays the same histories to both and compares them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from assessment_app.rehearsal.rules.witness import Record

BATCH_LIMIT = 500
WIRE = ("seq", "item", "response", "at_ms", "spent_ms")


@dataclass
class Disk:
    """The durable storage of one computer for one sitting: whole writes or none, and it outlives every tab."""

    write_s: float = 0.0
    records: dict[int, Record] = field(default_factory=dict)

    async def load(self) -> list[Record]:
        """Give copies of all records."""
        return [dict(record) for record in self.records.values()]

    async def write(self, keep: list[Record], forget: list[int]) -> None:
        """Keep and drop in one go; a tab that closes before the write is through has written nothing."""
        await asyncio.sleep(self.write_s)
        for seq in forget:
            self.records.pop(seq, None)
        self.records.update({record["seq"]: dict(record) for record in keep})


class Watcher(Protocol):
    """Whoever is told what becomes of changes; the browser has none."""

    def superseded(self, record: Record) -> None:
        """A newer change of the same item took its place before it was promised."""

    def promised(self, record: Record) -> None:
        """The server promised it, so the outbox forgot it."""

    def waits_again(self, record: Record) -> None:
        """It was found on the disk by a later page and will be sent."""


def on_the_wire(record: Record) -> Record:
    """Give what of a change is sent."""
    return {name: record[name] for name in WIRE}


class Outbox:
    """Changes of answers that the server has not promised to keep."""

    def __init__(self, disk: Disk, epoch: int, acked: int, watcher: Watcher) -> None:
        """Begin empty; ``open`` takes up what the disk holds."""
        self._disk, self.epoch, self.acked, self._watcher = disk, epoch, acked, watcher
        self._last = acked
        self._waiting: dict[tuple[int, str], Record] = {}  # oldest seq first
        self._refused: dict[tuple[int, str], Record] = {}
        self.stranded: list[Record] = []  # of an earlier ownership: another device may have answered since

    @classmethod
    async def open(cls, disk: Disk, epoch: int, acked: int, watcher: Watcher) -> Outbox:
        """Take up what an earlier page of this computer left behind."""
        outbox = cls(disk, epoch, acked, watcher)
        await outbox._take_up(sorted(await disk.load(), key=lambda record: record["seq"]))
        return outbox

    def next_change(self, attempt: int, change: Record) -> Record:
        """Make a new change, the newest of its item; it waits from now on. ``keep`` brings it to the disk."""
        self._last += 1
        return change | {"attempt": attempt, "seq": self._last, "epoch": self.epoch, "base": self.acked}

    async def put(self, change: Record) -> None:
        """Let a change of ``next_change`` wait, and keep it; a page that closes meanwhile may have kept nothing."""
        name = change["attempt"], change["item"]
        outdated = [old for old in (self._waiting.pop(name, None), self._refused.pop(name, None)) if old]
        self._waiting[name] = change
        for old in outdated:
            self._watcher.superseded(old)
        await self._disk.write([change], [old["seq"] for old in outdated])

    def batch(self, limit: int = BATCH_LIMIT) -> tuple[int, list[Record]] | None:
        """Give the oldest changes of one attempt, or none. Sent again until they are promised."""
        changes: list[Record] = []
        for change in self._waiting.values():
            if len(changes) == limit or (changes and change["attempt"] != changes[0]["attempt"]):
                break
            changes.append(change)
        return (changes[0]["attempt"], changes) if changes else None

    async def ack(self, seq: int) -> None:
        """Hear that the server keeps every change up to this seq."""
        self.acked, self._last = max(self.acked, seq), max(self._last, seq)
        promised = [change for change in self._waiting.values() if change["seq"] <= self.acked]
        if not promised:
            return
        for change in promised:
            del self._waiting[change["attempt"], change["item"]]
            self._watcher.promised(change)
        left = [change | {"base": self.acked} for change in list(self._waiting.values())[-1:]]
        self._waiting.update({(change["attempt"], change["item"]): change for change in left})
        await self._disk.write(left, [change["seq"] for change in promised])

    async def refuse(self, refusals: list[Record]) -> None:
        """Stop sending what the server will not take; it stays, with the reason, until it is answered anew."""
        by_seq = {change["seq"]: change for change in self._waiting.values()}
        kept = [by_seq[one["seq"]] | {"refused": one.get("reason") or "?"} for one in refusals if one["seq"] in by_seq]
        for change in kept:
            name = change["attempt"], change["item"]
            del self._waiting[name]
            self._refused[name] = change
        if kept:
            await self._disk.write(kept, [])

    @property
    def size(self) -> int:
        """Count what waits."""
        return len(self._waiting)

    @property
    def last_seq(self) -> int:
        """Name the highest seq that the server has or will be sent: what a finish must name."""
        return max([self.acked, *(int(change["seq"]) for change in self._waiting.values())])

    async def _take_up(self, records: list[Record]) -> None:
        foreign = [record for record in records if record["epoch"] != self.epoch and not record.get("refused")]
        untouched = self.acked <= max((record["base"] for record in foreign), default=-1)
        done, adopted = [], []
        for record in records:
            is_foreign = record["epoch"] != self.epoch
            if record.get("refused"):
                self._refused[record["attempt"], record["item"]] = record
            elif is_foreign and not untouched:
                self.stranded.append(record)
            elif record["seq"] <= self.acked:
                done.append(record)
            else:
                adopted += self._wait_for(record, is_foreign)
            self._last = max(self._last, record["seq"])
        for record in done:
            self._watcher.promised(record)
        if done or adopted:
            await self._disk.write(adopted, [record["seq"] for record in done])

    def _wait_for(self, record: Record, is_foreign: bool) -> list[Record]:
        change = record | {"epoch": self.epoch}
        name = change["attempt"], change["item"]
        self._waiting.pop(name, None)
        self._waiting[name] = change
        self._watcher.waits_again(change)
        return [change] if is_foreign else []
