"""Two assessors at the same moment, on both databases: one wins, the other is told, and neither waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.rules import Role
from assessment_app.platform import audit
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict
from assessment_app.review import actions
from assessment_app.review.actions import Assessor
from assessment_app.review.actions.deciding import Shown, approve, decide
from assessment_app.review.models import ReviewLease, ReviewStep, SignedResult
from assessment_app.review.rules.deciding import Adjustment, Choice, Decision
from assessment_app.scoring import queries as scores
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.review.conftest import REASON
from tests.assessment_app.scoring.house import NOW, SYSTEM, House, publish, steady

CONFIRM = Decision(Choice.CONFIRM)
ADJUST = Decision(Choice.ADJUST, (Adjustment("M.08", 3, 2, REASON),))


@pytest.fixture
def house(installation):
    return House(publish())


def hired(house, name) -> Assessor:
    with transaction() as db:
        account = accounts.create_account(db, name, name.title(), [Role.ASSESSOR], house.agency_id, SYSTEM, NOW)
        return Assessor(house.agency_id, account.account_id, account.full_name)


def opened(house, sitting_id, *assessors) -> Shown:
    for one in assessors:
        with transaction() as db:
            profile, _booking, _seen = actions.open_profile(db, one, sitting_id, NOW)
    return Shown(profile.sha256, 0)


def at_once(*acts: Callable[..., Any]) -> list[Any]:
    """Do things in transactions that have all begun; gives what each led to, a refusal where it was refused."""
    barrier = Barrier(len(acts))

    def one(act):
        barrier.wait(10)
        try:
            with transaction() as db:
                return act(db)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(one, acts))


def count(model) -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_of_two_who_sign_at_once_one_does_and_the_other_is_told(house):
    hasan, mega = hired(house, "hasan"), hired(house, "mega")
    for number in range(6):
        sitting_id = house.measure(steady(0.5))
        shown = opened(house, sitting_id, hasan, mega)
        told = at_once(
            lambda db, s=sitting_id, seen=shown: decide(db, hasan, s, seen, CONFIRM, NOW),
            lambda db, s=sitting_id, seen=shown: decide(db, mega, s, seen, CONFIRM, NOW),
        )
        assert sorted(map(type, told), key=repr) == sorted([str, Conflict], key=repr)
        assert count(SignedResult) == count(ReviewStep) == number + 1
    with transaction(reads_only=True) as db:
        assert audit.verify(db).holds


def test_of_two_clicks_at_once_one_signature_is_left(house):
    hasan, sitting_id = hired(house, "hasan"), house.measure(steady(0.5))
    shown = opened(house, sitting_id, hasan)
    clicks = [lambda db: decide(db, hasan, sitting_id, shown, CONFIRM, NOW)] * 4
    assert at_once(*clicks) == ["signed"] * 4
    assert count(SignedResult) == 1


def test_taking_a_decision_back_and_approving_it_at_once_leaves_one_of_both(house):
    hasan, mega = hired(house, "hasan"), hired(house, "mega")
    for _ in range(4):
        sitting_id = house.measure(steady(0.5))
        shown = opened(house, sitting_id, hasan, mega)
        with transaction() as db:
            decide(db, hasan, sitting_id, shown, ADJUST, NOW)
        now_shown = Shown(shown.profile, 1)
        told = at_once(
            lambda db, s=sitting_id, seen=now_shown: decide(db, hasan, s, seen, CONFIRM, NOW),
            lambda db, s=sitting_id, seen=now_shown: approve(db, mega, s, seen, NOW),
        )
        assert sum(isinstance(one, Conflict) for one in told) == 1
        with transaction(reads_only=True) as db:
            (result,) = db.scalars(select(SignedResult).where(SignedResult.sitting_id == sitting_id)).all()
            assert result.sha256 == digest(canonical(result.document))


def test_two_who_take_the_next_cases_at_once_share_none(house):
    hasan, mega = hired(house, "hasan"), hired(house, "mega")
    sittings = [house.measure(steady(0.5)) for _ in range(4)]
    first, second = at_once(
        lambda db: actions.take_next(db, hasan, house.wave_id, 3, NOW),
        lambda db: actions.take_next(db, mega, house.wave_id, 3, NOW),
    )
    assert sorted([*first, *second]) == sittings
    assert count(ReviewLease) == 4


def test_what_is_signed_is_frozen_and_read_back_as_the_same_bytes(house):
    hasan, mega, sitting_id = hired(house, "hasan"), hired(house, "mega"), house.measure(steady(0.5))
    shown = opened(house, sitting_id, hasan, mega)
    with transaction() as db:
        decide(db, hasan, sitting_id, shown, ADJUST, NOW)
    with transaction() as db:
        approve(db, mega, sitting_id, Shown(shown.profile, 1), NOW)
    with transaction(reads_only=True) as db:
        result = db.scalars(select(SignedResult)).one()
        assert result.sha256 == digest(canonical(result.document))
        assert result.profile_inputs == scores.profile(db, house.agency_id, sitting_id)[0].inputs_sha256
    for change in (update(SignedResult).values(n=7), delete(SignedResult)):
        with pytest.raises(DBAPIError, match="added, never changed"), transaction() as db:
            db.execute(change)
