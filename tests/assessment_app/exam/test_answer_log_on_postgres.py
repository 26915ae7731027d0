"""What two connections do to each other, and what happens to the writer's own when the database goes away."""

from __future__ import annotations

import threading

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import OperationalError

from assessment_app.exam import actions, routes, rules
from assessment_app.exam.answer_log.log import AnswerLog
from assessment_app.exam.answer_log.writers import POSTGRES_STATEMENT, writer_for
from assessment_app.exam.messages import SignIn
from assessment_app.exam.models import AnswerEvent, Attempt, Gate, Sheet, Sitting
from assessment_app.exam.queries import facts, saved
from assessment_app.platform import db as pooled
from assessment_app.platform.db import ANSWERS, transaction
from assessment_app.platform.settings import settings
from assessment_app.servers import exam
from tests import factories, stores
from tests.assessment_app.exam.browser import browser_of, first, forget
from tests.assessment_app.exam.saves import commit, kept, let_go, open_gate, row, save, write


@pytest.fixture
def url(postgres, tmp_path):
    """An installation on PostgreSQL; gives the address of its answers."""
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls) as chosen:
        yield chosen.stores[ANSWERS]


@pytest.fixture
def writer(url):
    made = writer_for(url)
    yield made
    let_go(made)


def connect(url: str, **other) -> psycopg.Connection:
    """Come in by another door than the writer's."""
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(), **other)


def cut_connections(url: str) -> None:
    """End every connection to the writer's database but this one, as a restart of the database does."""
    with connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_cut_connection_is_survived(url, writer, monkeypatch):
    monkeypatch.setattr(pooled, "RESTED_S", 0.0)  # of those that the test itself reads by
    open_gate()
    log = AnswerLog(writer, patience_ms=3000)
    write(log, save(row(1)))
    cut_connections(url)
    assert write(log, save(row(2))) is not None
    assert len(kept()) == 2


def test_a_database_that_is_gone_fails_the_save_instead_of_holding_it(url):
    gone = writer_for(url.replace("host=", "host=/nowhere"))
    with pytest.raises(psycopg.OperationalError):
        gone.flush([save(row(1))])


@pytest.fixture
def working(url, moved_clock):
    """A participant at work on part 1."""
    forget()
    app, stage = exam.build(settings()), factories.stage()
    browser = browser_of(app, stage.nips[0], stage.pin)
    browser.sign_in()
    browser.agree()
    browser.start()
    yield browser
    let_go(app.answer_log._writer)


def test_closing_waits_for_a_save_in_flight(url, working):
    item = working.items(working.start())[0]
    change = row(1, item["id"], f'"{first(item)}"')
    told: list[int] = []
    with connect(url) as saving:
        saving.execute(POSTGRES_STATEMENT, ([1], Jsonb([change._asdict()])))
        closing = threading.Thread(target=lambda: told.append(working.finish().status_code))
        closing.start()
        closing.join(0.3)
        assert told == []
    closing.join(5)
    with transaction(reads_only=True) as db:
        assert (told, db.scalars(select(Sheet.answered)).all()) == ([200], [1])


def test_a_save_that_waited_for_the_closing_is_aside(writer):
    open_gate()
    with transaction(ANSWERS) as answers:
        answers.get_one(Gate, 1, with_for_update=True).closed = True
        answers.flush()
        saving = threading.Thread(target=lambda: writer.flush([save(row(1))]))
        saving.start()
        saving.join(0.3)
        assert saving.is_alive()
    saving.join(5)
    with transaction(ANSWERS, reads_only=True) as answers:
        assert answers.scalars(select(AnswerEvent.standing)).all() == [rules.Standing.ASIDE]


def test_pooled_connections_that_rested_survive_a_restart_of_the_database(url, monkeypatch):
    monkeypatch.setattr(pooled, "RESTED_S", 0.0)
    open_gate()
    cut_connections(url)
    for _ in range(2):
        with transaction(ANSWERS, reads_only=True) as answers:
            assert saved.gate(answers, 1) is not None


def test_a_connection_in_use_a_moment_ago_fails_once_when_the_database_restarts(url):
    open_gate()
    cut_connections(url)
    with pytest.raises(OperationalError), transaction(ANSWERS, reads_only=True) as answers:
        saved.gate(answers, 1)
    with transaction(ANSWERS, reads_only=True) as answers:
        assert saved.gate(answers, 1) is not None


def test_a_gate_that_somebody_holds_delays_nobody_else(writer):
    open_gate(1)
    open_gate(2)
    log = AnswerLog(writer, patience_ms=4000)
    held, free = save(row(1)), save(row(1, attempt=2))
    with transaction(ANSWERS) as answers:
        answers.execute(text("SELECT 1 FROM attempt_gate WHERE attempt_id = 1 FOR UPDATE"))
        assert commit(log, held, free) == [False, True]


def test_two_starts_at_the_same_time_set_one_deadline(url, working, moved_clock):
    """The second waits for the first, and must not act on what it saw before it waited."""
    working.finish(1)
    told: list[dict] = []
    with transaction() as db:
        facts.hold(db, 1)
        facts.attempt(facts.sitting(db, 1), 2).opened = moved_clock.now()
        db.flush()
        moved_clock.forward(seconds=30)
        second = threading.Thread(target=lambda: told.append(working.start(2).json))
        second.start()
        second.join(0.3)
        assert told == []
    second.join(5)
    with transaction(reads_only=True) as db:
        assert facts.attempt(facts.sitting(db, 1), 2).opened == factories.NOW


@pytest.mark.parametrize(("device", "status"), [("computer-7", 200), ("computer-8", 409)])
def test_two_browsers_that_come_first_together_make_one_sitting(url, working, moved_clock, device, status):
    nip, pin = "199001052014022003", working.pin
    told: list[int] = []
    with transaction() as db:
        actions.sign_in(db, SignIn(nip, pin, "computer-7"), routes._secrets(), moved_clock.now())
        other = browser_of(working.client.application, nip, pin, device=device)
        second = threading.Thread(target=lambda: told.append(other.sign_in().status_code))
        second.start()
        second.join(0.3)
        assert told == []
    second.join(5)
    assert told == [status]
    with transaction(reads_only=True) as db:
        sitting_id = select(Sitting.sitting_id).where(Sitting.device == "computer-7").scalar_subquery()
        assert db.scalar(select(func.count()).select_from(Attempt).where(Attempt.sitting_id == sitting_id)) == 4
