"""An agency whose people are measured, its office server, and a draft of other rules."""

import pytest

from assessment_app.accounts.rules import Officer
from assessment_app.platform import clock, settings
from assessment_app.platform.db import transaction
from assessment_app.rule_sets import actions, queries
from assessment_app.servers import office
from tests import stores
from tests.assessment_app.scoring.house import NOW, House, browser, publish


class Drafting(House):
    """An agency that drafts rules of its own."""

    def draft(self, **values):
        """Draft a rule set with some values changed: draft(potential__cuts=[50, 70])."""
        dewi = Officer(self.agency_id, "account:dewi")
        with transaction() as db:
            draft_id = actions.copy(db, dewi, "2027-1", NOW, "Uji", NOW)
            for name, value in values.items():
                life = queries.life(db, self.agency_id, draft_id)
                rule = dict(life.rule_set.document["rules"][name.replace("__", ".")], value=value)
                changed = {"rules": {name.replace("__", "."): rule}}
                assert actions.edit(db, dewi, draft_id, life.newest.n, changed, "Uji", NOW) == []
                db.flush()
        return draft_id


def drafting_house():
    return Drafting(publish())


@pytest.fixture
def makers():
    return {"house": drafting_house}


@pytest.fixture
def house(request, service_run, makers, tmp_path, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with stores.begun(request, service_run, tmp_path, makers) as made:
        yield made


@pytest.fixture
def forms(house):
    return house.forms


@pytest.fixture
def enter(forms):
    """Open a browser that is signed in with a new account of a house: enter(house, "dewi", Role.BKD_ADMIN)."""
    app = office.build(settings.settings())
    return lambda house, name, *roles: browser(app, house.staff(name, *roles))
