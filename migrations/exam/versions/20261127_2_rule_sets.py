"""Remember what becomes of an agency's own rule sets."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_2_rule_sets"
down_revision = "20261127_1_sealing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "rule_act",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", HexSha256(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.agency_id"], name=op.f("fk_rule_act_agency_id_agency")),
        sa.ForeignKeyConstraint(["sha256"], ["rule_set.sha256"], name=op.f("fk_rule_act_sha256_rule_set")),
        sa.PrimaryKeyConstraint("draft_id", "n", name=op.f("pk_rule_act")),
        info={"append_only": True},
    )
    op.create_index(op.f("ix_rule_act_agency_id"), "rule_act", ["agency_id"])
    protect(op.get_bind(), "rule_act")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("rule_act")
