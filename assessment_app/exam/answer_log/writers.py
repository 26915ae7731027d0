"""Both ways to durable storage: a file of its own on one machine, a connection of its own in a data centre.

The deadline, the epoch and whether the attempt is closed are looked at under the lock that the writing holds. A commit
takes few statements: each lets go of Python's lock, and has to wait for it again beside threads that compute.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

import msgspec
import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import make_url

from assessment_app.exam import rules
from assessment_app.exam.answer_log.saves import Flushed, GateRow, Row, Save, Writer

_ENCODE = msgspec.json.Encoder().encode

SQLITE_GATES = """
SELECT json_group_array(json_array(attempt_id, epoch, deadline_ms, grace_ms, closed)) FROM attempt_gate
WHERE attempt_id IN (SELECT value FROM json_each(?))
"""

_GATES = msgspec.json.Decoder(list[GateRow], strict=False).decode  # SQLite's truth is 1

Values = tuple[int, int, int, int, str, str, int, int, int, int]
"""What a row of the log is made of, in the order of its columns."""

SQLITE_INTO = """
INSERT INTO answer_event
    (sitting_id, epoch, seq, attempt_id, item, response, at_ms, spent_ms, received_ms, standing)
VALUES"""

SQLITE_INSERTS = {
    rows: " ".join((SQLITE_INTO, ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"] * rows), "ON CONFLICT DO NOTHING"))
    for rows in (64, 32, 16, 8, 4, 2, 1)
}
"""By how many rows they add, the largest first: any number of rows is a sum of these."""

CHECKPOINT_PAGES = 4000
"""A save touches three pages; in 16 MB of log many of them lie more than once, and are copied to the file once."""


class SqliteWriter:
    """Writes to the file that holds answers and nothing else, so that no bulk writer ever delays a save."""

    def __init__(self, path: str) -> None:
        """Open the file; FULL, because WAL with NORMAL may lose a commit when the power goes."""
        self._db = sqlite3.connect(path, timeout=5.0, check_same_thread=False, isolation_level=None)
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", f"wal_autocheckpoint={CHECKPOINT_PAGES}",
            "temp_store=MEMORY",  # what a statement of many rows keeps to undo itself
        ):  # fmt: skip
            self._db.execute(f"PRAGMA {pragma}")

    def flush(self, saves: Sequence[Save]) -> Flushed:
        """Write all rows of all saves in one transaction; what is written already stands once."""
        ids = _ENCODE([save.attempt_id for save in saves]).decode()
        self._db.execute("BEGIN IMMEDIATE")  # from here on nobody else writes a gate
        try:
            (found,) = self._db.execute(SQLITE_GATES, (ids,)).fetchone()
            gates = {gate.attempt_id: gate for gate in _GATES(found)}
            rows = [_values(row, gate) for save in saves if (gate := gates.get(save.attempt_id)) is not None
                    for row in save.rows if row.epoch == gate.epoch]  # fmt: skip
            taken = [row[:3] for row in rows if self._is_taken(row)] if self._insert(rows) < len(rows) else []
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return Flushed(gates, taken)

    def _insert(self, rows: Sequence[Values]) -> int:
        """Add rows; tells how many were new."""
        done = added = 0
        for count, statement in SQLITE_INSERTS.items():
            while len(rows) - done >= count:
                values = list(chain.from_iterable(rows[done : done + count]))
                added += self._db.execute(statement, values).rowcount
                done += count
        return added

    def _is_taken(self, row: Values) -> bool:
        wanted = "SELECT attempt_id, item, response FROM answer_event WHERE sitting_id = ? AND epoch = ? AND seq = ?"
        found = self._db.execute(wanted, row[:3]).fetchone()
        return found is not None and found != row[3:6]


def _values(row: Row, gate: GateRow) -> Values:
    window = (gate.deadline_ms, gate.grace_ms)
    counts = rules.standing(row.received_ms, *window, closed=gate.closed, made_ms=row.made_ms)
    return (*row[:9], rules.Standing.REFUSED.value if row.refused else counts.value)


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
