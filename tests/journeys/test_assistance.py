"""A participant calls for a proctor, who answers and writes, in Chromium: each sees what the other did."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.platform import Platform, on_one_machine, told_pin


@pytest.fixture
def platform(service_run, tmp_path):
    with on_one_machine(service_run, tmp_path) as running:
        yield running


def bar(page: Page, name: str):
    """One of the bars above the question."""
    return page.locator(f'[data-at="{name}"]')


def call(page: Page, accessible) -> None:
    """Call while the network is gone, then while it is there."""
    page.click('[data-act="assist"]')
    page.check("text=Layar sulit dibaca")
    page.fill("#assistance-more", "silau a")  # a letter here chooses no answer
    page.keyboard.press("F1")
    expect(page.locator("dialog[open]")).to_have_count(1)
    expect(page.locator("#assistance-more")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator('[data-act="assist"]')).to_be_focused()
    page.keyboard.press("Enter")
    page.check("text=Layar sulit dibaca")
    page.fill("#assistance-more", "silau a")
    accessible(page)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(bar(page, "assistance").locator("[role=alert]")).to_contain_text("Angkat tangan Anda", timeout=15000)
    page.context.set_offline(False)
    page.click('[data-act="assist-call"]')
    expect(bar(page, "called")).to_contain_text("Pengawas dipanggil pukul")
    expect(page.locator(".qcell--answered[data-cell]")).to_have_count(0)
    accessible(page)


def write_to_who_calls(console: Page, accessible) -> None:
    """Find who calls among what needs attention, and write to that seat."""
    expect(console.locator(".seat--help")).to_contain_text("Minta bantuan", timeout=15000)
    expect(console).to_have_title(re.compile(r"^\(1\) "))
    asking = console.locator("[data-calling] a")
    asking.focus()
    with console.expect_response("**/keadaan", timeout=20000):
        pass
    expect(asking).to_be_focused()  # the list is brought up to date around whoever stands in it
    console.keyboard.press("Enter")
    expect(console.locator("#kursi")).to_be_focused()
    expect(console.locator("[data-chosen]")).to_contain_text("Layar sulit dibaca: silau a")
    accessible(console)
    console.locator("summary", has_text="Kirim pesan").click()
    console.fill("#isi-pesan", "Pengawas segera datang.")
    console.press("#isi-pesan", "Enter")
    expect(console.locator(".flash")).to_contain_text("Pesan untuk kursi")


def read_before_the_start(browser, platform: Platform, nip: str, console: Page) -> None:
    """Announce to a room in which somebody has not started: it stands on that page too, and is confirmed there."""
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        waiting = context.new_page()
        at.come_to_the_pact(waiting, platform, nip, told_pin(platform))
        console.locator("summary", has_text="Umumkan").click()
        console.fill("#isi-pengumuman", "Kita mulai pukul delapan.")
        console.press("#isi-pengumuman", "Enter")
        expect(bar(waiting, "word")).to_contain_text("Pengumuman pengawas: Kita mulai pukul delapan.", timeout=30000)
        waiting.click('[data-act="word-read"]')
        expect(bar(waiting, "word")).to_be_hidden()


def find_by_nip(console: Page, nip: str) -> None:
    """Find somebody from the keyboard."""
    console.locator(".seat").first.focus()
    console.keyboard.press("/")
    console.keyboard.type(nip[:9])
    expect(console.locator(".seat:not(.seat--not-meant)")).to_have_count(1)
    console.keyboard.press("Enter")
    expect(console.locator(".seat:not(.seat--not-meant)")).to_be_focused()


@pytest.mark.timeout(240)
def test_a_call_reaches_the_proctor_and_words_reach_the_participant(browser, platform, accessible):
    with (
        at.at_work(browser, platform) as (page, nip),
        at.staff(browser, platform, "office", "pengawas") as console,
    ):
        console.locator("main a[href*='/pengawas/sesi/']").first.click()

        call(page, accessible)
        write_to_who_calls(console, accessible)
        expect(bar(page, "word")).to_contain_text("Pesan pengawas untuk Anda: Pengawas segera datang.", timeout=40000)
        console.click("button:has-text('Sudah dibantu')")
        expect(console.locator(".seat--help")).to_have_count(0, timeout=15000)
        expect(bar(page, "called")).to_be_hidden(timeout=40000)

        page.reload()  # what was not read yet is there again
        expect(bar(page, "word")).to_contain_text("Pengawas segera datang.", timeout=15000)
        page.click('[data-act="word-read"]')
        expect(bar(page, "word")).to_be_hidden()
        expect(page.locator("#content")).to_be_focused()
        console.reload()
        console.locator("summary", has_text="Kirim pesan").click()
        expect(console.locator("[data-chosen]")).to_contain_text("Sudah dibaca.")
        find_by_nip(console, nip)
        other = next(one for one in re.findall(r"\b(\d{18})\b", platform.log.read_text()) if one != nip)
        read_before_the_start(browser, platform, other, console)
        expect(bar(page, "word")).to_contain_text("Kita mulai pukul delapan.", timeout=40000)
