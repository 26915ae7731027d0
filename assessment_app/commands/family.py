"""A parent and the processes that it keeps alive: what ``proasn run`` and ``proasn run-server`` have in common."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assessment_app.platform.db import StoreError
from assessment_app.platform.lifeline import EXIT_CANNOT_START, STARTED_BY, STOP_SECONDS
from assessment_app.platform.settings import PREFIX, SettingsError

BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds until a child that died is started again; one that lived for a while begins anew."""

LIVED = 10.0

FIRST_TRIES = 3
"""How often a program may die at the first start: what a killed parent left behind may still be on its way out."""


@dataclass
class Child:
    """One process of the platform, with the settings that it is given and no others."""

    name: str
    module: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ()
    """A program that is not ours, instead of a module: it is given no setting at all."""
    leash: tuple[str, ...] = ()
    """Words before the command of a module that does not see by itself when its parent is gone."""
    ends_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    deaths: int = 0
    starts_at: float = field(default=0.0)

    def environment(self, common: Mapping[str, str]) -> dict[str, str]:
        """Give the environment of the process: the common one less what is withheld, and what is its own."""
        if self.program:
            return {name: value for name, value in common.items() if not name.startswith(PREFIX)}
        own = {name: value for name, value in common.items() if name not in self.withheld}
        return own | dict(self.given) | {STARTED_BY: str(os.getpid())}

    def start(self, environment: Mapping[str, str], folder: Path) -> None:
        """Start the process; its output goes to a file of its own."""
        with (folder / f"{self.name}.log").open("ab") as output:
            self.process = subprocess.Popen(
                self.program or [*self.leash, sys.executable, "-m", *self.module], env=self.environment(environment),
                stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
                cwd="/" if self.program else None,  # whoever runs as another user may not be able to stand here
            )  # fmt: skip
        self.born = time.monotonic()

    def look_after(self, environment: Mapping[str, str], folder: Path, *, first: bool) -> None:
        """Start the process again if it died; refuses with SettingsError when it cannot start at all.

        Only the ``first`` start may find that out: later its port may be held for a moment by what it left behind.
        """
        now = time.monotonic()
        if self.process is None:
            if now >= self.starts_at:
                self.start(environment, folder)
            return
        code = self.process.poll()
        if code is None:
            return
        if first and (code == EXIT_CANNOT_START or (self.program and self.deaths >= FIRST_TRIES)):
            raise SettingsError(f"{self.name} cannot start: {last_line(folder / f'{self.name}.log')}")
        self.deaths = 0 if now - self.born > LIVED else self.deaths + 1
        self.starts_at = now + BACK_OFF[min(self.deaths, len(BACK_OFF) - 1)]
        self.process = None


def last_line(path: Path) -> str:
    """Give the last line that a process wrote."""
    lines = path.read_text(errors="replace").strip().splitlines()
    return lines[-1].removeprefix("proasn: ") if lines else "no reason given"


@dataclass(frozen=True)
class Keeper:
    """Keeps a family alive: with which environment, where it logs, and until when."""

    environment: Mapping[str, str]
    logs: Path
    stop: threading.Event

    def start(self, family: Sequence[Child], ready: Callable[[], bool], seconds: float) -> bool:
        """Start a family and wait until it is ready; tells whether it is, which it is not when it was told to stop.

        Refuses with SettingsError when a child cannot start, and with StoreError when it takes longer than that.
        """
        begun = time.monotonic()
        while not self.stop.is_set():
            self._look_after(family, first=True)
            if ready():
                return True
            if time.monotonic() - begun > seconds:
                names = ", ".join(child.name for child in family)
                raise StoreError(f"No answer after {seconds:.0f} s from: {names}. See {self.logs}")
            self.stop.wait(0.05)
        return False

    def keep(self, family: Sequence[Child]) -> None:
        """Start again whoever dies, until told to stop."""
        while not self.stop.is_set():
            self._look_after(family, first=False)
            self.stop.wait(0.2)

    def _look_after(self, family: Sequence[Child], *, first: bool) -> None:
        for child in family:
            child.look_after(self.environment, self.logs, first=first)


def all_answer(host: str, ports: Iterable[int]) -> bool:
    """Tell whether every server answers."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy this machine surfs through
    for port in ports:
        try:
            direct.open(f"http://{host}:{port}/healthz", timeout=1).close()
        except (urllib.error.URLError, OSError):
            return False
    return True


def stop_all(family: Sequence[Child]) -> None:
    """Ask every child to end, and end whoever does not."""
    alive = [(child, child.process) for child in family if child.process is not None]
    for child, process in alive:
        process.send_signal(child.ends_by)
    until = time.monotonic() + STOP_SECONDS + 1
    for _child, process in alive:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with whatever it started; each child leads a group of its own
            process.wait()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep a second parent out of the folder; refuses with SettingsError when there is one already."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system lets go of it however this process ends
        except OSError as error:
            raise SettingsError(
                f"Another 'proasn run' works in {folder}. Stop it, or choose another folder with {PREFIX}DATA_DIR."
            ) from error
        yield


def told_to_stop() -> threading.Event:
    """Give what is set when a person or the system asks this process to end; what is under way is finished first."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop
