"""One wave from sealed sheets to placements, worked off by real worker processes: how long, how dear, how large."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psycopg

from assessment_app.commands.rehearse.processes import cpu_of_family, memory_of_family, others_cpu
from benchmarks.installations import ROOT, Store, open_store, ran
from tests.journeys.platform import end, wait_until

PATIENCE_S = 3600
LOOK_S = 0.25
"""How often it is looked whether all is done, and how much memory is held."""

ASK_EVERY_S = 0.02
"""How often another writer asks for its turn while the workers write."""

RELEASE = (
    "INSERT INTO job (task, subject, due, tries, failure) "
    "SELECT 'score_attempt', CAST(attempt_id AS VARCHAR), sealed, 0, '' FROM sheet WHERE attempt_id BETWEEN {} AND {}"
)
NEXT = "SELECT task FROM job WHERE done IS NULL ORDER BY task, due LIMIT 1"
"""In the order of the index, so that looking costs the database nothing."""

PARTS = {"sheets": "score", "profiles": "profile", "placements": "placement"}

BOXES = 2
"""Everybody is placed once under each definition."""


@dataclass
class Figures:
    """What was seen of one wave."""

    sittings: int
    sheets: int
    workers: int
    seconds: float
    worker_cpu_s: float
    database_cpu_s: float
    beside_cores: float
    worker_bytes: int
    database_bytes: int
    wait_p99_ms: float
    longest_wait_ms: float

    @property
    def cpu_ms(self) -> float:
        """CPU of workers and database, in milliseconds a sitting."""
        return 1000 * (self.worker_cpu_s + self.database_cpu_s) / self.sittings

    @property
    def rows_per_second(self) -> float:
        """Scores, profiles and placements that were written in a second."""
        return (self.sheets + (1 + BOXES) * self.sittings) / self.seconds


@dataclass
class Watch:
    """What is seen while workers work: the most memory, and how long another writer waited each time."""

    workers: Sequence[subprocess.Popen]
    store: Store
    worker_bytes: int = 0
    database_bytes: int = 0
    waits_s: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look how much memory is held now."""
        self.worker_bytes = max(self.worker_bytes, sum(memory_of_family(one.pid) for one in self.workers))
        if self.store.cluster:
            self.database_bytes = max(self.database_bytes, memory_of_family(self.store.cluster.pid))

    def write_beside(self) -> None:
        """Ask for the turn to write again and again, as the exam does; only a file has one turn for all."""
        with open_store(self.store) as db:
            while not self.over.wait(ASK_EVERY_S):
                begun = time.perf_counter()
                db.execute("BEGIN IMMEDIATE")
                self.waits_s.append(time.perf_counter() - begun)
                db.execute("ROLLBACK")


def wave(store: Store, sittings: int, workers: int) -> Figures:
    """Seal a wave, let idle workers hear of it all at once, and measure until the last placement."""
    first, last = map(int, ran(store, "benchmarks.pipeline.sealed", str(sittings)).split())
    before = {name: count(store, table) for name, table in PARTS.items()}
    with running(store, workers) as family:
        watch = Watch(family, store)
        with beside(watch):
            clocks = [sum(cpu_of_family(one.pid) for one in family), database_cpu(store), others_cpu()]
            write(store, RELEASE.format(first, last))
            begun = time.perf_counter()
            wait_for_the_last(store, watch)
            seconds = time.perf_counter() - begun
            used = [sum(cpu_of_family(one.pid) for one in family), database_cpu(store), others_cpu()]
    worker_cpu, database, whole = (now - then for now, then in zip(used, clocks, strict=True))
    made = {name: count(store, table) - before[name] for name, table in PARTS.items()}
    wanted = {"sheets": last - first + 1, "profiles": sittings, "placements": BOXES * sittings}
    if made != wanted:
        raise RuntimeError(f"{made} was made where {wanted} was wanted")
    return Figures(
        sittings, wanted["sheets"], workers, seconds, worker_cpu, database, (whole - worker_cpu - database) / seconds,
        watch.worker_bytes, watch.database_bytes, 1000 * float(np.percentile(watch.waits_s or [0.0], 99)),
        1000 * max(watch.waits_s, default=0.0),
    )  # fmt: skip


def wait_for_the_last(store: Store, watch: Watch) -> None:
    """Wait until no job is open: a job that follows from another is written before that one is done."""
    until = time.monotonic() + PATIENCE_S
    while ask(store, NEXT):
        if time.monotonic() > until or any(one.poll() is not None for one in watch.workers):
            log = (store.folder / "worker.log").read_text(errors="replace")
            raise RuntimeError(f"the workers ended, or do not come to an end: {log[-3000:]}")
        watch.look()
        time.sleep(LOOK_S)


@contextmanager
def beside(watch: Watch) -> Iterator[None]:
    """Write beside the workers, where writers take turns."""
    if watch.store.cluster:
        yield
        return
    thread = threading.Thread(target=watch.write_beside)
    thread.start()
    try:
        yield
    finally:
        watch.over.set()
        thread.join()


@contextmanager
def running(store: Store, workers: int) -> Iterator[list[subprocess.Popen]]:
    """Start embedded workers and wait until all of them look for work."""
    vault = {} if store.cluster else {"PRO_ASN_VAULT_URL": f"sqlite:///{store.folder}/vault.db"}
    key = {"PRO_ASN_SEAL_KEY": str(store.folder / "seal" / "private.pem")}
    environment = store.environment(8080) | vault | key | {"PRO_ASN_LOG_LEVEL": "warning"}
    command = [sys.executable, "-m", "workers.embedded"]
    with ExitStack() as ends:
        log = ends.enter_context(Path(store.folder / "worker.log").open("ab"))
        family = []
        for _ in range(workers):
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            ends.callback(end, process)
            family.append(process)
        for process in family:
            wait_until("a worker to be idle", 60, idle(process))
        yield family


def idle(process: subprocess.Popen) -> Callable[[], bool]:
    """Give what tells whether a process has begun and has nothing to do: half a second that cost nearly nothing."""

    def rests() -> bool:
        before = cpu_of_family(process.pid)
        time.sleep(0.5)
        return before > 0.5 and cpu_of_family(process.pid) - before < 0.1

    return rests


def database_cpu(store: Store) -> float:
    """CPU seconds of the database's processes; SQLite has none."""
    return cpu_of_family(store.cluster.pid) if store.cluster else 0.0


def ask(store: Store, statement: str) -> object:
    """Ask for one value."""
    with open_store(store) as db:
        row = db.execute(statement).fetchone()
        return row and row[0]


def count(store: Store, table: str) -> int:
    """Count the rows of a table."""
    return int(str(ask(store, f"SELECT count(*) FROM {table}")))


def write(store: Store, statement: str) -> None:
    """Do one statement, in a transaction of its own."""
    if store.cluster:
        with psycopg.connect(store.urls["EXAM"].replace("+psycopg", ""), autocommit=True) as db:
            db.execute(statement.encode())
            db.execute(b"ANALYZE")  # as autovacuum would have, had the sheets come in over hours
        return
    with open_store(store) as db:
        db.execute(statement)
