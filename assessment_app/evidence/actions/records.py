"""Write down, correct or take back one fact by hand; each with a reason, each as a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.evidence import queries, rules
from assessment_app.evidence.actions.asking import ask_for_placements
from assessment_app.evidence.models import EvidenceFact
from assessment_app.evidence.rules import CHECKABLE, Fact, Kind, Numbers, Said, State, read_none, read_row
from assessment_app.people import queries as people
from assessment_app.people.rules import Severity
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict, Invalid
from assessment_app.rule_sets import queries as numbers

SHORTEST_REASON = 10


@dataclass(frozen=True)
class Ground:
    """On what an act rests: the document that the officer has seen, and the reason in their own words."""

    basis: str
    reason: str

    def check(self) -> None:
        """Refuse with Invalid a reason that says nothing."""
        if len(self.reason.strip()) < SHORTEST_REASON:
            raise Invalid("Tulis alasan sedikitnya 10 huruf.")


def record_fact(
    db: Session, by: Officer, employee_id: UUID, kind: Kind, cells: Mapping[str, str], ground: Ground, now: datetime,
    replaces: UUID | None = None,
) -> EvidenceFact:  # fmt: skip
    """Write down what the fields of a form say, or let it stand in place of another fact of the same kind.

    Refuses with Invalid what a row of a file would be refused for, with NotFound, and with Conflict when the fact to
    correct stands no more or the same is on record.
    """
    ground.check()
    said, wrong = read_row(
        kind, cells, Numbers.of(numbers.in_force(db, by.agency_id, now).document), queries.today(db, by.agency_id, now)
    )
    if said is None:
        told = " ".join(f"{one.sentence} {one.advice}" for one in wrong if one.severity == Severity.ERROR)
        raise Invalid(told)
    return _add(db, by, employee_id, kind, said, ground, now, replaces)


def mark_none(
    db: Session, by: Officer, employee_id: UUID, kind: Kind, checked: date | None, ground: Ground, now: datetime
) -> EvidenceFact:
    """Write down that somebody looked on a day and found none. Refuses with Invalid and Conflict."""
    ground.check()
    if kind not in CHECKABLE:
        raise Invalid("Jenis bukti ini tidak dapat ditandai tidak ada.")
    if checked is None:
        raise Invalid("Tanggal periksa tidak terbaca. Tulis seperti 17-03-2026.")
    if checked > queries.today(db, by.agency_id, now):
        raise Invalid("Tanggal periksa belum tiba.")
    return _add(db, by, employee_id, kind, read_none(checked), ground, now, None)


def take_back(
    db: Session, by: Officer, employee_id: UUID, fact_id: UUID, ground: Ground, now: datetime
) -> EvidenceFact:
    """Let a fact stand no more; it stays on record. Refuses with Invalid, NotFound and Conflict."""
    ground.check()
    kind = Kind(queries.row(db, by.agency_id, employee_id, fact_id).kind)
    return _add(db, by, employee_id, kind, Said(State.TAKEN_BACK, {}), ground, now, fact_id)


def _add(
    db: Session, by: Officer, employee_id: UUID, kind: Kind, said: Said, ground: Ground, now: datetime,
    replaces: UUID | None,
) -> EvidenceFact:  # fmt: skip
    people.lock_agency(db, by.agency_id)
    people.employee(db, by.agency_id, employee_id)
    stand = rules.standing(queries.facts(db, by.agency_id, [employee_id], [kind]).get(employee_id, ()))
    _check_place(stand, kind, said, replaces)
    fact = EvidenceFact(
        fact_id=uuid4(), agency_id=by.agency_id, employee_id=employee_id, kind=kind.value, state=said.state.value,
        said=dict(said.said), replaces=replaces, import_id=None, row_no=None, basis=ground.basis.strip(),
        reason=ground.reason.strip(), by=by.actor, at=now,
    )  # fmt: skip
    db.add(fact)
    ask_for_placements(db, by.agency_id, [employee_id], now)
    action = (
        "evidence.take_back"
        if said.state == State.TAKEN_BACK
        else "evidence.correct"
        if replaces
        else "evidence.record"
    )
    detail = {"kind": kind.value, "state": fact.state, "fact": str(fact.fact_id), "replaces": str(replaces or "")}
    act = audit.Act(by.agency_id, by.actor, action, f"employee:{employee_id}", fact.reason, by.origin, detail)
    audit.record(db, act, now)
    return fact


def _check_place(stand: list[Fact], kind: Kind, said: Said, replaces: UUID | None) -> None:
    if replaces is not None and replaces not in {fact.fact_id for fact in stand}:
        raise Conflict("Catatan ini sudah dikoreksi atau dicabut. Muat ulang halaman.")
    same = rules.identity(kind, said.state, said.said)
    if any(rules.identity(fact.kind, fact.state, fact.said) == same for fact in stand):
        raise Conflict("Isi yang sama sudah tercatat.")
