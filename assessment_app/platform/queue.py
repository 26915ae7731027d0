"""Work to do: a table that is the truth, and a message that is only a hint.

A job is written in the transaction of the fact that causes it, so there is never a fact without its work. Whoever works
claims a row with a lease; a worker that dies lets the lease run out and another takes the row. Redis, where there is
one, only makes it quicker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, Index, String, Text, Update, and_, case, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessment_app.platform import clock
from assessment_app.platform.db import Model, Moment, insert_new, insert_of
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


OPEN = text("done IS NULL")


class Hopeless(Exception):
    """Work that does not succeed by being tried again: a person has to mend something first.

    ``reason`` is a word that whoever shows it can look up; the message stays with the operators.
    """

    def __init__(self, reason: str, message: str) -> None:
        """Take the word for people and the message for operators, which holds no key and no answer."""
        super().__init__(message)
        self.reason = reason


class Job(Model):
    """One piece of work: a task's name and the identifier that it works on."""

    __tablename__ = "job"
    __table_args__ = (
        # Only what is open: done jobs stay for ever, and nobody looks for them by their time.
        Index("ix_job_open", "task", "due", "job_id", postgresql_where=OPEN, sqlite_where=OPEN),
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
    reason: Mapped[str] = mapped_column(String(30), default="", server_default="")  # of a failure, for people


class Duty(Model):
    """A periodic sweep and when it is due next."""

    __tablename__ = "duty"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due: Mapped[Moment]


def enqueue(db: Session, task: str, subject: str, now: datetime) -> None:
    """Ask for a task once; see ``enqueue_many``."""
    enqueue_many(db, task, [subject], now)


def enqueue_many(db: Session, task: str, subjects: Iterable[str], now: datetime) -> None:
    """Ask for a task once per subject; asking again makes one due again that is done or gave up.

    Whoever works on it at this moment may have looked before the fact was there: the lease is taken back, so that
    ``finish`` does not end it and it is done once more.
    """
    # One order for all who ask, so that none waits for a row of another who waits for one of ours.
    rows = [{"task": task, "subject": subject, "due": now} for subject in sorted(set(subjects))]
    if not rows:
        return
    new = insert_of(db)(Job)
    over = Job.done.is_not(None) | (Job.tries >= MOST_TRIES)
    again = {
        "due": case((over, new.excluded.due), else_=Job.due), "tries": case((over, 0), else_=Job.tries),
        "failure": case((over, ""), else_=Job.failure), "reason": case((over, ""), else_=Job.reason),
    }  # fmt: skip
    db.execute(
        new.on_conflict_do_update(
            index_elements=["task", "subject"], set_=again | {"done": None, "leased_until": None}
        ),
        rows,
    )


def due_task(db: Session, tasks: Iterable[str], now: datetime) -> str | None:
    """Name the first of some tasks that has something to do; only looks."""
    first = select(Job.job_id).order_by(Job.due, Job.job_id).limit(1)  # as the index stands: nothing else is read
    return next((task for task in tasks if db.scalar(first.where(_due(task, now)))), None)


def claim_many(
    db: Session, task: str, limit: int, now: datetime, lease: timedelta, *, newest: bool = False
) -> list[Job]:  # fmt: skip
    """Take due jobs of one task for the length of a lease, from the oldest on or from the newest; maybe none.

    All of them were tried equally often, and the more often the fewer they are: whatever it is that ends a worker
    without a word is alone in the end, and everybody else goes through.
    """
    order = (Job.due.desc(), Job.job_id.desc()) if newest else (Job.due, Job.job_id)
    tries = db.scalar(select(Job.tries).where(_due(task, now)).order_by(*order).limit(1))
    if tries is None:
        return []
    chosen = select(Job.job_id).where(_due(task, now), Job.tries == tries).order_by(*order)
    locked = chosen.limit(max(1, limit >> tries)).with_for_update(skip_locked=True).cte()
    taken = (
        update(Job).where(Job.job_id.in_(select(locked.c.job_id)))
        .values(leased_until=now + lease, tries=tries + 1).returning(Job)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return sorted(db.scalars(taken), key=lambda job: (job.due, job.job_id))


def _due(task: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        Job.done.is_(None), Job.task == task, Job.due <= now, Job.tries < MOST_TRIES,
        Job.leased_until.is_(None) | (Job.leased_until < now),
    )  # fmt: skip


def finish(db: Session, jobs: Sequence[Job], now: datetime) -> None:
    """Mark jobs of one claim as done, but those that somebody else holds by now, or that were asked for again."""
    if jobs:
        db.execute(_while_held(db, jobs).values(done=now, leased_until=None, failure="", reason=""))


def fail(db: Session, jobs: Sequence[Job], error: Exception, now: datetime) -> None:
    """Give jobs of one claim back with the reason, due again after the back-off; what is hopeless rests at once."""
    failure: dict[str, object] = {"leased_until": None, "failure": f"{type(error).__name__}: {error}"[:2000]}
    if isinstance(error, Hopeless):
        failure |= {"reason": error.reason, "failure": str(error)[:2000], "tries": MOST_TRIES}
    wait = timedelta(seconds=BACK_OFF[min(jobs[0].tries, len(BACK_OFF)) - 1])
    db.execute(_while_held(db, jobs).values(due=now + wait, **failure))


def try_again(db: Session, job_ids: Collection[int], now: datetime) -> None:
    """Make jobs that failed due at once, as if they had never been tried; nothing for those that are done by now."""
    fresh = {"due": now, "tries": 0, "failure": "", "reason": "", "leased_until": None}
    db.execute(update(Job).where(Job.job_id.in_(job_ids), Job.done.is_(None)).values(**fresh))


def _while_held(db: Session, jobs: Sequence[Job]) -> Update:
    """Change jobs of one claim as long as they are ours; locked in the order in which others ask for them."""
    ours = (
        select(Job.job_id).where(
            Job.job_id.in_([job.job_id for job in jobs]), Job.tries == jobs[0].tries,
            Job.leased_until == jobs[0].leased_until, Job.done.is_(None),
        )
        .order_by(Job.subject).with_for_update()
    )  # fmt: skip
    return update(Job).where(Job.job_id.in_(list(db.scalars(ours))))


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

    def send_task(
        self, name: str, *, queue: str, ignore_result: bool, retry: bool, expires: float | None
    ) -> object:  # fmt: skip
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


def wake(task: str = "hand_out", queue: str = "scoring", expires: float | None = None) -> None:
    """Hint to the workers that there is work, after the commit; a lost hint costs time, never work.

    After ``expires`` seconds nobody needs to heed it any more.
    """
    global _quiet_until  # one breaker for the process
    url = settings().redis_url
    if not url or clock.ticks() < _quiet_until:
        return
    from kombu.exceptions import OperationalError

    try:
        _broker(url).send_task(
            f"workers.tasks.{task}", queue=queue, ignore_result=True, retry=False, expires=expires
        )  # fmt: skip
    except OperationalError as error:
        _quiet_until = clock.ticks() + BREAKER_SECONDS
        log.warning("hint_not_sent", reason=type(error).__name__)
