"""Workers killed in mid-batch, messages lost, doubled and reordered, Redis flushed: the same bytes, nothing twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessment_app.platform import clock, db, queue
from assessment_app.platform.db import ANSWERS, EXAM, VAULT, transaction
from assessment_app.platform.queue import Job
from assessment_app.platform.settings import Settings
from assessment_app.scoring.models import Profile, Score
from assessment_app.talent.models import Placement
from tests import stores
from tests.assessment_app.exam.browser import forget
from tests.workers.mortal import DEATHS, PLACES
from tests.workers.sealed import PEOPLE, sealed
from tests.workers.test_celery import data_centre  # noqa: F401  # a fixture
from tests.workers.test_tasks import results
from workers import tasks

pytestmark = pytest.mark.timeout(600)

PATIENCE_S = 240


def environment(chosen: Settings, places: str, folder: Path) -> dict[str, str]:
    """Give the settings of a worker in a process of its own; what a dead one held is free after a second."""
    ours = {
        "PRO_ASN_DATA_DIR": str(chosen.data_dir), "PRO_ASN_REDIS_URL": chosen.redis_url,
        "PRO_ASN_EXAM_URL": chosen.stores[EXAM], "PRO_ASN_ANSWERS_URL": chosen.stores[ANSWERS],
        "PRO_ASN_VAULT_URL": chosen.stores[VAULT], "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_WORKER_LEASE_SECONDS": "1",
        "PRO_ASN_SEAL_KEY": str(chosen.seal_key), "PYTHONPATH": ".",
        "MORTAL_PLACES": places, "MORTAL_FOLDER": str(folder),
    }  # fmt: skip
    return os.environ | ours


@contextmanager
def running(command: list[str], given: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen]:
    """Run a worker to the end of the block, and whatever it started."""
    with log.open("ab") as output:
        worker = subprocess.Popen(
            [sys.executable, "-m", *command], env=dict(given), stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield worker
    finally:
        os.killpg(worker.pid, signal.SIGKILL) if worker.poll() is None else None
        worker.wait()


def wait_for(what: str, happened: Callable[[], object], log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until, f"waited in vain for {what}: {log.read_text(errors='replace')[-3000:]}"
        time.sleep(0.05)


def count(wanted) -> int:
    with transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(wanted)) or 0


def all_done() -> bool:
    with transaction(reads_only=True) as session:
        waiting = session.scalar(select(func.count()).select_from(Job).where(Job.done.is_(None)))
        placed = session.scalar(select(func.count(func.distinct(Placement.sitting_id))))
    return placed == PEOPLE and not waiting


def ended(worker: subprocess.Popen) -> bool:
    return worker.poll() is not None or all_done()


def deaths_in(folder: Path) -> int:
    return len((folder / DEATHS).read_text().splitlines())


def rows() -> tuple[int, int, int]:
    return count(Score), count(Profile), count(Placement)


@pytest.fixture
def undisturbed(service_run, tmp_path) -> list[object]:
    """Every byte that one worker makes of the wave when nothing happens to it."""
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    with stores.opened(folder, stores.copied(stores.sqlite_template(service_run), folder)):
        sealed(clock.now())
        tasks.hand_out()
        found = results()
    forget()
    return found


def test_a_worker_that_is_killed_at_every_place_of_its_work_leaves_the_same_bytes(undisturbed, service_run, tmp_path):
    """On one machine: what it died over is taken up by the next, whose batches are smaller the more have died."""
    folder, log = tmp_path / "killed", tmp_path / "worker.log"
    folder.mkdir()
    with stores.opened(folder, stores.copied(stores.sqlite_template(service_run), folder)) as chosen:
        sealed(clock.now())
        with running(["tests.workers.mortal"], environment(chosen, ",".join(PLACES), folder), log) as worker:
            wait_for("an end", partial(ended, worker), log)
            assert worker.poll() is None, log.read_text(errors="replace")[-3000:]
        visited = {path.name for path in folder.glob("*-*") if path.name.replace("-", " ") in PLACES}
        assert (deaths_in(folder), len(visited)) == (len(PLACES), len(PLACES))
        assert results() == undisturbed
        assert rows() == (4 * PEOPLE, PEOPLE, 2 * PEOPLE)


@pytest.fixture
def unsure(data_centre, tmp_path):  # noqa: F811  # the fixture that is asked for
    """Celery over PostgreSQL and Redis, its processes mortal; gives settings and log."""
    sealed(clock.now())
    command = ["celery", "-A", "tests.workers.mortal", "worker", "-Q", "scoring,bulk", "-c", "2"]
    log = tmp_path / "celery.log"
    with running(command, environment(data_centre, ",".join(PLACES), tmp_path), log):
        yield data_centre, log


def test_messages_lost_doubled_and_reordered_and_a_flushed_redis_change_no_byte(
    undisturbed, unsure, redis_server, monkeypatch
):
    """In a data centre, while the pool's processes are killed over and over."""
    _chosen, log = unsure
    monkeypatch.setattr(queue, "_quiet_until", 0.0)
    chance = random.Random(6)
    until = time.monotonic() + PATIENCE_S
    while not all_done() and time.monotonic() < until:
        hints = [("hand_out", "scoring"), ("hand_out", "scoring"), ("drain", "bulk"), ("sweep", "scoring")]
        for task, named in chance.sample(hints, chance.randint(0, len(hints))):
            queue.wake(task, named)
        if chance.random() < 0.5:  # all of them are gone, those that a worker has not acknowledged too
            with redis_server.client() as client:
                client.flushdb()
        time.sleep(0.5)
    assert all_done(), log.read_text(errors="replace")[-3000:]
    assert results() == undisturbed
    assert rows() == (4 * PEOPLE, PEOPLE, 2 * PEOPLE)
    assert db.engine_of(EXAM).dialect.name == "postgresql"
    assert list(Path(log.parent).glob("keep_*")), "nobody was killed"


def test_two_workers_over_one_file_share_the_work_and_do_nothing_twice(undisturbed, service_run, tmp_path):
    folder, log = tmp_path / "two", tmp_path / "worker.log"
    folder.mkdir()
    with stores.opened(folder, stores.copied(stores.sqlite_template(service_run), folder)) as chosen:
        sealed(clock.now())
        given = environment(chosen, "", folder)
        with running(["workers.embedded"], given, log), running(["workers.embedded"], given, log):
            wait_for("the placements", all_done, log)
        assert results() == undisturbed
        assert rows() == (4 * PEOPLE, PEOPLE, 2 * PEOPLE)
    shutil.rmtree(folder)
