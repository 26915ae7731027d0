"""Other keys beside the one that counts, sitting by sitting; and in its place, once they were chosen. For workers.

All but the scores of one part stays as in the profile that counts: rules, standard, and the scores of the other parts.
So what differs comes from the key alone, and the document that was compared is the one that becomes the profile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from assessment_app.platform import queue
from assessment_app.platform.db import insert_all_new
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.rescoring.queries.basis import Basis, bases
from assessment_app.rescoring.rules import change, consequence
from assessment_app.scoring import actions as scoring
from assessment_app.scoring import queries as scores
from assessment_app.scoring.actions import Profiled
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.rules import described_again, terms, with_match_chances
from assessment_app.talent.queries import placing
from assessment_app.talent.queries.placing import Numbers, Person, Subject
from assessment_app.talent.rules import PROFILING, TALENT
from assessment_app.talent.rules.profiling import profiling_boxes
from assessment_app.talent.rules.talent import talent_boxes
from scoring_engine.canonical import canonical, digest


@dataclass
class Compared:
    """What came of comparing: profiles that count from now on, rows that stand beside, sittings without a profile."""

    chosen: list[Profiled] = field(default_factory=list)
    beside: list[dict[str, Any]] = field(default_factory=list)
    without: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Rewritten:
    """A profile with the scores of another key: ``key_seal`` is that key, or empty when it counts already."""

    profile: Profile
    key_seal: str
    inputs: Mapping[str, Any]
    scores: Sequence[Score]


def compare(db: Session, sitting_ids: Collection[int], now: datetime) -> Compared:
    """Compute what other keys lead to: in the place of a profile where one was chosen, else beside it. Only reads."""
    done, wanted = Compared(), list[Rewritten]()
    for basis in bases(db, sitting_ids):
        if basis.profile is None:
            done.without.append(basis.sitting_id)
        else:
            wanted += _rewritten(basis, basis.profile)
    if not wanted:
        return done
    people = {one.sitting_id: one for one in placing.persons(db, [one.profile.sitting_id for one in wanted])}
    sat = {one.sitting_id: one for one in scores.sat(db, list(people))}
    for rule_set, group in groupby(sorted(wanted, key=_by_rules), lambda one: one.profile.rule_set):
        numbers, those = placing.numbers(db, rule_set), list(group)
        documents = _documents(those, numbers)
        beside = [(one, document) for one, document in zip(those, documents, strict=True) if one.key_seal]
        done.beside += _rows(db, beside, numbers, people, now)
        done.chosen += [
            Profiled(sat[one.profile.sitting_id], rule_set, digest(canonical(one.inputs)), canonical(document))
            for one, document in zip(those, documents, strict=True) if not one.key_seal
        ]  # fmt: skip
    return done


def _by_rules(one: Rewritten) -> tuple[str, int, str]:
    return one.profile.rule_set, one.profile.sitting_id, one.key_seal


def _rewritten(basis: Basis, profile: Profile) -> Iterator[Rewritten]:
    """Say what is to be computed of a sitting; nothing while a score that it takes is not there yet."""
    inputs = profile.document["inputs"]
    found = [basis.named(name) for name in inputs["scores"]]
    used = [one for one in found if one is not None]
    if len(used) < len(found):
        return  # a profile names a score that is gone: computing again tells it
    by_attempt = {score.attempt_id: place for place, score in enumerate(used)}
    parts = [part for part in basis.parts if part.attempt_id in by_attempt]
    counted = {str(part.n): part.choice for part in parts if part.choice}
    if counted != inputs.get("choices", {}):
        chosen = {part.attempt_id: part.chosen for part in parts if part.chosen is not None}
        if anew := _swapped(basis, used, chosen):
            yield _with(profile, "", anew, counted)
        return
    for part in parts:
        now_counts = used[by_attempt[part.attempt_id]].key_seal
        for key_seal in part.key_seals:
            if key_seal == now_counts or (key_seal, profile.inputs_sha256) in basis.compared:
                continue
            if anew := _swapped(basis, used, {part.attempt_id: key_seal}):
                yield _with(profile, key_seal, anew, counted | {str(part.n): part.choice + 1})


def _swapped(basis: Basis, used: Sequence[Score], wanted: Mapping[int, str]) -> list[Score]:
    """Take other keys' scores of some parts; nothing while one of them is not there."""
    anew = []
    for score in used:
        key_seal = wanted.get(score.attempt_id, score.key_seal)
        found = score if key_seal == score.key_seal else basis.under(score.attempt_id, key_seal)
        if found is None:
            return []
        anew.append(found)
    return anew


def _with(profile: Profile, key_seal: str, anew: Sequence[Score], choices: Mapping[str, int]) -> Rewritten:
    inputs = profile.document["inputs"] | {"scores": [one.sha256 for one in anew], "choices": choices}
    return Rewritten(profile, key_seal, inputs, anew)


def _documents(group: Sequence[Rewritten], numbers: Numbers) -> list[dict[str, Any]]:
    known = terms(numbers.document)
    begun = [
        described_again(
            one.profile.document, [msgspec.json.decode(score.body) for score in one.scores], known, one.inputs
        )
        for one in group
    ]
    return with_match_chances(begun, known)


def _rows(
    db: Session, beside: Sequence[tuple[Rewritten, dict[str, Any]]], numbers: Numbers, people: Mapping[int, Person],
    now: datetime,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    boxes = _boxes(db, beside, numbers, people, now)
    for (one, document), moved in zip(beside, boxes, strict=True):
        body, person = canonical(document), people[one.profile.sitting_id]
        changed = change(one.profile.document, document, numbers.rules, moved)
        yield {
            "sitting_id": one.profile.sitting_id, "key_seal": one.key_seal, "beside": one.profile.inputs_sha256,
            "inputs_sha256": digest(canonical(one.inputs)), "agency_id": person.agency_id, "wave_id": person.wave_id,
            "rule_set": one.profile.rule_set, "document": msgspec.json.decode(body), "sha256": digest(body),
            "change": changed, "consequence": consequence(changed), "made": now,
        }  # fmt: skip


def _boxes(
    db: Session, beside: Sequence[tuple[Rewritten, dict[str, Any]]], numbers: Numbers, people: Mapping[int, Person],
    now: datetime,
) -> list[dict[str, tuple[int | None, int | None]]]:  # fmt: skip
    """Give the box of each definition before and after, on the same evidence."""
    if not beside:
        return []
    before, after = [one.profile.document for one, _ in beside], [document for _, document in beside]
    subjects = [Subject(people[one.profile.sitting_id], one.profile, None, one.profile.document) for one, _ in beside]
    cases, _days = placing.cases(db, subjects, numbers.document, now)
    then = [replace(case, result=document) for case, document in zip(cases, after, strict=True)]
    early = [profiling_boxes(those, numbers.rules) for those in (before, after)]
    official = [talent_boxes(those, numbers.formula) for those in (cases, then)]
    return [
        {PROFILING: (early[0][n]["box"], early[1][n]["box"]), TALENT: (official[0][n]["box"], official[1][n]["box"])}
        for n in range(len(beside))
    ]


def keep(db: Session, compared: Compared, now: datetime) -> None:
    """Keep what came of comparing; whoever had no profile is asked for one. Safe to repeat."""
    insert_all_new(db, RescoredProfile, compared.beside)
    scoring.keep_profiles(db, compared.chosen, now)
    queue.enqueue_many(db, "make_profile", map(str, compared.without), now)
