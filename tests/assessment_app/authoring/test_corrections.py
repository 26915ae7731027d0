"""A key that turned out wrong is corrected by two psychometricians; the form that is out stays as it is."""

import io
import json

import msgspec
import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.platform import audit, db
from item_bank import corrections, drafts, keys, publishing
from item_bank.corrections import CorrectionDecision, KeyCorrection
from item_bank.forms import PublishedForm
from item_bank.item_keys import RightOrWrong
from item_bank.signing import Signature, holds_correction
from tests.assessment_app.authoring.conftest import NOW

WHY = "Pilihan yang dihitung benar ternyata keliru."
ITEM = "dig-cak-01"


@pytest.fixture
def form_id(store):
    draft = next(one for one in drafts.samples() if one.presentation.code == "literasi-demo")
    with db.transaction(db.VAULT) as vault:
        return publishing.publish(vault, draft, b"0123456789abcdef", NOW).form_id


@pytest.fixture
def two(sign_in):
    return sign_in(Role.PSYCHOMETRICIAN, name="Galih Prabowo"), sign_in(Role.PSYCHOMETRICIAN, name="Ratna Dewi")


def credit_of(form_id):
    """Give what each option of the item earns under the newest key of a form."""
    with db.transaction(db.VAULT, reads_only=True) as vault:
        key = keys.key_of(vault, corrections.newest(vault, form_id))
    item = next(one for one in key.items if one.id == ITEM)
    assert isinstance(item, RightOrWrong)
    return item.credit


def wrong_option(form_id):
    return next(name for name, worth in credit_of(form_id).items() if not worth)


def proposed(browser, form_id, **fields):
    browser.get(f"/bank/perbaikan-kunci/{form_id}")
    return browser.post(f"/bank/perbaikan-kunci/{form_id}", alasan=WHY, **fields)


def kept(model):
    with db.transaction(db.VAULT, reads_only=True) as vault:
        return list(vault.scalars(select(model)))


def test_one_proposes_the_other_opens_approves_and_signs(two, form_id):
    one, other = two
    option, seal = wrong_option(form_id), kept(PublishedForm)[0].key_seal
    one.get(f"/bank/perbaikan-kunci/{form_id}")
    assert f'value="{ITEM}|{option}"' in one.said
    path = proposed(one, form_id, jawaban=f"{ITEM}|{option}").headers["Location"]
    assert credit_of(form_id)[option] == 0
    one.get(path)
    assert "Setujui kunci ini" not in one.said
    assert one.post(path + "/setujui").status_code == 409
    other.get(path)
    assert '"credit"' not in other.said
    assert f'{{"{option}":1' not in other.said
    assert other.post(path + "/buka", alasan="pendek").status_code == 422
    other.post(path + "/buka", alasan="Memeriksa usulan perbaikan.")
    assert "credit" in other.said
    assert other.post(path + "/setujui").status_code == 303
    assert other.post(path + "/setujui").status_code == 303
    assert {name for name, worth in credit_of(form_id).items() if worth} == {option}
    (form,), (row,), (decision,) = kept(PublishedForm), kept(KeyCorrection), kept(CorrectionDecision)
    assert (form.form_id, form.key_seal, row.replaces, decision.n) == (form_id, seal, seal, 1)
    signature = Signature(decision.public_key, decision.signature)
    assert holds_correction(form_id, seal, row.key_seal, signature)
    actions = [entry.action for entry in kept(audit.AuditEntry)]
    assert [name for name in actions if name.startswith(("key.", "item_key"))] == [
        "key.propose", "item_key.read", "key.correct",
    ]  # fmt: skip


def test_a_file_of_item_keys_and_what_does_not_fit(two, form_id):
    one, _other = two
    with db.transaction(db.VAULT, reads_only=True) as vault:
        items = keys.key_of(vault, kept(PublishedForm)[0].key_seal).items
    mended = msgspec.to_builtins(items[0]) | {"a": 1.9}

    def upload(content):
        one.get(f"/bank/perbaikan-kunci/{form_id}")
        return proposed(one, form_id, berkas=(io.BytesIO(content), "kunci.json"))

    assert upload(b"bukan json").status_code == 422
    assert "bukan daftar kunci butir" in one.said
    assert upload(json.dumps([mended | {"id": "tidak-ada"}]).encode()).status_code == 422
    assert "Tidak cocok dengan formulir ini: tidak-ada" in one.said
    assert upload(json.dumps([mended | {"construct": "budaya"}]).encode()).status_code == 422
    assert upload(json.dumps([msgspec.to_builtins(items[0])]).encode()).status_code == 422
    assert "Tidak ada yang diperbaiki" in one.said
    assert upload(json.dumps([mended | {"credit": {"Z": 1, "Y": 0}}]).encode()).status_code == 422
    assert kept(KeyCorrection) == []
    assert upload(json.dumps([mended]).encode()).status_code == 303


def test_of_two_corrections_of_one_key_the_second_is_refused(two, form_id):
    one, other = two
    wrong = [name for name, worth in credit_of(form_id).items() if not worth]
    paths = [proposed(one, form_id, jawaban=f"{ITEM}|{option}").headers["Location"] for option in wrong[:2]]
    other.get(paths[0])
    assert other.post(paths[0] + "/setujui").status_code == 303
    other.get(paths[1])
    assert other.post(paths[1] + "/setujui").status_code == 409
    assert len(kept(CorrectionDecision)) == 1
    assert other.post(paths[1] + "/kembalikan", **{"alasan-kembali": "Sudah ada yang lebih baru."}).status_code == 303
    assert other.post(paths[1] + "/setujui").status_code == 409


def test_an_author_of_items_corrects_no_key(author, form_id):
    assert author.get(f"/bank/perbaikan-kunci/{form_id}").status_code == 403


def test_who_asks_for_nothing_or_gives_no_reason_is_told(two, form_id):
    one, _other = two
    assert proposed(one, form_id).status_code == 422
    assert "Pilih yang diperbaiki" in one.said
    assert (
        one.post(f"/bank/perbaikan-kunci/{form_id}", alasan="x", jawaban=f"{ITEM}|{wrong_option(form_id)}").status_code
        == 422
    )
    assert proposed(one, "f" * 64, jawaban=f"{ITEM}|A").status_code == 404
