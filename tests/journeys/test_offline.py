"""Networks, servers, tabs and browsers that go away in the middle of a sitting, in Chromium, at the real servers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assessment_app.commands.demo import DEFAULT_WAVE, WAVE_NAME
from tests.journeys import browser as at
from tests.journeys.computer import (
    LEFT,
    Computer,
    begin,
    choose,
    chosen,
    expected,
    finish,
    participant,
    release,
    sealed,
)
from tests.journeys.line import line_to
from tests.journeys.platform import on_one_machine

ON_SERVER, ON_COMPUTER = '[data-sync="server"]', '[data-sync="waiting"]'
ELSEWHERE, OTHER_TAB = 'body[data-notice="elsewhere"]', 'body[data-notice="tab"]'
AT_WORK, BETWEEN = 'body[data-screen="question"]', 'body[data-screen="between"]'
ANSWERED = ".qgrid .qcell--answered"
HERE = '[data-act="retry"]'
QUIET_MS = 20_000
"""Long enough for a browser to call a silence by its name, and to come back from its longest pause but one."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def platform(tmp_path_factory, service_run):
    with on_one_machine(service_run, tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def lab(browser, platform, tmp_path):
    """Computers of a lab, by name, each behind a line of its own."""
    lines = [line_to(platform.ports["exam"]) for _ in range(2)]
    with lines[0] as first, lines[1] as second:
        yield [
            Computer(browser, tmp_path / f"profile-{number}", platform, line)
            for number, line in enumerate((first, second))
        ]


def test_a_sitting_outlives_network_page_browser_and_computer(browser, platform, lab):
    nip, pin = participant(platform, DEFAULT_WAVE, 1)
    first, second = lab
    with first.on() as context:
        first.sign_in(context.pages[0], nip, pin)
        goes_on_without_network(first, context.pages[0])
    with first.on() as context:
        page = context.pages[0]
        page.goto(first.seen.url("exam", "/sitting"))
        expect(page.locator("[data-field=message]")).to_contain_text("masuk dengan NIP dan PIN", timeout=QUIET_MS)
        assert "Kompetensi" not in page.locator("body").inner_text()
        first.line.mend()
        first.return_to(page, nip, pin)
        expect(page.locator(ANSWERED)).to_have_count(15)
        expect(page.locator(ON_SERVER)).to_be_visible(timeout=QUIET_MS)
        first.line.cut()
        choose(page, 16, 17, option=1)
        release(browser, platform, DEFAULT_WAVE, 1)
        with second.on() as other:
            moved = other.pages[0]
            second.return_to(moved, nip, pin)
            expect(moved.locator(ANSWERED)).to_have_count(15)
            choose(moved, 16, option=4)
            first.line.mend()
            can_write_nothing_more(page)
            choose(moved, 18, option=4)
            all_of_it = chosen(1, 1, 2, 3) | chosen(2, *range(4, 14)) | chosen(3, 14, 15) | chosen(4, 16, 18)
            wanted = expected(moved, all_of_it)
            finish(moved)
            expect(moved.locator(BETWEEN)).to_be_visible(timeout=QUIET_MS)
    assert sealed(platform, nip, DEFAULT_WAVE) == wanted


def goes_on_without_network(computer: Computer, page: Page) -> None:
    begin(page)
    choose(page, 1, 2, 3)
    expect(page.locator(ON_SERVER)).to_be_visible()
    computer.line.cut()
    choose(page, *range(4, 14), option=2)
    expect(page.locator(ON_COMPUTER)).to_be_visible(timeout=QUIET_MS)
    page.reload()
    expect(page.locator(f"{AT_WORK} {ON_COMPUTER}")).to_be_visible()
    expect(page.locator(ANSWERED)).to_have_count(13)
    expect(page.locator("[data-field=timer]")).to_have_text(re.compile(r"01\.2\d\.\d\d"))
    choose(page, 14, 15, option=3)


def can_write_nothing_more(page: Page) -> None:
    expect(page.locator(ELSEWHERE)).to_be_visible(timeout=2 * QUIET_MS)
    expect(page.locator("[data-field=rescue-why]")).to_contain_text("2 perubahan jawaban belum sampai di server")
    page.reload()
    expect(page.locator(ELSEWHERE)).to_be_visible()


def test_one_tab_writes_and_the_others_look_on(platform, lab, accessible):
    nip, pin = participant(platform, DEFAULT_WAVE, 2)
    computer = lab[0]
    with computer.on() as context:
        one, two = context.pages[0], context.new_page()
        computer.sign_in(one, nip, pin)
        begin(one)
        choose(one, 1, 2)
        two.goto(computer.seen.url("exam"))
        at.type_in(two, nip, pin)
        expect(two.locator(OTHER_TAB)).to_be_visible()
        accessible(two)
        choose(one, 3)
        two.locator(HERE).click()
        expect(two.locator(AT_WORK)).to_be_visible()
        expect(one.locator(OTHER_TAB)).to_be_visible()
        expect(two.locator(ANSWERED)).to_have_count(3)
        computer.line.cut()
        choose(two, 3, 4, option=2)
        one.locator(HERE).click()
        expect(one.locator(AT_WORK)).to_be_visible()
        expect(two.locator(OTHER_TAB)).to_be_visible()
        expect(one.locator(ANSWERED)).to_have_count(4)
        choose(one, 5, 4, option=3)
        computer.line.mend()
        expect(one.locator(ON_SERVER)).to_be_visible(timeout=2 * QUIET_MS)
        wanted = expected(one, chosen(1, 1, 2) | chosen(2, 3) | chosen(3, 4, 5))
        finish(one)
        expect(one.locator(BETWEEN)).to_be_visible(timeout=QUIET_MS)
    assert sealed(platform, nip, DEFAULT_WAVE) == wanted


def test_a_server_killed_again_and_again_costs_no_answer(platform, lab):
    nip, pin = participant(platform, DEFAULT_WAVE, 3)
    computer = lab[0]
    killed = 0
    with computer.on() as context:
        page = context.pages[0]
        computer.sign_in(page, nip, pin)
        begin(page)
        for number in range(1, 19):
            if number % 6 == 0:
                for process in platform.running("exam"):
                    process.kill()
                    killed += 1
                page.reload()
                expect(page.locator(AT_WORK)).to_be_visible()
            choose(page, number, option=1 + number % 4)
        expect(page.locator(ON_SERVER)).to_be_visible(timeout=2 * QUIET_MS)
        wanted = expected(page, {number: 1 + number % 4 for number in range(1, 19)})
        finish(page)
        expect(page.locator(BETWEEN)).to_be_visible(timeout=QUIET_MS)
    assert killed >= 3
    assert sealed(platform, nip, DEFAULT_WAVE) == wanted


def test_after_the_receipt_this_computer_holds_nothing_of_the_sitting(platform, lab):
    nip, pin = participant(platform, WAVE_NAME, 4)
    computer = lab[0]
    with computer.on() as context:
        page = context.pages[0]
        computer.sign_in(page, nip, pin)
        for number in range(4):
            at.work_through_a_part(page)
            if number == 1:
                during = page.evaluate(LEFT)
            if number < 3:
                page.click('[data-act="continue"]')
        expect(page.locator('[data-field="code"]')).not_to_be_empty()
        left = page.evaluate(LEFT)
    assert {one["name"] for one in during["stores"]["kept"]} >= {"sitting", "work"}
    assert all(isinstance(one["sealed"], dict) for one in during["stores"]["kept"]), "bytes, no text"
    assert left["stores"] == {"changes": [], "kept": []}
    assert left["caches"]
    assert not [path for path in left["caches"] if path.startswith("/api")]
    assert left["local"] == ["proasn.device"]


def test_what_another_participant_left_unsent_is_neither_shown_nor_deleted(platform, lab):
    (nip, pin), (next_nip, _) = participant(platform, DEFAULT_WAVE, 5), participant(platform, DEFAULT_WAVE, 6)
    computer = lab[0]
    with computer.on() as context:
        page = context.pages[0]
        computer.sign_in(page, nip, pin)
        begin(page)
        choose(page, 1)
        expect(page.locator(ON_SERVER)).to_be_visible()
        computer.line.cut()
        choose(page, 2, 3, option=2)
        computer.line.mend()
        page.context.set_offline(True)
    with computer.on() as context:
        page = context.pages[0]
        computer.sign_in(page, next_nip, pin)
        begin(page)
        expect(page.locator(ANSWERED)).to_have_count(0)
        left = page.evaluate(LEFT)["stores"]
        assert [nip in one["sitting"] for one in left["changes"]] == [True, True]
        assert len({one["owner"] for one in left["kept"]}) == 2
    with computer.on() as context:
        page = context.pages[0]
        computer.return_to(page, nip, pin)
        expect(page.locator(ANSWERED)).to_have_count(3)
        expect(page.locator(ON_SERVER)).to_be_visible(timeout=QUIET_MS)
        left = page.evaluate(LEFT)["stores"]
        assert left["changes"] == []
        assert len({one["owner"] for one in left["kept"]}) == 1


@pytest.mark.long
def test_without_https_the_page_works_and_says_what_is_missing(platform, lab, accessible):
    nip, pin = participant(platform, DEFAULT_WAVE, 7)
    computer = lab[0]
    with computer.on("--host-resolver-rules=MAP lab.test 127.0.0.1") as context:
        page, other = context.pages[0], context.new_page()
        page.goto(f"http://lab.test:{computer.line.port}/")
        at.type_in(page, nip, pin)
        missing = page.locator('[data-check="reload"][data-result="note"]')
        expect(missing).to_contain_text("tanpa https")
        accessible(page)
        at.agree(page)
        at.skip_practice(page)
        begin(page)
        choose(page, 1, 2)
        expect(page.locator(ON_SERVER)).to_be_visible()
        other.goto(f"http://lab.test:{computer.line.port}/")
        at.type_in(other, nip, pin)
        expect(other.locator(OTHER_TAB)).to_be_visible()
        other.locator(HERE).click()
        expect(other.locator(ANSWERED)).to_have_count(2)
        expect(page.locator(OTHER_TAB)).to_be_visible()


def test_a_full_disk_is_said_and_answers_still_reach_the_server(platform, lab):
    nip, pin = participant(platform, DEFAULT_WAVE, 8)
    computer = lab[0]
    with computer.on() as context:
        page = context.pages[0]
        quota = {"origin": computer.seen.url("exam", ""), "quotaSize": 1}
        context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
        page.goto(computer.seen.url("exam"))
        at.type_in(page, nip, pin)
        expect(page.locator('[data-check="store"][data-result="bad"]')).to_be_visible()
        expect(page.locator('[data-check="reload"]')).to_contain_text(
            "jangan menutup atau memuat ulang", timeout=QUIET_MS
        )
        at.agree(page)
        at.skip_practice(page)
        begin(page)
        choose(page, 1, 2)
        expect(page.locator("[data-field=message]")).to_contain_text("Penyimpanan komputer ini penuh")
        expect(page.locator(ON_SERVER)).to_be_visible()
        wanted = expected(page, chosen(1, 1, 2))
        finish(page)
        expect(page.locator(BETWEEN)).to_be_visible(timeout=QUIET_MS)
    assert sealed(platform, nip, DEFAULT_WAVE) == wanted


def test_a_clock_that_jumps_ends_nothing_that_the_server_has_not_ended(platform, lab):
    nip, pin = participant(platform, DEFAULT_WAVE, 9)
    computer = lab[0]
    with computer.on() as context:
        page = context.pages[0]
        page.clock.install()
        computer.sign_in(page, nip, pin)
        begin(page)
        choose(page, 1)
        expect(page.locator(ON_SERVER)).to_be_visible()
        computer.line.cut()
        choose(page, 2)
        page.clock.fast_forward(86_400_000)
        expect(page.locator('body[data-notice="over"]')).to_be_visible()
        computer.line.mend()
        page.clock.fast_forward(60_000)
        expect(page.locator(AT_WORK)).to_be_visible(timeout=2 * QUIET_MS)
        expect(page.locator("[data-field=message]")).to_contain_text("Server masih memberi waktu")
        choose(page, 3)
        expect(page.locator(ON_SERVER)).to_be_visible()
