"""What can be done: look at a personnel file, and let its good rows in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.people import queries
from assessment_app.people.actions.judging import WRITTEN, Draft, Judgement, judge, key_of
from assessment_app.people.messages import read_sheet
from assessment_app.people.models import (
    Employee,
    ImportContent,
    ImportDecision,
    ImportFinding,
    ImportRun,
    Unit,
)
from assessment_app.people.rules import Severity
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, Conflict, Invalid

PREVIEW_LIFE = timedelta(days=1)
"""How long the bytes of a preview wait: they hold personal data, also of rows that were refused."""


def import_employees(
    db: Session, agency_id: UUID, file_name: str, content: bytes, actor: Actor, now: datetime, *,
    take_proposals: bool = False,
) -> ImportRun:  # fmt: skip
    """Preview a file and apply it at once, as the console does. Refuses with Invalid what cannot be read.

    What only a person can decide stays out, unless every proposal about units is taken: for invented people.
    """
    run = preview_import(db, agency_id, file_name, content, actor, now)
    if take_proposals:
        decide(db, agency_id, run.import_id, proposals(run), actor, now)
    return apply_import(db, agency_id, run.import_id, actor, now)


def preview_import(
    db: Session, agency_id: UUID, file_name: str, content: bytes, actor: Actor, now: datetime
) -> ImportRun:
    """Judge a file and keep what was found; no employee is written.

    Safe to repeat: the same bytes, while their preview waits, are that preview. Refuses with Invalid.
    """
    content_hash = hashlib.sha256(content).hexdigest()
    waiting = queries.waiting_preview(db, agency_id, content_hash, now - PREVIEW_LIFE)
    if waiting is not None:
        return waiting
    file = read_sheet(content)
    found = judge(db, agency_id, file, queries.decisions(db, agency_id), now.date())
    _forget_old_previews(db, agency_id, now)
    run = ImportRun(
        import_id=uuid4(), agency_id=agency_id, file_name=file_name, content_hash=content_hash, read_at=now,
        read_by=actor.name, **_counts(found),
    )  # fmt: skip
    db.add(run)
    db.flush()
    db.add(ImportContent(import_id=run.import_id, agency_id=agency_id, content=content))
    _keep_findings(db, run, found)
    _record(db, run, "employee.import.preview", actor, now)
    return run


def decide(
    db: Session, agency_id: UUID, import_id: UUID, answers: Mapping[str, str], actor: Actor, now: datetime
) -> ImportRun:
    """Keep what an officer decided about questions of a preview, by key, and judge the file anew.

    No employee is written. Safe to repeat: an answer that holds already is not written again. Refuses with NotFound,
    with Closed what was applied or has expired, and with Invalid an answer to what was not asked.
    """
    queries.lock_agency(db, agency_id)
    run = queries.run(db, agency_id, import_id)
    kept = queries.content(db, agency_id, import_id)
    if run.applied_at is not None or kept is None or run.read_at <= now - PREVIEW_LIFE:
        raise Closed("Pratinjau ini sudah diterapkan atau kedaluwarsa. Unggah berkasnya lagi.")
    asked = {question["key"]: question for question in run.questions["asked"]}
    for key, choice in answers.items():
        if key not in asked or choice not in [one["value"] for one in asked[key]["choices"]]:
            raise Invalid("Keputusan itu bukan untuk berkas ini. Muat ulang halaman, lalu putuskan lagi.")
    news = {key: choice for key, choice in answers.items() if asked[key]["chosen"] != choice}
    if not news:
        return run
    numbers = enumerate(news.items(), queries.last_decision(db, import_id) + 1)
    said = [
        ImportDecision(import_id=import_id, decision_no=number, agency_id=agency_id, question=key, choice=choice,
                       sentence=asked[key]["sentence"], decided_at=now, decided_by=actor.name)
        for number, (key, choice) in numbers
    ]  # fmt: skip
    db.add_all(said)
    db.flush()
    found = judge(
        db, agency_id, read_sheet(kept.content), queries.decisions(db, agency_id, import_id), run.read_at.date()
    )
    for name, value in _counts(found).items():
        setattr(run, name, value)
    db.execute(delete(ImportFinding).where(ImportFinding.import_id == import_id))
    _keep_findings(db, run, found)
    _record(db, run, "employee.import.decide", actor, now, decided=len(said))
    return run


def proposals(run: ImportRun) -> dict[str, str]:
    """Give the first answer to every open question about units: that they are one. For who takes all proposals."""
    return {
        question["key"]: question["choices"][0]["value"] for question in run.questions["asked"]
        if question["kind"] == "unit_alike" and not question["chosen"]
    }  # fmt: skip


def apply_import(db: Session, agency_id: UUID, import_id: UUID, actor: Actor, now: datetime) -> ImportRun:
    """Write the accepted rows of a preview: new employees, and what is news about known ones; all or none.

    Safe to repeat: what was applied stays as it is. Refuses with NotFound, with Closed when the preview has
    expired, and with Conflict when another file was applied after the preview was made.
    """
    queries.lock_agency(db, agency_id)
    run = queries.run(db, agency_id, import_id)
    if run.applied_at is not None:
        return run
    kept = queries.content(db, agency_id, import_id)
    if kept is None or run.read_at <= now - PREVIEW_LIFE:
        raise Closed("Pratinjau ini sudah kedaluwarsa. Unggah berkasnya lagi.")
    if queries.was_applied_since(db, agency_id, run.read_at):
        raise Conflict("Berkas lain sudah diterapkan setelah pratinjau ini. Unggah berkasnya lagi.")
    # As the preview was shown: what was decided about other files since then is not in its figures.
    decided = {question["key"]: question["chosen"] for question in run.questions["asked"]}
    found = judge(db, agency_id, read_sheet(kept.content), decided, run.read_at.date())
    unit_ids = _ensure_units(db, agency_id, (*found.new, *found.changed.values()))
    _write(db, run, found, unit_ids)
    db.delete(kept)
    run.applied_at, run.applied_by = now, actor.name
    run.created, run.changed = len(found.new), len(found.changed)
    _record(db, run, "employee.import.apply", actor, now)
    return run


def _counts(found: Judgement) -> dict[str, object]:
    """Count the rows of a file by what becomes of them, and give what is asked."""
    return {
        "accepted": len(found.going), "warned": found.with_a(Severity.WARNING), "held": found.held,
        "repaired": found.with_a(Severity.REPAIR), "rejected": found.rejected, "created": len(found.new),
        "changed": len(found.changed), "questions": {"asked": [asdict(question) for question in found.questions]},
    }  # fmt: skip


def _keep_findings(db: Session, run: ImportRun, found: Judgement) -> None:
    rows = []
    for number, finding in enumerate(found.findings, 1):
        texts = asdict(finding)
        row_no, letter = texts.pop("row"), texts.pop("column")
        identity = {"import_id": run.import_id, "finding_no": number, "agency_id": run.agency_id}
        rows.append({**identity, "row_no": row_no, "letter": letter, **texts})
    if rows:
        db.execute(insert(ImportFinding), rows)


def _forget_old_previews(db: Session, agency_id: UUID, now: datetime) -> None:
    old = select(ImportRun.import_id).where(ImportRun.agency_id == agency_id, ImportRun.read_at <= now - PREVIEW_LIFE)
    db.execute(delete(ImportContent).where(ImportContent.import_id.in_(old)))


def _ensure_units(db: Session, agency_id: UUID, drafts: Iterable[Draft]) -> dict[str, UUID]:
    """Find or make every unit that the drafts name, parents first."""
    ids = {unit.path_key: unit.unit_id for unit in queries.units(db, agency_id)}
    names = {
        (parent, unit)
        for draft in drafts
        for parent, unit in (("", draft.parent_unit), (draft.parent_unit, draft.unit))
    }
    for parent, name in sorted(names):
        key = key_of(parent, name)
        if name and key not in ids:
            ids[key] = uuid4()
            parent_id = ids[key_of("", parent)] if parent else None
            db.add(Unit(unit_id=ids[key], agency_id=agency_id, parent_id=parent_id, name=name, path_key=key))
            db.flush()
    return ids


def _write(db: Session, run: ImportRun, found: Judgement, unit_ids: Mapping[str, UUID]) -> None:
    new = [{"employee_id": uuid4(), "agency_id": run.agency_id, **_columns(run, d, unit_ids)} for d in found.new]
    changed = [{"employee_id": key, **_columns(run, d, unit_ids)} for key, d in found.changed.items()]
    if new:
        db.execute(insert(Employee), new)
    if changed:
        db.execute(update(Employee), changed)


def _columns(run: ImportRun, draft: Draft, unit_ids: Mapping[str, UUID]) -> dict[str, object]:
    values = {field: getattr(draft, field) for field in WRITTEN if field != "unit_key"}
    unit_id = unit_ids[draft.unit_key]
    return {**values, "nip": draft.nip, "unit_id": unit_id, "active": True, "import_id": run.import_id}


def _record(db: Session, run: ImportRun, action: str, actor: Actor, now: datetime, **more: int) -> None:
    counted = ("accepted", "warned", "repaired", "held", "rejected", "created", "changed")
    counts = {name: getattr(run, name) for name in counted}
    detail = {"file": run.file_name, "sha256": run.content_hash, **counts, **more}
    subject = f"import:{run.import_id}"
    audit.record(db, audit.Act(run.agency_id, actor.name, action, subject, origin=actor.origin, detail=detail), now)
