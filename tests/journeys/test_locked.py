"""A proctor locks a seat and pauses a room, in Chromium: the page waits, loses nothing, and goes on by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.platform import on_one_machine


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


def seconds(face: str) -> int:
    """Read what a countdown shows."""
    hours, minutes, rest = map(int, face.split("."))
    return 3600 * hours + 60 * minutes + rest


def note_notices(page: Page) -> Callable[[], list[str]]:
    """Note every notice that is drawn from now on, however shortly; gives what tells them."""
    page.evaluate("""() => {
      window.noticesDrawn = [];
      const note = () => document.body.dataset.screen === "notice" && noticesDrawn.push(document.body.dataset.notice);
      new MutationObserver(note).observe(document.body, { attributeFilter: ["data-notice", "data-screen"] });
    }""")
    return lambda: list(page.evaluate("[...new Set(window.noticesDrawn)]"))


def stand_still(console: Page, page: Page, accessible) -> None:
    """Pause the room, answer meanwhile, let it go on: the answer is saved, and the clock has lost nothing."""
    console.click("a:has-text('Jeda')")
    console.fill("#alasan-jeda-ruangan", "Alarm")
    left = page.locator('[data-field="timer"]').inner_text()
    notices = note_notices(page)
    console.click("button:has-text('Jeda semua peserta')")
    expect(console.locator(".seat", has_text="Dijeda")).to_have_count(1)
    page.locator('[data-cell="3"]').click()
    at.answer(page)
    expect(page.locator("body")).to_contain_text("waktu Anda berhenti", timeout=40000)
    assert notices() == ["paused"]  # a save knows no more than that it is held: no lock was drawn for a moment
    accessible(page)
    accessible(console)
    page.wait_for_timeout(8000)
    console.click("button:has-text('Lanjutkan semua')")
    expect(page.locator('body[data-screen="question"]')).to_be_visible(timeout=30000)
    expect(page.locator('[data-cell="3"]')).to_have_class(re.compile("qcell--answered"), timeout=15000)
    assert abs(seconds(left) - seconds(page.locator('[data-field="timer"]').inner_text())) < 8


@pytest.mark.timeout(180)
def test_a_locked_and_a_paused_page_wait_and_go_on_with_every_answer(browser, platform, accessible):
    with (
        at.at_work(browser, platform) as (page, _nip),
        at.staff(browser, platform, "office", "pengawas") as console,
    ):
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
        stand_still(console, page, accessible)
