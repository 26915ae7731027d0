"""Alembic's entry: one store, one connection, one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.engine import Connection

import migrations.models  # noqa: F401  # every model must be known before metadata is asked for
from assessment_app.platform.db import StoreName, metadata_of

ONE_AT_A_TIME = 20261126
"""A lock of PostgreSQL that whoever migrates holds to the end; on SQLite the transaction itself is that."""


def _migrate(connection: Connection, store: StoreName) -> None:
    metadata = metadata_of(store)
    context.configure(
        connection=connection, target_metadata=metadata, version_table=f"alembic_version_{store}",
        render_as_batch=connection.dialect.name == "sqlite", compare_type=True, transaction_per_migration=False,
        transactional_ddl=True,  # Alembic takes SQLite for having none, and would commit after each step
        include_name=lambda name, kind, _parents: kind != "table" or name in metadata.tables,
    )  # fmt: skip
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
        context.run_migrations()


def run() -> None:
    """Migrate the store that ``migrations.configuration`` names."""
    asked = context.config.attributes
    engine = create_engine(asked["url"], poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        # The driver begins no transaction before DDL; without this a migration that fails leaves half of itself behind.
        event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.connect() as connection:
        _migrate(connection, asked["store"])


run()
