"""Opening what is closed: the key of an item, the parameters of a form, for somebody who says why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.authoring.actions.trail import record
from assessment_app.authoring.messages.asked import Reason
from assessment_app.authoring.queries import corrections, forms, items
from assessment_app.authoring.queries.corrections import Difference
from assessment_app.authoring.queries.keys import OpenedForm, OpenedItem
from assessment_app.platform.errors import Conflict, Invalid
from item_bank import keys, stock
from item_bank.keys import BrokenSeal, Key, NoSuchKey


def read_key(db: Session, form_id: str, item_id: str, reason: Reason, by: Actor, now: datetime) -> OpenedItem:
    """Open the key of one item of a form for somebody who says why, and record it.

    Refuses with NotFound, with Invalid without a reason, with Conflict when the key is not what was sealed.
    """
    _require(reason)
    form = forms.form(db, form_id)
    form.item(item_id)
    key = _key_of(db, form.key_seal)
    found = next(item for item in key.items if item.id == item_id)
    record(db, forms.READ_KEY, forms.item_subject(form_id, item_id), by, now, reason.text)
    return OpenedItem.of(found, form.words.instrument, is_calibrated=key.parameters == "calibrated")


def read_version_key(db: Session, item_id: str, version: int, reason: Reason, by: Actor, now: datetime) -> OpenedItem:
    """Open the key of a version in stock for somebody who says why, and record it; refuses as read_key."""
    _require(reason)
    found = items.version(db, item_id, version)
    record(db, forms.READ_KEY, items.subject(item_id, version), by, now, reason.text)
    return OpenedItem.of(stock.key_of(db, item_id, version), found.instrument, is_calibrated=False)


def read_parameters(db: Session, form_id: str, reason: Reason, by: Actor, now: datetime) -> OpenedForm:
    """Open the parameters of all items of a form for somebody who says why, and record it; refuses as read_key."""
    _require(reason)
    form = forms.form(db, form_id)
    opened = OpenedForm.of(_key_of(db, form.key_seal), form.words.instrument)
    record(db, forms.READ_PARAMETERS, forms.form_subject(form_id), by, now, reason.text)
    return opened


def read_correction(db: Session, correction_id: UUID, reason: Reason, by: Actor, now: datetime) -> list[Difference]:
    """Open what a corrected key says differently for somebody who says why, and record it for every item."""
    _require(reason)
    found = corrections.correction(db, correction_id)
    for item_id in found.items:
        subject = forms.item_subject(found.row.form_id, item_id)
        record(db, forms.READ_KEY, subject, by, now, reason.text, {"correction": str(correction_id)})
    return corrections.differences(db, found.row)


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
