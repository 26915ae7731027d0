"""The files of one machine: copied as they were at one moment, while everybody goes on working."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from assessment_app.platform.db import EXAM, PATIENCE_S, VAULT, StoreError
from assessment_app.platform.settings import Settings

Readers = Mapping[str, sqlite3.Connection]


def paths_of(chosen: Settings) -> dict[str, Path]:
    """Name the file of each store."""
    return {name: Path(str(make_url(url).database)) for name, url in chosen.stores.items()}


@contextmanager
def told_plainly(what: str) -> Iterator[None]:
    """Say in one line why a file could not be copied: the disk is full, most often."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{what} failed ({error}). Nothing of it was kept; mend that and try again.") from error


@contextmanager
def moment(paths: Mapping[str, Path], mark: Callable[[], None]) -> Iterator[Readers]:
    """Open all files as they were at one moment, which ``mark`` is told just before.

    Nobody writes to exam store and vault while the three snapshots are taken, a millisecond or so. So no answer is in
    the copy whose sitting is not, and no form whose key is not: a number that is given anew after a restore never
    meets something of somebody else's under it. Afterwards everybody writes on, and the snapshots stay as they are.
    """
    with ExitStack() as held:
        doors, readers = ({name: held.enter_context(_opened(path)) for name, path in paths.items()} for _ in range(2))
        for name in (EXAM, VAULT):
            doors[name].execute("BEGIN IMMEDIATE")
        mark()
        for reader in readers.values():
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now the snapshot is taken
        for name in (EXAM, VAULT):
            doors[name].execute("ROLLBACK")
        yield readers


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise StoreError(f"There is no store at {path}. Set PRO_ASN_DATA_DIR to the folder of the installation.")
    with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as connection:
        yield connection


def copy(reader: sqlite3.Connection, target: Path) -> None:
    """Copy what a snapshot shows to a new file, in one step."""
    with closing(sqlite3.connect(target)) as made:
        reader.backup(made)


def check(path: Path) -> None:
    """Refuse with StoreError a file that SQLite finds damaged."""
    with closing(sqlite3.connect(path)) as opened:
        said = [row[0] for row in opened.execute("PRAGMA integrity_check")]
        broken = opened.execute("PRAGMA foreign_key_check").fetchall()
    if said != ["ok"] or broken:
        reason = said[0] if said != ["ok"] else f"{len(broken)} rows point nowhere"
        raise StoreError(f"{path.name} is damaged: {reason}. Take another backup.")
