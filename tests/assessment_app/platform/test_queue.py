"""The job table between processes; what a worker does with it is tested with the workers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assessment_app.platform import queue
from assessment_app.platform.db import transaction

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ROUND = timedelta(seconds=10)


def take(now: datetime) -> bool:
    with transaction() as db:
        return queue.take_duty(db, "sweep", ROUND, now)


def test_a_duty_is_due_again_after_its_round(installation):
    assert [take(NOW + timedelta(seconds=later)) for later in (0, 0, 9.9, 10, 3600)] == [True, False, False, True, True]


def test_a_clock_that_was_wrong_once_does_not_silence_a_sweep(installation):
    assert take(NOW + timedelta(days=3650))
    assert take(NOW)


def test_two_tasks_of_one_subject_are_two_jobs(installation):
    with transaction() as db:
        for task in ("score_attempt", "place", "place"):
            queue.enqueue(db, task, "1", NOW)
        assert queue.backlog(db, NOW)[0] == 2
