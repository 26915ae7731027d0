"""The Celery application: how messages travel at scale. On one machine the same tasks are called without it."""

from __future__ import annotations

import os
import signal

from celery import Celery, signals

from assessment_app.platform import db, garbage, logs, observe, security, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, StoreError, StoreName
from assessment_app.platform.lifeline import end_with_parent, stop_with_reason
from assessment_app.platform.settings import SettingsError
from assessment_app.sealing import actions as sealing
from workers.schedule import SWEEP_SECONDS

STORES: tuple[StoreName, ...] = (EXAM, ANSWERS, VAULT)


ROUTES = {"workers.tasks.drain": {"queue": "bulk"}, "workers.tasks.report_*": {"queue": "reports"}}
"""Which queue a task goes to that does not belong in the first: what helps with a backlog, and what writes files."""


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
        task_routes=ROUTES,
        beat_schedule={"sweep": {"task": "workers.tasks.sweep", "schedule": SWEEP_SECONDS}},
    )  # fmt: skip
    return made


app = _make()


@signals.worker_init.connect
def _begin(**_kwargs: object) -> None:
    """Refuse to start on stores that are not ready, and let the worker end with whoever started it."""
    chosen = settings.settings()
    logs.install(chosen.log_level, "worker")
    try:
        security.secret("check")
        db.connect(chosen.stores, STORES)
        for store in STORES:
            db.check_version(store)
        sealing.read_key(chosen.seal_key)
    except (SettingsError, StoreError) as error:
        stop_with_reason(error)
    db.disconnect()  # each process of the pool opens its own
    garbage.started()
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))


@signals.worker_ready.connect
def _show(**_kwargs: object) -> None:
    """Show how the queue is doing, from the process that does not work on it; the pool was forked before."""
    chosen = settings.settings()
    db.connect(chosen.stores, (EXAM,))
    observe.watch_jobs()
    observe.serve_metrics(chosen.host, chosen.metrics_port_of("worker"))


@signals.worker_process_init.connect
def _open_stores(**_kwargs: object) -> None:
    """Open the stores after the fork: a connection that two processes share breaks both."""
    end_with_parent(lambda: os._exit(0))
    chosen = settings.settings()
    logs.install(chosen.log_level, "worker")
    db.connect(chosen.stores, STORES)
