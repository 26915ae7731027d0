"""Many sessions at once: the form, the rule, and what is made of it on a real database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.platform.errors import Invalid, NotFound
from assessment_app.scheduling import queries
from assessment_app.scheduling.actions.sessions import add_sessions
from assessment_app.scheduling.messages.timetable import Grid
from assessment_app.scheduling.queries import timetable as drafts
from assessment_app.scheduling.rules import MINUTE_MS, Needs, timetable
from assessment_app.scheduling.rules.timetable import DoorTooEarly, Number, OverPrayer, Slot, TooShort
from tests.assessment_app.scheduling.towns import HALF_DAYS, MONDAY, Province, form
from tests.factories import NOW

ROOM = "00000000-0000-0000-0000-00000000000a"
FORM = {
    "first": "2026-11-30", "last": "2026-12-13", "weekday": list("01234"), "without": "09-12-2026",
    "starts": ["08:00", "13.00"], "ends": ["12:00", "17.00"], "friday_starts": "13:30", "friday_ends": "17:30",
    "room_id": [ROOM, ROOM],
}  # fmt: skip


def test_a_grid_has_its_weekdays_without_holidays_and_fridays_of_their_own():
    grid = Grid.parse(form(**FORM))
    assert len(grid.days) == 9
    assert date(2026, 12, 9) not in grid.days
    assert grid.usual == HALF_DAYS
    assert grid.friday == ((time(13, 30), time(17, 30)),)
    assert grid.room_ids == (UUID(ROOM),)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first": "besok"}, "“besok” tidak dapat dibaca"), ({"first": "2026-02-30"}, "tidak dapat dibaca"),
        ({"last": "2026-11-29"}, "sama dengan atau sesudah"), ({"last": "2027-11-30"}, "paling banyak 92 hari"),
        ({"first": "1999-01-01", "last": "1999-01-02"}, "tahun"), ({"weekday": []}, "Tidak ada hari yang tersisa"),
        ({"weekday": ["9", "x"]}, "Tidak ada hari"), ({"without": "30-11-2026;kapan"}, "“kapan” tidak dapat dibaca"),
        ({"room_id": []}, "satu ruang"), ({"room_id": "x"}, "Ruang tidak dikenal"),
        ({"starts": "08:00", "ends": ""}, "jam mulai dan jam berakhir"), ({"starts": "25:00", "ends": "26:00"}, "jam"),
        ({"starts": "12:00", "ends": "08:00"}, "berakhir sesudah mulai"),
        ({"starts": ["08:00", "11:00"], "ends": ["12:00", "15:00"]}, "08.00-12.00 dan 11.00-15.00"),
        ({"starts": "", "ends": "", "friday_starts": "", "friday_ends": ""}, "paling sedikit satu sesi"),
        ({"room_id": [str(UUID(int=n)) for n in range(100)]}, "Paling banyak 1000 sesi"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_is_refused_with_what_to_do(wrong, said):
    with pytest.raises(Invalid, match=said):
        Grid.parse(form(**{**FORM, **wrong}))


def test_each_room_has_its_own_wall_clock_and_friday_its_own_times():
    zones = {UUID(int=1): "Asia/Jakarta", UUID(int=2): "Asia/Jayapura"}
    days = (date(2026, 12, 3), date(2026, 12, 4))
    found = timetable.sessions(days, HALF_DAYS[:1], ((time(13, 30), time(17)),), zones)
    assert [one.starts.astimezone(UTC) for one in found] == [
        datetime(2026, 12, 3, 1, tzinfo=UTC), datetime(2026, 12, 2, 23, tzinfo=UTC),
        datetime(2026, 12, 4, 6, 30, tzinfo=UTC), datetime(2026, 12, 4, 4, 30, tzinfo=UTC),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("needs", "minutes"),
    [(None, 285), (Needs(), 285), (Needs(factor=130), 366), (Needs(breaks=2, break_minutes=10), 305)],
)
def test_a_session_must_hold_preparation_battery_and_what_was_granted(needs, minutes):
    assert timetable.minutes_needed([90 * MINUTE_MS, 180 * MINUTE_MS], needs) == minutes


@given(some.integers(1, 600))
def test_proposed_sessions_hold_the_battery_or_end_with_the_day_and_leave_the_prayer_free(needed):
    for slot in (*timetable.usual_slots(needed), *timetable.friday_slots(needed)):
        assert slot.minutes >= needed or slot.ends == time(23, 59)
    assert not any(slot.touches(*timetable.PRAYER) for slot in timetable.friday_slots(needed))


def test_what_a_planner_should_look_at_is_named_with_its_numbers():
    usual = ((time(8), time(12, 30)), (time(13), time(17)))
    friday = ((time(9), time(12)),)
    assert timetable.concerns(usual, friday, 250) == [
        TooShort(Slot(*usual[1]), 250), TooShort(Slot(*friday[0]), 250), OverPrayer(Slot(*friday[0])),
        DoorTooEarly(Slot(*usual[1]), Slot(*usual[0])),
    ]  # fmt: skip


def test_numbers_run_on_over_the_days_and_are_the_same_in_all_rooms_of_one_time():
    at = [
        datetime(2026, 11, 30, 8, tzinfo=UTC),
        datetime(2026, 11, 30, 8, tzinfo=UTC),
        datetime(2026, 11, 30, 13, tzinfo=UTC),
        datetime(2026, 12, 2, 13, tzinfo=UTC),
    ]
    found = timetable.numbers({UUID(int=n): one for n, one in enumerate(at)})
    assert [found[UUID(int=n)] for n in range(4)] == [
        Number(1, 1, 1), Number(1, 1, 1), Number(2, 1, 2), Number(3, 2, 1)
    ]  # fmt: skip


@pytest.fixture
def province(installation):
    return Province({"Dinas A": 4}, rooms=2, seats=4, days=2)


def planned(province):
    return province.ask(queries.sessions_of, province.wave.wave_id)


def test_double_click_makes_every_session_once(province):
    grid = replace(province.grid, days=(MONDAY + timedelta(days=7),))
    with ThreadPoolExecutor(4) as clicks:
        made = list(
            clicks.map(lambda _n: len(province.act(add_sessions, province.wave.wave_id, grid, NOW).new), range(4))
        )
    assert sorted(made) == [0, 0, 0, 4]
    assert len(planned(province)) == 12


def test_a_clash_is_named_and_every_other_session_is_made(province):
    grid = replace(province.grid, days=(MONDAY, MONDAY + timedelta(days=7)), usual=((time(7), time(12)),))
    made = province.act(add_sessions, province.wave.wave_id, grid, NOW)
    assert len(made.new) == 2
    assert [other.wave.name for _wanted, other in made.clashes] == ["Tahap Besar", "Tahap Besar"]


def test_days_that_are_past_make_no_session(province):
    grid = replace(province.grid, days=(NOW.date() - timedelta(days=1),))
    made = province.act(add_sessions, province.wave.wave_id, grid, NOW)
    assert (len(made.new), len(made.past)) == (0, 4)


def test_rooms_and_waves_of_another_agency_take_no_session(province):
    neighbour = Province({"Dinas X": 1}, rooms=1, seats=2, days=1, code="tetangga")
    with pytest.raises(Invalid, match="Ruang itu tidak ada"):
        province.act(add_sessions, province.wave.wave_id, neighbour.grid, NOW)
    with pytest.raises(NotFound):
        neighbour.act(add_sessions, province.wave.wave_id, neighbour.grid, NOW)


def test_a_calendar_has_a_row_for_each_room_and_a_column_for_each_beginning(province):
    weeks = drafts.calendar(planned(province))
    assert [len(starts) for starts in weeks[0].days.values()] == [2, 2]
    assert [(room.name, len(cells)) for room, cells in weeks[0].rows] == [("Lab 2", 4), ("Lab 3", 4)]
