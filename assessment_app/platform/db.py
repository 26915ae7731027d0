"""Both stores, and the one way to write to them: ``with transaction() as db``.

On one machine a store is an SQLite file, in a data centre a PostgreSQL database; nothing above this module sees the
difference. A process opens only the stores that it is given, so what it was not given it cannot read.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any, Literal, TypeAlias, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, MetaData, Select, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.dml import ReturningInsert

from assessment_app.platform import clock
from item_bank.columns import NAMING, Document, Moment, Sha256, UtcDateTime
from item_bank.vault import VaultModel

__all__ = [
    "ANSWERS",
    "EXAM",
    "VAULT",
    "Document",
    "Model",
    "Moment",
    "Sha256",
    "StoreError",
    "StoreName",
    "UtcDateTime",
    "check_version",
    "connect",
    "disconnect",
    "engine_of",
    "insert_new",
    "insert_of",
    "metadata_of",
    "newest_version",
    "scoped",
    "transaction",
]  # fmt: skip

Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])

StoreName = Literal["exam", "answers", "vault"]
EXAM: StoreName = "exam"
ANSWERS: StoreName = "answers"
VAULT: StoreName = "vault"


PATIENCE_S = 5
"""How long a connection, a lock or a free place in the pool is waited for before the asker is sent away."""

CONNECTIONS = 16
"""To each store, of a process: two cores are busy with far fewer, and everybody else waits for a turn in the pool."""

RESTED_S = 1.0
"""A connection that was used less long ago is not asked whether it lives: asking costs as much as a statement."""

ON_POSTGRES = {
    "connect_timeout": PATIENCE_S, "tcp_user_timeout": 1000 * PATIENCE_S, "keepalives_idle": PATIENCE_S,
    "keepalives_interval": 1, "keepalives_count": 3, "options": f"-c lock_timeout={PATIENCE_S}s",
}  # fmt: skip
"""A database whose cable was pulled answers nothing at all; left alone, TCP would wait a quarter of an hour."""


class StoreError(Exception):
    """A store cannot be used; the message is one line that says which and what to do."""


class Model(DeclarativeBase):
    """Base of all that the platform remembers outside the vault."""

    metadata = MetaData(naming_convention=NAMING)


_engines: dict[str, Engine] = {}
_turns: dict[str, threading.Lock] = {}
"""Whose turn it is to write to a file. SQLite lets writers look again after a while instead of queueing: with thirty
threads that all write, some waited for seconds while others went by."""


def connect(urls: Mapping[str, str], names: Iterable[StoreName]) -> None:
    """Open the named stores for this process; the first use of each makes its connections."""
    for name in names:
        if name not in urls:
            raise StoreError(f"The {name} store is not given. Set PRO_ASN_{name.upper()}_URL.")
        engine = _engines[name] = engine_for(urls[name])
        if engine.dialect.name == "sqlite":
            _turns[name] = threading.Lock()


def disconnect() -> None:
    """Close every store; before a fork, and at the end."""
    _reader.cache_clear()
    _turns.clear()
    while _engines:
        _engines.popitem()[1].dispose()


def engine_of(store: StoreName) -> Engine:
    """Give the engine of a store that this process opened; refuses with StoreError if it did not."""
    if store not in _engines:
        raise StoreError(f"This process does not open the store '{store}'.")
    return _engines[store]


@lru_cache(maxsize=8)
def _reader(engine: Engine) -> Engine:
    """Give an engine's face for transactions that only read; made once, because making one costs more than a query."""
    return engine.execution_options(reads_only=True, postgresql_readonly=True)


