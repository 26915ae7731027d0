"""What can be done: look at a file with standards, and let its good rows in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import String as Text
from sqlalchemy import cast, insert, select
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import Sitting
from assessment_app.job_standards import queries
from assessment_app.job_standards.messages import Sheet, read_sheet
from assessment_app.job_standards.models import JobStandard, StandardImport
from assessment_app.job_standards.rules import Row, check, key_of
from assessment_app.people.messages import RowFinding
from assessment_app.people.queries import lock_agency
from assessment_app.platform import audit, queue
from scoring_engine.canonical import canonical, digest

NO_STANDARD = "no_standard"
"""The reason of a job that found no standard, as ``scoring`` names it."""


@dataclass(frozen=True)
class Judgement:
    """What would become of a file: standards to let in, those that are news, and why rows stay out."""

    accepted: tuple[Row, ...]
    news: tuple[Row, ...]
    findings: tuple[RowFinding, ...]

    @property
    def rejected(self) -> int:
        """Count the rows that stay out."""
        return len({one.row for one in self.findings})


def preview(db: Session, by: Officer, file_name: str, content: bytes, now: datetime) -> StandardImport:
    """Judge a file and keep it; no standard is written. Refuses with Invalid what cannot be read."""
    found = judge(db, by.agency_id, content)
    run = StandardImport(
        import_id=uuid4(), agency_id=by.agency_id, file_name=file_name, content=content,
        content_hash=hashlib.sha256(content).hexdigest(), read_at=now, read_by=by.actor,
        accepted=len(found.accepted), rejected=found.rejected, added=len(found.news),
    )  # fmt: skip
    db.add(run)
    _record(db, by, run, "standard.import.preview", now)
    return run


def apply(db: Session, by: Officer, import_id: UUID, now: datetime) -> StandardImport:
    """Write the standards of a file that are news, and ask again for the profiles that waited for one; all or none.

    Profiles that are there stay: who wants them against a new standard computes them anew. Safe to repeat. Refuses
    with NotFound.
    """
    lock_agency(db, by.agency_id)
    run = queries.run(db, by.agency_id, import_id, lock=True)
    if run.applied_at is not None:
        return run
    found = judge(db, by.agency_id, run.content)
    if found.news:
        db.execute(insert(JobStandard), [_columns(run, row, now) for row in found.news])
    run.added, run.applied_at, run.applied_by = len(found.news), now, by.actor
    _record(db, by, run, "standard.import.apply", now)
    _ask_again(db, by.agency_id, now)
    return run


def judge(db: Session, agency_id: UUID, content: bytes) -> Judgement:
    """Decide about every row of a file, and compare the accepted ones with what is known. Refuses with Invalid."""
    sheet = read_sheet(content)
    accepted: dict[tuple[object, ...], tuple[int, Row]] = {}
    findings = []
    for one in sheet.rows:
        row, faults = check(one.cells)
        findings += [_finding(sheet, one.number, one.cells, *fault) for fault in faults]
        if row is not None and row.place in accepted:
            first = accepted[row.place][0]
            sentence = f"Jabatan, unit dan tanggal ini sudah ada di baris {first}."
            findings.append(_finding(sheet, one.number, one.cells, "post", sentence, "Hapus salah satu baris."))
        elif row is not None:
            accepted[row.place] = one.number, row
    rows = tuple(row for _, row in accepted.values())
    known = queries.newest(db, agency_id)
    news = tuple(row for row in rows if row.place not in known or known[row.place].sha256 != _name_of(row))
    return Judgement(rows, news, tuple(findings))


def _finding(
    sheet: Sheet, number: int, cells: Mapping[str, str], field: str, sentence: str, advice: str
) -> RowFinding:  # fmt: skip
    value, post = cells.get(field, "")[:200], cells.get("post", "")[:200]
    return RowFinding(number, sheet.columns.get(field, ""), "error", "", post, sentence, advice, value)


def _name_of(row: Row) -> str:
    """Name a standard by the hash of all that it says."""
    return digest(canonical({
        "schema": "proasn/job-standard/1", "post": row.post, "unit": row.unit, "code": row.code,
        "since": row.since.isoformat(), "source": row.source, "levels": row.levels,
    }))  # fmt: skip


def _columns(run: StandardImport, row: Row, now: datetime) -> dict[str, object]:
    return {
        "standard_id": uuid4(), "agency_id": run.agency_id, "post_key": key_of(row.post), "unit_key": key_of(row.unit),
        "post": row.post, "unit": row.unit, "code": row.code, "levels": dict(row.levels), "source": row.source,
        "since": row.since, "sha256": _name_of(row), "import_id": run.import_id, "added": now,
    }  # fmt: skip


def _ask_again(db: Session, agency_id: UUID, now: datetime) -> None:
    """Make the jobs due that found no standard: they would wait for ever."""
    waiting = (
        select(queue.Job.job_id).join(Sitting, cast(Sitting.sitting_id, Text) == queue.Job.subject)
        .where(Sitting.agency_id == agency_id, queue.Job.task == "make_profile", queue.Job.done.is_(None),
               queue.Job.reason == NO_STANDARD)
    )  # fmt: skip
    queue.try_again(db, list(db.scalars(waiting)), now)


def _record(db: Session, by: Officer, run: StandardImport, action: str, now: datetime) -> None:
    detail = {
        "file": run.file_name, "sha256": run.content_hash, "accepted": run.accepted, "rejected": run.rejected,
        "added": run.added,
    }  # fmt: skip
    subject = f"standard-import:{run.import_id}"
    audit.record(db, audit.Act(run.agency_id, by.actor, action, subject, origin=by.origin, detail=detail), now)
