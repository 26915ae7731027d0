"""Writing a wave down, and taking it in where there is nothing yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from assessment_app.accounts.rules import Actor
from assessment_app.archive import queries, rules
from assessment_app.archive.rules import Damaged
from assessment_app.platform import audit
from assessment_app.platform.db import EXAM, VAULT, insert_of, newest_version
from assessment_app.platform.errors import Conflict
from assessment_app.scheduling.models import Wave
from item_bank.keys import AnswerKey

AT_ONCE = 500
RESULTS, KEYS = "results", "keys"

Opened = Callable[[], Iterable[bytes]]
"""Opens an archive at its beginning, each time it is called."""


def export_results(db: Session, wave_id: UUID) -> Iterator[bytes]:
    """Write a wave with all that its results rest on, line by line; no key. Refuses with NotFound."""
    head = {"holds": RESULTS, "wave": str(wave_id), "version": newest_version(EXAM)}
    return rules.lines(head, queries.rows(db, wave_id))


def export_keys(db: Session, vault: Session, wave_id: UUID) -> Iterator[bytes]:
    """Write the keys of a wave's forms, line by line: whoever reads this knows the right answers."""
    head = {"holds": KEYS, "wave": str(wave_id), "version": newest_version(VAULT)}
    return rules.lines(head, queries.keys(db, vault, wave_id))


def tell_export(db: Session, wave_id: UUID, actor: Actor, now: datetime, *, with_keys: bool) -> None:
    """Leave in the agency's trail who took a wave out of the system."""
    agency_id = db.get_one(Wave, wave_id).agency_id
    act = audit.Act(
        agency_id, actor.name, "archive.export", f"wave:{wave_id}", origin=actor.origin, detail={"keys": with_keys}
    )  # fmt: skip
    audit.record(db, act, now)


def take_in_results(db: Session, opened: Opened) -> int:
    """Take a wave into an installation that has none; gives the number of rows.

    All or nothing: an archive that turns out to be damaged at its end leaves nothing behind. Refuses with Conflict an
    installation that is not empty and an archive of another version, with Damaged what is no whole archive.
    """
    if not queries.is_empty(db):
        raise Conflict("Instalasi ini sudah berisi gelombang. Impor arsip hanya ke instalasi yang masih kosong.")
    documents = _whole(opened)
    _check_head(next(documents, {}), RESULTS, newest_version(EXAM))
    taken = _take_in(db, documents, {table.name: table for table in queries.tables()})
    _go_on_counting(db)
    return taken


def take_in_keys(vault: Session, opened: Opened) -> int:
    """Take keys into a vault; those that it has stay as they are. Refuses like ``take_in_results``."""
    documents = _whole(opened)
    _check_head(next(documents, {}), KEYS, newest_version(VAULT))
    table = AnswerKey.metadata.tables[AnswerKey.__tablename__]
    return _take_in(vault, documents, {table.name: table})


def _whole(opened: Opened) -> Iterator[dict[str, Any]]:
    """Give the documents of an archive after reading it to its end once: what was changed may not even be tried."""
    for _document in rules.checked(opened()):
        pass
    return rules.checked(opened())


def _check_head(head: Mapping[str, Any], holds: str, version: str) -> None:
    if head.get("holds") != holds:
        raise Damaged(f"arsip ini tidak berisi {'hasil' if holds == RESULTS else 'kunci'}")
    if head.get("version") != version:
        raise Conflict(
            f"Arsip ini dari versi {head.get('version')}, program ini versi {version}. Pakai versi yang sama."
        )


def _take_in(db: Session, documents: Iterable[Mapping[str, Any]], known: Mapping[str, Table]) -> int:
    taken = 0
    for name, group in groupby(documents, lambda one: one.get("table")):
        if name not in known:
            raise Damaged(f"tabel {name!r} tidak dikenal")
        rows = ({column: rules.read(value) for column, value in one["row"].items()} for one in group)
        taken += _insert(db, known[name], rows)
    return taken


def _insert(db: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert in batches; a rule set, an agency's key or a key that is there already is the same by its name."""
    statement, waiting, taken = insert_of(db)(table).on_conflict_do_nothing(), list[dict[str, Any]](), 0
    for row in rows:
        waiting.append(dict(row))
        taken += 1
        if len(waiting) == AT_ONCE:
            db.execute(statement, waiting)
            waiting = []
    if waiting:
        db.execute(statement, waiting)
    return taken


def _go_on_counting(db: Session) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers; SQLite does so by itself."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for table in queries.tables():
        for column in table.primary_key.columns:
            sequence = db.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence is not None:
                highest = select(func.greatest(func.coalesce(func.max(column), 0), 1)).scalar_subquery()
                db.execute(select(func.setval(sequence, highest)))
