"""The planner's pages through the real office server."""

import re

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.platform.security import secret
from assessment_app.scheduling import queries
from assessment_app.scheduling.rules import pin
from tests.assessment_app.scheduling.conftest import Town
from tests.assessment_app.scheduling.office import Staff

DEMONSTRATION = "Konten demonstrasi, parameter diasumsikan"


def test_the_list_of_waves_is_where_a_planner_begins(dewi):
    assert dewi.get("/").location == "/gelombang"
    assert dewi.get("/gelombang").status_code == 200
    assert "Tahap 1 Pemetaan" in dewi.words
    assert DEMONSTRATION in dewi.words


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.SYSTEM_ADMIN])
def test_planning_is_for_planners(small_town, app, role):
    other = Staff(app, small_town.agency_id, role, "lain")
    for path in ("/gelombang", "/gelombang/ruang", f"/gelombang/{small_town.wave.wave_id}"):
        assert other.get(path).status_code == 403
    assert "Gelombang" not in other.words


def test_a_new_wave_takes_its_forms_in_the_order_chosen(dewi, small_town):
    dewi.get("/gelombang/baru")
    assert dewi.words.count(DEMONSTRATION) == len(small_town.forms)
    wanted = {
        "name": "Tahap 2", "purpose": "pengisian", "wave_id": dewi.hidden("wave_id"),
        "form_id": [small_town.forms[3], "", small_town.forms[0]],
    }  # fmt: skip
    first, again = dewi.post("/gelombang/baru", **wanted), dewi.post("/gelombang/baru", **wanted)
    assert first.location == again.location
    dewi.follow(again)
    assert re.search("1 Preferensi Karier .* 2 Kompetensi Manajerial", dewi.words)
    assert "Gelombang dibuat." in dewi.words


def test_a_wave_page_shows_figures_sessions_in_the_rooms_zone_and_the_battery(dewi, small_town):
    small_town.book(0)
    dewi.get(f"/gelombang/{small_town.wave.wave_id}")
    for words in (
        "Peserta terdaftar 3", "Terjadwal 1 33,3%", "Belum terjadwal 2", "Kapasitas 2 1 sesi", "Kursi cadangan 1 50,0%",
        "Selasa, 24 November 2026", "09.00-13.00 WITA", "1 /2", "4 bagian, 35 menit",
    ):  # fmt: skip
        assert words in dewi.words


def test_a_session_is_added_and_leads_to_its_seats(dewi, small_town):
    dewi.get(f"/gelombang/{small_town.wave.wave_id}")
    wanted = {"room_id": small_town.room.room_id, "starts": "2026-11-26T07:30", "ends": "2026-11-26T11:30"}
    path = f"/gelombang/{small_town.wave.wave_id}/sesi"
    first, again = dewi.post(path, **wanted), dewi.post(path, **wanted)
    assert first.location == again.location
    dewi.follow(first)
    assert "Kamis, 26 November 2026" in dewi.words
    assert "07.30-11.30 WITA" in dewi.words
    assert dewi.post(path, **wanted | {"ends": "2026-11-26T07:00"}).status_code == 400


def test_booking_shows_seat_name_and_grouped_nip_and_keeps_the_filter(dewi, small_town):
    page = f"/gelombang/sesi/{small_town.session.session_id}"
    dewi.get(page)
    assert "Belum terjadwal (3)" in dewi.words
    unit = re.findall(r'<option value="([0-9a-f-]{36})">Dinas Sosial', dewi.said)[0]
    dewi.get(f"{page}?unit={unit}")
    assert "Joko" not in dewi.words
    ticked = [small_town.people[1], small_town.people[2]]
    dewi.follow(dewi.post(f"{page}/peserta?unit={unit}", employee_id=ticked))
    assert "2 peserta ditempatkan." in dewi.words
    assert "01 Rina Peraga 19900105 201402 2 003 Pengelola Layanan Dinas Sosial" in dewi.words
    dewi.follow(dewi.post(f"{page}/peserta?unit={unit}", employee_id=ticked))
    assert "Semua kursi sesi ini terisi." in dewi.words
    assert dewi.post(f"{page}/peserta").status_code == 400


def test_the_pin_stands_only_on_the_page_for_the_front_screen(dewi, small_town):
    session = small_town.ask(queries.session, small_town.session.session_id)
    right = pin(secret("session-pin"), session.session_id, session.pin_round)
    dewi.get(f"/gelombang/sesi/{session.session_id}")
    assert right not in dewi.said
    dewi.get(f"/gelombang/sesi/{session.session_id}/layar")
    assert right in dewi.words


def test_a_new_pin_needs_a_reason_and_replaces_the_old_one(dewi, small_town):
    page = f"/gelombang/sesi/{small_town.session.session_id}"
    dewi.get(f"{page}/layar")
    old = re.findall(r'front__pin"[^>]*>(\w{6})<', dewi.said)[0]
    dewi.get(page)
    shown = dewi.hidden("round")
    assert dewi.post(f"{page}/pin", round=shown, reason=" ").status_code == 400
    for _click in range(2):
        dewi.follow(dewi.post(f"{page}/pin", round=shown, reason="PIN bocor"))
    assert dewi.hidden("round") == "2"
    dewi.get(f"{page}/layar")
    assert old not in dewi.words


def test_rooms_are_listed_and_added_once(dewi):
    dewi.get("/gelombang/ruang")
    wanted = {"name": "Lab 9", "site": "UPT BKN", "timezone": "Asia/Jayapura", "seats": "36"}
    for _click in range(2):
        dewi.follow(dewi.post("/gelombang/ruang", **wanted))
    assert dewi.words.count("Lab 9 UPT BKN WIT 36") == 1
    assert dewi.post("/gelombang/ruang", **wanted | {"seats": "3"}).status_code == 409


def test_a_form_without_its_token_changes_nothing(dewi, small_town):
    dewi.csrf = "salah"
    assert dewi.post("/gelombang/ruang", name="X", site="Y", timezone="Asia/Jakarta", seats="1").status_code == 400
    assert [room.name for room in small_town.ask(queries.rooms)] == ["Lab 1"]


def test_another_agencys_pages_do_not_exist(dewi, app, small_town):
    neighbour = Staff(app, Town("tetangga").agency_id, Role.BKD_ADMIN, "tamu")
    session = f"/gelombang/sesi/{small_town.session.session_id}"
    neighbour.get("/gelombang/ruang")
    for path in (f"/gelombang/{small_town.wave.wave_id}", session, f"{session}/layar"):
        assert neighbour.get(path).status_code == 404
    neighbour.get("/gelombang/ruang")
    assert neighbour.post(f"{session}/peserta", employee_id=small_town.people[0]).status_code == 404
    assert neighbour.post(f"{session}/pin", round="1", reason="ingin tahu").status_code == 404
    assert small_town.seats() == {}


def test_pages_of_an_empty_agency_say_what_to_do(app, dewi):
    from tests import factories

    lone = Staff(app, factories.agency("baru"), Role.BKD_ADMIN, "baru")
    lone.get("/gelombang")
    assert "Buat gelombang pertama" in lone.words
    lone.get("/gelombang/ruang")
    assert "Isi ruang pertama" in lone.words
