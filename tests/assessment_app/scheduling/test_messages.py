from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave, count, employee_ids, reason

ROOM = UUID(int=1)
FORM, OTHER = "a" * 64, "b" * 64


def wave(**changed):
    fields = {"name": "Tahap 1", "purpose": "pemetaan", "form_id": [FORM, "", OTHER], "wave_id": str(uuid4())}
    return MultiDict(fields | changed)


def session(**changed):
    fields = {"room_id": str(ROOM), "starts": "2026-11-24T07:30", "ends": "2026-11-24T11:30"}
    return MultiDict(fields | changed)


def test_the_battery_is_what_was_chosen_in_order_without_the_empty_places():
    assert NewWave.parse(wave(form_id=["", OTHER, "", FORM])).form_ids == (OTHER, FORM)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "}, {"name": "x" * 121}, {"purpose": "liburan"}, {"form_id": [""]}, {"form_id": [FORM, FORM]},
        {"form_id": ["../../etc"]}, {"wave_id": "satu"},
    ],
)  # fmt: skip
def test_a_wave_that_cannot_be_is_refused(wrong):
    with pytest.raises(Invalid):
        NewWave.parse(wave(**wrong))


def test_session_times_are_of_the_rooms_zone():
    parsed = NewSession.parse(session(), {ROOM: "Asia/Jayapura"})
    assert parsed.starts == datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends": "2026-11-24T07:30"}, {"starts": ""}, {"starts": "besok"}, {"starts": "0001-01-01T00:00"},
        {"ends": "9999-12-31T23:59"}, {"room_id": "Lab 1"},
    ],
)  # fmt: skip
def test_a_session_that_cannot_be_is_refused(wrong):
    with pytest.raises(Invalid):
        NewSession.parse(session(**wrong), {ROOM: "Asia/Jakarta"})


@pytest.mark.parametrize("seats", ["0", "501", "-3", "empat", "", "³²", "9" * 40])
def test_a_number_of_seats_that_no_room_has_is_refused(seats):
    with pytest.raises(Invalid, match="1 sampai 500"):
        NewRoom.parse(MultiDict({"name": "Lab", "site": "SMKN", "timezone": "Asia/Jakarta", "seats": seats}))


def test_a_zone_outside_of_indonesia_is_refused():
    with pytest.raises(Invalid, match="WIB"):
        NewRoom.parse(MultiDict({"name": "Lab", "site": "SMKN", "timezone": "Europe/Paris", "seats": "3"}))


def test_ticking_nobody_is_refused():
    with pytest.raises(Invalid, match="paling sedikit satu"):
        employee_ids(MultiDict())


def test_a_reason_has_words_and_an_end():
    assert reason(MultiDict({"reason": "  PIN   bocor "})) == "PIN bocor"
    for said in ("", "   ", "x" * 151):
        with pytest.raises(Invalid, match="Alasan"):
            reason(MultiDict({"reason": said}))


@pytest.mark.parametrize("text", ["", "-1", "1.5", "satu", "1" * 19])
def test_a_number_that_no_page_of_ours_sent_is_refused(text):
    with pytest.raises(Invalid):
        count(MultiDict({"epoch": text}), "epoch")
