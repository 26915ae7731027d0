"""Work to do: a table that is the truth, and a message that is only a hint.

A job is written in the transaction of the fact that causes it, so there is never a fact without its work. Whoever works
claims a row with a lease; a worker that dies lets the lease run out and another takes the row. Redis, where there is
one, only makes it quicker.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

import structlog
from sqlalchemy import Index, String, Text, Update, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessment_app.platform import clock
from assessment_app.platform.db import Model, Moment, insert_new
from assessment_app.platform.settings import settings

log = structlog.get_logger(__name__)

BACK_OFF = (2, 10, 60, 300, 1800)
"""Seconds until a failed job is tried again; the last one repeats."""

MOST_TRIES = 12
"""After so many failures a job rests until a person looks: it blocks nobody else."""

BREAKER_SECONDS = 30.0
"""How long no hint is sent after Redis failed, so that only one request in half a minute waits for it."""

HINT_PATIENCE = {
    "socket_timeout": 1, "socket_connect_timeout": 1,
    "max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0,
}  # fmt: skip
"""Left alone, a publish waits six seconds for a Redis that is down, and for ever for one that was frozen."""


class Job(Model):
    """One piece of work: a task's name and the identifier that it works on."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_open", "done", "due"),
        Index("uq_job_task_subject", "task", "subject", unique=True),
    )

    job_id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    due: Mapped[Moment]
    leased_until: Mapped[Moment | None]
    tries: Mapped[int] = mapped_column(default=0)
    done: Mapped[Moment | None]
    failure: Mapped[str] = mapped_column(Text, default="")


class Duty(Model):
    """A periodic sweep and when it is due next."""

    __tablename__ = "duty"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due: Mapped[Moment]


def enqueue(db: Session, task: str, subject: str, now: datetime) -> None:
    """Ask for a task once per subject; asking again makes one due again that is done or gave up.

    Whoever works on it at this moment may have looked before the fact was there: the lease is taken back, so that
    ``finish`` does not end it and it is done once more.
    """
    if insert_new(db, Job, task=task, subject=subject, due=now):
        return
    job = db.scalars(select(Job).where(Job.task == task, Job.subject == subject).with_for_update()).one()
    if job.done is not None or job.tries >= MOST_TRIES:
        job.done, job.due, job.tries, job.failure = None, now, 0, ""
    job.leased_until = None
    db.flush()


def claim(db: Session, now: datetime, lease: timedelta) -> Job | None:
    """Take the oldest due job for the length of a lease; none if there is nothing to do."""
    open_jobs = select(Job.job_id).where(
        Job.done.is_(None), Job.due <= now, Job.tries < MOST_TRIES,
        (Job.leased_until.is_(None)) | (Job.leased_until < now),
    )  # fmt: skip
    first = open_jobs.order_by(Job.due, Job.job_id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
    taken = (
        update(Job).where(Job.job_id == first).values(leased_until=now + lease, tries=Job.tries + 1)
        .returning(Job).execution_options(synchronize_session=False)
    )  # fmt: skip
    return db.scalar(taken)


def finish(db: Session, job: Job, now: datetime) -> None:
    """Mark a job as done, unless its lease ran out and somebody else holds it, or it was asked for again."""
    db.execute(_while_held(job).values(done=now, leased_until=None, failure=""))


def fail(db: Session, job: Job, failure: str, now: datetime) -> None:
    """Give a job back with the reason, due again after the back-off; nothing if somebody else holds it by now."""
    wait = timedelta(seconds=BACK_OFF[min(job.tries, len(BACK_OFF)) - 1])
    db.execute(_while_held(job).values(due=now + wait, leased_until=None, failure=failure[:2000]))


def _while_held(job: Job) -> Update:
    return update(Job).where(
        Job.job_id == job.job_id, Job.tries == job.tries, Job.leased_until == job.leased_until, Job.done.is_(None)
    )


def backlog(db: Session, now: datetime) -> tuple[int, float, int]:
    """Count the open jobs, the age in seconds of the oldest due one, and the jobs that gave up."""
    count, oldest = db.execute(
        select(func.count(), func.min(Job.due)).where(Job.done.is_(None), Job.due <= now, Job.tries < MOST_TRIES)
    ).one()
    resting = db.scalar(select(func.count()).where(Job.done.is_(None), Job.tries >= MOST_TRIES)) or 0
    return count, (now - oldest).total_seconds() if count else 0.0, resting


def take_duty(db: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Tell whether a periodic sweep is due, and if so put its next time down, in one statement.

    A time further away than one round was written while the clock was wrong: it would silence the sweep until then.
    """
    due = (Duty.due <= now) | (Duty.due > now + every)
    moved = update(Duty).where(Duty.name == name, due).values(due=now + every).returning(Duty.name)
    if db.scalar(moved) is not None:
        return True
    return insert_new(db, Duty, name=name, due=now + every)


class Broker(Protocol):
    """Whoever can carry a hint to the workers."""

    def send_task(self, name: str, *, queue: str, ignore_result: bool, retry: bool) -> object:
        """Publish a message that names a task."""


@cache
def _broker(url: str) -> Broker:
    from celery import (
        Celery,
    )  # here, because the import costs a quarter of a second and one machine has no Redis

    app = Celery(broker=url, set_as_current=False)
    app.conf.broker_transport_options = HINT_PATIENCE
    broker: Broker = app
    return broker


_quiet_until = 0.0


def wake() -> None:
    """Hint to the workers that there is work, after the commit; a lost hint costs time, never work."""
    global _quiet_until  # one breaker for the process
    url = settings().redis_url
    if not url or clock.ticks() < _quiet_until:
        return
    from kombu.exceptions import OperationalError

    try:
        _broker(url).send_task("workers.tasks.hand_out", queue="scoring", ignore_result=True, retry=False)
    except OperationalError as error:
        _quiet_until = clock.ticks() + BREAKER_SECONDS
        log.warning("hint_not_sent", reason=type(error).__name__)
