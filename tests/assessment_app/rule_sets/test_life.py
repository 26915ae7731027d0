"""From a draft over a second person to numbers that decide; what was approved never changes again."""

import threading

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts.rules import Officer
from assessment_app.platform import audit
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import Conflict, NotFound
from assessment_app.rule_sets import actions, queries
from assessment_app.rule_sets.actions import Changed, OwnNumbers
from assessment_app.rule_sets.models import RuleAct, RuleSet
from assessment_app.rule_sets.rules import IncompleteRules
from assessment_app.rule_sets.rules.checks import Violation
from assessment_app.rule_sets.rules.life import Deed, State
from assessment_app.rule_sets.rules.shapes import Fault
from tests.assessment_app.rule_sets.conftest import Office, days
from tests.factories import NOW

CUTS = [50, 70]


def count(model):
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(model))


def deeds_of(office):
    with transaction(reads_only=True) as db:
        wanted = select(AuditEntry).where(AuditEntry.agency_id == office.agency_id).order_by(AuditEntry.entry_no)
        return [(entry.action, entry.actor, entry.reason) for entry in db.scalars(wanted)]


def test_an_agency_without_rules_of_its_own_has_those_of_the_release(office):
    assert office.in_force()["name"] == queries.STANDARD


def test_an_approved_set_decides_for_its_agency_and_for_no_other(either):
    other = Office("lain")
    either.approved(talent__cut__x=CUTS)
    assert either.in_force()["rules"]["talent.cut.x"]["value"] == CUTS
    assert other.in_force()["name"] == queries.STANDARD


def test_two_agencies_with_the_same_numbers_have_sets_of_their_own(office):
    other = Office("lain")
    names = [one.life(one.approved(talent__cut__x=CUTS)).rule_set for one in (office, other)]
    assert names[0].sha256 != names[1].sha256
    assert [one.name for one in names] == ["instansi/contoh", "instansi/lain"]


def test_nothing_decides_before_it_is_approved(office):
    draft_id = office.copy()
    assert office.change(draft_id, "talent.cut.x", CUTS) == []
    office.act(actions.submit, draft_id)
    assert office.life(draft_id).state is State.SUBMITTED
    assert office.in_force()["name"] == queries.STANDARD


def test_an_approved_set_waits_for_its_date(office):
    office.approved(effective=days(30))
    assert office.in_force(days(29))["name"] == queries.STANDARD
    assert office.in_force(days(30))["name"] == "instansi/contoh"


def test_a_date_in_the_past_does_not_reach_back_before_the_approval(office):
    office.approved(effective=days(-30), at=NOW)
    assert office.in_force(days(-1))["name"] == queries.STANDARD
    assert office.in_force(NOW)["name"] == "instansi/contoh"


def test_the_newer_date_decides_whatever_was_approved_last(office):
    office.approved("a", days(20), at=NOW)
    office.approved("b", days(10), at=days(1))
    assert office.in_force(days(15))["version"] == "b"
    assert office.in_force(days(25))["version"] == "a"


def test_of_two_with_the_same_date_the_one_that_was_approved_later_decides(either):
    either.approved("a", days(10), at=NOW)
    either.approved("b", days(10), at=days(1))
    assert either.in_force(days(12))["version"] == "b"


def test_whoever_drafted_edited_or_submitted_is_not_the_second_person(office):
    draft_id = office.copy(by=office.dewi)
    office.change(draft_id, "talent.cut.x", CUTS, by=office.hasan)
    office.act(actions.submit, draft_id, by=office.bagus)
    for author in (office.dewi, office.hasan, office.bagus):
        with pytest.raises(OwnNumbers):
            office.act(actions.approve, draft_id, by=author)
    assert office.act(actions.approve, draft_id, by=Officer(office.agency_id, "account:ratih"))


def test_a_draft_that_was_not_submitted_cannot_be_approved(office):
    draft_id = office.copy()
    with pytest.raises(Conflict):
        office.act(actions.approve, draft_id, by=office.hasan)


def test_what_somebody_did_not_see_they_do_not_approve(office):
    draft_id = office.copy()
    office.act(actions.submit, draft_id)
    seen = office.life(draft_id).newest.n
    office.act(actions.send_back, draft_id, by=office.hasan)
    office.change(draft_id, "talent.cut.x", CUTS)
    office.act(actions.submit, draft_id)
    with pytest.raises(Changed):
        office.act(actions.approve, draft_id, by=office.hasan, seen=seen)


