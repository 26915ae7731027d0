"""Let the import of a list say what it repaired and ask what only a person can decide, sheet by sheet."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import UtcDateTime
from migrations.append_only import protect

revision = "20261128_2_people"
down_revision = "20261128_1_logbook"
branch_labels = None
depends_on = None

Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SEVERITY = "ck_import_finding_severity_is_known"
REPAIRED = "ck_import_run_repaired_rows_are_accepted"
NEW: dict[str, list[tuple[str, sa.types.TypeEngine[Any], str]]] = {
    "import_run": [("repaired", sa.Integer(), "0"), ("held", sa.Integer(), "0"), ("questions", Json, '{"asked": []}')],
    "import_finding": [("sheet", sa.String(100), ""), ("kind", sa.String(32), ""), ("question", sa.String(80), "")],
}
"""Columns that are new, with what rows have there that were written before."""


def upgrade() -> None:
    """Go to this version."""
    for table, columns in NEW.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, value in columns:
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in columns:
                batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f(REPAIRED), "repaired BETWEEN 0 AND accepted AND held >= 0")
    with op.batch_alter_table("import_finding", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(SEVERITY), type_="check")
        batch_op.create_check_constraint(
            op.f(SEVERITY), "severity IN ('error', 'question', 'warning', 'repair', 'note')"
        )
    op.create_table(
        "import_decision",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("decision_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=80), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("choice", sa.String(length=120), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_import_decision_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.import_id"], name=op.f("fk_import_decision_import_id_import_run")
        ),
        sa.PrimaryKeyConstraint("import_id", "decision_no", name=op.f("pk_import_decision")),
        info={"append_only": True},
    )
    with op.batch_alter_table("import_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_decision_agency_id"), ["agency_id"], unique=False)
    protect(op.get_bind(), "import_decision")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("import_decision")
    op.execute("DELETE FROM import_finding WHERE severity NOT IN ('error', 'warning')")
    with op.batch_alter_table("import_finding", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(SEVERITY), type_="check")
        batch_op.create_check_constraint(op.f(SEVERITY), "severity IN ('error', 'warning')")
        for name, _, _ in NEW["import_finding"]:
            batch_op.drop_column(name)
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(REPAIRED), type_="check")
        for name, _, _ in NEW["import_run"]:
            batch_op.drop_column(name)
