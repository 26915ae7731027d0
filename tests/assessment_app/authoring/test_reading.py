"""A key opens only for somebody who says why, and only on the page where they said it."""

import json

import pytest
from sqlalchemy import text

from assessment_app.accounts.rules import STAFF, Role
from assessment_app.platform import db
from item_bank import drafts
from tests.assessment_app.authoring.conftest import REASON

AUTHORS = {Role.ITEM_AUTHOR, Role.PSYCHOMETRICIAN}


def item_path(form, item_id):
    return f"/bank/formulir/{form.form_id}/butir/{item_id}"


def test_the_list_shows_what_is_published(author, published):
    form = published("potensi-demo")
    author.get("/bank/formulir")
    for told in ("potensi-demo", "Potensi Psikologi", form.form_id[:10], "Peragaan", "23 Nov 2026"):
        assert told in author.said


def test_an_item_is_shown_without_its_key(author, published):
    form = published("potensi-demo")
    key = drafts.samples()[-1].keys[0]
    assert author.get(item_path(form, "int-01")).status_code == 200
    assert "Semua berkas yang lengkap diperiksa" in author.said
    assert not [reason for reason in key.rationale.values() if reason in author.said]
    assert "skor" not in author.said.replace("Skor pilihan, parameter", "")


@pytest.mark.parametrize("reason", [None, "", "sembilan9", "a " + " " * 40, "x" * 501])
def test_a_key_is_not_opened_without_a_reason(author, published, kept, sample, reason):
    form = published("potensi-demo")
    author.get(item_path(form, "int-01"))
    answer = author.post(item_path(form, "int-01") + "/kunci", **({} if reason is None else {"alasan": reason}))
    rationale = json.loads(sample("potensi-demo"))["items"][0]["key"]["rationale"]
    assert answer.status_code == 422
    assert "Tulis alasan 10 sampai 500 karakter" in author.said
    assert not [told for told in rationale.values() if told in author.said]
    assert kept()[2] == []


def test_a_key_opens_for_a_reason_and_the_trail_says_who_which_and_why(author, published, kept, sample):
    form = published("potensi-demo")
    author.get(item_path(form, "int-01"))
    assert author.post(item_path(form, "int-01") + "/kunci", alasan=f"  {REASON}\n").status_code == 200
    rationale = json.loads(sample("potensi-demo"))["items"][0]["key"]["rationale"]
    for told in (*rationale.values(), "kunci, skor 1", "diasumsikan", "1,10", "−0,20"):
        assert told in author.said
    (entry,) = kept()[2]
    assert (entry.action, entry.subject) == ("item_key.read", f"item:{form.form_id}/int-01")
    assert (entry.actor, entry.reason) == (f"account:{author.account}", REASON)
    assert author.get(item_path(form, "int-01")).status_code == 200
    assert not [told for told in rationale.values() if told in author.said]
    assert f"Niken Larasati</span>: {REASON}" in author.said


@pytest.mark.parametrize(
    ("code", "item_id", "told"),
    [
        ("mansoskul-demo", "ms-int-01", "kunci, skor 4"),
        ("potensi-demo", "mot-02", "ragam galat 1,00"),
        ("karier-demo", "pref-03", "Fungsional-keahlian"),
    ],
)
def test_every_model_has_its_key(author, published, code, item_id, told):
    form = published(code)
    author.get(item_path(form, item_id))
    author.post(item_path(form, item_id) + "/kunci", alasan=REASON)
    assert told in author.said


def test_parameters_from_data_are_told_from_assumed_ones(psychometrician, published):
    form = published("literasi-demo", parameters="calibrated")
    psychometrician.get(f"/bank/psikometri/{form.form_id}")
    psychometrician.post(f"/bank/psikometri/{form.form_id}", alasan=REASON)
    assert "terkalibrasi" in psychometrician.said
    assert "diasumsikan" not in psychometrician.said


@pytest.mark.parametrize(
    "path", ["/bank/formulir/" + "0" * 64, "/bank/formulir/bukan-nama", "/bank/formulir/" + "0" * 64 + "/butir/int-01"]
)
def test_what_is_not_there_is_not_found(author, path):
    assert author.get(path).status_code == 404


