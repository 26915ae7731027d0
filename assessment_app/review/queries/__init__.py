"""What an assessor can see of a profile: everything that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assessment_app.exam.models import Attempt, Sheet, Sitting
from assessment_app.exam.queries import saved
from assessment_app.review.queries.standing import OPENED, signed, subject_of
from assessment_app.review.rules.deciding import ReviewRules, read_review
from assessment_app.rule_sets import queries as numbers
from assessment_app.rule_sets.models import RuleSet
from assessment_app.rule_sets.rules import Rules
from assessment_app.scheduling.models import ExamSession, Form, Wave
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.rules import Terms, terms

__all__ = ["OPENED", "Evidence", "Part", "evidence", "signed", "subject_of", "unusual"]


@dataclass(frozen=True)
class Part:
    """One form of a sitting: its sealed sheet and the score that the profile rests on."""

    n: int
    form: Form
    sheet: Sheet
    score: Score


@dataclass(frozen=True)
class Evidence:
    """All that a profile rests on, and who looked at it."""

    profile_sha256: str
    sitting: Sitting
    session: ExamSession
    wave: Wave
    parts: Sequence[Part]
    rule_set: RuleSet
    terms: Terms
    limits: ReviewRules

    @property
    def rules(self) -> Rules:
        """What the rule set says of borders and standards."""
        return self.terms.rules

    @property
    def rests_on_demonstration(self) -> bool:
        """Tell whether some of the content was made for demonstration only."""
        return self.wave.demonstration or any(part.form.demonstration for part in self.parts)


def evidence(db: Session, profile: Profile) -> Evidence:
    """Collect what one of the agency's profiles rests on."""
    sitting = db.get_one(Sitting, profile.sitting_id, options=[selectinload(Sitting.attempts)])
    session = db.get_one(
        ExamSession, sitting.booking.session_id, options=[joinedload(ExamSession.room), joinedload(ExamSession.wave)]
    )
    rule_set = numbers.rule_set(db, profile.rule_set)
    return Evidence(
        profile.sha256, sitting, session, session.wave, _parts(db, profile), rule_set, terms(rule_set.document),
        read_review(rule_set.document),
    )  # fmt: skip


def _parts(db: Session, profile: Profile) -> list[Part]:
    wanted = (
        select(Attempt.n, Form, Sheet, Score).join(Form, Form.form_id == Attempt.form_id)
        .join(Sheet, Sheet.attempt_id == Attempt.attempt_id).join(Score, Score.attempt_id == Attempt.attempt_id)
        .where(Attempt.sitting_id == profile.sitting_id, Score.sha256.in_(profile.document["inputs"]["scores"]))
        .order_by(Attempt.n)
    )  # fmt: skip
    return [Part(*row) for row in db.execute(wanted)]


def unusual(answers: Session, sitting: Sitting) -> dict[int, saved.Unusual]:
    """Count by part the changes that came late, were kept aside or came by a file; only parts that have some."""
    numbers = {one.attempt_id: one.n for one in sitting.attempts}
    return {numbers[name]: found for name, found in saved.unusual(answers, numbers.keys()).items()}
