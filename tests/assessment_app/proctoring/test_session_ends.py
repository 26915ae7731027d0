"""When a session ends after pauses, on both stores: late enough for whoever lost most, however the pauses are ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment_app.platform.db import transaction
from assessment_app.proctoring.actions import Seated, pausing
from assessment_app.proctoring.messages import Pause, Resume
from assessment_app.proctoring.rules import NOTICED_MS, ends_later_ms
from assessment_app.scheduling.models import ExamSession
from tests.assessment_app.proctoring.test_moves import move, other_session, wish
from tests.factories import NOW

WHY, GO_ON = Pause("Alarm kebakaran", 10**9), Resume(10**9)


def act(lab, room, one, wanted, seat, session_id=None):
    here = session_id or lab.stage.session_id
    with transaction() as db:
        if seat is None:
            room(db, lab.by, here, wanted, lab.now)
        else:
            one(db, lab.by, Seated(here, seat), wanted, lab.now)


def pause(lab, seat=None, session_id=None):
    act(lab, pausing.pause_room, pausing.pause, WHY, seat, session_id)


def resume(lab, seat=None, session_id=None):
    act(lab, pausing.resume_room, pausing.resume, GO_ON, seat, session_id)


def ends(lab, session_id=None):
    with transaction(reads_only=True) as db:
        return db.get_one(ExamSession, session_id or lab.stage.session_id).ends


def after(minutes, pauses=1):
    return timedelta(minutes=minutes, milliseconds=pauses * NOTICED_MS)


@pytest.fixture
def room(lab):
    """A room in which everybody has signed in."""
    for seat in lab.nips:
        lab.sign_in(f"device-{seat}", seat)
    lab.planned = ends(lab)
    return lab


def wait(lab, minutes):
    lab.now += timedelta(minutes=minutes)


@pytest.mark.parametrize("one_by_one", [False, True])
def test_seat_by_seat_it_ends_as_late_as_when_the_room_goes_on(room, one_by_one):
    pause(room)
    wait(room, 9)
    for seat in room.nips if one_by_one else [None]:
        resume(room, seat)
    assert ends(room) == room.planned + after(9)


def test_it_ends_as_much_later_as_the_longest_pause(room):
    pause(room)
    for minutes, seat in ((5, 2), (3, 1), (4, None)):  # one after the other, and whoever is left
        wait(room, minutes)
        resume(room, seat)
    assert ends(room) == room.planned + after(5 + 3 + 4)


def test_what_two_people_lost_is_not_added_up_and_what_one_lost_is(room):
    for minutes, seat, longest in ((7, 1, after(7)), (6, 2, after(7)), (4, 2, after(10, pauses=2))):
        pause(room, seat)
        wait(room, minutes)
        resume(room, seat)
        assert ends(room) == room.planned + longest


def test_a_pause_of_one_seat_that_began_before_the_rooms_is_covered_too(room):
    pause(room, 1)
    wait(room, 120)
    pause(room)
    wait(room, 3)
    resume(room)
    assert ends(room) == room.planned + after(123)


def test_a_pause_that_was_forgotten_for_a_day_opens_no_session_again(room):
    pause(room, 1)
    pause(room)
    wait(room, 22 * 60)
    resume(room, 1)
    resume(room)
    assert ends(room) == room.planned


def test_proctors_who_let_go_on_at_once_move_it_once(room):
    pause(room)
    wait(room, 10)
    seats = [*room.nips, None, None, *room.nips]
    with ThreadPoolExecutor(4) as proctors:
        list(proctors.map(lambda seat: resume(room, seat), seats))
    assert ends(room) == room.planned + after(10)


def test_what_somebody_lost_elsewhere_is_neither_counted_here_nor_forgotten_there(room):
    """Whoever was paused and then moved has moved the first session's end, and the second one's not at all."""
    there, _pin = other_session(room, NOW)
    planned_there = ends(room, there)
    pause(room, 1)
    wait(room, 30)
    resume(room, 1)
    move(room, wish(room, 1, 4, there), 1)
    pause(room, 2)
    wait(room, 10)
    resume(room, 2)
    assert ends(room) == room.planned + after(30)
    pause(room, 4, there)
    wait(room, 5)
    resume(room, 4, there)
    assert ends(room, there) == planned_there + after(5)


SEATS = st.integers(1, 4)


@given(st.lists(st.tuples(SEATS, st.integers(0, 10**7)), max_size=12))
def test_the_window_covers_the_longest_time_given_back_in_whatever_order_pauses_end(ended):
    lost: dict[int, int] = {}
    later = 0
    for seat, ms in ended:
        later += ends_later_ms(lost, {seat: ms})
        lost[seat] = lost.get(seat, 0) + ms
    assert later == max(lost.values(), default=0) == ends_later_ms({}, lost)
