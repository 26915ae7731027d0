"""People at the browser: staff who click through the office, a participant who works through the battery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.journeys.platform import Platform, told_pin


@contextmanager
def staff(browser: Browser, platform: Platform, server: str, name: str) -> Iterator[Page]:
    """Sign a member of the demonstration's staff in, and out again at the end."""
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(platform.url(server))
        page.fill("[name=name]", name)
        page.fill("[name=password]", platform.passwords()[name])
        page.press("[name=password]", "Enter")
        expect(page.locator(".sidenav")).to_be_visible()
        yield page


def open_every_entry(page: Page) -> list[str]:
    """Open every page of somebody's side navigation; gives their headings."""
    count, headings = page.locator(".sidenav a[href^='/']").count(), []
    for number in range(count):
        page.locator(".sidenav a[href^='/']").nth(number).click()
        expect(page.locator(".sidenav a[href^='/']").nth(number)).to_have_attribute("aria-current", "page")
        headings.append(page.locator("h1").inner_text())
    return headings


def sign_in(page: Page, platform: Platform, nip: str, pin: str) -> None:
    """Sign a participant in, accept the pact and skip the practice."""
    come_to_the_pact(page, platform, nip, pin)
    agree(page)
    skip_practice(page)


@contextmanager
def at_work(browser: Browser, platform: Platform) -> Iterator[tuple[Page, str]]:
    """Bring the first participant that the start told of to the first question; gives the page and the NIP."""
    nip = re.search(r"\b(\d{18})\b", platform.log.read_text())
    assert nip, platform.log.read_text()
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        sign_in(page, platform, nip.group(1), told_pin(platform))
        page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
        yield page, nip.group(1)


def come_to_the_pact(page: Page, platform: Platform, nip: str, pin: str) -> None:
    """Sign a participant in; the readiness screen stands there."""
    page.goto(platform.url("exam"))
    type_in(page, nip, pin)
    expect(page.locator('body[data-screen="readiness"]')).to_be_visible(timeout=15000)


def type_in(page: Page, nip: str, pin: str) -> None:
    """Type NIP and PIN as a participant does."""
    page.locator("#nip").press_sequentially(nip)
    page.locator('[data-pin="1"]').click()
    page.keyboard.type(pin)
    page.click('[data-act="sign-in"]')


def agree(page: Page) -> None:
    """Confirm who one is and accept the pact; the practice stands there."""
    expect(page.locator('body[data-screen="readiness"]')).to_be_visible(timeout=15000)
    page.check('[data-at="identity"]')
    page.check('[data-at="pact"]')
    page.click('[data-act="consent"]')
    expect(page.locator('body[data-screen="practice"]')).to_be_visible(timeout=15000)


def skip_practice(page: Page) -> None:
    """Go on to the first part."""
    page.click('[data-act="skip"]')


def answer(page: Page) -> None:
    """Answer the item on the screen by what stands first."""
    if page.locator(".fc").count():
        page.locator("tbody tr:nth-child(1) input[name=most]").check()
        page.locator("tbody tr:last-child input[name=least]").check()
    else:
        page.locator(".option:nth-child(1) input").check(force=True)


def work_through_a_part(page: Page, between=lambda number: None) -> int:
    """Start the next part, answer all of its items and finish it; gives how many there were."""
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    expect(page.locator('body[data-screen="question"]')).to_be_visible()
    items = page.locator("[data-cell]").count()
    for number in range(1, items + 1):
        page.locator(f'[data-cell="{number}"]').click()
        between(number)
        answer(page)
        expect(page.locator(f'[data-cell="{number}"]')).to_have_class("qcell qcell--answered", timeout=15000)
    page.locator('[data-act="review"]').first.click()
    page.locator('[data-act="finish"]').first.click()
    return items
