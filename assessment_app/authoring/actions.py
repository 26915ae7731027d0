"""What can be done in the vault: publish a draft, and open a key; both leave a row in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.accounts.queries import lock_account
from assessment_app.accounts.rules import Actor
from assessment_app.authoring import queries
from assessment_app.authoring.messages import Preview, Reason
from assessment_app.authoring.queries import OpenedForm, OpenedItem
from assessment_app.platform import audit
from assessment_app.platform.errors import Conflict, Invalid
from item_bank import drafts, keys, publishing
from item_bank.keys import BrokenSeal, Key, NoSuchKey
from item_bank.publishing import Published
from scoring_engine.canonical import digest


def publish(db: Session, preview: Preview, by: Actor, now: datetime) -> Published:
    """Publish a previewed draft and record who did.

    Safe to repeat: the same preview publishes one form and leaves one row in the trail. The author's account is
    locked first, so two clicks come one after the other; nobody else can publish this author's preview.
    """
    lock_account(db, preview.account_id)
    draft = drafts.parse(preview.content, preview.name)
    published = publishing.publish(db, draft, preview.nonce, now)
    if published.is_new:
        detail = {"code": draft.presentation.code, "file": preview.name, "file_hash": digest(preview.content)}
        subject = queries.form_subject(published.form_id)
        _record(db, "form.publish", subject, by, now, detail={**detail, "key_seal": published.key_seal})
    return published


def read_key(db: Session, form_id: str, item_id: str, reason: Reason, by: Actor, now: datetime) -> OpenedItem:
    """Open the key of one item for somebody who says why, and record it.

    Refuses with NotFound, with Invalid without a reason, with Conflict when the key is not what was sealed.
    """
    _require(reason)
    form = queries.form(db, form_id)
    form.item(item_id)
    key = _key_of(db, form.key_seal)
    found = next(item for item in key.items if item.id == item_id)
    _record(db, queries.READ_KEY, queries.item_subject(form_id, item_id), by, now, reason.text)
    return OpenedItem.of(key, found, form.words.instrument)


def read_parameters(db: Session, form_id: str, reason: Reason, by: Actor, now: datetime) -> OpenedForm:
    """Open the parameters of all items of a form for somebody who says why, and record it; refuses as read_key."""
    _require(reason)
    form = queries.form(db, form_id)
    opened = OpenedForm.of(_key_of(db, form.key_seal), form.words.instrument)
    _record(db, queries.READ_PARAMETERS, queries.form_subject(form_id), by, now, reason.text)
    return opened


def _require(reason: Reason) -> None:
    if reason.fault:
        raise Invalid(reason.fault)


def _key_of(db: Session, key_seal: str) -> Key:
    try:
        return keys.key_of(db, key_seal)
    except (NoSuchKey, BrokenSeal) as error:
        raise Conflict(
            "Kunci formulir ini tidak cocok dengan segelnya. Jangan dipakai; hubungi admin sistem."
        ) from error


def _record(
    db: Session, action: str, subject: str, by: Actor, now: datetime, reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:  # fmt: skip
    act = audit.Act(by.agency_id, by.name, action, subject, reason=reason, origin=by.origin, detail=detail or {})
    audit.record(db, act, now)
