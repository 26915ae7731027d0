"""An item goes from its author through three reviewers into use, and its key shows only to who says why."""

import json
from typing import Any

import pytest

from assessment_app.accounts.rules import Actor, Role
from assessment_app.authoring.actions import life
from assessment_app.authoring.messages.item_form import FORM_KINDS, ItemForm
from assessment_app.platform import audit, db
from item_bank import bank, demonstration, stock
from item_bank.stock import Face
from tests.assessment_app.authoring.conftest import NOW, REASON

NEW = {
    "id": "dig-uji-01", "instrument": "digital_literacy", "kind": "choice", "construct": "keamanan", "facet": "sandi",
    "topic": "sandi bersama", "job_levels": ["pelaksana", "pengawas"],
    "stem": "Seorang rekan meminta sandi Anda.\n\nIa sedang terburu-buru.", "question": "Apa yang paling tepat?",
    "text-1": "Memberikan sandi itu lewat pesan.", "worth-1": "0", "why-1": "Sandi menjadi milik bersama.",
    "text-2": "Menawarkan bantuan dari akun sendiri.", "worth-2": "1", "why-2": "Sandi tetap pada pemiliknya.",
    "a": "1,1", "b": "-0,3", "note": "Butir pertama.",
}  # fmt: skip
STOCK = [(item, one.instrument) for one in bank.samples() for item in one.items]


@pytest.fixture
def stocked(store):
    """Put the items of digital literacy into the vault."""
    literacy = next(one for one in bank.samples() if one.instrument == "digital_literacy")
    with db.transaction(db.VAULT) as session:
        life.take_in(session, literacy, "contoh", Actor("test"), NOW)
    return literacy.items


def write(author, **changes):
    author.get("/bank/butir-baru")
    return author.post("/bank/butir", **{**NEW, **changes})


def page(version=1, item_id="dig-uji-01"):
    return f"/bank/butir/{item_id}?versi={version}"


def step(browser, act, aspect="", note="", version=1):
    browser.get(page(version))
    fields = {"langkah": act, "segi": aspect, "catatan": note}
    return browser.post(f"/bank/butir/dig-uji-01/{version}/langkah", **fields)


def told(browser):
    """What the trail says of items, oldest first."""
    with db.transaction(db.VAULT, reads_only=True) as session:
        entries = [entry for entry in audit.newest(session, None) if entry.action.startswith("item")]
    return [(entry.action, entry.subject) for entry in reversed(entries)]


def test_an_author_writes_an_item_and_sees_it_as_participants_will(author):
    assert write(author).headers["Location"] == page()
    author.get(page())
    assert "Menawarkan bantuan dari akun sendiri." in author.said
    assert "Sandi tetap pada pemiliknya." not in author.said
    with db.transaction(db.VAULT, reads_only=True) as session:
        key: Any = stock.key_of(session, "dig-uji-01", 1)
        face = session.get_one(stock.ItemVersion, ("dig-uji-01", 1)).read()
    assert (key.a, key.b, sorted(key.credit.values())) == (1.1, -0.3, [0, 1])
    assert face.words.stem == ("Seorang rekan meminta sandi Anda.", "Ia sedang terburu-buru.")
    assert told(author) == [("item.write", "item:dig-uji-01/1")]


def test_three_reviewers_and_a_psychometrician_bring_an_item_into_use(author, sign_in, psychometrician):
    write(author)
    assert step(author, "submit").status_code == 303
    reviewers = [sign_in(Role.ITEM_AUTHOR, name=f"Penelaah {number}") for number in range(3)]
    for browser, aspect in zip(reviewers, ("content", "language", "fairness"), strict=True):
        browser.get("/bank/telaah")
        assert "dig-uji-01" in browser.said
        assert step(browser, "review", aspect).status_code == 303
        browser.get("/bank/telaah")
        assert "dig-uji-01" not in browser.said
    for act in ("approve", "pilot", "operate"):
        assert step(psychometrician, act).status_code == 303
    psychometrician.get(page())
    for name in ("Penelaah 0", "Penelaah 1", "Penelaah 2", "Niken Larasati", "Galih Prabowo", "Menjadi operasional"):
        assert name in psychometrician.said
    with db.transaction(db.VAULT, reads_only=True) as session:
        assert [one.item.id for one in stock.usable(session, "digital_literacy")] == ["dig-uji-01"]


