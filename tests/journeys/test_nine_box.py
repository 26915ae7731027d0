"""The nine-box page before people's eyes: by mouse, by keyboard alone, without script, on paper, for a province."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from assessment_app.accounts.rules import Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.reports import routes as reports
from assessment_app.scheduling.models import Wave
from assessment_app.succession import routes as succession
from tests.assessment_app.talent.conftest import office
from tests.assessment_app.talent.onlooker import looking
from tests.assessment_app.talent.provinces import LATER, told, two_waves, two_waves_placed

PROVINCE = 19_000
A4 = {"width": 794, "height": 1123}


@pytest.fixture
def waves(service_run, compiled_once, tmp_path, monkeypatch):
    with two_waves_placed(service_run, tmp_path, monkeypatch) as placed:
        yield placed


@pytest.fixture
def address(waves, page):
    page.set_default_timeout(8000)
    with looking(office(succession.bp, reports.bp), page, waves[1].agency_id) as at:
        yield f"{at}/talenta"


def compared(waves) -> str:
    return f"?sumbu=talent&gelombang={waves[1].wave_id}&banding={waves[0].wave_id}"


def never_reloads(page: Page) -> None:
    """Leave a sign on the page that a new page would not have."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def counted(page: Page) -> int:
    """Add up the people of all nine boxes, as their labels say it."""
    return sum(told(label.get_attribute("aria-label") or "") for label in page.locator(".nb").all())


