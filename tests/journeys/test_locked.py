"""A proctor locks a seat in the middle of a part, in Chromium: the page waits, loses nothing, and goes on by itself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.platform import on_one_machine, told_pin


@pytest.fixture
def platform(service_run, tmp_path):
    with on_one_machine(service_run, tmp_path) as running:
        yield running


def lock(console: Page, button: str, reason: str) -> None:
    """Fill the form of the seat that is open in the console, and send it."""
    if not console.locator("#alasan-kunci").is_visible():
        console.locator("summary", has_text="Kunci kursi").click()
    console.fill("#alasan-kunci", reason)
    console.click(f"button:has-text('{button}')")


@pytest.mark.timeout(180)
def test_a_locked_page_waits_and_goes_on_with_every_answer(browser, platform, accessible):
    with (
        browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context,
        at.staff(browser, platform, "office", "pengawas") as console,
    ):
        page = context.new_page()
        nip = re.search(r"\b(\d{18})\b", platform.log.read_text())
        assert nip, platform.log.read_text()
        at.sign_in(page, platform, nip.group(1), told_pin(platform))
        page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
        page.locator('[data-cell="1"]').click()
        at.answer(page)
        expect(page.locator('[data-cell="1"]')).to_have_class("qcell qcell--answered", timeout=15000)

        console.locator("main a[href*='/pengawas/sesi/']").first.click()
        console.locator(".seat", has_text="Mengerjakan").first.click()
        lock(console, "Kunci kursi", "Diminta keluar sebentar")
        expect(console.locator(".seat--lock")).to_have_count(1)
        accessible(console)

        page.locator('[data-cell="2"]').click()
        at.answer(page)  # kept on this computer: the server takes nothing now
        expect(page.locator("body")).to_contain_text("dikunci pengawas", timeout=40000)

        lock(console, "Buka kunci", "Sudah kembali")
        expect(page.locator('body[data-screen="question"]')).to_be_visible(timeout=30000)
        for number in (1, 2):
            expect(page.locator(f'[data-cell="{number}"]')).to_have_class(re.compile("qcell--answered"), timeout=15000)
        expect(console.locator("[data-events]")).to_contain_text("Kunci dibuka: Sudah kembali")
