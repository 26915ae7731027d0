"""The worker of one machine: works off the job table and runs the sweeps, with Celery's tasks and no broker."""

from __future__ import annotations

import os
import signal
import threading

import structlog
from sqlalchemy.exc import OperationalError

from assessment_app.platform import clock, db, garbage, logs, observe, security, settings
from assessment_app.platform.db import StoreError
from assessment_app.platform.lifeline import end_with_parent, stop_with_reason
from assessment_app.platform.settings import SettingsError
from assessment_app.sealing import actions as sealing

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.2
"""How long the worker sleeps when there is nothing to do: an attempt is scored well within a second of its sealing."""

LOOKS_PER_SWEEP = 10

BREATH_SECONDS = 0.12
"""How long a file is left alone between two parts of a large backlog. Who waits to write to it looks again every tenth
of a second: without the gap the exam finds it taken again and again."""


def run(stop: threading.Event) -> None:
    """Work until told to stop; a store that does not answer is waited for."""
    from workers import sweeps, tasks  # after the settings are known: Celery reads its broker at import

    garbage.started()
    looks, writers_take_turns = 0, db.engine_of(db.EXAM).dialect.name == "sqlite"
    while not stop.is_set():
        try:
            if looks % LOOKS_PER_SWEEP == 0:
                sweeps.run(clock.now())
            looks += 1
            # What was sealed just now, then a part of what has waited longest: neither holds the other up.
            worked = [tasks.work_off(newest=True), tasks.work_off()]
            issued = tasks.work_off(reports=True)
            if not any(worked) and not issued:
                stop.wait(LOOK_SECONDS)
            elif (all(worked) or issued) and writers_take_turns:
                stop.wait(BREATH_SECONDS)
        except OperationalError as error:
            log.warning("store_away", reason=str(error.orig).partition("\n")[0])
            stop.wait(1.0)


def main() -> None:
    """Run the embedded worker."""
    try:
        chosen = settings.load()
        settings.use(chosen)
        logs.install(chosen.log_level, "worker")
        security.secret("check")
        db.connect(chosen.stores, (db.EXAM, db.ANSWERS, db.VAULT))
        for store in (db.EXAM, db.ANSWERS, db.VAULT):
            db.check_version(store)
        sealing.read_key(chosen.seal_key)
        observe.watch_jobs()
        observe.serve_metrics(chosen.host, chosen.metrics_port_of("worker"))
    except (SettingsError, StoreError) as error:
        stop_with_reason(error)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    run(stop)
    db.disconnect()
    garbage.ending()


if __name__ == "__main__":
    main()
