"""The worker of one machine: works while there is work, waits out a store that is away, stops when told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from assessment_app.platform import clock, db, queue
from assessment_app.platform.db import EXAM, transaction
from assessment_app.platform.queue import Job
from workers import embedded, tasks


@pytest.fixture
def done(on_sqlite, monkeypatch):
    noted: list[str] = []
    monkeypatch.setitem(tasks.TASKS, "note", noted.append)
    return noted


@pytest.fixture
def running(on_sqlite):
    stop = threading.Event()
    worker = threading.Thread(target=embedded.run, args=(stop,))
    worker.start()
    yield worker
    stop.set()
    worker.join(5)
    assert not worker.is_alive()


def ask(subject: str) -> None:
    with transaction() as session:
        queue.enqueue(session, "note", subject, clock.now())


def wait_for(happened: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    return happened()


def test_work_is_done_soon_after_it_is_asked_for(done, running):
    ask("a")
    assert wait_for(lambda: done == ["a"])


def test_a_store_that_is_away_is_waited_for(done, running, monkeypatch):
    there = db.engine_of(EXAM)
    monkeypatch.setitem(db._engines, EXAM, db.engine_for("sqlite:////nowhere/exam.db"))
    time.sleep(0.5)
    assert running.is_alive()
    monkeypatch.setitem(db._engines, EXAM, there)
    ask("a")
    assert wait_for(lambda: done == ["a"])


def test_a_failing_job_does_not_end_the_worker(done, running):
    with transaction() as session:
        queue.enqueue(session, "no such task", "a", clock.now())
    ask("b")
    assert wait_for(lambda: done == ["b"])
    assert running.is_alive()
    with transaction(reads_only=True) as session:
        assert wait_for(lambda: bool(session.scalar(select(Job.failure).where(Job.task == "no such task"))))
