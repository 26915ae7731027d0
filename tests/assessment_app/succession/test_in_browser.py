"""Succession before people's eyes: every page accessible in both themes and on a phone, choosing by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from assessment_app.accounts.rules import Role
from tests.assessment_app.scoring.house import browser
from tests.assessment_app.succession.desk import asked, enter, page_of
from tests.assessment_app.talent.onlooker import before

LESTARI, AHMAD, RINA = "Lestari Handayani", "Ahmad Fauzi", "Rina Susanti"
NINE = "/talenta?sumbu=talent&kotak=9"


@pytest.fixture
def seat(desk, page):
    """A committee member's browser, and the agency, in which something was proposed and decided."""
    app, group = desk
    group.propose(LESTARI, AHMAD, RINA)
    group.decide(LESTARI, "taken")
    group.decide(RINA, "not_taken")
    group.change(LESTARI, active=False)
    page.set_default_timeout(8000)
    with before(app, page, enter(app)) as address:
        yield page, group, address


@pytest.mark.timeout(240)
@pytest.mark.parametrize("theme", ["terang", "kontras"])
def test_every_page_is_accessible_and_fits_screen_and_phone(seat, accessible, picture, theme):
    page, group, address = seat
    page.context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    chosen = f"/suksesi/usulkan?orang={group.sittings[RINA]}"
    for path in (
        NINE, "/talenta?sumbu=talent&kotak=sementara", "/suksesi", "/suksesi/jabatan-baru", chosen,
        asked(group, RINA, AHMAD), page_of(group), f"{page_of(group)}/cetak", page_of(group, LESTARI),
        page_of(group, AHMAD),
    ):  # fmt: skip
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 768})
            answer = page.goto(address + path)
            assert answer is not None
            assert answer.status == 200, path
            accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    if theme == "terang":
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(address + page_of(group))
        picture(page, "suksesi")


def chosen(page: Page) -> str:
    return page.locator("[data-chosen]").inner_text()


@pytest.mark.timeout(120)
def test_people_are_chosen_by_keyboard_kept_between_pages_and_proposed(desk, page):
    app, group = desk
    for n in range(11):
        group.measure(f"Nina Marlina {n:02d}")
    page.set_default_timeout(8000)
    with before(app, page, browser(app, group.house.staff("kirana", Role.TALENT_COMMITTEE))) as address:
        page.goto(address + NINE + "&urut=nama")
        assert chosen(page) == "belum ada yang dipilih"
        page.get_by_role("checkbox", name="Pilih Ahmad Fauzi").focus()
        page.keyboard.press("Space")
        expect(page.locator("[data-chosen]")).to_have_text("1 dipilih")
        page.get_by_role("link", name="Halaman berikutnya").press("Enter")
        expect(page.get_by_role("checkbox", name="Pilih Nina Marlina 10")).to_be_visible()
        expect(page.locator("[data-chosen]")).to_have_text("1 dipilih")
        page.get_by_role("link", name="Pilih semua di halaman ini").press("Enter")
        expect(page.locator("[data-chosen]")).to_have_text("4 dipilih")
        page.get_by_role("link", name="Halaman sebelumnya").press("Enter")
        expect(page.get_by_role("checkbox", name="Pilih Ahmad Fauzi")).to_be_checked()
        for box in ("#kotak-8", "#kotak-9"):
            page.locator(box).click()
            expect(page.locator(box)).to_have_attribute("aria-current", "true")
        expect(page.get_by_role("checkbox", name="Pilih Ahmad Fauzi")).not_to_be_checked()
        page.get_by_role("checkbox", name="Pilih Ahmad Fauzi").check()
        page.get_by_role("button", name="Kosongkan").click()
        expect(page.locator("[data-chosen]")).to_have_text("belum ada yang dipilih")
        page.get_by_role("checkbox", name="Pilih Ahmad Fauzi").check()
        page.get_by_role("link", name="Halaman berikutnya").click()
        page.get_by_role("checkbox", name="Pilih Nina Marlina 10").check()
        page.get_by_role("button", name="Usulkan suksesi").press("Enter")
        expect(page.get_by_role("heading", name="Usulkan suksesi")).to_be_visible()
        assert page.get_by_text("2 orang dipilih").is_visible()
        page.get_by_role("button", name="Lihat saringan dan JPM").click()
        page.get_by_label("Mengapa orang ini diusulkan").fill("Keduanya memimpin tim anggaran.")
        page.get_by_role("button", name="Usulkan", exact=True).click()
        expect(page.get_by_text("2 orang diusulkan.")).to_be_visible()
    assert group.acts(AHMAD) == [(1, "proposed")]


@pytest.mark.timeout(120)
def test_without_script_all_of_a_page_are_ticked_by_a_link_and_sent(desk, browser):
    app, group = desk
    with browser.new_context(java_script_enabled=False, locale="id-ID") as context:
        page = context.new_page()
        page.set_default_timeout(8000)
        with before(app, page, enter(app)) as address:
            page.goto(address + NINE)
            page.get_by_role("link", name="Pilih semua di halaman ini").click()
            expect(page.get_by_role("checkbox", name="Pilih Ahmad Fauzi")).to_be_checked()
            page.get_by_role("button", name="Usulkan suksesi").click()
            assert page.get_by_text("2 orang dipilih").is_visible()
    assert group.sittings
