"""Draft -> presentation + sealed key: the only writer of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from item_bank import keys, presentation
from item_bank.drafts import Draft
from item_bank.forms import PublishedForm
from item_bank.keys import Key


@dataclass(frozen=True)
class Published:
    """The names under which a draft went into the vault, and whether it was not there before."""

    form_id: str
    key_seal: str
    is_new: bool = field(default=True, compare=False)


def publish(vault_db: Session, draft: Draft, nonce: bytes, now: datetime) -> Published:
    """Take a draft's words and key apart, seal the key, and keep both for ever.

    Safe to repeat: the same draft with the same nonce changes nothing and earns the same names. With another
    nonce it is a new form. The nonce is 16 to 64 random bytes. Refuses with ValueError a nonce or a draft
    that breaks a rule.
    """
    shown = presentation.write(draft.presentation)
    words = presentation.parse(shown)  # what is kept is what reads back, so nothing that a draft smuggles gets through
    key = keys.parse(keys.write(Key("proasn/key/1", nonce.hex(), draft.parameters, draft.recipe, draft.keys)))
    key_seal = keys.keep(vault_db, key, now)
    form_id = presentation.form_id(words, key_seal)
    is_new = vault_db.get(PublishedForm, form_id) is None
    if is_new:
        form = PublishedForm(form_id=form_id, key_seal=key_seal, document=shown, published=now)
        form.code, form.title, form.instrument = words.code, words.title, words.instrument
        vault_db.add(form)
    return Published(form_id, key_seal, is_new)


def published_with_code(vault_db: Session, code: str) -> PublishedForm | None:
    """Find the newest published form with a code, so that a seeding need not publish the same draft again."""
    newest = select(PublishedForm).where(PublishedForm.code == code).order_by(PublishedForm.published.desc())
    return vault_db.scalars(newest.limit(1)).first()
