"""When something happened, who counts as there, where somebody may be moved."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assessment_app.logbook.rules import (
    SLACK,
    Hindrance,
    Presence,
    Target,
    hindrance,
    minutes_late,
    moment_of,
    presence,
)

WIB = ZoneInfo("Asia/Jakarta")
STARTS = datetime(2026, 11, 23, 8, 0, tzinfo=WIB)
ENDS = STARTS + timedelta(hours=3)


@pytest.mark.parametrize(
    ("came", "stated", "over", "said"),
    [
        (None, False, False, Presence.AWAITED),
        (None, True, False, Presence.ABSENT),
        (None, False, True, Presence.ABSENT),
        (STARTS, True, True, Presence.PRESENT),  # whoever signed in was there, whatever was stated before
    ],
)
def test_a_sign_in_means_present_whatever_was_stated(came, stated, over, said):
    assert presence(came, stated_absent=stated, is_over=over) is said


@pytest.mark.parametrize(("seconds", "late"), [(-1, 0), (0, 0), (1, 1), (60, 1), (61, 2), (900, 15)])
def test_a_minute_that_began_is_a_minute_late(seconds, late):
    assert minutes_late(STARTS + timedelta(seconds=seconds), STARTS) == late
    assert minutes_late(None, STARTS) == 0


def test_a_time_on_the_wall_is_of_the_rooms_zone_and_of_today():
    now = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # 09.30 WIB
    assert moment_of(time(9, 15), WIB, ENDS, now) == datetime(2026, 11, 23, 9, 15, tzinfo=WIB)


def test_what_is_written_up_the_next_morning_happened_on_the_day_of_the_session():
    now = ENDS + timedelta(hours=21)
    assert moment_of(time(9, 15), WIB, ENDS, now) == datetime(2026, 11, 23, 9, 15, tzinfo=WIB)


def test_a_time_that_has_not_come_is_none_and_a_wall_clock_may_be_a_little_ahead():
    now = STARTS + timedelta(seconds=30)
    assert moment_of(time(8, 1), WIB, ENDS, now) == now
    assert moment_of(time(8, 3), WIB, ENDS, STARTS + timedelta(minutes=3) - SLACK - timedelta(seconds=1)) is None


def target(*, same_session=False, same_wave=True, is_over=False, is_open=True):
    return Target(same_session, same_wave, is_over, is_open)


@pytest.mark.parametrize(
    ("where", "clock_runs", "found"),
    [
        (target(same_session=True, is_over=True, is_open=False), True, None),
        (target(), True, None),
        (target(is_open=False), False, None),
        (target(is_open=False), True, Hindrance.CLOCK_RUNS),
        (target(is_over=True, is_open=False), False, Hindrance.OVER),
        (target(same_wave=False), False, Hindrance.OTHER_WAVE),
    ],
)
def test_a_clock_that_runs_cannot_wait_for_a_door(where, clock_runs, found):
    assert hindrance(where, clock_runs=clock_runs) is found
