"""The base of everything that only the vault store remembers."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from item_bank.columns import NAMING


class VaultModel(DeclarativeBase):
    """Base of the vault's tables: other tables, other database, other role than the exam store's."""

    metadata = MetaData(naming_convention=NAMING)
