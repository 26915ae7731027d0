"""The audit trail: who did what, when, from where and why, in rows that are chained by their hashes.

Each row's hash covers the row and the hash before it, so a row that is changed, removed or slipped in later breaks the
chain from there on. The database refuses UPDATE and DELETE on the table; the chain is for whoever gets around that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Text, select, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from assessment_app.platform.db import Document, Model, Moment, Sha256, scoped
from scoring_engine.canonical import NotCanonical, canonical, digest

GENESIS = "0" * 64
"""What stands before the first row."""

PAGE = 500
"""Rows that ``verify`` reads at once."""

_CHAIN_LOCK = 0x50524F41534E
"""PostgreSQL advisory lock of the chain; SQLite has one writer anyway."""


@dataclass(frozen=True)
class Act:
    """Something that somebody did, as the trail keeps it."""

    agency_id: UUID | None
    actor: str
    action: str
    subject: str
    reason: str = ""
    origin: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


class AuditEntry(Model):
    """One row of the trail; written once, never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = ({"info": {"stores": ("exam", "vault"), "append_only": True}},)

    entry_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[UUID | None] = mapped_column(index=True)
    at: Mapped[Moment]
    actor: Mapped[str] = mapped_column(String(120), index=True)
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    reason: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(120))
    detail: Mapped[Document]
    previous: Mapped[Sha256]
    hash: Mapped[Sha256]

    def computed_hash(self) -> str:
        """Hash what the row says together with the hash before it."""
        return digest(canonical({
            "entry_no": self.entry_no, "agency_id": str(self.agency_id) if self.agency_id else None,
            "at": self.at.isoformat(timespec="microseconds"), "actor": self.actor, "action": self.action,
            "subject": self.subject, "reason": self.reason, "origin": self.origin, "detail": self.detail,
            "previous": self.previous,
        }))  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found."""

    rows: int
    broken_at: int | None
    reason: str
    last: str = GENESIS
    """Hash of the last row. Who cuts rows off the end leaves a whole chain: only this, noted elsewhere, tells."""

    @property
    def holds(self) -> bool:
        """Tell whether every row is what it was when it was written."""
        return self.broken_at is None


def record(db: Session, act: Act, now: datetime) -> AuditEntry:
    """Add a row to the trail, in the transaction of the act itself: both stay or neither does.

    Refuses with ValueError a detail that holds a float: PostgreSQL writes 1e16 down as another number, and the chain
    would seem broken.
    """
    if holds_float(act.detail):
        raise ValueError(f"The detail of an audit entry holds whole numbers and texts, no floats: {act.action}")
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    db.flush()
    last = db.scalar(select(AuditEntry).order_by(AuditEntry.entry_no.desc()).limit(1))
    entry = AuditEntry(
        entry_no=last.entry_no + 1 if last else 1, agency_id=act.agency_id, at=now, actor=act.actor, action=act.action,
        subject=act.subject, reason=act.reason, origin=act.origin, detail=dict(act.detail),
        previous=last.hash if last else GENESIS,
    )  # fmt: skip
    entry.hash = entry.computed_hash()
    db.add(entry)
    db.flush()
    return entry


def holds_float(value: object) -> bool:
    """Tell whether there is a float anywhere in a document."""
    if isinstance(value, Mapping):
        return any(map(holds_float, value.values()))
    return any(map(holds_float, value)) if isinstance(value, list | tuple) else isinstance(value, float)


def verify(db: Session) -> Verdict:
    """Walk the whole chain and name the first row that does not hold."""
    last, number = GENESIS, 0
    for entry in _walk(db):
        number += 1
        if entry is None:
            return Verdict(number, number, f"row {number} cannot be read: it was changed after it was written")
        if fault := _fault(entry, number, last):
            return Verdict(number, number, fault)
        last = entry.hash
    return Verdict(number, None, "", last)


def _walk(db: Session) -> Iterator[AuditEntry | None]:
    """Give all rows in order, by page, or one by one where a page cannot be read; None is the row that cannot."""
    after, page = None, PAGE
    while True:
        wanted = select(AuditEntry).order_by(AuditEntry.entry_no).limit(page)
        try:
            found = db.scalars(wanted if after is None else wanted.where(AuditEntry.entry_no > after)).all()
        except (ValueError, TypeError, AttributeError):  # what the column types say to text that is none of theirs
            if page == 1:
                yield None
                return
            page = 1
            continue
        yield from found
        if len(found) < page:
            return
        after = found[-1].entry_no


def _fault(entry: AuditEntry, number: int, previous: str) -> str:
    if entry.entry_no < number:
        return f"row {entry.entry_no} was slipped in before row {number}"
    if entry.entry_no > number:
        return f"row {number} is missing"
    if entry.previous != previous:
        return f"row {number} does not name the row before it"
    try:
        holds = entry.computed_hash() == entry.hash
    except NotCanonical:
        holds = False
    return "" if holds else f"row {number} was changed after it was written"


def newest(
    db: Session, agency_id: UUID | None, *, before: int | None = None, action: str = "", limit: int = 50
) -> list[AuditEntry]:
    """Read the trail backwards; an agency sees its own rows, ``None`` (the system's auditor) sees all."""
    wanted = select(AuditEntry).order_by(AuditEntry.entry_no.desc()).limit(limit)
    wanted = scoped(wanted, AuditEntry.agency_id, agency_id)
    if before is not None:
        wanted = wanted.where(AuditEntry.entry_no < before)
    if action:
        wanted = wanted.where(AuditEntry.action == action)
    return list(db.scalars(wanted))


def ids_of(subjects: Iterable[str]) -> dict[str, UUID]:
    """Find the id that each subject ends with, such as ``wave:<id>``; whoever has none is left out."""
    found = {}
    for subject in subjects:
        with suppress(ValueError):
            found[subject] = UUID(subject.rpartition(":")[2])
    return found


Kind = tuple[InstrumentedAttribute[Any], InstrumentedAttribute[Any], InstrumentedAttribute[Any]]
"""What the trail may name: the columns of the id, of the name, and of the agency that it belongs to."""


def named(db: Session, agency_id: UUID | None, ids: Collection[UUID], *kinds: Kind) -> dict[UUID, str]:
    """Name things by their ids, of one agency or, without one, of all; whose id is none of these kinds is left out."""
    found: dict[UUID, str] = {}
    for key, name, of in kinds:
        found |= dict(db.execute(scoped(select(key, name).where(key.in_(ids)), of, agency_id)).all())
    return found


def actions(db: Session, agency_id: UUID | None) -> list[str]:
    """List what kinds of acts are in the trail, for whom ``newest`` would show them."""
    wanted = select(AuditEntry.action).distinct().order_by(AuditEntry.action)
    wanted = scoped(wanted, AuditEntry.agency_id, agency_id)
    return list(db.scalars(wanted))
