"""What an assessor can see: the queue of a wave, and a profile with everything that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assessment_app.accounts.models import StaffAccount
from assessment_app.exam.models import AnswerEvent, Attempt, Sheet, Sitting, TimeEntry
from assessment_app.exam.queries import saved
from assessment_app.exam.rules import Standing, milliseconds
from assessment_app.platform.audit import AuditEntry
from assessment_app.proctoring.rules import OUTAGE
from assessment_app.review.rules import certainty, potential_category, unsure_levels
from assessment_app.review.rules.times import Arrival, Outage, PartTimes
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import Rules, read
from assessment_app.scheduling.models import Booking, ExamSession, Form, Wave
from assessment_app.scoring import queries as scores
from assessment_app.scoring.models import Profile, Score

OPENED = "profile.open"
"""How the audit trail calls it when somebody looks at a profile."""


@dataclass(frozen=True)
class Case:
    """A profile in the queue."""

    profile: Profile
    booking: Booking
    certainty: float | None
    potential: int | None
    unsure_levels: int
    near_cut: bool


@dataclass(frozen=True)
class Part:
    """One form of a sitting: its sealed sheet and the score that the profile rests on."""

    form: Form
    sheet: Sheet
    score: Score


@dataclass(frozen=True)
class Evidence:
    """All that a profile rests on, and who looked at it."""

    sitting: Sitting
    session: ExamSession
    wave: Wave
    parts: Sequence[Part]
    rule_set: RuleSet
    rules: Rules
    looks: Sequence[tuple[AuditEntry, str]]

    @property
    def rests_on_demonstration(self) -> bool:
        """Tell whether some of the content was made for demonstration only."""
        return self.wave.demonstration or any(part.form.demonstration for part in self.parts)


def queue(db: Session, agency_id: UUID, wave_id: UUID) -> list[Case]:
    """List the profiles of a wave, the least certain first; what is incomplete comes last."""
    known: dict[str, Rules] = {}
    cases = []
    for profile, booking in scores.profiles(db, agency_id, wave_id):
        if profile.rule_set not in known:
            known[profile.rule_set] = read(numbers.rule_set(db, profile.rule_set).document)
        cases.append(_case(profile, booking, known[profile.rule_set]))
    return sorted(cases, key=lambda one: (one.certainty is None, one.certainty or 0.0, one.profile.sitting_id))


def _case(profile: Profile, booking: Booking, rules: Rules) -> Case:
    known = certainty(profile.document, rules)
    potential = potential_category(profile.document, rules)
    is_near = known is not None and known < rules.near_cut
    return Case(profile, booking, known, potential, unsure_levels(profile.document), is_near)


def evidence(db: Session, agency_id: UUID, profile: Profile) -> Evidence:
    """Collect what one of the agency's profiles rests on."""
    sitting = db.get_one(Sitting, profile.sitting_id, options=[selectinload(Sitting.attempts)])
    session = db.get_one(
        ExamSession, sitting.booking.session_id, options=[joinedload(ExamSession.room), joinedload(ExamSession.wave)]
    )
    rule_set = numbers.rule_set(db, profile.rule_set)
    return Evidence(
        sitting, session, session.wave, _parts(db, profile), rule_set, read(rule_set.document),
        _looks(db, agency_id, profile.sitting_id),
    )  # fmt: skip


def _parts(db: Session, profile: Profile) -> list[Part]:
    wanted = (
        select(Form, Sheet, Score).join(Attempt, Attempt.form_id == Form.form_id)
        .join(Sheet, Sheet.attempt_id == Attempt.attempt_id).join(Score, Score.attempt_id == Attempt.attempt_id)
        .where(Attempt.sitting_id == profile.sitting_id, Score.sha256.in_(profile.document["inputs"]["scores"]))
        .order_by(Attempt.n)
    )  # fmt: skip
    return [Part(form, sheet, score) for form, sheet, score in db.execute(wanted)]


def unusual(answers: Session, sitting: Sitting) -> dict[int, saved.Unusual]:
    """Count by part the changes that came late, were kept aside or came by a file; only parts that have some."""
    numbers = {one.attempt_id: one.n for one in sitting.attempts}
    return {numbers[name]: found for name, found in saved.unusual(answers, numbers.keys()).items()}


def times(db: Session, answers: Session, seen: Evidence) -> list[PartTimes]:
    """Collect the time on each item of the scored parts, from the sealed sheets; from the log how answers came in."""
    attempts = {one.attempt_id: one for one in seen.sitting.attempts}
    return [
        _times(db, answers, part, attempts[part.sheet.attempt_id]) for part in seen.parts
        if part.sheet.attempt_id in attempts
    ]  # fmt: skip


def _times(db: Session, answers: Session, part: Part, attempt: Attempt) -> PartTimes:
    opened = attempt.opened or part.sheet.sealed
    how = msgspec.json.decode(part.sheet.body).get("how", {})
    items = [item["id"] for item in msgspec.json.decode(part.form.presentation)["items"]]
    given_back = select(TimeEntry.at, TimeEntry.ms).where(
        TimeEntry.attempt_id == attempt.attempt_id, TimeEntry.kind == OUTAGE
    )
    outages = [Outage(milliseconds(at) - milliseconds(opened), ms) for at, ms in db.execute(given_back)]
    arrivals = _arrivals(answers, attempt.attempt_id, opened)
    return PartTimes(attempt.n, part.form.title, items, how.get("spent_ms", {}), arrivals, outages)


def _arrivals(answers: Session, attempt_id: int, opened: datetime) -> dict[str, Arrival]:
    """Tell of each item how its newest answer that counts came in; later changes replace earlier ones."""
    one, start = AnswerEvent, milliseconds(opened)
    wanted = select(one.item, one.at_ms, one.received_ms).where(
        one.attempt_id == attempt_id, one.standing < Standing.ASIDE.value
    )
    rows = answers.execute(wanted.order_by(one.epoch, one.seq))
    return {item: Arrival(at_ms, received_ms - start - at_ms) for item, at_ms, received_ms in rows}


def _looks(db: Session, agency_id: UUID, sitting_id: int, limit: int = 6) -> list[tuple[AuditEntry, str]]:
    wanted = select(AuditEntry).where(
        AuditEntry.agency_id == agency_id, AuditEntry.action == OPENED, AuditEntry.subject == subject_of(sitting_id)
    )
    entries = list(db.scalars(wanted.order_by(AuditEntry.entry_no.desc()).limit(limit)))
    accounts = select(StaffAccount).where(StaffAccount.agency_id == agency_id)
    names = {f"account:{account.account_id}": account.full_name for account in db.scalars(accounts)}
    return [(entry, names.get(entry.actor, entry.actor)) for entry in entries]


def subject_of(sitting_id: int) -> str:
    """Name a sitting in the audit trail."""
    return f"sitting:{sitting_id}"
