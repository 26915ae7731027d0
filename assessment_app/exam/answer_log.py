"""One writer per process for the answers: it takes all saves that wait, commits them together, then wakes them.

Why not a transaction per request: a commit costs an fsync, and an fsync costs the same for one save as for sixty. On a
lab's hard disk (15 ms an fsync) that is the difference between 20 and 3,000 durable saves a second. A save is
acknowledged after its commit, never before, and waits as a coroutine: a commit takes all that wait, however many.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

import psycopg
import structlog
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from assessment_app.platform.observe import COMMIT_SIZE

log = structlog.get_logger(__name__)

MOST_IN_A_COMMIT = 256
MOST_WAITING = 4096
"""Beyond this the server sheds load (503) before it slows everyone down."""

EXIT_WRITER_DIED = 70
"""A process whose writer died acknowledges nothing any more, so it ends and is started anew."""


class Row(NamedTuple):
    """One change, as the statement takes it."""

    sitting_id: int
    epoch: int
    seq: int
    attempt_id: int
    item: str
    response: str
    at_ms: int
    spent_ms: int
    received_ms: int
    refused: bool
    made_ms: int = 0  # by the browser's own count


class GateRow(NamedTuple):
    """What the gate said in the transaction of the save."""

    attempt_id: int
    epoch: int
    deadline_ms: int
    grace_ms: int
    closed: bool


class SaveFailed(Exception):
    """A save did not reach durable storage; the browser keeps it and tries again."""


@dataclass(slots=True, eq=False)
class Save:
    """One request's changes, and what the commit had to say of them."""

    attempt_id: int
    rows: Sequence[Row]
    gate: GateRow | None = None
    taken: Collection[int] = ()
    """Seqs that stand in the log for something else: a page that lost its count used them again. Not saved."""


Waiting = tuple[Save, asyncio.Future[None]]
"""A save in the queue, and what its request waits for."""

Name = tuple[int, int, int]
"""(sitting_id, epoch, seq): what names a row in the log."""


class Flushed(NamedTuple):
    """What a commit has to say: the gates of the attempts, and the rows whose names stood for something else."""

    gates: dict[int, GateRow]
    taken: Collection[Name]


class Writer(Protocol):
    """Whatever writes saves durably: SQLite on one machine, PostgreSQL in a data centre."""

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write all rows of all saves in one transaction; what is written already stands once."""


SQLITE_INSERT = """
INSERT INTO answer_event
    (sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms, standing)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
    CASE WHEN ?10 THEN 3 WHEN ?9 <= deadline_ms AND NOT closed THEN 0
        WHEN closed OR ?9 > deadline_ms + grace_ms OR ?11 > deadline_ms THEN 2 ELSE 1 END
FROM attempt_gate WHERE attempt_id = ?4 AND epoch = ?2 ON CONFLICT DO NOTHING
"""


class SqliteWriter:
    """Writes to the file that holds answers and nothing else, so that no bulk writer ever delays a save."""

    def __init__(self, path: str) -> None:
        """Open the file; FULL, because WAL with NORMAL may lose a commit when the power goes."""
        self._db = sqlite3.connect(path, timeout=5.0, check_same_thread=False, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write all rows of all saves in one transaction; what is written already stands once."""
        rows = [row for save in saves for row in save.rows]
        self._db.execute("BEGIN IMMEDIATE")
        try:
            ids = {save.attempt_id for save in saves}
            gates = {a: found for a in ids if (found := self._gate(a)) is not None}
            added = self._db.executemany(SQLITE_INSERT, rows).rowcount
            taken = [row[:3] for row in rows if self._is_taken(row)] if added < len(rows) else []
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return Flushed(gates, taken)

    def _is_taken(self, row: Row) -> bool:
        wanted = "SELECT attempt_id, item, response FROM answer_event WHERE sitting_id = ? AND epoch = ? AND seq = ?"
        found = self._db.execute(wanted, row[:3]).fetchone()
        return found is not None and found != (row.attempt_id, row.item, row.response)

    def _gate(self, attempt_id: int) -> GateRow | None:
        wanted = "SELECT attempt_id, epoch, deadline_ms, grace_ms, closed FROM attempt_gate WHERE attempt_id = ?"
        found = self._db.execute(wanted, (attempt_id,)).fetchone()
        return GateRow(found[0], found[1], found[2], found[3], bool(found[4])) if found else None


# FOR SHARE makes closing wait for saves that are being written, and saves see that an attempt was closed: without it an
# acknowledged answer could commit after its sheet was folded.
POSTGRES_STATEMENT = """
WITH gate AS (SELECT attempt_id, epoch, deadline_ms, grace_ms, closed FROM attempt_gate
              WHERE attempt_id = ANY(%s) FOR SHARE),
given AS (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS row(
            sitting_id bigint, epoch int, seq bigint, attempt_id bigint, item text, response text,
            at_ms bigint, spent_ms bigint, received_ms bigint, refused boolean, made_ms bigint)),
added AS (INSERT INTO answer_event
            (sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms, standing)
          SELECT sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms,
              CASE WHEN refused THEN 3 WHEN received_ms <= deadline_ms AND NOT closed THEN 0
                  WHEN closed OR received_ms > deadline_ms + grace_ms OR made_ms > deadline_ms THEN 2 ELSE 1 END
          FROM given JOIN gate USING (attempt_id, epoch) ON CONFLICT DO NOTHING RETURNING 1)
SELECT attempt_id, epoch, deadline_ms, grace_ms, closed, (SELECT count(*) FROM added) FROM gate
"""

