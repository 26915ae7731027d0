"""What a change from a file counts for, at the edges of an attempt's time."""

from datetime import UTC, datetime, timedelta

import pytest

from assessment_app.exam.rules import Standing, Window, milliseconds
from assessment_app.rescue.rules import Limits

OPENED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MINUTE = 60_000
WINDOW = Window(OPENED, allowed_ms=15 * MINUTE, grace_ms=MINUTE)


def standing(window, made_after, now_after, *, closed=False):
    now_ms = milliseconds(OPENED) + now_after * MINUTE
    return Limits(window, closed=closed).standing(made_after * MINUTE, now_ms)


@pytest.mark.parametrize(
    ("made", "now", "counts"),
    [(5, 10, Standing.IN_TIME), (5, 15.5, Standing.LATE), (15.2, 15.5, Standing.ASIDE), (5, 40, Standing.ASIDE)],
)
def test_a_change_counts_as_a_save_that_arrives_now(made, now, counts):
    assert standing(WINDOW, made, now) is counts


def test_a_file_that_is_loaded_in_a_pause_counts_as_if_it_came_when_the_pause_began():
    paused = Window(OPENED, 15 * MINUTE, MINUTE, paused=OPENED + timedelta(minutes=10))
    assert standing(paused, 5, 40) is Standing.IN_TIME
    assert standing(paused, 5, 40, closed=True) is Standing.ASIDE
    in_grace = Window(OPENED, 15 * MINUTE, MINUTE, paused=OPENED + timedelta(minutes=15, seconds=30))
    assert standing(in_grace, 5, 40) is Standing.LATE


def test_a_part_that_nobody_started_has_no_time_in_which_anything_could_be_made():
    assert standing(Window(None, 15 * MINUTE, MINUTE), 5, 10) is Standing.ASIDE
