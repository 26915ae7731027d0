"""Granting before the start: rows that only grow, ledgers that follow, and nothing after the start."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accommodations.actions import AlreadyBegun
from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.actions.owners import owned_sitting
from assessment_app.exam.models import TimeEntry
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Closed, NotFound
from assessment_app.scheduling.models import Accommodation
from assessment_app.scheduling.rules import Needs
from tests import factories
from tests.assessment_app.accommodations.conftest import BLIND

MORE = Needs(factor=130)


def allowed(room, owner):
    return [sum(minutes for _kind, minutes, _by in room.ledger(owner, n)) for n in (1, 2, 3, 4)]


def test_what_was_granted_before_the_sign_in_is_in_every_ledger(room):
    plain = allowed(room, room.sign_in("device-two", seat=2))
    room.grant(BLIND)
    owner = room.sign_in()
    for n, base in enumerate(plain, 1):
        extra = -(-base * 30 // 100)  # whole minutes, rounded up
        assert room.ledger(owner, n) == [("base", base, "system"), ("accommodation", extra, "account:planner")]


def test_who_was_granted_nothing_has_the_time_of_the_battery(room):
    room.grant(MORE, seat=2)
    assert [kind for kind, _minutes, _by in room.ledger(room.sign_in())] == ["base"]


def test_a_grant_after_the_sign_in_reaches_the_ledger_at_once(room):
    owner = room.sign_in()
    before = allowed(room, owner)
    room.grant(MORE)
    assert allowed(room, owner) == [base - (-base * 30 // 100) for base in before]


def test_a_change_before_the_start_is_another_entry_and_no_entry_is_changed(room):
    owner = room.sign_in()
    base = allowed(room, owner)[0]
    room.grant(MORE)
    room.grant(Needs(factor=150))
    room.grant(Needs())
    kinds, minutes, _by = zip(*room.ledger(owner), strict=True)
    assert kinds == ("base", "accommodation", "accommodation", "accommodation")
    assert sum(minutes) == base
    assert minutes[3] < 0 < minutes[2] < minutes[1]


def test_the_deadline_is_the_sum_of_the_ledger(room):
    room.grant(MORE)
    owner = room.sign_in()
    gate = room.gate(room.start(owner))
    assert gate.deadline_ms == round(room.now.timestamp() * 1000) + allowed(room, owner)[0] * 60_000


def test_a_grant_that_the_sign_in_could_not_see_yet_is_in_the_ledger_at_the_start(room):
    """The row of somebody who grants at the same moment is committed after the sitting was made."""
    owner = room.sign_in()
    with transaction() as db:
        db.add(Accommodation(
            booking_id=room.booking_id(), n=1, agency_id=room.stage.agency_id, kind="time", value="200",
            reason="Surat", by="account:planner", at=room.now,
        ))  # fmt: skip
    base = allowed(room, owner)[0]
    room.start(owner)
    assert room.ledger(owner)[1:] == [("accommodation", base, "account:planner")]


def test_following_twice_adds_nothing(room):
    room.grant(MORE)
    owner = room.sign_in()
    room.sign_in()
    with transaction() as db:
        exam.follow_needs(db, owner.sitting_id, owned_sitting(db, owner).booking_id, room.now)
    assert len(room.ledger(owner)) == 2


def test_from_the_first_start_on_nothing_is_granted(room):
    owner = room.sign_in()
    room.start(owner)
    with pytest.raises(AlreadyBegun, match="pengawas menambah waktu"):
        room.grant(MORE)
    assert room.record() == []
    assert len(room.ledger(owner)) == 1


def test_a_later_part_does_not_open_it_again(room):
    owner = room.sign_in()
    room.finish(owner, room.start(owner))
    with pytest.raises(AlreadyBegun):
        room.grant(MORE)
    assert len(room.ledger(owner, 2)) == 1


def test_after_the_session_nothing_is_granted(room):
    room.now += timedelta(hours=3)
    with pytest.raises(Closed):
        room.grant(MORE)


def test_each_change_is_a_row_and_the_same_again_is_none(room):
    assert room.grant(BLIND) == ("time", "text", "breaks", "reader")
    assert room.grant(BLIND) == ()
    assert room.grant(Needs(factor=130, breaks=2, break_minutes=15)) == ("text", "breaks", "reader")
    assert room.record() == [
        (1, "time", "130"), (2, "text", "l"), (3, "breaks", "2x10"), (4, "reader", "Ani Pembaca"),
        (5, "text", ""), (6, "breaks", "2x15"), (7, "reader", ""),
    ]  # fmt: skip
    assert room.needs() == Needs(factor=130, breaks=2, break_minutes=15)


def test_each_change_is_in_the_trail_once_with_its_reason(room):
    room.grant(MORE)
    room.grant(MORE)
    with transaction(reads_only=True) as db:
        (found,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "accommodation.grant"))
    assert (found.actor, found.reason) == ("account:planner", "Surat 12/2026")
    assert found.detail == {"time": "130", "seat": 1}


def test_the_ledger_names_the_row_and_not_the_reason(room):
    room.grant(MORE)
    room.sign_in()
    with transaction(reads_only=True) as db:
        said = set(db.scalars(select(TimeEntry.reason).where(TimeEntry.kind == "accommodation")))
    assert said == {"accommodation 1"}


def test_another_agency_finds_neither_session_nor_seat(room):
    stranger = Officer(factories.agency("lain"), "account:stranger")
    with pytest.raises(NotFound):
        room.grant(MORE, by=stranger)
    with pytest.raises(NotFound):
        room.grant(MORE, seat=31)
    assert room.record() == []
