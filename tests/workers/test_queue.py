"""The job table on both stores: no fact without its work, nobody held up, everything once more rather than never."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from assessment_app.platform import queue
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import BACK_OFF, MOST_TRIES, Job
from tests import stores
from tests.factories import NOW
from workers import tasks
from workers.tasks import Task

LEASE = timedelta(seconds=60)


def note(monkeypatch, at_once=1) -> list[int]:
    noted: list[int] = []

    def run(subjects) -> dict:
        noted.extend(subjects)
        return {}

    monkeypatch.setitem(tasks.TASKS, "note", Task(run, at_once))
    return noted


@pytest.fixture
def done(installation, moved_clock, monkeypatch):
    """Subjects on which the task 'note' was done, in order."""
    return note(monkeypatch)


def ask(*subjects: str, task: str = "note", now=NOW) -> None:
    with transaction() as db:
        for subject in subjects:
            queue.enqueue(db, task, subject, now)


def claim(now=NOW, limit=1, **how) -> list[Job]:
    with transaction() as db:
        return queue.claim_many(db, "note", limit, now, LEASE, **how)


def jobs() -> list[Job]:
    with transaction(reads_only=True) as db:
        return list(db.scalars(select(Job).order_by(Job.job_id)))


def work_off() -> int:
    return sum(iter(tasks.work_off, False))


def test_what_is_asked_for_is_done_in_order(done):
    ask("1", "2", "3")
    assert (work_off(), done) == (3, [1, 2, 3])


def test_what_is_asked_for_twice_is_done_once(done):
    ask("1", "1")
    work_off()
    assert done == [1]


def test_what_is_asked_for_again_after_it_was_done_is_done_again(done):
    ask("1")
    work_off()
    ask("1")
    work_off()
    assert done == [1, 1]


def ask_and_fail() -> None:
    with transaction() as db:
        queue.enqueue(db, "note", "1", NOW)
        raise ZeroDivisionError


def test_a_fact_that_is_rolled_back_leaves_no_work(done):
    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert work_off() == 0


def test_a_leased_job_is_nobody_elses(done):
    ask("1")
    claim()
    assert claim(NOW + LEASE) == []


def test_a_lease_that_ran_out_is_claimed_by_another(done):
    ask("1")
    (first,), (second,) = claim(), claim(NOW + LEASE + timedelta(microseconds=1))
    assert (first.job_id, second.tries) == (second.job_id, 2)


def test_who_comes_back_after_the_lease_ends_nothing_for_the_other(done):
    ask("1")
    first, later = claim(), NOW + 2 * LEASE
    claim(later)
    with transaction() as db:
        queue.finish(db, first, later)
        queue.fail(db, first, ValueError("late"), later)
    assert [(job.done, job.failure, job.leased_until) for job in jobs()] == [(None, "", later + LEASE)]


def test_what_is_asked_for_while_somebody_works_on_it_is_done_once_more(done):
    """The one who works may have looked before the fact was there: without this a profile would never be made."""
    ask("1")
    working = claim()
    ask("1")
    with transaction() as db:
        queue.finish(db, working, NOW)
    assert (work_off(), done) == (1, [1])


def always(_subjects) -> dict:
    raise ValueError("no such key")


FAILS = Task(always, 1)


def test_a_failed_job_is_put_back_with_its_reason_and_blocks_nobody(done, monkeypatch, moved_clock):
    monkeypatch.setitem(tasks.TASKS, "fail", FAILS)
    ask("1", task="fail")
    ask("2")
    work_off()
    failed, sound = jobs()
    assert (failed.done, failed.failure) == (None, "ValueError: no such key")
    assert (failed.due, done, sound.done) == (NOW + timedelta(seconds=BACK_OFF[0]), [2], NOW)


def test_a_failed_job_waits_longer_each_time_and_rests_in_the_end(done, moved_clock, monkeypatch):
    monkeypatch.setitem(tasks.TASKS, "fail", FAILS)
    ask("1", task="fail")
    waits = []
    while tasks.work_off():
        waits.append(round((jobs()[0].due - moved_clock.now()).total_seconds()))
        moved_clock.moment = jobs()[0].due
    assert waits == [*BACK_OFF, *[BACK_OFF[-1]] * (MOST_TRIES - len(BACK_OFF))]
    with transaction(reads_only=True) as db:
        assert queue.backlog(db, moved_clock.now()) == (0, 0.0, 1)


def test_a_job_that_gave_up_is_due_again_when_it_is_asked_for(done):
    ask("1")
    with transaction() as db:
        db.scalars(select(Job)).one().tries = MOST_TRIES
    assert work_off() == 0
    ask("1")
    assert (work_off(), done) == (1, [1])


def test_the_backlog_tells_how_long_the_oldest_has_waited(done):
    ask("1", "2")
    with transaction(reads_only=True) as db:
        assert queue.backlog(db, NOW + timedelta(seconds=7)) == (2, 7.0, 0)


def test_a_duty_is_taken_once_in_its_time(installation):
    with transaction() as db:
        took = [queue.take_duty(db, "sweep", LEASE, NOW + late * LEASE) for late in (0, 0, 0.5, 1, 1)]
    assert took == [True, False, False, True, False]


@pytest.fixture
def on_postgres(postgres, tmp_path):
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls) as chosen:
        yield chosen


def test_two_who_ask_at_the_same_time_ask_once(on_postgres):
    with transaction() as db:
        queue.enqueue(db, "note", "1", NOW)
        other = threading.Thread(target=ask, args=("1",))
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(5)
    assert len(jobs()) == 1


def test_two_workers_take_two_jobs_and_none_waits(on_postgres):
    ask("1", "2")
    with transaction() as db:
        claimed = [*queue.claim_many(db, "note", 1, NOW, LEASE), *claim()]
    assert {job.subject for job in claimed} == {"1", "2"}


def test_who_asks_while_the_worker_ends_is_heard(on_postgres):
    """The asking commits between the worker's last look and its 'done'."""
    ask("1")
    working = claim()
    with transaction() as db:
        queue.enqueue(db, "note", "1", NOW)
        ending = threading.Thread(target=lambda: end(working))
        ending.start()
        ending.join(0.3)
        assert ending.is_alive()
    ending.join(5)
    assert jobs()[0].done is None


def end(jobs: list[Job]) -> None:
    with transaction() as db:
        queue.finish(db, jobs, NOW)
