"""What only a person can decide about a list: asked, kept, remembered, and refused where it was not asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.people import actions, queries
from assessment_app.people.models import ImportDecision, Unit
from assessment_app.platform import audit, db
from assessment_app.platform.errors import Closed, Invalid, NotFound
from tests.assessment_app.people.conftest import BY, GOOD, HEADER, NOW, OTHER, csv_of

LATER = NOW + timedelta(minutes=5)
SAME = ["197910212005011002", "Contoh Tiga", "DINKES", "Analis", "Ahli Muda", "PNS"]
HEALTH = ["Dinas Kesehatan"]


def listed(*units):
    """Write a list of one person a unit."""
    people = ("198503172010011987", "199001052014022003", "198111092006041006", "198308252008012007")
    return csv_of(
        HEADER, *([nip, f"Contoh {nip[-3:]}", unit, *GOOD[3:]] for nip, unit in zip(people, units, strict=False))
    )


ALIKE = listed("Dinas Kesehatan", "Dinas Kesehatan", "DINKES")
TWICE = csv_of(HEADER, GOOD, [*GOOD[:2], "Badan Contoh", *GOOD[3:]], OTHER)


@pytest.fixture
def decide(agency):
    """Answer the questions of a run in their order: decide(run, "merge")."""

    def decided(run, *choices, agency_id=agency, now=LATER):
        keys = [one["key"] for one in run.questions["asked"]]
        with db.transaction() as session:
            answers = dict(zip(keys, choices, strict=True))
            return actions.decide(session, agency_id, run.import_id, answers, BY, now)

    return decided


def units():
    with db.transaction(reads_only=True) as session:
        return set(session.scalars(select(Unit.name)))


def test_units_that_look_alike_wait_and_everybody_else_goes_through(preview, apply):
    run = preview(ALIKE)
    assert (run.accepted, run.held, run.rejected) == (2, 1, 0)
    apply(run)
    assert units() == {"Dinas Kesehatan"}


def test_units_that_are_one_become_one(preview, apply, decide):
    run = decide(preview(ALIKE), "merge")
    assert (run.accepted, run.held, run.repaired) == (3, 0, 1)
    apply(run, now=LATER)
    assert units() == {"Dinas Kesehatan"}


def test_units_that_are_two_stay_two(preview, apply, decide):
    apply(decide(preview(ALIKE), "apart"), now=LATER)
    assert units() == {"Dinas Kesehatan", "DINKES"}


def test_the_chosen_one_of_two_rows_goes_in(preview, apply, decide):
    run = preview(TWICE)
    choices = run.questions["asked"][0]["choices"]
    decided = decide(run, choices[1]["value"])
    assert (decided.accepted, decided.held, decided.rejected) == (2, 0, 1)
    apply(decided, now=LATER)
    assert units() == {"Badan Contoh"}


def test_neither_of_two_rows_may_be_right(preview, decide):
    decided = decide(preview(TWICE), "none")
    assert (decided.accepted, decided.held, decided.rejected) == (1, 0, 2)


def test_a_choice_between_rows_is_of_its_file_alone(preview, decide):
    first = preview(TWICE)
    decide(first, first.questions["asked"][0]["choices"][0]["value"])
    other = preview(TWICE + b"\r\n")
    assert other.questions["asked"][0]["chosen"] == ""


def test_a_decision_may_be_changed_and_both_are_kept(preview, decide, apply):
    run = decide(preview(ALIKE), "merge")
    run = decide(run, "apart", now=LATER + timedelta(seconds=1))
    assert run.questions["asked"][0]["chosen"] == "apart"
    with db.transaction(reads_only=True) as session:
        kept = session.scalars(select(ImportDecision.choice).order_by(ImportDecision.decision_no)).all()
    assert kept == ["merge", "apart"]


def test_the_same_answer_twice_is_one_decision_and_one_entry_in_the_trail(preview, decide):
    run = decide(preview(ALIKE), "merge")
    decide(run, "merge")
    with db.transaction(reads_only=True) as session:
        assert len(session.scalars(select(ImportDecision)).all()) == 1
        acts = session.scalars(select(audit.AuditEntry.action)).all()
    assert acts.count("employee.import.decide") == 1


@pytest.mark.parametrize("choice", ["", "maybe", "none"])
def test_an_answer_that_was_not_offered_is_refused(preview, decide, choice):
    with pytest.raises(Invalid, match="bukan untuk berkas ini"):
        decide(preview(ALIKE), choice)


def test_a_question_of_another_file_is_refused(preview, agency):
    run = preview(ALIKE)
    with db.transaction() as session, pytest.raises(Invalid):
        actions.decide(session, agency, run.import_id, {"nip:198503172010011987": "none"}, BY, NOW)


def test_nothing_is_decided_about_what_was_applied_or_has_expired(preview, apply, decide):
    run = preview(ALIKE)
    with pytest.raises(Closed):
        decide(run, "merge", now=NOW + actions.PREVIEW_LIFE)
    apply(run)
    with pytest.raises(Closed):
        decide(run, "merge")


def test_another_agency_neither_decides_nor_is_asked_less(preview, decide, neighbour):
    run = preview(ALIKE)
    with pytest.raises(NotFound):
        decide(run, "merge", agency_id=neighbour)
    decide(run, "merge")
    theirs = preview(ALIKE, agency_id=neighbour)
    assert (theirs.held, theirs.questions["asked"][0]["chosen"]) == (1, "")


def test_below_a_parent_that_is_asked_about_units_are_compared_under_its_proposed_name(preview, decide, apply):
    header = [*HEADER, "OPD"]
    rows = [[*GOOD[:2], "Bidang Umum", *GOOD[3:], "Dinas Kesehatan"], [*OTHER[:2], "BIDANG UMUM", *OTHER[3:], "DINKES"],
            [*SAME[:2], "Bidang Umum", *SAME[3:], "Dinas Kesehatan"]]  # fmt: skip
    run = preview(csv_of(header, *rows))
    assert [one["sentence"] for one in run.questions["asked"]] == [
        "Unit 'DINKES' tampak sama dengan 'Dinas Kesehatan'."
    ]
    apply(decide(run, "merge"), now=LATER)
    assert units() == {"Dinas Kesehatan", "Bidang Umum"}


def test_the_console_takes_proposals_only_when_it_is_told_to(agency):
    with db.transaction() as session:
        left = actions.import_employees(session, agency, "a.csv", ALIKE, BY, NOW)
        assert (left.created, left.held) == (2, 1)
        taken = actions.import_employees(session, agency, "a.csv", ALIKE, BY, LATER, take_proposals=True)
    assert (taken.created, taken.held) == (1, 0)


def test_what_is_written_otherwise_is_said(preview, agency):
    run = preview(csv_of(HEADER, ["'19850317 201001 1 987", "CONTOH SATU", *GOOD[2:]]))
    with db.transaction(reads_only=True) as session:
        found = queries.all_findings(session, agency, run.import_id)
    assert [(one.severity, one.sentence) for one in found] == [
        ("repair", "NIP tertulis '19850317 201001 1 987; dibaca 198503172010011987."),
        ("repair", "Nama tertulis 'CONTOH SATU'; dibaca 'Contoh Satu'."),
    ]
    assert (run.accepted, run.repaired, run.warned) == (1, 1, 0)


def test_one_person_under_two_numbers_is_doubted_on_both_rows(preview, agency):
    other = ["198503172010011988", *GOOD[1:]]
    run = preview(csv_of(HEADER, GOOD, other))
    with db.transaction(reads_only=True) as session:
        found = queries.all_findings(session, agency, run.import_id)
    assert [(one.row, one.kind) for one in found] == [(2, "namesake"), (3, "namesake")]
    assert run.accepted == 2


def test_a_preview_is_applied_as_it_was_shown_whatever_is_decided_about_another_file(preview, apply, decide):
    shown = preview(ALIKE)
    decide(preview(ALIKE + b"\r\n"), "merge")
    applied = apply(shown, now=LATER)
    assert (applied.accepted, applied.held, applied.created) == (2, 1, 2)
