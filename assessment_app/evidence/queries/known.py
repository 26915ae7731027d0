"""The facts of employees, and what follows from them: for one person or for a whole province."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from assessment_app.evidence import messages, rules
from assessment_app.evidence.models import EvidenceFact, EvidenceImport
from assessment_app.evidence.rules import Component, Fact, Kind, Numbers, State
from assessment_app.platform.errors import NotFound

CHUNK = 500
"""Values in one IN (...): every SQLite that is still in use takes so many."""

MANY = 2_000
"""From so many employees on, reading all of an agency's facts in one statement is quicker than asking for each."""

AT_ONCE = 2_000
"""Rows that are fetched together when all of an agency's are read."""

COUNTED = tuple(dict.fromkeys(rules.KIND_OF.values()))
"""Kinds that components follow from: all but what SIMATA says."""

COLUMNS = (
    EvidenceFact.employee_id, EvidenceFact.fact_id, EvidenceFact.kind, EvidenceFact.state, EvidenceFact.said,
    EvidenceFact.replaces, EvidenceFact.row_no, EvidenceFact.basis, EvidenceImport.system, EvidenceImport.file_name,
)  # fmt: skip


def components(
    db: Session, agency_id: UUID, employee_ids: Collection[UUID], document: Mapping[str, Any], as_of: date,
    known_at: datetime | None = None,
) -> Mapping[UUID, Mapping[str, Component]]:  # fmt: skip
    """Give each employee's components by the rule set's document, as they stand on a day.

    ``known_at`` leaves out what was recorded later, so that an old result can be computed again. Who has no facts
    has every component unknown. Refuses with IncompleteRules a document that says too little.
    """
    numbers = Numbers.of(document)
    # Of nobody anything is known; as people come by, one at a time, so that a province's facts are never all in memory.
    known = dict.fromkeys(employee_ids, rules.components((), numbers, as_of, messages.in_source))
    for one, rows in _persons(db, agency_id, employee_ids, COUNTED, known_at):
        known[one] = rules.components(rows, numbers, as_of, messages.in_source)
    return known


def predicates(
    db: Session, agency_id: UUID, employee_ids: Collection[UUID], as_of: date, known_at: datetime | None = None
) -> Mapping[UUID, str | None]:
    """Give each employee's predicate of the newest whole year; none when there is none, or two that differ."""
    known: dict[UUID, str | None] = dict.fromkeys(employee_ids)
    for one, rows in _persons(db, agency_id, employee_ids, [Kind.PERFORMANCE], known_at):
        known[one] = rules.predicate(rows, as_of)
    return known


def invented(db: Session, agency_id: UUID, employee_ids: Collection[UUID]) -> frozenset[UUID]:
    """Name the employees of whom something that stands was invented for a demonstration."""
    later = aliased(EvidenceFact)
    wanted = (
        select(EvidenceFact.employee_id).distinct()
        .join(EvidenceImport, EvidenceImport.import_id == EvidenceFact.import_id)
        .where(EvidenceFact.agency_id == agency_id, EvidenceImport.system == rules.DEMONSTRATION)
        .where(~select(later.fact_id).where(later.replaces == EvidenceFact.fact_id).exists())
    )  # fmt: skip
    return frozenset(
        one for chunk in chunks(employee_ids) for one in db.scalars(wanted.where(EvidenceFact.employee_id.in_(chunk)))
    )


def simata(db: Session, agency_id: UUID, employee_ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Give what the newest SIMATA export says of each employee: values as written, X, Y and box not trusted."""
    found = facts(db, agency_id, employee_ids, [Kind.SIMATA])
    seen = {one: [fact.said for fact in rules.standing(rows)] for one, rows in found.items()}
    return {one: said[-1] for one, said in seen.items() if said}


def facts(
    db: Session, agency_id: UUID, employee_ids: Collection[UUID], kinds: Collection[Kind]
) -> dict[UUID, list[Fact]]:
    """Read all rows of some kinds about some employees as they were recorded, superseded ones too."""
    return dict(_persons(db, agency_id, employee_ids, kinds, None))


def _persons(
    db: Session, agency_id: UUID, employee_ids: Collection[UUID], kinds: Collection[Kind], known_at: datetime | None
) -> Iterator[tuple[UUID, list[Fact]]]:
    """Read the rows of one employee after the other, each in the order in which they were recorded."""
    wanted = select(*COLUMNS).outerjoin(EvidenceImport, EvidenceImport.import_id == EvidenceFact.import_id)
    wanted = wanted.where(EvidenceFact.agency_id == agency_id, EvidenceFact.kind.in_([kind.value for kind in kinds]))
    if known_at is not None:
        wanted = wanted.where(EvidenceFact.at <= known_at)
    ordered = wanted.order_by(EvidenceFact.employee_id, EvidenceFact.at, EvidenceFact.fact_id)
    for employee_id, rows in groupby(_rows(db, ordered, employee_ids), key=itemgetter(0)):
        yield employee_id, [_fact(*values) for _, *values in rows]


def _rows(db: Session, wanted: Select[*tuple[Any, ...]], employee_ids: Collection[UUID]) -> Iterator[Sequence[Any]]:
    if len(employee_ids) >= MANY:
        asked = frozenset(employee_ids)
        found = db.execute(wanted, execution_options={"yield_per": AT_ONCE})
        yield from (row for row in found if row[0] in asked)
        return
    for chunk in chunks(employee_ids):
        yield from db.execute(wanted.where(EvidenceFact.employee_id.in_(chunk)))


def chunks(employee_ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Cut many employees into as many as one statement may name."""
    ordered = sorted(set(employee_ids))
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _fact(
    fact_id: UUID, kind: str, state: str, said: Mapping[str, Any], replaces: UUID | None, row_no: int | None,
    basis: str, system: str | None, file_name: str | None,
) -> Fact:  # fmt: skip
    return Fact(fact_id, Kind(kind), State(state), said, replaces, source_of(system, file_name, row_no, basis))


def source_of(system: str | None, file_name: str | None, row_no: int | None, basis: str) -> str:
    """Name where a row comes from, as results keep it."""
    if file_name is None:
        return f"catatan BKD: {basis}" if basis else "catatan BKD"
    return f"{system}: {file_name}, baris {row_no}"


def history(db: Session, agency_id: UUID, employee_id: UUID) -> list[EvidenceFact]:
    """List everything that was ever recorded of an employee, the newest first, with its file."""
    wanted = select(EvidenceFact).where(EvidenceFact.agency_id == agency_id, EvidenceFact.employee_id == employee_id)
    newest_first = wanted.order_by(EvidenceFact.at.desc(), EvidenceFact.fact_id)
    return list(db.scalars(newest_first.options(joinedload(EvidenceFact.source_file))))


def row(db: Session, agency_id: UUID, employee_id: UUID, fact_id: UUID) -> EvidenceFact:
    """Find one fact of an employee; refuses with NotFound."""
    wanted = select(EvidenceFact).where(EvidenceFact.agency_id == agency_id, EvidenceFact.employee_id == employee_id)
    found = db.scalar(wanted.where(EvidenceFact.fact_id == fact_id))
    if found is None:
        raise NotFound
    return found
