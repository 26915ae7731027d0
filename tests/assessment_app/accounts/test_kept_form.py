"""A form that arrives after its session has expired is not lost."""

import io

import pytest

from assessment_app.accounts.rules import Role
from tests.assessment_app.accounts.conftest import PASSWORD


@pytest.fixture
def late(dewi, person, now):
    """Dewi with a filled form before her, an hour and a minute later."""
    person.sign_in("dewi")
    person.get("/gelombang")
    now.passes(minutes=61)
    return person


def come_back(person, name):
    """Sign in again from the page that holds the form."""
    answer = person.post("/masuk", name=name, password=PASSWORD, kept=person.hidden("kept"))
    assert answer.status_code == 200, person.said
    return person.post("/masuk/kode", code=person.code(), kept=person.hidden("kept"))


def test_the_form_waits_through_sign_in_and_is_sent_to_the_same_path(late):
    answer = late.post("/gelombang/baru", wave_name=["Tahap 1", "Tahap <2>"])
    assert answer.status_code == 401
    assert "Isian Anda tidak hilang" in late.said
    assert come_back(late, "dewi").status_code == 200
    assert "Isian Anda masih ada" in late.said
    assert "<td>Tahap &lt;2&gt;</td>" in late.said
    assert 'action="/gelombang/baru"' in late.said
    sent = late.post("/gelombang/baru", wave_name=["Tahap 1", "Tahap <2>"])
    assert sent.get_data(as_text=True) == "sent: Tahap 1|Tahap <2>"


def test_the_page_holds_the_form_sealed(late):
    late.post("/gelombang/baru", wave_name="Tahap rahasia")
    assert "rahasia" not in late.said
    assert late.hidden("kept")


def test_the_form_waits_while_a_password_is_mistyped(late):
    late.post("/gelombang/baru", wave_name="Tahap 1")
    late.post("/masuk", name="dewi", password="salah ketik", kept=late.hidden("kept"))
    come_back(late, "dewi")
    assert "<td>Tahap 1</td>" in late.said


def test_another_account_does_not_see_it(late, make):
    make("budi", Role.BKD_ADMIN)
    late.post("/gelombang/baru", wave_name="Tahap rahasia")
    kept = late.hidden("kept")
    late.post("/masuk", name="budi", password=PASSWORD, kept=kept)
    late.secret = late.secret_shown()
    late.post("/masuk/pasang", enrolment=late.hidden("enrolment"), code=late.code(), kept=kept)
    assert "milik akun lain" in late.said
    assert "rahasia" not in late.said


def test_a_forged_form_is_not_shown(dewi, person, now):
    person.sign_in("dewi")
    person.get("/akun")
    person.post("/keluar")
    now.passes(minutes=1)
    person.get("/masuk")
    person.post("/masuk", name="dewi", password=PASSWORD, kept="gAAAAA-palsu")
    person.post("/masuk/kode", code=person.code(), kept="gAAAAA-palsu")
    assert "Isian tidak dapat ditampilkan" in person.said


def test_files_are_named_and_must_be_chosen_again(late):
    late.post("/gelombang/baru", wave_name="Tahap 1", berkas=(io.BytesIO(b"NIP\n"), "peserta.csv"))
    come_back(late, "dewi")
    assert "Berkas tidak dapat disimpan" in late.said
    assert "peserta.csv" in late.said


def test_secrets_are_not_carried_along(late):
    late.post("/gelombang/baru", wave_name="Tahap 1", password="kata sandi saya")
    come_back(late, "dewi")
    assert "kata sandi saya" not in late.said
    assert "harus diketik lagi" in late.said


def test_a_form_without_the_right_csrf_token_is_not_kept(late):
    late.csrf = "palsu"
    assert late.post("/gelombang/baru", wave_name="Tahap 1").status_code == 400
    assert not late.hidden("kept")


def test_a_form_of_an_ended_session_is_not_kept(dewi, person):
    person.sign_in("dewi")
    person.get("/gelombang")
    with person.client.session_transaction() as cookie:
        before = dict(cookie)
    person.post("/keluar")
    with person.client.session_transaction() as cookie:
        cookie.update(before)
    person.csrf = before["csrf"]
    assert person.post("/gelombang/baru", wave_name="Tahap 1").status_code == 401
    assert "belum diterima" in person.said
    assert not person.hidden("kept")


def test_a_form_too_long_to_travel_is_not_promised(late):
    late.post("/gelombang/baru", wave_name="x" * 250_000)
    assert "belum diterima" in late.said
    assert not late.hidden("kept")
