"""The page of the audit trail: who sees which rows, and the walk along the chain."""

import re

import pytest
from sqlalchemy import text

from assessment_app.accounts import actions
from assessment_app.accounts.rules import Role
from assessment_app.platform import audit, db
from tests.assessment_app.accounts.conftest import CLI

BOTH = pytest.mark.parametrize("store", [db.EXAM, db.VAULT], indirect=True)


@pytest.fixture
def lestari(make, person):
    make("lestari", Role.AUDITOR)
    person.sign_in("lestari")
    return person


@pytest.fixture
def acts(store, agency, now):
    """Write some acts into the trail: acts(number, of="wave.add", agency_id=...)."""

    def write(number, of="wave.add", agency_id=agency.agency_id, **more):
        with db.transaction(store) as session:
            for count in range(number):
                audit.record(session, audit.Act(agency_id, "system", of, f"wave:{count}", **more), now.time)

    return write


def numbers(page):
    return [int(number) for number in re.findall(r'<th scope="row" class="num">(\d+)</th>', page.said)]


@BOTH
def test_the_newest_act_stands_first_with_the_names_of_people(lestari):
    assert lestari.get("/jejak-audit").status_code == 200
    assert numbers(lestari) == sorted(numbers(lestari), reverse=True)
    assert "Lestari Anggraini, S.Kom.</td>" in lestari.said
    assert "account.sign_in" in lestari.said


@BOTH
def test_the_chain_is_checked_on_request(lestari, acts):
    acts(3)
    lestari.get("/jejak-audit")
    assert lestari.post("/jejak-audit/periksa").status_code == 303
    lestari.get("/jejak-audit")
    assert "Rantai utuh" in lestari.said


def test_a_changed_row_breaks_the_chain_and_is_named(lestari, acts, store):
    acts(3)
    with db.transaction(store) as session:
        session.execute(text("DROP TRIGGER audit_entry_refuses_update"))
        session.execute(text("UPDATE audit_entry SET reason = 'lain' WHERE entry_no = 2"))
    lestari.get("/jejak-audit")
    lestari.post("/jejak-audit/periksa")
    lestari.get("/jejak-audit")
    assert "Rantai putus di baris 2" in lestari.said


def test_long_trails_have_pages(lestari, acts):
    acts(60)
    lestari.get("/jejak-audit")
    first = numbers(lestari)
    assert len(first) == 50
    older = re.search(r'href="(/jejak-audit\?sebelum=\d+)"', lestari.said)
    assert older is not None
    lestari.get(older[1])
    assert numbers(lestari)[0] == first[-1] - 1
    assert numbers(lestari)[-1] == 1


def test_one_kind_of_act_can_be_looked_for(lestari, acts):
    acts(2, of="session.new_pin", reason="Kertas PIN hilang")
    lestari.get("/jejak-audit?tindakan=session.new_pin")
    assert len(numbers(lestari)) == 2
    assert "Kertas PIN hilang" in lestari.said
    lestari.get("/jejak-audit?tindakan=nothing")
    assert "Tidak ada catatan" in lestari.said


def test_an_agency_sees_its_own_rows_only(lestari, acts, store, now):
    with db.transaction(store) as session:
        other = actions.create_agency(session, "bali", "BKD Bali", "Asia/Makassar", CLI, now.time).agency_id
    acts(1, of="wave.secret", agency_id=other)
    acts(1, of="system.secret", agency_id=None)
    lestari.get("/jejak-audit")
    assert "secret" not in lestari.said


def test_the_administrator_above_all_agencies_sees_every_row(make, person, acts):
    make("yoga", Role.SYSTEM_ADMIN, agency_id=None)
    acts(1, agency_id=None, of="system.started")
    person.sign_in("yoga")
    person.get("/jejak-audit")
    assert "system.started" in person.said


def test_the_door_is_shut_to_other_roles(dewi, person):
    person.sign_in("dewi")
    person.get("/akun")
    assert person.client.get("/jejak-audit").status_code == 403
    assert person.post("/jejak-audit/periksa").status_code == 403
