"""What a run tells in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.evidence import COUNTS, Evidence
from tests.faults.judge import Finding
from tests.faults.witness import Witness


@dataclass(frozen=True)
class Report:
    """A run, what it met, and what was wrong."""

    kind: str
    seed: int
    witness: Witness
    found: Evidence
    findings: list[Finding]
    seconds: float

    @property
    def figures(self) -> dict[str, int]:
        """Count what the run was about."""
        people, by_kind = self.witness.people.values(), Counter(finding.kind for finding in self.findings)
        arrived = {nip: {row.said for row in log} for nip, log in self.found.log.items()}
        promised = [(person, uid) for person in people for uid in person.acknowledged.values()]
        return {
            "sittings": sum(bool(papers) for papers in self.found.papers.values()),
            "sheets sealed": sum(len(papers) for papers in self.found.papers.values()),
            "receipts taken": sum(person.receipt is not None for person in people),
            "faults": self.witness.faults.total(),
            "changes made": sum(len(person.made) for person in people),
            "changes acknowledged": len(promised),
            "of these after a page was lost": sum(uid in person.recovered for person, uid in promised),
            "answers in the log": sum(map(len, arrived.values())),
            "of these too late to count": sum(
                row.standing not in COUNTS for log in self.found.log.values() for row in log
            ),
            "still on a computer, unacknowledged": sum(len(person.on_computers) for person in people),
            "lost": by_kind.pop("lost", 0) + by_kind.pop("vanished", 0),
            "invented": by_kind.pop("invented", 0),
            "other findings": by_kind.total(),
        }

    def lines(self) -> Iterator[str]:
        """Tell it line by line."""
        yield f"{self.kind}, seed {self.seed}, {self.seconds:.0f} s"
        for name, count in sorted(self.witness.faults.items()):
            yield f"  {count:5}  {name}"
        yield "  -----"
        for name, count in self.figures.items():
            yield f"  {count:5}  {name}"
        for finding in self.findings:
            yield f"  {finding.kind.upper()} {finding.nip}: {finding.what}"
