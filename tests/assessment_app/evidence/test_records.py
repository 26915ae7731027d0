"""One fact by hand: written down, corrected, taken back, or marked as none; each leaves its trace."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from assessment_app.evidence import actions, queries
from assessment_app.evidence.actions import Ground
from assessment_app.evidence.rules import DEMONSTRATION, Kind, Known
from assessment_app.platform import db
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from tests.assessment_app.evidence.conftest import JOKO, NOW, SRI, WHY
from tests.assessment_app.people.conftest import csv_of

AWARD = {"level": "Provinsi", "thing": "ASN Berprestasi", "date": "2025-08-17"}


def mark(bkd, nip, kind, day=date(2026, 11, 26), ground=WHY):
    with db.transaction() as session:
        return actions.mark_none(session, bkd.by, bkd.ids[nip], kind, day, ground, NOW)


def test_a_fact_by_hand_counts_and_names_its_document(bkd):
    bkd.record(SRI, Kind.AWARD, **AWARD)
    found = bkd.components(SRI)["award"]
    assert (found.state, found.value, found.source) == (Known.PRESENT, 80, "catatan BKD: Nota BKD 1/2026")


def test_what_a_file_would_be_refused_for_is_refused(bkd):
    with pytest.raises(Invalid, match=r"matriks.*Perbaiki"):
        bkd.record(SRI, Kind.PERFORMANCE, year="2025", results="Sesuai", behaviour="Sesuai", predicate="Kurang")
    assert bkd.facts() == []


@pytest.mark.parametrize("reason", ["", "   ", "pendek"])
def test_a_reason_that_says_nothing_is_refused(bkd, reason):
    with pytest.raises(Invalid, match="10 huruf"):
        mark(bkd, SRI, Kind.AWARD, ground=Ground("", reason))


def test_a_correction_leaves_the_old_row_and_names_it(bkd):
    old = bkd.record(SRI, Kind.AWARD, **AWARD)
    new = bkd.record(SRI, Kind.AWARD, old.fact_id, NOW + timedelta(minutes=1), **AWARD | {"level": "Nasional"})
    assert [fact.fact_id for fact in bkd.facts()] == [old.fact_id, new.fact_id]
    assert new.replaces == old.fact_id
    assert bkd.components(SRI)["award"].value == 100


def test_a_row_is_corrected_once(bkd):
    old = bkd.record(SRI, Kind.AWARD, **AWARD)
    bkd.take_back(SRI, old.fact_id)
    with pytest.raises(Conflict, match="sudah dikoreksi atau dicabut"):
        bkd.record(SRI, Kind.AWARD, old.fact_id, **AWARD | {"level": "Nasional"})
    with pytest.raises(Conflict):
        bkd.take_back(SRI, old.fact_id)


def test_a_correction_of_another_kind_or_person_is_refused(bkd):
    award = bkd.record(SRI, Kind.AWARD, **AWARD)
    with pytest.raises(Conflict):
        bkd.record(SRI, Kind.FEEDBACK_360, award.fact_id, year="2025", value="80")
    with pytest.raises(Conflict):
        bkd.record(JOKO, Kind.AWARD, award.fact_id, **AWARD)
    with pytest.raises(NotFound):
        bkd.take_back(JOKO, award.fact_id)


def test_the_same_again_is_refused_and_after_a_takeback_allowed(bkd):
    first = bkd.record(SRI, Kind.AWARD, **AWARD)
    with pytest.raises(Conflict, match="sudah tercatat"):
        bkd.record(SRI, Kind.AWARD, **AWARD)
    bkd.take_back(SRI, first.fact_id)
    bkd.record(SRI, Kind.AWARD, **AWARD)
    assert bkd.components(SRI)["award"].state == Known.PRESENT


def test_checked_and_none_is_another_thing_than_not_checked(bkd):
    assert bkd.components(SRI)["discipline"].state == Known.UNKNOWN
    mark(bkd, SRI, Kind.DISCIPLINE)
    found = bkd.components(SRI)["discipline"]
    assert (found.state, found.value) == (Known.ABSENT, 100)
    assert found.why == "Diperiksa 26-11-2026: tidak pernah dijatuhi hukuman disiplin."


@pytest.mark.parametrize(
    ("kind", "day", "told"),
    [(Kind.PERFORMANCE, date(2026, 11, 26), "tidak dapat ditandai"), (Kind.AWARD, date(2026, 11, 27), "belum tiba"),
     (Kind.AWARD, None, "tidak terbaca")],
)  # fmt: skip
def test_a_mark_that_cannot_be_is_refused(bkd, kind, day, told):
    with pytest.raises(Invalid, match=told):
        mark(bkd, SRI, kind, day)


def test_a_mark_can_be_taken_back(bkd):
    wrong = mark(bkd, SRI, Kind.AWARD)
    bkd.take_back(SRI, wrong.fact_id)
    assert bkd.components(SRI)["award"].state == Known.UNKNOWN


def test_another_agency_writes_nothing_about_somebody_elses_people(bkd, neighbour):
    fact = bkd.record(SRI, Kind.AWARD, **AWARD)
    with db.transaction() as session, pytest.raises(NotFound):
        actions.take_back(session, neighbour.by, bkd.ids[SRI], fact.fact_id, WHY, NOW)
    with db.transaction() as session, pytest.raises(NotFound):
        actions.record_fact(session, neighbour.by, bkd.ids[SRI], Kind.AWARD, AWARD, WHY, NOW)


def test_the_trail_tells_every_act_with_its_reason(bkd):
    old = bkd.record(SRI, Kind.AWARD, **AWARD)
    new = bkd.record(SRI, Kind.AWARD, old.fact_id, **AWARD | {"level": "Nasional"})
    bkd.take_back(SRI, new.fact_id)
    with db.transaction(reads_only=True) as session:
        wanted = select(AuditEntry).where(AuditEntry.subject == f"employee:{bkd.ids[SRI]}")
        entries = session.scalars(wanted.order_by(AuditEntry.entry_no)).all()
    assert [entry.action for entry in entries] == ["evidence.record", "evidence.correct", "evidence.take_back"]
    assert {entry.reason for entry in entries} == {WHY.reason}
    assert entries[1].detail["replaces"] == str(old.fact_id)


def test_invented_evidence_is_known_as_such_until_it_is_taken_back(bkd):
    def told():
        with db.transaction(reads_only=True) as session:
            return queries.invented(session, bkd.agency_id, bkd.ids.values())

    for nip, system in ((SRI, DEMONSTRATION), (JOKO, "e-Kinerja")):
        bkd.bring_in(
            csv_of(["NIP", "TAHUN", "NILAI UMPAN BALIK"], [nip, "2025", "80"]), Kind.FEEDBACK_360, system=system
        )
    assert told() == {bkd.ids[SRI]}
    bkd.take_back(SRI, bkd.facts(SRI)[0].fact_id)
    assert told() == frozenset()
