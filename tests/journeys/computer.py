"""A computer of the lab: a browser whose profile stays on the disk when it is closed, behind a line of its own."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.journeys import browser as at
from tests.journeys.line import Line
from tests.journeys.platform import Platform
from tests.services.browser import FLAGS, PROGRAM

LEFT = """async () => {
  const found = { stores: {}, caches: [], local: Object.keys(localStorage) };
  for (const { name, version } of await indexedDB.databases()) {
    const opened = await new Promise((resolve) => {
      const request = indexedDB.open(name, version);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of opened.objectStoreNames) {
      const all = opened.transaction(store).objectStore(store).getAll();
      found.stores[store] = await new Promise((resolve) => (all.onsuccess = () => resolve(all.result)));
    }
    opened.close();
  }
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.caches.push(new URL(url).pathname);
  }
  return found;
}"""
"""What a participant's computer still holds: every record, the paths in its caches, the names in its local storage."""


OPTIONS = """async () => {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem("proasn.token")}` };
  const ask = async (path) => (await fetch(path, { headers })).json();
  const { attempts } = await ask("/api/exam/v1/sitting");
  const { items } = await ask(attempts[0].content);
  return items.map(({ id, options }) => [id, options.map((option) => option.id)]);
}"""
"""Of every item of the first part, in order: its id, and those of its options."""


class Computer:
    """One place in the lab."""

    def __init__(self, browser: Browser, profile: Path, platform: Platform, line: Line) -> None:
        self._browser, self._profile, self.line = browser, profile, line
        self.seen = Platform(platform.folder, {**platform.ports, "exam": line.port})

    @contextmanager
    def on(self, *flags: str) -> Iterator[BrowserContext]:
        """Open the browser with what its profile holds; closed again at the end of the block."""
        size: ViewportSize = {"width": 1366, "height": 768}
        context = self._browser.browser_type.launch_persistent_context(
            self._profile, executable_path=PROGRAM, args=[*FLAGS, *flags], locale="id-ID", viewport=size
        )
        context.set_default_timeout(15_000)
        try:
            yield context
        finally:
            context.close()

    def sign_in(self, page: Page, nip: str, pin: str) -> None:
        """Sign in, accept the pact, and wait until the page says that it can be opened without the network."""
        page.goto(self.seen.url("exam"))
        at.type_in(page, nip, pin)
        expect(page.locator('[data-check="reload"][data-result="ok"]')).to_be_visible(timeout=20_000)
        at.agree(page)

    def return_to(self, page: Page, nip: str, pin: str) -> None:
        """Sign in again, in the middle of a part."""
        page.goto(self.seen.url("exam"))
        at.type_in(page, nip, pin)
        expect(page.locator('body[data-screen="question"]')).to_be_visible()


def begin(page: Page) -> None:
    """Start the part whose instructions are shown."""
    page.locator('[data-act="start"]:not([aria-disabled="true"])').click()
    expect(page.locator('body[data-screen="question"]')).to_be_visible()


def choose(page: Page, *numbers: int, option: int = 1) -> None:
    """Answer items by their numbers; each is on this computer's storage before the next one is opened."""
    for number in numbers:
        page.locator(f'[data-cell="{number}"]').click()
        page.locator(f".option:nth-child({option}) input").check(force=True)
        expect(page.locator(f'[data-cell="{number}"].qcell--answered')).to_be_visible()
        expect(page.locator('[data-sync="writing"]')).to_have_count(0)


def finish(page: Page) -> None:
    """End the part, whatever is blank."""
    page.locator('[data-act="review"]').first.click()
    page.locator('[data-act="finish"]').first.click()
    if page.locator("dialog[open]").count():
        page.locator('[data-act="finish-anyway"]').click()


def sealed(platform: Platform, nip: str, wave: str, n: int = 1) -> dict[str, object]:
    """Read the answers on a sealed sheet; none while it is not sealed."""
    wanted = (
        "SELECT sheet.body FROM sheet JOIN attempt USING (attempt_id) JOIN sitting USING (sitting_id) "
        "JOIN booking USING (booking_id) JOIN wave ON wave.wave_id = sitting.wave_id "
        "WHERE nip = ? AND wave.name = ? AND n = ?"
    )
    with sqlite3.connect(f"file:{platform.folder}/exam.db?mode=ro", uri=True) as db:
        found = db.execute(wanted, (nip, wave, n)).fetchone()
    answers: dict[str, object] = json.loads(found[0])["answers"] if found else {}
    return answers


def found(platform: Platform, statement: str, *values: object) -> tuple[Any, ...]:
    """Give the first row of a question to the exam store; it must have one."""
    with sqlite3.connect(f"file:{platform.folder}/exam.db?mode=ro", uri=True) as db:
        row: tuple[Any, ...] | None = db.execute(statement, values).fetchone()
    assert row is not None, (statement, values)
    return row


def participant(platform: Platform, wave: str, seat: int) -> tuple[str, str]:
    """Give NIP and PIN of whoever has this seat in a wave."""
    booked = "SELECT nip FROM booking JOIN exam_session USING (session_id) JOIN wave USING (wave_id)"
    (nip,) = found(platform, f"{booked} WHERE wave.name = ? AND seat = ?", wave, seat)
    told = re.search(r"PIN ([A-Z2-9]{6})", platform.log.read_text().partition(f"{wave} (")[2])
    assert told, platform.log.read_text()
    return nip, told.group(1)


def expected(page: Page, chosen: dict[int, int]) -> dict[str, str]:
    """Say by ids what was chosen by numbers."""
    options = page.evaluate(OPTIONS)
    return {options[number - 1][0]: options[number - 1][1][option - 1] for number, option in chosen.items()}


def chosen(option: int, *numbers: int) -> dict[int, int]:
    """Say that the same option, by its place, was chosen at several items."""
    return dict.fromkeys(numbers, option)


def release(browser: Browser, platform: Platform, wave: str, seat: int) -> None:
    """Let the proctor free a seat from its computer."""
    session = "SELECT session_id FROM exam_session JOIN wave USING (wave_id) WHERE wave.name = ?"
    (session_id,) = found(platform, session, wave)
    with at.staff(browser, platform, "office", "pengawas") as page:
        page.goto(platform.url("office", f"/pengawas/sesi/{UUID(session_id)}?kursi={seat}"))
        page.locator("summary", has_text="Lepas ke komputer lain").click()
        page.fill("#alasan-lepas", "Komputer tanpa jaringan")
        page.get_by_role("button", name="Lepas kursi").click()
        expect(page.locator(".alert--ok")).to_contain_text("dilepas")
