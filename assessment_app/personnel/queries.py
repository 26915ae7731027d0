"""What can be seen of an agency's comparisons, and what a new one has to know; every question carries the agency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, select
from sqlalchemy.orm import Session, aliased

from assessment_app.exam.models import Sitting
from assessment_app.people.models import Employee, Unit
from assessment_app.people.queries import holds
from assessment_app.people.rules import JobLevel, Standing
from assessment_app.personnel.models import PayrollAct, PayrollCheck, PayrollFinding
from assessment_app.personnel.rules.lists import Sheet
from assessment_app.personnel.rules.records import Absence, Person
from assessment_app.personnel.rules.worklist import Change, State, Wanted
from assessment_app.platform.errors import NotFound
from assessment_app.scheduling.messages import REHEARSAL
from assessment_app.scheduling.models import Booking, ExamSession, Wave

PAGE = 50

FIELDS_HERE = frozenset({"nip", "name", "born", "sex", "standing", "post", "level", "grade", "unit"})
"""What the platform itself knows of an employee."""


def employees(db: Session, agency_id: UUID, day: date) -> Sheet[Person]:
    """Give the employees whom the platform knows, as a personnel list of a day."""
    columns = (
        Employee.nip, Employee.name, Employee.birth_date, Employee.sex, Employee.active,
        Employee.post_title, Employee.job_level, Employee.grade, Unit.name,
    )  # fmt: skip
    wanted = select(*columns).join(Unit, Unit.unit_id == Employee.unit_id).where(Employee.agency_id == agency_id)
    rows = tuple(
        Person(
            row=0, nip=nip, name=name, born=born, sex=sex, standing=Standing.ACTIVE if active else Standing.STOPPED,
            standing_text="aktif" if active else "tidak aktif", post=post, level=JobLevel(level),
            grade=grade, unit=unit,
        )
        for nip, name, born, sex, active, post, level, grade, unit in db.execute(wanted.order_by(Employee.nip))
    )  # fmt: skip
    return Sheet(rows, (), FIELDS_HERE, day, kept_here=True)


def absences(db: Session, agency_id: UUID, now: datetime) -> Mapping[str, Absence] | None:
    """Give who did not come to the newest wave that they were booked for; None where no wave has ended yet.

    A rehearsal obliges nobody.
    """
    columns = (Booking.nip, Wave.name, Wave.wave_id, ExamSession.ends, Sitting.sitting_id)
    wanted = select(*columns).join(ExamSession, ExamSession.session_id == Booking.session_id)
    wanted = wanted.join(Wave, Wave.wave_id == Booking.wave_id)
    wanted = wanted.outerjoin(Sitting, Sitting.booking_id == Booking.booking_id)
    wanted = wanted.where(Booking.agency_id == agency_id, ExamSession.ends <= now, Wave.purpose != REHEARSAL)
    newest = {row.nip: row for row in db.execute(wanted.order_by(ExamSession.ends, Booking.booking_id))}
    if not newest:
        return None
    return {
        nip: Absence(row.name, str(row.wave_id), row.ends.date())
        for nip, row in newest.items()
        if row.sitting_id is None
    }


def checks(db: Session, agency_id: UUID, limit: int = 20) -> list[PayrollCheck]:
    """List the newest comparisons of an agency."""
    wanted = select(PayrollCheck).where(PayrollCheck.agency_id == agency_id)
    return list(db.scalars(wanted.order_by(PayrollCheck.n.desc()).limit(limit)))


def check(db: Session, agency_id: UUID, check_id: UUID) -> PayrollCheck:
    """Find one comparison of an agency; refuses with NotFound."""
    wanted = select(PayrollCheck).where(PayrollCheck.agency_id == agency_id, PayrollCheck.check_id == check_id)
    found = db.scalar(wanted)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Listed:
    """A mismatch as the worklist shows it: what was decided, and whether the last comparison had it too."""

    finding: PayrollFinding
    state: State
    came_back: bool
    was_before: bool
    acts: int


@dataclass(frozen=True)
class Pair:
    """A comparison and the one before it, if there is one: what is new, still there or gone lies between them."""

    check: PayrollCheck
    before: PayrollCheck | None

    @property
    def at(self) -> datetime:
        """When it was made: what was mended before that and is there again, is new again."""
        return self.check.at


def pair(db: Session, agency_id: UUID, check_id: UUID) -> Pair:
    """Find a comparison and the one before it; refuses with NotFound."""
    one = check(db, agency_id, check_id)
    wanted = select(PayrollCheck).where(PayrollCheck.agency_id == agency_id, PayrollCheck.n == one.n - 1)
    return Pair(one, db.scalar(wanted))


MENDED_BEFORE = "mended_before"


def _rows(pair: Pair, change: Change | None) -> Select[PayrollFinding, str, int | None, bool]:
    """Ask for mismatches, each with the newest decision; those that are gone are rows of the comparison before."""
    here, old = pair.check, pair.before
    shown = old if change is Change.GONE and old is not None else here
    newest = select(PayrollAct.key, func.max(PayrollAct.n).label("n")).where(PayrollAct.agency_id == here.agency_id)
    last = newest.group_by(PayrollAct.key).subquery()
    mended = and_(PayrollAct.state == State.FIXED.value, PayrollAct.at < shown.at)
    state = case((PayrollAct.state.is_(None), State.NEW.value), (mended, MENDED_BEFORE), else_=PayrollAct.state)
    twin = _twin(here if shown is old else old)
    wanted = select(PayrollFinding, state.label("state"), PayrollAct.n, twin.label("was_before"))
    wanted = wanted.outerjoin(last, last.c.key == PayrollFinding.key).outerjoin(
        PayrollAct, and_(PayrollAct.agency_id == here.agency_id, PayrollAct.key == last.c.key, PayrollAct.n == last.c.n)
    )
    wanted = wanted.where(PayrollFinding.agency_id == here.agency_id, PayrollFinding.check_id == shown.check_id)
    if change is not None:
        wanted = wanted.where(twin if change is Change.STILL else ~twin)
    if change is Change.GONE and old is None:
        wanted = wanted.where(false())
    return wanted


def _twin(other: PayrollCheck | None) -> ColumnElement[bool]:
    """Tell whether another comparison has the same mismatch."""
    if other is None:
        return false()
    there = aliased(PayrollFinding)
    return exists().where(there.check_id == other.check_id, there.key == PayrollFinding.key)


def _narrowed(pair: Pair, wanted: Wanted) -> Select[PayrollFinding, str, int | None, bool]:
    found = _rows(pair, wanted.change)
    if wanted.rule is not None:
        found = found.where(PayrollFinding.rule == wanted.rule.value)
    if wanted.severity is not None:
        found = found.where(PayrollFinding.severity == wanted.severity.value)
    if wanted.unit is not None:
        found = found.where(PayrollFinding.unit == wanted.unit)
    if wanted.text:
        found = found.where(holds(PayrollFinding.name, PayrollFinding.nip, wanted.text))
    if wanted.state is not None:
        state = found.selected_columns["state"]
        states = [wanted.state.value] + [MENDED_BEFORE] * (wanted.state is State.NEW)
        found = found.where(state.in_(states))
    return found


def findings(db: Session, pair: Pair, wanted: Wanted, page: int = 1, size: int = PAGE) -> tuple[list[Listed], int]:
    """Read one page of the mismatches that are asked for, the gravest first, and count them all."""
    asked = _narrowed(pair, wanted)
    total = db.scalar(select(func.count()).select_from(asked.subquery())) or 0
    rows = db.execute(asked.order_by(PayrollFinding.finding_no).limit(size).offset((page - 1) * size))
    return [_listed(*row) for row in rows], total


def _listed(finding: PayrollFinding, state: str, acts: int | None, was_before: bool) -> Listed:
    came_back = state == MENDED_BEFORE
    return Listed(finding, State.NEW if came_back else State(state), came_back, bool(was_before), acts or 0)


def finding(db: Session, agency_id: UUID, check_id: UUID, finding_no: int) -> tuple[Pair, Listed]:
    """Find one mismatch with the comparison that it belongs to; refuses with NotFound."""
    both = pair(db, agency_id, check_id)
    row = db.execute(_rows(both, None).where(PayrollFinding.finding_no == finding_no)).first()
    if row is None:
        raise NotFound
    return both, _listed(*row)


def acts(db: Session, agency_id: UUID, key: str) -> list[PayrollAct]:
    """List what was decided about a mismatch, in any comparison, oldest first."""
    wanted = select(PayrollAct).where(PayrollAct.agency_id == agency_id, PayrollAct.key == key)
    return list(db.scalars(wanted.order_by(PayrollAct.n)))


@dataclass(frozen=True)
class Figures:
    """How many mismatches of each rule, state and change a comparison has."""

    rules: Mapping[str, int]
    states: Mapping[State, int]
    changes: Mapping[Change, int]


def figures(db: Session, pair: Pair) -> Figures:
    """Count a comparison's mismatches."""
    rows = _rows(pair, None).subquery()
    counted = select(rows.c.rule, rows.c.state, rows.c.was_before, func.count()).group_by(
        rows.c.rule, rows.c.state, rows.c.was_before
    )
    rules, states, changes = Counter[str](), Counter[State](), Counter[Change]()
    for rule, state, was_before, number in db.execute(counted):
        rules[rule] += number
        states[State.NEW if state == MENDED_BEFORE else State(state)] += number
        changes[Change.STILL if was_before else Change.NEW] += number
    changes[Change.GONE] = findings(db, pair, Wanted(change=Change.GONE), size=1)[1]
    return Figures(rules, states, changes)


def units(db: Session, one: PayrollCheck) -> list[str]:
    """List the units that a comparison's mismatches name; an empty one is for those that name none."""
    wanted = select(PayrollFinding.unit).distinct().where(PayrollFinding.check_id == one.check_id)
    return list(db.scalars(wanted.order_by(PayrollFinding.unit)))
