"""Two lists that fit, changed here and there; an agency that compares them on real stores; its officers."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import msgspec
import pytest

from assessment_app.accounts.rules import Officer, Role
from assessment_app.personnel import actions, queries
from assessment_app.personnel.messages import demonstration
from assessment_app.personnel.messages.forms import Decision, NewCheck
from assessment_app.personnel.rules import basis
from assessment_app.personnel.rules.comparison import Outcome, compare
from assessment_app.personnel.rules.lists import side_by_side
from assessment_app.personnel.rules.worklist import Wanted
from assessment_app.platform import clock
from assessment_app.platform.db import transaction
from assessment_app.servers import office
from tests import factories
from tests.assessment_app.scheduling.office import Staff
from tests.factories import NOW

DAY = date(2026, 7, 31)


@pytest.fixture(scope="session")
def numbers():
    """The numbers of regulations that come with a release."""
    kept = files("assessment_app.rule_sets").joinpath("documents", "2026-3.json")
    return basis.read(msgspec.json.decode(kept.read_bytes()))


@pytest.fixture
def pair():
    """Twelve people on both lists, nothing to find."""
    return demonstration.clean_pair(12)


@pytest.fixture
def found_in(numbers):
    """Compare a pair of lists as files: found_in(pair) gives the outcome."""

    def found(pair, absences=None, basis=numbers, day=DAY, month=None) -> Outcome:
        new = NewCheck("p.csv", pair.personnel_csv(), "g.csv", pair.payroll_csv(), day, month)
        here, there = actions.both_lists(new, None, DAY)
        return compare(side_by_side(here.sheet, there.sheet, absences), basis, "aturan tidak ada")

    return found


@pytest.fixture
def rules_of(found_in):
    """Name the rules that find something, with the NIP: {("R3", nip)}."""
    return lambda pair, **more: {(one.rule.value, one.nip) for one in found_in(pair, **more).found}


@pytest.fixture
def reach_of(found_in):
    """How far each rule was checked: {rule: (reach, reasons)}."""
    return lambda pair, **more: {
        told.rule.value: (told.reach.value, told.reasons) for told in found_in(pair, **more).coverage
    }


class Desk:
    """An agency's officer who compares lists and decides, each in a transaction of its own."""

    def __init__(self, code="contoh"):
        self.agency_id = factories.agency(code)
        self.by = Officer(self.agency_id, "account:dewi", "127.0.0.1")

    def compare(self, pair, now=NOW, here=True, day=DAY):
        """Compare two lists and keep what was found."""
        content = pair.personnel_csv() if here else None
        new = NewCheck("pegawai.csv" if here else "", content, "gaji.csv", pair.payroll_csv(), day, None)
        with transaction(reads_only=True) as db:
            known = actions.look_up(db, self.agency_id, new, now)
        compared = actions.examine(new, known, now)
        with transaction() as db:
            return actions.keep(db, self.by, compared, now)

    def listed(self, check, **wanted):
        """List mismatches of a comparison."""
        with transaction(reads_only=True) as db:
            both = queries.pair(db, self.agency_id, check.check_id)
            return queries.findings(db, both, Wanted(**wanted), size=10_000)[0]

    def figures(self, check):
        """Count the mismatches of a comparison."""
        with transaction(reads_only=True) as db:
            return queries.figures(db, queries.pair(db, self.agency_id, check.check_id))

    def decide(self, check, finding_no, state, note="sudah dicek dengan SK", after=0, now=NOW):
        """Decide about a mismatch."""
        with transaction() as db:
            return actions.decide(db, self.by, check.check_id, finding_no, Decision(state, note, after), now)


@pytest.fixture
def desk(installation):
    return Desk()


@pytest.fixture
def small_desk(on_sqlite, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return Desk()


@pytest.fixture
def app(on_sqlite):
    return office.build(on_sqlite)


@pytest.fixture
def dewi(small_desk, app):
    """The BKD administrator at a browser."""
    return Staff(app, small_desk.agency_id, Role.BKD_ADMIN, "dewi")


@pytest.fixture
def auditor(small_desk, app):
    """The auditor at a browser."""
    return Staff(app, small_desk.agency_id, Role.AUDITOR, "auditor")
