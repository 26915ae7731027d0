"""A bad quarter of an hour in Chromium: power gone at three seats, one moved, time credited, written down, printed."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Page, expect

from assessment_app.commands.demo import WAVE_NAME
from tests.journeys import browser as at
from tests.journeys.platform import Platform, on_one_machine, told_pin

SEATS = ("1", "2", "3")


@pytest.fixture
def platform(service_run, tmp_path):
    with on_one_machine(service_run, tmp_path) as running:
        yield running


def rows(platform: Platform, question: str) -> list[tuple]:
    with closing(sqlite3.connect(platform.folder / "exam.db")) as db:
        return db.execute(question).fetchall()


def nip_on(platform: Platform, seat: str) -> str:
    with closing(sqlite3.connect(platform.folder / "exam.db")) as db:
        wanted = "SELECT nip FROM booking JOIN wave USING (wave_id) WHERE wave.name = ? AND seat = ?"
        return str(db.execute(wanted, (WAVE_NAME, seat)).fetchone()[0])


@contextmanager
def computer(browser):
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def begin(page: Page, platform: Platform, seat: str) -> str:
    nip = nip_on(platform, seat)
    at.sign_in(page, platform, nip, told_pin(platform))
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    page.locator('[data-cell="1"]').click()
    at.answer(page)
    expect(page.locator('[data-cell="1"]')).to_have_class("qcell qcell--answered", timeout=15000)
    return nip


def enter(console: Page) -> None:
    """Open the room, and wait until its modules are at work: then the clock shows seconds."""
    console.locator("main a[href*='/pengawas/sesi/']").first.click()
    expect(console.locator("[data-clock]")).to_have_text(re.compile(r"\d\d\.\d\d\.\d\d"), timeout=20000)


def choose(console: Page, seat: str) -> None:
    """Open a seat in place, as an arrow key and Enter do."""
    console.locator(f'[data-seat="{seat}"]').focus()
    console.keyboard.press("Enter")
    expect(console.locator(f'[data-chosen="{seat}"]')).to_be_visible()


def lose_power(console: Page) -> None:
    """Write down that the power was gone at three seats: one note, by keyboard, gives all of them their time back."""
    console.locator('[data-seat="1"]').focus()
    console.keyboard.press("i")
    expect(console.locator("#jenis")).to_be_focused()
    console.keyboard.type("Listrik")
    console.fill("#kursi-insiden", "1-3")
    console.fill("#terjadi", "Listrik padam di baris depan")
    console.fill("#tindakan-insiden", "Sakelar dinaikkan")
    console.select_option("#waktu-insiden", "10")
    console.press("#tindakan-insiden", "Enter")
    expect(console.locator(".flash")).to_contain_text("10 menit dikembalikan kepada 3 peserta")
    expect(console.locator("[data-incidents]")).to_contain_text("Listrik padam di baris depan")


def move_on(console: Page) -> None:
    """Move whoever sits on seat 3 to the first free seat."""
    choose(console, "3")
    console.locator("summary", has_text="Pindah kursi").click()
    console.select_option("#ke-kursi", index=1)
    console.fill("#alasan-pindah", "Komputer tidak menyala lagi")
    console.click("button:has-text('Pindahkan')")
    expect(console.locator("[data-chosen]")).to_contain_text("Kursi rencana 03")
    expect(console.locator('[data-seat="3"]')).to_contain_text("Kosong")


def check_identity(console: Page) -> None:
    """Let the plan notice who works again, and say that their card was looked at."""
    expect(console.locator(".seat[aria-current]")).to_contain_text("Mengerjakan", timeout=15000)
    console.locator("button:has-text('Identitas sudah diperiksa')").click()
    expect(console.locator("[data-chosen]")).to_contain_text(re.compile(r"Identitas sudah diperiksa\s*Bagus"))
    expect(console.locator("[data-chosen] .pill").first).to_contain_text("Mengerjakan")


def print_record(console: Page) -> None:
    """Read the session's record on the screen, and print it."""
    console.goto(console.url.split("?")[0].replace("/pengawas/sesi/", "/berita-acara/sesi/"))
    for words in ("Listrik padam di baris depan", "Komputer tidak menyala lagi", "rencana 03", "Tambahan waktu"):
        expect(console.locator("main")).to_contain_text(words)
    console.set_viewport_size({"width": 794, "height": 1123})
    console.emulate_media(media="print")
    assert console.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert b"/Type /Page" in console.pdf(format="A4")


