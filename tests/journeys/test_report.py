"""From a signed result to a verified report in Chromium: issued, read, printed on two sheets, checked by a stranger."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Role
from assessment_app.platform.db import transaction
from assessment_app.platform.texts import THEMES
from assessment_app.talent import actions as talent
from tests.assessment_app.reports.many import sign
from tests.journeys.assessors import Office, entered, hire, office_on
from workers import tasks

PHONE_WIDTH = 360
ON_PAPER = """() => [...document.querySelectorAll(".sheet")].map((sheet) => sheet.getBoundingClientRect().height)"""
A4 = 297 / 25.4 * 96


@pytest.fixture
def running(tmp_path):
    with office_on(tmp_path) as office:
        hire(office.house, "dewi", Role.BKD_ADMIN)
        sittings = list(office.sittings.values())
        with transaction() as db:
            hasan = db.scalars(select(StaffAccount.account_id).where(StaffAccount.sign_in_name == "hasan")).one()
            sign(db, office.house.agency_id, sittings, hasan, at=office.house.now)
            talent.place_all(db, sittings, office.house.now)
        yield office


def in_both_themes(page: Page, running: Office, address: str, accessible) -> None:
    """Check a page by WCAG 2.2 AA in both themes, and that it is as wide as the window."""
    for theme in THEMES:
        page.context.add_cookies([{"name": "theme", "value": theme, "url": running.url()}])
        page.goto(running.url(address))
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366, address
    page.context.clear_cookies(name="theme")


def fits_two_sheets(page: Page) -> None:
    """Lay a report out for paper: two sheets, and neither is longer than A4."""
    page.emulate_media(media="print")
    heights = page.evaluate(ON_PAPER)
    assert len(heights) == 2
    assert max(heights) <= A4
    expect(page.locator(".sidenav")).to_be_hidden()
    expect(page.locator(".pagehead")).to_be_hidden()
    page.emulate_media(media="screen")


@pytest.mark.timeout(240)
def test_a_signed_result_is_issued_read_printed_and_verified(browser, running, accessible, picture):
    with entered(browser, running, "dewi") as page:
        page.get_by_role("link", name="Laporan individu").click()
        page.get_by_role("row", name=re.compile("Ahmad Fauzi")).get_by_role("checkbox").check()
        page.get_by_role("button", name="Terbitkan", exact=True).click()
        expect(page.locator(".flash")).to_contain_text("1 laporan sedang diterbitkan")
        page.get_by_role("button", name="Terbitkan semua yang siap (4)").click()
        tasks.report_hand_out()
        in_both_themes(page, running, "/laporan", accessible)
        page.goto(running.url("/laporan"))
        page.get_by_role("link", name="Ahmad Fauzi").click()
        expect(page.locator("h1")).to_have_text("Ahmad Fauzi")
        picture(page, "laporan")
        for name in running.sittings:
            page.goto(running.url(f"/laporan/{running.sittings[name]}"))
            fits_two_sheets(page)
        for address in (f"/laporan/{running.sittings['Rudi Hartono']}", "/laporan/rencana", plan_of(running)):
            in_both_themes(page, running, address, accessible)
        page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
        for address in (f"/laporan/{running.sittings['Nina Marlina']}", "/laporan", plan_of(running)):
            page.goto(running.url(address))
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH, address
        code = page_of(page, running, "Ahmad Fauzi").locator(".report__verify .mono").inner_text()
    verified_by_a_stranger(browser, running, code, accessible)


def plan_of(running: Office) -> str:
    return "/laporan/rencana?" + "&".join(f"orang={one}" for one in running.sittings.values())


def page_of(page: Page, running: Office, name: str) -> Page:
    page.goto(running.url(f"/laporan/{running.sittings[name]}"))
    return page


def verified_by_a_stranger(browser, running: Office, code: str, accessible) -> None:
    """Type the code without an account."""
    with browser.new_context(locale="id-ID") as lent:
        page = lent.new_page()
        page.goto(running.url("/verifikasi"))
        page.get_by_label("Kode verifikasi").fill(code.lower())
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_role("status")).to_contain_text("Sah dan berlaku")
        expect(page.locator("main")).to_contain_text("A.F.")
        expect(page.locator("main")).not_to_contain_text("Fauzi")
        in_both_themes(page, running, f"/verifikasi?kode={code}", accessible)
        in_both_themes(page, running, "/verifikasi?kode=AAAA", accessible)
