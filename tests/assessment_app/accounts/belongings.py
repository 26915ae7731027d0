"""What an agency owns that takes more than a line to make: another key of its wave, a post to be filled."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.platform.db import transaction
from assessment_app.rescoring.models import KeyProposal, RescoredProfile
from assessment_app.scheduling.models import Wave
from assessment_app.scoring.models import KeyVersion, Profile
from assessment_app.succession.actions import candidacies
from assessment_app.succession.actions import posts as succession_posts
from assessment_app.succession.messages.forms import NewPost
from assessment_app.succession.queries import standings
from tests.assessment_app.scoring.house import NOW

OTHER_KEY = "1" * 64


def corrected(agency_id: UUID, wave_id: UUID, sitting_id: int, account_id: UUID) -> UUID:
    """Write down a corrected key, what it would change for one person, and that somebody wants it."""
    with transaction() as db:
        form = db.get_one(Wave, wave_id).battery[0].form
        profile = db.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()
        db.add(KeyVersion(
            key_seal=OTHER_KEY, form_id=form.form_id, n=1, replaces=form.key_seal, calibration="", reason="diuji",
            proposed_by="satu", approved_by="dua", approved=NOW, public_key="0" * 64, signature="0" * 128,
            delivered=NOW,
        ))  # fmt: skip
        whose = {"agency_id": agency_id, "wave_id": wave_id, "key_seal": OTHER_KEY}
        db.add(RescoredProfile(
            **whose, sitting_id=sitting_id, beside=profile.inputs_sha256, inputs_sha256=OTHER_KEY, sha256=OTHER_KEY,
            rule_set=profile.rule_set, document=profile.document, change={}, consequence=0, made=NOW,
        ))  # fmt: skip
        wanted = KeyProposal(
            **whose, proposal_id=uuid4(), form_id=form.form_id, seen="0" * 64, reason="diuji", account_id=account_id,
            at=NOW,
        )  # fmt: skip
        db.add(wanted)
        return wanted.proposal_id


def planned(agency_id: UUID, employee_id: UUID, account_id: UUID) -> UUID:
    """Name a post to be filled, and propose somebody for it."""
    post_id, officer = uuid4(), Officer(agency_id, f"account:{account_id}")
    wanted = NewPost(post_id, "Kepala Bidang Anggaran", "", "administrator", "agency", {})
    with transaction() as db:
        target = succession_posts.add(db, officer, account_id, wanted, post_id, NOW)
        db.flush()
        (one,) = standings.candidates(db, target, [employee_id], NOW).values()
        candidacies.propose(db, officer, account_id, post_id, {employee_id: one.seen}, "Layak dicoba.", NOW)
    return post_id
