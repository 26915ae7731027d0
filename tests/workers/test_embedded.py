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
from workers.tasks import Task


@pytest.fixture
def done(on_sqlite, monkeypatch):
    noted: list[int] = []

    def note(subjects) -> dict:
        noted.extend(subjects)
        return {}

    def fail(_subjects) -> dict:
        raise ValueError("a fault of ours")

    monkeypatch.setitem(tasks.TASKS, "note", Task(note, 10))
    monkeypatch.setitem(tasks.TASKS, "fail", Task(fail, 10))
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
    ask("1")
    assert wait_for(lambda: done == [1])


def test_a_store_that_is_away_is_waited_for(done, running, monkeypatch):
    there = db.engine_of(EXAM)
    monkeypatch.setitem(db._engines, EXAM, db.engine_for("sqlite:////nowhere/exam.db"))
    time.sleep(0.5)
    assert running.is_alive()
    monkeypatch.setitem(db._engines, EXAM, there)
    ask("1")
    assert wait_for(lambda: done == [1])


def test_a_failing_job_does_not_end_the_worker(done, running):
    with transaction() as session:
        queue.enqueue(session, "fail", "1", clock.now())
    ask("2")
    assert wait_for(lambda: done == [2])
    assert running.is_alive()
    assert wait_for(lambda: "a fault of ours" in failure_of("fail"))


def failure_of(task: str) -> str:
    with transaction(reads_only=True) as session:
        return session.scalar(select(Job.failure).where(Job.task == task)) or ""
