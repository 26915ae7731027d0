"""How often forms were finished: the one thing that comes back to the vault, as numbers without people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from item_bank.forms import FormExposure, PublishedForm


def changed(vault_db: Session, finished: Mapping[str, int]) -> dict[str, int]:
    """Leave out what the vault knows already, and forms that are not its own."""
    known = {row.form_id: row.attempts for row in vault_db.scalars(select(FormExposure))}
    new = {form_id: number for form_id, number in finished.items() if known.get(form_id) != number}
    ours = vault_db.scalars(select(PublishedForm.form_id).where(PublishedForm.form_id.in_(new)))
    return {form_id: new[form_id] for form_id in ours}


def keep(vault_db: Session, finished: Mapping[str, int], now: datetime) -> None:
    """Keep how often forms were finished by now. Safe to repeat."""
    for form_id, number in finished.items():
        vault_db.merge(FormExposure(form_id=form_id, attempts=number, counted=now))
