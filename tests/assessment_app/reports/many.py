"""A wave of generated people whose results are signed and placed: as many as a province has, written in bulk."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.rules import Officer, Role
from assessment_app.evidence import queries as evidence
from assessment_app.platform.db import transaction
from assessment_app.reports import actions as reports
from assessment_app.review.models import ReviewStep, SignedResult
from assessment_app.scoring.models import CurrentProfile, Profile
from assessment_app.talent import actions as talent
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import SYSTEM
from tests.assessment_app.talent import crowd
from tests.assessment_app.talent.crowd import NOW, Crowd, Told
from workers import tasks

AT_ONCE, SEED = 1000, 4
SAID: dict[str, object] = {"schema": "proasn/signed/1", "choice": "confirm", "part": None, "why": "", "adjustments": []}


def signed_wave(monkeypatch, size: int, units: int = 4, code: str = "lampung") -> Crowd:
    """Let some people sit a wave, an assessor sign everybody's result, and all be placed with evidence."""
    with transaction() as db:
        agency_id, room_id = crowd.agency(db, 1, code)
        people = crowd.employees(db, agency_id, size, 2, units)
        sat = crowd.wave(db, agency_id, room_id, people, 3, "Tahap 1")
        who = accounts.create_account(db, "hasan", "Hasan Basri", [Role.ASSESSOR], agency_id, SYSTEM, NOW).account_id
    tell(monkeypatch, people)
    for at in range(0, size, AT_ONCE):
        some = sat.sitting_ids[at : at + AT_ONCE]
        with transaction() as db:
            sign(db, agency_id, some, who)
            talent.place_all(db, some, NOW)
    return sat


def tell(monkeypatch, people, seed: int = SEED) -> None:
    """Let evidence say the same of the same people, until it is told otherwise."""
    told = Told(people, seed)
    monkeypatch.setattr(evidence, "components", told.components)
    monkeypatch.setattr(evidence, "predicates", told.predicates)


def sign(db, agency_id: UUID, sitting_ids, who: UUID, n: int = 1, at=NOW) -> None:
    """Sign the newest profiles of some people as they are."""
    newest = select(Profile).join(
        CurrentProfile,
        (CurrentProfile.sitting_id == Profile.sitting_id) & (CurrentProfile.inputs_sha256 == Profile.inputs_sha256),
    )
    results, steps = [], []
    for profile in db.scalars(newest.where(Profile.sitting_id.in_(sitting_ids))):
        document = profile.document | {"signed": SAID | {"sitting": profile.sitting_id, "n": n}}
        whose = {"sitting_id": profile.sitting_id, "n": n, "agency_id": agency_id, "at": at}
        results.append(whose | {
            "profile_inputs": profile.inputs_sha256, "document": document, "sha256": digest(canonical(document)),
            "signed_by": who, "approved_by": None, "replaces": n - 1 or None,
        })  # fmt: skip
        steps.append(whose | {
            "kind": "signed", "account_id": who, "profile_sha256": profile.sha256, "document": SAID,
        })  # fmt: skip
    db.execute(insert(SignedResult), results)
    db.execute(insert(ReviewStep), steps)


def issued(agency_id: UUID, wave_id: UUID, sitting_id: int, account_id: UUID) -> None:
    """Let somebody sign a result as it is, and issue its report."""
    with transaction() as db:
        sign(db, agency_id, [sitting_id], account_id)
        talent.place_all(db, [sitting_id], NOW)
        reports.ask(db, Officer(agency_id, "test"), account_id, wave_id, [sitting_id], NOW)
    tasks.report_issue([sitting_id])
