"""Reports have a queue of their own: nobody's result waits for them, and they are not forgotten."""

from __future__ import annotations

import threading
import time

import pytest
from sqlalchemy import select

from assessment_app.platform import queue
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import Job
from assessment_app.reports.models import TASK
from tests.factories import NOW
from workers import embedded, tasks
from workers.tasks import Task


@pytest.fixture
def done(on_sqlite, monkeypatch):
    """What was issued; nobody is asked whether there is anything to issue."""
    noted: list[int] = []

    def note(subjects) -> dict:
        noted.extend(subjects)
        return {}

    monkeypatch.setitem(tasks.TASKS, TASK, Task(note, 10))
    return noted


def ask(*subjects: int) -> None:
    with transaction() as db:
        queue.enqueue_many(db, TASK, map(str, subjects), NOW)


def test_who_scores_leaves_reports_to_their_own_queue(done):
    ask(1, 2)
    assert not tasks.work_off()
    assert not tasks.work_off(newest=True)
    assert done == []
    tasks.report_hand_out()
    assert sorted(done) == [1, 2]


def test_a_slice_that_is_over_asks_for_another(done, monkeypatch):
    called: list[str] = []
    monkeypatch.setattr(queue, "wake", lambda task, named, expires: called.append(f"{task} {named} {expires}"))
    monkeypatch.setattr(tasks, "SLICE_SECONDS", -1.0)
    ask(*range(1, 26))
    tasks.report_hand_out()
    assert (len(done), called) == (10, ["report_hand_out reports 5.0"])


def test_the_sweep_calls_for_reports_where_some_wait_and_not_else(done, monkeypatch):
    called: list[str] = []
    monkeypatch.setattr(queue, "wake", lambda task, named, expires: called.append(f"{task} {named}"))
    tasks.sweep()
    ask(1)
    tasks.sweep()
    assert called == ["report_hand_out reports"]


def test_the_worker_of_one_machine_issues_them_too(done):
    ask(*range(1, 13))
    stop = threading.Event()
    worker = threading.Thread(target=embedded.run, args=(stop,))
    worker.start()
    until = time.monotonic() + 20
    while len(done) < 12 and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    worker.join(5)
    assert sorted(done) == list(range(1, 13))
    with transaction(reads_only=True) as db:
        assert all(job.done for job in db.scalars(select(Job).where(Job.task == TASK)))
