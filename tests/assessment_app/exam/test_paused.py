"""A sitting whose time a proctor lets stand still, on both stores: nothing is written, lost, or taken from anybody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam import actions as exam
from assessment_app.exam.models import SittingEvent, TimeEntry
from assessment_app.exam.queries import facts
from assessment_app.exam.queries.held import Marks
from assessment_app.exam.rules import PAUSE_LASTS
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Conflict
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import Seated, pausing
from assessment_app.proctoring.messages import Lock, MoreTime, Pause, Resume, event_words
from assessment_app.proctoring.rules import NOTICED_MS
from tests.assessment_app.exam.browser import browser_of, document, first, slug
from workers import sweeps

WHY, GO_ON = Pause("Alarm kebakaran", 10**9), Resume(10**9)
LIMIT_MS = 15 * 60_000


class Proctor:
    """What a proctor does to a seat or to the room, gates included."""

    def __init__(self, stage, moved_clock):
        self.stage, self.clock, self.by = stage, moved_clock, Officer(stage.agency_id, "account:proctor")

    def act(self, do, *more, seat=None, mirror=True):
        where = self.stage.session_id if seat is None else Seated(self.stage.session_id, seat)
        with transaction() as db:
            touched = do(db, self.by, where, *more, self.clock.now())
        for one in (touched if isinstance(touched, tuple) else (touched,)) if mirror else ():
            with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
                actions.mirror(answers, db, one)

    def pause(self, seat=None, **how):
        self.act(pausing.pause_room if seat is None else pausing.pause, WHY, seat=seat, **how)

    def resume(self, seat=None, **how):
        self.act(pausing.resume_room if seat is None else pausing.resume, GO_ON, seat=seat, **how)


@pytest.fixture
def proctor(stage, moved_clock):
    return Proctor(stage, moved_clock)


def entries():
    with transaction(reads_only=True) as db:
        wanted = select(TimeEntry.kind, TimeEntry.ms).where(TimeEntry.kind.in_(("outage", "proctor")))
        return [tuple(row) for row in db.execute(wanted.order_by(TimeEntry.entry_id))]


def left(browser, n=1):
    return document(browser.start(n))["remaining_ms"]


def states(browser):
    return [attempt["state"] for attempt in document(browser.call("GET", "/sitting"))["attempts"]]


@pytest.mark.parametrize("seat", [None, 1])
def test_every_call_of_a_paused_sitting_is_refused_and_what_waits_is_saved_afterwards(working, item, proctor, seat):
    proctor.pause(seat)
    tries = [working.sign_in(), working.call("GET", "/sitting"), working.start(), working.finish()]
    assert {(said.status_code, slug(said)) for said in tries} == {(423, "paused")}
    held = [
        working.save([(1, item["id"], first(item))]),
        working.call("POST", "/heartbeat", {"attempt": 1, "epoch": 1}),
    ]
    assert {(said.status_code, slug(said)) for said in held} == {(423, "locked")}  # the gate knows no more
    proctor.resume(seat)
    assert document(working.save([(1, item["id"], first(item))]))["acked_seq"] == 1
    assert working.start().json["answers"] == {item["id"]: first(item)}


@pytest.mark.parametrize(("seat", "kind"), [(None, "outage"), (1, "proctor")])
def test_the_time_that_is_left_is_the_same_before_and_after(working, proctor, moved_clock, seat, kind):
    moved_clock.forward(minutes=10)
    proctor.pause(seat)
    moved_clock.forward(minutes=40)  # longer than the part has
    proctor.resume(seat)
    assert left(working) == LIMIT_MS - 10 * 60_000 + NOTICED_MS
    assert entries() == [(kind, 40 * 60_000 + NOTICED_MS)]
    moved_clock.forward(minutes=5, seconds=1 + NOTICED_MS / 1000)
    assert document(working.call("GET", "/sitting"))["attempts"][0]["state"] == "grace"


def test_no_deadline_moves_before_the_pause_ends(working, proctor):
    proctor.pause()
    assert entries() == []


def test_a_double_click_pauses_once_and_gives_back_once(working, proctor, moved_clock):
    for _click in range(2):
        proctor.pause()
        proctor.pause(1)
        moved_clock.forward(minutes=1)
    for _click in range(2):
        proctor.resume()
        proctor.resume(1)
    assert entries() == [("outage", 2 * 60_000 + NOTICED_MS)]
    with transaction(reads_only=True) as db:
        ours = AuditEntry.action.like("%.pause") | AuditEntry.action.like("%.resume")
        deeds = list(db.scalars(select(AuditEntry.action).where(ours).order_by(AuditEntry.entry_no)))
    assert deeds == ["session.pause", "session.resume"]


def test_the_sweep_closes_nothing_whose_time_stands_still(working, item, proctor, moved_clock):
    working.save([(1, item["id"], first(item))])
    proctor.pause()
    moved_clock.forward(hours=3)
    sweeps.close_overdue(moved_clock.now())
    proctor.resume()
    assert states(working)[0] == "open"
    assert document(working.save([(2, item["id"], None)]))["notices"] == []


def test_a_pause_that_was_forgotten_holds_up_no_sealing_for_ever(working, item, proctor, moved_clock):
    working.save([(1, item["id"], first(item))])
    proctor.pause()
    moved_clock.forward(seconds=PAUSE_LASTS.total_seconds() + 1)
    sweeps.close_overdue(moved_clock.now())
    assert states(working)[0] == "sealed"
    proctor.resume()
    assert entries() == []


def test_an_attempt_in_its_grace_keeps_the_rest_of_it(working, item, proctor, moved_clock):
    moved_clock.forward(minutes=15, seconds=30)
    proctor.pause()
    moved_clock.forward(minutes=20)
    proctor.resume()
    late = {"seq": 1, "item": item["id"], "response": first(item), "at_ms": LIMIT_MS - 1000}
    said = document(working.call("POST", "/answers", {"attempt": 1, "epoch": 1, "changes": [late]}))
    assert said["notices"] == ["late"]


def test_who_is_locked_as_well_stays_locked_and_loses_no_time_to_the_pause(working, proctor, moved_clock):
    proctor.act(actions.lock, Lock(locked=True, reason="Diminta keluar"), seat=1)
    proctor.pause()
    assert slug(working.call("GET", "/sitting")) == "locked"
    moved_clock.forward(minutes=5)
    proctor.resume()
    assert slug(working.call("GET", "/sitting")) == "locked"
    proctor.act(actions.lock, Lock(locked=False, reason="Boleh masuk"), seat=1)
    assert left(working) == LIMIT_MS + NOTICED_MS


def test_who_has_not_started_cannot_start_while_paused_and_has_all_the_time_afterwards(browser, proctor, moved_clock):
    browser.sign_in()
    browser.agree()
    proctor.pause()
    assert slug(browser.start()) == "paused"
    moved_clock.forward(minutes=5)
    proctor.resume()
    assert (left(browser), entries()) == (LIMIT_MS, [])


def test_an_empty_or_finished_room_has_nobody_to_pause(stage, proctor, server):
    with pytest.raises(Conflict):
        proctor.pause()
    done = browser_of(server, stage.nips[0], stage.pin)
    done.walk()
    with pytest.raises(Conflict):
        proctor.pause()
    proctor.resume()
    assert entries() == []


def test_time_can_be_added_while_it_stands_still(working, stage, proctor, moved_clock):
    moved_clock.forward(minutes=10)
    proctor.pause()
    moved_clock.forward(minutes=30)
    with transaction(reads_only=True) as db:
        newest = facts.sitting(db, 1).attempts[0].ledger[-1].entry_id
    proctor.act(actions.add_time, MoreTime(1, 5, newest, "Komputer rusak"), seat=1)
    proctor.resume()
    assert left(working) == 10 * 60_000 + NOTICED_MS


def test_a_pause_or_an_end_whose_gates_a_crash_left_out_holds_for_all_but_saves_and_is_made_up(working, item, proctor):
    proctor.pause(mirror=False)
    assert slug(working.call("GET", "/sitting")) == "paused"
    proctor.pause()
    assert slug(working.save([(1, item["id"], first(item))])) == "locked"
    proctor.resume(mirror=False)
    assert slug(working.save([(1, item["id"], first(item))])) == "locked"
    assert working.start().status_code == 200
    assert document(working.save([(1, item["id"], first(item))]))["acked_seq"] == 1


def test_a_clock_that_was_set_back_takes_nothing_away(working, proctor, moved_clock):
    proctor.pause()
    moved_clock.forward(hours=-2)
    proctor.resume()
    assert entries() == [("outage", NOTICED_MS)]


def test_a_second_pause_counts_from_its_own_beginning(working, proctor, moved_clock):
    for minutes in (3, 4):
        proctor.pause()
        moved_clock.forward(minutes=minutes)
        proctor.resume()
        moved_clock.forward(minutes=1)
    assert entries() == [("outage", minutes * 60_000 + NOTICED_MS) for minutes in (3, 4)]
    with transaction(reads_only=True) as db:
        notes = db.scalars(select(SittingEvent.note).where(SittingEvent.kind == "resume"))
        told = [event_words("resume", note) for note in notes]
    assert told == ["Dilanjutkan setelah dijeda 3 menit", "Dilanjutkan setelah dijeda 4 menit"]


def test_a_part_that_was_finished_in_the_same_moment_is_sealed_and_the_pause_holds(working, proctor):
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        said, how = exam.close_gate(answers, db, 1, 1)
    proctor.pause()
    with transaction() as db:
        exam.seal(db, 1, 1, said, proctor.clock.now(), how)
    assert slug(working.start(2)) == "paused"
    proctor.resume()
    assert working.start(2).status_code == 200


@pytest.mark.parametrize("hold", ["pause", "lock"])
def test_of_a_sitting_that_is_sealed_whole_nothing_is_held_and_the_receipt_is_had(
    working, stage, server, proctor, hold
):
    """The last part is finished in the moment in which a proctor pauses or locks: nobody could let it go on later."""
    *earlier, last = (part["n"] for part in working.sitting["attempts"])
    for n in earlier:
        working.start(n)
        working.finish(n)
    (question, *_) = working.items(working.start(last))
    attempt_id = last  # of the first sitting they are numbered alike
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        said, how = exam.close_gate(answers, db, 1, attempt_id)
    if hold == "pause":
        proctor.pause()
    else:
        proctor.act(actions.lock, Lock(locked=True, reason="Diminta keluar"), seat=1)
    assert working.sign_in().status_code == 423
    with transaction() as db:
        exam.seal(db, 1, last, said, proctor.clock.now(), how)
    elsewhere = browser_of(server, stage.nips[0], stage.pin, device="computer-2")
    assert [working.sign_in().status_code, elsewhere.sign_in().status_code] == [200, 200]
    assert document(working.call("GET", "/sitting"))["state"] == "done"
    late = working.save([(9, question["id"], first(question))], n=last)  # the page sends what it has before it asks
    assert document(late)["notices"] == ["aside"]
    assert document(working.call("GET", "/receipt"))["receipt_code"]


def test_the_sweep_asks_again_while_it_holds_the_sitting(working, item, proctor, moved_clock, monkeypatch):
    """A pause that ends between the sweep's question and its closing has given the time back: nothing is closed."""
    moved_clock.forward(minutes=10)
    proctor.pause()
    moved_clock.forward(minutes=30)
    monkeypatch.setattr(facts, "overdue", lambda db, now: [(1, 1, 1)])  # as it was read a moment before
    proctor.resume()
    sweeps.close_overdue(moved_clock.now())
    assert states(working)[0] == "open"
    assert document(working.save([(1, item["id"], first(item))]))["notices"] == []


def test_who_was_forgotten_in_a_pause_for_a_day_finds_the_sitting_as_it_was(browser, proctor, moved_clock):
    browser.sign_in()
    proctor.pause()
    moved_clock.forward(hours=22)
    proctor.resume()
    assert document(browser.call("GET", "/sitting"))["state"] == "present"


def test_a_wish_of_a_page_that_was_long_offline_undoes_nothing(working, proctor):
    proctor.pause()
    proctor.resume()
    with pytest.raises(Conflict):
        proctor.act(pausing.pause_room, Pause("Alarm kebakaran", 0))
    proctor.pause()
    with pytest.raises(Conflict):
        proctor.act(pausing.resume_room, Resume(0))
    assert slug(working.call("GET", "/sitting")) == "paused"


def test_who_is_held_is_known_however_late_an_event_was_committed():
    earlier, later = Marks(pause=7), Marks(resume=9)
    assert earlier.with_later(later).held == later.with_later(earlier).held == ""
    assert Marks(pause=7, resume=5).with_later(Marks(lock=3)).held == "locked"
