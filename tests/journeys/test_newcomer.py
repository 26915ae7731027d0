"""What somebody sees who sits for the first time: times that stay, one count of what is sent, a way to the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import browser as at
from tests.journeys.desk import Desk, desk_on
from tests.journeys.kinds import NIP, short_form, wave_of

PATIENCE_MS = 15000


@pytest.fixture
def desk(on_sqlite, page) -> Iterator[Desk]:
    with desk_on(on_sqlite, page) as made:
        yield made


@pytest.fixture
def pin(desk) -> str:
    """A session of one short part has begun."""
    return wave_of(short_form())


def come_to_the_receipt(page: Page, desk: Desk, pin: str) -> None:
    at.sign_in(page, desk.platform, NIP, pin)
    at.work_through_a_part(page)
    expect(page.locator('body[data-screen="receipt"]')).to_be_visible(timeout=PATIENCE_MS)


def test_the_receipt_tells_the_same_time_whenever_it_is_opened(desk, pin):
    page = desk.page
    come_to_the_receipt(page, desk, pin)
    received = page.locator('[data-field="received"]').inner_text()
    page.click('[data-act="leave"]')
    page.wait_for_timeout(1100)
    at.type_in(page, NIP, pin)
    expect(page.locator('[data-field="received"]')).to_have_text(received, timeout=PATIENCE_MS)


def test_whoever_finished_gets_to_the_receipt_at_another_computer_too(desk, pin, browser):
    come_to_the_receipt(desk.page, desk, pin)
    code = desk.page.locator('[data-field="code"]').inner_text()
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        other = context.new_page()
        other.goto(desk.platform.url("exam"))
        at.type_in(other, NIP, pin)
        expect(other.locator('[data-field="code"]')).to_have_text(code, timeout=PATIENCE_MS)


WATCH = """() => {
  window.counted = [];
  const look = () => {
    const header = document.querySelector("[data-sync=sending] [data-field=sync-small]");
    const list = document.querySelector("[data-at=panel] [data-field=pending]");
    if (header && list) window.counted.push([header.textContent.match(/\\d+/)[0], list.textContent]);
    requestAnimationFrame(look);
  };
  look();
}"""


def open_the_part(page: Page, desk: Desk, pin: str) -> None:
    at.sign_in(page, desk.platform, NIP, pin)
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    expect(page.locator('body[data-screen="question"]')).to_be_visible(timeout=PATIENCE_MS)


def test_header_and_list_count_what_is_on_its_way_by_one_number(desk, pin):
    page = desk.page
    open_the_part(page, desk, pin)
    expect(page.locator('[data-field="sync-small"]')).to_have_text("belum ada jawaban")
    page.evaluate(WATCH)
    for option in (1, 2, 3):
        page.locator(f".option:nth-child({option}) input").check(force=True)
        expect(page.locator('[data-sync="sending"]')).to_be_visible()
        expect(page.locator('[data-sync="server"]')).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('[data-field="sync-small"]')).to_contain_text("semua jawaban")
    counted = page.evaluate("window.counted")
    assert counted
    assert {header == listed for header, listed in counted} == {True}, counted


def test_every_time_is_told_in_the_zone_of_the_room_and_in_wib_before_it_is_known(desk):
    page = desk.page
    pin = wave_of(short_form(), zone="Asia/Jayapura")
    page.goto(desk.platform.url("exam"))
    expect(page.locator('[data-at="clock"]')).to_contain_text(clock_in("Asia/Jakarta", "WIB"))
    come_to_the_receipt(page, desk, pin)
    for field in ("sync-small", "received"):
        expect(page.locator(f'[data-field="{field}"]')).to_contain_text(clock_in("Asia/Jayapura", "WIT"))


def clock_in(zone: str, name: str) -> re.Pattern[str]:
    """A clock of this hour or the next, as the zone counts hours, with the zone's name."""
    hour = datetime.now(ZoneInfo(zone)).hour
    return re.compile(rf"({hour:02}|{(hour + 1) % 24:02})\.\d\d\.\d\d {name}\b")


RING_PX = 8  # outline, its offset and the shadow around them, as `:focus-visible` draws them


def test_the_labels_of_the_sign_in_lead_into_their_fields_and_stay_clear_of_the_ring(desk, accessible):
    page = desk.page
    page.goto(desk.platform.url("exam"))
    page.get_by_text("PIN sesi (6 huruf atau angka)").click()
    expect(page.locator('[data-pin="1"]')).to_be_focused()
    page.locator("label[for=nip]").click()
    expect(page.locator("#nip")).to_be_focused()
    for label, field in (("label[for=nip]", "#nip"), ("label[for=pin-1]", "#pin-1")):
        above, below = page.locator(label).bounding_box(), page.locator(field).bounding_box()
        assert above
        assert below
        assert below["y"] - (above["y"] + above["height"]) >= RING_PX, label
    accessible(page)


def test_whoever_left_with_the_receipt_is_told_so_once(desk, pin, accessible):
    page = desk.page
    page.goto(desk.platform.url("exam"))
    left = page.locator('[data-at="left"]')
    expect(page.locator('[data-at="clock"]')).to_be_visible()
    expect(left).to_be_hidden()
    come_to_the_receipt(page, desk, pin)
    page.click('[data-act="leave"]')
    expect(left).to_have_text("Anda sudah keluar. Jawaban Anda tersimpan.")
    expect(left).to_be_visible()
    expect(page.locator('[data-at="message"]')).to_be_hidden()
    accessible(page)
    page.reload()
    expect(page.locator('[data-at="clock"]')).to_be_visible()
    expect(left).to_be_hidden()


def test_only_a_list_with_numbers_asks_to_choose_one(desk, pin):
    page = desk.page
    open_the_part(page, desk, pin)
    hint = page.get_by_text("pilih nomor untuk membukanya")
    page.locator('[data-act="review"]').first.click()
    expect(hint).to_be_visible()
    page.locator('[data-act="back"]').first.click()
    for number in (1, 2):
        page.locator(f'[data-cell="{number}"]').click()
        at.answer(page)
    page.locator('[data-act="review"]').first.click()
    expect(page.locator('[data-at="blank"]')).to_have_text("Tidak ada")
    expect(hint).to_be_hidden()
