"""How a process ends: with a reason that a person can act on, or with the one that started it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from time import sleep
from typing import NoReturn

import click

EXIT_CANNOT_START = 2
"""What a process ends with when a person has to mend something before it can start."""


EXIT_CANNOT_END = 3
"""What an orphan ends with when something in it did not stop in time."""

STOP_SECONDS = 8
"""How long what is under way may take to end."""

STARTED_BY = "PROASN_STARTED_BY"
"""Environment variable in which ``proasn run`` tells a child who its parent is."""


def _starter() -> int:
    """Name who started us, by what it said of itself: it may be gone before we come to ask the system."""
    maker = multiprocessing.parent_process()
    told = os.environ.pop(STARTED_BY, "")  # only for us: whoever we start has us for a parent
    if maker is not None and maker.pid is not None:
        return maker.pid
    return int(told) if told.isdecimal() else os.getppid()


def end_with_parent(end: Callable[[], None]) -> None:
    """Watch who started us: an orphan would go on holding its port while its successor cannot start.

    Ends this process for certain when ``end`` alone does not do it in time.
    """
    parent = _starter()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(0.2)
        end()
        sleep(STOP_SECONDS)
        os._exit(EXIT_CANNOT_END)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def stop_with_reason(error: Exception) -> NoReturn:
    """End this process with one line that says what to do."""
    click.echo(f"proasn: {error}", err=True)
    sys.exit(EXIT_CANNOT_START)
