"""Items come in from a sheet on a page: all as drafts, or none and every fault at its cell."""

import io

import pytest

from assessment_app.authoring.queries import items
from assessment_app.platform import audit, db
from tests.assessment_app.authoring.test_sheet import CHOICE, as_csv, table, xlsx


def upload(browser, content, name="butir.xlsx"):
    browser.get("/bank/impor")
    answer = browser.post("/bank/impor", berkas=(io.BytesIO(content), name))
    answer.request.environ["wsgi.input"].close()  # a large one is a file, which the test client leaves open
    return answer


def stocked():
    with db.transaction(db.VAULT, reads_only=True) as session:
        return sorted(items.ids(session))


def test_a_sheet_becomes_drafts_by_its_author(author):
    sent = xlsx(table(CHOICE, CHOICE | {"Kode": "dig-02", "Topik": "angka nol lain", "Pertanyaan": "Mana yang benar?"}))
    assert upload(author, sent).headers["Location"] == "/bank?keadaan=draft"
    author.get("/bank?keadaan=draft")
    assert "2 butir tersimpan sebagai draf." in author.said
    assert stocked() == ["dig-01", "dig-02"]
    with db.transaction(db.VAULT, reads_only=True) as session:
        told = [entry for entry in audit.newest(session, None) if entry.action == "item.import"]
    assert [(entry.actor, entry.detail["items"], entry.reason) for entry in told] == [
        (f"account:{author.account}", 2, "butir.xlsx")
    ]


def test_one_fault_keeps_all_out_and_is_told_at_its_cell(author):
    answer = upload(author, as_csv(table(CHOICE, CHOICE | {"Kode": "DIG 2", "b": "banyak"})), "butir.csv")
    assert answer.status_code == 422
    assert "ada 2 hal yang harus diperbaiki." in author.said
    assert '<th scope="row" class="mono nowrap">A3</th>' in author.said
    assert "banyak" in author.said
    assert stocked() == []


def test_the_same_sheet_twice_is_refused_by_its_codes(author):
    upload(author, xlsx(table(CHOICE)))
    assert upload(author, xlsx(table(CHOICE))).status_code == 422
    assert "Kode ini sudah ada di bank." in author.said


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "Pilih berkas butir lebih dahulu."),
        (b"\x89PNG\r\n", "gambar.png", "Unggah templat yang sudah diisi sebagai XLSX, ODS, atau CSV"),
        (b"x" * (10 * 1024 * 1024 + 1), "butir.csv", "paling besar 10 MB"),
        (b"PK\x03\x04rusak", "butir.xlsx", "rusak"),
    ],
    ids=["no_file", "a_picture", "too_large", "a_damaged_workbook"],
)
def test_what_is_no_sheet_is_refused_in_words(author, content, name, said):
    assert upload(author, content, name).status_code in (400, 413, 422)
    assert said in author.said
    assert stocked() == []


def test_a_sheet_with_very_many_faults_shows_the_first_ones(author):
    rows = [CHOICE | {"Kode": f"dig-{at}", "b": "?"} for at in range(300)]
    assert upload(author, xlsx(table(*rows))).status_code == 422
    assert "200 pertama dari 300" in author.said


def test_the_template_comes_as_a_workbook(author):
    answer = author.client.get("/bank/impor/templat.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="templat-butir.xlsx"'
    assert answer.get_data().startswith(b"PK")
