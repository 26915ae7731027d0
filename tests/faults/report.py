"""What a run tells in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessment_app.rehearsal.rules.evidence import Evidence
from assessment_app.rehearsal.rules.judging import Finding
from assessment_app.rehearsal.rules.measures import counts
from assessment_app.rehearsal.rules.witness import Witness


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
        return counts(self.witness, self.found, self.findings)

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
