"""Keep comparisons of a personnel list with a payroll list, what they found, and what people decided about it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_4_personnel"
down_revision = "20261127_3_evidence"
branch_labels = None
depends_on = None

RULES = "rule IN ('R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R11')"


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "payroll_check",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("personnel_name", sa.String(length=200), nullable=False),
        sa.Column("personnel_sha256", HexSha256(), nullable=False),
        sa.Column("payroll_name", sa.String(length=200), nullable=False),
        sa.Column("payroll_sha256", HexSha256(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rule_set", HexSha256(), nullable=True),
        sa.Column("input_sha256", HexSha256(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("payees", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column(
            "document",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "n > 0 AND people >= 0 AND payees >= 0 AND findings >= 0",
            name=op.f("ck_payroll_check_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_payroll_check_agency_id_agency")),
        sa.ForeignKeyConstraint(["rule_set"], ["rule_set.sha256"], name=op.f("fk_payroll_check_rule_set_rule_set")),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_payroll_check")),
        sa.UniqueConstraint("agency_id", "n", name=op.f("uq_payroll_check_agency_id_n")),
        info={"append_only": True},
    )
    op.create_table(
        "payroll_finding",
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("finding_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("key", HexSha256(), nullable=False),
        sa.Column("rule", sa.String(length=3), nullable=False),
        sa.Column("severity", sa.String(length=6), nullable=False),
        sa.Column("nip", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("left_value", sa.Text(), nullable=False),
        sa.Column("left_where", sa.String(length=60), nullable=False),
        sa.Column("left_day", sa.Date(), nullable=True),
        sa.Column("right_value", sa.Text(), nullable=False),
        sa.Column("right_where", sa.String(length=60), nullable=False),
        sa.Column("right_day", sa.Date(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.CheckConstraint(RULES, name=op.f("ck_payroll_finding_rule_is_known")),
        sa.CheckConstraint("severity IN ('high', 'medium', 'low')", name=op.f("ck_payroll_finding_severity_is_known")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_payroll_finding_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["check_id"], ["payroll_check.check_id"], name=op.f("fk_payroll_finding_check_id_payroll_check")
        ),
        sa.PrimaryKeyConstraint("check_id", "finding_no", name=op.f("pk_payroll_finding")),
        info={"append_only": True},
    )
    op.create_index("ix_payroll_finding_key", "payroll_finding", ["check_id", "key"])
    op.create_table(
        "payroll_act",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("key", HexSha256(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("finding_no", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('dikonfirmasi', 'dibantah', 'diperbaiki')", name=op.f("ck_payroll_act_state_is_known")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_payroll_act_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["check_id", "finding_no"],
            ["payroll_finding.check_id", "payroll_finding.finding_no"],
            name=op.f("fk_payroll_act_check_id_finding_no_payroll_finding"),
        ),
        sa.PrimaryKeyConstraint("agency_id", "key", "n", name=op.f("pk_payroll_act")),
        info={"append_only": True},
    )
    protect(op.get_bind(), "payroll_check", "payroll_finding", "payroll_act")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("payroll_act")
    op.drop_table("payroll_finding")
    op.drop_table("payroll_check")
