"""Keep corrected keys of published forms, proposed by one person and approved by another."""

import sqlalchemy as sa
from alembic import op

from item_bank.columns import HexSha256, UtcDateTime
from migrations.append_only import protect

revision = "20261127_corrections"
down_revision = "20261127_1_audit_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "key_correction",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("replaces", HexSha256(), nullable=False),
        sa.Column("key_seal", HexSha256(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("calibration", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("made", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_key_correction_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_key_correction")),
        info={"append_only": True},
    )
    with op.batch_alter_table("key_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_correction_form_id"), ["form_id"], unique=False)
    op.create_table(
        "correction_decision",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", HexSha256(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.String(length=128), nullable=True),
        sa.CheckConstraint("(n IS NULL) = (signature IS NULL)", name=op.f("ck_correction_decision_approved_is_signed")),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["key_correction.correction_id"],
            name=op.f("fk_correction_decision_correction_id_key_correction"),
        ),
        sa.ForeignKeyConstraint(
            ["form_id"], ["published_form.form_id"], name=op.f("fk_correction_decision_form_id_published_form")
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_decision")),
        sa.UniqueConstraint("form_id", "n", name=op.f("uq_correction_decision_form_id_n")),
        info={"append_only": True},
    )
    protect(op.get_bind(), "key_correction", "correction_decision")


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("correction_decision")
    op.drop_table("key_correction")
