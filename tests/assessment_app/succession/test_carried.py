"""A wave that is taken in elsewhere brings along what was decided on its results."""

import pytest
from sqlalchemy import select

from assessment_app.archive import actions as archive
from assessment_app.platform import db as platform_db
from assessment_app.platform.db import transaction
from assessment_app.succession.models import SuccessionAct, TargetPost, TargetPostEnd
from assessment_app.succession.queries import page
from scoring_engine.canonical import canonical, digest
from tests import stores
from tests.assessment_app.succession.group import LATER

LESTARI = "Lestari Handayani"


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_acts_come_along_whole_and_say_the_same(group, service_run, tmp_path):
    other = group.add_post("Kepala Bagian Umum")
    group.propose(LESTARI)
    group.decide(LESTARI, "taken")
    group.close(other)
    with transaction(reads_only=True) as db:
        content = list(archive.export_results(db, group.house.wave_id))
        before = page.view(db, group.agency_id, group.post_id, LATER)
    platform_db.disconnect()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with stores.opened(elsewhere, stores.copied(stores.sqlite_template(service_run), elsewhere)):
        with transaction() as db:
            archive.take_in_results(db, lambda: content)
        with transaction(reads_only=True) as db:
            acts = db.scalars(select(SuccessionAct).order_by(SuccessionAct.n)).all()
            after = page.view(db, group.agency_id, group.post_id, LATER)
            assert db.scalars(select(TargetPostEnd.post_id)).all() == [other]
            assert len(db.scalars(select(TargetPost)).all()) == 2
    assert [one.kind for one in acts] == ["proposed", "taken"]
    assert all(digest(canonical(one.document)) == one.sha256 for one in acts)
    assert [one.document for one in after.people] == [one.document for one in before.people]
    assert (after.ready, len(after.taken)) == (1, 1)
