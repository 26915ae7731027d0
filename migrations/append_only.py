"""Tables to which rows are added and in which none is changed: the database itself refuses, whoever asks.

SQL that migrations use and that stays as it is: a later wish needs a function of another name.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of %% are added, never changed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def statements(table: str, dialect: str) -> list[str]:
    """Write the DDL that lets a table only grow."""
    if dialect == "postgresql":
        return [
            POSTGRES_FUNCTION,
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ]
    return [
        f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are added, never changed'); END"
        for act in ("UPDATE", "DELETE")
    ]


def protect(connection: Connection, *tables: str) -> None:
    """Let tables only grow, from this migration on."""
    for table in tables:
        for statement in statements(table, connection.dialect.name):
            connection.exec_driver_sql(statement)
