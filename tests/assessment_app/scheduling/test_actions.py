"""Planning on a real database: SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.people.models import Employee
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Closed, Conflict, Invalid, NotFound
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.messages import NewRoom, NewWave
from tests.assessment_app.scheduling.conftest import HOURS, Town
from tests.factories import NOW

HOUR = timedelta(hours=1)


def trail(action):
    """Read what the audit trail says about one kind of act."""
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.entry_no)))


def test_people_are_seated_by_unit_and_name_from_the_first_seat_on(town):
    town.book(2, 0)
    assert town.seats() == {1: "Joko Peraga", 2: "Sri Peraga"}


def test_a_booking_keeps_who_somebody_was_on_the_day(town):
    booking = town.book(0)[0]
    assert (booking.nip, booking.unit, booking.post) == (
        "197910212005011002", "Badan Perencanaan", "Kepala Bidang Anggaran",
    )  # fmt: skip


def test_when_seats_are_short_nobody_is_seated(town):
    with pytest.raises(Conflict, match="2 kursi kosong untuk 3"):
        town.book(0, 1, 2)
    assert town.seats() == {}


def test_booking_twice_is_booking_once(town):
    town.book(0, 1)
    assert town.book(0, 1) == []
    assert len(trail("session.book")) == 1
    assert town.seats() == {1: "Joko Peraga", 2: "Rina Peraga"}


def test_two_clicks_at_once_seat_everybody_once(town):
    with ThreadPoolExecutor(4) as clicks:
        made = list(clicks.map(lambda _: len(town.book(0, 1)), range(4)))
    assert sorted(made) == [0, 0, 0, 2]
    assert len(town.seats()) == 2


def test_nobody_has_two_sessions_in_one_wave_and_then_nobody_else_is_seated(town):
    town.book(0)
    later = town.add_session((HOURS[1], HOURS[1] + HOUR))
    with pytest.raises(Conflict, match="Joko Peraga sudah punya sesi lain"):
        town.book(1, 0, session=later)
    assert town.seats(later) == {}


def test_another_wave_may_seat_the_same_people(town):
    town.book(0)
    wave = town.act(actions.add_wave, NewWave("Tahap 2", "pengisian", town.forms[:1]), NOW)
    second = town.add_session((HOURS[1], HOURS[1] + HOUR), wave=wave)
    assert len(town.book(0, session=second)) == 1


def test_who_is_not_active_cannot_be_seated(town):
    with transaction() as db:
        db.get_one(Employee, town.people[0]).active = False
    with pytest.raises(Invalid, match="tidak terdaftar"):
        town.book(0)


def test_a_session_that_is_over_seats_nobody(town):
    assert town.book(0, now=HOURS[1])
    with pytest.raises(Closed):
        town.book(1, now=HOURS[1] + timedelta(seconds=1))


def test_another_agency_sees_and_changes_nothing(town):
    neighbour = Town("tetangga")
    for question, name in ((queries.wave, town.wave.wave_id), (queries.session, town.session.session_id)):
        with pytest.raises(NotFound):
            neighbour.ask(question, name)
    with pytest.raises(NotFound):
        neighbour.book(0, session=town.session)
    with pytest.raises(NotFound):
        neighbour.add_session(wave=town.wave)
    with pytest.raises(Invalid, match="Ruang itu tidak ada"):
        neighbour.add_session(room=town.room)
    with pytest.raises(NotFound):
        neighbour.act(actions.new_pin, town.session.session_id, 1, "ingin tahu", NOW)
    town.people = neighbour.people
    with pytest.raises(Invalid, match="tidak terdaftar"):
        town.book(0)


@pytest.mark.parametrize(
    "hours",
    [
        (HOURS[0] - HOUR, HOURS[0] + timedelta(seconds=1)),
        (HOURS[0] + HOUR, HOURS[1] - HOUR),
        (HOURS[1] - HOUR, HOURS[1] + HOUR),
    ],
)
def test_a_room_is_not_given_twice_at_one_time(town, hours):
    with pytest.raises(Conflict, match="sudah dipakai"):
        town.add_session(hours)


def test_a_session_may_begin_when_another_ends(town):
    assert town.add_session((HOURS[1], HOURS[1] + HOUR)).session_id != town.session.session_id


def test_the_same_session_twice_is_one_session(town):
    assert town.add_session().session_id == town.session.session_id
    assert len(trail("session.add")) == 1


def test_a_session_in_the_past_is_refused(town):
    with pytest.raises(Invalid, match="sudah lewat"):
        town.add_session((NOW - HOUR, NOW))


def test_a_wave_sent_twice_is_one_wave(town):
    new = NewWave("Tahap 3", "pemetaan", town.forms[:2])
    first, again = (town.act(actions.add_wave, new, NOW) for _ in range(2))
    assert first.wave_id == again.wave_id
    assert [line.wave.name for line in town.ask(queries.waves)].count("Tahap 3") == 1


def test_a_wave_keeps_the_order_of_its_forms_and_that_they_are_for_demonstration(town):
    wave = town.act(actions.add_wave, NewWave("Tahap 4", "pemetaan", town.forms[::-1]), NOW)
    found = town.ask(queries.wave, wave.wave_id)
    assert tuple(part.form_id for part in found.battery) == town.forms[::-1]
    assert found.demonstration


def test_a_wave_of_a_form_that_nobody_published_is_refused(town):
    with pytest.raises(NotFound, match="Naskah"):
        town.act(actions.add_wave, NewWave("Tahap 5", "pemetaan", ("f" * 64,)), NOW)


def test_another_agencys_wave_cannot_be_taken_over_by_its_number(town):
    neighbour = Town("tetangga")
    with pytest.raises(NotFound):
        neighbour.act(actions.add_wave, NewWave("Milik saya", "pemetaan", town.forms, town.wave.wave_id), NOW)


def test_the_same_room_twice_is_one_room_but_not_with_other_seats(town):
    same = NewRoom("Lab 1", "SMKN 4", "Asia/Makassar", 2)
    assert town.act(actions.add_room, same, NOW).room_id == town.room.room_id
    with pytest.raises(Conflict, match="sudah ada"):
        town.act(actions.add_room, NewRoom("Lab 1", "SMKN 4", "Asia/Makassar", 3), NOW)


def test_figures_add_up(town):
    town.book(0)
    town.add_session((HOURS[1], HOURS[1] + HOUR))
    figures = town.ask(queries.figures, town.wave.wave_id)
    assert (figures.registered, figures.booked, figures.waiting) == (3, 1, 2)
    assert (figures.capacity, figures.spare) == (4, 3)


def test_a_unit_filter_lists_who_has_no_seat_yet(town):
    town.book(1)
    with transaction(reads_only=True) as db:
        unit_id = db.get_one(Employee, town.people[1]).unit_id
    listed, total = town.ask(queries.unbooked, town.wave.wave_id, unit_id, 10)
    assert ([one.name for one in listed], total) == (["Sri Peraga"], 1)
    listed, total = town.ask(queries.unbooked, town.wave.wave_id, None, 1)
    assert ([one.name for one in listed], total) == (["Joko Peraga"], 2)


def test_seeing_a_pin_is_kept_once_for_each_person_and_pin(town):
    def show(actor):
        with transaction() as db:
            session = queries.session(db, town.agency_id, town.session.session_id)
            return actions.show_pin(db, Officer(town.agency_id, actor), session, b"s" * 32, NOW)

    first = show("account:dewi")
    assert show("account:dewi") == show("account:tri") == first
    assert [entry.actor for entry in trail("session.show_pin")] == ["account:dewi", "account:tri"]
    assert town.act(actions.new_pin, town.session.session_id, 1, "PIN bocor", NOW)
    assert show("account:dewi") != first
    assert [entry.detail["round"] for entry in trail("session.show_pin")] == [1, 1, 2]


def test_asking_twice_for_a_new_pin_makes_one(town):
    made = [town.act(actions.new_pin, town.session.session_id, 1, "PIN bocor", NOW) for _ in range(2)]
    assert made == [True, False]
    assert [entry.reason for entry in trail("session.new_pin")] == ["PIN bocor"]


def test_what_is_not_there_is_not_found(town):
    with pytest.raises(NotFound):
        town.ask(queries.wave, uuid4())
