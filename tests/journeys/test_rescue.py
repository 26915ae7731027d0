"""What could not be sent is carried to the proctor in a file: in Chromium, against the real servers."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessment_app.commands.demo import WAVE_NAME
from tests.journeys import browser as at
from tests.journeys.platform import Platform, on_one_machine, told_pin

LEFT_MS = 40_000
"""What is left of the first part's time in the journey in which it runs out."""

PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def platform(tmp_path_factory, service_run):
    with on_one_machine(service_run, tmp_path_factory.mktemp("platform")) as running:
        yield running


def rows(platform: Platform, question: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(platform.folder / "exam.db")) as db:
        return db.execute(question, values).fetchall()


def booked(platform: Platform, place: int) -> tuple[str, int]:
    """Give NIP and seat of somebody who sits the short wave."""
    wanted = "SELECT nip, seat FROM booking JOIN wave USING (wave_id) WHERE wave.name = ? ORDER BY seat"
    return rows(platform, wanted, WAVE_NAME)[place]


def shorten(platform: Platform, nip: str) -> None:
    """Leave little time for the first part, as an entry of its ledger."""
    found = rows(platform, """SELECT attempt_id, sum(ms) FROM attempt JOIN time_entry USING (attempt_id)
        JOIN sitting USING (sitting_id) JOIN booking USING (booking_id) WHERE nip = ? AND n = 1""", nip)  # fmt: skip
    with closing(sqlite3.connect(platform.folder / "exam.db", timeout=10)) as db:
        entry = (found[0][0], "test", LEFT_MS - found[0][1], "test", "test", datetime.now(UTC).isoformat(" "))
        db.execute("INSERT INTO time_entry (attempt_id, kind, ms, by, reason, at) VALUES (?, ?, ?, ?, ?, ?)", entry)
        db.commit()


def sealed_answers(platform: Platform, nip: str) -> dict[str, object]:
    """Read the sheet of somebody's first part."""
    ((body,),) = rows(platform, """SELECT body FROM sheet JOIN attempt USING (attempt_id)
        JOIN sitting USING (sitting_id) JOIN booking USING (booking_id) WHERE nip = ? AND n = 1""", nip)  # fmt: skip
    answers: dict[str, object] = json.loads(body)["answers"]
    return answers


@contextmanager
def computer(browser):
    """A computer of the lab, its browser open at nothing yet."""
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page


def enter(page: Page, platform: Platform, nip: str) -> None:
    """Sign in at a second computer: pact and notice were accepted before."""
    page.goto(platform.url("exam"))
    page.locator("#nip").press_sequentially(nip)
    page.locator('[data-pin="1"]').click()
    page.keyboard.type(told_pin(platform))
    page.click('[data-act="sign-in"]')


def begin(page: Page) -> None:
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    expect(page.locator('body[data-screen="question"]')).to_be_visible()


def item_ids(platform: Platform, nip: str) -> list[str]:
    """Name the items of somebody's first part as the page numbers them."""
    ((document,),) = rows(platform, """SELECT presentation FROM form JOIN attempt USING (form_id)
        JOIN sitting USING (sitting_id) JOIN booking USING (booking_id) WHERE nip = ? AND n = 1""", nip)  # fmt: skip
    return [item["id"] for item in json.loads(document)["items"]]


def choose(page: Page, number: int, option: int) -> str:
    """Choose an option of an item; gives its name."""
    page.locator(f'[data-cell="{number}"]').click()
    box = page.locator(f".option:nth-child({option}) input")
    box.check(force=True)
    return box.get_attribute("value") or ""


def is_on_server(page: Page) -> None:
    expect(page.locator('[data-at="sync"][data-sync="server"]')).to_be_visible(timeout=PATIENCE_MS)


def save_file(page: Page, folder: Path) -> Path:
    """Press the button that keeps what was not sent, and keep what comes."""
    with page.expect_download() as coming:
        page.click('[data-at="stage"] [data-act="rescue"]')
    expect(page.locator('[data-at="stage"] [data-at="rescue-saved-line"]')).to_be_visible()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def open_seat(page: Page, platform: Platform, seat: int) -> None:
    room = ("SELECT room.name FROM booking JOIN exam_session USING (session_id) JOIN room USING (room_id) "
            "JOIN wave ON wave.wave_id = booking.wave_id WHERE wave.name = ?")  # fmt: skip
    page.goto(platform.url("office", "/pengawas"))
    row = page.locator("tr", has_text=WAVE_NAME).filter(has_text=rows(platform, room, WAVE_NAME)[0][0])
    row.locator("a.btn").first.click()
    page.click(f'[data-seat="{seat}"]')


