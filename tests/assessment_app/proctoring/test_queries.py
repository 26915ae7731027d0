from datetime import timedelta

from assessment_app.accommodations import actions as accommodations
from assessment_app.accommodations.messages import Wanted
from assessment_app.exam.hot_path.contacts import write
from assessment_app.exam.queries import facts, held
from assessment_app.exam.rules import Standing, milliseconds
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.proctoring import actions, queries
from assessment_app.proctoring.messages import Break, Lock
from assessment_app.proctoring.queries import signs
from assessment_app.proctoring.queries.seats import Known, of_room
from assessment_app.proctoring.rules import SeatState
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import Needs

COUNTS, ASIDE, REFUSED = Standing.LATE.value, Standing.ASIDE.value, Standing.REFUSED.value


def seats(lab, counts=(), heard=None):
    with transaction(reads_only=True) as db:
        session = plans.session(db, lab.stage.agency_id, lab.stage.session_id)
        found, grace = queries.sittings(db, session), facts.grace_ms(db, session.wave_id)
        locked = held.of(db, [sitting.sitting_id for sitting in found]).locked
        heard = {one.sitting_id: milliseconds(lab.now) for one in found} if heard is None else heard
        progress = {attempt: signs.Progress(count, milliseconds(lab.now)) for attempt, count in dict(counts).items()}
        return of_room(session, found, Known(grace, progress, heard, locked), lab.now)


def test_every_seat_of_the_room_is_judged(lab):
    lab.sign_in(seat=1)
    lab.start(lab.sign_in("device-two", seat=2))
    states = [seat.state for seat in seats(lab)]
    assert states == [SeatState.PRESENT, SeatState.WORKING, SeatState.AWAITED] + [SeatState.FREE] * 29


def test_a_locked_seat_is_shown_as_such_until_it_is_unlocked(lab):
    lab.sign_in()
    lab.act(actions.lock, Lock(True, "Diminta keluar"))
    assert seats(lab)[0].state is SeatState.LOCKED
    lab.act(actions.lock, Lock(False, "Boleh masuk lagi"))
    assert seats(lab)[0].state is SeatState.PRESENT


def test_the_part_at_hand_moves_on_and_shows_time_and_answers(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    lab.answer(owner, attempt_id, (1, "a", '"p"', COUNTS))
    lab.now += timedelta(minutes=4)
    part = seats(lab, {attempt_id: 1})[0].part
    assert (part.n, part.answered, part.items, part.remaining_ms) == (1, 1, 9, 11 * 60_000)
    lab.finish(owner, attempt_id)
    seat = seats(lab)[0]
    assert (seat.part.n, seat.state, [one.answered for one in seat.parts]) == (2, SeatState.WORKING, [1, 0, 0, 0])


def stands(lab, heard=None):
    """Tell how seat 1 stands and for how many minutes it has been quiet; the page was heard of so long ago."""
    seat = seats(lab, heard=heard)[0]
    return seat.state, seat.quiet_minutes


def test_an_open_part_whose_page_is_silent_is_offline_until_it_is_heard_of(lab):
    owner = lab.sign_in()
    lab.now += timedelta(minutes=30)
    assert stands(lab, {}) == (SeatState.PRESENT, 0)  # nobody beats before a part is open
    attempt_id = lab.start(owner)
    assert stands(lab, {}) == (SeatState.WORKING, 0)
    lab.now += timedelta(minutes=4)
    assert stands(lab, {}) == (SeatState.OFFLINE, 4)
    write({owner.sitting_id: milliseconds(lab.now)})
    with transaction(reads_only=True) as db:
        heard = signs.heard(db, [owner.sitting_id, owner.sitting_id + 1])
    assert stands(lab, heard) == (SeatState.WORKING, 0)
    lab.finish(owner, attempt_id)
    lab.now += timedelta(minutes=30)
    assert stands(lab, heard) == (SeatState.WORKING, 0)  # between two parts nobody beats


def test_whoever_changes_no_answer_is_idle_but_not_in_a_break(lab):
    with transaction() as db:
        accommodations.grant(
            db, lab.by, lab.stage.session_id, 1, Wanted(Needs(breaks=1, break_minutes=10), "Surat"), lab.now
        )
    owner = lab.sign_in()
    lab.start(owner)
    lab.now += timedelta(minutes=6)
    assert stands(lab) == (SeatState.IDLE, 6)
    lab.act(actions.add_break, Break(1, lab.sitting(owner).attempts[0].ledger[-1].entry_id))
    lab.now += timedelta(minutes=9)
    assert stands(lab) == (SeatState.WORKING, 0)
    lab.now += timedelta(minutes=7)
    assert stands(lab) == (SeatState.IDLE, 6)


def test_answers_are_counted_as_they_will_be_sealed(lab):
    owner = lab.sign_in()
    attempt_id = lab.start(owner)
    lab.answer(
        owner, attempt_id,
        (1, "a", '"p"', COUNTS), (2, "a", '"q"', COUNTS), (3, "b", '"p"', COUNTS), (4, "b", "null", COUNTS),
        (5, "c", '"p"', ASIDE), (6, "", "null", REFUSED), (7, "d", "null", COUNTS), (8, "d", '"r"', COUNTS),
    )  # fmt: skip
    with transaction(ANSWERS, reads_only=True) as answers:
        assert {name: one.answered for name, one in signs.progress(answers, [attempt_id]).items()} == {attempt_id: 2}
        assert signs.progress(answers, []) == {}
    lab.finish(owner, attempt_id)
    assert seats(lab)[0].parts[0].answered == 2


def test_events_are_told_newest_first_and_only_of_this_session(lab):
    owner = lab.sign_in()
    lab.now += timedelta(minutes=1)
    lab.start(owner)
    with transaction(reads_only=True) as db:
        session = plans.session(db, lab.stage.agency_id, lab.stage.session_id)
        told = queries.events(db, session)
    assert [event.seat for event in told] == [1, 1, 1]
    assert told[-1].words == "Masuk ujian"
    assert {event.words for event in told} == {"Masuk ujian", "Menjawab pakta integritas", "Mulai bagian 1"}
