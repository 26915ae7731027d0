"""What placing tells an assessor: where a result leads before it is signed, and where it was placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.review.queries.story import Told
from assessment_app.review.rules.deciding import Boxed
from assessment_app.scoring.models import Profile
from assessment_app.talent.messages.words import DEFINITION_NAMES
from assessment_app.talent.models import Placement
from assessment_app.talent.queries import placing
from assessment_app.talent.rules import PROFILING, TALENT
from assessment_app.talent.rules.profiling import profiling_boxes
from assessment_app.talent.rules.talent import talent_boxes


def boxes(db: Session, profile: Profile, document: Mapping[str, Any], now: datetime) -> Sequence[Boxed]:
    """Tell into which boxes a document of a profile leads at a moment, as it is or as somebody would sign it."""
    subject, numbers = placing.subject_of(db, profile, document), placing.numbers(db, profile.rule_set)
    cases, _days = placing.cases(db, [subject], numbers.document, now)
    found = {
        PROFILING: profiling_boxes([document], numbers.rules)[0],
        TALENT: talent_boxes(cases, numbers.formula)[0],
    }
    return [Boxed(DEFINITION_NAMES[name], one["box"], one["chance"]) for name, one in found.items()]


def placed(db: Session, agency_id: UUID, sitting_id: int) -> Sequence[Told]:
    """Tell when a sitting was placed, and where, for the story of its review."""
    wanted = select(Placement).where(Placement.sitting_id == sitting_id, Placement.agency_id == agency_id)
    return [
        Told(one.placed, "placed", detail={"definition": DEFINITION_NAMES[one.definition], "box": one.box})
        for one in db.scalars(wanted.order_by(Placement.placed, Placement.definition))
    ]
