"""What can be seen of an agency's people and imports; every question carries the agency."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import QueryableAttribute, Session

from assessment_app.accounts.models import Agency, StaffAccount
from assessment_app.people.messages import ListFinding
from assessment_app.people.models import Employee, ImportContent, ImportDecision, ImportFinding, ImportRun, Unit
from assessment_app.people.rules import Severity, clean_nip
from assessment_app.platform import audit
from assessment_app.platform.errors import NotFound

PAGE = 50
CHUNK = 500
"""Values in one IN (...): every SQLite that is still in use takes so many."""


@dataclass(frozen=True)
class Known:
    """An employee as the import compares it with a row."""

    employee_id: UUID
    nip: str
    name: str
    unit_key: str
    post_title: str
    job_level: str
    grade: str
    status: str
    birth_date: object
    sex: str
    active: bool


def employees(
    db: Session, agency_id: UUID, text: str = "", unit_id: UUID | None = None, page: int = 1, size: int = PAGE
) -> tuple[list[Employee], int]:
    """Read one page of the employees whose name or NIP holds a text, and count them all; by name."""
    wanted = select(Employee).where(Employee.agency_id == agency_id)
    if unit_id is not None:
        wanted = wanted.where(Employee.unit.has(or_(Unit.unit_id == unit_id, Unit.parent_id == unit_id)))
    if text:
        wanted = wanted.where(holds(Employee.name, Employee.nip, text))
    rows = db.scalars(wanted.order_by(Employee.name, Employee.nip).limit(size).offset((page - 1) * size))
    return list(rows), _count(db, wanted)


def holds(name: QueryableAttribute[str], nip: QueryableAttribute[str], text: str) -> ColumnElement[bool]:
    """Find a part of a name, or some digits of a NIP in any spelling."""
    by_name, digits = name.icontains(text, autoescape=True), clean_nip(text)
    return or_(by_name, nip.contains(digits)) if digits.isdecimal() else by_name


def employee(db: Session, agency_id: UUID, employee_id: UUID) -> Employee:
    """Find one employee of an agency; refuses with NotFound."""
    wanted = select(Employee).where(Employee.agency_id == agency_id, Employee.employee_id == employee_id)
    found = db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def units(db: Session, agency_id: UUID) -> list[Unit]:
    """List an agency's units, each after the one it stands under."""
    return list(db.scalars(select(Unit).where(Unit.agency_id == agency_id).order_by(Unit.path_key)))


def known(db: Session, agency_id: UUID, nips: Collection[str]) -> dict[str, Known]:
    """Find who of these is already an employee of the agency."""
    columns = (
        Employee.employee_id, Employee.nip, Employee.name, Unit.path_key, Employee.post_title,
        Employee.job_level, Employee.grade, Employee.status, Employee.birth_date, Employee.sex,
        Employee.active,
    )  # fmt: skip
    found = {}
    for chunk in _chunks(nips):
        wanted = select(*columns).join(Unit, Unit.unit_id == Employee.unit_id)
        for row in db.execute(wanted.where(Employee.agency_id == agency_id, Employee.nip.in_(chunk))):
            found[row.nip] = Known(*row)
    return found


def elsewhere(db: Session, agency_id: UUID, nips: Collection[str]) -> set[str]:
    """Tell which of these another agency has too; which agency that is, is not for this one to know."""
    found: set[str] = set()
    for chunk in _chunks(nips):
        wanted = select(Employee.nip).where(Employee.agency_id != agency_id, Employee.active)
        found |= set(db.scalars(wanted.where(Employee.nip.in_(chunk))))
    return found


def runs(db: Session, agency_id: UUID, limit: int = 10) -> list[ImportRun]:
    """List the newest imports of an agency."""
    wanted = select(ImportRun).where(ImportRun.agency_id == agency_id).order_by(ImportRun.read_at.desc())
    return list(db.scalars(wanted.limit(limit)))


def run(db: Session, agency_id: UUID, import_id: UUID) -> ImportRun:
    """Find one import of an agency; refuses with NotFound."""
    wanted = select(ImportRun).where(ImportRun.agency_id == agency_id, ImportRun.import_id == import_id)
    found = db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def lock_agency(db: Session, agency_id: UUID) -> None:
    """Let one import of an agency write at a time; refuses with NotFound."""
    wanted = select(Agency.agency_id).where(Agency.agency_id == agency_id).with_for_update()
    if db.scalar(wanted) is None:
        raise NotFound


def waiting_preview(db: Session, agency_id: UUID, content_hash: str, since: datetime) -> ImportRun | None:
    """Find a preview of exactly these bytes that can still be applied."""
    wanted = select(ImportRun).join(ImportContent, ImportContent.import_id == ImportRun.import_id)
    wanted = wanted.where(ImportRun.agency_id == agency_id, ImportRun.content_hash == content_hash)
    return db.scalar(wanted.where(ImportRun.read_at > since).order_by(ImportRun.read_at.desc()).limit(1))


def applied_before(db: Session, agency_id: UUID, content_hash: str) -> ImportRun | None:
    """Find the last time that exactly these bytes were applied."""
    wanted = select(ImportRun).where(ImportRun.agency_id == agency_id, ImportRun.content_hash == content_hash)
    wanted = wanted.where(ImportRun.applied_at.is_not(None)).order_by(ImportRun.applied_at.desc())
    return db.scalar(wanted.limit(1))


