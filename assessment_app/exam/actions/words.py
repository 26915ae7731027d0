"""How a participant calls for a proctor, and says that what a proctor wrote was read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.exam.actions import events
from assessment_app.exam.actions.owners import check_device, owned_sitting
from assessment_app.exam.messages.words import Assistance, WasRead
from assessment_app.exam.queries import facts, words
from assessment_app.exam.rules import HELP, HELPED, READ, Owner


def call(db: Session, owner: Owner, wanted: Assistance, now: datetime) -> None:
    """Call for a proctor, or take the call back. Safe to repeat.

    Refuses with SittingElsewhere, and a call with Locked or Paused: a proctor is at the seat.
    """
    if wanted.wanted:
        owned_sitting(db, owner)
    else:
        _hold(db, owner)
    open_call = words.messages(db, owner.sitting_id).call
    if wanted.wanted and (open_call is None or open_call.reason != wanted.reason.strip()):
        events.note(db, owner.sitting_id, HELP, now, wanted.reason.strip())
    if not wanted.wanted and open_call is not None:
        events.note(db, owner.sitting_id, HELPED, now)


def read(db: Session, owner: Owner, said: WasRead, now: datetime) -> None:
    """Keep that what a proctor wrote was read, up to a number.

    Safe to repeat, also while a proctor holds the sitting; refuses with SittingElsewhere.
    """
    _hold(db, owner)
    unread = [word.number for word in words.messages(db, owner.sitting_id).words if not word.read]
    meant = [number for number in unread if number <= said.number]
    if meant:
        events.note(db, owner.sitting_id, READ, now, str(max(meant)))


def _hold(db: Session, owner: Owner) -> None:
    facts.hold(db, owner.sitting_id)
    check_device(facts.of(db, owner.sitting_id), owner)
