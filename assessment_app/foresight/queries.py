"""What a wave would report under a rule set that does not decide yet."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.foresight.rules import Numbers, Person, foreseen, reported
from assessment_app.rule_sets import queries as rule_sets
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring import queries as scores


def people(db: Session, agency_id: UUID, wave_id: UUID, wanted: RuleSet) -> list[Person]:
    """Judge everybody of a wave who has a profile, as it is and under the wanted rule set; nothing is written."""
    rows = scores.profiles(db, agency_id, wave_id)
    names = {profile.rule_set for profile, _booking in rows}
    made = {sha256: Numbers.of(rule_sets.rule_set(db, sha256).document) for sha256 in names}
    profiles, own = [profile.document for profile, _ in rows], [made[profile.rule_set] for profile, _ in rows]
    after = foreseen(profiles, own, Numbers.of(wanted.document))
    return [
        Person(profile.sitting_id, booking.name, booking.nip, booking.unit, reported(profile.document, known), then)
        for (profile, booking), known, then in zip(rows, own, after, strict=True)
    ]