def was_applied_since(db: Session, agency_id: UUID, moment: datetime) -> bool:
    """Tell whether any import of the agency wrote after a moment."""
    wanted = select(ImportRun.import_id).where(ImportRun.agency_id == agency_id)
    return db.scalar(wanted.where(ImportRun.applied_at > moment).limit(1)) is not None


def content(db: Session, agency_id: UUID, import_id: UUID) -> ImportContent | None:
    """Give the bytes of a preview, as long as they are kept."""
    wanted = select(ImportContent).where(ImportContent.agency_id == agency_id)
    return db.scalar(wanted.where(ImportContent.import_id == import_id))


def decisions(db: Session, agency_id: UUID, import_id: UUID | None = None) -> dict[str, str]:
    """Give the newest decision on each question: on units of all files of the agency, on rows of this one only."""
    wanted = select(ImportDecision.question, ImportDecision.choice).where(ImportDecision.agency_id == agency_id)
    wanted = wanted.where(or_(ImportDecision.question.startswith("unit:"), ImportDecision.import_id == import_id))
    ordered = wanted.order_by(ImportDecision.decided_at, ImportDecision.decision_no)
    return {row.question: row.choice for row in db.execute(ordered)}


def last_decision(db: Session, import_id: UUID) -> int:
    """Give the number of the newest decision about a file; 0 when there is none."""
    wanted = select(func.max(ImportDecision.decision_no)).where(ImportDecision.import_id == import_id)
    return db.scalar(wanted) or 0


@dataclass(frozen=True)
class Group:
    """Findings that are alike: how grave, of which kind, how many, and the first of them."""

    severity: Severity
    kind: str
    number: int
    example: str


def groups(db: Session, agency_id: UUID, import_id: UUID) -> list[Group]:
    """Group what was found in a file by kind, the gravest first, each with the sentence of its first row."""
    of_run = (ImportFinding.agency_id == agency_id, ImportFinding.import_id == import_id)
    counted = (
        select(ImportFinding.severity, ImportFinding.kind, func.count(), func.min(ImportFinding.finding_no))
        .where(*of_run).group_by(ImportFinding.severity, ImportFinding.kind)
    )  # fmt: skip
    found = list(db.execute(counted))
    first = select(ImportFinding.finding_no, ImportFinding.sentence)
    wanted = first.where(*of_run, ImportFinding.finding_no.in_([row[3] for row in found]))
    sentences = {row.finding_no: row.sentence for row in db.execute(wanted)}
    made = [Group(Severity(severity), kind, number, sentences[at]) for severity, kind, number, at in found]
    order = list(Severity)
    return sorted(made, key=lambda group: (order.index(group.severity), -group.number, group.kind))


@dataclass(frozen=True)
class Wanted:
    """Which findings are looked for; empty is all."""

    severity: Severity | None = None
    kind: str = ""


def findings(
    db: Session, agency_id: UUID, import_id: UUID, only: Wanted, page: int, size: int = PAGE
) -> tuple[list[ListFinding], int]:
    """Read one page of what was found in a file, in the order of its rows, and count it all."""
    wanted = _findings(agency_id, import_id)
    if only.severity is not None:
        wanted = wanted.where(ImportFinding.severity == only.severity)
    if only.kind:
        wanted = wanted.where(ImportFinding.kind == only.kind)
    rows = db.scalars(wanted.limit(size).offset((page - 1) * size))
    return [_as_sent(row) for row in rows], _count(db, wanted)


def all_findings(db: Session, agency_id: UUID, import_id: UUID) -> list[ListFinding]:
    """Read everything that was wrong in a file, for a download."""
    return [_as_sent(row) for row in db.scalars(_findings(agency_id, import_id))]


def _findings(agency_id: UUID, import_id: UUID) -> Select[ImportFinding]:
    wanted = select(ImportFinding).where(ImportFinding.agency_id == agency_id)
    return wanted.where(ImportFinding.import_id == import_id).order_by(ImportFinding.finding_no)


def names_of(db: Session, agency_id: UUID, actors: Collection[str]) -> dict[str, str]:
    """Name those who read or applied files; whoever is no account of the agency stays as the trail names them."""
    wanted = select(StaffAccount.account_id, StaffAccount.full_name).where(StaffAccount.agency_id == agency_id)
    full = {f"account:{account_id}": name for account_id, name in db.execute(wanted)}
    return {actor: full.get(actor, actor) for actor in actors}


def names_in_trail(db: Session, agency_id: UUID | None, ids: Collection[UUID]) -> dict[UUID, str]:
    """Name employees and the files that they came from by their ids, of one agency or, without one, of all."""
    people = Employee.employee_id, Employee.name, Employee.agency_id
    return audit.named(db, agency_id, ids, people, (ImportRun.import_id, ImportRun.file_name, ImportRun.agency_id))


def _as_sent(row: ImportFinding) -> ListFinding:
    texts = (row.severity, row.nip, row.name, row.sentence, row.advice, row.value)
    return ListFinding(row.row_no, row.letter, *texts, row.sheet, row.kind, row.question)


def _count(db: Session, wanted: Select[Employee] | Select[ImportFinding]) -> int:
    return db.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0


def _chunks(nips: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(nips)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))
