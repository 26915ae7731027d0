"""Many sheets at once: each gets what it gets alone, and who cannot be served is named while all others are."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select, text, update

from assessment_app.exam.models import Attempt, Sheet
from assessment_app.platform.db import EXAM, VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.scheduling.models import Booking, Form
from assessment_app.scoring import actions
from assessment_app.scoring.models import Profile, Score
from assessment_app.scoring.rules.faults import Reason
from item_bank import keys
from item_bank.keys import AnswerKey
from scoring_engine.canonical import canonical, digest
from tests.assessment_app.scoring.house import BATTERY, FORMS, MAKERS, NOW, new_house, steady

LATER = NOW + timedelta(minutes=10)


def sat_house():
    """Let five people seal all four parts, each with answers of their own."""
    house = new_house()
    for number in range(5):
        house.sit(house.book(name=f"Peserta {number}"), steady(number / 4))
    return house


@pytest.fixture
def makers():
    return MAKERS | {"sat": sat_house}


@pytest.fixture
def sat(house):
    """Attempts of five people who sealed everything."""
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Attempt.attempt_id).order_by(Attempt.attempt_id)))


def score(*attempts):
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        return actions.score_attempts(db, vault, attempts)


def keep(done):
    with transaction() as db:
        actions.keep_scores(db, done.made, LATER)


def profile(*sittings):
    with transaction(reads_only=True) as db:
        return actions.make_profiles(db, sittings, LATER)


def reasons(done):
    return {one: error.reason for one, error in done.refused.items()}


def unprotected(store, table):
    """Let a table be changed that refuses it, as somebody could who has the file in hand."""
    with transaction(store) as db:
        wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in db.scalars(wanted, {"table": table}).all():
            db.execute(text(f"DROP TRIGGER {name}"))


def part(attempts, n, person=0):
    return attempts[len(BATTERY) * person + n - 1]


def test_scores_of_many_are_those_of_each_alone(sat):
    together = {one.sealed.attempt_id: one.body for one in score(*sat).made}
    assert together == {one: score(one).made[0].body for one in sat}
    assert len(set(together.values())) == len(sat)


def test_profiles_of_many_are_those_of_each_alone_also_where_something_is_missing(house, sat):
    house.sit(
        house.book(level="administrator"), lambda _code, key: None if key.id == "ms-int-01" else steady(0.6)(_code, key)
    )
    with transaction(reads_only=True) as db:
        attempts = list(db.scalars(select(Attempt.attempt_id)))
    keep(score(*attempts))
    together = {one.sat.sitting_id: (one.inputs_sha256, one.body) for one in profile(*range(1, 7)).made}
    alone = [profile(one).made[0] for one in range(1, 7)]
    assert together == {one.sat.sitting_id: (one.inputs_sha256, one.body) for one in alone}
    assert [msgspec.json.decode(one.body)["jpm"]["chances"] is None for one in alone] == [False] * 5 + [True]


def test_keeping_twice_keeps_once(sat):
    done = score(*sat)
    keep(done)
    keep(done)
    with transaction(reads_only=True) as db:
        assert sorted(db.scalars(select(Score.attempt_id))) == sat
        asked = db.execute(select(Job.task, Job.subject).where(Job.task == "make_profile")).all()
        assert sorted(asked) == [("make_profile", str(one)) for one in range(1, 6)]


def test_a_sheet_of_which_one_bit_was_turned_is_refused_and_the_others_are_scored(sat):
    unprotected(EXAM, "sheet")
    with transaction() as db:
        sheet = db.get_one(Sheet, sat[0])
        sheet.body = sheet.body[:-3] + bytes([sheet.body[-3] ^ 1]) + sheet.body[-2:]
    done = score(*sat)
    assert reasons(done) == {sat[0]: Reason.CHANGED_SHEET}
    assert len(done.made) == len(sat) - 1


def test_a_sheet_that_names_another_key_than_its_form_is_refused(sat):
    unprotected(EXAM, "sheet")
    with transaction() as db:
        sheet, other = db.get_one(Sheet, part(sat, 1)), db.get_one(Sheet, part(sat, 2))
        body = msgspec.json.decode(sheet.body) | {"key_seal": other.key_seal}
        sheet.body, sheet.key_seal = canonical(body), other.key_seal
        sheet.sha256 = digest(sheet.body)
    assert reasons(score(*sat)) == {part(sat, 1): Reason.OTHER_KEY}


def test_a_sheet_of_another_attempt_is_refused(sat):
    unprotected(EXAM, "sheet")
    with transaction() as db:
        mine, theirs = db.get_one(Sheet, part(sat, 1)), db.get_one(Sheet, part(sat, 1, person=4))
        mine.body, mine.sha256 = theirs.body, theirs.sha256
    assert reasons(score(*sat)) == {part(sat, 1): Reason.OTHER_KEY}


def seal_of(code):
    with transaction(reads_only=True) as db:
        return db.scalars(select(Form.key_seal).where(Form.code == code)).one()


def test_a_key_that_is_gone_or_was_changed_refuses_its_form_alone(sat):
    unprotected(VAULT, "answer_key")
    with transaction(VAULT) as vault:
        vault.delete(vault.get_one(AnswerKey, seal_of(BATTERY[0])))
        changed = vault.get_one(AnswerKey, seal_of(BATTERY[1]))
        changed.document = changed.document.replace(b"assumed", b"assumes")
    done = score(*sat)
    assert sorted(reasons(done).values()) == sorted([Reason.NO_KEY, Reason.BROKEN_KEY] * 5)
    assert len(done.made) == 10


def publish_key(change):
    """Give the first form a key in which something was changed, sealed as it is; its sheets come to name it."""
    for table in ("sheet", "form"):
        unprotected(EXAM, table)
    with transaction(VAULT) as vault:
        key = keys.key_of(vault, seal_of(BATTERY[0]))
        seal = keys.keep(vault, change(key), NOW)
    with transaction() as db:
        form_id = db.scalars(select(Form.form_id).where(Form.code == BATTERY[0])).one()
        db.execute(update(Form).where(Form.form_id == form_id).values(key_seal=seal))
        for sheet in db.scalars(select(Sheet).where(Sheet.form_id == form_id)):
            sheet.body = canonical(msgspec.json.decode(sheet.body) | {"key_seal": seal})
            sheet.key_seal, sheet.sha256 = seal, digest(sheet.body)


def test_an_answer_that_the_key_does_not_know_is_found_among_many(sat):
    def without_the_best_answer(key):
        first, *others = key.items
        best = max(first.credit, key=lambda option: first.credit[option])
        credit = {f"{name}-new" if name == best else name: one for name, one in first.credit.items()}
        return msgspec.structs.replace(key, items=(msgspec.structs.replace(first, credit=credit), *others))

    publish_key(without_the_best_answer)
    with pytest.raises(ValueError, match="does not know"):
        score(*sat)
    alone = {one: reasons(score(one)).get(one) for one in sat}
    assert {one for one, reason in alone.items() if reason == Reason.UNKNOWN_ANSWER} >= {part(sat, 1, person=4)}
    assert sum(reason is None for reason in alone.values()) >= 15


def test_an_item_whose_parameters_do_not_fit_refuses_its_form_alone(sat, monkeypatch):
    real = keys.for_scoring

    def without_parameters(key):
        earns, models, recipe = real(key)
        return earns, {name: one for name, one in models.items() if name != "ms-int-01"}, recipe

    monkeypatch.setattr(keys, "for_scoring", without_parameters)
    done = score(*sat)
    assert reasons(done) == {part(sat, 1, person): Reason.NO_PARAMETERS for person in range(5)}
    assert len(done.made) == 15


def test_what_has_no_sheet_or_sitting_is_refused(sat):
    assert reasons(score(sat[0], 999)) == {999: Reason.NO_SHEET}
    assert reasons(profile(999)) == {999: Reason.NO_SHEET}


@pytest.mark.parametrize("missing", [{"post": ""}, {"job_level": "lain"}])
def test_who_has_no_post_or_no_standard_is_refused_and_the_others_get_their_profile(sat, missing):
    keep(score(*sat))
    with transaction() as db:
        db.execute(update(Booking).where(Booking.name == "Peserta 2").values(**missing))
    done = profile(*range(1, 6))
    assert reasons(done) == {3: Reason.NO_STANDARD}
    assert [one.sat.sitting_id for one in done.made] == [1, 2, 4, 5]


def test_without_rules_in_force_everybody_is_refused_with_that_reason(sat):
    keep(score(*sat))
    unprotected(EXAM, "rule_set")
    with transaction() as db:
        db.execute(text("DELETE FROM rule_set"))
    assert reasons(profile(1, 2)) == {1: Reason.NO_RULES, 2: Reason.NO_RULES}


def test_no_message_of_a_refusal_holds_an_answer_or_says_what_is_right(sat):
    unprotected(VAULT, "answer_key")
    with transaction(VAULT) as vault:
        for row in vault.scalars(select(AnswerKey)):
            vault.delete(row)
    told = " ".join(str(error) for error in score(*sat).refused.values())
    known = {option for draft in FORMS.values() for key in draft.keys for option in (key.id, *key.rationale.values())}
    assert not [one for one in known if one in told]


@pytest.mark.parametrize(
    "change",
    [
        lambda key: msgspec.structs.replace(key, parameters="calibrated"),
        lambda key: msgspec.structs.replace(key, recipe=msgspec.structs.replace(key.recipe, version=99)),
        lambda key: msgspec.structs.replace(
            key, items=(msgspec.structs.replace(key.items[0], a=0.123), *key.items[1:])
        ),
    ],
)
def test_a_corrected_parameter_or_recipe_is_another_seal_and_so_another_score_beside_the_old_one(sat, change):
    """What the primary key of a score leaves to the seal: it names parameters and recipe as well."""
    keep(score(*sat))
    publish_key(change)
    keep(score(*sat))
    with transaction(reads_only=True) as db:
        found = db.scalars(select(Score.body).where(Score.attempt_id == part(sat, 1))).all()
        assert len(set(found)) == 2
        assert db.scalars(select(Profile)).all() == []
