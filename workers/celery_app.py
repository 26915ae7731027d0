"""The Celery application: how messages travel at scale. On one machine the same tasks are called without it."""

from __future__ import annotations

import os
import signal

from celery import Celery, signals

from assessment_app.platform import db, logs, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, StoreName
from assessment_app.platform.lifeline import end_with_parent
from workers.schedule import SWEEP_SECONDS

STORES: tuple[StoreName, ...] = (EXAM, ANSWERS, VAULT)


def _make() -> Celery:
    if not settings.in_use():
        settings.use(settings.load())
    made = Celery("proasn", broker=settings.settings().redis_url or "memory://", include=["workers.tasks"])
    made.conf.update(
        task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1, task_ignore_result=True,
        task_default_queue="scoring", broker_connection_retry_on_startup=True, worker_hijack_root_logger=False,
        # The defaults lose patience, not tasks: an unacknowledged message would come back after an hour.
        broker_transport_options={
            "visibility_timeout": 300, "unacked_restore_interval": 5, "unacked_restore_throttle": 1,
        },
        beat_schedule={"sweep": {"task": "workers.tasks.sweep", "schedule": SWEEP_SECONDS}},
    )  # fmt: skip
    return made


app = _make()


@signals.worker_init.connect
def _begin(**_kwargs: object) -> None:
    """Let the worker end with whoever started it, and show how the queue is doing."""
    chosen = settings.settings()
    logs.install(chosen.log_level, "worker")
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))


@signals.worker_process_init.connect
def _open_stores(**_kwargs: object) -> None:
    """Open the stores after the fork: a connection that two processes share breaks both."""
    end_with_parent(lambda: os._exit(0))
    chosen = settings.settings()
    logs.install(chosen.log_level, "worker")
    db.connect(chosen.stores, STORES)
