"""A worker that dies by SIGKILL in the middle of its work: at each of some places, once.

``python -m tests.workers.mortal`` is the embedded worker, again after each death, ``celery -A tests.workers.mortal``
Celery's. Where they die stands in MORTAL_PLACES; a file for each place that was visited lies in MORTAL_FOLDER.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import signals

from assessment_app.platform import queue
from assessment_app.rescoring.actions import comparing
from assessment_app.scoring import actions as scoring
from assessment_app.talent import actions as talent
from workers import embedded, tasks
from workers.celery_app import app

__all__ = ["PLACES", "app"]

PLACES = (
    "score_attempt claimed", "keep_scores before", "keep_scores after", "finish before", "finish after",
    "make_profile claimed", "keep_profiles before", "keep_profiles after", "place_all after",
)  # fmt: skip
"""After a claim; inside the transaction that keeps what was made, before and after its statements; the same of the one
that ends the jobs, when what was made is committed already."""

RESCORING = (
    "score_attempt claimed", "keep_scores after", "compare_versions claimed", "keep before", "keep after",
    "finish before", "finish after", "keep_profiles after",
)  # fmt: skip
"""Where a worker dies that has a corrected key to do: ``keep`` is what puts the new profiles beside the old."""


DEATHS = "deaths.txt"


def die(place: str) -> None:
    """End this process without a word, unless it was done here before."""
    visited = Path(os.environ["MORTAL_FOLDER"]) / place.replace(" ", "-")
    if place in os.environ["MORTAL_PLACES"].split(",") and not visited.exists():
        visited.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def around(module: object, name: str, nth: int = 1) -> None:
    """Let a function be a place to die before it and after it, at its nth call."""
    real: Callable[..., Any] = getattr(module, name)
    calls = 0

    def mortal(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls >= nth:
            die(f"{name} before")
        found = real(*given, **named)
        if calls >= nth:
            die(f"{name} after")
        return found

    setattr(module, name, mortal)


def claimed(name: str) -> None:
    """Let the beginning of a task's work be a place to die."""
    task = tasks.TASKS[name]

    def run(subjects: Any) -> Any:
        die(f"{name} claimed")
        return task.run(subjects)

    tasks.TASKS[name] = tasks.Task(run, task.at_once)


def install(**_kwargs: object) -> None:
    """Make this process mortal."""
    for name in ("score_attempt", "make_profile", "compare_versions"):
        claimed(name)
    around(scoring, "keep_scores")
    around(scoring, "keep_profiles")
    around(comparing, "keep")
    around(queue, "finish")
    around(talent, "place_all")  # before its transaction ends


signals.worker_process_init.connect(install)


def live_and_die() -> None:
    """Be a worker again after each death by SIGKILL, and write down how many there were.

    Each life is a process of its own that has only loaded the modules: to load them again costs more than it lives.
    """
    deaths = Path(os.environ["MORTAL_FOLDER"]) / DEATHS
    while True:
        if (life := os.fork()) == 0:
            install()
            embedded.main()
            return
        _, how = os.waitpid(life, 0)
        if os.waitstatus_to_exitcode(how) != -signal.SIGKILL:
            sys.exit("a worker ended that was not killed")
        with deaths.open("a") as file:
            file.write("killed\n")


if __name__ == "__main__":
    live_and_die()
