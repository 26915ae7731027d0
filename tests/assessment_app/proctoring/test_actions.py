"""What a proctor does, on a real database: SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions.owners import owned_sitting
from assessment_app.exam.models import SittingEvent
from assessment_app.exam.refusals import SittingElsewhere
from assessment_app.exam.rules import NO_DEVICE
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Closed, Conflict, NotFound
from assessment_app.proctoring import actions, queries
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.messages import MoreTime, Outage, Release
from assessment_app.scheduling import queries as plans
from tests import factories
from tests.assessment_app.proctoring.conftest import Lab

BROKEN = "Komputer rusak"
LIMIT = timedelta(minutes=15)
GRACE = timedelta(minutes=2)


def more(lab, owner, n=1, minutes=5, reason="Listrik padam"):
    """Wish for more time as the page does that shows the ledger as it is now."""
    return MoreTime(n, minutes, lab.sitting(owner).attempts[n - 1].ledger[-1].entry_id, reason)


def allowed_minutes(lab, owner, n=1):
    return sum(entry.ms for entry in lab.sitting(owner).attempts[n - 1].ledger) / 60_000


def trail(action):
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def events(kind):
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(SittingEvent.note).where(SittingEvent.kind == kind)))


def test_a_released_sitting_belongs_to_the_next_device(lab):
    old = lab.sign_in("device-one")
    with pytest.raises(SittingElsewhere):
        lab.sign_in("device-two")
    lab.act(actions.release, Release(1, BROKEN))
    assert lab.sitting(old).device == NO_DEVICE
    new = lab.sign_in("device-two")
    assert (new.epoch, lab.sitting(new).device) == (2, "device-two")
    with transaction() as db, pytest.raises(SittingElsewhere):
        owned_sitting(db, old)
    with pytest.raises(SittingElsewhere):
        lab.sign_in("device-one")


def test_the_gates_of_open_attempts_follow_a_release(lab):
    attempt_id = lab.start(lab.sign_in())
    before = lab.gate(attempt_id)
    lab.act(actions.release, Release(1, BROKEN))
    after = lab.gate(attempt_id)
    assert (before.epoch, after.epoch) == (1, 2)
    assert (after.deadline_ms, after.closed) == (before.deadline_ms, False)


def test_a_release_opens_no_gate_that_was_closed_and_makes_none(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    lab.finish(owner, attempt_id)
    lab.act(actions.release, Release(1, BROKEN))
    assert lab.gate(attempt_id).closed
    assert lab.gate(lab.sitting(owner).attempts[1].attempt_id) is None


def test_releasing_twice_is_releasing_once(lab):
    lab.sign_in()
    for _click in range(2):
        lab.act(actions.release, Release(1, BROKEN))
    lab.sign_in("device-two")
    lab.act(actions.release, Release(1, BROKEN))
    assert (lab.sitting(lab.sign_in("device-two")).epoch, events("release")) == (2, [BROKEN])
    assert [entry.reason for entry in trail("sitting.release")] == [BROKEN]


def test_clicks_at_once_release_once(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    with ThreadPoolExecutor(4) as clicks:
        list(clicks.map(lambda _: lab.act(actions.release, Release(1, BROKEN)), range(4)))
    assert (lab.sitting(owner).epoch, lab.gate(attempt_id).epoch, len(events("release"))) == (2, 2, 1)


def test_a_repeated_wish_mends_a_gate_that_a_crash_left_behind(lab):
    attempt_id = lab.start(lab.sign_in())
    with transaction() as db:
        actions.release(db, lab.by, lab.where, Release(1, BROKEN), lab.now)
    assert lab.gate(attempt_id).epoch == 1
    lab.act(actions.release, Release(1, BROKEN))
    assert lab.gate(attempt_id).epoch == 2


def test_added_time_moves_the_deadline_and_leaves_a_signed_entry(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    before = lab.gate(attempt_id).deadline_ms
    lab.act(actions.add_time, more(lab, owner))
    assert lab.gate(attempt_id).deadline_ms == before + 300_000
    entry = lab.sitting(owner).attempts[0].ledger[-1]
    assert (entry.kind, entry.ms, entry.by, entry.reason) == ("proctor", 300_000, "account:proctor", "Listrik padam")
    assert events("add-time") == ["1 5 Listrik padam"]
    assert [(one.reason, one.detail["minutes"]) for one in trail("attempt.add_time")] == [("Listrik padam", 5)]


def test_adding_twice_from_one_page_is_adding_once(lab):
    owner = lab.sign_in()
    lab.start(owner)
    wanted = more(lab, owner)
    with ThreadPoolExecutor(3) as clicks:
        list(clicks.map(lambda _: lab.act(actions.add_time, wanted), range(3)))
    assert allowed_minutes(lab, owner) == 20
    assert len(trail("attempt.add_time")) == 1


def test_a_page_opened_anew_can_add_the_same_again(lab):
    owner = lab.sign_in()
    for _page in range(2):
        lab.act(actions.add_time, more(lab, owner))
    assert allowed_minutes(lab, owner) == 25


def test_a_wish_made_in_the_light_of_an_older_ledger_is_refused(lab):
    owner = lab.sign_in()
    stale = more(lab, owner, minutes=10)
    lab.act(actions.add_time, more(lab, owner, minutes=5))
    with pytest.raises(Conflict, match="baru saja diubah"):
        lab.act(actions.add_time, stale)
    assert allowed_minutes(lab, owner) == 20


def test_time_added_before_the_start_counts_from_the_start(lab):
    owner = lab.sign_in()
    lab.act(actions.add_time, more(lab, owner, minutes=15))
    attempt_id = lab.start(owner)
    assert lab.gate(attempt_id).deadline_ms == (lab.now + LIMIT * 2).timestamp() * 1000


def test_time_can_be_added_to_the_end_of_the_grace_and_not_after(lab):
    owner = lab.sign_in()
    lab.start(owner)
    lab.now += LIMIT + GRACE
    lab.act(actions.add_time, more(lab, owner, minutes=3))
    lab.now += timedelta(minutes=3, microseconds=1)
    with pytest.raises(Closed):
        lab.act(actions.add_time, more(lab, owner, minutes=3))


def test_a_sealed_attempt_takes_no_more_time(lab):
    owner = lab.sign_in()
    lab.finish(owner, lab.start(owner))
    with pytest.raises(Closed):
        lab.act(actions.add_time, more(lab, owner))


def test_there_is_nothing_to_do_on_a_seat_where_nobody_signed_in(lab):
    lab.sign_in()
    with pytest.raises(NotFound):
        lab.act(actions.release, Release(1, BROKEN), where=Seated(lab.stage.session_id, 2))
    with pytest.raises(NotFound):
        lab.act(actions.add_time, MoreTime(9, 5, 1, BROKEN))


def test_another_agencys_proctor_finds_nobody_here(lab):
    owner = lab.sign_in()
    lab.start(owner)
    stranger = Officer(Lab("tetangga").stage.agency_id, "account:stranger")
    for action, wanted in ((actions.release, Release(1, "ingin tahu")), (actions.add_time, more(lab, owner))):
        with pytest.raises(NotFound):
            lab.act(action, wanted, by=stranger)
    assert (lab.sitting(owner).epoch, allowed_minutes(lab, owner)) == (1, 15)


def test_a_refused_wish_leaves_no_trace(lab):
    owner = lab.sign_in()
    lab.finish(owner, lab.start(owner))
    with pytest.raises(Closed):
        lab.act(actions.add_time, more(lab, owner))
    assert events("add-time") == []
    assert trail("attempt.add_time") == []


def test_a_mirror_that_comes_late_writes_the_newest_truth(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    with transaction() as db:
        early = actions.add_time(db, lab.by, lab.where, more(lab, owner), lab.now)
    lab.act(actions.release, Release(1, BROKEN))
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        actions.mirror(answers, db, early)
    assert lab.gate(attempt_id).epoch == 2


def outage(lab, minutes=30, reason="Listrik padam", after_entry=0):
    """Let the proctor give the time of an outage back, and let the gates follow; tells to how many."""
    with transaction() as db:
        credited = actions.credit_outage(
            db, lab.by, lab.stage.session_id, Outage(minutes, after_entry, reason), lab.now
        )
    for touched in credited:
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            actions.mirror(answers, db, touched)
    return len(credited)


def newest_credit(lab):
    with transaction(reads_only=True) as db:
        session = plans.session(db, lab.stage.agency_id, lab.stage.session_id)
        entry = queries.credited_since(db, session, 0)
        return session.ends, entry.entry_id if entry else 0


def test_an_outage_is_given_back_to_all_who_work_and_to_nobody_else(lab):
    working, finished, waiting = lab.sign_in(), lab.sign_in("device-two", seat=2), lab.sign_in("device-three", seat=3)
    gate, sealed = lab.start(working), lab.start(finished)
    lab.finish(finished, sealed)
    before, (ends, _none) = lab.gate(gate).deadline_ms, newest_credit(lab)
    assert outage(lab) == 1
    assert [allowed_minutes(lab, owner) for owner in (working, finished, waiting)] == [45, 15, 15]
    assert (lab.gate(gate).deadline_ms - before, newest_credit(lab)[0] - ends) == (1_800_000, timedelta(minutes=30))
    assert lab.sitting(working).attempts[0].ledger[-1].kind == "outage"
    assert events("outage") == ["1 30 Listrik padam"]
    assert [entry.detail for entry in trail("session.outage")] == [{"minutes": 30, "sittings": [working.sitting_id]}]


def test_an_outage_that_is_credited_twice_from_one_page_is_credited_once(lab):
    owner = lab.sign_in()
    lab.start(owner)
    with ThreadPoolExecutor(3) as clicks:
        assert list(clicks.map(lambda _: outage(lab), range(3))) == [1, 1, 1]
    assert (allowed_minutes(lab, owner), len(trail("session.outage"))) == (45, 1)
    outage(lab, 5, after_entry=newest_credit(lab)[1])
    assert allowed_minutes(lab, owner) == 50


def test_a_credit_in_the_light_of_an_older_one_is_refused(lab):
    lab.start(lab.sign_in())
    outage(lab, 30)
    with pytest.raises(Conflict, match="baru saja dikembalikan"):
        outage(lab, 60)


def test_without_anybody_at_work_there_is_no_time_to_give_back(lab):
    lab.sign_in()
    with pytest.raises(Conflict, match="sedang mengerjakan"):
        outage(lab)


def test_an_outage_of_another_agencys_room_is_nobodys_here(lab):
    lab.start(lab.sign_in())
    other = Officer(factories.agency("lain"), "account:other")
    with transaction() as db, pytest.raises(NotFound):
        actions.credit_outage(db, other, lab.stage.session_id, Outage(5, 0, "Listrik padam"), lab.now)
