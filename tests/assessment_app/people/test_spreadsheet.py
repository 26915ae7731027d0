"""A list as agencies send it: every fault that was planted is found, everybody else goes through as they are."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from assessment_app.people import actions, queries
from assessment_app.people.messages import KIND_WORDS
from assessment_app.people.messages.faults import FAULTS, REPEATED
from assessment_app.people.messages.invented import FIRST, LAST, MIDDLE, invent
from assessment_app.people.messages.spreadsheet import make
from assessment_app.people.models import Employee, ImportDecision
from assessment_app.people.rules import MERGE, Severity
from assessment_app.platform import db
from tests.assessment_app.people.conftest import BY, NOW

DAY = NOW.date()
OF_ROWS = set(FAULTS) | set(REPEATED)


@pytest.fixture
def found(agency):
    """Read what was found in a run, by sheet and row."""

    def by_row(run):
        with db.transaction(reads_only=True) as session:
            told = queries.all_findings(session, agency, run.import_id)
        rows: dict[tuple[str, int], set[tuple[str, str]]] = {}
        for finding in told:
            rows.setdefault(finding.row_place, set()).add((finding.severity, finding.kind))
        return rows

    return by_row


@pytest.fixture
def employees(agency):
    """Read the agency's employees by NIP."""

    def by_nip():
        with db.transaction(reads_only=True) as session:
            return {one.nip: one for one in session.scalars(select(Employee).where(Employee.agency_id == agency))}

    return by_nip


@pytest.fixture
def take_proposals(agency):
    """Answer every open question: units are one, and of two rows the first is right."""

    def taken(run):
        answers = {one["key"]: one["choices"][0]["value"] for one in run.questions["asked"] if not one["chosen"]}
        with db.transaction() as session:
            return actions.decide(session, run.agency_id, run.import_id, answers, BY, NOW)

    return taken


def differences(truths, rows):
    """Tell where what was found is not what was planted."""
    return [
        (one.fault, one.sheet, one.row, wanted, got)
        for one in truths
        for wanted in [{(one.outcome, one.kind)} if one.outcome else set()]
        if (got := rows.get((one.sheet, one.row), set())) != wanted
    ]


def as_said(employee):
    return (
        employee.name, employee.birth_date, employee.sex, employee.status, employee.grade, employee.level.label,
        employee.post_title, employee.unit.name,
    )  # fmt: skip


def as_meant(one):
    person = one.person
    return (
        person.name, person.born, person.sex, person.status, person.grade, person.level, person.post, person.unit
    )  # fmt: skip


@pytest.mark.parametrize("seed", [2026, *range(7)])
def test_every_planted_fault_is_found_and_nothing_else(preview, found, seed):
    made = make(420, seed, DAY, units=12)
    assert differences(made.truths, found(preview(made.content))) == []


def test_the_first_wave_goes_through_as_it_is_meant(preview, apply, found, employees, take_proposals):
    made = make(1905, 2026, DAY)
    assert {one.fault for one in made.truths} - {""} == OF_ROWS
    run = preview(made.content)
    assert differences(made.truths, found(run)) == []
    outcomes = Counter(one.outcome for one in made.truths)
    assert (run.rejected, run.held, run.warned, run.repaired) == (
        outcomes["error"], outcomes["question"], outcomes["warning"], outcomes["repair"],
    )  # fmt: skip
    assert run.accepted == sum(outcomes[kind] for kind in ("", "warning", "repair"))
    apply(run)
    sound = [one for one in made.truths if one.outcome in ("", "repair", "warning")]
    here = employees()
    assert {nip: as_said(one) for nip, one in here.items()} == {one.person.nip: as_meant(one) for one in sound}


def test_what_is_decided_lets_the_waiting_rows_in(preview, apply, found, employees, take_proposals):
    made = make(600, 3, DAY, units=20)
    decided = take_proposals(preview(made.content))
    assert decided.held == 0
    merged = [one for one in made.truths if one.kind == "unit_alike"]
    rows = found(decided)
    assert {rows[one.sheet, one.row] == {("repair", "unit_merged")} for one in merged} == {True}
    twice = [rows.get((one.sheet, one.row)) for one in made.truths if one.fault == "duplicate_differs"]
    assert twice.count({("error", "duplicate_decided")}) == len(twice) / 2
    apply(decided)
    here = employees()
    assert {here[one.person.nip].unit.name == one.person.unit for one in merged} == {True}