@pytest.mark.timeout(240)
def test_every_view_is_accessible_in_both_themes(address, page, waves, accessible, picture):
    views = ("", "?sumbu=talent&kotak=9", "?sumbu=talent&kotak=sementara", compared(waves), "?cari=Tidak+ada")
    for theme in ("terang", "kontras"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
        for view in (*views, "/cetak?sumbu=talent"):
            page.goto(address + view)
            if theme == "terang" and view == views[1]:
                picture(page, "sembilan-kotak")
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 1366, view


@pytest.mark.timeout(120)
def test_boxes_are_found_and_opened_by_keyboard_alone_and_said_aloud(address, page):
    page.goto(f"{address}?kotak=5")
    never_reloads(page)
    assert page.locator(".nb[tabindex='0']").count() == 1
    page.locator("#kotak-5").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#kotak-9")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#kotak-9")).to_be_focused()  # an edge holds
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#kotak-2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#kotak-2")).to_have_attribute("aria-current", "true")
    expect(page.locator("#kotak-2")).to_be_focused()
    expect(page.locator("[data-nine-said]")).to_contain_text("2 Kompetensi Cukup Optimal, potensi rendah")
    said = page.locator("[data-nine-said]").inner_text()
    assert f"Kotak 2: {told(said)} orang" in page.locator("#kotak-2").get_attribute("aria-label")
    page.keyboard.press("Tab")
    expect(page.locator("#sementara")).to_be_focused()  # one stop for all nine
    page.go_back()
    expect(page.locator("#kotak-5")).to_have_attribute("aria-current", "true")
    assert stayed(page)


@pytest.mark.timeout(120)
def test_filters_search_order_and_pages_change_what_is_shown_without_a_new_page(address, page):
    walk(address, page)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_everything_works_with_a_province_in_the_wave(on_sqlite, monkeypatch, page):
    monkeypatch.setattr(clock, "now", lambda: LATER)
    waves = two_waves(monkeypatch, PROVINCE, 38)
    page.set_default_timeout(8000)
    with looking(office(), page, waves[1].agency_id) as at:
        walk(f"{at}/talenta", page)
        page.goto(f"{at}/talenta{compared(waves)}")
        expect(page.locator("#perpindahan")).to_be_visible()
        with page.expect_download(timeout=60_000) as taken:
            page.get_by_role("link", name="Unduh XLSX").click()
        assert taken.value.path().stat().st_size > 500_000


def walk(address: str, page: Page) -> None:
    """Use every control of the page as somebody does who looks for a person."""
    page.goto(address)
    never_reloads(page)
    everybody = counted(page)
    page.select_option("#unit", label="Dinas 01")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**unit=Dinas+01**")
    expect(page.locator("#unit")).to_have_value("Dinas 01")
    some = counted(page)
    assert 0 < some < everybody
    page.check("[name=dekat]")
    page.select_option("#keadaan", "proposed")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**dekat=1**")
    assert counted(page) < some
    page.get_by_role("link", name="Hapus saringan").click()
    page.wait_for_url(lambda url: "dekat" not in url)
    page.get_by_role("link", name="Nama", exact=True).click()
    page.wait_for_url("**urut=nama**")
    expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    first = page.locator(".nine .tbl tbody th").first.inner_text()
    page.get_by_role("link", name="Halaman berikutnya").click()
    page.wait_for_url("**halaman=2**")
    expect(page.locator(".nine .tbl tbody th").first).not_to_have_text(first)
    page.fill("#cari", "00007")
    page.press("#cari", "Enter")
    page.wait_for_url("**cari=00007**")
    expect(page.locator(".nine .tbl tbody tr")).to_have_count(1)
    expect(page.locator("#cari")).to_be_focused()
    page.select_option("#sumbu", "talent")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**sumbu=talent**")
    page.locator("#sementara").click()
    page.wait_for_url("**kotak=sementara**")
    assert stayed(page)


@pytest.mark.timeout(120)
def test_without_script_every_box_is_a_link_and_every_filter_a_form(waves, browser, address):
    with browser.new_context(java_script_enabled=False, locale="id-ID") as context:
        plain = context.new_page()
        with looking(office(), plain, waves[1].agency_id, user="tanpa") as at:
            plain.goto(f"{at}/talenta")
            plain.locator("#kotak-9").click()
            expect(plain.locator("#kotak-9")).to_have_attribute("aria-current", "true")
            plain.select_option("#jenjang", "pengawas")
            plain.get_by_role("button", name="Terapkan").click()
            expect(plain.locator("#jenjang")).to_have_value("pengawas")


@pytest.mark.timeout(120)
def test_the_count_of_rules_without_a_source_leads_to_these_rules(address, page):
    page.goto(address)
    page.get_by_role("link", name=re.compile("aturan tanpa sumber publik")).click()
    expect(page.locator("h1")).to_contain_text("Aturan baku, versi 2026")
    expect(page.get_by_text("belum diverifikasi").first).to_be_visible()


@pytest.mark.timeout(120)
def test_other_axes_bring_their_own_rules_without_a_new_page(address, page):
    page.goto(address)
    never_reloads(page)
    page.locator("#aturan > summary").click()
    few = page.locator("#aturan tbody tr").count()
    page.select_option("#sumbu", "talent")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_url("**sumbu=talent**")
    said = int(page.get_by_role("link", name=re.compile("aturan tanpa sumber publik")).inner_text().split()[0])
    assert said > few
    expect(page.locator("#aturan tbody tr")).to_have_count(said)
    expect(page.locator("#aturan tbody tr").first).to_be_visible()  # what the reader opened stays open
    assert stayed(page)


NEEDS = """select => {
  const free = select.cloneNode(true);
  free.removeAttribute("id");
  free.style.cssText = "position: absolute; width: auto; min-width: 0; max-width: none;";
  free.replaceChildren(select.selectedOptions[0].cloneNode(true));
  select.after(free);
  const cut = free.offsetWidth - select.offsetWidth;
  free.remove();
  return cut;
}"""
"""By how many pixels a select is too narrow for what is chosen."""


@pytest.mark.timeout(120)
def test_no_button_stands_alone_on_a_line_and_no_choice_is_cut(address, waves, page):
    with transaction() as db:
        db.execute(update(Wave).values(name="Gelombang Demo"))
    page.set_viewport_size({"width": 1366, "height": 768})
    for view in ("", "?sumbu=talent"):
        page.goto(address + view)
        assert len({one.bounding_box()["y"] for one in page.locator(".pagehead .push .btn").all()}) == 1
        for name in ("gelombang", "sumbu", "unit", "jenjang", "usia", "keadaan", "banding"):
            assert page.locator(f"#{name}").evaluate(NEEDS) <= 0, name


def under_the_mouse(page: Page, row: str) -> str:
    """Give the colour that a row takes while the mouse is on it."""
    page.locator(row).first.hover()
    return str(page.locator(row).first.evaluate("row => getComputedStyle(row).backgroundColor"))


@pytest.mark.timeout(120)
def test_a_row_answers_the_mouse_only_where_it_leads_somewhere(address, waves, browser, page):
    still, row = "rgba(0, 0, 0, 0)", ".nine .tbl tbody tr"
    for view in ("", "?sumbu=talent&kotak=sementara"):
        page.goto(address + view)
        assert page.locator(f"{row} th a").count() == 0
        assert under_the_mouse(page, row) == still
    page.locator("#aturan > summary").click()
    assert under_the_mouse(page, "#aturan tbody tr") == still
    with browser.new_context(locale="id-ID") as context:
        other = context.new_page()
        with looking(office(), other, waves[1].agency_id, user="hasan", role=Role.ASSESSOR) as at:
            other.goto(f"{at}/talenta")
            assert other.locator(f"{row} th a").count() > 0
            assert under_the_mouse(other, row) != still


@pytest.mark.timeout(120)
def test_paper_holds_the_matrix_and_the_list_and_nothing_to_click(address, page):
    page.goto(f"{address}/cetak?sumbu=talent&kotak=8")
    page.evaluate("window.print = () => { window.printed = true; }")
    page.click("[data-print]")
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    for hidden in (".appbar", ".sidenav", "[data-print]", ".search"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#kotak-9")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert page.locator(".nine .tbl tbody tr").count() == told(
        page.locator("#kotak-8").get_attribute("aria-label") or ""
    )
