"""The processes of a benchmark: stores with people in them, the servers over them, and the generator before them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import click
import psycopg

from benchmarks.exam.accounting import Books, cpu_of_family, descendants, others_cpu
from tests.journeys.platform import end, free_ports, plain_environment, wait_until
from tests.services.postgres import Postgres, find_programs, make_cluster, system_user
from tests.services.run import Run, runs

DURABLE = {
    "listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    "max_connections": "200", "shared_buffers": "256MB", "timezone": "UTC",
}  # fmt: skip
"""PostgreSQL as an installation must run it: an acknowledged answer is on the disk."""

ROOT = Path(__file__).parents[2]
EXAM = "assessment_app.servers.exam"

Told = dict


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


def filled(store: Store, people: int) -> Store:
    """Make an installation and seat people in it."""
    command = [sys.executable, "-m", "benchmarks.exam.seats", str(people)]
    environment = store.environment(8080) | {"PRO_ASN_SECOND_FACTOR": "optional"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    store.people = json.loads(done.stdout)
    return store


@contextmanager
def installation(name: str, people: int) -> Iterator[Store]:
    """Lend an installation on SQLite or PostgreSQL with people in it."""
    run = Run.begin()
    try:
        folder = run.folder / "var"
        if name == "sqlite":
            yield filled(Store(name, folder, {}), people)
            return
        cluster = DurablePostgres(run)
        cluster.ensure()
        exam, vault = cluster.create_database(), cluster.create_database()
        yield filled(Store(name, folder, {"EXAM": exam, "ANSWERS": exam, "VAULT": vault}, cluster), people)
    finally:
        run.end()


@dataclass
class Server:
    """A server that was started, and whose CPU is whose."""

    port: int
    process: subprocess.Popen
    store: Store

    def books(self) -> Books:
        """Say how the CPU of server and database is read."""
        return {"server": lambda: cpu_of_family(self.process.pid), **self.store.books()}

    def kill(self) -> None:
        """Kill it and all of its family at once, without a word."""
        kill_family(self.process.pid)
        self.process.wait()


def kill_family(pid: int) -> None:
    """Kill a process and its descendants, and wait until the last of them is gone."""
    family = [pid, *descendants(pid)]
    for one in family:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    wait_until("the killed to be gone", 10, lambda: not any(runs(one) for one in family))


@contextmanager
def server(store: Store, *program: str) -> Iterator[Server]:
    """Run a server over a store: the exam server, or one of ``servers`` by its name."""
    (port,) = free_ports(1)
    words = ["benchmarks.exam.servers", *program] if program else [EXAM]
    with (store.folder / f"{program[0] if program else 'exam'}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=store.environment(port), stdout=log, stderr=log
        )
    try:
        wait_until("the server to answer", 30, lambda: answers(port))
        yield Server(port, process, store)
    finally:
        end(process)


def answers(port: int) -> bool:
    """Tell whether a server answers at all."""
    try:
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
    except HTTPError:
        return True
    except OSError:
        return False
    return True


class Generator:
    """The generator's process: each call is one command to it."""

    def __init__(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "benchmarks.exam.generator"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, do: str, **wanted: object) -> None:
        """Give a command without waiting for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **wanted}) + "\n")
        self._process.stdin.flush()

    def told(self) -> Told:
        """Wait for what came of a command."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the generator ended")
        told: Told = json.loads(line)
        return told

    def do(self, do: str, **wanted: object) -> Told:
        """Give a command and wait for what comes of it."""
        self.begin(do, **wanted)
        return self.told()

    def close(self) -> None:
        """End it."""
        with self._process:  # closes what was written to and read from, and waits
            pass

    def measured(self, books: Books, do: str, **wanted: object) -> Told:
        """Play a phase; gives what was seen with the CPU of each process, in microseconds a request.

        ``beside`` is what everything else on the machine used, in cores.
        """
        before, all_before, begun = {name: read() for name, read in books.items()}, others_cpu(), time.monotonic()
        told = self.do(do, **wanted)
        used = {name: read() - before[name] for name, read in books.items()}
        used["generator"] = told.pop("generator_cpu_s")
        beside = others_cpu() - all_before - sum(used.values())
        told["cpu_us"] = {name: round(1e6 * seconds / max(1, told["requests"]), 1) for name, seconds in used.items()}
        told["cpu_us"]["served"] = round(sum(us for name, us in told["cpu_us"].items() if name != "generator"), 1)
        click.echo(f"{do} {wanted}: {told['requests']} answers, p99 {told['p99_ms']} ms, bad {told['bad']}", err=True)
        told["beside_cores"] = round(max(0.0, beside) / (time.monotonic() - begun), 2)
        return told


@contextmanager
def generator(people: list[list[str]]) -> Iterator[Generator]:
    """Run a generator that knows these people."""
    made = Generator()
    try:
        made.do("meet", people=people)
        yield made
    finally:
        made.close()