def test_an_edit_over_somebody_elses_edit_is_refused(office):
    draft_id = office.copy()
    office.change(draft_id, "talent.cut.x", CUTS, by=office.bagus)
    with pytest.raises(Changed):
        office.change(draft_id, "talent.cut.y", CUTS, seen=1)
    assert office.life(draft_id).rule_set.document["rules"]["talent.cut.y"]["value"] == [60, 80]


def test_a_second_click_approves_nothing_twice(office):
    draft_id = office.copy()
    office.act(actions.submit, draft_id)
    seen = office.life(draft_id).newest.n
    assert office.act(actions.approve, draft_id, by=office.hasan, seen=seen)
    assert not office.act(actions.approve, draft_id, by=office.hasan, seen=seen)
    assert office.life(draft_id).deeds == ["draft", "submit", "approve"]


@pytest.mark.parametrize("deed", [actions.submit, actions.withdraw, actions.send_back])
def test_what_was_approved_is_never_changed_only_overtaken(office, deed):
    draft_id = office.approved()
    with pytest.raises(Conflict):
        office.act(deed, draft_id)
    with pytest.raises(Conflict):
        office.change(draft_id, "talent.cut.x", CUTS)


def test_neither_a_set_nor_an_act_can_be_changed_in_the_store(either):
    either.approved()
    for statement in (update(RuleSet).values(name="x"), update(RuleAct).values(by="x"), delete(RuleAct)):
        with pytest.raises(DBAPIError, match="added, never changed"), transaction() as db:
            db.execute(statement)


def test_a_set_that_is_sent_back_can_be_mended_and_submitted_again(office):
    draft_id = office.copy()
    office.act(actions.submit, draft_id)
    office.act(actions.send_back, draft_id, by=office.hasan, why="Batas perlu dasar")
    assert office.change(draft_id, "talent.cut.x", CUTS) == []
    office.act(actions.submit, draft_id)
    assert office.act(actions.approve, draft_id, by=office.hasan)
    assert office.life(draft_id).deeds == ["draft", "submit", "send_back", "edit", "submit", "approve"]


def test_a_withdrawn_draft_is_done_with_and_stays_readable(office):
    draft_id = office.copy()
    office.act(actions.withdraw, draft_id)
    assert office.life(draft_id).state is State.WITHDRAWN
    with pytest.raises(Conflict):
        office.act(actions.submit, draft_id)


def test_a_broken_edit_keeps_nothing_and_says_everything(office):
    draft_id = office.copy()
    sets = count(RuleSet)
    found = office.change(draft_id, "talent.cut.x", [90, 80])
    assert [(one.rule, one.fault) for one in found] == [("talent.cut.x", Fault.ABOVE)]
    assert (count(RuleSet), office.life(draft_id).deeds) == (sets, ["draft"])


def test_a_version_stands_for_one_approved_set(office):
    office.approved("2027-1")
    draft_id = office.copy("2027-1", days(5))
    with pytest.raises(Conflict, match="2027-1"):
        office.act(actions.submit, draft_id)


def test_a_set_that_could_never_decide_is_not_submitted(office):
    office.approved("2027-1", NOW)
    draft_id = office.copy("2027-2", days(-5))
    with pytest.raises(Conflict, match="tidak akan pernah berlaku"):
        office.act(actions.submit, draft_id)


def test_another_agencys_draft_does_not_exist(office):
    stranger = Office("lain")
    draft_id = office.copy()
    office.act(actions.submit, draft_id)
    sha256 = office.life(draft_id).rule_set.sha256
    with transaction(reads_only=True) as db:
        assert queries.lives(db, stranger.agency_id) == []
        with pytest.raises(NotFound):
            queries.life(db, stranger.agency_id, draft_id)
        with pytest.raises(NotFound):
            queries.seen_rule_set(db, stranger.agency_id, sha256)
    for deed in (actions.submit, actions.withdraw, actions.approve, actions.send_back):
        with pytest.raises(NotFound), transaction() as db:
            deed(db, stranger.hasan, draft_id, 2, "x", NOW)


