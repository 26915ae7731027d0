"""Results of a rehearsed wave beside what is true of its people: every construct, and the boxes of both definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from assessment_app.commands.rehearse.cast import Cast
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.recompute import queries as computed
from assessment_app.rehearsal.messages import Staged
from assessment_app.rehearsal.rules.validity import agreement, calibration
from assessment_app.scoring.rules import Terms, describe, terms
from assessment_app.talent import actions as talent
from assessment_app.talent.queries import placing
from assessment_app.talent.queries.placing import Subject
from scoring_engine.standards.levels import attained_level

SURE = 1e-9
"""The standard error of what is known."""

Row = Mapping[str, Any]


def validity_of(staged: Staged, cast: Cast) -> dict[str, Any] | None:
    """Compare results with the truth; nothing where no result was made.

    Whoever clicked through without reading is left out: no model speaks of them.
    """
    place = {one.nip: n for n, one in enumerate(cast.seated) if not cast.days[n].is_rapid}
    with transaction(reads_only=True) as db:
        sittings = [sitting_id for sitting_id, nip in computed.sittings(db, staged.wave_id) if nip in place]
        subjects = placing.subjects(db, sittings)
        if not subjects:
            return None
        persons = [place[one.person.nip] for one in subjects]
        return {"constructs": list(_constructs(subjects, persons, cast)), "boxes": _boxes(db, subjects, persons, cast)}


def measured(result: Row) -> Iterator[Row]:
    """Give everything that a profile measures on a scale."""
    for group in (result["competencies"], result["potential"]["aspects"], result["literacy"]):
        yield from (one for one in group if one["theta"] is not None)


def _constructs(subjects: list[Subject], persons: list[int], cast: Cast) -> Iterator[dict[str, Any]]:
    told = [{one["construct"]: one["theta"] for one in measured(subject.result)} for subject in subjects]
    for name in sorted({name for one in told for name in one}):
        yield agreement(name, cast.truth.of(name)[persons], [one.get(name, np.nan) for one in told])


def _boxes(db: Session, subjects: list[Subject], persons: list[int], cast: Cast) -> list[dict[str, Any]]:
    """Place everybody as measured and as they truly are, by the same rules and the same evidence."""
    now, found = clock.now(), dict[str, list[tuple[Row, Row]]]()
    by_rules: dict[str, list[tuple[Subject, int]]] = {}
    for subject, person in zip(subjects, persons, strict=True):
        by_rules.setdefault(subject.profile.rule_set, []).append((subject, person))
    for rules, pairs in by_rules.items():
        numbers = placing.numbers(db, rules)
        known = terms(numbers.document)
        true = [replace(one, result=truly(one, person, cast, known)) for one, person in pairs]
        as_measured = talent.computed(db, [one for one, _ in pairs], numbers, now)
        as_it_is = talent.computed(db, true, numbers, now)
        for (row, _), (true_row, _) in zip(as_measured, as_it_is, strict=True):
            if row["box"] is not None and true_row["box"] is not None:
                found.setdefault(row["definition"], []).append((row, true_row))
    return [_judged(definition, rows) for definition, rows in sorted(found.items())]


def _judged(definition: str, rows: list[tuple[Row, Row]]) -> dict[str, Any]:
    true = [int(other["box"]) - 1 for _, other in rows]
    right = float(np.mean([row["box"] == other["box"] for row, other in rows]))
    stated = [row["document"]["chances"] for row, _ in rows]
    return {"definition": definition, "people": len(rows), "right": right,
            "stated": float(np.mean([row["document"]["chance"] for row, _ in rows])),
            "bins": calibration(stated, true)}  # fmt: skip


def truly(subject: Subject, person: int, cast: Cast, rules: Terms) -> dict[str, Any]:
    """Write the profile that somebody would have if everything that was measured were known."""
    scores = []
    for one in measured(subject.result):
        theta = float(cast.truth.of(one["construct"])[person])
        score = {"construct": one["construct"], "answered": 1, "theta": theta, "se": SURE}
        if one.get("cuts"):
            level = int(attained_level([theta], one["cuts"])[0])
            chances = [float(n == level - 1) for n in range(len(one["cuts"]) + 1)]
            score |= {"level": level, "levels": chances, "cuts": one["cuts"]}
        scores.append(score)
    standard = {one["construct"]: one["required"] for one in subject.result["competencies"]}
    body = {"parameters": "assumed", "constructs": scores}
    return describe([body], rules, subject.person.job_level, standard)
