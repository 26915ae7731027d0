"""Installations that a benchmark works in: files, or a PostgreSQL as durable as a real one, and how they are asked."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from assessment_app.commands.rehearse.processes import cpu_of_family
from tests.journeys.platform import plain_environment
from tests.services.postgres import DURABLE, Postgres
from tests.services.run import DISK, Run

ROOT = Path(__file__).parents[1]
STORES = ("sqlite", "postgres")


class DurablePostgres(Postgres):
    """The cluster of the tests as an installation must run it: an acknowledged answer is on the disk."""

    def __init__(self, run: Run) -> None:
        """Nothing is started yet."""
        super().__init__(run, {**DURABLE, "shared_buffers": "256MB"})

    @property
    def pid(self) -> int:
        """The first process of the cluster."""
        return int((self.run.folder / "postgres.pid").read_text())

    def one(self, url: str, statement: str) -> Any:
        """Ask for one value."""
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
            return row and row[0]


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
    run = Run.begin(DISK)  # in memory an fsync costs nothing
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