@pytest.mark.timeout(240)
def test_three_seats_without_power_one_moved_time_given_back_all_written_and_printed(
    browser, platform, accessible, picture
):
    with (
        computer(browser) as first, computer(browser) as second, computer(browser) as third,
        computer(browser) as spare, at.staff(browser, platform, "office", "pengawas") as console,
    ):  # fmt: skip
        moved = [begin(page, platform, seat) for page, seat in zip((first, second, third), SEATS, strict=True)][2]
        enter(console)
        lose_power(console)
        move_on(console)
        third.locator('[data-cell="2"]').click()
        at.answer(third)  # the old computer's epoch is past: nothing of it is written any more
        expect(third.locator("body")).to_contain_text("lain", timeout=40000)
        spare.goto(platform.url("exam"))
        at.type_in(spare, moved, told_pin(platform))
        expect(spare.locator('body[data-screen="question"]')).to_be_visible(timeout=20000)
        expect(spare.locator('[data-cell="1"]')).to_have_class(re.compile("qcell--answered"), timeout=15000)
        expect(spare.locator('[data-cell="2"]')).not_to_have_class(re.compile("qcell--answered"))
        check_identity(console)
        picture(console, "pengawas")
        accessible(console)
        epochs = rows(platform, "SELECT DISTINCT epoch FROM sitting JOIN booking USING (booking_id) WHERE seat > 12")
        assert epochs == [(2,)]
        assert rows(platform, "SELECT count(*) FROM time_entry WHERE kind = 'proctor' AND ms = 600000") == [(3,)]
        print_record(console)


@pytest.mark.timeout(180)
def test_without_the_server_nothing_typed_is_lost_and_it_is_written_once(browser, platform):
    with at.staff(browser, platform, "office", "pengawas") as console:
        enter(console)
        choose(console, "5")
        console.context.set_offline(True)
        choose_in_vain = console.locator('[data-seat="6"]')
        choose_in_vain.click()
        away = console.locator("[data-away]")
        expect(away).to_be_visible(timeout=15000)
        expect(away.locator("[data-age]")).to_have_text(re.compile(r"00\.00\.\d\d"))
        expect(console.locator('[data-chosen="5"]')).to_be_visible()  # the plan stays, no page of the browser's own

        console.locator('[data-seat="5"]').focus()
        console.keyboard.press("i")
        console.select_option("#jenis", "network")
        console.fill("#terjadi", "Jaringan kantor terputus")
        console.locator("[data-tell] button.btn--primary").click()
        expect(console.locator('[data-kept="waiting"]')).to_be_visible()
        expect(console.locator("[data-unsent]")).to_be_visible()
        expect(console.locator("[data-tell] button.btn--primary")).to_be_disabled()
        assert rows(platform, "SELECT count(*) FROM incident") == [(0,)]

        console.context.set_offline(False)
        expect(console.locator("[data-incidents]")).to_contain_text("Jaringan kantor terputus", timeout=20000)
        expect(console.locator("[data-unsent]")).to_be_hidden()
        assert rows(platform, "SELECT told FROM incident") == [("Jaringan kantor terputus",)]
        expect(console.locator("#terjadi")).to_have_value("")


@pytest.mark.timeout(180)
def test_what_was_typed_outlives_a_reload_and_a_lost_answer_makes_no_second_note(browser, platform):
    with at.staff(browser, platform, "office", "pengawas") as console:
        enter(console)
        console.locator('[data-seat="5"]').focus()
        console.keyboard.press("i")
        console.fill("#terjadi", "Setengah kalimat")
        console.reload()
        expect(console.locator("#terjadi")).to_have_value("Setengah kalimat")
        expect(console.locator("[data-kept]")).to_contain_text("dipulihkan")

        # the server writes it down, but its answer is lost on the way; the page sends the same once more
        lost: list[int] = []

        def lose(route):
            if lost:
                route.continue_()
                return
            lost.append(route.fetch().status)
            route.abort()

        console.route("**/insiden*", lose)
        console.select_option("#jenis", "other")
        console.fill("#terjadi", "Satu kalimat penuh")
        console.locator("[data-tell] button.btn--primary").click()
        expect(console.locator("[data-incidents]")).to_contain_text("Satu kalimat penuh", timeout=20000)
        assert lost == [200]
        assert rows(platform, "SELECT n, told FROM incident") == [(1, "Satu kalimat penuh")]
