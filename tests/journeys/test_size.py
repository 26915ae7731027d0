"""What a participant's browser loads: two requests to a page that can be used, and less than 120 KB in all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from assessment_app.exam.routes import SCRIPTS
from tests.journeys.browser import come_to_the_pact, sign_in
from tests.journeys.desk import Desk, desk_on
from tests.journeys.kinds import NIP, answer_every_kind, every_kind, wave_of

LARGEST = 120_000
PAINT_AND_SCRIPT = """() => new Promise((tell) => {
  const script = performance.getEntriesByType("resource").find(({ name }) => name.includes("/joined/"));
  const told = (list) => tell([list.getEntries()[0].startTime, script.responseEnd]);
  new PerformanceObserver(told).observe({ type: "paint", buffered: true });
})"""


@pytest.fixture
def desk(on_sqlite, page) -> Iterator[Desk]:
    with desk_on(on_sqlite, page) as made:
        yield made


def script_of(desk: Desk) -> str:
    (script,) = {path for path in desk.loaded if path.startswith("/joined/")}
    return script


def test_the_sign_in_page_can_be_used_with_its_document_and_one_script_and_nothing_else(desk):
    page = desk.page
    allowed = []

    def only_two(route) -> None:
        allowed.append(route.request.url)
        route.continue_() if len(allowed) <= 2 else route.abort()

    page.route("**/*", only_two)
    page.goto(desk.platform.url("exam"))
    page.locator("#nip").press_sequentially(NIP)
    expect(page.locator("#nip")).to_have_value("19850317 201001 1 987")
    page.click('[data-act="sign-in"]')
    expect(page.locator("#pin-error")).to_contain_text("PIN terdiri dari 6 huruf atau angka")
    assert page.evaluate("getComputedStyle(document.querySelector('.login__top')).display") == "flex"
    assert page.evaluate("document.styleSheets.length") == 1
    assert desk.loaded[:2] == ["/", script_of(desk)]


def test_the_readiness_screen_comes_with_its_document_one_script_and_one_call(desk):
    come_to_the_pact(desk.page, desk.platform, NIP, wave_of(every_kind()))
    asked = [one.path for one in desk.sent]
    document, script, call = asked[asked.index("/sitting") :][:3]
    assert (document, call) == ("/sitting", "/api/exam/v1/sitting")
    assert script.startswith("/joined/")


def test_a_script_is_asked_for_once_and_one_that_changed_is_not_answered_with_another(desk):
    page = desk.page
    for _ in range(3):
        page.goto(desk.platform.url("exam"))
    script = script_of(desk)
    assert desk.loaded.count(script) == 1
    assert desk.loaded.count("/") >= 3
    answer = page.request.get(desk.platform.url("exam", script))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    for other in (
        script.replace("/joined/", "/joined/0"),
        script.replace("sign_in", "none"),
        "/joined/x/exam/player.js",
    ):
        assert page.request.get(desk.platform.url("exam", other)).status == 404


def test_all_that_the_player_ever_loads_is_less_than_120_kilobytes(desk):
    sign_in(desk.page, desk.platform, NIP, wave_of(every_kind()))
    desk.page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    answer_every_kind(desk.page)
    desk.page.click('[data-act="review"]')
    desk.page.click('[data-act="finish"]')
    expect(desk.page.locator('body[data-screen="receipt"]')).to_be_visible(timeout=15000)
    loaded = {one.path: one.size for one in desk.sent if one.is_loaded}
    assert {"/", "/sitting"} < loaded.keys()
    assert {page for page in SCRIPTS if any(path.endswith(page) for path in loaded)} == set(SCRIPTS)
    assert sum(loaded.values()) < LARGEST, loaded


@pytest.mark.parametrize("theme", ["kontras", "terang"])
def test_a_chosen_theme_stands_before_anything_is_painted(desk, theme):
    page = desk.page
    page.add_init_script(f"localStorage.setItem('proasn.theme', '{theme}')")
    page.goto(desk.platform.url("exam"))
    painted, script_came = page.evaluate(PAINT_AND_SCRIPT)
    assert painted >= script_came
    assert page.evaluate("document.documentElement.dataset.theme") == theme
