"""Both ways to durable storage: a file of its own on one machine, a connection of its own in a data centre.

The deadline, the epoch and whether the attempt is closed are looked at in the statement that writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec
import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from assessment_app.exam.answer_log.saves import Flushed, GateRow, Row, Save, Writer

_ENCODE = msgspec.json.Encoder().encode

SQLITE_INSERT = """
INSERT INTO answer_event
    (sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms, standing)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,
    CASE WHEN ?10 THEN 3 WHEN ?9 <= deadline_ms AND NOT closed THEN 0
        WHEN closed OR ?9 > deadline_ms + grace_ms OR ?11 > deadline_ms THEN 2 ELSE 1 END
FROM attempt_gate WHERE attempt_id = ?4 AND epoch = ?2 ON CONFLICT DO NOTHING
"""

SQLITE_GATES = """
SELECT attempt_id, epoch, deadline_ms, grace_ms, closed FROM attempt_gate
WHERE attempt_id IN (SELECT value FROM json_each(?))
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
        ids = _ENCODE([save.attempt_id for save in saves]).decode()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            gates = {a: GateRow(a, epoch, deadline, grace, bool(closed))
                     for a, epoch, deadline, grace, closed in self._db.execute(SQLITE_GATES, (ids,))}  # fmt: skip
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


# FOR SHARE makes closing wait for saves that are being written, and saves see that an attempt was closed: without it an
# acknowledged answer could commit after its sheet was folded. In one order, so that two processes which are given the
# same saves wait for each other in a row and never in a ring.
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
          FROM given JOIN gate USING (attempt_id, epoch) ORDER BY sitting_id, epoch, seq
          ON CONFLICT DO NOTHING RETURNING 1)
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
        rows = [row for save in saves for row in save.rows]
        before = self._db
        try:
            return self._write(ids, rows)
        except psycopg.OperationalError:
            if before is None or not before.closed or before is not self._db:
                raise
            return self._write(ids, rows)  # the database was restarted: once more on a new connection, then they fail

    def _write(self, ids: list[int], rows: Sequence[Row]) -> Flushed:
        given = Jsonb([dict(zip(Row._fields, row, strict=True)) for row in rows], dumps=_ENCODE)
        found = self._connection().execute(POSTGRES_STATEMENT, (ids, given)).fetchall()
        gates = {row[0]: GateRow(*row[:5]) for row in found}
        if not found or found[0][5] == len(rows):
            return Flushed(gates, ())
        return Flushed(gates, self._connection().execute(POSTGRES_TAKEN, (given,)).fetchall())

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
