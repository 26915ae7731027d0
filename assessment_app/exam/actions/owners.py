"""Whether whoever writes to a sitting may: its device owns it, and no proctor holds it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from assessment_app.exam.queries import facts
from assessment_app.exam.refusals import Locked, Paused, SittingElsewhere
from assessment_app.exam.rules import Owner


def owned_sitting(db: Session, owner: Owner) -> facts.Facts:
    """Hold a sitting for the device that owns it; refuses as ``check_owner`` does."""
    facts.hold(db, owner.sitting_id)
    found = facts.of(db, owner.sitting_id)
    check_owner(found, owner)
    return found


def check_owner(found: facts.Facts, owner: Owner) -> None:
    """Refuse with SittingElsewhere whoever owned a sitting once, and with Locked or Paused while a proctor holds it."""
    check_device(found, owner)
    if found.is_held:
        raise Locked if found.is_locked else Paused


def check_device(found: facts.Facts, owner: Owner) -> None:
    """Refuse with SittingElsewhere whoever owned a sitting once: what is said to and fro no pause holds up."""
    if found.epoch != owner.epoch:
        raise SittingElsewhere
