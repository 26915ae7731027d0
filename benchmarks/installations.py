"""Installations that a benchmark works in: files, or a PostgreSQL as durable as a real one, and how it is killed."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from assessment_app.commands.rehearse.processes import cpu_of_family, descendants
from tests.journeys.platform import plain_environment, wait_until
from tests.services.postgres import Postgres, find_programs, make_cluster, system_user
from tests.services.run import Run, runs

DURABLE = {
    "listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    "max_connections": "200", "shared_buffers": "256MB", "timezone": "UTC",
}  # fmt: skip
"""PostgreSQL as an installation must run it: an acknowledged answer is on the disk."""

ROOT = Path(__file__).parents[1]
STORES = ("sqlite", "postgres")


class DurablePostgres(Postgres):
    """The cluster of the tests, but durable, and started again after it was killed."""

    @property
    def pid(self) -> int:
        """The first process of the cluster."""
        return int((self.run.folder / "postgres.pid").read_text())

    def kill(self) -> None:
        """End all of its processes at once, as a power cut does."""
        kill_family(self.pid)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)  # as long as nobody asks after it, its number looks taken to the next one

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700)
        if user := system_user():
            shutil.chown(self.folder, user, user)
        make_cluster(find_programs(), self.folder / "data", user)
        self.serve()

    def one(self, url: str, statement: str) -> Any:
        """Ask for one value."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return row and row[0]

    def serve(self) -> None:
        """Start the server over the data that are there; it recovers what a kill left."""
        for left in self.folder.glob(".s.PGSQL*"):
            left.unlink()  # a socket's lock names a process that is gone
        options = DURABLE | {"unix_socket_directories": str(self.folder)}
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command = [str(find_programs() / "postgres"), "-D", str(self.folder / "data"), *settings]
        self.run.start("postgres", command, self.ready, system_user())


@dataclass
class Store:
    """An installation with people in it."""

    name: str
    folder: Path
    urls: Mapping[str, str]
    cluster: DurablePostgres | None = None
    people: list[list[str]] = field(default_factory=list)

    def environment(self, port: int) -> dict[str, str]:
        """Give the settings of a process over this store."""
        own = {"PRO_ASN_DATA_DIR": str(self.folder), "PRO_ASN_METRICS_PORT": "0", "PRO_ASN_EXAM_PORT": str(port)}
        return plain_environment() | own | {f"PRO_ASN_{name}_URL": url for name, url in self.urls.items()}

    def books(self) -> dict[str, object]:
        """Say how the database's CPU is read: SQLite has no process of its own."""
        return {"database": lambda: cpu_of_family(self.cluster.pid)} if self.cluster else {}


def ran(store: Store, module: str, *words: str) -> str:
    """Run a program over a store to its end; gives what it printed, or raises with what it complained of."""
    environment = store.environment(8080) | {"PRO_ASN_SECOND_FACTOR": "optional"}
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


@contextmanager
def installation(name: str, fill: Callable[[Store], Store]) -> Iterator[Store]:
    """Lend an installation on SQLite or PostgreSQL, filled by whoever asks for it."""
    run = Run.begin()
    try:
        folder = run.folder / "var"
        if name == "sqlite":
            yield fill(Store(name, folder, {}))
            return
        cluster = DurablePostgres(run)
        cluster.ensure()
        exam, vault = cluster.create_database(), cluster.create_database()
        yield fill(Store(name, folder, {"EXAM": exam, "ANSWERS": exam, "VAULT": vault}, cluster))
    finally:
        run.end()


def kill_family(pid: int) -> None:
    """Kill a process and its descendants, and wait until the last of them is gone."""
    family = [pid, *descendants(pid)]
    for one in family:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    wait_until("the killed to be gone", 10, lambda: not any(runs(one) for one in family))


@contextmanager
def open_store(store: Store, file: str = "exam.db") -> Iterator[sqlite3.Connection]:
    """Open a store's database directly."""
    if store.cluster:
        with psycopg.connect(store.urls["EXAM"].replace("+psycopg", ""), autocommit=True) as connection:
            yield connection  # type: ignore[misc]  # the two drivers agree on what is used here
        return
    db = sqlite3.connect(store.folder / file, timeout=30, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        db.execute(f"PRAGMA {pragma}")
    yield db
    db.close()
