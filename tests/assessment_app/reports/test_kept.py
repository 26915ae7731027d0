"""Reports outlive everything: computed again to the byte, carried along in an archive, and told when work failed."""

import pytest
from sqlalchemy import select, text

from assessment_app.accounts.rules import Role
from assessment_app.archive import actions as archive
from assessment_app.platform import db as platform_db
from assessment_app.platform.db import VAULT, transaction
from assessment_app.progress import queries as progress
from assessment_app.recompute import actions as recomputing
from assessment_app.recompute import queries as stored
from assessment_app.recompute.rules import Cause, Kind
from assessment_app.reports.actions import issuing
from assessment_app.reports.models import Report
from assessment_app.reports.queries import issued as queries
from assessment_app.scheduling.models import Wave
from tests.assessment_app.reports.conftest import account_of, reports_of, signs, works
from tests.assessment_app.reports.many import issued
from tests.assessment_app.scoring.house import NOW, stores


def recomputed():
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        return recomputing.recompute(db, vault, [one for one, _nip in stored.sittings(db)], NOW)


@pytest.fixture
def report(measured):
    measured.staff("hasan", Role.ASSESSOR)
    issued(measured.agency_id, measured.wave_id, measured.sure, account_of("hasan"))
    return reports_of()[0]


def of_reports(found):
    return [(one.which, one.cause) for one in found.differences if one.kind is Kind.REPORT]


def tampered(change, **values):
    """Change what only grows, as somebody with the file in hand could."""
    with transaction() as db:
        db.execute(text("DROP TRIGGER report_refuses_update"))
        db.execute(text(change), values)


def test_an_issued_report_is_computed_again_as_the_same(report):
    found = recomputed()
    assert (found.same[Kind.REPORT], of_reports(found)) == (1, [])


@pytest.mark.parametrize(("change", "cause"), [
    ("UPDATE report SET document = :other", Cause.CHANGED), ("UPDATE report SET signed_n = 1, talent_inputs = :none",
                                                             Cause.MISSING),
])  # fmt: skip
def test_a_report_that_somebody_changed_or_that_rests_on_nothing_is_named(report, change, cause):
    tampered(change, **({"other": report.document + b" "} if ":other" in change else {"none": "0" * 64}))
    assert of_reports(recomputed()) == [(report.number, cause)]


def test_an_archive_carries_reports_along_and_numbers_go_on_where_they_stopped(measured, report, tmp_path):
    before = recomputed().fingerprint
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        results, keys = (
            list(archive.export_results(db, measured.wave_id)),
            list(archive.export_keys(db, vault, measured.wave_id)),
        )
    platform_db.disconnect()
    (tmp_path / "second").mkdir()
    with stores(tmp_path / "second"):
        with transaction() as db, transaction(VAULT) as vault:
            archive.take_in_results(db, lambda: results)
            archive.take_in_keys(vault, lambda: keys)
        assert recomputed().fingerprint == before
        with transaction(reads_only=True) as db:
            taken = db.scalars(select(Report)).one()
            assert (taken.document, taken.code) == (report.document, report.code)
            wave = db.get_one(Wave, measured.wave_id)
            assert queries.last_n(db, wave.agency_id, 2026, queries.wave_no(db, wave.agency_id, wave)) == 1


def test_work_that_fails_is_shown_where_failed_work_is_shown(dewi, hasan, measured, monkeypatch):
    def fails(*_given):
        raise ValueError("a fault of ours")

    signs(hasan, measured.sure)
    dewi.issue()
    monkeypatch.setattr(issuing, "compose", fails)
    works()
    with transaction(reads_only=True) as db:
        (trouble,) = progress.troubles(db, measured.agency_id, measured.wave_id)
    assert (trouble.job.task, trouble.sitting_id) == ("report_issue", measured.sure)
    assert "Sedang diterbitkan" in dewi.words("?keadaan=asked")
