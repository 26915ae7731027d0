"""The editor writes versions of the item that it opened, for who opened it, and refuses the rest in words."""

import json

import msgspec
import pytest

from assessment_app.authoring.actions import life
from assessment_app.platform import db
from item_bank import bank, stock
from item_bank.item_keys import RightOrWrong
from tests.assessment_app.authoring.conftest import BY, NOW, REASON
from tests.assessment_app.authoring.test_items import NEW, page, told, write

OPEN_FIRST = "Buka butir ini lewat tombol Buat versi lebih dahulu."
SAME_ITEM = "Versi baru memakai kode dan instrumen butir ini."


def open_editor(browser, item_id="dig-uji-01"):
    browser.get(page(item_id=item_id))
    return browser.post(f"/bank/butir/{item_id}/1/sunting")


def versions():
    with db.transaction(db.VAULT, reads_only=True) as session:
        return sorted((row.item_id, row.version, row.instrument) for row in session.query(stock.ItemVersion))


@pytest.fixture
def simulation(store):
    """Keep an item that is edited as a document."""
    literacy = next(one for one in bank.samples() if one.instrument == "digital_literacy").items
    found = next(item for item in literacy if bank.kind_of(item) == "simulation")
    plain = msgspec.structs.replace(found, about=msgspec.structs.replace(found.about, enemies=()))
    with db.transaction(db.VAULT) as session:
        life.write(session, plain, "digital_literacy", BY, NOW)
    return plain


def test_a_document_with_the_code_of_another_item_is_refused(author, simulation):
    write(author)
    open_editor(author, simulation.id)
    document = json.loads(msgspec.json.encode(simulation))
    document["words"]["id"] = document["key"]["id"] = "dig-uji-01"
    fields = {"id": simulation.id, "instrument": "digital_literacy", "kind": "simulation", "dasar": "1"}
    answer = author.post("/bank/butir", **fields, document=json.dumps(document))
    assert (answer.status_code, SAME_ITEM in author.said) == (422, True)
    assert [(name, version) for name, version, _of in versions()] == [(simulation.id, 1), ("dig-uji-01", 1)]


def test_a_new_version_stays_with_its_instrument(author):
    write(author)
    open_editor(author)
    answer = author.post("/bank/butir", **{**NEW, "dasar": "1", "instrument": "potential", "construct": "intellectual"})
    assert (answer.status_code, SAME_ITEM in author.said) == (422, True)
    assert versions() == [("dig-uji-01", 1, "digital_literacy")]


@pytest.mark.parametrize("path", ["/bank/butir", "/bank/butir/pratinjau"])
def test_who_did_not_open_an_item_to_edit_it_cannot_ask_whether_a_key_is_right(author, other, path):
    write(author)
    open_editor(author)
    other.get(page())
    assert other.post(path, **NEW, dasar="1").status_code == 403
    assert OPEN_FIRST in other.said
    open_editor(other)
    assert other.post(path, **NEW, dasar="1").status_code in (200, 303)


def test_opening_one_version_opens_no_other(author, other):
    write(author)
    open_editor(author)
    author.post("/bank/butir", **{**NEW, "dasar": "1", "question": "Langkah mana yang paling tepat?"})
    open_editor(other)
    assert other.post("/bank/butir", **NEW, dasar="2").status_code == 403


def test_who_opened_an_old_version_cannot_ask_whether_the_key_of_a_newer_one_is_right(author, other):
    write(author)
    open_editor(author)
    open_editor(other)
    changed = {**NEW, "dasar": "1", "a": "0,9"}
    assert author.post("/bank/butir", **changed).headers["Location"] == page(2)
    with db.transaction(db.VAULT, reads_only=True) as session:
        key = stock.key_of(session, "dig-uji-01", 2)
    names = {f"id-{number}": name for number, name in enumerate(sorted(key.rationale), 1)}
    assert author.post("/bank/butir", **changed, **names).headers["Location"] == page(2)  # the same person, twice
    for guess in ("0,9", "0,8"):
        assert other.post("/bank/butir", **{**changed, "a": guess}, **names).status_code == 409
        assert "menyimpan versi 2 sementara Anda menyunting" in other.said
        assert "Menawarkan bantuan dari akun sendiri." in other.said


def test_the_live_preview_reads_no_key(author, monkeypatch):
    write(author)
    open_editor(author)
    monkeypatch.setattr(stock, "key_of", lambda *_: pytest.fail("the key was read"))
    answer = author.post("/bank/butir/pratinjau", **NEW, dasar="1")
    assert json.loads(answer.data)["problems"] == []


def test_the_page_shows_who_opened_an_item_in_the_editor(author, other):
    write(author)
    open_editor(other)
    author.get(page())
    assert "Dibuka di penyunting untuk menulis versi baru." in author.said
    author.post("/bank/butir/dig-uji-01/1/kunci", alasan=REASON)
    assert REASON in author.said
    assert told(author)[-2:] == [("item_key.edit", "item:dig-uji-01/1"), ("item_key.read", "item:dig-uji-01/1")]


@pytest.mark.parametrize("path", ["/bank/butir", "/bank/butir/pratinjau"])
@pytest.mark.parametrize(
    ("field", "value"),
    [("worth-1", "inf"), ("worth-1", "1e400"), ("a", "inf"), ("a", "1e308"), ("b", "nan"), ("b", "inf"), ("b", "-21")],
)  # fmt: skip
def test_numbers_that_no_item_has_are_refused_in_words(author, path, field, value):
    author.get("/bank/butir-baru")
    answer = author.post(path, **{**NEW, field: value})
    assert answer.status_code == (422 if path == "/bank/butir" else 200)
    assert any(word in answer.get_data(as_text=True) for word in ("bilangan bulat", "tidak terbaca", "sampai 20"))


@pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
def test_addresses_that_no_database_takes_are_not_found(author, store):
    write(author)
    for version in ("3000000000", "99999999999999999999", "0", "-1"):
        assert author.get(f"/bank/butir/dig-uji-01?versi={version}").status_code == 404
    author.get(page())
    for step in ("kunci", "sunting", "langkah"):
        for version in ("3000000000", "99999999999999999999"):
            path = f"/bank/butir/dig-uji-01/{version}/{step}"
            assert author.post(path, alasan=REASON, langkah="submit").status_code == 404


@pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
def test_a_search_for_what_no_database_takes_looks_for_the_rest(author, store):
    write(author)
    assert author.get("/bank?cari=dig-%00uji").status_code == 200
    assert ">dig-uji-01</a>" in author.said


def test_an_item_that_is_its_own_enemy_is_refused(author):
    assert write(author, enemies="dig-uji-01").status_code == 422
    assert "it names itself" in author.said


def test_a_key_in_stock_has_every_digit_that_was_typed(author):
    write(author, a="1,2345678")
    with db.transaction(db.VAULT, reads_only=True) as session:
        key = stock.key_of(session, "dig-uji-01", 1)
    assert isinstance(key, RightOrWrong)
    assert key.a == 1.2345678
    open_editor(author)
    assert 'value="1,2345678"' in author.said