def load_file(page: Page, platform: Platform, seat: int, path: Path, accessible) -> None:
    """Look at a file on a seat and let it in."""
    open_seat(page, platform, seat)
    page.click("summary:has-text('Muat berkas jawaban')")
    accessible(page)
    page.set_input_files("#berkas", path)
    page.click("button:has-text('Periksa berkas')")
    expect(page.locator("main")).to_contain_text("Belum ada yang disimpan.")
    accessible(page)
    page.fill("[name=reason]", "Jaringan lab terputus")
    page.click("button:has-text('perubahan')")
    expect(page.locator(".flash")).to_contain_text("dimuat dan tersimpan di server")


def release(page: Page, platform: Platform, seat: int) -> None:
    open_seat(page, platform, seat)
    if not page.locator("#alasan-lepas").is_visible():
        page.click("summary:has-text('Lepas ke komputer lain')")
    page.fill("#alasan-lepas", "Jaringan lab terputus")
    page.click("button:has-text('Lepas kursi')")
    expect(page.locator(".flash")).to_contain_text("dilepas")


@pytest.mark.timeout(240)
def test_who_has_no_network_at_the_end_of_the_time_hands_in_a_file(browser, platform, tmp_path, accessible):
    nip, seat = booked(platform, 0)
    with computer(browser) as page:
        at.sign_in(page, platform, nip, told_pin(platform))
        shorten(platform, nip)
        page.reload()
        begin(page)
        chosen = [choose(page, 1, 1)]
        is_on_server(page)
        page.context.set_offline(True)
        chosen += [choose(page, number, 2) for number in (2, 3, 4)]
        expect(page.locator('body[data-notice="over"]')).to_be_visible(timeout=PATIENCE_MS)
        offer = page.locator('[data-at="stage"] [data-at="rescue"]')
        expect(offer).to_be_visible(timeout=PATIENCE_MS)
        expect(offer).to_contain_text("3 perubahan jawaban belum sampai di server")
        accessible(page)
        path = save_file(page, tmp_path)
        assert path.name.startswith(f"jawaban-kursi-{seat:02}-")
        assert nip.encode() not in path.read_bytes()
        with at.staff(browser, platform, "office", "pengawas") as office:
            load_file(office, platform, seat, path, accessible)
            expect(office.locator("[data-events]")).to_contain_text("Berkas jawaban dimuat, 3 perubahan")
            release(office, platform, seat)
        with computer(browser) as second:
            enter(second, platform, nip)  # the part is over: it is closed and sealed, and what comes next is shown
            expect(second.locator('body[data-screen="between"], body[data-screen="instructions"]')).to_be_visible(
                timeout=PATIENCE_MS
            )
    assert sealed_answers(platform, nip) == dict(zip(item_ids(platform, nip), chosen, strict=False))


@pytest.mark.timeout(240)
def test_what_a_first_computer_kept_is_recovered_and_overrides_nothing_newer(browser, platform, tmp_path, accessible):
    nip, seat = booked(platform, 1)
    with computer(browser) as first, computer(browser) as second:
        at.sign_in(first, platform, nip, told_pin(platform))
        begin(first)
        choose(first, 1, 1)
        is_on_server(first)
        first.context.set_offline(True)
        choose(first, 1, 2)
        stranded = choose(first, 2, 2)
        with at.staff(browser, platform, "office", "pengawas") as office:
            release(office, platform, seat)
            enter(second, platform, nip)
            expect(second.locator('body[data-screen="question"]')).to_be_visible(timeout=PATIENCE_MS)
            newest = choose(second, 1, 3)
            is_on_server(second)
            first.context.set_offline(False)
            expect(first.locator('body[data-notice="elsewhere"]')).to_be_visible(timeout=PATIENCE_MS)
            first.reload()  # the server tells this page nothing about the sitting any more
            expect(first.locator('[data-at="stage"] [data-at="rescue"]')).to_be_visible(timeout=PATIENCE_MS)
            path = save_file(first, tmp_path)
            load_file(office, platform, seat, path, accessible)
        second.locator('[data-act="review"]').first.click()
        second.locator('[data-act="finish"]').first.click()
        second.locator('[data-act="finish-anyway"]').click()
        expect(second.locator('body[data-screen="between"]')).to_be_visible(timeout=PATIENCE_MS)
    assert sealed_answers(platform, nip) == dict(zip(item_ids(platform, nip), (newest, stranded), strict=False))
