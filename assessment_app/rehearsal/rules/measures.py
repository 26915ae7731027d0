"""Figures of a rehearsal: counts, waiting times, and what the machine could still bear. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from assessment_app.rehearsal.rules.evidence import COUNTS, Evidence
from assessment_app.rehearsal.rules.judging import Finding
from assessment_app.rehearsal.rules.witness import Witness

CHANGE_EVERY_S = 20.0
"""How often a participant changes an answer at the peak of a part; what capacity is told for."""

BEARABLE = 0.6
"""Share of a core that a server may use before people notice it."""


def counts(witness: Witness, found: Evidence, findings: Sequence[Finding]) -> dict[str, int]:
    """Count what the rehearsal was about, and what was lost."""
    people, by_kind = witness.people.values(), Counter(finding.kind for finding in findings)
    arrived = {nip: {row.said for row in log} for nip, log in found.log.items()}
    promised = [(person, uid) for person in people for uid in person.acknowledged.values()]
    return {
        "sittings": sum(bool(papers) for papers in found.papers.values()),
        "sheets": sum(bool(paper.body) for papers in found.papers.values() for paper in papers),
        "receipts": sum(person.receipt is not None for person in people),
        "faults": len(witness.happened),
        "made": sum(len(person.made) for person in people),
        "acknowledged": len(promised),
        "recovered": sum(uid in person.recovered for person, uid in promised),
        "logged": sum(map(len, arrived.values())),
        "in_sheets": sum(paper.answered or 0 for papers in found.papers.values() for paper in papers),
        "aside": sum(row.standing not in COUNTS for log in found.log.values() for row in log),
        "on_computers": sum(len(person.on_computers) for person in people),
        "lost": by_kind.pop("lost", 0) + by_kind.pop("vanished", 0) + by_kind.pop("not counted", 0),
        "invented": by_kind.pop("invented", 0),
        "other": by_kind.total(),
    }  # fmt: skip


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Sum up waiting times: how many, and p50, p99 and the longest in milliseconds."""
    if not seconds:
        return {"count": 0, "p50": 0.0, "p99": 0.0, "max": 0.0}
    middle, high = np.percentile(seconds, (50, 99))
    told = {"p50": middle, "p99": high, "max": max(seconds)}
    return {"count": len(seconds)} | {name: round(1000 * float(value), 1) for name, value in told.items()}


def capacity(figures: Mapping[str, int], seconds: float, cpu_s: float) -> dict[str, float] | None:
    """Estimate how many could work at once on one core, from what the answers of this rehearsal cost.

    Nothing where the servers' CPU cannot be seen.

    Everything that servers and database spent while people sat is laid on the answers: sign-ins, starts and content
    are in it, and so is what faults cost.
    """
    if cpu_s <= 0:
        return None
    made = max(1, figures["acknowledged"])
    each = max(cpu_s / made, 1e-6)
    return {
        "answers_a_second": round(made / max(seconds, 1e-6), 1), "cpu_us_an_answer": round(1e6 * each, 1),
        "share_of_a_core": round(cpu_s / max(seconds, 1e-6), 3),
        "people_at_once": round(BEARABLE / each * CHANGE_EVERY_S),
    }  # fmt: skip
