"""From results to placements, many people at once: the system proposes, people decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.platform import audit
from assessment_app.platform.db import insert_all_new
from assessment_app.scoring import queries as scores
from assessment_app.talent.models import CurrentPlacement, Placement
from assessment_app.talent.queries import placing as queries
from assessment_app.talent.queries.placing import Numbers, Subject
from assessment_app.talent.rules import PROFILING, TALENT, placing
from assessment_app.talent.rules.placing import Basis
from assessment_app.talent.rules.profiling import profiling_boxes
from assessment_app.talent.rules.talent import talent_boxes
from scoring_engine.canonical import canonical, digest

AT_ONCE = 1000
"""People whose documents are in memory at the same time."""

KEPT = (
    "nip",
    "name",
    "unit",
    "post",
    "job_level",
    "birth_date",
    "agency_id",
    "wave_id",
    "employee_id",
    "demonstration",
)
"""What a pointer copies of a person."""

Rows = tuple[dict[str, Any], dict[str, Any]]
"""A placement, and the pointer to it."""


def place_all(db: Session, sitting_ids: Iterable[int], now: datetime) -> int:
    """Place the newest result of each sitting under both definitions; gives how many had one.

    Nothing for who has none yet: whoever learns something new about a person asks for it (job ``place``), without
    knowing how far the results are.

    A result is what an assessor signed, else the newest profile; it is placed under the rule set that it was made with.
    Safe to repeat: on the same basis (result, rules, evidence) it is the same placement, and no row is added. What
    counts now is what the newest basis leads to, also when that is one which was there before.
    Refuses with IncompleteRules when a rule set does not hold together.
    """
    asked, placed = sorted(set(sitting_ids)), 0
    for start in range(0, len(asked), AT_ONCE):
        chunk = asked[start : start + AT_ONCE]
        scores.lock(db, chunk)
        rows = list(computed_now(db, chunk, now))
        if rows:
            _keep(db, rows)
        placed += len(rows) // len((PROFILING, TALENT))
    return placed


def computed_now(db: Session, sitting_ids: Sequence[int], now: datetime) -> Iterator[Rows]:
    """Compute the placements of each sitting's newest result, under the rule set that it was made with. Only reads."""
    groups: dict[str, list[Subject]] = {}
    for one in queries.subjects(db, sitting_ids):
        groups.setdefault(one.profile.rule_set, []).append(one)
    for rule_set, group in groups.items():
        yield from computed(db, group, queries.numbers(db, rule_set), now)


def computed(
    db: Session, group: Sequence[Subject], numbers: Numbers, now: datetime, known_at: datetime | None = None
) -> Iterator[Rows]:
    """Compute placements of results under one rule set. Only reads.

    ``known_at`` leaves out evidence that was recorded later, so that an old placement can be computed again.
    """
    cases, days = queries.cases(db, group, numbers.document, now, known_at)
    official = talent_boxes(cases, numbers.formula)
    early = profiling_boxes([one.result for one in group], numbers.rules)
    for n, one in enumerate(group):
        evidence = placing.evidence_hash(cases[n].components, cases[n].predicate)
        for definition, found, rests_on in ((PROFILING, early[n], None), (TALENT, official[n], evidence)):
            profile = one.profile
            basis = Basis(definition, profile.sha256, one.signed, profile.rule_set, rests_on)
            yield _rows(one, basis, found, numbers, days[n], now)


def _rows(
    one: Subject, basis: Basis, found: Mapping[str, Any], numbers: Numbers, as_of: date, now: datetime
) -> Rows:  # fmt: skip
    body = canonical(placing.placement(basis, found, as_of))
    key = {"sitting_id": one.person.sitting_id, "definition": basis.definition, "inputs_sha256": basis.named()}
    row = key | {
        "profile_inputs": one.profile.inputs_sha256, "signed_sha256": one.signed, "rule_set": one.profile.rule_set,
        "agency_id": one.person.agency_id, "wave_id": one.person.wave_id, "state": basis.state, "box": found["box"],
        "document": msgspec.json.decode(body), "sha256": digest(body), "placed": now,
    }  # fmt: skip
    shown = placing.shown(basis.definition, found, one.result, numbers.rules.numbering)
    pointer = key | {name: getattr(one.person, name) for name in KEPT} | shown
    pointer["demonstration"] = one.person.demonstration or "assumed" in one.result["parameters"]
    return row, pointer | {"rule_set": one.profile.rule_set, "state": basis.state}


def _keep(db: Session, rows: Sequence[Rows]) -> None:
    """Add what is new, and point at what counts now."""
    insert_all_new(db, Placement, [row for row, _ in rows])
    sittings = {pointer["sitting_id"] for _, pointer in rows}
    db.execute(delete(CurrentPlacement).where(CurrentPlacement.sitting_id.in_(sittings)))
    db.execute(insert(CurrentPlacement), [pointer for _, pointer in rows])


def note_export(
    db: Session, agency_id: UUID, by: Actor, wave_id: UUID, detail: Mapping[str, object], now: datetime
) -> None:
    """Keep that somebody took the placements of a wave out of the system, and which of them."""
    act = audit.Act(
        agency_id, by.name, "placement.export", f"wave:{wave_id}", origin=by.origin, detail=detail
    )  # fmt: skip
    audit.record(db, act, now)
