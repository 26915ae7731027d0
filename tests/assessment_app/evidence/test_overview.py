"""The overview as the database counts and lists it, against judging everybody one by one, on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import delete, func, select

from assessment_app.evidence import actions, queries
from assessment_app.evidence.models import EvidenceFact, EvidenceStanding
from assessment_app.evidence.queries import PAGE, Narrowed
from assessment_app.evidence.rules import COMPONENTS, Known
from assessment_app.people.models import Employee, Unit
from assessment_app.platform.db import transaction
from assessment_app.rule_sets import actions as rule_sets
from assessment_app.scheduling.models import Booking
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import NOW
from workers import sweeps

SIZE = 90
SAID: dict[str, list[dict[str, object]]] = {
    "performance": [{"year": 2025, "predicate": "baik"}, {"year": 2025, "predicate": "kurang"}],
    "feedback_360": [{"year": 2025, "value": "80"}],
    "award": [{"date": "2025-03-01", "level": "province", "name": "Satyalancana"}, {"checked": "2026-10-01"}],
    "education": [{"level": "s1", "field": "Hukum", "fits": None}, {"level": "s2", "field": "Hukum", "fits": True}],
    "discipline": [{"checked": "2026-10-01"}],
}


def fact(agency_id: UUID, employee_id: UUID, kind: str, said) -> EvidenceFact:
    return EvidenceFact(
        fact_id=uuid4(), agency_id=agency_id, employee_id=employee_id, kind=kind,
        state="absent" if "checked" in said else "present", said=said, replaces=None, import_id=None, row_no=None,
        basis="SK", reason="uji", by="system", at=NOW,
    )  # fmt: skip


@pytest.fixture
def made(installation):
    """Give an agency of which something is known, and of a wave of its people."""
    chance = np.random.default_rng(7)
    with transaction() as db:
        rule_sets.take_in(db)
        agency_id, room_id = crowd.agency(db, 1)
        people = crowd.employees(db, agency_id, SIZE, 2, 3)
        wave = crowd.wave(db, agency_id, room_id, people[: SIZE // 2], 3, "Tahap 1")
        for person in people:
            for kind, choices in SAID.items():
                db.add_all(fact(agency_id, person, kind, said) for said in choices if chance.random() < 0.5)
    return agency_id, wave.wave_id


def terms_of(db, agency_id, now=NOW):
    return queries.terms(db, agency_id, now)


def judged(agency_id, now=NOW, most=1000):
    with transaction() as db:
        return actions.judge_some(db, agency_id, now, most)


def slowly(db, agency_id, wave_id=None, unit=None):
    """Judge everybody one by one."""
    wanted = select(Employee, Unit.name).join(Unit, Unit.unit_id == Employee.unit_id)
    rows = db.execute(wanted.where(Employee.agency_id == agency_id).order_by(Employee.name, Employee.nip)).all()
    mine = set(crowd_of(db, wave_id)) if wave_id else {employee.employee_id for employee, _ in rows}
    terms = terms_of(db, agency_id)
    found = []
    for employee, name in rows:
        if employee.employee_id in mine and unit in (None, employee.unit_id):
            one = employee.employee_id
            known = queries.components(db, agency_id, [one], terms.document, terms.as_of)[one]
            found.append((employee, name, known))
    return found


def crowd_of(db, wave_id):
    return db.scalars(select(Booking.employee_id).where(Booking.wave_id == wave_id)).all()


def test_counts_and_lists_are_those_of_judging_everybody(made):
    agency_id, wave_id = made
    assert judged(agency_id) == SIZE
    with transaction(reads_only=True) as db:
        units = db.scalars(select(Unit.unit_id).where(Unit.agency_id == agency_id)).all()
        terms = terms_of(db, agency_id)
        for narrowed in (Narrowed(None, None), Narrowed(wave_id, None), Narrowed(wave_id, units[0])):
            expected = slowly(db, agency_id, narrowed.wave_id, narrowed.unit_id)
            seen = queries.completeness(db, agency_id, terms, narrowed)
            assert seen.counts == {name: Counter(one[name].state for *_, one in expected) for name in COMPONENTS}
            assert {Known.PRESENT, Known.ABSENT, Known.UNKNOWN} == {s for c in seen.counts.values() for s in c}
            whole = sum(all(part.state != Known.UNKNOWN for part in one.values()) for *_, one in expected)
            assert (seen.judged, seen.pending, seen.whole) == (len(expected), 0, whole)
            for lacking, text in (("", ""), ("award", ""), ("education", "HANDA"), ("", "1985 "), ("x", "%")):
                asked = replace(narrowed, lacking=lacking, text=text)
                people = [(e.nip, name, known) for e, name, known in expected if is_wanted(e, known, asked)]
                assert queries.count(db, agency_id, terms, asked, seen) == len(people)
                pages = range(1, len(people) // PAGE + 2)
                listed = [one for page in pages for one in queries.listed(db, agency_id, terms, asked, page)]
                assert [(one.nip, one.unit, one.known) for one in listed] == people


def is_wanted(employee, known, asked: Narrowed) -> bool:
    if asked.lacking in COMPONENTS and known[asked.lacking].state != Known.UNKNOWN:
        return False
    text, digits = asked.text.strip().casefold(), asked.text.replace(" ", "")
    return text in employee.name.casefold() or (digits.isdigit() and digits in employee.nip)


def test_only_whom_something_new_was_told_of_is_judged_again(made):
    agency_id, _wave = made
    judged(agency_id)
    assert judged(agency_id) == 0
    with transaction() as db:
        person = db.scalars(select(Employee.employee_id).where(Employee.agency_id == agency_id).limit(1)).one()
        db.add(fact(agency_id, person, "post", {"from": "2015-01-01", "to": None, "title": "Analis"}))
    with transaction(reads_only=True) as db:
        (stale,) = queries.stale(db, agency_id, terms_of(db, agency_id), 1000)
        assert stale.employee_id == person
    assert judged(agency_id) == 1
    with transaction(reads_only=True) as db:
        assert db.get_one(EvidenceStanding, person).states[COMPONENTS.index("experience")] == "p"


def test_a_new_day_judges_everybody_again_and_counts_nobody_until_then(made):
    agency_id, _wave = made
    judged(agency_id)
    tomorrow = NOW + timedelta(days=1)
    with transaction(reads_only=True) as db:
        seen = queries.completeness(db, agency_id, terms_of(db, agency_id, tomorrow), Narrowed(None, None))
        assert (seen.judged, seen.pending) == (0, SIZE)
    assert [judged(agency_id, tomorrow, 50), judged(agency_id, tomorrow, 50)] == [50, SIZE - 50]


def test_the_sweep_judges_every_agency(made):
    agency_id, _wave = made
    with transaction() as db:
        other, _room = crowd.agency(db, 9, "bali")
        crowd.employees(db, other, 3, 10, 1)
        db.execute(delete(EvidenceStanding))
    sweeps.judge_evidence(NOW)
    with transaction(reads_only=True) as db:
        assert db.scalar(select(func.count()).select_from(EvidenceStanding)) == SIZE + 3
        for one in (agency_id, other):
            assert not queries.stale(db, one, terms_of(db, one), 10)
