"""A participant's pages in the oldest browsers that they are made for, at a real exam server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Page, expect

from tests.browsers.oldest import OLDEST, opened
from tests.journeys import browser as at
from tests.journeys.computer import begin, finish, sealed
from tests.journeys.desk import Desk
from tests.journeys.kinds import ANSWERED, MOUSE, NIP, PLACES, every_kind, go, short_form, stands, wave_of
from tests.journeys.line import Line, line_to
from tests.journeys.platform import Platform, exam_server_on
from tests.journeys.screens import meet_every_screen, nothing_is_lost, shown

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

WAVE = "Gelombang Uji"
ON_SERVER, ON_COMPUTER = '[data-sync="server"]', '[data-sync="waiting"]'
QUIET_MS = 20_000
THEMES = ("kontras", "terang")
CALLED = {"chromium-109": "Chrome/109.", "firefox-esr": "Firefox/"}
CUT = r"Failed to load resource: net::ERR_"
"""What Chromium writes of a call without a network."""
REFUSED = rf"{CUT}|Failed to load resource: .* status of (409|418|503)|(Elsewhere|Refused): |Error$"
"""What browser and page write of the refusals by which a test comes to some screens."""
PICTURE = r"The page’s settings blocked an inline style .*'sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT\+SmwNZWA='"
"""What Firefox writes of an empty style by which playwright takes a picture."""


@pytest.fixture
def platform(on_sqlite) -> Iterator[Platform]:
    with exam_server_on(on_sqlite.data_dir) as running:
        yield running


@pytest.fixture(params=OLDEST)
def page(request, tmp_path) -> Iterator[Page]:
    with opened(request.param, tmp_path / "profile") as context:
        (page,) = context.pages
        assert CALLED[request.param] in page.evaluate("navigator.userAgent")
        yield page


@pytest.fixture
def complaints(page) -> list[str]:
    """Whatever the browser complains of."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(f"uncaught: {error}"))
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    return heard


def beyond(complaints: list[str], expected: str) -> list[str]:
    """Give the complaints that a test does not bring about itself."""
    return [said for said in complaints if not re.match(f"{expected}|.*{PICTURE}", said)]


def test_a_participant_works_through_a_battery_with_and_without_network(page, platform, complaints):
    with line_to(platform.ports["exam"]) as line:
        seen = Platform(platform.folder, {"exam": line.port})
        comes_to_the_first_part(page, seen, wave_of(every_kind(), short_form()))
        answers_with_and_without_network(page, line)
        comes_to_the_receipt(page)
        page.close()
    assert sealed(platform, NIP, WAVE) == ANSWERED
    assert beyond(complaints, CUT) == []


def comes_to_the_first_part(page: Page, seen: Platform, pin: str) -> None:
    at.come_to_the_pact(page, seen, NIP, pin)
    expect(page.locator('[data-check="reload"][data-result="ok"]')).to_be_visible(timeout=QUIET_MS)
    expect(page.locator('[data-check][data-result="bad"], [data-check][data-result="note"]')).to_have_count(0)
    at.agree(page)
    page.click("[data-act=try]")
    for number in (1, 2, 3):
        page.click(f'[data-cell="{number}"]')
        at.answer(page)
    page.click("[data-act=next]")
    page.click("[data-act=done]")
    begin(page)


def answers_with_and_without_network(page: Page, line: Line) -> None:
    items = iter(MOUSE)
    answers(page, islice(items, 5))
    expect(page.locator(ON_SERVER)).to_be_visible()
    line.cut()
    answers(page, items)
    expect(page.locator(ON_COMPUTER)).to_be_visible(timeout=QUIET_MS)
    page.reload()
    expect(page.locator(f'body[data-screen="question"] {ON_COMPUTER}')).to_be_visible()
    assert {item: stands(page, item) for item in PLACES} == ANSWERED
    line.mend()
    expect(page.locator(ON_SERVER)).to_be_visible(timeout=2 * QUIET_MS)


def answers(page: Page, items: Iterator[str]) -> None:
    for item in items:
        go(page, item)
        MOUSE[item](page)
        expect(page.locator(f'[data-cell="{PLACES[item]}"].qcell--answered')).to_be_visible()


def comes_to_the_receipt(page: Page) -> None:
    finish(page)
    shown(page, "between")
    page.click('[data-act="continue"]')
    begin(page)
    expect(page.locator("[data-cell]")).to_have_count(2)
    finish(page)
    expect(page.locator('[data-field="code"]')).not_to_be_empty(timeout=QUIET_MS)


def test_every_screen_is_whole_and_accessible_in_both_themes(page, platform, complaints, accessible, picture, request):
    browser = request.node.callspec.params["page"]

    def check(screen: str) -> None:
        for theme in THEMES:
            page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
            accessible(page)
            picture(page, f"{browser}-{screen}-{theme}".replace(" ", "-"))
        nothing_is_lost(page)(screen)

    meet_every_screen(Desk(page, platform), wave_of(every_kind(), short_form()), check)
    assert beyond(complaints, REFUSED) == []