def test_an_item_of_another_form_is_not_found(author, published, kept):
    form = published("potensi-demo")
    author.get("/bank/formulir")
    assert author.get(item_path(form, "pref-01")).status_code == 404
    assert author.post(item_path(form, "pref-01") + "/kunci", alasan=REASON).status_code == 404
    assert kept()[2] == []


def test_a_key_that_was_changed_is_not_shown(author, published, kept):
    form = published("potensi-demo")
    with db.transaction(db.VAULT) as session:
        session.execute(text("DROP TRIGGER answer_key_refuses_update"))
        session.execute(
            text("UPDATE answer_key SET document = CAST(replace(CAST(document AS TEXT), '1.1', '1.9') AS BLOB)")
        )
    author.get("/bank/formulir")
    assert author.post(item_path(form, "int-01") + "/kunci", alasan=REASON).status_code == 409
    assert "tidak cocok dengan segelnya" in author.said
    assert kept()[2] == []


def test_a_psychometrician_sees_all_parameters_and_a_curve_but_no_credit(psychometrician, published, kept):
    form = published("potensi-demo")
    path = f"/bank/psikometri/{form.form_id}"
    psychometrician.get(path)
    assert "1,10" not in psychometrician.said
    assert psychometrician.post(path, alasan=REASON, butir="pro-01").status_code == 200
    for told in ("int-01", "mot-02", "1,30", "0,40", "Kurva informasi butir pro-01", "<desc", "Lihat sebagai tabel"):
        assert told in psychometrician.said
    assert "skor" not in psychometrician.said.lower()
    (entry,) = kept()[2]
    assert (entry.action, entry.subject) == ("form_parameters.read", f"form:{form.form_id}")
    assert (entry.actor, entry.reason) == (f"account:{psychometrician.account}", REASON)


def test_parameters_are_not_opened_without_a_reason(psychometrician, published, kept):
    form = published("potensi-demo")
    psychometrician.get(f"/bank/psikometri/{form.form_id}")
    assert psychometrician.post(f"/bank/psikometri/{form.form_id}", alasan="").status_code == 422
    assert "1,10" not in psychometrician.said
    assert kept()[2] == []


def test_a_form_of_blocks_has_parameters_but_no_curve(psychometrician, published):
    form = published("karier-demo")
    psychometrician.get(f"/bank/psikometri/{form.form_id}")
    psychometrician.post(f"/bank/psikometri/{form.form_id}", alasan=REASON, butir="pref-01")
    assert "tidak ada kurva tersendiri" in psychometrician.said
    assert "mengulang" in psychometrician.said


def test_an_author_cannot_open_the_page_of_psychometricians(author, published, kept):
    form = published("potensi-demo")
    author.get("/bank/formulir")
    assert "Psikometri" not in author.said
    assert author.get("/bank/psikometri").status_code == 403
    assert author.get(f"/bank/psikometri/{form.form_id}").status_code == 403
    assert author.post(f"/bank/psikometri/{form.form_id}", alasan=REASON).status_code == 403
    assert kept()[2] == []


@pytest.mark.parametrize("role", sorted(STAFF - AUTHORS))
def test_no_other_role_enters_the_bank(sign_in, published, role):
    form = published("potensi-demo")
    somebody = sign_in(role)
    for path in ("/bank", f"/bank/formulir/{form.form_id}", "/bank/psikometri", f"/bank/psikometri/{form.form_id}"):
        assert somebody.get(path).status_code == 403


def test_nobody_enters_the_bank_unknown(author):
    stranger = author.client.application.test_client()
    assert "/masuk" in stranger.get("/bank").headers["Location"]


def test_a_key_is_not_opened_from_another_site(author, published, kept):
    form = published("potensi-demo")
    author.get("/bank/formulir")
    author.csrf = "salah"
    assert author.post(item_path(form, "int-01") + "/kunci", alasan=REASON).status_code == 400
    assert kept()[2] == []


def test_the_navigation_marks_the_page_of_psychometricians(psychometrician, published):
    form = published("potensi-demo")
    psychometrician.get(f"/bank/psikometri/{form.form_id}")
    assert psychometrician.said.count('aria-current="page"') == 1
    assert psychometrician.said.split('aria-current="page"')[1].split("</a>")[0].endswith("Psikometri")
