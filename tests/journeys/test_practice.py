"""Practice before the first part: by mouse, by keyboard, again, or not at all; nothing of it reaches the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import agree, come_to_the_pact
from tests.journeys.desk import Desk, desk_on
from tests.journeys.kinds import NIP, every_kind, press, tab_to, wave_of

INSTRUCTIONS = 'body[data-screen="instructions"]'
HUB = 'body[data-screen="practice"]'
DONE = "[data-at=tries] .pill--ok"


@pytest.fixture
def desk(on_sqlite, page) -> Iterator[Desk]:
    """A participant who has just accepted the pact."""
    with desk_on(on_sqlite, page) as made:
        come_to_the_pact(page, made.platform, NIP, wave_of(every_kind()))
        agree(page)
        made.sent.clear()
        yield made


def assert_nothing_was_sent(desk: Desk) -> None:
    """Neither an answer nor a start: no clock runs, and no item that does not exist was answered."""
    assert [one.path for one in desk.sent if one.method != "GET"] == []
    assert not [one.path for one in desk.sent if "/start" in one.path]


def item_is(page: Page, number: int) -> None:
    expect(page.locator("[data-field=here]")).to_have_text(f"Soal {number}")
    expect(page.locator("[data-at=practice]:visible")).to_have_text("Latihan, tidak dinilai")
    expect(page.locator("[role=timer]")).to_be_hidden()


def test_by_mouse_alone(desk):
    page = desk.page
    expect(page.locator("ol[data-at=tries] li")).to_contain_text(["belum dicoba"] * 3)
    page.click("[data-act=try]")
    item_is(page, 1)
    page.locator(".option").nth(1).click()
    expect(page.locator("[data-field=tip]")).to_contain_text("berwarna hijau")
    page.click("[data-act=doubt]")
    expect(page.locator('[data-cell="1"]')).to_have_class("qcell qcell--doubt")
    page.click("[data-act=next]")
    item_is(page, 2)
    page.locator("tr:nth-child(1) label:has([name=most])").click()
    page.locator("tr:nth-child(4) label:has([name=least])").click()
    page.click('[data-cell="3"]')
    item_is(page, 3)
    page.locator(".option").nth(2).click()
    expect(page.locator("[data-field=tip]")).to_contain_text("tiga segitiga")
    page.click("[data-act=next]")
    expect(page.locator(DONE)).to_have_count(3)
    page.click("[data-act=done]")
    expect(page.locator(INSTRUCTIONS)).to_be_visible()
    assert_nothing_was_sent(desk)


def test_by_keyboard_alone(desk):
    page = desk.page
    press("[data-act=try]", "Enter")(page)
    item_is(page, 1)
    press("b", "r")(page)
    expect(page.locator('[data-cell="1"]')).to_have_class("qcell qcell--doubt")
    press("Control+ArrowRight", "[name=most]", "Space", "[name=least]", "ArrowUp", "Control+ArrowRight")(page)
    item_is(page, 3)
    press("c", "Delete", "c", "F1", "Escape", "Control+ArrowRight")(page)
    expect(page.locator(DONE)).to_have_count(3)
    press("[data-act=done]", "Enter")(page)
    expect(page.locator(INSTRUCTIONS)).to_be_visible()
    assert_nothing_was_sent(desk)


def test_again_begins_with_nothing_answered(desk):
    page = desk.page
    press("[data-act=try]", "Enter", "b")(page)
    page.click("[data-act=review]")
    expect(page.locator(DONE)).to_have_count(1)
    page.click("[data-act=back]")
    expect(page.locator(".option input:checked")).to_have_count(1)
    page.click("[data-act=review]")
    page.click("[data-act=again]")
    item_is(page, 1)
    expect(page.locator(".option input:checked")).to_have_count(0)
    expect(page.locator(".qgrid .qcell--answered")).to_have_count(0)


@pytest.mark.parametrize("begun", [False, True])
def test_skipped_before_or_amid_it_does_not_come_back(desk, begun):
    page = desk.page
    if begun:
        page.click("[data-act=try]")
    tab_to(page, "[data-act=skip]")
    page.keyboard.press("Enter")
    expect(page.locator(INSTRUCTIONS)).to_be_visible()
    page.reload()
    expect(page.locator(INSTRUCTIONS)).to_be_visible()
    assert_nothing_was_sent(desk)


def test_a_reload_before_the_end_of_the_practice_offers_it_again(desk):
    desk.page.click("[data-act=try]")
    item_is(desk.page, 1)
    desk.page.reload()
    expect(desk.page.locator(HUB)).to_be_visible()


def test_a_lost_network_does_not_touch_the_practice(desk):
    page = desk.page
    page.context.set_offline(True)
    page.click("[data-act=try]")
    press("b", "Control+ArrowRight")(page)
    item_is(page, 2)
    page.context.set_offline(False)
