"""Two people decide which key counts, on what they were shown; what is signed never changes by itself."""

import pytest
from sqlalchemy import select

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Officer
from assessment_app.platform.db import transaction
from assessment_app.platform.errors import NotFound
from assessment_app.rescoring.actions import comparing, deciding
from assessment_app.rescoring.models import RescoredProfile
from assessment_app.rescoring.queries import versions
from assessment_app.review.models import SignedResult
from tests import factories
from tests.assessment_app.rescoring import planted
from tests.assessment_app.rescoring.planted import (
    PEOPLE,
    chosen,
    correct,
    counted,
    counting,
    delivered,
    newest,
    seen,
    sign,
)
from workers import sweeps, tasks


def test_a_signed_result_never_changes_by_itself(now, two):
    whose = min(newest())
    sign(whose, two[1], now(1))
    was = counting()[1]
    key_seal = correct(now(1))
    delivered(now(0))
    with transaction(reads_only=True) as db:
        offered = versions.version(db, two[0][0].agency_id, planted.wave().wave_id, key_seal)
        comparison = versions.comparison(db, offered)
    assert (comparison.signed, len(comparison.people)) == (1, PEOPLE)
    chosen(key_seal, two, now(1))
    boxes = counting()[1]
    assert {name: box for name, box in boxes.items() if name[0] == whose} == {
        name: box for name, box in was.items() if name[0] == whose
    }
    assert all(boxes[name] != was[name] for name in boxes if name[0] != whose)
    with transaction(reads_only=True) as db:
        signed = db.scalars(select(SignedResult)).one()
    assert signed.profile_inputs != newest()[whose].inputs_sha256, "the profile that waits for review is the new one"


def test_a_proposer_is_no_second_person_and_what_was_not_shown_is_not_chosen(now, two):
    (by, account), (other, other_account) = two
    key_seal = correct(now(1))
    delivered(now(0))
    shown, wave_id = seen(key_seal, by), planted.wave().wave_id
    with transaction() as db:
        with pytest.raises(deciding.NotShown):
            deciding.propose(db, by, account, wave_id, key_seal, "0" * 64, "Alasan yang cukup.", now(0))
        proposal = deciding.propose(db, by, account, wave_id, key_seal, shown, "Alasan yang cukup.", now(0))
        with pytest.raises(deciding.Waiting):
            deciding.propose(db, by, account, wave_id, key_seal, shown, "Alasan yang cukup.", now(0))
    with transaction() as db:
        with pytest.raises(deciding.OwnProposal):
            deciding.choose(db, by, account, proposal, shown, "Ya.", now(0))
        with pytest.raises(deciding.NotShown):
            deciding.choose(db, other, other_account, proposal, "0" * 64, "Ya.", now(0))
        assert deciding.choose(db, other, other_account, proposal, shown, "Ya.", now(0)) == 1
        assert deciding.choose(db, other, other_account, proposal, shown, "Ya.", now(0)) == 1
    tasks.hand_out()
    with transaction() as db, pytest.raises(deciding.CountsAlready):
        deciding.propose(db, by, account, wave_id, key_seal, shown, "Alasan yang cukup.", now(0))


def test_what_was_turned_down_counts_for_nothing_and_can_be_proposed_again(now, two):
    (by, account), (other, other_account) = two
    key_seal = correct(now(1))
    delivered(now(0))
    was = counting()
    for _ in range(2):
        with transaction() as db:
            proposal = deciding.propose(
                db, by, account, planted.wave().wave_id, key_seal, seen(key_seal, by), "Alasan yang cukup.", now(0)
            )
        with transaction() as db:
            deciding.turn_down(db, other, other_account, proposal, "Tunggu analisis butir.", now(0))
    with transaction() as db, pytest.raises(deciding.Decided):
        deciding.choose(db, other, other_account, proposal, seen(key_seal, by), "Ya.", now(0))
    tasks.hand_out()
    assert counting() == was


def test_a_comparison_that_lacks_somebody_is_not_decided_on(now, two):
    (by, account), _ = two
    key_seal = correct(now(1))
    sweeps.deliver_corrections(now(0))
    tasks.work_off()  # the sheets are scored, nothing is compared yet
    with transaction() as db, pytest.raises(deciding.NotWhole):
        deciding.propose(db, by, account, planted.wave().wave_id, key_seal, seen(key_seal, by), "Alasan.", now(0))


def test_another_agency_sees_nothing(now, two):
    key_seal = correct(now(1))
    delivered(now(0))
    wave_id, others = planted.wave().wave_id, factories.agency("lain", now(0))
    with transaction() as db:
        stranger = Officer(others, "staff:x")
        account = db.scalars(select(StaffAccount.account_id).limit(1)).one()
        assert versions.waves(db, others) == []
        for refused in (
            lambda: versions.versions(db, others, wave_id),
            lambda: versions.beside(db, others, min(newest()), key_seal),
            lambda: deciding.propose(db, stranger, account, wave_id, key_seal, "0" * 64, "Alasan.", now(0)),
        ):
            with pytest.raises(NotFound):
                refused()
        proposal = deciding.propose(
            db, two[0][0], two[0][1], wave_id, key_seal, seen(key_seal, two[0][0]), "Alasan yang cukup.", now(0)
        )
        for act in (
            lambda: deciding.choose(db, stranger, account, proposal, "0" * 64, "Ya.", now(0)),
            lambda: deciding.turn_down(db, stranger, account, proposal, "Tidak.", now(0)),
        ):
            with pytest.raises(NotFound):
                act()


def test_comparing_writes_nothing_by_itself(now):
    correct(now(1))
    delivered(now(0))
    before = counted(RescoredProfile)
    with transaction(reads_only=True) as db:
        done = comparing.compare(db, list(newest()), now(0))
    assert (done.beside, done.chosen, counted(RescoredProfile)) == ([], [], before)
