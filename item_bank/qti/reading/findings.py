"""What reading a package brings to light beside items: faults that refuse it, and things that have no place here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from item_bank.qti.documents import Report
from item_bank.qti.markup import Node, Unreadable, parse, resolve

IMPORTED, LEFT_OUT = "the item was imported without it; the file is kept", "it was not imported; the file is kept"
MOST_TAGS, TAGS_EACH = 200_000, 250
"""Tags that documents may have together, and how many more for each resource that is listed: reading a million takes
seconds, which only a package of thousands of items is worth."""
MOST_SHOWN = 300_000_000
"""Bytes of photographs shown, counted each time."""
MOST_REPORTS, LONGEST = 100, 400
"""Reports of one file, and letters of a sentence."""


class NotUnderstood(ValueError):
    """Something without which an item would not be itself; the item stays outside, its file is kept."""

    def __init__(self, place: Node | str, what: str) -> None:
        """Say where and what."""
        super().__init__(what)
        self.place = place if isinstance(place, str) else place.place


@dataclass
class Findings:
    """All that was found in a package."""

    problems: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    documents: dict[str, Node] = field(default_factory=dict)
    tags: int = 0
    most_tags: int = MOST_TAGS
    shown: int = 0
    told: Counter[str] = field(default_factory=Counter)

    def forget(self, first: int) -> None:
        """Take back the reports from one on: what became of parts of an item is nothing once it stays outside."""
        for report in self.reports[first:]:
            self.told[report.file] -= 1
        del self.reports[first:]

    @property
    def is_full(self) -> bool:
        """Whether there is no end of it, so that nothing more is to be read."""
        return self.tags > self.most_tags or self.shown > MOST_SHOWN

    def count_tags(self, document: bytes) -> None:
        """Count a document before it is read; refuses with Unreadable once there is no end of them."""
        self.tags += document.count(b"<")
        if self.tags > self.most_tags:
            raise Unreadable(f"its documents have more than {self.most_tags} tags together; divide the package")

    def count_shown(self, photograph: bytes) -> None:
        """Count a photograph that is shown; refuses with Unreadable once there is no end of them."""
        self.shown += len(photograph)
        if self.shown > MOST_SHOWN:
            raise Unreadable(f"the package shows more than {MOST_SHOWN} bytes of pictures; divide it")

    def refuse(self, file: str, *problems: str) -> None:
        """Note what the package must be refused for."""
        self.problems += [f"{file}: {_short(problem)}" for problem in problems]

    def tell(self, file: str, place: str, what: str, became: str) -> None:
        """Report something, once; of a file that is full of it, only the first."""
        report = Report(file, place, _short(what), _short(became))
        if self.told[file] < MOST_REPORTS and report not in self.reports[-20:]:
            self.told[file] += 1
            last = Report(file, "the rest of the file", "more than is told one by one", "the file is kept")
            self.reports.append(report if self.told[file] < MOST_REPORTS else last)


def _short(text: str) -> str:
    """Cut what a package may have made very long."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026"


@dataclass(frozen=True)
class Case:
    """One file while it is read: the package around it, and what was read for its sake."""

    file: str
    files: Mapping[str, bytes]
    findings: Findings
    used: set[str]

    def tell(self, place: Node, what: str, became: str = IMPORTED) -> None:
        """Report something of this file."""
        if self.findings.told[self.file] >= MOST_REPORTS:
            return
        self.findings.tell(self.file, place.place, what, became)

    def named(self, place: Node, reference: str) -> str:
        """Name the file that is referred to; refuses with Unreadable what is not in the package."""
        name = resolve(self.file, reference)
        if name not in self.files:
            raise Unreadable(f"{place.place}: it names '{name}', which is not in the package; add the file")
        self.used.add(name)
        return name

    def beside(self, file: str) -> Case:
        """Give the case of another file that is read for the same item."""
        return Case(file, self.files, self.findings, self.used)

    def document(self) -> Node:
        """Read this file as XML; refuses with Unreadable, also when the package as a whole is without end."""
        self.findings.count_tags(self.files[self.file])
        return parse(self.files[self.file])

    def shared(self) -> Node:
        """Read this file as XML, once for all that refer to it; for each of them it counts."""
        self.findings.count_tags(self.files[self.file])
        known = self.findings.documents
        if self.file not in known:
            known[self.file] = parse(self.files[self.file])
        return known[self.file]
