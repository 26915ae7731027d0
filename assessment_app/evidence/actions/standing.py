"""How much is known of each employee, kept for pages that count a province."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.evidence import queries
from assessment_app.evidence.models import EvidenceStanding
from assessment_app.evidence.queries.standing import Stale, Terms
from assessment_app.evidence.rules import COMPONENTS
from assessment_app.platform.db import insert_of

KEPT = ("agency_id", "rule_set", "as_of", "facts", "states")


def judge(db: Session, agency_id: UUID, terms: Terms, stale: Sequence[Stale]) -> None:
    """Judge some employees anew, and keep how much is known of each. Safe to repeat and at the same time.

    The facts were counted before they are read here: one that comes between leaves the row out of date, never wrong.
    """
    if not stale:
        return
    employee_ids = [one.employee_id for one in stale]
    known = queries.components(db, agency_id, employee_ids, terms.document, terms.as_of)
    rows = [
        {
            "employee_id": one.employee_id, "agency_id": agency_id, "rule_set": terms.rule_set, "as_of": terms.as_of,
            "facts": one.facts, "states": "".join(known[one.employee_id][name].state[0] for name in COMPONENTS),
        }
        for one in sorted(stale, key=lambda one: one.employee_id.hex)
    ]  # fmt: skip
    wanted = insert_of(db)(EvidenceStanding)
    newer = {name: wanted.excluded[name] for name in KEPT}
    db.execute(wanted.on_conflict_do_update(index_elements=["employee_id"], set_=newer), rows)


def judge_some(db: Session, agency_id: UUID, now: datetime, most: int) -> int:
    """Judge those of an agency's employees whose judgement is out of date, at most so many; gives how many."""
    terms = queries.terms(db, agency_id, now)
    stale = queries.stale(db, agency_id, terms, most)
    judge(db, agency_id, terms, stale)
    return len(stale)
