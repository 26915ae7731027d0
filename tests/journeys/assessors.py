"""An agency with five planted cases behind a real office server, scored by the real worker from sealed sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Thread

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from assessment_app.accounts import actions as accounts
from assessment_app.accounts.queries import hash_password
from assessment_app.accounts.rules import Role
from assessment_app.exam.models import AnswerEvent, Attempt, TimeEntry
from assessment_app.exam.rules import Standing
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.settings import settings
from assessment_app.servers import office
from tests.assessment_app.scoring.house import SYSTEM, WORST, House, publish, steady, stores
from workers import tasks

PASSWORD = "tujuh-gajah-di-lapangan"  # nosec B105 # of people who exist in a test only


def rushed(code: str, key: object) -> object:
    """Answer as somebody who clicks through: now the best, now the worst, whatever the item says."""
    return steady(float(sum(map(ord, str(getattr(key, "id", "")))) % 2))(code, key)


def without_integrity(code: str, key: object) -> object:
    """Leave every item of one competency unanswered."""
    return None if str(getattr(key, "id", "")).startswith("ms-int") else steady(0.5)(code, key)


CASES = {
    "Nina Marlina": WORST, "Rudi Hartono": rushed, "Linda Manurung": without_integrity,
    "Sari Wulandari": steady(0.5), "Ahmad Fauzi": steady(0.5),
}  # fmt: skip
"""Near a cut, rapid guessing, missing evidence, an outage, a clear one."""


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
            self.sittings[name] = self.house.sit(self.house.book(name=name), answerer)
        with transaction() as db:
            of_them = {name: self._attempts(db, sitting_id) for name, sitting_id in self.sittings.items()}
            of_them["Sari Wulandari"][1].ledger.append(
                TimeEntry(kind="outage", ms=600_000, by="system", reason="listrik padam", at=self.house.now)
            )
            rapid, late = of_them["Rudi Hartono"][0], of_them["Sari Wulandari"][1]
            rows = [(rapid, seq, Standing.IN_TIME, 900) for seq in range(1, 11)] + [(late, 1, Standing.LATE, 30_000)]
            events = [self._event(one, seq, standing, spent) for one, seq, standing, spent in rows]
        with transaction(ANSWERS) as answers:
            answers.add_all(events)
        tasks.hand_out()

    @staticmethod
    def _attempts(db, sitting_id: int) -> list[Attempt]:
        return list(db.scalars(select(Attempt).where(Attempt.sitting_id == sitting_id).order_by(Attempt.n)))

    @staticmethod
    def _event(attempt: Attempt, seq: int, standing: Standing, spent_ms: int) -> AnswerEvent:
        return AnswerEvent(
            sitting_id=attempt.sitting_id, epoch=1, seq=seq, attempt_id=attempt.attempt_id, item=f"x{seq}",
            response="null", at_ms=seq * spent_ms, spent_ms=spent_ms, received_ms=0, standing=standing.value,
            recovered=False,
        )  # fmt: skip


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
