"""From a signed result to a numbered report: once, in order, and only from what counts."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts.rules import Officer, Role
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import Job
from assessment_app.reports import actions
from assessment_app.reports.actions import issuing
from assessment_app.reports.models import TASK
from assessment_app.reports.queries import issued
from assessment_app.scheduling.models import Wave
from assessment_app.talent import actions as talent
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.reports.conftest import Desk, account_of, places, reports_of, requests, signs, works
from tests.assessment_app.reports.many import SEED, sign, signed_wave, tell
from tests.assessment_app.review.conftest import REASON, computed_again
from tests.assessment_app.scoring.house import NOW, House, browser, staff
from workers import tasks


def said(report):
    return msgspec.json.decode(report.document)


def signs_anew(desk, sitting_id):
    """Let the assessor correct what was signed, which gives a result of its own."""
    desk.open(sitting_id)
    desk.decide(sitting_id, desk.form(sitting_id, why=REASON))
    places(sitting_id)


def deeds(prefix="report."):
    with transaction(reads_only=True) as store:
        wanted = select(AuditEntry).where(AuditEntry.action.startswith(prefix)).order_by(AuditEntry.entry_no)
        return list(store.scalars(wanted))


def test_a_signed_result_becomes_a_report_that_is_its_own_bytes(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue(measured.sure)
    assert requests() == [measured.sure]
    works()
    (report,) = reports_of()
    assert report.number == "LAMPUNG/2026/G1/000001"
    assert (report.edition, report.replaces, report.issued_by) == (1, None, account_of("dewi"))
    assert report.sha256 == digest(report.document)
    assert canonical(said(report)) == report.document
    assert said(report)["number"] == report.number
    assert said(report)["code"] == report.code
    assert requests() == []


def test_nobody_gets_a_report_before_an_assessor_has_signed(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue(measured.unsure, measured.incomplete)
    dewi.issue()
    works()
    assert [one.sitting_id for one in reports_of()] == [measured.sure]


def test_the_same_basis_issued_twice_is_one_report(dewi, hasan, measured):
    signs(hasan, measured.sure)
    for _ in range(2):  # two clicks, and the same again later
        dewi.issue(measured.sure)
        dewi.issue()
        works()
    with transaction() as store:
        for job in store.scalars(select(Job).where(Job.task == TASK)):
            job.done = None
    works()
    assert [one.number for one in reports_of()] == ["LAMPUNG/2026/G1/000001"]


def test_who_is_signed_anew_gets_a_report_that_names_the_one_before(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue()
    works()
    signs_anew(hasan, measured.sure)
    assert "hasil yang berlaku sudah lain" in dewi.words("?keadaan=waiting")
    dewi.issue()
    works()
    first, second = reports_of(measured.sure)
    assert (second.replaces, second.edition, second.signed_n) == (first.number, 2, 2)
    assert said(second)["replaces"] == first.number
    assert first.document == reports_of(measured.sure)[0].document
    assert f"menggantikan {first.number}" in dewi.words()
    assert "Laporan ini sudah diganti" in dewi.words(f"/{measured.sure}/1")
    assert "Laporan ini sudah diganti" not in dewi.words(f"/{measured.sure}")


def test_who_is_placed_under_other_evidence_gets_a_new_report_and_another_when_it_is_as_before(crowd, monkeypatch):
    who = crowd.sitting_ids[0]
    issue(crowd, [who])
    for seed in (5, SEED):
        tell(monkeypatch, crowd.employee_ids, seed)
        places(who)
        issue(crowd, [who])
    first, second, third = reports_of(who)
    assert (second.replaces, third.replaces) == (first.number, second.number)
    assert third.talent_inputs == first.talent_inputs != second.talent_inputs


def test_numbers_of_a_wave_run_on_without_a_gap_and_those_of_another_have_their_own_row(dewi, hasan, measured):
    signs(hasan, measured.sure, measured.unsure)
    dewi.issue(measured.unsure)
    works()
    dewi.issue(measured.sure)
    works()
    assert [(one.sitting_id, one.n) for one in reports_of()] == [(measured.unsure, 1), (measured.sure, 2)]
    with transaction() as store:
        first = store.get_one(Wave, measured.wave_id)
        later = Wave(
            wave_id=first.agency_id, agency_id=first.agency_id, name="Tahap 2", purpose="pemetaan",
            consent_version="1", grace_ms=0, demonstration=False, created=first.created + timedelta(days=1),
        )  # fmt: skip
        store.add(later)
        store.flush()
        assert issued.wave_no(store, first.agency_id, first) == 1
        assert issued.wave_no(store, first.agency_id, later) == 2


def test_another_edition_of_the_same_document_changes_nothing_that_was_issued(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue()
    works()
    for change in ("UPDATE report SET code = 'X'", "DELETE FROM report"):
        with pytest.raises(DBAPIError, match="added, never changed"), transaction() as store:
            store.execute(text(change))


@pytest.mark.parametrize("when", ["reassess", "computed again"])
def test_a_result_that_is_in_doubt_again_is_held_and_says_why(dewi, hasan, measured, when):
    signs(hasan, measured.sure)
    dewi.issue()
    if when == "reassess":
        hasan.open(measured.sure)
        hasan.decide(measured.sure, hasan.form(measured.sure, choice="reassess", part="1", why=REASON))
    else:
        computed_again(measured, measured.sure)
    works()
    assert (reports_of(), requests()) == ([], [])
    assert "sedang ditinjau lagi" in dewi.words("?keadaan=held")
    dewi.issue()
    works()
    assert reports_of() == []


def test_a_result_that_was_signed_and_not_placed_yet_waits(dewi, hasan, measured):
    hasan.open(measured.sure)
    hasan.decide(measured.sure)
    dewi.issue()
    assert requests() == []
    places(measured.sure)
    dewi.issue()
    works()
    assert len(reports_of()) == 1


def test_the_deeds_of_people_are_in_the_trail(dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue()
    works()
    dewi.get(f"/{measured.sure}")
    dewi.get("/daftar.csv")
    dewi.get(f"/rencana?orang={measured.sure}")
    found = deeds()
    assert [one.action for one in found] == ["report.request", "report.issue", "report.open", "report.export"]
    assert {one.actor for one in found} == {f"account:{account_of('dewi')}"}
    assert found[1].detail == {"count": 1, "first": "LAMPUNG/2026/G1/000001", "last": "LAMPUNG/2026/G1/000001"}
    assert (found[2].subject, found[2].detail["report"]) == (f"sitting:{measured.sure}", "LAMPUNG/2026/G1/000001")


def test_a_whole_wave_is_asked_for_in_short_transactions(crowd, app, monkeypatch):
    monkeypatch.setattr("assessment_app.reports.routes.listing.AT_ONCE", 5)
    desk = Desk(browser(app, staff(crowd.agency_id, NOW, "dewi", Role.BKD_ADMIN)), crowd.wave_id)
    desk.issue()
    assert sorted(requests()) == sorted(crowd.sitting_ids)
    assert [one.detail["count"] for one in deeds()] == [5, 5, 2]
    assert "12 laporan sedang diterbitkan" in desk.words()


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TALENT_COMMITTEE])
def test_who_reads_reports_may_not_issue_them(enter, hasan, measured, role):
    signs(hasan, measured.sure)
    other = Desk(enter(measured, "budi", role), measured.wave_id)
    assert "Terbitkan" not in other.get()
    other.issue(status=403)
    assert requests() == []


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.AUDITOR, Role.SYSTEM_ADMIN])
def test_for_whom_reports_are_not_they_are_closed(enter, measured, role):
    Desk(enter(measured, "budi", role), measured.wave_id).get(status=403)


def test_another_agency_sees_and_issues_nothing(enter, dewi, hasan, measured):
    signs(hasan, measured.sure)
    dewi.issue()
    works()
    bali = House(measured.forms, "bali")
    stranger = Desk(enter(bali, "made", Role.BKD_ADMIN), measured.wave_id)
    stranger.issue(status=404)
    for path in (f"/{measured.sure}", f"/{measured.sure}/1", f"/cetak?orang={measured.sure}",
                 f"?gelombang={measured.wave_id}", f"/daftar.csv?gelombang={measured.wave_id}"):  # fmt: skip
        stranger.get(path, 404)
    assert "Ahmad" not in stranger.get(f"/rencana?orang={measured.sure}")


@pytest.mark.parametrize("values", [["0"], ["-1"], ["x"], ["1 OR 1"], [str(10**30)], ["²"]])
def test_a_hostile_name_of_a_person_is_refused(dewi, values):
    answer = dewi.browser.post(f"/laporan/gelombang/{dewi.wave_id}/terbitkan", data={"_csrf": "csrf", "orang": values})
    assert answer.status_code == 400
    assert dewi.browser.get("/laporan/rencana", query_string={"orang": values}).status_code == 400


def issue(crowd, sitting_ids):
    asked(crowd, sitting_ids)
    works()


def asked(crowd, sitting_ids=(), now=NOW):
    with transaction() as store:
        return actions.ask(
            store, Officer(crowd.agency_id, "test"), account_of("hasan"), crowd.wave_id,
            sitting_ids or crowd.sitting_ids, now,
        )  # fmt: skip


@pytest.fixture
def crowd(house, monkeypatch):
    return signed_wave(monkeypatch, 12, code="maluku")


def test_a_worker_that_dies_between_chunks_leaves_nothing_half_done(crowd, monkeypatch):
    monkeypatch.setitem(tasks.TASKS, TASK, tasks.Task(tasks.report_issue, 5))
    assert asked(crowd) == 12
    assert tasks.work_off(reports=True)
    keep = issuing.keep

    def dies(*given):
        keep(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(issuing, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        tasks.work_off(reports=True)
    assert (len(reports_of()), len(requests())) == (5, 7)
    monkeypatch.setattr(issuing, "keep", keep)
    monkeypatch.setattr("assessment_app.platform.clock.now", lambda: NOW + timedelta(minutes=5))  # the lease is over
    works()
    assert [one.n for one in reports_of()] == list(range(1, 13))
    assert len({one.sitting_id for one in reports_of()}) == 12
    assert requests() == []


def test_a_worker_that_dies_after_a_chunk_was_kept_issues_none_of_it_again(crowd):
    asked(crowd)
    with transaction(reads_only=True) as store:
        made = issuing.compose(store, crowd.sitting_ids)
    with transaction() as store:
        assert len(issuing.keep(store, crowd.sitting_ids, made, NOW)) == 12
    with transaction() as store:
        assert issuing.keep(store, crowd.sitting_ids, made, NOW) == []
    works()  # the jobs are still there
    assert len(reports_of()) == 12


def test_what_is_signed_while_a_report_is_composed_is_not_issued_on_the_old_basis(crowd):
    who = crowd.sitting_ids[0]
    asked(crowd, [who])
    with transaction(reads_only=True) as store:
        made = issuing.compose(store, [who])
    with transaction() as store:
        sign(store, crowd.agency_id, [who], account_of("hasan"), n=2)
        talent.place_all(store, [who], NOW)
    with transaction() as store:
        assert issuing.keep(store, [who], made, NOW) == []
    issue(crowd, [who])
    assert [one.signed_n for one in reports_of(who)] == [2]


def test_what_is_asked_for_while_a_worker_is_at_older_work_is_not_forgotten(crowd):
    who = crowd.sitting_ids[0]
    asked(crowd, [who], NOW + timedelta(seconds=1))
    with transaction() as store:
        assert issuing.keep(store, [who], {}, NOW) == []
    assert requests() == [who]
