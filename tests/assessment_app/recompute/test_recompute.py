"""What is stored is computed again to the byte; what differs is named with its cause, whose it is and where."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from assessment_app.accounts.models import StaffAccount
from assessment_app.accounts.rules import Role
from assessment_app.platform.db import VAULT, transaction
from assessment_app.recompute import actions, queries
from assessment_app.recompute.rules import Cause, Kind, where
from assessment_app.review.models import SignedResult
from assessment_app.rule_sets.models import RuleSet
from assessment_app.scoring import actions as scoring
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent import actions as talent
from item_bank import keys
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import MAKERS, NOW, house_of_three

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def makers():
    return MAKERS | {"people": house_of_three}


@pytest.fixture
def people(house):
    with transaction(reads_only=True) as db:
        return sorted(sitting_id for sitting_id, _nip in queries.sittings(db))


def recomputed(**which):
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        asked = [sitting_id for sitting_id, _nip in queries.sittings(db, **which)]
        return actions.recompute(db, vault, asked, LATER)


def tampered(table: str, change: str, **values) -> None:
    """Change what only grows, as somebody with the file in hand could."""
    with transaction() as db:
        db.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_update"))
        db.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuses_delete"))
        db.execute(text(change), values)
        assert db.scalar(text("SELECT changes()")) > 0


def found(report, *, stale=False):
    return [(one.kind, one.sitting_id, one.which, one.cause) for one in report.differences if one.stale == stale]


def test_everything_is_the_same_twice_and_has_the_same_fingerprint(people):
    first, second = recomputed(), recomputed()
    assert first.differences == second.differences == []
    assert first.fingerprint == second.fingerprint
    assert first.same == {
        Kind.SHEET: 12, Kind.SCORE: 12, Kind.PROFILE: 3, Kind.COMPARED: 0, Kind.SIGNED: 0, Kind.PLACEMENT: 6,
        Kind.REPORT: 0,
    }  # fmt: skip


def test_nothing_is_written(people):
    with transaction(reads_only=True) as db:
        before = [db.scalar(select(func.count()).select_from(model)) for model in (Score, Profile, SignedResult)]
    recomputed()
    with transaction(reads_only=True) as db:
        assert before == [db.scalar(select(func.count()).select_from(one)) for one in (Score, Profile, SignedResult)]


def test_a_wave_and_a_person_are_computed_alone(house, people):
    with transaction(reads_only=True) as db:
        ((_sitting, nip), *_) = queries.sittings(db)
    assert recomputed(wave_id=house.wave_id).same[Kind.PROFILE] == 3
    assert recomputed(nip=nip).same[Kind.PROFILE] == 1
    assert recomputed(nip="0" * 18).named == []


def test_one_flipped_bit_in_a_stored_sheet_is_named(people):
    with transaction(reads_only=True) as db:
        body = db.execute(text("SELECT body FROM sheet WHERE attempt_id = 6")).scalar_one()
    place = body.index(b'"answers"') + 20
    flipped = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    tampered("sheet", "UPDATE sheet SET body = :body WHERE attempt_id = 6", body=flipped)
    report = recomputed()
    assert found(report) == [(Kind.SHEET, people[1], "2", Cause.CHANGED)]
    assert "changed_sheet" in report.differences[0].detail


def test_a_score_that_was_changed_with_its_hash_is_named_with_the_place(people):
    with transaction(reads_only=True) as db:
        body = db.execute(text("SELECT body FROM score WHERE attempt_id = 1")).scalar_one()
    changed = body.replace(b'"answered":', b'"answered":1', 1)
    tampered("score", "UPDATE score SET body = :b, sha256 = :h WHERE attempt_id = 1", b=changed, h=digest(changed))
    causes = found(recomputed())
    assert (Kind.SCORE, people[0], "1", Cause.ARITHMETIC) in causes
    assert (Kind.PROFILE, people[0]) in {(kind, who) for kind, who, _, _ in causes}  # it names a score that is gone


def test_a_score_whose_hash_no_longer_fits_is_named(people):
    tampered("score", "UPDATE score SET sha256 = :h WHERE attempt_id = 1", h="0" * 64)
    assert (Kind.SCORE, people[0], "1", Cause.CHANGED) in found(recomputed())


def test_a_score_that_is_gone_is_missed(people):
    tampered("score", "DELETE FROM score WHERE attempt_id = 1")
    assert (Kind.SCORE, people[0], "1", Cause.MISSING) in found(recomputed())


def test_another_engine_is_told_with_what_it_changes(people, monkeypatch):
    monkeypatch.setattr(scoring, "ENGINE_VERSION", "9.0.0")
    monkeypatch.setattr(actions, "ENGINE_VERSION", "9.0.0")
    report = recomputed()
    assert {(one.kind, one.cause) for one in report.differences} == {(Kind.SCORE, Cause.ENGINE)}
    assert all("same numbers" in one.detail for one in report.differences)


def test_a_key_that_is_gone_refuses_its_sheets_and_nobody_elses(people):
    with transaction(VAULT) as vault:
        vault.execute(text("DROP TRIGGER answer_key_refuses_delete"))
        name = vault.scalars(select(keys.AnswerKey.key_seal).limit(1)).one()
        vault.execute(text("DELETE FROM answer_key WHERE key_seal = :seal"), {"seal": name})
    causes = found(recomputed())
    assert [cause for _, _, _, cause in causes] == [Cause.REFUSED] * 3
    assert len({who for _, who, _, _ in causes}) == 3


def test_a_profile_that_was_changed_is_named(people):
    tampered("profile", "UPDATE profile SET sha256 = :h WHERE sitting_id = :who", h="0" * 64, who=people[2])
    assert (Kind.PROFILE, people[2]) in {(kind, who) for kind, who, _, _ in found(recomputed())}


def test_newer_rules_leave_what_is_stored_sound_and_are_told_as_what_would_change(people):
    with transaction() as db:
        kept = db.scalars(select(RuleSet)).one()
        document = {**kept.document, "version": "2027-1"}
        db.add(RuleSet(sha256=digest(canonical(document)), name=kept.name, effective=LATER, document=document))
    report = recomputed()
    assert found(report) == []
    assert {(kind, cause) for kind, _, _, cause in found(report, stale=True)} == {(Kind.PROFILE, Cause.RULES)}


def test_a_signed_result_that_was_changed_is_named(house, people):
    house.staff("hasan", Role.ASSESSOR)
    with transaction() as db:
        profile = db.scalars(select(Profile).where(Profile.sitting_id == people[0])).one()
        who = db.scalars(select(StaffAccount.account_id)).one()
        db.add(SignedResult(
            sitting_id=people[0], n=1, agency_id=profile.agency_id, profile_inputs=profile.inputs_sha256,
            document=profile.document, sha256="0" * 64, at=NOW, signed_by=who,
        ))  # fmt: skip
    report = recomputed()
    assert (Kind.SIGNED, people[0], "1", Cause.CHANGED) in found(report)
    assert (Kind.PLACEMENT, people[0], "talent", Cause.RESULT) in found(report, stale=True)


def test_a_placement_that_is_computed_again_a_month_later_is_the_same(people):
    with transaction() as db:
        talent.place_all(db, people, NOW + timedelta(days=31))
    assert recomputed().differences == []


@pytest.mark.parametrize(
    ("kept", "anew", "told"),
    [
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, "a[1].b: 2 -> 3"),
        ({"a": 1}, {"a": 1.0}, "a: 1 -> 1.0"),
        ({"a": 1}, {}, "a: only in what is stored"),
        ({}, {"a": 1}, "a: not in what is stored"),
        ([1], [1, 2], ": [1] -> [1, 2]"),
        ({"a": [1]}, {"a": [1]}, ""),
    ],
)
def test_the_first_place_that_differs_is_named(kept, anew, told):
    assert where(kept, anew) == told
