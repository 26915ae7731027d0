"""What was signed and issued: nothing is computed, it must be what its hash names, and what it names be there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from assessment_app.recompute import queries
from assessment_app.recompute.rules import Cause, Difference, Kind, Report
from scoring_engine.canonical import canonical, digest


def signed(db: Session, chunk: Sequence[int], report: Report) -> None:
    """Check what people signed: it is theirs, so nothing is computed; it must be what its hash names."""
    profiles = {(one.sitting_id, one.inputs_sha256) for one in queries.profiles(db, chunk)}
    for one in queries.signed(db, chunk):
        anew, found = canonical(one.document), None
        if digest(anew) != one.sha256:
            found = Difference(Kind.SIGNED, one.sitting_id, str(one.n), Cause.CHANGED, "not what was signed")
        elif (one.sitting_id, one.profile_inputs) not in profiles:
            found = Difference(Kind.SIGNED, one.sitting_id, str(one.n), Cause.MISSING, "its profile is not stored")
        report.judge(Kind.SIGNED, one.sitting_id, str(one.n), anew, found)


def reports(db: Session, chunk: Sequence[int], report: Report) -> None:
    """Check issued reports: the bytes are those of the hash, written the one way, and rest on what is stored."""
    results = {(one.sitting_id, one.n): one.sha256 for one in queries.signed(db, chunk)}
    placed = {(one.sitting_id, one.inputs_sha256) for one in queries.placements(db, chunk)}
    for one in queries.reports(db, chunk):
        found, named = None, {(one.sitting_id, one.profiling_inputs), (one.sitting_id, one.talent_inputs)}
        if digest(one.document) != one.sha256:
            found = Difference(Kind.REPORT, one.sitting_id, one.number, Cause.CHANGED, "not what was issued")
        elif canonical(said := msgspec.json.decode(one.document)) != one.document:
            found = Difference(Kind.REPORT, one.sitting_id, one.number, Cause.CHANGED, "not written the one way")
        elif results.get((one.sitting_id, one.signed_n)) != said["basis"]["signed"]:
            found = Difference(
                Kind.REPORT, one.sitting_id, one.number, Cause.MISSING, "its signed result is not stored"
            )
        elif not named <= placed:
            found = Difference(Kind.REPORT, one.sitting_id, one.number, Cause.MISSING, "its placement is not stored")
        report.judge(Kind.REPORT, one.sitting_id, one.number, one.document, found)
