"""An agency with two people who draft and two who decide, and the document of the release."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import msgspec
import pytest

from assessment_app.accounts.rules import Officer
from assessment_app.platform.db import transaction
from assessment_app.rule_sets import actions, queries
from tests import factories
from tests.factories import NOW


@pytest.fixture
def document():
    kept = files("assessment_app.rule_sets").joinpath("documents", "2026-3.json")
    return deepcopy(msgspec.json.decode(kept.read_bytes()))


class Office:
    """Who works on the rule sets of one agency, and shortcuts for what they do."""

    def __init__(self, code="contoh"):
        self.agency_id = factories.agency(code)
        self.dewi, self.bagus = (Officer(self.agency_id, f"account:{name}") for name in ("dewi", "bagus"))
        self.hasan = Officer(self.agency_id, "account:hasan")

    def copy(self, version="2027-1", effective=NOW, by=None, now=NOW):
        """Begin a draft with the rules in force."""
        with transaction() as db:
            return actions.copy(db, by or self.dewi, version, effective, "Penyesuaian instansi", now)

    def act(self, deed, draft_id, *args, by=None, seen=None, now=NOW, why="Sesuai rapat"):
        """Do something with a draft as somebody who saw its newest act."""
        newest = self.life(draft_id).newest.n
        with transaction() as db:
            return deed(db, by or self.dewi, draft_id, seen or newest, *args, why, now)

    def change(self, draft_id, name, value, **how):
        """Give one rule another value; gives what is wrong with that."""
        rule = dict(self.life(draft_id).rule_set.document["rules"][name], value=value)
        return self.act(actions.edit, draft_id, {"rules": {name: rule}}, **how)

    def approved(self, version="2027-1", effective=NOW, at=NOW, **values):
        """Lead a rule set all the way; gives its draft."""
        draft_id = self.copy(version, effective, now=at)
        for name, value in values.items():
            assert self.change(draft_id, name.replace("__", "."), value, now=at) == []
        self.act(actions.submit, draft_id, now=at)
        assert self.act(actions.approve, draft_id, by=self.hasan, now=at)
        return draft_id

    def life(self, draft_id):
        """Read what was done with a draft."""
        with transaction(reads_only=True) as db:
            return queries.life(db, self.agency_id, draft_id)

    def in_force(self, now=NOW):
        """Read the document that decides at a moment."""
        with transaction(reads_only=True) as db:
            return queries.in_force(db, self.agency_id, now).document


@pytest.fixture
def office(on_sqlite):
    return Office()


@pytest.fixture
def either(installation):
    """An office on SQLite and on PostgreSQL."""
    return Office()


def days(count):
    """Give the moment so many days after now."""
    return NOW + timedelta(days=count)


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
