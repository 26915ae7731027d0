"""One folder for a whole run, known to every xdist worker; in it, each service is started at most once.

Whichever process needs a service first starts it, under a lock; the process that began the run stops it.
So a run that needs no service starts none.
"""

import fcntl
import os
import pickle
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import psutil

Made = TypeVar("Made")


MEMORY = Path("/dev/shm")
DISK = Path("/tmp")  # nosec B108 # what is made in it has a name of its own; TMPDIR may be long
ROOM_MIB = 2048
"""A whole run with five workers holds a quarter of this at most."""


class ServiceError(Exception):
    """A service did not start; the message says which and ends with its own last words."""


class Run:
    """The folder of a run. Short, because the path of a socket may have 107 characters."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._children: list[subprocess.Popen[bytes]] = []  # held, so that Python does not ask after them

    @classmethod
    def begin(cls, where: Path | None = None) -> "Run":
        """Make the folder of a new run, on ``DISK`` if what is durable is to cost what it costs there.

        Others may pass through it, but see only what they own.
        """
        folder = Path(tempfile.mkdtemp(prefix="proasn-", dir=where or place()))
        folder.chmod(0o711)
        return cls(folder)

    def made(self, name: str, make: Callable[[], Made]) -> Made:
        """Make something once per run and give every process a copy of its own."""
        kept = self.folder / f"{name}.pickle"
        with self.once(name) as first:
            if first:
                kept.write_bytes(pickle.dumps(make()))
        made: Made = pickle.loads(kept.read_bytes())
        return made

    @contextmanager
    def once(self, name: str) -> Iterator[bool]:
        """Hold the lock of that name; True for the first process that comes through without an error."""
        done = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            first = not done.exists()
            yield first
            done.touch()

    def start(self, name: str, command: list[str], ready: Callable[[], bool], user: str | None = None) -> None:
        """Start a server that outlives this process and wait until it answers."""
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )
        self._children.append(child)
        (self.folder / f"{name}.pid").write_text(str(child.pid))
        until = time.monotonic() + 20
        while not ready():
            if child.poll() is not None or time.monotonic() > until:
                raise ServiceError(f"{name} did not start: {log.read_text(errors='replace')[-600:]}")
            time.sleep(0.01)

    def end(self) -> None:
        """Stop what was started and remove the folder."""
        for pid_file in self.folder.glob("*.pid"):
            stop(int(pid_file.read_text()))
        for child in self._children:
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def place() -> Path:
    """Choose where tests keep their files: in memory where there is room for them, else in /tmp.

    A database of PostgreSQL is six hundred files; to copy it cost 0.2 s of a processor on a disk and 0.02 s in memory.
    What a test shows by killing processes it shows in memory too: what was written outlives them in both.
    """
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return DISK
    has_room = found.f_bavail * found.f_frsize > ROOM_MIB * 2**20
    fits = has_room and os.access(MEMORY, os.W_OK | os.X_OK) and not found.f_flag & os.ST_NOEXEC
    return MEMORY if fits else DISK


def stop(pid: int) -> None:
    """Interrupt a server and wait for it. At SIGTERM PostgreSQL would wait for idle connections for ever."""
    for sign, patience in ((signal.SIGINT, 10.0), (signal.SIGKILL, 2.0)):
        if not runs(pid):
            return
        os.kill(pid, sign)
        until = time.monotonic() + patience
        while runs(pid) and time.monotonic() < until:
            time.sleep(0.01)


def kill_for_certain(family: Sequence[psutil.Process]) -> None:
    """Kill processes and wait until none of them does anything any more, whoever has to notice their end."""
    for process in family:
        with suppress(psutil.Error):
            process.kill()
    until = time.monotonic() + 10
    while any(runs(process.pid) for process in family) and time.monotonic() < until:
        time.sleep(0.005)


def runs(pid: int) -> bool:
    """Whether the process lives; one that only waits for its parent to notice its end does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
