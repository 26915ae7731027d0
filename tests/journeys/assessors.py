"""An agency with five planted cases behind a real office server, scored by the real worker from sealed sheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread

from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.queries import hash_password
from assessment_app.accounts.rules import Role
from assessment_app.exam.models import TimeEntry
from assessment_app.exam.rules import Manner
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.platform.settings import settings
from assessment_app.servers import office
from tests.assessment_app.scoring.house import BATTERY, BEST, SYSTEM, WORST, House, publish, steady, stores
from workers import tasks

PASSWORD = "tujuh-gajah-di-lapangan"  # nosec B105 # of people who exist in a test only


def rushed(code: str, key: object) -> object:
    """Answer as somebody who clicks through: now the best, now the worst, whatever the item says."""
    return steady(float(sum(map(ord, str(getattr(key, "id", "")))) % 2))(code, key)


def near_a_border(code: str, key: object) -> object:
    """Answer worst, but three of four aspects of potential at their best."""
    return (BEST if code == "potensi-demo" and getattr(key, "construct", "") != "intellectual" else WORST)(code, key)


def without_integrity(code: str, key: object) -> object:
    """Leave every item of one competency unanswered."""
    return None if str(getattr(key, "id", "")).startswith("ms-int") else steady(0.5)(code, key)


CASES = {
    "Nina Marlina": near_a_border, "Rudi Hartono": rushed, "Linda Manurung": without_integrity,
    "Sari Wulandari": steady(0.5), "Ahmad Fauzi": steady(0.5),
}  # fmt: skip
"""Near a cut, rapid guessing, missing evidence, an outage, a clear one."""


def calmly(_code: str, said: dict[str, object]) -> Manner:
    """Take twenty seconds for every answer."""
    return Manner(dict.fromkeys(said, 20_000))


def hastily(code: str, said: dict[str, object]) -> Manner:
    """Click through the first part, in less than a second each."""
    return Manner(dict.fromkeys(said, 900 if code == BATTERY[0] else 20_000))


def interrupted(code: str, said: dict[str, object]) -> Manner:
    """Send one change of the second part only when the power is back, and after the end."""
    return Manner(dict.fromkeys(said, 20_000), late=int(code == BATTERY[1]))


MANNERS = {"Rudi Hartono": hastily, "Sari Wulandari": interrupted}


@dataclass
class Office:
    """Where the server listens, the agency, and the sittings by the name of the person."""

    port: int
    house: House
    sittings: dict[str, int] = field(default_factory=dict)

    def url(self, path: str = "/") -> str:
        """Write an address."""
        return f"http://127.0.0.1:{self.port}{path}"

    def profile(self, name: str) -> str:
        """Write the address of somebody's profile."""
        return self.url(f"/tinjau/{self.sittings[name]}")

    def plant(self) -> None:
        """Let five people sit, each in a way of their own, and the worker score them."""
        for name, answerer in CASES.items():
            booking = self.house.book(name=name)
            self.sittings[name] = self.house.sit(booking, answerer, MANNERS.get(name, calmly), self._ledger(name))
        tasks.hand_out()

    def _ledger(self, name: str) -> Callable[[str], list[TimeEntry]]:
        """Give the time back that one person lost in one part, when the power failed."""

        def of(code: str) -> list[TimeEntry]:
            if (name, code) != ("Sari Wulandari", BATTERY[1]):
                return []
            at = self.house.now + timedelta(seconds=30)
            return [TimeEntry(kind="outage", ms=600_000, by="system", reason="listrik padam", at=at)]

        return of


def hire(house: House, name: str, *roles: Role) -> None:
    """Make an account with a password."""
    with transaction() as db:
        full_name = f"{name.title()} Anggraini"
        account = accounts.create_account(db, name, full_name, roles, house.agency_id, SYSTEM, house.now)
        account.password_hash = hash_password(PASSWORD)


@contextmanager
def office_on(folder) -> Iterator[Office]:
    """Serve an office with planted cases and two assessors for the length of a block."""
    with stores(folder):
        house = House(publish(), now=clock.now() - timedelta(hours=1))
        for name in ("hasan", "megawati"):
            hire(house, name, Role.ASSESSOR)
        server = make_server("127.0.0.1", 0, office.build(settings()), threaded=True)
        running = Office(server.port, house)
        running.plant()
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def entered(browser: Browser, running: Office, name: str, **context) -> Iterator[Page]:
    """Sign somebody in at the office."""
    with browser.new_context(locale="id-ID", viewport={"width": 1366, "height": 768}, **context) as lent:
        page = lent.new_page()
        page.set_default_timeout(8000)
        page.goto(running.url())
        page.fill("[name=name]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        expect(page.locator(".sidenav")).to_be_visible()
        yield page
