"""Which profile of a sitting is the newest, with a copy of what pages count, filter and sort by."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.rules import Rules, read
from assessment_app.scoring import queries
from assessment_app.scoring.models import CurrentProfile
from assessment_app.scoring.queries import Newest
from assessment_app.scoring.rules.sureness import basis, certainty, is_near_cut, potential_category, serious


def point(db: Session, sitting_ids: Collection[int]) -> None:
    """Point at the newest profile of each sitting that has one. Safe to repeat; the caller holds the sittings."""
    found = queries.newest(db, sitting_ids)
    if not found:
        return
    sets = {one.profile.rule_set for one in found}
    rules = {sha256: read(numbers.rule_set(db, sha256).document) for sha256 in sets}
    db.execute(delete(CurrentProfile).where(CurrentProfile.sitting_id.in_(sitting_ids)))
    db.execute(insert(CurrentProfile), [_pointer(one, rules[one.profile.rule_set]) for one in found])


def _pointer(one: Newest, rules: Rules) -> dict[str, Any]:
    profile, said = one.profile, one.profile.document
    return {
        "sitting_id": profile.sitting_id, "inputs_sha256": profile.inputs_sha256, "agency_id": profile.agency_id,
        "wave_id": one.wave_id, "rule_set": profile.rule_set, "sha256": profile.sha256,
        "certainty": certainty(said, rules), "near_cut": is_near_cut(said, rules), "serious": serious(said),
        "match": said["jpm"]["category"], "potential": potential_category(said, rules),
        "basis": msgspec.json.encode(basis(said)), "nip": one.nip, "name": one.name, "unit": one.unit,
    }  # fmt: skip
