"""Files of evidence that were looked at, and what was found in them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.models import Agency
from assessment_app.evidence.models import EvidenceContent, EvidenceFinding, EvidenceImport
from assessment_app.people.messages import RowFinding
from assessment_app.people.queries import PAGE
from assessment_app.people.rules import Severity
from assessment_app.platform import audit
from assessment_app.platform.errors import NotFound
from assessment_app.platform.texts import local


def names_in_trail(db: Session, agency_id: UUID | None, ids: Collection[UUID]) -> dict[UUID, str]:
    """Name files of evidence by their ids, of one agency or, without one, of all."""
    files = EvidenceImport.import_id, EvidenceImport.file_name, EvidenceImport.agency_id
    return audit.named(db, agency_id, ids, files)


def runs(db: Session, agency_id: UUID, page: int = 1) -> tuple[list[EvidenceImport], int]:
    """Read one page of an agency's files, the newest first, and count them all."""
    wanted = select(EvidenceImport).where(EvidenceImport.agency_id == agency_id)
    newest = wanted.order_by(EvidenceImport.read_at.desc(), EvidenceImport.import_id)
    total = db.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    return list(db.scalars(newest.limit(PAGE).offset((page - 1) * PAGE))), total


def run(db: Session, agency_id: UUID, import_id: UUID) -> EvidenceImport:
    """Find one file of an agency; refuses with NotFound."""
    wanted = select(EvidenceImport).where(EvidenceImport.agency_id == agency_id)
    found = db.scalar(wanted.where(EvidenceImport.import_id == import_id))
    if found is None:
        raise NotFound
    return found


def content(db: Session, agency_id: UUID, import_id: UUID) -> EvidenceContent | None:
    """Give the bytes of a preview, as long as they are kept."""
    wanted = select(EvidenceContent).where(EvidenceContent.agency_id == agency_id)
    return db.scalar(wanted.where(EvidenceContent.import_id == import_id))


def waiting_preview(
    db: Session, agency_id: UUID, content_hash: str, kind: str, system: str, year: int | None, since: datetime
) -> EvidenceImport | None:
    """Find a preview of exactly these bytes, read in the same way, that can still be applied."""
    wanted = select(EvidenceImport).join(EvidenceContent, EvidenceContent.import_id == EvidenceImport.import_id)
    wanted = wanted.where(
        EvidenceImport.agency_id == agency_id, EvidenceImport.content_hash == content_hash,
        EvidenceImport.kind == kind, EvidenceImport.system == system, EvidenceImport.year.is_not_distinct_from(year),
        EvidenceImport.read_at > since,
    )  # fmt: skip
    return db.scalar(wanted.order_by(EvidenceImport.read_at.desc()).limit(1))


def applied_before(db: Session, agency_id: UUID, content_hash: str) -> EvidenceImport | None:
    """Find the last time that exactly these bytes were applied."""
    wanted = select(EvidenceImport).where(
        EvidenceImport.agency_id == agency_id, EvidenceImport.content_hash == content_hash,
        EvidenceImport.applied_at.is_not(None),
    )  # fmt: skip
    return db.scalar(wanted.order_by(EvidenceImport.applied_at.desc()).limit(1))


def today(db: Session, agency_id: UUID, now: datetime) -> date:
    """Tell which day it is where an agency is: in the early morning there it is still yesterday in UTC."""
    return local(now, db.get_one(Agency, agency_id).timezone).date()


def first_read(db: Session, agency_id: UUID, content_hash: str, now: datetime) -> datetime:
    """Tell when bytes that are read now were read for the first time of those that were applied."""
    wanted = select(func.min(EvidenceImport.read_at)).where(
        EvidenceImport.agency_id == agency_id, EvidenceImport.content_hash == content_hash,
        EvidenceImport.applied_at.is_not(None),
    )  # fmt: skip
    return db.scalar(wanted) or now


def was_applied_since(db: Session, agency_id: UUID, kind: str, moment: datetime) -> bool:
    """Tell whether another file of the same kind was applied after a moment."""
    wanted = select(EvidenceImport.import_id).where(
        EvidenceImport.agency_id == agency_id, EvidenceImport.kind == kind, EvidenceImport.applied_at > moment
    )  # fmt: skip
    return db.scalar(wanted.limit(1)) is not None


def findings(
    db: Session, agency_id: UUID, import_id: UUID, severity: Severity | None, page: int
) -> tuple[list[RowFinding], int]:
    """Read one page of what was wrong in a file, in the order of its rows, and count it all."""
    wanted = _findings(agency_id, import_id)
    if severity is not None:
        wanted = wanted.where(EvidenceFinding.severity == severity.value)
    total = db.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    return [_as_sent(row) for row in db.scalars(wanted.limit(PAGE).offset((page - 1) * PAGE))], total


def all_findings(db: Session, agency_id: UUID, import_id: UUID) -> list[RowFinding]:
    """Read everything that was wrong in a file, for a download."""
    return [_as_sent(row) for row in db.scalars(_findings(agency_id, import_id))]


def _findings(agency_id: UUID, import_id: UUID) -> Select[EvidenceFinding]:
    wanted = select(EvidenceFinding).where(EvidenceFinding.agency_id == agency_id)
    return wanted.where(EvidenceFinding.import_id == import_id).order_by(EvidenceFinding.finding_no)


def _as_sent(row: EvidenceFinding) -> RowFinding:
    texts = (row.severity, row.nip, row.name, row.sentence, row.advice, row.value)
    return RowFinding(row.row_no, row.letter, *texts)