POSTGRES_TAKEN = """
SELECT sitting_id, epoch, seq
FROM jsonb_to_recordset(%s::jsonb) AS given(
    sitting_id bigint, epoch int, seq bigint, attempt_id bigint, item text, response text)
JOIN answer_event AS kept USING (sitting_id, epoch, seq)
WHERE (kept.attempt_id, kept.item, kept.response) IS DISTINCT FROM (given.attempt_id, given.item, given.response)
"""

PATIENCE_S = 3
"""A database whose cable was pulled answers nothing at all; left alone, TCP would wait for it a quarter of an hour."""

LOCK_TIMEOUT = "SET lock_timeout = '1s'"
"""Whoever holds one gate for longer than this holds up its own attempt, not everybody's."""


class PostgresWriter:
    """Writes over a connection of its own, autocommit, one prepared statement for a whole batch."""

    def __init__(self, url: str) -> None:
        """Remember where; the connection is made at the first flush and again after a loss."""
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._db: psycopg.Connection | None = None

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write all rows of all saves in one statement; what is written already stands once."""
        ids = [save.attempt_id for save in saves]
        rows = [row._asdict() for save in saves for row in save.rows]
        before = self._db
        try:
            return self._write(ids, rows)
        except psycopg.OperationalError:
            if before is None or not before.closed or before is not self._db:
                raise
            return self._write(ids, rows)  # the database was restarted: once more on a new connection, then they fail

    def _write(self, ids: list[int], rows: list[dict[str, object]]) -> Flushed:
        found = self._connection().execute(POSTGRES_STATEMENT, (ids, Jsonb(rows))).fetchall()
        gates = {row[0]: GateRow(*row[:5]) for row in found}
        if not found or found[0][5] == len(rows):
            return Flushed(gates, ())
        return Flushed(gates, self._connection().execute(POSTGRES_TAKEN, (Jsonb(rows),)).fetchall())

    def _connection(self) -> psycopg.Connection:
        if self._db is None or self._db.closed:
            self._db = psycopg.connect(
                self._dsn, autocommit=True, prepare_threshold=0,
                connect_timeout=PATIENCE_S, tcp_user_timeout=1000 * PATIENCE_S,
                keepalives_idle=PATIENCE_S, keepalives_interval=1, keepalives_count=3,
            )  # fmt: skip
            self._db.execute(LOCK_TIMEOUT)
        return self._db


def writer_for(url: str) -> Writer:
    """Make the writer that fits the answer store's URL."""
    parsed = make_url(url)
    return SqliteWriter(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else PostgresWriter(url)


class AnswerLog:
    """The queue of waiting saves and the thread that works it off."""

    def __init__(self, writer: Writer, patience_ms: int) -> None:
        """Start the thread; call it after the server has forked its worker, never before."""
        self._writer, self._patience = writer, patience_ms / 1000
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="answer-writer", daemon=True).start()

    @property
    def is_full(self) -> bool:
        """Tell whether so many saves wait that another one had better come back later."""
        return self._waiting.qsize() >= MOST_WAITING

    async def write(self, save: Save) -> GateRow | None:
        """Hand over a save and wait for its commit; answers the attempt's gate, or nothing if it has none.

        Raises SaveFailed when the commit failed or took longer than the patience. What is written twice stands once.
        """
        written = asyncio.get_running_loop().create_future()
        self._waiting.put((save, written))
        try:
            async with asyncio.timeout(self._patience):
                await written
        except TimeoutError:
            save.rows = ()  # the browser comes back with them: no use in writing them for nobody
            raise SaveFailed("the writer took too long") from None
        return save.gate

    def _run(self) -> None:
        try:
            while True:
                self._write_together([self._waiting.get(), *self._drain()])
        except BaseException:
            log.exception("answer_writer_died")
            os._exit(EXIT_WRITER_DIED)

    def _drain(self) -> Iterable[Waiting]:
        for _ in range(MOST_IN_A_COMMIT - 1):
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return

    def _write_together(self, waiting: Sequence[Waiting]) -> None:
        saves = [save for save, _written in waiting]
        try:
            flushed = self._writer.flush(saves)
        except (sqlite3.Error, psycopg.Error) as error:
            if len(saves) > 1 and not _is_of_the_store(error):  # one bad row must not fail the others: each on its own
                for one in waiting:
                    self._write_together([one])
            else:
                log.error("answers_not_written", reason=type(error).__name__, saves=len(saves))
                _wake(waiting, error)
            return
        COMMIT_SIZE.observe(len(saves))
        for save in saves:
            save.gate = flushed.gates.get(save.attempt_id)
            save.taken = {row.seq for row in save.rows if row[:3] in flushed.taken} if flushed.taken else ()
        _wake(waiting, None)


def _is_of_the_store(error: Exception) -> bool:
    """Tell whether every save would meet this error: then trying each alone only makes the others wait longer."""
    of_one_gate = isinstance(error, psycopg.errors.LockNotAvailable)
    return isinstance(error, (sqlite3.OperationalError, psycopg.OperationalError)) and not of_one_gate


def _wake(waiting: Sequence[Waiting], error: Exception | None) -> None:
    for loop, on_it in groupby(waiting, lambda one: one[1].get_loop()):  # one call for all that wait on the same loop
        with suppress(RuntimeError):  # on a loop that is closed nobody waits any more
            loop.call_soon_threadsafe(_settle, list(on_it), error)


def _settle(waiting: Sequence[Waiting], error: Exception | None) -> None:
    for _save, written in waiting:
        if not written.done():  # it may have lost its patience
            written.set_result(None) if error is None else written.set_exception(SaveFailed(str(error)))
