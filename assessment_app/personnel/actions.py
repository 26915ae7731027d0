"""What can be done: compare two lists and keep what was found, and decide about a mismatch. No pay is ever stopped."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Officer
from assessment_app.people.queries import lock_agency
from assessment_app.personnel import queries
from assessment_app.personnel.messages import columns, sheets
from assessment_app.personnel.messages.forms import Decision, NewCheck
from assessment_app.personnel.models import PayrollAct, PayrollCheck, PayrollFinding
from assessment_app.personnel.rules import basis, rows
from assessment_app.personnel.rules.comparison import Outcome, compare
from assessment_app.personnel.rules.lists import PAYROLL, PERSONNEL, Row, Sheet, side_by_side
from assessment_app.personnel.rules.records import Absence, Found, Pay, Person, Unread
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.platform.security import secret
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.rules import IncompleteRules
from scoring_engine.canonical import canonical, digest

BATCH = 1000
"""Findings that one statement writes."""


@dataclass(frozen=True)
class Known:
    """What a comparison takes from the store: who was absent, the numbers of regulations, and perhaps the employees."""

    absences: Mapping[str, Absence] | None
    rule_set: str | None
    basis: basis.Basis | None
    why_no_basis: str
    employees: Sheet[Person] | None


@dataclass(frozen=True)
class Compared:
    """A comparison that is not kept yet: what came of it, and what names its input."""

    new: NewCheck
    known: Known
    outcome: Outcome
    headers: Mapping[str, Mapping[str, str]]
    personnel_sha256: str
    payroll_sha256: str


def look_up(db: Session, agency_id: UUID, new: NewCheck, now: datetime) -> Known:
    """Read what a comparison has to know. A rule set that is missing or not whole hinders only what rests on it."""
    employees = queries.employees(db, agency_id, new.day) if new.personnel is None else None
    absences = queries.absences(db, agency_id, now)
    try:
        rule_set = numbers.in_force(db, agency_id, now)
        return Known(absences, rule_set.sha256, basis.read(rule_set.document), "", employees)
    except (NotFound, IncompleteRules) as error:
        return Known(absences, None, None, f"aturan yang berlaku tidak lengkap: {error}"[:300], employees)


def examine(new: NewCheck, known: Known, now: datetime) -> Compared:
    """Compare two lists; needs no store, because seconds of work must not keep others from writing.

    Refuses with Invalid, naming the list, what cannot be read at all.
    """
    personnel, payroll = both_lists(new, known.employees, now.date())
    outcome = compare(side_by_side(personnel.sheet, payroll.sheet, known.absences), known.basis, known.why_no_basis)
    said = repr(personnel.sheet.rows).encode() if new.personnel is None else new.personnel
    headers = {"personnel": personnel.headers, "payroll": payroll.headers}
    return Compared(new, known, outcome, headers, _sha256(said), _sha256(new.payroll))


@dataclass(frozen=True)
class Understood(Generic[Row]):
    """One list as the rules take it, and the header of the file under which each field was found."""

    sheet: Sheet[Row]
    headers: Mapping[str, str]


def both_lists(
    new: NewCheck, employees: Sheet[Person] | None, today: date
) -> tuple[Understood[Person], Understood[Pay]]:
    """Read both lists, or take the employees of the store where no personnel file was sent. Refuses with Invalid."""
    there = sheets.read_list(new.payroll, columns.PAYROLL, PAYROLL, today)
    payroll = Understood(_payees(there, today, new.month), there.headers)
    if new.personnel is not None:
        here = sheets.read_list(new.personnel, columns.PERSONNEL, PERSONNEL, new.day)
        return Understood(_people(here, new.day), here.headers), payroll
    if employees is None or not employees.rows:
        raise Invalid("Belum ada pegawai di aplikasi. Unggah daftar pegawai dari SIASN.")
    return Understood(employees, {}), payroll


def _people(read: sheets.ReadList, day: date) -> Sheet[Person]:
    people = tuple(rows.person(number, cells) for number, cells in read.rows)
    remarks = (*read.remarks, *rows.about_niks(people, sum(bool(cells.get("nik")) for _, cells in read.rows)))
    return Sheet(people, _unread(read, PERSONNEL), frozenset(read.headers), day, remarks)


def _payees(read: sheets.ReadList, day: date, month: date | None) -> Sheet[Pay]:
    pays = tuple(rows.pay(number, cells, month) for number, cells in read.rows)
    fields = frozenset(read.headers) | ({"month"} if month else frozenset())
    return Sheet(pays, _unread(read, PAYROLL), fields, day, tuple(read.remarks))


def _unread(read: sheets.ReadList, list_name: str) -> tuple[Unread, ...]:
    return tuple(Unread(list_name, one.row, one.nip, one.name, one.sentence, one.advice) for one in read.faults)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(db: Session, by: Officer, one: Compared, now: datetime) -> PayrollCheck:
    """Keep a comparison and its mismatches, in one transaction; the files themselves are not kept.

    Safe to repeat: what says exactly what the newest comparison says, is that comparison.
    """
    lock_agency(db, by.agency_id)
    newest = next(iter(queries.checks(db, by.agency_id, 1)), None)
    row = _check(by, one, newest.n + 1 if newest else 1, now)
    if newest is not None and newest.input_sha256 == row.input_sha256:
        return newest
    db.add(row)
    db.flush()
    _keep_findings(db, row, one.outcome)
    counts = {"people": row.people, "payees": row.payees, "findings": row.findings}
    files = {"personnel_sha256": row.personnel_sha256, "payroll_sha256": row.payroll_sha256}
    _record(db, by, "payroll_check.run", f"payroll_check:{row.check_id}", "", {**files, **counts}, now)
    return row


def _check(by: Officer, one: Compared, n: int, now: datetime) -> PayrollCheck:
    new, known, outcome = one.new, one.known, one.outcome
    coverage = [{"rule": told.rule, "reach": told.reach, "reasons": list(told.reasons)} for told in outcome.coverage]
    absent = sorted(f"{nip} {absence.wave_id}" for nip, absence in (known.absences or {}).items())
    said = [one.personnel_sha256, one.payroll_sha256, known.rule_set or "", _month(new.day), _month(new.month), absent]
    return PayrollCheck(
        check_id=uuid4(), agency_id=by.agency_id, n=n, at=now, by=by.actor, personnel_name=new.personnel_name,
        personnel_sha256=one.personnel_sha256, payroll_name=new.payroll_name, payroll_sha256=one.payroll_sha256,
        day=new.day, rule_set=known.rule_set, input_sha256=digest(canonical(said)), people=outcome.people,
        payees=outcome.payees, findings=len(outcome.found),
        document={"coverage": coverage, "headers": {name: dict(read) for name, read in one.headers.items()}},
    )  # fmt: skip


def _month(day: date | None) -> str:
    return day.isoformat() if day else ""


def _keep_findings(db: Session, row: PayrollCheck, outcome: Outcome) -> None:
    key = secret("payroll-finding")
    told = [_row(row, number, found, key) for number, found in enumerate(outcome.found, 1)]
    for start in range(0, len(told), BATCH):
        db.execute(insert(PayrollFinding), told[start : start + BATCH])


def _row(check: PayrollCheck, number: int, found: Found, key: bytes) -> dict[str, object]:
    named = hmac.digest(key, "\x1f".join((found.rule.value, *found.parts)).encode(), hashlib.sha256).hex()
    sides = {
        f"{name}_{what}": getattr(side, what)
        for name, side in (("left", found.left), ("right", found.right))
        for what in ("value", "where", "day")
    }
    return {
        "check_id": check.check_id, "finding_no": number, "agency_id": check.agency_id, "key": named,
        "rule": found.rule.value, "severity": found.severity.value, "nip": found.nip, "name": found.name,
        "unit": found.unit, "sentence": found.sentence, "advice": found.advice, **sides,
    }  # fmt: skip


def decide(db: Session, by: Officer, check_id: UUID, finding_no: int, decision: Decision, now: datetime) -> PayrollAct:
    """Write down what somebody decided about a mismatch; earlier decisions stay.

    Refuses with NotFound, and with Conflict when somebody else decided since the page was opened.
    """
    lock_agency(db, by.agency_id)
    _pair, listed = queries.finding(db, by.agency_id, check_id, finding_no)
    if listed.acts != decision.after:
        raise Conflict("Orang lain sudah memutuskan temuan ini. Muat ulang dan baca putusannya lebih dahulu.")
    act = PayrollAct(
        agency_id=by.agency_id, key=listed.finding.key, n=listed.acts + 1, check_id=check_id, finding_no=finding_no,
        state=decision.state, note=decision.note, by=by.actor, at=now,
    )  # fmt: skip
    db.add(act)
    detail = {"rule": listed.finding.rule, "nip": listed.finding.nip, "state": decision.state}
    subject = f"payroll_check:{check_id}:{finding_no}"
    _record(db, by, "payroll_check.decide", subject, decision.note, detail, now)
    return act


def record_export(db: Session, by: Officer, check: PayrollCheck, rows: int, kind: str, now: datetime) -> None:
    """Write down that somebody took mismatches out of the system: they tell of many people at once."""
    subject = f"payroll_check:{check.check_id}"
    _record(db, by, "payroll_check.export", subject, "", {"rows": rows, "kind": kind}, now)


def _record(
    db: Session, by: Officer, action: str, subject: str, reason: str, detail: Mapping[str, object], now: datetime
) -> None:
    act = audit.Act(by.agency_id, by.actor, action, subject, reason=reason, origin=by.origin, detail=detail)
    audit.record(db, act, now)
