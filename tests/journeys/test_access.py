"""Who sees little, hears the screen or uses no mouse works through the same assessment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import sign_in
from tests.journeys.desk import Desk, desk_on
from tests.journeys.kinds import KEYS, NIP, PLACES, every_kind, press, short_form, wave_of
from tests.journeys.screens import accessible_in_both_themes, meet_every_screen, nothing_is_lost, shown

ZOOMED = {"width": 683, "height": 384}
"""What 1366 x 768 shows at 200%."""

HEARD = """() => {
  window.heard = [];
  const live = document.querySelector("[data-at=live]");
  const hear = () => live.textContent && window.heard.push(live.textContent);
  new MutationObserver(hear).observe(live, { childList: true });
}"""


@pytest.fixture
def desk(on_sqlite, page) -> Iterator[Desk]:
    with desk_on(on_sqlite, page) as made:
        yield made


@pytest.mark.timeout(300)
def test_every_screen_is_accessible_in_both_themes_and_every_control_has_a_name(desk):
    meet_every_screen(desk, wave_of(every_kind(), short_form()), accessible_in_both_themes(desk.page))


@pytest.mark.long
@pytest.mark.timeout(300)
def test_at_twice_the_size_nothing_is_lost(desk):
    desk.page.set_viewport_size(ZOOMED)
    meet_every_screen(desk, wave_of(every_kind(), short_form()), nothing_is_lost(desk.page))


def no_mouse(page: Page) -> None:
    page.add_init_script("addEventListener('pointerdown', () => sessionStorage.setItem('mouse', 'used'), true)")


@pytest.mark.timeout(240)
def test_from_sign_in_to_the_receipt_by_keyboard_alone(desk):
    page, pin = desk.page, wave_of(every_kind(), short_form())
    no_mouse(page)
    page.goto(desk.platform.url("exam"))
    expect(page.locator("#nip")).to_be_focused()
    page.keyboard.type(NIP)
    press("[data-pin='1']")(page)
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    shown(page, "readiness")
    press("[data-at=identity]", "Space", "[data-at=pact]", "Space", "[data-act=consent]")(page)
    expect(page.locator("[data-act=consent][aria-disabled=false]")).to_be_visible()
    page.keyboard.press("Enter")
    shown(page, "practice")
    press("[data-act=skip]", "Enter", "[data-act=start]")(page)
    expect(page.locator("[data-act=start][aria-disabled=false]")).to_be_visible()
    page.keyboard.press("Enter")
    shown(page, "question")
    for number, act in enumerate(KEYS.values(), 1):
        expect(page.locator("[data-field=here]")).to_have_text(f"Soal {number}")
        act(page)
        page.keyboard.press("Control+ArrowRight")
    shown(page, "review")
    press("[data-act=finish]", "Enter")(page)
    shown(page, "between")
    press("[data-act=continue]", "Enter", "[data-act=start]")(page)
    expect(page.locator("[data-act=start][aria-disabled=false]")).to_be_visible()
    page.keyboard.press("Enter")
    shown(page, "question")
    press("b", "[data-act=doubt]", "Space", "[data-act=review]", "Enter", "[data-act=finish]", "Enter")(page)
    expect(page.locator("dialog.sure")).to_be_visible()
    press("[data-act=finish-anyway]", "Enter")(page)
    expect(page.locator("[data-field=code]")).not_to_be_empty(timeout=15000)
    expect(page.locator(".done tbody tr")).to_have_count(2)
    expect(page.locator(".done__next li")).to_contain_text(
        ["Catat kode", "Keluar dari komputer", "Tunggu izin pengawas"]
    )
    expect(page.locator(".track li")).to_contain_text(["Anda jawab", "Diterima server"])
    assert page.locator(".done tbody tr td:nth-child(3)").all_inner_texts() == [str(len(PLACES)), "1"]
    assert page.evaluate("sessionStorage.getItem('mouse')") is None


def test_text_size_and_contrast_chosen_once_stay(desk):
    page = desk.page
    page.goto(desk.platform.url("exam"))
    plain = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click('[data-size="l"]')
    page.click("[data-contrast]")
    sign_in(page, desk.platform, NIP, wave_of(every_kind()))
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    shown(page, "question")
    for _ in range(2):
        expect(page.locator('[data-size="l"]:visible')).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-contrast]:visible")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("getComputedStyle(document.querySelector('.exam__item')).fontSize") == "23px"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != plain
        page.reload()
        shown(page, "question")


def test_the_time_left_is_spoken_at_fifteen_five_and_one_minute_and_never_else(desk):
    page = desk.page
    page.clock.install()
    sign_in(page, desk.platform, NIP, wave_of(every_kind()))
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    shown(page, "question")
    page.route("**/api/**", lambda route: route.abort())  # the server's clock does not run faster
    page.evaluate(HEARD)
    for minutes in (44, 2, 9, 2, 2, 1):  # of 60: past 15, 5 and 1
        for _ in range(minutes * 6):
            page.clock.run_for(10_000)
    spoken = [words for words in page.evaluate("window.heard") if words.startswith("Sisa waktu")]
    assert spoken == ["Sisa waktu 15 menit.", "Sisa waktu 5 menit.", "Sisa waktu 1 menit."]
