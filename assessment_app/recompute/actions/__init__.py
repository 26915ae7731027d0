"""Computing again what is stored of some sittings; only reads.

Everything is computed from what it names: a score from its sheet and key, a profile from its scores, rules and
standard, a placement from its result, rules and what was known when it was made. Then everything is asked what it
would rest on today: that is no fault of what is stored, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from assessment_app.recompute import queries
from assessment_app.recompute.actions import frozen
from assessment_app.recompute.rules import (
    Cause,
    Difference,
    Kind,
    Report,
    cause_of_placement,
    cause_of_profile,
    cause_of_score,
    where,
)
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.review.models import SignedResult
from assessment_app.rule_sets.queries import rule_set
from assessment_app.scoring import actions as scoring
from assessment_app.scoring.actions import Outcome, Scored
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.rules import Terms, described_again, terms, with_match_chances
from assessment_app.scoring.rules.faults import Reason
from assessment_app.talent import actions as talent
from assessment_app.talent.models import Placement
from assessment_app.talent.queries import placing
from assessment_app.talent.queries.placing import Numbers, Person, Subject
from scoring_engine import ENGINE_VERSION
from scoring_engine.canonical import canonical, digest
from scoring_engine.recipes.answers import Unfit

AT_ONCE = 200
"""Sittings whose results are in memory at the same time."""


def recompute(db: Session, vault: Session, sitting_ids: Iterable[int], now: datetime) -> Report:
    """Compute everything again that is stored of some sittings; takes their identifiers, gives the report."""
    report = Report()
    asked = sorted(sitting_ids)
    for start in range(0, len(asked), AT_ONCE):
        chunk = asked[start : start + AT_ONCE]
        _scores(db, vault, chunk, report)
        _profiles(db, chunk, report)
        frozen.signed(db, chunk, report)
        _placements(db, chunk, report)
        frozen.reports(db, chunk, report)
        report.differences += _stale_profiles(db, chunk, now)
        report.differences += _stale_placements(db, chunk, now)
        db.expunge_all()  # documents of thousands would stay in memory
    return report


def _scores(db: Session, vault: Session, chunk: Sequence[int], report: Report) -> None:
    attempts = queries.sealed_attempts(db, chunk)
    kept: dict[int, list[Score]] = {}
    for score in queries.scores(db, attempts):
        kept.setdefault(score.attempt_id, []).append(score)
    done = _scored(db, vault, list(attempts))
    for attempt_id, refused in sorted(done.refused.items()):
        sitting_id, n = attempts[attempt_id]
        is_sheet = refused.reason in (Reason.CHANGED_SHEET, Reason.OTHER_KEY)
        kind, cause = (Kind.SHEET, Cause.CHANGED) if is_sheet else (Kind.SCORE, Cause.REFUSED)
        report.differences.append(Difference(kind, sitting_id, str(n), cause, f"{refused.reason}: {refused}"))
    for one in sorted(done.made, key=lambda one: one.sealed.attempt_id):
        whose, part = one.sealed.sitting_id, str(one.sealed.n)
        if one.sealed.key_seal == one.sealed.form_seal:
            report.judge(Kind.SHEET, whose, part, one.sealed.body, None)
        else:
            part = f"{part} {one.sealed.key_seal[:12]}"
        report.judge(Kind.SCORE, whose, part, one.body, _score_differs(one, part, kept.get(one.sealed.attempt_id, ())))
    report.differences += _unknown_keys(attempts, kept, done)


def _unknown_keys(
    attempts: Mapping[int, tuple[int, int]], kept: Mapping[int, Sequence[Score]], done: Outcome[Scored]
) -> Iterator[Difference]:  # fmt: skip
    """Tell of stored scores under a key that neither the sheet nor a correction names."""
    named = {(one.sealed.attempt_id, one.sealed.key_seal) for one in done.made}
    for attempt_id, scores in kept.items():
        sitting_id, n = attempts[attempt_id]
        for one in scores:
            if attempt_id not in done.refused and (attempt_id, one.key_seal) not in named:
                detail = f"no correction of its form has the key {one.key_seal[:12]}"
                yield Difference(Kind.SCORE, sitting_id, f"{n} {one.key_seal[:12]}", Cause.MISSING, detail)


def _scored(db: Session, vault: Session, attempt_ids: list[int]) -> Outcome[Scored]:
    """Score many; when an answer fits no key, one by one, so that it is told whose it is."""
    try:
        return scoring.score_attempts(db, vault, attempt_ids)
    except Unfit:
        done: Outcome[Scored] = Outcome()
        for attempt_id in attempt_ids:
            alone = scoring.score_attempts(db, vault, [attempt_id])
            done.made += alone.made
            done.refused |= alone.refused
        return done


def _score_differs(anew: Scored, part: str, kept: Iterable[Score]) -> Difference | None:
    def told(cause: Cause, detail: str) -> Difference:
        return Difference(Kind.SCORE, anew.sealed.sitting_id, part, cause, detail)

    said: Mapping[str, Any] = msgspec.json.decode(anew.body)
    others = []
    for one in kept:
        if one.key_seal != anew.sealed.key_seal:
            continue
        if one.engine_version != ENGINE_VERSION:
            others.append(one)
        elif digest(one.body) != one.sha256:
            return told(Cause.CHANGED, "the stored score is not the one that its hash names")
        elif one.body != anew.body:
            before = msgspec.json.decode(one.body)
            return told(cause_of_score(before, said), where(before, said))
        else:
            return None
    if not others:
        return told(Cause.MISSING, "no score of this sheet is stored")
    before, older = msgspec.json.decode(others[-1].body), others[-1].engine_version
    numbers = where(_without_engine(before), _without_engine(said)) or "same numbers"
    return told(cause_of_score(before, said), f"only engine {older} has scored it; {numbers}")


def _without_engine(score: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in score.items() if name != "engine"}


def _profiles(db: Session, chunk: Sequence[int], report: Report) -> None:
    """Compute profiles again, those that count or counted, and those that another key led to."""
    known: dict[str, Terms] = {}
    by_hash = {score.sha256: score for score in queries.scores(db, queries.sealed_attempts(db, chunk))}
    those: list[tuple[Kind, Profile | RescoredProfile, str]] = [
        (Kind.PROFILE, one, one.inputs_sha256[:12]) for one in queries.profiles(db, chunk)
    ]
    those += [
        (Kind.COMPARED, one, f"{one.key_seal[:12]} {one.inputs_sha256[:12]}") for one in queries.compared(db, chunk)
    ]
    for kind, profile, which in those:
        inputs = profile.document["inputs"]
        lacking = [name for name in inputs["scores"] if name not in by_hash]
        if lacking:
            detail = f"score {lacking[0][:12]}, which it names, is not stored"
            report.differences.append(Difference(kind, profile.sitting_id, which, Cause.MISSING, detail))
            continue
        if profile.rule_set not in known:
            known[profile.rule_set] = terms(rule_set(db, profile.rule_set).document)
        bodies = [msgspec.json.decode(by_hash[name].body) for name in inputs["scores"]]
        begun = described_again(profile.document, bodies, known[profile.rule_set], inputs)
        anew = canonical(with_match_chances([begun], known[profile.rule_set])[0])
        report.judge(kind, profile.sitting_id, which, anew, _differs(kind, profile, which, anew))


def _differs(kind: Kind, kept: Profile | RescoredProfile | Placement, which: str, anew: bytes) -> Difference | None:
    """Compare a stored document with what was computed: its own hash first, then the bytes."""
    if digest(canonical(kept.document)) != kept.sha256:
        return Difference(kind, kept.sitting_id, which, Cause.CHANGED, "the stored document is not what its hash names")
    if digest(anew) != kept.sha256:
        detail = where(kept.document, msgspec.json.decode(anew))
        return Difference(kind, kept.sitting_id, which, Cause.ARITHMETIC, detail)
    return None


def _placements(db: Session, chunk: Sequence[int], report: Report) -> None:
    people = {one.sitting_id: one for one in placing.persons(db, chunk)}
    profiles = {(one.sitting_id, one.inputs_sha256): one for one in queries.profiles(db, chunk)}
    signed = {(one.sitting_id, one.sha256): one for one in queries.signed(db, chunk)}
    read: dict[str, Numbers] = {}
    for (placed, rules), group in groupby(queries.placements(db, chunk), lambda one: (one.placed, one.rule_set)):
        kept = {(one.sitting_id, one.inputs_sha256): one for one in group}
        numbers = read[rules] = read.get(rules) or placing.numbers(db, rules)
        subjects = [_subject(one, people, profiles, signed) for one in _one_each(kept.values())]
        for row, _pointer in talent.computed(db, subjects, numbers, placed, known_at=placed):
            one = kept.pop((row["sitting_id"], row["inputs_sha256"]), None)
            if one is not None:
                anew = canonical(row["document"])
                which = f"{one.definition} {one.inputs_sha256[:12]}"
                report.judge(Kind.PLACEMENT, one.sitting_id, which, anew, _differs(Kind.PLACEMENT, one, which, anew))
        for one in kept.values():
            detail = "what is known of its basis leads to another placement"
            report.differences.append(
                Difference(Kind.PLACEMENT, one.sitting_id, f"{one.definition} {one.inputs_sha256[:12]}",
                           Cause.EVIDENCE, detail)
            )  # fmt: skip


def _one_each(kept: Iterable[Placement]) -> Iterator[Placement]:
    """Take one placement of each result: both definitions are computed together."""
    seen = set()
    for one in kept:
        named = one.sitting_id, one.profile_inputs, one.signed_sha256
        if named not in seen:
            seen.add(named)
            yield one


def _subject(
    one: Placement, people: Mapping[int, Person], profiles: Mapping[tuple[int, str], Profile],
    signed: Mapping[tuple[int, str], SignedResult],
) -> Subject:  # fmt: skip
    profile = profiles[one.sitting_id, one.profile_inputs]
    if one.signed_sha256 is None:
        return Subject(people[one.sitting_id], profile, None, profile.document)
    return Subject(
        people[one.sitting_id], profile, one.signed_sha256, signed[one.sitting_id, one.signed_sha256].document
    )


def _stale_profiles(db: Session, chunk: Sequence[int], now: datetime) -> Iterator[Difference]:
    """Tell whose profile would rest on something else today."""
    newest = {one.sitting_id: one for one in queries.profiles(db, chunk)}
    done = scoring.make_profiles(db, chunk, now)
    for one in done.made:
        kept = newest.get(one.sat.sitting_id)
        if kept is None:
            yield Difference(Kind.PROFILE, one.sat.sitting_id, "", Cause.MISSING, "not made yet", stale=True)
        elif kept.inputs_sha256 != one.inputs_sha256:
            before, anew = kept.document["inputs"], msgspec.json.decode(one.body)["inputs"]
            cause = cause_of_profile(before, anew)
            yield Difference(Kind.PROFILE, kept.sitting_id, "", cause, where(before, anew), stale=True)
    for sitting_id, refused in done.refused.items():
        yield Difference(Kind.PROFILE, sitting_id, "", Cause.REFUSED, f"{refused.reason}: {refused}", stale=True)


def _stale_placements(db: Session, chunk: Sequence[int], now: datetime) -> Iterator[Difference]:
    """Tell whose placement would rest on something else today."""
    current = queries.current(db, chunk)
    kept = {(one.sitting_id, one.definition, one.inputs_sha256): one for one in queries.placements(db, chunk)}
    for row, _pointer in talent.computed_now(db, chunk, now):
        sitting_id, definition = row["sitting_id"], row["definition"]
        name = current.get((sitting_id, definition))
        if name is None:
            yield Difference(Kind.PLACEMENT, sitting_id, str(definition), Cause.MISSING, "not placed yet", stale=True)
        elif name != row["inputs_sha256"]:
            before = kept[sitting_id, definition, name].document["inputs"]
            anew = row["document"]["inputs"]
            cause = cause_of_placement(before, anew)
            yield Difference(Kind.PLACEMENT, sitting_id, str(definition), cause, where(before, anew), stale=True)
