"""Writes ``schema.sql`` of each store: the models as PostgreSQL would make them, for people to read."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import migrations.models  # noqa: F401  # every model must be known
from assessment_app.platform.db import Model, StoreName, metadata_of
from assessment_app.platform.migrating import STORES
from item_bank.vault import VaultModel
from migrations.append_only import statements

POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types

HEAD = """-- The {store} store as the newest migration leaves it, in PostgreSQL's words. For people to read:
-- migrations make the store, `make schema` writes this file, and a test compares it with the models.
"""


def written(store: StoreName) -> str:
    """Write a store's schema down."""
    parts = [HEAD.format(store=store)]
    for name in sorted(metadata_of(store).tables):
        table = Model.metadata.tables.get(name, VaultModel.metadata.tables.get(name))
        assert table is not None  # the store's tables come from these two and keep the order of their constraints here
        parts.append(str(CreateTable(table).compile(dialect=POSTGRES)).strip() + ";\n")
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            parts.append(str(CreateIndex(index).compile(dialect=POSTGRES)).strip() + ";\n")
        if table.info.get("append_only"):
            parts.append(statements(table.name, "postgresql")[1] + ";\n")
    return "\n".join(parts).replace("\t", "    ").replace(" \n", "\n")


def main() -> None:
    """Write all of them."""
    for store in STORES:
        (Path(__file__).parent / store / "schema.sql").write_text(written(store))


if __name__ == "__main__":
    main()
