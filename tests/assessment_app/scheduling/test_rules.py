from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assessment_app.scheduling.rules import (
    MINUTE_MS,
    PIN_LENGTH,
    PIN_LETTERS,
    Door,
    Hours,
    Needs,
    pin,
    pin_matches,
    quit_password,
)

STARTS = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
HOURS = Hours(STARTS, STARTS + timedelta(hours=4), checkin_minutes=60)
SECRET, SESSION = b"s" * 32, UUID(int=7)


@pytest.mark.parametrize(
    ("moment", "door"),
    [
        (STARTS - timedelta(minutes=60, microseconds=1), Door.NOT_YET),
        (STARTS - timedelta(minutes=60), Door.OPEN),
        (STARTS + timedelta(hours=4), Door.OPEN),
        (STARTS + timedelta(hours=4, microseconds=1), Door.OVER),
    ],
)
def test_the_door_is_open_from_check_in_to_the_end_and_both_belong_to_it(moment, door):
    assert HOURS.door(moment) is door


@given(some.uuids(), some.integers(1, 99))
def test_a_pin_is_six_letters_that_nobody_confuses(session_id, pin_round):
    made = pin(SECRET, session_id, pin_round)
    assert len(made) == PIN_LENGTH
    assert set(made) <= set(PIN_LETTERS)
    assert not set(made) & set("I1O0")


def test_a_pin_depends_on_secret_session_and_round():
    made = {pin(SECRET, SESSION, 1), pin(b"t" * 32, SESSION, 1), pin(SECRET, UUID(int=8), 1), pin(SECRET, SESSION, 2)}
    assert len(made) == 4


def test_a_pin_never_changes_by_itself():
    assert pin(SECRET, SESSION, 1) == pin(SECRET, SESSION, 1)


@pytest.mark.parametrize(
    ("typed", "matches"),
    [("l4k9w2", True), (" L4K 9W2 ", True), ("L4K9W3", False), ("", False), ("L4K9W2É", False)],
)
def test_a_typed_pin_is_forgiven_case_and_spaces_and_nothing_else(typed, matches):
    assert pin_matches(typed, "L4K9W2") is matches


@pytest.mark.parametrize(
    ("factor", "minutes", "extra"),
    [(130, 90, 27), (130, 100, 30), (130, 1, 1), (105, 25, 2), (100, 90, 0), (300, 7, 14)],
)
def test_more_time_is_whole_minutes_rounded_up(factor, minutes, extra):
    assert Needs(factor=factor).extra_ms(minutes * MINUTE_MS) == extra * MINUTE_MS


def test_the_newest_row_of_a_kind_is_in_force():
    rows = [("time", "130"), ("breaks", "2x10"), ("time", "150"), ("breaks", ""), ("reader", "Ani")]
    assert Needs.of(rows) == Needs(factor=150, reader="Ani")


@given(
    some.builds(Needs, some.integers(105, 300), some.booleans(), some.integers(1, 9), some.integers(1, 30), some.text())
)
def test_needs_are_what_their_rows_say(needs):
    assert Needs.of((kind.value, value) for kind, value in needs.values().items()) == needs


def test_the_password_to_leave_is_long_and_another_in_every_wave():
    one, other = (quit_password(b"s" * 32, UUID(int=n)) for n in (1, 2))
    assert (len(one), one == other) == (12, False)
    assert one == quit_password(b"s" * 32, UUID(int=1)) != quit_password(b"t" * 32, UUID(int=1))
