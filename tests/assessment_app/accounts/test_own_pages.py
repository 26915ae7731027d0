"""One's own account, the list of accounts, setting a password by link, the look of pages."""

import pytest

from assessment_app.accounts import actions
from assessment_app.accounts.queries import accounts_seen_by, hashed
from assessment_app.accounts.rules import Role
from assessment_app.platform.db import transaction
from tests.assessment_app.accounts.conftest import CLI, PASSWORD


@pytest.fixture
def rina(make, browser_of):
    """A system administrator above all agencies, signed in."""
    make("rina", Role.SYSTEM_ADMIN, agency_id=None)
    browser = browser_of()
    browser.sign_in("rina")
    return browser


def test_a_link_leads_to_a_password(make, person, now):
    account = make("budi", Role.PROCTOR, password=None)
    with transaction() as db:
        link = actions.issue_link(db, account.account_id, CLI, now.time)
    address = f"/kata-sandi?tautan={link}"
    assert "Budi Anggraini" in person.get(address).get_data(as_text=True)
    assert person.post("/kata-sandi", tautan=link, password=PASSWORD, again="lain").status_code == 422
    assert person.post("/kata-sandi", tautan=link, password="budi suka kopi", again="budi suka kopi").status_code == 422
    assert "memuat nama masuk" in person.said
    assert person.post("/kata-sandi", tautan=link, password=PASSWORD, again=PASSWORD).location == "/masuk"
    assert person.get(address).status_code == 404
    assert person.sign_in("budi").status_code == 303


def test_an_unknown_link_says_what_to_do(person, store):
    assert person.get("/kata-sandi?tautan=tidak-ada").status_code == 404
    assert "Minta tautan baru" in person.said


def test_everybody_sees_and_ends_their_own_sessions(dewi, browser_of, now):
    here, there = browser_of(), browser_of()
    there.sign_in("dewi")
    now.passes(minutes=1)
    here.secret = there.secret
    here.sign_in("dewi")
    here.get("/akun")
    assert here.said.count("Firefox, Windows") == 2
    ending = here.said.split("/akun/sesi/")[1].split("/akhiri")[0]
    here.post(f"/akun/sesi/{ending}/akhiri")
    assert there.get("/gelombang").status_code == 302
    assert here.get("/gelombang").status_code == 200


def test_nobody_ends_the_session_of_another(dewi, make, browser_of):
    make("budi", Role.BKD_ADMIN)
    dewis, budis = browser_of(), browser_of()
    dewis.sign_in("dewi")
    budis.sign_in("budi")
    budis.get("/akun")
    with dewis.client.session_transaction() as cookie:
        target = hashed(cookie["_user_id"])
    assert budis.post(f"/akun/sesi/{target}/akhiri").status_code == 404
    assert dewis.get("/gelombang").status_code == 200


def test_replacing_the_second_factor_asks_for_the_password_again(dewi, person, now, secret_of):
    person.sign_in("dewi")
    before = secret_of(dewi)
    person.get("/akun/faktor-kedua")
    person.secret = person.secret_shown()
    fields = {"enrolment": person.hidden("enrolment"), "code": person.code()}
    assert person.post("/akun/faktor-kedua", **fields, password="salah sekali").status_code == 422
    assert secret_of(dewi) == before
    assert person.post("/akun/faktor-kedua", **fields, password=PASSWORD).location == "/akun"
    assert secret_of(dewi) == person.secret


def test_an_enrolment_is_of_use_to_its_account_alone_and_for_a_quarter_of_an_hour(dewi, make, browser_of, now):
    make("budi", Role.BKD_ADMIN)
    dewis, budis = browser_of(), browser_of()
    dewis.give_password("dewi")
    budis.give_password("budi")
    dewis.get("/masuk/pasang")
    budis.get("/masuk/pasang")
    budis.secret = dewis.secret_shown()
    assert budis.post("/masuk/pasang", enrolment=dewis.hidden("enrolment"), code=budis.code()).status_code == 422


def test_the_system_administrator_sees_all_accounts_and_what_became_of_them(rina, dewi, make, person):
    make("budi", Role.PROCTOR, password=None)
    for _attempt in range(5):
        person.give_password("dewi", "salah sekali")
    rina.get("/akun/daftar")
    for words in ("3 akun", "Dewi Anggraini", "Terkunci", "sampai 08.01 WIB", "Menunggu kata sandi", "Anda"):
        assert words in rina.said, words


def test_the_system_administrator_unlocks_and_deactivates(rina, dewi, person, now, account_of):
    person.sign_in("dewi")
    rina.get("/akun/daftar")
    rina.post(f"/akun/daftar/{dewi.account_id}/nonaktifkan")
    assert person.get("/gelombang").status_code == 302
    now.passes(minutes=1)
    assert person.give_password("dewi").status_code == 422
    rina.get("/akun/daftar")
    rina.post(f"/akun/daftar/{dewi.account_id}/aktifkan")
    assert person.sign_in("dewi").status_code == 303
    rina.get("/akun/daftar")
    rina.post(f"/akun/daftar/{dewi.account_id}/akhiri-sesi")
    assert person.get("/gelombang").status_code == 302


def test_nobody_deactivates_themselves(rina):
    with transaction(reads_only=True) as db:
        me = accounts_seen_by(db, None, 1)[0][0]
    rina.get("/akun/daftar")
    assert rina.post(f"/akun/daftar/{me.account_id}/nonaktifkan").status_code == 409


def test_the_list_is_not_for_others(dewi, person):
    person.sign_in("dewi")
    assert person.get("/akun/daftar").status_code == 403


def test_an_unknown_deed_is_not_found(rina, dewi):
    rina.get("/akun/daftar")
    assert rina.post(f"/akun/daftar/{dewi.account_id}/hapus").status_code == 404


def test_navigation_shows_what_one_may_open_and_home_leads_there(dewi, person, rina):
    person.sign_in("dewi")
    person.get("/gelombang")
    assert 'href="/gelombang" aria-current="page"' in person.said
    assert "/akun/daftar" not in person.said
    assert person.get("/").location == "/gelombang"
    assert rina.get("/").location == "/akun/daftar"


def test_the_look_is_kept_in_cookies(person, store):
    person.get("/masuk")
    assert 'lang="id" data-theme="terang"' in person.said
    person.post("/tampilan", theme="kontras", lang="en", next="/masuk")
    person.get("/masuk")
    assert 'lang="en" data-theme="kontras"' in person.said
    assert "Staff sign-in" in person.said
    person.post("/tampilan", theme="merah", lang="xx", next="//jahat.example")
    assert 'lang="en" data-theme="kontras"' in person.get("/masuk").get_data(as_text=True)
