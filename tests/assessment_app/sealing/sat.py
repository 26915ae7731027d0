"""A session that somebody sat, the office at which people look at it, and a browser before that office."""

from __future__ import annotations

from dataclasses import replace

from assessment_app.accounts.rules import Role
from assessment_app.platform import settings
from assessment_app.platform.db import transaction
from assessment_app.sealing import queries
from assessment_app.sealing.models import SessionSeal
from assessment_app.servers import exam, office
from tests.assessment_app.exam.browser import MovedClock, browser_of, document
from tests.assessment_app.scheduling.office import Staff
from tests.workers.sat import lab
from workers import sweeps


class Sat:
    """A session that one of three sat; the office at which people look at it."""

    def __init__(self, chosen: settings.Settings, moved: MovedClock) -> None:
        with lab(chosen) as (app, self.stage):
            browser = browser_of(app, self.stage.nips[0], self.stage.pin)
            browser.walk()
            self.receipt = document(browser.call("GET", "/receipt"))["receipt_code"]
        settings.use(replace(chosen, staff_idle_minutes=480))  # nobody is signed out while the session goes on
        self.moved, self.chosen, self.app = moved, chosen, office.build(settings.settings())
        self.page = f"/berita-acara/sesi/{self.stage.session_id}"

    def seal(self) -> SessionSeal:
        """Let the session end and the worker sign it; gives the newest seal."""
        self.moved.forward(hours=3, seconds=1)
        sweeps.seal_sessions(self.moved.now())
        with transaction(reads_only=True) as db:
            return queries.seals(db, self.stage.session_id)[-1]

    def sit_late(self) -> None:
        """Let another one sit, as after a clock that was set back."""
        now = self.moved.moment
        self.moved.forward(hours=-2)
        browser_of(exam.build(self.chosen), self.stage.nips[1], self.stage.pin, device="computer-2").walk()
        self.moved.moment = now

    def staff(self, role: Role, name: str) -> Staff:
        """Sign somebody of the agency in."""
        return Staff(self.app, self.stage.agency_id, role, name)
