"""What a wave would report under a rule set that does not decide yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment_app.foresight.rules import Likely, Numbers, Person, foreseen, likely, reported
from assessment_app.rule_sets import queries as rule_sets
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring.models import CurrentProfile

COLUMNS = (
    CurrentProfile.sitting_id, CurrentProfile.name, CurrentProfile.nip, CurrentProfile.unit, CurrentProfile.rule_set,
    CurrentProfile.match, CurrentProfile.potential, CurrentProfile.basis,
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """Everybody of a wave who has a profile, and what their results say of how aspects go together."""

    people: list[Person]
    likely: Likely | None
    assumed: float
    """What the wanted rule set says of it."""


NOBODY = Judged([], None, 0.0)


def judged(db: Session, agency_id: UUID, wave_id: UUID, wanted: RuleSet) -> Judged:
    """Judge everybody of a wave who has a profile, as it is and under the wanted rule set; nothing is written."""
    mine = select(*COLUMNS).where(CurrentProfile.agency_id == agency_id, CurrentProfile.wave_id == wave_id)
    rows: list[tuple[Any, ...]] = [
        tuple(row) for row in db.execute(mine.order_by(CurrentProfile.name, CurrentProfile.sitting_id))
    ]
    made = {name: Numbers.of(rule_sets.rule_set(db, name).document) for name in {row[4] for row in rows}}
    own = [made[row[4]] for row in rows]
    bases = msgspec.json.decode(b"[" + b",".join(row[-1] for row in rows) + b"]")  # at once: a third of the time
    numbers = Numbers.of(wanted.document)
    after = foreseen(bases, own, numbers)
    people = [
        Person(sitting_id, name, nip, unit, reported(match, potential, known), then)
        for (sitting_id, name, nip, unit, _, match, potential, _), known, then in zip(rows, own, after, strict=True)
    ]
    return Judged(people, likely(bases), numbers.rules.aspect_correlation)
