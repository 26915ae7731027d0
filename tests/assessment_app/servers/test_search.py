"""One search over what somebody may open, at the real office server: by role, by agency, for whatever is typed."""

from datetime import timedelta

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW


@pytest.fixture
def stage(on_sqlite, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    return factories.stage()


@pytest.fixture
def app(on_sqlite, stage):
    return office.build(on_sqlite)


@pytest.fixture
def admin(app, stage):
    return Staff(app, stage.agency_id, Role.BKD_ADMIN, "dewi")


def sought(staff, text):
    assert staff.get("/cari", query_string={"q": text}).status_code == 200
    return staff.words


def test_a_planner_finds_people_waves_and_sessions_and_gets_to_each(admin, stage):
    words = sought(admin, "joko")
    for kind in ("Pegawai Joko Peraga", "Peserta gelombang Joko Peraga", "Lab 1, SMKN Contoh, 23 Nov 2026 08.00"):
        assert kind in words
    for address in [part.split('"')[0] for part in admin.said.split('<li><a href="')[1:]]:
        assert "Joko Peraga" in admin.client.get(address).get_data(as_text=True)
    assert "Sesi Lab 1, SMKN Contoh" in sought(admin, "smkn con")
    assert "Joko Peraga" not in admin.words


@pytest.mark.parametrize("spelled", ["{0}", "{1}", "{2}"])
def test_a_nip_is_found_however_it_is_spelled_and_in_part(admin, stage, spelled):
    nip = stage.nips[0]
    text = spelled.format(nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", nip[3:12])
    assert "Joko Peraga" in sought(admin, text)


def test_a_proctor_finds_the_seats_of_today_and_nothing_of_planning(app, stage):
    tri = Staff(app, stage.agency_id, Role.PROCTOR, "tri")
    words = sought(tri, "peraga")
    assert "Peserta sesi ini" in words
    assert "Joko Peraga" in words
    assert "Pegawai" not in words.split("Pencarian")[-1]
    assert f"/pengawas/sesi/{stage.session_id}?kursi=1" in tri.said


def test_nobody_finds_what_is_another_agencys(app, stage):
    stranger = Staff(app, factories.agency("lain"), Role.BKD_ADMIN, "asing")
    for text in ("joko", stage.nips[0], "lab 1", "smkn"):
        assert "Tidak ada yang cocok" in sought(stranger, text)


@pytest.mark.parametrize("typed", ["", " ", "j", "\u0000", " j ", "\u200bj"])
def test_too_little_finds_nothing_and_says_what_to_type(admin, typed):
    assert "Tulis sedikitnya dua huruf" in sought(admin, typed)


@pytest.mark.parametrize("typed", ["%%", "__", "<b>x", "'; --", "x" * 5000, "\u0000\u0000qx", "9" * 4000, "\\\\"])
def test_whatever_is_typed_is_only_text(admin, typed):
    assert "Tidak ada yang cocok" in sought(admin, typed)
    assert "<b>x" not in admin.said


def test_a_list_that_is_longer_says_so(admin, stage, monkeypatch):
    monkeypatch.setattr("assessment_app.accounts.routes.search.MOST", 2)
    assert "2 pertama; tulis lebih lengkap untuk yang lain" in sought(admin, "peraga")
    assert admin.said.count("<li><a href=") == 4  # two employees, two booked


def test_every_page_has_the_field_for_whom_it_finds_something_and_for_nobody_else(app, admin, stage):
    admin.get("/gelombang")
    assert 'id="cari-semua"' in admin.said
    above = Staff(app, None, Role.SYSTEM_ADMIN, "sistem")
    above.get("/akun")
    assert 'id="cari-semua"' not in above.said
    assert app.test_client().get("/cari?q=joko").status_code == 302
