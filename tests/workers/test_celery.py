"""Celery over a real Redis: a hint brings work forward; without Redis a hint costs nothing, the sweep does it all."""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from assessment_app.platform import queue, settings
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.talent.models import Placement
from tests import stores
from tests.factories import NOW
from tests.workers.sat import walked
from workers import celery_app, tasks


@pytest.fixture
def data_centre(postgres, redis_url, tmp_path):
    """An installation as in a data centre: PostgreSQL and Redis."""
    with stores.postgres_urls(postgres) as urls, stores.opened(tmp_path, urls) as chosen:
        with_redis = dataclasses.replace(chosen, redis_url=redis_url)
        settings.use(with_redis)
        yield with_redis


@pytest.fixture
def celery(data_centre, tmp_path):
    """One worker of both queues; gives its log."""
    ours = {
        "PRO_ASN_DATA_DIR": str(data_centre.data_dir), "PRO_ASN_REDIS_URL": data_centre.redis_url,
        "PRO_ASN_EXAM_URL": data_centre.stores[EXAM], "PRO_ASN_ANSWERS_URL": data_centre.stores[ANSWERS],
        "PRO_ASN_VAULT_URL": data_centre.stores[VAULT], "PYTHONPATH": ".",
        "PRO_ASN_SEAL_KEY": str(data_centre.seal_key),
    }  # fmt: skip
    command = [sys.executable, "-m", "celery", "-A", "workers.celery_app", "worker", "-Q", "scoring,bulk", "-c", "1"]
    log = tmp_path / "celery.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(command, env=os.environ | ours, stdout=output, stderr=output)
    with worker:
        yield log
        worker.send_signal(signal.SIGTERM)


def wait_for(what: str, happened, log: Path) -> None:
    until = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < until, f"waited in vain for {what}: {log.read_text()[-2000:]}"
        time.sleep(0.05)


def untried() -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.tries == 0)) or 0


def placed() -> int:
    with transaction(reads_only=True) as db:
        return db.scalar(select(func.count(func.distinct(Placement.sitting_id)))) or 0


def test_a_hint_brings_work_to_a_worker_who_does_it_all(celery, data_centre, monkeypatch):
    monkeypatch.setattr(queue, "_quiet_until", 0.0)
    walked(data_centre)
    queue.wake()
    wait_for("the placement", lambda: placed() == 1, celery)


def test_a_call_for_help_reaches_a_worker_of_the_queue_bulk(celery, data_centre, monkeypatch):
    monkeypatch.setattr(queue, "_quiet_until", 0.0)
    walked(data_centre)
    queue.wake("drain", "bulk", expires=60.0)
    wait_for("the placement", lambda: placed() == 1, celery)


@pytest.mark.parametrize(
    ("task", "named"),
    [("hand_out", "scoring"), ("sweep", "scoring"), ("drain", "bulk"), ("report_individual", "reports")],
)
def test_every_task_goes_to_its_queue(task, named):
    router = celery_app.app.amqp.router
    assert router.route({}, f"workers.tasks.{task}")["queue"].name == named


def test_a_large_backlog_calls_for_help_and_a_small_one_does_not(on_sqlite, moved_clock, monkeypatch):
    called: list[str] = []
    monkeypatch.setattr(tasks, "FEW", 10)
    monkeypatch.setattr(queue, "wake", lambda task, named, expires: called.append(f"{task} {named} {expires}"))
    with transaction() as db:
        queue.enqueue_many(db, "make_profile", map(str, range(9)), NOW)
    tasks.sweep()
    assert called == []
    with transaction() as db:
        queue.enqueue_many(db, "make_profile", map(str, range(100, 125)), NOW)
    tasks.sweep()
    assert called == ["drain bulk 5.0"] * 2


@pytest.fixture
def without_redis(on_sqlite, tmp_path, monkeypatch):
    """An installation whose Redis is away."""
    url = f"redis+socket://{tmp_path / 'nobody.sock'}?virtual_host=1"
    settings.use(dataclasses.replace(on_sqlite, redis_url=url))
    monkeypatch.setattr(queue, "_quiet_until", 0.0)


def test_a_hint_that_nobody_hears_is_logged_and_costs_no_time(without_redis):
    began = time.monotonic()
    with capture_logs() as logged:
        queue.wake()
        queue.wake()
    assert [line["event"] for line in logged] == ["hint_not_sent"]
    assert time.monotonic() - began < 1.5


def test_without_redis_the_sweep_does_the_work(without_redis, moved_clock):
    with transaction() as db:
        queue.enqueue(db, "make_profile", "1", NOW)
    queue.wake()
    tasks.sweep()
    assert untried() == 0


def test_a_redis_that_never_answers_holds_up_nobody(on_sqlite, tmp_path, monkeypatch):
    """It takes connections and is silent: without a limit every finish of an attempt would hang."""
    monkeypatch.setattr(queue, "_quiet_until", 0.0)
    address = tmp_path / "silent.sock"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(address))
        silent.listen()
        settings.use(dataclasses.replace(on_sqlite, redis_url=f"redis+socket://{address}?virtual_host=1"))
        began = time.monotonic()
        queue.wake()
    assert time.monotonic() - began < 5