def test_a_document_that_calls_itself_the_release_becomes_the_agencys_own(office, document):
    with transaction() as db:
        draft_id, found = actions.draft(db, office.dewi, document | {"version": "9"}, "Impor", NOW)
    assert found == []
    assert office.life(draft_id).rule_set.name == "instansi/contoh"
    assert office.in_force()["name"] == queries.STANDARD


def test_an_import_with_faults_keeps_nothing(office, document):
    document["rules"]["talent.y.weights"]["value"]["award"] = 20
    del document["rules"]["bup.table"]
    sets = count(RuleSet)
    with transaction() as db:
        _draft_id, found = actions.draft(db, office.dewi, document, "Impor", NOW)
    assert [one.fault for one in found] == [Fault.SUM, Fault.MISSING]
    assert (count(RuleSet), count(RuleAct)) == (sets, 0)


def test_a_draft_knows_what_a_newer_release_knows_and_the_own_set_does_not(office):
    document = dict(office.in_force(), name="instansi/contoh", version="alt")
    document["rules"] = {name: rule for name, rule in document["rules"].items() if name != "bup.table"}
    with transaction() as db:
        sha256 = actions._keep(db, document)
        for n, deed in enumerate((Deed.DRAFT, Deed.SUBMIT, Deed.APPROVE), 1):
            db.add(RuleAct(draft_id=office.agency_id, n=n, agency_id=office.agency_id, kind=deed.value, sha256=sha256,
                           by="system", at=NOW, why=""))  # fmt: skip
    assert "bup.table" not in office.in_force()["rules"]
    assert "bup.table" in office.life(office.copy("neu")).rule_set.document["rules"]


def test_the_trail_tells_the_whole_story_and_what_each_edit_changed(office):
    office.approved(talent__cut__x=CUTS)
    assert deeds_of(office)[-4:] == [
        ("rule_set.draft", "account:dewi", "Penyesuaian instansi"), ("rule_set.edit", "account:dewi", "Sesuai rapat"),
        ("rule_set.submit", "account:dewi", "Sesuai rapat"), ("rule_set.approve", "account:hasan", "Sesuai rapat"),
    ]  # fmt: skip
    with transaction(reads_only=True) as db:
        edit = db.scalars(select(AuditEntry).where(AuditEntry.action == "rule_set.edit")).one()
        before, after = edit.detail["talent.cut.x"]
        assert ('"value":[60,80]' in before, '"value":[50,70]' in after) == (True, True)
        assert audit.verify(db).holds


def test_two_people_who_approve_at_once_leave_one_approval(either):
    draft_id = either.copy()
    either.act(actions.submit, draft_id)
    start, said = threading.Barrier(2), []

    def approve(name):
        start.wait()
        with transaction() as db:
            said.append(actions.approve(db, Officer(either.agency_id, name), draft_id, 2, "Setuju", NOW))

    pair = [threading.Thread(target=approve, args=(f"account:{name}",)) for name in ("hasan", "ratih")]
    for one in pair:
        one.start()
    for one in pair:
        one.join()
    assert sorted(said) == [False, True]
    assert either.life(draft_id).deeds == ["draft", "submit", "approve"]


def test_an_approval_and_a_return_at_once_leave_one_of_them(either):
    draft_id = either.copy()
    either.act(actions.submit, draft_id)
    start, refused = threading.Barrier(2), []

    def decide(deed, name):
        start.wait()
        try:
            with transaction() as db:
                deed(db, Officer(either.agency_id, name), draft_id, 2, "Rapat", NOW)
        except Changed:
            refused.append(name)

    pair = [
        threading.Thread(target=decide, args=(deed, f"account:{deed.__name__}"))
        for deed in (actions.approve, actions.send_back)
    ]
    for one in pair:
        one.start()
    for one in pair:
        one.join()
    assert len(refused) == 1
    assert len(either.life(draft_id).acts) == 3


def test_a_release_that_does_not_hold_together_is_not_taken_in(office, monkeypatch):
    monkeypatch.setattr(actions, "violations", lambda _document: [Violation("box.near_cut", Fault.BETWEEN)])
    with pytest.raises(IncompleteRules, match=r"2026-3\.json.*box\.near_cut"), transaction() as db:
        actions.take_in(db)
