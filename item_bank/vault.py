"""The base of everything that only the vault store remembers."""

from __future__ import annotations

from sqlalchemy import MetaData, text
from sqlalchemy.orm import DeclarativeBase, Session

from item_bank.columns import NAMING


class VaultModel(DeclarativeBase):
    """Base of the vault's tables: other tables, other database, other role than the exam store's."""

    metadata = MetaData(naming_convention=NAMING)


WRITERS_LOCK = 0x50726F41
"""The number of the lock that writers of the vault take on PostgreSQL."""


def hold(db: Session) -> None:
    """Wait until nobody else writes what must be one: what is read after this stays true until the transaction ends.

    A row that is not there yet cannot be locked, and people write here a few times in an hour. SQLite has one writer
    anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": WRITERS_LOCK})
