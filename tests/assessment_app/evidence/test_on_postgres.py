"""The same evidence on PostgreSQL: what JSONB and UUIDs of a server make of it is what a file makes of it."""

from fractions import Fraction

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from assessment_app.evidence.models import EvidenceFact
from assessment_app.evidence.rules import Kind, Known
from assessment_app.platform import db, security
from tests import stores
from tests.assessment_app.evidence.conftest import SRI, Office
from tests.assessment_app.evidence.test_imports import FILES
from tests.assessment_app.people.conftest import csv_of


@pytest.fixture
def bkd(postgres, tmp_path):
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls):
        yield Office("contoh")
    security._master.cache_clear()


def test_files_of_every_kind_are_recorded_judged_and_not_doubled(bkd):
    for _time in range(2):
        runs = [bkd.bring_in(csv_of(["NIP", *headers], [SRI, *cells])) for headers, cells in FILES.values()]
    assert {run.recorded for run in runs} == {0}
    found = bkd.components(SRI)
    assert {one.state for one in found.values()} == {Known.PRESENT, Known.ABSENT}
    assert found["feedback_360"].value == Fraction("85.5")
    assert bkd.predicate(SRI) == "baik"
    wrong = next(fact for fact in bkd.facts() if fact.kind == Kind.PERFORMANCE)
    bkd.take_back(SRI, wrong.fact_id)
    assert bkd.predicate(SRI) is None
    with pytest.raises(DBAPIError, match="added, never changed"), db.transaction() as session:
        session.execute(update(EvidenceFact).values(reason="x"))
