"""From sealed sheets to scores, from scores to profiles. Runs in workers only: this module can read keys.

Both steps are pure functions of what they are given (sheets, keys, rules, engine version), computed for many at once
between a transaction that only reads and a short one that writes, so computing again gives the same bytes and nobody
else waits. Each gets what it gets alone. Whoever cannot be served is named, with a reason that a person can act on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import numpy as np
from sqlalchemy.orm import Session

from assessment_app.exam.queries import facts
from assessment_app.job_standards import queries as standards
from assessment_app.job_standards.rules import Standard
from assessment_app.platform import queue
from assessment_app.platform.db import insert_all_new
from assessment_app.platform.errors import NotFound
from assessment_app.platform.queue import Hopeless
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.scheduling.messages import REHEARSAL
from assessment_app.scoring import queries, rules
from assessment_app.scoring.actions.current import point
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.queries import Sat, Sealed
from assessment_app.scoring.rules import Terms
from assessment_app.scoring.rules.faults import Reason, fault_of_sheet
from item_bank import keys
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import canonical, digest
from scoring_engine.recipes import signs
from scoring_engine.recipes.answers import Unfit, Unmodelled
from scoring_engine.recipes.scoring import tell

Made = TypeVar("Made")


@dataclass
class Outcome(Generic[Made]):
    """What came of many: what was made, and who was refused, by the identifier that was asked for."""

    made: list[Made] = field(default_factory=list)
    refused: dict[int, Hopeless] = field(default_factory=dict)

    def refuse(self, them: Iterable[int], reason: Reason, message: str) -> None:
        """Refuse some for one reason."""
        self.refused |= {one: Hopeless(reason, message) for one in them}


@dataclass(frozen=True)
class Scored:
    """A score to be kept, with the sitting that it belongs to."""

    sealed: Sealed
    body: bytes


@dataclass(frozen=True)
class Profiled:
    """A profile to be kept: its document as canonical bytes, named by the hash of its inputs."""

    sat: Sat
    rule_set: str
    inputs_sha256: str
    body: bytes


def score_attempts(
    db: Session, vault: Session, attempt_ids: Collection[int], kept: Collection[tuple[int, str]] = ()
) -> Outcome[Scored]:
    """Score sealed sheets, all of one key together: each with the key that it names and with every corrected one.

    What is ``kept`` already, as (attempt, seal of the key), is left out. Only reads.
    Raises Unfit when one of several sheets holds an answer that its key does not know: which, it tells of one alone.
    """
    done: Outcome[Scored] = Outcome()
    found = queries.sealed_sheets(db, attempt_ids)
    done.refuse(set(attempt_ids) - {one.attempt_id for one in found}, Reason.NO_SHEET, "there is no sealed sheet")
    whole, corrected = [], queries.corrected_keys(db, attempt_ids)
    for one in found:
        if fault := fault_of_sheet(one.attempt_id, one.body, one.sha256, (one.key_seal, one.form_seal)):
            done.refuse([one.attempt_id], *fault)
        else:
            under = (one.key_seal, *corrected.get(one.attempt_id, ()))
            whole += [replace(one, key_seal=seal) for seal in under if (one.attempt_id, seal) not in kept]
    for key_seal, group in groupby(sorted(whole, key=_by_key), lambda one: one.key_seal):
        _score_form(vault, key_seal, list(group), done)
    return done


def _by_key(sealed: Sealed) -> tuple[str, int]:
    return sealed.key_seal, sealed.attempt_id


def _by_attempt(sealed: Sealed) -> tuple[int, str]:
    return sealed.attempt_id, sealed.key_seal


def _by_agency(sat: Sat) -> tuple[UUID, int]:
    return sat.agency_id, sat.sitting_id


def _score_form(vault: Session, key_seal: str, sheets: Sequence[Sealed], done: Outcome[Scored]) -> None:
    """Score the sheets of one key; a key that is no good refuses all of them."""
    them = [one.attempt_id for one in sheets]
    try:
        key = keys.key_of(vault, key_seal)
        said = [msgspec.json.decode(one.body) for one in sheets]
        told = score_sheets(key, [one["answers"] for one in said])
        manner = signs_of(key, key_seal, said)
    except keys.NoSuchKey:
        done.refuse(them, Reason.NO_KEY, f"the vault holds no key with the seal {key_seal}")
    except (keys.BrokenSeal, msgspec.ValidationError):
        done.refuse(them, Reason.BROKEN_KEY, f"the key under the seal {key_seal} is not what was sealed")
    except Unmodelled:
        done.refuse(them, Reason.NO_PARAMETERS, f"an item of the key {key_seal} has no parameters that fit it")
    except Unfit:
        if len(sheets) > 1:
            raise
        done.refuse(them, Reason.UNKNOWN_ANSWER, f"the key {key_seal} does not know an answer of this sheet")
    else:
        each = zip(sheets, told, manner, strict=True)
        done.made += [Scored(one, _score_body(one, key, scores, how)) for one, scores, how in each]


def _score_body(sealed: Sealed, key: keys.Key, told: Mapping[str, Any], manner: Mapping[str, Any]) -> bytes:
    return canonical({
        "schema": "proasn/score/1", "attempt": sealed.attempt_id, "sheet": sealed.sha256, "key_seal": sealed.key_seal,
        "engine": ENGINE_VERSION, "parameters": key.parameters, **told, "validity": {"part": sealed.n, **manner},
    })  # fmt: skip


def score_sheets(key: keys.Key, answers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Compute all that a form measures from the answers on some sheets. Pure; what is unanswered stays so."""
    return tell(answers, *keys.for_scoring(key))


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