def engine_for(url: str) -> Engine:
    """Make an engine whose connections keep the house's promises about durability and locking."""
    if make_url(url).get_backend_name() != "sqlite":
        # No overflow: such a connection is closed when it is given back, and each new one plans everything anew.
        engine = create_engine(
            url, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=PATIENCE_S, pool_recycle=1800,
            hide_parameters=True, connect_args=ON_POSTGRES,
        )  # fmt: skip
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_refuse_dead, engine.dialect))
        return engine
    # As many connections as there are threads: a file has no server that they could be too many for.
    opened = {"timeout": float(PATIENCE_S), "check_same_thread": False}
    engine = create_engine(url, connect_args=opened, max_overflow=-1, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["given_back"] = clock.ticks()


def _refuse_dead(dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection that rested whether the database is still there; if not, all of them are made anew."""
    if clock.ticks() - record.info.get("given_back", clock.ticks()) < RESTED_S:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own guess starts read transactions
    # Without recursive_triggers INSERT OR REPLACE would replace a row of a table that only grows.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE, because a transaction that reads first and writes later fails at once when another wrote in between.
    reads_only = connection.get_execution_options().get("reads_only", False)
    if connection.info.get("reads_only") != reads_only:  # kept with the file's connection, so it is said only once
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
        connection.info["reads_only"] = reads_only
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(store: StoreName = EXAM, *, reads_only: bool = False) -> Iterator[Session]:
    """Open a transaction, commit it at the end of the block, roll it back when the block raises.

    Raises sqlalchemy.exc.TimeoutError when other threads kept the file from being written to for too long.
    """
    engine = engine_of(store)
    if reads_only:
        engine = _reader(engine)
    with _turn(store, reads_only), Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def _turn(store: StoreName, reads_only: bool) -> Iterator[None]:
    turn = None if reads_only else _turns.get(store)
    if turn is None:
        yield
    elif not turn.acquire(timeout=PATIENCE_S):
        raise PoolTimeout(f"The {store} store is being written to by others.")
    else:
        try:
            yield
        finally:
            turn.release()


Inserting: TypeAlias = postgresql.Insert | sqlite.Insert


def insert_of(db: Session) -> Callable[[type[DeclarativeBase] | Table], Inserting]:
    """Give the insert of a session's database that can say what happens when a key is taken."""
    return postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert


def insert_new(db: Session, model: type[DeclarativeBase], **values: object) -> bool:
    """Insert a row unless its key is taken; tells whether it was new. What makes a repeated task harmless."""
    db.flush()  # what it refers to may have been added a moment ago
    return db.execute(_adding(insert_of(db), model), values).first() is not None


@cache
def _adding(insert: Callable[[Table], Inserting], model: type[DeclarativeBase]) -> ReturningInsert[Any]:
    """Make the insert of a model once; it asks the key back, because psycopg counts no rows."""
    table = table_of(model)
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)


def table_of(model: type[DeclarativeBase]) -> Table:
    """Give the table of a model: what is written to it itself takes no detour by the mapping."""
    return cast(Table, model.__table__)


def insert_all_new(db: Session, model: type[DeclarativeBase], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows in one go, leaving out those whose key is taken."""
    if rows:
        db.execute(insert_of(db)(model).on_conflict_do_nothing(), [dict(row) for row in rows])


def scoped(wanted: Wanted, of: InstrumentedAttribute[Any], agency_id: UUID | None) -> Wanted:
    """Narrow a query to what belongs to one agency; without one it goes over all, as the system's own people may."""
    return wanted if agency_id is None else wanted.where(of == agency_id)


def metadata_of(store: StoreName) -> MetaData:
    """Collect the tables of one store from all models that are imported."""
    tables = MetaData(naming_convention=NAMING)
    for table in Model.metadata.sorted_tables:
        if store in table.info.get("stores", (EXAM,)):
            table.to_metadata(tables)
    if store == VAULT:
        for table in VaultModel.metadata.sorted_tables:
            table.to_metadata(tables)
    return tables


def newest_version(store: StoreName) -> str:
    """Name the newest migration that this program knows for a store."""
    names = [f.name for f in files("migrations").joinpath(store, "versions").iterdir()]
    return max(name.removesuffix(".py") for name in names if name.endswith(".py") and name[0].isdigit())


def version_of(store: StoreName) -> str | None:
    """Give the version of an open store, nothing for an empty one; refuses with StoreError if it cannot be read."""
    table = f"alembic_version_{store}"
    try:
        with engine_of(store).connect() as connection:
            if not inspect(connection).has_table(table):
                return None
            found = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()  # nosec B608 # our own name
            return None if found is None else str(found)
    except SQLAlchemyError as error:
        raise StoreError(explain(store, error)) from error


def check_version(store: StoreName) -> None:
    """Refuse with StoreError unless the store has exactly the version that this program was written for."""
    found, newest = version_of(store), newest_version(store)
    if found is None or found < newest:
        raise StoreError(
            f"The {store} store is at version {found or 'none'}, this program needs {newest}. Run: proasn migrate"
        )
    if found > newest:
        raise StoreError(
            f"The {store} store has version {found}, newer than this program ({newest}). Install the newer program, "
            "or restore the backup that belongs to this one."
        )


def explain(store: StoreName, error: Exception) -> str:
    """Say in one line why a store cannot be opened and what to do about it."""
    url = engine_of(store).url
    where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return f"The {store} store at {where} cannot be opened ({reason}). Check that this user may write there."
