"""How a participant calls for a proctor, and says that what a proctor wrote was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.exam.actions import events, owned_sitting
from assessment_app.exam.messages.words import Assistance, WasRead
from assessment_app.exam.queries import words
from assessment_app.exam.rules import HELP, HELPED, READ, Owner


def call(db: Session, owner: Owner, wanted: Assistance, now: datetime) -> None:
    """Call for a proctor, or take the call back. Safe to repeat; refuses with SittingElsewhere or Locked."""
    owned_sitting(db, owner)
    open_call = words.messages(db, owner.sitting_id).call
    if wanted.wanted and (open_call is None or open_call.reason != wanted.reason.strip()):
        events.note(db, owner.sitting_id, HELP, now, wanted.reason.strip())
    if not wanted.wanted and open_call is not None:
        events.note(db, owner.sitting_id, HELPED, now)


def read(db: Session, owner: Owner, said: WasRead, now: datetime) -> None:
    """Keep that what a proctor wrote was read, up to a number.

    Safe to repeat; refuses with SittingElsewhere or Locked.
    """
    owned_sitting(db, owner)
    unread = [word.number for word in words.messages(db, owner.sitting_id).words if not word.read]
    meant = [number for number in unread if number <= said.number]
    if meant:
        events.note(db, owner.sitting_id, READ, now, str(max(meant)))
