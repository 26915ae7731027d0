"""A room with people in it: a session that takes sign-ins, and a proctor of its agency."""

from datetime import timedelta

import pytest

from assessment_app.accounts.rules import Officer, Role
from assessment_app.exam import actions as exam
from assessment_app.exam.messages import ConsentGiven, SignIn
from assessment_app.exam.models import AnswerEvent
from assessment_app.exam.queries import facts, saved
from assessment_app.exam.rules import Owner, Secrets
from assessment_app.platform import clock
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.security import secret
from assessment_app.proctoring import actions
from assessment_app.proctoring.actions import Seated
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.rules import CONSENT_VERSION
from assessment_app.servers import office as office_server
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW
from tests.stores import Furniture


class Lab:
    """A room in which somebody sits on seat 1, and what can be done to them; its clock is moved by hand."""

    def __init__(self, code="contoh", stage=None):
        self.stage = stage or factories.stage(code=code)
        self.now = NOW + timedelta(minutes=5)
        self.by = Officer(self.stage.agency_id, "account:proctor")
        self.where = Seated(self.stage.session_id, 1)
        with transaction(reads_only=True) as db:
            session = plans.session(db, self.stage.agency_id, self.stage.session_id)
            self.nips = {booking.seat: booking.nip for booking in session.bookings}

    def sign_in(self, device="device-one", seat=1):
        """Sign somebody in; gives the owner that their token names."""
        secrets = Secrets(pin=secret("session-pin"), token=secret("exam-token"))
        with transaction() as db:
            wanted = SignIn(nip=self.nips[seat], pin=self.stage.pin, device=device)
            sitting = exam.sign_in(db, wanted, secrets, self.now)
            return Owner(sitting.sitting_id, sitting.epoch)

    def start(self, owner, n=1):
        """Agree and open an attempt, gate included; gives its number in the database."""
        with transaction() as db:
            given = ConsentGiven(version=CONSENT_VERSION, accepted=True)
            exam.consent(db, owner, given, self.now)
            attempt, _is_new = exam.start(db, owner, n, self.now)
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            exam.open_gate(answers, db, owner.sitting_id, attempt.attempt_id)
        return attempt.attempt_id

    def finish(self, owner, attempt_id, n=1):
        """Close an attempt and seal it."""
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            said, how = exam.close_gate(answers, db, owner.sitting_id, attempt_id)
        with transaction() as db:
            exam.seal(db, owner.sitting_id, n, said, self.now, how)

    def act(self, action, wanted, by=None, where=None):
        """Let the proctor do something, and let the gates follow."""
        with transaction() as db:
            touched = action(db, by or self.by, where or self.where, wanted, self.now)
        with transaction(ANSWERS) as answers, transaction(reads_only=True) as db:
            actions.mirror(answers, db, touched)

    def sitting(self, owner):
        """Read a sitting as it is now."""
        with transaction(reads_only=True) as db:
            return facts.sitting(db, owner.sitting_id)

    def gate(self, attempt_id):
        """Read a gate as it is now."""
        with transaction(ANSWERS, reads_only=True) as answers:
            return saved.gate(answers, attempt_id)

    def answer(self, owner, attempt_id, *changes):
        """Write changes as (seq, item, response, standing)."""
        with transaction(ANSWERS) as answers:
            for seq, item, response, standing in changes:
                answers.add(AnswerEvent(
                    sitting_id=owner.sitting_id, epoch=owner.epoch, seq=seq, attempt_id=attempt_id, item=item,
                    response=response, at_ms=0, spent_ms=0, received_ms=0, standing=standing,
                ))  # fmt: skip


@pytest.fixture
def furniture(request):
    """A stage, where a test asks for a room."""
    return Furniture("stage", factories.stage) if {"lab", "small_lab"} & {*request.fixturenames} else None


@pytest.fixture
def lab(installation, furniture):
    return Lab(stage=furniture.made)


@pytest.fixture
def small_lab(on_sqlite, furniture, monkeypatch):
    made = Lab(stage=furniture.made)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def app(on_sqlite):
    return office_server.build(on_sqlite)


@pytest.fixture
def tri(small_lab, app):
    """The proctor of the agency at a browser."""
    return Staff(app, small_lab.stage.agency_id, Role.PROCTOR, "tri")
