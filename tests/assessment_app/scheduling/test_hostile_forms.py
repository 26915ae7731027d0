"""Forms of planning as no page of ours sends them."""

from uuid import uuid4

import pytest
from werkzeug.datastructures import MultiDict

from assessment_app.platform.errors import Invalid
from assessment_app.scheduling import queries
from assessment_app.scheduling.messages import MOST_SEATS, NewRoom, employee_ids
from tests.assessment_app.scheduling.conftest import Town


def test_a_number_of_seats_with_five_thousand_digits_is_refused_and_no_fault():
    form = {"name": "Lab 1", "site": "SMKN 4", "timezone": "Asia/Jakarta", "seats": "9" * 5000}
    with pytest.raises(Invalid, match="Jumlah kursi"):
        NewRoom.parse(MultiDict(form))


def test_more_people_than_any_room_seats_are_not_asked_for_in_the_database():
    with pytest.raises(Invalid):
        employee_ids(MultiDict([("employee_id", str(uuid4())) for _ in range(MOST_SEATS + 1)]))


def test_the_number_of_another_agencys_wave_takes_nothing_over(dewi, small_town):
    other = Town("tetangga")
    dewi.get("/gelombang/baru")
    taken = {"name": "Milik saya", "purpose": "pemetaan", "wave_id": other.wave.wave_id, "form_id": other.forms[0]}
    assert dewi.post("/gelombang/baru", **taken).status_code == 404
    assert other.ask(queries.wave, other.wave.wave_id).name == "Tahap 1"


def test_rooms_and_people_of_another_agency_cannot_be_planned_with(dewi, small_town):
    other = Town("tetangga")
    dewi.get("/gelombang/baru")
    when = {"room_id": other.room.room_id, "starts": "2026-11-26T07:30", "ends": "2026-11-26T11:30"}
    assert dewi.post(f"/gelombang/{small_town.wave.wave_id}/sesi", **when).status_code == 400
    seats = f"/gelombang/sesi/{small_town.session.session_id}/peserta"
    assert dewi.post(seats, employee_id=[small_town.people[0], other.people[0]]).status_code == 400
    assert small_town.seats() == {}
