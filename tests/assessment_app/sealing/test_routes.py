"""The record of a session in the office: what it shows, to whom, and how it looks on screen and paper."""

from __future__ import annotations

import re

import pytest

from assessment_app.accounts.rules import Role
from assessment_app.sealing.verifier import grouped
from tests import factories
from tests.assessment_app.exam.browser import MovedClock
from tests.assessment_app.scheduling.office import Staff
from tests.assessment_app.sealing.sat import Sat
from tests.assessment_app.talent.onlooker import before
from tests.factories import NOW
from workers import sweeps


@pytest.fixture
def sat(on_sqlite, monkeypatch):
    moved = MovedClock()
    monkeypatch.setattr("assessment_app.platform.clock.now", moved.now)
    return Sat(on_sqlite, moved)


def test_a_record_names_who_sat_who_did_not_come_and_the_seal(sat):
    seal = sat.seal()
    tri = sat.staff(Role.PROCTOR, "tri")
    assert tri.get(sat.page).status_code == 200
    assert "Terjadwal 3 Hadir 1 Tidak hadir 2 Lembar jawaban 4" in tri.words
    for shown in (grouped(seal.root), grouped(seal.signature), grouped(seal.key_id), sat.receipt):
        assert shown in tri.words
    assert "Disegel" in tri.words
    drawn = re.findall(r"<svg[^>]*viewBox[^>]*class=.segno", tri.said)
    assert len(drawn) == 1  # without a viewBox its size would cut it off, and no camera could read it
    assert tri.words.count("Tidak hadir") == 3  # the head count and two lines


def test_before_the_end_the_record_says_what_is_waited_for(sat):
    dewi = sat.staff(Role.BKD_ADMIN, "dewi")
    dewi.get(sat.page)
    assert "Belum disegel" in dewi.words
    assert "Sesi belum usai" in dewi.words
    sat.moved.forward(hours=4)
    dewi.get(sat.page)
    assert "Segel sedang dibuat" in dewi.words


def test_the_record_is_reached_from_where_sessions_are_shown(sat):
    both = sat.staff(Role.BKD_ADMIN, "dewi")
    tri = sat.staff(Role.PROCTOR, "tri")
    for who, page in ((both, f"/gelombang/sesi/{sat.stage.session_id}"), (tri, "/pengawas"),
                      (tri, f"/pengawas/sesi/{sat.stage.session_id}")):  # fmt: skip
        who.get(page)
        assert f'href="{sat.page}"' in who.said, page


def test_another_agency_and_other_roles_do_not_see_it(sat):
    sat.seal()
    neighbour = Staff(sat.app, factories.agency("tetangga", NOW), Role.PROCTOR, "tamu")
    assert neighbour.get(sat.page).status_code == 404
    assessor = sat.staff(Role.ASSESSOR, "asri")
    assert assessor.get(sat.page).status_code == 403


def test_a_session_with_two_seals_shows_both_and_which_continues_which(sat):
    first = sat.seal()
    sat.sit_late()
    tri = sat.staff(Role.PROCTOR, "tri")
    tri.get(sat.page)
    assert "4 lembar datang setelah segel ini" in tri.words
    sweeps.seal_late_sheets(sat.moved.now())
    tri.get(sat.page)
    assert "segel ke-2" in tri.words
    assert grouped(first.root) in tri.words
    assert "Melanjutkan" in tri.words


def test_the_record_is_accessible_in_both_themes_and_fits_its_window_and_paper(sat, page, accessible):
    sat.seal()
    sat.sit_late()
    sweeps.seal_late_sheets(sat.moved.now())
    tri = sat.staff(Role.PROCTOR, "tri")
    tri.get(sat.page)
    with before(sat.app, page, tri.client) as address:
        page.goto(address + sat.page)
        for theme in ("terang", "kontras"):
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            accessible(page)
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0
        page.set_viewport_size({"width": 794, "height": 1123})
        page.emulate_media(media="print")
        assert page.evaluate(wide) == 0
        assert page.locator(".sidenav").is_hidden()
        assert page.locator(".record__signs").is_visible()
        paper = page.pdf(format="A4")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 2
