"""What the nine-box page shows: an agency's newest placements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.review.queries.story import Told
from assessment_app.review.rules.deciding import Boxed
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import Rules
from assessment_app.rule_sets.rules import read as read_rules
from assessment_app.scheduling.models import Booking, Wave
from assessment_app.scoring.models import Profile
from assessment_app.talent.messages import DEFINITION_NAMES
from assessment_app.talent.models import Placement
from assessment_app.talent.rules import PROFILING, Placed, position, profiling_box


@dataclass(frozen=True)
class Overview:
    """The people of a wave who have a result, and the newest rule set that the results rest on."""

    people: Sequence[Placed]
    rule_set: RuleSet
    rules: Rules
    rule_sets: int


def overview(db: Session, agency_id: UUID, wave: Wave) -> Overview | None:
    """Show where a wave's results place its people; nothing while nobody is placed."""
    rows = placements(db, agency_id, PROFILING, wave.wave_id)
    found = {placement.rule_set: numbers.rule_set(db, placement.rule_set) for placement, _, _ in rows}
    if not found:
        return None
    read = {sha256: read_rules(rule_set.document) for sha256, rule_set in found.items()}
    newest = max(found.values(), key=lambda one: (one.effective, one.sha256))
    people = [_placed(*row, wave, read[row[0].rule_set]) for row in rows]
    return Overview(people, newest, read[newest.sha256], len(found))


def _placed(placement: Placement, profile: Profile, booking: Booking, wave: Wave, rules: Rules) -> Placed:
    return Placed(
        sitting_id=placement.sitting_id, name=booking.name, nip=booking.nip, post=booking.post, unit=booking.unit,
        job_level=booking.job_level,
        rests_on_demonstration=wave.demonstration or "assumed" in profile.document["parameters"],
        **position(profile.document, placement.document, rules.numbering),
    )  # fmt: skip


def boxes(db: Session, profile: Profile, document: Mapping[str, Any], now: datetime) -> Sequence[Boxed]:
    """Tell into which boxes a document of a profile leads at a moment, as it is or as somebody would sign it."""
    rules = read_rules(numbers.rule_set(db, profile.rule_set).document)
    placed = profiling_box(document, rules)
    return [Boxed(DEFINITION_NAMES[PROFILING], placed["box"], placed["chance"])]


def placed(db: Session, agency_id: UUID, sitting_id: int) -> Sequence[Told]:
    """Tell when a sitting was placed, and where, for the story of its review."""
    wanted = select(Placement).where(Placement.sitting_id == sitting_id, Placement.agency_id == agency_id)
    return [
        Told(one.placed, "placed", detail={"definition": DEFINITION_NAMES[one.definition], "box": one.box})
        for one in db.scalars(wanted)
    ]


def placements(
    db: Session, agency_id: UUID, definition: str, wave_id: UUID | None = None
) -> Sequence[tuple[Placement, Profile, Booking]]:
    """List the newest placement of each sitting with its profile and booking, by name."""
    newest = (
        select(Placement.sitting_id, func.max(Placement.placed).label("placed"))
        .where(Placement.agency_id == agency_id, Placement.definition == definition)
        .group_by(Placement.sitting_id).subquery()
    )  # fmt: skip
    same_profile = and_(
        Profile.sitting_id == Placement.sitting_id, Profile.inputs_sha256 == Placement.profile_inputs
    )  # fmt: skip
    wanted = (
        select(Placement, Profile, Booking)
        .join(newest, (newest.c.sitting_id == Placement.sitting_id) & (newest.c.placed == Placement.placed))
        .join(Profile, same_profile)
        .join(Sitting, Sitting.sitting_id == Placement.sitting_id)
        .join(Booking, Booking.booking_id == Sitting.booking_id)
        .where(Placement.agency_id == agency_id, Placement.definition == definition)
        .order_by(Booking.name)
    )  # fmt: skip
    if wave_id is not None:
        wanted = wanted.where(Placement.wave_id == wave_id)
    return [(placement, profile, booking) for placement, profile, booking in db.execute(wanted)]
