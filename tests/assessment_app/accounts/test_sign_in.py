"""Signing in through the pages: password, second factor, lock, session, sign-out."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from assessment_app.accounts.models import StaffSession
from assessment_app.accounts.rules import Role
from assessment_app.platform import audit
from assessment_app.platform.db import VAULT, transaction

WRONG = "Nama masuk dan kata sandi tidak cocok"


@pytest.fixture
def known(dewi, person, now):
    """Dewi, who has enrolled her second factor and signed out again."""
    person.sign_in("dewi")
    person.get("/akun")
    person.post("/keluar")
    now.passes(minutes=1)
    return person


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page_and_back(dewi, person):
    asked = person.get("/gelombang?saring=1")
    assert asked.location == "/masuk?next=/gelombang?saring%3D1"
    person.get(asked.location)
    person.post("/masuk", name="dewi", password="kopi pahit di beranda", next=person.hidden("next"))
    person.get("/masuk/pasang?next=/gelombang?saring%3D1")
    assert person.hidden("next") == "/gelombang?saring=1"


def test_the_second_factor_must_be_enrolled_before_any_page_opens(dewi, person):
    assert person.give_password("dewi").location == "/masuk/pasang"
    assert person.get("/gelombang").location.startswith("/masuk?")
    assert person.enrol().location == "/"
    assert person.get("/gelombang").status_code == 200


@pytest.mark.parametrize("second_factor", ["optional"], indirect=True)
def test_an_installation_may_leave_the_second_factor_to_its_people(dewi, person):
    assert person.give_password("dewi").location == "/"
    assert person.get("/gelombang").status_code == 200


@pytest.mark.parametrize("second_factor", ["optional"], indirect=True)
def test_who_has_a_second_factor_is_asked_for_it_even_where_it_is_optional(dewi, person, now):
    person.give_password("dewi")
    person.get("/akun/faktor-kedua")
    person.secret = person.secret_shown()
    enrolment = person.hidden("enrolment")
    person.post("/akun/faktor-kedua", enrolment=enrolment, code=person.code(), password="kopi pahit di beranda")
    person.get("/akun")
    person.post("/keluar")
    assert person.give_password("dewi").location == "/masuk/kode"


def test_password_and_code_open_the_pages(known):
    assert known.sign_in("dewi").location == "/"
    assert "Dewi Anggraini" in known.get("/gelombang").get_data(as_text=True)


def test_wrong_password_and_unknown_name_get_the_same_page(dewi, person):
    wrong = person.give_password("dewi", "salah sekali ini").get_data(as_text=True)
    nobody = person.give_password("hantu", "salah sekali ini").get_data(as_text=True)
    assert WRONG in wrong
    assert without_secrets(wrong, "dewi") == without_secrets(nobody, "hantu")


def without_secrets(page, name):
    return re.sub(r'name="_csrf" value="[^"]+"', "", page).replace(name, "NAMA")


def test_a_code_is_good_once(known, browser_of):
    known.sign_in("dewi")
    thief = browser_of()
    thief.secret = known.secret
    assert thief.sign_in("dewi").status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (0, 303), (30, 303), (-60, 422), (60, 422)])
def test_a_phone_may_be_off_by_half_a_minute(known, now, seconds, status):
    known.give_password("dewi")
    known.get("/masuk/kode")
    server = now.time
    now.passes(seconds=seconds)
    shown = known.code()
    now.time = server
    assert known.post("/masuk/kode", code=f"{shown[:3]} {shown[3:]}").status_code == status


def test_five_wrong_passwords_lock_even_the_right_one_out_for_a_minute(known, now):
    for _attempt in range(5):
        known.give_password("dewi", "salah sekali ini")
    assert known.give_password("dewi").status_code == 422
    now.passes(seconds=61)
    assert known.sign_in("dewi").status_code == 303


def test_a_success_forgives_what_was_wrong_before(known, now):
    for _round in range(3):
        for _attempt in range(4):
            known.give_password("dewi", "salah sekali ini")
        now.passes(minutes=1)
        assert known.sign_in("dewi").status_code == 303
        known.get("/akun")
        known.post("/keluar")


def test_wrong_codes_lock_too_and_the_right_password_does_not_forgive_them(known, now):
    for _attempt in range(5):
        known.give_password("dewi")
        known.get("/masuk/kode")
        assert known.post("/masuk/kode", code="000000").status_code == 422
    assert known.give_password("dewi").status_code == 422


def test_the_lock_is_in_the_trail(known):
    for _attempt in range(5):
        known.give_password("dewi", "salah sekali ini")
    known.give_password("dewi")
    with transaction(reads_only=True) as db:
        newest = [row.action for row in audit.newest(db, None, limit=3)]
    assert newest == ["account.sign_in_refused", "account.locked", "account.sign_in_failed"]


def test_the_cookie_holds_a_random_number_and_the_csrf_token_and_nothing_else(known):
    known.sign_in("dewi")
    known.get("/akun")
    with known.client.session_transaction() as cookie:
        assert set(cookie) == {"_user_id", "csrf", "_permanent"}
        assert len(cookie["_user_id"]) == 43


def test_each_step_gets_a_new_number(known):
    numbers = set()
    for step in (lambda: known.give_password("dewi"), lambda: known.post("/masuk/kode", code=known.code())):
        step()
        known.get("/masuk/kode")
        with known.client.session_transaction() as cookie:
            numbers.add(cookie["_user_id"])
    assert len(numbers) == 2


def test_sign_out_ends_the_session_for_a_copied_cookie_too(known):
    known.sign_in("dewi")
    known.get("/akun")
    with known.client.session_transaction() as cookie:
        stolen = dict(cookie)
    known.post("/keluar")
    with known.client.session_transaction() as cookie:
        cookie.update(stolen)
    assert known.get("/gelombang").status_code == 302


def test_an_idle_session_expires(known, now):
    known.sign_in("dewi")
    now.passes(minutes=61)
    assert known.get("/gelombang").status_code == 302


def test_a_busy_session_lives_twelve_hours(known, now):
    known.sign_in("dewi")
    for _half_hour in range(24):
        now.passes(minutes=30)
        assert known.get("/gelombang").status_code == 200
    now.passes(minutes=1)
    assert known.get("/gelombang").status_code == 302


def test_signs_of_life_are_written_once_a_minute(known, now):
    known.sign_in("dewi")
    seen = []
    for _request in range(6):
        now.passes(seconds=20)
        known.get("/gelombang")
        with transaction(reads_only=True) as db:
            row = db.scalars(select(StaffSession).where(StaffSession.whole, StaffSession.ended.is_(None))).one()
            seen.append(row.last_seen)
    assert len(set(seen)) == 3


def test_the_half_way_session_opens_nothing_and_ends_after_ten_minutes(known, now):
    known.give_password("dewi")
    assert known.get("/gelombang").status_code == 302
    known.get("/masuk/kode")
    now.passes(minutes=11)
    assert known.post("/masuk/kode", code=known.code()).status_code == 404


def test_half_way_in_nobody_replaces_an_enrolled_factor(known, browser_of):
    known.give_password("dewi")
    assert known.enrol().status_code == 422


def test_another_role_sees_the_page_that_says_so(make, person):
    make("andi", Role.AUDITOR)
    person.sign_in("andi")
    refused = person.get("/gelombang")
    assert refused.status_code == 403
    assert "bukan untuk peran Anda" in person.said


def test_a_program_gets_a_problem_document(person):
    answer = person.client.get("/gelombang", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


@pytest.mark.parametrize("elsewhere", ["//jahat.example", "https://jahat.example", "/\\jahat.example"])
def test_nobody_is_led_elsewhere_after_sign_in(known, elsewhere):
    assert known.sign_in("dewi", next=elsewhere).location == "/"


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
def test_locks_sessions_and_codes_work_on_postgresql_too(known, now):
    for _attempt in range(5):
        known.give_password("dewi", "salah sekali ini")
    assert known.give_password("dewi").status_code == 422
    now.passes(minutes=2)
    assert known.sign_in("dewi").status_code == 303
    now.passes(minutes=2)
    assert known.get("/akun").status_code == 200
    known.post("/keluar")
    assert known.get("/akun").status_code == 302


def test_a_store_that_does_not_answer_gets_a_calm_page(known, monkeypatch):
    known.sign_in("dewi")

    def away(*_names, **_options):
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr("assessment_app.accounts.routes.door.transaction", away)
    assert known.get("/gelombang").status_code == 503
    assert "Server sedang sibuk" in known.said


@pytest.mark.parametrize("store", [VAULT], indirect=True)
def test_the_vault_signs_its_own_people_in_by_the_same_pages(make, person):
    make("niken", Role.BKD_ADMIN)
    person.sign_in("niken")
    assert person.get("/gelombang").status_code == 200
