"""A room whose people can be granted something, and the planner who grants it."""

import pytest

from assessment_app.accommodations import actions, queries
from assessment_app.accommodations.messages import Wanted
from assessment_app.accounts.rules import Officer, Role
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import Needs
from assessment_app.servers import office as office_server
from tests import factories
from tests.assessment_app.proctoring.conftest import Lab
from tests.assessment_app.scheduling.office import Staff
from tests.stores import Furniture

BLIND = Needs(factor=130, large_text=True, breaks=2, break_minutes=10, reader="Ani Pembaca")


class Grants(Lab):
    """The room of a proctor, with its planner."""

    def __init__(self, code="contoh", stage=None):
        super().__init__(code, stage)
        self.planner = Officer(self.stage.agency_id, "account:planner")

    def grant(self, needs, seat=1, reason="Surat 12/2026", by=None):
        """Grant somebody something."""
        with transaction() as db:
            wanted = Wanted(needs, reason)
            return actions.grant(db, by or self.planner, self.stage.session_id, seat, wanted, self.now)

    def booking_id(self, seat=1):
        """Name who sits on a seat."""
        with transaction(reads_only=True) as db:
            session = plans.session(db, self.stage.agency_id, self.stage.session_id)
            return next(one.booking_id for one in session.bookings if one.seat == seat)

    def needs(self, seat=1):
        """Read what is in force."""
        booking_id = self.booking_id(seat)
        with transaction(reads_only=True) as db:
            return plans.needs(db, [booking_id]).get(booking_id, Needs())

    def record(self, seat=1):
        """Read the rows as (n, kind, value)."""
        booking_id = self.booking_id(seat)
        with transaction(reads_only=True) as db:
            rows = queries.record_of(db, self.stage.agency_id, booking_id)
            return [(row.n, row.kind, row.value) for row in rows]

    def ledger(self, owner, n=1):
        """Read the ledger of a part as (kind, minutes, by)."""
        attempt = next(one for one in self.sitting(owner).attempts if one.n == n)
        return [(entry.kind, entry.ms / 60_000, entry.by) for entry in attempt.ledger]


@pytest.fixture
def furniture(request):
    """A stage, where a test asks for a room."""
    return Furniture("stage", factories.stage) if {"room", "small_room"} & {*request.fixturenames} else None


@pytest.fixture
def room(installation, furniture):
    return Grants(stage=furniture.made)


@pytest.fixture
def small_room(on_sqlite, furniture, monkeypatch):
    made = Grants(stage=furniture.made)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def app(on_sqlite):
    return office_server.build(on_sqlite)


@pytest.fixture
def dewi(small_room, app):
    """The planner of the agency at a browser."""
    return Staff(app, small_room.stage.agency_id, Role.BKD_ADMIN, "dewi")
