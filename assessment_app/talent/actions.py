"""From a profile to a placement: the system proposes, people decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.platform.db import insert_new
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import read
from assessment_app.scoring import queries as scores
from assessment_app.talent import rules
from assessment_app.talent.models import Placement


def place(db: Session, sitting_id: int, now: datetime) -> None:
    """Place a sitting's newest profile under the rule set that it was made with. Safe to repeat."""
    profile = scores.newest_profile(db, sitting_id)
    in_force = read(db.get_one(RuleSet, profile.rule_set).document)
    document = rules.profiling_box(profile.document, in_force)
    sitting = db.get_one(Sitting, sitting_id)
    insert_new(
        db, Placement, sitting_id=sitting_id, profile_inputs=profile.inputs_sha256, definition=rules.PROFILING,
        rule_set=profile.rule_set, agency_id=profile.agency_id, wave_id=sitting.wave_id, box=document["box"],
        complete=document["box"] is not None, document=document, placed=now,
    )  # fmt: skip
