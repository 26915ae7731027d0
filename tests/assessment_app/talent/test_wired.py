"""Evidence and signatures reach placements through the doors of their own slices."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Role
from assessment_app.platform.db import transaction
from assessment_app.review.models import SignedResult
from assessment_app.scoring.models import Profile
from assessment_app.talent import actions
from assessment_app.talent.models import CurrentPlacement
from assessment_app.talent.queries import reviewing
from tests.assessment_app.scoring.house import BEST, NOW


@pytest.fixture
def signed(house):
    sitting_id = house.measure(BEST)
    house.staff("hasan", Role.ASSESSOR)
    with transaction() as db:
        profile = db.scalars(select(Profile).where(Profile.sitting_id == sitting_id)).one()
        account = db.scalars(select(StaffAccount)).one()
        db.add(SignedResult(
            sitting_id=sitting_id, n=1, agency_id=profile.agency_id, profile_inputs=profile.inputs_sha256,
            document=profile.document, sha256="a" * 64, signed_by=account.account_id, at=NOW,
        ))  # fmt: skip
        db.flush()
        actions.place_all(db, [sitting_id], NOW + timedelta(hours=1))
    return profile


def test_a_signature_of_review_makes_placements_signed(signed):
    with transaction(reads_only=True) as db:
        states = db.scalars(select(CurrentPlacement.state)).all()
    assert states == ["signed", "signed"]


def test_review_is_told_of_both_boxes_and_of_every_placement(signed):
    with transaction(reads_only=True) as db:
        early, official = reviewing.boxes(db, signed, signed.document, NOW)
        told = reviewing.placed(db, signed.agency_id, signed.sitting_id)
    assert (early.number, official.number) == (9, None)
    assert len(told) == 4
