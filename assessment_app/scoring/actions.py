"""From a sealed sheet to scores, from scores to a profile. Runs in workers only: this module can read keys.

Both steps are pure functions of what they are given (sheet, key, rules, engine version) around which one transaction
reads and writes, so computing again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from sqlalchemy.orm import Session

from assessment_app.exam.models import Sitting
from assessment_app.exam.queries import facts
from assessment_app.job_standards import queries as standards
from assessment_app.platform import queue
from assessment_app.platform.db import insert_new
from assessment_app.platform.errors import Conflict
from assessment_app.rule_sets import queries as numbers
from assessment_app.scheduling.messages import REHEARSAL
from assessment_app.scheduling.models import Wave
from assessment_app.scoring import queries, rules
from assessment_app.scoring.models import Profile, Score
from item_bank import keys
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import canonical, digest
from scoring_engine.recipes import signs
from scoring_engine.recipes.scoring import score


def score_attempt(db: Session, vault: Session, attempt_id: int, now: datetime) -> None:
    """Score a sealed sheet with the key that its form names, and ask for the profile. Safe to repeat."""
    sheet, attempt = queries.sealed_sheet(db, attempt_id)
    key = keys.key_of(vault, sheet.key_seal)
    said: dict[str, Any] = msgspec.json.decode(sheet.body)
    body = canonical({
        "schema": "proasn/score/1", "attempt": attempt_id, "sheet": sheet.sha256, "key_seal": sheet.key_seal,
        "engine": ENGINE_VERSION, "parameters": key.parameters, **score_sheet(key, said["answers"]),
        "validity": {"part": attempt.n} | signs_of(key, sheet.key_seal, [said])[0],
    })  # fmt: skip
    insert_new(
        db, Score, attempt_id=attempt_id, key_seal=sheet.key_seal, engine_version=ENGINE_VERSION,
        sheet_sha256=sheet.sha256, body=body, sha256=digest(body), scored=now,
    )  # fmt: skip
    queue.enqueue(db, "make_profile", str(attempt.sitting_id), now)


def go_without(db: Session, form_id: str, now: datetime) -> None:
    """Ask for the profiles that waited for a form which was withdrawn before it was begun. Safe to repeat."""
    for sitting_id in facts.sittings_going_without(db, form_id):
        queue.enqueue(db, "make_profile", str(sitting_id), now)


def make_profile(db: Session, sitting_id: int, now: datetime) -> None:
    """Put a sitting's scores together and ask for the placement; does nothing while one is missing. Safe to repeat."""
    scores = queries.scores_of(db, sitting_id, ENGINE_VERSION)
    if scores is None:
        return
    sitting = db.get_one(Sitting, sitting_id)
    in_force = numbers.in_force(db, sitting.agency_id, now)
    if db.get_one(Wave, sitting.wave_id).purpose == REHEARSAL:
        return  # what is sat in a rehearsal never becomes a result
    terms = rules.terms(in_force.document)
    (standard,) = standards.required(db, [sitting.booking], terms.rules.standard).values()
    if isinstance(standard, str):
        raise NoStandard(standard)
    inputs = {
        "schema": "proasn/profile-inputs/1", "scores": [score.sha256 for score in scores],
        "rules": in_force.sha256, "job_level": sitting.booking.job_level, "standard": standard.written(),
    }  # fmt: skip
    bodies = [msgspec.json.decode(score.body) for score in scores]
    document = rules.describe(bodies, terms, sitting.booking.job_level, standard.levels)
    told = {"standard": standard.levels, "standard_source": standard.source, "inputs": inputs}
    body = canonical(document | told)
    insert_new(
        db, Profile, sitting_id=sitting_id, inputs_sha256=digest(canonical(inputs)), agency_id=sitting.agency_id,
        rule_set=in_force.sha256, document=msgspec.json.decode(body), sha256=digest(body), made=now,
    )  # fmt: skip
    queue.enqueue(db, "place", str(sitting_id), now)


class NoStandard(Conflict):
    """Nobody can be matched with a post of which no standard is known; says who, and what to do."""

    slug = "no-standard"


_FORMS: dict[str, tuple[signs.Form, dict[str, float] | None]] = {}
"""By key seal; the limits of a form are simulated once in a process. There are as many as forms that are scored."""


def signs_of(key: keys.Key, key_seal: str, sheets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Tell how the sheets of one form were worked at, beside their scores: the same for one sheet as among thousands.

    Takes sheets as they were sealed. Times are in the order of the form, 0 where there is none.
    """
    if key_seal not in _FORMS:
        form = signs.Form(*keys.for_scoring(key))
        _FORMS[key_seal] = form, signs.fit_cuts(form, np.random.default_rng(int(key_seal[:16], 16)))
    form, cuts = _FORMS[key_seal]
    found = signs.signs([sheet["answers"] for sheet in sheets], form, cuts)
    return [one | _manner(sheet, form) for one, sheet in zip(found, sheets, strict=True)]


def _manner(sheet: Mapping[str, Any], form: signs.Form) -> dict[str, Any]:
    """Carry over what the sheet tells of times and arrivals; one that was sealed before sheets told it has none."""
    how = sheet.get("how", {})
    spent = how.get("spent_ms", {})
    counts = {name: how.get(name, 0) for name in ("late", "aside", "recovered")}
    return {"spent_ms": [spent.get(item, 0) for item in form.key], "time_ms": how.get("time_ms", {}), **counts}


def score_sheet(key: keys.Key, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Compute all that a form measures from one sheet's answers. Pure; what is unanswered stays so."""
    told: dict[str, Any] = msgspec.json.decode(score(answers, *keys.for_scoring(key)))
    return told
