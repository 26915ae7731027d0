"""A wave filled from the list, on a real database: SQLite and PostgreSQL."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from assessment_app.people.models import Employee, Unit
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict, NotFound
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.actions.sessions import add_sessions
from assessment_app.scheduling.messages import NewRoom, NewWave
from assessment_app.scheduling.messages.filling import Filling
from assessment_app.scheduling.models import Accommodation, Booking, ExamSession
from assessment_app.scheduling.queries import filling
from assessment_app.scheduling.rules.hall import Why
from tests.assessment_app.scheduling.towns import Province, add_people
from tests.factories import NOW

UNITS = {"Dinas A": 24, "Dinas B": 24, "Dinas C": 16}


@pytest.fixture
def province(installation):
    return Province(UNITS)


def plan_of(province, now=NOW):
    return province.ask(filling.plan, province.wave.wave_id, Filling(), now)


def test_everybody_gets_a_seat_and_every_room_keeps_its_spare_ones(province):
    plan = province.fill(Filling())
    assert not plan.filled.left
    assert len(province.bookings()) == 64
    assert sum(province.by_session().values()) == 64
    assert max(province.by_session().values()) <= 9  # ten seats less five percent rounded up


def test_no_unit_is_away_as_a_whole(province):
    province.fill(Filling())
    with transaction(reads_only=True) as db:
        starts = {
            one.session_id: one.starts for one, _n in queries.sessions_of(db, province.agency_id, province.wave.wave_id)
        }
    at_once: Counter[tuple[str, datetime]] = Counter()
    for one in province.bookings():
        at_once[one.unit, starts[one.session_id]] += 1
    for (unit, _at), number in at_once.items():
        assert number <= UNITS[unit] // 4


def test_filling_again_places_only_newcomers_and_moves_nobody(province):
    province.fill(Filling())
    before = {one.nip: (one.session_id, one.seat) for one in province.bookings()}
    assert not province.fill(Filling()).filled.placed
    add_people(province.agency_id, {"Dinas D": 4})
    assert len(province.fill(Filling()).filled.placed) == 4
    after = {one.nip: (one.session_id, one.seat) for one in province.bookings()}
    assert after.items() >= before.items()
    assert len(after) == 68


def test_double_click_fills_once(province):
    shown = Filling(shown=plan_of(province).fingerprint)
    with ThreadPoolExecutor(4) as clicks:
        placed = list(clicks.map(lambda _n: len(province.fill(shown).filled.placed), range(4)))
    assert sorted(placed) == [0, 0, 0, 64]
    assert len(province.bookings()) == 64


def test_two_planners_at_once_give_no_seat_twice(province):
    wishes = [
        Filling(job_levels=frozenset({level})) for level in ("administrator", "pengawas", "pelaksana", "ahli_muda")
    ]
    with ThreadPoolExecutor(4) as planners:
        list(planners.map(province.fill, wishes))
    seats = [(one.session_id, one.seat) for one in province.bookings()]
    assert len(seats) == len(set(seats)) == 64


def test_stale_page_fills_nothing(province):
    shown = Filling(shown=plan_of(province).fingerprint)
    province.fill(Filling(unit_ids=frozenset({unit_named("Dinas C")})))
    with pytest.raises(Conflict, match="Rencana sudah berubah"):
        province.fill(shown)
    assert len(province.bookings()) == 16


def unit_named(name):
    with transaction(reads_only=True) as db:
        return db.scalars(select(Unit.unit_id).where(Unit.name == name)).one()


def test_a_preview_writes_nothing_and_says_what_filling_does(province):
    plan = plan_of(province)
    assert province.bookings() == []
    done = province.fill(Filling())
    assert done.fingerprint == plan.fingerprint
    by_session = province.by_session()
    assert {one.session_id: plan.placed_in(one.session_id) for one, _n in plan.sessions} == dict(by_session)
    assert {line.name: line.placed for line in plan.units.values() if line.chosen} == UNITS
    assert sum(line.placed for line in plan.rooms) == 64


def test_a_list_of_nips_places_these_and_names_every_other(province):
    nips = [one.nip for one in employees(province, "Dinas A")[:3]]
    province.fill(Filling(nips=(nips[0],)))
    plan = province.fill(Filling(nips=(*nips, "199912312020121999")))
    assert set(plan.filled.placed) == set(nips[1:])
    assert plan.refused == {nips[0]: filling.BOOKED, "199912312020121999": filling.UNKNOWN}


def employees(province, unit):
    with transaction(reads_only=True) as db:
        wanted = select(Employee).where(Employee.agency_id == province.agency_id).order_by(Employee.nip)
        return [one for one in db.scalars(wanted).unique() if one.unit.name == unit]


def test_who_finds_no_seat_is_named_with_the_reason_and_everybody_else_sits(installation):
    province = Province({"Dinas A": 40, "Dinas B": 4}, rooms=1, seats=30, days=1)
    plan = province.fill(Filling(spare_percent=0))
    assert {left.why for left in plan.filled.left.values()} == {Why.UNIT_AWAY}
    assert {plan.every_unit[left.unit].name for left in plan.filled.left.values()} == {"Dinas A", "Dinas B"}
    assert len(plan.filled.placed) == 20 + 2  # a quarter at each of two times; one of four at each
    assert len(plan.filled.placed) + len(plan.filled.left) == 44


def test_people_of_another_wave_count_as_away_and_do_not_sit_twice_at_one_time(province):
    province.fill(Filling())
    rooms = [province.act(actions.add_room, NewRoom(f"Aula {n}", "UPT", "Asia/Jakarta", 10), NOW) for n in range(3)]
    second = province.act(actions.add_wave, NewWave("Tahap Susulan", "pemetaan", province.forms[:1]), NOW)
    grid = replace(province.grid, room_ids=tuple(room.room_id for room in rooms))
    province.act(add_sessions, second.wave_id, grid, NOW)
    plan = province.act(actions.fill, second.wave_id, Filling(), NOW)
    assert {left.why for left in plan.filled.left.values()} <= {Why.UNIT_AWAY}
    at_once: Counter[tuple[str, datetime]] = Counter()
    sits: set[tuple[str, datetime]] = set()
    with transaction(reads_only=True) as db:
        found = db.execute(select(Booking.nip, Booking.unit, ExamSession.starts).join(Booking.session)).all()
    for nip, unit, starts in found:
        assert (nip, starts) not in sits
        sits.add((nip, starts))
        at_once[unit, starts] += 1
    assert all(number <= UNITS[unit] // 4 for (unit, _starts), number in at_once.items())


def test_who_needed_more_time_before_gets_a_session_that_is_long_enough(province):
    first = province.fill(Filling()).candidates
    booking = province.bookings()[0]
    with transaction() as db:
        db.add(Accommodation(
            booking_id=booking.booking_id, n=1, agency_id=province.agency_id, kind="time", value="300", reason="x",
            by="account:x", at=NOW,
        ))  # fmt: skip
    assert booking.nip in first
    wave = province.act(actions.add_wave, NewWave("Tahap 3", "pemetaan", province.forms), NOW)
    plan = province.ask(filling.plan, wave.wave_id, Filling(nips=(booking.nip,)), NOW)
    assert plan.kinds[booking.nip].minutes == 15 + 3 * 35


def test_sessions_whose_door_is_open_take_nobody(province):
    late = NOW + timedelta(days=7)  # Monday of the wave, 08.00: the first sessions have begun
    plan = plan_of(province, now=late)
    assert len(plan.sessions) == 6
    assert min(one.starts for one, _n in plan.sessions) > late


def test_another_agency_fills_nothing_here(province):
    neighbour = Province({"Dinas X": 3}, code="tetangga")
    with pytest.raises(NotFound):
        neighbour.act(actions.fill, province.wave.wave_id, Filling(), NOW)
    with pytest.raises(NotFound):
        neighbour.ask(filling.plan, province.wave.wave_id, Filling(), NOW)
    neighbour.fill(Filling())
    assert province.bookings() == []


def test_a_filling_leaves_one_entry_with_its_figures(province):
    plan = province.fill(Filling())
    province.fill(Filling())
    with transaction(reads_only=True) as db:
        entries = list(db.scalars(select(AuditEntry).where(AuditEntry.action == "wave.fill")))
    assert [entry.detail["people"] for entry in entries] == [64]
    assert entries[0].detail["places"] == plan.fingerprint
