"""From a sealed sheet to a placement, and the sweeps: on both stores, once or again, with the same bytes."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from assessment_app.exam import actions as exam
from assessment_app.exam.models import Sheet
from assessment_app.platform import queue
from assessment_app.platform.db import VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.scheduling import queries as plans
from assessment_app.scheduling.models import Form
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import Placement
from item_bank import drafts, publishing
from item_bank.forms import PublishedForm
from tests import factories, stores
from tests.assessment_app.exam.browser import browser_of, first
from tests.workers.sat import lab, walked
from workers import sweeps, tasks
from workers.schedule import Sweep


def results() -> list[object]:
    """Give every byte that was computed."""
    in_order = select(Placement).order_by(Placement.sitting_id, Placement.definition)
    with transaction(reads_only=True) as db:
        return [
            *db.scalars(select(Score.body).order_by(Score.attempt_id)),
            *db.scalars(select(Profile.sha256).order_by(Profile.sitting_id)),
            *(json.dumps(one.document, sort_keys=True) for one in db.scalars(in_order)),
        ]


def open_jobs() -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.done.is_(None))) or 0


def test_a_sitting_is_scored_described_and_placed(installation, moved_clock):
    walked(installation)
    tasks.hand_out()
    assert (len(results()), open_jobs()) == (4 + 1 + 2, 0)


def test_doing_everything_again_adds_nothing_and_changes_no_byte(installation, moved_clock):
    walked(installation)
    tasks.hand_out()
    before = results()
    with transaction() as db:
        for job in db.scalars(select(Job)).all():
            queue.enqueue(db, job.task, job.subject, moved_clock.now())
    tasks.hand_out()
    assert (results(), open_jobs()) == (before, 0)


def test_both_stores_give_the_same_bytes(service_run, postgres, tmp_path, moved_clock):
    found = []
    files = stores.copied(stores.sqlite_template(service_run), tmp_path)
    with stores.opened(tmp_path, files) as chosen:
        walked(chosen)
        tasks.hand_out()
        found.append(results())
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls) as chosen:
        walked(chosen)
        tasks.hand_out()
        found.append(results())
    assert found[0] == found[1]


def test_no_profile_before_the_last_part_is_scored(installation, moved_clock):
    with lab(installation) as (app, stage):
        browser = browser_of(app, stage.nips[0], stage.pin)
        browser.sign_in()
        browser.agree()
        browser.start()
        browser.finish()
    tasks.hand_out()
    with transaction(reads_only=True) as db:
        assert (len(db.scalars(select(Score)).all()), db.scalars(select(Profile)).all()) == (1, [])


@pytest.fixture
def left(installation, moved_clock):
    """A browser that saved one answer and never came back; gives how long it had."""
    with lab(installation) as (app, stage):
        for number, nip in enumerate(stage.nips[:2]):
            browser = browser_of(app, nip, stage.pin, device=f"computer-{number}")
            browser.sign_in()
            browser.agree()
            item = browser.items(browser.start())[0]
            browser.save([(1, item["id"], first(item))])
        yield browser.sitting["attempts"][0]["time_limit_ms"]


def answered() -> list[int]:
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Sheet.answered).order_by(Sheet.attempt_id)))


def test_an_attempt_whose_browser_never_came_back_is_sealed_by_the_sweep(left, moved_clock):
    moved_clock.forward(milliseconds=left + 120_001)
    sweeps.close_overdue(moved_clock.now())
    assert (answered(), open_jobs()) == ([1, 1], 2)


def test_within_grace_the_sweep_leaves_an_attempt_open(left, moved_clock):
    moved_clock.forward(milliseconds=left + 120_000)
    sweeps.close_overdue(moved_clock.now())
    assert answered() == []


def test_the_sweep_seals_once(left, moved_clock):
    moved_clock.forward(milliseconds=left + 120_001)
    for _ in range(2):
        sweeps.close_overdue(moved_clock.now())
    assert (answered(), open_jobs()) == ([1, 1], 2)


def test_an_attempt_that_cannot_be_sealed_holds_up_no_other(left, moved_clock, monkeypatch):
    seal, refused = exam.seal, list[tuple]()

    def refuse_once(*given):
        if not refused:
            refused.append(given)
            raise ValueError("a fault of ours")
        return seal(*given)

    monkeypatch.setattr(exam, "seal", refuse_once)
    moved_clock.forward(milliseconds=left + 120_001)
    sweeps.run(moved_clock.now())
    assert answered() == [1]
    moved_clock.forward(seconds=10)
    sweeps.run(moved_clock.now())
    assert answered() == [1, 1]


def test_the_sweep_alone_does_all_the_work(left, moved_clock):
    moved_clock.forward(milliseconds=left + 120_001)
    tasks.sweep()
    with transaction(reads_only=True) as db:
        assert len(db.scalars(select(Score)).all()) == 2


def test_published_forms_are_delivered_by_the_sweep(installation, moved_clock):
    with transaction(VAULT) as vault:
        for number, draft in enumerate(drafts.samples()):
            publishing.publish(vault, draft, bytes([number]) * 32, moved_clock.now())
    for _ in range(2):
        sweeps.run(moved_clock.now())
        moved_clock.forward(seconds=10)
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        delivered = {form.form_id: form.presentation for form in db.scalars(select(Form))}
        assert delivered == {form.form_id: form.document for form in vault.scalars(select(PublishedForm))}


def test_a_form_that_was_delivered_is_not_read_from_the_vault_again(installation, moved_clock):
    factories.published()
    with transaction(reads_only=True) as db, transaction(VAULT, reads_only=True) as vault:
        assert len(plans.published(vault)) == 4
        assert plans.published(vault, plans.form_ids(db)) == []


def test_a_sweep_that_fails_holds_up_no_other(installation, moved_clock, monkeypatch):
    def fail(_now):
        raise ValueError("a fault of ours")

    ran: list[datetime] = []
    first_one, *others = sweeps.SWEEPS
    heard = [Sweep(one.name, one.every, ran.append) for one in others]
    monkeypatch.setattr(sweeps, "SWEEPS", (Sweep(first_one.name, first_one.every, fail), *heard))
    sweeps.run(moved_clock.now())
    assert ran == [factories.NOW] * len(others)


def test_what_a_dead_worker_held_is_done_by_another(installation, moved_clock):
    walked(installation)
    with transaction() as db:
        db.execute(update(Job).values(leased_until=moved_clock.now(), tries=1))
    tasks.hand_out()
    assert results() == []
    moved_clock.forward(milliseconds=1)
    tasks.hand_out()
    assert len(results()) == 4 + 1 + 2