def test_an_author_reviews_nothing_of_their_own(author):
    write(author)
    step(author, "submit")
    author.get("/bank/telaah")
    assert "dig-uji-01" not in author.said
    assert step(author, "review", "content").status_code == 409
    assert "Butir ini Anda tulis sendiri" in author.said


def test_only_a_psychometrician_takes_an_item_into_use(author, other):
    write(author)
    assert step(other, "retire", note="Topiknya sudah usang.").status_code == 403


def test_a_return_needs_its_reason_and_ends_the_version(author, other):
    write(author)
    step(author, "submit")
    assert step(other, "return", "language").status_code == 422
    assert "Tulis catatan 10 sampai 500 karakter" in other.said
    assert step(other, "return", "language", "Kalimat kedua tidak baku.").status_code == 303
    author.get(page())
    assert "Kalimat kedua tidak baku." in author.said
    assert "Dikembalikan" in author.said


def test_a_double_click_takes_one_step(author):
    write(author)
    assert [step(author, "submit").status_code for _ in range(2)] == [303, 303]
    with db.transaction(db.VAULT, reads_only=True) as session:
        assert [event.act for event in stock.events(session, "dig-uji-01", 1)] == ["write", "submit"]


@pytest.mark.parametrize("fields", [{"langkah": "jump"}, {"langkah": "review"}, {"langkah": "review", "segi": "x"}, {}])
def test_a_step_that_is_none_is_refused(author, fields):
    write(author)
    author.get(page())
    assert author.post("/bank/butir/dig-uji-01/1/langkah", **fields).status_code == 400


def test_an_edited_item_is_a_new_version_and_the_old_one_stays(author):
    write(author)
    author.get(page())
    author.post("/bank/butir/dig-uji-01/1/sunting")
    assert "Sandi tetap pada pemiliknya." in author.said
    answer = author.post("/bank/butir", **{**NEW, "dasar": "1", "question": "Langkah mana yang paling tepat?"})
    assert answer.headers["Location"] == page(2)
    author.get(page(1))
    assert "Apa yang paling tepat?" in author.said
    assert told(author) == [
        ("item.write", "item:dig-uji-01/1"),
        ("item_key.edit", "item:dig-uji-01/1"),
        ("item.write", "item:dig-uji-01/2"),
    ]


