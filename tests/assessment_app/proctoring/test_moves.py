"""Somebody sits elsewhere than planned, on a real database: SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam.actions.owners import owned_sitting
from assessment_app.exam.models import Attempt
from assessment_app.exam.refusals import NotBooked, SittingElsewhere
from assessment_app.logbook.actions import CannotMove, ChangedHands, SeatTaken, WrittenOtherwise
from assessment_app.logbook.messages.forms import Move
from assessment_app.logbook.models import SeatMove
from assessment_app.logbook.queries import day as written
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.platform.security import secret
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import Seated
from assessment_app.proctoring.messages import Lock, MoreTime, Release
from assessment_app.proctoring.queries import signs
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.scheduling.models import Booking
from assessment_app.scheduling.rules import pin
from tests.assessment_app.proctoring.conftest import Lab
from tests.factories import NOW

DEAD = "Komputer rusak"


def booking(lab, seat):
    with transaction(reads_only=True) as db:
        found = db.scalar(select(Booking).where(Booking.session_id == lab.stage.session_id, Booking.seat == seat))
        return found and found.booking_id


def wish(lab, seat, to, session_id=None):
    """Wish for a move as the page does that shows the room as it is now."""
    return Move(uuid4(), booking(lab, seat), session_id or lab.stage.session_id, to, DEAD)


def move(lab, wanted, seat, by=None):
    with transaction() as db:
        touched = actions.move(db, by or lab.by, Seated(lab.stage.session_id, seat), wanted, lab.now)
    with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
        for one in touched:
            actions.mirror(answers, db, one)
    return touched


def place(booking_id):
    with transaction(reads_only=True) as db:
        found = db.get_one(Booking, booking_id)
        return found.session_id, found.seat


def other_session(lab, starts, wave_id=None, hours=3):
    """Give the wave, or another, a session in a room of its own; gives it and its PIN."""
    with transaction() as db:
        name = f"Lab {uuid4()}"
        room = scheduling.add_room(db, lab.by, NewRoom(name, "SMKN Contoh", "Asia/Jakarta", 10), NOW)
        hours = NewSession(room.room_id, starts, starts + timedelta(hours=hours))
        session = scheduling.add_session(db, lab.by, wave_id or lab.stage.wave_id, hours, NOW - timedelta(days=2))
        return session.session_id, pin(secret("session-pin"), session.session_id, session.pin_round)


def test_the_old_computer_writes_nothing_more_and_every_answer_waits_at_the_new_seat(lab):
    old = lab.sign_in("device-one", seat=1)
    attempt_id = lab.start(old)
    lab.answer(old, attempt_id, (1, "a", '"p"', 0))
    moved = booking(lab, 1)
    move(lab, wish(lab, 1, 7), 1)
    assert place(moved) == (lab.stage.session_id, 7)
    assert lab.gate(attempt_id).epoch == 2
    with transaction() as db, pytest.raises(SittingElsewhere):
        owned_sitting(db, old)
    new = lab.sign_in("device-two", seat=1)  # by NIP, as the participant does on the other computer
    assert (new.sitting_id, new.epoch) == (old.sitting_id, 2)
    with transaction(ANSWERS, reads_only=True) as answers:
        assert signs.progress(answers, [attempt_id])[attempt_id].answered == 1


def test_the_planned_seat_stays_and_the_present_one_follows_from_the_acts(lab):
    moved = booking(lab, 1)
    for seat, to in ((1, 7), (7, 9), (9, 1), (1, 12)):
        move(lab, wish(lab, seat, to), seat)
    with transaction(reads_only=True) as db:
        session = plans.session(db, lab.stage.agency_id, lab.stage.session_id)
        day = written.day(db, session)
    acts = [one for one, _booking in day.moves]
    assert [(act.n, act.from_seat, act.to_seat) for act in acts] == [(1, 1, 7), (2, 7, 9), (3, 9, 1), (4, 1, 12)]
    planned = day.planned(moved)
    assert planned is not None
    assert planned.from_seat == 1
    assert place(moved) == (acts[-1].to_session, acts[-1].to_seat)
    assert {act.epoch for act in acts} == {None}  # nobody had signed in: no epoch to raise


def test_who_is_back_on_the_planned_seat_sits_where_they_were_planned(lab):
    moved = booking(lab, 1)
    for seat, to in ((1, 7), (7, 1)):
        move(lab, wish(lab, seat, to), seat)
    with transaction(reads_only=True) as db:
        day = written.day(db, plans.session(db, lab.stage.agency_id, lab.stage.session_id))
    assert day.planned(moved) is None


def test_a_move_before_the_first_sign_in_needs_no_sitting(lab):
    assert move(lab, wish(lab, 1, 7), 1) == ()
    assert lab.sign_in(seat=1).epoch == 1


def test_a_move_is_on_record_with_both_places_and_the_reason(lab):
    lab.sign_in(seat=1)
    move(lab, wish(lab, 1, 7), 1)
    with transaction(reads_only=True) as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "seat.move"))
    here = str(lab.stage.session_id)
    assert (entry.reason, entry.detail) == (DEAD, {"from": [here, 1], "to": [here, 7], "epoch": 2})


def test_a_double_click_moves_once(lab):
    owner = lab.sign_in(seat=1)
    wanted = wish(lab, 1, 7)
    move(lab, wanted, 1)
    assert move(lab, wanted, 1) == (actions.Touched(owner.sitting_id, tuple(
        attempt.attempt_id for attempt in lab.sitting(owner).attempts
    )),)  # fmt: skip
    assert lab.sitting(owner).epoch == 2
    with transaction(reads_only=True) as db:
        assert len(db.scalars(select(SeatMove)).all()) == 1


def test_the_same_number_cannot_wish_for_something_else(lab):
    wanted = wish(lab, 1, 7)
    move(lab, wanted, 1)
    with pytest.raises(WrittenOtherwise):
        move(lab, replace(wanted, seat=8), 7)


def test_nobody_is_put_upon_anybody_and_the_refusal_names_them(lab):
    with pytest.raises(SeatTaken, match="Rina Peraga"):
        move(lab, wish(lab, 1, 2), 1)
    assert place(booking(lab, 1))[1] == 1


@pytest.mark.parametrize("seat", [0, 33, 10**17])
def test_a_seat_that_the_room_does_not_have_is_refused(lab, seat):
    with pytest.raises(Invalid, match="32"):
        move(lab, wish(lab, 1, seat), 1)


def test_a_stale_page_moves_nobody_else(lab):
    stale = wish(lab, 1, 8)
    move(lab, wish(lab, 1, 7), 1)
    with pytest.raises(ChangedHands, match="Joko Peraga"):
        move(lab, stale, 1)
    move(lab, wish(lab, 2, 1), 2)  # somebody else sits there now
    with pytest.raises(ChangedHands):
        move(lab, stale, 1)
    assert place(stale.booking_id)[1] == 7


@pytest.mark.parametrize("act", ["release", "lock", "add_time"])
def test_a_stale_page_does_nothing_to_whoever_sits_there_now(lab, act):
    first = booking(lab, 1)
    lab.sign_in("device-one", seat=1)
    owner = lab.sign_in("device-two", seat=2)
    lab.start(owner)
    move(lab, wish(lab, 1, 7), 1)
    move(lab, wish(lab, 2, 1), 2)
    entry = lab.sitting(owner).attempts[0].ledger[-1].entry_id
    wanted = {"release": Release(2, DEAD), "lock": Lock(True, DEAD), "add_time": MoreTime(1, 5, entry, DEAD)}[act]
    before = lab.sitting(owner).epoch
    with pytest.raises(ChangedHands):
        lab.act(getattr(actions, act), wanted, where=Seated(lab.stage.session_id, 1, first))
    assert lab.sitting(owner).epoch == before


def test_two_proctors_at_once_put_two_people_on_two_seats(lab):
    wishes = [(wish(lab, 1, 7), 1), (wish(lab, 2, 7), 2)]

    def attempt(one):
        try:
            return bool(move(lab, *one) == ())
        except SeatTaken:
            return False

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(attempt, wishes)) == [False, True]
    seats = sorted(place(wanted.booking_id)[1] for wanted, _seat in wishes)
    assert seats in ([1, 7], [2, 7])


def test_two_proctors_at_once_move_the_same_person_once(lab):
    owner = lab.sign_in(seat=1)
    wishes = [wish(lab, 1, 7), wish(lab, 1, 8)]

    def attempt(wanted):
        try:
            return bool(move(lab, wanted, 1))
        except ChangedHands:
            return False

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(attempt, wishes)) == [False, True]
    assert lab.sitting(owner).epoch == 2


def test_whoever_has_finished_stays(lab):
    owner = lab.sign_in(seat=1)
    for n in (1, 2, 3, 4):
        lab.finish(owner, lab.start(owner, n), n)
    with pytest.raises(Conflict, match="sudah selesai"):
        move(lab, wish(lab, 1, 7), 1)


def test_another_agency_moves_nobody_and_nobody_into_its_rooms(lab):
    neighbour = Lab("tetangga")
    stranger = Officer(neighbour.stage.agency_id, "account:stranger")
    with pytest.raises(NotFound):
        move(lab, wish(lab, 1, 7), 1, by=stranger)
    with pytest.raises(NotFound):
        move(lab, wish(lab, 1, 7, neighbour.stage.session_id), 1)


def test_another_session_of_the_wave_takes_them_with_its_own_pin(lab):
    owner = lab.sign_in("device-one", seat=1)
    lab.start(owner)
    there, new_pin = other_session(lab, NOW)
    moved = booking(lab, 1)
    move(lab, wish(lab, 1, 3, there), 1)
    assert place(moved) == (there, 3)
    with pytest.raises(NotBooked):
        lab.sign_in("device-two", seat=1)
    lab.stage = replace(lab.stage, pin=new_pin)
    assert lab.sign_in("device-two", seat=1).epoch == 2


def test_a_running_clock_is_not_sent_to_a_door_that_is_closed(lab):
    there, _pin = other_session(lab, NOW + timedelta(days=1))
    lab.start(lab.sign_in(seat=1))
    with pytest.raises(CannotMove, match="sedang berjalan"):
        move(lab, wish(lab, 1, 3, there), 1)
    assert move(lab, wish(lab, 2, 3, there), 2) == ()  # who has not begun may sit tomorrow


def test_neither_a_session_that_is_over_nor_one_of_another_wave_takes_anybody(lab):
    over, _pin = other_session(lab, NOW - timedelta(days=1))
    with transaction() as db:
        forms = [part.form_id for part in plans.wave(db, lab.stage.agency_id, lab.stage.wave_id).battery]
        wave = scheduling.add_wave(db, lab.by, NewWave("Lain", "pemetaan", tuple(forms)), NOW)
        other = wave.wave_id
    foreign, _pin = other_session(lab, NOW, other)
    for session_id, words in ((over, "sudah selesai"), (foreign, "gelombang lain")):
        with pytest.raises(CannotMove, match=words):
            move(lab, wish(lab, 1, 3, session_id), 1)


def test_a_move_leaves_a_closed_gate_closed(lab):
    owner = lab.sign_in(seat=1)
    attempt_id = lab.start(owner)
    lab.finish(owner, attempt_id)
    move(lab, wish(lab, 1, 7), 1)
    assert lab.gate(attempt_id).closed
    with transaction(reads_only=True) as db:
        assert db.get_one(Attempt, attempt_id).finished is not None
