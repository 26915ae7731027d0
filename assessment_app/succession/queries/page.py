"""All that a page or a file says of one post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from assessment_app.accounts import queries as accounts
from assessment_app.evidence import queries as evidence
from assessment_app.job_standards.rules import Standard
from assessment_app.people.models import Employee
from assessment_app.people.rules import JobLevel
from assessment_app.rule_sets import queries as numbers
from assessment_app.succession.models import SuccessionAct, TargetPost, TargetPostEnd
from assessment_app.succession.queries import acts, posts, standings
from assessment_app.succession.queries.acts import Group, Told
from assessment_app.succession.queries.standings import Candidate
from assessment_app.succession.rules import standing
from assessment_app.succession.rules.life import STANDING, Deed
from assessment_app.succession.rules.screening import Met, overall
from assessment_app.succession.rules.standing import Changed

STORY = 50
"""Acts that a post's page tells; all of them stand on the pages of its people."""


@dataclass(frozen=True)
class View:
    """A post, its candidates in their order, and who was one; ``last`` is the newest act on each of them."""

    target: TargetPost
    ended: TargetPostEnd | None
    standard: Standard | None
    people: Sequence[Candidate]
    last: Mapping[UUID, SuccessionAct]
    others: Sequence[Employee]
    groups: Mapping[UUID, Sequence[Group]]
    invented: frozenset[UUID]
    story: Sequence[Told]
    who: Mapping[UUID, str]
    rules: Mapping[str, Any]

    @property
    def level(self) -> JobLevel:
        """The rung of the post, with its name."""
        return JobLevel(self.target.job_level)

    @property
    def taken(self) -> list[Candidate]:
        """List who is in the group."""
        return [one for one in self.people if self.last[one.employee_id].kind == Deed.TAKE]

    @property
    def ready(self) -> int:
        """Count who is in the group and meets every criterion now."""
        return sum(overall(one.document["screening"]) is Met.MET for one in self.taken)

    def changed(self, one: Candidate) -> list[Changed]:
        """List what is different now from what somebody's newest act rests on."""
        return standing.differences(self.last[one.employee_id].document, one.document)


def view(db: Session, agency_id: UUID, post_id: UUID, now: datetime) -> View:
    """Collect it; refuses with NotFound."""
    target = posts.post(db, agency_id, post_id)
    last = acts.of_post(db, target)
    active = {who for who, act in last.items() if Deed(act.kind) in STANDING}
    story = acts.story(db, target, STORY)
    others = acts.names(db, agency_id, last.keys() - active)
    return View(
        target, posts.end(db, target), standings.standard_of(db, target, now),
        standings.in_order(standings.candidates(db, target, active, now)), last,
        sorted(others.values(), key=lambda one: (one.name, one.nip)), acts.groups(db, agency_id, active),
        evidence.invented(db, agency_id, active),
        story, accounts.names_of(db, {one.account_id for one in story} | {act.account_id for act in last.values()}),
        numbers.in_force(db, agency_id, now).document["rules"],
    )  # fmt: skip
