"""Comparisons, mismatches and decisions on a real SQLite and a real PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from assessment_app.accounts.rules import Actor
from assessment_app.people import actions as people
from assessment_app.personnel import actions, queries
from assessment_app.personnel.messages import demonstration
from assessment_app.personnel.models import PayrollAct, PayrollCheck, PayrollFinding
from assessment_app.personnel.rules.records import RuleId, Severity
from assessment_app.personnel.rules.worklist import Change, State
from assessment_app.platform.audit import AuditEntry
from assessment_app.platform.db import EXAM, metadata_of, transaction
from assessment_app.platform.errors import Conflict, Invalid, NotFound
from assessment_app.rule_sets.models import RuleSet
from tests import factories
from tests.assessment_app.personnel.conftest import Desk
from tests.factories import NOW

LATER = NOW + timedelta(days=30)


@pytest.fixture
def planted():
    return demonstration.planted_pair()


def everything():
    """Read all that the exam store holds, as one text."""
    with transaction(reads_only=True) as db:
        tables = [table for table in metadata_of(EXAM).sorted_tables if table.name != "rule_set"]
        return "\n".join(str(tuple(row)) for table in tables for row in db.execute(select(table)))


def test_a_comparison_is_kept_with_what_it_found_and_could_not_look_at(desk, planted):
    check = desk.compare(planted)
    assert (check.n, check.people, check.payees, check.findings) == (1, 39, 38, len(planted.planted))
    assert {one.finding.rule for one in desk.listed(check)} == set(planted.planted)
    reach = {told["rule"]: told["reach"] for told in check.document["coverage"]}
    assert reach["R10"] == "not"
    assert check.document["headers"]["payroll"]["account"] == "NOMOR REKENING"


def test_the_gravest_come_first(desk, planted):
    severities = [one.finding.severity for one in desk.listed(desk.compare(planted))]
    assert severities == sorted(severities, key=["high", "medium", "low"].index)


def test_the_same_lists_at_once_again_are_the_same_comparison(desk, planted):
    first = desk.compare(planted)
    assert desk.compare(planted, LATER).check_id == first.check_id
    planted.payroll[-2]["net"] = "1"
    assert desk.compare(planted, LATER).n == 2


def test_neither_nik_nor_account_reaches_the_store_or_the_trail(desk, planted):
    planted.personnel[-1]["nik"] = planted.personnel[-2]["nik"]
    check = desk.compare(planted)
    desk.decide(check, 1, "dikonfirmasi")
    kept = everything()
    assert planted.personnel[-1]["nip"] in kept
    for row in planted.personnel:
        assert row["nik"] not in kept
    for row in planted.payroll:
        assert row["account"] not in kept
    assert "••••" in kept


def test_what_names_a_mismatch_cannot_be_computed_without_the_secret(desk, planted, monkeypatch):
    keys = {one.finding.key for one in desk.listed(desk.compare(planted))}
    monkeypatch.setattr(actions, "secret", lambda purpose: b"another installation" * 2)
    planted.payroll[-2]["net"] = "1"
    assert keys.isdisjoint(one.finding.key for one in desk.listed(desk.compare(planted, LATER)))


@pytest.mark.parametrize("model", [PayrollCheck, PayrollFinding, PayrollAct])
@pytest.mark.parametrize("statement", [lambda model: update(model).values(agency_id=model.agency_id), delete])
def test_nothing_that_was_kept_can_be_changed(desk, planted, model, statement):
    desk.decide(desk.compare(planted), 1, "dibantah")
    with pytest.raises(DBAPIError, match="added, never changed"), transaction() as db:
        db.execute(statement(model))


def test_the_trail_tells_of_comparison_and_decision(desk, planted):
    check = desk.compare(planted)
    desk.decide(check, 2, "dibantah", "gaji Juli memang rapel")
    with transaction(reads_only=True) as db:
        entries = {one.action: one for one in db.scalars(select(AuditEntry))}
    assert entries["payroll_check.run"].detail["findings"] == check.findings
    told = entries["payroll_check.decide"]
    assert (told.actor, told.reason) == ("account:dewi", "gaji Juli memang rapel")
    assert told.detail["state"] == "dibantah"


def test_a_decision_is_added_and_the_newest_is_in_force(desk, planted):
    check = desk.compare(planted)
    desk.decide(check, 1, "dikonfirmasi")
    desk.decide(check, 1, "diperbaiki", "sudah dibetulkan bendahara", after=1, now=LATER)
    listed = desk.listed(check)[0]
    assert (listed.state, listed.acts, listed.came_back) == (State.FIXED, 2, False)
    with transaction(reads_only=True) as db:
        acts = queries.acts(db, desk.agency_id, listed.finding.key)
    assert [act.state for act in acts] == ["dikonfirmasi", "diperbaiki"]


def test_who_did_not_see_the_newest_decision_decides_nothing(desk, planted):
    check = desk.compare(planted)
    desk.decide(check, 1, "dikonfirmasi")
    with pytest.raises(Conflict, match="Orang lain"):
        desk.decide(check, 1, "dibantah")
    assert desk.listed(check)[0].acts == 1


def test_a_decision_stays_with_its_mismatch_in_the_next_comparison(desk, planted):
    first = desk.compare(planted)
    number = next(one.finding.finding_no for one in desk.listed(first) if one.finding.rule == "R9")
    desk.decide(first, number, "dibantah")
    planted.payroll[-2]["net"] = "1"
    again = {one.finding.rule: one for one in desk.listed(desk.compare(planted, LATER))}
    assert again["R9"].state is State.DENIED
    assert again["R2"].state is State.NEW


def test_other_values_are_another_mismatch_that_nobody_decided_about(desk, planted):
    first = desk.compare(planted)
    number = next(one.finding.finding_no for one in desk.listed(first) if one.finding.rule == "R9")
    desk.decide(first, number, "dibantah")
    row = next(row for row in planted.payroll if row["grade"] == "IV/b")
    row["grade"] = "IV/c"
    again = {one.finding.rule: one for one in desk.listed(desk.compare(planted, LATER))}
    assert again["R9"].state is State.NEW


def test_what_was_mended_and_is_there_again_is_new_again_and_says_so(desk, planted):
    first = desk.compare(planted)
    desk.decide(first, 1, "diperbaiki")
    planted.payroll[-2]["net"] = "1"
    second = desk.compare(planted, LATER)
    listed = desk.listed(second)[0]
    assert (listed.state, listed.came_back) == (State.NEW, True)
    assert desk.listed(first)[0].state is State.FIXED
    assert listed.finding.finding_no in [one.finding.finding_no for one in desk.listed(second, state=State.NEW)]
    desk.decide(second, 1, "dikonfirmasi", after=1, now=LATER)
    assert not desk.listed(second)[0].came_back


def test_new_gone_and_still_there_are_told_apart(desk, planted):
    first = desk.compare(planted)
    assert desk.figures(first).changes[Change.GONE] == 0
    planted.personnel[1]["standing"] = "Pensiun"  # new
    mended = next(row for row in planted.payroll if row["grade"] == "IV/b")
    mended["grade"] = next(row["grade"] for row in planted.personnel if row["nip"] == mended["nip"])  # gone
    second = desk.compare(planted, LATER)
    changes = desk.figures(second).changes
    assert (changes[Change.NEW], changes[Change.GONE], changes[Change.STILL]) == (1, 1, len(planted.planted) - 1)
    assert [one.finding.nip for one in desk.listed(second, change=Change.NEW)] == [planted.personnel[1]["nip"]]
    (gone,) = desk.listed(second, change=Change.GONE)
    assert (gone.finding.rule, gone.finding.check_id) == ("R9", first.check_id)
    assert len(desk.listed(second, change=Change.STILL)) == len(planted.planted) - 1
    assert desk.listed(first, change=Change.GONE) == []


@pytest.mark.parametrize(
    ("wanted", "rules"),
    [({"rule": RuleId.R9}, {"R9"}), ({"severity": Severity.LOW}, {"R7"}), ({"state": State.CONFIRMED}, set()),
     ({"text": "tidak-ada"}, set()), ({"text": "100%"}, set()), ({"unit": ""}, {"R0"})],
)  # fmt: skip
def test_the_worklist_is_narrowed(desk, planted, wanted, rules):
    assert {one.finding.rule for one in desk.listed(desk.compare(planted), **wanted)} == rules


def test_a_nip_is_searched_with_or_without_spaces(desk, planted):
    check, nip = desk.compare(planted), planted.planted["R2"]
    for text in (nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"):
        assert {one.finding.rule for one in desk.listed(check, text=text)} == {"R2"}


def test_figures_count_what_the_list_shows(desk, planted):
    check = desk.compare(planted)
    desk.decide(check, 3, "dibantah")
    figures = desk.figures(check)
    assert sum(figures.rules.values()) == sum(figures.states.values()) == check.findings
    assert figures.states[State.DENIED] == 1


def test_another_agency_sees_and_decides_nothing(desk, planted):
    check, stranger = desk.compare(planted), Desk("tetangga")
    with pytest.raises(NotFound):
        stranger.listed(check)
    with pytest.raises(NotFound):
        stranger.decide(check, 1, "dibantah")
    own = stranger.compare(planted)
    stranger.decide(own, 1, "dikonfirmasi")
    assert own.n == 1
    assert desk.listed(check)[0].state is State.NEW


def test_the_employees_of_the_platform_can_be_the_personnel_list(desk):
    content = factories.PEOPLE.encode()
    with transaction() as db:
        people.import_employees(db, desk.agency_id, "orang.csv", content, Actor("test"), NOW)
    pair = demonstration.clean_pair(1)
    pair.payroll[0] |= {"nip": "198503172010011987", "name": "Sri Peraga", "grade": "III/c", "post": "Kasubbag Umum"}
    check = desk.compare(pair, here=False)
    assert (check.personnel_name, check.people) == ("", 3)
    found = {(one.finding.rule, one.finding.nip) for one in desk.listed(check)}
    assert found == {("R4", "197910212005011002"), ("R4", "199001052014022003"), ("R9", "198503172010011987")}
    reach = {told["rule"]: told["reach"] for told in check.document["coverage"]}
    assert (reach["R1"], reach["R2"], reach["R8"], reach["R11"]) == ("whole", "partly", "not", "partly")


def test_without_employees_the_platform_is_no_list(desk):
    with pytest.raises(Invalid, match="Belum ada pegawai"):
        desk.compare(demonstration.clean_pair(1), here=False)


def test_an_absence_from_a_real_wave_is_a_question(desk):
    stage = factories.stage(code="lain")
    other = Desk("ketiga")
    other.agency_id, other.by = stage.agency_id, replace(desk.by, agency_id=stage.agency_id)
    pair = demonstration.clean_pair(1)
    pair.payroll = [pair.payroll[0] | {"nip": nip, "account": f"10101010{n}"} for n, nip in enumerate(stage.nips)]
    after = NOW + timedelta(hours=4)
    absent = {one.finding.nip for one in other.listed(other.compare(pair, after, here=False), rule=RuleId.R10)}
    assert absent == set(stage.nips)
    pair.payroll[0]["net"] = "1"
    during = other.compare(pair, NOW + timedelta(hours=1), here=False)
    assert {told["rule"]: told["reach"] for told in during.document["coverage"]}["R10"] == "not"


def test_a_rule_set_with_a_hole_hinders_only_what_rests_on_it(desk, planted):
    with transaction() as db:
        newest = db.scalars(select(RuleSet).order_by(RuleSet.effective.desc()).limit(1)).one()
        rules = {name: rule for name, rule in newest.document["rules"].items() if name != "bup.special"}
        db.add(RuleSet(
            sha256="0" * 64, name=newest.name, effective=newest.effective + timedelta(days=1),
            document=newest.document | {"rules": rules},
        ))  # fmt: skip
    check = desk.compare(planted)
    reach = {told["rule"]: told for told in check.document["coverage"]}
    assert reach["R1"]["reach"] == "not"
    assert "bup.special" in reach["R1"]["reasons"][0]
    assert reach["R3"]["reach"] == "whole"
    assert check.rule_set is None


def test_more_findings_than_one_statement_takes_are_all_kept(desk):
    pair = demonstration.clean_pair(actions.BATCH + 200)
    for row in pair.payroll:
        row["grade"] = "IV/e"
    check = desk.compare(pair)
    with transaction(reads_only=True) as db:
        kept = db.scalar(select(func.count()).select_from(PayrollFinding))
    assert kept == check.findings == actions.BATCH + 200