def test_saving_without_a_change_makes_no_version(author):
    write(author)
    author.get(page())
    with db.transaction(db.VAULT, reads_only=True) as session:
        key: Any = stock.key_of(session, "dig-uji-01", 1)
        ids = {f"id-{number}": name for number, name in enumerate(key.credit, 1)}
    author.post("/bank/butir/dig-uji-01/1/sunting")
    assert author.post("/bank/butir", **{**NEW, "dasar": "1", **ids}).headers["Location"] == page(1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": "Kode Besar"}, "Kode butir berisi huruf kecil"), ({"instrument": ""}, "Pilih instrumennya"),
        ({"question": ""}, "Tulis pertanyaannya"), ({"why-1": "pendek"}, "sedikitnya 10 huruf"),
        ({"worth-2": "0"}, "some option must have credit 1"), ({"a": "banyak"}, "Angka pada kolom parameter"),
        ({"text-2": ""}, "sedikitnya dua pilihan"), ({"enemies": "tidak-ada"}, "speaks of"),
        ({"construct": "M.01"}, "is not measured by"), ({"worth-2": "3"}, "best option must have credit"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_told_and_nothing_typed_is_lost(author, changes, told):
    assert write(author, **changes).status_code == 422
    assert told in author.said.replace("&#39;", "'")
    assert "Menawarkan bantuan dari akun sendiri." in author.said or "text-2" in changes


def test_another_kind_keeps_what_was_typed(author):
    author.get("/bank/butir-baru")
    author.post("/bank/butir-baru", **{**NEW, "kind": "order"})
    assert "Tulis urutan yang benar" in author.said
    assert "Menawarkan bantuan dari akun sendiri." in author.said
    author.post("/bank/butir-baru", **{**NEW, "kind": "number"})
    assert "Jawaban yang benar" in author.said


def test_a_code_that_is_taken_is_refused(author):
    write(author)
    assert write(author, question="Lain?").status_code == 409
    assert "sudah ada di bank soal" in author.said


def test_the_live_preview_tells_the_presentation_and_no_key(author):
    author.get("/bank/butir-baru")
    answer = author.post("/bank/butir/pratinjau", **NEW)
    document = json.loads(answer.data)
    assert document["problems"] == []
    assert document["item"]["options"][1]["text"] == "Menawarkan bantuan dari akun sendiri."
    assert b"credit" not in answer.data
    assert b"Sandi tetap" not in answer.data
    broken = json.loads(author.post("/bank/butir/pratinjau", **{**NEW, "question": ""}).data)
    assert broken == {"item": None, "problems": ["Tulis pertanyaannya."]}


def test_a_key_in_stock_opens_for_a_reason_and_the_trail_says_so(author, stocked):
    author.get("/bank/butir/dig-cak-11")
    assert author.post("/bank/butir/dig-cak-11/1/kunci", alasan="pendek").status_code == 422
    assert author.post("/bank/butir/dig-cak-11/1/kunci", alasan=REASON).status_code == 200
    assert "Nol hilang karena kolom dibaca sebagai angka" in author.said
    author.get("/bank/butir/dig-cak-11")
    assert "Nol hilang karena kolom dibaca sebagai angka" not in author.said
    assert ("item_key.read", "item:dig-cak-11/1") in told(author)


@pytest.mark.parametrize(
    ("search", "there", "gone"),
    [
        ("cari=angka nol", "dig-cak-11", "dig-bud-11"), ("keadaan=operational", "dig-bud-11", "dig-uji-01"),
        ("konstruk=budaya&instrumen=digital_literacy", "dig-bud-11", "dig-kea-11"),
        ("keadaan=draft", "dig-uji-01", "dig-bud-11"), ("cari=dig-sim", "dig-sim-01", "dig-bud-11"),
        ("cari=%25", None, "dig-bud-11"), ("instrumen=potential", None, "dig-bud-11"),
        ("halaman=2", "dig-kea", "dig-bud-101"), ("keadaan=x", "dig-bud-11", None),
    ],
)  # fmt: skip
def test_items_are_found_by_words_construct_and_state(author, stocked, search, there, gone):
    write(author)
    author.get(f"/bank?{search}")
    if there:
        assert there in author.said
    if gone:
        assert f">{gone}</a>" not in author.said


@pytest.mark.parametrize("path", ["/bank/butir/tidak-ada", "/bank/butir/dig-cak-11?versi=9"])
def test_what_is_not_in_stock_is_not_found(author, stocked, path):
    assert author.get(path).status_code == 404


def test_every_sample_item_can_be_laid_out_in_the_editor_and_saved_unchanged(store):
    known = {item.id for item, _instrument in STOCK}
    for item, instrument in STOCK:
        form = ItemForm.of(item, instrument)
        made, problems = form.read(Face(item.words, item.about), known)
        assert (made, problems) == (item, []), item.id
        assert bool(form.document) == (bank.kind_of(item) not in FORM_KINDS)


def test_generated_items_keep_their_pictures_and_tables_in_the_editor(store):
    for one in demonstration.stocks()[-3:]:
        item = one.items[0]
        assert ItemForm.of(item, "potential").read(Face(item.words, item.about), ())[0] == item


def test_an_author_finds_an_item_by_a_word_of_it_or_by_its_code(author, stocked):
    write(author)
    for text in ("dig-uji-01", "sandi bersama"):
        author.get(f"/cari?q={text}")
        assert '<li><a href="/bank/butir/dig-uji-01">' in author.said
