"""The console through the real office server."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Role
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.proctoring.rules import NOTICED_MS
from tests import factories
from tests.assessment_app.scheduling.office import Staff


def page(lab, seat=None):
    return f"/pengawas/sesi/{lab.stage.session_id}" + (f"?kursi={seat}" if seat else "")


def test_a_proctor_begins_at_the_sessions_around_now(tri, small_lab):
    small_lab.sign_in()
    assert tri.get("/").location == "/pengawas"
    tri.get("/pengawas")
    for words in ("Lab 1 SMKN Contoh", "08.00-11.00 WIB", "Pintu terbuka", "1 /3"):
        assert words in tri.words


def test_a_proctor_without_a_session_today_is_told_so(app, small_lab):
    idle = Staff(app, factories.agency("sepi"), Role.PROCTOR, "sepi")
    idle.get("/pengawas")
    assert "Tidak ada sesi hari ini." in idle.words


@pytest.mark.parametrize("role", [Role.BKD_ADMIN, Role.ASSESSOR, Role.SYSTEM_ADMIN])
def test_the_console_is_for_proctors(small_lab, app, role):
    other = Staff(app, small_lab.stage.agency_id, role, "lain")
    for path in ("/pengawas", page(small_lab), f"{page(small_lab)}/keadaan"):
        assert other.get(path).status_code == 403


def test_the_room_shows_seats_states_pin_and_clock(tri, small_lab):
    small_lab.sign_in(seat=1)
    small_lab.start(small_lab.sign_in("device-two", seat=2))
    tri.get(page(small_lab))
    for words in (
        small_lab.stage.pin, "08.05 WIB", "01 Joko Peraga Sudah masuk 1/4", "02 Rina Peraga Mengerjakan 1/4",
        "03 Sri Peraga Belum datang", "Kosong 29", "Mulai bagian 1",
    ):  # fmt: skip
        assert words in tri.words


def test_a_seat_whose_computer_is_silent_says_so_and_what_to_do(tri, small_lab):
    small_lab.start(small_lab.sign_in())
    small_lab.now += timedelta(minutes=12)
    tri.get(page(small_lab, 1))
    for words in (
        "01 Joko Peraga Luring 12 mnt",
        "Luring 1",
        "tidak terdengar selama 12 menit",
        "jangan tutup perambannya",
    ):
        assert words in tri.words
    news = tri.get(f"{page(small_lab)}/keadaan", headers={"Accept": "application/json"}).get_json()
    assert (news["seats"][0]["state"], news["seats"][0]["quiet"]) == ("offline", "12 mnt")


def test_seeing_the_pin_is_on_record_once(tri, small_lab):
    for path in (page(small_lab), page(small_lab, 1), f"{page(small_lab)}/layar"):
        assert small_lab.stage.pin in tri.get(path).get_data(as_text=True)
    with transaction(reads_only=True) as db:
        found = db.scalars(select(AuditEntry.actor).where(AuditEntry.action == "session.show_pin"))
        assert list(found) == [tri.actor]


def test_the_state_is_told_without_the_pin(tri, small_lab):
    owner = small_lab.sign_in()
    attempt_id = small_lab.start(owner)
    small_lab.answer(owner, attempt_id, (1, "a", '"p"', 0))
    answer = tri.get(f"{page(small_lab)}/keadaan", headers={"Accept": "application/json"})
    assert small_lab.stage.pin not in tri.said
    news = answer.get_json()
    assert news["seats"][0] == {
        "number": 1, "state": "working", "name": "Joko Peraga", "part": 1, "parts": 4, "answered": 1, "items": 9,
        "remaining_ms": 900_000, "running": True, "quiet": "", "quiet_ms": 0, "asks": "",
        "who": "Joko Peraga", "nip": small_lab.nips[1],
    }  # fmt: skip
    assert (news["counts"]["working"], news["counts"]["free"], news["pin_round"]) == (1, 29, 1)
    assert news["now_ms"] == small_lab.now.timestamp() * 1000


def test_whoever_is_not_signed_in_any_more_is_told_so_as_a_program(app, small_lab):
    answer = app.test_client().get(f"{page(small_lab)}/keadaan", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_time_is_added_after_its_effect_was_shown(tri, small_lab):
    owner = small_lab.sign_in()
    attempt_id = small_lab.start(owner)
    tri.get(page(small_lab, 1))
    assert "+15 batas menjadi 08.35 WIB" in tri.words
    wanted = {"n": "1", "after_entry": tri.hidden("after_entry"), "minutes": "15", "reason": "Listrik padam"}
    path = f"{page(small_lab)}/kursi/1/waktu"
    before = small_lab.gate(attempt_id).deadline_ms
    assert tri.post(path, **wanted | {"reason": ""}).status_code == 400
    for _click in range(2):
        tri.follow(tri.post(path, **wanted))
    assert small_lab.gate(attempt_id).deadline_ms == before + 900_000
    for words in ("Waktu kursi 01 ditambah 15 menit.", "waktu tambahan 15 menit", "ditambah 15 menit: Listrik padam"):
        assert words in tri.words


def test_the_time_of_an_outage_is_given_back_after_its_effect_was_shown(tri, small_lab):
    tri.get(page(small_lab))
    assert "tidak ada waktu yang perlu dikembalikan" in tri.words
    attempt_id = small_lab.start(small_lab.sign_in())
    tri.get(page(small_lab))
    assert "(1 orang)" in tri.words
    assert "+30 sesi sampai 11.30 WIB" in tri.words
    before = small_lab.gate(attempt_id).deadline_ms
    path, shown = f"{page(small_lab)}/gangguan", tri.hidden("after_entry")
    assert tri.post(path, minutes="7", after_entry=shown, reason="Listrik padam").status_code == 400
    for _click in range(2):
        tri.follow(tri.post(path, minutes="30", after_entry=shown, reason="Listrik padam"))
    assert small_lab.gate(attempt_id).deadline_ms == before + 1_800_000
    assert "30 menit dikembalikan kepada 1 peserta yang sedang mengerjakan." in tri.words
    assert "30 menit gangguan ruangan dikembalikan: Listrik padam" in tri.words


def test_a_seat_is_released_with_a_reason(tri, small_lab):
    owner = small_lab.sign_in()
    tri.get(page(small_lab, 1))
    path, epoch = f"{page(small_lab)}/kursi/1/lepas", tri.hidden("epoch")
    assert tri.post(path, epoch=epoch, reason=" ").status_code == 400
    for _click in range(2):
        tri.follow(tri.post(path, epoch=epoch, reason="Komputer rusak"))
    assert "01 Joko Peraga Dilepas" in tri.words
    assert "Dilepas dari komputernya: Komputer rusak" in tri.words
    assert small_lab.sitting(owner).epoch == 2


def test_a_seat_is_locked_and_unlocked_with_a_reason(tri, small_lab):
    owner = small_lab.sign_in()
    attempt_id = small_lab.start(owner)
    tri.get(page(small_lab, 1))
    path = f"{page(small_lab)}/kursi/1"
    assert tri.post(f"{path}/kunci", reason="").status_code == 400
    for _click in range(2):
        tri.follow(tri.post(f"{path}/kunci", reason="Diminta keluar"))
    for words in ("01 Joko Peraga Terkunci", "Dikunci: Diminta keluar", "Buka kunci kursi 01"):
        assert words in tri.words
    assert small_lab.gate(attempt_id).epoch == -1
    tri.follow(tri.post(f"{path}/buka", reason="Boleh masuk lagi"))
    assert "Kunci dibuka: Boleh masuk lagi" in tri.words
    assert small_lab.gate(attempt_id).epoch == 1
    with transaction(reads_only=True) as db:
        wanted = AuditEntry.action.in_(["sitting.lock", "sitting.unlock"])
        assert len(db.scalars(select(AuditEntry).where(wanted)).all()) == 2


@pytest.mark.parametrize("seat", [2, 32, 99])
def test_a_seat_without_a_sitting_offers_no_act_on_one(tri, small_lab, seat):
    small_lab.sign_in()
    assert tri.get(page(small_lab, seat)).status_code == 200
    offered = set(re.findall(rf'action="{page(small_lab)}/kursi/{seat}/(\w+)"', tri.said))
    assert offered == ({"hadir", "pindah"} if seat == 2 else set())
    tri.get(page(small_lab, 1))
    assert tri.post(f"{page(small_lab)}/kursi/{seat}/lepas", epoch="1", reason="Salah duduk").status_code == 404


def test_another_agencys_room_does_not_exist(tri, app, small_lab):
    owner = small_lab.sign_in()
    stranger = Staff(app, factories.agency("tetangga"), Role.PROCTOR, "tamu")
    stranger.get("/pengawas")
    for path in (page(small_lab), page(small_lab, 1), f"{page(small_lab)}/keadaan", f"{page(small_lab)}/layar"):
        assert stranger.get(path).status_code == 404
    stranger.get("/pengawas")
    for act in ("lepas", "waktu"):
        fields = {"epoch": "1", "n": "1", "minutes": "5", "after_entry": "1", "reason": "ingin tahu"}
        assert stranger.post(f"{page(small_lab)}/kursi/1/{act}", **fields).status_code == 404
    assert stranger.post(f"{page(small_lab)}/gangguan", **fields).status_code == 404
    assert small_lab.sitting(owner).epoch == 1


def test_a_room_stands_still_and_goes_on(tri, small_lab):
    owner = small_lab.sign_in()
    attempt_id = small_lab.start(owner)
    small_lab.now += timedelta(minutes=1)
    tri.get(page(small_lab, 1))
    before = small_lab.gate(attempt_id)
    seen = tri.hidden("after_event")
    assert tri.post(f"{page(small_lab)}/jeda", after_event=seen).status_code == 400  # says no reason
    tri.follow(tri.post(f"{page(small_lab)}/jeda", reason="Alarm", after_event=seen))
    assert small_lab.gate(attempt_id).epoch == -before.epoch
    small_lab.now += timedelta(minutes=20)
    tri.get(page(small_lab, 1))
    for words in ("01 Joko Peraga Dijeda", "1 peserta dijeda sejak 08.06 WIB.", "sisa 00.14.00", "Lanjutkan kursi 01"):
        assert words in tri.words
    tri.follow(tri.post(f"{page(small_lab)}/lanjut", after_event=tri.hidden("after_event")))
    assert "dijeda sejak" not in tri.words
    again = tri.post(f"{page(small_lab)}/jeda", reason="Alarm", after_event=seen)  # of a page that was long offline
    assert (again.status_code, small_lab.gate(attempt_id).epoch) == (409, before.epoch)
    assert "01 Joko Peraga Mengerjakan" in tri.words  # nobody was heard of for twenty minutes, and nobody was idle
    gate = small_lab.gate(attempt_id)
    assert (gate.epoch, gate.deadline_ms - before.deadline_ms) == (before.epoch, 20 * 60_000 + NOTICED_MS)


def test_a_seat_stands_still_and_goes_on(tri, small_lab):
    small_lab.start(small_lab.sign_in())
    tri.get(page(small_lab, 1))
    tri.follow(tri.post(f"{page(small_lab)}/kursi/1/jeda", reason="Sakit", after_event=tri.hidden("after_event")))
    for words in ("01 Joko Peraga Dijeda", "Dijeda sejak 08.05 WIB; waktunya berhenti. Sakit"):
        assert words in tri.words
    news = tri.get(f"{page(small_lab)}/keadaan", headers={"Accept": "application/json"}).get_json()
    assert (news["seats"][0]["state"], news["seats"][0]["running"]) == ("paused", False)
    tri.get(page(small_lab, 1))
    tri.follow(tri.post(f"{page(small_lab)}/kursi/1/lanjut", after_event=tri.hidden("after_event")))
    assert "01 Joko Peraga Mengerjakan" in tri.words
