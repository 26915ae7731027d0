"""What can be done: look at a personnel file, and let its good rows in."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.people import queries
from assessment_app.people.messages import EmployeeRow, ImportSheet, RowFinding, read_sheet
from assessment_app.people.models import Employee, ImportContent, ImportFinding, ImportRun, Unit
from assessment_app.people.rules import Severity, Verdict, check_row
from assessment_app.platform import audit
from assessment_app.platform.errors import Closed, Conflict

PREVIEW_LIFE = timedelta(days=1)
"""How long the bytes of a preview wait: they hold personal data, also of rows that were refused."""

WRITTEN = ("name", "unit_key", "post_title", "job_level", "grade", "status", "birth_date", "sex")
"""What a row says about an employee: if none of it is news, the employee stays untouched."""


@dataclass(frozen=True)
class Draft:
    """An accepted row, ready to be written."""

    row: EmployeeRow
    nip: str
    name: str
    unit: str
    parent_unit: str
    post_title: str
    job_level: str
    grade: str
    status: str
    birth_date: date
    sex: str

    @property
    def unit_key(self) -> str:
        """Name the unit as the agency's units are compared."""
        return key_of(self.parent_unit, self.unit)


@dataclass(frozen=True)
class Judgement:
    """What would become of a file: rows to let in, what was found, how many rows stay out."""

    drafts: tuple[Draft, ...]
    findings: tuple[RowFinding, ...]
    rejected: int
    new: tuple[Draft, ...]
    changed: Mapping[UUID, Draft]

    @property
    def warned(self) -> int:
        """Count the rows that are let in with a warning."""
        return len(
            {f.row for f in self.findings if f.severity == Severity.WARNING} & {d.row.number for d in self.drafts}
        )


def import_employees(
    db: Session, agency_id: UUID, file_name: str, content: bytes, actor: Actor, now: datetime
) -> ImportRun:
    """Preview a file and apply it at once, as the console does. Refuses with Invalid what cannot be read."""
    run = preview_import(db, agency_id, file_name, content, actor, now)
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
    found = judge(db, agency_id, read_sheet(content), now.date())
    _forget_old_previews(db, agency_id, now)
    run = ImportRun(
        import_id=uuid4(), agency_id=agency_id, file_name=file_name, content_hash=content_hash, read_at=now,
        read_by=actor.name, accepted=len(found.drafts), warned=found.warned, rejected=found.rejected,
        created=len(found.new), changed=len(found.changed),
    )  # fmt: skip
    db.add(run)
    db.flush()
    db.add(ImportContent(import_id=run.import_id, agency_id=agency_id, content=content))
    _keep_findings(db, run, found.findings)
    _record(db, run, "employee.import.preview", actor, now)
    return run


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
    found = judge(db, agency_id, read_sheet(kept.content), run.read_at.date())
    unit_ids = _ensure_units(db, agency_id, (*found.new, *found.changed.values()))
    _write(db, run, found, unit_ids)
    db.delete(kept)
    run.applied_at, run.applied_by = now, actor.name
    run.created, run.changed = len(found.new), len(found.changed)
    _record(db, run, "employee.import.apply", actor, now)
    return run


def judge(db: Session, agency_id: UUID, sheet: ImportSheet, today: date) -> Judgement:
    """Decide about every row of a sheet, and compare the accepted ones with what is known."""
    findings, drafts = list(sheet.findings), list[Draft]()
    for row in sheet.rows:
        verdict, found = check_row(row.cells, today)
        for f in found:
            column = sheet.columns.get(f.field, "")
            findings.append(row.finding(column, f.severity.value, f.sentence, f.advice, row.cells.get(f.field, "")))
        if verdict is not None:
            drafts.append(_draft(row, verdict))
    single, repeated = _without_duplicates(drafts, sheet.columns["nip"])
    nips = {draft.nip for draft in single}
    findings += repeated
    findings += _of_others(single, queries.elsewhere(db, agency_id, nips), sheet.columns["nip"])
    findings.sort(key=lambda f: (f.row, f.severity))
    known = queries.known(db, agency_id, nips)
    return Judgement(
        tuple(single), tuple(findings), len({f.row for f in findings if f.severity == Severity.ERROR}),
        tuple(draft for draft in single if draft.nip not in known),
        {known[d.nip].employee_id: d for d in single if d.nip in known and _is_news(d, known[d.nip])},
    )  # fmt: skip


def _draft(row: EmployeeRow, verdict: Verdict) -> Draft:
    nip, texts = verdict.nip, row.cells
    return Draft(
        row, nip.digits, texts["name"], texts["unit"], texts.get("parent_unit", ""), texts["title"],
        verdict.level.value, verdict.grade, nip.status.value, verdict.born, nip.sex.value,
    )  # fmt: skip


def _is_news(draft: Draft, known: queries.Known) -> bool:
    return not known.active or any(getattr(draft, field) != getattr(known, field) for field in WRITTEN)


def _without_duplicates(drafts: Iterable[Draft], column: str) -> tuple[list[Draft], list[RowFinding]]:
    """Keep the first row of each NIP; the others stay out, and where they differ the first one is doubted."""
    rows_of: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        rows_of[draft.nip].append(draft)
    findings = []
    for first, *others in rows_of.values():
        for other in others:
            differs = any(getattr(first, field) != getattr(other, field) for field in WRITTEN)
            sentence = f"NIP ganda dengan baris {first.row.number}."
            advice = "Hapus salah satu; isinya berbeda." if differs else "Hapus salah satu; isinya sama."
            findings.append(other.row.finding(column, "error", sentence, advice, other.nip))
            if differs:
                sentence = f"NIP ini juga ada di baris {other.row.number} dengan isi berbeda."
                findings.append(first.row.finding(column, "warning", sentence, "Pastikan baris ini benar.", first.nip))
    return [rows[0] for rows in rows_of.values()], findings


def _of_others(drafts: Iterable[Draft], elsewhere: set[str], column: str) -> Iterator[RowFinding]:
    for draft in drafts:
        if draft.nip in elsewhere:
            sentence = "NIP ini masih tercatat di instansi lain."
            yield draft.row.finding(column, "warning", sentence, "Pastikan mutasi sudah selesai.", draft.nip)


def _keep_findings(db: Session, run: ImportRun, findings: Sequence[RowFinding]) -> None:
    rows = []
    for number, finding in enumerate(findings, 1):
        texts = asdict(finding)
        row_no, letter = texts.pop("row"), texts.pop("column")
        identity = {"import_id": run.import_id, "finding_no": number, "agency_id": run.agency_id}
        rows.append({**identity, "row_no": row_no, "letter": letter, **texts})
    if rows:
        db.execute(insert(ImportFinding), rows)


def _forget_old_previews(db: Session, agency_id: UUID, now: datetime) -> None:
    old = select(ImportRun.import_id).where(ImportRun.agency_id == agency_id, ImportRun.read_at <= now - PREVIEW_LIFE)
    db.execute(delete(ImportContent).where(ImportContent.import_id.in_(old)))


def key_of(parent: str, unit: str) -> str:
    """Write the way to a unit so that capitals do not make two of one."""
    return " > ".join(name.casefold() for name in (parent, unit) if name)


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


def _record(db: Session, run: ImportRun, action: str, actor: Actor, now: datetime) -> None:
    counts = {name: getattr(run, name) for name in ("accepted", "warned", "rejected", "created", "changed")}
    detail = {"file": run.file_name, "sha256": run.content_hash, **counts}
    subject = f"import:{run.import_id}"
    audit.record(db, audit.Act(run.agency_id, actor.name, action, subject, origin=actor.origin, detail=detail), now)
