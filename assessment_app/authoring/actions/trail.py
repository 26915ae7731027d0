"""One way to write what was done in the vault into its trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.platform import audit


def record(
    db: Session, action: str, subject: str, by: Actor, now: datetime, reason: str = "",
    detail: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """Record an act."""
    act = audit.Act(by.agency_id, by.name, action, subject, reason=reason, origin=by.origin, detail=detail or {})
    audit.record(db, act, now)
