"""Forms of incidents, marks and moves, as people and as attackers fill them."""

from datetime import time
from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from assessment_app.logbook.messages.forms import (
    HINDRANCES,
    KINDS,
    MARK_WORDS,
    Move,
    NewIncident,
    NewMark,
    read_seats,
    show_seats,
)
from assessment_app.logbook.messages.sheet import STATUS
from assessment_app.logbook.rules import Hindrance, IncidentKind, MarkKind, Presence
from assessment_app.platform.errors import Invalid

TOLD = {"kind": "power", "seats": "3, 4-5", "told": "Listrik padam"}

SESSION = "4f17126f-c0c7-409c-9931-07947eee1043"


def form(**fields):
    return MultiDict({"id": str(uuid4()), **TOLD, **fields})


@pytest.mark.parametrize(
    ("typed", "seats"),
    [
        ("3", (3,)), ("3, 4-5", (3, 4, 5)), ("5;3", (3, 5)), ("7 8 9", (7, 8, 9)), ("07-09", (7, 8, 9)),
        ("3 - 4", (3, 4)), ("4, 4", (4,)), ("Semua", ()), (" all ", ()), ("500", (500,)),
    ],
)  # fmt: skip
def test_seats_are_read_as_people_write_them(typed, seats):
    assert read_seats(typed) == seats


@pytest.mark.parametrize(
    "typed", ["", ",", "0", "9-7", "501", "1-999999999", "tiga", "3,,4", "-3", "3-", "1e3", "٣", "<script>", "3'--"]
)
def test_seats_that_nobody_can_mean_are_refused(typed):
    with pytest.raises(Invalid, match=r"3, 7-9"):
        read_seats(typed)


def test_seats_are_shown_in_runs_and_none_is_the_whole_room():
    assert show_seats([9, 3, 7, 8]) == "03, 07-09"
    assert show_seats([]) == "Seluruh ruangan"


def test_every_kind_mark_and_hindrance_has_words_and_every_presence_a_status():
    assert set(KINDS) == set(IncidentKind)
    assert {kind for kind, _holds in MARK_WORDS} == set(MarkKind)
    assert set(HINDRANCES) == set(Hindrance)
    assert set(STATUS) == set(Presence)


def test_an_incident_is_read_whole():
    read = NewIncident.parse(form(wall="09.15", told=" Listrik\n padam ", minutes="10", after_entry="7"))
    assert (read.kind, read.seats, read.told, read.wall, read.minutes, read.after_entry) == (
        IncidentKind.POWER, (3, 4, 5), "Listrik padam", time(9, 15), 10, 7,
    )  # fmt: skip


def test_a_correction_gives_no_time():
    assert NewIncident.parse(form(replaces=str(uuid4()), minutes="10")).minutes == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "x"}, {"id": ""}, {"kind": "war"}, {"kind": ""}, {"told": "  "}, {"told": "\0"}, {"told": "a" * 501},
        {"done": "a" * 301}, {"wall": "25.00"}, {"wall": "9"}, {"wall": "09.60"}, {"minutes": "4", "after_entry": "0"},
        {"minutes": "10"}, {"minutes": "-10", "after_entry": "0"}, {"replaces": "1"}, {"seats": ""},
    ],
)  # fmt: skip
def test_what_no_page_of_ours_sends_is_refused(fields):
    with pytest.raises(Invalid):
        NewIncident.parse(form(**fields))


@pytest.mark.parametrize(
    "fields",
    [{"kind": "married"}, {"kind": "absent"}, {"kind": "absent", "reason": " "}, {"booking": "x", "kind": "identity"}],
)
def test_a_mark_needs_a_known_kind_a_person_and_a_reason(fields):
    with pytest.raises(Invalid):
        NewMark.parse(MultiDict({"id": str(uuid4()), "booking": str(uuid4()), **fields}))


@pytest.mark.parametrize("to", ["", "/3", "x/3", f"{SESSION}/", f"{SESSION}/-1", f"{SESSION}/3/4", f"{SESSION}/٣"])
def test_a_place_to_move_to_is_a_session_and_a_seat(to):
    with pytest.raises(Invalid):
        Move.parse(MultiDict({"id": str(uuid4()), "booking": str(uuid4()), "to": to, "reason": "Rusak"}))
