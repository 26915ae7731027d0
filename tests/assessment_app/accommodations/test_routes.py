"""The planner's page of accommodations through the real office server."""

import pytest

from assessment_app.accounts.rules import Role
from tests.assessment_app.accommodations.conftest import BLIND
from tests.assessment_app.scheduling.office import Staff


def page(room, seat=None):
    return f"/gelombang/sesi/{room.stage.session_id}/akomodasi" + (f"?kursi={seat}" if seat else "")


def form_of(room, seat=1):
    return page(room) + f"/{seat}"


def test_the_session_leads_to_its_accommodations(dewi, small_room):
    dewi.get(f"/gelombang/sesi/{small_room.stage.session_id}")
    assert f'href="{page(small_room)}"' in dewi.said


def test_the_page_shows_who_is_granted_what(dewi, small_room):
    small_room.grant(BLIND, seat=2)
    dewi.get(page(small_room))
    assert "1 dari 3 peserta mendapat akomodasi" in dewi.words
    assert "teks besar; 2 kali istirahat 10 menit; pembaca: Ani Pembaca" in dewi.words


def test_what_the_form_says_is_granted(dewi, small_room):
    dewi.get(page(small_room, 1))
    wanted = {"factor": "1,3", "large_text": "1", "breaks": "2", "break_minutes": "10", "reader": "Ani Pembaca",
              "reason": "Surat 12/2026"}  # fmt: skip
    dewi.follow(dewi.post(form_of(small_room), **wanted))
    assert small_room.needs() == BLIND
    for words in ("Akomodasi disimpan.", "Waktu per bagian", "Riwayat", "Surat 12/2026", "Waktu : waktu 1,3 kali"):
        assert words in dewi.words
    assert 'name="factor" type="text" value="1,3"' in dewi.said
    dewi.follow(dewi.post(form_of(small_room), **wanted))
    assert "Tidak ada yang berubah." in dewi.words
    assert len(small_room.record()) == 4


def test_a_form_that_makes_no_sense_changes_nothing(dewi, small_room):
    dewi.get(page(small_room, 1))
    refused = dewi.post(form_of(small_room), factor="13", reason="Surat")
    assert refused.status_code == 400
    assert "antara 1,05 dan 3" in refused.get_data(as_text=True)
    assert small_room.record() == []


def test_who_has_started_has_no_form_any_more_and_a_page_that_was_open_is_refused(dewi, small_room):
    dewi.get(page(small_room, 1))
    small_room.start(small_room.sign_in())
    refused = dewi.post(form_of(small_room), factor="1,3", reason="Surat")
    assert refused.status_code == 409
    assert "minta pengawas menambah waktu" in refused.get_data(as_text=True)
    dewi.get(page(small_room, 1))
    assert "sudah memulai, tidak dapat diubah" in dewi.words
    assert form_of(small_room) not in dewi.said


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.ASSESSOR, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_accommodations_are_for_planners(small_room, app, role):
    other = Staff(app, small_room.stage.agency_id, role, "lain")
    assert other.get(page(small_room)).status_code == 403
    assert other.post(form_of(small_room), factor="1,3", reason="Surat").status_code in (400, 403)
    assert small_room.record() == []


def test_a_seat_that_nobody_is_booked_on_has_no_form(dewi, small_room):
    dewi.get(page(small_room, 31))
    assert "Pilih peserta di sebelah kiri." in dewi.words
    assert dewi.post(form_of(small_room, 31), factor="1,3", reason="Surat").status_code == 404
