"""Somebody is granted more time, and their wave is sat in Safe Exam Browser: everybody in Chromium."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from assessment_app.platform.safe_exam_browser import url_hash
from tests.journeys import browser as at
from tests.journeys.platform import TOLD, Platform, on_one_machine

API = """
window.SafeExamBrowser = { version: "SEB_macOS_3.5", security: { configKey: "", browserExamKey: "" } };
window.SafeExamBrowser.security.updateKeys = (done) => setTimeout(() => {
  window.SafeExamBrowser.security.configKey = HASH;
  done();
}, 50);
"""
"""What an older version gives a page's script: keys that are there only after somebody asked."""


@pytest.mark.timeout(180)
def test_who_is_granted_more_time_gets_it_in_safe_exam_browser(browser, service_run, tmp_path, accessible):
    with on_one_machine(service_run, tmp_path) as platform:
        (nip, pin), (other_nip, _pin) = participants(platform)[:2]
        with at.staff(browser, platform, "office", "admin.bkd") as page:
            grant(page, accessible)
            key = require_safe_browser(page, accessible)
        with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
            is_sent_away(context.new_page(), platform, nip, pin, accessible)
        with sending_headers(browser, platform, key) as page:
            sees_what_was_granted(page, platform, nip, pin, accessible)
        with browser.new_context(locale="id-ID") as context:
            page = context.new_page()
            page.add_init_script(API.replace("HASH", f'"{url_hash(platform.url("exam"), key)}"'))
            type_in(page, platform, other_nip, pin)
            expect(page.locator('body[data-screen="readiness"]')).to_be_visible(timeout=15000)
            expect(page.locator('[data-at="needs"]')).to_be_hidden()
        with at.staff(browser, platform, "office", "pengawas") as page:
            proctor_sees_it(page, accessible)


def participants(platform: Platform) -> list[tuple[str, str]]:
    """Read NIP and PIN of those whom the start names, of the first wave first."""
    return re.findall(r"NIP (\d{18})\s+PIN (\w{6})", (platform.folder / TOLD).read_text())


def open_session(page: Page) -> None:
    page.locator("a", has_text="Gelombang Demonstrasi").first.click()
    page.locator("a.slot").first.click()


def grant(page: Page, accessible) -> None:
    open_session(page)
    page.click("text=Akomodasi")
    page.click("[aria-label^='Atur akomodasi'] >> nth=0")
    page.fill("[name=factor]", "1,3")
    page.check("[name=large_text]")
    page.fill("[name=breaks]", "2")
    page.fill("[name=break_minutes]", "10")
    page.fill("[name=reader]", "Ani Pembaca")
    page.fill("[name=reason]", "Surat 800/12/2026")
    page.click("button:has-text('Simpan akomodasi')")
    expect(page.locator("main")).to_contain_text("Akomodasi disimpan.")
    expect(page.locator("tr.is-chosen")).to_contain_text("pembaca: Ani Pembaca")
    accessible(page)


def require_safe_browser(page: Page, accessible) -> str:
    """Require it for the wave; gives the Config Key that the page names."""
    page.locator(".crumbs a").nth(1).click()
    page.click("text=Peramban ujian")
    page.check("[name=policy][value=required]")
    page.click("button:has-text('Simpan aturan')")
    expect(page.locator("main")).to_contain_text("Unduh asesmen.seb")
    accessible(page)
    return page.locator("dd.hash").inner_text()


def type_in(page: Page, platform: Platform, nip: str, pin: str) -> None:
    page.goto(platform.url("exam"))
    page.locator("#nip").press_sequentially(nip)
    page.locator('[data-pin="1"]').click()
    page.keyboard.type(pin)
    page.click('[data-act="sign-in"]')


def is_sent_away(page: Page, platform: Platform, nip: str, pin: str, accessible) -> None:
    type_in(page, platform, nip, pin)
    expect(page.locator("h1")).to_have_text("Asesmen ini dikerjakan di Safe Exam Browser", timeout=15000)
    expect(page.locator('[data-act="open"]')).to_have_attribute("href", re.compile(r"^seb://127\.0\.0\.1:\d+/"))
    with page.expect_download() as download:
        page.click("text=Unduh asesmen.seb")
    assert download.value.suggested_filename == "asesmen.seb"
    accessible(page)


@contextmanager
def sending_headers(browser, platform: Platform, key: str):
    """Lend a page that sends what Safe Exam Browser sends with the call that is looked at: the sign-in."""
    proof = url_hash(platform.url("exam", "/api/exam/v1/sign-in"), key)
    with browser.new_context(
        locale="id-ID", viewport={"width": 1366, "height": 768},
        extra_http_headers={"X-SafeExamBrowser-ConfigKeyHash": proof},
    ) as context:  # fmt: skip
        yield context.new_page()


def sees_what_was_granted(page: Page, platform: Platform, nip: str, pin: str, accessible) -> None:
    type_in(page, platform, nip, pin)
    expect(page.locator('body[data-screen="readiness"]')).to_be_visible(timeout=15000)
    needs = page.locator('[data-at="needs"]')
    for words in (r"Anda mendapat tambahan waktu \d+ menit, teks besar", "2 kali istirahat 10 menit", "Ani Pembaca"):
        expect(needs).to_contain_text(re.compile(words))
    expect(page.locator("html")).to_have_attribute("data-fs", "l")
    accessible(page)
    at.agree(page)
    at.skip_practice(page)
    expect(page.locator('[data-at="extra"]')).to_contain_text(
        re.compile(r"15 menit untuk semua peserta, ditambah 5 menit untuk Anda")
    )
    accessible(page)
    page.click('[data-size="m"]')
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    expect(page.locator('body[data-screen="question"]')).to_be_visible()
    page.reload()
    expect(page.locator('body[data-screen="question"]')).to_be_visible(timeout=15000)
    expect(page.locator("html")).to_have_attribute("data-fs", "m")  # their own choice stays


def proctor_sees_it(page: Page, accessible) -> None:
    page.locator("main tr", has_text="Lab 1").locator("a").first.click()
    expect(page.locator("main")).to_contain_text("Kata sandi keluar Safe Exam Browser")
    page.locator('[data-seat="1"]').click()
    expect(page.locator("[data-chosen]")).to_contain_text("pembaca: Ani Pembaca")
    expect(page.locator("[data-events]")).to_contain_text("Masuk ujian (Safe Exam Browser)")
    page.click("text=Istirahat (sisa 2 kali)")
    page.click("button:has-text('Mulai istirahat 10 menit')")
    expect(page.locator("[data-chosen]")).to_contain_text("Istirahat (sisa 1 kali)")
    expect(page.locator("[data-events]")).to_contain_text("istirahat 10 menit")
    accessible(page)
