"""Corrected keys of published forms as pages of the vault show them; what they say of the answers stays closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.platform.errors import NotFound
from item_bank import keys
from item_bank.corrections import CorrectionDecision, KeyCorrection
from item_bank.item_keys import AnyItemKey, RightOrWrong
from scoring_engine.canonical import canonical


@dataclass(frozen=True)
class Corrected:
    """A proposed correction, what became of it, and which items it changes."""

    row: KeyCorrection
    decision: CorrectionDecision | None
    items: Sequence[str]

    @property
    def state(self) -> str:
        """Say where it stands: waiting, approved or returned."""
        if self.decision is None:
            return "waiting"
        return "returned" if self.decision.n is None else "approved"


def correction(db: Session, correction_id: UUID) -> Corrected:
    """Give one correction; refuses with NotFound."""
    row = db.get(KeyCorrection, correction_id)
    if row is None:
        raise NotFound("Perbaikan kunci ini tidak ada di bank soal.")
    return Corrected(row, db.get(CorrectionDecision, correction_id), _items(db, row))


def corrections_of(db: Session, form_id: str) -> list[Corrected]:
    """List the corrections of a form, the newest first."""
    wanted = select(KeyCorrection).where(KeyCorrection.form_id == form_id)
    rows = db.scalars(wanted.order_by(KeyCorrection.made.desc(), KeyCorrection.correction_id))
    return [Corrected(row, db.get(CorrectionDecision, row.correction_id), _items(db, row)) for row in rows]


@dataclass(frozen=True)
class Difference:
    """One thing that a corrected key says differently of an item: its name in the key, before and after."""

    item_id: str
    name: str
    before: str
    after: str


def differences(db: Session, row: KeyCorrection) -> list[Difference]:
    """Say everything that a corrected key says differently; whoever calls this has recorded why."""
    before = {key.id: _told(key) for key in keys.key_of(db, row.replaces).items}
    found = []
    for key in keys.parse(row.document).items:
        after, was = _told(key), before.get(key.id, {})
        names = [name for name in sorted({*was, *after}) if was.get(name) != after.get(name)]
        found += [Difference(key.id, name, was.get(name, ""), after.get(name, "")) for name in names]
    return found


def _told(key: AnyItemKey) -> dict[str, str]:
    """Write what a key says of an item, part by part."""
    return {name: canonical(value).decode() for name, value in msgspec.to_builtins(key).items()}


def _items(db: Session, row: KeyCorrection) -> list[str]:
    """Name the items whose key is another one than before."""
    before = {key.id: key for key in keys.key_of(db, row.replaces).items}
    return [key.id for key in keys.parse(row.document).items if before.get(key.id) != key]


def single_answered(db: Session, key_seal: str) -> list[str]:
    """Name the items of a key with a single right answer, without saying which it is."""
    return [key.id for key in keys.key_of(db, key_seal).items if isinstance(key, RightOrWrong)]
