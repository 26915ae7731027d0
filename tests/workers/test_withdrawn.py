"""A form that is withdrawn while people sit it: who is at it finishes, nobody new begins, nothing waits for it."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select

from assessment_app.accounts.rules import Officer
from assessment_app.exam.models import Sheet
from assessment_app.platform.db import VAULT, transaction
from assessment_app.scheduling import actions as scheduling
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.actions import WrongForms
from assessment_app.scheduling.messages import REHEARSAL, NewWave
from assessment_app.scheduling.models import WithdrawnForm
from assessment_app.scoring.models import Profile, Score
from item_bank import drafts, exposure, proposals, publishing
from item_bank.forms import FormExposure
from tests import factories
from tests.assessment_app.exam.browser import browser_of, document, first, slug
from tests.workers.sat import lab
from workers import sweeps, tasks


@pytest.fixture
def two(installation, moved_clock):
    """Two participants who signed in and agreed; nobody has begun."""
    with lab(installation) as (app, stage):
        browsers = [browser_of(app, nip, stage.pin, device=f"computer-{nip}") for nip in stage.nips[:2]]
        for browser in browsers:
            browser.sign_in()
            browser.agree()
        yield browsers


def withdraw(code, now):
    """Withdraw a form in the vault, and let the worker's sweep carry that over."""
    with transaction(VAULT) as vault:
        form = publishing.published_with_code(vault, code)
        assert form is not None
        assert proposals.withdraw(vault, form.form_id, "eka", "Satu butir bocor.", now)
    sweeps.deliver_forms(now)
    return form.form_id


def states(browser):
    return [attempt["state"] for attempt in document(browser.call("GET", "/sitting"))["attempts"]]


def answer(browser, n, seq):
    """Begin a part, answer its first item, and finish it."""
    item = browser.items(browser.start(n))[0]
    assert browser.save([(seq, item["id"], first(item))], n).status_code == 200
    return browser.finish(n, seq)


def test_who_is_at_a_form_that_is_withdrawn_finishes_it_and_nobody_new_begins(two, moved_clock):
    at_it, waiting = two
    item = at_it.items(at_it.start(1))[0]
    withdraw("mansoskul-demo", moved_clock.now())
    assert at_it.save([(1, item["id"], first(item))]).status_code == 200
    assert at_it.finish(1, 1).status_code == 200
    assert states(at_it) == ["sealed", "waiting", "waiting", "waiting"]
    assert states(waiting) == ["withdrawn", "waiting", "waiting", "waiting"]
    refused = waiting.start(1)
    assert (refused.status_code, slug(refused)) == (409, "closed")
    assert waiting.start(2).status_code == 200


def test_a_sitting_without_its_withdrawn_part_is_done_has_a_receipt_and_gets_its_profile(two, moved_clock):
    withdraw("mansoskul-demo", moved_clock.now())
    for seq, n in enumerate((2, 3, 4), start=1):
        assert answer(two[0], n, seq).status_code == 200
    assert document(two[0].call("GET", "/sitting"))["state"] == "done"
    assert len(document(two[0].call("GET", "/receipt"))["sheets"]) == 3
    tasks.hand_out()
    with transaction(reads_only=True) as db:
        (profile,) = db.scalars(select(Profile))
        assert len(db.scalars(select(Score)).all()) == 3
        assert len(profile.document["jpm"]["missing"]) == 9


def test_a_part_that_is_withdrawn_after_all_others_were_scored_holds_up_no_profile(two, moved_clock):
    for seq, n in enumerate((1, 2, 3), start=1):
        assert answer(two[0], n, seq).status_code == 200
    tasks.hand_out()
    with transaction(reads_only=True) as db:
        assert db.scalars(select(Profile)).all() == []
    withdraw("karier-demo", moved_clock.now())
    tasks.hand_out()
    with transaction(reads_only=True) as db:
        assert len(db.scalars(select(Profile)).all()) == 1
        assert len(db.scalars(select(Score)).all()) == 3


def test_a_withdrawal_is_carried_over_once_and_the_form_is_offered_to_no_wave(two, moved_clock):
    gone = withdraw("karier-demo", moved_clock.now())
    sweeps.deliver_forms(moved_clock.now())
    with transaction(reads_only=True) as db:
        assert [row.form_id for row in db.scalars(select(WithdrawnForm))] == [gone]
        assert gone not in {form.form_id for form in plans.forms(db)}
    with transaction() as db, pytest.raises(WrongForms, match="ditarik"):
        scheduling.add_wave(db, Officer(_agency(), "test"), NewWave("Lain", "pemetaan", (gone,)), moved_clock.now())


def _agency():
    with transaction(reads_only=True) as db:
        return plans.sessions_now(db, factories.NOW)[0].agency_id


def publish_for(purpose, now, **changes):
    """Publish a sample for a purpose, no demonstration, and deliver it; gives its name."""
    draft = drafts.samples()[0]
    words = {"purpose": purpose, "demonstration": False, "code": f"uji-{purpose}", **changes}
    shown = msgspec.structs.replace(draft.presentation, **words)
    with transaction(VAULT) as vault:
        form_id = publishing.publish(vault, msgspec.structs.replace(draft, presentation=shown), b"r" * 32, now).form_id
    sweeps.deliver_forms(now)
    return form_id


def test_a_form_of_a_rehearsal_is_for_rehearsals_and_one_of_an_assessment_is_not(two, moved_clock):
    now = moved_clock.now()
    rehearsal, real = publish_for("rehearsal", now), publish_for("assessment", now)
    by = Officer(_agency(), "test")
    with transaction() as db:
        scheduling.add_wave(db, by, NewWave("Gladi", REHEARSAL, (rehearsal,)), now)
        scheduling.add_wave(db, by, NewWave("Sungguhan", "pemetaan", (real,)), now)
    for purpose, form_id in (("pemetaan", rehearsal), (REHEARSAL, real)):
        with transaction() as db, pytest.raises(WrongForms, match="bukan untuk tujuan"):
            scheduling.add_wave(db, by, NewWave("Campur", purpose, (form_id,)), now)


def test_what_is_sat_in_a_rehearsal_becomes_no_result(installation, moved_clock, monkeypatch):
    monkeypatch.setattr(factories, "NewWave", lambda name, _purpose, forms: NewWave(name, REHEARSAL, forms))
    with lab(installation) as (app, stage):
        browser_of(app, stage.nips[0], stage.pin).walk()
    tasks.hand_out()
    with transaction(reads_only=True) as db:
        assert len(db.scalars(select(Score)).all()) == 4
        assert db.scalars(select(Profile)).all() == []


def test_the_vault_learns_how_often_a_form_was_finished_and_nothing_else(two, moved_clock):
    for browser in two:
        answer(browser, 1, 1)
    for _ in range(2):
        sweeps.count_exposure(moved_clock.now())
    with transaction(VAULT, reads_only=True) as vault:
        (row,) = vault.scalars(select(FormExposure))
        assert row.attempts == 2
        assert exposure.changed(vault, {row.form_id: 2, "0" * 64: 5}) == {}
    with transaction(reads_only=True) as db:
        assert {sheet.form_id for sheet in db.scalars(select(Sheet))} == {row.form_id}
