"""Which numbers are in force, and which a result was made with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.platform.errors import NotFound
from assessment_app.rule_sets.models import RuleSet

STANDARD = "aturan-baku"
"""The rule set that comes with a release."""


def in_force(db: Session, now: datetime) -> RuleSet:
    """Give the newest rule set that is in force; refuses with NotFound."""
    wanted = select(RuleSet).where(RuleSet.name == STANDARD, RuleSet.effective <= now)
    found = db.scalar(wanted.order_by(RuleSet.effective.desc(), RuleSet.sha256).limit(1))
    if found is None:
        raise NotFound(f"no rule set '{STANDARD}' is in force; run: proasn migrate")
    return found


def rule_set(db: Session, sha256: str) -> RuleSet:
    """Give the rule set that a result names."""
    return db.get_one(RuleSet, sha256)
