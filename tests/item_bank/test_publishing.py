"""Publishing takes words and key apart, once and for ever."""

from datetime import timedelta

import msgspec
import pytest

from item_bank import drafts, keys, presentation
from item_bank.forms import PublishedForm
from item_bank.keys import AnswerKey
from item_bank.publishing import publish, published_with_code
from item_bank.vault import VaultModel
from scoring_engine.canonical import digest

NONCE, OTHER = b"n" * 32, b"m" * 32


def test_form_and_key_are_found_under_the_names_that_were_given(vault_db, draft, now):
    published = publish(vault_db, draft, NONCE, now)
    form = vault_db.get(PublishedForm, published.form_id)
    key = keys.key_of(vault_db, published.key_seal)
    assert (form.key_seal, form.code, form.instrument) == (
        published.key_seal,
        "karier-demo",
        "career_preference",
    )
    assert form.form_id == presentation.form_id(presentation.parse(form.document), published.key_seal)
    assert (key.items, key.recipe, key.nonce) == (draft.keys, draft.recipe, NONCE.hex())


def test_publishing_the_same_again_changes_nothing(vault_db, draft, now):
    once = publish(vault_db, draft, NONCE, now)
    vault_db.commit()
    assert publish(vault_db, draft, NONCE, now + timedelta(days=1)) == once
    assert vault_db.query(PublishedForm).one().published == now
    assert vault_db.query(AnswerKey).one().created == now


def test_another_nonce_makes_another_form(vault_db, draft, now):
    one, other = publish(vault_db, draft, NONCE, now), publish(vault_db, draft, OTHER, now)
    assert one.form_id != other.form_id
    assert one.key_seal != other.key_seal


@pytest.mark.parametrize("nonce", [b"", b"short", b"x" * 65])
def test_a_nonce_that_could_be_guessed_is_refused(vault_db, draft, now, nonce):
    with pytest.raises(msgspec.ValidationError, match="nonce"):
        publish(vault_db, draft, nonce, now)
    assert vault_db.query(PublishedForm).count() == vault_db.query(AnswerKey).count() == 0


def test_the_newest_form_with_a_code_is_found(vault_db, draft, now):
    assert published_with_code(vault_db, "karier-demo") is None
    publish(vault_db, draft, NONCE, now)
    newest = publish(vault_db, draft, OTHER, now + timedelta(seconds=1))
    found = published_with_code(vault_db, "karier-demo")
    assert found is not None
    assert found.form_id == newest.form_id


@pytest.mark.parametrize("draft", drafts.samples(), ids=lambda draft: draft.presentation.code)
def test_nothing_of_a_key_is_among_the_words(vault_db, draft, now):
    published = publish(vault_db, draft, NONCE, now)
    shown = vault_db.get(PublishedForm, published.form_id).document.decode()
    for key in draft.keys:
        assert not any(reason in shown for reason in key.rationale.values())
    for name in (
        "credit",
        "rationale",
        "statements",
        "construct",
        "recipe",
        "loading",
        "nonce",
        published.key_seal,
    ):
        assert f'"{name}"' not in shown


def test_the_words_are_kept_as_they_are_hashed(vault_db, draft, now):
    publish(vault_db, draft, NONCE, now)
    form, key = vault_db.query(PublishedForm).one(), vault_db.query(AnswerKey).one()
    assert form.document == presentation.write(draft.presentation)
    assert digest(key.document) == form.key_seal


def test_the_table_takes_no_changes():
    assert VaultModel.metadata.tables["published_form"].info == {"append_only": True}


def test_publishing_tells_whether_the_form_is_new(vault_db, draft, now):
    assert publish(vault_db, draft, NONCE, now).is_new
    assert not publish(vault_db, draft, NONCE, now).is_new