def test_a_list_that_is_mended_lets_everybody_in_who_still_works(preview, apply, employees, take_proposals):
    made = make(1905, 2026, DAY)
    apply(take_proposals(preview(made.content)))
    again = preview(made.mended(DAY).content)
    assert (again.rejected, again.held) == (0, 0)
    apply(again)
    gone = {one.person.nip for one in made.truths if one.kind == "gone"}
    met = {(one.person.name, one.person.born): one.person.nip for one in reversed(made.truths)}
    assert set(met.values()) - gone <= set(employees())
    assert gone
    assert not gone & set(employees())


def test_a_decision_about_units_is_not_asked_for_again(preview, apply, take_proposals, bring_in):
    apply(take_proposals(preview(make(600, 3, DAY, units=20).content)))
    again = preview(make(600, 3, DAY, units=20).content)
    assert [one["kind"] for one in again.questions["asked"] if not one["chosen"]].count("unit_alike") == 0


@pytest.mark.parametrize("fault", sorted(OF_ROWS))
def test_each_fault_is_planted_by_its_name(fault):
    made = make(900, 1, DAY, units=20)
    assert fault in {one.fault for one in made.truths}


def test_a_list_without_faults_has_nothing_to_tell_of_a_row(preview, found):
    made = make(300, 1, DAY, units=10, share=0)
    run = preview(made.content)
    assert (run.accepted, run.warned, run.repaired, run.rejected, run.held) == (300, 0, 0, 0, 0)
    assert differences(made.truths, found(run)) == []


def test_what_is_no_list_and_what_is_hidden_is_told(preview, agency):
    run = preview(make(300, 1, DAY, units=10, share=0).content)
    with db.transaction(reads_only=True) as session:
        told = {(one.sheet, one.kind): one for one in queries.all_findings(session, agency, run.import_id)}
    for place in (
        ("Struktural", "header_joined"), ("Struktural", "column_unused"), ("Fungsional", "header_misspelt"),
        ("Fungsional", "column_twice"), ("Fungsional", "rows_hidden"), ("Pelaksana dan PPPK", "row_skipped"),
        ("Rekap", "sheet_skipped"), ("Data Lama", "sheet_skipped"),
    ):  # fmt: skip
        assert place in told
    assert "disembunyikan" in told["Data Lama", "sheet_skipped"].sentence


def test_every_kind_that_a_list_can_have_has_a_name(preview, agency):
    run = preview(make(1905, 2026, DAY).content)
    with db.transaction(reads_only=True) as session:
        groups = queries.groups(session, agency, run.import_id)
    assert {group.kind for group in groups} <= set(KIND_WORDS)
    assert sum(group.number for group in groups if group.severity == Severity.ERROR) >= run.rejected > 0


def test_the_same_seed_writes_the_same_file_and_another_seed_another():
    assert make(50, 1, DAY).content == make(50, 1, DAY).content
    assert make(50, 1, DAY).content != make(50, 2, DAY).content


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_list_may_be_short(rows):
    assert len(make(rows, 1, DAY, units=3, share=1).truths) == rows


@pytest.mark.parametrize(("rows", "share"), [(0, 0.5), (5, 1.5), (5, -0.1)])
def test_a_list_that_cannot_be_is_refused(rows, share):
    with pytest.raises(ValueError, match="at least one row"):
        make(rows, 1, DAY, share=share)


def test_everybody_invented_is_somebody_else_and_known_as_invented():
    people = invent(25_000, 1, DAY, units=60)
    assert len({one.nip for one in people}) == len(people)
    assert len({(one.name, one.born) for one in people}) == len(people)
    assert len(people) > len(FIRST) * len(MIDDLE) * len(LAST)
    assert all(any(last in one.name for last in LAST) for one in people)


def test_decisions_are_kept_with_what_was_asked(preview, take_proposals):
    run = take_proposals(preview(make(200, 3, date(2026, 11, 24), units=5).content))
    with db.transaction(reads_only=True) as session:
        kept = session.scalars(select(ImportDecision).where(ImportDecision.import_id == run.import_id)).all()
    assert {one.question for one in kept} == {one["key"] for one in run.questions["asked"]}
    assert all(one.sentence and one.decided_by == BY.name for one in kept)
    assert MERGE in {one.choice for one in kept}
