"""Look at a file of evidence, and let its good rows in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.evidence import messages, queries
from assessment_app.evidence.actions.asking import ask_for_placements
from assessment_app.evidence.actions.judging import Judgement, judge
from assessment_app.evidence.models import EvidenceContent, EvidenceFact, EvidenceFinding, EvidenceImport
from assessment_app.evidence.rules import Kind, Numbers
from assessment_app.people.messages import RowFinding
from assessment_app.people.queries import lock_agency
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, Conflict
from assessment_app.rule_sets import queries as numbers

PREVIEW_LIFE = timedelta(days=1)
"""How long the bytes of a preview wait: they hold personal data, also of rows that were refused."""


@dataclass(frozen=True)
class Origin:
    """What an officer says of a file: its name, the system it comes from, its kind and year where it does not tell."""

    file_name: str
    system: str
    kind: Kind | None = None
    year: int | None = None


def import_evidence(db: Session, by: Officer, origin: Origin, content: bytes, now: datetime) -> EvidenceImport:
    """Preview a file and apply it at once, as the demonstration does. Refuses with Invalid what cannot be read."""
    return apply_import(db, by, preview_import(db, by, origin, content, now).import_id, now)


def preview_import(db: Session, by: Officer, origin: Origin, content: bytes, now: datetime) -> EvidenceImport:
    """Judge a file and keep what was found; nothing is recorded about anybody.

    Safe to repeat: the same bytes, read in the same way while their preview waits, are that preview. Refuses with
    Invalid what cannot be read.
    """
    file = messages.read_file(content, origin.kind)
    content_hash, since = hashlib.sha256(content).hexdigest(), now - PREVIEW_LIFE
    waiting = queries.waiting_preview(
        db, by.agency_id, content_hash, file.kind, origin.system, origin.year, since
    )  # fmt: skip
    if waiting is not None:
        return waiting
    rule_set = numbers.in_force(db, by.agency_id, now)
    found = judge(
        db, by.agency_id, file, Numbers.of(rule_set.document), _day_of(db, by, content_hash, now), origin.year
    )
    _forget_old_previews(db, by.agency_id, since)
    run = EvidenceImport(
        import_id=uuid4(), agency_id=by.agency_id, kind=file.kind, system=origin.system, year=origin.year,
        rule_set=rule_set.sha256, file_name=origin.file_name, content_hash=content_hash, read_at=now, read_by=by.actor,
        accepted=found.accepted, warned=found.warned, rejected=found.rejected, recorded=len(found.new),
    )  # fmt: skip
    db.add(run)
    db.flush()
    db.add(EvidenceContent(import_id=run.import_id, agency_id=by.agency_id, content=content))
    _keep_findings(db, run, found.findings)
    _tell(db, run, "evidence.import.preview", by, now)
    return run


def apply_import(db: Session, by: Officer, import_id: UUID, now: datetime) -> EvidenceImport:
    """Record what the accepted rows of a preview say that is new; all or none.

    Safe to repeat: what was applied stays as it is. Refuses with NotFound, with Closed when the preview has expired,
    and with Conflict when another file of the same kind was applied after the preview was made.
    """
    lock_agency(db, by.agency_id)
    run = queries.run(db, by.agency_id, import_id)
    if run.applied_at is not None:
        return run
    kept = queries.content(db, by.agency_id, import_id)
    if kept is None or run.read_at <= now - PREVIEW_LIFE:
        raise Closed("Pratinjau ini sudah kedaluwarsa. Unggah berkasnya lagi.")
    if queries.was_applied_since(db, by.agency_id, run.kind, run.read_at):
        raise Conflict("Berkas lain sudah diterapkan setelah pratinjau ini. Unggah berkasnya lagi.")
    file = messages.read_file(kept.content, Kind(run.kind))
    scales = Numbers.of(numbers.rule_set(db, run.rule_set).document)
    found = judge(db, by.agency_id, file, scales, _day_of(db, by, run.content_hash, run.read_at), run.year)
    _write(db, run, found, by, now)
    db.delete(kept)
    run.applied_at, run.applied_by, run.recorded = now, by.actor, len(found.new)
    run.accepted, run.warned, run.rejected = found.accepted, found.warned, found.rejected
    _tell(db, run, "evidence.import.apply", by, now)
    return run


def _day_of(db: Session, by: Officer, content_hash: str, read_at: datetime) -> date:
    """Tell of which day a file speaks: that of its first reading, because the same bytes say nothing newer later."""
    return queries.today(db, by.agency_id, queries.first_read(db, by.agency_id, content_hash, read_at))


def _write(db: Session, run: EvidenceImport, found: Judgement, by: Officer, now: datetime) -> None:
    rows = [
        {
            "fact_id": uuid4(), "agency_id": run.agency_id, "employee_id": one.employee_id, "kind": run.kind,
            "state": one.said.state.value, "said": dict(one.said.said), "replaces": None,
            "import_id": run.import_id, "row_no": one.row.number, "basis": "", "reason": "", "by": by.actor, "at": now,
        }
        for one in found.new
    ]  # fmt: skip
    if rows:
        db.execute(insert(EvidenceFact), rows)
        ask_for_placements(db, run.agency_id, {one.employee_id for one in found.new}, now)


def _keep_findings(db: Session, run: EvidenceImport, findings: Sequence[RowFinding]) -> None:
    rows = []
    for number, finding in enumerate(findings, 1):
        texts = asdict(finding)
        row_no, letter = texts.pop("row"), texts.pop("column")
        identity = {"import_id": run.import_id, "finding_no": number, "agency_id": run.agency_id}
        rows.append({**identity, "row_no": row_no, "letter": letter, **texts})
    if rows:
        db.execute(insert(EvidenceFinding), rows)


def _forget_old_previews(db: Session, agency_id: UUID, since: datetime) -> None:
    old = select(EvidenceImport.import_id).where(
        EvidenceImport.agency_id == agency_id, EvidenceImport.read_at <= since
    )  # fmt: skip
    db.execute(delete(EvidenceContent).where(EvidenceContent.import_id.in_(old)))


def _tell(db: Session, run: EvidenceImport, action: str, by: Officer, now: datetime) -> None:
    counts = {name: getattr(run, name) for name in ("accepted", "warned", "rejected", "recorded")}
    detail = {"file": run.file_name, "sha256": run.content_hash, "kind": run.kind, "system": run.system, **counts}
    act = audit.Act(run.agency_id, by.actor, action, f"evidence:{run.import_id}", origin=by.origin, detail=detail)
    audit.record(db, act, now)
