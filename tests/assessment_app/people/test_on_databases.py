"""The way of a real list on SQLite and on PostgreSQL: judged, decided, applied; what was decided is never changed."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts import actions as accounts
from assessment_app.people import actions, queries
from assessment_app.people.messages.spreadsheet import make
from assessment_app.people.models import Employee
from assessment_app.people.rules import Severity
from assessment_app.platform import db
from tests.assessment_app.people.conftest import BY, NOW


def test_a_list_is_judged_decided_and_applied(installation):
    made = make(400, 5, NOW.date(), units=12)
    with db.transaction() as session:
        agency = accounts.create_agency(session, "contoh", "Contoh", "Asia/Jakarta", BY, NOW).agency_id
        run = actions.preview_import(session, agency, "daftar.xlsx", made.content, BY, NOW)
        groups = queries.groups(session, agency, run.import_id)
        assert sum(one.number for one in groups if one.severity is Severity.QUESTION) == run.held > 0
        only = queries.Wanted(Severity.REPAIR, "name_spelling")
        found, total = queries.findings(session, agency, run.import_id, only, 1, 3)
        assert {one.kind for one in found} == {"name_spelling"}
        assert total >= len(found)
        decided = actions.decide(session, agency, run.import_id, actions.proposals(run), BY, NOW)
        assert decided.held == sum(one.fault == "duplicate_differs" for one in made.truths)
        applied = actions.apply_import(session, agency, run.import_id, BY, NOW)
        assert session.scalar(select(func.count()).select_from(Employee)) == applied.accepted == applied.created
    with pytest.raises(DBAPIError, match="never changed"), db.transaction() as session:
        session.execute(text("UPDATE import_decision SET choice = 'apart'"))
