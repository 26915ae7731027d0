"""From a preview to the record: expiry, overtaking, agencies, the trail, and what was known then."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.evidence import queries
from assessment_app.evidence.models import EvidenceContent, EvidenceFact
from assessment_app.evidence.rules import Kind, Known
from assessment_app.platform import db
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import Closed, Conflict, NotFound
from tests.assessment_app.evidence.conftest import AS_OF, JOKO, NOW, SRI
from tests.assessment_app.evidence.test_imports import GOOD, HEADER, predicates
from tests.assessment_app.people.conftest import csv_of


def test_the_same_preview_is_not_made_twice(bkd):
    assert bkd.preview(csv_of(HEADER, GOOD)).import_id == bkd.preview(csv_of(HEADER, GOOD)).import_id
    assert bkd.preview(csv_of(HEADER, GOOD), system="SIASN").import_id != bkd.preview(csv_of(HEADER, GOOD)).import_id


def test_an_old_preview_is_closed_and_its_bytes_go(bkd):
    run = bkd.preview(csv_of(HEADER, GOOD))
    with pytest.raises(Closed):
        bkd.apply(run, NOW + timedelta(days=1))
    bkd.preview(predicates([JOKO, "2025", "Baik"]), now=NOW + timedelta(days=1))
    with db.transaction(reads_only=True) as session:
        assert len(session.scalars(select(EvidenceContent)).all()) == 1


def test_a_preview_that_another_file_overtook_is_refused(bkd):
    run = bkd.preview(csv_of(HEADER, GOOD))
    bkd.bring_in(predicates([JOKO, "2025", "Baik"]), now=NOW + timedelta(minutes=1))
    with pytest.raises(Conflict):
        bkd.apply(run, NOW + timedelta(minutes=2))


def test_another_agency_sees_and_applies_nothing(bkd, neighbour):
    run = bkd.preview(csv_of(HEADER, GOOD))
    with pytest.raises(NotFound):
        neighbour.apply(run)
    bkd.apply(run)
    assert neighbour.facts() == []
    assert neighbour.components(SRI)["performance"].state == Known.UNKNOWN
    with db.transaction(reads_only=True) as session:
        found = queries.predicates(session, neighbour.agency_id, list(bkd.ids.values()), AS_OF)
    assert set(found.values()) == {None}


def test_facts_are_added_and_never_changed(bkd):
    bkd.bring_in(csv_of(HEADER, GOOD))
    with pytest.raises(DBAPIError, match="added, never changed"), db.transaction() as session:
        session.execute(update(EvidenceFact).values(reason="x"))


def test_the_audit_tells_of_file_and_counts(bkd):
    run = bkd.bring_in(csv_of(HEADER, GOOD), name="k.csv")
    with db.transaction(reads_only=True) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"evidence:{run.import_id}")).all()
    assert [entry.action for entry in entries] == ["evidence.import.preview", "evidence.import.apply"]
    assert entries[1].detail["recorded"] == 1
    assert entries[1].detail["sha256"] == run.content_hash


def test_what_was_known_then_can_be_computed_again(bkd):
    bkd.bring_in(predicates([SRI, "2025", "Baik"]))
    later = NOW + timedelta(days=30)
    bkd.record(SRI, Kind.PERFORMANCE, bkd.facts()[0].fact_id, later, year="2025", predicate="Kurang")
    assert bkd.components(SRI, known_at=NOW)["performance"].value == 80
    assert bkd.components(SRI)["performance"].value == 40


def test_many_employees_are_judged_as_each_alone(bkd, monkeypatch):
    bkd.bring_in(predicates([SRI, "2025", "Baik"], [JOKO, "2025", "Kurang"]))
    alone = {nip: bkd.components(nip) for nip in bkd.ids}
    monkeypatch.setattr("assessment_app.evidence.queries.known.MANY", 1)
    assert {nip: bkd.components(nip) for nip in bkd.ids} == alone
    assert alone[JOKO]["performance"].value == Fraction(40)
    assert bkd.components(SRI, as_of=date(2025, 12, 31))["performance"].state == Known.UNKNOWN
