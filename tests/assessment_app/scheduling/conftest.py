"""A planner's agency on a real database, and the office server with a signed-in planner."""

from datetime import timedelta

import pytest

from assessment_app.accounts.rules import Actor, Officer, Role
from assessment_app.people import actions as people
from assessment_app.people.models import Employee
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.scheduling import actions, queries
from assessment_app.scheduling.messages import NewRoom, NewSession, NewWave
from assessment_app.servers import office as office_server
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW
from tests.stores import Furniture

HOURS = (NOW + timedelta(days=1), NOW + timedelta(days=1, hours=4))


class Town:
    """An agency with three employees, one room of two seats, one wave and a session tomorrow."""

    def __init__(self, code="contoh"):
        forms = factories.published()
        self.agency_id = factories.agency(code)
        self.by = Officer(self.agency_id, "account:planner")
        self.forms = tuple(forms[one] for one in factories.BATTERY)
        with transaction() as db:
            content = factories.PEOPLE.encode()
            people.import_employees(db, self.agency_id, "orang.csv", content, Actor("test"), NOW)
            found = db.query(Employee).filter(Employee.agency_id == self.agency_id).order_by(Employee.name)
            self.people = [one.employee_id for one in found]
            self.room = actions.add_room(db, self.by, NewRoom("Lab 1", "SMKN 4", "Asia/Makassar", 2), NOW)
            self.wave = actions.add_wave(db, self.by, NewWave("Tahap 1", "pemetaan", self.forms), NOW)
        self.session = self.add_session()

    def add_session(self, hours=HOURS, room=None, now=NOW, wave=None):
        """Plan a session of the wave."""
        new = NewSession((room or self.room).room_id, *hours)
        return self.act(actions.add_session, (wave or self.wave).wave_id, new, now)

    def act(self, action, *arguments):
        """Do something as the planner, in a transaction of its own."""
        with transaction() as db:
            return action(db, self.by, *arguments)

    def book(self, *places, session=None, now=NOW):
        """Book the employees at these places of the list by name."""
        ids = [self.people[place] for place in places]
        return self.act(actions.book, (session or self.session).session_id, ids, now)

    def ask(self, question, *arguments):
        """Ask something about the agency."""
        with transaction(reads_only=True) as db:
            return question(db, self.agency_id, *arguments)

    def seats(self, session=None):
        """Who sits where: {seat: name}."""
        found = self.ask(queries.session, (session or self.session).session_id)
        return {booking.seat: booking.name for booking in found.bookings}


@pytest.fixture
def furniture(request):
    """A town, where a test asks for one."""
    return Furniture("town", Town) if {"town", "small_town"} & {*request.fixturenames} else None


@pytest.fixture
def town(installation, furniture):
    return furniture.made


@pytest.fixture
def small_town(on_sqlite, furniture, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return furniture.made


@pytest.fixture
def app(on_sqlite):
    return office_server.build(on_sqlite)


@pytest.fixture
def dewi(small_town, app):
    """The planner of the agency at a browser."""
    return Staff(app, small_town.agency_id, Role.BKD_ADMIN, "dewi")
