"""Many jobs at once: one that fails is found by halving and holds nobody up, even if it ends the worker wordless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from assessment_app.platform import queue
from assessment_app.platform.db import transaction
from assessment_app.platform.queue import MOST_TRIES, Hopeless, Job
from tests.factories import NOW
from workers import tasks
from workers.tasks import Task

LEASE = timedelta(seconds=60)


class Work:
    """A task that keeps what it was given; some subjects it cannot bear."""

    def __init__(self) -> None:
        self.given: list[list[int]] = []
        self.done: list[int] = []
        self.bad: dict[int, BaseException] = {}
        self.refused: dict[int, Hopeless] = {}

    def __call__(self, subjects: Sequence[int]) -> dict[int, Hopeless]:
        self.given.append(list(subjects))
        for one in subjects:
            if one in self.bad:
                raise self.bad[one]
        self.done += [one for one in subjects if one not in self.refused]
        return {one: self.refused[one] for one in subjects if one in self.refused}


@pytest.fixture
def work(installation, moved_clock, monkeypatch):
    """The task 'work', sixteen at a time."""
    made = Work()
    monkeypatch.setitem(tasks.TASKS, "work", Task(made, 16))
    return made


def ask(*subjects: int, now=NOW) -> None:
    with transaction() as db:
        queue.enqueue_many(db, "work", map(str, subjects), now)


def claim(limit: int, now=NOW, *, newest: bool = False) -> list[int]:
    with transaction() as db:
        return [int(job.subject) for job in queue.claim_many(db, "work", limit, now, LEASE, newest=newest)]


def jobs(wanted: Callable[[Job], object]) -> list[int]:
    with transaction(reads_only=True) as db:
        return sorted(int(job.subject) for job in db.scalars(select(Job)) if wanted(job))


def the_job(subject: int) -> Job:
    with transaction(reads_only=True) as db:
        return db.scalars(select(Job).where(Job.subject == str(subject))).one()


def work_off() -> None:
    while tasks.work_off():
        pass


def test_many_are_done_at_once_and_each_once(work):
    ask(*range(1, 41))
    work_off()
    assert sorted(map(len, work.given)) == [8, 16, 16]
    assert sorted(work.done) == list(range(1, 41)) == jobs(lambda job: job.done)


def test_one_that_fails_is_found_and_everybody_else_is_done(work):
    work.bad[7] = ValueError("poison")
    ask(*range(1, 17))
    work_off()
    assert sorted(work.done) == [one for one in range(1, 17) if one != 7]
    assert jobs(lambda job: job.failure) == [7]
    assert len(work.given) == 1 + 2 * 4  # the whole, then both halves of what holds it, four times


def test_who_is_refused_rests_at_once_with_a_reason_and_is_not_tried_again(work):
    work.refused[3] = Hopeless("no_key", "the vault holds no key")
    ask(1, 2, 3)
    work_off()
    refused = the_job(3)
    assert (refused.tries, refused.reason, refused.failure) == (MOST_TRIES, "no_key", "the vault holds no key")
    assert (work.given, jobs(lambda job: job.done)) == ([[1, 2, 3]], [1, 2])


def test_what_gave_up_has_a_clean_sheet_when_it_is_asked_for_again(work):
    work.refused[3] = Hopeless("no_key", "the vault holds no key")
    ask(3)
    work_off()
    work.refused.clear()
    ask(3)
    assert (the_job(3).reason, the_job(3).failure, the_job(3).tries) == ("", "", 0)
    work_off()
    assert jobs(lambda job: job.done) == [3]


def test_a_store_that_is_away_is_nobodys_fault_and_no_half_is_tried(work):
    work.bad[1] = OperationalError("SELECT", {}, Exception("away"))
    ask(1, 2, 3, 4)
    work_off()
    assert work.given == [[1, 2, 3, 4]]
    assert jobs(lambda job: job.failure and job.due > NOW) == [1, 2, 3, 4]


def test_what_ends_the_worker_without_a_word_is_alone_in_the_end_and_the_others_are_done(work, moved_clock):
    """A sheet that lets the process be killed takes a whole batch with it: its jobs come back in ever smaller ones."""

    class Killed(BaseException):
        pass

    work.bad[5] = Killed()
    ask(*range(1, 17))
    for _ in range(200):
        try:
            work_off()
        except Killed:
            moved_clock.forward(seconds=61)
    assert sorted(work.done) == [one for one in range(1, 17) if one != 5]
    assert jobs(lambda job: not job.done) == [5]
    assert the_job(5).tries == MOST_TRIES


def test_the_newest_can_be_taken_before_what_has_waited_long(work):
    ask(1, 2, 3)
    ask(4, 5, now=NOW + LEASE)
    assert claim(2, NOW + LEASE, newest=True) == [4, 5]
    assert claim(2, NOW + LEASE) == [1, 2]


def test_no_claim_mixes_what_was_tried_with_what_was_not(work):
    ask(1, 2)
    claim(2)
    later = NOW + 2 * LEASE
    ask(3, 4, 5, now=later)
    assert [claim(4, later) for _ in range(4)] == [[1, 2], [3, 4, 5], [], []]


def test_a_job_that_was_asked_for_again_meanwhile_is_not_ended_with_the_others(work):
    ask(1, 2)
    with transaction() as db:
        mine = queue.claim_many(db, "work", 2, NOW, LEASE)
    ask(2)
    with transaction() as db:
        queue.finish(db, mine, NOW)
    assert jobs(lambda job: job.done) == [1]


def test_a_job_of_a_name_that_this_worker_does_not_know_is_left_to_one_that_does(work):
    with transaction() as db:
        queue.enqueue(db, "of tomorrow", "1", NOW)
    assert not tasks.work_off()
    assert the_job(1).tries == 0
