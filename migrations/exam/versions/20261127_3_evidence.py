"""Keep what other systems say of employees: files that were looked at, and facts that only grow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_3_evidence"
down_revision = "20261127_2_rule_sets"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Go to this version."""
    _imports()
    _facts()
    protect(op.get_bind(), "evidence_fact")


def _imports() -> None:
    op.create_table(
        "evidence_import",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("rule_set", HexSha256(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", HexSha256(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.Column("read_by", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("applied_by", sa.String(length=120), nullable=True),
        sa.CheckConstraint(
            "warned >= 0 AND rejected >= 0 AND recorded >= 0", name=op.f("ck_evidence_import_counts_not_negative")
        ),
        sa.CheckConstraint(
            "warned <= accepted AND recorded <= accepted", name=op.f("ck_evidence_import_counted_rows_are_accepted")
        ),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL)", name=op.f("ck_evidence_import_applied_by_somebody")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_evidence_import_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_evidence_import_rule_set_rule_set")),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_evidence_import")),
    )
    op.create_index(op.f("ix_evidence_import_agency_id"), "evidence_import", ["agency_id"])
    op.create_table(
        "evidence_content",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *_of_file("evidence_content"),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_evidence_content")),
    )
    op.create_table(
        "evidence_finding",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("finding_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=3), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("nip", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.CheckConstraint("severity IN ('error', 'warning')", name=op.f("ck_evidence_finding_severity_is_known")),
        *_of_file("evidence_finding"),
        sa.PrimaryKeyConstraint("import_id", "finding_no", name=op.f("pk_evidence_finding")),
    )


def _of_file(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            ["import_id"], ["evidence_import.import_id"], name=op.f(f"fk_{table}_import_id_evidence_import")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f(f"fk_{table}_agency_id_agency")),
    ]


def _facts() -> None:
    op.create_table(
        "evidence_fact",
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("said", DOCUMENT, nullable=False),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("row_no", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('present', 'absent', 'taken_back')", name=op.f("ck_evidence_fact_state_is_known")
        ),
        sa.CheckConstraint(
            "state <> 'taken_back' OR replaces IS NOT NULL", name=op.f("ck_evidence_fact_takes_something_back")
        ),
        sa.CheckConstraint("(import_id IS NULL) = (row_no IS NULL)", name=op.f("ck_evidence_fact_row_of_a_file")),
        sa.CheckConstraint("import_id IS NOT NULL OR reason <> ''", name=op.f("ck_evidence_fact_file_or_reason")),
        *_of_file("evidence_fact"),
        sa.ForeignKeyConstraint(
            ["employee_id"], ["employee.employee_id"], name=op.f("fk_evidence_fact_employee_id_employee")
        ),
        sa.ForeignKeyConstraint(
            ["replaces"], ["evidence_fact.fact_id"], name=op.f("fk_evidence_fact_replaces_evidence_fact")
        ),
        sa.PrimaryKeyConstraint("fact_id", name=op.f("pk_evidence_fact")),
        sa.UniqueConstraint("replaces", name=op.f("uq_evidence_fact_replaces")),
        info={"append_only": True},
    )
    op.create_index("ix_evidence_fact_agency_id_employee_id", "evidence_fact", ["agency_id", "employee_id"])
    op.create_index(op.f("ix_evidence_fact_import_id"), "evidence_fact", ["import_id"])


def downgrade() -> None:
    """Go back to the version before."""
    for table in ("evidence_fact", "evidence_finding", "evidence_content", "evidence_import"):
        op.drop_table(table)
