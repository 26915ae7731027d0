"""A key is whole, sealed, and read back only as it was sealed."""

import copy
import json
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from item_bank import keys
from item_bank.keys import AnswerKey, BrokenSeal, NoSuchKey
from item_bank.vault import VaultModel
from scoring_engine.canonical import canonical, digest

WHY = {"p": "Sebab yang ditulis.", "q": "Sebab yang lain."}
DOCUMENT: dict[str, Any] = {
    "schema": "proasn/key/1",
    "nonce": "00" * 16,
    "parameters": "assumed",
    "recipe": {
        "name": "mixed",
        "version": 1,
        "missing": "ignored",
        "prior": {"mean": 0.0, "sd": 1.0},
        "scales": [{"construct": "M.01", "cuts": [-0.5, 0.5], "missing": None, "estimator": "eap", "norm": None}],
        "composites": [],
    },
    "items": [
        {
            "id": "i1",
            "model": "grm",
            "construct": "M.01",
            "a": 1.2,
            "b": [-1.0, 1.0],
            "credit": {"p": 2, "q": 0},
        },
        {"id": "i2", "model": "2pl", "construct": "M.01", "a": 1.0, "b": 0.0, "credit": {"p": 1, "q": 0}},
        {"id": "i3", "model": "thurstone", "construct": "M.01", "statements": {}},
        {"id": "i4", "model": "ipsative", "statements": {"p": "M.01"}, "repeats": "i3"},
    ],
}
for item in DOCUMENT["items"]:
    item["rationale"] = WHY
DOCUMENT["items"][2]["statements"] = {"p": {"loading": -0.8, "mean": 0.1, "psi": 1.0}}


def read(doc):
    return keys.parse(json.dumps(doc).encode())


def test_a_key_is_written_as_the_contract_says():
    assert keys.write(read(DOCUMENT)) == canonical(DOCUMENT)
    assert keys.seal(read(DOCUMENT)) == digest(canonical(DOCUMENT))


def test_whole_numbers_for_measures_make_the_same_seal():
    doc = copy.deepcopy(DOCUMENT)
    doc["items"][1].update(a=1, b=0)
    assert keys.seal(read(doc)) == keys.seal(read(DOCUMENT))


def test_another_nonce_makes_another_seal():
    assert keys.seal(read(DOCUMENT | {"nonce": "01" * 16})) != keys.seal(read(DOCUMENT))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda d: d.update(nonce="00" * 15), "nonce"),
        (lambda d: d.update(nonce="zz" * 16), "nonce"),
        (lambda d: d["items"][0].update(b=[1.0, -1.0]), "b must rise"),
        (lambda d: d["items"][0].update(b=[-1.0, -1.0]), "b must rise"),
        (lambda d: d["items"][0].update(credit={"p": 1, "q": 0}), "best option must have credit 2"),
        (lambda d: d["items"][0].update(a=0), "> 0"),
        (lambda d: d["items"][1].update(credit={"p": 0, "q": 0}), "credit 1 and some other credit 0"),
        (lambda d: d["items"][1].update(credit={"p": 2, "q": 0}), "<= 1"),
        (lambda d: d["items"][2]["statements"]["p"].update(psi=0), "> 0"),
        (lambda d: d["items"][3].update(weight=1), "unknown field"),
        (lambda d: d["items"][3].update(model="guess"), "Invalid value 'guess'"),
        (lambda d: d["recipe"]["scales"][0].update(cuts=[0.5, -0.5]), "cuts must rise"),
        (lambda d: d["recipe"]["prior"].update(sd=0), "> 0"),
        (lambda d: d["recipe"].update(missing="zero"), "Invalid enum value"),
    ],
)
def test_a_key_that_breaks_a_rule_is_refused(spoil, told):
    doc = copy.deepcopy(DOCUMENT)
    spoil(doc)
    with pytest.raises(msgspec.ValidationError, match=told):
        read(doc)


def test_a_kept_key_is_read_back_by_its_seal(vault_db, now):
    key = read(DOCUMENT)
    assert keys.key_of(vault_db, keys.keep(vault_db, key, now)) == key


def test_keeping_a_key_twice_changes_nothing(vault_db, now):
    seals = {keys.keep(vault_db, read(DOCUMENT), now) for _ in range(2)}
    assert len(seals) == vault_db.query(AnswerKey).count() == 1


def test_a_seal_without_a_key_is_told_apart(vault_db):
    with pytest.raises(NoSuchKey, match="0000"):
        keys.key_of(vault_db, "0" * 64)


def test_a_tampered_key_is_refused(vault_db, now):
    seal = keys.keep(vault_db, read(DOCUMENT), now)
    vault_db.flush()
    easier = keys.write(read(DOCUMENT)).replace(b'"p":2', b'"p":1').replace(b'"q":0', b'"q":2')
    vault_db.execute(update(AnswerKey).values(document=easier))
    with pytest.raises(BrokenSeal, match=seal):
        keys.key_of(vault_db, seal)


def test_the_table_takes_no_changes():
    assert VaultModel.metadata.tables["answer_key"].info == {"append_only": True}
