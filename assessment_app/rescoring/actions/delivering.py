"""From the vault to the exam store: that a key was corrected, why and by whom. For the worker, which opens both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Attempt, Sheet
from assessment_app.platform import queue
from assessment_app.platform.db import insert_new
from assessment_app.scheduling.models import Form
from assessment_app.scoring.models import KeyVersion
from item_bank import corrections


@dataclass(frozen=True)
class Delivery:
    """A corrected key on its way: its name and who answers for it, nothing of the key."""

    key_seal: str
    form_id: str
    n: int
    replaces: str
    calibration: str
    reason: str
    proposed_by: str
    approved_by: str
    approved: datetime
    public_key: str
    signature: str


def known(db: Session) -> tuple[frozenset[str], frozenset[str]]:
    """Name the corrected keys that were delivered, and the forms that are here."""
    return frozenset(db.scalars(select(KeyVersion.key_seal))), frozenset(db.scalars(select(Form.form_id)))


def approved(vault: Session, known: Collection[str], form_ids: Collection[str]) -> list[Delivery]:
    """Read from the vault which keys were corrected, of forms that are here already; the next sweep brings others."""
    return [
        Delivery(
            row.key_seal, row.form_id, decision.n or 0, row.replaces, row.calibration, row.reason, row.who,
            decision.who, decision.at, decision.public_key or "", decision.signature or "",
        )
        for row, decision in corrections.approved(vault, known=known) if row.form_id in form_ids
    ]  # fmt: skip


def take_in(db: Session, deliveries: Sequence[Delivery], now: datetime) -> int:
    """Keep that keys were corrected, and have every sealed sheet of their forms scored under them too.

    Safe to repeat; gives how many were new.
    """
    new = [one for one in deliveries if insert_new(db, KeyVersion, **asdict(one), delivered=now)]
    for one in new:
        score_again(db, one.form_id, now)
    return len(new)


def score_again(db: Session, form_id: str, now: datetime) -> int:
    """Ask for the scores that sealed sheets of a form lack under any of its keys; gives how many sheets there are."""
    wanted = select(Sheet.attempt_id).join(Attempt, Attempt.attempt_id == Sheet.attempt_id)
    attempts = db.scalars(wanted.where(Attempt.form_id == form_id)).all()
    queue.enqueue_many(db, "score_attempt", map(str, attempts), now)
    return len(attempts)