def keep_scores(db: Session, scored: Sequence[Scored], now: datetime) -> None:
    """Keep scores, ask for the profiles that may now be whole, and for what does not count to be put beside them.

    Safe to repeat.
    """
    rows = [
        {
            "attempt_id": one.sealed.attempt_id, "key_seal": one.sealed.key_seal, "engine_version": ENGINE_VERSION,
            "sheet_sha256": one.sealed.sha256, "body": one.body, "sha256": digest(one.body), "scored": now,
        }
        for one in sorted(scored, key=lambda one: _by_attempt(one.sealed))
    ]  # fmt: skip
    insert_all_new(db, Score, rows)
    for task, counts in (("make_profile", True), ("compare_versions", False)):
        mine = [one.sealed for one in scored if (one.sealed.key_seal == one.sealed.counts) == counts]
        queue.enqueue_many(db, task, (str(one.sitting_id) for one in mine), now)


def go_without(db: Session, form_id: str, now: datetime) -> None:
    """Ask for the profiles that waited for a form which was withdrawn before it was begun. Safe to repeat."""
    queue.enqueue_many(db, "make_profile", map(str, facts.sittings_going_without(db, form_id)), now)


def make_profiles(db: Session, sitting_ids: Collection[int], now: datetime) -> Outcome[Profiled]:
    """Put the scores of sittings together, where none is missing any more. Only reads.

    What is sat in a rehearsal never becomes a result.
    """
    done: Outcome[Profiled] = Outcome()
    # Before the scores: of a choice that is made in between, a profile may know less than it follows, never more.
    choices = queries.choices(db, sitting_ids)
    scores = queries.scores_of(db, sitting_ids, ENGINE_VERSION)
    found = [replace(one, choices=choices.get(one.sitting_id, {})) for one in queries.sat(db, list(scores))]
    done.refuse(scores.keys() - {one.sitting_id for one in found}, Reason.NO_SHEET, "there is no such sitting")
    whole = [one for one in found if one.purpose != REHEARSAL]
    for agency_id, group in groupby(sorted(whole, key=_by_agency), lambda one: one.agency_id):
        _profile_agency(db, agency_id, [(one, scores[one.sitting_id]) for one in group], now, done)
    return done


Given = tuple[Sat, Sequence[queries.Kept]]
Measured = tuple[Sat, Sequence[queries.Kept], Standard]


def _profile_agency(
    db: Session, agency_id: UUID, people: Sequence[Given], now: datetime, done: Outcome[Profiled]
) -> None:  # fmt: skip
    """Make the profiles of an agency's people under the rules that are in force for it."""
    try:
        in_force = numbers.in_force(db, agency_id, now)
        terms = rules.terms(in_force.document)
    except (NotFound, IncompleteRules) as error:
        done.refuse([sat.sitting_id for sat, _ in people], Reason.NO_RULES, f"agency {agency_id}: {error}")
        return
    required = standards.required(db, [sat.booking for sat, _ in people], terms.rules.standard)
    measured = []
    for sat, scores in people:
        standard = required[sat.booking.booking_id]
        if isinstance(standard, str):
            done.refuse([sat.sitting_id], Reason.NO_STANDARD, standard)
        else:
            measured.append((sat, scores, standard))
    done.made += _profiles(measured, in_force, terms)


def _profiles(people: Sequence[Measured], in_force: RuleSet, terms: Terms) -> list[Profiled]:
    begun = [
        rules.describe_scores(
            [msgspec.json.decode(score.body) for score in scores], terms, sat.booking.job_level, standard.levels
        )
        for sat, scores, standard in people
    ]
    documents = rules.with_match_chances(begun, terms)
    return [_profiled(*one, in_force.sha256, document) for one, document in zip(people, documents, strict=True)]


def _profiled(
    sat: Sat, scores: Sequence[queries.Kept], standard: Standard, rule_set: str, document: Mapping[str, Any]
) -> Profiled:  # fmt: skip
    inputs = {
        "schema": "proasn/profile-inputs/1", "scores": [score.sha256 for score in scores], "rules": rule_set,
        "job_level": sat.booking.job_level, "standard": standard.written(),
    } | ({"choices": sat.choices} if sat.choices else {})  # fmt: skip
    told = {"standard": standard.levels, "standard_source": standard.source, "inputs": inputs}
    return Profiled(sat, rule_set, digest(canonical(inputs)), canonical({**document, **told}))


def keep_profiles(db: Session, profiled: Sequence[Profiled], now: datetime) -> None:
    """Keep profiles, point at the newest, ask for the placements, and for what other keys lead to. Safe to repeat."""
    sittings = sorted({one.sat.sitting_id for one in profiled})
    queries.lock(db, sittings)
    rows = [
        {
            "sitting_id": one.sat.sitting_id, "inputs_sha256": one.inputs_sha256, "agency_id": one.sat.agency_id,
            "rule_set": one.rule_set, "document": msgspec.json.decode(one.body), "sha256": digest(one.body),
            "made": now,
        }
        for one in sorted(profiled, key=lambda one: one.sat.sitting_id)
    ]  # fmt: skip
    insert_all_new(db, Profile, rows)
    point(db, sittings)
    queue.enqueue_many(db, "place", map(str, sittings), now)
    queue.enqueue_many(db, "compare_versions", map(str, queries.with_versions(db, sittings)), now)
