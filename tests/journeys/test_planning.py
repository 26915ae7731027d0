"""A planner fills a wave from zero to printed cards, before a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.scheduling import actions
from assessment_app.scheduling.messages import NewRoom
from assessment_app.servers import office
from tests.assessment_app.scheduling.conftest import Town
from tests.assessment_app.scheduling.towns import add_people
from tests.assessment_app.talent.onlooker import looking
from tests.factories import NOW

UNITS = {"Dinas Kesehatan": 30, "Dinas Sosial Kota": 18, "Bappeda": 12}
A4_HEIGHT = 1123


@pytest.fixture
def town(on_sqlite, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = Town()
    add_people(made.agency_id, UNITS)
    for name in ("Lab A", "Lab B"):
        made.act(actions.add_room, NewRoom(name, "SMKN 4", "Asia/Jakarta", 12), NOW)
    return made


@pytest.mark.timeout(240)
def test_a_planner_fills_a_wave_from_zero_to_printed_cards(town, on_sqlite, page, accessible, picture):
    page.set_default_timeout(10_000)
    with looking(office.build(on_sqlite), page, town.agency_id, role=Role.BKD_ADMIN, now=NOW) as at:
        page.goto(f"{at}/gelombang/baru")
        page.fill("#name", "Tahap Perjalanan")
        page.select_option("#form-1", index=1)
        page.get_by_role("button", name="Buat gelombang").click()
        make_sessions(page, accessible)
        fill(page, accessible)
        picture(page, "gelombang")
        freeze_and_move(page, accessible)
        print_everything(page, accessible)
    with transaction(reads_only=True) as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM list_amendment").scalar() == 1


def make_sessions(page: Page, accessible) -> None:
    page.get_by_role("link", name="Sesi sekaligus").click()
    page.fill("#first", "2026-12-03")
    page.fill("#last", "2026-12-07")
    page.get_by_label("Lab 1, SMKN 4").uncheck()
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_text("Sesi baru")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Buat 12 sesi").click()
    expect(page.get_by_text("12 sesi dibuat")).to_be_visible()
    assert page.locator("a.slot").count() == 12
    accessible(page)


def fill(page: Page, accessible) -> None:
    page.get_by_role("link", name="Isi otomatis").click()
    page.get_by_role("button", name="Lihat pratinjau").click()
    expect(page.get_by_role("heading", name="Menurut unit kerja")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Tempatkan 63 peserta").click()
    expect(page.get_by_text("63 peserta ditempatkan.")).to_be_visible()


def freeze_and_move(page: Page, accessible) -> None:
    page.locator("a.slot").first.click()
    page.get_by_role("button", name="Bekukan daftar").click()
    expect(page.get_by_text("Dibekukan").first).to_be_visible()
    page.get_by_role("link", name="Ubah tempat").first.click()
    accessible(page)
    page.select_option("#pindah-sesi", index=3)
    page.fill("#pindah-reason", "Tugas luar kota")
    page.get_by_role("button", name="Pindahkan").click()
    expect(page.get_by_text("Cetak ulang kartu")).to_be_visible()
    page.get_by_role("link", name="Tahap Perjalanan").click()
    page.locator("a.slot").first.click()
    expect(page.get_by_text("Tugas luar kota")).to_be_visible()
    accessible(page)


def print_everything(page: Page, accessible) -> None:
    """Every print fits on whole sheets of A4: nothing runs over the edge of a sheet."""
    session = page.url
    for name in ("Daftar hadir", "Poster pintu", "Lembar PIN"):
        page.get_by_role("link", name=name, exact=True).click()
        accessible(page)
        fits_on_paper(page)
        page.goto(session)
    page.get_by_role("link", name="Tahap Perjalanan").click()
    page.get_by_role("button", name="Kartu").click()
    accessible(page)
    assert page.locator(".card-cut").count() == 63
    assert page.locator(".sheet").count() == 8
    fits_on_paper(page)


def fits_on_paper(page: Page) -> None:
    page.emulate_media(media="print")
    sheets = page.locator(".sheet")
    sizes = [
        sheet.evaluate("one => [one.scrollHeight, one.clientHeight, one.scrollWidth, one.clientWidth]")
        for sheet in sheets.all()
    ]
    assert sizes
    for height, clip, width, wide in sizes:
        assert height <= clip <= A4_HEIGHT
        assert width <= wide
    assert page.locator(".appbar").is_hidden()
    assert page.locator(".pagehead").is_hidden()
    page.emulate_media(media="screen")
