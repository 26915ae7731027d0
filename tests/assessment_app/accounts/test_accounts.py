"""Making accounts, links and passwords, as the command line does it."""

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assessment_app.accounts import actions, queries
from assessment_app.accounts.models import OneTimeLink, StaffAccount, StaffSession
from assessment_app.accounts.rules import Actor, Role
from assessment_app.platform import audit
from assessment_app.platform.db import EXAM, VAULT, metadata_of, transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from tests.assessment_app.accounts.conftest import CLI, PASSWORD, VISIT


def trail(store=EXAM):
    with transaction(store, reads_only=True) as db:
        return [row.action for row in db.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.entry_no))]


def link_for(account, now):
    with transaction() as db:
        return actions.issue_link(db, account.account_id, CLI, now.time)


def set_password(link, password, now):
    with transaction() as db:
        return actions.set_password(db, link, password, VISIT, now.time)


def test_a_new_account_cannot_sign_in_before_its_password_is_set(make, person):
    make("budi", Role.PROCTOR, password=None)
    assert person.give_password("budi", "").status_code == 422
    assert person.give_password("budi", "apa saja yang panjang").status_code == 422


def test_names_are_one_whatever_their_case(make):
    assert make("Dewi", Role.ASSESSOR).sign_in_name == "dewi"
    with pytest.raises(Conflict):
        make(" DEWI ", Role.ASSESSOR)


@pytest.mark.parametrize("name", ["", "ab", "dewi anggraini", "dewi\nx", "déwi", "x" * 81])
def test_an_odd_name_is_refused(make, name):
    with pytest.raises(Invalid):
        make(name, Role.ASSESSOR)


@pytest.mark.parametrize("roles", [(), (Role.PARTICIPANT,), (Role.PARTICIPANT, Role.AUDITOR)])
def test_an_account_needs_a_role_of_staff(make, roles):
    with pytest.raises(Invalid):
        make("budi", *roles)


def test_only_a_system_administrator_may_be_without_agency(make):
    assert make("rina", Role.SYSTEM_ADMIN, agency_id=None).agency_id is None
    with pytest.raises(Invalid):
        make("budi", Role.AUDITOR, agency_id=None)


def test_the_database_itself_refuses_an_unknown_role(dewi):
    with pytest.raises(IntegrityError), transaction() as db:
        db.get_one(StaffAccount, dewi.account_id).held[0].role = "king"


def test_a_link_works_once(dewi, now):
    link = link_for(dewi, now)
    assert set_password(link, "sepeda tua warna biru", now) == ()
    with pytest.raises(NotFound):
        set_password(link, "sepeda tua warna hijau", now)


def test_a_link_works_for_a_day(dewi, now):
    link = link_for(dewi, now)
    now.passes(hours=24)
    with pytest.raises(NotFound):
        set_password(link, "sepeda tua warna biru", now)


def test_a_used_link_takes_the_other_links_with_it(dewi, now):
    first, second = link_for(dewi, now), link_for(dewi, now)
    set_password(second, "sepeda tua warna biru", now)
    with pytest.raises(NotFound):
        set_password(first, "sepeda tua warna hijau", now)


def test_a_weak_password_leaves_the_link_as_it_was(dewi, now):
    link = link_for(dewi, now)
    assert set_password(link, "pendek", now) == ("short",)
    assert set_password(link, "sepeda tua warna biru", now) == ()


def test_a_new_password_ends_every_session_and_opens_a_lock(dewi, now, person, account_of):
    person.sign_in("dewi")
    with transaction() as db:
        db.get_one(StaffAccount, dewi.account_id).failed_count = 9
    set_password(link_for(dewi, now), "sepeda tua warna biru", now)
    assert person.get("/akun").status_code == 302
    assert account_of(dewi).failed_count == 0


def test_nothing_in_the_store_signs_anybody_in(dewi, now, person, account_of):
    link = link_for(dewi, now)
    person.sign_in("dewi")
    with person.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    account = account_of(dewi)
    with transaction() as db:
        kept = "".join(row.link_hash for row in db.scalars(select(OneTimeLink)))
        kept += "".join(row.session_hash for row in db.scalars(select(StaffSession)))
    kept += account.password_hash + account.totp_secret.decode()
    for secret in (link, token, PASSWORD, person.secret):
        assert secret not in kept


@pytest.mark.usefixtures("passwords_hashed_as_measured")
def test_passwords_are_hashed_with_the_parameters_that_were_measured(dewi, account_of):
    assert account_of(dewi).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.usefixtures("passwords_hashed_as_measured")
def test_an_older_hash_is_renewed_at_the_next_sign_in(dewi, person, account_of):
    with transaction() as db:
        older = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        db.get_one(StaffAccount, dewi.account_id).password_hash = older
    person.sign_in("dewi")
    assert "m=19456,t=2,p=1" in account_of(dewi).password_hash


def test_nobody_costs_a_hash_as_somebody_does(monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(queries, "_HASHER", Counting(seen))
    queries.decoy.cache_clear()
    queries.prove(None, "apa saja")
    queries.prove("$argon2id$stored", "apa saja")
    queries.decoy.cache_clear()
    assert len(seen) == 2


class Counting:
    def __init__(self, seen):
        self.seen = seen

    def hash(self, password):
        return "$argon2id$decoy"

    def verify(self, stored, password):
        self.seen.append(stored)
        return True

    def check_needs_rehash(self, stored):
        return False


def test_knowing_the_decoy_lets_nobody_in():
    assert queries.prove(None, "apa saja").matched is None


def test_an_administrator_of_one_agency_does_not_reach_into_another(make, dewi, now, store):
    with transaction() as db:
        other = actions.create_agency(db, "ntb", "BKD NTB", "Asia/Makassar", Actor("test"), now.time)
    with pytest.raises(NotFound), transaction() as db:
        actions.unlock(db, dewi.account_id, Actor("account:x", "", other.agency_id), now.time)


def test_what_happens_to_accounts_is_in_the_trail(dewi, now, person):
    person.give_password("dewi", "salah")
    person.sign_in("dewi")
    person.get("/akun")
    person.post("/keluar")
    assert trail() == [
        "agency.create", "account.create", "account.link", "account.password", "account.sign_in_failed",
        "account.factor_enrolled", "account.sign_in", "account.sign_out",
    ]  # fmt: skip


def test_the_trail_tells_no_secret(dewi, now, person):
    person.give_password("dewi", "rahasia-salah-ketik")
    person.give_password("nama-yang-sebenarnya-kata-sandi", "x")
    with transaction(reads_only=True) as db:
        rows = [f"{r.actor}{r.subject}{r.detail}" for r in db.scalars(select(audit.AuditEntry))]
    assert not re.search("rahasia|nama-yang", "".join(rows))


def test_both_stores_have_the_tables_of_sign_in():
    tables = {"agency", "staff_account", "staff_role", "staff_session", "one_time_link"}
    assert tables <= set(metadata_of(EXAM).tables)
    assert tables <= set(metadata_of(VAULT).tables)
